//! `trialmatch` tells which clinical trials a person with secondary (metastatic) breast cancer may be
//! eligible for, criterion by criterion, with the registry's own words as proof.
//!
//! Data flows one way, in this order of modules; `ARCHITECTURE.md` draws it.

#![forbid(unsafe_code)]

pub mod answers;
pub mod cli;
pub mod criteria;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod grammar;
#[cfg(feature = "serve")]
pub mod http;
pub mod index;
pub mod lexicon;
pub mod matching;
pub mod patient;
pub mod registry;
pub mod report;
pub mod store;
pub mod trial;
