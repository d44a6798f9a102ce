//! The vocabulary as data: every row of the TOML files beside this one carries its source, and is loaded and
//! checked once.

pub mod cancers;
pub mod conditions;
pub mod labs;
pub mod names;
pub mod procedures;
pub mod sites;
pub mod units;
