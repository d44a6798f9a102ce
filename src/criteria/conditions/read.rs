//! Diseases in texts: those of the vocabulary, other tumours, and nouns that name a disease it does not hold.

use super::heads::*;
use super::particular::*;
use super::serology::*;
use super::{
    Condition, State, What, absorption, ejection, modifiers, narrowing, risks, swallowing, toxicity, viral_load,
};

use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::medications;
use crate::criteria::reader::is_list;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;
use crate::lexicon::{cancers, conditions, disease_nouns, procedures};

/// Reads diseases and findings. Words beside them that the vocabulary does not hold narrow them to what the profile
/// cannot state ("severe major organ autoimmune disease"): absent, the disease is absent with them.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if phrase.holds_word(Words::Discontinued) && ends_a_treatment(phrase) {
        return None;
    }
    if let Some(requirement) = visceral_spread(phrase) {
        return Some(requirement);
    }
    let claimed: Vec<usize> = (0..phrase.len()).filter(|at| phrase.is_used(*at)).collect();
    // "Infection, pregnancy or lactation": the members of a list are read one by one.
    let pregnancy = |at: &usize| phrase.get(*at).is_some_and(|e| e.is(Cue::Pregnant) || e.is(Cue::Breastfeeding));
    if claimed.iter().any(pregnancy) && is_list(&phrase.elements) {
        return None;
    }
    if phrase.holds_cue(Cues::of(&[Cue::Or])) && joins_another_kind(phrase) && is_list(&phrase.elements) {
        return None;
    }
    let requirement = read_diseases(phrase, context)?;
    let mut only_conditions = true;
    requirement.visit(&mut |r| match r {
        Requirement::Atom(Atom::Condition(c)) => only_conditions &= c.what != What::Toxicity,
        Requirement::Atom(_) => only_conditions = false,
        _ => {}
    });
    let own: Vec<usize> = (0..phrase.len()).filter(|at| phrase.is_used(*at) && !claimed.contains(at)).collect();
    let heads: Vec<usize> = own
        .iter()
        .copied()
        .filter(|&at| phrase.get(at).is_some_and(|e| matches!(e.sense, Sense::Concept(_))))
        .collect();
    let heads = if heads.is_empty() { own.clone() } else { heads };
    // The members of a list are read one by one, so that a word narrows only the one that it stands beside.
    let listed = |phrase: &Phrase| heads.len() > 1 && is_list(&phrase.elements);
    let words = if only_conditions && !phrase.is_read() && !listed(phrase) {
        narrowing::take(phrase, &own, &heads, context.section)
    } else {
        None
    };
    Some(match words {
        Some(words) => super::with_detail(requirement, &words),
        None => requirement,
    })
}

/// "QTc above 470 ms, or a history of torsades": what another kind took stands before an "or", a disease behind it.
fn joins_another_kind(phrase: &Phrase) -> bool {
    let mut depth = 0usize;
    let mut taken = false;
    let mut joined = false;
    let caused = phrase.elements.iter().any(|e| {
        e.is(Cue::Requiring)
            || e.is(Cue::Unresolved)
            || e.is(Cue::Resolved)
            || matches!(e.text.as_str(), "due to" | "from" | "caused by" | "related to" | "associated with")
    });
    for (at, element) in phrase.elements.iter().enumerate() {
        match element.sense {
            Sense::Punctuation('(' | '[') => depth += 1,
            Sense::Punctuation(')' | ']') => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if phrase.is_used(at) => taken |= matches!(element.sense, Sense::Concept(_) | Sense::Number(_)),
            Sense::Cue(Cue::Or) => joined |= taken,
            Sense::Concept(Concept::Condition(_)) if joined => return true,
            Sense::Concept(Concept::Procedure(row)) if !caused => {
                if joined && procedures::all().get(usize::from(row)).is_some_and(|p| p.same_as.is_some()) {
                    return true;
                }
                taken = true;
            }
            _ => {}
        }
    }
    false
}

