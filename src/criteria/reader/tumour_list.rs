//! Lists of tumour types of which some have a state of their own: "triple-negative breast cancer, ovarian cancer or
//! melanoma", "breast (HR+/HER2-), NSCLC with an EGFR mutation". What is said of one of them binds that one alone.

use crate::criteria::context::Context;
use crate::criteria::diagnosis::{METASTATIC, extent_named};
use crate::criteria::reader::coordination::{self, outside, trim};
use crate::criteria::reader::dispatch::Reading;
use crate::criteria::receptors;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::span_of;
use crate::lexicon::cancers;
use crate::lexicon::concepts::Concept;

/// What an element names in such a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tumour {
    /// Breast cancer by any name.
    Breast,
    /// A tumour that is no breast cancer.
    Other,
    /// A name that takes breast cancer in: "solid tumour".
    General,
}

/// The tumour that an element names.
fn tumour(element: &Element) -> Option<Tumour> {
    match element.sense {
        Sense::Cue(Cue::TripleNegative) => Some(Tumour::Breast),
        // "Positive breast cancer" may be one wording.
        Sense::Cue(Cue::Positive | Cue::Negative) if element.text.contains("breast") => Some(Tumour::Breast),
        Sense::Concept(Concept::Cancer(row)) => cancers::all().get(usize::from(row)).map(|cancer| {
            if cancer.breast {
                Tumour::Breast
            } else if cancer.covers_breast {
                Tumour::General
            } else {
                Tumour::Other
            }
        }),
        _ => None,
    }
}

/// Whether an element says of a tumour what the list need not ask of the others: a receptor, a gene.
fn is_state(element: &Element) -> bool {
    receptors::is_receptor(element)
        || matches!(element.sense, Sense::Cue(Cue::TripleNegative | Cue::Mutation | Cue::Amplified))
        || matches!(element.sense, Sense::Concept(Concept::Biomarker(_)))
}

/// Whether an element begins what is asked of whoever has one of the tumours: a treatment, its course.
fn is_history(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Cue(
            Cue::Progressed
                | Cue::ProgressiveDisease
                | Cue::Received
                | Cue::TreatedLesion
                | Cue::Prior
                | Cue::Line
                | Cue::Naive
                | Cue::Intolerant
                | Cue::Measurable
                | Cue::Must
                | Cue::Not
        ) | Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Procedure(_))
    )
}

/// Reads a list of tumour types with states of their own. `None` where a phrase is none.
pub fn read(elements: &[Element], context: &Context<'_>, depth: usize) -> Option<Reading> {
    let listed = elements.iter().filter(|e| tumour(e).is_some()).count() > 1 && elements.iter().any(is_state);
    if !listed || depth > 6 || elements.iter().any(|e| e.is(Cue::Except) || e.is(Cue::Unless)) {
        return None;
    }
    let members = members(elements)?;
    let (first, last) = (members.first()?, members.last()?);
    let opening = first.iter().position(|e| tumour(e).is_some() || is_state(e))?;
    let prefix = prefix(first, opening)?;
    let head = last.iter().rposition(|e| tumour(e).is_some())?;
    let open = |e: &Element| e.is_char('(') || e.is_char('[');
    let close = |e: &Element| e.is_char(')') || e.is_char(']');
    // What stands in brackets behind the last tumour is said of it.
    let mut tail_at = head + 1;
    if last.get(tail_at).is_some_and(open) {
        tail_at = last.iter().skip(tail_at).position(close).map_or(last.len(), |at| tail_at + at + 1);
    }
    let tail = last.get(tail_at..)?;
    let tail = if tail.iter().any(is_history) { tail } else { last.get(..0)? };
    if !state_of_one(&members, opening) {
        return None;
    }
    // What is asked of all stands by itself, where it is understood so.
    let asked = coordination::read_depth(trim(tail), context, depth + 1);
    let apart = !tail.is_empty() && asked.claimed && asked.unread == 0;
    let mut readings = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let from = if index == 0 { opening } else { 0 };
        let to = if index + 1 == members.len() { member.len() - tail.len() } else { member.len() };
        let whole: Vec<Element> = prefix
            .iter()
            .filter(|e| !e.is(Cue::OneOf))
            .chain(member.get(from..to).unwrap_or_default())
            .chain(if apart { &[] } else { tail })
            .cloned()
            .collect();
        readings.push(coordination::read_depth(trim(&whole), context, depth + 1));
    }
    let unread = readings.iter().map(|r| r.unread).sum();
    let requirement = Requirement::any(readings.into_iter().map(|r| r.requirement).collect());
    let requirement = if apart { Requirement::all(vec![requirement, asked.requirement]) } else { requirement };
    // "EGFR-mutated lung cancer, breast cancer or melanoma": whether the first state is that of all cannot be told.
    let shared = first.get(opening).is_some_and(is_state)
        && first.iter().find_map(tumour) != Some(Tumour::Breast)
        && !members.iter().skip(1).any(|m| m.iter().any(is_state));
    if shared {
        let requirement = Requirement::Partly(Box::new(requirement), vec![span_of(elements)]);
        return Some(Reading { requirement, unread: 1, claimed: true });
    }
    Some(Reading { requirement, unread, claimed: true })
}

