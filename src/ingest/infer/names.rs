//! What a column's name says.

use super::vocabulary::{ADDRESS, Meaning, NAME, VOCABULARY};
use super::words::words;
use crate::schema::FieldKind;

/// What a column's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NameEvidence {
    /// Every word is known, and they say that the column holds one of these kinds.
    Says(Reading),
    /// One word or phrase names these kinds among words that are unknown, or beside other kinds.
    Hints(&'static [FieldKind]),
    /// The name is that of an identifier of the row, by this word.
    Identifies(String),
    /// This word says that the column is no property of the record itself.
    Denies(String),
    /// Nothing.
    Nothing,
}

/// What a name of known words says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The kinds, the likeliest first.
    pub(super) kinds: &'static [FieldKind],
    /// True when it is of a delivery.
    pub(super) of_delivery: bool,
    /// True when it is the name of a person's employer.
    pub(super) of_employer: bool,
}

/// Reads a column's name.
///
/// The words are divided into phrases of the vocabulary, also within words (`kundenname`), so that the fewest words
/// are left over and then the fewest phrases are needed: `date of birth` is one phrase, and not a date.
pub(super) fn read_name(name: &str) -> NameEvidence {
    let parts = divide(&words(name));
    let of = |meaning: Meaning| parts.iter().find(|part| part.meaning == Some(meaning));
    if let Some(part) = of(Meaning::Other) {
        return NameEvidence::Denies(part.text.clone());
    }
    let mut kinds: Vec<&'static [FieldKind]> = Vec::new();
    for part in &parts {
        let said = match part.meaning {
            Some(Meaning::Kinds(kinds)) => kinds,
            Some(Meaning::Employer) => EMPLOYER,
            _ => continue,
        };
        if kinds.last().is_some_and(|&before| gives_way(before)) {
            kinds.pop();
        }
        kinds.push(said);
    }
    if kinds.is_empty() && of(Meaning::Holder).is_some() {
        kinds.push(NAME);
    }
    // The second of several given names is what follows the first.
    let is_second = parts.last().is_some_and(|part| part.text == "2");
    if let Some(kinds) = kinds.last_mut().filter(|kinds| is_second && kinds[..] == [FieldKind::GivenName]) {
        *kinds = &[FieldKind::MiddleName];
    }
    let unknown = parts.iter().any(|part| part.meaning.is_none());
    match (kinds.as_slice(), of(Meaning::Identifies)) {
        (_, Some(part)) => NameEvidence::Identifies(part.text.clone()),
        ([], None) => NameEvidence::Nothing,
        ([kinds], None) if !unknown => NameEvidence::Says(Reading {
            kinds,
            of_delivery: of(Meaning::Delivery).is_some(),
            of_employer: of(Meaning::Employer).is_some(),
        }),
        ([.., kinds], None) => NameEvidence::Hints(kinds),
    }
}

const EMPLOYER: &[FieldKind] = &[FieldKind::OrgName];

/// True for kinds that only say whose or where when another kind follows: the address in `address_city`, the
/// company in `company_phone`.
fn gives_way(kinds: &[FieldKind]) -> bool {
    kinds == ADDRESS || kinds == EMPLOYER
}

/// A phrase as short as these is a word, or ends one after a qualifier: `ort` in `rechnungsort`, but not in `report`.
const SHORT: usize = 3;

fn is_qualifier(text: &str) -> bool {
    matches!(VOCABULARY.get(text), Some(Meaning::Qualifier | Meaning::Delivery | Meaning::Holder))
}

/// A phrase of a name, or a word that is in none.
#[derive(Clone, Debug)]
struct Part {
    text: String,
    meaning: Option<Meaning>,
}

/// The best division of a name from some position on: words left over, number of parts, the first part with its end.
type Division = (usize, usize, Option<Part>, usize);

