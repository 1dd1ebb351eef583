//! What is measured on a generated world.

pub(crate) mod lives;
pub(crate) mod organisations;
pub(crate) mod pairs;
pub(crate) mod records;
pub(crate) mod sources;

/// A measure with its name.
pub(crate) type Measure = (String, f64);

/// Shares by name: how often something was true of how many.
#[derive(Debug, Default)]
struct Shares(Vec<(&'static str, usize, usize)>);

impl Shares {
    fn add(&mut self, name: &'static str, hit: bool) {
        let at = self.0.iter().position(|(line, ..)| *line == name).unwrap_or_else(|| {
            self.0.push((name, 0, 0));
            self.0.len() - 1
        });
        let (_, hits, of) = &mut self.0[at];
        *hits += usize::from(hit);
        *of += 1;
    }

    fn measures(&self) -> Vec<Measure> {
        self.0
            .iter()
            .map(|&(name, hits, of)| (name.to_owned(), crate::world_tables::share(hits, of)))
            .collect()
    }
}
