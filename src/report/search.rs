//! What a full-text search found. Searching decides nothing about eligibility.

use super::WriteError;
use super::standing;
use super::table;
use super::text::{self, one_line};
use super::types::{Snapshot, TrialHead};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use std::io::Write;

/// The name of the form.
pub const SEARCH_SCHEMA: &str = "trialmatch.search/1";

/// The answer to a search.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// Always [`SEARCH_SCHEMA`].
    pub schema: &'static str,
    /// The words that were looked for.
    pub query: String,
    /// The registry data that was searched.
    pub snapshot: Snapshot,
    /// The trials, best first.
    pub hits: Vec<Hit>,
}

/// One trial that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// What the trial is.
    pub trial: TrialHead,
    /// How well the words fit; comparable within one answer only.
    pub score: f64,
}

/// Puts the answer together.
pub fn build(query: &str, hits: Vec<Hit>, snapshot: Snapshot) -> Found {
    Found { schema: SEARCH_SCHEMA, query: query.to_owned(), snapshot, hits }
}

/// Writes a table.
pub fn write(found: &Found, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    table::snapshot(&found.snapshot, width, to)?;
    if found.hits.is_empty() {
        writeln!(to, "\nNo trial holds these words.")?;
        return Ok(());
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["Trial", "Status", "Phase", "Title"]);
    for hit in &found.hits {
        table.add_row([
            one_line(&hit.trial.id),
            standing::status_lines(&hit.trial).join("\n"),
            text::phases(&hit.trial.phases),
            one_line(&hit.trial.title),
        ]);
    }
    writeln!(to, "\n{table}")?;
    Ok(())
}
