//! What is wrong with what a notice says: provisions, contradictions, reasons, balance, particulars.

use std::collections::HashMap;

use law::{Act, WorkingDays};

use super::cited::{Cited, Role};
use super::cue::Cue;
use super::decisions::{Read, references};
use super::elements::Facts;
use super::findings::Findings;
use super::reading::Reading;
use super::text::Kind;
use super::{Severity, Sources};
use crate::command::plain;

/// Provisions that don't exist, aren't given to the paragraph, or can't stand together.
pub(super) fn provisions(
    reading: &Reading<'_>,
    facts: &Facts,
    sources: &Sources<'_>,
    found: &mut Findings,
) {
    let mut told: Vec<String> = Vec::new();
    for cited in facts
        .relied()
        .filter(|cited| cited.provision.act() == Act::Foia)
    {
        let name = cited.provision.to_string();
        if told.contains(&name) {
            continue;
        }
        told.push(name.clone());
        let span = Some(cited.span.clone());
        let Some(exemption) = sources.statute.exemption(&cited.provision) else {
            if cited.provision.parts().is_empty() {
                found.add(
                    Severity::Info,
                    "exemption.subsection",
                    "FOIA s.17(5)",
                    span,
                    format!(
                        "cites {name} without its subsection; say which: {name}(1) or {name}(2)"
                    ),
                );
            }
            continue;
        };
        if name == "FOIA s.40(5)" {
            found.add(
                Severity::Warning,
                "exemption.superseded",
                "FOIA s.17(1)(b)",
                span,
                "section 40(5) was replaced on 25 May 2018; cite section 40(5A) for the applicant's own data or 40(5B)(a) to (d) for others'",
            );
        } else if !exemption.has_limb(&cited.provision) {
            let limbs: Vec<String> = exemption.limbs.iter().map(ToString::to_string).collect();
            found.add(
                Severity::Error,
                "exemption.unknown",
                "FOIA s.17(1)(b)",
                span,
                format!(
                    "{name} is no exemption; {} has {}",
                    exemption.provision,
                    limbs.join(", ")
                ),
            );
        } else if cited.role == Role::Content
            && exemption.limbs.len() > 1
            && !exemption
                .limbs
                .iter()
                .any(|limb| cited.provision.is_within(&limb.provision))
        {
            let limbs: Vec<String> = exemption
                .limbs
                .iter()
                .filter(|limb| limb.provision.is_within(&cited.provision))
                .map(ToString::to_string)
                .collect();
            found.add(
                Severity::Error,
                "exemption.limb_missing",
                "FOIA s.17(1)(b)",
                span,
                format!(
                    "cites {name} without its limb; say which: {}",
                    limbs.join(", ")
                ),
            );
        }
    }
    not_exemptions(reading, facts, sources, found);
    together(reading, facts, found);
}

/// "exempt under section 45": a section that exempts nothing.
fn not_exemptions(
    reading: &Reading<'_>,
    facts: &Facts,
    sources: &Sources<'_>,
    found: &mut Findings,
) {
    let words = &reading.text.words;
    for cited in facts
        .cited
        .iter()
        .filter(|cited| cited.provision.act() == Act::Foia)
    {
        let section = cited.provision.section();
        if sources.statute.exemption(&cited.provision).is_some()
            || matches!(section.as_str(), "1" | "2" | "9" | "12" | "14" | "17")
            || !reading.authority(cited.sentence)
        {
            continue;
        }
        let start = words.partition_point(|word| word.span.end <= cited.span.start);
        let claimed = reading.hits(cited.sentence, Cue::Exempt).any(|hit| {
            hit.words.end <= start
                && start.saturating_sub(hit.words.end) <= 5
                && !reading.denied(cited.sentence, hit)
        });
        if claimed {
            found.add(
                Severity::Error,
                "exemption.unknown",
                "FOIA s.17(1)(b)",
                Some(cited.span.clone()),
                format!(
                    "{} is no exemption; sections 21 to 44 hold the exemptions",
                    cited.provision
                ),
            );
        }
    }
}

