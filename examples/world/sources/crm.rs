//! The contacts of the CRM: names in parts, ISO dates, mailbox and telephones in the notation of whoever typed them.

use super::super::calendar::{END, START, YEAR};
use super::super::sheet::Sheet;
use super::{About, Coverage, KEY_MISSING, REDELIVERED, SUPERSEDED, Source, accounts, iso, iso_of};

const COVERAGE: Coverage = Coverage { private: 0.60, contact: 0.80, organisation: 0.0 };
const TWICE: f64 = 0.08;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 17] = [
    ("kontakt_nr", ""),
    ("anrede", "gender"),
    ("titel", "name_prefix"),
    ("vorname", "given_name"),
    ("nachname", "family_name"),
    ("account_nr", "ignore"),
    ("firma", "org_name"),
    ("geburtsdatum", "birth_date"),
    ("email", "email"),
    ("telefon", "phone"),
    ("mobil", "phone"),
    ("strasse", "street"),
    ("plz", "postal_code"),
    ("ort", "city"),
    ("region", "region"),
    ("land", "country"),
    ("geaendert_am", ""),
];

/// Writes the contacts of a person.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Crm);
    for copy in 0..about.copies(draw, COVERAGE, TWICE) {
        let end = about.end();
        let created = draw.range(START - 3 * YEAR, (end - 40).min(END - 40));
        let changed = if draw.chance(0.5) { draw.range(created + 1, end - 1) } else { created };
        let key = about.key(Source::Crm, copy);
        let (mut sheet, mut typist) = about.typed(draw, Source::Crm, changed);
        let account = accounts::key_of_employer(about, changed);
        leave_out(&mut sheet, &mut typist.draw);
        if typist.exports_badly(KEY_MISSING) {
            write(about, "", &account, &sheet, &iso(changed));
            continue;
        }
        about.note(Source::Crm, &key, changed);
        if changed > created && typist.exports_badly(SUPERSEDED) {
            let (mut older, mut typist) = about.typed(draw, Source::Crm, created);
            leave_out(&mut older, &mut typist.draw);
            write(about, &key, &account, &older, &iso(created));
        }
        write(about, &key, &account, &sheet, &iso(changed));
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

/// What this system often does not know.
fn leave_out(sheet: &mut Sheet, draw: &mut super::Draw) {
    if draw.chance(0.75) {
        sheet.born = None;
    }
    if draw.chance(0.01) {
        sheet.mailbox.clear();
    }
    if draw.chance(0.35) {
        sheet.phone.clear();
    }
    if draw.chance(0.40) {
        sheet.mobile.clear();
    }
    if draw.chance(0.12) {
        sheet.salutation = "";
    }
}

fn write(about: &mut About<'_>, key: &str, account: &str, sheet: &Sheet, changed: &str) {
    about.push(
        Source::Crm,
        &[
            key,
            sheet.salutation,
            &sheet.title,
            &sheet.given,
            &sheet.family,
            account,
            &sheet.company,
            &sheet.born.map(iso_of).unwrap_or_default(),
            &sheet.mailbox,
            &sheet.phone,
            &sheet.mobile,
            &sheet.street_line(),
            &sheet.postal_code,
            &sheet.city,
            sheet.region,
            sheet.country,
            changed,
        ],
    );
}
