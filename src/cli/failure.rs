//! How a command can fail, and the exit status that says so.

use super::output::tell;
use crate::report::text::visible;
use crate::report::{SelectionError, WriteError};
use std::error::Error;
use std::process::ExitCode;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing matched, and the caller wanted to know (1).
    #[error("no trial matched")]
    NothingMatched,
    /// Bad usage or bad input: the file, the path in it and the reason (2).
    #[error("{0}")]
    Input(String),
    /// A registry or the network (3).
    #[error("{0}")]
    Network(String),
    /// The index is damaged (4).
    #[error("{0}")]
    Damaged(String),
    /// The reader of the output went away; nobody is there to be told.
    #[error("the output was closed")]
    Closed,
}

impl Failure {
    /// Makes a failure of input from an error and its causes.
    pub fn input(error: &dyn Error) -> Self {
        Self::Input(chain(error))
    }

    /// Makes a failure of a damaged index from an error and its causes.
    pub fn damaged(error: &dyn Error) -> Self {
        Self::Damaged(chain(error))
    }

    /// Writes the failure to standard error.
    pub fn tell(&self) {
        if !matches!(self, Self::Closed) {
            let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
            tell(format_args!("{style}error:{style:#} {}", visible(&self.to_string())));
        }
    }

    /// Gives the exit status of the contract.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Closed => 0,
            Self::NothingMatched => 1,
            Self::Input(_) => 2,
            Self::Network(_) => 3,
            Self::Damaged(_) => 4,
        })
    }
}

/// Says an error and what caused it, on one line; a cause that the error already says is not said again.
pub fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !said.contains(&words) {
            said.push_str(": ");
            said.push_str(&words);
        }
        cause = inner.source();
    }
    said
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        if error.is_broken_pipe() {
            Self::Closed
        } else {
            Self::Input(format!("cannot write the output: {}", chain(&error)))
        }
    }
}

impl From<SelectionError> for Failure {
    fn from(error: SelectionError) -> Self {
        Self::input(&error)
    }
}
