//! `trialmatch profile`: checks profiles and describes their form.

use super::output::Output;
use super::{Failure, patients};
use crate::patient::schema;
use crate::report::WriteError;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

/// Check a patient profile, or print the form of profiles
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch profile check patient.json\n  \
    trialmatch profile schema > profile.schema.json")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check that a profile can be read: unknown keys, unknown words, facts that contradict each other
    Check {
        /// The patient profile (JSON or TOML); `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print the JSON Schema of profiles
    Schema,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut output = Output::open(None)?;
    match &arguments.what {
        What::Check { file } => {
            let profile = patients::one(file)?;
            writeln!(output, "{}: a valid profile, as of {}", file.display(), profile.as_of).map_err(WriteError::Io)?;
        }
        What::Schema => {
            serde_json::to_writer_pretty(&mut output, &schema::profile_schema()).map_err(WriteError::Json)?;
            output.write_all(b"\n").map_err(WriteError::Io)?;
        }
    }
    output.finish()
}
