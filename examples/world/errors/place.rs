//! Addresses: other forms of the street, wrong digits, postal codes that a spreadsheet took for numbers.

use super::super::locale::{Country, Language};
use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::letters::{digit, edit, respell};

/// Words for streets with other forms that they take: at the end of German and English names, at the beginning of
/// French ones.
const STREET_FORMS: [&[(&str, &[&str])]; 3] = [
    &[
        ("straße", &["str.", "str.", "str.", "strasse", "str"]),
        ("strasse", &["str.", "str"]),
        ("Straße", &["Str.", "Str.", "Strasse", "Str"]),
        ("platz", &["pl.", "platz"]),
        ("allee", &["al.", "allee"]),
        ("weg", &["weg", "wg."]),
    ],
    &[
        (" Street", &[" St", " St.", " street"]),
        (" Road", &[" Rd", " Rd.", " Rd", " road"]),
        (" Avenue", &[" Ave", " Av.", " Ave"]),
        (" Lane", &[" Ln", " La", " lane"]),
        (" Close", &[" Cl", " Cl.", " close"]),
        (" Drive", &[" Dr", " Dr.", " drive"]),
        (" Crescent", &[" Cres", " Cresc"]),
        (" Gardens", &[" Gdns", " Gardens"]),
        (" Place", &[" Pl", " place"]),
        (" Terrace", &[" Terr", " Tce"]),
        (" Court", &[" Ct", " Crt"]),
        (" Grove", &[" Gr", " Grv"]),
        (" Square", &[" Sq"]),
        (" St", &[" Street", " St.", " Street", " st"]),
        (" Rd", &[" Road", " Rd.", " Road"]),
        (" Ave", &[" Avenue", " Ave.", " Av", " Avenue"]),
        (" Ln", &[" Lane", " Ln."]),
        (" Dr", &[" Drive", " Dr."]),
        (" Ct", &[" Court", " Ct."]),
        (" Blvd", &[" Boulevard", " Blvd."]),
        (" Pl", &[" Place", " Pl."]),
        (" Cir", &[" Circle", " Cir."]),
        (" Trl", &[" Trail"]),
        (" Ter", &[" Terrace"]),
        (" Pkwy", &[" Parkway", " Pky"]),
    ],
    &[
        ("Rue ", &["rue ", "rue ", "R. ", "rue ", "r "]),
        ("Avenue ", &["Av. ", "av. ", "Ave ", "avenue "]),
        ("Boulevard ", &["Bd ", "Bld ", "Blvd ", "bd "]),
        ("Place ", &["Pl. ", "pl. ", "place "]),
        ("Chemin ", &["Ch. ", "Chem. ", "chemin "]),
        ("Impasse ", &["Imp. ", "impasse ", "Imp "]),
        ("Allée ", &["All. ", "allée ", "Allee "]),
        ("Route ", &["Rte ", "route "]),
        ("Square ", &["Sq. ", "square "]),
        ("Quai ", &["quai "]),
    ],
];
/// Parts of a town, by language; the British and Americans name none behind the city.
const DISTRICTS: [&str; 7] = ["Mitte", "Nord", "Süd", "West", "Ost", "Altstadt", "Neustadt"];
/// Short names of cities, and others that they go by.
const OTHER_CITIES: [(&str, &[&str]); 17] = [
    ("New York", &["NYC", "New York City", "Manhattan", "NY"]),
    ("Los Angeles", &["LA", "L.A.", "Hollywood", "Van Nuys"]),
    ("San Francisco", &["SF", "San Fran"]),
    ("Philadelphia", &["Philly", "Phila."]),
    ("Saint Louis", &["St. Louis", "St Louis"]),
    ("Saint Paul", &["St. Paul", "St Paul"]),
    ("Fort Worth", &["Ft. Worth", "Ft Worth"]),
    ("Fort Lauderdale", &["Ft. Lauderdale", "Ft Lauderdale"]),
    ("Fort Wayne", &["Ft. Wayne"]),
    ("Salt Lake City", &["SLC", "Salt Lake"]),
    ("Oklahoma City", &["OKC", "Oklahoma"]),
    ("Washington", &["Washington DC", "Washington D.C."]),
    ("Newcastle upon Tyne", &["Newcastle", "Newcastle-upon-Tyne"]),
    ("Kingston upon Hull", &["Hull"]),
    ("Stoke-on-Trent", &["Stoke", "Stoke on Trent"]),
    ("Southend-on-Sea", &["Southend", "Southend on Sea"]),
    ("Brighton", &["Brighton & Hove"]),
];

