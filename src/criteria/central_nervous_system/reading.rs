//! How phrases about central nervous system disease are read.

use super::features::{self, Token};
use super::{CentralNervousSystem, Feature, Region};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{self, row_of};
use crate::criteria::context::Context;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::open_fact::named;
use crate::criteria::prior_therapy::{Therapy, Treatments};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Named, Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::procedures::{self, ProcedureKind};
use crate::lexicon::sites;

/// Reads metastases of the central nervous system with what is asked of them, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if !phrase.names(Named::Site) {
        return if phrase.has(Cue::Stable) { neurologically_stable(phrase) } else { None };
    }
    let heads: Vec<(usize, Region)> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at))
        .filter_map(|at| phrase.get(at).and_then(region).map(|r| (at, r)))
        .filter(|(at, _)| !is_outside(phrase, *at))
        .collect();
    let (causes, heads): (Vec<_>, Vec<_>) = heads.into_iter().partition(|(at, _)| is_cause_of_symptoms(phrase, *at));
    let Some((first, _)) = heads.first().copied() else { return neurologically_stable(phrase) };
    for (at, _) in causes {
        let noun = phrase.get(at + 1).is_some_and(|e| e.is(Cue::MetastaticDisease));
        phrase.claim_range(at, at + 1 + usize::from(noun));
    }
    if let Some(treatment) = most_appropriate(phrase, &heads) {
        return Some(treatment);
    }
    if let Some(primary) = primary_tumour(phrase, first) {
        return Some(primary);
    }
    if !names_disease(phrase, &heads)
        || phrase.elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && !treats(e))
    {
        return None;
    }
    heads.iter().for_each(|(at, _)| phrase.claim(*at));
    claim_nouns(phrase, &heads);
    let of_treatment = treatment_of(phrase, first);
    let mut tokens = features::take(phrase, first);
    if tokens.is_empty()
        && let Some(at) = of_treatment
    {
        // "Prior treatment for leptomeningeal disease": disease that was treated.
        tokens.push(Token { at, feature: Feature::Untreated, holds: false });
    }
    // "All brain lesions smaller than 3 cm": none that is larger.
    let every =
        phrase.get(first.saturating_sub(1)).is_some_and(|e| matches!(e.text.as_str(), "all" | "each" | "every"));
    if every
        && let ([(_, region)], [Token { feature: Feature::Size { comparison, millimetres }, holds: true, .. }]) =
            (heads.as_slice(), tokens.as_slice())
        && let Some(comparison) = comparison.opposite()
    {
        let feature = Feature::Size { comparison, millimetres: *millimetres };
        return Some(
            Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem { region: *region, feature })).negated(),
        );
    }
    let mut members: Vec<Requirement> = Vec::new();
    let mut inherited: Vec<Token> = Vec::new();
    let last = heads.last().map_or(first, |(at, _)| *at);
    let trailing: Vec<Token> = tokens.iter().filter(|t| t.at > last).cloned().collect();
    let mut previous: Option<usize> = None;
    let wide = heads.iter().any(|(_, r)| *r == Region::Any);
    // "Symptomatic brain metastases or brain metastases that ...": the same region again begins a member of its own.
    let again = heads.windows(2).rev().find_map(|pair| {
        let [(a, one), (b, two)] = pair else { return None };
        let or = (*a..*b).rev().find(|at| phrase.get(*at).is_some_and(|e| e.is(Cue::Or)))?;
        (one == two && noun_between(phrase, *a, *b)).then_some((or, *b))
    });
    for (at, region) in &heads {
        if let Some((or, begin)) = again {
            let mine = |t: &&Token| if *at < begin { t.at < or } else { t.at > or };
            let asked: Vec<Token> = tokens.iter().filter(mine).cloned().collect();
            phrase.claim(or);
            let member = features::requirement(phrase, *region, &asked);
            if !members.contains(&member) {
                members.push(member);
            }
            continue;
        }
        let own: Vec<Token> =
            tokens.iter().filter(|t| t.at < *at && previous.is_none_or(|p| t.at > p)).cloned().collect();
        // "Brain or leptomeningeal metastases" share what stands before; "..., leptomeningeal disease" stands alone.
        let alone = *region == Region::Leptomeninges && previous.is_some_and(|p| noun_between(phrase, p, *at));
        if !own.is_empty() || alone {
            inherited = own;
        }
        previous = Some(*at);
        if wide && *region != Region::Any && inherited.is_empty() && trailing.is_empty() && tokens.is_empty() {
            continue;
        }
        let asked: Vec<Token> = inherited.iter().chain(&trailing).cloned().collect();
        let member = features::requirement(phrase, *region, &asked);
        if !members.contains(&member) {
            members.push(member);
        }
    }
    let treated = tokens.iter().any(|t| t.feature == Feature::Untreated && !t.holds);
    let irradiated = if treated { irradiated(phrase) } else { None };
    let read = Requirement::any(members);
    let narrowed = narrowing(phrase);
    Some(Requirement::all([Some(read), irradiated, narrowed].into_iter().flatten().collect()))
}

