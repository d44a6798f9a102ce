//! From the eligibility text of a trial to its criteria.

mod coordination;
mod counting;
mod definitions;
mod dispatch;
mod exceptions;
mod items;
mod shared_nouns;
mod simplify;
mod statements;
mod structured;

use crate::criteria::context::Context;
use crate::criteria::requirement::{Reading, Requirement, Section};
use crate::grammar::elements::Element;
use crate::grammar::outline::{Item, outline};
use crate::trial::Trial;

pub use coordination::outside;
pub use definitions::definitions;
pub use simplify::closing;

/// Reads the eligibility text and the structured fields of a trial. Never fails: what is not understood is `Unread`.
pub fn read_trial(trial: &Trial) -> Reading {
    coordination::forget();
    let outline = outline(&trial.eligibility);
    let definitions = definitions(&trial.eligibility);
    let interventions: Vec<String> = trial.interventions.iter().flat_map(|i| intervention_names(i)).collect();
    let mut reading = Reading { headings: outline.headings.clone(), ..Reading::default() };
    structured::read(trial, &mut reading);
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
    for criterion in &reading.criteria {
        if let Some(cohort) = &criterion.cohort
            && !reading.cohorts.contains(cohort)
        {
            reading.cohorts.push(cohort.clone());
        }
    }
    reading
}

/// Reads the elements of one item in the sense of its section: true where the patient may enter.
pub fn read_elements(elements: &[Element], context: &Context<'_>) -> Requirement {
    coordination::forget();
    statements::read(elements, context)
}

/// Reads a single sentence, for tests and for reading a reading back.
pub fn read_sentence(text: &str, section: Section) -> Requirement {
    coordination::forget();
    let definitions = definitions(text);
    let context = Context { section, interventions: &[], definitions: &definitions };
    read_elements(&crate::grammar::elements::read(text), &context)
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
