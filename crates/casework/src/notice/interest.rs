//! The public interest test: what is said on each side, and which side is found the stronger.

use std::ops::Range;

use super::cue::{Cue, Hit};
use super::reading::Reading;
use super::text::Kind;

/// What the notice says of the public interest.
#[derive(Clone, Debug, Default)]
pub(super) struct Interest {
    /// Factors for disclosing, or for confirming or denying.
    pub favouring: Vec<Range<usize>>,
    /// Factors for maintaining the exemption, or the exclusion of the duty.
    pub against: Vec<Range<usize>>,
    /// The balance.
    pub conclusion: Option<Range<usize>>,
    /// Sentences of the balance, for what it is about.
    pub sentences: Vec<usize>,
    /// Where a test is said not to have been carried out.
    pub not_done: Option<Range<usize>>,
    /// Where the decision is put off.
    pub undecided: Option<Range<usize>>,
    /// Where the public interest is spoken of at all, outside the Act's words.
    pub mentioned: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Favouring,
    Against,
    Balance,
}

/// The test as the notice sets it out.
pub(super) fn interest(reading: &Reading<'_>) -> Interest {
    let mut interest = Interest::default();
    // Two leads that face each other show a test even where nobody calls it one.
    let leads = |side: Side| {
        (0..reading.len()).any(|index| {
            reading.authority(index)
                && lead(reading, index, true).is_some_and(|(found, _)| found == side)
        })
    };
    let whole = (0..reading.len()).any(|index| reading.has(index, Cue::PublicInterest))
        || (leads(Side::Favouring) && leads(Side::Against));
    let mut side: Option<Side> = None;
    let mut last_favouring: Option<usize> = None;
    for index in 0..reading.len() {
        if !reading.authority(index) {
            side = side.filter(|_| reading.kind(index) == Kind::Item);
            continue;
        }
        let near = near(reading, index);
        if reading.has(index, Cue::PublicInterest) && interest.mentioned.is_none() {
            interest.mentioned = Some(reading.span(index));
        }
        if reading.has(index, Cue::TestDescribed) {
            interest.not_done = interest.not_done.or_else(|| Some(reading.span(index)));
            side = None;
            continue;
        }
        if reading.has(index, Cue::Undecided) {
            interest.undecided = interest.undecided.or_else(|| Some(reading.span(index)));
            continue;
        }
        if let Some((lead, rest)) = lead(reading, index, near || whole) {
            side = Some(lead);
            if rest.len() >= 2 && !is_nothing(reading, &rest) {
                add(&mut interest, lead, reading.words_span(&rest), index);
                if lead == Side::Favouring {
                    last_favouring = Some(index);
                }
            }
            if lead == Side::Balance {
                conclude(reading, index, &mut interest, true);
            }
            continue;
        }
        if reading.kind(index) == Kind::Heading {
            // A line of a list without marks is a factor; a title ends the list.
            if side.is_some()
                && reading.word_count(index) >= 4
                && !reading.has_any(index, &[Cue::ResponseHeading, Cue::PublicInterest])
            {
                add(
                    &mut interest,
                    side.unwrap_or(Side::Balance),
                    reading.span(index),
                    index,
                );
            } else {
                side = None;
            }
            continue;
        }
        conclude(reading, index, &mut interest, near);
        let concluding = reading.affirmed(index, Cue::Outweighs).is_some();
        match side {
            Some(lead @ (Side::Favouring | Side::Against))
                if !concluding && reading.word_count(index) >= 3 =>
            {
                add(&mut interest, lead, reading.span(index), index);
                if lead == Side::Favouring {
                    last_favouring = Some(index);
                }
                if lead == Side::Favouring
                    && reading.kind(index) == Kind::Prose
                    && against(reading, index, last_favouring)
                {
                    add(&mut interest, Side::Against, reading.span(index), index);
                }
                continue;
            }
            _ => {}
        }
        if !near {
            continue;
        }
        let for_it = favouring(reading, index);
        let against_it = against(reading, index, last_favouring.or(for_it.then_some(index)));
        if for_it {
            add(&mut interest, Side::Favouring, reading.span(index), index);
            last_favouring = Some(index);
        }
        // "… and the need to protect our data justifies it": the balance names what it protects.
        let named = concluding
            && reading.has(index, Cue::Protective)
            && interest
                .conclusion
                .as_ref()
                .is_some_and(|span| *span == reading.span(index));
        if against_it || named {
            add(&mut interest, Side::Against, reading.span(index), index);
        }
    }
    interest
}

fn add(interest: &mut Interest, side: Side, span: Range<usize>, index: usize) {
    match side {
        Side::Favouring => interest.favouring.push(span),
        Side::Against => interest.against.push(span),
        Side::Balance => {}
    }
    interest.sentences.push(index);
}

