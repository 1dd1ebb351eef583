//! Words in person names that are no names: titles, forms of address, particles, suffixes, degrees.
//!
//! All are folded.

use crate::value::Gender;

/// A form of address or a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// It is used for one gender.
    Gendered(Gender),
    /// It is used for all.
    Neutral,
}

impl Title {
    pub(super) fn gender(self) -> Option<Gender> {
        match self {
            Title::Gendered(gender) => Some(gender),
            Title::Neutral => None,
        }
    }
}

/// A form of address or title before a name.
pub(super) fn title(word: &str) -> Option<Title> {
    const FEMALE: &[&str] = &[
        "frau",
        "fraeulein",
        "frl",
        "mrs",
        "ms",
        "miss",
        "madame",
        "mme",
        "mlle",
        "mademoiselle",
        "lady",
        "dame",
        "signora",
        "signorina",
        "senora",
        "sra",
        "srta",
        "senorita",
        "mevrouw",
        "mevr",
        "fru",
    ];
    const MALE: &[&str] = &[
        "herr", "herrn", "hr", "mr", "mister", "monsieur", "sir", "lord", "signor", "signore", "sig",
        "senor", "sr", "meneer", "dhr", "mijnheer",
    ];
    if FEMALE.contains(&word) {
        Some(Title::Gendered(Gender::Female))
    } else if MALE.contains(&word) {
        Some(Title::Gendered(Gender::Male))
    } else {
        (is_academic(word) || OFFICES.contains(&word)).then_some(Title::Neutral)
    }
}

const OFFICES: &[&str] = &[
    "rev", "reverend", "pastor", "pfarrer", "pater", "capt", "captain", "col", "colonel", "maj", "lt", "sgt",
    "gen", "hon", "judge", "maitre", "mx", "messrs", "familie", "fam", "eheleute",
];

/// A title that is dropped wherever it stands, because no one is named so.
pub(super) fn is_academic(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "dr",
        "drs",
        "doktor",
        "doctor",
        "docteur",
        "dott",
        "dottssa",
        "dottoressa",
        "prof",
        "professor",
        "professeur",
        "dipl",
        "diplom",
        "mag",
        "magister",
        "ing",
        "ir",
        "univprof",
        "pd",
    ];
    WORDS.contains(&word)
}

/// A word that belongs to an academic title before it: `Dr. med.`, `Dr. rer. nat.`, `Dipl.-Kfm.`
pub(super) fn continues_title(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "med", "phil", "rer", "nat", "jur", "iur", "habil", "hc", "h", "c", "mult", "pol", "oec", "vet",
        "theol", "sc", "techn", "dent", "ing", "kfm", "kff", "inf", "math", "phys", "chem", "biol", "psych",
        "paed", "soc", "univ", "fh", "ssa",
    ];
    WORDS.contains(&word)
}

/// A title of nobility, which counts as one only before a particle: Graf von, Freiherr zu.
pub(super) fn is_noble(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "graf",
        "graefin",
        "freiherr",
        "freifrau",
        "freiin",
        "baron",
        "baronin",
        "baronesse",
        "prinz",
        "prinzessin",
        "fuerst",
        "fuerstin",
        "herzog",
        "herzogin",
        "ritter",
        "edler",
        "edle",
    ];
    WORDS.contains(&word)
}

/// A remark in brackets that is no nickname.
pub(super) fn is_remark(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "verstorben",
        "deceased",
        "decede",
        "privat",
        "private",
        "prive",
        "firma",
        "inaktiv",
        "inactive",
        "gesperrt",
        "blocked",
        "alt",
        "old",
        "neu",
        "new",
        "test",
        "vip",
        "junior",
        "senior",
        "jr",
        "sr",
        "ehemalig",
        "former",
        "mutter",
        "vater",
        "mother",
        "father",
    ];
    WORDS.contains(&word)
}

/// A particle before a surname.
pub(super) fn is_particle(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "von", "vom", "van", "de", "del", "della", "dello", "degli", "dei", "di", "da", "do", "dos", "das",
        "du", "des", "den", "der", "ter", "ten", "te", "zu", "zum", "zur", "af", "av", "al", "el", "ben",
        "bin", "bint", "ibn", "abu", "la", "las", "le", "les", "los", "lo", "v", "d", "t",
    ];
    WORDS.contains(&word)
}

/// A word that joins the parts of a double surname: García y López, Sá e Silva.
pub(super) fn joins_surnames(word: &str) -> bool {
    matches!(word, "y" | "e" | "i")
}

/// A word between the names of two persons.
pub(super) fn joins_persons(word: &str) -> bool {
    matches!(word, "und" | "and" | "et" | "u")
}

/// A word before the surname at birth.
pub(super) fn is_born(word: &str) -> bool {
    matches!(
        word,
        "nee" | "ne" | "geb" | "geborene" | "geborener" | "geboren" | "born" | "verw" | "roz" | "formerly"
    )
}

/// The canonical form of a generation after a name.
pub(super) fn generation(word: &str) -> Option<&'static str> {
    Some(match word {
        "jr" | "jun" | "junior" | "jnr" | "filho" | "figlio" | "fils" => "jr",
        "sr" | "sen" | "senior" | "snr" => "sr",
        "ii" | "2nd" => "ii",
        "iii" | "3rd" => "iii",
        "iv" | "4th" => "iv",
        "v" | "5th" => "v",
        _ => return None,
    })
}

/// A degree or honour that is dropped after a name; none of them is a name.
pub(super) fn is_degree(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "phd", "mba", "msc", "bsc", "esq", "esquire", "dds", "cpa", "llm", "llb", "dvm", "obe", "mbe", "cbe",
        "mphil", "dphil", "pharmd", "meng", "beng", "mbbs", "fcca",
    ];
    WORDS.contains(&word)
}

/// A degree that is also a name or an initial, so that it is dropped only behind a comma.
pub(super) fn is_degree_behind_comma(word: &str) -> bool {
    is_degree(word)
        || matches!(
            word,
            "md" | "ba" | "ma" | "jd" | "rn" | "pe" | "do" | "bs" | "ms" | "qc" | "kc" | "ret" | "mp" | "edd"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gender_of_titles() {
        assert_eq!(title("frau"), Some(Title::Gendered(Gender::Female)));
        assert_eq!(title("herr"), Some(Title::Gendered(Gender::Male)));
        assert_eq!(title("dr"), Some(Title::Neutral));
        assert_eq!(title("hans"), None);
    }
}
