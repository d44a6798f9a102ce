//! The change report as a handout of two sides of A4: what closes, opens and stays, and room for notes.

use super::WriteError;
use super::change::ChangeReport;
use std::io::Write;

/// Writes the page.
pub fn write(report: &ChangeReport, to: &mut dyn Write) -> Result<(), WriteError> {
    super::change_table::write(report, 100, to)
}