/// "Brain metastases treated with radiotherapy": surgery alone is not enough. `None` where another treatment is named as
/// well, as an example, or with its time.
fn irradiated(phrase: &Phrase) -> Option<Requirement> {
    let example =
        |e: &Element| e.is(Cue::Including) || e.is(Cue::Or) || e.is_char('(') || e.is_char('/') || e.is_char(',');
    if phrase.elements.iter().any(|e| example(e) || time_unit(e).is_some() || e.is(Cue::Not)) {
        return None;
    }
    let brain = procedures::by_name("brain radiotherapy")?;
    let mut rows = Vec::new();
    for element in &phrase.elements {
        let Sense::Concept(Concept::Procedure(row)) = element.sense else { continue };
        let row = usize::from(row);
        let radiotherapy = procedures::all().get(row)?.kind == ProcedureKind::Radiotherapy;
        if !radiotherapy {
            return None;
        }
        rows.push(if procedures::is_a(row, brain) { row } else { brain } as u16);
    }
    (!rows.is_empty()).then(|| {
        let what = Treatments { procedures: rows, ..Treatments::default() };
        Requirement::Atom(Atom::Therapy(Box::new(Therapy::received(what))))
    })
}

/// Words that narrow the lesions and that no profile states ("intact", "in the motor cortex"): a fact of their own name.
fn narrowing(phrase: &mut Phrase) -> Option<Requirement> {
    let left: Vec<usize> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at) && phrase.get(*at).is_some_and(|e| !is_neutral(e)))
        .collect();
    let plain = |e: &Element| {
        e.sense == Sense::Word
            && e.text.len() > 3
            && !["non", "free", "exclu", "ruled", "absen", "resolv", "without", "except", "elig", "inelig", "unless"]
                .iter()
                .any(|word| e.text.starts_with(word))
    };
    // Before the lesions, or behind "in the".
    let beside = |at: usize| {
        let next = (at + 1..phrase.len()).find(|i| !left.contains(i));
        let before = (0..at).rev().find(|i| !left.contains(i) && phrase.get(*i).is_none_or(|e| e.text != "the"));
        next.and_then(|i| phrase.get(i)).is_some_and(|e| region(e).is_some())
            || before.and_then(|i| phrase.get(i)).is_some_and(|e| e.text == "in")
    };
    let defines = phrase.elements.iter().any(|e| e.text.contains("considered") || e.text.contains("defined"));
    if defines || left.is_empty() || left.len() > 2 {
        return None;
    }
    if !left.iter().all(|at| phrase.get(*at).is_some_and(plain) && beside(*at)) {
        return None;
    }
    let words: Vec<String> = left.iter().filter_map(|at| phrase.get(*at)).map(|e| e.text.to_string()).collect();
    left.iter().for_each(|at| phrase.claim(*at));
    Some(named(&format!("{} metastases of the central nervous system", words.join(" "))))
}

/// "Neurologically stable", with no lesion beside it: what no profile states.
fn neurologically_stable(phrase: &mut Phrase) -> Option<Requirement> {
    let says = |e: &Element| e.text.contains("neurolog");
    let stable = |e: &Element| e.is(Cue::Stable);
    let all = phrase.elements.iter().all(|e| is_neutral(e) || says(e) || stable(e));
    let both = phrase.elements.iter().any(says) && phrase.elements.iter().any(stable);
    (all && both && phrase.find(stable).is_some()).then(|| {
        phrase.claim_range(0, phrase.len());
        named("neurological stability")
    })
}

/// The place of "treatment for" before the first region.
fn treatment_of(phrase: &Phrase, first: usize) -> Option<usize> {
    let at = (first.saturating_sub(3)..first).rev().find(|at| {
        phrase.get(*at).is_some_and(|e| {
            !phrase.is_used(*at)
                && matches!(e.text.as_str(), "treatment" | "therapy" | "treatment for" | "therapy for" | "treatment of")
        })
    })?;
    let whole = phrase.get(at).is_some_and(|e| e.text.contains(" "));
    let leads = (at + 1..first).all(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Filler)))
        && (whole || phrase.get(at + 1).is_some_and(|e| matches!(e.text.as_str(), "for" | "of")));
    let past = (0..=at).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Prior) || e.is(Cue::Received)));
    (leads && past).then_some(at)
}

