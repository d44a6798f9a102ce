//! A decimal number with four places, so that readings can be compared and shared.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decimal(i64);

impl Decimal {
    /// Rounds to four places; saturates.
    pub fn new(value: f64) -> Self {
        Self((value * 10_000.0).round() as i64)
    }

    /// The value.
    pub fn value(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value())
    }
}