fn divide(words: &[String]) -> Vec<Part> {
    const LONGEST: usize = 60;
    let text = words.concat();
    let mut starts = vec![0];
    for word in words {
        starts.push(starts.last().copied().unwrap_or_default() + word.len());
    }
    let starts_word = |at: usize| starts.binary_search(&at).is_ok();
    let stands_alone = |start: usize, end: usize| {
        let word = starts.iter().rfind(|&&word| word <= start).copied().unwrap_or_default();
        let before = text.get(word..start).unwrap_or_default();
        starts_word(end) && (before.is_empty() || (before.len() > SHORT && is_qualifier(before)))
    };
    let mut best: Vec<Option<Division>> = vec![None; text.len() + 1];
    if let Some(end) = best.last_mut() {
        *end = Some((0, 0, None, text.len()));
    }
    for start in (0..text.len()).rev() {
        let mut found: Option<Division> = None;
        let next = starts.iter().find(|&&next| next > start).copied();
        let ends =
            (start + 1..=text.len().min(start + LONGEST)).chain(next.filter(|next| next - start > LONGEST));
        for end in ends {
            let Some(phrase) = text.get(start..end) else { continue };
            let whole_word = starts_word(start) && next == Some(end);
            let meaning = match VOCABULARY.get(phrase) {
                Some(_) if phrase.len() <= SHORT && !stands_alone(start, end) => None,
                None if whole_word && phrase.bytes().all(|byte| byte.is_ascii_digit()) => {
                    Some(Meaning::Qualifier)
                }
                known => known.copied(),
            };
            if meaning.is_none() && !whole_word {
                continue;
            }
            let Some(Some((unknown, parts, ..))) = best.get(end) else { continue };
            let (unknown, parts) = (unknown + usize::from(meaning.is_none()), parts + 1);
            if found.as_ref().is_none_or(|best| (unknown, parts) < (best.0, best.1)) {
                found = Some((unknown, parts, Some(Part { text: phrase.to_owned(), meaning }), end));
            }
        }
        if let Some(slot) = best.get_mut(start) {
            *slot = found;
        }
    }
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(Some((.., Some(part), end))) = best.get(at) {
        parts.push(part.clone());
        at = *end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::FieldKind as K;
    use proptest::prelude::*;

    fn said(name: &str) -> String {
        match read_name(name) {
            NameEvidence::Says(reading) => {
                let is_name = reading.kinds == NAME;
                let kinds: Vec<&str> = reading.kinds.iter().map(|kind| kind.as_str()).collect();
                let delivery = if reading.of_delivery { " (delivery)" } else { "" };
                let employer = if reading.of_employer { " (employer)" } else { "" };
                let kinds = if is_name { "name".to_owned() } else { kinds.join("/") };
                format!("{kinds}{delivery}{employer}")
            }
            NameEvidence::Hints(kinds) => format!("{}?", kinds[0].as_str()),
            NameEvidence::Identifies(word) => format!("identifies by {word}"),
            NameEvidence::Denies(word) => format!("no: {word}"),
            NameEvidence::Nothing => "nothing".to_owned(),
        }
    }

    const NAMES: &[(&str, &str)] = &[
        // English
        ("first_name", "given_name"),
        ("FirstName", "given_name"),
        ("property_firstname", "given_name"),
        ("fname", "given_name"),
        ("fname_c1", "given_name"),
        ("cust_fname", "given_name"),
        ("first_name_2", "middle_name"),
        ("fname_c2", "middle_name"),
        ("surname", "family_name"),
        ("PRIMARY_NAME_LAST", "family_name"),
        ("customer_last_name", "family_name"),
        ("DOB", "birth_date/birth_day"),
        ("date_of_birth", "birth_date/birth_day"),
        ("dob_year", "birth_year"),
        ("billing_address_first_name", "given_name"),
        ("shipping_address_city", "city (delivery)"),
        ("billing_postal_code", "postal_code"),
        ("billing_street", "street"),
        ("addressLine1", "street"),
        ("AddressLine2", "address_extra"),
        ("address", "street/address"),
        ("home_address", "street/address"),
        ("ADDR_FULL", "address"),
        ("StateProvinceCode", "region"),
        ("CountryRegionCode", "country"),
        ("e-mail", "email"),
        ("EMailAddress", "email"),
        ("secondary_email_c", "email"),
        ("mobile_phone", "phone"),
        ("HomePhone", "phone"),
        ("CompanyName", "org_name"),
        ("company_phone", "phone"),
        ("ContactName", "full_name"),
        ("name_of_contact_person", "full_name"),
        ("customer_name", "name"),
        ("name", "name"),
        ("employer", "org_name (employer)"),
        ("loyalty_card_no", "loyalty_id"),
        ("soc_sec_id", "national_id"),
        ("vat_number", "tax_id"),
        ("website", "url"),
        ("TitleOfCourtesy", "name_prefix/gender"),
        // German
        ("Vorname", "given_name"),
        ("kunde_vorname", "given_name"),
        ("KundenNachname", "family_name"),
        ("Kundenname", "name"),
        ("Straße", "street"),
        ("Str.", "street"),
        ("Strasse/Hausnr.", "street"),
        ("Haus-Nr.", "house_number"),
        ("PLZ", "postal_code"),
        ("Rechnungsort", "city"),
        ("Lieferanschrift_Ort", "city (delivery)"),
        ("Lieferadresse", "street/address (delivery)"),
        ("Wohnort", "city"),
        ("Land", "country/region"),
        ("Geb.-Datum", "birth_date/birth_day"),
        ("Geburtsjahr", "birth_year"),
        ("Tel. privat", "phone"),
        ("Mobilnummer", "phone"),
        ("E-Mail-Adresse", "email"),
        ("USt-IdNr.", "tax_id"),
        ("Kundenkartennr", "loyalty_id"),
        ("Firma", "org_name"),
        ("Anrede", "name_prefix/gender"),
        // French
        ("Prénom", "given_name"),
        ("nom_de_famille", "family_name"),
        ("nom", "name"),
        ("Nom du client", "name"),
        ("Date de naissance", "birth_date/birth_day"),
        ("code postal", "postal_code"),
        ("Ville de facturation", "city"),
        ("ville_livraison", "city (delivery)"),
        ("adresse e-mail", "email"),
        ("N° de téléphone", "phone"),
        ("téléphone portable", "phone"),
        ("Raison sociale", "org_name"),
        ("Complément d'adresse", "address_extra"),
        ("Numéro de TVA", "tax_id"),
        ("carte de fidélité", "loyalty_id"),
        // Not of the record, or not an identity.
        ("order_date", "no: order"),
        ("DateFirstPurchase", "no: date"),
        ("created_at", "no: created"),
        ("total", "no: total"),
        ("currency_code", "no: currency"),
        ("Bestelldatum", "no: bestell"),
        ("quantity", "no: quantity"),
        ("product_name", "no: product"),
        ("phone_type", "no: type"),
        ("verified_email", "no: verified"),
        ("email_bounced_date", "no: bounced"),
        ("photo_url", "no: photo"),
        ("mother_maiden_name", "no: mother"),
        ("owner_email", "no: owner"),
        ("country_of_birth", "no: countryofbirth"),
        ("Geburtsort", "no: geburtsort"),
        ("pays de naissance", "no: paysdenaissance"),
        ("supplier_city", "no: supplier"),
        ("BankName", "no: bank"),
        ("username", "no: username"),
        ("customer_no", "identifies by no"),
        ("Kundennummer", "identifies by nummer"),
        ("CustomerKey", "identifies by key"),
        ("contact_id", "identifies by id"),
        ("N° client", "identifies by no"),
        // Unknown words.
        ("postcode_fake", "postal_code?"),
        ("reseller_name", "full_name?"),
        ("passport_country", "country?"),
        ("shoe_size", "no: size"),
        ("report", "nothing"),
        ("hotel", "nothing"),
        ("xyz", "nothing"),
        ("", "nothing"),
    ];

    #[test]
    fn what_names_say() {
        let wrong: Vec<String> = NAMES
            .iter()
            .filter(|(name, expected)| said(name) != *expected)
            .map(|(name, expected)| format!("{name}: expected {expected}, found {}", said(name)))
            .collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_kind_is_told_by_its_own_name() {
        let generic = [K::Date, K::Year, K::Number, K::Category, K::Text, K::Ignore];
        for &kind in FieldKind::ALL.iter().filter(|kind| !generic.contains(kind)) {
            let NameEvidence::Says(reading) = read_name(kind.as_str()) else { panic!("{kind:?}") };
            assert!(reading.kinds.contains(&kind), "{kind:?}: {reading:?}");
        }
        for kind in generic {
            assert!(!matches!(read_name(kind.as_str()), NameEvidence::Says(_)), "{kind:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_survived(name in any::<String>()) {
            read_name(&name);
        }

        #[test]
        fn the_spelling_does_not_count(
            name in prop::sample::select(vec!["first name", "date of birth", "code postal", "kunde plz", "order date"]),
        ) {
            let snake = name.replace(' ', "_");
            let camel: String = name
                .split(' ')
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect();
            prop_assert_eq!(said(&snake), said(name));
            prop_assert_eq!(said(&camel), said(name));
            prop_assert_eq!(said(&name.to_uppercase()), said(name));
        }
    }
}