pub(super) fn distort(sheet: &mut Sheet, typist: &mut Typist) {
    let (country, language) = (sheet.country(), sheet.country().language());
    if typist.varies([0.1, 0.3, 0.45]) {
        other_form(sheet, language, typist);
    }
    if !sheet.unit.is_empty() && typist.varies([0.2, 0.5, 0.7]) {
        sheet.unit.clear();
    }
    if typist.slips([0.005, 0.03, 0.08])
        && (typist.draw.chance(0.5) || !respell(&mut sheet.street, language, &mut typist.draw))
    {
        edit(&mut sheet.street, language, &mut typist.draw);
    }
    if typist.slips([0.003, 0.015, 0.04]) {
        match typist.draw.below(3) {
            0 => digit(&mut sheet.number, &mut typist.draw),
            1 => sheet.number.retain(|sign| sign.is_ascii_digit()),
            _ => {
                let first: u32 = sheet.number.parse().unwrap_or(1);
                sheet.number = format!("{}-{}", first, first + 2);
            }
        }
    }
    city(sheet, country, typist);
    if typist.slips([0.003, 0.015, 0.04]) {
        digit(&mut sheet.postal_code, &mut typist.draw);
    }
    postal_form(sheet, country, typist);
    if sheet.postal_code.starts_with('0') && typist.varies([0.02, 0.06, 0.15]) {
        sheet.postal_code.remove(0);
    } else if typist.slips([0.002, 0.01, 0.05]) {
        sheet.postal_code.clear();
    }
    if typist.slips([0.0, 0.006, 0.03]) {
        sheet.street.clear();
        sheet.number.clear();
        sheet.unit.clear();
    }
}

/// Writes the word for the street in another way.
fn other_form(sheet: &mut Sheet, language: Language, typist: &mut Typist) {
    let forms = STREET_FORMS[language as usize].iter();
    let street = &mut sheet.street;
    if language == Language::French {
        match forms.clone().find(|(long, _)| street.starts_with(long)) {
            Some((long, forms)) => street.replace_range(..long.len(), typist.draw.pick::<&str>(forms)),
            None => *street = street.replace('-', " "),
        }
    } else {
        match forms.clone().find(|(long, _)| street.ends_with(long)) {
            Some((long, forms)) => {
                street.truncate(street.len() - long.len());
                street.push_str(typist.draw.pick::<&str>(forms));
            }
            None => *street = street.replace('-', " "),
        }
    }
}

/// Forms of postal codes that are as good as the usual one.
fn postal_form(sheet: &mut Sheet, country: Country, typist: &mut Typist) {
    match country {
        Country::Us if typist.varies([0.05, 0.08, 0.08]) => {
            sheet.postal_code.push('-');
            super::super::digits::push(&mut sheet.postal_code, 1_000 + typist.draw.below(9_000) as u64, 4);
        }
        Country::Gb if typist.varies([0.03, 0.12, 0.2]) => {
            let code = &mut sheet.postal_code;
            if typist.draw.chance(0.65) {
                code.retain(|sign| sign != ' ');
            }
            if typist.draw.chance(0.5) {
                code.make_ascii_lowercase();
            }
        }
        _ => {}
    }
}

/// Cities with an addition lose it, and some get a district.
fn city(sheet: &mut Sheet, country: Country, typist: &mut Typist) {
    match country.language() {
        Language::German => german_city(sheet, typist),
        Language::English => english_city(sheet, typist),
        Language::French => french_city(sheet, typist),
    }
    if typist.slips([0.002, 0.008, 0.03]) {
        edit(&mut sheet.city, country.language(), &mut typist.draw);
    }
}

fn german_city(sheet: &mut Sheet, typist: &mut Typist) {
    // Most have none.
    let additions: &[&str] = &[" am ", " an der ", " im ", " (", " vor der ", " in der ", "/"];
    let has_one = sheet.city.bytes().any(|byte| matches!(byte, b' ' | b'/'));
    for &addition in additions.iter().filter(|_| has_one) {
        if let Some(at) = sheet.city.find(addition)
            && typist.varies([0.1, 0.4, 0.6])
        {
            let shortened = match (addition, typist.draw.below(2)) {
                (" am ", 0) => sheet.city.replace(" am ", " a. "),
                (" an der ", 0) => sheet.city.replace(" an der ", " a.d. "),
                _ => sheet.city[..at].to_owned(),
            };
            sheet.city = shortened;
            break;
        }
    }
    if typist.varies([0.005, 0.03, 0.08]) {
        sheet.city = format!("{}-{}", sheet.city, typist.draw.pick(&DISTRICTS));
    }
}

fn english_city(sheet: &mut Sheet, typist: &mut Typist) {
    let others = OTHER_CITIES.iter().find(|(name, _)| *name == sheet.city);
    if let Some((_, others)) = others
        && typist.varies([0.02, 0.12, 0.25])
    {
        (*typist.draw.pick::<&str>(others)).clone_into(&mut sheet.city);
    }
    if !sheet.region.is_empty() && typist.varies([0.01, 0.05, 0.1]) {
        sheet.city = format!("{}, {}", sheet.city, sheet.region);
    }
}

fn french_city(sheet: &mut Sheet, typist: &mut Typist) {
    if let Some(rest) = sheet.city.strip_prefix("Saint-")
        && typist.varies([0.05, 0.3, 0.4])
    {
        sheet.city = format!("{}{rest}", typist.draw.pick(&["St-", "St ", "Saint "]));
    } else if sheet.city.contains('-') && typist.varies([0.03, 0.15, 0.25]) {
        sheet.city = sheet.city.replace('-', " ");
    }
    let district = sheet.postal_code.get(3..).and_then(|last| last.parse::<u32>().ok());
    if let ("Paris" | "Lyon" | "Marseille", Some(district @ 1..=20)) = (sheet.city.as_str(), district)
        && typist.varies([0.02, 0.1, 0.15])
    {
        let ordinal = if district == 1 { "er" } else { "e" };
        sheet.city = format!("{} {district}{ordinal}", sheet.city);
    } else if typist.varies([0.002, 0.015, 0.03]) {
        sheet.city.push_str(" Cedex");
    }
}
