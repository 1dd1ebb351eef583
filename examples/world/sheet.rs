//! What was typed about a person or organisation on some day, before a source brings it into its own form.

use super::calendar::Day;
use super::locale::{Country, Language};
use super::names::Gender;
use super::organisation::Organisation;
use super::person::Person;
use super::phone::{Phone, typed_notation};
use super::place::Address;
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
    /// The state or county; empty in most countries.
    pub(crate) region: &'static str,
    /// As it was written; `land` is the country itself.
    pub(crate) country: &'static str,
    pub(crate) land: Option<Country>,
    pub(crate) currency: &'static str,
}

impl Sheet {
    /// What is true of a person on a day, in the notations of whoever types it.
    pub(crate) fn of_person(person: &Person, day: Day, typist: &mut Typist) -> Sheet {
        let home = person.home.on(day);
        let country = home.address.city.country;
        let mut sheet = Sheet {
            salutation: salutation(person.gender, country, typist),
            title: title(person.title, country).to_owned(),
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
        sheet.name_country(typist);
        sheet
    }

    /// What is true of an organisation on a day.
    pub(crate) fn of_organisation(organisation: &Organisation, day: Day, typist: &mut Typist) -> Sheet {
        let home = organisation.home.on(day);
        let mut sheet = Sheet {
            salutation: if home.address.city.country.language() == Language::German { "Firma" } else { "" },
            company: organisation.legal_name(day),
            tax: organisation.tax.clone().unwrap_or_default(),
            mailbox: organisation.mailbox.clone().unwrap_or_default(),
            phone: written(home.landline.as_ref(), typist),
            ..Sheet::default()
        };
        sheet.place(&home.address);
        sheet.name_country(typist);
        sheet
    }

    /// Writes an address into the sheet.
    pub(crate) fn place(&mut self, address: &Address) {
        self.street.clone_from(&address.street);
        self.number.clone_from(&address.number);
        self.unit.clone_from(&address.unit);
        address.postal_code.clone_into(&mut self.postal_code);
        address.city.name.clone_into(&mut self.city);
        self.region = address.city.region;
        self.country = address.city.country.code();
        self.land = Some(address.city.country);
        self.currency = address.city.country.currency();
    }

    /// Some write the name of a foreign country, or a code of their own.
    fn name_country(&mut self, typist: &mut Typist) {
        let country = self.country();
        if country.language() != Language::German && typist.varies([0.02, 0.15, 0.3]) {
            self.country = typist.draw.pick::<&str>(country.other_names());
        }
    }

    /// The country.
    pub(crate) fn country(&self) -> Country {
        self.land.unwrap_or(Country::De)
    }

    /// Street, number and unit in one line, in the order of the country.
    pub(crate) fn street_line(&self) -> String {
        let Sheet { street, number, unit, .. } = self;
        let (parts, separators): ([&str; 3], [&str; 2]) = match self.country() {
            Country::Us => ([number, street, unit], [" ", " "]),
            Country::Gb => ([unit, number, street], [", ", " "]),
            Country::Fr => ([number, street, unit], [" ", ", "]),
            Country::De | Country::At | Country::Ch => ([street, number, unit], [" ", ", "]),
        };
        let mut line = String::with_capacity(street.len() + number.len() + unit.len() + 4);
        for (at, part) in parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            if !line.is_empty() {
                line.push_str(separators[at - 1]);
            }
            line.push_str(part);
        }
        line
    }

    /// Given name and surname in one line.
    pub(crate) fn name_line(&self) -> String {
        joined(&[&self.given, &self.family], " ")
    }
}

/// How the record speaks to somebody: in the language of the system, or of the customer.
fn salutation(gender: Gender, country: Country, typist: &mut Typist) -> &'static str {
    let language = match country.language() {
        language @ (Language::English | Language::French) if typist.draw.chance(0.6) => language,
        _ => Language::German,
    };
    match (language, gender) {
        (Language::German, Gender::Female) => "Frau",
        (Language::German, Gender::Male) => "Herr",
        (Language::English, Gender::Female) => typist.draw.pick::<&str>(&["Ms", "Mrs", "Ms", "Mrs", "Miss"]),
        (Language::English, Gender::Male) => "Mr",
        (Language::French, Gender::Female) => typist.draw.pick::<&str>(&["Mme", "Mme", "Mme", "Madame"]),
        (Language::French, Gender::Male) => typist.draw.pick::<&str>(&["M.", "M.", "M.", "Monsieur"]),
    }
}

/// A title as it is written in a country.
fn title(title: &'static str, country: Country) -> &'static str {
    match (title, country.language(), country) {
        (_, Language::German, _) => title,
        ("Dr.", _, Country::Us) => "Dr.",
        ("Dr.", ..) => "Dr",
        ("Prof. Dr.", Language::French, _) => "Pr",
        ("Prof. Dr.", ..) => "Prof.",
        _ => "",
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