/// Whether the public interest is being weighed hereabouts.
fn near(reading: &Reading<'_>, index: usize) -> bool {
    (index.saturating_sub(4)..=index.saturating_add(2)).any(|other| {
        reading.authority(other)
            && (reading.has_any(other, &[Cue::PublicInterest, Cue::Outweighs, Cue::Argued])
                || begins_with_a_side(reading, other))
            && !reading.has(other, Cue::TestDescribed)
    })
}

/// "In favour of disclosure we took account of …": a sentence that begins with a side.
fn begins_with_a_side(reading: &Reading<'_>, index: usize) -> bool {
    let start = reading
        .sentence(index)
        .map_or(0, |sentence| sentence.words.start);
    [Cue::LeadFor, Cue::LeadAgainst].iter().any(|cue| {
        reading
            .hits(index, *cue)
            .any(|hit| hit.words.start.saturating_sub(start) <= 2 && hit.words.len() >= 2)
    })
}

/// A line that opens one side, and the words that follow on the same line.
fn lead(reading: &Reading<'_>, index: usize, weighing: bool) -> Option<(Side, Range<usize>)> {
    let sentence = reading.sentence(index)?;
    let colon = colon(reading, index);
    let head = match colon {
        Some(at) => {
            sentence.words.start
                ..reading
                    .text
                    .words
                    .partition_point(|word| word.span.start < at)
                    .min(sentence.words.end)
        }
        None if sentence.kind == Kind::Heading || sentence.opens => sentence.words.clone(),
        None => return None,
    };
    if head.len() > 16 || head.is_empty() || !weighing {
        return None;
    }
    let rest = head.end..sentence.words.end;
    let inside = |cue: Cue| {
        reading
            .hits(index, cue)
            .any(|hit| hit.words.start >= head.start && hit.words.end <= head.end)
    };
    let words: Vec<&str> = head.clone().map(|word| reading.text.form(word)).collect();
    let both = words
        .windows(3)
        .any(|w| matches!(w, ["for", "and" | "or", "against"]))
        || (words.contains(&"both") && words.contains(&"sides"));
    if both {
        return Some((Side::Balance, rest));
    }
    if inside(Cue::LeadAgainst) {
        return Some((Side::Against, rest));
    }
    if inside(Cue::LeadFor) || words == ["for"] {
        return Some((Side::Favouring, rest));
    }
    if inside(Cue::LeadBalance) && head.len() <= 8 {
        return Some((Side::Balance, rest));
    }
    None
}

/// The first colon of a sentence, when words follow or it ends the line.
fn colon(reading: &Reading<'_>, index: usize) -> Option<usize> {
    let span = reading.span(index);
    let slice = reading.source.get(span.clone())?;
    slice
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| {
            !slice
                .get(at.saturating_add(1)..)
                .unwrap_or("")
                .starts_with("//")
        })
        .map(|at| span.start.saturating_add(at))
}

/// "None", "not applicable": a lead with nothing behind it.
fn is_nothing(reading: &Reading<'_>, words: &Range<usize>) -> bool {
    let first = reading.text.form(words.start);
    words.len() <= 4 && matches!(first, "none" | "nil" | "n" | "not" | "no")
}

/// The balance, where a sentence strikes it.
fn conclude(reading: &Reading<'_>, index: usize, interest: &mut Interest, near: bool) {
    if interest.conclusion.is_some() || !near {
        return;
    }
    let struck = reading.hits(index, Cue::Outweighs).any(|hit| {
        // "does not outweigh" and "none that would outweigh" strike the balance too; "is not in favour of" does not.
        let form = reading.text.form(hit.words.start);
        let denied = !form.starts_with("outweigh")
            && form != "not"
            && reading.hits(index, Cue::Negation).any(|negation| {
                negation.words.end <= hit.words.start
                    && hit.words.start.saturating_sub(negation.words.end) <= 1
            });
        !denied && !conditional(reading, index, hit)
    }) || decided(reading, index);
    if !struck {
        return;
    }
    interest.conclusion = Some(reading.span(index));
    interest.sentences.push(index);
}

/// "We have concluded that the public interest falls on the side of not releasing it": an outcome in other words.
fn decided(reading: &Reading<'_>, index: usize) -> bool {
    const DECIDED: &[&str] = &[
        "conclu",
        "decid",
        "determin",
        "satisf",
        "therefore",
        "accordingly",
        "judg",
    ];
    const DIRECTION: &[&str] = &[
        "withh", "maintain", "refus", "exempt", "against", "not", "keep", "neither",
    ];
    let Some(sentence) = reading.sentence(index) else {
        return false;
    };
    let form = |word: usize| reading.text.form(word);
    let told = sentence.words.clone().any(|word| {
        DECIDED.iter().any(|stem| form(word).starts_with(stem))
            && !(word.saturating_add(1)..word.saturating_add(3))
                .any(|next| matches!(form(next), "whether" | "if" | "where" | "which"))
    });
    let put_off = sentence.words.clone().any(|word| {
        matches!(
            form(word),
            "will" | "yet" | "must" | "whether" | "unless" | "required"
        )
    });
    told && !put_off
        && reading.hits(index, Cue::PublicInterest).any(|hit| {
            (hit.words.end..sentence.words.end)
                .any(|word| DIRECTION.iter().any(|stem| form(word).starts_with(stem)))
        })
}

