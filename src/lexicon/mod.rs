//! The vocabulary as data: every row of the TOML files beside this one carries its source, and is loaded and
//! checked once.

mod ancestry;
pub mod biomarkers;
pub mod cancers;
pub mod concepts;
pub mod condition_traits;
pub mod conditions;
#[cfg(test)]
mod corpus_coverage;
pub mod country;
pub mod cues;
pub mod disease_nouns;
pub mod drugs;
pub mod labs;
pub mod medications;
pub mod names;
pub mod open_facts;
pub mod postcode_areas;
pub mod procedures;
pub mod questions;
pub mod sites;
pub mod structure;
pub mod towns;
#[cfg(test)]
mod treatment_checks;
mod treatment_names;
pub mod units;
