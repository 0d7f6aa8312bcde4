//! Mails as words: a pure function of the case, the event that a mail tells of, and the wording. Nothing here can see what a
//! search found, so everything that leaves depends on dates, questions and decisions alone.

use casework::applicant::Applicant;
use casework::case::{Case, QuestionState};
use casework::decision::{Complaints, Decision};
use casework::event::{
    Attachment, Clarification, Extension, Issue, QuestionId, Reminder, ReviewRequest, SentBack,
};
use casework::treatment::{Regime, Treated};
use jiff::civil::Date;
use law::Problem;
use letters::{Block, Document, Inline, Sentence, Wording};

use crate::bundle::Bundle;
use crate::teams;

/// Every sentence that mails use, and the slots it may have.
pub(crate) const SENTENCES: &[Sentence] = &[
    ("acknowledgement_subject", &["reference"]),
    ("acknowledgement", &["reference", "received_on"]),
    ("acknowledgement_due", &["due_on", "counted"]),
    ("acknowledgement_next", &[]),
    ("acknowledgement_link", &["link"]),
    ("acknowledgement_safe", &[]),
    ("acknowledgement_asked", &[]),
    ("treated_subject", &["reference"]),
    ("treated_own_data", &["reference", "received_on", "due_on"]),
    (
        "treated_environmental",
        &["reference", "received_on", "due_on"],
    ),
    ("treated_service", &["reference", "received_on", "due_on"]),
    ("treated_here", &["reference", "received_on", "due_on"]),
    ("treated_wrong", &[]),
    ("passed_on_subject", &["reference", "team"]),
    (
        "passed_on_own_data",
        &["reference", "received_on", "due_on"],
    ),
    (
        "passed_on_environmental",
        &["reference", "received_on", "due_on"],
    ),
    ("passed_on_service", &["reference", "received_on"]),
    ("passed_on_who", &["name", "contact"]),
    ("passed_on_who_unknown", &[]),
    ("passed_on_files", &[]),
    ("passed_on_asked", &[]),
    ("reply", &[]),
    ("reply_by_post", &[]),
    ("telephone", &["telephone"]),
    ("clarification_subject", &["reference", "questions"]),
    ("clarification", &["reference", "questions"]),
    ("clarification_asked", &[]),
    ("clarification_want", &[]),
    ("clarification_own_words", &[]),
    ("clarification_own_words_by_post", &[]),
    ("clarification_link", &["link"]),
    ("clarification_lapse", &["lapses_on", "questions"]),
    ("clarification_others", &["due_on"]),
    ("clarification_clock", &["questions", "answer_within"]),
    ("extension_subject", &["reference", "questions"]),
    ("extension", &["reference", "questions", "provision"]),
    ("extension_test", &[]),
    ("extension_until", &["until", "day"]),
    (
        "review_route",
        &["ask", "answer", "contact", "commissioner"],
    ),
    (
        "review_route_by_post",
        &["ask", "answer", "contact", "commissioner"],
    ),
    ("commissioner", &["address", "telephone", "url"]),
    ("issue_subject", &["reference"]),
    ("issue", &["reference", "received_on"]),
    ("issue_attached", &[]),
    ("issue_attached_by_post", &[]),
    ("issue_files", &[]),
    ("issue_review", &["review_by"]),
    ("issue_review_by_post", &["review_by"]),
    ("issue_letter", &[]),
    ("review_subject", &["reference"]),
    ("review", &["reference", "received_on", "what"]),
    ("review_whole", &[]),
    ("review_due", &["due_on", "answer"]),
    ("review_next", &["commissioner"]),
    ("reviewed_subject", &["reference"]),
    ("reviewed", &["reference", "asked_on"]),
    ("task_subject", &["reference", "count", "team", "wanted_on"]),
    ("task", &["reference", "count", "team", "wanted_on"]),
    ("task_link", &["link"]),
    ("task_no_link", &[]),
    ("task_not_by_reply", &[]),
    ("task_questions", &[]),
    ("reminder_subject", &["reference", "due_on"]),
    ("reminder_team", &["reference", "due_on", "left", "team"]),
    ("reminder_owner", &["reference", "due_on", "left"]),
    ("approval_subject", &["reference", "due_on"]),
    ("approval", &["reference", "due_on", "refusals", "warnings"]),
    ("sent_back_subject", &["reference"]),
    ("sent_back", &["reference", "what"]),
    ("sent_back_whole", &[]),
    ("desk_link", &["link"]),
];

