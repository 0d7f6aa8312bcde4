//! Reading and changing cases.

use casework::applicant::Applicant;
use casework::case::{Case, History};
use casework::command::{self, Command, Setting};
use casework::event::{
    ApplicantLook, Attachment, CaseId, Event, KeyKind, Opening, QuestionId, Receipt,
};
use casework::holding::{Holding, SealedHolding, SealingKey};
use casework::role::Actor;
use casework::routine::{self, Retention};
use jiff::Timestamp;
use law::Problem;

use crate::attachments::Attachments;
use crate::chain::{StoredEvent, Told};
use crate::checkpoint::SigningSecret;
use crate::db::{Db, Param, Query, Row, Transaction};
use crate::fault::{Fault, Stopped};
use crate::merkle::Hash;
use crate::projection::{Alike, Cursor, Summary};
use crate::queries;
use crate::schema;

/// Fresh random bytes at each call.
pub type Entropy = Box<dyn Fn() -> [u8; 32] + Send + Sync>;

/// What of a text may stand in the disclosure log: the text without the personal data in it.
pub type PublishedWords = Box<dyn Fn(&str) -> String + Send + Sync>;

/// What a published text is about: ids of topics with a space between.
pub type Topics = Box<dyn Fn(&str) -> String + Send + Sync>;

/// What an installation keeps secret beside the database, never in it.
pub struct Secrets {
    /// Signs checkpoints and exports.
    pub signing: SigningSecret,
    /// Seals holdings.
    pub sealing: SealingKey,
    /// Randomness.
    pub entropy: Entropy,
}

/// Where everything of one authority is kept.
pub struct Place {
    /// The database.
    pub db: Db,
    /// The authority.
    pub authority: String,
    /// Its attachments.
    pub attachments: Attachments,
    /// Its secrets.
    pub secrets: Secrets,
    /// Its retention schedule.
    pub retention: Retention,
    /// What of a text its disclosure log shows.
    pub published_words: PublishedWords,
    /// What an entry of the log is about.
    pub topics: Topics,
}

/// The cases of one authority.
pub struct Store {
    pub(crate) db: Db,
    pub(crate) authority: String,
    pub(crate) attachments: Attachments,
    pub(crate) secrets: Secrets,
    pub(crate) retention: Retention,
    pub(crate) published_words: PublishedWords,
    pub(crate) topics: Topics,
}

/// Somebody's act on a case, with what goes along with it.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    /// Who.
    pub by: &'a Actor,
    /// What.
    pub command: &'a Command,
    /// What it is checked against; its day is today.
    pub setting: &'a Setting<'a>,
    /// The instant.
    pub at: Timestamp,
    /// The number of the last event that they had seen; a later one is a conflict. `None` takes the case as it is.
    pub seen: Option<u64>,
    /// What a search found, for the command that finishes it.
    pub found: Option<&'a Holding>,
}

/// A request to take in.
pub struct Intake<'a> {
    /// The new case's id.
    pub case: CaseId,
    /// Who asked.
    pub applicant: Option<&'a Applicant>,
    /// Names the message or form: taken in once, however often it is sent.
    pub once: Option<&'a str>,
    /// Gives a receipt without a reference its reference, in the same transaction, so that no number is left out.
    pub numbering: Option<&'a Numbering>,
    /// The receipt and what follows from it at once, such as the proposals, in order.
    pub acts: &'a [Act<'a>],
}

/// How an authority numbers its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// The series that the numbers are of, such as the year.
    pub series: String,
    /// What stands before the number: "FOI-2026-".
    pub prefix: String,
}

/// A request that was taken in and lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// The case.
    pub case: CaseId,
    /// The authority's reference; empty once the case was destroyed.
    pub reference: String,
    /// The number of its last event.
    pub seq: u64,
    /// Whether this had been taken in before, and nothing was added now.
    pub before: bool,
}

/// A change that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The case.
    pub case: CaseId,
    /// The number of its last event.
    pub seq: u64,
}

/// What came out of a sealed holding.
pub struct Opened {
    /// The service area that searched.
    pub area: String,
    /// What it found.
    pub holding: Holding,
}

/// Which cases a queue shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueFilter {
    /// All of them.
    All,
    /// Those of one officer.
    Owner(String),
    /// Those that wait for somebody, by spelling.
    WaitingFor(String),
    /// Those of one officer that wait for somebody, by spelling.
    OwnerWaitingFor(String, String),
    /// Those whose questions nobody has confirmed, and those that nobody owns.
    New,
    /// Those that fit everything that is chosen.
    Chosen(Chosen),
}

