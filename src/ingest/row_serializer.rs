//! Flattens a serialisable row into named cells.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{self, Impossible, SerializeMap, SerializeStruct, Serializer};

use super::flat_row::RowCell;

/// Why a row's type does not fit.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct RowError(String);

impl ser::Error for RowError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        RowError(message.to_string())
    }
}

/// Serialises a row, or a field of it, into cells; the names of nested fields are joined by `.`.
pub(super) struct Flatten<'a> {
    /// The field's name; none for the row itself.
    field: Option<String>,
    cells: &'a mut Vec<(String, RowCell<'static>)>,
}

/// A struct or map, of which the fields are yet to come.
pub(super) struct Fields<'a> {
    parent: Option<String>,
    key: Option<String>,
    cells: &'a mut Vec<(String, RowCell<'static>)>,
}

type Done = Result<(), RowError>;
type No = Impossible<(), RowError>;

impl<'a> Flatten<'a> {
    pub(super) fn row(cells: &'a mut Vec<(String, RowCell<'static>)>) -> Self {
        Flatten { field: None, cells }
    }

    fn cell(self, cell: RowCell<'static>) -> Done {
        match self.field {
            Some(field) => {
                self.cells.push((field, cell));
                Ok(())
            }
            None => Err(RowError("a row is a struct or a map, not a single value".to_owned())),
        }
    }

    fn text(self, text: &(impl ToString + ?Sized)) -> Done {
        self.cell(RowCell::Text(Cow::Owned(text.to_string())))
    }

    fn fields(self) -> Fields<'a> {
        Fields { parent: self.field, key: None, cells: self.cells }
    }

    fn wrong<T>(self, what: &str) -> Result<T, RowError> {
        Err(RowError(match self.field {
            Some(field) => format!("the field `{field}` is {what}, which is no single value"),
            None => format!("a row is a struct or a map, not {what}"),
        }))
    }
}

impl Fields<'_> {
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Done {
        let name = match &self.parent {
            Some(parent) => format!("{parent}.{name}"),
            None => name.to_owned(),
        };
        value.serialize(Flatten { field: Some(name), cells: self.cells })
    }
}

macro_rules! texts {
    ($($method:ident($type:ty),)*) => {
        $(fn $method(self, value: $type) -> Done {
            self.text(&value)
        })*
    };
}

impl<'a> Serializer for Flatten<'a> {
    type Ok = ();
    type Error = RowError;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = No;

    texts! {
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_i128(i128),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_u128(u128),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_str(&str),
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        self.wrong("bytes")
    }

    fn serialize_none(self) -> Done {
        self.cell(RowCell::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.cell(RowCell::Cleared)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.cell(RowCell::Cleared)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Done {
        self.wrong("a variant with data")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<No, RowError> {
        self.wrong("a sequence")
    }

    fn serialize_tuple(self, _: usize) -> Result<No, RowError> {
        self.wrong("a tuple")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, RowError> {
        self.wrong("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, RowError> {
        self.wrong("a variant with data")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'a>, RowError> {
        Ok(self.fields())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'a>, RowError> {
        Ok(self.fields())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, RowError> {
        self.wrong("a variant with data")
    }
}

impl SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = RowError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        self.field(name, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = RowError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        let mut cells = Vec::new();
        key.serialize(Flatten { field: Some(String::new()), cells: &mut cells })?;
        match cells.pop() {
            Some((_, RowCell::Text(name))) if cells.is_empty() => {
                self.key = Some(name.into_owned());
                Ok(())
            }
            _ => Err(RowError("a map has a key that is no text".to_owned())),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let name = self.key.take().unwrap_or_default();
        self.field(&name, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Cell;

    fn flatten(row: impl Serialize) -> Result<Vec<(String, RowCell<'static>)>, String> {
        let mut cells = Vec::new();
        row.serialize(Flatten::row(&mut cells)).map(|()| cells).map_err(|error| error.to_string())
    }

    #[derive(Serialize)]
    enum Shade {
        Red,
        Mixed(u8),
    }

    #[derive(Serialize)]
    struct Customer {
        id: u64,
        name: Option<&'static str>,
        score: f64,
        active: bool,
        shade: Shade,
        address: Address,
    }

    #[derive(Serialize)]
    struct Address {
        city: &'static str,
        geo: std::collections::BTreeMap<i32, Option<char>>,
    }

    #[test]
    fn structs_and_maps_are_flattened() {
        let address = Address { city: "Ulm", geo: [(1, Some('x')), (2, None)].into() };
        let row = Customer { id: 7, name: None, score: 0.5, active: true, shade: Shade::Red, address };
        let text = |text: &str| RowCell::Text(Cow::Owned(text.to_owned()));
        let expected = [
            ("id", text("7")),
            ("name", RowCell::Absent),
            ("score", text("0.5")),
            ("active", text("true")),
            ("shade", text("Red")),
            ("address.city", text("Ulm")),
            ("address.geo.1", text("x")),
            ("address.geo.2", RowCell::Absent),
        ];
        assert_eq!(flatten(row), Ok(expected.map(|(name, cell)| (name.to_owned(), cell)).to_vec()));
    }

    #[test]
    fn states_of_json_values() {
        let cases = [
            (serde_json::json!({"a": null}), Cell::Cleared),
            (serde_json::json!({"a": ""}), Cell::Empty),
            (serde_json::json!({"a": " \u{a0}"}), Cell::Empty),
            (serde_json::json!({"a": 12.0}), Cell::Value("12")),
            (serde_json::json!({"a": {"b": "x"}}), Cell::Value("x")),
        ];
        for (row, expected) in cases {
            assert_eq!(flatten(&row).unwrap()[0].1.as_cell(), expected, "{row}");
        }
    }

    #[test]
    fn types_that_do_not_fit() {
        let cases = [
            (flatten(7), "a row is a struct or a map, not a single value"),
            (flatten([1]), "a row is a struct or a map, not a tuple"),
            (
                flatten(serde_json::json!({"a": {"tags": [1]}})),
                "the field `a.tags` is a sequence, which is no single value",
            ),
            (
                flatten([("x", Shade::Mixed(1))].into_iter().collect::<std::collections::BTreeMap<_, _>>()),
                "the field `x` is a variant with data, which is no single value",
            ),
        ];
        for (result, message) in cases {
            assert_eq!(result, Err(message.to_owned()));
        }
    }
}
