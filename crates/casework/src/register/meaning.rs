//! How a contract was procured and what its supplier is, from a cell's words.

use crate::register::contract::Process;
use crate::register::layout::{FlagWords, ProcessWords};
use crate::register::problem::Kind;
use crate::register::words::{folded, holds};

/// How a contract was procured. The longest phrase speaks; a framework alone does not.
///
/// `asks_for_both` says that the column asks whether there was a quote or a tender, so that "No" means neither.
pub fn process(text: &str, words: &ProcessWords, asks_for_both: bool) -> Result<Process, Kind> {
    let text = folded(&text.replace('-', " "));
    if asks_for_both && words.no.contains(&text) {
        return Ok(Process::Neither);
    }
    let longest = |phrases: &[String]| {
        phrases
            .iter()
            .filter(|phrase| match phrase.strip_prefix('=') {
                Some(whole) => text == whole,
                None => holds(&text, phrase),
            })
            .map(String::len)
            .max()
    };
    [
        (longest(&words.published_tender), Process::PublishedTender),
        (longest(&words.quote), Process::Quote),
        (longest(&words.neither), Process::Neither),
    ]
    .into_iter()
    .filter_map(|(length, process)| Some((length?, process)))
    .max_by_key(|(length, _)| *length)
    .map(|(_, process)| process)
    .ok_or_else(|| {
        if longest(&words.ambiguous).is_some() || words.no.contains(&text) {
            Kind::AmbiguousProcess
        } else {
            Kind::UnreadableProcess
        }
    })
}

/// Yes or no in a column about small and medium-sized enterprises.
pub fn is_sme(text: &str, words: &FlagWords) -> Result<bool, Kind> {
    let text = folded(text);
    if words.yes.contains(&text) || words.sme.contains(&text) || words.both.contains(&text) {
        Ok(true)
    } else if words.no.contains(&text) {
        Ok(false)
    } else {
        Err(Kind::UnreadableFlag)
    }
}

/// Yes or no in a column about voluntary and community organisations.
pub fn is_vcse(text: &str, words: &FlagWords) -> Result<bool, Kind> {
    let text = folded(text);
    if words.yes.contains(&text) || words.vcse.contains(&text) || words.both.contains(&text) {
        Ok(true)
    } else if words.no.contains(&text) {
        Ok(false)
    } else {
        Err(Kind::UnreadableFlag)
    }
}

/// A column that says both: whether a small or medium-sized enterprise, and whether a voluntary organisation.
pub fn is_sme_and_vcse(text: &str, words: &FlagWords) -> Result<(bool, bool), Kind> {
    let text = folded(text);
    if words.both.contains(&text) {
        Ok((true, true))
    } else if words.sme.contains(&text) {
        Ok((true, false))
    } else if words.vcse.contains(&text) {
        Ok((false, true))
    } else if words.no.contains(&text) {
        Ok((false, false))
    } else {
        Err(Kind::UnreadableFlag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Layout;

    fn layout() -> Layout {
        Layout::parse(include_str!("../../../../data/register/layout.toml")).unwrap()
    }

    #[test]
    fn processes_in_the_words_that_registers_have() {
        use Process::{Neither, PublishedTender, Quote};
        let layout = layout();
        for (text, expected) in [
            ("ITT", Ok(PublishedTender)),
            ("Open tender", Ok(PublishedTender)),
            ("Restricted", Ok(PublishedTender)),
            ("Published invitation to tender", Ok(PublishedTender)),
            ("Further competition under framework", Ok(PublishedTender)),
            ("Framework - mini-competition", Ok(PublishedTender)),
            ("3 quotes", Ok(Quote)),
            ("RFQ", Ok(Quote)),
            ("Request for Quotation", Ok(Quote)),
            ("Invitation to quote", Ok(Quote)),
            ("Direct award", Ok(Neither)),
            ("Framework direct award", Ok(Neither)),
            ("Exemption to CPRs", Ok(Neither)),
            ("Single tender action", Ok(Neither)),
            ("Negotiated without prior publication", Ok(Neither)),
            ("Framework", Err(Kind::AmbiguousProcess)),
            ("Yes", Err(Kind::AmbiguousProcess)),
            ("ESPO", Err(Kind::UnreadableProcess)),
            ("Legacy", Err(Kind::UnreadableProcess)),
        ] {
            assert_eq!(process(text, &layout.process, false), expected, "{text}");
        }
        assert_eq!(process("No", &layout.process, true), Ok(Neither));
        assert_eq!(
            process("No", &layout.process, false),
            Err(Kind::AmbiguousProcess)
        );
    }

    #[test]
    fn flags_say_yes_no_or_neither_of_both() {
        let layout = layout();
        assert_eq!(is_sme("Large", &layout.flags), Ok(false));
        assert_eq!(is_sme("SME", &layout.flags), Ok(true));
        assert_eq!(is_sme("?", &layout.flags), Err(Kind::UnreadableFlag));
        assert_eq!(is_vcse("Charity", &layout.flags), Ok(true));
        assert_eq!(
            is_sme_and_vcse("SME and VCSE", &layout.flags),
            Ok((true, true))
        );
        assert_eq!(
            is_sme_and_vcse("Neither", &layout.flags),
            Ok((false, false))
        );
        assert_eq!(is_sme_and_vcse("VCSE", &layout.flags), Ok((false, true)));
        assert_eq!(
            is_sme_and_vcse("Yes", &layout.flags),
            Err(Kind::UnreadableFlag)
        );
    }
}
