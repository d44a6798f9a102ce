//! Probable slips of a registry: what is read by its evident meaning is named beside the reading (conventions 23 and 40).

use crate::criteria::atom::Atom;
use crate::criteria::requirement::{Criterion, Requirement, Section};
use crate::grammar::elements::Comparison;
use crate::grammar::markers::marker;

/// Names the slips of one criterion; `text` is the registry's words of it, normalised.
pub(super) fn name(text: &[crate::grammar::characters::Character], criterion: &mut Criterion) {
    let mut notes = Vec::new();
    units(&mut criterion.requirement, &mut notes);
    notes.extend(wrong_section(text, criterion));
    notes.extend(merged(text));
    for note in notes {
        if !criterion.notes.contains(&note) {
            criterion.notes.push(note);
        }
    }
}

/// Bounds whose unit or magnitude cannot be meant. The mark goes from the bound to the notes: it is no part of what is
/// asked.
fn units(requirement: &mut Requirement, notes: &mut Vec<String>) {
    match requirement {
        Requirement::All(members) | Requirement::Any(members) | Requirement::AtLeast(_, members) => {
            members.iter_mut().for_each(|member| units(member, notes));
        }
        Requirement::Not(inner) | Requirement::Judged(inner) | Requirement::Partly(inner, _) => units(inner, notes),
        Requirement::Atom(Atom::Laboratory(bound)) if bound.slip => {
            bound.slip = false;
            notes.push(format!("the registry's unit is an evident slip, read as {}", bound.say(true)));
        }
        _ => {}
    }
}

/// Items that stand under the wrong heading: a prohibition ("no stroke") and a demand ("must have measurable disease",
/// "at least one line, but not more than three") under Exclusion.
fn wrong_section(text: &[crate::grammar::characters::Character], criterion: &Criterion) -> Option<String> {
    if criterion.section != Section::Exclusion || criterion.span.is_none() {
        return None;
    }
    let forbids = matches!(criterion.requirement, Requirement::Not(_))
        || matches!(&criterion.requirement, Requirement::Partly(inner, _) if matches!(**inner, Requirement::Not(_)));
    let range = is_range_of_lines(&criterion.requirement);
    let demand = !forbids && !criterion.requirement.has_unread() && is_demand(&criterion.requirement);
    if !(forbids || demand || range) {
        return None;
    }
    let (_, skip) = marker(text);
    let words: String = text.iter().skip(skip).take(400).map(|c| c.value.to_ascii_lowercase()).collect();
    // An item with a title decides by its members.
    let negated = words.starts_with("no ") && !words.contains(':') && !words.contains('\n');
    if negated && forbids {
        return Some("stands under the exclusion criteria by an evident slip, read as a prohibition".to_owned());
    }
    let asks = words.contains(" must be ") || words.contains(" must have ") || words.starts_with("must ");
    (asks && demand || range)
        .then(|| "stands under the exclusion criteria by an evident slip, read as a demand".to_owned())
}

/// Whether something must hold, and nothing must not.
fn is_demand(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Atom(_) => true,
        Requirement::All(members) => members.iter().all(is_demand),
        _ => false,
    }
}

/// Floor and cap together, asked for.
fn is_range_of_lines(requirement: &Requirement) -> bool {
    let Requirement::All(members) = requirement else { return false };
    let has = |fits: fn(Comparison) -> bool| {
        members.iter().any(|m| matches!(m, Requirement::Atom(Atom::Lines(lines)) if fits(lines.comparison)))
    };
    has(|c| matches!(c, Comparison::Greater | Comparison::GreaterEqual))
        && has(|c| matches!(c, Comparison::Less | Comparison::LessEqual))
}

/// Two items that run into each other: a sentence ends and the next begins without a blank ("treatment.Patients"), or
/// with the next item's number ("treatment5. Patients").
fn merged(text: &[crate::grammar::characters::Character]) -> Option<String> {
    let at = |i: usize| text.get(i).map_or(' ', |c| c.value);
    let small = |c: char| c.is_lowercase() || c == ')';
    let starts_sentence = |i: usize| at(i).is_uppercase() && at(i + 1).is_lowercase() && at(i + 2).is_lowercase();
    let runs_on = text.iter().enumerate().skip(1).any(|(i, c)| {
        if c.value != '.' && !c.value.is_ascii_digit() {
            return false;
        }
        let stop = at(i) == '.' && small(at(i - 1)) && i >= 3 && small(at(i - 2)) && small(at(i - 3));
        let number = small(at(i - 1)) && i >= 2 && small(at(i - 2)) && at(i).is_ascii_digit();
        let digits = (0..2).take_while(|n| at(i + n).is_ascii_digit()).count();
        stop && starts_sentence(i + 1)
            || number && at(i + digits) == '.' && at(i + digits + 1) == ' ' && starts_sentence(i + digits + 2)
    });
    runs_on.then(|| "two items of the registry may have run into one".to_owned())
}
