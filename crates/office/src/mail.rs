//! Mail that leaves: to whoever asked, and to colleagues about what waits for them.
//!
//! Each mail is planned in the transaction of its event. [`Office::send_mail`] takes what is due, composes it from the record
//! as it stood at that event, hands it to a [`Carrier`] and marks what came of it. It is sent at least once: whoever dies
//! between handing on and marking sends the same bytes under the same Message-ID again.

mod compose;
mod envelope;

use std::pin::Pin;
use std::str::FromStr;

use casework::case::{Case, History};
use casework::command::Command;
use casework::event::{Acknowledgement, Attachment, CaseId, Channel, Event, Issue};
use casework::role::{Actor, Role};
use casework::treatment::Treated;
use jiff::{SignedDuration, Timestamp};
use law::{Chronology, Clock, Problem};
use letters::{Wording, render};
use lettre::Address;
use sha2::{Digest, Sha256};
use store::Stopped;
use store::desk::PrivateLink;
use store::mail::{Mail, MailState};

use casework::applicant::hex;

pub use compose::Words;
pub use envelope::{Automatic, Letterhead, bytes, id_of, message_id};

pub(crate) use compose::{Frame, SENTENCES};

use crate::office::{Office, Trouble};

/// A mail that is handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The kind of event that it tells of.
    pub kind: String,
    /// Its name: the same mail handed on twice has the same.
    pub name: String,
    /// The mailbox that it comes from.
    pub from: String,
    /// Where it goes; `None`: whoever asked gave no address for mail, and this is to be printed and posted.
    pub to: Option<String>,
    /// The mail, or the text to post.
    pub bytes: Vec<u8>,
}

/// Why a mail was not handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It is refused for good, as when there is no such mailbox.
    Refused(String),
    /// It is refused for now.
    Later(String),
    /// Nobody answers: no other mail is tried for a while.
    Unreachable(String),
}

/// What becomes of a parcel.
pub type Carrying = Pin<Box<dyn Future<Output = Result<(), NotSent>> + Send>>;

/// Takes mails where they go: into a folder, or to a mail server.
pub type Carrier = dyn Fn(Parcel) -> Carrying + Send + Sync;

/// How mail leaves.
#[derive(Clone, Copy)]
pub struct Mailing<'a> {
    /// The address of the pages, without a slash at the end; mails have no links without it.
    pub public_url: Option<&'a str>,
    /// Who takes it.
    pub carrier: &'a Carrier,
}

/// What one round of sending did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// What was handed on: the case, and the kind of event that it tells of.
    pub sent: Vec<(CaseId, String)>,
    /// What wasn't, and why.
    pub failed: Vec<(CaseId, String)>,
}

/// A mail to whoever asked, as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The kind of event that it tells of.
    pub kind: String,
    /// Where it stands.
    pub state: MailState,
    /// Why it isn't sent, or came back; it names no address.
    pub why: Option<String>,
    /// When it was sent, or is tried again.
    pub at: Timestamp,
    /// How often it was tried.
    pub attempts: u64,
}

/// After so long somebody else takes a mail that its node never finished.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// Mails taken on at once: all of them end within the lease even if the mail server is slow.
const AT_ONCE: u64 = 10;
/// Waits between tries, in minutes; after the last one it is given up, about five days later.
const WAITS: [i64; 10] = [1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440];
/// What waited longer before anybody tried is for a person to send: mail was set up late, and old letters don't leave by
/// themselves.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(14 * 24);
/// What was sent to colleagues stays in the list so long.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The setting with the authority's name, contacts and logo, as an administrator last wrote them.
pub(crate) const CONTACTS: &str = "branding";

/// A mail that is ready to be handed on.
enum Ready {
    Parcel(Parcel),
    /// One mail to each of these accounts instead.
    Each(Vec<String>),
    NotNeeded,
}

/// Who sends.
struct Sender {
    authority: String,
    mailbox: Address,
    telephone: String,
}

