//! Allergies: "hypersensitivity to trastuzumab or any of its excipients".

use super::{Kind, Medication, Substance};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{row_of, take_grade, take_words};
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{drugs, medications};

/// Words for the trial's own drugs and what they are made of.
const OWN: &[&str] = &[
    "component",
    "excipient",
    "ingredient",
    "inactive ingredient",
    "active substance",
    "compound",
    "formulation",
    "investigational product",
    "study therapy",
    "study intervention",
    "drug product",
    "drug substance",
    "its component",
    "their component",
    "other component",
    "any component of",
    "similar chemical composition",
    "similar chemical or biologic composition",
    "biologic composition",
    "chemical",
    "composition",
    "product",
    "investigational",
    "test",
    "substance",
    "drug",
    "agent",
    "study",
    "preparation",
    "analog",
    "analogue",
    "derivative",
    "chemical composition",
    "solvent",
    "vehicle",
    "constituent",
    "metabolite",
    "trial",
    "investigational drug",
];

/// Words about the reaction that narrow nothing.
const REACTION: &[&str] = &[
    "reaction",
    "immediate",
    "delayed",
    "allergic",
    "hypersensitivity",
    "allergy",
    "hypersensitive",
    "sensitivity",
    "contraindication",
    "contraindicated",
    "known",
    "attributed to",
    "type",
    "anaphylactic",
    "anaphylaxis",
    "proven",
    "confirmed",
    "previously",
    "similar",
    "used",
    "its",
    "their",
    "absolute",
    "infusion",
    "idiosyncratic",
    "allergen",
    "formulated",
    "other",
    "containing",
    "any other",
    "exhibited",
    "systemic",
    "inactive",
    "active",
    "several",
    "one of",
    "of the",
    "similar structural",
    "structural",
    "structure",
    "related",
    "class",
    "severe",
    "requiring",
    "intervention",
    "experienced",
    "similar class",
    "chemically",
    "biologically",
    "pharmacologically",
    "generation",
];

/// Whether an element says that something is not borne.
pub(super) fn is_head(element: &Element) -> Option<Kind> {
    match element.sense {
        Sense::Concept(Concept::Condition(row)) => {
            (Some(row) == row_of("hypersensitivity") || Some(row) == row_of("anaphylaxis")).then_some(Kind::Allergy)
        }
        _ => match element.text.as_str() {
            "hypersensitive" | "allergic" | "sensitivity" | "allergy" | "hypersensitivity" => Some(Kind::Allergy),
            "contraindication" | "contraindicated" => Some(Kind::Contraindication),
            _ => None,
        },
    }
}

/// Where a phrase says that something is not borne, and how. "Intolerance to X or any of its excipients" speaks of the
/// substance, not of a course of treatment that was given up.
pub(super) fn head_of(phrase: &Phrase) -> Option<(usize, Kind)> {
    if let Some(head) = phrase.find(|e| is_head(e).is_some()) {
        return phrase.get(head).and_then(is_head).map(|kind| (head, kind));
    }
    let part = |e: &Element| ["excipient", "ingredient", "component"].iter().any(|word| e.text.contains(word));
    let head = phrase.find(|e| e.is(Cue::Intolerant) && e.text.contains("intolerance"))?;
    phrase.find_from(head, part).map(|_| (head, Kind::Allergy))
}