/// What somebody chooses cases by; what is empty doesn't choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The account that answers for them.
    pub owner: String,
    /// Who they wait for, by spelling.
    pub waiting_for: String,
    /// Their state, by spelling.
    pub state: String,
    /// A service area that was asked.
    pub area: String,
    /// The policy row of one of their questions.
    pub category: String,
}

impl Chosen {
    /// The filter of the queue for them: where an index answers, that which uses it.
    #[must_use]
    pub fn filter(self) -> QueueFilter {
        let is_plain = [&self.state, &self.area, &self.category]
            .iter()
            .all(|part| part.is_empty());
        match (is_plain, self.owner.is_empty(), self.waiting_for.is_empty()) {
            (false, _, _) => QueueFilter::Chosen(self),
            (true, true, true) => QueueFilter::All,
            (true, true, false) => QueueFilter::WaitingFor(self.waiting_for),
            (true, false, true) => QueueFilter::Owner(self.owner),
            (true, false, false) => QueueFilter::OwnerWaitingFor(self.owner, self.waiting_for),
        }
    }
}

impl Store {
    /// Opens an authority's cases, bringing the schema up to date.
    ///
    /// # Errors
    /// The database can't be reached or written, or is newer than this Candour.
    pub async fn open(place: Place) -> Result<Self, Fault> {
        schema::migrate(&place.db).await?;
        Ok(Self {
            db: place.db,
            authority: place.authority,
            attachments: place.attachments,
            secrets: place.secrets,
            retention: place.retention,
            published_words: place.published_words,
            topics: place.topics,
        })
    }

    /// The authority's id.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The attachments.
    #[must_use]
    pub fn attachments(&self) -> &Attachments {
        &self.attachments
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The secrets.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Raises a counter and answers with its new value; others who raise it wait until the transaction ends.
    pub(crate) async fn raise(
        &self,
        transaction: &mut Transaction,
        counter: &str,
        by: u64,
    ) -> Result<u64, Fault> {
        let params = vec![self.authority.as_str().into(), counter.into(), by.into()];
        let rows = transaction.rows(&queries::COUNTER_ADD, params).await?;
        match rows.first() {
            Some(row) => row.number("value"),
            None => Err(Fault::Damaged(format!("counter {counter} gave no value"))),
        }
    }

    /// The number of the last change: while it stays, so does everything that follows from events.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn position(&self) -> Result<u64, Fault> {
        let params = vec![self.authority.as_str().into(), "position".into()];
        let rows = self.db.rows(&queries::COUNTER, params).await?;
        rows.first().map_or(Ok(0), |row| row.number("value"))
    }

    /// Takes in a request. On return it lasts.
    ///
    /// # Errors
    /// The request is refused, its reference or id exists, or the store can't.
    pub async fn receive(&self, intake: Intake<'_>) -> Result<TakenIn, Stopped> {
        let mut transaction = self.db.begin().await?;
        if let Some(once) = intake.once {
            let params: Vec<Param> = vec![
                self.authority.as_str().into(),
                once.into(),
                intake.case.0.as_str().into(),
            ];
            if transaction.run(&queries::INTAKE_ADD, params).await? == 0 {
                return self.taken_in_before(transaction, once).await;
            }
        }
        let mut history = History::Nothing;
        let mut head = [0; 32];
        let mut applicant = intake.applicant;
        for act in intake.acts {
            let numbered = match (act.command, intake.numbering) {
                (Command::Receive(receipt), Some(numbering)) if receipt.reference.is_empty() => {
                    let series = format!("number:{}", numbering.series);
                    let number = self.raise(&mut transaction, &series, 1).await?;
                    Some(Command::Receive(Receipt {
                        reference: format!("{}{number:05}", numbering.prefix),
                        ..receipt.clone()
                    }))
                }
                _ => None,
            };
            let act = &Act {
                command: numbered.as_ref().unwrap_or(act.command),
                ..*act
            };
            let events = command::check(&history, act.by, act.command, act.setting)
                .map_err(Stopped::Refused)?;
            self.bind_applicant(&events, applicant)?;
            (history, head) = self
                .append(&mut transaction, &intake.case, history, head, act, events)
                .await?;
            if let Some(known) = applicant.take() {
                let params: Vec<Param> = vec![
                    self.authority.as_str().into(),
                    intake.case.0.as_str().into(),
                    known.name.as_str().into(),
                    known.contact.as_str().into(),
                    known.salt.as_str().into(),
                ];
                transaction.run(&queries::APPLICANT_ADD, params).await?;
            }
        }
        if let Some(act) = intake.acts.last() {
            self.project(
                &mut transaction,
                &intake.case,
                Some(&History::Nothing),
                &history,
                act.setting,
            )
            .await
            .map_err(reference_exists)?;
        }
        transaction.commit().await?;
        Ok(taken_in(intake.case, &history, false))
    }

