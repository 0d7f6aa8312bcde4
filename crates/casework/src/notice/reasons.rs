//! Why an exemption applies, FOIA s.17(1)(c), and how likely the harm is.

use std::ops::Range;

use law::{Act, Basis, Statute};

use super::cited::{Cited, Role};
use super::cue::{Cue, Hit};
use super::reading::{Reading, Voice};

/// How much a reason says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It gives a fact or a cause.
    Plain,
    /// It says how harm would come about.
    How,
}

/// What the notice says of why.
#[derive(Clone, Debug, Default)]
pub(super) struct Reasons {
    /// The sentences that give a reason of their own.
    pub given: Vec<usize>,
    /// The one to show.
    pub best: Option<(usize, Strength)>,
    /// A sentence that claims harm in the Act's own words only.
    pub recited: Option<usize>,
}

/// Which level of likelihood the notice claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Likelihood {
    /// Where it claims that harm would follow.
    pub would: Option<Range<usize>>,
    /// Where it claims that harm would be likely to follow.
    pub likely: Option<Range<usize>>,
    /// Where it gives both in the Act's words.
    pub either: Option<Range<usize>>,
    /// Where only words about the Act name a single level.
    pub recited: Option<(Range<usize>, &'static str)>,
    /// Whether one of the exemptions relied on needs a level.
    pub needed: bool,
}

impl Likelihood {
    /// The level as the Commissioner would take it: the lower one where both are claimed.
    pub fn value(&self) -> Option<&'static str> {
        if self.likely.is_some() || self.either.is_some() {
            Some("would_be_likely")
        } else if self.would.is_some() {
            Some("would")
        } else {
            self.recited.as_ref().map(|(_, level)| *level)
        }
    }
}

/// The reasons in a notice.
pub(super) fn reasons(reading: &Reading<'_>, cited: &[Cited]) -> Reasons {
    let mut reasons = Reasons::default();
    let cost = cited
        .iter()
        .any(|cited| cited.role == Role::Refusal && cited.provision.section() == "12")
        || (0..reading.len()).any(|index| {
            reading.authority(index) && reading.affirmed(index, Cue::Refused).is_some()
        });
    for index in 0..reading.len() {
        if !reading.states(index)
            || about_rights(reading, index)
            || reading.has_any(
                index,
                &[Cue::NoIndication, Cue::TestDescribed, Cue::Hypothetical],
            )
        {
            continue;
        }
        if let Some(strength) = gives_reason(reading, cited, index, cost) {
            reasons.given.push(index);
            // The passage shown is the first that says how harm would come about, or else the first.
            if reasons.best.is_none_or(|(_, best)| best < strength) {
                reasons.best = Some((index, strength));
            }
        } else if reasons.recited.is_none()
            && reading.has(index, Cue::StatutoryInterest)
            && reading.has_any(index, &[Cue::Likely, Cue::WouldPrejudice, Cue::EitherLevel])
        {
            reasons.recited = Some(index);
        }
    }
    reasons
}

/// Whether a sentence is about complaints and not about the information.
pub(super) fn about_rights(reading: &Reading<'_>, index: usize) -> bool {
    let commissioner = reading.has(index, Cue::Commissioner);
    (reading.has(index, Cue::Review) || commissioner)
        && (reading.has_any(
            index,
            &[Cue::Invitation, Cue::Dissatisfied, Cue::CommissionerAddress],
        ) || (commissioner && reading.has(index, Cue::ReviewOver)))
}

/// "withheld because it is exempt under section 31(1)(a)" gives no reason.
fn real_because<'r>(reading: &'r Reading<'_>, index: usize) -> impl Iterator<Item = &'r Hit> {
    reading.hits(index, Cue::Because).filter(|hit| {
        !(hit.words.end..hit.words.end.saturating_add(5)).any(|word| {
            let form = reading.text.form(word);
            form.starts_with("exempt") || matches!(form, "section" | "sections" | "s" | "covered")
        })
    })
}

