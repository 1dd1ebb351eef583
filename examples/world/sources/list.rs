//! A list that was bought for marketing: years old, and the names of its companies read off their web pages.

use super::super::calendar::{END, YEAR};
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::{About, Coverage, Draw, REDELIVERED, Source, Subject, accounts, iso};

const COVERAGE: Coverage = Coverage { private: 0.10, contact: 0.12, organisation: 0.20 };
const TWICE: f64 = 0.15;
/// How old the list is.
const YOUNGEST: i32 = 2 * YEAR;
const OLDEST: i32 = 4 * YEAR;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 13] = [
    ("LeadId", ""),
    ("Company", "org_name"),
    ("FirstName", "given_name"),
    ("LastName", "family_name"),
    ("Street", "street"),
    ("Zip", "postal_code"),
    ("Town", "city"),
    ("State", "region"),
    ("Country", "country"),
    ("Phone", "phone"),
    ("Email", "email"),
    ("Website", "url"),
    ("SourceDate", ""),
];

/// Writes the leads.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::List);
    for copy in 0..about.copies(draw, COVERAGE, TWICE) {
        let day = draw.range(END - OLDEST, END - YOUNGEST);
        let (mut sheet, mut typist) = about.typed(draw, Source::List, day);
        let website = match about.subject {
            Subject::Organisation(organisation) => Some(organisation.domain.as_str()),
            Subject::Person(person) => {
                person.job.on(day).as_ref().map(|job| job.organisation.domain.as_str())
            }
        };
        let website = website.map(|domain| scrape(&mut sheet, domain, &mut typist)).unwrap_or_default();
        leave_out(&mut sheet, &mut typist.draw);
        let key = about.key(Source::List, copy);
        about.note(Source::List, &key, day);
        write(about, &key, &sheet, &website, &iso(day));
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

/// The name of a company as it stands in the title of its page; gives the web address.
fn scrape(sheet: &mut Sheet, domain: &str, typist: &mut Typist) -> String {
    let draw = &mut typist.draw;
    match draw.weighted(&[50, 14, 12, 12, 12]) {
        0 => {}
        1 => sheet.company.push_str(draw.pick::<&str>(&[
            " - Startseite",
            " | Home",
            " - Impressum",
            " - Kontakt",
        ])),
        2 => sheet.company = format!("{} {}", sheet.company, sheet.city),
        3 => sheet.company = sheet.company.to_uppercase(),
        _ => domain.clone_into(&mut sheet.company),
    }
    if draw.chance(0.7) { accounts::host(domain, draw) } else { String::new() }
}

/// What lists do not have.
fn leave_out(sheet: &mut Sheet, draw: &mut Draw) {
    if sheet.phone.is_empty() && draw.chance(0.5) {
        sheet.phone = std::mem::take(&mut sheet.mobile);
    }
    if draw.chance(0.4) {
        sheet.phone.clear();
    }
    if draw.chance(0.75) {
        sheet.mailbox.clear();
    }
}

fn write(about: &mut About<'_>, key: &str, sheet: &Sheet, website: &str, day: &str) {
    about.push(
        Source::List,
        &[
            key,
            &sheet.company,
            &sheet.given,
            &sheet.family,
            &sheet.street_line(),
            &sheet.postal_code,
            &sheet.city,
            sheet.region,
            sheet.country,
            &sheet.phone,
            &sheet.mailbox,
            website,
            day,
        ],
    );
}