/// "unless the public interest … outweighs": the test and not its outcome.
fn conditional(reading: &Reading<'_>, index: usize, hit: &Hit) -> bool {
    const RESOLVED: &[&str] = &[
        "conclu",
        "decid",
        "find",
        "found",
        "satisf",
        "determin",
        "therefore",
        "judg",
        "view",
        "opinion",
        "believe",
        "think",
        "accordingly",
        "outcome",
        "balance",
        "feel",
        "consider",
    ];
    let Some(sentence) = reading.sentence(index) else {
        return false;
    };
    let form = |word: usize| reading.text.form(word);
    // "have decided that", but not "decides whether".
    let resolved = sentence.words.clone().any(|word| {
        RESOLVED.iter().any(|stem| form(word).starts_with(stem))
            && !(word.saturating_add(1)..word.saturating_add(3))
                .any(|next| matches!(form(next), "whether" | "if" | "where" | "which"))
    });
    // "It may be found to outweigh the exemption."
    let supposed = (hit.words.start.saturating_sub(4)..hit.words.start)
        .any(|word| matches!(form(word), "may" | "might" | "could"));
    if supposed {
        return true;
    }
    let posed = reading.hits(index, Cue::Condition).any(|condition| {
        let before = condition.words.start < hit.words.start;
        let turned = (condition.words.end..hit.words.start)
            .any(|word| matches!(form(word), "but" | "however" | "yet"));
        before && !turned && poses(reading, condition)
    });
    posed && !resolved
}

/// Whether a condition poses the test: "unless", "whether", "if the public interest …", "must be weighed"; but not "must refuse".
fn poses(reading: &Reading<'_>, condition: &Hit) -> bool {
    let form = |word: usize| reading.text.form(word);
    let next = |count: usize, is: &dyn Fn(&str) -> bool| {
        (condition.words.end..condition.words.end.saturating_add(count)).any(|word| is(form(word)))
    };
    match form(condition.words.start) {
        "if" => next(5, &|word| {
            matches!(word, "interest" | "interests" | "balance" | "it")
        }),
        "must" | "has" | "have" | "need" | "needs" | "requires" | "required" | "should" => {
            next(4, &|word| {
                [
                    "consider", "weigh", "look", "decid", "balanc", "shown", "determin", "assess",
                    "appl", "ask", "outweigh",
                ]
                .iter()
                .any(|stem| word.starts_with(stem))
            })
        }
        _ => true,
    }
}

/// Whether a sentence grants something to be said for disclosing, or for confirming or denying.
fn favouring(reading: &Reading<'_>, index: usize) -> bool {
    let conceded = reading.affirmed(index, Cue::Concede).is_some();
    let posed = reading.hits(index, Cue::Condition).any(|hit| {
        matches!(
            reading.text.form(hit.words.start),
            "unless" | "whether" | "must" | "has" | "have" | "need" | "needs" | "means"
        )
    });
    // "Factors favouring disclosure include …", "in favour of release is …".
    let led = reading.hits(index, Cue::LeadFor).any(|hit| {
        reading
            .sentence(index)
            .is_some_and(|sentence| sentence.words.end.saturating_sub(hit.words.end) >= 5)
            && !reading.covered(index, hit, Cue::LeadAgainst)
            && (hit.words.start..hit.words.end).any(|word| {
                matches!(
                    reading.text.form(word),
                    "favour" | "favouring" | "factors" | "supporting" | "case" | "argument"
                )
            })
    });
    let concluding = reading.affirmed(index, Cue::Outweighs).is_some();
    let value = interests(reading, index)
        .iter()
        .any(|(_, openness)| *openness == Some(true));
    let openness = reading
        .hits(index, Cue::Openness)
        .any(|hit| !reading.denied(index, hit));
    let recognised = reading.hits(index, Cue::Concede).any(|hit| {
        let form = reading.text.form(hit.words.start);
        ["recogni", "acknowledg", "accept", "appreciat"]
            .iter()
            .any(|stem| form.starts_with(stem))
            && !reading.denied(index, hit)
    });
    let of_interest = reading.has(index, Cue::PublicInterest);
    if posed && !recognised {
        return false;
    }
    (led && !concluding)
        || reading.affirmed(index, Cue::Argued).is_some()
        || (value && (conceded || !concluding))
        || (openness && conceded)
        || (recognised
            && of_interest
            && !interests(reading, index)
                .iter()
                .all(|(_, openness)| *openness == Some(false)))
}

