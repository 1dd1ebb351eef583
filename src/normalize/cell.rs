//! One cell: its text, read as its column's kind.

use super::{address, organisation, person_name, person_word, place, street};
use crate::record::IssueKind;
use crate::schema::{EntityKind, FieldKind};
use crate::text;
use crate::value::{self, Check, Checked, DayMonthOrder, Gender};

/// A longer text (in bytes) is a value only in columns of prose.
const LONGEST: usize = 4096;

/// What a cell depends on besides its own text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) entity: EntityKind,
    pub(super) country: Option<&'a str>,
}

/// A value that a cell gives to a field. Of the values that a record's cells give to one field, only those of the
/// lowest rank are taken: a column of its own comes before a part of a composite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: FieldKind,
    pub(super) rank: u8,
    pub(super) text: String,
}

/// All that a cell gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) parts: Vec<Part>,
    pub(super) issue: Option<IssueKind>,
}

impl Parsed {
    fn add(&mut self, kind: FieldKind, rank: u8, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.parts.push(Part { kind, rank, text });
        }
    }

    fn one(kind: FieldKind, text: Option<String>) -> Parsed {
        let mut parsed = Parsed::default();
        parsed.add(kind, 0, text.unwrap_or_default());
        parsed
    }

    fn checked(kind: FieldKind, checked: Option<Checked>) -> Parsed {
        let wrong = checked.as_ref().is_some_and(|checked| checked.check == Check::Wrong);
        let mut parsed = Parsed::one(kind, checked.map(|checked| checked.value));
        parsed.issue = wrong.then_some(IssueKind::CheckDigit);
        parsed
    }
}

/// The kinds of field that a column of this kind can fill.
pub(super) fn fills(kind: FieldKind) -> &'static [FieldKind] {
    use FieldKind as K;
    match kind {
        K::GivenName => &[K::GivenName, K::MiddleName, K::Gender],
        K::FamilyName => &[K::FamilyName, K::NameSuffix, K::Gender, K::OrgName],
        K::FullName => &[K::GivenName, K::MiddleName, K::FamilyName, K::NameSuffix, K::Gender, K::OrgName],
        K::Street => &[K::Street, K::HouseNumber, K::AddressExtra],
        K::Address => {
            &[K::Street, K::HouseNumber, K::AddressExtra, K::PostalCode, K::City, K::Region, K::Country]
        }
        K::BirthMonth | K::BirthDay | K::Ignore => &[],
        K::MiddleName => &[K::MiddleName],
        K::NameSuffix => &[K::NameSuffix],
        K::NamePrefix | K::Gender => &[K::Gender],
        K::BirthYear | K::BirthDate => &[K::BirthDate],
        K::Email => &[K::Email],
        K::Phone => &[K::Phone],
        K::HouseNumber => &[K::HouseNumber],
        K::AddressExtra => &[K::AddressExtra],
        K::PostalCode => &[K::PostalCode],
        K::City => &[K::City],
        K::Region => &[K::Region],
        K::Country => &[K::Country],
        K::OrgName => &[K::OrgName],
        K::NationalId => &[K::NationalId],
        K::TaxId => &[K::TaxId],
        K::Iban => &[K::Iban],
        K::LoyaltyId => &[K::LoyaltyId],
        K::Url => &[K::Url],
        K::Date => &[K::Date],
        K::Year => &[K::Year],
        K::Number => &[K::Number],
        K::Category => &[K::Category],
        K::Text => &[K::Text],
    }
}

/// As [`fills`], in a source of such an entity: a column of persons' names tells an organisation only where there may be
/// one.
pub(crate) fn may_fill(column: FieldKind, field: FieldKind, entity: EntityKind) -> bool {
    use FieldKind as K;
    let of_entity = match (column, field) {
        (K::FamilyName, K::OrgName) => entity == EntityKind::Either,
        (K::FullName, K::OrgName) => entity != EntityKind::Person,
        _ => true,
    };
    of_entity && fills(column).contains(&field)
}

/// True for kinds that are read differently from country to country.
pub(super) fn depends_on_country(kind: FieldKind) -> bool {
    use FieldKind as K;
    matches!(kind, K::Phone | K::PostalCode | K::Address | K::Street | K::BirthDate | K::Date)
}

/// Reads a cell's text as its column's kind.
pub(super) fn parse_cell(kind: FieldKind, text: &str, context: Context<'_>) -> Parsed {
    if is_placeholder(kind, text) {
        return Parsed { parts: Vec::new(), issue: Some(IssueKind::Placeholder) };
    }
    // A character reference holds marks that separate values.
    let decoded = if text.contains('&') { text::readable(text) } else { text.into() };
    let mut parsed = read(kind, &decoded, context);
    let says_nothing = matches!(kind, FieldKind::NamePrefix | FieldKind::NameSuffix | FieldKind::Ignore);
    if parsed.parts.is_empty() && !says_nothing {
        parsed.issue = Some(IssueKind::Unparsable);
    }
    parsed
}

