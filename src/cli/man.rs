//! `trialmatch man`: the manual page.

use super::output::Output;
use super::{Cli, Failure};
use crate::report::WriteError;
use clap::{Args, CommandFactory};
use std::io::Write;

/// Print the manual page (roff), all subcommands one after the other
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  trialmatch man | man -l -")]
pub struct Arguments {}

/// Runs the command.
pub fn run(_arguments: &Arguments) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(WriteError::Io)?;
    for subcommand in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        let named = subcommand.clone().display_name(format!("trialmatch {}", subcommand.get_name()));
        clap_mangen::Man::new(named).render(&mut page).map_err(WriteError::Io)?;
    }
    let mut output = Output::open(None)?;
    output.write_all(&page).map_err(WriteError::Io)?;
    output.finish()
}
