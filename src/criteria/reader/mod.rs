//! From the eligibility text of a trial to its criteria.

mod coordination;
mod counting;
mod definitions;
mod dispatch;
mod exceptions;
mod implausible;
mod items;
mod other_tumours;
mod remembered;
mod said;
mod shared_nouns;
mod simplify;
mod slips;
mod statements;
pub mod structured;
mod tumour_list;

use crate::criteria::context::Context;
use crate::criteria::requirement::{Reading, Requirement, Section};
use crate::grammar::characters::{Character, lost_signs};
use crate::grammar::elements::Element;
use crate::grammar::outline::{Item, outline, outline_of_copy};
use crate::trial::{Registry, Span, Trial};

pub use coordination::{outside, trim};
pub use definitions::definitions;
pub use simplify::closing;

/// Reads the eligibility text and the structured fields of a trial. Never fails: what is not understood is `Unread`.
pub fn read_trial(trial: &Trial) -> Reading {
    remembered::forget();
    let outline = match trial.registry {
        Registry::Ictrp => outline_of_copy(&trial.eligibility),
        _ => outline(&trial.eligibility),
    };
    let mut definitions = definitions(&outline.items);
    // A cut-off whose sign was lost is none.
    let lost = lost_signs(&outline.characters);
    if !lost.is_empty() {
        definitions.hormone_receptor_cutoff = None;
    }
    let interventions: Vec<String> = trial.interventions.iter().flat_map(|i| intervention_names(i)).collect();
    let mut reading = Reading { headings: outline.headings.clone(), ..Reading::default() };
    structured::read(trial, &mut reading);
    let record = trial;
    let trial = items::Surroundings { definitions: &definitions, interventions: &interventions };
    // "One of the following:" above unmarked paragraphs: how far the list goes cannot be told, so that none of them
    // fails or passes alone.
    let mut alternatives: Option<&Item> = None;
    let items = items::groups::regroup(&outline.items);
    for item in &items {
        if item.marked || alternatives.is_some_and(|title| title.section != item.section) {
            alternatives = None;
        }
        let before = reading.criteria.len();
        items::read(item, &trial, &mut reading);
        if let Some(title) = alternatives {
            for criterion in reading.criteria.iter_mut().skip(before) {
                criterion.requirement =
                    Requirement::any(vec![Requirement::Unread(title.span), criterion.requirement.clone()]);
            }
        }
        if !item.marked && item.children.is_empty() && items::groups::opens_alternatives(item) {
            alternatives = Some(item);
        }
    }
    name_slips(&outline.characters, &mut reading);
    hold_back_lost_signs(&lost, &mut reading);
    other_tumours::hold_back(record.conditions.iter().chain([&record.title]), &mut reading);
    for criterion in &reading.criteria {
        if let Some(cohort) = &criterion.cohort
            && !reading.cohorts.contains(cohort)
        {
            reading.cohorts.push(cohort.clone());
        }
    }
    reading
}

/// Names probable slips of the registry beside the readings.
fn name_slips(characters: &[Character], reading: &mut Reading) {
    for criterion in reading.criteria.iter_mut() {
        let Some(span) = criterion.span else { continue };
        let start = characters.partition_point(|c| c.span.start < span.start);
        let end = characters.partition_point(|c| c.span.end <= span.end);
        slips::name(characters.get(start..end).unwrap_or_default(), criterion);
    }
}

/// A criterion whose sign of comparison was lost is read in part at best: its figure may be a floor or a cap.
fn hold_back_lost_signs(lost: &[Span], reading: &mut Reading) {
    if lost.is_empty() {
        return;
    }
    let mut spans: Vec<Span> = reading.criteria.iter().filter_map(|c| c.span).collect();
    spans.sort_by_key(|span| span.start);
    let in_criterion = |l: &Span| {
        let next = spans.partition_point(|span| span.start <= l.start);
        next.checked_sub(1).and_then(|i| spans.get(i)).is_some_and(|span| l.end <= span.end)
    };
    // How far the list under a title goes cannot be told: a sign lost in it counts for all that follows.
    let title = lost.iter().copied().find(|l| !in_criterion(l));
    for criterion in &mut reading.criteria {
        let Some(span) = criterion.span else { continue };
        let start = lost.partition_point(|l| l.start < span.start);
        let end = lost.partition_point(|l| l.end <= span.end);
        let mut inside = lost.get(start..end).unwrap_or_default().to_vec();
        inside.extend(title.filter(|title| title.start < span.start));
        if !inside.is_empty() {
            let read = std::mem::replace(&mut criterion.requirement, Requirement::Nothing);
            criterion.requirement = Requirement::Partly(Box::new(read), inside);
        }
    }
}

/// Reads the elements of one item in the sense of its section: true where the patient may enter.
pub fn read_elements(elements: &[Element], context: &Context<'_>) -> Requirement {
    remembered::forget();
    statements::read(elements, context)
}

/// Reads a single sentence, for tests and for reading a reading back.
pub fn read_sentence(text: &str, section: Section) -> Requirement {
    remembered::forget();
    let definitions = definitions(&outline(text).items);
    let context = Context { section, interventions: &[], definitions: &definitions };
    read_elements(&crate::grammar::elements::read(text), &context)
}

/// Reads a reading back: the sentence of `Requirement::say`, as a report shows it, gives the requirement again.
pub fn read_back(said: &str) -> Requirement {
    said::read(said).unwrap_or_else(|| read_sentence(said, Section::Inclusion))
}

/// "Drug: X + Y (Z)" gives x, y, z.
fn intervention_names(name: &str) -> Vec<String> {
    name.split(['+', '(', ')', ',', '/', ';'])
        .map(|part| part.split_whitespace().map(crate::grammar::spelling::fold).collect::<Vec<_>>().join(" "))
        .filter(|part| part.chars().count() > 2)
        .collect()
}

/// Whether a phrase is a list of alternatives, each with a subject of its own.
pub fn is_list(elements: &[Element]) -> bool {
    coordination::alternatives(elements).is_some()
}

/// The diseases that a phrase names, each in positive sense.
pub fn read_condition_list(elements: &[Element], context: &Context<'_>) -> Vec<Requirement> {
    use crate::grammar::elements::Sense;
    use crate::lexicon::concepts::Concept;
    elements
        .iter()
        .filter(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_))))
        .map(|e| dispatch::read(std::slice::from_ref(e), context).requirement)
        .filter(|r| !r.has_unread())
        .collect()
}
