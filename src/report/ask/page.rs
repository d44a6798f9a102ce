//! The questions as one self-contained page to print: room to tick and to write.

use super::table::{LEGEND, hang};
use super::{Answer, Asked, Left, Question, effects, outlook, trials};
use crate::report::WriteError;
use crate::report::{table, text};
use askama::Template;
use std::io::Write;

/// The trials that an answer names; more are counted.
const NAMED: usize = 6;

/// The facts that are listed as left.
const LEFT: usize = 12;

#[derive(Template)]
#[template(path = "ask.html")]
struct Page<'r> {
    asked: &'r Asked,
    warnings: Vec<String>,
}

/// Writes the page.
pub fn write(asked: &Asked, to: &mut dyn Write) -> Result<(), WriteError> {
    let page = Page { asked, warnings: asked.snapshot.warnings() };
    to.write_all(page.render()?.as_bytes())?;
    Ok(())
}

impl Page<'_> {
    fn patient(&self) -> String {
        self.asked.patient.as_deref().map_or("without an id".to_owned(), text::one_line)
    }

    fn line(&self, words: &str) -> String {
        text::one_line(words)
    }

    fn outlook(&self) -> String {
        outlook(self.asked)
    }

    fn sources(&self) -> Option<String> {
        table::sources(&self.asked.snapshot)
    }

    fn effects(&self, answer: &Answer) -> String {
        effects(answer, NAMED).join("; ")
    }

    fn hang(&self, question: &Question) -> String {
        hang(question.trials.len())
    }

    /// The trials of a question, where they fit on the page.
    fn trials(&self, question: &Question) -> String {
        question.trials.iter().map(|trial| text::one_line(&trial.id)).collect::<Vec<_>>().join(", ")
    }

    fn left(&self) -> &[Left] {
        self.asked.left.get(..LEFT).unwrap_or(&self.asked.left)
    }

    fn count(&self, left: &Left) -> String {
        trials(left.trials)
    }

    fn legend(&self) -> &'static str {
        LEGEND
    }
}
