//! Numbers by which suppliers are known: their form, and their check digits where they have any.

use crate::register::supplier::is_company_number;

/// What is wrong with a company number, if anything.
pub fn company_number(text: &str) -> Option<&'static str> {
    const PREFIXES: [&str; 20] = [
        "SC", "NI", "OC", "SO", "NC", "RC", "IP", "SP", "RS", "SR", "NP", "CE", "CS", "FC", "SF",
        "NF", "LP", "SL", "NL", "R0",
    ];
    let text = text.trim().to_uppercase();
    if text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("has seven digits: a spreadsheet took its leading 0 away; write it back");
    }
    if text.len() != 8 || !is_company_number(&text) {
        return Some("is no number of Companies House, which has eight characters");
    }
    let letters = text.get(..2).unwrap_or("");
    (letters.starts_with(|c: char| c.is_ascii_alphabetic()) && !PREFIXES.contains(&letters))
        .then_some("begins with letters that Companies House doesn't use")
}

/// What is wrong with a charity number, if anything: six or seven digits in England and Wales, SC and six in Scotland, NIC
/// or NI and six in Northern Ireland.
pub fn charity_number(text: &str) -> Option<&'static str> {
    let text = text.trim().to_uppercase();
    let digits = ["SC", "NIC", "NI"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .map_or((text.as_str(), 6..=7), |rest| (rest, 6..=6));
    let main = digits.0.split('-').next().unwrap_or("");
    let sound = digits.1.contains(&main.len()) && main.bytes().all(|byte| byte.is_ascii_digit());
    (!sound).then_some("is no charity number, which has six or seven digits")
}

/// A VAT number with wrong check digits, or a legal entity identifier with wrong ones; `None` if it is neither or sound.
pub fn check_digits(text: &str) -> Option<&'static str> {
    let text: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect::<String>()
        .to_uppercase();
    if text.len() == 20
        && text
            .bytes()
            .take(4)
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.bytes().skip(18).all(|byte| byte.is_ascii_digit())
    {
        return (remainder_97(&text) != 1)
            .then_some("is a legal entity identifier with wrong check digits");
    }
    let digits = text.strip_prefix("GB")?;
    if !matches!(digits.len(), 9 | 12) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some("is no VAT number, which is GB and nine digits");
    }
    let digit = |at: usize| {
        u32::from(
            digits
                .as_bytes()
                .get(at)
                .copied()
                .unwrap_or(b'0')
                .saturating_sub(b'0'),
        )
    };
    let sum: u32 = (0..7usize)
        .map(|at| digit(at).saturating_mul(8u32.saturating_sub(at as u32)))
        .sum();
    let check = digit(7).saturating_mul(10).saturating_add(digit(8));
    let total = sum.saturating_add(check);
    // Numbers given out since 2010 have 55 more.
    (!total.is_multiple_of(97) && !total.saturating_add(55).is_multiple_of(97))
        .then_some("is a VAT number with wrong check digits")
}

/// ISO 7064, modulus 97: letters count from 10.
fn remainder_97(text: &str) -> u32 {
    text.chars().fold(0u32, |rest, character| {
        let value = character.to_digit(36).unwrap_or(0);
        let shift = if value > 9 { 100 } else { 10 };
        rest.saturating_mul(shift).saturating_add(value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_checked() {
        for sound in ["01234567", "SC123456", "OC301234", "R0000012"] {
            assert_eq!(company_number(sound), None, "{sound}");
        }
        for wrong in ["1234567", "123", "ZZ123456", "0123456A"] {
            assert!(company_number(wrong).is_some(), "{wrong}");
        }
        for sound in ["1216200", "202918", "SC012345", "NIC100002"] {
            assert_eq!(charity_number(sound), None, "{sound}");
        }
        assert!(charity_number("12").is_some());
    }

    #[test]
    fn check_digits_are_checked() {
        // Two identifiers that anyone can look up: of HM Revenue and Customs' own example, and of the LEI foundation.
        assert_eq!(check_digits("GB 980 7806 84"), None);
        assert!(check_digits("GB 980 7806 85").is_some());
        assert_eq!(check_digits("506700GE1G29325QX363"), None);
        assert!(check_digits("506700GE1G29325QX364").is_some());
        assert_eq!(check_digits("1216200"), None);
    }
}
