//! Legal forms of companies and associations: a table from folded spellings to one canonical form.

use std::sync::LazyLock;

/// Further spellings, from opensanctions/rigour (MIT); see `data/README.md`.
const ALIASES: &str = include_str!("data/legal_forms.csv");

/// Short forms and the spellings that matter most; each line is a canonical form and its other spellings.
///
/// A form that is also a common word or surname (`co`, `as`) is only looked for at the end of a name of an
/// organisation; see [`STRONG`].
const FORMS: &[&[&str]] = &[
    &[
        "gmbh",
        "gesellschaft mbh",
        "gesellschaft mit beschraenkter haftung",
        "ges mbh",
        "gesmbh",
        "mbh",
        "gmbhs",
    ],
    &["gmbh co kg", "gmbh cokg", "gmbh cie kg", "gmbh kg", "gmbh compagnie kg"],
    &["gmbh co ohg", "gmbh ohg"],
    &["gmbh co kgaa"],
    &["ug co kg", "ug haftungsbeschraenkt co kg"],
    &["ag co kg"],
    &["ag co kgaa"],
    &["se co kg"],
    &["se co kgaa"],
    &["ggmbh", "gemeinnuetzige gmbh"],
    &[
        "ug",
        "ug haftungsbeschraenkt",
        "unternehmergesellschaft",
        "unternehmergesellschaft haftungsbeschraenkt",
    ],
    &["ag", "aktiengesellschaft"],
    &["kg", "co kg", "kommanditgesellschaft"],
    &["kgaa", "kommanditgesellschaft auf aktien"],
    &["ohg", "offene handelsgesellschaft"],
    &["gbr", "gesellschaft buergerlichen rechts", "gdbr"],
    &["ek", "eingetragener kaufmann", "e kfm", "ekfm", "ekfr", "e kfr"],
    &["ev", "eingetragener verein"],
    &["eg", "eingetragene genossenschaft"],
    &["egen"],
    &["eu"],
    &["og"],
    &["keg"],
    &["partg", "partg mbb", "partgmbb", "mbb"],
    &["vvag"],
    &["aoer"],
    &["kdoer"],
    &["se"],
    &[
        "ltd",
        "limited",
        "ltda",
        "co ltd",
        "company limited",
        "company ltd",
        "co limited",
        "pty ltd",
        "pty limited",
        "proprietary limited",
        "private limited",
        "pvt ltd",
        "pvt limited",
        "pte ltd",
        "pte limited",
        "sdn bhd",
        "pty",
        "pvt",
    ],
    &["plc", "public limited company"],
    &["llp", "limited liability partnership"],
    &["lp", "limited partnership"],
    &["cic"],
    &["inc", "incorporated", "co inc"],
    &["corp", "corporation", "corp inc"],
    &["co", "company", "cie", "compagnie", "comp", "and co", "und co", "et cie"],
    &["llc", "limited liability company", "limited liability co", "ltd liability co", "co llc"],
    &["pllc"],
    &["pc", "professional corporation"],
    &["pa"],
    &["na"],
    &["nv", "naamloze vennootschap"],
    &["bv", "besloten vennootschap"],
    &["vof", "vennootschap onder firma"],
    &["cv"],
    &["bvba", "sprl"],
    &["vzw", "asbl"],
    &["sa", "societe anonyme", "sociedad anonima", "sociedade anonima"],
    &["sarl", "societe a responsabilite limitee", "sarlu"],
    &["sas", "societe par actions simplifiee"],
    &["sasu"],
    &["eurl"],
    &["sci", "societe civile immobiliere"],
    &["scop"],
    &["snc"],
    &["scs"],
    &["sca"],
    &["gie"],
    &["selarl"],
    &["sagl"],
    &["spa", "societa per azioni"],
    &["srl", "societa a responsabilita limitata", "srls", "sociedad de responsabilidad limitada"],
    &["sas di"],
    &["scarl", "scrl"],
    &["sl", "sociedad limitada", "slu", "slne"],
    &["sau"],
    &["sl laboral", "sll"],
    &["sc"],
    &["scoop", "s coop"],
    &["sa de cv", "sadecv"],
    &["srl de cv"],
    &["lda", "limitada"],
    &["eireli"],
    &["ab", "aktiebolag"],
    &["hb"],
    &["kb"],
    &["as", "aktieselskab"],
    &["aps", "anpartsselskab"],
    &["asa"],
    &["oy", "osakeyhtio", "osakeyhtioe"],
    &["oyj"],
    &["ky"],
    &["ehf"],
    &["hf"],
    &["sp zoo", "spzoo", "sp z oo", "spolka z ograniczona odpowiedzialnoscia"],
    &["spj", "sp j"],
    &["sp k"],
    &["sro", "spol sro", "spolecnost s rucenim omezenym"],
    &["kft"],
    &["zrt"],
    &["nyrt"],
    &["bt"],
    &["doo"],
    &["dd"],
    &["ood"],
    &["eood"],
    &["ad"],
    &["uab"],
    &["sia"],
    &["oue"],
    &["ooo"],
    &["oao"],
    &["zao"],
    &["pao"],
    &["kk", "kabushiki kaisha"],
    &["gk"],
    &["bhd", "berhad"],
    &["tbk"],
    &["jsc"],
    &["pjsc"],
    &["ltee"],
    &["est", "establishment"],
    &["fze"],
    &["fzco"],
    &["fz llc"],
    &["ets", "etablissements"],
    &["stg"],
    &["sti", "ltd sti", "limited sirketi"],
    &["anonim sirketi"],
];

