//! The letter of a case: composed from its decisions, checked as a refusal notice and for leaks, rendered in four forms.

use std::collections::BTreeMap;

use casework::applicant::hex;
use casework::case::{Case, QuestionState};
use casework::decision::{
    Apart, DecidedQuestion, Decision, NeitherConfirmNorDeny, PublicInterestTest, QualifiedOpinion,
    Reply, ReviewReply, Reviewed, Signpost, Slot,
};
use casework::event::{Attachment, HarmEvidence, ReviewDecision, Warning};
use casework::leak_guard;
use casework::notice::{self, Known, Notice, Severity};
use casework::proposal::Kind;
use jiff::civil::Date;
use law::{Chronology, Clock, Problem};
use letters::{Document, Gap, Picture, Wording, compose, compose_review, render};
use sha2::{Digest, Sha256};

use crate::bundle::Bundle;
use crate::release;

/// A letter as it would go today.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The document, with today's date.
    pub document: Document,
    /// The logo at its head.
    pub logo: Option<Picture>,
    /// What identifies it: SHA-256 of its words without the date, so that a letter approved today can go tomorrow. A logo
    /// says nothing, and another one makes no other letter.
    pub identity: String,
    /// The day it bears.
    pub dated: Date,
    /// What a person still owes.
    pub gaps: Vec<Gap>,
    /// Its words.
    pub text: String,
    /// What the refusal-notice check reads in it.
    pub notice: Notice,
    /// What is wrong by that check, where the letter refuses anything, and by the leak guard, worst first.
    pub findings: Vec<LetterFinding>,
}

/// Something wrong with a letter, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFinding {
    /// A stable identifier: `neither.contradiction`, `leak.says-held`, `letter.to_complete`.
    pub code: String,
    /// How bad it is: an error keeps the letter from going, a warning needs a recorded reason.
    pub severity: Severity,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// A form of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterFile {
    /// `letter.pdf`, `letter.docx`, `letter.html` or `letter.txt`.
    pub name: &'static str,
    /// Its contents.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// The errors, as a draft records them.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect()
    }

    /// The warnings, one a code, each with the reason given for keeping it.
    #[must_use]
    pub fn warnings(&self, kept: &BTreeMap<String, String>) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = Vec::new();
        for finding in &self.findings {
            if finding.severity == Severity::Warning
                && warnings.iter().all(|known| known.code != finding.code)
            {
                warnings.push(Warning {
                    code: finding.code.clone(),
                    kept_because: kept.get(&finding.code).cloned(),
                });
            }
        }
        warnings
    }

    /// The letter in its four forms.
    ///
    /// # Errors
    /// It can't be set as PDF or DOCX.
    pub fn files(&self) -> Result<Vec<LetterFile>, Problem> {
        files(&self.document, self.logo.as_ref(), self.dated)
    }

    /// One form of it; `None` where there is no form of this name.
    ///
    /// # Errors
    /// It can't be set as PDF or DOCX.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        FORMS
            .iter()
            .find(|form| **form == name)
            .map(|form| form_of(&self.document, self.logo.as_ref(), self.dated, form))
            .transpose()
    }
}

/// The forms of a letter, in the order in which they are kept.
pub const FORMS: [&str; 4] = ["letter.txt", "letter.html", "letter.docx", "letter.pdf"];

/// What the forms of the letter about a review are called, as `letter.pdf` is of an answer.
#[must_use]
pub fn of_review_named(form: &str) -> String {
    format!("review-{form}")
}

fn form_of(
    document: &Document,
    logo: Option<&Picture>,
    dated: Date,
    name: &str,
) -> Result<Vec<u8>, Problem> {
    let unset = |why: String| Problem::new("letter.unprintable", format!("{name}: {why}"));
    match name {
        "letter.txt" => Ok(render::text(document).into_bytes()),
        "letter.html" => Ok(render::html(document, logo).into_bytes()),
        "letter.docx" => render::docx(document, logo).map_err(|error| unset(error.to_string())),
        _ => render::pdf(document, logo, dated).map_err(|error| unset(error.to_string())),
    }
}

