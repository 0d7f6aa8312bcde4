//! Mail that comes in: a request becomes a case, an answer to one of our mails goes to its case, and what programs send by
//! themselves makes none.

use casework::case::Case;
use casework::command::Command;
use casework::event::{CaseId, Channel, ClarificationAnswer, Event};
use casework::role::Actor;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use store::mail::MailState;
use store::{Stopped, TakenIn};

use crate::fault::Stop;
use crate::intake::{self, Request};
use crate::mail::id_of;
use crate::office::Office;

/// So much is added to a case by mail; what comes after is set aside.
const MOST_ADDED: usize = 50;

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// It is a case, or was one before.
    Case(TakenIn),
    /// It gave the detail that a case waited for; the case's reference.
    Clarified(String),
    /// It answers a mail about a case that waits for nothing: it stands on the case as something added, for a person to say
    /// what becomes of it; the case's reference.
    Added(String),
    /// It answers a mail about a case to which nothing can be added any more, so a person must read it; the case's reference.
    ForAPerson(String),
    /// One of our mails came back; the case's id.
    CameBack(CaseId),
    /// A program sent it by itself: nothing is made of it.
    Automatic,
}

/// Why nothing became of a mail.
#[derive(Debug)]
pub enum NotTaken {
    /// It can't be read as a mail, or can't be a request; trying again changes nothing.
    Unfit(Stop),
    /// The office refuses it, or can't just now.
    Stopped(Stopped),
}

impl From<store::Fault> for NotTaken {
    fn from(fault: store::Fault) -> Self {
        Self::Stopped(fault.into())
    }
}

impl Office {
    /// Takes in a mail as it came. The same mail twice does nothing more. `path` names it in messages.
    ///
    /// # Errors
    /// It can't be read, or the office can't take it in.
    pub async fn mail_came(
        &self,
        path: &str,
        bytes: &[u8],
        channel: Channel,
    ) -> Result<Arrived, NotTaken> {
        if let Some(message) = MessageParser::default().parse(bytes)
            && is_automatic(&message)
        {
            return Ok(match self.came_back(&message, bytes).await? {
                Some(case) => Arrived::CameBack(case),
                None => Arrived::Automatic,
            });
        }
        let request = intake::mail_of(path, bytes).map_err(NotTaken::Unfit)?;
        if let Some(message) = MessageParser::default().parse(bytes)
            && let Some(case) = self.answers(&message, &request).await?
        {
            return self.add_to(&case, &request).await;
        }
        self.take_in_file(&Actor::candour(), channel, &request)
            .await
            .map(Arrived::Case)
            .map_err(NotTaken::Stopped)
    }

    /// The case that a mail is about: it answers a mail of ours, whose name nobody guesses; or its subject has the reference
    /// and it comes from whoever asked. Anybody else who writes of a reference asks something of their own, FOIA s.8.
    async fn answers(
        &self,
        message: &Message<'_>,
        request: &Request,
    ) -> Result<Option<Box<Case>>, NotTaken> {
        for named in [message.in_reply_to(), message.references()]
            .into_iter()
            .flat_map(names)
        {
            let Some(id) = id_of(&named) else { continue };
            if let Some(mail) = self.store.mail(id).await?
                && mail.recipient.is_empty()
            {
                return Ok(self.case(&mail.case.0).await?);
            }
        }
        let Some(sender) = &request.sender else {
            return Ok(None);
        };
        let prefix = self.bundle.authority.reference_prefix.as_str();
        let subject = request.subject.as_deref().unwrap_or_default();
        let of_a_reference = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
        for word in subject.split(|c| !of_a_reference(c)) {
            if !word.starts_with(prefix) || word.len() <= prefix.len() {
                continue;
            }
            let Some(row) = self.store.find(word).await? else {
                continue;
            };
            let case = CaseId(row.case_id);
            let applicant = self.store.applicant(&case).await?;
            let is_theirs = applicant.is_some_and(|applicant| {
                applicant
                    .contact
                    .trim()
                    .eq_ignore_ascii_case(sender.contact.trim())
            });
            if is_theirs {
                return Ok(self.case(&case.0).await?);
            }
        }
        Ok(None)
    }

