//! The shop: every order carries its customer as typed at the checkout, or as the account has it.

use super::super::calendar::{Day, END, START, day};
use super::super::digits;
use super::super::household;
use super::super::person::Person;
use super::super::random::Draw;
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::{About, Coverage, KEY_MISSING, REDELIVERED, Source, Subject, iso};

const COVERAGE: Coverage = Coverage { private: 0.70, contact: 0.45, organisation: 0.0 };
/// After each order the chance of another; 2.2 orders on average.
const AGAIN: f64 = 0.545;
const MOST_ORDERS: usize = 24;
/// Shares of customers in hundredths: with an account, guests always, guests first and later with an account.
const CUSTOMERS: [u32; 3] = [72, 16, 12];
const RETURNED: f64 = 0.06;
/// An order of which the export lost the customer.
const NO_CUSTOMER: [f64; 3] = [0.000_5, 0.002, 0.005];
/// Orders that are presents, sent to somebody else.
const GIFT: f64 = 0.04;
/// Other orders that are sent to a parcel shop or the place of work.
const ELSEWHERE: f64 = 0.05;
/// Orders through a marketplace of those who have a mailbox there with others.
const RELAYED: f64 = 0.6;
/// The account that is brought up to date when the customer's life has changed.
const KEPT_UP: f64 = 0.7;

/// The columns with their kinds.
pub(crate) const COLUMNS: [(&str, &str); 19] = [
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
    ("ship_name", "ignore"),
    ("ship_street", "ignore"),
    ("ship_zip", "ignore"),
    ("ship_city", "ignore"),
    ("ship_country", "ignore"),
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
    let customers = &about.world.customers;
    let number = digits::labelled("", customers.at(about.number()) + customers.round_base());
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
        let delivery = delivery(about, sheet, day, &mut typist.draw);
        let order = Order { number, sheet, delivery: delivery.as_ref() };
        order.export(about, record, day, total, &mut typist);
        record += 1;
        let back = day + draw.range(4, 30);
        if draw.chance(RETURNED) && back < END {
            let part = if draw.chance(0.6) { total } else { total * draw.range(20, 80) / 100 };
            order.export(about, record, back, -part, &mut typist);
            record += 1;
        }
    }
}

fn typed(about: &mut About<'_>, draw: &mut Draw, day: Day) -> (Sheet, Typist) {
    let (mut sheet, mut typist) = about.typed(draw, Source::Orders, day);
    if sheet.mailbox.is_empty() && typist.draw.chance(0.92) {
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
    if let Subject::Person(Person { relay: Some(relay), .. }) = about.subject
        && typist.draw.chance(RELAYED)
    {
        sheet.mailbox.clone_from(relay);
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

/// Where an order goes, if not to the customer: to whoever gets a present, or to the customer at another place.
fn delivery(about: &About<'_>, sheet: &Sheet, day: Day, draw: &mut Draw) -> Option<Sheet> {
    let mut delivery = Sheet::default();
    if draw.chance(GIFT) && about.world.households() > 0 {
        let household = draw.below(about.world.households() as usize) as u64;
        let members = household::household(about.world, household);
        let recipient = draw.pick(&members);
        recipient.given.clone_into(&mut delivery.given);
        delivery.family.clone_from(&recipient.family.on(day).name.text);
        delivery.place(&recipient.home.on(day).address);
    } else if draw.chance(ELSEWHERE) {
        delivery.given.clone_from(&sheet.given);
        delivery.family.clone_from(&sheet.family);
        delivery.postal_code.clone_from(&sheet.postal_code);
        delivery.city.clone_from(&sheet.city);
        delivery.country = sheet.country;
        delivery.street =
            digits::labelled(draw.pick::<&str>(&["Packstation ", "Paketshop "]), 101 + draw.below(80) as u64);
    } else {
        return None;
    }
    Some(delivery)
}

/// What two rows of an order have in common: the order itself, and its return.
struct Order<'a> {
    /// The number of the customer's account; empty for guests.
    number: &'a str,
    sheet: &'a Sheet,
    /// Where it is sent, if not to the customer.
    delivery: Option<&'a Sheet>,
}

impl Order<'_> {
    fn export(&self, about: &mut About<'_>, record: u64, day: Day, total: i32, typist: &mut Typist) {
        let key = about.key(Source::Orders, record);
        if typist.exports_badly(KEY_MISSING) {
            self.write(about, "", day, total);
        } else if typist.exports_badly(NO_CUSTOMER) {
            let nobody = Sheet { currency: self.sheet.currency, ..Sheet::default() };
            Order { number: "", sheet: &nobody, delivery: None }.write(about, &key, day, total);
        } else {
            about.note(Source::Orders, &key, day);
            self.write(about, &key, day, total);
            if typist.exports_badly(REDELIVERED) {
                about.rows.repeat_last();
            }
        }
    }

    fn write(&self, about: &mut About<'_>, key: &str, day: Day, total: i32) {
        let sheet = self.sheet;
        let [name, street] = self.delivery.map(|to| [to.name_line(), to.street_line()]).unwrap_or_default();
        let [zip, city, country] =
            self.delivery.map(|to| [to.postal_code.as_str(), &to.city, to.country]).unwrap_or_default();
        about.push(
            Source::Orders,
            &[
                key,
                &iso(day),
                self.number,
                &sheet.name_line(),
                &sheet.company,
                &sheet.mailbox,
                &sheet.mobile,
                &sheet.street_line(),
                &sheet.postal_code,
                &sheet.city,
                sheet.region,
                sheet.country,
                &name,
                &street,
                zip,
                city,
                country,
                &amount(total, day < migration()),
                sheet.currency,
            ],
        );
    }
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
    let (whole, rest) = (u64::from(cents.unsigned_abs() / 100), u64::from(cents.unsigned_abs() % 100));
    let mut text = String::with_capacity(12);
    if cents < 0 {
        text.push('-');
    }
    if german && whole >= 1_000 {
        digits::push(&mut text, whole / 1_000, 1);
        text.push('.');
        digits::push(&mut text, whole % 1_000, 3);
    } else {
        digits::push(&mut text, whole, 1);
    }
    text.push(if german { ',' } else { '.' });
    digits::push(&mut text, rest, 2);
    text
}