fn is_placeholder(kind: FieldKind, text: &str) -> bool {
    use FieldKind as K;
    let trimmed = text.trim();
    match kind {
        K::Email => value::is_placeholder_email(text),
        K::Phone => value::is_placeholder_phone(text),
        K::FullName | K::GivenName | K::FamilyName => value::is_placeholder_name(text),
        K::BirthDate | K::Date => value::is_placeholder_date(text),
        K::NationalId | K::TaxId | K::Iban | K::LoyaltyId => value::is_placeholder_identifier(text),
        K::Ignore => false,
        K::PostalCode | K::BirthYear | K::Year
            if !trimmed.is_empty() && (trimmed.chars().all(|c| c == '0') || trimmed == "99999") =>
        {
            true
        }
        // 111 is a house number, a price, a title: repeated digits say nothing there.
        _ => !trimmed.starts_with(|c: char| c.is_ascii_digit()) && value::is_placeholder(text),
    }
}

fn read(kind: FieldKind, text: &str, context: Context<'_>) -> Parsed {
    use FieldKind as K;
    // Only prose is that long; in other columns it is debris, and would cost more than linear time.
    if text.len() > LONGEST && !matches!(kind, K::Text | K::Category | K::OrgName) {
        return Parsed::default();
    }
    let order = || context.country.map_or(DayMonthOrder::DayFirst, DayMonthOrder::of_country);
    match kind {
        K::GivenName => given_name(text),
        K::MiddleName => tokens(K::MiddleName, text),
        K::FamilyName => family_name(text, context.entity),
        K::FullName => full_name(text, context.entity),
        K::NamePrefix => gender(person_name::gender_of_prefix(text), 1),
        K::NameSuffix => name_suffix(text),
        K::Gender => gender(value::parse_gender(text).or_else(|| person_name::gender_of_prefix(text)), 0),
        K::BirthDate | K::Date => date(kind, text, order()),
        K::BirthYear => Parsed::one(kind, value::parse_year(text).map(|year| year.to_string())),
        K::BirthMonth => Parsed::one(kind, month(text).map(|month| month.to_string())),
        K::BirthDay => Parsed::one(kind, small_number(text, 31).map(|day| day.to_string())),
        K::Email => several(kind, text, |text| value::parse_email(text).map(|email| email.to_string())),
        K::Phone => several(kind, text, |text| value::parse_phone(text, context.country)),
        K::Address => postal_address(text, context.country),
        K::Street => street_line(text, context.country),
        K::HouseNumber => Parsed::one(kind, Some(street::house_number(text))),
        K::AddressExtra => Parsed::one(kind, Some(street::extra(text))),
        K::PostalCode => Parsed::one(kind, value::postal_code(text, context.country)),
        K::City => Parsed::one(kind, Some(place::city(text))),
        K::Region => Parsed::one(kind, Some(place::region(text))),
        K::Country => Parsed::one(kind, value::parse_country(text).map(str::to_owned)),
        K::OrgName => Parsed::one(kind, Some(organisation::parse_organisation(text).name)),
        K::NationalId | K::LoyaltyId => Parsed::checked(kind, value::parse_identifier(text)),
        K::TaxId => Parsed::checked(kind, value::parse_tax_id(text)),
        K::Iban => Parsed::checked(kind, value::parse_iban(text)),
        K::Url => Parsed::one(kind, value::parse_url(text)),
        K::Year => Parsed::one(kind, value::parse_year(text).map(|year| year.to_string())),
        K::Number => Parsed::one(kind, number(text)),
        K::Category | K::Text => Parsed::one(kind, Some(text::fold(text))),
        K::Ignore => Parsed::default(),
    }
}

fn given_name(text: &str) -> Parsed {
    let name = person_name::parse_given_names(text);
    let mut parsed = gender(name.gender, 2);
    add_all(&mut parsed, FieldKind::GivenName, 0, name.given);
    add_all(&mut parsed, FieldKind::MiddleName, 0, name.middle);
    parsed
}

fn family_name(text: &str, entity: EntityKind) -> Parsed {
    if let Some(organisation) = organisation_in_person_column(text, entity) {
        return organisation;
    }
    let name = person_name::parse_family_names(text);
    let mut parsed = gender(name.gender, 2);
    add_all(&mut parsed, FieldKind::FamilyName, 0, name.family);
    parsed.add(FieldKind::NameSuffix, 1, name.suffix.unwrap_or_default());
    parsed
}

