//! Why a fetch, or the part of it that concerns one registry, did not succeed.

use super::plan::word;
use crate::store::{ImportError, StoreError};
use crate::trial::Registry;
use std::path::PathBuf;
use thiserror::Error;

/// Says why records were not fetched. Nothing of the registry was published then; what was served before still is.
#[derive(Debug, Error)]
pub enum FetchError {
    /// A base address cannot be used.
    #[error("`{text}` cannot be used as a registry's address: {reason}")]
    Address {
        /// The address as given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The requests may not come as fast as was asked for.
    #[error("requests without a pause are for a registry on this machine only; {0} is elsewhere: give --rate a number")]
    TooFast(String),
    /// Somebody else is fetching into the same folder.
    #[error("another fetch into {} is running; try again when it has finished", path.display())]
    Busy {
        /// The index folder.
        path: PathBuf,
    },
    /// What was fetched so far cannot be kept.
    #[error("cannot keep fetched pages in {}: {detail}; free some room, or remove that file to start anew", path.display())]
    Staging {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        detail: String,
    },
    /// No connection can be prepared at all.
    #[error("cannot prepare connections: {0}")]
    Client(String),
    /// The registry refused a request, and would refuse it again.
    #[error("{}: {address} answered {status}: {said}", word(*registry))]
    Refused {
        /// Who.
        registry: Registry,
        /// The address that was asked.
        address: String,
        /// The status of HTTP.
        status: u16,
        /// The registry's words, shortened.
        said: String,
    },
    /// The registry did not give a usable answer, however often it was asked.
    #[error("{}: no usable answer from {address}: {reason}; what was fetched is kept, and the next run goes on from there", word(*registry))]
    Trouble {
        /// Who.
        registry: Registry,
        /// The address that was asked.
        address: String,
        /// What happened at the last attempt.
        reason: String,
    },
    /// The answers do not add up to what the registry says it has.
    #[error("{}: the answer for “{query}” is not whole: {detail}; nothing of it was published, try again later", word(*registry))]
    NotWhole {
        /// Who.
        registry: Registry,
        /// What was asked for.
        query: String,
        /// What is missing.
        detail: String,
    },
    /// The registry has nothing for a query.
    #[error("{}: the registry answered that it has no studies for “{query}”; nothing was published, check the words or try again later", word(*registry))]
    Nothing {
        /// Who.
        registry: Registry,
        /// What was asked for.
        query: String,
    },
    /// The registry has far fewer studies than at the last complete run.
    #[error(
        "{}: the registry has {now} studies for “{query}”, and had {before} at the last complete run; nothing was published: \
         if that is right, run again with --accept-shrink",
        word(*registry)
    )]
    Shrunk {
        /// Who.
        registry: Registry,
        /// What was asked for.
        query: String,
        /// The number at the last complete run.
        before: u64,
        /// The number now.
        now: u64,
    },
    /// What was fetched cannot be brought into the index.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The index folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FetchError {
    /// Tells whether the registry or the network is to blame (exit status 3).
    pub fn is_network(&self) -> bool {
        matches!(
            self,
            Self::Client(_)
                | Self::Refused { .. }
                | Self::Trouble { .. }
                | Self::NotWhole { .. }
                | Self::Nothing { .. }
                | Self::Shrunk { .. }
        )
    }
}
