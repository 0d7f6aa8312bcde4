//! The office itself.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use casework::applicant::{Applicant, hex};
use casework::case::{Case, History};
use casework::command::{Command, CommandKind};
use casework::event::{
    Addition, AdditionDealing, AdditionOutcome, ApplicantLook, Attachment, CaseId, Channel, Draft,
    Issue, Opening, QuestionDecision, Questions, Receipt, ReleasedFile, ReviewDecision, Search,
    TaskReturn,
};
use casework::holding::Holding;
use casework::notice::Severity;
use casework::role::Actor;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use law::Problem;
use search::Searcher;
use sha2::{Digest, Sha256};
use store::attachments::{Attachments, Bucket};
use store::changes::Change;
use store::locked::BackupKey;
use store::{
    Act, Cursor, Db, Done, Entropy, Intake, Numbering, Opened, Place, QueueFilter, Stopped, Store,
    Summary, TakenIn,
};

use crate::bundle::Bundle;
use crate::data::Data;
use crate::fault::Stop;
use crate::intake::Request;
use crate::letter::{self, Letter, LetterFinding};
use crate::reading;
use crate::secrets;
use crate::unnamed;

/// The instant, whenever it is called.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where an office is and what it works with.
pub struct Setup {
    /// The folder that holds the SQLite database, the attachments, the index and the secrets; made when needed.
    pub state: PathBuf,
    /// Another database, `postgres://…`; the one in the folder when `None`.
    pub database: Option<String>,
    /// A bucket that holds the attachments, for many nodes; the folder when `None`.
    pub attachments: Option<Bucket>,
    /// Whether nobody wants the folder after the program has ended, as in a demonstration: no disk is waited for.
    pub passes: bool,
    /// Law, policy, triage phrases and wording.
    pub data: Data,
    /// The clock.
    pub clock: Clock,
    /// Randomness for ids, salts, nonces and tokens; the system's when `None`.
    pub entropy: Option<Entropy>,
}

/// An authority's office.
pub struct Office {
    pub(crate) store: Store,
    pub(crate) bundle: Bundle,
    pub(crate) clock: Clock,
    pub(crate) searcher: Searcher,
    pub(crate) record: tokio::sync::RwLock<crate::record::Record>,
    pub(crate) record_following: tokio::sync::Mutex<()>,
    pub(crate) shelf: crate::register::Shelf,
    pub(crate) data: Data,
    pub(crate) words: crate::wording::Words,
    pub(crate) words_changing: tokio::sync::Mutex<()>,
    following: tokio::sync::Mutex<()>,
    pub(crate) topic_counts: std::sync::Mutex<Option<crate::log::TopicCounts>>,
    london: TimeZone,
    state: PathBuf,
}

/// Reading or searching failed; nothing was to be changed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The store can't.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// The index can't.
    #[error(transparent)]
    Search(#[from] search::Fault),
}

/// Who asks, as far as the message tells.
#[derive(Clone, Copy, Debug)]
pub struct NewApplicant<'a> {
    /// The name given.
    pub name: &'a str,
    /// The address for correspondence: e-mail or post.
    pub contact: &'a str,
}

/// A request as it arrives.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// How it came.
    pub channel: Channel,
    /// Its subject line.
    pub subject: &'a str,
    /// What the applicant wrote.
    pub text: &'a str,
    /// Who asks; `None` when the message doesn't tell.
    pub applicant: Option<NewApplicant<'a>>,
    /// The instant of arrival; its day in Europe/London is day zero, FOIA s.10(6).
    pub received_at: Timestamp,
    /// Names the message or form, so that sending it twice makes one case.
    pub once: Option<&'a str>,
    /// A reference that it has already, from an earlier system; otherwise the next of the year is given.
    pub reference: Option<&'a str>,
    /// What came with it: name and contents.
    pub attachments: &'a [(String, Vec<u8>)],
}

/// A case that a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its row.
    pub summary: Summary,
    /// How well it fits; only for comparing with the others.
    pub score: f32,
}

/// A request like another.
#[derive(Clone, Debug)]
pub struct Similar {
    /// Its row.
    pub summary: Summary,
    /// Whether it is nearly the same request.
    pub near_duplicate: bool,
    /// Questions that match, in the order asked.
    pub questions: Vec<SimilarQuestion>,
}

/// Two questions that match.
#[derive(Clone, Debug)]
pub struct SimilarQuestion {
    /// The question asked about.
    pub asked: String,
    /// The one found.
    pub found: String,
    /// How much they share, 0 to 1.
    pub shared: f32,
    /// The number of the question asked about, from 1.
    pub number: usize,
    /// What was answered to the one found, if it was given or pointed to.
    pub earlier: Option<crate::offers::Earlier>,
}

