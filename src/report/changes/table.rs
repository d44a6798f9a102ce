//! The changes as text for a terminal: removed words stand in `[-…-]`, added ones in `{+…+}`.

use super::{Changed, Changes, Fate, FieldChange, Piece, Sentence, VerdictChange};
use crate::criteria::Section;
use crate::matching::Verdict;
use crate::report::WriteError;
use crate::report::standing;
use crate::report::table::{snapshot, wrap};
use crate::report::text::{self, one_line, shorten};
use anstyle::Style;
use std::io::Write;

/// The words of unchanged text that stand on either side of a change.
const AROUND: usize = 12;

/// The characters of a quotation.
const QUOTE_LIMIT: usize = 600;

/// Writes the changes.
pub fn write(changes: &Changes, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let bold = Style::new().bold();
    writeln!(to, "{bold}Changes from {} to {}{bold:#}", changes.since.fetched, changes.snapshot.fetched)?;
    if let Some(day) = changes.as_of {
        let patient = changes.patient.as_deref().map_or("a patient without an id".to_owned(), one_line);
        writeln!(to, "for {patient} on {day}")?;
    }
    writeln!(to, "Before: {} trials (snapshot {})", changes.since.trials, changes.since.id)?;
    for warning in changes.since.read_anew.iter() {
        writeln!(to, "!! READ ANEW: the older snapshot was published by {warning} and is read by this version here.")?;
    }
    snapshot(&changes.snapshot, width, to)?;
    let lists = [
        ("new", &changes.new),
        ("opened", &changes.opened),
        ("closed", &changes.closed),
        ("amended", &changes.amended),
    ];
    let counts: Vec<String> = lists.iter().map(|(word, list)| format!("{} {word}", list.len())).collect();
    writeln!(to, "\n{}, {} unchanged", counts.join(", "), changes.unchanged)?;
    if let Some(verdicts) = &changes.verdicts {
        verdicts_changed(verdicts, width, to)?;
    }
    let titles = ["New trials", "Opened to patients", "Closed to patients", "Amended"];
    for (title, (_, list)) in titles.into_iter().zip(lists) {
        if list.is_empty() {
            continue;
        }
        writeln!(to, "\n{bold}{title}{bold:#}")?;
        // Of new trials, a patient's reader wants those that are possible; the others are counted.
        let told = |one: &&Changed| title != "New trials" || one.verdict != Some(Verdict::Ineligible);
        for one in list.iter().filter(told) {
            trial(one, width, to)?;
        }
        let rest = list.len() - list.iter().filter(told).count();
        if rest > 0 {
            writeln!(to, "\n  and {rest} for which the patient is ineligible; --format json lists them")?;
        }
    }
    Ok(())
}

fn verdicts_changed(verdicts: &[VerdictChange], width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let bold = Style::new().bold();
    if verdicts.is_empty() {
        writeln!(to, "No verdict of the patient changed.")?;
        return Ok(());
    }
    writeln!(to, "\n{bold}Verdicts that changed{bold:#}")?;
    for change in verdicts {
        title(&change.trial, width, to)?;
        let (before, after) = (text::verdict(change.before), text::verdict(change.after));
        writeln!(to, "    was {before}, is {} {}", text::verdict_symbol(change.after), after.to_uppercase())?;
        for sentence in &change.because {
            because(sentence, width, to)?;
        }
        if change.because.is_empty() {
            writeln!(to, "    by the way in which the criteria of its cohorts work together")?;
        }
    }
    Ok(())
}

fn because(sentence: &Sentence, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let place = match (sentence.section, &sentence.field) {
        (_, Some(field)) => field.as_str(),
        (Section::Inclusion, None) => "inclusion",
        (Section::Exclusion, None) => "exclusion",
    };
    let when = if sentence.is == Fate::Removed { "before" } else { "now" };
    let words = shorten(&one_line(&sentence.text), QUOTE_LIMIT);
    indented(&format!("{when} {} ({place}): “{words}”", text::outcome(sentence.outcome)), 4, width, to)?;
    if sentence.evidence.is_empty() {
        return Ok(());
    }
    let facts: Vec<String> = sentence.evidence.iter().map(text::fact).collect();
    indented(&format!("because {}", facts.join("; ")), 6, width, to)
}

fn title(trial: &crate::report::types::TrialHead, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    writeln!(to)?;
    indented(&format!("{}  {}", one_line(&trial.id), one_line(&trial.title)), 2, width, to)
}

fn trial(one: &Changed, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    title(&one.trial, width, to)?;
    let mut facts = vec![standing::status(&one.trial), text::phases(&one.trial.phases)];
    if one.gone {
        facts.insert(0, "no longer in the registry data".to_owned());
    }
    match (one.verdict_before, one.verdict) {
        (Some(before), Some(after)) if before != after => {
            facts.push(format!("was {}, is {}", text::verdict(before), text::verdict(after)));
        }
        (before, after) => facts.extend(after.or(before).map(|verdict| format!("patient {}", text::verdict(verdict)))),
    }
    facts.retain(|fact| !fact.is_empty());
    indented(&facts.join("; "), 4, width, to)?;
    for field in &one.fields {
        indented(&field_change(field), 4, width, to)?;
    }
    for pieces in &one.text {
        indented(&passage(pieces), 4, width, to)?;
    }
    Ok(())
}

fn field_change(change: &FieldChange) -> String {
    let value = |value: &Option<String>| match value {
        Some(value) if change.field == "status" => text::plain(value),
        Some(value) => one_line(value),
        None => "not stated".to_owned(),
    };
    let name = match change.field {
        "minimumAge" => "minimum age",
        "maximumAge" => "maximum age",
        name => name,
    };
    format!("{name}: {} → {}", value(&change.before), value(&change.after))
}

/// Writes a changed passage on one line, with some words of what stayed.
fn passage(pieces: &[Piece]) -> String {
    let last = pieces.len().saturating_sub(1);
    let words: Vec<String> = pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| match piece.is {
            Fate::Removed => format!("[-{}-]", one_line(&piece.text)),
            Fate::Added => format!("{{+{}+}}", one_line(&piece.text)),
            Fate::Kept => around(&one_line(&piece.text), at == 0, at == last),
        })
        .collect();
    format!("text: {}", words.join(" "))
}

/// Keeps the words next to a change.
fn around(words: &str, first: bool, last: bool) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    let head = words.get(..AROUND.min(words.len())).unwrap_or_default().join(" ");
    let tail = words.get(words.len().saturating_sub(AROUND)..).unwrap_or_default().join(" ");
    match (first, last) {
        (true, true) => words.join(" "),
        (true, false) if words.len() > AROUND => format!("… {tail}"),
        (false, true) if words.len() > AROUND => format!("{head} …"),
        (false, false) if words.len() > 2 * AROUND => format!("{head} … {tail}"),
        _ => words.join(" "),
    }
}

fn indented(line: &str, indent: u16, width: u16, to: &mut dyn Write) -> Result<(), WriteError> {
    let margin = " ".repeat(usize::from(indent));
    for (number, line) in wrap(line, width.saturating_sub(indent + 2)).into_iter().enumerate() {
        writeln!(to, "{margin}{}{line}", if number == 0 { "" } else { "  " })?;
    }
    Ok(())
}
