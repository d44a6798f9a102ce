//! What can go wrong with the data at rest.

use crate::index::IndexError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Says why the index folder cannot be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder cannot be written.
    #[error("cannot write to the index folder {}: {source}; choose another with --index DIR", path.display())]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What is stored is not what was written.
    #[error(
        "the index in {} is damaged ({detail}); import the registry files again, if need be into a new folder",
        path.display()
    )]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Another version of the program wrote the folder.
    #[error(
        "the index in {} was written by another version of trialmatch (layout {found}, this version has {}); \
         move it away, or choose a new folder with --index DIR, and import the registry files again",
        path.display(),
        super::LAYOUT
    )]
    OtherLayout {
        /// The folder.
        path: PathBuf,
        /// The number of the layout.
        found: i64,
    },
    /// No snapshot of that name or day was published.
    #[error("{message}")]
    NoSuchSnapshot {
        /// What was asked for, and what there is.
        message: String,
    },
    /// Somebody else is importing.
    #[error("another import into {} is running; try again when it has finished", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The database failed otherwise.
    #[error("the database in {} failed: {source}", path.display())]
    Database {
        /// The folder.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The search index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl StoreError {
    /// Tells whether the index is damaged (exit status 4).
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Index(IndexError::Damaged { .. }))
    }

    /// Sorts an error of SQLite by what its reader can do about it.
    pub(super) fn from_sqlite(dir: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, ReadOnly,
        };
        let path = dir.to_owned();
        let storage = |source: rusqlite::Error| io::Error::other(source.to_string());
        match source.sqlite_error_code() {
            Some(NotADatabase | DatabaseCorrupt) => Self::Damaged { path, detail: source.to_string() },
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy { path },
            Some(ReadOnly | CannotOpen | DiskFull) => Self::Unwritable { path, source: storage(source) },
            _ => match source {
                // A value of a type that this program never writes.
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                    Self::Damaged { path, detail: source.to_string() }
                }
                source => Self::Database { path, source },
            },
        }
    }
}
