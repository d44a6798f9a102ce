//! The report as CSV: one row a trial, safe to open in a spreadsheet.

use super::WriteError;
use super::standing;
use super::text;
use super::types::{Match, NearestSite, Report, Snapshot};
use crate::matching::Outcome;
use std::borrow::Cow;
use std::io::Write;

const HEADER: [&str; 34] = [
    "patient",
    "as_of",
    "rank",
    "trial",
    "other_ids",
    "registry",
    "title",
    "status",
    "phases",
    "url",
    "last_update",
    "verified",
    "unverified",
    "disagreements",
    "verdict",
    "score",
    "pass",
    "fail",
    "wait",
    "unknown",
    "confirm",
    "unread",
    "earliest_start",
    "ask",
    "stands_in_the_way",
    "nearest_site",
    "distance_km",
    "site_contact",
    "registries",
    "missing_registries",
    "snapshot",
    "fetched",
    "stale",
    "sample",
];

/// Writes a header and one row a trial.
pub fn write(report: &Report, to: &mut dyn Write) -> Result<(), WriteError> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(HEADER)?;
    for found in &report.matches {
        let mut row = Row(&mut writer);
        row.cell(report.patient.as_deref().unwrap_or(""))?;
        row.cell(&report.as_of.to_string())?;
        trial(&mut row, found)?;
        let held: Vec<String> = report.snapshot.registries.iter().map(|held| held.say()).collect();
        let missing: Vec<&str> = report.snapshot.missing.iter().map(|registry| registry.word()).collect();
        row.cell(&held.join("; "))?;
        row.cell(&missing.join("; "))?;
        row.snapshot(&report.snapshot)?;
        row.end()?;
    }
    writer.flush()?;
    Ok(())
}

fn trial<W: Write>(row: &mut Row<'_, W>, found: &Match) -> Result<(), WriteError> {
    let reasons: Vec<String> = found
        .criteria
        .iter()
        .filter(|criterion| criterion.outcome == Outcome::Fail)
        .map(|criterion| format!("{}: {}", criterion.reading, criterion.text))
        .collect();
    row.cell(&found.rank.to_string())?;
    row.cell(&found.trial.id)?;
    row.cell(&found.trial.other_ids.join("; "))?;
    row.cell(found.trial.registry.word())?;
    row.cell(&found.trial.title)?;
    row.cell(&found.trial.status)?;
    row.cell(&found.trial.phases.join("; "))?;
    row.cell(&found.trial.url)?;
    row.cell(found.trial.last_update.as_deref().unwrap_or(""))?;
    row.cell(found.trial.verified.as_deref().unwrap_or(""))?;
    row.cell(if found.trial.unverified { "true" } else { "false" })?;
    row.cell(&standing::disagreements(&found.trial).join(" | "))?;
    row.cell(text::verdict(found.verdict))?;
    row.cell(&found.score.to_string())?;
    row.counts(&found.counts)?;
    row.cell(&found.earliest_start.map(|date| date.to_string()).unwrap_or_default())?;
    row.cell(&found.ask.join("; "))?;
    row.cell(&reasons.join(" | "))?;
    let site = found.nearest_site.as_ref();
    row.cell(&site.map(NearestSite::place).unwrap_or_default())?;
    row.cell(&site.and_then(|s| s.distance_km).map(|d| d.to_string()).unwrap_or_default())?;
    row.cell(site.and_then(|s| s.contact.as_deref()).unwrap_or(""))
}

/// A row under construction.
pub struct Row<'w, W: Write>(pub &'w mut csv::Writer<W>);

impl<W: Write> Row<'_, W> {
    /// Writes one cell.
    pub fn cell(&mut self, text: &str) -> Result<(), WriteError> {
        Ok(self.0.write_field(safe(text).as_bytes())?)
    }

    /// Writes the six cells of the outcome counts.
    pub fn counts(&mut self, counts: &super::types::Counts) -> Result<(), WriteError> {
        for count in [counts.pass, counts.fail, counts.wait, counts.unknown, counts.confirm, counts.unread] {
            self.cell(&count.to_string())?;
        }
        Ok(())
    }

    /// Writes the four cells that name the registry data.
    pub fn snapshot(&mut self, snapshot: &Snapshot) -> Result<(), WriteError> {
        self.cell(&snapshot.id)?;
        self.cell(&snapshot.fetched.to_string())?;
        self.cell(if snapshot.stale { "true" } else { "false" })?;
        self.cell(if snapshot.sample { "true" } else { "false" })
    }

    /// Ends the row.
    pub fn end(self) -> Result<(), WriteError> {
        Ok(self.0.write_record(None::<&[u8]>)?)
    }
}

/// Makes a cell safe: hidden characters become visible, and what a spreadsheet would take for a formula is quoted
/// with an apostrophe.
fn safe(cell: &str) -> Cow<'_, str> {
    let shown = text::visible(cell);
    let starts_formula = shown.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_formula || shown.starts_with(['\t', '\n']) { Cow::Owned(format!("'{shown}")) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulae_are_neutralised() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            (" @SUM(A1)", "' @SUM(A1)"),
            ("-2", "'-2"),
            ("\t=1", "'\t=1"),
            ("HER2 = 1+", "HER2 = 1+"),
            ("a\u{202e}b", "a[U+202E]b"),
        ] {
            assert_eq!(safe(cell), expected);
        }
    }
}
