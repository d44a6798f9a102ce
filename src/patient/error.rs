//! What is wrong with a profile. Nothing here ever holds a value of the patient.

use std::fmt;

/// Names one thing that is wrong with a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, as a path (`treatments[2].stopped`); empty for the document as a whole.
    pub path: String,
    /// The path of the other fact where two facts contradict each other.
    pub other: Option<String>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Problem {
    /// Makes a problem of one path.
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), other: None, message: message.into() }
    }

    /// Makes a contradiction between the facts of two paths.
    pub fn between(path: impl Into<String>, other: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), other: Some(other.into()), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), &self.other) {
            ("", _) => formatter.write_str(&self.message),
            (path, None) => write!(formatter, "{path}: {}", self.message),
            (path, Some(other)) => write!(formatter, "{path} and {other}: {}", self.message),
        }
    }
}

/// Says why a profile was not read. The messages name the file, the path and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file could not be read.
    #[error("{origin}: cannot read the patient profile: {reason}")]
    Unreadable {
        /// The file.
        origin: String,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The bytes are not the text of a JSON, TOML or CSV document.
    #[error("{origin}:{line}:{column}: not a valid {format} document: {reason}")]
    Syntax {
        /// The file.
        origin: String,
        /// `JSON`, `TOML` or `CSV`.
        format: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser expected.
        reason: String,
    },
    /// The document is no profile of the contract, or its facts contradict each other.
    #[error("{origin}: the patient profile is refused:{}", listed(problems))]
    Refused {
        /// The file.
        origin: String,
        /// Everything that is wrong, in the order of the document.
        problems: Vec<Problem>,
    },
}

impl ProfileError {
    /// Returns what is wrong with the profile; empty where the document could not be read at all.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused { problems, .. } => problems,
            Self::Unreadable { .. } | Self::Syntax { .. } => &[],
        }
    }
}

/// Writes one problem a line.
fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}

/// Returns the word of `valid` that is nearest to `word`; the first of equals.
pub(crate) fn nearest<'v>(word: &str, valid: impl IntoIterator<Item = &'v str>) -> Option<&'v str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' ', '.'], "_");
    let word = plain(word);
    let mut best: Option<(f64, &str)> = None;
    for candidate in valid {
        let likeness = strsim::normalized_damerau_levenshtein(&word, &plain(candidate));
        if best.is_none_or(|(highest, _)| likeness > highest) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