/// A document in the four forms of a letter, under the logo where there is one. The same document, logo and day give the
/// same bytes.
///
/// # Errors
/// It can't be set as PDF or DOCX.
pub fn files(
    document: &Document,
    logo: Option<&Picture>,
    dated: Date,
) -> Result<Vec<LetterFile>, Problem> {
    FORMS
        .into_iter()
        .map(|name| {
            let bytes = form_of(document, logo, dated, name)?;
            Ok(LetterFile { name, bytes })
        })
        .collect()
}

/// A policy's signpost as a letter prints it.
#[must_use]
pub fn signpost(signpost: &casework::policy::Signpost) -> Signpost {
    Signpost {
        name: signpost.name.clone(),
        url: signpost.url.clone(),
        publishes: signpost.publishes.clone(),
        frequency: signpost.frequency.clone(),
    }
}

/// Whose letter it is.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// The authority's name.
    pub authority: String,
    /// Its logo.
    pub logo: Option<Picture>,
}

/// The letter that answers what is decided and not yet answered, as it would go on a day.
///
/// # Errors
/// Nothing is decided, or the day can't be reckoned.
pub fn of_case(
    bundle: &Bundle,
    wording: &Wording,
    head: Letterhead,
    case: &Case,
    dated: Date,
) -> Result<Letter, Vec<Problem>> {
    let decided: Vec<&QuestionState> = case
        .open_questions()
        .filter(|question| question.decision.is_some())
        .collect();
    let Some(last) = decided.iter().max_by_key(|question| question.due_on) else {
        return Err(vec![nothing_to_answer(case)]);
    };
    let reckoning = Clock::foia(&bundle.statute, &bundle.limits, &bundle.calendar)?
        .reckon(&Chronology::received(last.day_zero))?;
    let reply = Reply {
        authority: head.authority,
        reference: Some(case.receipt.reference.clone()),
        contact: contact(bundle),
        received_on: case.receipt.received_on,
        due_on: last.due_on,
        counted: reckoning.whole.ledger.line(),
        late_after: None,
        review_by: None,
        sent_on: None,
        questions: decided
            .iter()
            .filter_map(|state| question(bundle, wording, state))
            .collect(),
        apart: case
            .questions
            .iter()
            .filter_map(|state| {
                Some(Apart {
                    label: state.question.label.clone(),
                    because: case.apart(state)?,
                })
            })
            .collect(),
        // Said of what the policy covers, by what was asked alone, whatever is decided or held.
        signposts: bundle
            .policy
            .policy
            .signposts
            .iter()
            .filter(|_| decided.iter().any(|question| is_covered(question)))
            .map(signpost)
            .collect(),
        complaints: bundle.complaints.clone(),
    };
    let undated = compose(&reply, &bundle.statute, wording);
    // What is approved is the letter with its files.
    let mut identity = Sha256::new().chain_update(render::html(&undated, None));
    for file in reply.questions.iter().flat_map(|question| &question.files) {
        identity.update(&file.sha256);
    }
    let identity = hex(&identity.finalize());
    let due_on = decided.iter().map(|question| question.due()).min();
    let reply = Reply {
        sent_on: Some(dated),
        late_after: due_on.filter(|due_on| *due_on < dated),
        review_by: bundle.review_until(dated),
        ..reply
    };
    let document = compose(&reply, &bundle.statute, wording);
    let (gaps, text, notice) = read_over(bundle, case, &document, due_on, dated);
    let mut findings = findings(bundle, &decided, &gaps, &text, &notice);
    findings.extend(unsearched(bundle, case, &decided));
    findings.extend(unfinished(case, &decided));
    findings.extend(unread(case));
    findings.extend(unset(&document));
    Ok(Letter {
        document,
        logo: head.logo,
        text,
        notice,
        identity,
        dated,
        gaps,
        findings,
    })
}

/// Whether what a question asks for is a matter of the policy or of what it points to.
fn is_covered(question: &QuestionState) -> bool {
    question
        .question
        .proposal
        .as_ref()
        .is_none_or(|proposal| proposal.kind != Kind::Open)
        || question.neither_confirmed_nor_denied()
}

/// What a letter says, what it leaves open, and what the check of notices makes of it.
fn read_over(
    bundle: &Bundle,
    case: &Case,
    document: &Document,
    due_on: Option<Date>,
    dated: Date,
) -> (Vec<Gap>, String, Notice) {
    let text = render::text(document);
    let known = Known {
        received_on: Some(case.receipt.received_on),
        issued_on: Some(dated),
        due_on,
    };
    let notice = notice::check(&text, &known, &bundle.sources());
    (document.gaps(), text, notice)
}

