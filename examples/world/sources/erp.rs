//! The ERP: capitals without umlauts, the name in one field of 35 letters, German dates.

use super::super::calendar::{END, START, YEAR, civil};
use super::super::errors::without_umlauts;
use super::super::locale::Country;
use super::super::sheet::{Sheet, joined};
use super::super::tier::Typist;
use super::{About, Coverage, Draw, KEY_MISSING, REDELIVERED, SUPERSEDED, Source, german};

const COVERAGE: Coverage = Coverage { private: 0.45, contact: 0.06, organisation: 0.65 };
const TWICE: f64 = 0.04;
/// Letters of the field for the name.
const NAME_WIDTH: usize = 35;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 15] = [
    ("DEBITOR", ""),
    ("ANREDE", "gender"),
    ("FIRMA", "org_name"),
    ("NAME", "full_name"),
    ("STRASSE", "street"),
    ("HAUSNR", "house_number"),
    ("PLZ", "postal_code"),
    ("ORT", "city"),
    ("LAND", "country"),
    ("TELEFON", "phone"),
    ("EMAIL", "email"),
    ("GEB_DATUM", "birth_date"),
    ("UST_ID", "tax_id"),
    ("ANGELEGT_AM", ""),
    ("GEAENDERT_AM", ""),
];

/// Writes the debtors that a person is.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Erp);
    for copy in 0..about.copies(draw, COVERAGE, TWICE) {
        let end = about.end();
        let created = draw.range(START - 3 * YEAR, (end - 40).min(END - 40));
        let changed = if draw.chance(0.3) { draw.range(created + 1, end - 1) } else { created };
        let key = about.key(Source::Erp, copy);
        let (mut sheet, mut typist) = about.typed(draw, Source::Erp, changed);
        let days = [created, changed].map(|day| german(civil(day)));
        phone(about, changed, &mut sheet, &mut typist);
        leave_out(&mut sheet, &mut typist.draw);
        if typist.exports_badly(KEY_MISSING) {
            write(about, "", &sheet, &days, &mut typist.draw);
            continue;
        }
        about.note(Source::Erp, &key, changed);
        if changed > created && typist.exports_badly(SUPERSEDED) {
            let (mut older, mut of_older) = about.typed(draw, Source::Erp, created);
            leave_out(&mut older, &mut of_older.draw);
            let days = [days[0].clone(), days[0].clone()];
            write(about, &key, &older, &days, &mut of_older.draw);
        }
        write(about, &key, &sheet, &days, &mut typist.draw);
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

/// The clerks write numbers with a slash, mostly.
fn phone(about: &About<'_>, day: i32, sheet: &mut Sheet, typist: &mut Typist) {
    if let Some(number) = about.subject.landline(day)
        && !sheet.phone.is_empty()
        && typist.draw.chance(0.7)
    {
        sheet.phone = number.written(2);
    }
    if !sheet.mobile.is_empty() && (sheet.phone.is_empty() || typist.draw.chance(0.25)) {
        sheet.phone = std::mem::take(&mut sheet.mobile);
    }
}

/// What this system often does not know.
fn leave_out(sheet: &mut Sheet, draw: &mut Draw) {
    if draw.chance(0.60) {
        sheet.mailbox.clear();
    }
    if draw.chance(0.85) {
        sheet.born = None;
    }
    if draw.chance(0.30) {
        sheet.phone.clear();
    }
    if !sheet.tax.is_empty() && draw.chance(0.15) {
        sheet.tax.clear();
    }
}

fn write(about: &mut About<'_>, key: &str, sheet: &Sheet, days: &[String; 2], draw: &mut Draw) {
    let (title, given, family) = (capitals(&sheet.title), capitals(&sheet.given), capitals(&sheet.family));
    let name = match draw.weighted(&[76, 12, 12]) {
        0 => joined(&[&family, &joined(&[&title, &given], " ")], ", "),
        1 => joined(&[&family, &given], " "),
        _ => joined(&[&title, &given, &family], " "),
    };
    about.push(
        Source::Erp,
        &[
            key,
            &sheet.salutation.to_uppercase(),
            &cut(capitals(&sheet.company)),
            &cut(name),
            &capitals(&sheet.street),
            &sheet.number.to_uppercase(),
            &sheet.postal_code,
            &city(sheet),
            sheet.country,
            &sheet.phone,
            &sheet.mailbox,
            &sheet.born.map(german).unwrap_or_default(),
            &sheet.tax,
            &days[0],
            &days[1],
        ],
    );
}

/// American cities carry their state: there is no field for it.
fn city(sheet: &Sheet) -> String {
    if sheet.country() == Country::Us && !sheet.city.contains(',') {
        return capitals(&joined(&[&sheet.city, sheet.region], " "));
    }
    capitals(&sheet.city)
}

/// What fits into a field for names.
fn cut(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(NAME_WIDTH) {
        name.truncate(end);
    }
    name
}

fn capitals(text: &str) -> String {
    let mut text = without_umlauts(text, true);
    text.make_ascii_uppercase();
    text
}
