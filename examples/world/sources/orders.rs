//! The shop: every order carries its customer as typed at the checkout, or as the account has it.

use super::super::calendar::{Day, END, START, day};
use super::super::random::Draw;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::{About, Coverage, KEY_MISSING, REDELIVERED, Source, Subject, iso};

const COVERAGE: Coverage = Coverage { private: 0.70, contact: 0.45, organisation: 0.0 };
/// After each order the chance of another; 2.2 orders on average.
const AGAIN: f64 = 0.545;
const MOST_ORDERS: usize = 24;
/// Shares of customers in hundredths: with an account, guests always, guests first and later with an account.
const CUSTOMERS: [u32; 3] = [68, 18, 14];
const RETURNED: f64 = 0.06;
/// An order of which the export lost the customer.
const NO_CUSTOMER: [f64; 3] = [0.000_5, 0.002, 0.005];
/// The account that is brought up to date when the customer's life has changed.
const KEPT_UP: f64 = 0.7;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 14] = [
    ("order_no", ""),
    ("order_date", ""),
    ("customer_no", "loyalty_id"),
    ("name", "full_name"),
    ("company", "org_name"),
    ("email", "email"),
    ("phone", "phone"),
    ("street", "street"),
    ("zip", "postal_code"),
    ("city", "city"),
    ("state", "region"),
    ("country", "country"),
    ("total", ""),
    ("currency", ""),
];

/// The day on which the shop changed its software; the old one wrote amounts as `1.234,56`.
fn migration() -> Day {
    day(2022, 3, 1)
}

/// Writes the orders of a person.
pub(crate) fn export(about: &mut About<'_>) {
    let draw = &mut about.draw(Source::Orders);
    let last = about.end() - 1;
    if !about.is_known(draw, COVERAGE) || last <= START {
        return;
    }
    let count = 1 + draw.geometric(AGAIN, MOST_ORDERS - 1);
    let mut days: Vec<Day> = (0..count).map(|_| draw.range(START, last)).collect();
    days.sort_unstable();
    let guest_orders = match draw.weighted(&CUSTOMERS) {
        0 => 0,
        1 => count,
        _ => 1 + draw.below(count),
    };
    let number = about.world.keys[3].at(about.number()) + about.world.keys[3].round_base();
    let number = number.to_string();
    let (mut account, mut record) = (None::<(usize, Sheet)>, 0);
    for (at, &day) in days.iter().enumerate() {
        let guest = at < guest_orders;
        let at_checkout = guest.then(|| typed(about, draw, day));
        let (sheet, mut typist) = match &at_checkout {
            Some((sheet, typist)) => (sheet, typist.clone()),
            None => account_at(about, draw, day, &mut account),
        };
        let total = total(draw);
        let number = if guest { "" } else { &number };
        order(about, record, day, number, sheet, total, &mut typist);
        record += 1;
        let back = day + draw.range(4, 30);
        if draw.chance(RETURNED) && back < END {
            let part = if draw.chance(0.6) { total } else { total * draw.range(20, 80) / 100 };
            order(about, record, back, number, sheet, -part, &mut typist);
            record += 1;
        }
    }
}

fn typed(about: &mut About<'_>, draw: &mut Draw, day: Day) -> (Sheet, Typist) {
    let (mut sheet, mut typist) = about.typed(draw, Source::Orders, day);
    if sheet.mailbox.is_empty() && typist.draw.chance(0.85) {
        // Whoever has no mailbox asks for another's.
        let own = match about.subject {
            Subject::Person(person) => Some(person),
            Subject::Organisation(_) => None,
        };
        let mut people = own.into_iter().chain(about.others);
        sheet.mailbox = people.find_map(|person| person.mailbox.on(day).clone()).unwrap_or_default();
    }
    if typist.draw.chance(0.1) {
        // A marketplace passes on a mailbox of its own for each order.
        if typist.draw.chance(0.25) {
            sheet.mailbox = format!("{:012x}@kunden.marktplatz.example.net", typist.draw.next() >> 16);
        }
    }
    if sheet.mobile.is_empty() || typist.draw.chance(0.2) {
        sheet.mobile = std::mem::take(&mut sheet.phone);
    }
    if typist.draw.chance(0.55) {
        sheet.mobile.clear();
    }
    (sheet, typist)
}

/// The customer as the account has it: typed once, and again after some of the changes.
fn account_at<'a>(
    about: &mut About<'_>,
    draw: &mut Draw,
    day: Day,
    account: &'a mut Option<(usize, Sheet)>,
) -> (&'a Sheet, Typist) {
    let state = about.subject.state(day);
    let current = account.take().filter(|(of, _)| *of == state || !draw.chance(KEPT_UP));
    let sheet = match current {
        Some((_, sheet)) => sheet,
        None => typed(about, draw, day).0,
    };
    let typist = Typist::of_export(Draw::of(draw.next(), "export", 0), about.world.tier);
    (&account.insert((state, sheet)).1, typist)
}

fn order(
    about: &mut About<'_>,
    record: u64,
    day: Day,
    number: &str,
    sheet: &Sheet,
    total: i32,
    typist: &mut Typist,
) {
    let key = about.key(Source::Orders, record);
    if typist.exports_badly(KEY_MISSING) {
        write(about, "", day, number, sheet, total);
    } else if typist.exports_badly(NO_CUSTOMER) {
        let nobody = Sheet { currency: sheet.currency, ..Sheet::default() };
        write(about, &key, day, "", &nobody, total);
    } else {
        about.note(Source::Orders, &key, day);
        write(about, &key, day, number, sheet, total);
        if typist.exports_badly(REDELIVERED) {
            about.rows.repeat_last();
        }
    }
}

fn write(about: &mut About<'_>, key: &str, day: Day, number: &str, sheet: &Sheet, total: i32) {
    about.push(
        Source::Orders,
        &[
            key,
            &iso(day),
            number,
            &sheet.name_line(),
            &sheet.company,
            &sheet.mailbox,
            &sheet.mobile,
            &sheet.street_line(),
            &sheet.postal_code,
            &sheet.city,
            sheet.region,
            sheet.country,
            &amount(total, day < migration()),
            sheet.currency,
        ],
    );
}

/// The price of a basket in cents.
fn total(draw: &mut Draw) -> i32 {
    let items = 1 + draw.geometric(0.42, 6);
    let mut total = 0;
    for _ in 0..items {
        let euros = 4 + draw.range(0, 16) * draw.range(0, 14);
        let euros = if draw.chance(0.04) { euros * 8 } else { euros };
        total += 100 * euros + draw.pick(&[99, 99, 99, 95, 95, 90, 50, 0]);
    }
    if total < 5_000 { total + 495 } else { total }
}

fn amount(cents: i32, german: bool) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
    match (german, whole) {
        (true, 1_000..) => format!("{sign}{}.{:03},{rest:02}", whole / 1_000, whole % 1_000),
        (true, _) => format!("{sign}{whole},{rest:02}"),
        (false, _) => format!("{sign}{whole}.{rest:02}"),
    }
}