/// Forms that also stand before the name.
const LEADING: &[&str] = &[
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sci",
    "snc",
    "selarl",
    "ooo",
    "oao",
    "zao",
    "pao",
    "uab",
    "sia",
    "pt",
    "srl",
    "spa",
    "ets",
    "etablissements",
    "societe anonyme",
    "ste",
    "societe",
    "soc",
];

/// Words before a name that say only that it is one of an organisation.
const ANNOUNCING: &[&str] = &["firma", "fa", "messrs", "the"];

/// Forms that no person's name ends with, so that they tell an organisation in a column for either.
const STRONG: &[&str] = &[
    "gmbh",
    "gmbh co kg",
    "gmbh co ohg",
    "gmbh co kgaa",
    "ug co kg",
    "ag co kg",
    "ag co kgaa",
    "se co kg",
    "se co kgaa",
    "ggmbh",
    "ug",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "gbr",
    "ek",
    "ev",
    "eg",
    "partg",
    "vvag",
    "ltd",
    "plc",
    "llp",
    "inc",
    "corp",
    "llc",
    "pllc",
    "nv",
    "bv",
    "vof",
    "bvba",
    "vzw",
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "sci",
    "spa",
    "srl",
    "sl",
    "ab",
    "aps",
    "oy",
    "oyj",
    "sp zoo",
    "sro",
    "kft",
    "doo",
    "sa de cv",
    "selarl",
    "ltee",
];

/// A form found in a folded name: its canonical spelling and how many tokens it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) form: &'static str,
    pub(super) tokens: usize,
}

/// The longest legal form at the end of a name that leaves at least one token before it.
pub(super) fn trailing(tokens: &[String]) -> Option<Found> {
    let longest = TABLE.longest.min(tokens.len().saturating_sub(1));
    // Longest first, so that `gmbh co kg` is one form and `c s r l` loses only its last three letters.
    (1..=longest).rev().find_map(|count| {
        let tail = tokens.get(tokens.len() - count..)?;
        TABLE.form(&join_letters(tail).join(" ")).map(|form| Found { form, tokens: count })
    })
}

/// Runs of single letters put together: `s`, `r`, `l` are `srl`.
pub(super) fn join_letters(tokens: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(tokens.len());
    let mut after_letter = false;
    for token in tokens {
        let letter = token.len() == 1 && token.chars().all(char::is_alphabetic);
        match joined.last_mut() {
            Some(last) if letter && after_letter => last.push_str(token),
            _ => joined.push(token.clone()),
        }
        after_letter = letter;
    }
    joined
}

/// A legal form, or a word such as `firma`, before a name; the form is empty for such a word.
pub(super) fn leading(tokens: &[String]) -> Option<Found> {
    (1..=tokens.len().saturating_sub(1).min(2)).rev().find_map(|count| {
        let head = tokens.get(..count)?.join(" ");
        if ANNOUNCING.contains(&head.as_str()) {
            return Some(Found { form: "", tokens: count });
        }
        let head = LEADING.iter().find(|&&form| form == head)?;
        Some(Found { form: TABLE.form(head).unwrap_or(""), tokens: count })
    })
}

/// True for a form that no person's name ends with.
pub(super) fn is_strong(form: &str) -> bool {
    STRONG.contains(&form)
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

struct Table {
    /// Alias and form, ascending by alias.
    aliases: Vec<(&'static str, &'static str)>,
    /// The largest number of tokens that an alias can be spread over.
    longest: usize,
}

impl Table {
    fn load() -> Table {
        let own = FORMS.iter().filter_map(|forms| forms.first().map(|first| (first, forms)));
        let mut aliases: Vec<(&str, &str)> =
            own.flat_map(|(first, forms)| forms.iter().map(|alias| (*alias, *first))).collect();
        let canonical: Vec<(&str, &str)> = {
            let mut own = aliases.clone();
            own.sort_unstable();
            own
        };
        let form_of = |name: &'static str| {
            let position = canonical.binary_search_by(|entry| entry.0.cmp(name)).ok();
            position.and_then(|position| canonical.get(position)).map_or(name, |entry| entry.1)
        };
        aliases.extend(
            ALIASES
                .lines()
                .skip(1)
                .filter_map(|line| line.split_once(','))
                .map(|(alias, form)| (alias, form_of(form))),
        );
        // The sort is stable and the crate's own aliases come first, so they win over the embedded ones.
        aliases.sort_by_key(|entry| entry.0);
        aliases.dedup_by_key(|entry| entry.0);
        // An alias may be written with its letters apart, so letters count as tokens where there are few.
        let spread =
            |alias: &str| alias.split(' ').map(|token| if token.len() < 5 { token.len() } else { 1 }).sum();
        let longest = aliases.iter().map(|entry| spread(entry.0)).max().unwrap_or(0);
        Table { aliases, longest }
    }

    fn form(&self, alias: &str) -> Option<&'static str> {
        let position = self.aliases.binary_search_by(|entry| entry.0.cmp(alias)).ok()?;
        self.aliases.get(position).map(|entry| entry.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_form_wins_and_something_remains() {
        let tokens = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(trailing(&tokens("meier gmbh co kg")), Some(Found { form: "gmbh co kg", tokens: 3 }));
        assert_eq!(trailing(&tokens("gmbh")), None);
        assert_eq!(trailing(&tokens("meier soehne")), None);
        assert_eq!(leading(&tokens("firma meier")), Some(Found { form: "", tokens: 1 }));
        assert_eq!(leading(&tokens("firma")), None);
    }

    #[test]
    fn strong_forms_are_forms() {
        for form in STRONG {
            assert_eq!(TABLE.form(form), Some(*form), "{form}");
        }
    }
}
