//! How likely harm is, as forms ask and send it.

use casework::decision::Likelihood;

use crate::fields::Mistakes;
use crate::form::{Choice, choice, choice_with};

/// The two levels of prejudice, each with what it means.
pub fn choices() -> Vec<Choice> {
    vec![
        choice_with("would", "Would", "More likely than not"),
        choice_with(
            "would_be_likely_to",
            "Would be likely to",
            "A real and significant risk, though less than even",
        ),
    ]
}

/// The same, and that there is none.
pub fn choices_or_none(none: &str) -> Vec<Choice> {
    let mut choices = choices();
    choices.push(choice("no", none));
    choices
}

/// The word that stands for a level in a form.
pub fn word(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::Would => "would",
        Likelihood::WouldBeLikelyTo => "would_be_likely_to",
    }
}

/// The level that a word of a form stands for, if it is one of the two.
pub fn of(word: &str) -> Option<Likelihood> {
    match word {
        "would" => Some(Likelihood::Would),
        "would_be_likely_to" => Some(Likelihood::WouldBeLikelyTo),
        _ => None,
    }
}

/// The level that was chosen where "no" may be too.
pub fn chosen(word: &str, mistakes: &mut Mistakes) -> Option<Likelihood> {
    let level = of(word);
    mistakes.check(
        level.is_none() && word != "no",
        "likelihood",
        "Choose how likely the harm is",
    );
    level
}
