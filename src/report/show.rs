//! A trial with its machine reading beside its own words, for the reader who wants to check the program.

use super::WriteError;
use super::standing::{self, head};
use super::table;
use super::text::{self, one_line, shorten};
use super::types::{Snapshot, TrialHead};
use crate::criteria::Section;
use crate::matching::{Compiled, CompiledCriterion, CompiledTrial};
use crate::trial::Span;
use anstyle::Style;
use serde::Serialize;
use std::io::Write;

/// The name of the form.
pub const SHOW_SCHEMA: &str = "trialmatch.show/1";

/// A trial and how it was read.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// Always [`SHOW_SCHEMA`].
    pub schema: &'static str,
    /// The registry data that it comes from.
    pub snapshot: Snapshot,
    /// What the trial is.
    pub trial: TrialHead,
    /// The eligibility text, verbatim.
    pub eligibility: String,
    /// Headings, lead-ins and labels, as spans of the text.
    pub headings: Vec<[u32; 2]>,
    /// Cohorts named by the text.
    pub cohorts: Vec<String>,
    /// The criteria in the order of the text, structured fields first.
    pub criteria: Vec<ReadCriterion>,
}

/// One criterion as it was read, without a patient.
#[derive(Clone, Debug, Serialize)]
pub struct ReadCriterion {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Characters of the eligibility text; `null` for a structured field.
    pub span: Option<[u32; 2]>,
    /// The structured registry field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Exactly that slice of the text.
    pub text: String,
    /// The cohort that it binds.
    pub cohort: Option<String>,
    /// What was understood, as one plain English sentence.
    pub reading: String,
    /// What was not read of it.
    pub unread_spans: Vec<[u32; 2]>,
    /// Probable registry slips and other notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The snapshot holds no such trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no trial `{id}` among the {trials} trials of the snapshot{suggestion}")]
pub struct UnknownTrial {
    id: String,
    trials: usize,
    suggestion: String,
}

/// Finds a trial by the registry's identifier, or by another that the record cites, in any case.
pub fn find<'c>(compiled: &'c Compiled, id: &str) -> Result<&'c CompiledTrial, UnknownTrial> {
    let wanted = id.trim();
    compiled.find(wanted).ok_or_else(|| {
        let upper = wanted.to_uppercase();
        let ids = compiled.trials.iter().map(|compiled| &compiled.trial.id);
        let near = ids.map(|id| (strsim::damerau_levenshtein(&upper, id), id)).filter(|(distance, _)| *distance <= 2);
        let suggestion = near.min().map(|(_, id)| format!("; did you mean `{id}`?")).unwrap_or_default();
        UnknownTrial { id: shorten(&one_line(wanted), 60), trials: compiled.trials.len(), suggestion }
    })
}

/// Puts a trial's words and its reading together.
pub fn build(compiled: &CompiledTrial, snapshot: Snapshot) -> Shown {
    Shown {
        schema: SHOW_SCHEMA,
        trial: head(&compiled.trial, snapshot.fetched),
        snapshot,
        eligibility: compiled.trial.eligibility.clone(),
        headings: compiled.headings.iter().map(pair).collect(),
        cohorts: compiled.cohorts.clone(),
        criteria: compiled.criteria.iter().map(|criterion| read_criterion(compiled, criterion)).collect(),
    }
}

fn pair(span: &Span) -> [u32; 2] {
    [span.start, span.end]
}

fn read_criterion(compiled: &CompiledTrial, criterion: &CompiledCriterion) -> ReadCriterion {
    let cohort = criterion.cohort.and_then(|place| compiled.cohorts.get(usize::from(place)).cloned());
    ReadCriterion {
        section: criterion.section,
        span: criterion.span.as_ref().map(pair),
        field: criterion.field.clone(),
        text: match &criterion.span {
            Some(span) => slice(&compiled.trial.eligibility, pair(span)),
            None => criterion.text.clone(),
        },
        cohort,
        reading: criterion.reading.clone(),
        unread_spans: criterion.unread.iter().map(pair).collect(),
        notes: criterion.notes.clone(),
    }
}

/// Writes one JSON object and a line break.
pub fn json(shown: &Shown, to: &mut dyn Write) -> Result<(), WriteError> {
    serde_json::to_writer(&mut *to, shown)?;
    to.write_all(b"\n")?;
    Ok(())
}

/// One piece of the text in reading order.
enum Piece<'s> {
    /// A heading's words.
    Heading(String),
    /// A criterion with its reading.
    Criterion(&'s ReadCriterion),
    /// Words that belong to neither.
    Remainder(String),
}

