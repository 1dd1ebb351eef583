//! Typed access to a TOML table, with the place for errors.

use toml::{Table, Value};

use crate::error::{Error, Result};
use crate::text;

/// A table of the spec and its place.
pub(super) struct Section<'a> {
    place: String,
    table: &'a Table,
    top: bool,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn new(place: &str, table: &'a Table) -> Self {
        Section { place: place.to_owned(), table, top: true }
    }

    /// A table that has a place of its own below this one.
    pub(super) fn part(&self, name: &str, table: &'a Table) -> Self {
        Section { place: self.at(name), table, top: false }
    }

    /// A table at a place that is known already.
    pub(super) fn below(place: &str, table: &'a Table) -> Self {
        Section { place: place.to_owned(), table, top: false }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn table(&self) -> &'a Table {
        self.table
    }

    /// The place of a key.
    pub(super) fn at(&self, key: &str) -> String {
        let separator = if self.top { ": " } else { " > " };
        format!("{}{separator}{}", self.place, one_line(key))
    }

    /// Fails on a key that is not among these.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        for key in self.table.keys() {
            if !known.contains(&key.as_str()) {
                return Err(unknown(self.place.clone(), "key", key, known));
            }
        }
        Ok(())
    }

    pub(super) fn text(&self, key: &str) -> Result<Option<String>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.wrong(key, other, "a text")),
        }
    }

    pub(super) fn required(&self, key: &str) -> Result<String> {
        self.text(key)?.ok_or_else(|| Error::config(self.place.clone(), format!("`{key}` is missing")))
    }

    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Boolean(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.wrong(key, other, "true or false")),
        }
    }

    /// A whole number above 0.
    pub(super) fn count(&self, key: &str) -> Result<Option<u64>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Integer(number)) => match u64::try_from(*number) {
                Ok(count) if count > 0 => Ok(Some(count)),
                _ => Err(Error::config(self.at(key), format!("{number} is not a whole number above 0"))),
            },
            Some(other) => Err(self.wrong(key, other, "a whole number")),
        }
    }

    /// A number above 0 and below 1.
    pub(super) fn probability(&self, key: &str) -> Result<Option<f64>> {
        let number = match self.table.get(key) {
            None => return Ok(None),
            Some(Value::Float(number)) => *number,
            Some(Value::Integer(number)) => *number as f64,
            Some(other) => return Err(self.wrong(key, other, "a number between 0 and 1")),
        };
        if number > 0.0 && number < 1.0 {
            return Ok(Some(number));
        }
        Err(Error::config(self.at(key), format!("{number} is not between 0 and 1")))
    }

    pub(super) fn texts(&self, key: &str) -> Result<Option<Vec<String>>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(value) => texts(&self.at(key), value).map(Some),
        }
    }

    pub(super) fn list(&self, key: &str) -> Result<Option<&'a [Value]>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Array(values)) => Ok(Some(values)),
            Some(other) => Err(self.wrong(key, other, "a list")),
        }
    }

    pub(super) fn section(&self, key: &str) -> Result<Option<Section<'a>>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(self.part(key, table))),
            Some(other) => Err(self.wrong(key, other, "a table")),
        }
    }

    /// The error for a value of another type than the expected one.
    pub(super) fn wrong(&self, key: &str, found: &Value, expected: &str) -> Error {
        Error::config(self.at(key), format!("{}, not {expected}", type_of(found)))
    }
}

/// A list of texts.
pub(super) fn texts(place: &str, value: &Value) -> Result<Vec<String>> {
    let Value::Array(values) = value else {
        return Err(Error::config(place, format!("{}, not a list", type_of(value))));
    };
    let mut texts = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::String(text) => texts.push(text.clone()),
            other => {
                return Err(Error::config(place, format!("{} in the list, not a text", type_of(other))));
            }
        }
    }
    Ok(texts)
}

/// The error for a name that is not among the known ones.
pub(super) fn unknown(place: String, what: &'static str, name: &str, known: &[&str]) -> Error {
    let nearest = text::nearest(name, known.iter().copied());
    Error::unknown(
        place,
        what,
        one_line(name),
        nearest,
        known.iter().map(|&known| known.to_owned()).collect(),
    )
}

/// The text with its control characters escaped: a message has one line.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a float",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date or time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}