/// "Discontinued a prior PD-1 inhibitor due to an adverse event": a question about the treatment.
fn ends_a_treatment(phrase: &Phrase) -> bool {
    let says = |words: &[&str]| phrase.elements.iter().position(|e| words.iter().any(|w| e.text.contains(w)));
    let Some(ended) = phrase.elements.iter().position(|e| e.text.is_in(Words::Discontinued)) else { return false };
    let treatment = phrase
        .find_from(ended, |e| matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_))))
        .is_some();
    treatment && says(&["due to", "because of", "as a result of"]).is_some_and(|caused| caused > ended)
}

fn read_diseases(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if let Some(requirement) = toxicity::read(phrase) {
        return Some(requirement);
    }
    if phrase.has(Cue::Family) {
        return family(phrase);
    }
    if let Some(requirement) = viral_load::read(phrase) {
        return Some(requirement);
    }
    let allergies = [row!("hypersensitivity"), row!("anaphylaxis")];
    let heads = heads(phrase, context);
    if heads.iter().any(|(_, what)| match what {
        What::Row(row) => allergies.contains(&Some(*row)),
        _ => false,
    }) {
        let other = heads.iter().any(|(_, what)| !matches!(what, What::Row(row) if allergies.contains(&Some(*row))));
        if other && is_list(&phrase.elements) {
            return None;
        }
        if let Some(requirement) = medications::read_allergy(phrase, context) {
            return Some(requirement);
        }
    }
    if heads.is_empty() {
        if let Some(requirement) = event_named_before(phrase) {
            return Some(requirement);
        }
        if let Some(requirement) = swallowing::read(phrase) {
            return Some(requirement);
        }
        if let Some(requirement) = not_expected_to_recur(phrase) {
            return Some(requirement);
        }
        if let Some(requirement) = heart_failure_by_class(phrase, context).or_else(|| ejection::read(phrase)) {
            return Some(requirement);
        }
        return named(phrase, context).or_else(|| generic(phrase));
    }
    let places: Vec<usize> = heads.iter().map(|(at, _)| *at).collect();
    if let Some(requirement) = risks::read(phrase, &places) {
        return Some(requirement);
    }
    if let Some(requirement) = excepting(phrase, &heads, context) {
        return Some(requirement);
    }
    Some(segments(phrase, &heads, context))
}

/// "Another malignancy (except basal cell carcinoma)", where the exception still stands in the phrase. What cannot be
/// taken out stays unread.
fn excepting(phrase: &mut Phrase, heads: &[(usize, What)], context: &Context<'_>) -> Option<Requirement> {
    let first = heads.first()?.0;
    let at = phrase.find_from(first, |e| e.is(Cue::Except))?;
    // Whose the interval behind the exception is, the reader of exceptions tells.
    let timed = |from: usize, to: usize| (from..to).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
    let bracketed = at.checked_sub(1).is_some_and(|before| phrase.get(before).is_some_and(|e| e.is_char('(')));
    if !bracketed && !timed(0, at) && timed(at, phrase.len()) {
        return None;
    }
    let count = heads.iter().filter(|(head, _)| *head < at).count();
    let (base, rest) = heads.split_at(count);
    let requirement = part(phrase, 0, at, |part| segments(part, base, context));
    let bracket = at.checked_sub(1).is_some_and(|before| phrase.get(before).is_some_and(|e| e.is_char('(')));
    let end = phrase.find_from(at, |e| bracket && e.is_char(')')).unwrap_or(phrase.len());
    let inside: Vec<(usize, What)> =
        rest.iter().filter(|(head, _)| *head < end).map(|(head, what)| (head - at - 1, what.clone())).collect();
    if inside.is_empty() {
        return Some(requirement);
    }
    let mut trial = phrase.clone();
    let exceptions = part(&mut trial, at + 1, end, |part| segments(part, &inside, context));
    match super::except(requirement.clone(), &exceptions) {
        Some(narrowed) => {
            trial.claim(at);
            *phrase = trial;
            Some(narrowed)
        }
        None => Some(requirement),
    }
}

