//! The report as a table for a terminal of 80 to 160 columns. Colour repeats what words already say; the caller
//! strips it where the output is no terminal.

use super::WriteError;
use super::standing;
use super::text::{self, one_line, shorten};
use super::types::{Match, Report, Snapshot};
use crate::criteria::Section;
use crate::matching::near_miss::Change;
use crate::matching::{Outcome, Verdict};
use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::io::Write;

/// The narrowest and the widest table that reads well.
const WIDTHS: std::ops::RangeInclusive<u16> = 80..=160;

/// The width where the output is no terminal.
const WIDTH_OF_FILES: u16 = 100;

/// The characters of a quotation that a table shows; JSON and HTML show all.
const QUOTE_LIMIT: usize = 320;

/// The unread criteria that a row quotes; the others are counted.
const UNREAD_LIMIT: usize = 3;

/// The missing facts that a row names; the others are counted.
const ASK_LIMIT: usize = 6;

/// Gives the table's width for a terminal of so many columns, or for a file.
pub fn width(terminal: Option<u16>) -> u16 {
    terminal.map_or(WIDTH_OF_FILES, |columns| columns.clamp(*WIDTHS.start(), *WIDTHS.end()))
}

/// Writes the report.
pub fn write(report: &Report, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let patient = report.patient.as_deref().map_or("Patient without an id".to_owned(), |id| format!("Patient {id}"));
    writeln!(to, "{} on {}", one_line(&patient), report.as_of)?;
    snapshot(&report.snapshot, width, to)?;
    writeln!(to)?;
    let totals = report.totals;
    writeln!(to, "{} eligible, {} possible, {} ineligible", totals.eligible, totals.possible, totals.ineligible)?;
    for line in not_listed(report) {
        writeln!(to, "{line}")?;
    }
    if !report.matches.is_empty() {
        writeln!(to)?;
        writeln!(to, "{}", matches(report, width))?;
    }
    near_misses(report, to)?;
    questions(report, to)?;
    writeln!(to)?;
    for line in wrap(LEGEND, width) {
        writeln!(to, "{line}")?;
    }
    Ok(())
}

const LEGEND: &str = "eligible: nothing stands in the way, only waiting and what a person must confirm. possible: \
    something is not known or not read. ineligible: a criterion is not met. The decision stays with the clinical team.";

/// Writes what registry data was used, with its warnings.
pub fn snapshot(snapshot: &Snapshot, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let trials = if snapshot.trials == 1 { "1 trial".to_owned() } else { format!("{} trials", snapshot.trials) };
    writeln!(to, "Registry data of {}, {trials} (snapshot {})", snapshot.fetched, snapshot.id)?;
    if let Some(line) = sources(snapshot) {
        for line in wrap(&line, width) {
            writeln!(to, "{line}")?;
        }
    }
    let loud = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    for warning in snapshot.warnings() {
        for line in wrap(&format!("!! {warning}"), width) {
            writeln!(to, "{loud}{line}{loud:#}")?;
        }
    }
    Ok(())
}

/// Says which registries the data comes from, how old each share is, and which are missing. The sample is none.
pub fn sources(snapshot: &Snapshot) -> Option<String> {
    if snapshot.sample || snapshot.registries.is_empty() {
        return None;
    }
    let held: Vec<String> = snapshot.registries.iter().map(|held| held.say()).collect();
    let missing: Vec<&str> = snapshot.missing.iter().map(|registry| registry.name()).collect();
    let missing = if missing.is_empty() {
        "No registry is missing.".to_owned()
    } else {
        format!("Missing: {}.", missing.join(", "))
    };
    Some(format!("From {}. {missing}", held.join(", ")))
}

/// Says what was evaluated and is not listed.
fn not_listed(report: &Report) -> Vec<String> {
    let hidden = report.not_listed;
    [
        (hidden.ineligible, "ineligible not listed; --all lists them with the reason"),
        (hidden.beyond_limit, "beyond --limit, not listed"),
        (hidden.filtered_out, "outside the filters, not listed"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, why)| format!("{count} {why}"))
    .collect()
}

fn matches(report: &Report, width: u16) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width).enforce_styling();
    table.set_header(["#", "Trial", "What it is", "Verdict and what it hangs on"]);
    // Wide enough for the identifiers of all registries.
    if let Some(column) = table.column_mut(1) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(24)));
    }
    if let Some(column) = table.column_mut(2) {
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(30)));
    }
    for found in &report.matches {
        table.add_row([
            Cell::new(found.rank),
            Cell::new(identity(found)),
            Cell::new(description(found)),
            Cell::new(standing(found)).fg(colour(found.verdict)),
        ]);
    }
    table
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Eligible => Color::Green,
        Verdict::Possible => Color::Reset,
        Verdict::Ineligible => Color::Red,
    }
}

