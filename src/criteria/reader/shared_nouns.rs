//! Nouns that several adjectives share: "hepatic, renal or cardiac disease" names three diseases.

use crate::grammar::elements::{self, Cue, Element, Sense};
use crate::lexicon::concepts::Concept;

/// Gives adjectives before a disease of two words its noun, where that makes them a disease of the vocabulary.
pub fn spread(items: &mut [Element]) {
    for at in (1..items.len()).rev() {
        let Some(noun) = items.get(at).and_then(noun_of) else { continue };
        let mut place = at;
        while let Some((joiner, adjective)) = before(items, place) {
            let Some(sense) = items.get(adjective).and_then(|e| with_noun(e, &noun)) else { break };
            if joiner >= place {
                break;
            }
            if let Some(element) = items.get_mut(adjective) {
                element.sense = sense;
            }
            place = adjective;
        }
    }
}

/// The last word of a disease of several words.
fn noun_of(element: &Element) -> Option<String> {
    if !matches!(element.sense, Sense::Concept(Concept::Condition(_))) {
        return None;
    }
    let (rest, noun) = element.text.rsplit_once(' ')?;
    let known = matches!(
        noun,
        "disease" | "disorder" | "dysfunction" | "impairment" | "failure" | "insufficiency" | "illness" | "infection"
            | "abnormality" | "condition" | "toxicity" | "event" | "syndrome"
    );
    (known && !rest.is_empty()).then(|| noun.to_owned())
}

/// The adjective before a place with the joiner between.
fn before(items: &[Element], place: usize) -> Option<(usize, usize)> {
    let mut joiner = None;
    let mut at = place.checked_sub(1)?;
    loop {
        let element = items.get(at)?;
        if element.is(Cue::Or) || element.is(Cue::And) || element.is_char(',') || element.is_char('/') {
            joiner = Some(at);
        } else {
            break;
        }
        at = at.checked_sub(1)?;
    }
    joiner.map(|joiner| (joiner, at))
}

fn with_noun(element: &Element, noun: &str) -> Option<Sense> {
    let adjective = matches!(element.sense, Sense::Word | Sense::Concept(Concept::Site(_) | Concept::Lab(_)))
        || element.is(Cue::Filler);
    if !adjective {
        return None;
    }
    match elements::read(&format!("{} {noun}", element.text)).as_slice() {
        [one] if matches!(one.sense, Sense::Concept(Concept::Condition(_))) => Some(one.sense),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, diseases: usize) {
        let mut items = elements::read(text);
        spread(&mut items);
        let found = items.iter().filter(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_)))).count();
        assert_eq!(found, diseases, "{text}: {items:?}");
    }

    #[test]
    fn adjectives_share_a_noun() {
        check("cardiac or pulmonary disease", 2);
        check("autoimmune, connective tissue, or inflammatory disorders", 3);
        check("hepatic disease", 1);
        check("patients or pulmonary disease", 1);
    }
}