impl Office {
    /// Opens the office: reads the data, makes folder and secrets on first use, brings the schema up to date.
    ///
    /// # Errors
    /// The data is faulty, the folder can't be written, or the database can't be reached.
    pub async fn open(setup: Setup) -> Result<Self, Stop> {
        let bundle = Bundle::read(&setup.data)?;
        let state = setup.state;
        make_private(&state)?;
        let secrets = secrets::open(&state, setup.entropy)?;
        let db = match &setup.database {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Db::postgres(url).await
            }
            Some(url) => {
                return Err(Stop::input(format!(
                    "database.unknown: `{url}` is no address of a database; write postgres://user@host/name, or leave it out"
                )));
            }
            None => {
                let file = state.join("candour.sqlite");
                own_file(&file)?;
                if setup.passes {
                    Db::passing_sqlite(&file).await
                } else {
                    Db::sqlite(&file).await
                }
            }
        }
        .map_err(fault)?;
        let personal_data = Arc::clone(&bundle.personal_data);
        let store = Store::open(Place {
            db,
            authority: bundle.authority.id.clone(),
            attachments: match setup.attachments {
                Some(bucket) => Attachments::in_bucket(bucket),
                None if setup.passes => Attachments::passing(state.join("attachments")),
                None => Attachments::new(state.join("attachments")),
            },
            secrets,
            retention: bundle.authority.retention.clone(),
            published_words: Box::new(move |text| personal_data.cleaned(text, &[])),
            topics: {
                let topics = Arc::clone(&bundle.topics);
                Box::new(move |text| topics.of(text).join(" "))
            },
        })
        .await
        .map_err(fault)?;
        store
            .follow_topics(&bundle.topics_identity)
            .await
            .map_err(fault)?;
        let own = store.secrets().signing.public();
        let newest = store.newest_checkpoint().await.map_err(fault)?;
        if let Some(other) = newest.filter(|checkpoint| checkpoint.key_id != own.id()) {
            return Err(Stop::input(format!(
                "secrets.other: the records in this database were signed with key {} and {} holds key {}; copy the \
                 secrets of the first node here",
                other.key_id,
                state.join(secrets::FILE).display(),
                own.id()
            )));
        }
        let searcher = search::open(&state.join("index"))
            .map_err(|error| Stop::input(format!("search.unusable: {error}")))?;
        let record = crate::record::Record::read(&bundle, &state)?;
        let shelf = crate::register::Shelf::open(&state, setup.data.register_thesaurus()?)?;
        let (sentences, name) = setup.data.text("wording/en/reply.toml")?;
        let words = crate::wording::Words::read(&sentences, &name, bundle.basis.wording.clone())?;
        let london = TimeZone::get("Europe/London")
            .map_err(|error| Stop::input(format!("clock.no_time_zone: {error}")))?;
        Ok(Self {
            store,
            bundle,
            clock: setup.clock,
            searcher,
            record: tokio::sync::RwLock::new(record),
            record_following: tokio::sync::Mutex::new(()),
            shelf,
            data: setup.data,
            words,
            words_changing: tokio::sync::Mutex::new(()),
            following: tokio::sync::Mutex::new(()),
            topic_counts: std::sync::Mutex::new(None),
            london,
            state,
        })
    }

    /// Closes the database; what was acknowledged lasts with or without it.
    pub async fn close(&self) {
        self.store.db().close().await;
    }

    /// The data it works with.
    #[must_use]
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The store below: exports, backups, verification and pages of statistics.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The folder that it keeps its state in.
    #[must_use]
    pub fn state(&self) -> &std::path::Path {
        &self.state
    }

    /// The instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// An entry of the history of administration, of now: who changes what sort of thing, which one, and what about it. It
    /// must hold no password, key or secret.
    #[must_use]
    pub fn change(&self, by: &str, kind: &str, about: &str, details: &str) -> Change {
        Change {
            number: 0,
            at: self.now(),
            by: by.to_owned(),
            kind: kind.to_owned(),
            about: about.to_owned(),
            details: details.to_owned(),
        }
    }

    /// Europe/London, where the authority keeps its calendar.
    #[must_use]
    pub fn london(&self) -> &TimeZone {
        &self.london
    }

    /// Today in Europe/London.
    #[must_use]
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day of an instant in Europe/London.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.london.to_datetime(at).date()
    }

    /// An instant of a day, for what is known to have come on it: now, where it is today.
    #[must_use]
    pub fn on_day(&self, day: Date) -> Timestamp {
        let now = self.now();
        if day == self.day_of(now) {
            return now;
        }
        // Noon is the same day in London, summer and winter.
        TimeZone::UTC
            .to_timestamp(day.at(12, 0, 0, 0))
            .unwrap_or(now)
    }

    /// Keeps files, each a name and its contents.
    async fn keep_files(&self, files: &[(String, Vec<u8>)]) -> Result<Vec<Attachment>, Stopped> {
        let mut kept = Vec::new();
        for (name, contents) in files {
            kept.push(self.store.attachments().put(name, contents).await?);
        }
        Ok(kept)
    }

    /// Keeps files that are to be given with an answer, each with what it holds unseen.
    ///
    /// # Errors
    /// They can't be written.
    pub async fn keep_released(
        &self,
        files: &[(String, Vec<u8>)],
    ) -> Result<Vec<ReleasedFile>, Stopped> {
        let kept = self.keep_files(files).await?;
        let kept = kept.into_iter().zip(files);
        Ok(kept
            .map(|(file, (name, contents))| ReleasedFile {
                file,
                hides: crate::release::hides(name, contents),
            })
            .collect())
    }

    /// Takes in a request: the receipt and what triage proposes become a case in one transaction. On return it lasts.
    ///
    /// # Errors
    /// The request is empty or from the future, or the store can't.
    pub async fn take_in(&self, by: &Actor, message: &Message<'_>) -> Result<TakenIn, Stopped> {
        let at = self.now();
        let random = (self.store.secrets().entropy)();
        let (for_id, for_salt) = random.split_at(16);
        let applicant = message.applicant.map(|new| Applicant {
            name: new.name.to_owned(),
            contact: new.contact.to_owned(),
            salt: hex(for_salt),
        });
        let attachments = self.keep_files(message.attachments).await?;
        let received_on = self.day_of(message.received_at);
        let receive = Command::Receive(Receipt {
            reference: message.reference.unwrap_or_default().to_owned(),
            received_on,
            channel: message.channel,
            subject: applicant.as_ref().map_or_else(
                || message.subject.to_owned(),
                |applicant| {
                    unnamed::subject(&self.bundle.personal_data, message.subject, applicant)
                },
            ),
            text: message.text.to_owned(),
            attachments,
            applicant: applicant.as_ref().map(Applicant::commitment),
        });
        let propose = Command::ProposeQuestions(Questions {
            questions: reading::recorded(&self.bundle, message.subject, message.text),
            basis: self.bundle.basis.clone(),
        });
        let setting = self.bundle.setting(self.day_of(at));
        let candour = Actor::candour();
        let act = |by, command| Act {
            by,
            command,
            setting: &setting,
            at,
            seen: None,
            found: None,
        };
        let numbering = Numbering {
            series: received_on.year().to_string(),
            prefix: format!(
                "{}-{}-",
                self.bundle.authority.reference_prefix,
                received_on.year()
            ),
        };
        self.store
            .receive(Intake {
                case: CaseId(new_id(at, for_id)),
                applicant: applicant.as_ref(),
                once: message.once,
                numbering: Some(&numbering),
                acts: &[act(by, &receive), act(&candour, &propose)],
            })
            .await
    }

    /// Takes in a request that was read from a file; the same file read twice makes one case.
    ///
    /// # Errors
    /// As [`Office::take_in`].
    pub async fn take_in_file(
        &self,
        by: &Actor,
        channel: Channel,
        request: &Request,
    ) -> Result<TakenIn, Stopped> {
        let received_at = request
            .received_at
            .or_else(|| request.received_on.map(|day| self.on_day(day)))
            .unwrap_or_else(|| self.now());
        let subject = request.subject.as_deref().unwrap_or_default();
        let once = request.message_id.as_ref().map_or_else(
            || {
                let day = request.received_on.map(|day| day.to_string());
                let parts = [
                    request.id.as_str(),
                    subject,
                    &request.body,
                    &day.unwrap_or_default(),
                ];
                format!("sha256:{}", hex(&Sha256::digest(parts.join("\0"))))
            },
            |id| format!("mail:{id}"),
        );
        let message = Message {
            channel,
            subject,
            text: &request.body,
            applicant: request.sender.as_ref().map(|sender| NewApplicant {
                name: &sender.name,
                contact: &sender.contact,
            }),
            received_at,
            once: Some(&once),
            reference: None,
            attachments: &request.attachments,
        };
        self.take_in(by, &message).await
    }

    /// The command of `{"command": "decide", "with": {…}}`. What it is decided under is filled in where it belongs and
    /// isn't given.
    ///
    /// # Errors
    /// It is no command; the message names what is wrong.
    pub fn command(&self, mut json: serde_json::Value) -> Result<Command, Problem> {
        let kind = json
            .get("command")
            .and_then(|kind| kind.as_str())
            .unwrap_or_default()
            .to_owned();
        let decides = [
            "confirm_questions",
            "decide_confirm_or_deny",
            "decide",
            "decide_review",
        ];
        if decides.contains(&kind.as_str())
            && let Some(with) = json.get_mut("with").and_then(|with| with.as_object_mut())
            && !with.contains_key("basis")
            && let Ok(basis) = serde_json::to_value(&self.bundle.basis)
        {
            with.insert("basis".to_owned(), basis);
        }
        serde_json::from_value(json).map_err(|error| {
            let known: Vec<&str> = CommandKind::ALL
                .iter()
                .map(|kind| kind.spelling())
                .collect();
            let hint = if known.contains(&kind.as_str()) {
                String::new()
            } else {
                format!("; commands are {}", known.join(", "))
            };
            Problem::new("command.malformed", format!("{error}{hint}"))
        })
    }

    /// Puts the records of a backup in place of what is here, and makes lists and index anew.
    ///
    /// # Errors
    /// Something is here already and `force` isn't given, the backup isn't whole, or the store can't.
    pub async fn restore(
        &self,
        backup: &std::path::Path,
        key: Option<&BackupKey>,
        force: bool,
    ) -> Result<store::backup::Carried, store::backup::NotRestored> {
        let today = self.today();
        let setting = self.bundle.setting(today);
        let carried = self.store.restore(backup, key, force, &setting).await?;
        self.forget_index()
            .await
            .map_err(|error| store::Fault::Damaged(error.to_string()))?;
        self.record.write().await.forget_replies();
        Ok(carried)
    }

    /// Empties this node's index; it is filled again when it follows.
    async fn forget_index(&self) -> Result<(), search::Fault> {
        let _alone = self.following.lock().await;
        let mut follower = self.searcher.follower()?;
        follower.clear()?;
        follower.commit(0)?;
        self.searcher.reload()
    }

    /// Does something to a case. On return it lasts. `seen` is the number of the last event that whoever acts had seen.
    ///
    /// What needs more than a command has a method of its own and is refused here: taking in, searches, letters, issue,
    /// and looks at what is sealed or at names.
    ///
    /// # Errors
    /// There is no such case, somebody else changed it since `seen`, the command is refused, or the store can't.
    pub async fn act(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        command: &Command,
    ) -> Result<Done, Stopped> {
        self.act_all(case, seen, &[(by.clone(), command.clone())])
            .await
    }

    /// Does several things to a case, one after the other: all of them or none, as one press of a button means it.
    ///
    /// # Errors
    /// As [`Office::act`], for any of them.
    pub async fn act_all(
        &self,
        case: &CaseId,
        seen: Option<u64>,
        acts: &[(Actor, Command)],
    ) -> Result<Done, Stopped> {
        let mut prepared = Vec::new();
        for (by, command) in acts {
            prepared.push((by, self.prepared(case, command).await?, None));
        }
        self.do_acts(case, seen, &prepared).await
    }

    /// A command with what the office adds to it, or what stands in its way before the case is asked.
    async fn prepared(&self, case: &CaseId, command: &Command) -> Result<Command, Stopped> {
        match command.kind() {
            CommandKind::Receive
            | CommandKind::ProposeQuestions
            | CommandKind::FinishSearch
            | CommandKind::OpenHolding
            | CommandKind::ComposeDraft
            | CommandKind::Issue
            | CommandKind::ShowApplicant => Err(Stopped::Refused(vec![Problem::new(
                "office.not_by_command",
                format!(
                    "`{}` isn't done by a bare command; it has a way of its own",
                    command.kind().name()
                ),
            )])),
            CommandKind::PlanPublication | CommandKind::Publish => {
                let standing = self.known(case).await?;
                self.can_be_published(&standing, command)
                    .map_err(Stopped::Refused)?;
                self.may_give_away(&standing, command).await?;
                Ok(command.clone())
            }
            CommandKind::DecideConfirmOrDeny | CommandKind::Decide => {
                let standing = self.known(case).await?;
                let mut command = self
                    .with_what_is_public(&standing, command, self.today())
                    .await?;
                if let Command::DecideConfirmOrDeny(consideration) = &mut command {
                    self.with_advice(&standing, consideration).await?;
                }
                self.under_wording(command).await
            }
            CommandKind::DecideReview => self.with_its_letter(case, command).await,
            CommandKind::SeekClarification
            | CommandKind::Extend
            | CommandKind::TestPublicInterest => {
                let standing = self.known(case).await?;
                let problems = self.gives_away(&standing, command);
                if !problems.is_empty() {
                    return Err(Stopped::Refused(problems));
                }
                self.under_wording(command.clone()).await
            }
            CommandKind::ConfirmQuestions => self.under_wording(command.clone()).await,
            _ => Ok(command.clone()),
        }
    }

    /// The letter that a review's decision would make, with everything that is wrong with it. Changes nothing.
    ///
    /// # Errors
    /// No review is under way, there is no such case, or the store can't.
    pub async fn review_letter(
        &self,
        case: &CaseId,
        decision: &ReviewDecision,
    ) -> Result<Letter, Stopped> {
        self.letter_about(&*self.known(case).await?, decision).await
    }

    async fn letter_about(
        &self,
        case: &Case,
        decision: &ReviewDecision,
    ) -> Result<Letter, Stopped> {
        let words = self.wording().await?;
        let head = self.letterhead().await?;
        let mut letter = letter::of_review(&self.bundle, &words.wording, head, case, decision)
            .map_err(Stopped::Refused)?;
        let command = Command::DecideReview(decision.clone());
        let gives_away = self.gives_away(case, &command).into_iter();
        letter.findings.splice(
            0..0,
            gives_away.map(|problem| LetterFinding {
                code: problem.code.to_owned(),
                severity: Severity::Error,
                message: problem.message,
            }),
        );
        Ok(letter)
    }

    /// A decision as its letter words it, before it is made; `None` where there is no such question.
    ///
    /// # Errors
    /// The wording can't be read.
    pub async fn decision_in_letter(
        &self,
        case: &Case,
        made: &QuestionDecision,
    ) -> Result<Option<String>, Stopped> {
        let Some(mut state) = case.question(&made.question).cloned() else {
            return Ok(None);
        };
        state.decision = Some(made.clone());
        let words = self.wording().await?;
        let decided = letter::question(&self.bundle, &words.wording, &state);
        Ok(decided.map(|decided| {
            let statute = &self.bundle.statute;
            letters::render::text(&letters::compose_decision(
                &decided,
                statute,
                &words.wording,
            ))
        }))
    }

    /// A review's decision with its letter: checked, and kept in its four forms.
    async fn with_its_letter(&self, case: &CaseId, command: &Command) -> Result<Command, Stopped> {
        let mut command = self.under_wording(command.clone()).await?;
        let standing = self.known(case).await?;
        if let Command::DecideReview(decision) = &mut command
            && standing.state == casework::procedure::State::UnderReview
        {
            decision.files = Vec::new();
            let letter = self.letter_about(&standing, decision).await?;
            let problems: Vec<Problem> = letter
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| Problem::new("review.letter_fails", finding.message.clone()))
                .collect();
            if !problems.is_empty() {
                return Err(Stopped::Refused(problems));
            }
            decision.files = self.keep(&letter, letter::of_review_named).await?;
        }
        Ok(command)
    }

    async fn do_act(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        command: &Command,
        found: Option<&Holding>,
    ) -> Result<Done, Stopped> {
        self.do_acts(case, seen, &[(by, command.clone(), found)])
            .await
    }

    async fn do_acts(
        &self,
        case: &CaseId,
        seen: Option<u64>,
        acts: &[(&Actor, Command, Option<&Holding>)],
    ) -> Result<Done, Stopped> {
        let at = self.now();
        let setting = self.bundle.setting(self.day_of(at));
        let acts: Vec<Act<'_>> = acts
            .iter()
            .map(|(by, command, found)| Act {
                by,
                command,
                setting: &setting,
                at,
                seen,
                found: *found,
            })
            .collect();
        self.store.act_all(case, &acts).await
    }

    /// Records what a service area answers to its task, all of it or nothing: searches that finished, whose findings go under
    /// seal, and questions that it gives back.
    ///
    /// # Errors
    /// As [`Office::act`].
    pub async fn answer_task(
        &self,
        by: &Actor,
        case: &CaseId,
        searches: &[(Search, Holding)],
        returned: &[TaskReturn],
    ) -> Result<Done, Stopped> {
        let mut acts: Vec<(&Actor, Command, Option<&Holding>)> = searches
            .iter()
            .map(|(search, found)| (by, Command::FinishSearch(search.clone()), Some(found)))
            .collect();
        acts.extend(
            returned
                .iter()
                .map(|back| (by, Command::ReturnTask(back.clone()), None)),
        );
        self.do_acts(case, None, &acts).await
    }

    /// Takes what somebody adds to their request without being asked; its files are kept first.
    ///
    /// # Errors
    /// As [`Office::act`].
    pub async fn add_to_request(
        &self,
        by: &Actor,
        case: &CaseId,
        text: &str,
        files: &[(String, Vec<u8>)],
        received_on: Date,
    ) -> Result<Done, Stopped> {
        let command = Command::AddToRequest(Addition {
            text: text.to_owned(),
            received_on,
            attachments: self.keep_files(files).await?,
            asks: reading::asks(&self.bundle, text),
        });
        self.do_act(by, case, None, &command, None).await
    }

    /// Takes something that was added to a request in as a request of its own, of the day on which it came, FOIA s.8(1) and
    /// s.10(1), by the same person and with its files; and records that on the case it was added to. Doing it twice makes
    /// one case.
    ///
    /// # Errors
    /// There is no such addition or somebody dealt with it, somebody else changed the case since `seen`, or as
    /// [`Office::take_in`].
    pub async fn take_in_addition(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        number: usize,
    ) -> Result<TakenIn, Stopped> {
        let standing = self.known(case).await?;
        if seen.is_some_and(|seen| seen != standing.seq) {
            return Err(Stopped::Conflict);
        }
        let addition = standing
            .open_additions()
            .find_map(|(at, addition)| (at == number).then_some(addition))
            .ok_or_else(|| {
                Stopped::Refused(vec![Problem::new(
                    "dealing.unknown",
                    format!("nothing waits to be read under number {number}"),
                )])
            })?;
        let mut files = Vec::new();
        for attachment in &addition.attachments {
            let contents = self.store.attachments().get(&attachment.sha256).await?;
            files.push((attachment.name.clone(), contents));
        }
        let applicant = self.store.applicant(case).await?;
        let taken = self
            .take_in(
                by,
                &Message {
                    channel: standing.receipt.channel,
                    subject: &standing.receipt.subject,
                    text: &addition.text,
                    applicant: applicant.as_ref().map(|applicant| NewApplicant {
                        name: &applicant.name,
                        contact: &applicant.contact,
                    }),
                    received_at: self.on_day(addition.received_on),
                    once: Some(&format!("addition:{}:{number}", case.0)),
                    reference: None,
                    attachments: &files,
                },
            )
            .await?;
        let command = Command::DealWithAddition(AdditionDealing {
            addition: number,
            outcome: AdditionOutcome::NewRequest(taken.reference.clone()),
        });
        self.do_act(by, case, seen, &command, None).await?;
        Ok(taken)
    }

    /// Records that a search finished; what it found goes under seal.
    ///
    /// # Errors
    /// As [`Office::act`].
    pub async fn finish_search(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        search: &Search,
        found: &Holding,
    ) -> Result<Done, Stopped> {
        let command = Command::FinishSearch(search.clone());
        self.do_act(by, case, seen, &command, Some(found)).await
    }

    /// Opens what was sealed about a question; the opening is recorded first.
    ///
    /// # Errors
    /// No key of this kind opens it now, or as [`Office::act`].
    pub async fn open_holding(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        opening: &Opening,
    ) -> Result<Vec<Opened>, Stopped> {
        let at = self.now();
        let setting = self.bundle.setting(self.day_of(at));
        let command = Command::OpenHolding(opening.clone());
        let act = Act {
            by,
            command: &command,
            setting: &setting,
            at,
            seen,
            found: None,
        };
        self.store.open_holding(case, act, opening).await
    }

    /// The applicant's name and contact; the look is recorded first.
    ///
    /// # Errors
    /// Role or reason doesn't fit, nothing is known, or as [`Office::act`].
    pub async fn show_applicant(
        &self,
        by: &Actor,
        case: &CaseId,
        look: &ApplicantLook,
    ) -> Result<Applicant, Stopped> {
        let at = self.now();
        let setting = self.bundle.setting(self.day_of(at));
        let command = Command::ShowApplicant(look.clone());
        let act = Act {
            by,
            command: &command,
            setting: &setting,
            at,
            seen: None,
            found: None,
        };
        self.store.show_applicant(case, act, look).await
    }

    /// The case under an id or reference; `None` when there is none or its contents were destroyed.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn case(&self, id_or_reference: &str) -> Result<Option<Box<Case>>, store::Fault> {
        let history = self
            .store
            .history(&CaseId(id_or_reference.to_owned()))
            .await?;
        let history = match history {
            History::Nothing => match self.store.find(id_or_reference).await? {
                Some(row) => self.store.history(&CaseId(row.case_id)).await?,
                None => History::Nothing,
            },
            there => there,
        };
        Ok(match history {
            History::Case(case) => Some(case),
            History::Nothing | History::Destroyed { .. } => None,
        })
    }

    /// What happened on a case, each event with its hash; empty when there is no such case.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn history(
        &self,
        case: &CaseId,
    ) -> Result<Vec<store::chain::StoredEvent>, store::Fault> {
        self.store.events(case).await
    }

    /// A page of the queue: open cases by due date, or closed ones.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn queue(
        &self,
        filter: &QueueFilter,
        open: bool,
        after: Option<&Cursor>,
        at_most: u64,
    ) -> Result<Vec<Summary>, store::Fault> {
        self.store.queue(filter, open, after, at_most).await
    }

    pub(crate) async fn known(&self, case: &CaseId) -> Result<Box<Case>, Stopped> {
        match self.store.history(case).await? {
            History::Case(case) => Ok(case),
            History::Nothing | History::Destroyed { .. } => Err(Stopped::NotFound(case.0.clone())),
        }
    }

    /// The letter as it would go today, with everything that is wrong with it. Changes nothing.
    ///
    /// # Errors
    /// Nothing is decided yet, there is no such case, or the store can't.
    pub async fn letter(&self, case: &CaseId) -> Result<Letter, Stopped> {
        self.letter_today(case).await?.map_err(Stopped::Refused)
    }

    /// The same, and what stands in the way where there is no letter yet.
    ///
    /// # Errors
    /// There is no such case, or the store can't.
    pub async fn letter_today(
        &self,
        case: &CaseId,
    ) -> Result<Result<Letter, Vec<Problem>>, Stopped> {
        let case = self.known(case).await?;
        self.composed(&case).await
    }

    async fn composed(&self, case: &Case) -> Result<Result<Letter, Vec<Problem>>, Stopped> {
        let words = self.wording().await?;
        Ok(letter::of_case(
            &self.bundle,
            &words.wording,
            self.letterhead().await?,
            case,
            self.today(),
        ))
    }

    /// Records the letter as it stands: its forms are kept, with what the check says of it. `kept` gives, by code, the
    /// reason for each warning that stays.
    ///
    /// # Errors
    /// As [`Office::letter`] and [`Office::act`].
    pub async fn compose_draft(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
        kept: &BTreeMap<String, String>,
    ) -> Result<(Done, Letter), Stopped> {
        let letter = self.letter(case).await?;
        let files = self.keep(&letter, str::to_owned).await?;
        let command = Command::ComposeDraft(Draft {
            letter_sha256: letter.identity.clone(),
            files,
            errors: letter.errors(),
            warnings: letter.warnings(kept),
        });
        let done = self.do_act(by, case, seen, &command, None).await?;
        Ok((done, letter))
    }

    /// Sends the approved letter on its way: dated today, checked once more, kept in its four forms.
    ///
    /// # Errors
    /// The decisions changed since approval, the check finds an error or a warning that nobody gave a reason for, or as
    /// [`Office::act`].
    pub async fn issue(
        &self,
        by: &Actor,
        case: &CaseId,
        seen: Option<u64>,
    ) -> Result<(Done, Letter), Stopped> {
        let known = self.known(case).await?;
        let letter = self.composed(&known).await?.map_err(Stopped::Refused)?;
        let mut problems = Vec::new();
        if known.letter_in_approval.as_deref() != Some(letter.identity.as_str()) {
            problems.push(Problem::new(
                "issue.other_letter",
                "the letter isn't the one that was approved: the data it is composed from changed; recall it, compose it \
                 again and have it approved",
            ));
        }
        for finding in &letter.findings {
            let kept = known
                .draft
                .iter()
                .flat_map(|draft| &draft.warnings)
                .any(|warning| {
                    warning.code == finding.code
                        && warning
                            .kept_because
                            .as_deref()
                            .is_some_and(|reason| !reason.trim().is_empty())
                });
            match finding.severity {
                Severity::Error => {
                    problems.push(Problem::new("issue.letter_fails", finding.message.clone()))
                }
                Severity::Warning if !kept => problems.push(Problem::new(
                    "issue.warning_open",
                    format!("{}; mend it, or say why it stays", finding.message),
                )),
                Severity::Warning | Severity::Info => {}
            }
        }
        if let Some(day) = self.leaves_on(&known).filter(|day| *day > letter.dated) {
            problems.push(Problem::new(
                "issue.before_the_day",
                format!(
                    "an answer that neither confirms nor denies leaves on {day}, the same working day for every one of \
                     them, so that the day tells nothing of a search; send it then"
                ),
            ));
        }
        if !problems.is_empty() {
            return Err(Stopped::Refused(problems));
        }
        let command = Command::Issue(Issue {
            sent_on: letter.dated,
            letter_sha256: letter.identity.clone(),
            files: {
                let mut files = self.keep(&letter, str::to_owned).await?;
                files.extend(crate::letter::given_with(&known));
                files
            },
        });
        let done = self
            .do_act(by, case, Some(seen.unwrap_or(known.seq)), &command, None)
            .await?;
        Ok((done, letter))
    }

    /// The day before which the answer to a case doesn't leave, where the authority has fixed one for answers that neither
    /// confirm nor deny. It follows from receipt and decisions, so it is the same whatever is held.
    #[must_use]
    pub fn leaves_on(&self, case: &Case) -> Option<Date> {
        let days = self.bundle.authority.neither_leaves_on?;
        let last = case
            .open_questions()
            .filter(|question| question.neither_confirmed_nor_denied())
            .map(|question| question.day_zero)
            .max()?;
        self.bundle
            .calendar
            .nth_working_day_after(last, law::WorkingDays(days))
            .ok()
    }

    async fn keep(
        &self,
        letter: &Letter,
        named: impl Fn(&str) -> String,
    ) -> Result<Vec<Attachment>, Stopped> {
        let files = letter
            .files()
            .map_err(|problem| Stopped::Refused(vec![problem]))?;
        let mut kept = Vec::with_capacity(files.len());
        for file in &files {
            kept.push(
                self.store
                    .attachments()
                    .put(&named(file.name), &file.bytes)
                    .await?,
            );
        }
        Ok(kept)
    }

    /// Brings this node's index up to date with the database; answers up to which position. When another process
    /// writes the same index, shows what that one wrote.
    ///
    /// # Errors
    /// The database can't answer, or the index can't be written.
    pub async fn follow(&self) -> Result<u64, Trouble> {
        let _alone = self.following.lock().await;
        let mut position = self.searcher.position()?;
        let mut follower = None;
        loop {
            let (cases, up_to) = self.store.changed_after(position, 5_000, &[]).await?;
            if up_to == position {
                break;
            }
            let writer = match &mut follower {
                Some(writer) => writer,
                none => match self.searcher.follower() {
                    Ok(writer) => none.insert(writer),
                    // Somebody else on this machine follows already.
                    Err(error) if error.is_busy() => break,
                    Err(error) => return Err(error.into()),
                },
            };
            for id in cases {
                match self.store.history(&id).await? {
                    // Nobody is found by their own name, nor shown with what was found.
                    History::Case(mut case) => {
                        self.unname(&mut case).await?;
                        writer.put(&search::Document::of(&case))?;
                    }
                    History::Nothing | History::Destroyed { .. } => writer.remove(&id.0),
                }
            }
            writer.commit(up_to)?;
            position = up_to;
        }
        self.searcher.reload()?;
        Ok(position)
    }

    /// Makes the lists, the plan of routine work and this node's index anew; answers how many cases there are.
    ///
    /// # Errors
    /// The database or the index can't be written.
    pub async fn rebuild(&self) -> Result<u64, Trouble> {
        let today = self.today();
        let count = self.store.rebuild(&self.bundle.setting(today)).await?;
        self.forget_index().await?;
        self.follow().await?;
        Ok(count)
    }

    /// The cases with any of these words, best first, among those that pass the filter.
    ///
    /// # Errors
    /// The index or the database can't answer.
    pub async fn search(
        &self,
        words: &str,
        filter: &search::Filter,
        at_most: usize,
    ) -> Result<Vec<Found>, Trouble> {
        let mut found = Vec::new();
        for hit in self.searcher.search(words, filter, at_most)? {
            if let Some(summary) = self.store.find(&hit.case_id).await? {
                found.push(Found {
                    summary,
                    score: hit.score,
                });
            }
        }
        Ok(found)
    }

    /// The published answers with any of these words, best first.
    ///
    /// # Errors
    /// The index or the database can't answer.
    pub async fn search_published(
        &self,
        words: &str,
        at_most: usize,
    ) -> Result<Vec<store::disclosure_log::LogEntry>, Trouble> {
        let mut found = Vec::new();
        for hit in self.searcher.search_published(words, at_most)? {
            if let Some(entry) = self.store.log_entry_of_case(&hit.case_id).await? {
                found.push(entry);
            }
        }
        Ok(found)
    }

    /// Requests like a case, best first, with the matching questions side by side.
    ///
    /// # Errors
    /// The index or the database can't answer.
    pub async fn similar(&self, case: &Case, at_most: usize) -> Result<Vec<Similar>, Trouble> {
        let asked = texts(case);
        self.similar_to(&asked, Some(&case.id), at_most).await
    }

    /// Requests like these questions, as someone writes them; whoever asked them is not named.
    ///
    /// # Errors
    /// The index or the database can't answer.
    pub async fn similar_to(
        &self,
        asked: &[String],
        itself: Option<&CaseId>,
        at_most: usize,
    ) -> Result<Vec<Similar>, Trouble> {
        let itself = itself.map(|id| id.0.as_str());
        let mut similar = Vec::new();
        for hit in self.searcher.similar(asked, itself, at_most)? {
            let id = CaseId(hit.case_id);
            let (Some(summary), history) = (
                self.store.find(&id.0).await?,
                self.store.history(&id).await?,
            ) else {
                continue;
            };
            let mut found = match history {
                History::Case(case) => Some(case),
                History::Nothing | History::Destroyed { .. } => None,
            };
            if let Some(case) = &mut found {
                self.unname(case).await?;
            }
            let theirs = found.as_deref().map(texts).unwrap_or_default();
            let questions = search::side_by_side(asked, &theirs)
                .into_iter()
                .filter_map(|pair| {
                    Some(SimilarQuestion {
                        asked: asked.get(pair.asked)?.clone(),
                        found: theirs.get(pair.found)?.clone(),
                        shared: pair.shared,
                        number: pair.asked.saturating_add(1),
                        earlier: found.as_ref().and_then(|case| {
                            self.earlier_answer(case, pair.found.saturating_add(1))
                        }),
                    })
                })
                .collect::<Vec<_>>();
            // A word in common is not a question in common.
            if questions.is_empty() && !hit.near_duplicate {
                continue;
            }
            similar.push(Similar {
                summary,
                near_duplicate: hit.near_duplicate,
                questions,
            });
        }
        Ok(similar)
    }
}

fn texts(case: &Case) -> Vec<String> {
    case.questions
        .iter()
        .map(|question| question.question.text.clone())
        .collect()
}

/// Ids sort by the instant at which they were made, so that new cases lie together in the database.
fn new_id(at: Timestamp, random: &[u8]) -> String {
    let random: Vec<u8> = random.iter().take(10).copied().collect();
    format!("{:012x}{}", at.as_millisecond().max(0), hex(&random))
}

/// A fault of the store as a command reports it.
pub(crate) fn fault(fault: store::Fault) -> Stop {
    Stop::input(format!("store.unusable: {fault}"))
}

/// Makes the file, readable by its owner alone, unless it is there.
fn own_file(path: &std::path::Path) -> Result<(), Stop> {
    if path.exists() {
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        .map_err(|error| Stop::input(format!("{}: state.unwritable: {error}", path.display())))
}

fn make_private(folder: &std::path::Path) -> Result<(), Stop> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Stop::input(format!("{}: state.unwritable: {error}", folder.display())))
}
