//! The particulars of FOIA s.17(7): internal review, the right under s.50, and how to reach the Commissioner.

use std::ops::Range;

use super::cue::{Cue, Hit};
use super::reading::Reading;
use super::text::{Kind, is_address};

/// What the notice says of complaints.
#[derive(Clone, Debug, Default)]
pub(super) struct Rights {
    /// Where it invites the applicant to ask for a review.
    pub review: Option<Range<usize>>,
    /// Where it says how or to whom.
    pub review_contact: Option<Range<usize>>,
    /// Where it says by when.
    pub time_limit: Option<Range<usize>>,
    /// Where it says when the authority will answer.
    pub answer_time: Option<Range<usize>>,
    /// Where it says that there is no procedure, or that none is open.
    pub no_review: Option<Range<usize>>,
    /// Where it tells of recourse to the Commissioner.
    pub section_50: Option<Range<usize>>,
    /// Where it says how to reach the Commissioner.
    pub contact: Option<Range<usize>>,
    /// Where it gives the Commissioner's own time limit.
    pub six_weeks: Option<Range<usize>>,
}

/// The particulars as the notice gives them.
pub(super) fn rights(reading: &Reading<'_>) -> Rights {
    let mut rights = Rights::default();
    let mut last_review: Option<usize> = None;
    for index in 0..reading.len() {
        if !reading.authority(index) {
            continue;
        }
        if rights.contact.is_none() {
            rights.contact = commissioner_address(reading, index);
        }
        if reading.kind(index) == Kind::Heading && colon_label(reading, index).is_none() {
            // A title says nothing by itself, but the lines of an address stand under it.
            if let Some(review) = last_review
                && index.saturating_sub(review) <= 3
                && rights.review_contact.is_none()
            {
                rights.review_contact = address(reading, index);
            }
            continue;
        }
        if let Some(hit) = reading.hits(index, Cue::NoReview).next() {
            rights.no_review = rights
                .no_review
                .or_else(|| Some(reading.words_span(&hit.words)));
            continue;
        }
        // "Complaints: the Director. Otherwise the Information Commissioner, Wycliffe House."
        let next_in_line = reading.has(index, Cue::Commissioner)
            && reading.has(index, Cue::CommissionerAddress)
            && last_review.is_some_and(|review| index.saturating_sub(review) <= 2);
        let to_commissioner = section_50(reading, index) || next_in_line;
        if to_commissioner && rights.section_50.is_none() {
            rights.section_50 = Some(reading.span(index));
        }
        if reading.has(index, Cue::SixWeeks)
            && (to_commissioner || reading.has(index, Cue::Commissioner))
        {
            rights.six_weeks = rights.six_weeks.or_else(|| Some(reading.span(index)));
        }
        let invites = review(reading, index);
        if invites {
            rights.review = rights.review.or_else(|| Some(reading.span(index)));
            last_review = Some(index);
        }
        if let Some(review) = last_review
            && index.saturating_sub(review) <= 3
            && (invites || !to_commissioner)
        {
            let (ask, answer) = periods(reading, index);
            let close = index.saturating_sub(review) <= 2
                && !reading.has_any(index, &[Cue::Commissioner, Cue::NoIndication]);
            let follows_on = close
                || invites
                || reading.has_any(index, &[Cue::Review, Cue::Invitation, Cue::AnswerTime]);
            if follows_on {
                rights.time_limit = rights.time_limit.or(ask);
                rights.answer_time = rights.answer_time.or(answer);
            }
            if rights.review_contact.is_none() {
                rights.review_contact = address(reading, index);
            }
        }
    }
    rights
}

/// "Review: ask within 40 working days": a label with words behind it is no title.
fn colon_label(reading: &Reading<'_>, index: usize) -> Option<usize> {
    let slice = reading.source.get(reading.span(index))?;
    let at = slice.find(": ")?;
    (!slice.get(at..)?.trim_matches([':', ' ']).is_empty()).then_some(at)
}

/// Whether a sentence invites the applicant to have the authority look again.
fn review(reading: &Reading<'_>, index: usize) -> bool {
    let invited = reading
        .hits(index, Cue::Invitation)
        .any(|hit| !reading.denied(index, hit))
        || reading.has(index, Cue::Dissatisfied);
    let procedure = reading.hits(index, Cue::Review).any(|hit| {
        !reading.covered(index, hit, Cue::ReviewOver)
            && !reading.denied(index, hit)
            && !goes_to_commissioner(reading, index, hit)
    });
    // "Review: ask within 40 working days", "Complaints procedure: www…".
    let labelled = reading.sentence(index).is_some_and(|sentence| {
        let first = reading.text.form(sentence.words.start);
        ["review", "appeal", "complaint"]
            .iter()
            .any(|word| first.starts_with(word))
    }) && colon_label(reading, index).is_some_and(|at| at <= 40);
    // "If you are unhappy with this reply, please write to …": the route without the name.
    let route = reading.has(index, Cue::Dissatisfied)
        && !reading.has(index, Cue::Commissioner)
        && reading.hits(index, Cue::Invitation).any(|hit| {
            matches!(
                reading.text.form(hit.words.start),
                "write"
                    | "writing"
                    | "contact"
                    | "email"
                    | "tell"
                    | "let"
                    | "please"
                    | "ask"
                    | "send"
            )
        });
    // "What to do if you are not happy" above, and the route here.
    let told_before = (1..=2).any(|back| {
        index.checked_sub(back).is_some_and(|before| {
            reading.authority(before)
                && reading.has(before, Cue::Dissatisfied)
                && !reading.has(before, Cue::Commissioner)
        })
    });
    let follows = told_before
        && !reading.has_any(index, &[Cue::Commissioner, Cue::NoReview])
        && reading.hits(index, Cue::Invitation).any(|hit| {
            matches!(
                reading.text.form(hit.words.start),
                "write" | "writing" | "contact" | "email" | "tell" | "let" | "please" | "ask"
            )
        });
    ((procedure || labelled) && (invited || web_address(reading, index).is_some()))
        || (labelled && address(reading, index).is_some())
        || route
        || follows
}

