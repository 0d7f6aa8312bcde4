//! A supplier cell: one name or several, with a company number or an address beside it.

use crate::register::words::{collapsed, folded, plain};

/// What a supplier cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub names: Vec<String>,
    pub company_number: Option<String>,
    pub address: Option<String>,
    /// Whether a company number was taken off a name.
    pub has_number: bool,
    pub is_sme: Option<bool>,
    pub is_vcse: Option<bool>,
}

/// Reads a cell whose line breaks stand as they were.
#[must_use]
pub fn read(text: &str) -> Reading {
    if text.trim_start().starts_with('[') && text.contains('|') {
        return blocks(text);
    }
    let mut reading = Reading::default();
    let listed = text.trim();
    let listed = listed
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(listed);
    let mut parts: Vec<String> = listed
        .split("][")
        .flat_map(|part| part.split(['\n', '\r', ';']))
        .map(collapsed)
        .filter(|part| !part.is_empty())
        .collect();
    // A name above the lines of its address.
    if parts.len() > 1 && parts.iter().skip(1).any(|line| has_postcode(line)) {
        reading.address = Some(parts.split_off(1).join(", "));
    }
    for part in parts {
        let (name, number) = without_number(&part);
        if let Some(number) = number {
            reading.has_number = true;
            reading.company_number = match (&reading.company_number, reading.names.is_empty()) {
                (None, true) => Some(number),
                // One number can't be that of several suppliers.
                _ => None,
            };
        }
        if !name.is_empty() {
            reading.names.push(name);
        }
    }
    if reading.names.len() > 1 {
        reading.company_number = None;
    }
    reading
}

/// `[Name|Address|Ref type|Ref Number|Is SME|Is VCSE]`, once for each supplier: the national portal's export.
fn blocks(text: &str) -> Reading {
    let mut reading = Reading::default();
    let yes = |part: Option<&&str>| {
        part.and_then(|part| match folded(part).as_str() {
            "yes" | "true" | "y" => Some(true),
            "no" | "false" | "n" => Some(false),
            _ => None,
        })
    };
    let either = |one: Option<bool>, other: Option<bool>| match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, other) => other,
        (one, _) => one,
    };
    for block in text.trim().split("][") {
        let block = block.trim().trim_start_matches('[').trim_end_matches(']');
        let parts: Vec<&str> = block.split('|').collect();
        let name = parts
            .first()
            .map(|name| collapsed(name))
            .unwrap_or_default();
        if name.is_empty() {
            continue;
        }
        if reading.names.is_empty() {
            reading.address = parts
                .get(1)
                .map(|part| collapsed(part))
                .filter(|part| !part.is_empty());
            reading.company_number = parts
                .get(3)
                .map(|part| collapsed(part))
                .filter(|part| is_company_number(part));
        } else {
            reading.address = None;
            reading.company_number = None;
        }
        reading.names.push(name);
        reading.is_sme = either(reading.is_sme, yes(parts.get(4)));
        reading.is_vcse = either(reading.is_vcse, yes(parts.get(5)));
    }
    reading
}

/// A flag's words and the registration number beside them: "SME (Company no. 01234567)", "VCSE 1000000".
#[must_use]
pub fn flag_and_number(text: &str) -> (String, Option<String>) {
    let mut words = Vec::new();
    let mut number = None;
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if number.is_none() && word.is_ascii() && (6..=8).contains(&digits) && word.len() <= 8 {
            number = Some(word.to_uppercase());
        } else {
            words.push(word);
        }
    }
    let named = [
        "company",
        "charity",
        "registration",
        "registered",
        "reg",
        "no",
        "number",
        "num",
        "co",
        "rcn",
        "crn",
    ];
    // "No 01234567" begins with an answer; after it these words only name the number.
    let flag: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(at, word)| *at == 0 || !named.contains(&word.to_lowercase().as_str()))
        .map(|(_, word)| *word)
        .collect();
    (flag.join(" "), number.filter(|_| !flag.is_empty()))
}

/// A name without a company number in brackets, and the number.
fn without_number(text: &str) -> (String, Option<String>) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        let mut from = 0;
        while let Some(start) = text
            .get(from..)
            .and_then(|rest| rest.find(open))
            .map(|at| at.saturating_add(from))
        {
            let Some(end) = text
                .get(start..)
                .and_then(|rest| rest.find(close))
                .map(|at| at.saturating_add(start))
            else {
                break;
            };
            let inner = text.get(start.saturating_add(1)..end).unwrap_or("");
            if let Some(number) = number_in(inner) {
                let before = text.get(..start).unwrap_or("");
                let after = text.get(end.saturating_add(1)..).unwrap_or("");
                return (collapsed(&format!("{before} {after}")), Some(number));
            }
            from = end;
        }
    }
    (text.to_owned(), None)
}