/// Reads an allergy and what it is to.
pub fn read_allergy(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let (head, kind) = head_of(phrase)?;
    phrase.claim(head);
    let anaphylaxis = matches!(phrase.sense(head), Some(Sense::Concept(Concept::Condition(row))) if Some(row) == row_of("anaphylaxis"));
    while let Some(at) = phrase.find(|e| is_head(e).is_some()) {
        phrase.claim(at);
    }
    let grade = take_grade(phrase);
    let significant = phrase.take(Cue::Significant) | take_words(phrase, &["anaphylactic", "fatal"]) | anaphylaxis;
    for cue in [Cue::History, Cue::Prior, Cue::Suspected, Cue::Active, Cue::Intolerant] {
        phrase.take(cue);
    }
    let mut substances = Vec::new();
    let mut own = false;
    let mut words: Vec<String> = Vec::new();
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        let Some(element) = phrase.get(at).cloned() else { continue };
        let known = known_substance(&element);
        let text = element.text.as_str();
        let is_own = element.is(Cue::Anchor) || element.is(Cue::Investigational) || OWN.contains(&text);
        // "Fusion proteins", "vaccine adjuvants", "ovary cell products": part of the name of a substance.
        let part_of_name = at > head && matches!(text, "fusion" | "adjuvant" | "cell") && known.is_none();
        let word = (matches!(element.sense, Sense::Word) || part_of_name) && !REACTION.contains(&text) && !is_own;
        if !word {
            flush(&mut words, &mut substances);
        }
        // "Penicillin allergy", but not "corticosteroids for an allergy".
        let known = known.filter(|_| at > head || at + 1 == head);
        if let Some(substance) = known {
            substances.push(substance);
            phrase.claim(at);
        } else if is_own {
            own = true;
            phrase.claim(at);
        } else if REACTION.contains(&text)
            || element.is(Cue::Or)
            || element.is(Cue::Including)
            || element.is(Cue::Therapy)
        {
            phrase.claim(at);
        } else if word {
            // "Nickel allergy" names its substance as well as what follows the allergy does.
            let before = at + 1 == head && !text.ends_with("ed") && !text.ends_with("al");
            let describes =
                text.ends_with("ly") || text.ends_with("ed") && !text.ends_with("seed") || text.ends_with("ing");
            let idle = text == "cell" && words.is_empty();
            if (at > head || before) && !describes && !idle {
                words.push(text.to_owned());
            }
            if at > head || before || describes {
                phrase.claim(at);
            }
        }
    }
    flush(&mut words, &mut substances);
    claim_parts_of_names(phrase, head);
    if own || substances.is_empty() && phrase.find(|e| matches!(e.sense, Sense::Concept(_))).is_some() {
        substances.extend(interventions(context));
        substances.push(Substance::StudyDrug);
    }
    if substances.is_empty() {
        substances.push(Substance::Anything);
    }
    substances.sort();
    substances.dedup();
    let members = substances
        .into_iter()
        .map(|substance| {
            let mut atom = Medication::new(substance, kind);
            atom.grade = grade;
            atom.significant = significant;
            Requirement::Atom(Atom::Medication(atom))
        })
        .collect();
    Some(Requirement::any(members))
}

/// "Polysorbate 80", "Chinese hamster ovary cells", "Part B only": figures and words of other families in names.
fn claim_parts_of_names(phrase: &mut Phrase, head: usize) {
    for at in head + 1..phrase.len() {
        let timed = phrase.get(at + 1).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some());
        let part = phrase.get(at).is_some_and(|e| match e.sense {
            Sense::Number(_) | Sense::Score(_) => {
                !timed && !phrase.get(at - 1).is_some_and(|b| b.is(Cue::Within) || matches!(b.sense, Sense::Compare(_)))
            }
            Sense::Concept(Concept::Site(_) | Concept::Biomarker(_) | Concept::Unit(_)) => true,
            _ => false,
        });
        if part && !phrase.is_used(at) {
            phrase.claim(at);
        }
    }
}

fn flush(words: &mut Vec<String>, substances: &mut Vec<Substance>) {
    if !words.is_empty() {
        substances.push(Substance::Named(words.join(" ")));
        words.clear();
    }
}

/// The substance that an element names.
pub(super) fn known_substance(element: &Element) -> Option<Substance> {
    match element.sense {
        Sense::Concept(Concept::Drug(row)) => Some(Substance::Drug(row)),
        Sense::Concept(Concept::DrugClass(row)) => Some(Substance::DrugClass(row)),
        Sense::Concept(Concept::Medication(row)) => Some(Substance::Medication(row)),
        Sense::Concept(Concept::MedicationClass(row)) => Some(Substance::Class(row)),
        Sense::Cue(Cue::Steroids) => class("corticosteroid"),
        _ => None,
    }
}

/// A class of medicines by its identifier.
pub(super) fn class(id: &str) -> Option<Substance> {
    medications::class_by_id(id).and_then(|row| u16::try_from(row).ok()).map(Substance::Class)
}

/// The trial's own drugs that the vocabulary knows.
fn interventions(context: &Context<'_>) -> Vec<Substance> {
    context
        .interventions
        .iter()
        .filter_map(|name| drugs::drug_by_name(name))
        .filter_map(|row| u16::try_from(row).ok().map(Substance::Drug))
        .collect()
}
