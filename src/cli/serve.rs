//! `trialmatch serve`: the local HTTP service.

use super::output::tell;
use super::{Failure, snapshot};
use crate::http;
use clap::Args;
use std::net::SocketAddr;
use std::path::Path;

/// Serve the HTTP interface on this machine
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch serve\n  \
    curl --json @patient.json 'http://127.0.0.1:8080/api/v1/match?country=GB'\n\n\
    Only programs on this machine can connect. Patient data travels in the bodies of POST requests only, and none is kept.")]
pub struct Arguments {
    /// Address and port to listen on; a loopback address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// Runs the service until it is told to stop.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    http::check_address(arguments.listen).map_err(|error| Failure::input(&error))?;
    let snapshot = snapshot::load(index)?;
    snapshot::warn_if_old(&snapshot);
    if snapshot.meta.sample {
        tell(format_args!("warning: the index is empty; SAMPLE DATA is served, and every answer says so"));
    }
    let started = |address: SocketAddr| tell(format_args!("listening on http://{address}"));
    http::serve_blocking(arguments.listen, snapshot, started).map_err(|error| Failure::input(&error))
}
