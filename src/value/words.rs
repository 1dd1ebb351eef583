//! Folding for the comparison of keywords: plain lower-case ASCII.

/// The letters and digits of a text as lower-case ASCII, everything else left out.
pub(super) fn squeezed(text: &str) -> String {
    folded(text).filter(char::is_ascii_alphanumeric).collect()
}

/// The words of a text as lower-case ASCII; whatever is no letter or digit separates them.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: String = folded(text).collect();
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The text in lower-case ASCII; characters without a transcription become spaces.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .flat_map(|c| deunicode::deunicode_char(c).unwrap_or(" ").chars())
        .map(|c| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_plain_letters() {
        assert_eq!(squeezed(" U.S.A. "), "usa");
        assert_eq!(squeezed("Männlich"), "mannlich");
        assert_eq!(words("Côte d’Ivoire"), ["cote", "d", "ivoire"]);
        assert!(words("\u{0}\u{301}--").is_empty());
    }
}