    /// The receipt names this very applicant.
    fn bind_applicant(
        &self,
        events: &[Event],
        applicant: Option<&Applicant>,
    ) -> Result<(), Stopped> {
        for event in events {
            if let Event::Received(received) = event
                && received.receipt.applicant != applicant.map(Applicant::commitment)
            {
                return Err(Stopped::Refused(vec![Problem::at(
                    0..0,
                    "receipt.other_applicant",
                    "the receipt is bound to another applicant than the one given",
                )]));
            }
        }
        Ok(())
    }

    /// Whoever took it in may not have finished: the answer is given when that lasts too.
    async fn taken_in_before(
        &self,
        mut transaction: Transaction,
        once: &str,
    ) -> Result<TakenIn, Stopped> {
        let params = vec![self.authority.as_str().into(), once.into()];
        let rows = transaction.rows(&queries::INTAKE, params).await?;
        let case = match rows.first() {
            Some(row) => CaseId(row.text("case_id")?),
            None => return Err(Stopped::Conflict),
        };
        let history = fold(&case, &self.events_in(&mut transaction, &case).await?)?;
        transaction.commit().await?;
        Ok(taken_in(case, &history, true))
    }

    /// Does something to a case. On return it lasts.
    ///
    /// # Errors
    /// There is no such case, somebody else changed it, the command is refused, or the store can't.
    pub async fn act(&self, case: &CaseId, act: Act<'_>) -> Result<Done, Stopped> {
        self.act_all(case, &[act]).await
    }

