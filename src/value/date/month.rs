//! Month names and the words that stand around them, in English, German and French.

/// The month that a folded word names.
pub(super) fn month(word: &str) -> Option<u8> {
    Some(match word {
        "jan" | "january" | "januar" | "janner" | "jaenner" | "janvier" | "janv" => 1,
        "feb" | "february" | "februar" | "feber" | "fev" | "fevr" | "fevrier" => 2,
        "mar" | "march" | "marz" | "maerz" | "mrz" | "mars" => 3,
        "apr" | "april" | "avr" | "avril" => 4,
        "may" | "mai" => 5,
        "jun" | "june" | "juni" | "juin" => 6,
        "jul" | "july" | "juli" | "juil" | "juillet" => 7,
        "aug" | "august" | "aout" => 8,
        "sep" | "sept" | "september" | "septembre" => 9,
        "oct" | "october" | "okt" | "oktober" | "octobre" => 10,
        "nov" | "november" | "novembre" => 11,
        "dec" | "december" | "dez" | "dezember" | "decembre" => 12,
        _ => return None,
    })
}

/// True for weekdays, ordinal endings, articles and the counters of Chinese and Japanese dates.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "mon"
            | "monday"
            | "tue"
            | "tues"
            | "tuesday"
            | "wed"
            | "wednesday"
            | "thu"
            | "thur"
            | "thurs"
            | "thursday"
            | "fri"
            | "friday"
            | "sat"
            | "saturday"
            | "sun"
            | "sunday"
            | "mo"
            | "montag"
            | "di"
            | "dienstag"
            | "mi"
            | "mittwoch"
            | "do"
            | "donnerstag"
            | "fr"
            | "freitag"
            | "sa"
            | "samstag"
            | "sonnabend"
            | "so"
            | "sonntag"
            | "lundi"
            | "mardi"
            | "mercredi"
            | "jeudi"
            | "vendredi"
            | "samedi"
            | "dimanche"
            | "st"
            | "nd"
            | "rd"
            | "th"
            | "er"
            | "of"
            | "the"
            | "den"
            | "der"
            | "le"
            | "de"
            | "nian"
            | "yue"
            | "ri"
    )
}

/// True for the words that belong to a time of day.
pub(super) fn is_time_word(word: &str) -> bool {
    matches!(
        word,
        "t" | "z"
            | "utc"
            | "gmt"
            | "am"
            | "pm"
            | "a"
            | "p"
            | "m"
            | "uhr"
            | "at"
            | "um"
            | "cet"
            | "cest"
            | "mez"
            | "mesz"
            | "bst"
            | "est"
            | "edt"
            | "cst"
            | "cdt"
            | "mst"
            | "mdt"
            | "pst"
            | "pdt"
    )
}
