//! What can go wrong with storage: a fault, never a mistake in input nor a lawful outcome.

type Source = Box<dyn std::error::Error + Send + Sync>;

/// The store can't do what was asked. Nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The disk that holds the database or the attachments is full, or fails.
    #[error("the disk is full or failing; nothing of this was saved: {0}")]
    Full(#[source] Source),
    /// The disk or database can't be written.
    #[error(
        "the database or its folder can't be opened for writing; nothing of this was saved: {0}"
    )]
    ReadOnly(#[source] Source),
    /// The database doesn't answer.
    #[error("the database can't be reached: {0}")]
    Gone(#[source] Source),
    /// Another writer holds it for too long.
    #[error("the database is busy; try again: {0}")]
    Busy(#[source] Source),
    /// What is stored isn't what was stored.
    #[error("the stored records are damaged: {0}")]
    Damaged(String),
    /// A row of that key exists. Inside the store only; callers see a conflict.
    #[error("this exists already: {0}")]
    Clash(String),
    /// A file can't be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// The database was written by a newer Candour.
    #[error("the database has schema {found} and this Candour knows {known}; use a newer Candour")]
    Newer {
        /// The schema found.
        found: u64,
        /// The newest schema known here.
        known: u64,
    },
    /// Anything else that the database says.
    #[error("the database refuses: {0}")]
    Database(#[source] Source),
}

impl Fault {
    /// The same fault for somebody else whom it hits too.
    #[must_use]
    pub(crate) fn again(&self) -> Self {
        let why = || -> Source { self.to_string().into() };
        match self {
            Self::Full(source) => Self::Full(source.to_string().into()),
            Self::ReadOnly(source) => Self::ReadOnly(source.to_string().into()),
            Self::Gone(source) => Self::Gone(source.to_string().into()),
            Self::Busy(source) => Self::Busy(source.to_string().into()),
            Self::Damaged(text) => Self::Damaged(text.clone()),
            Self::Database(source) => Self::Database(source.to_string().into()),
            Self::Clash(_) | Self::File { .. } | Self::Newer { .. } => Self::Database(why()),
        }
    }

    /// The fault of a file.
    pub fn file(path: &std::path::Path, error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge => Self::Full(Box::new(error)),
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                Self::ReadOnly(format!("{}: {error}", path.display()).into())
            }
            _ => Self::File {
                path: path.display().to_string(),
                error,
            },
        }
    }
}

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// Somebody else changed the case first.
    #[error("someone else has changed this case; look at it again")]
    Conflict,
    /// There is no such case.
    #[error("there is no case `{0}`")]
    NotFound(String),
    /// The command is not allowed, incomplete or unlawful; each problem says the way out.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<law::Problem>),
    /// The store can't.
    #[error(transparent)]
    Fault(#[from] Fault),
}
