//! Blocking rules, and their text form.

use serde::{Deserialize, Serialize};

use crate::block::{KeyFunction, KeyPart};
use crate::error::{Error, Result};
use crate::schema::{Field, FieldKind, Schema};
use crate::text;

/// A conjunction of key parts: two records are a candidate pair if they share a key of *each* part.
///
/// ```
/// use onefold::{FieldKind, block::BlockingRule, schema::{Field, Schema}};
/// let schema = Schema::new(vec![
///     Field::new(FieldKind::FamilyName, ""),
///     Field::new(FieldKind::PostalCode, ""),
/// ]);
/// let rule = BlockingRule::parse(&["prefix(family_name,3)", "postal_code"], &schema, "rule 1").unwrap();
/// assert_eq!(rule.to_string(), "prefix(family_name,3) & postal_code");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockingRule {
    parts: Vec<KeyPart>,
}

impl BlockingRule {
    /// A rule from its parts.
    pub fn new(parts: Vec<KeyPart>) -> Self {
        BlockingRule { parts }
    }

    /// A rule from the text form of its parts: a field (`email`, `text:title`), or `prefix(f,n)`,
    /// `ending(f,n)`, `cologne(f)`, `metaphone(f)`, `typo(f)`, `year(f)`, `day_month(f)`, `token(f)`, `local(f)`.
    ///
    /// # Errors
    /// A configuration error naming `place` for an unknown function, a field that the schema does not have, a
    /// bad length, or no parts at all.
    pub fn parse(parts: &[impl AsRef<str>], schema: &Schema, place: &str) -> Result<Self> {
        if parts.is_empty() {
            return Err(Error::config(place, "a blocking rule needs at least one key part"));
        }
        let parts = parts.iter().map(|part| parse_part(part.as_ref().trim(), schema, place));
        Ok(BlockingRule { parts: parts.collect::<Result<_>>()? })
    }

    /// The parts.
    pub fn parts(&self) -> &[KeyPart] {
        &self.parts
    }

    /// The fields on which the candidates of this rule agree, at least in part; training leaves their
    /// comparisons out for these candidates.
    pub fn pinned(&self) -> impl Iterator<Item = &Field> + '_ {
        self.parts.iter().map(|part| &part.field)
    }
}

impl std::fmt::Display for BlockingRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            if i > 0 {
                f.write_str(" & ")?;
            }
            part.fmt(f)?;
        }
        Ok(())
    }
}

const FUNCTIONS: [&str; 9] =
    ["prefix", "ending", "cologne", "metaphone", "typo", "year", "day_month", "token", "local"];

fn parse_part(part: &str, schema: &Schema, place: &str) -> Result<KeyPart> {
    let Some((name, arguments)) = part.split_once('(') else {
        return Ok(KeyPart::new(parse_field(part, schema, place)?, KeyFunction::Exact));
    };
    let Some(arguments) = arguments.strip_suffix(')') else {
        return Err(Error::config(place, format!("`{part}` lacks its closing bracket")));
    };
    let (field, length) = match arguments.split_once(',') {
        Some((field, length)) => (field.trim(), Some(length.trim())),
        None => (arguments.trim(), None),
    };
    let counted = || match length.map(str::parse::<u8>) {
        Some(Ok(length)) if length > 0 => Ok(length),
        _ => Err(Error::config(
            place,
            format!("`{part}` needs a length from 1 to 255, as in `{name}({field},3)`"),
        )),
    };
    let function = match name.trim() {
        "prefix" => KeyFunction::Prefix(counted()?),
        "ending" => KeyFunction::Ending(counted()?),
        plain if length.is_some() && FUNCTIONS.contains(&plain) => {
            return Err(Error::config(place, format!("`{plain}` takes a field and no length")));
        }
        "cologne" => KeyFunction::Cologne,
        "metaphone" => KeyFunction::Metaphone,
        "typo" => KeyFunction::Typo,
        "year" => KeyFunction::Year,
        "day_month" => KeyFunction::DayMonth,
        "token" => KeyFunction::Token,
        "local" => KeyFunction::Local,
        unknown => {
            let known = FUNCTIONS.iter().map(ToString::to_string).collect();
            return Err(Error::unknown(
                place,
                "key function",
                unknown,
                text::nearest(unknown, FUNCTIONS),
                known,
            ));
        }
    };
    Ok(KeyPart::new(parse_field(field, schema, place)?, function))
}

/// A field by its text form (`email`, `text:title`); a bare kind finds the only field of that kind.
fn parse_field(name: &str, schema: &Schema, place: &str) -> Result<Field> {
    if let Some(field) = schema.fields().iter().find(|field| field.to_string() == name) {
        return Ok(field.clone());
    }
    let of_kind = |kind: FieldKind| {
        let mut fields = schema.fields().iter().filter(move |field| field.kind == kind);
        fields.next().filter(|_| fields.next().is_none())
    };
    if let Some(field) = name.parse().ok().and_then(of_kind) {
        return Ok(field.clone());
    }
    let known: Vec<String> = schema.fields().iter().map(ToString::to_string).collect();
    let nearest = text::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(Error::unknown(place, "field", name, nearest.as_deref(), known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new(FieldKind::FamilyName, ""),
            Field::new(FieldKind::Text, "title"),
            Field::new(FieldKind::BirthDate, ""),
        ])
    }

    #[test]
    fn text_form_round_trips() {
        for text in [
            "family_name",
            "typo(family_name)",
            "token(text:title)",
            "year(birth_date)",
            "prefix(family_name,2)",
        ] {
            let rule = BlockingRule::parse(&[text], &schema(), "here").unwrap();
            assert_eq!(rule.to_string(), text);
        }
        assert_eq!(
            BlockingRule::parse(&["token(text)"], &schema(), "here").unwrap().to_string(),
            "token(text:title)"
        );
    }

    #[test]
    fn errors_name_the_place_and_the_nearest_name() {
        let message =
            |text: &str| BlockingRule::parse(&[text], &schema(), "blocking rule 2").unwrap_err().to_string();
        assert!(message("famly_name").contains("did you mean `family_name`"), "{}", message("famly_name"));
        assert!(message("prefx(family_name,3)").contains("did you mean `prefix`"));
        for text in
            ["prefix(family_name)", "prefix(family_name,0)", "typo(family_name,3)", "typo(family_name"]
        {
            assert!(message(text).starts_with("blocking rule 2: "), "{}", message(text));
        }
    }
}
