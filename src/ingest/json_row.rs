//! One JSON object, flattened into named cells.

use std::borrow::Cow;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::NESTING_LIMIT;
use super::flat_row::{Fault, FlatRow, RowCell};

/// Reads the object that the whole text is; a null is cleared.
pub(super) fn read(text: &str) -> Result<FlatRow<'_>, Fault> {
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Fault { field: None, reason: "the line is no JSON object".to_owned() });
    }
    let mut object = Object::default();
    let mut reader = Deserializer::from_str(text);
    let container = Container { object: &mut object, depth: 1 };
    match reader.deserialize_map(container).and_then(|()| reader.end()) {
        Ok(()) => Ok(object.row),
        Err(error) => Err(object.fault.unwrap_or_else(|| {
            let reason = format!("no valid JSON: {} at byte {}", what(&error), error.column());
            Fault { field: None, reason }
        })),
    }
}

#[derive(Default)]
struct Object<'t> {
    row: FlatRow<'t>,
    fault: Option<Fault>,
}

impl<'t> Object<'t> {
    /// Takes a value in; `text` is valid JSON but for the code points that escapes stand for.
    fn value(&mut self, text: &'t str, depth: usize) -> Result<(), serde_json::Error> {
        let cell = match text.as_bytes().first() {
            Some(b'{' | b'[') if depth == NESTING_LIMIT => {
                let fault = self.row.fault(format!("nested deeper than {NESTING_LIMIT} levels"));
                return self.fail(fault);
            }
            Some(b'{') => {
                let inner = Container { object: self, depth: depth + 1 };
                return Deserializer::from_str(text).deserialize_map(inner);
            }
            Some(b'[') => {
                let inner = Container { object: self, depth: depth + 1 };
                return Deserializer::from_str(text).deserialize_seq(inner);
            }
            Some(b'"') if text.contains('\\') => match serde_json::from_str::<String>(text) {
                Ok(unescaped) => RowCell::Text(Cow::Owned(unescaped)),
                Err(error) => {
                    let fault = self.row.fault(format!("no valid JSON: {}", what(&error)));
                    return self.fail(fault);
                }
            },
            Some(b'"') => RowCell::Text(Cow::Borrowed(text.trim_matches('"'))),
            Some(b'n') => RowCell::Cleared,
            _ => RowCell::Text(Cow::Borrowed(text)),
        };
        self.row.push(cell).or_else(|fault| self.fail(fault))
    }

    fn fail(&mut self, fault: Fault) -> Result<(), serde_json::Error> {
        self.fault = Some(fault);
        Err(serde_json::Error::custom(""))
    }
}

/// Reads an object or an array into the row; each of its values is first found whole, so that numbers are kept
/// as they are written.
struct Container<'r, 't> {
    object: &'r mut Object<'t>,
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
        let parent = self.object.row.path.len();
        loop {
            if self.depth > 1 {
                self.object.row.path.push('.');
            }
            if map.next_key_seed(Append(&mut self.object.row.path))?.is_none() {
                break;
            }
            let value: &'de RawValue = map.next_value()?;
            self.object.value(value.get(), self.depth).map_err(A::Error::custom)?;
            self.object.row.path.truncate(parent);
        }
        self.object.row.path.truncate(parent);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let parent = self.object.row.path.len();
        for position in 0_usize.. {
            let Some(value) = values.next_element::<&'de RawValue>()? else { break };
            self.object.row.path.push('.');
            self.object.row.path.push_str(&position.to_string());
            self.object.value(value.get(), self.depth).map_err(A::Error::custom)?;
            self.object.row.path.truncate(parent);
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
    use super::super::{NAME_LIMIT, ROW_LIMIT};
    use super::*;

    fn cells(text: &str) -> Vec<(String, Option<String>)> {
        let row = read(text).unwrap();
        let texts = row.cells().iter().map(|cell| cell.as_cell().value().map(str::to_owned));
        row.names().iter().map(str::to_owned).zip(texts).collect()
    }

    #[test]
    fn objects_are_flattened() {
        type Cells<'a> = &'a [(&'a str, Option<&'a str>)];
        let cases: [(&str, Cells<'_>); 13] = [
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
            (r#"{"a":"\"","b":"''"}"#, &[("a", Some("\"")), ("b", Some("''"))]),
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
            (r"{a:1}".into(), None, "no valid JSON: key must be a string at byte 2"),
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
            (wide(ROW_LIMIT + 1), None, "more than 4096 values in one row"),
            (long(NAME_LIMIT + 1), None, "a name of 1025 bytes (limit 1024)"),
        ];
        for (text, field, reason) in cases {
            let fault = Fault { field: field.map(str::to_owned), reason: reason.to_owned() };
            assert_eq!(read(&text).unwrap_err(), fault, "{text:.40}");
        }
        // The reader of values whole does not descend, so depth costs no stack.
        assert!(read(&format!(r#"{{"a":{}"#, "[".repeat(1 << 20))).is_err());
    }
}
