//! Vocabulary as data: TOML rows with a source each, loaded and checked once.

mod ancestry;
pub mod biomarkers;
#[cfg(test)]
mod corpus_coverage;
pub mod drugs;
pub mod medications;
mod names;
#[cfg(test)]
mod treatment_checks;
