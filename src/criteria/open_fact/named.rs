//! Facts of the vocabulary that no field of the profile holds: "able to lie flat", "sleep aids", "venous access".

use super::OpenFact;
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{fold_name, present, row_of};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Named, Phrase, is_neutral};
use crate::grammar::windows::{take_window, time_unit};
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;
use crate::lexicon::open_facts::{self, OpenFactRow, Settles};
use crate::lexicon::procedures::{self, ProcedureKind};

fn row(element: &Element) -> Option<&'static OpenFactRow> {
    let Sense::Concept(Concept::OpenFact(row)) = element.sense else { return None };
    open_facts::all().get(usize::from(row))
}

/// Reads such a fact with the words that narrow it. Words that could join, turn round or add something are left, so that
/// lists are cut first.
pub fn read(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.names(Named::OpenFact) {
        return transfusion(phrase).or_else(|| dipstick(phrase));
    }
    let at = phrase.find(|e| row(e).is_some())?;
    let row = phrase.get(at).and_then(row)?;
    if row.id == "urine protein"
        && let Some(read) = dipstick(phrase)
    {
        return Some(read);
    }
    let left: Vec<usize> = (0..phrase.len())
        .filter(|&i| i != at && !phrase.is_used(i) && phrase.get(i).is_some_and(|e| !is_neutral(e)))
        .collect();
    let joint = |i: usize| {
        phrase
            .get(i)
            .is_some_and(|e| e.is_char(',') || e.is_char('/') || e.is_char(';') || e.is(Cue::Or) || e.is(Cue::And))
    };
    let open = (0..phrase.len())
        .any(|i| joint(i) && i > 0 && (left.contains(&(i + 1)) || left.contains(&(i - 1)) || left.contains(&i)));
    // What is swallowed changes nothing of the ability to.
    let swallowed = |e: &Element| {
        matches!(row.settles, Settles::Absence | Settles::Presence)
            && matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_)))
    };
    let narrowed = !open && left.iter().all(|&i| phrase.get(i).is_some_and(|e| narrows(e) || swallowed(e)));
    // "Advanced solid tumours for which no standard therapy exists": the tumour is asked for as well.
    let metastatic = phrase.elements.iter().any(|e| e.is(Cue::MetastaticDisease));
    let tumour = |i: usize| {
        row.settles == Settles::Confirm
            && phrase
                .get(i)
                .is_some_and(|e| is_tumour(e) || metastatic && matches!(e.sense, Sense::Concept(Concept::Site(_))))
    };
    let left: Vec<usize> = left.into_iter().filter(|i| !tumour(*i)).collect();
    if !narrowed && (row.settles == Settles::Confirm || phrase.find(|e| is_elsewhere(e) && !swallowed(e)).is_some()) {
        return None;
    }
    phrase.claim(at);
    let mut words = Vec::new();
    if narrowed {
        for &i in &left {
            if let Some(element) = phrase.get(i) {
                words.push(element.text.to_string());
            }
            phrase.claim(i);
        }
    }
    let condition = || row.condition.as_deref().and_then(row_of).map(present);
    match row.settles {
        Settles::Confirm => Some(Requirement::Confirm),
        // "Impairs the ability to swallow" is the disease, not its absence.
        Settles::Absence if left.iter().any(|&i| phrase.get(i).is_some_and(impairs)) => condition(),
        Settles::Absence => condition().map(Requirement::negated),
        Settles::Presence => condition(),
        Settles::Fact => {
            let name = if words.is_empty() { row.id.clone() } else { format!("{} {}", row.id, words.join(" ")) };
            Some(Requirement::Atom(Atom::Open(OpenFact::Named(fold_name(&name)))))
        }
    }
}

/// "A blood transfusion within 2 weeks": no treatment of the cancer, and no field of the profile (convention 18).
fn transfusion(phrase: &mut Phrase) -> Option<Requirement> {
    let given = |e: &Element| match e.sense {
        Sense::Concept(Concept::Procedure(row)) => {
            procedures::all().get(usize::from(row)).is_some_and(|p| p.kind == ProcedureKind::Transfusion)
        }
        _ => false,
    };
    let at = phrase.find(given)?;
    let plain = |e: &Element| {
        is_neutral(e)
            || given(e)
            || time_unit(e).is_some()
            || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
            || matches!(
                e.sense,
                Sense::Cue(
                    Cue::Received
                        | Cue::Receiving
                        | Cue::Prior
                        | Cue::Requiring
                        | Cue::Within
                        | Cue::Before
                        | Cue::Anchor
                        | Cue::History
                        | Cue::After
                        | Cue::Chronic
                        | Cue::Active
                )
            )
    };
    if !phrase.elements.iter().all(plain) {
        return None;
    }
    let name = phrase.get(at)?.text.to_string();
    let mut trial = phrase.clone();
    let window = take_window(&mut trial);
    phrase.claim_range(0, phrase.len());
    let words = window.map_or_else(String::new, |w| format!(" {}", w.say()));
    Some(Requirement::Atom(Atom::Open(OpenFact::Named(fold_name(&format!("{name}{words}"))))))
}

