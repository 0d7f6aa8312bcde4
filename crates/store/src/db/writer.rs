//! The one writer of a SQLite database. Those who come while another writes share one commit, so that a disk which
//! takes a few milliseconds to make something last serves thousands of writers a second.
//!
//! Each turn is a savepoint inside the open transaction. Whoever ends a turn while others wait leaves the commit to
//! them, and is told when it lasted: nobody hears of success before the disk has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::fault::Fault;

/// So many share one commit at most; more would make the first wait too long.
const AT_MOST: usize = 256;

/// The writer.
#[derive(Clone, Debug)]
pub struct Writer {
    shared: Arc<Mutex<Shared>>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
pub(super) struct Shared {
    /// `None` once it is closed.
    connection: Option<SqliteConnection>,
    /// Whether a transaction is open.
    open: bool,
    /// Those who wait to hear that what they did lasts.
    members: Vec<oneshot::Sender<Result<(), Fault>>>,
}

/// A turn at writing: ends with [`Turn::commit`], or leaves nothing behind.
pub struct Turn {
    /// `None` once it has ended.
    guard: Option<OwnedMutexGuard<Shared>>,
    waiting: Arc<AtomicUsize>,
    /// A statement failed in a way after which SQLite may have dropped the whole transaction.
    failed: bool,
}

fn gone() -> Fault {
    Fault::Gone("the database is closed".into())
}

impl Shared {
    async fn say(&mut self, sql: &'static str) -> Result<(), Fault> {
        let connection = self.connection.as_mut().ok_or_else(gone)?;
        sqlx::query(sql).execute(connection).await?;
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), Fault> {
        if !self.open {
            // A deferred transaction that turns into a writing one fails at once, whatever the time-out.
            self.say("BEGIN IMMEDIATE").await?;
            self.open = true;
        }
        if let Err(fault) = self.say("SAVEPOINT turn").await {
            self.abandon(&fault).await;
            return Err(fault);
        }
        Ok(())
    }

    /// Makes everything in the open transaction last, and tells those who wait.
    async fn flush(&mut self) {
        if !self.open {
            return;
        }
        match self.say("COMMIT").await {
            Ok(()) => {
                self.open = false;
                for member in self.members.drain(..) {
                    member.send(Ok(())).ok();
                }
            }
            Err(fault) => self.abandon(&fault).await,
        }
    }

    /// Nothing in the open transaction was done; tells those who wait.
    async fn abandon(&mut self, why: &Fault) {
        // SQLite has rolled back by itself where this fails.
        self.say("ROLLBACK").await.ok();
        self.open = false;
        for member in self.members.drain(..) {
            member.send(Err(why.again())).ok();
        }
    }
}

impl Writer {
    pub(super) async fn open(options: &SqliteConnectOptions) -> Result<Self, Fault> {
        Ok(Self {
            shared: Arc::new(Mutex::new(Shared {
                connection: Some(options.connect().await?),
                open: false,
                members: Vec::new(),
            })),
            waiting: Arc::new(AtomicUsize::new(0)),
        })
    }

    /// A turn at writing. In a task of its own, so that whoever gives up waiting leaves nothing half begun.
    pub(super) async fn turn(&self) -> Result<Turn, Fault> {
        let (shared, waiting) = (Arc::clone(&self.shared), Arc::clone(&self.waiting));
        let begun = tokio::spawn(async move {
            waiting.fetch_add(1, Ordering::SeqCst);
            let mut guard = shared.lock_owned().await;
            waiting.fetch_sub(1, Ordering::SeqCst);
            let begun = guard.begin().await;
            let turn = Turn {
                guard: begun.is_ok().then_some(guard),
                waiting,
                failed: false,
            };
            begun.map(|()| turn)
        });
        begun.await.map_err(|error| Fault::Gone(Box::new(error)))?
    }

    pub(super) async fn close(&self) {
        let mut shared = self.shared.lock().await;
        shared.flush().await;
        if let Some(connection) = shared.connection.take() {
            connection.close().await.ok();
        }
    }
}

impl Turn {
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, Fault> {
        self.guard
            .as_mut()
            .and_then(|shared| shared.connection.as_mut())
            .ok_or_else(gone)
    }

    /// Remembers what a statement came to.
    pub(super) fn noted<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, Fault> {
        outcome.map_err(|error| {
            let fault = Fault::from(error);
            // A clash undoes its own statement only.
            self.failed |= !matches!(fault, Fault::Clash(_));
            fault
        })
    }

    /// Ends the turn; answers when what was done lasts.
    pub(super) async fn commit(mut self) -> Result<(), Fault> {
        let (tell, told) = oneshot::channel();
        self.end(Some(tell));
        told.await
            .unwrap_or_else(|_| Err(Fault::Gone("the writer stopped".into())))
    }

    /// Ends the turn in a task of its own, so that it ends wholly whoever stops waiting for it.
    fn end(&mut self, tell: Option<oneshot::Sender<Result<(), Fault>>>) {
        let Some(mut shared) = self.guard.take() else {
            return;
        };
        let (waiting, failed) = (Arc::clone(&self.waiting), self.failed);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // The program ends: SQLite rolls back when the file is next opened.
            return;
        };
        runtime.spawn(async move {
            let keeps = tell.is_some();
            shared.members.extend(tell);
            let ended = match (failed, keeps) {
                (true, _) => Err(Fault::Database("a statement before failed".into())),
                (false, true) => shared.say("RELEASE turn").await,
                (false, false) => match shared.say("ROLLBACK TO turn").await {
                    Ok(()) => shared.say("RELEASE turn").await,
                    failed => failed,
                },
            };
            match ended {
                Err(fault) => shared.abandon(&fault).await,
                Ok(()) => {
                    let last = waiting.load(Ordering::SeqCst) == 0;
                    if last || shared.members.len() >= AT_MOST {
                        shared.flush().await;
                    }
                }
            }
        });
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.end(None);
    }
}
