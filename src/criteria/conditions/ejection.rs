//! "Decrease of the LVEF on earlier trastuzumab": something that happened, which no value of today settles.

use super::{Condition, State, What, modifiers};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;

fn is_ejection_fraction(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(row))
        if labs::all().get(usize::from(row)).is_some_and(|lab| lab.id == "left ventricular ejection fraction"))
}

fn falls(element: &Element) -> bool {
    !matches!(element.sense, Sense::Concept(_))
        && ["decreas", "declin", "drop", "fall", "fell", "reduction", "reduced", "deteriorat", "impairment"]
            .iter()
            .any(|start| element.text.starts_with(start))
}

/// Whether elements speak of an ejection fraction that fell, not of one that is low.
pub(crate) fn fell(elements: &[Element]) -> bool {
    let Some(at) = elements.iter().position(is_ejection_fraction) else { return false };
    let near = |from: usize, to: usize| elements.get(from..to.min(elements.len())).unwrap_or_default();
    near(at.saturating_sub(5), at + 5).iter().any(falls)
}

/// Reads a fall of the ejection fraction, with its figures and on which treatment: never stated but by its own name.
pub(super) fn read(phrase: &mut Phrase) -> Option<Requirement> {
    let at = phrase.find(is_ejection_fraction)?;
    if !fell(&phrase.elements) {
        return None;
    }
    phrase.claim(at);
    while let Some(place) = phrase.find(falls) {
        phrase.claim(place);
    }
    // The figures up to the treatment: "to below 50 %", "of 10 percentage points or more".
    let mut words = Vec::new();
    for place in 0..phrase.len() {
        let Some(element) = phrase.get(place).filter(|_| !phrase.is_used(place)) else { continue };
        let figure = matches!(element.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Concept(Concept::Unit(_)))
            || matches!(
                element.sense,
                Sense::Cue(Cue::OrMore | Cue::OrLess | Cue::Lln | Cue::Normal | Cue::Significant | Cue::Symptomatic)
            )
            || matches!(
                element.text.as_str(),
                "%" | "percentage" | "percent" | "point" | "absolute" | "baseline" | "value" | "from"
            );
        if figure && !timed(phrase, place) {
            words.push(element.text.to_string());
            phrase.claim(place);
        }
    }
    modifiers::take_words(phrase, &["documented", "experienced", "asymptomatic"]);
    let mut modifiers = modifiers::take(phrase, &[at]);
    modifiers.state = State::History;
    let name = "decrease of left ventricular ejection fraction";
    let mut condition = modifiers.on(Condition::new(What::Named(name.to_owned()), State::History));
    condition.detail = (!words.is_empty()).then(|| words.join(" "));
    Some(Requirement::Atom(Atom::Condition(condition)))
}

/// Whether a figure belongs to an interval of time.
fn timed(phrase: &Phrase, at: usize) -> bool {
    (at..at + 3).any(|place| phrase.get(place).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some()))
}
