//! The filters that `match`, `search` and `screen` share.

use super::Failure;
use crate::report::Selection;
use clap::Args;

/// Filters by registry fields.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Filters")]
pub struct Filters {
    /// Keep trials of this status, such as recruiting or not-yet-recruiting (repeat or separate by commas)
    #[arg(long, value_delimiter = ',', value_name = "STATUS")]
    status: Vec<String>,
    /// Keep trials with a site in this country, as a code or a name: GB, "United States"
    #[arg(long, value_delimiter = ',', value_name = "COUNTRY")]
    country: Vec<String>,
    /// Keep trials of this phase: 1, 2, 3, 4, early_phase1 or na
    #[arg(long, value_delimiter = ',', value_name = "PHASE")]
    phase: Vec<String>,
}

impl Filters {
    /// Checks the words.
    pub fn selection(&self) -> Result<Selection, Failure> {
        Ok(Selection::new(&self.status, &self.country, &self.phase)?)
    }
}
