//! What is wrong with a notice: what is missing, and what `defects` finds in what is there.

use std::ops::Range;

use super::defects;
use super::elements::Facts;
use super::reading::Reading;
use super::{Element, Finding, Severity, Sources, Status};

/// Collects findings.
pub(super) struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    pub fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        provision: &'static str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) {
        self.list.push(Finding {
            code,
            severity,
            provision,
            message: message.into(),
            span,
        });
    }
}

/// Every finding about a notice.
pub(super) fn findings(
    reading: &Reading<'_>,
    facts: &Facts,
    elements: &[Element],
    sources: &Sources<'_>,
) -> Vec<Finding> {
    let mut found = Findings { list: Vec::new() };
    missing(facts, elements, &mut found);
    unclear(facts, elements, &mut found);
    test(facts, elements, &mut found);
    defects::provisions(reading, facts, sources, &mut found);
    defects::confirm_or_deny(reading, facts, &mut found);
    defects::reasons(reading, facts, &mut found);
    defects::balance(reading, facts, &mut found);
    defects::particulars(reading, facts, sources, &mut found);
    for gap in &reading.text.gaps {
        found.add(
            Severity::Warning,
            "gap.to_complete",
            "FOIA s.17",
            Some(gap.span.clone()),
            format!("still to be filled in: {}", gap.what),
        );
    }
    if reading.text.cut_off {
        found.add(
            Severity::Info,
            "text.cut_off",
            "FOIA s.17",
            None,
            "the text breaks off in the middle of a sentence, so what would come after it is not judged; give the whole notice",
        );
    }
    found.list
}

/// Elements that are owed and not there, apart from the public interest test.
fn missing(facts: &Facts, elements: &[Element], found: &mut Findings) {
    use Severity::{Error, Info, Warning};
    for element in elements
        .iter()
        .filter(|element| element.status == Status::Missing)
    {
        let (severity, code, message) = match element.id {
            "request_identified" => (
                Warning,
                "request.not_identified",
                "does not say which request it answers; give your reference, the date the request came in, and what was asked",
            ),
            "date_of_issue" => (
                Warning,
                "date.missing",
                "bears no date, so nobody can see that it was given within 20 working days; date it",
            ),
            "confirms_or_denies" => (
                Warning,
                "confirm_or_deny.missing",
                "does not say whether the information is held; say of each part that it is held, is not held, or is neither confirmed nor denied",
            ),
            "states_exemption" => (
                Error,
                "exemption.not_stated",
                "refuses without saying that an exemption is relied on; state which one",
            ),
            "specifies_provision" => (
                Error,
                "exemption.not_specified",
                "names no provision; give the section, subsection and paragraph, such as section 31(1)(a)",
            ),
            "explains_why" => (
                if facts.only_refusals() {
                    Warning
                } else {
                    Error
                },
                "reason.missing",
                "gives no reason why the provision applies; say of each what would happen, how, and what this information adds",
            ),
            "likelihood" => (
                Warning,
                "likelihood.missing",
                "does not say how likely the harm is; choose \"would\" (more likely than not) or \"would be likely to\" (a real and significant chance); unsaid, the Commissioner takes the lower",
            ),
            "estimate_of_decision_date" => (
                Error,
                "public_interest.no_date",
                "puts off the public interest decision without an estimate of when it will be made; give a date",
            ),
            "no_indication" => (
                Info,
                "neither.no_indication",
                "does not add that nothing about whether the information is held can be read from this reply; add it",
            ),
            "qualified_person" => (
                Error,
                "opinion.no_qualified_person",
                "relies on section 36 without the qualified person's opinion; name the office, the date, the limb and the likelihood, and say why the opinion is reasonable",
            ),
            "cost_estimate" => (
                Warning,
                "cost.no_estimate",
                "relies on section 12 without showing how the cost was estimated; give records times minutes, or hours for each of the four activities",
            ),
            "place_of_information" => (
                Error,
                "accessible.no_place",
                "relies on section 21 without saying where the information is; give the exact address of the page, or the title and page of the document",
            ),
            "advice_and_assistance" => (
                Warning,
                "cost.no_advice",
                "refuses for cost without helping with a request that would fit; say what could be answered within the limit",
            ),
            "internal_review" => (
                Error,
                "review.missing",
                "says nothing of an internal review; say to whom and how to complain, or that you have no procedure",
            ),
            "internal_review_time_limit" => (
                Info,
                "review.no_time_limit",
                "does not say by when to ask for an internal review; the practice is within 40 working days",
            ),
            "section_50_right" => (
                Error,
                "section_50.missing",
                "does not tell of the right to apply to the Information Commissioner under section 50; add it",
            ),
            "commissioner_contact" => (
                Warning,
                "commissioner.no_contact",
                "does not say how to reach the Commissioner; give the page for complaints, the address and the telephone number",
            ),
            "commissioner_time_limit" => (
                Info,
                "commissioner.no_time_limit",
                "does not say that complaints should reach the Commissioner within six weeks of the final answer",
            ),
            "staff_contact" => (
                Warning,
                "staff.no_contact",
                "does not say whom to ask about this letter; name an office and how to reach it",
            ),
            // The test has its own findings.
            _ => continue,
        };
        found.add(severity, code, element.provision, None, message);
    }
}