    /// Does several things to a case, one after the other: all of them or none. Each is checked against the case as the ones
    /// before left it; what the first had seen counts for all. On return they last.
    ///
    /// # Errors
    /// As [`Store::act`], for any of them.
    pub async fn act_all(&self, case: &CaseId, acts: &[Act<'_>]) -> Result<Done, Stopped> {
        let mut transaction = self.db.begin().await?;
        let (done, before) = self.act_in(&mut transaction, case, acts).await?;
        transaction.commit().await?;
        let destroys = acts
            .iter()
            .any(|act| matches!(act.command, Command::Destroy(_)));
        if let (true, Some(case)) = (destroys, before.case()) {
            self.sweep(&attachments_of(case)).await?;
        }
        Ok(done)
    }

    async fn act_in(
        &self,
        transaction: &mut Transaction,
        case: &CaseId,
        acts: &[Act<'_>],
    ) -> Result<(Done, History), Stopped> {
        let stored = self.events_in(transaction, case).await?;
        let before = fold(case, &stored)?;
        if before == History::Nothing {
            return Err(Stopped::NotFound(case.0.clone()));
        }
        let seen = acts.first().and_then(|act| act.seen);
        if seen.is_some_and(|seen| seen != before.seq()) {
            return Err(Stopped::Conflict);
        }
        let mut head = stored.last().map_or([0; 32], |event| event.hash);
        let mut history = before.clone();
        for act in acts {
            let events = command::check(&history, act.by, act.command, act.setting)
                .map_err(Stopped::Refused)?;
            (history, head) = self
                .append(transaction, case, history, head, act, events)
                .await?;
        }
        if let Some(act) = acts.last() {
            self.project(transaction, case, Some(&before), &history, act.setting)
                .await?;
        }
        let done = Done {
            case: case.clone(),
            seq: history.seq(),
        };
        Ok((done, before))
    }

    /// Adds events to a case, each with the hash of the one before.
    async fn append(
        &self,
        transaction: &mut Transaction,
        case: &CaseId,
        mut history: History,
        mut head: Hash,
        act: &Act<'_>,
        events: Vec<Event>,
    ) -> Result<(History, Hash), Stopped> {
        let count = events.len() as u64;
        let last = self.raise(transaction, "position", count).await?;
        let mut position = last.saturating_sub(count);
        for event in events {
            position = position.saturating_add(1);
            let contents = event
                .to_contents()
                .map_err(|error| Fault::Damaged(error.to_string()))?;
            let salt: Vec<u8> = (self.secrets.entropy)().into_iter().take(16).collect();
            let mut stored = StoredEvent {
                case_id: case.0.clone(),
                seq: history.seq().saturating_add(1),
                position,
                at: instant(act.at),
                actor: act.by.id.clone(),
                role: act.by.role.spelling(),
                kind: event.kind().to_owned(),
                version: Event::VERSION,
                contents_hash: StoredEvent::hash_of_contents(&salt, &contents),
                salt: Some(salt),
                contents: Some(contents),
                before: head,
                hash: [0; 32],
            };
            stored.hash = stored.computed_hash(&self.authority);
            transaction
                .run(&queries::EVENT_ADD, event_params(&self.authority, &stored))
                .await
                .map_err(conflict)?;
            self.beside(transaction, case, act, &event, stored.seq)
                .await?;
            if let (Event::Destroyed(_), Some(destroyed)) = (&event, history.case()) {
                self.drop_drafts(transaction, &destroyed.receipt.reference)
                    .await?;
            }
            self.plan_mail_about(transaction, &stored).await?;
            head = stored.hash;
            history = history.with(case, &stored.recorded()?);
        }
        Ok((history, head))
    }

    /// What some events change outside the record: seals and destruction.
    async fn beside(
        &self,
        transaction: &mut Transaction,
        case: &CaseId,
        act: &Act<'_>,
        event: &Event,
        seq: u64,
    ) -> Result<(), Stopped> {
        let key = || -> Vec<Param> { vec![self.authority.as_str().into(), case.0.as_str().into()] };
        match event {
            Event::SearchFinished(search) => {
                let Some(found) = act.found else {
                    return Err(Stopped::Refused(vec![Problem::at(
                        0..0,
                        "search.nothing_said",
                        "say what the search found; it goes under seal",
                    )]));
                };
                let random = (self.secrets.entropy)();
                let mut nonce = [0; 24];
                nonce
                    .iter_mut()
                    .zip(random)
                    .for_each(|(to, from)| *to = from);
                let sealed = SealedHolding::seal(
                    case,
                    &search.question,
                    found,
                    &self.secrets.sealing,
                    nonce,
                )
                .map_err(|problem| Stopped::Refused(vec![problem]))?;
                let mut params = key();
                params.extend([
                    search.question.0.as_str().into(),
                    search.area.as_str().into(),
                    sealed.stored().into(),
                ]);
                transaction.run(&queries::SEAL, params).await?;
            }
            Event::Received(received) => self.kept(&received.receipt.attachments).await?,
            Event::AddedTo(addition) => self.kept(&addition.attachments).await?,
            Event::DraftComposed(draft) => self.kept(&draft.files).await?,
            Event::Issued(issue) => self.kept(&issue.files).await?,
            Event::DecisionMade(made) => self.kept(&crate::verify::given(&made.files)).await?,
            Event::FilesSent(sent) => self.kept(&crate::verify::given(&sent.files)).await?,
            Event::ReviewDecided(decided) => self.kept(&decided.files).await?,
            Event::Destroyed(_) => {
                let mut params = key();
                params.push(seq.into());
                transaction.run(&queries::EVENTS_DESTROY, params).await?;
                transaction.run(&queries::APPLICANT_DESTROY, key()).await?;
                transaction.run(&queries::SEALED_DESTROY, key()).await?;
                transaction.run(&queries::MAIL_DROP, key()).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What an event names is there.
    async fn kept(&self, attachments: &[Attachment]) -> Result<(), Stopped> {
        let mut missing = Vec::new();
        for attachment in attachments {
            if !self.attachments.has(&attachment.sha256).await? {
                missing.push(Problem::new(
                    "attachment.missing",
                    format!(
                        "the contents of `{}` aren't stored; send it again",
                        attachment.name
                    ),
                ));
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stopped::Refused(missing))
        }
    }

    /// Writes the case's row in the lists and its plan of routine work. `before` is the case as it was when they were last
    /// written, where that is known.
    pub(crate) async fn project(
        &self,
        transaction: &mut Transaction,
        id: &CaseId,
        before: Option<&History>,
        history: &History,
        setting: &Setting<'_>,
    ) -> Result<(), Fault> {
        let key = || -> Vec<Param> { vec![self.authority.as_str().into(), id.0.as_str().into()] };
        self.project_log(transaction, id, history, setting.today)
            .await?;
        self.project_stances(transaction, id, before, history)
            .await?;
        let Some(case) = history.case() else {
            let mut params = key();
            params.push(history.seq().into());
            transaction.run(&queries::SUMMARY_DESTROY, params).await?;
            transaction.run(&queries::JOB_DROP, key()).await?;
            return Ok(());
        };
        let summary = Summary::of(case);
        transaction
            .run(&queries::SUMMARY_SET, summary.params(&self.authority))
            .await?;
        // A day beyond the bank holiday data is planned for the last day that it knows.
        let next = routine::next_on(case, setting.today, setting.calendar, &self.retention)
            .unwrap_or(Some(setting.calendar.up_to()));
        match next {
            Some(day) => {
                let mut params = key();
                params.push(day.to_string().into());
                transaction.run(&queries::JOB_PLAN, params).await?;
            }
            None => {
                transaction.run(&queries::JOB_DROP, key()).await?;
            }
        }
        Ok(())
    }

    /// Takes what is due, by a query that moves it to `until`: nobody else takes it before.
    pub(crate) async fn claimed<T>(
        &self,
        claim: &'static Query,
        read: fn(&Row) -> Result<T, Fault>,
        now: Timestamp,
        until: Timestamp,
        at_most: u64,
    ) -> Result<Vec<T>, Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            instant(now).into(),
            instant(until).into(),
            at_most.into(),
        ];
        let mut transaction = self.db.begin().await?;
        let rows = transaction.rows(claim, params).await?;
        let taken = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        transaction.commit().await?;
        Ok(taken)
    }

    /// Removes those of these attachments that no event refers to any more.
    ///
    /// Both this and whoever records an attachment hold the authority's place counter while they look, so an attachment
    /// that is being recorded is never removed.
    ///
    /// # Errors
    /// The database can't answer, or a file can't be removed.
    pub async fn sweep(&self, hashes: &[String]) -> Result<(), Fault> {
        let mut transaction = self.db.begin().await?;
        self.raise(&mut transaction, "position", 0).await?;
        for sha256 in hashes {
            let params = vec![self.authority.as_str().into(), format!("%{sha256}%").into()];
            if transaction
                .rows(&queries::ATTACHMENT_NAMED, params)
                .await?
                .is_empty()
            {
                self.attachments.remove(sha256).await?;
            }
        }
        transaction.commit().await
    }

    /// Opens what was sealed about a question. The key is made from the case as it stands, the opening is recorded first,
    /// and both are one transaction.
    ///
    /// # Errors
    /// No key of this kind opens it now, or the store can't.
    pub async fn open_holding(
        &self,
        case: &CaseId,
        act: Act<'_>,
        opening: &Opening,
    ) -> Result<Vec<Opened>, Stopped> {
        let command = Command::OpenHolding(opening.clone());
        let act = Act {
            command: &command,
            ..act
        };
        let mut transaction = self.db.begin().await?;
        let (_, before) = self.act_in(&mut transaction, case, &[act]).await?;
        let params = vec![
            self.authority.as_str().into(),
            case.0.as_str().into(),
            opening.question.0.as_str().into(),
        ];
        let mut opened = Vec::new();
        for row in transaction.rows(&queries::SEALED, params).await? {
            let sealed = SealedHolding::from_stored(
                case.clone(),
                opening.question.clone(),
                row.bytes("sealed")?,
            );
            opened.push(Opened {
                area: row.text("area")?,
                holding: self.unseal(&before, act.by, opening, sealed)?,
            });
        }
        transaction.commit().await?;
        Ok(opened)
    }

    fn unseal(
        &self,
        history: &History,
        by: &Actor,
        opening: &Opening,
        sealed: SealedHolding,
    ) -> Result<Holding, Stopped> {
        let question: &QuestionId = &opening.question;
        let secret = &self.secrets.sealing;
        let case = history.case();
        let opened = match opening.key {
            KeyKind::DutyApplies => case
                .and_then(|case| case.duty_to_confirm_or_deny(question))
                .map(|key| sealed.open(&key, secret)),
            KeyKind::InternalReview => case
                .and_then(|case| case.reviewers_key(by, question))
                .map(|key| sealed.open_at_review(&key, secret)),
            KeyKind::CommissionerOrTribunal => case
                .and_then(|case| case.commissioners_key(question))
                .map(|key| sealed.open_for_commissioner(&key, secret)),
        };
        match opened {
            Some(Ok(holding)) => Ok(holding),
            Some(Err(shut)) => Err(Fault::Damaged(shut.to_string()).into()),
            // The command was checked a moment ago in this transaction, so a key is there.
            None => Err(Stopped::Conflict),
        }
    }

    /// The applicant's name and contact. The look is recorded first.
    ///
    /// # Errors
    /// The role or reason doesn't fit, nothing is known, or the store can't.
    pub async fn show_applicant(
        &self,
        case: &CaseId,
        act: Act<'_>,
        look: &ApplicantLook,
    ) -> Result<Applicant, Stopped> {
        let command = Command::ShowApplicant(look.clone());
        self.act(
            case,
            Act {
                command: &command,
                ..act
            },
        )
        .await?;
        self.applicant(case)
            .await?
            .ok_or_else(|| Stopped::NotFound(case.0.clone()))
    }

    /// The applicant's name and contact, for a mail that goes to nobody else: that is no look, and the event that the mail
    /// is about stands in the record.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn applicant(&self, case: &CaseId) -> Result<Option<Applicant>, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        let rows = self.db.rows(&queries::APPLICANT, params).await?;
        rows.first()
            .map(|row| {
                Ok(Applicant {
                    name: row.text("name")?,
                    contact: row.text("contact")?,
                    salt: row.text("salt")?,
                })
            })
            .transpose()
    }

    pub(crate) async fn events_in(
        &self,
        transaction: &mut Transaction,
        case: &CaseId,
    ) -> Result<Vec<StoredEvent>, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        transaction
            .rows(&queries::EVENTS_OF_CASE, params)
            .await?
            .iter()
            .map(event_of_row)
            .collect()
    }

    /// The events of a case, as stored.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn events(&self, case: &CaseId) -> Result<Vec<StoredEvent>, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        self.db
            .rows(&queries::EVENTS_OF_CASE, params)
            .await?
            .iter()
            .map(event_of_row)
            .collect()
    }

