//! The questions for a terminal or a letter.

use super::{Asked, effects, outlook, trials};
use crate::report::WriteError;
use crate::report::table::{snapshot, wrap};
use crate::report::text::{one_line, shorten};
use std::io::Write;

/// The trials that an answer names; more are counted.
const NAMED: usize = 4;

/// The facts that are listed as left.
const LEFT: usize = 8;

/// Writes the questions.
pub fn write(asked: &Asked, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let patient = asked.patient.as_deref().map_or("Patient without an id".to_owned(), |id| format!("Patient {id}"));
    writeln!(to, "What to ask first: {} on {}", one_line(&patient), asked.as_of)?;
    snapshot(&asked.snapshot, width, to)?;
    writeln!(to)?;
    paragraph("", &outlook(asked), width, to)?;
    if asked.questions.is_empty() {
        writeln!(to, "\nNo question would settle anything for a possible trial.")?;
    }
    for question in &asked.questions {
        writeln!(to)?;
        let head = format!("{}. ", question.rank);
        paragraph(&head, &one_line(&question.question), width, to)?;
        paragraph("   To order or look up: ", &one_line(&question.order), width, to)?;
        paragraph("   ", &format!("{} on it.", hang(question.trials.len())), width, to)?;
        for answer in &question.answers {
            let head = format!("   [ ] {}: ", one_line(&answer.answer));
            paragraph(&head, &format!("{}.", effects(answer, NAMED).join("; ")), width, to)?;
        }
    }
    if !asked.left.is_empty() {
        writeln!(to, "\nStill not known after these answers:")?;
        for left in asked.left.iter().take(LEFT) {
            let whom = if left.can_be_asked { "can be asked" } else { "ask the trial's team" };
            let fact = shorten(&one_line(&left.fact), 70);
            paragraph("   ", &format!("{fact} ({}; {whom})", trials(left.trials)), width, to)?;
        }
        let more = asked.left.len().saturating_sub(LEFT);
        if more > 0 {
            writeln!(to, "   and {more} more (--format json names all)")?;
        }
    }
    writeln!(to)?;
    paragraph("", LEGEND, width, to)
}

pub(super) const LEGEND: &str = "What an answer would do was found by matching the patient again with it, alone. \
    The first answer is the usual one; it says nothing about this patient. The decision stays with the clinical team.";

pub(super) fn hang(count: usize) -> String {
    format!("{} {}", trials(count), if count == 1 { "hangs" } else { "hang" })
}

/// Writes a paragraph with a head; the lines after the first stand under its words.
fn paragraph(head: &str, words: &str, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let indent = head.len() - head.trim_start().len();
    let indent = if head.trim().is_empty() { head.len() } else { indent + 3 };
    let mut first = true;
    for line in wrap(&format!("{}{words}", head.trim_start()), width.saturating_sub(indent as u16)) {
        let blank = if first { head.len() - head.trim_start().len() } else { indent };
        writeln!(to, "{:blank$}{line}", "")?;
        first = false;
    }
    Ok(())
}
