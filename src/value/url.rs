//! Web addresses.

/// Reads a web address as its host and path: host in lower case without `www.`, no scheme, credentials, default
/// port, query, fragment or closing slash.
///
/// The host must have at least two labels and end in a name, so sentences, numbers and e-mail addresses are none.
///
/// ```
/// use onefold::value::parse_url;
/// assert_eq!(parse_url("https://www.Meier.de/Shop/?ref=1").as_deref(), Some("meier.de/Shop"));
/// assert_eq!(parse_url("meier.de").as_deref(), Some("meier.de"));
/// assert_eq!(parse_url("ada@meier.de"), None);
/// ```
pub fn parse_url(text: &str) -> Option<String> {
    const LONGEST: usize = 2_000;
    let text = text.trim().trim_matches(['<', '>', '"', '\'']);
    if text.len() > LONGEST || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") =>
        {
            (Some(scheme), rest)
        }
        Some(_) => return None,
        None => (None, text.trim_start_matches("//")),
    };
    let location = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = location.split_once('/').unwrap_or((location, ""));
    let host = match authority.rsplit_once('@') {
        Some((_, host)) if scheme.is_some() => host,
        Some(_) => return None,
        None => authority,
    };
    let (host, port) = match host.split_once(':') {
        Some((host, "80" | "443" | "")) => (host, None),
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    };
    if port.is_some_and(|port| port.len() > 5 || !port.chars().all(|c| c.is_ascii_digit())) {
        return None;
    }
    let host = host.to_lowercase();
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    if !is_host(host) {
        return None;
    }
    let mut url = host.to_owned();
    if let Some(port) = port {
        url.push(':');
        url.push_str(port);
    }
    let path = path.trim_matches('/');
    if !path.is_empty() {
        url.push('/');
        url.push_str(path);
    }
    Some(url)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    host.rsplit_once('.').is_some_and(|(_, last)| {
        last.chars().count() >= 2
            && (last.starts_with("xn--") || last.chars().all(char::is_alphabetic))
            && host.split('.').all(label)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notations() {
        let cases = [
            ("https://www.meier.de/", Some("meier.de")),
            ("HTTP://WWW.MEIER.DE", Some("meier.de")),
            ("www.meier.de/Shop/", Some("meier.de/Shop")),
            ("meier.de", Some("meier.de")),
            ("//meier.de/a", Some("meier.de/a")),
            ("https://meier.de:443/a#b", Some("meier.de/a")),
            ("https://meier.de:8080", Some("meier.de:8080")),
            ("https://ada:pw@meier.de/a?x=1", Some("meier.de/a")),
            ("meier.de.", Some("meier.de")),
            ("https://müller.de", Some("müller.de")),
            ("shop.meier.co.uk/x/y", Some("shop.meier.co.uk/x/y")),
            ("ada@meier.de", None),
            ("ftp://meier.de", None),
            ("http://192.168.0.1", None),
            ("1.234.56", None),
            ("n/a", None),
            ("e.V.", None),
            ("St. Gallen", None),
            ("https://", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_url(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parse_url(&text);
        }

        #[test]
        fn a_canonical_address_is_itself(text in "(https?://)?(www\\.)?[a-z]{1,5}\\.[a-z]{2,3}(:[0-9]{1,4})?/{0,2}[a-zA-Z/]{0,6}") {
            if let Some(url) = parse_url(&text)
                && !url.starts_with("www.")
            {
                    prop_assert_eq!(parse_url(&url), Some(url));
            }
        }
    }
}