fn identity(found: &Match) -> String {
    let mut lines = vec![one_line(&found.trial.id)];
    lines.extend(standing::status_lines(&found.trial));
    let phases = text::phases(&found.trial.phases);
    if !phases.is_empty() {
        lines.push(phases);
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn description(found: &Match) -> String {
    let mut lines = vec![one_line(&found.trial.title)];
    if let Some(site) = &found.nearest_site {
        let place = one_line(&site.place());
        match site.distance() {
            Some(distance) => lines.push(format!("nearest site: {place} ({distance})")),
            None => lines.push(format!("site: {place}")),
        }
        lines.extend(site.contact.as_ref().map(|contact| format!("contact: {}", one_line(contact))));
    }
    lines.extend(standing::records(&found.trial));
    lines.extend(standing::disagreements(&found.trial));
    lines.join("\n")
}

/// Says the verdict, the counts, and what stands in the way or must be asked.
fn standing(found: &Match) -> String {
    let counts = found.counts;
    let mut lines = vec![format!(
        "{} {}  ({})",
        text::verdict_symbol(found.verdict),
        text::verdict(found.verdict).to_uppercase(),
        [
            (counts.pass, "met"),
            (counts.fail, "not met"),
            (counts.wait, "waiting"),
            (counts.unknown, "not known"),
            (counts.confirm, "to confirm"),
            (counts.unread, "not read"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect::<Vec<_>>()
        .join(", ")
    )];
    if let Some(near) = &found.near_miss {
        lines.push(format!("near miss: {} alone keeps it out; {}", near.fact, near.change.say()));
    }
    if let Some(day) = found.earliest_start {
        lines.push(format!("earliest start: {day}"));
    }
    for cohort in &found.cohorts {
        lines.push(format!("{}: {}", shorten(&one_line(&cohort.cohort), 60), text::verdict(cohort.verdict)));
    }
    let mut unread = 0;
    for criterion in &found.criteria {
        let said = match criterion.outcome {
            Outcome::Fail => "not met",
            Outcome::Unread if found.verdict != Verdict::Ineligible => {
                unread += 1;
                if unread > UNREAD_LIMIT {
                    continue;
                }
                "not read, please read"
            }
            _ => continue,
        };
        let place = match (criterion.section, &criterion.field) {
            (_, Some(field)) => field.as_str(),
            (Section::Inclusion, None) => "inclusion",
            (Section::Exclusion, None) => "exclusion",
        };
        lines.push(format!("{said} ({place}): “{}”", shorten(&one_line(&criterion.text), QUOTE_LIMIT)));
        if criterion.outcome == Outcome::Fail {
            let facts: Vec<String> = criterion.evidence.iter().map(text::fact).collect();
            lines.push(format!("  because {}", facts.join("; ")));
        }
    }
    if unread > UNREAD_LIMIT {
        let more = unread - UNREAD_LIMIT;
        lines.push(format!("and {more} more not read: trialmatch show {}", one_line(&found.trial.id)));
    }
    if !found.ask.is_empty() && found.verdict != Verdict::Ineligible {
        let named: Vec<String> = found.ask.iter().take(ASK_LIMIT).map(|fact| one_line(fact)).collect();
        let more = found.ask.len().saturating_sub(ASK_LIMIT);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        lines.push(format!("ask: {}{more}", named.join("; ")));
    }
    lines.join("\n")
}

/// The ineligible trials that a single fact keeps out and that something can change.
fn near_misses(report: &Report, to: &mut dyn Write) -> Result<(), WriteError> {
    let near = report.matches.iter().filter_map(|found| Some((found, found.near_miss.as_ref()?)));
    let near: Vec<_> = near.filter(|(_, near)| near.change != Change::Unchangeable).collect();
    if near.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nNear misses that can change:")?;
    for (found, near) in near {
        let days = near.within_days.map(|days| format!(" (within {days} days)")).unwrap_or_default();
        writeln!(to, "  {}: {} alone keeps it out; {}{days}", one_line(&found.trial.id), near.fact, near.change.say())?;
    }
    Ok(())
}

fn questions(report: &Report, to: &mut dyn Write) -> Result<(), WriteError> {
    if report.ask.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nWorth asking first:")?;
    for question in report.ask.iter().take(10) {
        let trials = if question.trials == 1 { "1 trial".to_owned() } else { format!("{} trials", question.trials) };
        writeln!(to, "  [ ] {} ({trials})", one_line(&question.fact))?;
    }
    Ok(())
}

/// Breaks a line at blanks.
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= usize::from(width) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
