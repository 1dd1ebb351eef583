//! How bad the data is.

use super::random::Draw;

/// Three grades of data, from a well-kept system to years of neglect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Clean,
    Typical,
    Dirty,
}

impl Tier {
    /// All grades, by rising number of errors.
    pub(crate) const ALL: [Tier; 3] = [Tier::Clean, Tier::Typical, Tier::Dirty];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        ["clean", "typical", "dirty"][self as usize]
    }

    /// The grade of a name.
    pub(crate) fn of_name(name: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// The most errors of chance in one record.
    fn most_errors(self) -> u32 {
        if self == Tier::Dirty { 8 } else { 4 }
    }
}

/// Whoever typed a record. Errors come together: a careless hand raises the rates of all its errors at once.
#[derive(Clone, Debug)]
pub(crate) struct Typist {
    pub(crate) draw: Draw,
    tier: Tier,
    /// What the rates of errors are multiplied by; 1 on average.
    carelessness: f64,
    left: u32,
    /// What all rates are multiplied by: the first record of a person is taken down with care.
    haste: f64,
}

/// The rates of a first record, compared with those of later ones.
const CARE: f64 = 0.5;

impl Typist {
    /// The typist of one record; `bias` is that of the source.
    pub(crate) fn new(mut draw: Draw, tier: Tier, bias: f64, careful: bool) -> Typist {
        // Quality is Beta(2, 8), of mean 1/5.
        let carelessness = draw.beta_2_8() * 5.0 * bias;
        Typist { draw, tier, carelessness, left: tier.most_errors(), haste: if careful { CARE } else { 1.0 } }
    }

    /// Nobody types: a system exports what it has. The draws of a typist's quality are passed over.
    pub(crate) fn of_export(mut draw: Draw, tier: Tier) -> Typist {
        draw.skip(super::random::DRAWS_OF_BETA);
        Typist { draw, tier, carelessness: 0.0, left: 0, haste: 0.0 }
    }

    /// Whether another but right form is used, by the rates of the three tiers.
    pub(crate) fn varies(&mut self, rates: [f64; 3]) -> bool {
        self.draw.chance(rates[self.tier as usize] * self.haste)
    }

    /// Whether an error of chance happens, by the rates of the three tiers.
    pub(crate) fn slips(&mut self, rates: [f64; 3]) -> bool {
        if self.left == 0 {
            return false;
        }
        let slips = self.draw.chance(rates[self.tier as usize] * self.carelessness * self.haste);
        self.left -= u32::from(slips);
        slips
    }

    /// Whether an optional field was left empty on top of what its source leaves empty.
    pub(crate) fn skips(&mut self) -> bool {
        self.draw.chance([0.01, 0.05, 0.15][self.tier as usize])
    }

    /// Whether a fault of the export hits a row, by the rates of the three tiers.
    pub(crate) fn exports_badly(&mut self, rates: [f64; 3]) -> bool {
        self.draw.chance(rates[self.tier as usize])
    }
}