/// "Patients for whom X is the most appropriate treatment for leptomeningeal disease": the disease is asked for, the
/// choice is a person's.
fn most_appropriate(phrase: &mut Phrase, heads: &[(usize, Region)]) -> Option<Requirement> {
    let (first, region) = *heads.first()?;
    let chosen = phrase
        .elements
        .iter()
        .take(first)
        .any(|e| e.text.split([' ', '-']).any(|w| matches!(w, "appropriate" | "preferred" | "best")));
    let treatment = phrase.elements.iter().take(first).any(|e| {
        e.is(Cue::Therapy) || matches!(e.sense, Sense::Concept(Concept::Procedure(_))) || e.text.contains("therapy")
    });
    let plain = heads.len() == 1
        && phrase.elements.iter().all(|e| {
            is_neutral(e)
                || matches!(e.sense, Sense::Word | Sense::Concept(Concept::Procedure(_) | Concept::Site(_)))
                || matches!(e.sense, Sense::Cue(Cue::MetastaticDisease | Cue::Planned))
        });
    (chosen && treatment && plain).then(|| {
        phrase.claim_range(0, phrase.len());
        let present = CentralNervousSystem { region, feature: Feature::Present };
        Requirement::all(vec![Requirement::Atom(Atom::CentralNervousSystem(present)), Requirement::Confirm])
    })
}

/// "To control symptoms from brain metastases": the lesions named before.
fn is_cause_of_symptoms(phrase: &Phrase, head: usize) -> bool {
    let text = |back: usize| head.checked_sub(back).and_then(|at| phrase.get(at));
    text(1).is_some_and(|e| matches!(e.text.as_str(), "from" | "of" | "due to" | "caused by"))
        && text(2).is_some_and(|e| e.text.contains("symptom"))
}

/// "Non-CNS disease", "outside the brain": what lies elsewhere.
fn is_outside(phrase: &Phrase, head: usize) -> bool {
    (head.saturating_sub(3)..head).any(|at| {
        phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "outside" | "outwith" | "beyond" | "outside of"))
            || at + 1 == head && phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "non" | "extra"))
    })
}

/// "Primary brain tumour": a disease of its own, not a metastasis; "primary tumor or metastases" is either.
fn primary_tumour(phrase: &mut Phrase, head: usize) -> Option<Requirement> {
    let at = phrase.find(|e| e.text == "primary" || e.text == "primary tumor")?;
    let near = if at < head { head - at <= 2 } else { at - head <= 3 };
    let row = row_of("brain tumor")?;
    if !near || phrase.get(head).and_then(region) == Some(Region::Leptomeninges) {
        return None;
    }
    let noun = |e: &Element| {
        matches!(e.text.as_str(), "malignancy" | "tumor" | "cancer" | "neoplasm" | "lymphoma" | "glioma")
            || matches!(e.sense, Sense::Concept(Concept::Cancer(_)))
    };
    let noun_at = (head + 1..phrase.len()).find(|n| n - head <= 4 && phrase.get(*n).is_some_and(noun));
    if noun_at.is_none() && phrase.get(at).is_none_or(|e| e.text != "primary tumor") {
        return None;
    }
    phrase.claim(at);
    noun_at.into_iter().for_each(|n| phrase.claim(n));
    let tumour = conditions::present(row);
    // "Primary CNS tumour" and nothing besides asks which tumour is under treatment.
    let said = |e: &Element| e.is(Cue::History) || e.is(Cue::Prior) || e.is(Cue::Active) || e.text.contains("known");
    let alone = phrase.elements.iter().all(|e| {
        is_neutral(e) || region(e).is_some() || noun(e) || matches!(e.text.as_str(), "primary" | "primary tumor")
    });
    if alone
        && !phrase.elements.iter().any(said)
        && let Some(row) = crate::lexicon::cancers::by_name("brain tumor").and_then(|row| u16::try_from(row).ok())
    {
        phrase.claim(head);
        return Some(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(vec![row]))));
    }
    // "Solid tumours excluding primary tumours of the central nervous system".
    if let Some(except) = phrase.find(|e| e.is(Cue::Except)).filter(|except| *except < head.min(at))
        && phrase.elements.iter().take(except).any(|e| matches!(e.sense, Sense::Concept(Concept::Cancer(_))))
        && let Some(row) = crate::lexicon::cancers::by_name("brain tumor").and_then(|row| u16::try_from(row).ok())
        && (except + 1..phrase.len()).all(|i| {
            phrase
                .get(i)
                .is_some_and(|e| is_neutral(e) || region(e).is_some() || noun(e) || e.text.starts_with("primary"))
        })
    {
        phrase.claim_range(except, head + 1);
        (0..phrase.len())
            .filter(|i| phrase.get(*i).is_some_and(|e| region(e).is_some()))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|i| phrase.claim(i));
        return Some(Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(vec![row]))).negated());
    }
    if phrase.find(|e| e.is(Cue::MetastaticDisease)).is_none() {
        phrase.claim(head);
        for cue in [Cue::Active, Cue::Suspected, Cue::Symptomatic] {
            phrase.take(cue);
        }
        return Some(if phrase.take(Cue::History) | phrase.take(Cue::Prior) {
            conditions::history(row)
        } else {
            tumour
        });
    }
    phrase.take(Cue::Or);
    let metastases = read_metastases(phrase)?;
    Some(Requirement::any(vec![tumour, metastases]))
}