/// The office that answers, and how to reach it.
fn contact(bundle: &Bundle) -> Option<String> {
    bundle
        .policy
        .policy
        .contact
        .clone()
        .or_else(|| bundle.authority.contact.clone())
}

/// Why there is no letter to compose: nothing is decided, or what was decided left already.
fn nothing_to_answer(case: &Case) -> Problem {
    let Some(sent) = case.issued.last() else {
        return Problem::new(
            "letter.nothing_decided",
            "there is nothing to answer yet: no open question of this case is decided",
        );
    };
    let sent_on = sent.sent_on.strftime("%-d %B %Y");
    Problem::new(
        "letter.sent",
        if case.open_questions().next().is_none() {
            format!("the answer was sent on {sent_on}; nothing more is to be answered")
        } else {
            format!(
                "what was decided was sent on {sent_on}; no other question of this case is decided yet"
            )
        },
    )
}

/// What a PDF can't show of the document, for whoever reads the letter before it goes.
fn unset(document: &Document) -> Option<LetterFinding> {
    let stretches = render::unset(document);
    (!stretches.is_empty()).then(|| LetterFinding {
        code: "letter.pdf_characters".to_owned(),
        severity: Severity::Info,
        message: format!(
            "the PDF can't show these characters and says in words what stood there: {}. The Word, web and text forms show \
             them",
            stretches.join(", ")
        ),
    })
}

/// The letter about an internal review as its decision would make it, dated the day that the decision bears. Its own
/// particulars come with it, and no second review is offered.
///
/// # Errors
/// No review is under way.
pub fn of_review(
    bundle: &Bundle,
    wording: &Wording,
    head: Letterhead,
    case: &Case,
    decision: &ReviewDecision,
) -> Result<Letter, Vec<Problem>> {
    let (Some(review), Some(answer)) = (&case.review, case.issued.last()) else {
        return Err(vec![Problem::new(
            "review.none",
            "no internal review is under way",
        )]);
    };
    let dated = decision.sent_on;
    let made = |state: &QuestionState| {
        let id = state.question.id.clone();
        let all = decision.questions.iter();
        all.filter(move |reviewed| reviewed.question == id)
    };
    let reviewed = |state: &QuestionState| {
        let made = made(state).next()?;
        Some(Reviewed {
            first: question(bundle, wording, state)?,
            outcome: made.outcome,
            reason: made.reason.clone(),
            now: made.decision.clone(),
        })
    };
    let reply = ReviewReply {
        authority: head.authority,
        reference: case.receipt.reference.clone(),
        contact: contact(bundle),
        received_on: case.receipt.received_on,
        answered_on: answer.sent_on,
        asked_on: review.request.received_on,
        sent_on: None,
        questions: case.questions.iter().filter_map(reviewed).collect(),
        faults: decision.faults.clone(),
        complaints: bundle.complaints.clone(),
    };
    let undated = compose_review(&reply, &bundle.statute, wording);
    let identity = hex(&Sha256::digest(render::html(&undated, None)));
    let reply = ReviewReply {
        sent_on: Some(dated),
        ..reply
    };
    let document = compose_review(&reply, &bundle.statute, wording);
    let (gaps, text, notice) = read_over(bundle, case, &document, Some(review.due_on), dated);
    let mut findings: Vec<LetterFinding> = to_complete(&gaps).collect();
    for state in &case.questions {
        let mut made = made(state).peekable();
        if made.peek().is_none() {
            continue;
        }
        for reviewed in made {
            if let Some(Decision::NeitherConfirmedNorDenied(neither)) = &reviewed.decision {
                findings.extend(leaks(bundle, &state.question.label, neither));
            }
        }
        findings.extend(closed_evidence(state, &text));
    }
    findings.extend(unset(&document));
    findings.sort_by_key(|finding| finding.severity);
    Ok(Letter {
        document,
        logo: head.logo,
        text,
        notice,
        identity,
        dated,
        gaps,
        findings,
    })
}

