//! Registry records: bytes to [`Trial`]. Pure apart from opening the file that it is told to read.
//!
//! [`source::Records`] splits a file into records, whatever its shape (one record, an array, a page of an API, one
//! record a line, XML, a table; plain or gzip). The bytes of a record tell by themselves where it comes from
//! ([`Record::trial`]), and one file per registry turns them into a trial:
//!
//! - [`ctgov`]: ClinicalTrials.gov API v2, and the bundled sample records, which have the same shape;
//! - [`ctis`]: EU CTIS, rows of its search and retrieved records, in the structure of today and that before June 2024;
//! - [`isrctn`]: the ISRCTN registry's XML, and the same as JSON;
//! - [`ictrp`]: exports of WHO ICTRP in CSV and XML, and its weekly files.
//!
//! Beside them stand what they share: how dates, ages, identifiers and states are written, and how one eligibility
//! text is made of two fields (the head of `eligibility.rs` says how).

mod ages;
pub mod ctgov;
pub mod ctis;
mod dates;
mod eligibility;
mod encoding;
mod fields;
pub mod ictrp;
pub mod identifiers;
pub mod isrctn;
mod layout;
mod markup;
mod neutral;
pub mod source;
mod split;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use layout::Layout;

use crate::trial::Trial;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// The longest record that is read, in bytes. The longest real one with results is about 10 MB.
pub const LONGEST_RECORD: usize = 64 << 20;

/// One record of a file, not yet read.
#[derive(Debug)]
pub struct Record {
    /// The line on which it starts, counted from 1.
    pub line: u64,
    /// Its place among the records of the file, counted from 1.
    pub position: u64,
    /// Its bytes, without the white space around them; empty where it is too long.
    pub bytes: Vec<u8>,
}

impl Record {
    /// Reads the trial. Which registry it comes from is told by the bytes.
    ///
    /// A record that states days of recruitment in place of a status has none before [`Trial::settle_status`].
    pub fn trial(&self) -> Result<Trial, RecordError> {
        if self.bytes.is_empty() {
            return Err(RecordError::TooLong { limit: LONGEST_RECORD >> 20 });
        }
        match layout::layout(&self.bytes) {
            Some(Layout::CtisJson) => ctis::read(&self.bytes),
            Some(Layout::IsrctnXml) => isrctn::read_xml(&self.bytes),
            Some(Layout::IsrctnJson) => isrctn::read_json(&self.bytes),
            Some(Layout::IctrpXml) => ictrp::read_xml(&self.bytes),
            Some(Layout::IctrpTable) => ictrp::read_table(&self.bytes),
            // What is of no known layout is refused there, with the reason.
            Some(Layout::CtgovJson) | None => ctgov::read_study(&self.bytes),
        }
    }
}

/// Says why one record cannot be used. The records around it still can.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RecordError {
    /// The record is not JSON or XML, or a field of it has another type than the registry's.
    #[error("not a readable record: {detail}")]
    Unreadable {
        /// What the reader says.
        detail: String,
    },
    /// The record is JSON of another kind.
    #[error(
        "not a study record: it has no protocolSection (ClinicalTrials.gov API v2), ctNumber (EU CTIS) or trialDescription (ISRCTN)"
    )]
    NotAStudy,
    /// The record has no identifier.
    #[error("the study has no identifier ({field})")]
    NoIdentifier {
        /// Where it should stand.
        field: &'static str,
    },
    /// The identifier has another form than the registry's.
    #[error("`{id}` is not a study identifier (expected {expected})")]
    BadIdentifier {
        /// The identifier, shortened.
        id: String,
        /// The form of the registry's.
        expected: &'static str,
    },
    /// An age limit cannot be read; without it the trial would seem to be open to everybody.
    #[error("{field} `{text}` is not an age (expected a number and a unit, such as `18 Years`)")]
    BadAge {
        /// `minimumAge` or `maximumAge`.
        field: &'static str,
        /// The registry's words, shortened.
        text: String,
    },
    /// The record is longer than the cap.
    #[error("the record is longer than {limit} MiB")]
    TooLong {
        /// The cap in MiB.
        limit: usize,
    },
}

impl RecordError {
    fn bad_identifier(id: &str, expected: &'static str) -> Self {
        Self::BadIdentifier { id: shortened(id), expected }
    }
}

/// Shortens words of a record that are repeated in an error message.
fn shortened(text: &str) -> String {
    text.chars().take(40).filter(|letter| !letter.is_control()).collect()
}

/// Says why a whole file cannot be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The compressed file is cut short or altered.
    #[error(
        "{} is damaged after record {records} ({detail}); nothing of this import was published; copy or download the file again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Records before the damage.
        records: u64,
        /// What the decompressor says.
        detail: String,
    },
    /// The file ends in the middle of a record.
    #[error(
        "{} ends in the middle of the record that starts on line {line}; nothing of this import was published; copy or download the file again",
        path.display()
    )]
    CutShort {
        /// The file.
        path: PathBuf,
        /// Where the unfinished record starts.
        line: u64,
    },
    /// The file holds something other than study records.
    #[error(
        "{}, line {line}: not study records ({found}); expected ClinicalTrials.gov API v2 or EU CTIS in JSON (one record, an array, a page, or one a line), ISRCTN in XML, or an export of WHO ICTRP in CSV or XML, plain or gzip",
        path.display()
    )]
    NotRecords {
        /// The file.
        path: PathBuf,
        /// Where it was noticed.
        line: u64,
        /// What was found instead.
        found: &'static str,
    },
    /// The file holds nothing.
    #[error("{} holds no study records; export or download it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    /// Tells whether part of the file is lost, as against a file of another kind.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Damaged { .. } | Self::CutShort { .. })
    }
}