    /// The events of the authority after a position, at most so many.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn events_after(
        &self,
        position: u64,
        at_most: u64,
    ) -> Result<Vec<StoredEvent>, Fault> {
        let params = vec![
            self.authority.as_str().into(),
            position.into(),
            at_most.into(),
        ];
        self.db
            .rows(&queries::EVENTS_AFTER, params)
            .await?
            .iter()
            .map(event_of_row)
            .collect()
    }

    /// The cases that changed after a position by anything but events of the kinds that the asker has no interest in, and
    /// the position up to which that is the whole truth. An index on any node follows the database with this.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn changed_after(
        &self,
        position: u64,
        at_most: u64,
        but: &[&str],
    ) -> Result<(Vec<CaseId>, u64), Fault> {
        let params = vec![
            self.authority.as_str().into(),
            position.into(),
            at_most.into(),
        ];
        let mut cases = std::collections::BTreeSet::new();
        let mut up_to = position;
        for row in self.db.rows(&queries::CHANGED_AFTER, params).await? {
            up_to = up_to.max(row.number("position")?);
            if !but.contains(&row.borrowed("kind")?) {
                cases.insert(CaseId(row.text("case_id")?));
            }
        }
        Ok((cases.into_iter().collect(), up_to))
    }

    /// The case under an id.
    ///
    /// # Errors
    /// The database can't answer, or what it holds can't be read.
    pub async fn history(&self, case: &CaseId) -> Result<History, Fault> {
        let params = vec![self.authority.as_str().into(), case.0.as_str().into()];
        let rows = self.db.rows(&queries::HISTORY_OF_CASE, params).await?;
        let recorded = rows
            .iter()
            .map(|row| {
                Told {
                    seq: row.number("seq")?,
                    at: row.borrowed("at")?,
                    actor: row.borrowed("actor")?,
                    role: row.borrowed("role")?,
                    kind: row.borrowed("kind")?,
                    version: version(row)?,
                    contents: row.borrowed_or_null("contents")?,
                }
                .recorded(&case.0)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(History::of(case, &recorded))
    }

    /// The row of the case with this id or reference.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn find(&self, id_or_reference: &str) -> Result<Option<Summary>, Fault> {
        for query in [&queries::SUMMARY, &queries::SUMMARY_OF_REFERENCE] {
            let params = vec![self.authority.as_str().into(), id_or_reference.into()];
            if let Some(row) = self.db.rows(query, params).await?.first() {
                return Summary::of_row(row).map(Some);
            }
        }
        Ok(None)
    }

    /// A page of the queue: open cases by due date (or closed ones), after the row that the last page ended with.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn queue(
        &self,
        filter: &QueueFilter,
        open: bool,
        after: Option<&Cursor>,
        at_most: u64,
    ) -> Result<Vec<Summary>, Fault> {
        let (due_on, id) = after.map_or(("", ""), Cursor::key);
        let mut params: Vec<Param> = vec![
            self.authority.as_str().into(),
            u64::from(open).into(),
            due_on.into(),
            id.into(),
            at_most.into(),
        ];
        let query = match filter {
            QueueFilter::All => &queries::QUEUE,
            QueueFilter::Owner(owner) => {
                params.push(owner.as_str().into());
                &queries::QUEUE_OF_OWNER
            }
            QueueFilter::WaitingFor(whom) => {
                params.push(whom.as_str().into());
                &queries::QUEUE_WAITING
            }
            QueueFilter::OwnerWaitingFor(owner, whom) => {
                params.push(owner.as_str().into());
                params.push(whom.as_str().into());
                &queries::QUEUE_OF_OWNER_WAITING
            }
            QueueFilter::New => &queries::QUEUE_NEW,
            QueueFilter::Chosen(chosen) => {
                params.extend([
                    chosen.owner.as_str().into(),
                    chosen.waiting_for.as_str().into(),
                    chosen.state.as_str().into(),
                    chosen.area.as_str().into(),
                    chosen.category.as_str().into(),
                ]);
                &queries::QUEUE_CHOSEN
            }
        };
        let rows = self.db.rows(query, params).await?;
        rows.iter().map(Summary::of_row).collect()
    }

    /// A page of the cases on which nothing is owed any more, those received last first, after the row that the last page
    /// ended with ([`Summary::cursor_by_receipt`]). Who they wait for doesn't choose here. `unpublished` leaves those that
    /// were answered and aren't in the log.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn ended(
        &self,
        chosen: &Chosen,
        unpublished: bool,
        after: Option<&Cursor>,
        at_most: u64,
    ) -> Result<Vec<Summary>, Fault> {
        let (received_on, id) = after.map_or(("9999-12-31", ""), Cursor::key);
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            received_on.into(),
            id.into(),
            at_most.into(),
            chosen.owner.as_str().into(),
            chosen.state.as_str().into(),
            chosen.area.as_str().into(),
            chosen.category.as_str().into(),
            if unpublished { "yes" } else { "" }.into(),
        ];
        let rows = self.db.rows(&queries::QUEUE_ENDED, params).await?;
        rows.iter().map(Summary::of_row).collect()
    }

    /// Cases of an officer whose letter came back from an approver, by due date.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn sent_back_to(&self, owner: &str, at_most: u64) -> Result<Vec<Summary>, Fault> {
        let params = vec![self.authority.as_str().into(), owner.into(), at_most.into()];
        let rows = self.db.rows(&queries::QUEUE_SENT_BACK, params).await?;
        rows.iter().map(Summary::of_row).collect()
    }

    /// Open cases on which something of a kind happened, by due date.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn open_with_event(&self, kind: &str, at_most: u64) -> Result<Vec<Summary>, Fault> {
        let params = vec![self.authority.as_str().into(), kind.into(), at_most.into()];
        let rows = self.db.rows(&queries::QUEUE_WITH_EVENT, params).await?;
        rows.iter().map(Summary::of_row).collect()
    }

    /// How many open cases are due before a day.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn count_due_before(&self, day: jiff::civil::Date) -> Result<u64, Fault> {
        let params = vec![self.authority.as_str().into(), day.to_string().into()];
        match self.db.rows(&queries::COUNT_DUE, params).await?.first() {
            Some(row) => row.number("cases"),
            None => Ok(0),
        }
    }

    /// How many open cases that are chosen are due from a day, or ever, until before another; no more than `at_most` are
    /// counted, so that a page that shows it costs the same however many there are.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn count_due_between(
        &self,
        chosen: &Chosen,
        from: Option<jiff::civil::Date>,
        before: jiff::civil::Date,
        at_most: u64,
    ) -> Result<u64, Fault> {
        let from = from.map_or_else(String::new, |day| day.to_string());
        let params = vec![
            self.authority.as_str().into(),
            from.into(),
            before.to_string().into(),
            at_most.into(),
            chosen.owner.as_str().into(),
            chosen.waiting_for.as_str().into(),
            chosen.state.as_str().into(),
            chosen.area.as_str().into(),
            chosen.category.as_str().into(),
        ];
        let rows = self.db.rows(&queries::COUNT_DUE_BETWEEN, params).await?;
        rows.first().map_or(Ok(0), |row| row.number("cases"))
    }

    /// How many of the cases received between two days, both included, went alike: by month, for statistics.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn received_alike(
        &self,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
    ) -> Result<Vec<Alike>, Fault> {
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            first.to_string().into(),
            last.to_string().into(),
        ];
        let rows = self.db.rows(&queries::RECEIVED_ALIKE, params).await?;
        rows.iter().map(Alike::of_row).collect()
    }

    /// A page of the cases received between two days, both included.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn received_between(
        &self,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
        after: Option<&Cursor>,
        at_most: u64,
    ) -> Result<Vec<Summary>, Fault> {
        let (received_on, id) = after.map_or(("", ""), Cursor::key);
        let params: Vec<Param> = vec![
            self.authority.as_str().into(),
            first.to_string().into(),
            last.to_string().into(),
            received_on.into(),
            id.into(),
            at_most.into(),
        ];
        let rows = self.db.rows(&queries::RECEIVED_BETWEEN, params).await?;
        rows.iter().map(Summary::of_row).collect()
    }

    /// Makes the lists and the plan of routine work anew from the events; answers how many cases there are.
    ///
    /// # Errors
    /// The database can't be written, or what it holds can't be read.
    pub async fn rebuild(&self, setting: &Setting<'_>) -> Result<u64, Fault> {
        let mut transaction = self.db.begin().await?;
        // Nobody adds an event meanwhile.
        self.raise(&mut transaction, "position", 0).await?;
        let count = self.rebuild_in(&mut transaction, setting).await?;
        transaction.commit().await?;
        Ok(count)
    }

    pub(crate) async fn rebuild_in(
        &self,
        transaction: &mut Transaction,
        setting: &Setting<'_>,
    ) -> Result<u64, Fault> {
        let authority = || -> Vec<Param> { vec![self.authority.as_str().into()] };
        transaction
            .run(&queries::SUMMARY_CLEAR, authority())
            .await?;
        transaction.run(&queries::JOB_CLEAR, authority()).await?;
        let mut count = 0_u64;
        let mut after = String::new();
        loop {
            let mut params = authority();
            params.extend([after.as_str().into(), 500_u64.into()]);
            let rows = transaction.rows(&queries::CASES_AFTER, params).await?;
            if rows.is_empty() {
                return Ok(count);
            }
            for row in rows {
                let case = CaseId(row.text("case_id")?);
                let events = self.events_in(transaction, &case).await?;
                let history = fold(&case, &events)?;
                self.project(transaction, &case, None, &history, setting)
                    .await?;
                count = count.saturating_add(1);
                after = case.0;
            }
        }
    }
}