/// Reads each part of a list with its own modifiers: "uncontrolled hypertension or history of stroke" is two questions.
fn segments(phrase: &mut Phrase, heads: &[(usize, What)], context: &Context<'_>) -> Requirement {
    let Some((cut, count)) = cut(phrase, heads) else { return build(phrase, heads, context) };
    let (before, after) = heads.split_at(count);
    let and = phrase.get(cut).is_some_and(|e| e.is(Cue::And)) && context.section == Section::Inclusion;
    let first = part(phrase, 0, cut, |part| build(part, before, context));
    // ", or": two marks of one joint.
    if phrase.get(cut + 1).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)) {
        phrase.claim(cut + 1);
    }
    let moved: Vec<(usize, What)> = after.iter().map(|(at, what)| (at - cut - 1, what.clone())).collect();
    let rest = part(phrase, cut + 1, phrase.len(), |part| segments(part, &moved, context));
    phrase.claim(cut);
    if and { Requirement::all(vec![first, rest]) } else { Requirement::any(vec![first, rest]) }
}

/// Reads a stretch of a phrase as a phrase of its own, and claims in the whole what was claimed in it.
fn part(phrase: &mut Phrase, start: usize, end: usize, read: impl FnOnce(&mut Phrase) -> Requirement) -> Requirement {
    let mut stretch = Phrase::new(phrase.elements.get(start..end).unwrap_or_default().to_vec());
    (start..end).filter(|at| phrase.is_used(*at)).for_each(|at| stretch.claim(at - start));
    let requirement = read(&mut stretch);
    (0..stretch.len()).filter(|at| stretch.is_used(*at)).for_each(|at| phrase.claim(start + at));
    requirement
}

/// The joiner after which a disease has modifiers of its own, and how many diseases stand before it.
fn cut(phrase: &Phrase, heads: &[(usize, What)]) -> Option<(usize, usize)> {
    heads.windows(2).enumerate().find_map(|(index, pair)| {
        let (left, right) = (pair.first()?.0, pair.last()?.0);
        // "Class III or IV" joins classes.
        let degrees = |at: usize| {
            at.checked_sub(1).is_some_and(|b| modifiers::degree(phrase.get(b)).is_some())
                && modifiers::degree(phrase.get(at + 1)).is_some()
        };
        let joins = |at: usize| {
            phrase.get(at).is_some_and(|e| {
                e.is(Cue::Or) || e.is(Cue::And) || e.is(Cue::Including) || e.is_char(',') || e.is_char(';')
            }) && !degrees(at)
        };
        // "Other serious medical illness" brings its own.
        let general = pair
            .last()
            .is_some_and(|(_, what)| matches!(what, What::Row(row) if Some(*row) == row!("uncontrolled disease")));
        // "Symptomatic heart failure, unstable angina": symptoms are said of the first alone; a relative's disease stands alone.
        let apart = (0..left).rev().find(|&at| phrase.get(at).is_some_and(|e| !is_neutral(e))).is_some_and(|at| {
            phrase.get(at).is_some_and(|e| e.is(Cue::Symptomatic))
                && !(0..at).any(|b| phrase.get(b).is_some_and(|e| is_modifier(e) && !e.is(Cue::Significant)))
        }) || phrase.get(right).is_some_and(|e| e.text.starts_with("family"));
        // "Active hepatitis, or HIV infection not controlled": what stands behind the last is said of it alone.
        let late = index + 2 == heads.len()
            && (right + 1..right + 4).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::Uncontrolled)))
            && (0..left).any(|at| phrase.get(at).is_some_and(is_modifier));
        // "Vitiligo, asthma that has resolved, or psoriasis not requiring systemic treatment": what stands behind a
        // disease is said of it alone.
        let next = heads.get(index + 2).map_or(phrase.len(), |(at, _)| *at);
        let milder = (right + 1..next).any(|at| {
            let here = |at: usize, cue: Cue| phrase.get(at).is_some_and(|e| e.is(cue));
            here(at, Cue::Not) && here(at + 1, Cue::Requiring)
                || at < right + 4
                    && (here(at, Cue::Resolved) || here(at, Cue::Controlled))
                    && !(right + 1..at).any(joins)
        }) || (left + 1..right).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::Resolved)));
        let modifies =
            general || apart || late || milder || (left + 1..right).any(|at| phrase.get(at).is_some_and(is_modifier));
        // The last joiner before the next disease's own words.
        let joiner = (left + 1..right).rev().find(|&at| {
            joins(at)
                && !(left + 1..at).any(|b| joins(b) && (b + 1..at).all(|m| !phrase.get(m).is_some_and(is_modifier)))
        })?;
        // "Arrhythmia, symptomatic or uncontrolled fibrillation": the states before the last "or" are those of the second.
        let modifier = |at: usize| phrase.get(at).is_some_and(is_modifier);
        let earlier = (left + 1..joiner).rev().find(|&at| joins(at));
        let states = |from: usize| from + 1 < joiner && (from + 1..joiner).all(modifier) && modifier(joiner + 1);
        let joiner = earlier.filter(|&from| states(from)).unwrap_or(joiner);
        modifies.then_some((joiner, index + 1))
    })
}

