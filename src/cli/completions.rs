//! `trialmatch completions`: completion scripts for shells.

use super::output::Output;
use super::{Cli, Failure};
use crate::report::WriteError;
use clap::{Args, CommandFactory};
use std::io::Write;

/// Print the completion script of a shell
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  trialmatch completions bash > ~/.local/share/bash-completion/completions/trialmatch"
)]
pub struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    // The generator panics where writing fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "trialmatch", &mut script);
    let mut output = Output::open(None)?;
    output.write_all(&script).map_err(WriteError::Io)?;
    output.finish()
}