/// Sections 30 and 31 for the same information; section 35 by a body to which it isn't open.
fn together(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    let content = |section: &str| {
        facts
            .relied()
            .filter(|cited| cited.role == Role::Content && cited.provision.act() == Act::Foia)
            .filter(|cited| cited.provision.section() == section)
            .collect::<Vec<_>>()
    };
    for first in content("30") {
        if let Some(second) = content("31")
            .iter()
            .find(|second| scope(reading, second) == scope(reading, first))
        {
            found.add(
                Severity::Warning,
                "exemption.thirty_and_thirty_one",
                "FOIA s.31(1)",
                Some(second.span.clone()),
                "relies on sections 30 and 31; section 31 covers only what section 30 does not, so say which information each is for",
            );
            break;
        }
    }
    let author = |names: &[&str]| {
        (0..reading.text.words.len()).any(|word| names.contains(&reading.text.form(word)))
    };
    if let Some(cited) = content("35").first()
        && author(&[
            "council",
            "trust",
            "constabulary",
            "university",
            "college",
            "school",
        ])
        && !author(&["department", "ministry", "cabinet", "ministers", "minister"])
    {
        found.add(
            Severity::Error,
            "exemption.not_open",
            "FOIA s.35(1)",
            Some(cited.span.clone()),
            "section 35 is open to government departments and the Welsh Government only; consider section 36, which needs the qualified person",
        );
    }
}

fn scope<'r>(reading: &'r Reading<'_>, cited: &Cited) -> Option<&'r str> {
    reading
        .scopes
        .get(cited.sentence)
        .and_then(Option::as_deref)
}

/// A sentence that claims the exemption for the content, and doesn't merely name it.
fn claims(reading: &Reading<'_>, index: usize) -> bool {
    let says = |stems: &[&str]| {
        reading.sentence(index).is_some_and(|sentence| {
            sentence.words.clone().any(|word| {
                stems
                    .iter()
                    .any(|stem| reading.text.form(word).starts_with(stem))
            })
        })
    };
    reading.authority(index)
        && (reading.affirmed(index, Cue::Exempt).is_some()
            || reading.affirmed(index, Cue::Withheld).is_some()
            || says(&["relies", "rely", "relied", "applied", "engaged"]))
}

/// Neither confirming nor denying: contradictions, its provision, its own harm, what gives it away.
pub(super) fn confirm_or_deny(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    let Some(neither) = &facts.neither else {
        return;
    };
    contradiction(reading, facts, found);
    let provisions: Vec<&Cited> = facts
        .relied()
        .filter(|cited| cited.role == Role::ConfirmOrDeny)
        .collect();
    if provisions.is_empty() {
        found.add(
            Severity::Error,
            "neither.no_provision",
            "FOIA s.17(1)(b)",
            Some(neither.clone()),
            "neither confirms nor denies without the provision that allows it; cite it, such as section 31(3) by virtue of section 31(1)(a)",
        );
    }
    if let Some(general) = provisions
        .iter()
        .find(|cited| cited.provision.to_string() == "FOIA s.31(3)")
        && !facts
            .relied()
            .any(|cited| cited.provision.to_string().starts_with("FOIA s.31(1)("))
    {
        found.add(
            Severity::Warning,
            "neither.no_matter",
            "FOIA s.17(1)(b)",
            Some(general.span.clone()),
            "cites section 31(3) without the matter it protects; add it: by virtue of section 31(1)(a)",
        );
    }
    let owes_harm = provisions.is_empty()
        || provisions.iter().any(|cited| {
            !matches!(
                cited.provision.section().as_str(),
                "23" | "40" | "41" | "44"
            )
        });
    let own_harm = facts
        .reasons
        .given
        .iter()
        .any(|index| reading.has(*index, Cue::AboutConfirming));
    if owes_harm && !own_harm && !facts.reasons.given.is_empty() {
        found.add(
            Severity::Error,
            "neither.harm_of_content",
            "FOIA s.17(1)(c)",
            facts.reasons.given.first().map(|index| reading.span(*index)),
            "gives the harm of disclosing the content, but not of saying whether it is held; say what a yes, or a no, would itself tell",
        );
    }
    let only = !facts.has_role(Role::Content) && !facts.has_role(Role::Refusal);
    let partial = (0..reading.len()).any(|index| reading.has(index, Cue::OtherInformation))
        || reading.scopes.iter().flatten().next().is_some();
    if only
        && !partial
        && let Some(held) = &facts.held
    {
        found.add(
            Severity::Warning,
            "neither.reveals",
            "FOIA s.2(1)",
            Some(held.clone()),
            "neither confirms nor denies, and here seems to say that something is held; take out what gives the answer away, or say which part each is about",
        );
    }
}