/// Whether a sentence gives a reason; and whether it says how harm would come about.
fn gives_reason(
    reading: &Reading<'_>,
    cited: &[Cited],
    index: usize,
    cost: bool,
) -> Option<Strength> {
    let own = |hit: &&Hit| {
        !reading.covered(index, hit, Cue::StatutoryInterest)
            && !names_exemption(reading, cited, index, hit)
            && !reading.denied(index, hit)
    };
    let harm = reading
        .hits(index, Cue::Harm)
        .filter(|hit| !reading.text.form(hit.words.start).starts_with("prejudic"))
        .any(|hit| own(&hit));
    let fact = reading.hits(index, Cue::Fact).any(|hit| own(&hit));
    let because = real_because(reading, index).next().is_some();
    let mechanism = reading.has(index, Cue::Mechanism);
    let releasing = reading.has(index, Cue::Releasing);
    let counted = reading.has(index, Cue::Cost);
    // "would prejudice the prevention of crime, in that anyone could plan around them": the Act's words, and more.
    let explained = reading.has_any(index, &[Cue::Harm, Cue::StatutoryInterest])
        && real_because(reading, index).any(|hit| says_more(reading, index, hit.words.end) >= 5);
    // "removed under s.40(2) as it is her own": a plain because behind a refusal.
    let form = |word: usize| reading.text.form(word);
    let plain = reading.has_any(index, &[Cue::Exempt, Cue::Withheld, Cue::Refused])
        && real_because(reading, index).any(|hit| {
            let next = form(hit.words.start.saturating_add(1));
            let strict = matches!(form(hit.words.start), "because" | "since")
                || (form(hit.words.start) == "as"
                    && matches!(next, "it" | "they" | "this" | "these"));
            says_more(reading, index, hit.words.end) >= if strict { 2 } else { 4 }
        });
    // "To publish this one is likely to mean fewer buyers, which would prejudice our commercial interests."
    let specific = reading.has_any(index, &[Cue::Likely, Cue::WouldPrejudice])
        && reading
            .sentence(index)
            .is_some_and(|sentence| says_more(reading, index, sentence.words.start) >= 8);
    let says_how = (because || mechanism) && harm;
    if says_how {
        return Some(Strength::How);
    }
    let plainly =
        fact || (releasing && harm) || (cost && counted) || explained || plain || specific;
    plainly.then_some(Strength::Plain)
}

/// How many words behind `from` are neither the Act's own nor those of the test.
fn says_more(reading: &Reading<'_>, index: usize, from: usize) -> usize {
    const OF_THE_TEST: &[&str] = &[
        "disclosure",
        "release",
        "it",
        "this",
        "the",
        "would",
        "be",
        "likely",
        "to",
        "prejudice",
        "information",
        "is",
        "exempt",
        "section",
        "under",
        "of",
        "and",
        "or",
        "a",
        "an",
        "that",
        "s",
        "applies",
        "act",
        "freedom",
        "we",
        "our",
        "are",
        "in",
        "for",
        "as",
        "by",
        "its",
        "exemption",
        "engaged",
        "qualified",
        "absolute",
        "requested",
        "consider",
        "they",
        "these",
        "which",
        "not",
        "has",
        "have",
        "been",
    ];
    let Some(sentence) = reading.sentence(index) else {
        return 0;
    };
    (from..sentence.words.end)
        .filter(|word| {
            let form = reading.text.form(*word);
            !OF_THE_TEST.contains(&form)
                && !form.starts_with(|c: char| c.is_ascii_digit())
                && !reading
                    .hits(index, Cue::StatutoryInterest)
                    .any(|hit| hit.words.contains(word))
        })
        .count()
}

/// Whether a hit is part of an exemption's name: "Section 40(2) – Personal Information".
fn names_exemption(reading: &Reading<'_>, cited: &[Cited], index: usize, hit: &Hit) -> bool {
    let words = &reading.text.words;
    reading.hits(index, Cue::Title).any(|title| {
        let overlaps = title.words.start < hit.words.end && hit.words.start < title.words.end;
        overlaps
            && cited
                .iter()
                .filter(|cited| cited.sentence == index)
                .any(|cited| {
                    let end = words.partition_point(|word| word.span.start < cited.span.end);
                    let start = words.partition_point(|word| word.span.end <= cited.span.start);
                    let close = |from: usize, to: usize| to >= from && to.saturating_sub(from) <= 2;
                    let of_the_act = close(end, title.words.start)
                        || (title.words.start > end
                            && (end..title.words.start).all(|word| {
                                matches!(
                                    reading.text.form(word),
                                    "of" | "the"
                                        | "freedom"
                                        | "information"
                                        | "act"
                                        | "2000"
                                        | "foia"
                                        | "foi"
                                        | "exemption"
                                        | "exempt"
                                        | "and"
                                        | "is"
                                        | "s"
                                )
                            }));
                    of_the_act || close(title.words.end, start)
                })
    })
}

