//! Names of organisations: the legal form apart, the rest in one canonical spelling.

use super::legal_form;
use crate::{text, value};

/// Of a longer text (in bytes) no legal form is told apart.
const LONGEST: usize = 1024;

/// The parts of an organisation's name.
///
/// ```
/// use onefold::normalize::parse_organisation;
/// let name = parse_organisation("Müller & Söhne GmbH & Co. KG");
/// assert_eq!(name.name, "mueller soehne");
/// assert_eq!(name.legal_form.as_deref(), Some("gmbh co kg"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrganisationName {
    /// The folded name without legal form, joining words (and, und, et) and notes in brackets that name a country;
    /// the whole folded name where nothing else would remain.
    pub name: String,
    /// The canonical legal form, folded: `gmbh`, `ltd`, `sarl`.
    pub legal_form: Option<String>,
}

impl OrganisationName {
    /// True when the legal form is one that no person's name ends with.
    pub fn is_certain(&self) -> bool {
        self.legal_form.as_deref().is_some_and(legal_form::is_strong)
    }
}

/// Parses the name of an organisation; any text gives some result, one of more than 1024 bytes is only folded.
///
/// Single letters in a row are one token, so `G.m.b.H.`, `GmbH` and `g m b h` agree, and so do `H&M` and `H & M`.
///
/// ```
/// use onefold::normalize::parse_organisation;
/// assert_eq!(parse_organisation("Siemens (UK) Ltd.").name, "siemens");
/// ```
pub fn parse_organisation(text: &str) -> OrganisationName {
    if text.len() > LONGEST {
        return OrganisationName { name: text::fold(text), legal_form: None };
    }
    let text = without_care_of(text);
    let mut tokens = match tokens(&without_country_notes(text)) {
        // The note is all there is.
        none if none.is_empty() => tokens(text),
        some => some,
    };
    let whole = legal_form::join_letters(&tokens).join(" ");
    let mut forms: Vec<&'static str> = Vec::new();
    while let Some(found) = legal_form::trailing(&tokens) {
        tokens.truncate(tokens.len() - found.tokens);
        forms.insert(0, found.form);
    }
    while let Some(found) = legal_form::leading(&tokens) {
        tokens.drain(..found.tokens);
        if !found.form.is_empty() {
            forms.push(found.form);
        }
    }
    // In the middle only a form that is nothing else is left out: `Meier GmbH Steuerberatung`.
    tokens.retain(|token| !matches!(token.as_str(), "gmbh" | "mbh") || whole == *token);
    let name = if tokens.is_empty() { whole } else { legal_form::join_letters(&tokens).join(" ") };
    forms.dedup();
    OrganisationName { name, legal_form: (!forms.is_empty()).then(|| forms.join(" ")) }
}

/// Folded tokens without joining words between others.
fn tokens(text: &str) -> Vec<String> {
    let folded = text::fold(text);
    let kept: Vec<String> =
        text::tokens(&folded).filter(|token| !is_joining(token)).map(str::to_owned).collect();
    if kept.is_empty() { text::tokens(&folded).map(str::to_owned).collect() } else { kept }
}

fn is_joining(token: &str) -> bool {
    matches!(token, "and" | "und" | "et")
}

/// The text before `c/o`, unless it begins with it.
fn without_care_of(text: &str) -> &str {
    let position = text.char_indices().map(|(position, _)| position).find(|&position| {
        text.get(position..).is_some_and(|rest| {
            rest.get(..3).is_some_and(|mark| mark.eq_ignore_ascii_case("c/o"))
                && text.get(..position).is_some_and(|before| before.ends_with(char::is_whitespace))
        })
    });
    match position.and_then(|position| text.get(..position)) {
        Some(before) if before.chars().any(char::is_alphanumeric) => before,
        _ => text,
    }
}

/// The text with each bracketed note taken out that names a country.
fn without_country_notes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((note, behind)) = after.split_once(')') else { break };
        kept.push_str(before);
        kept.push(' ');
        if value::parse_country(note.trim()).is_none() {
            kept.push_str(note);
            kept.push(' ');
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_table() {
        let cases = [
            ("(UK)", "uk", None),
            ("Müller GmbH", "mueller", Some("gmbh")),
            ("Mueller G.m.b.H.", "mueller", Some("gmbh")),
            ("Meier Gesellschaft mit beschränkter Haftung", "meier", Some("gmbh")),
            ("Müller & Söhne GmbH & Co. KG", "mueller soehne", Some("gmbh co kg")),
            ("Müller und Söhne GmbH & Co KG", "mueller soehne", Some("gmbh co kg")),
            ("ACME Inc.", "acme", Some("inc")),
            ("Acme Corporation", "acme", Some("corp")),
            ("Acme, L.L.C.", "acme", Some("llc")),
            ("Acme Holdings PLC", "acme holdings", Some("plc")),
            ("Smith and Sons Limited", "smith sons", Some("ltd")),
            ("Smith & Sons Ltd", "smith sons", Some("ltd")),
            ("The Coffee Company", "coffee", Some("co")),
            ("Firma Huber KG", "huber", Some("kg")),
            ("Turnverein 1860 e.V.", "turnverein 1860", Some("ev")),
            ("Boulangerie Dupont S.A.R.L.", "boulangerie dupont", Some("sarl")),
            ("SARL Dupont et Fils", "dupont fils", Some("sarl")),
            ("Dupont S.A.", "dupont", Some("sa")),
            ("Rossi S.p.A.", "rossi", Some("spa")),
            ("Rossi & C. S.r.l.", "rossi c", Some("srl")),
            ("García Hermanos, S.L.", "garcia hermanos", Some("sl")),
            ("Philips N.V.", "philips", Some("nv")),
            ("Jansen B.V.", "jansen", Some("bv")),
            ("Kowalski Sp. z o.o.", "kowalski", Some("sp zoo")),
            ("Novák s.r.o.", "novak", Some("sro")),
            ("Volvo AB", "volvo", Some("ab")),
            ("Siemens (UK) Ltd.", "siemens", Some("ltd")),
            ("Tiger (Zoo) AG", "tiger zoo", Some("ag")),
            ("H & M", "hm", None),
            ("H&M", "hm", None),
            ("Huber AG c/o Meier", "huber", Some("ag")),
            ("Baker Pty Ltd", "baker", Some("ltd")),
            ("Meier GmbH Steuerberatung", "meier steuerberatung", None),
            ("Meier Partner mbB", "meier partner", Some("partg")),
            ("GmbH", "gmbh", None),
            ("Stadtwerke Ulm", "stadtwerke ulm", None),
            ("", "", None),
        ];
        for (text, name, form) in cases {
            let parsed = parse_organisation(text);
            assert_eq!((parsed.name.as_str(), parsed.legal_form.as_deref()), (name, form), "{text}");
        }
    }

    #[test]
    fn only_strong_forms_are_certain() {
        assert!(parse_organisation("Müller GmbH").is_certain());
        assert!(!parse_organisation("Anna Co").is_certain());
        assert!(!parse_organisation("Anna Müller").is_certain());
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_is_folded(text in "\\PC*") {
            let name = parse_organisation(&text).name;
            proptest::prop_assert_eq!(&crate::text::fold(&name), &name);
        }
    }
}
