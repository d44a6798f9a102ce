//! The report as one self-contained page: no script, nothing loaded from elsewhere, made to be printed and taken along.

use super::WriteError;
use super::standing;
use super::table;
use super::text;
use super::types::{Criterion, Match, Report};
use crate::criteria::Section;
use crate::matching::{Outcome, Verdict};
use askama::Template;
use std::io::Write;

/// The questions that the page lists; the others stand at their trials.
const QUESTION_LIMIT: usize = 25;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'r> {
    report: &'r Report,
    warnings: Vec<String>,
}

/// Writes the page.
pub fn write(report: &Report, to: &mut dyn Write) -> Result<(), WriteError> {
    let page = Page { report, warnings: report.snapshot.warnings() };
    // Rendering asks for the sink's own error type, so the page is rendered whole and then written.
    to.write_all(page.render()?.as_bytes())?;
    Ok(())
}

impl Page<'_> {
    fn patient(&self) -> String {
        self.report.patient.as_deref().map_or("without an id".to_owned(), text::one_line)
    }

    fn questions(&self) -> &[super::types::Question] {
        self.report.ask.get(..QUESTION_LIMIT).unwrap_or(&self.report.ask)
    }

    fn line(&self, words: &str) -> String {
        text::one_line(words)
    }

    /// The registry's own words with their line breaks.
    fn quote(&self, words: &str) -> String {
        text::visible(&words.replace("\r\n", "\n")).into_owned()
    }

    fn verdict(&self, verdict: &Verdict) -> &'static str {
        text::verdict(*verdict)
    }

    fn verdict_symbol(&self, verdict: &Verdict) -> &'static str {
        text::verdict_symbol(*verdict)
    }

    fn outcome(&self, outcome: &Outcome) -> &'static str {
        text::outcome(*outcome)
    }

    fn outcome_symbol(&self, outcome: &Outcome) -> &'static str {
        text::outcome_symbol(*outcome)
    }

    /// The style class of an outcome; the words beside it say the same.
    fn outcome_class(&self, outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Wait => "wait",
            Outcome::Unknown => "unknown",
            Outcome::Confirm => "confirm",
            Outcome::Unread => "unread",
        }
    }

    fn section(&self, criterion: &Criterion) -> String {
        let section = match criterion.section {
            Section::Inclusion => "Inclusion",
            Section::Exclusion => "Exclusion",
        };
        match &criterion.field {
            Some(field) => format!("{section}, registry field {}", text::one_line(field)),
            None => section.to_owned(),
        }
    }

    fn is_read(&self, reading: &str) -> bool {
        text::is_read(reading)
    }

    /// The notes that the reading does not say already.
    fn notes<'m>(&self, criterion: &'m Criterion) -> Vec<&'m str> {
        criterion.notes.iter().map(String::as_str).filter(|note| !criterion.reading.contains(note)).collect()
    }

    fn fact(&self, fact: &crate::matching::Fact) -> String {
        text::fact(fact)
    }

    fn plain(&self, constant: &str) -> String {
        text::plain(constant)
    }

    fn phases(&self, found: &Match) -> String {
        text::phases(&found.trial.phases)
    }

    /// Which registries the data comes from, and which are missing.
    fn sources(&self) -> Option<String> {
        table::sources(&self.report.snapshot)
    }

    fn mark(&self, found: &Match) -> Option<&'static str> {
        standing::mark(&found.trial)
    }

    fn disagreements(&self, found: &Match) -> Vec<String> {
        standing::disagreements(&found.trial)
    }

    fn records(&self, found: &Match) -> Vec<String> {
        standing::records(&found.trial)
    }

    /// The record's public page, where it is an ordinary web address.
    fn link<'m>(&self, found: &'m Match) -> Option<&'m str> {
        let url = found.trial.url.as_str();
        let plain = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '\\'));
        (url.starts_with("https://") && plain).then_some(url)
    }

    /// The parts of a criterion that were not read, in its own words.
    fn unread(&self, criterion: &Criterion) -> Vec<String> {
        let Some([start, end]) = criterion.span else { return Vec::new() };
        criterion
            .unread_spans
            .iter()
            .filter(|[from, to]| *from >= start && *to <= end && [*from, *to] != [start, end])
            .map(|[from, to]| {
                let part: String = criterion
                    .text
                    .chars()
                    .skip((from - start) as usize)
                    .take(to.saturating_sub(*from) as usize)
                    .collect();
                text::one_line(&part)
            })
            .collect()
    }
}
