//! Items of the outline to criteria: which lists decide item by item and which only together.

mod cohorts;
pub mod groups;
mod titles;
mod together;

use crate::criteria::context::{Context, Definitions};
use crate::criteria::reader::items::cohorts::cohort_label;
use crate::criteria::reader::items::titles::{
    announces_each, announces_intervals, is_title, is_title_word, lists_kinds, points_down, population, shared_words,
};
use crate::criteria::reader::items::together::together_requirement;
use crate::criteria::reader::read_elements;
use crate::criteria::requirement::{Criterion, Reading, Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::{is_neutral, span_of};
use crate::trial::Span;

/// What surrounds an item.
pub struct Surroundings<'t> {
    /// The trial's own rules.
    pub definitions: &'t Definitions,
    /// Folded names of its interventions.
    pub interventions: &'t [String],
}

/// Reads an item and what is nested under it into criteria.
pub fn read(item: &Item, trial: &Surroundings<'_>, reading: &mut Reading) {
    read_in(item, trial, &Above::default(), reading);
}

/// What an item takes over from the title above it.
#[derive(Clone, Debug, Default)]
struct Above {
    cohort: Option<String>,
    /// Words that the children share.
    lead: Vec<Element>,
    /// Whether the title forbids what the list names.
    forbids: bool,
}

fn read_in(item: &Item, trial: &Surroundings<'_>, above: &Above, reading: &mut Reading) {
    let all = item.elements();
    let (label, own) = cohort_label(item, &all);
    let cohort = label.or_else(|| above.cohort.clone()).or_else(|| item.cohort.clone());
    // A text without headings states what it asks; its negations say what it forbids.
    let section = item.section.unwrap_or(Section::Inclusion);
    let read_as = if above.forbids { Section::Exclusion } else { section };
    let context = Context { section: read_as, interventions: trial.interventions, definitions: trial.definitions };
    let with_lead: Vec<Element> = above.lead.iter().chain(own).cloned().collect();
    let plain = Above { cohort: cohort.clone(), lead: Vec::new(), forbids: above.forbids };
    let mut emit = |span: Span, requirement: Requirement| {
        reading.criteria.push(Criterion {
            section,
            span: Some(span),
            field: None,
            cohort: cohort.clone(),
            requirement,
            notes: Vec::new(),
        });
    };
    if item.children.is_empty() {
        if own.iter().all(|e| matches!(e.sense, Sense::Punctuation(_)) || e.is(Cue::Or) || e.is(Cue::And)) {
            reading.headings.push(item.span);
        } else {
            emit(item.span, read_elements(&with_lead, &context));
        }
        return;
    }
    let text = item.text();
    let ends_open = text.trim_end().ends_with(':');
    let one_of = own.iter().any(|e| e.is(Cue::OneOf)) || alternatives(item);
    let all_of = own.iter().any(|e| e.is(Cue::AllOf));
    let together = match section {
        Section::Inclusion => one_of,
        Section::Exclusion => all_of,
    };
    let conditional = own
        .iter()
        .any(|e| e.is(Cue::If) || e.is(Cue::Allowed) || e.is(Cue::Unless) || e.is(Cue::Except) || e.is(Cue::May));
    let notes = item.children.iter().all(is_note);
    // "A patient is eligible only if all of the following criteria apply:" asks each item of the list for itself.
    let announces = ends_open && announces_each(own, section);
    if !announces && (together || conditional && ends_open || notes) {
        emit(item.full_span(), together_requirement(item, own, &with_lead, &context, one_of, all_of, conditional));
        return;
    }
    let lead_in: Vec<Element> =
        own.iter().filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':')).cloned().collect();
    // "An appropriate washout period from:" stands above intervals that say what they ask themselves.
    let denied =
        lead_in.iter().any(|e| e.is(Cue::MustNot) || e.is(Cue::Not) || e.is(Cue::Naive) || e.is(Cue::Forbidden));
    let named = |text: &str| {
        let lower = text.to_lowercase();
        !lower.contains(':')
            || ["therap", "chemo", "radi", "surg", "antibod", "treatment", "agent"].iter().any(|w| lower.contains(w))
    };
    let intervals = ends_open
        && announces_intervals(&lead_in)
        && (section == Section::Exclusion || denied)
        && item.children.iter().all(|child| named(&child.text()));
    let benign = announces
        || intervals
        || lead_in.iter().all(|e| is_neutral(e) || is_title_word(e))
        || ends_open && (is_title(&lead_in) || points_down(&text, &lead_in));
    if !benign && !ends_open {
        emit(item.span, read_elements(&with_lead, &context));
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        return;
    }
    reading.headings.push(item.span);
    if !benign && let Some(guard) = population(&lead_in, &context) {
        let before = reading.criteria.len();
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::when(guard.clone(), criterion.requirement.clone());
        }
        return;
    }
    // "Patients must not have:" above a list under Inclusion forbids what the list names.
    let negative = (!intervals || section == Section::Inclusion)
        && lead_in.iter().any(|e| e.is(Cue::MustNot) || e.is(Cue::Not) || e.is(Cue::Naive) || e.is(Cue::Forbidden));
    let shared = if benign { Vec::new() } else { shared_words(&lead_in) };
    let understood = benign
        || ends_open && lists_kinds(&text, section, own)
        || lead_in
            .iter()
            .all(|e| is_neutral(e) || is_title_word(e) || shared.contains(e) || matches!(e.sense, Sense::Concept(_)));
    let below = Above { lead: shared, forbids: above.forbids || benign && negative, ..plain };
    let before = reading.criteria.len();
    for child in &item.children {
        read_in(child, trial, &below, reading);
    }
    if !understood {
        // The title may be a condition that the children stand under: they never fail, and never pass.
        let span = span_of(&lead_in);
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::any(vec![Requirement::Unread(span), criterion.requirement.clone()]);
        }
    }
}

/// All elements of an item and its descendants, joined by full stops.
fn deep_elements(item: &Item) -> Vec<Element> {
    let mut out = item.elements().to_vec();
    for child in &item.children {
        out.push(stop(out.last()));
        out.extend(deep_elements(child));
    }
    out
}

fn stop(after: Option<&Element>) -> Element {
    let at = after.map_or(0, |e| e.span.end);
    Element {
        sense: Sense::Punctuation('.'),
        text: ".".into(),
        span: Span { start: at, end: at },
        spaced: false,
        capital: false,
    }
}

/// A child that goes on with its parent: a note, a permission, an exception.
fn is_note(item: &Item) -> bool {
    let own = item.elements();
    let note = own.first().is_some_and(|e| e.text.starts_with("note") || e.text == "exception" || e.is(Cue::Except));
    note || own.iter().any(|e| e.is(Cue::Allowed) || e.is(Cue::NoLimit))
}

/// Children joined by "or" are alternatives.
fn alternatives(item: &Item) -> bool {
    if item.characters.is_empty() {
        return true;
    }
    let (last, rest) = match item.children.split_last() {
        Some(split) => split,
        None => return false,
    };
    let ends_or = |child: &Item| child.ends_with_word("or");
    let begins_or = last.text().trim_start().to_lowercase().starts_with("or ");
    !rest.is_empty() && (rest.iter().any(ends_or) || begins_or)
}