/// A question with what is decided, as its letter needs it; `None` where nothing is.
#[must_use]
pub fn question(
    bundle: &Bundle,
    wording: &Wording,
    state: &QuestionState,
) -> Option<DecidedQuestion> {
    Some(DecidedQuestion {
        label: state.question.label.clone(),
        text: state.question.text.clone(),
        stem: state.question.stem.clone(),
        decision: concluded(bundle, wording, state.decision.as_ref()?.decision.clone()),
        opinion: state.opinion.as_ref().and_then(|given| {
            Some(QualifiedOpinion {
                office: bundle.authority.qualified_person.clone(),
                provision: given.provision.clone(),
                likelihood: given.likelihood?,
                given_on: given.given_on,
            })
        }),
        in_part: state
            .decision
            .as_ref()
            .and_then(|made| made.in_part.clone()),
        looked: state.decision.as_ref().and_then(|made| made.looked.clone()),
        files: state
            .decision
            .iter()
            .flat_map(|made| &made.files)
            .map(|released| released.file.clone())
            .collect(),
    })
}

/// The decision with which side of its public interest outweighs the other, where the officer's words don't say it: the
/// choice they made does, and their words say why.
fn concluded(bundle: &Bundle, wording: &Wording, mut decision: Decision) -> Decision {
    let tests: Vec<(&str, &mut PublicInterestTest)> = match &mut decision {
        Decision::Withheld(exemptions) => exemptions
            .iter_mut()
            .filter_map(|applied| applied.weighed_mut())
            .map(|(_, test)| ("balance_content", test))
            .collect(),
        Decision::NeitherConfirmedNorDenied(neither) => {
            vec![("balance_confirm", &mut neither.public_interest)]
        }
        _ => Vec::new(),
    };
    for (sentence, test) in tests {
        if let Slot::Filled(words) = &mut test.balance
            && !notice::concludes(words, &bundle.phrases)
        {
            *words = format!("{} {words}", wording.say(sentence, &[]));
        }
    }
    decision
}

fn findings(
    bundle: &Bundle,
    decided: &[&QuestionState],
    gaps: &[Gap],
    text: &str,
    notice: &Notice,
) -> Vec<LetterFinding> {
    let mut findings: Vec<LetterFinding> = to_complete(gaps).collect();
    if decided.iter().any(|state| refuses(state)) {
        findings.extend(notice.findings.iter().map(|finding| LetterFinding {
            code: finding.code.to_owned(),
            severity: finding.severity,
            message: finding.message.clone(),
        }));
    }
    for state in decided {
        let label = &state.question.label;
        if let Some(Decision::NeitherConfirmedNorDenied(neither)) =
            state.decision.as_ref().map(|made| &made.decision)
        {
            findings.extend(leaks(bundle, label, neither));
        }
        findings.extend(closed_evidence(state, text));
    }
    findings.extend(hidden(decided));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// What is said to be held although nobody was asked to look for it.
fn unsearched<'a>(
    bundle: &'a Bundle,
    case: &'a Case,
    decided: &'a [&QuestionState],
) -> impl Iterator<Item = LetterFinding> + 'a {
    decided
        .iter()
        .filter(|state| state.searched_by.is_empty())
        // A search under way is told of by itself.
        .filter(|state| case.searching(&state.question.id).is_empty())
        .filter(|state| {
            state.decision.as_ref().is_some_and(|made| {
                matches!(made.decision, Decision::Withheld(_))
                    && made.in_part.is_none()
                    && !made.decision.is_elsewhere(&bundle.statute)
            })
        })
        .map(|state| LetterFinding {
            code: "letter.held_unsearched".to_owned(),
            severity: Severity::Warning,
            message: format!(
                "question {}: the letter says that we hold this, and no team was asked to look; ask one, or say how we know",
                state.question.label
            ),
        })
}

/// Teams that still look for what the letter says already. What was found stands nowhere in this.
fn unfinished<'a>(
    case: &'a Case,
    decided: &'a [&QuestionState],
) -> impl Iterator<Item = LetterFinding> + 'a {
    decided
        .iter()
        .filter(|state| {
            matches!(
                state.decision.as_ref().map(|made| &made.decision),
                Some(Decision::Answer { .. } | Decision::NotHeld | Decision::Withheld(_))
            )
        })
        .flat_map(|state| {
            let areas = case.searching(&state.question.id).into_iter();
            areas.map(|area| LetterFinding {
                code: "letter.search_unfinished".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "question {}: {} was asked and has not finished; wait for it, or say why the letter goes without it",
                    state.question.label,
                    area.replace('-', " ")
                ),
            })
        })
}

