//! Nouns that several adjectives share: "hepatic, renal or cardiac disease" names three diseases.

use crate::grammar::elements::{self, Comparison, Cue, Element, Sense};
use crate::lexicon::concepts::Concept;

/// Gives adjectives before a disease of two words its noun, where that makes them a disease of the vocabulary.
pub fn spread(items: &mut [Element]) {
    or_more_than(items);
    letters(items);
    classes(items);
    for at in (1..items.len()).rev() {
        let Some(noun) = items.get(at).and_then(noun_of) else { continue };
        let named = items.get(at).is_some_and(|e| matches!(e.sense, Sense::Concept(_)));
        // "Inflammatory disorder": the noun stands behind its own adjective.
        let mut place = if named { at } else { at - 1 };
        if !named && items.get(place).is_none_or(|e| e.sense != Sense::Word) {
            continue;
        }
        while let Some((_, adjective)) = before(items, place) {
            if let Some(sense) = items.get(adjective).and_then(|e| with_noun(&e.text, e, &noun)) {
                if let Some(element) = items.get_mut(adjective) {
                    element.sense = sense;
                }
                place = adjective;
                continue;
            }
            // An adjective of two words: "connective tissue".
            let two =
                adjective.checked_sub(1).and_then(|first| Some((first, items.get(first)?, items.get(adjective)?)));
            let found = two.and_then(|(first, a, b)| {
                let sense = with_noun(&format!("{} {}", a.text, b.text), b, &noun)?;
                Some((first, sense))
            });
            let Some((first, sense)) = found else { break };
            if let Some(element) = items.get_mut(first) {
                element.sense = Sense::Cue(Cue::Filler);
            }
            if let Some(element) = items.get_mut(adjective) {
                element.sense = sense;
            }
            place = first;
        }
    }
}

/// "Visceral spread at risk of life-threatening complications, including lymphangitis": the examples are part of the name.
pub fn threaten(before: &[Element]) -> bool {
    before.iter().any(|e| e.text.contains("complication")) && before.iter().any(|e| e.text.contains("visceral"))
}

/// "X, or more than one Y": two words of which the first joins and the second compares.
fn or_more_than(items: &mut [Element]) {
    for at in 1..items.len() {
        if items.get(at).is_none_or(|e| e.text != "than") {
            continue;
        }
        // "Another X, or more than one X": whoever has had one is named already.
        let concept = |e: &Element| matches!(e.sense, Sense::Concept(_)).then_some(e.sense);
        let before = items.get(..at - 1).and_then(|b| b.iter().rposition(|e| !e.is_char(',')));
        let same = before.is_some()
            && items.get(at + 1).is_some_and(|e| matches!(e.sense, Sense::Number(n) if n == 1.0))
            && items
                .get(at + 2)
                .and_then(concept)
                .is_some_and(|named| before.and_then(|b| items.get(b)).and_then(concept) == Some(named));
        if same && items.get(at - 1).is_some_and(|e| e.is(Cue::OrMore)) {
            let from = before.map_or(at, |b| b + 1);
            let comma = items.get(at + 3).is_some_and(|e| e.is_char(','));
            for element in items.iter_mut().take(at + 3 + usize::from(comma && from + 1 < at)).skip(from) {
                element.sense = Sense::Cue(Cue::Filler);
            }
            continue;
        }
        if let Some(or) = items.get_mut(at - 1).filter(|e| e.is(Cue::OrMore) && e.text == "or more") {
            *or = Element { sense: Sense::Cue(Cue::Or), text: "or".into(), ..or.clone() };
            if let Some(than) = items.get_mut(at) {
                *than =
                    Element { sense: Sense::Compare(Comparison::Greater), text: "more than".into(), ..than.clone() };
            }
        }
    }
}

/// "EGFR, HER2 or PARP inhibitors", "PI3K and AKT inhibitors": each target with the noun of the last.
fn classes(items: &mut [Element]) {
    for at in (2..items.len()).rev() {
        let Some(class) = items.get(at).filter(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_)))) else {
            continue;
        };
        let joined = items.get(at - 1).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/'));
        if !joined || !class.text.contains(" ") {
            continue;
        }
        let text = class.text.clone();
        let mut place = at;
        while let Some((_, target)) = before(items, place) {
            let Some(sense) = items.get(target).and_then(|e| class_of(e, &text)) else { break };
            if let Some(element) = items.get_mut(target) {
                element.sense = sense;
            }
            place = target;
        }
    }
}

