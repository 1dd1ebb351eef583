//! Mailboxes and telephones: slips, mailboxes of somebody else, numbers that stand for none.

use super::super::calendar::Day;
use super::super::locale::{Country, Language};
use super::super::mailbox::plain;
use super::super::person::Person;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::letters::{digit, edit};

/// What people of a language write into the fields of a form that they would rather leave empty, and the mailboxes that
/// many of them share.
struct Words {
    no_mailboxes: [&'static str; 5],
    no_phones: [&'static str; 5],
    /// Of an office, a practice, a club: many people, few mailboxes.
    roles: [&'static str; 7],
    trades: [&'static str; 6],
    tags: [&'static str; 3],
}

const WORDS: [Words; 3] = [
    Words {
        no_mailboxes: [
            "keine@example.com",
            "noreply@example.com",
            "k.A.",
            "test@test.example",
            "unbekannt@example.org",
        ],
        no_phones: ["000000", "0123456789", "-", "keine", "99999999"],
        roles: ["info", "kontakt", "office", "buero", "bestellung", "praxis", "verein"],
        trades: ["elektro", "malerei", "kanzlei", "zahnarzt", "sportverein", "optik"],
        tags: ["+shop", "+newsletter", "+bestellung"],
    },
    Words {
        no_mailboxes: [
            "none@example.com",
            "noreply@example.com",
            "n/a",
            "test@test.example",
            "na@example.org",
        ],
        no_phones: ["000000", "0123456789", "-", "none", "99999999"],
        roles: ["info", "contact", "office", "admin", "orders", "reception", "club"],
        trades: ["electric", "painters", "law", "dental", "sportsclub", "optics"],
        tags: ["+shop", "+newsletter", "+orders"],
    },
    Words {
        no_mailboxes: [
            "aucun@example.com",
            "noreply@example.com",
            "néant",
            "test@test.example",
            "inconnu@example.org",
        ],
        no_phones: ["000000", "0123456789", "-", "aucun", "99999999"],
        roles: ["info", "contact", "bureau", "secretariat", "commande", "cabinet", "club"],
        trades: ["electricite", "peinture", "avocats", "dentiste", "clubsportif", "optique"],
        tags: ["+achats", "+newsletter", "+commande"],
    },
];

pub(super) fn distort(sheet: &mut Sheet, others: &[Person], day: Day, typist: &mut Typist) {
    if !sheet.mailbox.is_empty() {
        mailbox(sheet, others, day, typist);
    }
    let words = &WORDS[sheet.country().language() as usize];
    for phone in [&mut sheet.phone, &mut sheet.mobile] {
        if phone.is_empty() {
            continue;
        }
        if typist.slips([0.002, 0.01, 0.03]) {
            digit(phone, &mut typist.draw);
        }
        if typist.slips([0.0005, 0.004, 0.015]) {
            (*typist.draw.pick(&words.no_phones)).clone_into(phone);
        }
    }
    if sheet.phone.starts_with('0') && sheet.country() != Country::Fr && typist.slips([0.005, 0.02, 0.05]) {
        // The area code was left out.
        if let Some((_, local)) = sheet.phone.split_once([' ', '/'])
            && local.len() > 4
        {
            sheet.phone = local.to_owned();
        }
    }
    if !sheet.phone.is_empty() && !sheet.mobile.is_empty() && typist.varies([0.01, 0.05, 0.1]) {
        std::mem::swap(&mut sheet.phone, &mut sheet.mobile);
    }
}

fn mailbox(sheet: &mut Sheet, others: &[Person], day: Day, typist: &mut Typist) {
    let language = sheet.country().language();
    let words = &WORDS[language as usize];
    if typist.varies([0.01, 0.03, 0.06]) {
        // The mailbox of the partner, or of the place of work.
        let of_other = others.first().and_then(|other| other.mailbox.on(day).clone());
        sheet.mailbox = match of_other {
            Some(mailbox) if typist.draw.chance(0.75) => mailbox,
            _ => {
                let place = plain(&sheet.city).replace(['(', ')', '/', '.'], "");
                let trade = typist.draw.pick(&words.trades);
                format!("{}@{trade}-{place}.example.com", typist.draw.pick(&words.roles))
            }
        };
    }
    let mailbox = &mut sheet.mailbox;
    let mut at = mailbox.find('@').unwrap_or_else(|| {
        mailbox.push('@');
        mailbox.len() - 1
    });
    if typist.slips([0.002, 0.01, 0.03]) {
        let mut local = mailbox[..at].to_owned();
        ascii_edit(&mut local, language, typist);
        mailbox.replace_range(..at, &local);
        at = local.len();
    }
    if let Some((host, _)) = mailbox[at + 1..].split_once('.')
        && host != "example"
        && typist.slips([0.002, 0.01, 0.03])
    {
        let (start, end) = (at + 1, at + 1 + host.len());
        let mut host = host.to_owned();
        ascii_edit(&mut host, language, typist);
        mailbox.replace_range(start..end, &host);
    }
    if typist.varies([0.005, 0.01, 0.015]) {
        mailbox.insert_str(at, typist.draw.pick::<&str>(&words.tags));
    }
    if typist.varies([0.05, 0.1, 0.15]) {
        sheet.mailbox = if typist.draw.chance(0.3) {
            sheet.mailbox.to_uppercase()
        } else {
            // As a telephone writes the first letter.
            let mut letters = sheet.mailbox.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        };
    }
    if typist.slips([0.001, 0.006, 0.02]) {
        (*typist.draw.pick(&words.no_mailboxes)).clone_into(&mut sheet.mailbox);
    }
}

/// A slip among the letters that an address can have.
fn ascii_edit(text: &mut String, language: Language, typist: &mut Typist) {
    let mut edited = text.clone();
    edit(&mut edited, language, &mut typist.draw);
    if edited.is_ascii() {
        *text = edited;
    }
}
