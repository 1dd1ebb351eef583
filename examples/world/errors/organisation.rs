//! Names of organisations: legal forms left out, words more or fewer, short names, and slips.

use super::super::calendar::Day;
use super::super::locale::Language;
use super::super::organisation::Organisation;
use super::super::sheet::{Sheet, joined};
use super::super::tier::Typist;
use super::letters::{edit, without_umlauts};

const ABBREVIATIONS: [(&str, &str); 24] = [
    ("Construction", "Constr."),
    ("Engineering", "Eng."),
    ("Services", "Svcs"),
    ("Manufacturing", "Mfg"),
    ("Technologies", "Tech"),
    ("Associates", "Assoc."),
    ("Properties", "Props"),
    ("Brothers", "Bros"),
    (" & ", " and "),
    ("Établissements", "Ets"),
    ("Société", "Sté"),
    ("Électricité", "Élec."),
    (" et ", " & "),
    ("Transports", "Trsp."),
    ("Gesellschaft", "Ges."),
    (" & ", " und "),
    (" & ", " + "),
    (" und ", " u. "),
    ("Elektrotechnik", "Elektro"),
    ("Maschinenbau", "Masch.-Bau"),
    ("Immobilien", "Immo"),
    ("Consulting", "Cons."),
    ("Garten- und Landschaftsbau", "GaLaBau"),
    ("Ingenieurbüro", "Ing.-Büro"),
];
const FORMS: [(&str, &[&str]); 18] = [
    ("Ltd", &["Limited", "Ltd.", "LTD"]),
    ("Limited", &["Ltd", "Ltd."]),
    ("plc", &["PLC", "Plc"]),
    ("LLC", &["L.L.C.", "llc", "LLC."]),
    ("Inc.", &["Inc", "INC", "Incorporated"]),
    ("Inc", &["Inc.", "Incorporated"]),
    ("Corp.", &["Corp", "Corporation"]),
    ("Corporation", &["Corp.", "Corp"]),
    ("Co.", &["Co", "Company"]),
    ("SARL", &["S.A.R.L.", "Sarl", "sarl"]),
    ("SAS", &["S.A.S.", "sas"]),
    ("SA", &["S.A.", "Sa"]),
    ("GmbH & Co. KG", &["GmbH & Co KG", "GmbH u. Co. KG", "GmbH + Co. KG", "KG"]),
    ("GmbH", &["Gesellschaft mbH", "GmbH.", "G.m.b.H.", "gmbh"]),
    ("UG (haftungsbeschränkt)", &["UG", "UG haftungsbeschränkt"]),
    ("e.K.", &["eK", "e. K."]),
    ("e.V.", &["eV", "e. V."]),
    ("AG", &["Aktiengesellschaft", "A.G."]),
];

/// Records of a franchisee that have the brand for a name.
const UNDER_BRAND: f64 = 0.5;

/// Distorts the name that a sheet has of an organisation.
pub(super) fn distort(sheet: &mut Sheet, organisation: &Organisation, day: Day, typist: &mut Typist) {
    let mut core = organisation.core.on(day).clone();
    let form = *organisation.form.on(day);
    let form = form.replace('_', " ");
    let mut name = if let Some(brand) = &organisation.franchise
        && typist.draw.chance(UNDER_BRAND)
    {
        brand.clone()
    } else if typist.varies([0.01, 0.05, 0.1]) {
        // The name that the town uses, initials, or a former name.
        let known = organisation.trade_name.clone().or_else(|| organisation.acronym.clone());
        let former = organisation.core.on(Day::MIN);
        let known = known.or_else(|| (*former != core).then(|| former.clone()));
        known.or_else(|| organisation.short_name(day)).unwrap_or(core)
    } else {
        if typist.varies([0.01, 0.06, 0.12]) {
            let abbreviation = ABBREVIATIONS.iter().find(|(long, _)| core.contains(long));
            if let Some((long, short)) = abbreviation {
                core = core.replace(long, short);
            } else if let Some((first, rest)) = core.split_once(' ') {
                core = format!("{rest} {first}");
            }
        }
        if typist.varies([0.06, 0.22, 0.4]) {
            let forms = FORMS.iter().find(|(long, _)| *long == form);
            match forms {
                Some((_, short)) if typist.draw.chance(0.5) => {
                    let short: &str = typist.draw.pick::<&str>(short);
                    format!("{core} {short}")
                }
                _ => core,
            }
        } else {
            joined(&[&core, &form], " ")
        }
    };
    if let Some(branch) = organisation.branch
        && typist.draw.chance(0.6)
    {
        name = format!("{name} {branch} {}", sheet.city);
    }
    if typist.varies([0.04, 0.15, 0.3]) {
        name = with_other_words(&name, sheet, typist);
    }
    if typist.slips([0.005, 0.035, 0.08]) {
        edit(&mut name, sheet.country().language(), &mut typist.draw);
    }
    if typist.varies([0.02, 0.06, 0.1]) {
        name = if typist.draw.chance(0.5) { without_umlauts(&name, true) } else { name.to_uppercase() };
    }
    sheet.company = name;
}

/// The number of a desk instead of the switchboard, and a post office box instead of the street.
pub(super) fn reach(sheet: &mut Sheet, organisation: &Organisation, day: Day, typist: &mut Typist) {
    if let Some(switchboard) = &organisation.home.on(day).landline
        && !sheet.phone.is_empty()
        && typist.varies([0.02, 0.09, 0.15])
    {
        let desk = switchboard.extension(10 + typist.draw.below(90));
        sheet.phone = super::super::sheet::written(Some(&desk), typist);
    }
    if typist.varies([0.02, 0.09, 0.15]) {
        let word = match sheet.country().language() {
            Language::German => "Postfach",
            Language::English => "PO Box",
            Language::French => "BP",
        };
        sheet.street = format!("{word} {}", 1_000 + (organisation.number % 9_000));
        sheet.number.clear();
        sheet.unit.clear();
    }
}

/// Words more, or words fewer.
fn with_other_words(name: &str, sheet: &Sheet, typist: &mut Typist) -> String {
    let (city, language) = (&sheet.city, sheet.country().language());
    match typist.draw.below(4) {
        0 => format!("{name} {city}"),
        1 if language == Language::English => format!("The {name}"),
        1 if language == Language::French => format!("Société {name}"),
        1 => format!("Firma {name}"),
        2 => {
            let words = match language {
                Language::German => ["Einkauf", "Zentrale", "Buchhaltung", "Werk 2"],
                Language::English => ["Purchasing", "Head Office", "Accounts Dept", "Plant 2"],
                Language::French => ["Achats", "Siège", "Comptabilité", "Usine 2"],
            };
            format!("{name} {}", typist.draw.pick(&words))
        }
        _ => {
            let mut words = name.split(' ');
            match (words.next(), words.next_back()) {
                (Some(first), Some(last)) => format!("{first} {last}"),
                _ => name.to_owned(),
            }
        }
    }
}
