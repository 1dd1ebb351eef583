//! Addresses: other forms of the street, wrong digits, postal codes that a spreadsheet took for numbers.

use super::super::sheet::Sheet;
use super::super::tier::Typist;
use super::letters::{digit, edit, respell};

const STREET_FORMS: [(&str, &[&str]); 6] = [
    ("straße", &["str.", "str.", "str.", "strasse", "str"]),
    ("strasse", &["str.", "str"]),
    ("Straße", &["Str.", "Str.", "Strasse", "Str"]),
    ("platz", &["pl.", "platz"]),
    ("allee", &["al.", "allee"]),
    ("weg", &["weg", "wg."]),
];

pub(super) fn distort(sheet: &mut Sheet, typist: &mut Typist) {
    if typist.varies([0.1, 0.3, 0.45]) {
        let form = STREET_FORMS.iter().find(|(long, _)| sheet.street.ends_with(long));
        if let Some((long, forms)) = form {
            let end = sheet.street.len() - long.len();
            sheet.street.truncate(end);
            let short: &str = typist.draw.pick::<&str>(forms);
            sheet.street.push_str(short);
        } else {
            sheet.street = sheet.street.replace('-', " ");
        }
    }
    if !sheet.unit.is_empty() && typist.varies([0.2, 0.5, 0.7]) {
        sheet.unit.clear();
    }
    if typist.slips([0.005, 0.03, 0.08])
        && (typist.draw.chance(0.5) || !respell(&mut sheet.street, &mut typist.draw))
    {
        edit(&mut sheet.street, &mut typist.draw);
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
    city(sheet, typist);
    if typist.slips([0.003, 0.015, 0.04]) {
        digit(&mut sheet.postal_code, &mut typist.draw);
    }
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

/// Cities with an addition lose it, and some get a district.
fn city(sheet: &mut Sheet, typist: &mut Typist) {
    if !sheet.city.contains([' ', '/']) {
        return district(sheet, typist);
    }
    for addition in [" am ", " an der ", " im ", " (", " vor der ", " in der ", "/"] {
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
    district(sheet, typist);
}

fn district(sheet: &mut Sheet, typist: &mut Typist) {
    if typist.varies([0.005, 0.03, 0.08]) {
        let district = typist.draw.pick(&["Mitte", "Nord", "Süd", "West", "Ost", "Altstadt", "Neustadt"]);
        sheet.city = format!("{}-{district}", sheet.city);
    }
    if typist.slips([0.002, 0.008, 0.03]) {
        edit(&mut sheet.city, &mut typist.draw);
    }
}
