//! The command line: one file a subcommand. Standard output is data, standard error is everything else.

pub mod ask;
pub mod change;
pub mod changes;
pub mod completions;
pub mod coverage;
pub mod failure;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod filters;
pub mod import;
pub mod man;
pub mod matches;
pub mod output;
pub mod patients;
pub mod profile;
pub mod progress;
pub mod screen;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod show;
pub mod snapshot;
pub mod snapshots;

use clap::{Parser, Subcommand};
pub use failure::Failure;
use output::tell;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tells which clinical trials a person with metastatic breast cancer may be eligible for, criterion by criterion,
/// with the registry's own words as proof.
#[derive(Debug, Parser)]
#[command(
    name = "trialmatch",
    version,
    after_help = "Exit status: 0 done, 1 nothing matched (only with --fail-if-none), 2 bad usage or input, \
                  3 registry or network trouble, 4 damaged index.\n\
                  Without imported registry records the bundled sample is used, and every output says so."
)]
pub struct Cli {
    /// Folder that holds the registry snapshot
    #[arg(long, global = true, env = "TRIALMATCH_INDEX", default_value = "index", value_name = "DIR")]
    pub index: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "fetch")]
    Fetch(fetch::Arguments),
    Import(import::Arguments),
    Match(matches::Arguments),
    Ask(ask::Arguments),
    Change(change::Arguments),
    Screen(screen::Arguments),
    Show(show::Arguments),
    Search(search::Arguments),
    Changes(changes::Arguments),
    Snapshots(snapshots::Arguments),
    Profile(profile::Arguments),
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    #[command(hide = true)]
    Coverage(coverage::Arguments),
}

/// Runs the program with the process's arguments and says how it ended.
pub fn run() -> ExitCode {
    // A panic's message could hold a patient's value; its place cannot.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        tell(format_args!("error: trialmatch ran into a fault of its own{place}; please report it"));
    }));
    match dispatch(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            failure.exit_code()
        }
    }
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let index = cli.index.as_path();
    match cli.command {
        #[cfg(feature = "fetch")]
        Command::Fetch(arguments) => fetch::run(index, &arguments),
        Command::Import(arguments) => import::run(index, &arguments),
        Command::Match(arguments) => matches::run(index, &arguments),
        Command::Ask(arguments) => ask::run(index, &arguments),
        Command::Change(arguments) => change::run(index, &arguments),
        Command::Screen(arguments) => screen::run(index, &arguments),
        Command::Show(arguments) => show::run(index, &arguments),
        Command::Search(arguments) => search::run(index, &arguments),
        Command::Changes(arguments) => changes::run(index, &arguments),
        Command::Snapshots(arguments) => snapshots::run(index, &arguments),
        Command::Profile(arguments) => profile::run(&arguments),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::run(index, &arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
    }
}
