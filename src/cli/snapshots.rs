//! `trialmatch snapshots`: which snapshots there are to answer from.

use super::output::Output;
use super::{Failure, snapshot};
use crate::report::WriteError;
use crate::store::{Publication, Store};
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use std::io::Write;
use std::path::Path;

/// List the snapshots that were published, the last first; `match` and `show` answer from any of them
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch snapshots\n  \
    trialmatch match patient.json --snapshot 2026-10-30")]
pub struct Arguments {}

/// Runs the command.
pub fn run(index: &Path, _: &Arguments) -> Result<(), Failure> {
    let publications = match Store::open_read(index).map_err(snapshot::failure)? {
        Some(store) => store.publications().map_err(snapshot::failure)?,
        None => Vec::new(),
    };
    let mut output = Output::open(None)?;
    if publications.is_empty() {
        writeln!(output, "Nothing was imported yet; the bundled sample is used.").map_err(WriteError::Io)?;
    } else {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["Snapshot", "Data of", "Trials", "Registries", "Made by"]);
        for published in publications.iter().rev() {
            table.add_row(row(published));
        }
        writeln!(output, "{table}").map_err(WriteError::Io)?;
    }
    output.finish()
}

fn row(published: &Publication) -> [String; 5] {
    let share = |share: &crate::store::RegistryShare| {
        format!("{}: {} records of {}", share.registry.name(), share.records, share.fetched)
    };
    let registries: Vec<String> = published.registries.iter().map(share).collect();
    [
        published.generation.clone(),
        published.fetched.to_string(),
        published.trials.to_string(),
        registries.join("\n"),
        format!("{}, reader {}", published.created_by, published.reader_version),
    ]
}
