//! `trialmatch coverage`: how much of the registries' words is read. For the people who build the reader.

use super::Failure;
use clap::Args;
use std::path::PathBuf;

/// Measure how much of the eligibility texts is read
#[derive(Args, Debug)]
pub struct Arguments {
    /// Files of registry records
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let _ = &arguments.files;
    Err(Failure::Input("coverage is not built yet".to_owned()))
}
