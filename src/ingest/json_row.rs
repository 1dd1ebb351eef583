//! One JSON object, flattened into named cells.

use std::borrow::Cow;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::{NAME_LIMIT, NESTING_LIMIT, ROW_LIMIT};

/// The cells of an object with their names, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct JsonRow<'t> {
    pub(super) names: Names,
    /// One per name; none for a null.
    pub(super) cells: Vec<Option<Cow<'t, str>>>,
    /// The name of the value that is being read.
    path: String,
    fault: Option<Fault>,
}

/// The names of a row's cells, one after the other in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Names {
    text: String,
    ends: Vec<usize>,
}

/// Why a text is no row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The name of the value at fault, where there is one.
    pub(super) field: Option<String>,
    pub(super) reason: String,
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, &end)| self.text.get(start..end))
    }

    fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }
}

impl<'t> JsonRow<'t> {
    /// Reads the object that the whole text is.
    pub(super) fn read(text: &'t str) -> Result<Self, Fault> {
        if !text.trim_ascii_start().starts_with('{') {
            return Err(Fault { field: None, reason: "the line is no JSON object".to_owned() });
        }
        let mut row = JsonRow::default();
        let mut reader = Deserializer::from_str(text);
        let object = Container { row: &mut row, depth: 1 };
        match reader.deserialize_map(object).and_then(|()| reader.end()) {
            Ok(()) => Ok(row),
            Err(error) => Err(row.fault.unwrap_or_else(|| {
                let reason = format!("no valid JSON: {} at byte {}", what(&error), error.column());
                Fault { field: None, reason }
            })),
        }
    }

    /// Takes a value in; `text` is valid JSON but for the code points that escapes stand for.
    fn value(&mut self, text: &'t str, depth: usize) -> Result<(), serde_json::Error> {
        if self.path.len() > NAME_LIMIT {
            let reason = format!("a name of {} bytes (limit {NAME_LIMIT})", self.path.len());
            return self.fail(None, reason);
        }
        let cell = match text.as_bytes().first() {
            Some(b'{' | b'[') if depth == NESTING_LIMIT => {
                return self.fail_here(format!("nested deeper than {NESTING_LIMIT} levels"));
            }
            Some(b'{') => {
                return Deserializer::from_str(text)
                    .deserialize_map(Container { row: self, depth: depth + 1 });
            }
            Some(b'[') => {
                return Deserializer::from_str(text)
                    .deserialize_seq(Container { row: self, depth: depth + 1 });
            }
            Some(b'"') if text.contains('\\') => match serde_json::from_str::<String>(text) {
                Ok(unescaped) => Some(Cow::Owned(unescaped)),
                Err(error) => return self.fail_here(format!("no valid JSON: {}", what(&error))),
            },
            Some(b'"') => Some(Cow::Borrowed(text.trim_matches('"'))),
            Some(b'n') => None,
            _ => Some(Cow::Borrowed(text)),
        };
        if self.cells.len() == ROW_LIMIT {
            return self.fail(None, format!("more than {ROW_LIMIT} values in one object"));
        }
        self.names.push(&self.path);
        self.cells.push(cell);
        Ok(())
    }

    fn fail_here(&mut self, reason: String) -> Result<(), serde_json::Error> {
        self.fail(Some(self.path.clone()), reason)
    }

    fn fail(&mut self, field: Option<String>, reason: String) -> Result<(), serde_json::Error> {
        self.fault = Some(Fault { field, reason });
        Err(serde_json::Error::custom(""))
    }
}

/// Reads an object or an array into the row; each of its values is first found whole, so that numbers are kept
/// as they are written.
struct Container<'r, 't> {
    row: &'r mut JsonRow<'t>,
    depth: usize,
}

/// Appends a name to another.
struct Append<'p>(&'p mut String);

impl<'de> Visitor<'de> for Container<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let parent = self.row.path.len();
        loop {
            if self.depth > 1 {
                self.row.path.push('.');
            }
            if map.next_key_seed(Append(&mut self.row.path))?.is_none() {
                break;
            }
            let value: &'de RawValue = map.next_value()?;
            self.row.value(value.get(), self.depth).map_err(A::Error::custom)?;
            self.row.path.truncate(parent);
        }
        self.row.path.truncate(parent);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let parent = self.row.path.len();
        for position in 0.. {
            let Some(value) = values.next_element::<&'de RawValue>()? else { break };
            self.row.path.push('.');
            self.row.path.push_str(&usize::to_string(&position));
            self.row.value(value.get(), self.depth).map_err(A::Error::custom)?;
            self.row.path.truncate(parent);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, name: D) -> Result<(), D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Append<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<(), E> {
        self.0.push_str(name);
        Ok(())
    }
}