/// "complain to the Information Commissioner": the Commissioner's procedure, not the authority's.
fn goes_to_commissioner(reading: &Reading<'_>, index: usize, hit: &Hit) -> bool {
    let form = reading.text.form(hit.words.start);
    let either = form.starts_with("compl")
        || form.starts_with("appeal")
        || matches!(form, "to" | "make" | "your" | "lodge");
    either
        && reading.hits(index, Cue::Commissioner).any(|commissioner| {
            let after = commissioner.words.start >= hit.words.end
                && commissioner.words.start.saturating_sub(hit.words.end) <= 6;
            // "The Information Commissioner handles complaints about …"
            let before = commissioner.words.end <= hit.words.start
                && hit.words.start.saturating_sub(commissioner.words.end) <= 6;
            after || before
        })
}

/// Whether a sentence tells of recourse to the Commissioner.
fn section_50(reading: &Reading<'_>, index: usize) -> bool {
    // "… you can take your complaint to:" with the Commissioner's address on the lines below.
    let addressed = reading
        .sentence(index)
        .is_some_and(|sentence| sentence.opens)
        && reading.has_any(index, &[Cue::Dissatisfied, Cue::ReviewOver])
        && reading.has(index, Cue::Invitation)
        && (index.saturating_add(1)..=index.saturating_add(2))
            .any(|next| reading.authority(next) && reading.has(next, Cue::Commissioner));
    if addressed {
        return true;
    }
    reading.has(index, Cue::Commissioner)
        && reading.has(index, Cue::ToCommissioner)
        && (reading.has(index, Cue::Dissatisfied)
            || reading.has(index, Cue::ReviewOver)
            || reading
                .hits(index, Cue::Invitation)
                .any(|hit| !reading.denied(index, hit)))
}

/// The time to ask for a review and the time to answer it, where a sentence gives them.
fn periods(reading: &Reading<'_>, index: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut ask, mut answer) = (None, None);
    for hit in reading.hits(index, Cue::Period) {
        if reading.covered(index, hit, Cue::SixWeeks) && reading.has(index, Cue::Commissioner) {
            continue;
        }
        let promised = reading.hits(index, Cue::AnswerTime).any(|time| {
            time.words.start < hit.words.end
                && !reading.hits(index, Cue::Invitation).any(|invitation| {
                    invitation.words.start >= time.words.end
                        && invitation.words.end <= hit.words.start
                })
        });
        let slot = if promised { &mut answer } else { &mut ask };
        if slot.is_none() {
            *slot = Some(reading.words_span(&hit.words));
        }
    }
    (ask, answer)
}

/// An address of mail or post, or an office to write to.
fn address(reading: &Reading<'_>, index: usize) -> Option<Range<usize>> {
    let sentence = reading.sentence(index)?;
    if let Some(place) = web_address(reading, index) {
        return Some(place);
    }
    let office = sentence.words.clone().find(|word| {
        matches!(
            reading.text.form(*word),
            "manager"
                | "officer"
                | "team"
                | "unit"
                | "secretary"
                | "director"
                | "head"
                | "executive"
                | "services"
                | "office"
                | "department"
                | "above"
                | "letterhead"
                | "governance"
                | "replying"
                | "form"
                | "website"
                | "enclosed"
                | "attached"
                | "foot"
                | "phone"
                | "telephone"
                | "telephoning"
        )
    })?;
    Some(reading.words_span(&(office..office.saturating_add(1))))
}

/// An address of the web or of mail.
fn web_address(reading: &Reading<'_>, index: usize) -> Option<Range<usize>> {
    let word = reading
        .sentence(index)?
        .words
        .clone()
        .find(|word| is_address(reading.text.form(*word)))?;
    Some(reading.words_span(&(word..word.saturating_add(1))))
}

/// Where a line gives the Commissioner's post address, telephone, mail or page for complaints.
fn commissioner_address(reading: &Reading<'_>, index: usize) -> Option<Range<usize>> {
    if let Some(hit) = reading.hits(index, Cue::CommissionerAddress).next() {
        return Some(reading.words_span(&hit.words));
    }
    let sentence = reading.sentence(index)?;
    let word = sentence.words.clone().find(|word| {
        let form = reading.text.form(*word);
        let own = form.contains("ico.org.uk")
            || form.contains("ico.gov.uk")
            || form.contains("informationcommissioner.gov.uk");
        // A page of guidance is no place for complaints.
        own && ![
            "/for-organisations",
            "/media",
            "/action-weve-taken",
            "/about-the-ico",
        ]
        .iter()
        .any(|path| form.contains(path))
    })?;
    Some(reading.words_span(&(word..word.saturating_add(1))))
}
