//! The patient profile (contract, section 2): its types, how it is read and what is refused.

pub mod dates;
pub mod profile;
pub mod words;

pub use dates::PartialDate;
pub use profile::Profile;