fn read_metastases(phrase: &mut Phrase) -> Option<Requirement> {
    let (head, region) = (0..phrase.len()).find_map(|at| phrase.get(at).and_then(region).map(|r| (at, r)))?;
    phrase.claim(head);
    claim_nouns(phrase, &[(head, region)]);
    let tokens = features::take(phrase, head);
    Some(features::requirement(phrase, region, &tokens))
}

/// Nouns of metastatic disease behind or between the regions, with the joiners between them.
fn claim_nouns(phrase: &mut Phrase, heads: &[(usize, Region)]) {
    let Some((first, _)) = heads.first() else { return };
    let noun = |e: &Element| {
        e.is(Cue::MetastaticDisease)
            || matches!(
                e.text.as_str(),
                "lesion"
                    | "involvement"
                    | "met"
                    | "malignancy"
                    | "spread"
                    | "dissemination"
                    | "parenchymal"
                    | "invasion"
                    | "compromise"
                    | "tumor"
                    | "disease"
                    | "cancer"
                    | "deposit"
                    | "metastatic"
                    | "metastatic lesion"
                    | "manifestation"
                    | "subdural"
            )
    };
    let nouns: Vec<usize> = (0..phrase.len()).filter(|at| phrase.get(*at).is_some_and(noun)).collect();
    let last = nouns.iter().chain(heads.iter().map(|(at, _)| at)).max().copied().unwrap_or(*first);
    for at in &nouns {
        phrase.claim(*at);
    }
    for at in *first..last {
        // Only joiners with nothing but nouns, regions and brackets on both sides join nouns.
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/') || e.is_char(','));
        let idle =
            |e: &Element| noun(e) || region(e).is_some() || e.is(Cue::Filler) || e.is_char('(') || e.is_char(')');
        let left = at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(idle);
        let right = phrase.get(at + 1).is_some_and(|e| idle(e) || e.is(Cue::Or) || e.is(Cue::And));
        let left = left || at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.is_char(','));
        let between_heads = heads.iter().any(|(h, _)| *h > at);
        if joins && left && (right || between_heads) {
            phrase.claim(at);
        }
    }
    phrase.take(Cue::History);
    phrase.take(Cue::Prior);
    phrase.take(Cue::Suspected);
}

/// Whether a noun of its own stands between two regions.
fn noun_between(phrase: &Phrase, from: usize, to: usize) -> bool {
    (from + 1..to).any(|at| {
        phrase.get(at).is_some_and(|e| {
            e.is(Cue::MetastaticDisease)
                || matches!(e.text.as_str(), "lesion" | "involvement" | "met" | "disease" | "tumor" | "malignancy")
        })
    })
}

/// The region that an element names.
fn region(element: &Element) -> Option<Region> {
    let Sense::Concept(Concept::Site(row)) = element.sense else { return None };
    match sites::all().get(row as usize)?.id.as_str() {
        "brain" => Some(Region::Brain),
        "leptomeninges" => Some(Region::Leptomeninges),
        "spinal_cord" => Some(Region::SpinalCord),
        "cns" => Some(Region::Any),
        _ => None,
    }
}

/// Whether the phrase speaks of tumour in the region, not of another disease of it.
fn names_disease(phrase: &Phrase, heads: &[(usize, Region)]) -> bool {
    // "Any other CNS disease" in a list of strokes and seizures is no metastasis.
    let other = heads.iter().any(|(at, r)| {
        *r == Region::Any
            && at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.text.ends_with("other"))
            && phrase.find_from(*at, |e| e.is(Cue::MetastaticDisease) || e.text == "lesion").is_none()
    });
    if other {
        return false;
    }
    heads.iter().any(|(_, r)| *r == Region::Leptomeninges)
        || phrase.elements.iter().any(|e| {
            e.is(Cue::MetastaticDisease)
                || e.text.contains("metasta")
                || matches!(
                    e.text.as_str(),
                    "lesion" | "involvement" | "tumor" | "met" | "disease" | "cancer" | "malignancy"
                )
                || e.is(Cue::Measurable)
        })
}

/// Local treatment of brain metastases named inside the phrase.
pub(super) fn treats(element: &Element) -> bool {
    ["radi", "surg", "srs", "wbrt", "srt", "sbrt", "resect", "craniot", "knife", "irradiat"]
        .iter()
        .any(|part| element.text.contains(part))
}
