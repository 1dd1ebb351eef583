//! Bank accounts that nobody has: the banks' numbers are not given out, the check digits are right.

use super::random::Draw;

/// The IBAN of whoever has a number; none where the country has no IBANs.
pub(crate) fn iban(seed: u64, number: u64, country: &str) -> Option<String> {
    let draw = &mut Draw::of(seed, "bank", number);
    // Bank codes of a country and the digits behind them.
    let (bank, digits) = match country {
        "DE" => (["99010010", "99020040", "99050020", "99070060"][draw.weighted(&[50, 20, 20, 10])], 10),
        "AT" => (["99100", "99200", "99400"][draw.weighted(&[50, 30, 20])], 11),
        "CH" => (["09901", "09907", "09923"][draw.weighted(&[50, 30, 20])], 12),
        "GB" => (["ZZZZ990010", "ZZZZ990020", "ZZZY990030"][draw.weighted(&[50, 30, 20])], 8),
        "FR" => return Some(french(draw)),
        _ => return None,
    };
    let mut account = String::with_capacity(24);
    account.push_str(bank);
    for _ in 0..digits {
        account.push(digit(draw));
    }
    Some(checked(country, &account))
}

/// In France, two more check digits stand at the end of the account.
fn french(draw: &mut Draw) -> String {
    let (bank, branch) = (["99001", "99002", "99003"][draw.weighted(&[50, 30, 20])], 100 + draw.below(900));
    let account: String = (0..11).map(|_| digit(draw)).collect();
    let rest = [(bank, 89), (branch.to_string().as_str(), 15), (account.as_str(), 3)]
        .iter()
        .map(|(part, factor)| factor * part.parse::<u64>().unwrap_or_default())
        .sum::<u64>();
    checked("FR", &format!("{bank}{branch:05}{account}{:02}", 97 - rest % 97))
}

fn digit(draw: &mut Draw) -> char {
    char::from(b'0' + draw.below(10) as u8)
}

/// An account with country and check digits in front (ISO 7064, MOD 97-10).
fn checked(country: &str, account: &str) -> String {
    let mut remainder = 0;
    for sign in account.chars().chain(country.chars()).chain("00".chars()) {
        let value = sign.to_digit(36).unwrap_or_default();
        remainder = (if value < 10 { remainder * 10 } else { remainder * 100 } + value) % 97;
    }
    format!("{country}{:02}{account}", 98 - remainder)
}
