//! The accounts of the CRM: organisations under their legal name or the one that everybody knows, with website and
//! switchboard.

use super::super::calendar::{Day, END, START, YEAR};
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::{About, Coverage, Draw, KEY_MISSING, REDELIVERED, Source, Subject, iso};

const COVERAGE: Coverage = Coverage { private: 0.0, contact: 0.0, organisation: 0.90 };
const TWICE: f64 = 0.10;
/// Accounts under the trade name, of the organisations that have one.
const TRADE_NAME: f64 = 0.5;
/// Accounts that tell the VAT number and the website.
const TAX: f64 = 0.40;
const WEBSITE: f64 = 0.65;
/// Accounts in whose name a web address stands.
const NAME_IS_HOST: f64 = 0.004;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 13] = [
    ("account_nr", ""),
    ("name", "org_name"),
    ("strasse", "street"),
    ("plz", "postal_code"),
    ("ort", "city"),
    ("region", "region"),
    ("land", "country"),
    ("zentrale", "phone"),
    ("email", "email"),
    ("website", "url"),
    ("ust_id", "tax_id"),
    ("angelegt_am", ""),
    ("geaendert_am", ""),
];

/// Writes the accounts of an organisation.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Accounts);
    for copy in 0..about.copies(draw, COVERAGE, TWICE) {
        let created = draw.range(START - 3 * YEAR, END - 40);
        let changed = if draw.chance(0.4) { draw.range(created + 1, END - 1) } else { created };
        let key = about.key(Source::Accounts, copy);
        let (mut sheet, mut typist) = about.typed(draw, Source::Accounts, changed);
        let website = website(about, changed, &mut sheet, &mut typist);
        let days = [iso(created), iso(changed)];
        if typist.exports_badly(KEY_MISSING) {
            write(about, "", &sheet, &website, &days);
            continue;
        }
        about.note(Source::Accounts, &key, changed);
        write(about, &key, &sheet, &website, &days);
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

/// The key of the first account of a person's employer; empty without one.
pub(super) fn key_of_employer(about: &About<'_>, day: Day) -> String {
    let Subject::Person(person) = about.subject else { return String::new() };
    let Some(job) = person.job.on(day) else { return String::new() };
    let number = about.world.own_number(job.organisation.number);
    let is_known = about.draw_of(Source::Accounts, number).chance(COVERAGE.organisation);
    if is_known { about.key_of(Source::Accounts, number, 0) } else { String::new() }
}

/// Brings the sheet into the form of an account, and gives its website.
fn website(about: &About<'_>, day: Day, sheet: &mut Sheet, typist: &mut Typist) -> String {
    let Subject::Organisation(organisation) = about.subject else { return String::new() };
    let draw = &mut typist.draw;
    let host = host(&organisation.domain, draw);
    if draw.chance(NAME_IS_HOST) {
        sheet.company.clone_from(&organisation.domain);
    } else if let Some(name) = &organisation.trade_name
        && draw.chance(TRADE_NAME)
    {
        sheet.company.clone_from(name);
    } else if sheet.company.is_empty() {
        sheet.company = organisation.legal_name(day);
    }
    if !draw.chance(TAX) {
        sheet.tax.clear();
    }
    if draw.chance(WEBSITE) { host } else { String::new() }
}

/// A web address as it is typed.
pub(super) fn host(domain: &str, draw: &mut Draw) -> String {
    let (before, behind) = *draw.pick(&[
        ("www.", ""),
        ("www.", ""),
        ("https://www.", ""),
        ("https://www.", "/"),
        ("http://www.", ""),
        ("", ""),
    ]);
    [before, domain, behind].concat()
}

fn write(about: &mut About<'_>, key: &str, sheet: &Sheet, website: &str, days: &[String; 2]) {
    about.push(
        Source::Accounts,
        &[
            key,
            &sheet.company,
            &sheet.street_line(),
            &sheet.postal_code,
            &sheet.city,
            sheet.region,
            sheet.country,
            &sheet.phone,
            &sheet.mailbox,
            website,
            &sheet.tax,
            &days[0],
            &days[1],
        ],
    );
}
