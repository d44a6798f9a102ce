//! Lists of treatments within a phrase: "chemotherapy, hormonal therapy or (other) radiotherapy".

use super::Treatments;
use crate::criteria::context::Context;
use crate::criteria::requirement::Section;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::text::Text;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;
use crate::lexicon::{drugs, procedures};

/// A list of treatments and the places that it takes.
#[derive(Clone, Debug)]
pub struct List {
    /// What is named.
    pub what: Treatments,
    /// Its first place.
    pub start: usize,
    /// One past its last place.
    pub end: usize,
}

/// Whether an element names a treatment.
pub fn is_treatment(element: &Element, context: &Context<'_>) -> bool {
    match element.sense {
        Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_)) => true,
        Sense::Concept(Concept::Procedure(row)) => procedures::all().get(row as usize).is_some_and(|p| {
            !matches!(
                p.kind,
                procedures::ProcedureKind::Diagnostic
                    | procedures::ProcedureKind::Transfusion
                    | procedures::ProcedureKind::Other
            )
        }),
        Sense::Cue(Cue::Investigational) => true,
        Sense::Word => {
            context.interventions.iter().any(|name| element.text == *name.as_str()) || looks_like_drug(&element.text)
        }
        _ => false,
    }
}

fn looks_like_drug(word: &Text) -> bool {
    if word.is_in(Words::DrugName) && word.chars().count() > 6 {
        return true;
    }
    // A code: "abc1234".
    if !word.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    (2..=5).contains(&letters)
        && word.chars().skip(letters).count() >= 3
        && word.chars().skip(letters).all(|c| c.is_ascii_digit())
}

/// Whether a word says nothing beside a treatment.
pub fn is_idle(element: &Element) -> bool {
    element.text.is_in(Words::Idle) && matches!(element.sense, Sense::Word | Sense::Cue(Cue::Filler))
}

/// Words that may stand between the members of a list.
fn between(element: &Element) -> bool {
    is_idle(element)
        || element.is(Cue::Filler)
            && !matches!(
                element.text.as_str(),
                "for"
                    | "to"
                    | "in"
                    | "at"
                    | "during"
                    | "in combination"
                    | "combination"
                    | "combined"
                    | "alone"
                    | "monotherapy"
                    | "as monotherapy"
            )
        || element.is(Cue::Therapy)
        || element.is(Cue::Prior)
        || element.is(Cue::Received)
}

/// Reads the list that begins at a place, without claiming it.
pub fn list_at(phrase: &Phrase, context: &Context<'_>, start: usize, to: usize) -> Option<List> {
    let mut what = Treatments::default();
    let mut end = start;
    let mut at = start;
    while let Some(element) = phrase.get(at).filter(|_| at < to && !phrase.is_used(at)) {
        if !is_treatment(element, context) {
            break;
        }
        let investigational = element.is(Cue::Investigational);
        // "Cytotoxic anticancer therapy": a general noun right behind a class is its noun.
        let noun = at > start
            && phrase.get(at - 1).is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_))))
            && matches!(element.sense, Sense::Concept(Concept::DrugClass(row)) if is_general(row));
        if !noun {
            add(&mut what, element, context);
        }
        end = at + 1;
        at = end;
        // "Investigational drug", "investigational anticancer therapy": the noun belongs to it.
        while investigational
            && phrase.get(at).is_some_and(|e| {
                e.is(Cue::Therapy)
                    || e.is(Cue::Filler) && !matches!(e.text.as_str(), "for" | "to" | "in" | "at" | "of")
                    || matches!(
                        e.text.as_str(),
                        "device" | "vaccine" | "compound" | "substance" | "pharmaceutical" | "biologic"
                    )
                    || e.sense == Sense::Concept(Concept::DrugClass(class("anticancer-therapy").unwrap_or(u16::MAX)))
                    || (e.is_char('/') || e.is(Cue::Or))
                        && phrase.get(at + 1).is_some_and(|n| {
                            matches!(
                                n.text.as_str(),
                                "device"
                                    | "agent"
                                    | "drug"
                                    | "product"
                                    | "procedure"
                                    | "compound"
                                    | "biologic"
                                    | "vaccine"
                            ) || n.is(Cue::Therapy)
                        })
            })
        {
            at += 1;
            end = at;
        }
        // "Trastuzumab (or T-DM1)".
        if phrase.get(at).is_some_and(|e| e.is_char('('))
            && phrase.get(at + 1).is_some_and(|e| e.is(Cue::Or))
            && phrase.get(at + 2).is_some_and(|e| is_treatment(e, context))
            && phrase.get(at + 3).is_some_and(|e| e.is_char(')'))
            && at + 3 < to
        {
            if let Some(element) = phrase.get(at + 2) {
                add(&mut what, element, context);
            }
            at += 4;
            end = at;
        }
        let mut look = at;
        let (mut joined, mut and) = (false, false);
        while let Some(e) = phrase.get(look).filter(|_| look < to) {
            if phrase.is_used(look) || is_treatment(e, context) {
                break;
            }
            match e.sense {
                Sense::Cue(Cue::Or) | Sense::Punctuation('/' | ',') => joined = true,
                Sense::Cue(Cue::And)
                    if !matches!(e.text.as_str(), "plus" | "together with" | "along with" | "in addition to") =>
                {
                    joined = true;
                    and = true;
                }
                _ if between(e) => {}
                _ => break,
            }
            look += 1;
        }
        let next =
            phrase.get(look).filter(|_| look < to && !phrase.is_used(look)).is_some_and(|e| is_treatment(e, context));
        // "AI CDK4/6 inhibitor" without a connector is one list; "with" and the like are not.
        if !next || !joined && look != at {
            break;
        }
        if and && context.section == Section::Inclusion {
            // "A and B" asks both: the caller reads them one by one.
            break;
        }
        at = look;
    }
    (!what.is_empty()).then_some(List { what, start, end })
}

