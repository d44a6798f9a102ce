//! What narrows a tumour and no profile states: side, grade, focality, first or new. Each is a fact of its own name.

use super::tumours;
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;

/// Words that narrow a tumour wherever they stand in its phrase.
const MODIFIERS: &[&str] = &[
    "aggressive",
    "bilateral",
    "biopsiable",
    "bulky",
    "cardiac",
    "concomitant",
    "contralateral",
    "cutaneous",
    "endobronchial",
    "extensive",
    "extracranial",
    "extrahepatic",
    "familial",
    "heart",
    "heterogeneous",
    "impalpable",
    "indolent",
    "initial",
    "ipsilateral",
    "limited",
    "metachronous",
    "mixed",
    "multicentric",
    "multifocal",
    "nonpalpable",
    "palpable",
    "pericardial",
    "prevention",
    "pure",
    "resected",
    "rapidly",
    "rare",
    "screen detected",
    "simple",
    "sporadic",
    "synchronous",
    "unicentric",
    "unifocal",
    "unilateral",
];

/// Endings of adjectives.
const ENDINGS: &[&str] = &["al", "ic", "ed", "ive", "ar", "ous", "ent", "ant", "able", "ible", "oid", "ary"];

fn is_adjective(text: &str) -> bool {
    text.len() > 5
        && ENDINGS.iter().any(|ending| text.ends_with(ending))
        && ![
            "treat",
            "irradiat",
            "resect",
            "other",
            "except",
            "exclud",
            "includ",
            "prevent",
            "elig",
            "inelig",
            "secondary",
        ]
        .iter()
        .any(|no| text.starts_with(no))
}

/// What a place says of the tumour, and one past its end.
fn modifier(phrase: &Phrase, at: usize, heads: &[usize]) -> Option<(String, usize)> {
    let element: &Element = phrase.get(at).filter(|_| !phrase.is_used(at))?;
    let next = phrase.get(at + 1).filter(|_| !phrase.is_used(at + 1));
    let is_head = |place: usize| heads.contains(&place);
    let near = is_head(at + 1) || is_head(at + 2) && next.is_some_and(is_neutral);
    match element.sense {
        Sense::Cue(Cue::Low | Cue::High) if next.is_some_and(|e| e.is(Cue::Grade)) => {
            Some((format!("{} grade", element.text), at + 2))
        }
        Sense::Word if element.text == "intermediate" && next.is_some_and(|e| e.is(Cue::Grade)) => {
            Some(("intermediate grade".to_owned(), at + 2))
        }
        Sense::Cue(Cue::Untreated) if element.text.starts_with("new") => Some(("newly diagnosed".to_owned(), at + 1)),
        Sense::Cue(Cue::Symptomatic) if near && element.text == "symptomatic" => {
            Some(("symptomatic".to_owned(), at + 1))
        }
        Sense::Cue(Cue::Uncontrolled) if near && element.text == "uncontrolled" => {
            Some(("uncontrolled".to_owned(), at + 1))
        }
        Sense::Cue(Cue::Significant) if near => Some((element.text.to_string(), at + 1)),
        Sense::Cue(Cue::Naive) if element.text.ends_with("previously untreated") => {
            Some(("previously untreated".to_owned(), at + 1))
        }
        Sense::Cue(Cue::Untreated) if near => Some(("untreated".to_owned(), at + 1)),
        Sense::Ordinal(1)
            if next.is_some_and(|e| e.is_char(',') || e.text == "diagnosis" || e.text == "diagnosis of") =>
        {
            Some(("first".to_owned(), at + 1))
        }
        Sense::Ordinal(1)
            if near && at.checked_sub(1).and_then(|b| phrase.get(b)).is_none_or(|e| !e.is(Cue::Before)) =>
        {
            Some(("first".to_owned(), at + 1))
        }
        Sense::Word if element.text == "presentation" => Some(("first presentation of".to_owned(), at + 1)),
        Sense::Word if element.text == "limited" && next.is_some_and(|e| e.text == "to") => None,
        Sense::Word | Sense::Concept(Concept::OpenFact(_)) if MODIFIERS.contains(&element.text.as_str()) => {
            Some((element.text.to_string(), at + 1))
        }
        Sense::Word if is_head(at + 1) && is_adjective(&element.text) => Some((element.text.to_string(), at + 1)),
        _ => None,
    }
}

fn denies(element: &Element) -> bool {
    element.is(Cue::Not)
        || element.is(Cue::Except)
        || element.is(Cue::Unless)
        || element.is(Cue::Naive) && !element.text.ends_with("previously untreated")
        || element.text == "non"
        || element.text.contains("exclu")
}

/// Claims what narrows the tumour; alternatives ("multifocal or multicentric") stay alternatives.
pub(super) fn take(phrase: &mut Phrase, heads: &[usize], subject: &str) -> Vec<Requirement> {
    if phrase.find(denies).is_some() {
        return Vec::new();
    }
    let mut groups: Vec<(usize, Vec<Requirement>)> = Vec::new();
    let mut at = 0;
    while at < phrase.len() {
        let Some((said, end)) = modifier(phrase, at, heads) else {
            at += 1;
            continue;
        };
        phrase.claim_range(at, end);
        let organ = matches!(said.as_str(), "cardiac" | "heart" | "pericardial" | "endobronchial");
        let fact = named(&format!("{said} {}", if organ { "metastases" } else { subject }));
        let joiner = at.checked_sub(1).filter(|j| phrase.get(*j).is_some_and(|e| e.is(Cue::Or) || e.is_char('/')));
        match groups.last_mut() {
            Some((last, group)) if joiner == Some(*last) => {
                phrase.claim(*last);
                group.push(fact);
                *last = end;
            }
            _ => groups.push((end, vec![fact])),
        }
        at = end;
    }
    groups.into_iter().map(|(_, group)| Requirement::any(group)).collect()
}

/// All words that narrow a tumour which is not under treatment here ("platinum-sensitive ovarian cancer"): one fact.
pub(super) fn take_all(phrase: &mut Phrase, subject: &str) -> Option<Requirement> {
    let foreign = |e: &Element| {
        denies(e)
            || e.is(Cue::Or)
            || e.is(Cue::If)
            // Another tumour of the list, not a word that narrows this one.
            || tumours::names_organ(e)
            || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
            || matches!(e.sense, Sense::Concept(concept) if !matches!(
                concept,
                Concept::DrugClass(_) | Concept::OpenFact(_) | Concept::Biomarker(_) | Concept::Site(_)
            ))
            || e.text.len() < 3
            || e.text.ends_with(|c: char| c.is_ascii_digit())
            || matches!(
                e.sense,
                Sense::Cue(
                    Cue::Progressed | Cue::Line | Cue::Must | Cue::MustNot | Cue::May | Cue::Measurable | Cue::Within
                )
            )
    };
    let left: Vec<usize> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at) && phrase.get(*at).is_some_and(|e| !is_neutral(e)))
        .collect();
    if left.is_empty()
        || left.len() > 6
        || phrase.elements.iter().any(|e| e.is_char(':') || e.is_char(';'))
        || left.iter().any(|at| phrase.get(*at).is_some_and(foreign))
    {
        return None;
    }
    let words: Vec<String> = left.iter().filter_map(|at| phrase.get(*at)).map(|e| e.text.to_string()).collect();
    left.iter().for_each(|at| phrase.claim(*at));
    Some(named(&format!("{} {subject}", words.join(" "))))
}