impl Office {
    /// Sends what is due until nothing is left. An acknowledgement that was handed on is recorded on its case.
    ///
    /// # Errors
    /// The database can't be reached; what was taken on is tried again when its lease ends.
    pub async fn send_mail(&self, mailing: &Mailing<'_>) -> Result<Posted, Trouble> {
        let mut posted = Posted::default();
        loop {
            let now = self.now();
            let until = now.checked_add(LEASE).unwrap_or(now);
            let taken = self.store.claim_mail(now, until, AT_ONCE).await?;
            if taken.is_empty() {
                break;
            }
            let mut unreachable: Option<String> = None;
            for mail in taken {
                let outcome = match &unreachable {
                    Some(why) => Err(NotSent::Later(why.clone())),
                    None => self.hand_on(&mail, now, mailing).await?,
                };
                if let Err(NotSent::Unreachable(why)) = &outcome {
                    unreachable = Some(why.clone());
                }
                let (id, kind) = (mail.case.clone(), mail.kind.clone());
                let after = after(mail, outcome, self.now());
                match after.state {
                    MailState::Sent | MailState::ToPost => posted.sent.push((id, kind)),
                    MailState::NotNeeded => {}
                    _ => posted
                        .failed
                        .push((id, after.outcome.clone().unwrap_or_default())),
                }
                self.store.mail_done(&after).await?;
            }
            if unreachable.is_some() {
                break;
            }
        }
        if !posted.sent.is_empty() {
            let now = self.now();
            let before = now.checked_sub(KEPT).unwrap_or(now);
            self.store.sweep_mail(before).await?;
        }
        Ok(posted)
    }

