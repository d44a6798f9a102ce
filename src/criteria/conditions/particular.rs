//! Diseases told in ways of their own: by the class of a scale, by an event named before, by what they threaten.

use super::modifiers;
use super::{Condition, State, What};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Sense};
use crate::grammar::phrase::{Cues, Named, Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;

/// "Unless the event occurred more than 6 months ago": the interval is that of a disease named in another clause.
pub(super) fn event_named_before(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.holds_word(Words::Event) {
        return None;
    }
    let at = phrase.find(|e| e.text.is_in(Words::Event))?;
    let happened = (at + 1..phrase.len()).take(3).find(|&i| {
        phrase.get(i).is_some_and(|e| matches!(e.text.as_str(), "occurred" | "happened" | "occured" | "resolved"))
    })?;
    let mut trial = phrase.clone();
    trial.claim(at);
    trial.claim(happened);
    let window = crate::grammar::windows::take_window_between(&mut trial, happened, (happened + 8).min(phrase.len()))?;
    *phrase = trial;
    let mut condition = Condition::new(What::Anything, State::History);
    condition.window = Some(window);
    condition.detail = Some("that is named before".to_owned());
    Some(Requirement::Atom(Atom::Condition(condition)))
}

/// "Conditions not expected to recur in the absence of an external trigger": which they are, a person says.
pub(super) fn not_expected_to_recur(phrase: &mut Phrase) -> Option<Requirement> {
    let told = phrase.holds_cue(Cues::of(&[Cue::Recurrent])) || phrase.holds_word(Words::Recurs);
    if !told || !phrase.holds_word(Words::AnyDisease) {
        return None;
    }
    let recurs = phrase.find(|e| e.is(Cue::Recurrent) || e.text.is_in(Words::Recurs))?;
    let noun = (0..recurs).find(|&at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| !matches!(e.sense, Sense::Concept(_)) && e.text.is_in(Words::AnyDisease))
    })?;
    (noun..=recurs).find(|&at| {
        phrase.get(at).is_some_and(|e| e.is(Cue::Not) || e.text.contains("not ") || e.text.starts_with("unlikely"))
    })?;
    if (noun..phrase.len())
        .any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::Or) || matches!(e.sense, Sense::Number(_))))
    {
        return None;
    }
    phrase.claim_range(noun, phrase.len());
    // A disease that is there now is none of them.
    let mut condition = Condition::new(What::Anything, State::Resolved);
    condition.detail = Some("conditions not expected to recur".to_owned());
    Some(Requirement::Atom(Atom::Condition(condition)))
}

/// "NYHA class III or IV" without the disease: the classes grade heart failure (convention 34).
pub(super) fn heart_failure_by_class(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if context.section == Section::Inclusion {
        return heart_failure_up_to(phrase);
    }
    if !phrase.has(Cue::HeartFailureClass) || phrase.find(|e| e.is(Cue::Except) || e.is(Cue::Unless)).is_some() {
        return None;
    }
    let what = What::Row(row!("heart failure")?);
    let modifiers = modifiers::take(phrase, &[]);
    modifiers::take_words(phrase, &["cardiac", "heart", "function", "status", "heart disease"]);
    Some(modifiers.requirement(Condition::new(what, State::Present)))
}

/// "NYHA class I or II" under Inclusion: no heart failure of a higher class; without heart failure there is none.
fn heart_failure_up_to(phrase: &mut Phrase) -> Option<Requirement> {
    let at = phrase.find(|e| e.is(Cue::HeartFailureClass))?;
    let mut end = at + 1;
    let mut top = 0;
    while let Some(element) = phrase.get(end).filter(|_| !phrase.is_used(end)) {
        let class = modifiers::degree(Some(element));
        let between = is_neutral(element)
            || element.is(Cue::Or)
            || element.is(Cue::OrLess)
            || matches!(element.sense, Sense::Compare(Comparison::LessEqual))
            || matches!(
                element.text.as_str(),
                "class" | "of" | "-" | "to" | "functional" | "classification" | "classes"
            );
        if class.is_none() && !between {
            break;
        }
        top = top.max(class.unwrap_or(0));
        end += 1;
    }
    if !(1..=2).contains(&top) {
        return None;
    }
    phrase.claim_range(at, end);
    let mut condition = Condition::new(What::Row(row!("heart failure")?), State::Present);
    condition.detail = Some(format!("of NYHA class > {top}"));
    Some(Requirement::Atom(Atom::Condition(condition)).negated())
}

/// "Symptomatic visceral spread at risk of life-threatening complications in the short term, including massive effusions,
/// lymphangitis or liver involvement > 50 %": a visceral crisis, and examples of it.
pub(super) fn visceral_spread(phrase: &mut Phrase) -> Option<Requirement> {
    if !phrase.holds_cue(Cues::of(&[Cue::VisceralCrisis])) && !phrase.names(Named::Condition) {
        return None;
    }
    let crisis = row!("visceral crisis")?;
    let first = phrase.find(|e| e.is(Cue::VisceralCrisis) || e.sense == Sense::Concept(Concept::Condition(crisis)))?;
    let risk = phrase.find_from(first, |e| e.text.contains("risk"))?;
    let threat = phrase.find_from(risk, |e| e.text.contains("complication") || e.text.contains("death"))?;
    let excepts = phrase.elements.iter().any(|e| e.is(Cue::Except) || e.is(Cue::Unless) || e.is(Cue::Not));
    if excepts || threat > risk + 6 {
        return None;
    }
    let including = phrase.find_from(threat, |e| e.is(Cue::Including));
    let end = including.unwrap_or(phrase.len());
    let plain = (threat + 1..end).all(|at| {
        phrase.get(at).is_some_and(|e| {
            is_neutral(e)
                || matches!(e.text.as_str(), "short" | "term" | "short term" | "near" | "near term" | "immediate")
        })
    });
    if !plain {
        return None;
    }
    let mut rows = vec![crisis];
    // Of the examples lymphangitis is a finding of its own; the others are ways in which a crisis shows.
    let lymphangitis = row!("pulmonary lymphangitis");
    rows.extend(lymphangitis.filter(|row| {
        including
            .is_some_and(|i| phrase.find_from(i, |e| e.sense == Sense::Concept(Concept::Condition(*row))).is_some())
    }));
    phrase.take(Cue::Advanced);
    phrase.claim_range(first, phrase.len());
    let atom = |row| Requirement::Atom(Atom::Condition(Condition::new(What::Row(row), State::Present)));
    Some(Requirement::any(rows.into_iter().map(atom).collect()))
}

/// "Family history of X": no fact of the profile but by that very name.
pub(super) fn family(phrase: &mut Phrase) -> Option<Requirement> {
    let at = phrase.find(|e| e.is(Cue::Family))?;
    let words: Vec<String> = (at..phrase.len())
        .filter(|&place| !phrase.is_used(place))
        .filter_map(|place| phrase.get(place))
        .filter(|e| !matches!(e.sense, Sense::Punctuation(_)))
        .map(|e| e.text.to_string())
        .collect();
    phrase.claim_range(at, phrase.len());
    Some(Requirement::Atom(Atom::Condition(Condition::new(What::Named(words.join(" ")), State::Present))))
}