/// What the reader says, without its count of lines: the text is one.
fn what(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(String, Option<String>)> {
        let row = JsonRow::read(text).unwrap();
        let texts = row.cells.iter().map(|cell| cell.as_deref().map(str::to_owned));
        row.names.iter().map(str::to_owned).zip(texts).collect()
    }

    #[test]
    fn objects_are_flattened() {
        let cases: [(&str, &[(&str, Option<&str>)]); 13] = [
            ("{}", &[]),
            (r#" {"a" : "x" , "b":null}  "#, &[("a", Some("x")), ("b", None)]),
            (r#"{"a":true,"b":false}"#, &[("a", Some("true")), ("b", Some("false"))]),
            (
                r#"{"a":12.0,"b":-0,"c":1e3,"d":0.1000000000000000055,"e":123456789012345678901234567890}"#,
                &[
                    ("a", Some("12.0")),
                    ("b", Some("-0")),
                    ("c", Some("1e3")),
                    ("d", Some("0.1000000000000000055")),
                    ("e", Some("123456789012345678901234567890")),
                ],
            ),
            (r#"{"a":{"b":{"c":1},"d":2}}"#, &[("a.b.c", Some("1")), ("a.d", Some("2"))]),
            (r#"{"a":["x",2,null]}"#, &[("a.0", Some("x")), ("a.1", Some("2")), ("a.2", None)]),
            (r#"{"a":[{"city":"Ulm"},[1]]}"#, &[("a.0.city", Some("Ulm")), ("a.1.0", Some("1"))]),
            (r#"{"a":{},"b":[]}"#, &[]),
            (r#"{"":{"":1}}"#, &[(".", Some("1"))]),
            (r#"{"a":"\u00fc\n\"q\" \ud83d\ude00 \\"}"#, &[("a", Some("ü\n\"q\" 😀 \\"))]),
            (r#"{"a":"\"","b":""}"#, &[("a", Some("\"")), ("b", Some(""))]),
            (r#"{"a\u002eb":1,"\u00fc":2}"#, &[("a.b", Some("1")), ("ü", Some("2"))]),
            (r#"{"a":1,"a":2}"#, &[("a", Some("1")), ("a", Some("2"))]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> =
                expected.iter().map(|&(name, cell)| (name.to_owned(), cell.map(str::to_owned))).collect();
            assert_eq!(cells(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_row() {
        let deep = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert_eq!(cells(&deep(NESTING_LIMIT)).len(), 1);
        let wide = |count: usize| format!(r#"{{"a":[{}]}}"#, vec!["1"; count].join(","));
        assert_eq!(cells(&wide(ROW_LIMIT)).len(), ROW_LIMIT);
        let long = |bytes: usize| format!(r#"{{"{}":1}}"#, "n".repeat(bytes));
        assert_eq!(cells(&long(NAME_LIMIT)).len(), 1);
        let cases = [
            ("7".to_owned(), None, "the line is no JSON object"),
            ("[{}]".into(), None, "the line is no JSON object"),
            (r#"{"a":1"#.into(), None, "no valid JSON: EOF while parsing an object at byte 6"),
            (r#"{"a":1}}"#.into(), None, "no valid JSON: trailing characters at byte 8"),
            (r#"{"a":01}"#.into(), None, "no valid JSON: invalid number at byte 7"),
            (r#"{"a":nul}"#.into(), None, "no valid JSON: expected ident at byte 9"),
            (r#"{"a":"x}"#.into(), None, "no valid JSON: EOF while parsing a string at byte 8"),
            (r#"{a:1}"#.into(), None, "no valid JSON: key must be a string at byte 2"),
            (
                "{\"a\":\"\u{1}\"}".into(),
                None,
                "no valid JSON: control character (\\u0000-\\u001F) found while parsing a string at byte 6",
            ),
            (r#"{"b":{"a":"\ud800"}}"#.into(), Some("b.a"), "no valid JSON: unexpected end of hex escape"),
            (
                deep(NESTING_LIMIT + 1),
                Some(&*vec!["a"; NESTING_LIMIT].join(".")),
                "nested deeper than 16 levels",
            ),
            (wide(ROW_LIMIT + 1), None, "more than 4096 values in one object"),
            (long(NAME_LIMIT + 1), None, "a name of 1025 bytes (limit 1024)"),
        ];
        for (text, field, reason) in cases {
            let fault = Fault { field: field.map(str::to_owned), reason: reason.to_owned() };
            assert_eq!(JsonRow::read(&text).unwrap_err(), fault, "{text:.40}");
        }
        // The reader of values whole does not descend, so depth costs no stack.
        assert!(JsonRow::read(&format!(r#"{{"a":{}"#, "[".repeat(1 << 20))).is_err());
    }
}