/// The same information exempt under its own paragraph, which says that it is held, and neither confirmed nor denied.
fn contradiction(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    let contents: Vec<&Cited> = facts
        .cited
        .iter()
        .filter(|cited| cited.role == Role::Content && claims(reading, cited.sentence))
        .collect();
    // Where each stands: the questions it is about, and the provision it names.
    let mut refusals: Vec<(Option<&str>, Option<String>)> = facts
        .relied()
        .filter(|cited| {
            cited.role == Role::ConfirmOrDeny && !reading.has(cited.sentence, Cue::OtherInformation)
        })
        .map(|cited| (scope(reading, cited), Some(cited.provision.section())))
        .collect();
    refusals.extend((0..reading.len()).filter_map(|index| {
        let plain = reading.states(index)
            && reading.affirmed(index, Cue::Neither).is_some()
            && !reading.has(index, Cue::OtherInformation);
        plain.then(|| (reading.scopes.get(index).and_then(Option::as_deref), None))
    }));
    let named = |section: &str| {
        refusals
            .iter()
            .any(|(_, other)| other.as_deref() == Some(section))
    };
    let apart = |cited: &Cited| scope(reading, cited).is_some();
    let all_apart = contents.iter().any(|cited| apart(cited))
        && refusals.iter().any(|(question, _)| question.is_some());
    for cited in contents {
        let section = cited.provision.section();
        let question = scope(reading, cited);
        let together = refusals.iter().any(|(other, _)| *other == question);
        if !together || (question.is_none() && all_apart) {
            continue;
        }
        let same = named(&section) || refusals.iter().all(|(_, other)| other.is_none());
        if same {
            found.add(
                Severity::Error,
                "neither.contradiction",
                "FOIA s.2(1)",
                Some(cited.span.clone()),
                format!(
                    "says that information is exempt under {}, which says that it is held, and neither confirms nor denies holding it; choose one for each part of the request",
                    cited.provision
                ),
            );
        } else {
            found.add(
                Severity::Warning,
                "neither.unclear_parts",
                "FOIA s.17(1)",
                Some(cited.span.clone()),
                format!(
                    "withholds information under {} and neither confirms nor denies; say which information each is about",
                    cited.provision
                ),
            );
        }
        return;
    }
}

/// "Question 8: answered below." says what became of a question, and is no kind of information.
fn names_a_question(reading: &Reading<'_>, index: usize) -> bool {
    reading
        .sentence(index)
        .and_then(|sentence| sentence.words.clone().next())
        .is_some_and(|word| {
            matches!(
                reading.text.form(word),
                "question" | "questions" | "part" | "parts"
            )
        })
}

/// Whether a sentence says where information can be had, FOIA s.21: true of each alike, and no reason of harm.
fn points_elsewhere(reading: &Reading<'_>, facts: &Facts, index: usize) -> bool {
    let span = reading.span(index);
    facts.cited.iter().any(|cited| {
        cited.provision.section() == "21"
            && span.start <= cited.span.start
            && cited.span.end <= span.end
    })
}

/// One reason for unlike information.
pub(super) fn reasons(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    if facts.refuses.is_none() {
        return;
    }
    let own: Vec<usize> = facts
        .reasons
        .given
        .iter()
        .copied()
        .filter(|index| {
            !facts.interest.sentences.contains(index)
                && reading.kind(*index) != Kind::Heading
                && reading.word_count(*index) >= 8
                && !reading.has_any(*index, &[Cue::Likely, Cue::EitherLevel])
                && !points_elsewhere(reading, facts, *index)
        })
        .collect();
    let mut seen: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut repeated: Option<usize> = None;
    for index in &own {
        let words: Vec<&str> = reading.sentence(*index).map_or_else(Vec::new, |sentence| {
            sentence
                .words
                .clone()
                .map(|word| reading.text.form(word))
                .collect()
        });
        if seen.insert(words, *index).is_some() {
            repeated.get_or_insert(*index);
        }
    }
    // A long list of kinds of information, with hardly a reason among them.
    let listed = (0..reading.len())
        .filter(|index| {
            reading.authority(*index)
                && reading.kind(*index) == Kind::Item
                && reading
                    .sentence(*index)
                    .is_some_and(|sentence| sentence.label.is_none())
                && reading.word_count(*index) <= 14
                && !names_a_question(reading, *index)
                && !facts.interest.sentences.contains(index)
                && !facts.reasons.given.contains(index)
        })
        .count();
    let run_on: usize = reading
        .text
        .sentences
        .iter()
        .map(|sentence| {
            reading
                .source
                .get(sentence.span.clone())
                .map_or(0, |text| text.matches(" • ").count())
        })
        .sum();
    let distinct = seen.len();
    if let Some(index) = repeated {
        found.add(
            Severity::Warning,
            "reason.one_for_all",
            "FOIA s.17(1)(c)",
            Some(reading.span(index)),
            "gives the same reason word for word for different information; say of each how its disclosure would do the harm",
        );
    } else if listed.saturating_add(run_on) >= 10
        && distinct > 0
        && distinct.saturating_mul(4) < listed.saturating_add(run_on)
    {
        found.add(
            Severity::Warning,
            "reason.one_for_all",
            "FOIA s.17(1)(c)",
            own.first().map(|index| reading.span(*index)),
            format!(
                "covers a list of {} kinds of information with the same few reasons; say of each how its disclosure would do the harm, and release the rest",
                listed.saturating_add(run_on)
            ),
        );
    }
    if let Some(index) = (0..reading.len())
        .find(|index| reading.authority(*index) && reading.has(*index, Cue::Genuine))
    {
        found.add(
            Severity::Info,
            "motive.mentioned",
            "FOIA s.1(1)",
            Some(reading.span(index)),
            "speaks of the applicant's honesty; disclosure is to the whole world, so leave the applicant out of it",
        );
    }
    if let Some(index) = (0..reading.len())
        .find(|index| reading.authority(*index) && reading.has(*index, Cue::RequesterBlamed))
    {
        found.add(
            Severity::Warning,
            "vexatious.requester",
            "FOIA s.14(1)",
            Some(reading.span(index)),
            "calls the applicant vexatious; section 14(1) is about the request, so say that of the request",
        );
    }
    if facts.relies_on("14")
        && let Some(index) = (0..reading.len())
            .find(|index| reading.authority(*index) && reading.has(*index, Cue::EarlierNotice))
    {
        found.add(
            Severity::Info,
            "vexatious.further_requests",
            "FOIA s.17(6)",
            Some(reading.span(index)),
            "says that further requests will get no answer; that is allowed only where an earlier section 14 notice is on file, a further one would be unreasonable, and the applicant was warned",
        );
    }
}

