//! Deletion neighbourhoods: a key by which values one typing error apart meet.

use super::hash::{START, finish, update};

/// The hashes of the value and of all strings that it becomes when one character is deleted, ascending, each once.
///
/// Two values that are one substitution, insertion, deletion or transposition of neighbours apart share at least one of
/// them, so that an equality join finds every such pair. (Two values that share one are up to two edits apart: check
/// the distance.) The idea is from Mor and Fraenkel, "A hash code method for detecting and correcting spelling
/// errors" (1982); symmetric deletion on both sides became known as `SymSpell`.
///
/// The hashes are those of [`hash`](super::hash). A value of n characters has at most n + 1 of them; the time grows with
/// the square of n, so this is for names and numbers, not for paragraphs.
///
/// ```
/// use onefold::text::{deletions, sets};
/// assert!(sets::overlap(&deletions("meier"), &deletions("meyer")) > 0);
/// assert!(sets::overlap(&deletions("meier"), &deletions("mieer")) > 0);
/// assert_eq!(sets::overlap(&deletions("meier"), &deletions("huber")), 0);
/// ```
pub fn deletions(value: &str) -> Vec<u64> {
    let bytes = value.as_bytes();
    let mut hashes = Vec::with_capacity(value.len() + 1);
    let mut prefix = START;
    for c in value.char_indices().map(|(start, c)| start..start + c.len_utf8()) {
        let rest = bytes.get(c.end..).unwrap_or_default();
        hashes.push(finish(update(prefix, rest)));
        prefix = update(prefix, bytes.get(c).unwrap_or_default());
    }
    hashes.push(finish(prefix));
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

#[cfg(test)]
mod tests {
    use super::super::{hash, sets};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_small_values() {
        let sorted = |values: &[&str]| {
            let mut hashes: Vec<u64> = values.iter().map(|value| hash(value)).collect();
            hashes.sort_unstable();
            hashes
        };
        assert_eq!(deletions(""), sorted(&[""]));
        assert_eq!(deletions("a"), sorted(&["", "a"]));
        assert_eq!(deletions("aé"), sorted(&["é", "a", "aé"]));
        assert_eq!(deletions("aaa"), sorted(&["aa", "aaa"]));
    }

    proptest! {
        #[test]
        fn one_edit_shares_a_key(value in "[a-e]{0,8}|\\PC{0,12}", kind in 0..4, at: prop::sample::Index, c: char) {
            let chars: Vec<char> = value.chars().collect();
            let mut edited = chars.clone();
            match kind {
                0 => edited.insert(at.index(chars.len() + 1), c),
                _ if chars.is_empty() => {}
                1 => edited[at.index(chars.len())] = c,
                2 => drop(edited.remove(at.index(chars.len()))),
                _ if chars.len() > 1 => {
                    let i = at.index(chars.len() - 1);
                    edited.swap(i, i + 1);
                }
                _ => {}
            }
            let edited: String = edited.into_iter().collect();
            prop_assert!(sets::overlap(&deletions(&value), &deletions(&edited)) > 0, "{value:?} {edited:?}");
        }
    }
}