pub(super) fn is_modifier(element: &Element) -> bool {
    matches!(
        element.cue(),
        Some(
            Cue::History
                | Cue::Prior
                | Cue::Active
                | Cue::Uncontrolled
                | Cue::Controlled
                | Cue::Significant
                | Cue::Symptomatic
                | Cue::Chronic
                | Cue::Grade
                | Cue::HeartFailureClass
                | Cue::Within
                | Cue::Day
                | Cue::Week
                | Cue::Month
                | Cue::Year
                | Cue::Requiring
                | Cue::Suspected
        )
    )
}

fn build(phrase: &mut Phrase, heads: &[(usize, What)], context: &Context<'_>) -> Requirement {
    let all: Vec<usize> = heads.iter().map(|(at, _)| *at).collect();
    let caused = cause(phrase, &all);
    let heads: Vec<(usize, What)> =
        heads.iter().filter(|(at, _)| caused.as_ref().is_none_or(|(cause, _)| at < cause)).cloned().collect();
    let places: Vec<usize> = heads.iter().map(|(at, _)| *at).collect();
    places.iter().for_each(|&at| phrase.claim(at));
    claim_virus_types(phrase, &heads);
    let conjoined = conjoined(phrase, &places, context);
    claim_joiners(phrase, &places);
    let malignancy = row!("other malignancy");
    let is_malignancy = |what: &What| matches!(what, What::Row(row) if malignancy.is_some_and(|m| conditions::is_a(usize::from(*row), usize::from(m))));
    if heads.iter().any(|(_, what)| is_malignancy(what)) {
        take_other_words(phrase);
    }
    // "Other" before a disease changes nothing.
    modifiers::take_words(
        phrase,
        &[
            "other",
            "another",
            "any other",
            "intercurrent",
            "concomitant",
            "underlying",
            "detectable",
            "residual",
            "medical",
        ],
    );
    let interstitial = row!("interstitial lung disease");
    if heads.iter().any(|(_, what)| matches!(what, What::Row(row) if Some(*row) == interstitial)) {
        modifiers::take_words(phrase, &["non infectious", "non-infectious", "noninfectious"]);
    }
    // "Serious illness or medical condition" says the same twice.
    for (at, _) in
        heads.iter().filter(|(_, what)| matches!(what, What::Row(row) if Some(*row) == row!("uncontrolled disease")))
    {
        claim_generic(phrase, *at);
    }
    let antigen = |at: usize| phrase.get(at).is_some_and(|e| e.text.contains("antigen") || e.text.contains("hbsag"));
    let antigens: Vec<bool> = heads.iter().map(|(at, _)| antigen(*at)).collect();
    let replaced: Vec<Option<String>> = heads.iter().map(|(at, _)| modifiers::take_replacement(phrase, *at)).collect();
    // What is said of the absorption of the drug is said of the disease of the gut before it.
    let gut = |what: &What| {
        let rows = [row!("gastrointestinal disease"), row!("gastrointestinal symptom"), row!("bowel resection")];
        matches!(what, What::Row(row) if rows.iter().flatten().any(|gut| conditions::is_a(usize::from(*row), usize::from(*gut))))
    };
    let altering = heads.iter().rev().find(|(_, what)| gut(what)).map(|(at, _)| *at);
    let altering = altering.and_then(|at| absorption::take(phrase, at));
    let involved = places.last().and_then(|&last| modifiers::take_involvement(phrase, last));
    let altering = match (altering, involved) {
        (Some(altering), Some(involved)) => Some(format!("{altering} {involved}")),
        (altering, involved) => altering.or(involved),
    };
    let serology = serology(phrase, &heads);
    let mut modifiers = modifiers::take(phrase, &places);
    // An antibody tells a past infection as well, the surface antigen a present one.
    let antibody = serology == Some(Serology::Antibody) && modifiers.state == State::Present;
    if antibody {
        modifiers.state = State::History;
    }
    let told = places.iter().filter_map(|&at| phrase.get(at)).map(|e| e.text.to_string()).collect::<Vec<_>>().join(" ");
    modifiers.absorb(&told);
    modifiers.detail = match (modifiers.detail.take(), altering) {
        (Some(own), Some(altering)) => Some(format!("{own} {altering}")),
        (own, altering) => own.or(altering),
    };
    modifiers.detail = modifiers.detail.or(caused.as_ref().map(|(_, words)| words.clone()));
    let mut members = Vec::new();
    for (index, (_, what)) in heads.iter().enumerate() {
        let mut what = what.clone();
        let cardiac = |row: u16| {
            row!("heart failure").is_some_and(|failure| {
                let (row, failure) = (usize::from(row), usize::from(failure));
                conditions::is_a(failure, row) || conditions::is_a(row, failure)
            })
        };
        if modifiers.heart_failure_class && matches!(what, What::Row(row) if cardiac(row)) {
            what = row!("heart failure").map_or(what, What::Row);
        }
        if matches!(&what, What::Row(row) if Some(*row) == row!("uncontrolled disease")) {
            what = What::Anything;
            if modifiers.state == State::Present {
                modifiers.significant = true;
            }
        }
        let mut condition = modifiers.on(Condition::new(what, State::Present));
        if let Some(Some(words)) = replaced.get(index) {
            condition.detail = Some(condition.detail.map_or_else(|| words.clone(), |own| format!("{words} {own}")));
        }
        if antibody && antigens.get(index).copied().unwrap_or(false) {
            condition.state = State::Present;
        }
        let other = modifiers.either.map(|state| Condition { state, ..condition.clone() });
        for condition in other.into_iter().chain([condition]) {
            let atom = Requirement::Atom(Atom::Condition(condition));
            if !members.contains(&atom) {
                members.push(atom);
            }
        }
    }
    // "Negative for A and B" is negative for both.
    match serology {
        Some(Serology::Negative) => Requirement::any(members).negated(),
        _ if conjoined => Requirement::all(members),
        _ => Requirement::any(members),
    }
}

