//! The report's own types and the forms in which it is written: JSON, table, CSV, HTML and screening rows.
//!
//! The core's types are not serialised as they are; what other programs read is declared in [`types`].
//! Every form names the snapshot's date and says loudly when the data is old or a sample.

pub mod ask;
pub mod build;
pub mod change;
pub mod change_html;
pub mod change_table;
pub mod change_words;
pub mod changes;
pub mod csv;
pub mod html;
pub mod json;
pub mod screen;
pub mod search;
pub mod select;
pub mod show;
pub mod standing;
pub mod table;
pub mod text;
pub mod types;

#[cfg(test)]
mod tests;

pub use build::build;
pub use select::{Selection, SelectionError};
pub use types::{RegistryData, Report, Snapshot};

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place that it was written to refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A row did not serialise.
    #[error("the report could not be serialised: {0}")]
    Json(#[from] serde_json::Error),
    /// A CSV row was refused.
    #[error("the report could not be written as CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// The page could not be rendered.
    #[error("the page could not be rendered: {0}")]
    Page(#[from] askama::Error),
}

impl WriteError {
    /// Says whether the reader of a pipe went away, which is no fault.
    pub fn is_broken_pipe(&self) -> bool {
        let kind = match self {
            Self::Io(error) => Some(error.kind()),
            Self::Json(error) => error.io_error_kind(),
            Self::Csv(error) => match error.kind() {
                ::csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            },
            Self::Page(_) => None,
        };
        kind == Some(std::io::ErrorKind::BrokenPipe)
    }
}