/// A balance about the wrong thing, on an absolute exemption, or put off without an exemption.
pub(super) fn balance(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    let interest = &facts.interest;
    if let Some(undecided) = &interest.undecided
        && !facts.test_needed()
    {
        found.add(
            Severity::Error,
            "public_interest.extension_without_exemption",
            "FOIA s.10(3)",
            Some(undecided.clone()),
            "takes more time for the public interest without a qualified exemption that is already engaged; name it and say why it applies",
        );
    }
    let weighed = !interest.favouring.is_empty() || interest.conclusion.is_some();
    let absolute = facts
        .relied()
        .any(|cited| matches!(cited.role, Role::Content | Role::ConfirmOrDeny));
    if weighed && absolute && !facts.test_needed() && !facts.relies_on("41") {
        found.add(
            Severity::Warning,
            "public_interest.on_absolute",
            "FOIA s.2(3)",
            interest.favouring.first().cloned().or_else(|| interest.conclusion.clone()),
            "weighs the public interest although every exemption relied on is absolute; leave the test out, or cite the qualified exemption it is for",
        );
    }
    if interest.conclusion.is_none() || !facts.test_needed() {
        return;
    }
    let about = |cue: Cue| {
        interest
            .sentences
            .iter()
            .any(|index| reading.has(*index, cue))
    };
    let (confirming, content) = (about(Cue::AboutConfirming), about(Cue::AboutContent));
    if facts.confirm_test && !facts.content_test && content && !confirming {
        found.add(
            Severity::Error,
            "public_interest.wrong_subject",
            "FOIA s.17(3)(a)",
            interest.conclusion.clone(),
            "weighs disclosing the content where the duty to confirm or deny is refused; weigh saying whether the information is held against not saying so",
        );
    }
    if facts.content_test && confirming && !content {
        found.add(
            Severity::Error,
            "public_interest.content_not_weighed",
            "FOIA s.17(3)(b)",
            interest.conclusion.clone(),
            "weighs only confirming or denying, while content is withheld under a qualified exemption; weigh its disclosure too",
        );
    }
}

/// Decision notices, dates, and what mail readers make of the citations.
pub(super) fn particulars(
    reading: &Reading<'_>,
    facts: &Facts,
    sources: &Sources<'_>,
    found: &mut Findings,
) {
    let mut told: Vec<&str> = Vec::new();
    for span in references(reading.source) {
        let Some(reference) = reading.source.get(span.clone()) else {
            continue;
        };
        let quoted = reading
            .text
            .sentences
            .iter()
            .position(|sentence| sentence.span.contains(&span.start))
            .is_some_and(|index| {
                reading.voices.get(index) == Some(&super::reading::Voice::Applicant)
            });
        if quoted || told.contains(&reference) {
            continue;
        }
        told.push(reference);
        let why = match sources.decisions.get(reference).map(|record| record.read) {
            Some(Read::Whole) => continue,
            Some(Read::Part) => "has been read only in part",
            Some(Read::Nothing) => "could not be traced",
            None => "has no record",
        };
        found.add(
            Severity::Warning,
            "decision_notice.unverified",
            "FOIA s.50",
            Some(span),
            format!("cites {reference}, which {why}; read it, record what it decided and on what facts, or leave it out"),
        );
    }
    dates(reading, facts, sources, found);
    machine_reading(reading, facts, found);
}