/// "A successful attack would harm us" claims nothing of disclosure; "disclosure would harm us" does.
fn of_disclosure(reading: &Reading<'_>, index: usize, hit: &Hit) -> bool {
    let loose = (hit.words.start..hit.words.end).any(|word| {
        let form = reading.text.form(word);
        form.starts_with("harm") || form.starts_with("damag") || form.starts_with("advers")
    });
    !loose
        || reading
            .hits(index, Cue::Releasing)
            .any(|releasing| releasing.words.start < hit.words.start)
}

/// Which level of likelihood is claimed.
pub(super) fn likelihood(reading: &Reading<'_>, cited: &[Cited], statute: &Statute) -> Likelihood {
    let relied: Vec<&Cited> = cited.iter().filter(|cited| cited.relied()).collect();
    let needed = relied.iter().any(|cited| match cited.provision.act() {
        Act::Eir | Act::Foisa | Act::Instrument(..) => false,
        Act::Foia => statute
            .exemption(&cited.provision)
            .is_some_and(|exemption| {
                let class_part = cited.provision.to_string() == "FOIA s.43(1)"
                    || cited.provision.to_string() == "FOIA s.27(2)";
                match exemption.basis {
                    Basis::Prejudice | Basis::Endanger | Basis::Opinion => !class_part,
                    Basis::Class | Basis::Necessity => false,
                }
            }),
    });
    let mut level = Likelihood {
        needed,
        ..Likelihood::default()
    };
    if !needed && !relied.is_empty() {
        return level;
    }
    for index in 0..reading.len() {
        let place = |hit: &Hit| reading.words_span(&hit.words);
        // "By section 31(1)(a) we need not give what would be likely to prejudice …"
        let quotes = matches!(
            reading.voices.get(index),
            Some(Voice::Act | Voice::Authority)
        );
        if level.recited.is_none() && quotes {
            level.recited = [
                (Cue::Likely, "would_be_likely"),
                (Cue::WouldPrejudice, "would"),
            ]
            .iter()
            .find_map(|(cue, level)| {
                let hit = reading.hits(index, *cue).next()?;
                let single = !reading.covered(index, hit, Cue::EitherLevel)
                    && !reading.covered(index, hit, Cue::LikelyOtherwise)
                    && reading.has(index, Cue::StatutoryInterest);
                // What the authority denies of this information is no recital.
                let own = reading.authority(index)
                    && *cue == Cue::WouldPrejudice
                    && reading.denied(index, hit);
                (single && !own).then(|| (place(hit), *level))
            });
        }
        if !reading.states(index) || about_rights(reading, index) {
            continue;
        }
        if let Some(hit) = reading.affirmed(index, Cue::EitherLevel)
            && level.either.is_none()
        {
            level.either = Some(place(hit));
        }
        let claims = |cue: Cue| {
            reading.hits(index, cue).find(|hit| {
                !reading.denied(index, hit)
                    && !reading.covered(index, hit, Cue::EitherLevel)
                    && !reading.covered(index, hit, Cue::LikelyOtherwise)
            })
        };
        let of_harm = reading.has_any(index, &[Cue::Harm, Cue::StatutoryInterest]);
        if level.likely.is_none()
            && of_harm
            && let Some(hit) = claims(Cue::Likely)
        {
            level.likely = Some(place(hit));
        }
        if level.would.is_none()
            && let Some(hit) = claims(Cue::WouldPrejudice)
            && of_disclosure(reading, index, hit)
        {
            level.would = Some(place(hit));
        }
    }
    level
}