fn is_general(row: u16) -> bool {
    drugs::all_classes()
        .get(usize::from(row))
        .is_some_and(|c| matches!(c.id.as_str(), "systemic-therapy" | "anticancer-therapy" | "targeted-therapy"))
}

fn class(id: &str) -> Option<u16> {
    drugs::class_by_id(id).map(|c| c as u16)
}

fn add(what: &mut Treatments, element: &Element, context: &Context<'_>) {
    match element.sense {
        Sense::Concept(Concept::Drug(row)) => what.drugs.push(row),
        Sense::Concept(Concept::DrugClass(row)) => {
            what.classes.push(row);
            if context.definitions.conjugates_are_chemotherapy && Some(row) == class("chemotherapy") {
                what.classes.extend(class("antibody-drug-conjugate"));
            }
        }
        Sense::Concept(Concept::Procedure(row)) => what.procedures.push(row),
        Sense::Cue(Cue::Investigational) => what.classes.extend(class("investigational-agent")),
        _ => what.names.push(element.text.to_string()),
    }
}

impl Treatments {
    /// Whether everything here falls under the other: examples of it.
    pub(super) fn exemplifies(&self, other: &Self) -> bool {
        let class = |row: &u16| other.classes.iter().any(|c| drugs::class_is_a(*row as usize, *c as usize));
        self.names.is_empty()
            && self.drugs.iter().all(|d| {
                other.drugs.contains(d) || other.classes.iter().any(|c| drugs::is_in_class(*d as usize, *c as usize))
            })
            && self.classes.iter().all(class)
            && self
                .procedures
                .iter()
                .all(|p| other.procedures.iter().any(|q| procedures::is_a(*p as usize, *q as usize)))
    }

    /// Whether both name nothing but procedures of one kind.
    pub(super) fn same_kind(&self, other: &Self) -> bool {
        let kinds = |what: &Self| {
            let kind = |row: &u16| procedures::all().get(usize::from(*row)).map(|p| p.kind);
            (what.drugs.is_empty() && what.classes.is_empty() && what.names.is_empty())
                .then(|| what.procedures.iter().map(kind).collect::<Vec<_>>())
        };
        match (kinds(self), kinds(other)) {
            (Some(a), Some(b)) => a.iter().all(|kind| b.contains(kind)),
            _ => false,
        }
    }

    /// Adds what another names.
    pub(super) fn extend(&mut self, other: Self) {
        self.drugs.extend(other.drugs);
        self.classes.extend(other.classes);
        self.procedures.extend(other.procedures);
        self.names.extend(other.names);
    }
}
