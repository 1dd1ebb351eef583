//! Union–find.

/// Numbers in groups, the smallest number of each its root.
#[derive(Debug)]
pub(super) struct Groups(Vec<u32>);

impl Groups {
    /// Each number a group of its own.
    pub(super) fn new(len: usize) -> Self {
        Groups((0..len as u32).collect())
    }

    /// Joins two groups; true unless they were one.
    pub(super) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
        a != b
    }

    pub(super) fn roots(mut self) -> Vec<u32> {
        (0..self.0.len() as u32).map(|at| self.root(at)).collect()
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let next = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = next;
            at = next;
        }
        at
    }
}