/// The hashes of everything that came or went with a case.
fn attachments_of(case: &Case) -> Vec<String> {
    case.came_with()
        .chain(case.draft.iter().flat_map(|draft| &draft.files))
        .chain(case.issued.iter().flat_map(|issue| &issue.files))
        .chain(
            case.reviews_decided
                .iter()
                .flat_map(|decided| &decided.files),
        )
        .chain(
            case.questions
                .iter()
                .filter_map(|state| state.decision.as_ref())
                .flat_map(|made| &made.files)
                .map(|released| &released.file),
        )
        .chain(
            case.questions
                .iter()
                .flat_map(|state| &state.sent_files)
                .map(|(_, sent)| &sent.file),
        )
        .map(|attachment| attachment.sha256.clone())
        .collect()
}

fn taken_in(case: CaseId, history: &History, before: bool) -> TakenIn {
    TakenIn {
        case,
        reference: history
            .case()
            .map(|case| case.receipt.reference.clone())
            .unwrap_or_default(),
        seq: history.seq(),
        before,
    }
}

/// The history that stored events add up to.
pub(crate) fn fold(case: &CaseId, events: &[StoredEvent]) -> Result<History, Fault> {
    let recorded = events
        .iter()
        .map(StoredEvent::recorded)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(History::of(case, &recorded))
}