/// Whether a sentence says something for maintaining the exemption.
fn against(reading: &Reading<'_>, index: usize, last_favouring: Option<usize>) -> bool {
    let protective = interests(reading, index)
        .iter()
        .any(|(_, openness)| *openness == Some(false));
    let led = reading.hits(index, Cue::LeadAgainst).any(|hit| {
        reading
            .sentence(index)
            .is_some_and(|sentence| sentence.words.end.saturating_sub(hit.words.end) >= 5)
            && reading.affirmed(index, Cue::Outweighs).is_none()
            && (hit.words.start..hit.words.end).any(|word| {
                matches!(
                    reading.text.form(word),
                    "favour"
                        | "favouring"
                        | "factors"
                        | "supporting"
                        | "case"
                        | "argument"
                        | "against"
                )
            })
    });
    let follows = last_favouring.is_some_and(|favouring| index.saturating_sub(favouring) <= 2);
    // "It is also in the public interest that …" behind what was granted: the other side.
    let also = reading
        .hits(index, Cue::Contrast)
        .any(|hit| (hit.words.start..hit.words.end).any(|word| reading.text.form(word) == "also"));
    let another = follows
        && also
        && reading.has(index, Cue::PublicInterest)
        && !reading.has(index, Cue::Openness);
    let turned = reading.hits(index, Cue::Contrast).any(|contrast| {
        follows
            && [Cue::Protective, Cue::Harm].iter().any(|cue| {
                reading.hits(index, *cue).any(|hit| {
                    hit.words.start >= contrast.words.start
                        && !reading.covered(index, hit, Cue::Contrast)
                })
            })
    });
    // What follows "but" or "however" right behind what was granted is the other side, whatever it says.
    let start = reading
        .sentence(index)
        .map_or(0, |sentence| sentence.words.start);
    let plainly = reading.affirmed(index, Cue::Outweighs).is_none()
        && reading.hits(index, Cue::Contrast).any(|contrast| {
            let form = reading.text.form(contrast.words.start);
            let turns = matches!(
                form,
                "but"
                    | "however"
                    | "yet"
                    | "against"
                    | "nevertheless"
                    | "conversely"
                    | "on"
                    | "at"
                    | "set"
            );
            let here = last_favouring == Some(index);
            let next = last_favouring.is_some_and(|last| last.saturating_add(1) == index);
            turns && (here || (next && contrast.words.start.saturating_sub(start) <= 2))
        });
    let posed = reading.hits(index, Cue::Condition).any(|hit| {
        matches!(
            reading.text.form(hit.words.start),
            "unless" | "whether" | "means" | "must"
        )
    });
    (protective || led || turned || another || plainly)
        && !(posed && reading.affirmed(index, Cue::Contrast).is_none())
}

/// Each mention of the public interest in a sentence, and whether what it is in is openness or protection.
fn interests(reading: &Reading<'_>, index: usize) -> Vec<(usize, Option<bool>)> {
    let Some(sentence) = reading.sentence(index) else {
        return Vec::new();
    };
    reading
        .hits(index, Cue::PublicInterest)
        .map(|hit| {
            // "it is not in the public interest to …"
            let refused = (hit.words.start.saturating_sub(4)..hit.words.start)
                .any(|word| reading.text.form(word) == "not")
                && matches!(
                    reading.text.form(hit.words.start.saturating_sub(2)),
                    "in" | "serve"
                );
            let reach = hit.words.end..sentence.words.end.min(hit.words.end.saturating_add(14));
            let first = |cue: Cue| {
                reading
                    .hits(index, cue)
                    .map(|found| found.words.start)
                    .filter(|start| reach.contains(start))
                    .min()
            };
            let openness = match (first(Cue::Openness), first(Cue::Protective)) {
                _ if refused => Some(false),
                (Some(open), Some(closed)) => Some(open <= closed),
                (Some(_), None) => Some(true),
                (None, Some(_)) => Some(false),
                (None, None) => None,
            };
            // "the public interest in disclosure" alone is the test's own word and no factor.
            let bare = matches!(reading.text.form(hit.words.end), "in" | "to" | "of")
                && ["disclos", "releas", "maintain", "withh", "confirm", "publi"]
                    .iter()
                    .any(|stem| {
                        (hit.words.end..hit.words.end.saturating_add(3))
                            .any(|word| reading.text.form(word).starts_with(stem))
                    });
            (hit.words.start, openness.filter(|_| !bare || refused))
        })
        .collect()
}
