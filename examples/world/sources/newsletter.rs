//! The newsletter: a mailbox, and now and then a name.

use super::super::calendar::START;
use super::{About, Coverage, REDELIVERED, Source, iso};

const COVERAGE: Coverage = Coverage { private: 0.42, contact: 0.35, organisation: 0.15 };
const TWICE: f64 = 0.10;
/// Subscribers in hundredths who give nothing but the mailbox, their first name too, or the whole name.
const GIVEN_AWAY: [u32; 3] = [55, 30, 15];

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 7] = [
    ("subscriber_id", ""),
    ("email", "email"),
    ("first_name", "given_name"),
    ("last_name", "family_name"),
    ("language", "ignore"),
    ("status", "ignore"),
    ("signup_date", ""),
];

/// Writes the subscriptions; nobody subscribes without a mailbox.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Newsletter);
    let last = about.end() - 1;
    for copy in 0..about.copies(draw, COVERAGE, TWICE) {
        if last <= START {
            return;
        }
        let day = draw.range(START, last);
        let (mut sheet, mut typist) = about.typed(draw, Source::Newsletter, day);
        if sheet.mailbox.is_empty() {
            continue;
        }
        match typist.draw.weighted(&GIVEN_AWAY) {
            0 => (sheet.given, sheet.family) = (String::new(), String::new()),
            1 => sheet.family = String::new(),
            _ => {}
        }
        let key = about.key(Source::Newsletter, copy);
        let language = if sheet.country == "DE" || sheet.country == "AT" { "de" } else { "" };
        let status = ["active", "unsubscribed", "bounced"][typist.draw.weighted(&[78, 16, 6])];
        about.note(Source::Newsletter, &key, day);
        about.push(
            Source::Newsletter,
            &[&key, &sheet.mailbox, &sheet.given, &sheet.family, language, status, &iso(day)],
        );
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}