/// Late against the dates given, FOIA s.10(1) and s.17(1).
fn dates(reading: &Reading<'_>, facts: &Facts, sources: &Sources<'_>, found: &mut Findings) {
    let dates = &facts.dates;
    let certain = facts
        .known
        .received_on
        .or(dates.received.as_ref().map(|(date, _)| *date));
    let received = certain.or(dates.requested.as_ref().map(|(date, _)| *date));
    let issued = facts
        .known
        .issued_on
        .or(dates.issued.as_ref().map(|(date, _)| *date));
    let (Some(received), Some(issued), Some(calendar)) = (received, issued, sources.calendar)
    else {
        return;
    };
    let span = dates.issued.as_ref().map(|(_, span)| span.clone());
    if issued < received {
        found.add(
            Severity::Warning,
            "time.before_request",
            "FOIA s.10(1)",
            span,
            format!(
                "is dated {}, before the request came in on {}; check the two dates",
                plain(issued),
                plain(received)
            ),
        );
        return;
    }
    let counted = calendar.nth_working_day_after(received, WorkingDays(20));
    let Some(due) = facts.known.due_on.or(counted.ok()) else {
        return;
    };
    if issued <= due {
        return;
    }
    let late = calendar.working_days_between(due, issued).unwrap_or(0);
    let days = if late == 1 { "" } else { "s" };
    let last_day = match (facts.known.due_on, certain) {
        (Some(due), _) => format!("the last day for answering was {}", plain(due)),
        (None, Some(_)) => format!(
            "the twentieth working day after {} was {}",
            plain(received),
            plain(due)
        ),
        (None, None) => format!(
            "the twentieth working day after {}, if it came in that day, was {}",
            plain(received),
            plain(due)
        ),
    };
    // Nothing mends it but saying so.
    let says_so =
        (0..reading.len()).any(|index| reading.authority(index) && reading.has(index, Cue::Late));
    let (severity, mend) = match (says_so, certain) {
        (true, _) => (Severity::Info, "it says so"),
        (false, Some(_)) => (Severity::Error, "say so, and apologise"),
        (false, None) => (Severity::Warning, "say so, and apologise"),
    };
    found.add(
        severity,
        "time.late",
        "FOIA s.17(1)",
        span,
        format!(
            "is dated {}; {last_day}, {late} working day{days} earlier; {mend}",
            plain(issued)
        ),
    );
}

/// Other software reads only the words "section N" in the singular, and takes the Act from the text.
fn machine_reading(reading: &Reading<'_>, facts: &Facts, found: &mut Findings) {
    let spelled = |cited: &Cited| {
        reading
            .source
            .get(cited.span.clone())
            .map(str::to_lowercase)
            .is_some_and(|text| {
                let plural = text.starts_with("sections")
                    || text.starts_with("ss")
                    || text.starts_with("regs")
                    || text.starts_with("regulations");
                !plural && text.starts_with(['s', 'r'])
            })
    };
    let mut told: Vec<String> = Vec::new();
    for cited in facts.relied() {
        let section = cited.provision.section();
        let plain = facts
            .cited
            .iter()
            .any(|other| other.provision.section() == section && spelled(other));
        if !plain && !told.contains(&section) {
            found.add(
                Severity::Info,
                "citation.not_singular",
                "FOIA s.17(1)(b)",
                Some(cited.span.clone()),
                format!("cites {} only in a list or without the word section; other software misses that, so write once: {}", cited.provision, cited.provision.in_words()),
            );
            told.push(section);
        }
    }
    let foia = facts
        .relied()
        .find(|cited| cited.provision.act() == Act::Foia);
    let lower = reading.source.to_lowercase();
    let named = ["freedom of information", "foia", "foi act", "foi"]
        .iter()
        .any(|name| lower.contains(name));
    if let Some(cited) = foia
        && !named
    {
        found.add(
            Severity::Info,
            "citation.no_act",
            "FOIA s.17(1)(b)",
            Some(cited.span.clone()),
            "names sections but never the Act; write \"of the Freedom of Information Act 2000\" once",
        );
    }
}
