//! The narrow waist to the two databases: the only module that names a driver.
//!
//! One SQL text serves both. Columns are `TEXT`, `BIGINT` and `BYTEA`; nulls are typed, because PostgreSQL checks the
//! type of a null too; dates and instants are ISO text made in Rust.

mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Column, Row as _};

pub use writer::{Turn, Writer};

use crate::fault::Fault;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// A query in the shared dialect, with how often each engine ran it: a test fails when one was never run.
#[derive(Debug)]
pub struct Query {
    /// The text.
    pub sql: &'static str,
    runs: [AtomicU64; 2],
}

impl Query {
    /// A query of this text.
    #[must_use]
    pub const fn new(sql: &'static str) -> Self {
        Self {
            sql,
            runs: [AtomicU64::new(0), AtomicU64::new(0)],
        }
    }

    /// How often this engine ran it since the program started.
    #[must_use]
    pub fn runs(&self, engine: Engine) -> u64 {
        self.counter(engine).load(Ordering::Relaxed)
    }

    fn counter(&self, engine: Engine) -> &AtomicU64 {
        let [sqlite, postgres] = &self.runs;
        match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        }
    }
}

/// A value for a placeholder.
#[derive(Clone, Debug)]
pub enum Param {
    /// A whole number or a null of that type.
    Int(Option<i64>),
    /// Text or a null of that type.
    Text(Option<String>),
    /// Bytes or a null of that type.
    Bytes(Option<Vec<u8>>),
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Param {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Param {
    fn from(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<&[u8]> for Param {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

/// A row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident, $type:ty) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// There is no such column, or it holds something else.
        pub fn $name(&self, column: &str) -> Result<$type, Fault> {
            Ok(match self {
                Self::Sqlite(row) => row.try_get(column)?,
                Self::Postgres(row) => row.try_get(column)?,
            })
        }
    };
}

impl Row {
    getter!(
        /// The text in a column that is never null.
        text, String);
    getter!(
        /// The text in a column, or its null.
        text_or_null, Option<String>);
    getter!(
        /// The number in a column that is never null.
        int, i64);
    getter!(
        /// The bytes in a column that is never null.
        bytes, Vec<u8>);
    getter!(
        /// The bytes in a column, or its null.
        bytes_or_null, Option<Vec<u8>>);
    getter!(
        /// The text in a column that is never null, as it lies in the row.
        borrowed, &str);
    getter!(
        /// The text in a column, or its null, as it lies in the row.
        borrowed_or_null, Option<&str>);

    /// The number in a column that is never null nor negative.
    ///
    /// # Errors
    /// There is no such column, or it holds something else.
    pub fn number(&self, column: &str) -> Result<u64, Fault> {
        let number = self.int(column)?;
        u64::try_from(number).map_err(|_| Fault::Damaged(format!("{column} is negative: {number}")))
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Sqlite(row) => row.columns().iter().map(Column::name).collect(),
            Self::Postgres(row) => row.columns().iter().map(Column::name).collect(),
        }
    }
}

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer, several readers.
    Sqlite {
        /// The writer: SQLite has one.
        write: Writer,
        /// The readers.
        read: SqlitePool,
    },
    /// A pool of connections.
    Postgres(PgPool),
}

/// A transaction: all of it or none.
pub enum Transaction {
    /// In SQLite, writing.
    Sqlite(Turn),
    /// In SQLite, reading the database of one moment.
    SqliteSnapshot(sqlx::Transaction<'static, Sqlite>),
    /// In PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

macro_rules! bound {
    ($query:expr, $params:expr) => {{
        let mut query = sqlx::query($query.sql);
        for param in $params {
            query = match param {
                Param::Int(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Db {
    /// Opens or creates the SQLite database in this file. What is acknowledged survives a power cut.
    ///
    /// # Errors
    /// The file can't be opened or written.
    pub async fn sqlite(file: &Path) -> Result<Self, Fault> {
        Self::sqlite_synchronous(file, SqliteSynchronous::Full).await
    }

    /// The same for a database that nobody wants after the program has ended: no disk is waited for.
    ///
    /// # Errors
    /// The file can't be opened or written.
    pub async fn passing_sqlite(file: &Path) -> Result<Self, Fault> {
        Self::sqlite_synchronous(file, SqliteSynchronous::Off).await
    }

    async fn sqlite_synchronous(
        file: &Path,
        synchronous: SqliteSynchronous,
    ) -> Result<Self, Fault> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(20))
            // 16 MB of pages in memory, and as many changed ones before they move from the log to the database.
            .pragma("cache_size", "-16000")
            .pragma("wal_autocheckpoint", "4000")
            // The history of a long case comes in one go.
            .row_buffer_size(512)
            .statement_cache_capacity(200);
        let write = Writer::open(&options).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    /// Connects to a PostgreSQL database, `postgres://user@host/name`.
    ///
    /// # Errors
    /// The address is malformed or nobody answers there.
    pub async fn postgres(url: &str) -> Result<Self, Fault> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(std::time::Duration::from_secs(20))
            .connect_with(options.application_name("candour"))
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// The rows that a query answers with, outside any transaction.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn rows(&self, query: &'static Query, params: Vec<Param>) -> Result<Vec<Row>, Fault> {
        query.counter(self.engine()).fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            Self::Sqlite { read, .. } => bound!(query, params)
                .fetch_all(read)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(pool) => bound!(query, params)
                .fetch_all(pool)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// A transaction that writes.
    ///
    /// # Errors
    /// The database is gone or stays busy.
    pub async fn begin(&self) -> Result<Transaction, Fault> {
        Ok(match self {
            Self::Sqlite { write, .. } => Transaction::Sqlite(write.turn().await?),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that sees the database as it is at its first query, whatever is written meanwhile.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn snapshot(&self) -> Result<Transaction, Fault> {
        Ok(match self {
            Self::Sqlite { read, .. } => Transaction::SqliteSnapshot(read.begin().await?),
            Self::Postgres(pool) => Transaction::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// Runs a migration, which may hold several statements.
    ///
    /// # Errors
    /// A statement fails.
    pub async fn script(transaction: &mut Transaction, sql: &'static str) -> Result<(), Fault> {
        match transaction {
            Transaction::Sqlite(turn) => {
                let done = sqlx::raw_sql(sql).execute(turn.connection()?).await;
                turn.noted(done).map(drop)?;
            }
            Transaction::SqliteSnapshot(open) => {
                sqlx::raw_sql(sql).execute(&mut **open).await.map(drop)?;
            }
            Transaction::Postgres(open) => {
                // Text sorts by bytes, as in SQLite, whatever the database's own collation.
                let sql = sql.replace(" TEXT", " TEXT COLLATE \"C\"");
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                    .execute(&mut **open)
                    .await
                    .map(drop)?;
            }
        }
        Ok(())
    }
}

impl Transaction {
    fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) | Self::SqliteSnapshot(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The rows that a query answers with.
    ///
    /// # Errors
    /// The database can't answer.
    pub async fn rows(
        &mut self,
        query: &'static Query,
        params: Vec<Param>,
    ) -> Result<Vec<Row>, Fault> {
        query.counter(self.engine()).fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            Self::Sqlite(turn) => {
                let rows = bound!(query, params).fetch_all(turn.connection()?).await;
                turn.noted(rows)?.into_iter().map(Row::Sqlite).collect()
            }
            Self::SqliteSnapshot(open) => bound!(query, params)
                .fetch_all(&mut **open)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(open) => bound!(query, params)
                .fetch_all(&mut **open)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// Runs a query; answers how many rows it touched.
    ///
    /// # Errors
    /// The database can't do it, or a constraint forbids it.
    pub async fn run(&mut self, query: &'static Query, params: Vec<Param>) -> Result<u64, Fault> {
        query.counter(self.engine()).fetch_add(1, Ordering::Relaxed);
        Ok(match self {
            Self::Sqlite(turn) => {
                let done = bound!(query, params).execute(turn.connection()?).await;
                turn.noted(done)?.rows_affected()
            }
            Self::SqliteSnapshot(open) => bound!(query, params)
                .execute(&mut **open)
                .await?
                .rows_affected(),
            Self::Postgres(open) => bound!(query, params)
                .execute(&mut **open)
                .await?
                .rows_affected(),
        })
    }

    /// Makes everything done in it last.
    ///
    /// # Errors
    /// The database can't; then nothing of it was done.
    pub async fn commit(self) -> Result<(), Fault> {
        match self {
            Self::Sqlite(turn) => turn.commit().await?,
            Self::SqliteSnapshot(open) => open.commit().await?,
            Self::Postgres(open) => open.commit().await?,
        }
        Ok(())
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                    Self::Gone(Box::new(error))
                }
                _ => Self::Database(Box::new(error)),
            };
        };
        if database.is_unique_violation() {
            return Self::Clash(database.message().to_owned());
        }
        let code = database.code().unwrap_or_default();
        // SQLite's extended codes carry the plain one in their low byte.
        let plain = code.parse::<u32>().ok().map(|code| code & 0xff);
        let of_sqlite = database
            .try_downcast_ref::<sqlx::sqlite::SqliteError>()
            .is_some();
        match (of_sqlite, plain, code.as_ref()) {
            (true, Some(13), _) | (false, _, "53100") => Self::Full(Box::new(error)),
            (true, Some(8 | 14), _) | (false, _, "25006") => Self::ReadOnly(Box::new(error)),
            (true, Some(10), _) => Self::Full(Box::new(error)),
            (true, Some(5 | 6), _) | (false, _, "40001" | "40P01" | "55P03") => {
                Self::Busy(Box::new(error))
            }
            (true, Some(11 | 26), _) => Self::Damaged(error.to_string()),
            (false, _, "57P01" | "57P02" | "57P03" | "53300") => Self::Gone(Box::new(error)),
            _ => Self::Database(Box::new(error)),
        }
    }
}
