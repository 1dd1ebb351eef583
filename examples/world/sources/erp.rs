//! The ERP: capitals without umlauts, names in lines of 35 letters, German dates, bank accounts.

use super::super::bank;
use super::super::calendar::{Day, END, START, YEAR, civil};
use super::super::errors::without_umlauts;
use super::super::household::MOST_MEMBERS;
use super::super::locale::Country;
use super::super::sheet::{Sheet, joined};
use super::super::tier::Typist;
use super::{About, Coverage, Draw, KEY_MISSING, REDELIVERED, SUPERSEDED, Source, Subject, german};

const COVERAGE: Coverage = Coverage { private: 0.45, contact: 0.06, organisation: 0.65 };
const TWICE: f64 = 0.04;
/// Letters of a line for a name.
const NAME_WIDTH: usize = 35;
/// Long names that go on in a second line; the others are cut off.
const SECOND_LINE: f64 = 0.5;
/// Debtors whose bank account is known.
const BANK: f64 = 0.30;
/// Partners who pay from the account of the other.
const JOINT_ACCOUNT: f64 = 0.25;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 17] = [
    ("DEBITOR", ""),
    ("ANREDE", "gender"),
    ("FIRMA1", "org_name"),
    ("FIRMA2", "ignore"),
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
    ("IBAN", "iban"),
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
        let iban = iban(about, created, &mut typist.draw);
        if typist.exports_badly(KEY_MISSING) {
            write(about, "", &sheet, &days, &iban, &mut typist.draw);
            continue;
        }
        about.note(Source::Erp, &key, changed);
        if changed > created && typist.exports_badly(SUPERSEDED) {
            let (mut older, mut of_older) = about.typed(draw, Source::Erp, created);
            leave_out(&mut older, &mut of_older.draw);
            let days = [days[0].clone(), days[0].clone()];
            write(about, &key, &older, &days, &iban, &mut of_older.draw);
        }
        write(about, &key, &sheet, &days, &iban, &mut typist.draw);
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

fn write(about: &mut About<'_>, key: &str, sheet: &Sheet, days: &[String; 2], iban: &str, draw: &mut Draw) {
    let (title, given, family) = (capitals(&sheet.title), capitals(&sheet.given), capitals(&sheet.family));
    let name = match draw.weighted(&[76, 12, 12]) {
        0 => joined(&[&family, &joined(&[&title, &given], " ")], ", "),
        1 => joined(&[&family, &given], " "),
        _ => joined(&[&title, &given, &family], " "),
    };
    let company = capitals(&sheet.company);
    let (first, second) = lines(&company, draw);
    about.push(
        Source::Erp,
        &[
            key,
            &sheet.salutation.to_uppercase(),
            first,
            second,
            cut(&name),
            &capitals(&sheet.street),
            &sheet.number.to_uppercase(),
            &sheet.postal_code,
            &city(sheet),
            sheet.country,
            &sheet.phone,
            &sheet.mailbox,
            &sheet.born.map(german).unwrap_or_default(),
            &sheet.tax,
            iban,
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

/// What fits into a line for names.
fn cut(name: &str) -> &str {
    name.char_indices().nth(NAME_WIDTH).map_or(name, |(end, _)| &name[..end])
}

/// A name in one or two lines.
fn lines<'a>(name: &'a str, draw: &mut Draw) -> (&'a str, &'a str) {
    let line = cut(name);
    let in_two = line.len() < name.len() && draw.chance(SECOND_LINE);
    // A blank behind the line ends a word too.
    let end = if name[line.len()..].starts_with(' ') { Some(line.len()) } else { line.rfind(' ') };
    match end {
        Some(end) if in_two => (&name[..end], cut(&name[end + 1..])),
        _ => (line, ""),
    }
}

/// The bank account, of those who pay by it.
fn iban(about: &About<'_>, day: Day, draw: &mut Draw) -> String {
    if !draw.chance(BANK) {
        return String::new();
    }
    let mut number = about.number();
    let home = match about.subject {
        Subject::Person(person) => {
            let is_partner = person.job.latest().is_none() && number % MOST_MEMBERS == 1;
            number -= u64::from(is_partner && draw.chance(JOINT_ACCOUNT));
            person.home.on(day)
        }
        Subject::Organisation(organisation) => organisation.home.on(day),
    };
    let country = home.address.city.country.code();
    bank::iban(about.world.seed(), number, country).unwrap_or_default()
}

fn capitals(text: &str) -> String {
    let mut text = without_umlauts(text, true);
    text.make_ascii_uppercase();
    text
}