fn full_name(text: &str, entity: EntityKind) -> Parsed {
    if entity == EntityKind::Organisation {
        let mut parsed = Parsed::default();
        parsed.add(FieldKind::OrgName, 1, organisation::parse_organisation(text).name);
        return parsed;
    }
    if let Some(organisation) = organisation_in_person_column(text, entity) {
        return organisation;
    }
    let name = person_name::parse_person_name(text);
    let mut parsed = gender(name.gender, 2);
    add_all(&mut parsed, FieldKind::GivenName, 1, name.given);
    add_all(&mut parsed, FieldKind::MiddleName, 1, name.middle);
    add_all(&mut parsed, FieldKind::FamilyName, 1, name.family);
    parsed.add(FieldKind::NameSuffix, 2, name.suffix.unwrap_or_default());
    parsed
}

/// In a source of either, a legal form in a column for person names tells an organisation.
fn organisation_in_person_column(text: &str, entity: EntityKind) -> Option<Parsed> {
    if entity != EntityKind::Either {
        return None;
    }
    let organisation = organisation::parse_organisation(text);
    organisation.is_certain().then(|| {
        let mut parsed = Parsed::default();
        parsed.add(FieldKind::OrgName, 1, organisation.name);
        parsed
    })
}

fn add_all(parsed: &mut Parsed, kind: FieldKind, rank: u8, values: Vec<String>) {
    for value in values {
        parsed.add(kind, rank, value);
    }
}

fn tokens(kind: FieldKind, text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for token in text::tokens(&text::fold(text)) {
        parsed.add(kind, 0, token);
    }
    parsed
}

fn gender(gender: Option<Gender>, rank: u8) -> Parsed {
    let mut parsed = Parsed::default();
    let letter = match gender {
        Some(Gender::Female) => "f",
        Some(Gender::Male) => "m",
        Some(_) => "x",
        None => "",
    };
    parsed.add(FieldKind::Gender, rank, letter);
    parsed
}

fn name_suffix(text: &str) -> Parsed {
    let folded = text::fold(text);
    let found = text::tokens(&folded).find_map(person_word::generation);
    Parsed::one(FieldKind::NameSuffix, found.map(str::to_owned))
}

fn date(kind: FieldKind, text: &str, order: DayMonthOrder) -> Parsed {
    let date = value::parse_date(text, order);
    let partial = date.as_ref().is_some_and(|date| date.partial);
    let mut parsed = Parsed::one(kind, date.map(|date| date.date.to_string()));
    parsed.issue = partial.then_some(IssueKind::Unparsable);
    parsed
}

/// The month of `4`, `04`, `April`.
fn month(text: &str) -> Option<u8> {
    small_number(text, 12).or_else(|| {
        let named = text.trim().starts_with(char::is_alphabetic);
        let date =
            named.then(|| value::parse_date(&format!("1 {} 2000", text.trim()), DayMonthOrder::DayFirst));
        date.flatten().filter(|date| !date.partial).and_then(|date| date.date.month())
    })
}

fn small_number(text: &str, largest: u8) -> Option<u8> {
    let digits = text.trim().trim_end_matches('.');
    let digits = digits.strip_suffix(".0").unwrap_or(digits);
    digits.parse::<u8>().ok().filter(|number| (1..=largest).contains(number))
}

/// A canonical decimal; a duration in seconds.
fn number(text: &str) -> Option<String> {
    let duration = || value::parse_duration(text);
    // Behind these marks a number is a length of time; parsed as a quantity it would lose its unit.
    let timed =
        text.contains(':') || ["min", "sec", "sek", "hour", "std"].iter().any(|unit| text.contains(unit));
    let number = if timed { duration() } else { None };
    let number = number.or_else(|| value::parse_number(text)).or_else(duration)?;
    // Adding zero turns a negative zero into a plain one.
    number.is_finite().then(|| (number + 0.0).to_string())
}

/// One value, or several in one cell, separated by marks that none of them holds.
fn several(kind: FieldKind, text: &str, parse: impl Fn(&str) -> Option<String>) -> Parsed {
    let whole = if text.contains([';', '|', '\n']) { None } else { parse(text) };
    if whole.is_some() {
        return Parsed::one(kind, whole);
    }
    let mut parsed = Parsed::default();
    for piece in text.split([';', '|', ',', '/', '\n']) {
        if let Some(value) = parse(piece) {
            parsed.add(kind, 0, value);
        }
    }
    parsed
}

fn street_line(text: &str, country: Option<&str>) -> Parsed {
    let street = street::parse_street(text, country);
    let mut parsed = Parsed::default();
    parsed.add(FieldKind::Street, 0, street.name);
    parsed.add(FieldKind::HouseNumber, 1, street.house_number.unwrap_or_default());
    parsed.add(FieldKind::AddressExtra, 1, street.extra.unwrap_or_default());
    parsed
}