/// The sentences that speak of an email, with what stands in their place in what is printed and posted.
const BY_POST: &[(&str, &str)] = &[
    ("reply", "reply_by_post"),
    ("clarification_own_words", "clarification_own_words_by_post"),
    ("issue_attached", "issue_attached_by_post"),
    ("issue_review", "issue_review_by_post"),
    ("review_route", "review_route_by_post"),
];

/// A mail before it has an address: its subject and its words, which the plain text and the HTML share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line.
    pub subject: String,
    /// What it says.
    pub document: Document,
}

/// What a mail may know besides the case.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Law, policy and particulars.
    pub bundle: &'a Bundle,
    /// The wording of mails.
    pub wording: &'a Wording,
    /// The team's telephone number; empty where none is given.
    pub telephone: &'a str,
    /// Whether it is printed and posted, because whoever asked gave no address of mail.
    pub by_post: bool,
}

/// A mail as it grows.
struct Page<'a> {
    wording: &'a Wording,
    by_post: bool,
    blocks: Vec<Block>,
}

impl Page<'_> {
    fn say(&mut self, key: &str, slots: &[(&str, &str)]) {
        let posted = BY_POST
            .iter()
            .find(|(mailed, _)| self.by_post && *mailed == key);
        let key = posted.map_or(key, |(_, posted)| posted);
        let words = self.wording.say(key, slots);
        self.add(words);
    }

    fn add(&mut self, words: String) {
        self.blocks
            .push(Block::Paragraph(vec![Inline::Text(words)]));
    }

    /// Words that aren't ours, a block a line, so that lists stay lists.
    fn quote(&mut self, words: &str) {
        for line in words.lines().filter(|line| !line.trim().is_empty()) {
            self.blocks
                .push(Block::Quote(vec![Inline::Text(line.trim().to_owned())]));
        }
    }

    /// A sentence that ends with an address of a page.
    fn link(&mut self, key: &str, link: &str) {
        let words = self.wording.say(key, &[("link", "\u{0}")]);
        let (before, after) = words.split_once('\u{0}').unwrap_or((words.as_str(), ""));
        self.blocks.push(Block::Paragraph(vec![
            Inline::Text(before.to_owned()),
            Inline::Link(link.to_owned()),
            Inline::Text(after.to_owned()),
        ]));
    }

    fn done(self, subject: String) -> Words {
        Words {
            document: Document {
                title: subject.clone(),
                blocks: self.blocks,
            },
            subject,
        }
    }
}

