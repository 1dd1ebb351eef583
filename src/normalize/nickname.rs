//! Given names that stand for each other: nicknames, short forms and spellings.
//!
//! English relations are those of carltonnorthern/nicknames (Apache-2.0); German and French ones were collected
//! for this crate. See `data/README.md`.

use std::sync::LazyLock;

const ENGLISH: &str = include_str!("data/nicknames_en.csv");
const GERMAN_FRENCH: &str = include_str!("data/nicknames_de_fr.csv");

/// The groups that a folded given name belongs to, ascending; empty for a name without known variants.
///
/// A group is one formal name with all of its short forms. Groups are not merged through a shared short form:
/// `alex` is in the groups of `alexander` and of `alexandra`, and these two share none. The numbers are fixed for
/// a release, but not between releases.
///
/// ```
/// use onefold::normalize::variant_groups;
/// assert!(!variant_groups("bob").is_empty());
/// assert!(variant_groups("no such name").is_empty());
/// ```
pub fn variant_groups(name: &str) -> &'static [u32] {
    TABLE.groups_of(name)
}

/// True when two folded given names share a group: one is a short form of the other, or both are short forms of
/// one formal name.
///
/// A name without known variants is a variant of nothing, itself included.
///
/// ```
/// use onefold::normalize::are_variants;
/// assert!(are_variants("robert", "bob"));
/// assert!(are_variants("hans", "johannes"));
/// assert!(!are_variants("alexander", "alexandra"));
/// ```
pub fn are_variants(a: &str, b: &str) -> bool {
    share_group(variant_groups(a), variant_groups(b))
}

/// True when two names' [`variant_groups`] have one in common.
pub(crate) fn share_group(mut left: &[u32], mut right: &[u32]) -> bool {
    while let (Some((first, left_rest)), Some((second, right_rest))) =
        (left.split_first(), right.split_first())
    {
        match first.cmp(second) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => left = left_rest,
            std::cmp::Ordering::Greater => right = right_rest,
        }
    }
    false
}

/// The formal names that a folded given name is a short form of, ascending.
///
/// Where the lists have two names each as the short form of the other, the longer one is the formal name.
///
/// ```
/// use onefold::normalize::formal_names;
/// assert!(formal_names("bob").any(|name| name == "robert"));
/// assert_eq!(formal_names("robert").count(), 0);
/// ```
pub fn formal_names(name: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let formal = |groups: &'static [u32]| groups.iter().filter_map(|&group| TABLE.formal(group));
    formal(variant_groups(name)).filter(move |&other| {
        other != name
            && (other.len() > name.len() || formal(variant_groups(other)).all(|mutual| mutual != name))
    })
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

/// Each name once, ascending, with its range in one list of groups.
struct Table {
    names: Vec<(&'static str, std::ops::Range<usize>)>,
    groups: Vec<u32>,
    /// The formal name of each group.
    formal: Vec<&'static str>,
}

impl Table {
    fn load() -> Table {
        let mut relations: Vec<(&str, &str)> = Vec::new();
        relations.extend(ENGLISH.lines().skip(1).filter_map(|line| {
            let (formal, rest) = line.split_once(',')?;
            Some((formal.trim(), rest.split_once(',')?.1.trim()))
        }));
        relations.extend(GERMAN_FRENCH.lines().skip(1).filter_map(|line| {
            let (formal, short) = line.split_once(',')?;
            Some((formal.trim(), short.trim()))
        }));
        relations.sort_unstable();
        let mut members: Vec<(&str, u32)> = Vec::new();
        let mut formal: Vec<&str> = Vec::new();
        for (group, star) in relations.chunk_by(|a, b| a.0 == b.0).enumerate() {
            let group = group as u32;
            formal.extend(star.first().map(|relation| relation.0));
            members.extend(star.iter().flat_map(|&(formal, short)| [(formal, group), (short, group)]));
        }
        members.sort_unstable();
        members.dedup();
        let mut table = Table { names: Vec::new(), groups: Vec::with_capacity(members.len()), formal };
        for run in members.chunk_by(|a, b| a.0 == b.0) {
            let start = table.groups.len();
            table.groups.extend(run.iter().map(|member| member.1));
            if let Some(&(name, _)) = run.first() {
                table.names.push((name, start..table.groups.len()));
            }
        }
        table
    }

    fn formal(&self, group: u32) -> Option<&'static str> {
        self.formal.get(group as usize).copied()
    }

    fn groups_of(&self, name: &str) -> &[u32] {
        let position = self.names.binary_search_by(|entry| entry.0.cmp(name));
        let range = position.ok().and_then(|position| self.names.get(position)).map(|entry| entry.1.clone());
        range.and_then(|range| self.groups.get(range)).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_by_table() {
        let cases = [
            ("robert", "bob", true),
            ("bob", "rob", true),
            ("william", "bill", true),
            ("elizabeth", "liz", true),
            ("hans", "johannes", true),
            ("josef", "jupp", true),
            ("josef", "sepp", true),
            ("jupp", "sepp", true),
            ("friedrich", "fritz", true),
            ("wilhelm", "willi", true),
            ("heinrich", "heinz", true),
            ("katharina", "kaethe", true),
            ("margarete", "gretel", true),
            ("ursula", "uschi", true),
            ("tobias", "tobi", true),
            ("florian", "flo", true),
            ("helene", "lena", true),
            ("jean pierre", "jp", true),
            ("alexander", "alexandra", false),
            ("michael", "robert", false),
            ("", "", false),
            ("zzz", "zzz", false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(are_variants(a, b), expected, "{a} {b}");
            assert_eq!(are_variants(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn a_short_form_has_formal_names() {
        let cases =
            [("bob", "robert", true), ("robert", "bob", false), ("sepp", "josef", true), ("", "", false)];
        for (short, formal, expected) in cases {
            assert_eq!(formal_names(short).any(|name| name == formal), expected, "{short} {formal}");
        }
        let all = || TABLE.names.iter().map(|entry| entry.0);
        let pairs: Vec<(&str, &str)> =
            all().flat_map(|name| formal_names(name).map(move |formal| (name, formal))).collect();
        assert!(pairs.len() > 1000);
        for (name, formal) in pairs {
            assert!(formal_names(formal).all(|other| other != name), "{name} {formal}");
        }
    }

    #[test]
    fn groups_ascend_and_hold_at_least_two_names() {
        let mut sizes = std::collections::BTreeMap::new();
        for (name, range) in &TABLE.names {
            let groups = &TABLE.groups[range.clone()];
            assert!(!name.is_empty() && groups.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
            for &group in groups {
                *sizes.entry(group).or_insert(0) += 1;
            }
        }
        assert!(sizes.len() > 1000 && sizes.values().all(|&size| size >= 2));
    }
}
