//! Diseases in texts: those of the vocabulary, other tumours, and nouns that name a disease it does not hold.

use super::{Condition, State, What, modifiers, row_of, toxicity};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::medications;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{cancers, conditions, disease_nouns, procedures};

/// Words that make a tumour another one than the cancer under study.
const OTHER: &[&str] = &[
    "other", "another", "second", "additional", "different", "synchronous", "multiple", "simultaneous", "coexisting",
    "unrelated", "separate", "any other", "secondary", "multiple primary", "dual",
];

/// Reads diseases and findings.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if let Some(requirement) = toxicity::read(phrase) {
        return Some(requirement);
    }
    if phrase.has(Cue::Family) {
        return family(phrase);
    }
    let allergies = [row_of("hypersensitivity"), row_of("anaphylaxis")];
    let heads = heads(phrase, context);
    if heads.iter().any(|(_, what)| match what {
        What::Row(row) => allergies.contains(&Some(*row)),
        _ => false,
    }) && let Some(requirement) = medications::read_allergy(phrase, context)
    {
        return Some(requirement);
    }
    if heads.is_empty() {
        return named(phrase, context).or_else(|| generic(phrase));
    }
    Some(build(phrase, &heads, context))
}

/// "Family history of X": no fact of the profile but by that very name.
fn family(phrase: &mut Phrase) -> Option<Requirement> {
    let at = phrase.find(|e| e.is(Cue::Family))?;
    let words: Vec<String> = (at..phrase.len())
        .filter(|&place| !phrase.is_used(place))
        .filter_map(|place| phrase.get(place))
        .filter(|e| !matches!(e.sense, Sense::Punctuation(_)))
        .map(|e| e.text.clone())
        .collect();
    phrase.claim_range(at, phrase.len());
    Some(Requirement::Atom(Atom::Condition(Condition::new(What::Named(words.join(" ")), State::Present))))
}

/// The unclaimed diseases of a phrase with their places.
fn heads(phrase: &mut Phrase, context: &Context<'_>) -> Vec<(usize, What)> {
    let stop = phrase.find(|e| e.is(Cue::Requiring)).unwrap_or(phrase.len());
    let mut found = Vec::new();
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        let Some(element) = phrase.get(at) else { continue };
        // What treats the disease is no disease ("requiring treatment of an infection").
        if at > stop && !found.is_empty() {
            break;
        }
        if let Some(row) = head_row(phrase, at, element, context) {
            found.push((at, What::Row(row)));
            found.extend(hepatitis_letters(phrase, at, row).into_iter().map(|(at, row)| (at, What::Row(row))));
        }
    }
    found
}

fn head_row(phrase: &Phrase, at: usize, element: &Element, context: &Context<'_>) -> Option<u16> {
    match element.sense {
        Sense::Concept(Concept::Condition(row)) => Some(row),
        Sense::Concept(Concept::Cancer(row)) => {
            let cancer = cancers::all().get(usize::from(row))?;
            if cancer.is_condition() {
                return row_of(&cancer.id);
            }
            (cancer.covers_breast && is_other(phrase, at, context)).then(|| row_of("other malignancy")).flatten()
        }
        Sense::Concept(Concept::Procedure(row)) => {
            let procedure = procedures::all().get(usize::from(row))?;
            procedure.same_as.as_deref().filter(|id| *id == "organ transplantation").and_then(row_of)
        }
        Sense::Cue(Cue::VisceralCrisis) => row_of("visceral crisis"),
        // "History of cancer".
        Sense::Cue(Cue::Filler) if element.text == "cancer" => {
            (context.section == Section::Exclusion && past_or_other(phrase) && bare(phrase, at))
                .then(|| row_of("other malignancy"))
                .flatten()
        }
        _ => None,
    }
}

fn past_or_other(phrase: &Phrase) -> bool {
    phrase.has(Cue::History) || phrase.has(Cue::Prior) || phrase.find(|e| OTHER.contains(&e.text.as_str())).is_some()
}

/// Whether nothing but state and time stands beside a place.
fn bare(phrase: &Phrase, at: usize) -> bool {
    (0..phrase.len()).all(|place| {
        place == at
            || phrase.is_used(place)
            || phrase.get(place).is_some_and(|e| match e.sense {
                Sense::Concept(_) => false,
                Sense::Word => OTHER.contains(&e.text.as_str()),
                _ => true,
            })
    })
}