/// Elements of which the text says half.
fn unclear(facts: &Facts, elements: &[Element], found: &mut Findings) {
    let element = |id: &str| {
        elements
            .iter()
            .find(|element| element.id == id)
            .filter(|element| element.status == Status::Unclear)
    };
    if let Some(why) = element("explains_why")
        && facts.reasons.recited.is_some()
        && why.span.is_some()
    {
        found.add(
            Severity::Warning,
            "reason.only_recited",
            why.provision,
            why.span.clone(),
            "claims harm in the Act's own words and says nothing of how it would come about; say who could do what with this information",
        );
    }
    let level = &facts.likelihood;
    if level.needed {
        match (&level.would, &level.likely) {
            (Some(_), Some(likely)) => found.add(
                Severity::Warning,
                "likelihood.mixed",
                "FOIA s.17(1)(c)",
                Some(likely.clone()),
                "claims both that harm would follow and that it would be likely to; choose one for each exemption",
            ),
            (None, None) if level.either.is_some() => found.add(
                Severity::Warning,
                "likelihood.recited",
                "FOIA s.17(1)(c)",
                level.either.clone(),
                "repeats \"would, or would be likely to\" from the Act and chooses neither; the Commissioner takes the lower",
            ),
            (None, None) if level.recited.is_some() => found.add(
                Severity::Warning,
                "likelihood.recited",
                "FOIA s.17(1)(c)",
                level.recited.as_ref().map(|(span, _)| span.clone()),
                "gives a likelihood only in describing the Act; say which level you claim for this information",
            ),
            _ => {}
        }
    }
    if let Some(review) = element("internal_review")
        && facts.rights.no_review.is_some()
        && facts.rights.review.is_none()
    {
        found.add(
            Severity::Warning,
            "review.denied",
            review.provision,
            review.span.clone(),
            "says that no internal review is open; that is enough only where the authority has no procedure for complaints at all, and then it must say so",
        );
    }
    if let Some(review) = &facts.rights.review {
        if facts.refuses.is_some() && facts.rights.review_contact.is_none() {
            found.add(
                Severity::Warning,
                "review.no_route",
                "FOIA s.17(7)(a)",
                Some(review.clone()),
                "offers an internal review without saying where to write; name an office and its address",
            );
        }
        if facts.refuses.is_some() && facts.rights.answer_time.is_none() {
            found.add(
                Severity::Info,
                "review.no_answer_time",
                "FOIA s.45",
                Some(review.clone()),
                "does not say when a review will be answered; the practice is within 20 working days",
            );
        }
    }
}

/// The public interest test: missing, on one side only, without an outcome.
fn test(facts: &Facts, elements: &[Element], found: &mut Findings) {
    let status = |id: &str| {
        elements
            .iter()
            .find(|element| element.id == id)
            .map_or((Status::NotApplicable, "FOIA s.17(3)"), |element| {
                (element.status, element.provision)
            })
    };
    let (favouring, provision) = status("public_interest_for");
    let (against, _) = status("public_interest_against");
    let (conclusion, _) = status("public_interest_conclusion");
    let place = facts.interest.not_done.clone();
    match (favouring, against, conclusion) {
        (Status::Missing, Status::Missing, Status::Missing) => found.add(
            Severity::Error,
            "public_interest.missing",
            provision,
            place,
            "relies on a qualified exemption without a public interest test; say what speaks for each side in this case and why one outweighs the other",
        ),
        (favouring, against, conclusion) => {
            if favouring == Status::Missing {
                found.add(
                    Severity::Error,
                    "public_interest.one_sided",
                    provision,
                    facts.interest.against.first().cloned().or_else(|| facts.interest.conclusion.clone()),
                    "weighs the public interest without saying what speaks for disclosing, or for confirming or denying; add it",
                );
            }
            if against == Status::Missing {
                found.add(
                    Severity::Error,
                    "public_interest.one_sided",
                    provision,
                    facts.interest.favouring.first().cloned().or_else(|| facts.interest.conclusion.clone()),
                    "weighs the public interest without saying what speaks for the exemption; add it",
                );
            }
            if conclusion == Status::Missing {
                found.add(
                    Severity::Error,
                    "public_interest.no_conclusion",
                    provision,
                    facts.interest.mentioned.clone(),
                    "does not say which side of the public interest outweighs the other, and why",
                );
            }
        }
    }
}