/// "HIV-1", "human immunodeficiency virus (HIV) 1/2": the types of the virus.
fn claim_virus_types(phrase: &mut Phrase, heads: &[(usize, What)]) {
    let infection = row!("HIV infection");
    for (head, _) in heads.iter().filter(|(_, what)| matches!(what, What::Row(row) if Some(*row) == infection)) {
        let mut at = head + 1;
        while phrase.get(at).is_some_and(|e| {
            e.is_char('-')
                || e.is_char(')')
                || e.is_char('/')
                || matches!(e.text.as_str(), "type" | "type 1" | "virus")
                || matches!(e.sense, Sense::Number(n) if n == 1.0 || n == 2.0)
        }) {
            phrase.claim(at);
            at += 1;
        }
    }
}

/// Whether the diseases must all be there: "and" between two of them outside an exclusion.
fn conjoined(phrase: &Phrase, places: &[usize], context: &Context<'_>) -> bool {
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return false };
    context.section == Section::Inclusion
        && (*first..*last).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::And)))
        && !(*first..*last).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::Or)))
}

/// Claims "or" between the diseases.
fn claim_joiners(phrase: &mut Phrase, places: &[usize]) {
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return };
    for at in first..last {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::Including)) {
            phrase.claim(at);
        }
    }
    // "Active or uncontrolled X", "history of, or any evidence of active X".
    let state = |e: &Element| {
        e.cue().is_some_and(|cue| {
            matches!(
                cue,
                Cue::History
                    | Cue::Prior
                    | Cue::Active
                    | Cue::Significant
                    | Cue::Chronic
                    | Cue::Suspected
                    | Cue::Filler
                    | Cue::Receiving
                    | Cue::Received
                    | Cue::Therapy
                    | Cue::TreatedLesion
            )
        })
    };
    let idle = |e: &Element| matches!(e.sense, Sense::Punctuation(_));
    for at in 1..first {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char('/'));
        let left = (0..at).rev().filter_map(|i| phrase.get(i)).find(|e| !idle(e)).is_some_and(state);
        let head = phrase.get(first).is_some_and(|e| {
            ["previous", "prior", "active", "current", "concurrent"].iter().any(|word| e.text.starts_with(word))
        });
        let right = (at + 1..first).filter_map(|i| phrase.get(i)).find(|e| !idle(e)).map_or(head, state);
        if joins && left && right {
            phrase.claim(at);
        }
    }
}

