//! The support: tickets with a name as somebody wrote it, a mailbox or a number, and a message whose signature tells
//! more than the columns do.

use super::super::calendar::START;
use super::super::random::Draw;
use super::super::sheet::{Sheet, joined};
use super::{About, Coverage, REDELIVERED, Source, iso};

const COVERAGE: Coverage = Coverage { private: 0.12, contact: 0.16, organisation: 0.0 };
/// After each ticket the chance of another.
const AGAIN: f64 = 0.3;
const MOST_TICKETS: usize = 12;
/// Tickets that came by telephone; the others came by mail.
const CALLS: f64 = 0.3;
/// Mails that end in a signature.
const SIGNED: f64 = 0.6;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 8] = [
    ("ticket_no", ""),
    ("created_at", ""),
    ("channel", "ignore"),
    ("requester", "full_name"),
    ("requester_email", "email"),
    ("requester_phone", "phone"),
    ("subject", "ignore"),
    ("message", "ignore"),
];

/// What people write about.
const CONCERNS: [(&str, &str); 8] = [
    ("Lieferung verspätet", "wo bleibt meine Bestellung? Die Lieferung war für letzte Woche angekündigt."),
    ("Rechnung fehlt", "bitte schicken Sie mir die Rechnung noch einmal zu."),
    ("Rücksendung", "ich möchte einen Artikel zurückgeben. Wie gehe ich vor?"),
    ("Adresse geändert", "meine Adresse hat sich geändert, bitte passen Sie sie an."),
    ("Falscher Artikel", "Sie haben mir leider den falschen Artikel geschickt."),
    ("Passwort vergessen", "ich komme nicht mehr in mein Kundenkonto."),
    ("Reklamation", "das Gerät ist nach zwei Wochen defekt. Was nun?"),
    ("Frage zum Produkt", "ist der Artikel auch in einer anderen Größe lieferbar?"),
];

/// Writes the tickets of a person.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Support);
    let last = about.end() - 1;
    if !about.is_known(draw, COVERAGE) || last <= START {
        return;
    }
    for ticket in 0..=draw.geometric(AGAIN, MOST_TICKETS - 1) as u64 {
        let day = draw.range(START, last);
        let (mut sheet, mut typist) = about.typed(draw, Source::Support, day);
        let draw = &mut typist.draw;
        if sheet.mobile.is_empty() || (!sheet.phone.is_empty() && draw.chance(0.4)) {
            std::mem::swap(&mut sheet.mobile, &mut sheet.phone);
        }
        let called = !sheet.mobile.is_empty() && (sheet.mailbox.is_empty() || draw.chance(CALLS));
        let (subject, concern) = *draw.pick(&CONCERNS);
        let message = if called { note(concern) } else { mail(concern, &sheet, draw) };
        if called { &mut sheet.mailbox } else { &mut sheet.mobile }.clear();
        let requester = requester(&sheet, draw);
        let key = about.key(Source::Support, ticket);
        about.note(Source::Support, &key, day);
        about.push(
            Source::Support,
            &[
                &key,
                &iso(day),
                if called { "phone" } else { "email" },
                &requester,
                &sheet.mailbox,
                &sheet.mobile,
                subject,
                &message,
            ],
        );
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

/// The name as free text.
fn requester(sheet: &Sheet, draw: &mut Draw) -> String {
    let (given, family) = (&sheet.given, &sheet.family);
    match draw.weighted(&[50, 14, 14, 10, 6, 6]) {
        0 => sheet.name_line(),
        1 => joined(&[sheet.salutation, family], " "),
        2 => joined(&[family, given], ", "),
        3 => sheet.name_line().to_lowercase(),
        4 => given.clone(),
        _ => {
            let initial: String = given.chars().take(1).collect();
            if initial.is_empty() { family.clone() } else { [&initial, ". ", family].concat() }
        }
    }
}

/// What the agent noted.
fn note(concern: &str) -> String {
    ["Anruf: ", concern].concat()
}

fn mail(concern: &str, sheet: &Sheet, draw: &mut Draw) -> String {
    let greeting = draw.pick(&["Guten Tag", "Hallo", "Sehr geehrte Damen und Herren"]);
    let mut mail = [greeting, ",\n", concern].concat();
    if draw.chance(SIGNED) {
        let city = joined(&[&sheet.postal_code, &sheet.city], " ");
        let (name, street) = (sheet.name_line(), sheet.street_line());
        mail.push_str("\n\n-- \n");
        mail.push_str(&joined(&[&name, &sheet.company, &street, &city, &sheet.mobile], "\n"));
    }
    mail
}
