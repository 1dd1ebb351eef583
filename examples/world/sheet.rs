//! What was typed about a person or organisation on some day, before a source brings it into its own form.

use super::calendar::Day;
use super::names::Gender;
use super::organisation::Organisation;
use super::person::Person;
use super::phone::{Phone, typed_notation};
use super::place::{Address, Country};
use super::tier::Typist;

/// The values of a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) salutation: &'static str,
    pub(crate) title: String,
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) company: String,
    pub(crate) tax: String,
    /// Year, month, day.
    pub(crate) born: Option<(i32, i32, i32)>,
    pub(crate) mailbox: String,
    pub(crate) phone: String,
    pub(crate) mobile: String,
    pub(crate) street: String,
    pub(crate) number: String,
    pub(crate) unit: String,
    pub(crate) postal_code: String,
    pub(crate) city: String,
    pub(crate) country: &'static str,
    pub(crate) currency: &'static str,
}

impl Sheet {
    /// What is true of a person on a day, in the notations of whoever types it.
    pub(crate) fn of_person(person: &Person, day: Day, typist: &mut Typist) -> Sheet {
        let home = person.home.on(day);
        let mut sheet = Sheet {
            salutation: if person.gender == Gender::Female { "Frau" } else { "Herr" },
            title: person.title.to_owned(),
            given: person.given.to_owned(),
            family: person.family.on(day).name.text.clone(),
            born: Some(super::calendar::civil(person.born)),
            mailbox: person.mailbox.on(day).clone().unwrap_or_default(),
            phone: written(home.landline.as_ref(), typist),
            mobile: written(person.mobile.on(day).as_ref(), typist),
            ..Sheet::default()
        };
        if let Some(job) = person.job.on(day) {
            sheet.company = job.organisation.legal_name(day);
            sheet.tax = job.organisation.tax.clone().unwrap_or_default();
        }
        sheet.place(&home.address);
        sheet
    }

    /// What is true of an organisation on a day.
    pub(crate) fn of_organisation(organisation: &Organisation, day: Day, typist: &mut Typist) -> Sheet {
        let home = organisation.home.on(day);
        let mut sheet = Sheet {
            salutation: "Firma",
            company: organisation.legal_name(day),
            tax: organisation.tax.clone().unwrap_or_default(),
            mailbox: organisation.mailbox.clone().unwrap_or_default(),
            phone: written(home.landline.as_ref(), typist),
            ..Sheet::default()
        };
        sheet.place(&home.address);
        sheet
    }

    /// Writes an address into the sheet.
    pub(crate) fn place(&mut self, address: &Address) {
        self.street.clone_from(&address.street);
        self.number.clone_from(&address.number);
        self.unit.clone_from(&address.unit);
        address.postal_code.clone_into(&mut self.postal_code);
        address.city.name.clone_into(&mut self.city);
        self.country = address.city.country.code();
        self.currency = address.city.country.currency();
    }

    /// The country.
    pub(crate) fn country(&self) -> Country {
        match self.country {
            "AT" => Country::At,
            "CH" => Country::Ch,
            _ => Country::De,
        }
    }

    /// Street, number and unit in one line.
    pub(crate) fn street_line(&self) -> String {
        let mut line = String::with_capacity(self.street.len() + self.number.len() + self.unit.len() + 3);
        line.push_str(&self.street);
        for part in [&self.number, &self.unit] {
            if !part.is_empty() {
                if !line.is_empty() {
                    line.push(if std::ptr::eq(part, &raw const self.unit) { ',' } else { ' ' });
                    if line.ends_with(',') {
                        line.push(' ');
                    }
                }
                line.push_str(part);
            }
        }
        line
    }

    /// Given name and surname in one line.
    pub(crate) fn name_line(&self) -> String {
        joined(&[&self.given, &self.family], " ")
    }
}

/// The parts that are not empty.
pub(crate) fn joined(parts: &[&str], separator: &str) -> String {
    let mut line = String::with_capacity(parts.iter().map(|part| part.len() + separator.len()).sum());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push_str(separator);
        }
        line.push_str(part);
    }
    line
}

/// A number in some notation; empty where there is none.
pub(crate) fn written(phone: Option<&Phone>, typist: &mut Typist) -> String {
    phone.map(|phone| phone.written(typed_notation(&mut typist.draw))).unwrap_or_default()
}