impl<'a> Frame<'a> {
    fn page(&self) -> Page<'a> {
        Page {
            wording: self.wording,
            by_post: self.by_post,
            blocks: Vec::new(),
        }
    }

    /// The number to call, and the request as they wrote it.
    fn what_they_asked(&self, page: &mut Page<'_>, case: &Case) {
        if !self.telephone.is_empty() {
            page.say("telephone", &[("telephone", self.telephone)]);
        }
        page.say("acknowledgement_asked", &[]);
        page.quote(&case.receipt.text);
    }

    /// A request came in. `link` is the private page of whoever asked, where the pages have an address.
    #[must_use]
    pub fn acknowledgement(&self, case: &Case, counted: &str, link: Option<&str>) -> Words {
        let reference = case.receipt.reference.as_str();
        let mut page = self.page();
        let received_on = long(case.receipt.received_on);
        page.say(
            "acknowledgement",
            &[("reference", reference), ("received_on", &received_on)],
        );
        page.say(
            "acknowledgement_due",
            &[("due_on", &long(case.due_on)), ("counted", counted)],
        );
        page.say("acknowledgement_next", &[]);
        if let Some(link) = link {
            page.link("acknowledgement_link", link);
            page.say("acknowledgement_safe", &[]);
        }
        page.say("reply", &[]);
        self.what_they_asked(&mut page, case);
        page.done(
            self.wording
                .say("acknowledgement_subject", &[("reference", reference)]),
        )
    }

    /// The applicant is told under which law their request is dealt with.
    #[must_use]
    pub fn treated(&self, case: &Case, treated: &Treated) -> Words {
        let reference = case.receipt.reference.as_str();
        let received_on = plain(case.receipt.received_on);
        let due_on = long(treated.due_on.unwrap_or(case.due_on));
        let slots = [
            ("reference", reference),
            ("received_on", received_on.as_str()),
            ("due_on", due_on.as_str()),
        ];
        let regime = treated.treatment.regime;
        let mut page = self.page();
        page.say(
            match regime {
                Regime::OwnPersonalData => "treated_own_data",
                Regime::EnvironmentalInformation => "treated_environmental",
                Regime::ServiceMatter => "treated_service",
                Regime::FreedomOfInformation | Regime::Several => "treated_here",
            },
            &slots,
        );
        if regime.is_elsewhere() {
            page.say("treated_wrong", &[]);
        }
        self.what_they_asked(&mut page, case);
        page.done(
            self.wording
                .say("treated_subject", &[("reference", reference)]),
        )
    }

    /// A team goes on with a request under another law, so it is told who asked and what: the only mail to colleagues that
    /// says so.
    #[must_use]
    pub fn passed_on(
        &self,
        case: &Case,
        treated: &Treated,
        area: &str,
        applicant: Option<&Applicant>,
    ) -> Words {
        let reference = case.receipt.reference.as_str();
        let received_on = long(case.receipt.received_on);
        let due_on = long(treated.due_on.unwrap_or(case.due_on));
        let dated = [
            ("reference", reference),
            ("received_on", received_on.as_str()),
            ("due_on", due_on.as_str()),
        ];
        let mut page = self.page();
        match treated.treatment.regime {
            Regime::OwnPersonalData => page.say("passed_on_own_data", &dated),
            Regime::EnvironmentalInformation => page.say("passed_on_environmental", &dated),
            Regime::ServiceMatter | Regime::FreedomOfInformation | Regime::Several => page.say(
                "passed_on_service",
                &[("reference", reference), ("received_on", &received_on)],
            ),
        }
        match applicant {
            Some(applicant) => page.say(
                "passed_on_who",
                &[("name", &applicant.name), ("contact", &applicant.contact)],
            ),
            None => page.say("passed_on_who_unknown", &[]),
        }
        if case.came_with().next().is_some() {
            page.say("passed_on_files", &[]);
        }
        page.say("passed_on_asked", &[]);
        page.quote(&case.receipt.text);
        page.done(self.wording.say(
            "passed_on_subject",
            &[("reference", reference), ("team", &teams::name(area))],
        ))
    }

    /// The applicant is asked for detail. `link` is their private page, where the pages have an address.
    #[must_use]
    pub fn clarification(&self, case: &Case, asked: &Clarification, link: Option<&str>) -> Words {
        let reference = case.receipt.reference.as_str();
        let questions = self.questions(case, &asked.questions);
        let slots = [("reference", reference), ("questions", questions.as_str())];
        let mut page = self.page();
        page.say("clarification", &slots);
        page.say("clarification_asked", &[]);
        for state in chosen(case, &asked.questions) {
            page.quote(&whole(state));
        }
        page.say("clarification_want", &[]);
        page.quote(&asked.wording);
        page.say("clarification_own_words", &[]);
        if let Some(link) = link {
            page.link("clarification_link", link);
        }
        let others = case
            .open_questions()
            .filter(|state| !asked.questions.contains(&state.question.id))
            .map(|state| state.due_on)
            .min();
        if let Some(due_on) = others {
            page.say("clarification_others", &[("due_on", &long(due_on))]);
        }
        page.say(
            "clarification_clock",
            &[
                ("questions", &questions),
                ("answer_within", &self.answer_within().to_string()),
            ],
        );
        if let Some(lapses_on) = self.bundle.clarification_lapses_on(asked.sought_on) {
            page.say(
                "clarification_lapse",
                &[("lapses_on", &long(lapses_on)), ("questions", &questions)],
            );
        }
        page.done(self.wording.say("clarification_subject", &slots))
    }

    /// More time is taken. It is a refusal notice too, FOIA s.17(2), so it gives the particulars of s.17(7).
    ///
    /// # Errors
    /// The Commissioner's particulars haven't been checked by a person, or the calendar ends too soon.
    pub fn extension(&self, case: &Case, extension: &Extension) -> Result<Words, Problem> {
        let complaints = self.complaints()?;
        let reference = case.receipt.reference.as_str();
        let questions = self.questions(case, &extension.questions);
        let day_zero = chosen(case, &extension.questions)
            .map(|state| state.day_zero)
            .max()
            .unwrap_or(case.receipt.received_on);
        let day = self
            .bundle
            .calendar
            .working_days_between(day_zero, extension.until)
            .map_err(|beyond| Problem::new("calendar.beyond", beyond.to_string()))?;
        let provision = extension.provision.to_string();
        let mut page = self.page();
        page.say(
            "extension",
            &[
                ("reference", reference),
                ("questions", &questions),
                ("provision", &provision),
            ],
        );
        page.quote(&extension.reason);
        page.say("extension_test", &[]);
        page.say(
            "extension_until",
            &[("until", &long(extension.until)), ("day", &day.to_string())],
        );
        let contact = complaints
            .internal_review_contact
            .as_deref()
            .unwrap_or_default();
        page.say(
            "review_route",
            &[
                ("ask", &complaints.ask_within_working_days.to_string()),
                ("answer", &complaints.answer_within_working_days.to_string()),
                ("contact", contact),
                ("commissioner", &complaints.commissioner_name),
            ],
        );
        self.commissioner(&mut page, complaints);
        Ok(page.done(self.wording.say(
            "extension_subject",
            &[("reference", reference), ("questions", &questions)],
        )))
    }

    /// The answer leaves: `letter` is its text, `given` the files that are part of it.
    #[must_use]
    pub fn issue(&self, case: &Case, issue: &Issue, letter: &str, given: &[Attachment]) -> Words {
        let reference = case.receipt.reference.as_str();
        let mut page = self.page();
        page.say(
            "issue",
            &[
                ("reference", reference),
                ("received_on", &plain(case.receipt.received_on)),
            ],
        );
        page.say("issue_attached", &[]);
        if !given.is_empty() {
            page.say("issue_files", &[]);
            let files = given
                .iter()
                .map(|file| vec![Inline::Text(format!("{} ({})", file.name, file.size()))])
                .collect();
            page.blocks.push(Block::List(files));
        }
        if let Some(review_by) = self.bundle.review_until(issue.sent_on) {
            page.say("issue_review", &[("review_by", &long(review_by))]);
        }
        page.blocks
            .push(Block::Heading(2, self.wording.say("issue_letter", &[])));
        page.blocks.extend(blocks_of(letter));
        page.done(
            self.wording
                .say("issue_subject", &[("reference", reference)]),
        )
    }

    /// A request for an internal review came in.
    ///
    /// # Errors
    /// The Commissioner's particulars haven't been checked by a person.
    pub fn review(&self, case: &Case, review: &ReviewRequest) -> Result<Words, Problem> {
        let complaints = self.complaints()?;
        let reference = case.receipt.reference.as_str();
        let what = if review.request.questions.is_empty() {
            self.wording.say("review_whole", &[])
        } else {
            self.questions(case, &review.request.questions)
        };
        let mut page = self.page();
        page.say(
            "review",
            &[
                ("reference", reference),
                ("received_on", &long(review.request.received_on)),
                ("what", &what),
            ],
        );
        page.say(
            "review_due",
            &[
                ("due_on", &long(review.due_on)),
                ("answer", &complaints.answer_within_working_days.to_string()),
            ],
        );
        page.say(
            "review_next",
            &[("commissioner", &complaints.commissioner_name)],
        );
        self.commissioner(&mut page, complaints);
        Ok(page.done(
            self.wording
                .say("review_subject", &[("reference", reference)]),
        ))
    }

    /// The review is decided: `letter` is the text of its letter.
    #[must_use]
    pub fn reviewed(&self, case: &Case, letter: &str) -> Words {
        let reference = case.receipt.reference.as_str();
        let asked_on = case
            .review
            .as_ref()
            .map_or_else(String::new, |review| plain(review.request.received_on));
        let mut page = self.page();
        page.say(
            "reviewed",
            &[("reference", reference), ("asked_on", &asked_on)],
        );
        page.say("issue_attached", &[]);
        page.blocks
            .push(Block::Heading(2, self.wording.say("issue_letter", &[])));
        page.blocks.extend(blocks_of(letter));
        page.done(
            self.wording
                .say("reviewed_subject", &[("reference", reference)]),
        )
    }

    /// A team is asked to search. It is told the questions and the day; not who asked, nor anything of others.
    #[must_use]
    pub fn task(
        &self,
        case: &Case,
        area: &str,
        questions: &[QuestionId],
        wanted_on: Date,
        link: Option<&str>,
    ) -> Words {
        let count = many(questions.len(), "question");
        let (team, wanted_on) = (teams::name(area), plain(wanted_on));
        let slots = [
            ("reference", case.receipt.reference.as_str()),
            ("count", count.as_str()),
            ("team", team.as_str()),
            ("wanted_on", wanted_on.as_str()),
        ];
        let mut page = self.page();
        page.say("task", &slots);
        match link {
            Some(link) => page.link("task_link", link),
            None => page.say("task_no_link", &[]),
        }
        page.say("task_not_by_reply", &[]);
        page.say("task_questions", &[]);
        for state in chosen(case, questions) {
            page.quote(&format!("{}: {}", state.question.label, whole(state)));
        }
        page.done(self.wording.say("task_subject", &slots))
    }

    /// A team, or whoever owns the case, is reminded.
    #[must_use]
    pub fn reminder(&self, case: &Case, reminder: &Reminder, link: Option<&str>) -> Words {
        let due_on = plain(reminder.due_on);
        let left = many(
            usize::try_from(reminder.working_days_left).unwrap_or(usize::MAX),
            "working day",
        );
        let team = reminder
            .area
            .as_deref()
            .map(teams::name)
            .unwrap_or_default();
        let slots = [
            ("reference", case.receipt.reference.as_str()),
            ("due_on", due_on.as_str()),
            ("left", left.as_str()),
            ("team", team.as_str()),
        ];
        let mut page = self.page();
        page.say(
            if reminder.area.is_some() {
                "reminder_team"
            } else {
                "reminder_owner"
            },
            &slots,
        );
        if let Some(link) = link {
            page.link(
                if reminder.area.is_some() {
                    "task_link"
                } else {
                    "desk_link"
                },
                link,
            );
        }
        page.done(self.wording.say("reminder_subject", &slots))
    }

    /// A letter waits for approval.
    #[must_use]
    pub fn approval(&self, case: &Case, link: Option<&str>) -> Words {
        let due_on = plain(case.next_due_on().unwrap_or(case.due_on));
        let refusals = case
            .open_questions()
            .filter_map(|state| state.decision.as_ref())
            .filter(|made| is_refusal(&made.decision))
            .count();
        let warnings = case.draft.as_ref().map_or(0, |draft| draft.warnings.len());
        let (refusals, warnings) = (many(refusals, "refusal"), many(warnings, "warning"));
        let slots = [
            ("reference", case.receipt.reference.as_str()),
            ("due_on", due_on.as_str()),
            ("refusals", refusals.as_str()),
            ("warnings", warnings.as_str()),
        ];
        let mut page = self.page();
        page.say("approval", &slots);
        if let Some(link) = link {
            page.link("desk_link", link);
        }
        page.done(self.wording.say("approval_subject", &slots))
    }

    /// A letter came back from the approver.
    #[must_use]
    pub fn sent_back(&self, case: &Case, sent_back: &SentBack, link: Option<&str>) -> Words {
        let what = match &sent_back.question {
            Some(question) => self.questions(case, std::slice::from_ref(question)),
            None => self.wording.say("sent_back_whole", &[]),
        };
        let slots = [
            ("reference", case.receipt.reference.as_str()),
            ("what", what.as_str()),
        ];
        let mut page = self.page();
        page.say("sent_back", &slots);
        page.quote(&sent_back.comment);
        if let Some(link) = link {
            page.link("desk_link", link);
        }
        page.done(self.wording.say("sent_back_subject", &slots))
    }

    fn answer_within(&self) -> u32 {
        self.bundle.setting(Date::MIN).answer_within.0
    }

    fn complaints(&self) -> Result<&'a Complaints, Problem> {
        let complaints = &self.bundle.complaints;
        if complaints.verified_on.is_some() && complaints.internal_review_contact.is_some() {
            return Ok(complaints);
        }
        Err(Problem::new(
            "mail.complaints_unverified",
            "the particulars of internal review and of the Commissioner aren't complete: check data/law/complaints.toml and \
             set verified_on and internal_review_contact; the mail leaves then",
        ))
    }

    fn commissioner(&self, page: &mut Page<'_>, complaints: &Complaints) {
        page.say(
            "commissioner",
            &[
                ("address", &complaints.commissioner_address),
                ("telephone", &complaints.commissioner_telephone),
                ("url", &complaints.commissioner_url),
            ],
        );
    }

    /// Questions by their labels: "question 3", "questions 1, 2 and 4".
    fn questions(&self, case: &Case, ids: &[QuestionId]) -> String {
        let labels: Vec<&str> = chosen(case, ids)
            .map(|state| state.question.label.as_str())
            .collect();
        match labels.as_slice() {
            [] => "your request".to_owned(),
            [only] => format!("question {only}"),
            [first @ .., last] => format!("questions {} and {last}", first.join(", ")),
        }
    }
}