/// "Proteinuria > 1+": a test strip, whose crosses are no amount in 24 hours.
fn dipstick(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.elements.iter().any(|e| matches!(e.sense, Sense::Score(_))) {
        return None;
    }
    let protein = |e: &Element| match e.sense {
        Sense::Concept(Concept::Lab(at)) => labs::all().get(usize::from(at)).is_some_and(|l| l.id == "urine protein"),
        Sense::Concept(Concept::OpenFact(_)) => row(e).is_some_and(|r| r.id == "urine protein"),
        _ => false,
    };
    let figure = |e: &Element| {
        matches!(e.sense, Sense::Score(_) | Sense::Compare(_) | Sense::Number(_) | Sense::Concept(Concept::Unit(_)))
            || matches!(e.sense, Sense::Cue(Cue::OrMore | Cue::OrLess | Cue::Or | Cue::Hour))
            || e.is_char('/')
    };
    let beside = |e: &Element| {
        is_neutral(e)
            || protein(e)
            || figure(e)
            || matches!(
                e.text.as_str(),
                "dipstick" | "urinalysis" | "urine" | "analysis" | "on dipstick" | "test" | "routine" | "reading"
            )
    };
    if !phrase.elements.iter().any(protein) || !phrase.elements.iter().all(beside) {
        return None;
    }
    let words: Vec<&str> = phrase.elements.iter().filter(|e| figure(e)).map(|e| e.text.as_str()).collect();
    let name = format!("proteinuria on dipstick {}", words.join(" "));
    phrase.claim_range(0, phrase.len());
    Some(Requirement::Atom(Atom::Open(OpenFact::Named(fold_name(&name)))))
}

/// Whether an element names a tumour or its extent.
fn is_tumour(element: &Element) -> bool {
    match element.sense {
        Sense::Concept(Concept::Cancer(_)) => true,
        Sense::Cue(cue) => matches!(
            cue,
            Cue::Advanced | Cue::LocallyAdvanced | Cue::MetastaticDisease | Cue::SettingMetastatic | Cue::Recurrent
        ),
        _ => false,
    }
}

fn impairs(element: &Element) -> bool {
    [
        "impair",
        "affect",
        "limit",
        "reduc",
        "preclud",
        "prevent",
        "hinder",
        "compromis",
        "difficult",
        "alter",
        "interfer",
    ]
    .iter()
    .any(|stem| element.text.contains(stem))
}

/// Whether an element is of another kind, which reads the phrase better.
fn is_elsewhere(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(c) if !matches!(c, Concept::OpenFact(_) | Concept::Unit(_)))
}

/// Whether an element can do no more than narrow.
fn narrows(element: &Element) -> bool {
    match element.sense {
        Sense::Word | Sense::Number(_) | Sense::Compare(_) | Sense::Ordinal(_) | Sense::Score(_) => true,
        Sense::Concept(Concept::Unit(_) | Concept::OpenFact(_)) => true,
        Sense::Concept(Concept::Procedure(_) | Concept::Site(_) | Concept::Cancer(_)) => true,
        Sense::Cue(cue) => !matches!(
            cue,
            Cue::Not
                | Cue::Or
                | Cue::Except
                | Cue::Unless
                | Cue::If
                | Cue::MustNot
                | Cue::Forbidden
                | Cue::Allowed
                | Cue::NoLimit
                | Cue::Judgement
                | Cue::Pregnant
                | Cue::Breastfeeding
                | Cue::Contraception
                | Cue::Ecog
                | Cue::Karnofsky
                | Cue::LifeExpectancy
                | Cue::CatchAll
                | Cue::Her2
                | Cue::Er
                | Cue::Pr
                | Cue::Hr
                | Cue::TripleNegative
                | Cue::Measurable
                | Cue::Line
                | Cue::Progressed
        ),
        _ => false,
    }
}
