//! (under construction)

pub mod country;
