//! E-mail addresses.

/// An e-mail address in lower case, split at its `@`.
///
/// ```
/// use onefold::value::parse_email;
/// let email = parse_email("Ada Meier <Ada.Meier+shop@GoogleMail.com>").unwrap();
/// assert_eq!(email.to_string(), "ada.meier+shop@googlemail.com");
/// assert_eq!(email.canonical(), "adameier@gmail.com");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email {
    local: String,
    domain: String,
}

impl Email {
    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The address of the mailbox where the provider delivers this one: without the tag after a plus, and at
    /// Gmail without points and under one domain.
    pub fn canonical(&self) -> String {
        let local = match self.local.split_once('+') {
            Some((name, _)) if !name.is_empty() => name,
            _ => &self.local,
        };
        match self.domain.as_str() {
            "gmail.com" | "googlemail.com" => {
                let pointless = local.replace('.', "");
                format!("{}@gmail.com", if pointless.is_empty() { local } else { &pointless })
            }
            domain => format!("{local}@{domain}"),
        }
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// Reads an e-mail address as people type it: with a display name and angle brackets, `mailto:`, spaces around the
/// `@`, `(at)`, or several addresses in one field, of which the first counts.
///
/// The domain must have at least two labels; international domains stay as written. The limit of 254 bytes is
/// that of RFC 5321.
///
/// ```
/// use onefold::value::parse_email;
/// assert_eq!(parse_email("MAILTO:Ada @ Example.org").unwrap().to_string(), "ada@example.org");
/// assert!(parse_email("ada.example.org").is_none());
/// ```
pub fn parse_email(text: &str) -> Option<Email> {
    const LONGEST_FIELD: usize = 1_000;
    if text.len() > LONGEST_FIELD {
        return None;
    }
    let lower = text.trim().to_lowercase().replace("(at)", "@").replace("[at]", "@");
    one_address(&lower).or_else(|| lower.split([';', ',', '|', '/', ' ', '\n', '\t']).find_map(one_address))
}

fn one_address(text: &str) -> Option<Email> {
    const LONGEST: usize = 254;
    let text = match text.rsplit_once('<') {
        Some((_, bracketed)) => bracketed.split('>').next().unwrap_or(bracketed),
        None => text,
    };
    let text = text.trim().trim_start_matches("mailto:");
    let text = text.split('?').next().unwrap_or(text);
    let text = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '.')
    });
    let (local, domain) = text.split_once('@')?;
    let (local, domain) = (local.trim(), domain.trim());
    let valid =
        !local.is_empty() && local.chars().all(in_local) && is_domain(domain) && text.len() <= LONGEST;
    valid.then(|| Email { local: local.to_owned(), domain: domain.to_owned() })
}

fn in_local(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '@' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"' | '\\')
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("plain", "ada@meier.de", Some("ada@meier.de")),
            ("upper case", "ADA@MEIER.DE", Some("ada@meier.de")),
            ("padded", "  ada@meier.de\t", Some("ada@meier.de")),
            ("spaces around", "ada @ meier.de", Some("ada@meier.de")),
            ("display name", "Ada Meier <ada@meier.de>", Some("ada@meier.de")),
            ("mailto", "mailto:ada@meier.de?subject=Hi", Some("ada@meier.de")),
            ("display and mailto", "Ada <mailto:ada@meier.de>", Some("ada@meier.de")),
            ("bracket not closed", "Ada <ada@meier.de", Some("ada@meier.de")),
            ("quoted", "'ada@meier.de'", Some("ada@meier.de")),
            ("trailing point", "ada@meier.de.", Some("ada@meier.de")),
            ("at in words", "ada(at)meier.de", Some("ada@meier.de")),
            ("two addresses", "ada@meier.de; ben@meier.de", Some("ada@meier.de")),
            ("second is one", "private / ada@meier.de", Some("ada@meier.de")),
            ("tag", "ada+shop@meier.de", Some("ada+shop@meier.de")),
            ("umlaut domain", "info@müller.de", Some("info@müller.de")),
            ("subdomain", "a.b@mail.meier.co.uk", Some("a.b@mail.meier.co.uk")),
            ("no at", "ada.meier.de", None),
            ("no local", "@meier.de", None),
            ("no domain", "ada@", None),
            ("one label", "ada@localhost", None),
            ("empty label", "ada@meier..de", None),
            ("two ats", "ada@@meier.de", None),
            ("nothing", "", None),
        ];
        for (name, text, expected) in cases {
            let email = parse_email(text).map(|email| email.to_string());
            assert_eq!(email.as_deref(), expected, "{name}: {text}");
        }
    }

    #[test]
    fn canonical_mailboxes() {
        let cases = [
            ("ada.meier@gmail.com", "adameier@gmail.com"),
            ("ada.meier@googlemail.com", "adameier@gmail.com"),
            ("ada+x+y@gmail.com", "ada@gmail.com"),
            ("ada.meier+news@meier.de", "ada.meier@meier.de"),
            ("+news@meier.de", "+news@meier.de"),
            ("ada@meier.de", "ada@meier.de"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_email(text).unwrap().canonical(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_email(&text);
        }

        #[test]
        fn a_printed_address_is_read_back(text in "\\PC{0,12}@\\PC{0,12}") {
            if let Some(email) = parse_email(&text) {
                prop_assert_eq!(parse_email(&email.to_string()), Some(email));
            }
        }

        #[test]
        fn the_canonical_address_is_canonical(text in "[a-z.+]{1,8}@(gmail.com|googlemail.com|meier.de)") {
            if let Some(email) = parse_email(&text) {
                let canonical = email.canonical();
                if let Some(again) = parse_email(&canonical) {
                    prop_assert_eq!(again.canonical(), canonical);
                }
            }
        }
    }
}
