//! The change report as tables for a terminal.

use super::WriteError;
use super::change::{ChangeReport, PlanReport, Sentence};
use super::change_words::{again, facts, from, heading, place, quote, side_by_side, totals, until};
use super::standing;
use super::table::{self, wrap};
use super::text::{self, one_line};
use super::types::{NearestSite, TrialHead};
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::io::Write;

/// The characters of a quotation that a row shows; JSON shows all.
const QUOTE_LIMIT: usize = 280;

/// The sentences that a row quotes; the others are counted.
const SENTENCE_LIMIT: usize = 3;

/// Writes the report.
pub fn write(report: &ChangeReport, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let patient = report.patient.as_deref().map_or("Patient without an id".to_owned(), |id| format!("Patient {id}"));
    writeln!(to, "{} on {}: before the treatment changes", one_line(&patient), report.as_of)?;
    table::snapshot(&report.snapshot, width, to)?;
    for note in &report.notes {
        lines(&format!("! {note}"), width, to)?;
    }
    if !report.alternatives.is_empty() {
        beside(report, width, to)?;
    }
    for plan in report.plans() {
        writeln!(to, "\n== {} ==", heading(plan))?;
        writeln!(to, "{}", totals(plan))?;
        if plan.filtered_out > 0 {
            writeln!(to, "{} outside the filters, not looked at", plan.filtered_out)?;
        }
        one(plan, width, to)?;
    }
    writeln!(to)?;
    lines(report.method, width, to)?;
    lines(
        "What a text says decides here, and only what was read of it. The decision stays with the clinical team.",
        width,
        to,
    )
}

fn lines(words: &str, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    for line in wrap(words, width) {
        writeln!(to, "{line}")?;
    }
    Ok(())
}

fn fresh(width: u16, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width).enforce_styling();
    table.set_header(header);
    table
}

/// All plans side by side: the trials that one of them closes or opens.
fn beside(report: &ChangeReport, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let rows = side_by_side(report);
    if rows.is_empty() {
        return Ok(());
    }
    let headings: Vec<String> = report.plans().map(heading).collect();
    let header: Vec<&str> = std::iter::once("Trial").chain(headings.iter().map(String::as_str)).collect();
    let mut table = fresh(width, &header);
    for (trial, effects) in rows {
        let cells = effects.into_iter().map(|effect| match effect {
            "closes" => Cell::new(effect).fg(Color::Red),
            "opens" => Cell::new(effect).fg(Color::Green),
            _ => Cell::new(effect),
        });
        table.add_row(std::iter::once(Cell::new(trial)).chain(cells));
    }
    writeln!(to, "\nPlans side by side:\n{table}")?;
    Ok(())
}

fn one(plan: &PlanReport, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let mut closes = fresh(width, &["#", "Closes", "What it is", "The sentence that decides"]);
    for closing in &plan.closes {
        let mut said = vec![format!("{} now; {}", text::verdict(closing.now), until(closing))];
        said.extend(quoted(&closing.because));
        said.extend(closing.trial_first.clone());
        row(&mut closes, &closing.rank.to_string(), &closing.trial, closing.nearest_site.as_ref(), &said, Color::Red);
    }
    let mut opens = fresh(width, &["", "Opens", "What it is", "The sentence that decides"]);
    for opening in &plan.opens {
        let mut said = vec![format!("{} after; {}", text::verdict(opening.after), from(opening))];
        said.extend(quoted(&opening.because));
        row(&mut opens, "", &opening.trial, opening.nearest_site.as_ref(), &said, Color::Green);
    }
    let mut stays = fresh(width, &["#", "Stays", "What it is", "When"]);
    for staying in &plan.stays {
        let verdicts = format!("{} now, {} after", text::verdict(staying.now), text::verdict(staying.after));
        let mut said = vec![format!("{verdicts}; {}", again(staying))];
        said.extend(quoted(&staying.washout));
        row(&mut stays, &staying.rank.to_string(), &staying.trial, staying.nearest_site.as_ref(), &said, Color::Reset);
    }
    for (table, empty) in
        [(closes, plan.closes.is_empty()), (opens, plan.opens.is_empty()), (stays, plan.stays.is_empty())]
    {
        if !empty {
            writeln!(to, "\n{table}")?;
        }
    }
    Ok(())
}

fn row(table: &mut Table, rank: &str, trial: &TrialHead, site: Option<&NearestSite>, said: &[String], colour: Color) {
    if let Some(column) = table.column_mut(2) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(28)));
    }
    let mut identity = vec![one_line(&trial.id)];
    identity.extend(standing::status_lines(trial));
    let mut what = vec![one_line(&trial.title)];
    if let Some(site) = site {
        let distance = site.distance().map(|distance| format!(" ({distance})")).unwrap_or_default();
        what.push(format!("nearest site: {}{distance}", one_line(&site.place())));
        what.extend(site.contact.as_ref().map(|contact| format!("contact: {}", one_line(contact))));
    }
    table.add_row([
        Cell::new(rank),
        Cell::new(identity.join("\n")),
        Cell::new(what.join("\n")),
        Cell::new(said.join("\n")).fg(colour),
    ]);
}

/// The sentences with what was understood and the facts behind them.
fn quoted(sentences: &[Sentence]) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for sentence in sentences.iter().take(SENTENCE_LIMIT) {
        said.push(format!("{}: {}", place(sentence), quote(sentence, QUOTE_LIMIT)));
        if text::is_read(&sentence.reading) {
            said.push(format!("  read as: {}", one_line(&sentence.reading)));
        }
        if !sentence.evidence.is_empty() {
            said.push(format!("  because {}", facts(sentence)));
        }
    }
    if sentences.len() > SENTENCE_LIMIT {
        said.push(format!("and {} more sentences", sentences.len() - SENTENCE_LIMIT));
    }
    said
}
