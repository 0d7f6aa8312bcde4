//! The register of topics: which way each decision to confirm or deny went. It follows from the events, as the lists do.

use casework::case::History;
use casework::consistency::{Stance, Topic, Way, stances};
use casework::event::{CaseId, QuestionId};
use jiff::civil::Date;

use crate::db::{Param, Row, Transaction};
use crate::fault::Fault;
use crate::queries;
use crate::store::Store;

/// How many stances of each way are read of a topic; the newest tell enough.
const MOST: u64 = 20;

/// A topic, and how often a way was taken on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The topic.
    pub topic: Topic,
    /// The way.
    pub way: Way,
    /// How many questions.
    pub times: u64,
    /// The day of the first.
    pub first_on: String,
    /// The day of the last.
    pub last_on: String,
}

/// A topic with every way that was taken on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnTopic {
    /// The topic.
    pub topic: Topic,
    /// The ways.
    pub ways: Vec<Taken>,
}

impl OnTopic {
    /// Gathers the ways by topic; those that are in order of topic stay so.
    #[must_use]
    pub fn of(taken: Vec<Taken>) -> Vec<Self> {
        let mut topics: Vec<Self> = Vec::new();
        for one in taken {
            match topics.last_mut().filter(|last| last.topic == one.topic) {
                Some(last) => last.ways.push(one),
                None => topics.push(Self {
                    topic: one.topic.clone(),
                    ways: vec![one],
                }),
            }
        }
        topics
    }

    /// Whether it was neither confirmed nor denied once and decided the other way another time.
    #[must_use]
    pub fn went_both_ways(&self) -> bool {
        let neither = |taken: &Taken| taken.way == Way::NeitherConfirmedNorDenied;
        self.ways.iter().any(neither) && !self.ways.iter().all(neither)
    }
}

fn way(row: &Row) -> Result<Way, Fault> {
    let spelling = row.text("way")?;
    Way::of_spelling(&spelling).ok_or_else(|| Fault::Damaged(format!("`{spelling}` is no way")))
}

fn day(row: &Row, column: &str) -> Result<Date, Fault> {
    row.text(column)?
        .parse()
        .map_err(|_| Fault::Damaged(format!("{column} is no day")))
}

impl Store {
    /// Brings the register in line with a case, inside the transaction that changed it. `before` is the case as the register
    /// knows it, where that is known.
    pub(crate) async fn project_stances(
        &self,
        transaction: &mut Transaction,
        id: &CaseId,
        before: Option<&History>,
        history: &History,
    ) -> Result<(), Fault> {
        let of = |history: &History| history.case().map(stances).unwrap_or_default();
        let now = of(history);
        if before.is_some_and(|before| of(before) == now) {
            return Ok(());
        }
        let key = || -> Vec<Param> { vec![self.authority.as_str().into(), id.0.as_str().into()] };
        transaction.run(&queries::STANCES_DROP, key()).await?;
        for stance in now {
            let mut params = key();
            params.extend([
                stance.question.0.as_str().into(),
                stance.topic.0.as_str().into(),
                stance.way.spelling().into(),
                stance.on.to_string().into(),
                stance.reference.as_str().into(),
                stance.label.as_str().into(),
            ]);
            transaction.run(&queries::STANCE_ADD, params).await?;
        }
        Ok(())
    }

    /// The newest stances on some topics in cases other than this one.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn stances_on(
        &self,
        topics: &[Topic],
        other_than: &CaseId,
    ) -> Result<Vec<Stance>, Fault> {
        let mut found = Vec::new();
        for topic in topics {
            for (_, spelling) in Way::ALL {
                let params = vec![
                    self.authority.as_str().into(),
                    topic.0.as_str().into(),
                    other_than.0.as_str().into(),
                    spelling.into(),
                    MOST.into(),
                ];
                for row in self.db.rows(&queries::STANCES_ON, params).await? {
                    found.push(Stance {
                        topic: topic.clone(),
                        case: CaseId(row.text("case_id")?),
                        reference: row.text("reference")?,
                        question: QuestionId(row.text("question_id")?),
                        label: row.text("label")?,
                        way: way(&row)?,
                        on: day(&row, "decided_on")?,
                    });
                }
            }
        }
        Ok(found)
    }

    /// Every topic that was decided on, with the ways taken.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn topics(&self) -> Result<Vec<Taken>, Fault> {
        let params = vec![self.authority.as_str().into()];
        self.db
            .rows(&queries::TOPICS, params)
            .await?
            .iter()
            .map(|row| {
                Ok(Taken {
                    topic: Topic(row.text("topic")?),
                    way: way(row)?,
                    times: row.number("times")?,
                    first_on: row.text("first_on")?,
                    last_on: row.text("last_on")?,
                })
            })
            .collect()
    }
}