/// `Monday 2 November 2026`.
fn long(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// `2 November 2026`.
fn plain(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn many(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

fn chosen<'c>(
    case: &'c Case,
    ids: &'c [QuestionId],
) -> impl Iterator<Item = &'c QuestionState> + 'c {
    case.questions
        .iter()
        .filter(|state| ids.contains(&state.question.id))
}

/// A question with the stem that it completes.
fn whole(state: &QuestionState) -> String {
    match &state.question.stem {
        Some(stem) => format!("{stem} {}", state.question.text),
        None => state.question.text.clone(),
    }
}

fn is_refusal(decision: &Decision) -> bool {
    match decision {
        Decision::Answer { .. } | Decision::NotHeld | Decision::ClarificationSought { .. } => false,
        Decision::AlreadyAccessible { .. }
        | Decision::Withheld(_)
        | Decision::NeitherConfirmedNorDenied(_)
        | Decision::OverCostLimit { .. }
        | Decision::VexatiousOrRepeated { .. } => true,
    }
}

/// The text of a letter as blocks again: it has a blank line between them and a dot before each item of a list.
fn blocks_of(text: &str) -> Vec<Block> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let items: Option<Vec<Vec<Inline>>> = part
                .lines()
                .map(|line| {
                    line.strip_prefix("• ")
                        .map(|item| vec![Inline::Text(item.to_owned())])
                })
                .collect();
            match items {
                Some(items) => Block::List(items),
                None => Block::Paragraph(vec![Inline::Text(part.to_owned())]),
            }
        })
        .collect()
}