/// What stands before the list and is said of all: "locally advanced or metastatic" also where its last word is part of
/// the first name.
fn prefix(first: &[Element], opening: usize) -> Option<Vec<Element>> {
    let mut prefix = first.get(..opening)?.to_vec();
    let named = first.get(opening)?;
    let sense = match extent_named(&named.text) {
        0 => return Some(prefix),
        METASTATIC => Cue::MetastaticDisease,
        _ => Cue::Advanced,
    };
    let text = if sense == Cue::Advanced { "advanced" } else { "metastatic" };
    prefix.push(Element { sense: Sense::Cue(sense), text: text.into(), ..named.clone() });
    Some(prefix)
}

/// The members of the list, each with one tumour; `None` where something else is listed as well.
fn members(elements: &[Element]) -> Option<Vec<Vec<Element>>> {
    let separates = |e: &Element| e.is_char(',') || e.is_char(';') || e.is(Cue::Or);
    // The list runs from the separator before its second tumour to the one before its last.
    let heads: Vec<usize> = outside(elements).filter(|(_, e)| tumour(e).is_some()).map(|(at, _)| at).collect();
    let (first, last) = (*heads.first()?, *heads.last()?);
    let places: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            // "TNBC, melanoma, and lung cancer" names them one by one.
            let listed = separates(e)
                || e.is(Cue::And) && at.checked_sub(1).and_then(|b| elements.get(b)).is_some_and(separates);
            *at > first && *at < last && listed
        })
        .map(|(at, _)| at)
        .collect();
    let mut out: Vec<Vec<Element>> = Vec::new();
    let mut from = 0;
    for end in places.into_iter().chain([elements.len()]) {
        let member = elements.get(from..end)?;
        from = end + 1;
        if member.iter().all(|e| matches!(e.sense, Sense::Punctuation(_))) {
            continue;
        }
        out.push(member.to_vec());
    }
    let named = |wanted: Tumour| out.iter().filter(|m| outside(m).any(|(_, e)| tumour(e) == Some(wanted))).count();
    let single = |member: &Vec<Element>| {
        let name = |e: &Element| tumour(e).is_some() && !e.is(Cue::TripleNegative);
        let count = outside(member).filter(|(_, e)| name(e)).count();
        // "Triple-negative breast cancer" may be two elements.
        count == 1 || count == 0 && member.iter().any(|e| e.is(Cue::TripleNegative))
    };
    (out.len() > 1
        && out.iter().all(single)
        && named(Tumour::Breast) > 0
        && named(Tumour::Other) > 0
        && named(Tumour::General) == 0)
        .then_some(out)
}

/// Whether a state is said of one tumour of the list alone: of the first if that is breast cancer, of a later one, or
/// behind a name.
fn state_of_one(members: &[Vec<Element>], opening: usize) -> bool {
    members.iter().enumerate().any(|(index, member)| {
        let Some(state) = member.iter().position(is_state) else { return false };
        let head = member.iter().position(|e| tumour(e).is_some()).unwrap_or(0);
        let breast = member.iter().any(|e| tumour(e) == Some(Tumour::Breast));
        let hormone = |e: &Element| receptors::is_receptor(e) && !e.is(Cue::TripleNegative);
        // "HER2-positive gastric cancer or breast cancer": of both.
        let of_all =
            index == 0 && state == opening && state < head && !breast && member.get(state).is_some_and(hormone);
        !of_all
    })
}
