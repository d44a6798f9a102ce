//! Rows of a population screen: NDJSON (`trialmatch.screen/1`) or CSV, one row a patient and trial.

use super::WriteError;
use super::build::{Selected, counts, found, score};
use super::csv::Row;
use super::standing::Standing;
use super::text;
use super::types::{Counts, Match, Snapshot};
use crate::matching::{Summary, TrialMatch, Verdict};
use jiff::civil::Date;
use serde::Serialize;
use std::io::Write;

/// The name of the screening row's form.
pub const SCREEN_SCHEMA: &str = "trialmatch.screen/1";

#[derive(Serialize)]
struct ShortRow<'r> {
    schema: &'static str,
    patient: &'r str,
    trial: &'r str,
    verdict: Verdict,
    rank: usize,
    score: f64,
    counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest_start: Option<Date>,
    status: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_update: Option<&'r str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unverified: bool,
    fetched: Date,
    stale: bool,
    sample: bool,
}

/// What a short row says of a trial.
pub struct Short<'c> {
    trial: &'c str,
    standing: Standing<'c>,
    verdict: Verdict,
    score: f64,
    counts: Counts,
    earliest_start: Option<Date>,
    ask: Vec<String>,
}

impl<'c> Short<'c> {
    /// Takes a summary as seen on the profile's day; `ask` lists the missing facts, for the rows that name them.
    pub fn new(summary: &Summary<'c>, ask: Vec<String>, as_of: Date) -> Self {
        Self {
            trial: &summary.trial.trial.id,
            standing: Standing::of(&summary.trial.trial, as_of),
            verdict: summary.verdict,
            score: score(summary.score),
            counts: Counts::of(&summary.counts),
            earliest_start: summary.earliest_start,
            ask,
        }
    }
}

impl<'c> Short<'c> {
    /// Takes an explained trial.
    pub fn explained(found: TrialMatch<'c>, as_of: Date) -> Self {
        Self {
            trial: &found.trial.id,
            standing: Standing::of(found.trial, as_of),
            verdict: found.verdict,
            score: score(found.score),
            counts: counts(&found.criteria),
            earliest_start: found.earliest_start,
            ask: found.ask,
        }
    }
}

#[derive(Serialize)]
struct FullRow<'r> {
    patient: &'r str,
    as_of: Date,
    snapshot: &'r Snapshot,
    #[serde(flatten)]
    found: Match,
}

/// Writes a patient's trials as NDJSON rows.
pub fn ndjson(
    patient: &str,
    snapshot: &Snapshot,
    selected: Selected<Short<'_>>,
    to: &mut dyn Write,
) -> Result<(), WriteError> {
    for (rank, trial) in selected.listed {
        let row = ShortRow {
            schema: SCREEN_SCHEMA,
            patient,
            trial: trial.trial,
            verdict: trial.verdict,
            rank,
            score: trial.score,
            counts: trial.counts,
            earliest_start: trial.earliest_start,
            status: trial.standing.status,
            verified: trial.standing.verified,
            last_update: trial.standing.last_update,
            unverified: trial.standing.unverified,
            fetched: snapshot.fetched,
            stale: snapshot.stale,
            sample: snapshot.sample,
        };
        serde_json::to_writer(&mut *to, &row)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes a patient's trials as NDJSON, each row as full as in the match report.
pub fn explained(
    patient: &str,
    as_of: Date,
    snapshot: &Snapshot,
    selected: Selected<TrialMatch<'_>>,
    to: &mut dyn Write,
) -> Result<(), WriteError> {
    for (rank, trial) in selected.listed {
        let row = FullRow { patient, as_of, snapshot, found: found(trial, rank, as_of) };
        serde_json::to_writer(&mut *to, &row)?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

const HEADER: [&str; 21] = [
    "patient",
    "trial",
    "verdict",
    "rank",
    "score",
    "pass",
    "fail",
    "wait",
    "unknown",
    "confirm",
    "unread",
    "earliest_start",
    "ask",
    "status",
    "verified",
    "last_update",
    "unverified",
    "snapshot",
    "fetched",
    "stale",
    "sample",
];

/// Writes the CSV header.
pub fn csv_header(to: &mut dyn Write) -> Result<(), WriteError> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(HEADER)?;
    writer.flush()?;
    Ok(())
}

/// Writes a patient's trials as CSV rows, without the header.
pub fn csv_rows(
    patient: &str,
    snapshot: &Snapshot,
    selected: Selected<Short<'_>>,
    to: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(to);
    for (rank, trial) in selected.listed {
        let mut row = Row(&mut writer);
        row.cell(patient)?;
        row.cell(trial.trial)?;
        row.cell(text::verdict(trial.verdict))?;
        row.cell(&rank.to_string())?;
        row.cell(&trial.score.to_string())?;
        row.counts(&trial.counts)?;
        row.cell(&trial.earliest_start.map(|date| date.to_string()).unwrap_or_default())?;
        row.cell(&trial.ask.join("; "))?;
        row.cell(trial.standing.status)?;
        row.cell(trial.standing.verified.unwrap_or(""))?;
        row.cell(trial.standing.last_update.unwrap_or(""))?;
        row.cell(if trial.standing.unverified { "true" } else { "false" })?;
        row.snapshot(snapshot)?;
        row.end()?;
    }
    writer.flush()?;
    Ok(())
}