/// An instant as stored: UTC to the millisecond, so that text order is time order.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A clash of keys means that somebody else was there first.
fn conflict(fault: Fault) -> Stopped {
    match fault {
        Fault::Clash(_) | Fault::Busy(_) => Stopped::Conflict,
        other => Stopped::Fault(other),
    }
}

/// A clash in the lists means that the reference is another case's.
fn reference_exists(fault: Fault) -> Stopped {
    match fault {
        Fault::Clash(_) => Stopped::Refused(vec![Problem::at(
            0..0,
            "receipt.reference_exists",
            "another case has this reference; give a new one",
        )]),
        other => conflict(other),
    }
}

pub(crate) fn event_params(authority: &str, event: &StoredEvent) -> Vec<Param> {
    vec![
        authority.into(),
        event.case_id.as_str().into(),
        event.seq.into(),
        event.position.into(),
        event.at.as_str().into(),
        event.actor.as_str().into(),
        event.role.as_str().into(),
        event.kind.as_str().into(),
        u64::from(event.version).into(),
        Param::Bytes(event.salt.clone()),
        event.contents.clone().into(),
        event.contents_hash.as_slice().into(),
        event.before.as_slice().into(),
        event.hash.as_slice().into(),
    ]
}

pub(crate) fn event_of_row(row: &Row) -> Result<StoredEvent, Fault> {
    let hash = |column: &str| -> Result<Hash, Fault> {
        row.bytes(column)?
            .try_into()
            .map_err(|_| Fault::Damaged(format!("{column} is no SHA-256")))
    };
    Ok(StoredEvent {
        case_id: row.text("case_id")?,
        seq: row.number("seq")?,
        position: row.number("position")?,
        at: row.text("at")?,
        actor: row.text("actor")?,
        role: row.text("role")?,
        kind: row.text("kind")?,
        version: version(row)?,
        salt: row.bytes_or_null("salt")?,
        contents: row.text_or_null("contents")?,
        contents_hash: hash("contents_hash")?,
        before: hash("before")?,
        hash: hash("hash")?,
    })
}

fn version(row: &Row) -> Result<u32, Fault> {
    u32::try_from(row.number("version")?)
        .map_err(|_| Fault::Damaged("a version is too great".to_owned()))
}
