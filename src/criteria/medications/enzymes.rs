//! "Strong or moderate inhibitors of CYP3A4": strength, action and enzyme in any order.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::medications;

/// Wordings of enzymes and carriers, folded, with the stem of their classes.
const ENZYMES: &[(&str, &str)] = &[
    ("cyp3a", "cyp3a4"),
    ("cyp 3a", "cyp3a4"),
    ("p450 3a", "cyp3a4"),
    ("cyp2c8", "cyp2c8"),
    ("cyp2c9", "cyp2c9"),
    ("cyp2c19", "cyp2c19"),
    ("cyp2d6", "cyp2d6"),
    ("cyp1a2", "cyp1a2"),
    ("cyp2b6", "cyp2b6"),
    ("p gp", "p-gp"),
    ("pgp", "p-gp"),
    ("p glycoprotein", "p-gp"),
    ("bcrp", "bcrp"),
    ("cancer resistance protein", "bcrp"),
    ("cancer resistant protein", "bcrp"),
    ("oatp1b", "oatp1b"),
    ("ugt", "ugt"),
];

const ACTIONS: &[(&str, &str)] = &[
    ("inhibitor", "inhibitor"),
    ("inhibit", "inhibitor"),
    ("inducer", "inducer"),
    ("induce", "inducer"),
    ("substrate", "substrate"),
];

const STRENGTHS: &[(&str, &str)] =
    &[("strong", "strong"), ("potent", "strong"), ("moderate", "moderate"), ("weak", "weak")];

/// Words between them that carry nothing else.
const BETWEEN: &[&str] = &[
    "isoform",
    "subfamily",
    "isoenzyme",
    "isozyme",
    "enzyme",
    "cytochrome",
    "p450",
    "cyp",
    "family",
    "polypeptide",
    "glycoprotein",
    "p",
    "gp",
    "transporter",
    "drug",
    "known",
    "liver",
    "hepatic",
    "resistance",
    "resistant",
    "protein",
    "4",
    "5",
    "3",
    "a",
    "system",
    "metabolizing",
    "medicine",
    "medication",
    "substance",
    "agent",
    "product",
    "either",
];

/// A class that was named, and whether only a part of it was meant ("strong" where there is no such class).
pub(super) struct Named {
    pub class: u16,
    pub only: Option<&'static str>,
}

/// Finds the classes and claims their words; none where the phrase names no enzyme with an action.
pub(super) fn take(phrase: &mut Phrase) -> Vec<Named> {
    let text: String = (0..phrase.len())
        .filter(|&at| !phrase.is_used(at))
        .filter_map(|at| phrase.get(at))
        .map(|e| format!("{} ", e.text))
        .collect();
    let found = |table: &[(&str, &'static str)]| {
        let mut list: Vec<&'static str> =
            table.iter().filter(|(wording, _)| text.contains(wording)).map(|(_, stem)| *stem).collect();
        list.dedup();
        list
    };
    let (enzymes, actions) = (found(ENZYMES), found(ACTIONS));
    if enzymes.is_empty() || actions.is_empty() {
        return Vec::new();
    }
    let strengths = found(STRENGTHS);
    let mut classes = Vec::new();
    for enzyme in &enzymes {
        for action in &actions {
            if strengths.is_empty() {
                push(&mut classes, &format!("{enzyme}-{action}"), None);
            }
            for strength in &strengths {
                if !push(&mut classes, &format!("{enzyme}-{strength}-{action}"), None) {
                    push(&mut classes, &format!("{enzyme}-{action}"), Some(*strength));
                }
            }
        }
    }
    if !classes.is_empty() {
        claim(phrase);
    }
    classes
}

fn push(classes: &mut Vec<Named>, id: &str, only: Option<&'static str>) -> bool {
    let Some(class) = medications::class_by_id(id).and_then(|row| u16::try_from(row).ok()) else { return false };
    if !classes.iter().any(|c| c.class == class && c.only == only) {
        classes.push(Named { class, only });
    }
    true
}

fn claim(phrase: &mut Phrase) {
    let tells = |e: &Element| {
        [ENZYMES, ACTIONS, STRENGTHS].iter().any(|table| table.iter().any(|(wording, _)| e.text.contains(wording)))
            || matches!(e.sense, Sense::Concept(Concept::MedicationClass(_)))
    };
    let first = phrase.find(tells);
    let last = (0..phrase.len()).rev().find(|&at| !phrase.is_used(at) && phrase.get(at).is_some_and(tells));
    let (Some(first), Some(last)) = (first, last) else { return };
    for at in first..=(last + 2).min(phrase.len().saturating_sub(1)) {
        let belongs = phrase.get(at).is_some_and(|e| {
            tells(e)
                || BETWEEN.contains(&e.text.as_str())
                || e.is(Cue::Or)
                || e.is(Cue::And)
                || matches!(e.sense, Sense::Concept(Concept::Cancer(_)))
        });
        if belongs {
            phrase.claim(at);
        }
    }
}
