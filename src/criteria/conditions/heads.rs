//! Which words of a phrase name diseases.

use super::modifiers::degree;
use super::read::*;
use super::{What, row_of};
use crate::criteria::context::Context;
use crate::criteria::requirement::Section;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;
use crate::lexicon::{cancers, conditions, procedures};

/// The unclaimed diseases of a phrase with their places.
pub(super) fn heads(phrase: &mut Phrase, context: &Context<'_>) -> Vec<(usize, What)> {
    let stop = phrase.find(|e| e.is(Cue::Requiring)).unwrap_or(phrase.len());
    let mut found = Vec::new();
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        let Some(element) = phrase.get(at) else { continue };
        let may_be = match element.sense {
            Sense::Concept(Concept::Condition(_) | Concept::Cancer(_) | Concept::Procedure(_)) => true,
            Sense::Cue(Cue::VisceralCrisis) => true,
            Sense::Cue(Cue::Filler) => element.text == "cancer" || element.text.is_in(Words::AnyDisease),
            Sense::Word => element.text.is_in(Words::AnyDisease),
            _ => false,
        };
        if !may_be {
            continue;
        }
        // What treats the disease is no disease ("requiring treatment of an infection").
        let comma = (stop..at).rev().find(|&place| phrase.get(place).is_some_and(|e| e.is_char(',') || e.is_char(';')));
        let listed = (stop..at).any(|place| phrase.get(place).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)))
            || comma.is_some_and(|comma| {
                (comma + 1..at).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || is_modifier(e)))
            });
        if at > stop && !found.is_empty() && !listed {
            continue;
        }
        if let Some((last, _)) = found.last()
            && is_any_disease(phrase, *last, at)
        {
            found.push((at, What::Anything));
            continue;
        }
        if let Some(row) = head_row(phrase, at, element, context) {
            // "Cirrhosis, Child-Pugh class B or C": the class says how bad the liver disease before it is.
            if Some(row) == row!("Child-Pugh class B or C")
                && let Some((before, What::Row(last))) = found.last()
                && row!("liver disease").is_some_and(|l| conditions::is_a(usize::from(*last), usize::from(l)))
                && !(*before..at).any(|place| phrase.get(place).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)))
            {
                continue;
            }
            // "HIV (human immunodeficiency virus) infection": the kind after the disease is no second disease.
            if let Some((before, What::Row(last))) = found.last()
                && conditions::is_a(usize::from(*last), usize::from(row))
                && !(*before..at).any(|place| joins_diseases(phrase, place))
            {
                phrase.claim(at);
                continue;
            }
            // "Infection with hepatitis B": the kind before the disease is no second disease either.
            if let Some((before, What::Row(last))) = found.last()
                && conditions::is_a(usize::from(row), usize::from(*last))
                && !(*before..at).any(|place| phrase.get(place).is_some_and(is_joiner))
                && (*before..at).any(|place| phrase.get(place).is_some_and(|e| e.is(Cue::With) || e.text == "by"))
            {
                phrase.claim_range(*before, at);
                found.pop();
            }
            found.push((at, What::Row(row)));
            found.extend(hepatitis_letters(phrase, at, row).into_iter().map(|(at, row)| (at, What::Row(row))));
        }
    }
    found
}

/// Whether a joiner stands between diseases, and not between classes ("III or IV").
fn joins_diseases(phrase: &Phrase, at: usize) -> bool {
    let grades =
        at.checked_sub(1).is_some_and(|b| degree(phrase.get(b)).is_some()) && degree(phrase.get(at + 1)).is_some();
    phrase.get(at).is_some_and(is_joiner) && !grades
}

/// "Coagulopathy, or any other uncontrolled medical illness": a general noun behind a joiner, with its own modifier or
/// that of the first disease.
fn is_any_disease(phrase: &Phrase, last: usize, at: usize) -> bool {
    let general = phrase
        .get(at)
        .is_some_and(|e| matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && e.text.is_in(Words::AnyDisease));
    let behind = phrase.get(at + 1).is_some_and(|e| matches!(e.text.as_str(), "of" | "free" | "under"));
    if !general || behind || phrase.find(|e| e.is(Cue::Except) || e.is(Cue::Unless)).is_some() {
        return false;
    }
    let Some(joiner) = (last + 1..at).rev().find(|&i| phrase.get(i).is_some_and(is_joiner)) else { return false };
    let grave = |e: &Element| e.is(Cue::Significant) || e.is(Cue::Uncontrolled);
    (joiner..at).any(|i| phrase.get(i).is_some_and(grave)) || (0..last).any(|i| phrase.get(i).is_some_and(grave))
}

pub(super) fn is_joiner(element: &Element) -> bool {
    element.is(Cue::Or)
        || element.is(Cue::And)
        || element.is(Cue::Including)
        || element.is_char(',')
        || element.is_char('/')
        || element.is_char(';')
}

