//! Migrations: forward only. A change that an older node can't live with comes in three: expand, migrate, contract.

use crate::db::{Db, Engine, Query, Transaction};
use crate::fault::Fault;
use crate::queries;

/// A step of the schema: one text for both engines, or one for each.
struct Migration {
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        sqlite: include_str!("../migrations/0001_cases.sql"),
        postgres: include_str!("../migrations/0001_cases.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0002_append_only.sqlite.sql"),
        postgres: include_str!("../migrations/0002_append_only.postgres.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0003_desk.sql"),
        postgres: include_str!("../migrations/0003_desk.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0004_stances.sql"),
        postgres: include_str!("../migrations/0004_stances.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0005_doors.sql"),
        postgres: include_str!("../migrations/0005_doors.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0006_mail.sql"),
        postgres: include_str!("../migrations/0006_mail.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0007_statistics.sql"),
        postgres: include_str!("../migrations/0007_statistics.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0008_topics.sql"),
        postgres: include_str!("../migrations/0008_topics.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0009_changes.sql"),
        postgres: include_str!("../migrations/0009_changes.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/0010_changes_stay.sqlite.sql"),
        postgres: include_str!("../migrations/0010_changes_stay.postgres.sql"),
    },
];

const FIRST: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)";

/// Only one node migrates at a time.
static LOCK_SCHEMA: Query = Query::new("LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE");

/// Brings the schema up to date. Two nodes that start together: one does it, the other finds it done.
///
/// # Errors
/// The database can't be written, or has a newer schema than is known here.
pub async fn migrate(db: &Db) -> Result<(), Fault> {
    let mut transaction = db.begin().await?;
    match Db::script(&mut transaction, FIRST).await {
        Ok(()) => {}
        // PostgreSQL may let two creations race; the loser sees a clash and the table is there.
        Err(Fault::Clash(_)) if db.engine() == Engine::Postgres => {
            drop(transaction);
            transaction = db.begin().await?;
        }
        Err(fault) => return Err(fault),
    }
    if db.engine() == Engine::Postgres {
        transaction.run(&LOCK_SCHEMA, Vec::new()).await?;
    }
    run(&mut transaction, db.engine()).await?;
    transaction.commit().await
}

/// Runs what is missing, inside a transaction.
///
/// # Errors
/// As [`migrate`].
pub async fn run(transaction: &mut Transaction, engine: Engine) -> Result<(), Fault> {
    let known = MIGRATIONS.len() as u64;
    let found = match transaction
        .rows(&queries::SCHEMA_VERSION, Vec::new())
        .await?
        .first()
    {
        // No migration ran yet: the greatest of no numbers is null.
        Some(row) => row.number("version").unwrap_or(0),
        None => 0,
    };
    if found > known {
        return Err(Fault::Newer { found, known });
    }
    for (version, migration) in (1_u64..).zip(MIGRATIONS) {
        if version > found {
            let text = match engine {
                Engine::Sqlite => migration.sqlite,
                Engine::Postgres => migration.postgres,
            };
            Db::script(transaction, text).await?;
            transaction
                .run(&queries::SCHEMA_VERSION_ADD, vec![version.into()])
                .await?;
        }
    }
    Ok(())
}

/// Takes everything out of the database, inside a transaction, to restore a backup into it.
///
/// # Errors
/// The database can't be written.
pub async fn clear(transaction: &mut Transaction) -> Result<(), Fault> {
    const TABLES: &str = "DROP TABLE IF EXISTS counter; DROP TABLE IF EXISTS case_event; DROP TABLE IF EXISTS checkpoint;
        DROP TABLE IF EXISTS applicant; DROP TABLE IF EXISTS sealed_holding; DROP TABLE IF EXISTS intake;
        DROP TABLE IF EXISTS case_summary; DROP TABLE IF EXISTS job;
        DROP TABLE IF EXISTS account; DROP TABLE IF EXISTS session; DROP TABLE IF EXISTS private_link;
        DROP TABLE IF EXISTS tally; DROP TABLE IF EXISTS setting; DROP TABLE IF EXISTS log_entry; DROP TABLE IF EXISTS stance;
        DROP TABLE IF EXISTS handover; DROP TABLE IF EXISTS api_key; DROP TABLE IF EXISTS webhook;
        DROP TABLE IF EXISTS delivery; DROP TABLE IF EXISTS mail;
        DROP TABLE IF EXISTS office_change; DELETE FROM schema_version;";
    const FUNCTIONS: &str = "DROP FUNCTION IF EXISTS case_event_as_written();
        DROP FUNCTION IF EXISTS office_change_as_written();";
    Db::script(transaction, TABLES).await?;
    if matches!(transaction, Transaction::Postgres(_)) {
        Db::script(transaction, FUNCTIONS).await?;
    }
    Ok(())
}