fn postal_address(text: &str, country: Option<&str>) -> Parsed {
    let address = address::parse_address(text, country);
    let mut parsed = Parsed::default();
    let parts = [
        (FieldKind::Street, address.street),
        (FieldKind::HouseNumber, address.house_number),
        (FieldKind::AddressExtra, address.extra),
        (FieldKind::PostalCode, address.postal_code),
        (FieldKind::City, address.city),
        (FieldKind::Region, address.region),
        (FieldKind::Country, address.country.map(str::to_owned)),
    ];
    for (kind, part) in parts {
        parsed.add(kind, 2, part.unwrap_or_default());
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: FieldKind, text: &str, entity: EntityKind) -> String {
        let parsed = parse_cell(kind, text, Context { entity, country: Some("DE") });
        let parts: Vec<String> =
            parsed.parts.iter().map(|part| format!("{}={}", part.kind.as_str(), part.text)).collect();
        format!("{}{}", parts.join(" "), parsed.issue.map_or(String::new(), |issue| format!("!{issue:?}")))
    }

    #[test]
    fn cells_by_table() {
        use EntityKind::{Either, Organisation, Person};
        use FieldKind as K;
        let cases = [
            (K::GivenName, "Frau Anna Maria", Person, "gender=f given_name=anna middle_name=maria"),
            (K::FamilyName, "von Müller", Person, "family_name=mueller"),
            (K::FamilyName, "Müller GmbH", Either, "org_name=mueller"),
            (K::FullName, "Müller GmbH", Either, "org_name=mueller"),
            (K::FullName, "M&uuml;ller, Anna", Person, "given_name=anna family_name=mueller"),
            (K::FullName, "Hans Müller", Either, "given_name=hans family_name=mueller"),
            (K::FullName, "Müller & Co", Organisation, "org_name=mueller"),
            (K::NamePrefix, "Dr.", Person, ""),
            (K::NamePrefix, "Herr Dr.", Person, "gender=m"),
            (K::NameSuffix, "MBA", Person, ""),
            (K::NameSuffix, "Jr.", Person, "name_suffix=jr"),
            (K::BirthDate, "3.4.1980", Person, "birth_date=1980-04-03"),
            (K::BirthDate, "1855-81-01", Person, "birth_date=1855!Unparsable"),
            (K::BirthDate, "1900-01-01", Person, "!Placeholder"),
            (K::BirthDate, "gestern", Person, "!Unparsable"),
            (K::BirthMonth, "April", Person, "birth_month=4"),
            (K::Email, "ada@meier.de; bob@meier.de", Person, "email=ada@meier.de email=bob@meier.de"),
            (K::Email, "no mail", Person, "!Unparsable"),
            (K::Phone, "0000000", Person, "!Placeholder"),
            (K::HouseNumber, "111", Person, "house_number=111"),
            (K::Number, "3:37", Person, "number=217"),
            (K::Number, "1.234,50", Person, "number=1234.5"),
            (K::Category, "Neu-Kunde", Person, "category=neu kunde"),
            (K::City, "n/a", Person, "!Placeholder"),
            (K::PostalCode, "00000", Person, "!Placeholder"),
            (K::Ignore, "n/a", Person, ""),
            (K::FullName, &"(".repeat(1_000_000), Person, "!Unparsable"),
            (K::Address, &"12 ".repeat(1_000_000), Person, "!Unparsable"),
            (K::MiddleName, &"a b ".repeat(1_000_000), Person, "!Unparsable"),
        ];
        for (kind, text, entity, expected) in cases {
            assert_eq!(line(kind, text, entity), expected, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_kept_and_reported() {
        let parsed = parse_cell(
            FieldKind::Iban,
            "DE89370400440532013001",
            Context { entity: EntityKind::Person, country: None },
        );
        assert_eq!(parsed.issue, Some(IssueKind::CheckDigit));
        assert_eq!(parsed.parts[0].text, "DE89370400440532013001");
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_gives_only_what_its_kind_fills(text in "\\PC*", entity in 0..3usize) {
            let entity = [EntityKind::Person, EntityKind::Organisation, EntityKind::Either][entity];
            for &kind in FieldKind::ALL {
                let parsed = parse_cell(kind, &text, Context { entity, country: Some("US") });
                let birth_part = matches!(kind, FieldKind::BirthYear | FieldKind::BirthMonth | FieldKind::BirthDay);
                proptest::prop_assert!(birth_part || parsed.parts.iter().all(|part| fills(kind).contains(&part.kind)));
                proptest::prop_assert!(parsed.parts.iter().all(|part| !part.text.is_empty()));
            }
        }
    }
}
