//! The names of the months.

/// In lower case, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The month of a name in lower case, whole or cut after three letters or more: 1 to 12.
pub(crate) fn named(text: &str) -> Option<i8> {
    let at = (text.len() >= 3)
        .then(|| MONTHS.iter().position(|month| month.starts_with(text)))
        .flatten()?;
    i8::try_from(at.saturating_add(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_month_is_known_by_its_name_or_its_first_letters() {
        for (text, month) in [
            ("january", Some(1)),
            ("sept", Some(9)),
            ("dec", Some(12)),
            ("may", Some(5)),
            ("ma", None),
            ("marsh", None),
            ("", None),
        ] {
            assert_eq!(named(text), month, "{text}");
        }
    }
}
