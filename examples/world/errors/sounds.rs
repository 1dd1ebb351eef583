//! What a language and its keyboard make of letters.

use super::super::locale::Language;

/// The rows of the keyboard that is in use with a language.
pub(super) fn keyboard(language: Language) -> &'static [&'static str; 3] {
    match language {
        Language::German => &["qwertzuiopü", "asdfghjklöä", "yxcvbnm"],
        Language::English => &["qwertyuiop", "asdfghjkl", "zxcvbnm"],
        Language::French => &["azertyuiop", "qsdfghjklm", "wxcvbn"],
    }
}

/// Spellings that sound alike; each is used in both directions.
pub(super) fn sounds(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::German => &GERMAN,
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
    }
}

const GERMAN: [(&str, &str); 22] = [
    ("ei", "ai"),
    ("ey", "ei"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("tz", "z"),
    ("ck", "k"),
    ("ß", "ss"),
    ("ie", "i"),
    ("c", "k"),
    ("y", "i"),
    ("v", "f"),
    ("mm", "m"),
    ("nn", "n"),
    ("ll", "l"),
    ("tt", "t"),
    ("rr", "r"),
    ("ff", "f"),
    ("eh", "e"),
    ("ah", "a"),
    ("oh", "o"),
    ("ä", "e"),
];

const ENGLISH: [(&str, &str); 22] = [
    ("ph", "f"),
    ("c", "k"),
    ("ck", "k"),
    ("ie", "ei"),
    ("y", "ie"),
    ("y", "ey"),
    ("ea", "ee"),
    ("ou", "ow"),
    ("ay", "ai"),
    ("aw", "au"),
    ("son", "sen"),
    ("er", "ar"),
    ("ll", "l"),
    ("tt", "t"),
    ("nn", "n"),
    ("ss", "s"),
    ("rr", "r"),
    ("tch", "ch"),
    ("gh", "g"),
    ("th", "t"),
    ("ks", "x"),
    ("y", "i"),
];

const FRENCH: [(&str, &str); 22] = [
    ("eau", "au"),
    ("aud", "aut"),
    ("ault", "aud"),
    ("eaux", "eau"),
    ("ph", "f"),
    ("th", "t"),
    ("ll", "l"),
    ("tt", "t"),
    ("nn", "n"),
    ("rr", "r"),
    ("ss", "c"),
    ("y", "i"),
    ("ai", "è"),
    ("é", "e"),
    ("è", "e"),
    ("ç", "c"),
    ("ette", "et"),
    ("oux", "ou"),
    ("in", "ain"),
    ("en", "an"),
    ("qu", "c"),
    ("gu", "g"),
];
