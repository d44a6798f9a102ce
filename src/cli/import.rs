//! `trialmatch import`: registry records from files at hand.

use super::output::tell;
use super::{Failure, progress, snapshot};
use crate::store::{Store, import};
use clap::Args;
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// The refused records that are named one by one; the others are counted.
const NAMED: usize = 20;

/// Bring registry records into the index from files
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch import ctgov.ndjson.gz\n  \
    trialmatch import --fetched 2026-10-30 records/*.json\n  \
    trialmatch import isrctn.xml ctis/*.json ICTRP-Results.xml ICTRP-Results.csv\n\n\
    ClinicalTrials.gov API v2 and EU CTIS in JSON (one record, an array, a page, or one record a line), ISRCTN in XML,\n\
    exports of WHO ICTRP in CSV or XML; plain or gzip, told by their content.\n\
    A record that cannot be read is refused by file and line, and the others are taken.")]
pub struct Arguments {
    /// Files of registry records
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The day on which the files were fetched from the registry (default: today, UTC)
    #[arg(long, value_name = "DATE")]
    fetched: Option<Date>,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let fetched = arguments.fetched.unwrap_or_else(snapshot::today);
    let mut store = Store::open(index).map_err(snapshot::failure)?;
    let bars = progress::Bars::default();
    let report =
        import::import(&mut store, &arguments.files, &import::ImportOptions { fetched }, &bars).map_err(|error| {
            match error {
                import::ImportError::Store(error) => snapshot::failure(error),
                error => Failure::input(&error),
            }
        })?;
    said(&report);
    Ok(())
}

/// Says what was brought in, and what could not be.
pub fn said(report: &import::ImportReport) {
    for refused in report.refused.iter().take(NAMED) {
        tell(format_args!("refused: {}:{}: {}", refused.file.display(), refused.line, refused.reason));
    }
    if report.refused.len() > NAMED {
        tell(format_args!("refused: and {} more", report.refused.len() - NAMED));
    }
    tell(format_args!(
        "{} records read: {} added, {} updated, {} unchanged, {} refused; the index holds {} trials (generation {})",
        report.read,
        report.added,
        report.updated,
        report.unchanged,
        report.refused.len(),
        report.trials,
        report.generation
    ));
}