/// Writes the registry's words in their order, each criterion followed by its reading.
pub fn write(shown: &Shown, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let bold = Style::new().bold();
    let trial = &shown.trial;
    writeln!(to, "{bold}{}{bold:#}  {}", one_line(&trial.id), one_line(&trial.title))?;
    let registry = trial.registry.name().to_owned();
    let mut facts = vec![registry, standing::status(trial), text::phases(&trial.phases), one_line(&trial.url)];
    if let Some(words) = &trial.status_stated {
        facts.insert(2, format!("in the registry's words: {}", one_line(words)));
    }
    facts.retain(|fact| !fact.is_empty());
    writeln!(to, "{}", facts.join("; "))?;
    for line in standing::records(trial).into_iter().chain(standing::disagreements(trial)) {
        for line in table::wrap(&line, width) {
            writeln!(to, "{line}")?;
        }
    }
    table::snapshot(&shown.snapshot, width, to)?;
    for (field, criterion) in shown.criteria.iter().filter_map(|c| c.field.as_ref().map(|field| (field, c))) {
        let words = if criterion.text.is_empty() { field } else { &criterion.text };
        writeln!(to, "\n  registry field: {}", one_line(words))?;
        reading(criterion, &shown.eligibility, width, to)?;
    }
    for piece in pieces(shown) {
        match piece {
            Piece::Heading(words) => writeln!(to, "\n{bold}{}{bold:#}", one_line(&words))?,
            Piece::Remainder(words) => {
                quote(&words, "", width, to)?;
                writeln!(to, "    → belongs to no criterion; NOT READ, please read the words above")?;
            }
            Piece::Criterion(criterion) => {
                let cohort = criterion.cohort.as_ref().map(|c| format!(" [{}]", one_line(c))).unwrap_or_default();
                quote(&criterion.text, &cohort, width, to)?;
                reading(criterion, &shown.eligibility, width, to)?;
            }
        }
    }
    Ok(())
}

/// Cuts the text into pieces in reading order. What stands in no heading and no criterion becomes a remainder, so that
/// nothing of the text is left out.
fn pieces(shown: &Shown) -> Vec<Piece<'_>> {
    let headings = shown.headings.iter().map(|span| (*span, None));
    let criteria = shown.criteria.iter().filter_map(|criterion| Some((criterion.span?, Some(criterion))));
    let mut spans: Vec<([u32; 2], Option<&ReadCriterion>)> = headings.chain(criteria).collect();
    spans.sort_by_key(|(span, _)| *span);
    let remainder = |start, end| {
        let words = slice(&shown.eligibility, [start, end]);
        // Bullets and numbers between criteria are no words.
        words.chars().any(char::is_alphabetic).then_some(Piece::Remainder(words))
    };
    let mut pieces = Vec::new();
    let mut told = 0;
    for (span, criterion) in spans {
        pieces.extend(remainder(told, span[0]));
        pieces.push(match criterion {
            Some(criterion) => Piece::Criterion(criterion),
            None => Piece::Heading(slice(&shown.eligibility, span)),
        });
        // A tag that breaks the line stands among the headings and says nothing.
        let tag = |piece: &Piece<'_>| matches!(piece, Piece::Heading(words) if words.starts_with('<') && words.ends_with('>'));
        if pieces.last().is_some_and(tag) {
            pieces.pop();
        }
        told = told.max(span[1]);
    }
    pieces.extend(remainder(told, u32::MAX));
    pieces
}

fn quote(words: &str, cohort: &str, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    writeln!(to)?;
    for line in table::wrap(&format!("“{}”{cohort}", one_line(words)), width.saturating_sub(2)) {
        writeln!(to, "  {line}")?;
    }
    Ok(())
}

fn reading(criterion: &ReadCriterion, eligibility: &str, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let section = match criterion.section {
        Section::Inclusion => "inclusion",
        Section::Exclusion => "exclusion",
    };
    let whole = !text::is_read(&criterion.reading);
    let said = if whole { "NOT READ; please read the words above".to_owned() } else { one_line(&criterion.reading) };
    let mut lines = table::wrap(&format!("{section}: {said}"), width.saturating_sub(6));
    if !whole {
        for span in criterion.unread_spans.iter().filter(|span| Some(**span) != criterion.span) {
            lines.extend(table::wrap(
                &format!("not read: “{}”", one_line(&slice(eligibility, *span))),
                width.saturating_sub(6),
            ));
        }
    }
    for note in criterion.notes.iter().filter(|note| !criterion.reading.contains(note.as_str())) {
        lines.extend(table::wrap(&format!("note: {}", one_line(note)), width.saturating_sub(6)));
    }
    for (number, line) in lines.iter().enumerate() {
        writeln!(to, "    {} {line}", if number == 0 { "→" } else { " " })?;
    }
    Ok(())
}

/// Cuts characters out of a text.
fn slice(text: &str, [start, end]: [u32; 2]) -> String {
    text.chars().skip(start as usize).take(end.saturating_sub(start) as usize).collect()
}