/// Whether a tumour that may be the cancer under study is said to be another one.
fn is_other(phrase: &Phrase, at: usize, context: &Context<'_>) -> bool {
    let told = phrase.find(|e| OTHER.contains(&e.text.as_str())).is_some();
    if told {
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
fn hepatitis_letters(phrase: &Phrase, at: usize, row: u16) -> Vec<(usize, u16)> {
    let above = row_of("viral hepatitis");
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

fn build(phrase: &mut Phrase, heads: &[(usize, What)], context: &Context<'_>) -> Requirement {
    let places: Vec<usize> = heads.iter().map(|(at, _)| *at).collect();
    places.iter().for_each(|&at| phrase.claim(at));
    let caused = cause(phrase, &places);
    let conjoined = conjoined(phrase, &places, context);
    claim_joiners(phrase, &places);
    let malignancy = row_of("other malignancy");
    let is_malignancy = |what: &What| matches!(what, What::Row(row) if malignancy.is_some_and(|m| conditions::is_a(usize::from(*row), usize::from(m))));
    if heads.iter().any(|(_, what)| is_malignancy(what)) {
        take_other_words(phrase);
    }
    let mut modifiers = modifiers::take(phrase, &places);
    modifiers.detail = modifiers.detail.or(caused.as_ref().map(|(_, words)| words.clone()));
    let kept = caused.map_or(heads.len(), |(count, _)| count);
    let mut members = Vec::new();
    for (_, what) in heads.iter().take(kept) {
        let mut what = what.clone();
        if modifiers.heart_failure_class {
            what = row_of("heart failure").map_or(what, What::Row);
        }
        if matches!(&what, What::Row(row) if Some(*row) == row_of("uncontrolled disease")) {
            what = What::Anything;
            if modifiers.state == State::Present {
                modifiers.significant = true;
            }
        }
        let atom = Requirement::Atom(Atom::Condition(modifiers.on(Condition::new(what, State::Present))));
        if !members.contains(&atom) {
            members.push(atom);
        }
    }
    if conjoined { Requirement::all(members) } else { Requirement::any(members) }
}

/// "Diarrhoea due to Crohn's disease": how many diseases stand before the cause, and the cause in words.
fn cause(phrase: &mut Phrase, places: &[usize]) -> Option<(usize, String)> {
    let first = *places.first()?;
    let at = phrase.find_from(first, |e| {
        matches!(
            e.text.as_str(),
            "due to" | "secondary to" | "caused by" | "resulting from" | "related to" | "attributed to" | "associated with"
                | "attributable to" | "because of"
        )
    })?;
    let kept = places.iter().filter(|&&place| place < at).count();
    let mut words = Vec::new();
    for place in at..phrase.len() {
        if phrase.is_used(place) && !places.contains(&place) {
            continue;
        }
        if phrase.get(place).is_some_and(|e| matches!(e.cue(), Some(Cue::Within | Cue::Before))) {
            break;
        }
        words.extend(phrase.get(place).map(|e| e.text.clone()));
        phrase.claim(place);
    }
    Some((kept.max(1), words.join(" ")))
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
    // "Active or uncontrolled X", "current or past X".
    for at in 1..first {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char('/'));
        let state = |e: Option<&Element>| {
            e.and_then(Element::cue).is_some_and(|cue| {
                matches!(
                    cue,
                    Cue::History | Cue::Prior | Cue::Active | Cue::Significant | Cue::Chronic | Cue::Suspected | Cue::Filler | Cue::Receiving
                )
            })
        };
        if joins && state(phrase.get(at - 1)) && state(phrase.get(at + 1)) {
            phrase.claim(at);
        }
    }
}

/// Claims the words that say that a malignancy is not the one under study.
fn take_other_words(phrase: &mut Phrase) {
    modifiers::take_words(phrase, OTHER);
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
    let told = phrase
        .find(|e| {
            matches!(
                e.cue(),
                Some(
                    Cue::History | Cue::Active | Cue::Uncontrolled | Cue::Significant | Cue::Chronic | Cue::Symptomatic | Cue::Suspected
                )
            )
        })
        .is_some();
    if context.section != Section::Exclusion && !told {
        return None;
    }
    let is_word = |e: &Element| matches!(e.sense, Sense::Word) && e.text.chars().all(|c| c.is_alphabetic());
    let last_word = |e: &Element| e.text.rsplit(' ').next().unwrap_or_default().to_owned();
    let may_end = |e: &Element| {
        matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler | Cue::Mutation | Cue::Progressed))
            && disease_nouns::is_noun(&last_word(e))
            || is_word(e) && disease_nouns::has_ending(&e.text)
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
            while phrase.get(look).is_some_and(|e| matches!(e.text.as_str(), "the" | "a" | "any") ) {
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
        let tells = (start..stop).any(|at| {
            phrase.get(at).is_some_and(|e| is_word(e) && !disease_nouns::is_generic(&e.text) && (!disease_nouns::is_noun(&e.text) || e.text.len() > 4))
        });
        if !tells {
            continue;
        }
        let words: Vec<String> =
            (start..stop).filter_map(|at| phrase.get(at)).map(|e| e.text.clone()).filter(|t| t != "the").collect();
        phrase.claim_range(start, stop);
        let modifiers = modifiers::take(phrase, &[end]);
        let what = What::Named(words.join(" "));
        return Some(Requirement::Atom(Atom::Condition(modifiers.on(Condition::new(what, State::Present)))));
    }
}

/// Reads "uncontrolled illness", "severe concurrent disease": any disease at all.
fn generic(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.has(Cue::Uncontrolled) && !phrase.has(Cue::Significant) {
        return None;
    }
    let at = phrase.find(|e| {
        matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && disease_nouns::is_generic(&e.text)
    })?;
    if phrase.find(|e| matches!(e.sense, Sense::Concept(_)) || e.is(Cue::Visceral) || e.is(Cue::MetastaticDisease)).is_some() {
        return None;
    }
    phrase.claim(at);
    modifiers::take_words(phrase, &["medical", "intercurrent", "concomitant", "systemic", "underlying", "comorbid", "other", "non malignant"]);
    let modifiers = modifiers::take(phrase, &[at]);
    Some(Requirement::Atom(Atom::Condition(modifiers.on(Condition::new(What::Anything, State::Present)))))
}