/// Claims the words that say that a malignancy is not the one under study.
fn take_other_words(phrase: &mut Phrase) {
    modifiers::take_listed(phrase, Words::Other);
    modifiers::take_words(phrase, &["non breast", "invasive", "malignant", "known"]);
    phrase.take(Cue::Invasive);
    // "Other than breast cancer".
    if let Some(at) = phrase.find(|e| e.is(Cue::Except) || e.text == "than") {
        let breast = phrase.find_from(at, |e| {
            matches!(e.sense, Sense::Concept(Concept::Cancer(row)) if cancers::all().get(usize::from(row)).is_some_and(|c| c.breast))
        });
        if let Some(breast) = breast.filter(|breast| breast - at <= 3) {
            phrase.claim_range(at, breast + 1);
        }
    }
}

/// Reads a disease that the vocabulary does not hold, by the noun that ends its name.
fn named(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if !phrase.holds_word(Words::DiseaseNoun) && !phrase.holds_word(Words::DiseaseEnding) {
        return None;
    }
    let told = phrase
        .find(|e| {
            matches!(
                e.cue(),
                Some(
                    Cue::History
                        | Cue::Active
                        | Cue::Uncontrolled
                        | Cue::Significant
                        | Cue::Chronic
                        | Cue::Symptomatic
                        | Cue::Suspected
                )
            )
        })
        .is_some();
    if context.section != Section::Exclusion && !told {
        return None;
    }
    let is_word = |e: &Element| matches!(e.sense, Sense::Word) && e.text.chars().all(|c| c.is_alphabetic());
    let may_end = |e: &Element| {
        matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler | Cue::Mutation | Cue::Progressed))
            && e.text.is_in(Words::DiseaseNoun)
            || e.text.is_in(Words::DiseaseEnding) && is_word(e)
    };
    let mut from = 0;
    loop {
        let end = phrase.find_from(from, may_end)?;
        from = end + 1;
        let mut start = end;
        while let Some(before) = start.checked_sub(1) {
            let joins = phrase.get(before).is_some_and(|e| {
                !phrase.is_used(before)
                    && (is_word(e)
                        || matches!(e.sense, Sense::Concept(Concept::Site(_)))
                        || matches!(e.text.as_str(), "blood" | "skin" | "tumor")
                        || matches!(e.sense, Sense::Cue(Cue::AdequateFunction)) && !e.text.starts_with("adequate"))
            });
            if !joins {
                break;
            }
            start = before;
        }
        let mut stop = end + 1;
        // "Dysfunction of the immune system".
        if phrase.get(stop).is_some_and(|e| e.text == "of") {
            let mut look = stop + 1;
            while phrase.get(look).is_some_and(|e| matches!(e.text.as_str(), "the" | "a" | "any")) {
                look += 1;
            }
            let first = look;
            while phrase.get(look).is_some_and(|e| is_word(e) || matches!(e.sense, Sense::Concept(Concept::Site(_)))) {
                look += 1;
            }
            if look > first {
                stop = look;
            }
        }
        if (start..=end).any(|at| phrase.get(at).is_some_and(|e| disease_nouns::is_of_the_cancer(&e.text))) {
            continue;
        }
        let tells = (start..stop).any(|at| {
            phrase.get(at).is_some_and(|e| {
                is_word(e)
                    && !disease_nouns::is_generic(&e.text)
                    && (!disease_nouns::is_noun(&e.text) || e.text.len() > 4)
            })
        });
        if !tells {
            continue;
        }
        let words: Vec<String> =
            (start..stop).filter_map(|at| phrase.get(at)).map(|e| e.text.to_string()).filter(|t| t != "the").collect();
        phrase.claim_range(start, stop);
        let mut modifiers = modifiers::take(phrase, &[end]);
        // "Nonmalignant medical illness" is any disease at all.
        let general = words.iter().all(|word| disease_nouns::is_general(word));
        if general {
            claim_generic(phrase, end);
        }
        let what = if general { What::Anything } else { What::Named(words.join(" ")) };
        modifiers.significant |= general && modifiers.state != State::Uncontrolled;
        return Some(modifiers.requirement(Condition::new(what, State::Present)));
    }
}