/// The company number among words that say no more than that it is one.
fn number_in(text: &str) -> Option<String> {
    let mut found = None;
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if is_company_number(word) {
            found = Some(word.to_uppercase());
        } else if !plain(word).iter().all(|word| {
            matches!(
                word.as_str(),
                "company"
                    | "co"
                    | "no"
                    | "number"
                    | "num"
                    | "reg"
                    | "registered"
                    | "registration"
                    | "crn"
                    | "companies"
                    | "house"
                    | "ch"
                    | "gb"
                    | "coh"
            )
        }) {
            return None;
        }
    }
    found
}

/// Eight digits, or two letters (or one and a digit) and six: the form of a number at Companies House. Seven digits are
/// one whose leading nought a spreadsheet took away.
#[must_use]
pub fn is_company_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    text.is_ascii()
        && digits.saturating_add(letters) == text.len()
        && matches!((letters, digits), (0, 7 | 8) | (1, 7) | (2, 6))
}

/// Whether a line holds a postcode of the United Kingdom.
#[must_use]
pub fn has_postcode(line: &str) -> bool {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let inward = |word: &str| {
        let bytes = word.as_bytes();
        matches!(bytes, [digit, one, two] if digit.is_ascii_digit() && one.is_ascii_uppercase() && two.is_ascii_uppercase())
    };
    let outward = |word: &str| {
        let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
        let rest = word.get(letters..).unwrap_or("");
        (1..=2).contains(&letters)
            && (1..=2).contains(&rest.len())
            && rest.starts_with(|c: char| c.is_ascii_digit())
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    };
    words
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if outward(one) && inward(other)))
        || words.iter().any(|word| {
            let cut = word.len().saturating_sub(3);
            word.is_ascii()
                && word.len() >= 5
                && word.get(..cut).is_some_and(outward)
                && word.get(cut..).is_some_and(inward)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        read(text).names
    }

    #[test]
    fn several_suppliers_are_told_apart() {
        assert_eq!(
            names("Nockholt & Sons Ltd; Umberholt Group plc"),
            ["Nockholt & Sons Ltd", "Umberholt Group plc"]
        );
        assert_eq!(names("One Ltd\nTwo  Ltd\r\n"), ["One Ltd", "Two Ltd"]);
        assert_eq!(names("[One Ltd][Two Ltd]"), ["One Ltd", "Two Ltd"]);
        assert_eq!(
            names("Rushgarth Software (UK) Ltd"),
            ["Rushgarth Software (UK) Ltd"]
        );
    }

    #[test]
    fn a_company_number_in_brackets_is_taken_off() {
        for text in [
            "One Ltd (01234567)",
            "One Ltd (Company no. 01234567)",
            "One Ltd (Co. Reg: 01234567)",
            "One Ltd [01234567]",
        ] {
            let read = read(text);
            assert_eq!(
                (read.names, read.company_number.as_deref()),
                (vec!["One Ltd".to_owned()], Some("01234567")),
                "{text}"
            );
        }
        assert_eq!(
            read("One (Scotland) Ltd (SC123456)")
                .company_number
                .as_deref(),
            Some("SC123456")
        );
        assert!(!read("One Ltd (2019)").has_number);
        assert_eq!(
            read("One Ltd (01234567); Two Ltd (07654321)").company_number,
            None
        );
    }

    #[test]
    fn a_number_beside_a_flag_is_taken_off() {
        for (text, flag, number) in [
            ("VCSE 1000000", "VCSE", Some("1000000")),
            ("Yes - 01234567", "Yes", Some("01234567")),
            ("SME (Company no. 01234567)", "SME", Some("01234567")),
            ("Charity, reg no SC123456", "Charity", Some("SC123456")),
            ("No", "No", None),
            ("SME", "SME", None),
        ] {
            assert_eq!(
                flag_and_number(text),
                (flag.to_owned(), number.map(str::to_owned)),
                "{text}"
            );
        }
    }

    #[test]
    fn an_address_below_a_name_is_no_supplier() {
        let read = read("One Ltd\n1 High Street\nNorbury NV1 2AB");
        assert_eq!(read.names, ["One Ltd"]);
        assert_eq!(
            read.address.as_deref(),
            Some("1 High Street, Norbury NV1 2AB")
        );
    }

    #[test]
    fn blocks_of_the_national_portal_are_read() {
        let read = read(
            "[One Ltd|1 High Street|GB-COH|01234567|Yes|No][Two CIC|2 Low Street|NONE||No|Yes]",
        );
        assert_eq!(read.names, ["One Ltd", "Two CIC"]);
        assert_eq!((read.is_sme, read.is_vcse), (Some(true), Some(true)));
    }

    #[test]
    fn postcodes_are_known_by_their_form() {
        for text in ["Norbury NV1 2AB", "SW1A 1AA", "m1 M1 1AE", "NV12AB"] {
            assert!(has_postcode(text), "{text}");
        }
        for text in ["Lot 3 ABC", "1 High Street", "Q2 2026", "G2 Systems"] {
            assert!(!has_postcode(text), "{text}");
        }
    }
}