/// What was added to the request and nobody has said what becomes of it: the letter may leave it unanswered.
fn unread(case: &Case) -> impl Iterator<Item = LetterFinding> + '_ {
    case.open_additions().map(|(_, addition)| LetterFinding {
        code: "letter.addition_open".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "the person who asked added something on {}, and nobody has said what becomes of it; read it, or say why the \
             letter goes without it",
            letters::day(addition.received_on)
        ),
    })
}

fn to_complete(gaps: &[Gap]) -> impl Iterator<Item = LetterFinding> + '_ {
    gaps.iter().map(|gap| LetterFinding {
        code: "letter.to_complete".to_owned(),
        severity: Severity::Error,
        message: gap.to_string(),
    })
}

/// The words of a decision that give away whether something is held.
fn leaks<'a>(
    bundle: &'a Bundle,
    label: &'a str,
    neither: &'a NeitherConfirmNorDeny,
) -> impl Iterator<Item = LetterFinding> + 'a {
    let read = bundle.leak_guard.read_decision(neither);
    read.into_iter().map(move |(passage, leak)| LetterFinding {
        code: format!("leak.{}", leak.rule),
        severity: match leak.severity {
            leak_guard::Severity::Error => Severity::Error,
            leak_guard::Severity::Warning => Severity::Warning,
        },
        message: format!(
            "question {label}: “{}” {}. {}",
            passage.get(leak.span).unwrap_or(passage),
            leak.why,
            leak.mend
        ),
    })
}

/// Evidence given in confidence that the letter quotes.
fn closed_evidence<'a>(
    state: &'a QuestionState,
    text: &'a str,
) -> impl Iterator<Item = LetterFinding> + 'a {
    state
        .harm
        .iter()
        .filter(|harm| {
            // The same words may have been given again since, to be quoted.
            let is_free =
                |other: &HarmEvidence| other.quotable && other.mechanism == harm.mechanism;
            !harm.quotable
                && quotes(text, &harm.mechanism)
                && !state.harm_evidence(harm.about).is_some_and(is_free)
        })
        .map(|_| LetterFinding {
            code: "leak.closed_evidence".to_owned(),
            severity: Severity::Error,
            message: format!(
                "question {}: the letter quotes evidence of harm that was given in confidence; say it in words that give \
                 nothing away",
                state.question.label
            ),
        })
}

/// What files hold that nobody sees who opens them, one finding a kind.
fn hidden<'a>(decided: &'a [&QuestionState]) -> impl Iterator<Item = LetterFinding> + 'a {
    release::KINDS.iter().filter_map(|kind| {
        let files: Vec<&str> = decided
            .iter()
            .filter_map(|state| state.decision.as_ref())
            .flat_map(|made| &made.files)
            .filter(|released| released.hides.iter().any(|code| code == kind.code))
            .map(|released| released.file.name.as_str())
            .collect();
        (!files.is_empty()).then(|| LetterFinding {
            code: format!("file.{}", kind.code),
            severity: Severity::Warning,
            message: format!("{}: {}", files.join(", "), kind.words),
        })
    })
}

/// The files that are given with a letter besides its own forms.
#[must_use]
pub fn given_with(case: &Case) -> Vec<Attachment> {
    case.open_questions()
        .filter_map(|state| state.decision.as_ref())
        .flat_map(|made| &made.files)
        .map(|released| released.file.clone())
        .collect()
}

/// Whether `text` holds a closed passage word for word; a few words may be anybody's.
fn quotes(text: &str, closed: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let closed = words(closed);
    closed.split(' ').count() >= 6 && words(text).contains(&closed)
}

/// Whether the answer is a refusal, which owes a notice under FOIA s.17.
fn refuses(state: &QuestionState) -> bool {
    state
        .decision
        .as_ref()
        .is_some_and(|made| match made.decision {
            Decision::Answer { .. } | Decision::NotHeld | Decision::ClarificationSought { .. } => {
                false
            }
            Decision::AlreadyAccessible { .. }
            | Decision::Withheld(_)
            | Decision::NeitherConfirmedNorDenied(_)
            | Decision::OverCostLimit { .. }
            | Decision::VexatiousOrRepeated { .. } => true,
        })
}
