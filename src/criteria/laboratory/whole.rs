//! Reads a whole item of laboratory bounds: its titles, sentences, notes and exceptions together.

use super::{notes, reading, words};
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;

/// Reads an item that speaks of laboratory values alone, true where the patient may enter. `None` where a word with a
/// meaning is left: then the item is read sentence by sentence.
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let lab = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)));
    if !elements.iter().any(lab) {
        return None;
    }
    let cut = notes::cut(elements)?;
    let exclusion = context.section == Section::Exclusion;
    if exclusion && !cut.asked.is_empty() {
        return None;
    }
    if !cut.elements.iter().any(lab) {
        let nothing = cut.asked.is_empty() && cut.elements.iter().all(is_neutral);
        return nothing.then_some(Requirement::Nothing);
    }
    let start = title_end(&cut.elements);
    let mut phrase = Phrase::new(cut.elements);
    phrase.claim_range(0, start);
    let requirement = reading::read_copy(&mut phrase, context);
    if std::env::var("TM_DEBUG").is_ok() {
        let left: Vec<String> = (0..phrase.len())
            .filter(|at| !(phrase.is_used(*at) || phrase.get(*at).is_some_and(|e| is_idle(&phrase, *at, e, exclusion))))
            .filter_map(|at| phrase.get(at))
            .map(|e| format!("{}/{:?}", e.text, e.sense))
            .collect();
        eprintln!("WHOLE {} LEFT {:?}", requirement.as_ref().map_or("-".into(), |r| r.say()), left);
    }
    let requirement = requirement?;
    let idle = (0..phrase.len())
        .all(|at| phrase.is_used(at) || phrase.get(at).is_some_and(|e| is_idle(&phrase, at, e, exclusion)));
    if !idle {
        return None;
    }
    Some(if exclusion {
        requirement.negated()
    } else {
        Requirement::all(std::iter::once(requirement).chain(cut.asked).collect())
    })
}

/// Where the title of an item ends: "Step 2: randomisation: leukocytes ≥ 3 x 10^9/L".
fn title_end(elements: &[Element]) -> usize {
    let mut end = 0;
    for (at, element) in elements.iter().enumerate().take(9) {
        if element.is_char(':') {
            end = at + 1;
            continue;
        }
        let title = is_neutral(element)
            || matches!(element.sense, Sense::Word | Sense::Number(_))
            || matches!(element.sense, Sense::Cue(Cue::Normal | Cue::Administrative | Cue::AdequateFunction))
            || matches!(element.sense, Sense::Concept(Concept::Site(_)))
            || element.text.contains("screening");
        if !title {
            break;
        }
    }
    end
}

/// Whether an element that no bound claimed changes nothing of the bounds.
fn is_idle(phrase: &Phrase, at: usize, element: &Element, exclusion: bool) -> bool {
    let next = phrase.get(at + 1);
    is_neutral(element)
        || words::is_manner(element)
        || words::is_title(element, next)
        || matches!(element.sense, Sense::Cue(Cue::Before | Cue::Anchor))
        || exclusion && element.is(Cue::Forbidden)
        || element.is(Cue::Or) && between_methods(phrase, at)
}

/// "by echocardiogram or MUGA": an "or" between two ways to measure.
fn between_methods(phrase: &Phrase, at: usize) -> bool {
    let method = |e: &Element| e.is(Cue::Filler) || words::is_manner(e);
    let plain = |i: &usize| phrase.get(*i).is_some_and(|e| !matches!(e.sense, Sense::Punctuation(_)));
    let before = (0..at).rev().find(plain);
    let after = (at + 1..phrase.len()).find(plain);
    let fits = |i: Option<usize>| i.is_some_and(|i| phrase.get(i).is_some_and(method));
    fits(after) && (fits(before) || before.is_some_and(|i| phrase.is_used(i)))
}
