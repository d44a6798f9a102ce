//! A report as JSON: one compact line and a line break, the same bytes from the command line and the service.

use super::WriteError;
use serde::Serialize;
use std::io::Write;

/// Writes a report as one JSON object and a line break.
pub fn write(report: &impl Serialize, to: &mut dyn Write) -> Result<(), WriteError> {
    serde_json::to_writer(&mut *to, report)?;
    to.write_all(b"\n")?;
    Ok(())
}
