//! `trialmatch screen`: many patients against all trials, a row a patient and trial.

use super::output::Output;
use super::output::tell;
use super::patients::{self, BadRow, Row};
use super::{Failure, filters::Filters, progress, snapshot};
use crate::answers::describe;
use crate::matching::Evaluation;
use crate::report::screen::{self, Short};
use crate::report::{Selection, WriteError, build};
use crate::store::Snapshot;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Patients that are read, matched in parallel and written before the next are read: bounds memory, keeps order.
const BATCH: usize = 256;

/// The bad rows that are named on standard error; the others are counted.
const NAMED: usize = 20;

/// Match many patients, one row a patient and trial
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch screen patients/ --output rows.ndjson\n  \
    trialmatch screen clinic.csv --format csv --country GB --errors bad.ndjson\n  \
    trialmatch screen cohort.ndjson --explain --all\n\n\
    Rows come in the order of the patients. A patient that cannot be read is named by file and line, the others are\n\
    done, and the exit status is then 2.")]
pub struct Arguments {
    /// Profiles (.json, .toml), one profile a line (.ndjson), flat tables (.csv), or folders; `-` reads NDJSON
    #[arg(required = true, value_name = "PATIENTS")]
    patients: Vec<PathBuf>,
    /// Write the ineligible trials too
    #[arg(long)]
    all: bool,
    /// Write no more than N trials a patient
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How rows are written
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// Write each row with its criteria, as in the match report (NDJSON)
    #[arg(long)]
    explain: bool,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write the patients that could not be read to FILE (NDJSON) instead of standard error
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    #[command(flatten)]
    filters: Filters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object a line
    Ndjson,
    /// For a spreadsheet
    Csv,
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    if arguments.explain && arguments.format == Format::Csv {
        return Err(Failure::Input(
            "--explain needs --format ndjson: a criterion list has no place in a CSV row".into(),
        ));
    }
    let mut selection = arguments.filters.selection()?;
    selection.all = arguments.all;
    selection.limit = arguments.limit;
    let files = patients::files(&arguments.patients)?;
    let snapshot = snapshot::load(index)?;
    let mut output = Output::open(arguments.output.as_deref())?;
    let mut errors = Errors::open(arguments.errors.as_deref())?;
    let mut old = false;
    if arguments.format == Format::Csv {
        screen::csv_header(&mut output)?;
    }
    let bar = progress::bar(None, "patients");
    let mut rows = files.iter().flat_map(|file| patients::rows(file));
    loop {
        let batch: Vec<Row> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let done: Vec<Result<Written, BadRow>> = batch
            .into_par_iter()
            .map(|row| row.read().map(|(profile, id)| write_patient(&snapshot, &profile, &id, &selection, arguments)))
            .collect();
        bar.inc(done.len() as u64);
        for patient in done {
            match patient {
                Ok(Written { bytes, stale }) => {
                    old |= stale;
                    output.write_all(&bytes?).map_err(WriteError::Io)?;
                }
                Err(bad) => errors.add(&bad)?,
            }
        }
    }
    bar.finish_and_clear();
    output.finish()?;
    if snapshot.meta.sample {
        tell(format_args!(
            "warning: these rows are SAMPLE DATA: the trials are invented; import registry records first"
        ));
    }
    if old {
        tell(format_args!("warning: OLD DATA: the registry data is of {}", snapshot.meta.fetched));
    }
    errors.finish()
}

/// One patient's rows, ready to be written.
struct Written {
    bytes: Result<Vec<u8>, WriteError>,
    stale: bool,
}

fn write_patient(
    snapshot: &Snapshot,
    profile: &crate::patient::Profile,
    id: &str,
    selection: &Selection,
    arguments: &Arguments,
) -> Written {
    let described = describe(snapshot, Some(profile.as_of));
    let evaluation = Evaluation::new(&snapshot.compiled, profile);
    let selected = build::select(evaluation.ranked(), selection);
    let mut bytes = Vec::new();
    let written = match (arguments.format, arguments.explain) {
        (Format::Csv, _) => {
            let rows = selected.map(|summary| Short::new(&summary, evaluation.ask(summary.trial), profile.as_of));
            screen::csv_rows(id, &described, rows, &mut bytes)
        }
        (Format::Ndjson, false) => {
            let rows = selected.map(|summary| Short::new(&summary, Vec::new(), profile.as_of));
            screen::ndjson(id, &described, rows, &mut bytes)
        }
        (Format::Ndjson, true) => {
            let rows = selected.map(|summary| evaluation.explain(&summary));
            screen::explained(id, profile.as_of, &described, rows, &mut bytes)
        }
    };
    Written { bytes: written.map(|()| bytes), stale: described.stale }
}

/// The list of patients that could not be read.
struct Errors {
    file: Option<Output>,
    count: usize,
}

impl Errors {
    fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let file = path.map(|path| Output::open(Some(path))).transpose()?;
        Ok(Self { file, count: 0 })
    }

    fn add(&mut self, bad: &BadRow) -> Result<(), Failure> {
        self.count += 1;
        match &mut self.file {
            Some(file) => {
                serde_json::to_writer(&mut *file, bad).map_err(WriteError::Json)?;
                file.write_all(b"\n").map_err(WriteError::Io)?;
            }
            None if self.count <= NAMED => match bad.line {
                Some(line) => tell(format_args!("refused: {}:{line}: {}", bad.file, bad.reason)),
                None => tell(format_args!("refused: {}: {}", bad.file, bad.reason)),
            },
            None => {}
        }
        Ok(())
    }

    /// Ends the list; a list with entries is a failure of input.
    fn finish(self) -> Result<(), Failure> {
        if let Some(file) = self.file {
            file.finish()?;
        }
        match self.count {
            0 => Ok(()),
            1 => Err(Failure::Input("1 patient could not be read; the others are done".to_owned())),
            count => Err(Failure::Input(format!("{count} patients could not be read; the others are done"))),
        }
    }
}