    /// The detail that a case waits for; anything else is added to the case, for a person who knows whether it asks for more,
    /// withdraws, complains or thanks.
    async fn add_to(&self, case: &Case, request: &Request) -> Result<Arrived, NotTaken> {
        let reference = case.receipt.reference.clone();
        let received_on = request.received_on.unwrap_or_else(|| self.today());
        let answer = ClarificationAnswer {
            questions: case
                .questions
                .iter()
                .filter(|state| state.waiting_since.is_some())
                .map(|state| state.question.id.clone())
                .collect(),
            text: request.body.trim().to_owned(),
            received_on,
        };
        for event in self.store.events(&case.id).await? {
            if let Some(Event::ClarificationGiven(given)) = event.recorded()?.event
                && (given.answer.received_on, &given.answer.text)
                    == (answer.received_on, &answer.text)
            {
                return Ok(Arrived::Clarified(reference));
            }
        }
        let by = Actor::applicant();
        if answer.questions.is_empty() || answer.text.is_empty() {
            return self.added(&by, case, request).await;
        }
        let command = Command::GiveClarification(answer);
        match self.act(&by, &case.id, None, &command).await {
            // What came with it has no place in the answer.
            Ok(_) if !request.attachments.is_empty() => self.added(&by, case, request).await,
            Ok(_) => Ok(Arrived::Clarified(reference)),
            Err(Stopped::Refused(_)) => Ok(Arrived::ForAPerson(reference)),
            Err(stopped) => Err(NotTaken::Stopped(stopped)),
        }
    }

    /// What a mail says beside anything that was asked, on its case until somebody says what becomes of it. The same mail
    /// twice is there once.
    async fn added(&self, by: &Actor, case: &Case, request: &Request) -> Result<Arrived, NotTaken> {
        let reference = case.receipt.reference.clone();
        let text = request.body.trim();
        let received_on = request.received_on.unwrap_or_else(|| self.today());
        let files = request.attachments.len();
        let mut known = case.additions.iter();
        let is_there = known.any(|added| added.addition.is(text, received_on, files));
        if is_there {
            return Ok(Arrived::Added(reference));
        }
        if case.additions.len() >= MOST_ADDED {
            return Ok(Arrived::ForAPerson(reference));
        }
        let added = self
            .add_to_request(by, &case.id, text, &request.attachments, received_on)
            .await;
        match added {
            Ok(_) => Ok(Arrived::Added(reference)),
            Err(Stopped::Refused(_)) => Ok(Arrived::ForAPerson(reference)),
            Err(stopped) => Err(NotTaken::Stopped(stopped)),
        }
    }

    /// Marks the mail of ours that a report says didn't arrive.
    async fn came_back(
        &self,
        message: &Message<'_>,
        bytes: &[u8],
    ) -> Result<Option<CaseId>, NotTaken> {
        let said = String::from_utf8_lossy(bytes);
        let is_failure = is_report(message)
            && said.lines().any(|line| {
                let line = line.to_ascii_lowercase();
                line.starts_with("action:") && line.contains("failed")
            });
        if !is_failure {
            return Ok(None);
        }
        for line in said.lines() {
            // The original's own line, in the part of the report that repeats its head.
            let is_name = line
                .get(..11)
                .is_some_and(|start| start.eq_ignore_ascii_case("message-id:"));
            let Some(id) = line.get(11..).filter(|_| is_name).and_then(id_of) else {
                continue;
            };
            if let Some(mut mail) = self.store.mail(id).await? {
                let status = said
                    .lines()
                    .filter_map(|line| line.strip_prefix("Status:"))
                    .map(str::trim)
                    .find(|status| {
                        status
                            .bytes()
                            .all(|byte| byte.is_ascii_digit() || byte == b'.')
                    })
                    .unwrap_or_default();
                mail.state = MailState::CameBack;
                mail.outcome = Some(format!("its mailbox didn't take it ({status})"));
                mail.run_at = self.now();
                self.store.mail_done(&mail).await?;
                return Ok(Some(mail.case));
            }
        }
        Ok(None)
    }
}

/// Whether a program sent it by itself, RFC 3834: an absence note, a report, a list.
fn is_automatic(message: &Message<'_>) -> bool {
    let says = |name: &str| {
        message
            .header(name)
            .and_then(HeaderValue::as_text)
            .map(|text| text.trim().to_ascii_lowercase())
    };
    is_report(message)
        || says("Auto-Submitted")
            .is_some_and(|how| !how.starts_with("no") || how.starts_with("not"))
        || says("X-Autoreply").is_some()
        || says("Precedence").is_some_and(|how| how == "auto_reply" || how == "junk")
}

fn is_report(message: &Message<'_>) -> bool {
    message.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind
                .subtype()
                .is_some_and(|kind| kind.eq_ignore_ascii_case("report"))
    })
}

/// The Message-IDs of a header, without brackets.
fn names(header: &HeaderValue<'_>) -> Vec<String> {
    let text = match header {
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(texts) => texts.join(" "),
        _ => String::new(),
    };
    text.split_whitespace().map(str::to_owned).collect()
}