/// The class that a target names together with the noun of another class.
fn class_of(element: &Element, class: &str) -> Option<Sense> {
    let target = matches!(element.sense, Sense::Word | Sense::Concept(Concept::Biomarker(_)))
        || element.is(Cue::Her2)
        || element.is(Cue::PdL1);
    if !target || element.text.chars().count() < 3 {
        return None;
    }
    let mut rest = class;
    while let Some((_, noun)) = rest.split_once(' ') {
        rest = noun;
        if let [one] = elements::read(&format!("{} {noun}", element.text)).as_slice()
            && matches!(one.sense, Sense::Concept(Concept::DrugClass(_)))
        {
            return Some(one.sense);
        }
    }
    None
}

/// "Hepatitis B or C": the letter is a hepatitis as well.
fn letters(items: &mut [Element]) {
    for at in 1..items.len() {
        if !items.get(at).is_some_and(|e| matches!(e.text.as_str(), "b" | "c" | "d")) {
            continue;
        }
        let joined = before(items, at).and_then(|(_, before)| items.get(before)).is_some_and(|e| {
            matches!(e.sense, Sense::Concept(Concept::Condition(_))) && e.text.starts_with("hepatitis ")
        });
        let letter = items.get(at).map(|e| e.text.clone());
        let (true, Some(letter)) = (joined, letter) else { continue };
        if let [one] = elements::read(&format!("hepatitis {letter}")).as_slice()
            && let Some(element) = items.get_mut(at)
            && matches!(one.sense, Sense::Concept(Concept::Condition(_)))
        {
            element.sense = one.sense;
            element.text = one.text.clone();
        }
    }
}

/// The last word of a disease of several words.
fn noun_of(element: &Element) -> Option<String> {
    let (rest, noun) = match element.sense {
        Sense::Concept(Concept::Condition(_)) => element.text.rsplit_once(' ')?,
        Sense::Concept(Concept::Procedure(_))
            if element.text.ends_with("transplantation") || element.text.ends_with("transplant") =>
        {
            let (rest, _) = element.text.rsplit_once(' ')?;
            return (!rest.is_empty()).then(|| "transplantation".to_owned());
        }
        Sense::Word | Sense::Cue(Cue::Filler) => ("-", element.text.as_str()),
        _ => return None,
    };
    let known = matches!(
        noun,
        "disease"
            | "disorder"
            | "dysfunction"
            | "impairment"
            | "failure"
            | "insufficiency"
            | "illness"
            | "infection"
            | "abnormality"
            | "condition"
            | "toxicity"
            | "event"
            | "syndrome"
            | "effusion"
            | "hemorrhage"
            | "bleeding"
            | "edema"
            | "ulcer"
            | "thrombosis"
            | "embolism"
            | "thromboembolism"
            | "arrhythmia"
            | "fibrillation"
            | "tachycardia"
            | "fistula"
            | "perforation"
            | "obstruction"
            | "hepatitis"
            | "neuropathy"
            | "fracture"
            | "hypertension"
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

fn with_noun(words: &str, element: &Element, noun: &str) -> Option<Sense> {
    let adjective = matches!(element.sense, Sense::Word | Sense::Concept(Concept::Site(_) | Concept::Lab(_)))
        || element.is(Cue::Filler);
    if !adjective {
        return None;
    }
    match elements::read(&format!("{words} {noun}")).as_slice() {
        [one] if matches!(one.sense, Sense::Concept(Concept::Condition(_))) => Some(one.sense),
        [one] if noun == "transplantation" && matches!(one.sense, Sense::Concept(Concept::Procedure(_))) => {
            Some(one.sense)
        }
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
    fn targets_share_a_noun() {
        let classes = |text: &str| {
            let mut items = elements::read(text);
            spread(&mut items);
            items.iter().filter(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_)))).count()
        };
        assert_eq!(classes("EGFR or HER2 tyrosine kinase inhibitors"), 2);
        assert_eq!(classes("FGFR, MEK or PARP inhibitors"), 3);
        assert_eq!(classes("an EGFR mutation or HER2 tyrosine kinase inhibitors"), 1);
    }

    #[test]
    fn adjectives_share_a_noun() {
        check("renal or pulmonary disease", 2);
        check("autoimmune, connective tissue, or inflammatory disorders", 3);
        check("hepatitis B or C", 2);
        check("hepatic disease", 1);
        check("patients or pulmonary disease", 1);
    }
}