    /// The mails to whoever asked on a case, in order.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn told(&self, case: &CaseId) -> Result<Vec<Told>, store::Fault> {
        let mails = self.store.mail_of(case).await?;
        Ok(mails
            .into_iter()
            .filter(|mail| is_to_applicant(mail) && mail.state != MailState::NotNeeded)
            .map(|mail| Told {
                kind: mail.kind,
                state: mail.state,
                why: mail.outcome,
                at: mail.run_at,
                attempts: mail.attempts,
            })
            .collect())
    }

    /// Composes a mail and hands it on. The inner error says why it wasn't; the outer that the record can't be read.
    async fn hand_on(
        &self,
        mail: &Mail,
        now: Timestamp,
        mailing: &Mailing<'_>,
    ) -> Result<Result<MailState, NotSent>, store::Fault> {
        if mail.attempts <= 1
            && now.duration_since(mail.happened_at) > TOO_OLD
            && mail.recipient.is_empty()
        {
            return Ok(Err(NotSent::Refused(
                "mail was set up more than 14 days after this: send it yourself, and record what you sent".to_owned(),
            )));
        }
        let ready = match self.ready(mail, mailing).await {
            Ok(ready) => ready,
            Err(Stopped::Fault(fault)) => return Err(fault),
            Err(stopped) => return Ok(Err(NotSent::Later(stopped.to_string()))),
        };
        match ready {
            Ready::NotNeeded => Ok(Ok(MailState::NotNeeded)),
            Ready::Each(accounts) => {
                for account in accounts {
                    self.store.plan_mail(&one_of(mail, account)).await?;
                }
                Ok(Ok(MailState::NotNeeded))
            }
            Ready::Parcel(parcel) => {
                let to = parcel.to.clone();
                if let Err(not_sent) = (mailing.carrier)(parcel).await {
                    return Ok(Err(without_address(not_sent, to.as_deref())));
                }
                if mail.kind == "received" {
                    self.acknowledged(&mail.case).await?;
                }
                Ok(Ok(if to.is_some() {
                    MailState::Sent
                } else {
                    MailState::ToPost
                }))
            }
        }
    }

    /// Records that the acknowledgement left, unless that stands on the case already or it changed meanwhile: then routine
    /// work finds it to do.
    async fn acknowledged(&self, case: &CaseId) -> Result<(), store::Fault> {
        let command = Command::Acknowledge(Acknowledgement {
            sent_on: self.today(),
        });
        match self.act(&Actor::candour(), case, None, &command).await {
            Err(Stopped::Fault(fault)) => Err(fault),
            _ => Ok(()),
        }
    }

    async fn ready(&self, mail: &Mail, mailing: &Mailing<'_>) -> Result<Ready, Stopped> {
        let events = self.store.events(&mail.case).await?;
        let recorded = events
            .iter()
            .map(store::chain::StoredEvent::recorded)
            .collect::<Result<Vec<_>, _>>()?;
        let now = History::of(&mail.case, &recorded);
        let told_of = recorded.iter().take_while(|event| event.seq <= mail.seq);
        let then = History::of(&mail.case, told_of.clone());
        let event = told_of.last().and_then(|recorded| recorded.event.as_ref());
        let (Some(now), Some(case), Some(event)) = (now.case(), then.case(), event) else {
            return Ok(Ready::NotNeeded);
        };
        if !is_needed(event, mail, now) {
            return Ok(Ready::NotNeeded);
        }
        let sender = self.sender().await?;
        if is_to_applicant(mail) {
            self.tell_team(mail, event, now).await?;
            return self.to_applicant(mail, case, event, &sender, mailing).await;
        }
        let to = if mail.recipient.is_empty() {
            let accounts = self.colleagues(event, now).await?;
            if !accounts.is_empty() {
                return Ok(Ready::Each(accounts));
            }
            // Nobody is named for it: the office's own mailbox.
            sender.mailbox.clone()
        } else {
            let account = self.store.account(&mail.recipient).await?;
            let Some(account) = account.filter(|account| account.is_active) else {
                return Ok(Ready::NotNeeded);
            };
            match Address::from_str(&account.email) {
                Ok(address) => address,
                Err(_) => sender.mailbox.clone(),
            }
        };
        let mut files = Vec::new();
        let words = if let Event::TreatmentChosen(treated) = event {
            self.passed_on(case, treated, &sender, &mut files).await?
        } else {
            // Colleagues are told what is asked, never by whom.
            let mut shown = case.clone();
            self.unname(&mut shown).await?;
            self.to_colleague(&shown, event, &sender, mailing).await?
        };
        let head = Letterhead {
            files: &files,
            ..self.head(mail, &sender, &to, Automatic::Notice)
        };
        parcel(
            mail,
            &sender,
            Some(&to),
            bytes(&head, &words).map_err(refused)?,
        )
    }

    /// Plans a mail to each of the people of the team that a request is passed on to, beside the one to whoever asked.
    async fn tell_team(&self, mail: &Mail, event: &Event, case: &Case) -> Result<(), Stopped> {
        if !matches!(event, Event::TreatmentChosen(_)) {
            return Ok(());
        }
        for account in self.colleagues(event, case).await? {
            self.store.plan_mail(&one_of(mail, account)).await?;
        }
        Ok(())
    }

    /// The words of the mail to a team that goes on with a request; `files` gets what came with it.
    async fn passed_on(
        &self,
        case: &Case,
        treated: &Treated,
        sender: &Sender,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<Words, Stopped> {
        for file in case.came_with() {
            let bytes = self.store.attachments().get(&file.sha256).await?;
            files.push((file.name.clone(), bytes));
        }
        let applicant = self.store.applicant(&case.id).await?;
        let area = treated.treatment.passed_to.as_deref().unwrap_or_default();
        let frame = self.frame(sender);
        Ok(frame.passed_on(case, treated, area, applicant.as_ref()))
    }

    fn head<'m>(
        &'m self,
        mail: &'m Mail,
        sender: &'m Sender,
        to: &'m Address,
        automatic: Automatic,
    ) -> Letterhead<'m> {
        Letterhead {
            id: &mail.id,
            authority: &sender.authority,
            mailbox: &sender.mailbox,
            to,
            dated: mail.happened_at,
            after: None,
            automatic,
            files: &[],
        }
    }

    /// The address of mail of whoever asked; `None` where they are written to by post.
    async fn address_of(&self, case: &CaseId) -> Result<Option<Address>, store::Fault> {
        let applicant = self.store.applicant(case).await?;
        Ok(applicant.and_then(|applicant| Address::from_str(applicant.contact.trim()).ok()))
    }

    async fn to_applicant(
        &self,
        mail: &Mail,
        case: &Case,
        event: &Event,
        sender: &Sender,
        mailing: &Mailing<'_>,
    ) -> Result<Ready, Stopped> {
        let address = self.address_of(&mail.case).await?;
        let frame = Frame {
            by_post: address.is_none(),
            ..self.frame(sender)
        };
        let mut automatic = Automatic::No;
        let mut files = Vec::new();
        let words = match event {
            Event::Received(_) => {
                automatic = Automatic::Reply;
                let reckoning = Clock::foia(
                    &self.bundle.statute,
                    &self.bundle.limits,
                    &self.bundle.calendar,
                )
                .and_then(|clock| clock.reckon(&Chronology::received(case.receipt.received_on)))
                .map_err(Stopped::Refused)?;
                let link = self.follow_link(case, mail, mailing).await?;
                frame.acknowledgement(case, &reckoning.whole.ledger.line(), link.as_deref())
            }
            Event::TreatmentChosen(treated) => frame.treated(case, treated),
            Event::ClarificationSought(asked) => {
                let link = self.follow_link(case, mail, mailing).await?;
                frame.clarification(case, asked, link.as_deref())
            }
            Event::Extended(extension) => frame.extension(case, extension).map_err(refused)?,
            Event::Issued(issue) => {
                let (letter, given) = self.letter_of(issue, &mut files).await?;
                frame.issue(case, issue, &letter, given)
            }
            Event::ReviewAsked(review) => frame.review(case, review).map_err(refused)?,
            Event::ReviewDecided(decided) if !decided.files.is_empty() => {
                let letter = self.forms_of(&decided.files, &mut files).await?;
                frame.reviewed(case, &letter)
            }
            _ => return Ok(Ready::NotNeeded),
        };
        let Some(to) = address else {
            let text = format!("{}\n\n{}", words.subject, render::text(&words.document));
            return parcel(mail, sender, None, text.into_bytes());
        };
        let first = format!("{}.1", mail.case.0);
        let head = Letterhead {
            after: (mail.id != first).then_some(first.as_str()),
            files: &files,
            ..self.head(mail, sender, &to, automatic)
        };
        parcel(
            mail,
            sender,
            Some(&to),
            bytes(&head, &words).map_err(refused)?,
        )
    }

    async fn to_colleague(
        &self,
        case: &Case,
        event: &Event,
        sender: &Sender,
        mailing: &Mailing<'_>,
    ) -> Result<Words, Stopped> {
        let frame = self.frame(sender);
        let desk = mailing
            .public_url
            .map(|url| format!("{url}/desk/cases/{}", case.receipt.reference));
        let desk = desk.as_deref();
        Ok(match event {
            Event::Assigned(assignment) => {
                let link = self.team_link(case, &assignment.area, mailing).await?;
                frame.task(
                    case,
                    &assignment.area,
                    &assignment.questions,
                    assignment.wanted_on,
                    link.as_deref(),
                )
            }
            Event::Reminded(reminder) => {
                let link = match &reminder.area {
                    Some(area) => self.team_link(case, area, mailing).await?,
                    None => desk.map(str::to_owned),
                };
                frame.reminder(case, reminder, link.as_deref())
            }
            Event::SentBack(sent_back) => frame.sent_back(case, sent_back, desk),
            // The only other kind that colleagues are told of.
            _ => frame.approval(case, desk),
        })
    }

    /// The accounts that an event is about: a team's people, the approvers who didn't decide any of it, the owner.
    async fn colleagues(&self, event: &Event, case: &Case) -> Result<Vec<String>, Stopped> {
        let accounts = self.store.accounts().await?;
        let owner = case.owner.as_deref();
        let is_for = |account: &store::desk::Account| match event {
            Event::Assigned(assignment) => is_of_team(account, &assignment.area),
            Event::Reminded(reminder) => match &reminder.area {
                Some(area) => is_of_team(account, area),
                None => owner == Some(account.id.as_str()),
            },
            Event::ApprovalSought(_) => {
                account.roles.contains(&Role::Approver) && !case.deciders.contains(&account.id)
            }
            Event::SentBack(_) => owner == Some(account.id.as_str()),
            Event::TreatmentChosen(treated) => {
                let area = treated.treatment.passed_to.as_deref();
                // Whoever goes on with it need not be somebody who is asked about requests under the Act.
                area == Some(account.team.as_str())
            }
            _ => false,
        };
        Ok(accounts
            .iter()
            .filter(|account| account.is_active && is_for(account))
            .map(|account| account.id.clone())
            .collect())
    }

    /// The text of the letter that left, and the files that are part of the answer; `files` gets what is attached.
    async fn letter_of<'i>(
        &self,
        issue: &'i Issue,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<(String, &'i [Attachment]), Stopped> {
        // The letter's own forms come first, see `Office::issue`.
        let forms = issue
            .files
            .iter()
            .take(4)
            .take_while(|file| file.name.starts_with("letter."))
            .count();
        let (forms, given) = issue.files.split_at(forms);
        let text = self.forms_of(forms, files).await?;
        for file in given {
            let bytes = self.store.attachments().get(&file.sha256).await?;
            files.push((file.name.clone(), bytes));
        }
        Ok((text, given))
    }

    /// The text of a letter by its forms; `files` gets its PDF.
    async fn forms_of(
        &self,
        forms: &[Attachment],
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> Result<String, Stopped> {
        let mut text = String::new();
        for file in forms {
            match file.name.rsplit('.').next() {
                Some("txt") => {
                    let bytes = self.store.attachments().get(&file.sha256).await?;
                    text = String::from_utf8_lossy(&bytes).into_owned();
                }
                Some("pdf") => {
                    let bytes = self.store.attachments().get(&file.sha256).await?;
                    files.push((file.name.clone(), bytes));
                }
                _ => {}
            }
        }
        Ok(text)
    }

    /// The mail that a command would have sent to whoever asked, as plain text, with stars where their words tell who they are;
    /// `None` where it sends none that can be known before.
    ///
    /// # Errors
    /// There is no such case, the mail can't be composed yet, or the store can't.
    pub async fn mail_of(
        &self,
        case: &CaseId,
        command: &Command,
    ) -> Result<Option<String>, Stopped> {
        // Whoever looks at it needn't know who asked; their own mail says their words as they wrote them.
        let mut case = self.known(case).await?;
        self.unname(&mut case).await?;
        let sender = self.sender().await?;
        let frame = Frame {
            by_post: self.address_of(&case.id).await?.is_none(),
            ..self.frame(&sender)
        };
        let words = match command {
            Command::SeekClarification(asked) => frame.clarification(&case, asked, None),
            Command::ChooseTreatment(treatment) => {
                let due_on = treatment
                    .regime
                    .due_on(case.receipt.received_on, &self.bundle.calendar)
                    .map_err(|beyond| {
                        refused(Problem::new("calendar.beyond", beyond.to_string()))
                    })?;
                frame.treated(
                    &case,
                    &Treated {
                        treatment: treatment.clone(),
                        due_on,
                        chosen_on: self.today(),
                        taken_back: case.passed_on().is_some(),
                    },
                )
            }
            Command::Extend(extension) => frame.extension(&case, extension).map_err(refused)?,
            _ => return Ok(None),
        };
        Ok(Some(format!(
            "{}\n\n{}",
            words.subject,
            render::text(&words.document)
        )))
    }

    /// The mailbox that mail comes from, and the telephone number.
    async fn sender(&self) -> Result<Sender, Stopped> {
        let contacts = self
            .store
            .setting(CONTACTS)
            .await?
            .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
            .unwrap_or_default();
        let contact = |name: &str| {
            contacts
                .get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let mailbox = self
            .bundle
            .authority
            .mailbox
            .clone()
            .unwrap_or_else(|| contact("email"));
        let mailbox = Address::from_str(&mailbox).map_err(|_| {
            refused(Problem::new(
                "mail.no_mailbox",
                "no mailbox is set that mail comes from and people read: set `mailbox` in data/office/authority.toml, or the \
                 email address on the administrator's page of name and colours",
            ))
        })?;
        Ok(Sender {
            authority: self.bundle.named(&contact("name")),
            mailbox,
            telephone: contact("telephone"),
        })
    }

    fn frame<'f>(&'f self, sender: &'f Sender) -> Frame<'f> {
        Frame {
            bundle: &self.bundle,
            wording: self.mail_words(),
            telephone: &sender.telephone,
            by_post: false,
        }
    }

    fn mail_words(&self) -> &Wording {
        &self.bundle.mail_words
    }

    /// The private page of whoever asked, where the pages have an address.
    async fn follow_link(
        &self,
        case: &Case,
        mail: &Mail,
        mailing: &Mailing<'_>,
    ) -> Result<Option<String>, Stopped> {
        let Some(url) = mailing.public_url else {
            return Ok(None);
        };
        let token = self.token_of("follow", &case.id, "");
        let ends_on = self
            .day_of(mail.happened_at)
            .checked_add(jiff::Span::new().years(2))
            .unwrap_or_else(|_| self.today());
        self.keep_link_once(PrivateLink {
            token_hash: hex(&Sha256::digest(token.as_bytes())),
            purpose: "follow".to_owned(),
            case: case.id.clone(),
            details: "{}".to_owned(),
            ends_on,
        })
        .await?;
        Ok(Some(format!("{url}/follow/{token}")))
    }

    /// The page on which a team answers.
    async fn team_link(
        &self,
        case: &Case,
        area: &str,
        mailing: &Mailing<'_>,
    ) -> Result<Option<String>, Stopped> {
        let Some(url) = mailing.public_url else {
            return Ok(None);
        };
        let token = self.token_of("task", &case.id, area);
        let last = case.due_on.max(case.receipt.received_on);
        let ends_on = self
            .bundle
            .calendar
            .nth_working_day_after(last, law::WorkingDays(60))
            .unwrap_or(last);
        self.keep_link_once(PrivateLink {
            token_hash: hex(&Sha256::digest(token.as_bytes())),
            purpose: "task".to_owned(),
            case: case.id.clone(),
            details: serde_json::json!({ "area": area }).to_string(),
            ends_on,
        })
        .await?;
        Ok(Some(format!("{url}/team/{token}")))
    }

    /// A token that only this installation can make and that is the same each time, so that a mail sent twice is one mail.
    fn token_of(&self, purpose: &str, case: &CaseId, of: &str) -> String {
        let named = format!("candour link\0{purpose}\0{}\0{of}", case.0);
        let signature = self.store.secrets().signing.sign(named.as_bytes());
        hex(&Sha256::digest(signature.as_bytes()))
    }

    async fn keep_link_once(&self, link: PrivateLink) -> Result<(), Stopped> {
        match self.store.keep_link(&link).await {
            // It is there already.
            Ok(()) | Err(store::Fault::Clash(_)) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// Routine work where mail is set up: an acknowledgement is recorded by whoever sent it, see [`Office::send_mail`], so here
/// it only waits; a reminder is recorded and its mail follows.
///
/// # Errors
/// It waits for its mail.
pub fn with_mail(case: &Case, command: &Command) -> Result<(), String> {
    match command {
        Command::Acknowledge(_) => Err(format!(
            "the acknowledgement of {} hasn't left; its mail is tried again, and the case says why it doesn't leave",
            case.receipt.reference
        )),
        _ => Ok(()),
    }
}

/// Routine work where mail isn't set up: nothing is recorded as sent that nobody sent.
///
/// # Errors
/// It is for a person to send.
pub fn without_mail(_: &Case, command: &Command) -> Result<(), String> {
    match command {
        Command::Acknowledge(_) | Command::Remind(_) => Err(
            "mail is not set up: start with --mail, or send it yourself and record it on the case"
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

fn is_to_applicant(mail: &Mail) -> bool {
    let is_told = matches!(
        mail.kind.as_str(),
        "received"
            | "treatment_chosen"
            | "clarification_sought"
            | "extended"
            | "issued"
            | "review_asked"
            | "review_decided"
    );
    // A team that a request is passed on to is told by a mail of its own.
    is_told && mail.recipient.is_empty()
}

/// Whether what a mail tells of still matters: nobody is asked for what was given, and what somebody acknowledged by hand
/// isn't acknowledged again.
fn is_needed(event: &Event, mail: &Mail, case: &Case) -> bool {
    match event {
        // The public form shows its acknowledgement as a page and records it; the mail repeats it, with the link.
        Event::Received(received) if received.receipt.channel == Channel::Form => {
            case.withdrawn_on.is_none()
        }
        // Whoever asked is told where somebody else goes on with it, and when it comes back.
        Event::TreatmentChosen(treated) => {
            case.treated.as_ref() == Some(treated)
                && (case.passed_on().is_some() || treated.taken_back)
        }
        Event::Received(_) => case.acknowledged.is_none() && case.state.answer_is_owed(),
        Event::Assigned(assignment) => case.areas_searching().contains(assignment.area.as_str()),
        Event::Reminded(reminder) => match &reminder.area {
            Some(area) => case.areas_searching().contains(area.as_str()),
            None => case.state.answer_is_owed() || case.next_due_on().is_some(),
        },
        Event::ApprovalSought(letter) => {
            case.letter_in_approval.as_deref() == Some(letter.sha256.as_str())
                && case.state == casework::procedure::State::AwaitingApproval
        }
        Event::SentBack(_) => case.sent_back.is_some(),
        _ => mail.seq <= case.seq,
    }
}

/// A mail that is planned for a colleague, as the one to this account.
fn one_of(mail: &Mail, account: String) -> Mail {
    Mail {
        id: format!("{}.{}", mail.id, in_a_name(&account)),
        recipient: account,
        run_at: mail.happened_at,
        ..mail.clone()
    }
}

fn is_of_team(account: &store::desk::Account, area: &str) -> bool {
    account.team == area && account.roles.contains(&Role::ServiceAreaContact)
}

fn parcel(
    mail: &Mail,
    sender: &Sender,
    to: Option<&Address>,
    bytes: Vec<u8>,
) -> Result<Ready, Stopped> {
    Ok(Ready::Parcel(Parcel {
        kind: mail.kind.clone(),
        name: mail.id.clone(),
        from: sender.mailbox.to_string(),
        to: to.map(ToString::to_string),
        bytes,
    }))
}

fn refused(problem: Problem) -> Stopped {
    Stopped::Refused(vec![problem])
}

/// An account's id in the name of a mail.
fn in_a_name(account: &str) -> String {
    let is_plain = !account.is_empty()
        && account.len() <= 40
        && account
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_plain {
        account.to_owned()
    } else {
        hex(&Sha256::digest(account.as_bytes()))
            .chars()
            .take(24)
            .collect()
    }
}

/// What a server said, without the address: the desk shows it to people who needn't know who asked.
fn without_address(not_sent: NotSent, to: Option<&str>) -> NotSent {
    let clean = |said: String| -> String {
        let mut said = said.replace(['\r', '\n'], " ");
        if let Some(to) = to.filter(|to| !to.is_empty()) {
            for form in [to.to_owned(), to.to_lowercase(), to.to_uppercase()] {
                said = said.replace(&form, "[the address]");
            }
        }
        // A server may spell it otherwise: whatever looks like an address goes too.
        let said: Vec<&str> = said
            .split_whitespace()
            .map(|word| {
                if word.contains('@') {
                    "[the address]"
                } else {
                    word
                }
            })
            .collect();
        said.join(" ").chars().take(300).collect()
    };
    match not_sent {
        NotSent::Refused(said) => NotSent::Refused(clean(said)),
        NotSent::Later(said) => NotSent::Later(clean(said)),
        NotSent::Unreachable(said) => NotSent::Unreachable(clean(said)),
    }
}

/// A mail after a try.
fn after(mut mail: Mail, outcome: Result<MailState, NotSent>, now: Timestamp) -> Mail {
    let tried = usize::try_from(mail.attempts).unwrap_or(usize::MAX);
    (mail.state, mail.outcome, mail.run_at) = match outcome {
        Ok(state) => (state, None, now),
        Err(NotSent::Refused(why)) => (MailState::Refused, Some(why), now),
        Err(NotSent::Later(why) | NotSent::Unreachable(why)) => {
            match WAITS.get(tried.saturating_sub(1)) {
                Some(minutes) => (
                    MailState::Waiting,
                    Some(why),
                    now.checked_add(SignedDuration::from_mins(*minutes))
                        .unwrap_or(now),
                ),
                None => (MailState::GivenUp, Some(why), now),
            }
        }
    };
    mail
}
