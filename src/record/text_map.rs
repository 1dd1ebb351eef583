//! Texts with something known of each.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Dictionary, Interner};

/// Something known of each of many texts, found by the text; persisted in the order of the texts.
#[derive(Clone, Debug)]
pub(crate) struct TextMap<T> {
    texts: Interner,
    values: Vec<T>,
}

impl<T> TextMap<T> {
    /// What is known of a text.
    pub(crate) fn get(&self, text: &str) -> Option<&T> {
        self.values.get(self.texts.find(text)? as usize)
    }

    /// What is known of each text, in no order that means anything.
    pub(crate) fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.values.iter()
    }

    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// All texts with what is known of each, ascending by text.
    pub(crate) fn sorted(&self) -> Vec<(&str, &T)> {
        let texts: &Dictionary = self.texts.dictionary();
        let mut all: Vec<(&str, &T)> = texts.iter().zip(&self.values).collect();
        all.sort_unstable_by(|a, b| a.0.cmp(b.0));
        all
    }
}

impl<T> Default for TextMap<T> {
    fn default() -> Self {
        TextMap { texts: Interner::new(), values: Vec::new() }
    }
}

/// Of a text that comes twice the first counts.
impl<'a, T> FromIterator<(&'a str, T)> for TextMap<T> {
    fn from_iter<I: IntoIterator<Item = (&'a str, T)>>(all: I) -> Self {
        let mut map = TextMap::default();
        for (text, value) in all {
            if map.texts.intern(text) as usize == map.values.len() {
                map.values.push(value);
            }
        }
        map
    }
}

impl<T: PartialEq> PartialEq for TextMap<T> {
    fn eq(&self, other: &Self) -> bool {
        let mut all = self.texts.dictionary().iter().zip(&self.values);
        self.len() == other.len() && all.all(|(text, value)| other.get(text) == Some(value))
    }
}

impl<T: Serialize> Serialize for TextMap<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.sorted())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextMap<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<(String, T)>::deserialize(deserializer)?;
        let given = all.len();
        let texts: Vec<String> = all.iter().map(|entry| entry.0.clone()).collect();
        let map: Self = texts.iter().map(String::as_str).zip(all.into_iter().map(|entry| entry.1)).collect();
        // A second value for a text would be lost without a word.
        if map.len() == given { Ok(map) } else { Err(serde::de::Error::custom("a value stands there twice")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_insertion_does_not_matter() {
        let all = [("meier", 1), ("huber", 2), ("abt", 3)];
        let map: TextMap<i32> = all.into_iter().collect();
        let other: TextMap<i32> = all.into_iter().rev().collect();
        assert_eq!(map, other);
        assert_eq!(map.get("huber"), Some(&2));
        assert_eq!(map.get("zeh"), None);
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(json, r#"[["abt",3],["huber",2],["meier",1]]"#);
        assert_eq!(serde_json::from_str::<TextMap<i32>>(&json).unwrap(), map);
        assert!(serde_json::from_str::<TextMap<i32>>(r#"[["a",1],["a",2]]"#).is_err());
        let less: TextMap<i32> = all.into_iter().take(2).collect();
        assert_ne!(map, less);
        assert_ne!(less, map);
    }
}