pub(super) fn head_row(phrase: &Phrase, at: usize, element: &Element, context: &Context<'_>) -> Option<u16> {
    match element.sense {
        // "Prior cancer therapy" is no prior cancer.
        Sense::Concept(Concept::Condition(row)) if Some(row) == row!("other malignancy") => {
            let treated = phrase.get(at + 1).is_some_and(|e| {
                e.is(Cue::Therapy) || matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Procedure(_)))
            });
            (!treated).then_some(row)
        }
        Sense::Concept(Concept::Condition(row)) => Some(row),
        Sense::Concept(Concept::Cancer(row)) => {
            let cancer = cancers::all().get(usize::from(row))?;
            if cancer.is_condition() {
                return if is_tumour_type(phrase, &cancer.id, context) { None } else { row_of(&cancer.id) };
            }
            (cancer.covers_breast && is_other(phrase, at, context)).then(|| row!("other malignancy")).flatten()
        }
        Sense::Concept(Concept::Procedure(row)) => {
            let procedure = procedures::all().get(usize::from(row))?;
            procedure.same_as.as_deref().filter(|id| *id == "organ transplantation").and_then(row_of)
        }
        Sense::Cue(Cue::VisceralCrisis) => row!("visceral crisis"),
        // "History of cancer".
        Sense::Cue(Cue::Filler) if element.text == "cancer" => {
            (context.section == Section::Exclusion && past_or_other(phrase) && bare(phrase, at))
                .then(|| row!("other malignancy"))
                .flatten()
        }
        _ => None,
    }
}

/// Whether a tumour stands for the cancer under study ("pancreatic cancer or breast cancer" under Inclusion), not for a
/// second disease of the patient.
pub(super) fn is_tumour_type(phrase: &Phrase, id: &str, context: &Context<'_>) -> bool {
    let second =
        ["in situ", "basal", "squamous cell carcinoma of skin", "melanoma skin", "intraepithelial", "contralateral"];
    context.section == Section::Inclusion
        && !second.iter().any(|word| id.contains(word))
        && !past_or_other(phrase)
        && phrase
            .find(|e| {
                matches!(
                    e.cue(),
                    Some(Cue::Active | Cue::TreatedLesion | Cue::Within | Cue::Year | Cue::Family | Cue::Resolved)
                )
            })
            .is_none()
}

fn names_another(phrase: &Phrase) -> bool {
    phrase.holds_word(Words::Other) && phrase.find(|e| e.text.is_in(Words::Other)).is_some()
}

pub(super) fn past_or_other(phrase: &Phrase) -> bool {
    phrase.has(Cue::History) || phrase.has(Cue::Prior) || names_another(phrase)
}

/// Whether nothing but state and time stands beside a place.
pub(super) fn bare(phrase: &Phrase, at: usize) -> bool {
    (0..phrase.len()).all(|place| {
        place == at
            || phrase.is_used(place)
            || phrase.get(place).is_some_and(|e| match e.sense {
                _ if e.text.is_in(Words::Other) => true,
                Sense::Concept(_) => false,
                Sense::Word => false,
                _ => true,
            })
    })
}

/// Whether a tumour that may be the cancer under study is said to be another one.
pub(super) fn is_other(phrase: &Phrase, at: usize, context: &Context<'_>) -> bool {
    if names_another(phrase) {
        return true;
    }
    let of_the_study = phrase
        .find(|e| {
            matches!(
                e.cue(),
                Some(Cue::Advanced | Cue::LocallyAdvanced | Cue::SettingMetastatic | Cue::Measurable | Cue::Progressed)
            )
        })
        .is_some();
    let solid = phrase.get(at).is_some_and(|e| e.text.contains("solid"));
    context.section == Section::Exclusion && !of_the_study && !solid && bare(phrase, at)
}

/// "Hepatitis B or C": the letter that follows is a hepatitis as well.
pub(super) fn hepatitis_letters(phrase: &Phrase, at: usize, row: u16) -> Vec<(usize, u16)> {
    let above = row!("viral hepatitis");
    if !above.is_some_and(|above| conditions::is_a(usize::from(row), usize::from(above))) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut next = at + 1;
    while phrase.get(next).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/') || e.is_char(',')) {
        let mut letter = next + 1;
        while phrase.get(letter).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)) {
            letter += 1;
        }
        let Some(element) = phrase.get(letter) else { break };
        let id = match element.text.as_str() {
            "b" => "hepatitis B",
            "c" => "hepatitis C",
            "d" => "hepatitis D",
            _ => break,
        };
        found.extend(row_of(id).map(|row| (letter, row)));
        next = letter + 1;
    }
    found
}