/// "Illness or medical condition": the same thing twice.
fn claim_generic(phrase: &mut Phrase, at: usize) {
    for next in at + 1..phrase.len() {
        let noun = phrase.get(next).is_some_and(|e| {
            matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && e.text.is_in(Words::AnyDisease)
        });
        let from = (at + 1..next).rev().take(3).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Or)));
        if let (true, Some(from)) = (noun, from) {
            phrase.claim_range(from, next + 1);
        }
    }
}

/// Reads "uncontrolled illness", "severe concurrent disease": any disease at all.
fn generic(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.holds_word(Words::AnyDisease) || !phrase.has(Cue::Uncontrolled) && !phrase.has(Cue::Significant) {
        return None;
    }
    let at =
        phrase.find(|e| matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && e.text.is_in(Words::AnyDisease))?;
    if phrase
        .find(|e| matches!(e.sense, Sense::Concept(_)) || e.is(Cue::Visceral) || e.is(Cue::MetastaticDisease))
        .is_some()
    {
        return None;
    }
    phrase.claim(at);
    claim_generic(phrase, at);
    modifiers::take_words(
        phrase,
        &["medical", "intercurrent", "concomitant", "systemic", "underlying", "comorbid", "other", "non malignant"],
    );
    let modifiers = modifiers::take(phrase, &[at]);
    Some(modifiers.requirement(Condition::new(What::Anything, State::Present)))
}
