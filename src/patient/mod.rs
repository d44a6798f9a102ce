//! The patient profile (contract, section 2): its types, how it is read and what is refused.
//!
//! A profile that exists has been checked: every way in (`Profile::from_json`, `from_toml`, `from_path`,
//! [`flat::read_rows`]) walks the document along the schema, deserialises it and looks for contradictions.

pub mod check;
pub mod dates;
pub mod error;
pub mod flat;
pub mod medication_requests;
pub mod merge;
pub mod profile;
pub mod read;
pub mod schema;
pub mod units;
mod walk;
pub mod words;

pub use dates::PartialDate;
pub use error::{Problem, ProfileError};
pub use profile::Profile;
