//! The countries of the world, and how many of its people live in each.

use super::random::Draw;

/// A country of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Country {
    De,
    At,
    Ch,
    Gb,
    Us,
    Fr,
}

/// The language in which people of a country write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    German,
    English,
    French,
}

/// How many forename registers there are: Germany, Austria and Switzerland share one.
pub(crate) const REGISTERS: usize = 4;

impl Country {
    /// All countries.
    pub(crate) const ALL: [Country; 6] =
        [Country::De, Country::At, Country::Ch, Country::Gb, Country::Us, Country::Fr];

    /// Its ISO 3166-1 alpha-2 code.
    pub(crate) fn code(self) -> &'static str {
        ["DE", "AT", "CH", "GB", "US", "FR"][self as usize]
    }

    /// The country of a code, in capitals or not.
    pub(crate) fn of_code(code: &str) -> Option<Country> {
        Country::ALL.into_iter().find(|country| country.code().eq_ignore_ascii_case(code))
    }

    /// How else those who do not keep to the codes call it.
    pub(crate) fn other_names(self) -> &'static [&'static str] {
        match self {
            Country::De => &["Deutschland", "Germany"],
            Country::At => &["Österreich", "Austria"],
            Country::Ch => &["Schweiz", "Switzerland"],
            Country::Gb => &["UK", "United Kingdom", "Großbritannien", "England"],
            Country::Us => &["USA", "United States", "USA"],
            Country::Fr => &["France", "Frankreich"],
        }
    }

    /// Its calling code.
    pub(crate) fn calling(self) -> &'static str {
        ["49", "43", "41", "44", "1", "33"][self as usize]
    }

    /// Its currency.
    pub(crate) fn currency(self) -> &'static str {
        ["EUR", "EUR", "CHF", "GBP", "USD", "EUR"][self as usize]
    }

    /// The language of the forms that its people fill in.
    pub(crate) fn language(self) -> Language {
        match self {
            Country::De | Country::At | Country::Ch => Language::German,
            Country::Gb | Country::Us => Language::English,
            Country::Fr => Language::French,
        }
    }

    /// The position of the register from which its forenames come.
    pub(crate) fn register(self) -> usize {
        [0, 0, 0, 1, 2, 3][self as usize]
    }
}

/// How the people of a world are spread over the countries, in parts of their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocaleMix([u32; 6]);

impl LocaleMix {
    /// Half of the people speak German.
    pub(crate) const DEFAULT: LocaleMix = LocaleMix([50, 4, 4, 15, 15, 12]);
    /// Everybody speaks German.
    pub(crate) const GERMAN: LocaleMix = LocaleMix([86, 7, 7, 0, 0, 0]);

    /// The mix that `de=50,gb=15` writes; `None` where no country has a share, or a word is none of these.
    pub(crate) fn of_option(text: &str) -> Option<LocaleMix> {
        let mut shares = [0; 6];
        for item in text.split(',') {
            let (code, share) = item.split_once('=')?;
            let code = code.trim();
            let code = if code.eq_ignore_ascii_case("uk") { "gb" } else { code };
            let share: u16 = share.trim().parse().ok()?;
            shares[Country::of_code(code)? as usize] = u32::from(share);
        }
        (shares.iter().sum::<u32>() > 0).then_some(LocaleMix(shares))
    }

    /// A country, drawn by the shares.
    pub(crate) fn country(&self, draw: &mut Draw) -> Country {
        Country::ALL[draw.weighted(&self.0)]
    }

    /// Whether some addresses have a state or county.
    pub(crate) fn has_regions(&self) -> bool {
        self.0[Country::Gb as usize] + self.0[Country::Us as usize] > 0
    }
}
