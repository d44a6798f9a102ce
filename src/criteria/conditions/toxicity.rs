//! Toxicities of earlier treatment that have not gone away.

use super::{Condition, State, What, modifiers};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::reader::is_list;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Named, Phrase};
use crate::lexicon::concepts::Concept;
use crate::lexicon::conditions;
use crate::lexicon::structure::Words;
use crate::patient::profile::{ConditionState, ListName};

/// Answers for one patient: without any treatment there is none; a complete list of conditions without one above the
/// grade says the same. What is listed is not said to come from a treatment.
pub(super) fn evaluate(condition: &Condition, facts: &Facts<'_>) -> Answer {
    if facts.exposures.as_ref().is_some_and(Vec::is_empty) {
        return Answer::settled(Truth::False, vec![Fact::complete("treatments")]);
    }
    let mut evidence = Vec::new();
    let mut open = Vec::new();
    for (index, (row, entry)) in facts.conditions.iter().enumerate() {
        if condition.what == What::Toxicity
            && row.zip(row!("toxicity from prior therapy")).is_some_and(|(row, own)| row == usize::from(own))
            && matches!(entry.state, Some(ConditionState::Absent | ConditionState::Resolved))
        {
            return Answer::settled(Truth::False, vec![super::evaluate::entry_fact(index, entry)]);
        }
        if matches!(entry.state, Some(ConditionState::Absent | ConditionState::Resolved)) {
            continue;
        }
        let below = condition
            .grade
            .zip(entry.grade)
            .is_some_and(|((comparison, grade), stated)| !comparison.holds(f64::from(stated), f64::from(grade)));
        let excepted = condition.except.iter().any(|e| e.covers(*row, entry.grade));
        evidence.push(super::evaluate::entry_fact(index, entry));
        if !below && !excepted {
            open.push(format!("whether {} comes from earlier treatment, and its grade", entry.name));
        }
    }
    if facts.complete(ListName::Conditions) && open.is_empty() {
        evidence.push(Fact::complete("conditions"));
        return Answer::settled(Truth::False, evidence);
    }
    if open.is_empty() {
        open.push(condition.name());
    }
    Answer { truth: Truth::Unknown, evidence, missing: open }
}

impl Condition {
    /// Whether an exception of this shape covers a condition of a grade.
    fn covers(&self, row: Option<usize>, grade: Option<u8>) -> bool {
        let What::Row(own) = self.what else { return false };
        if self.detail.is_some() {
            return false;
        }
        row.is_some_and(|row| conditions::is_a(row, usize::from(own)))
            && self.grade.is_none_or(|(comparison, bound)| {
                // "Grade 2 neuropathy" as an exception covers what is milder as well.
                let comparison = if comparison == Comparison::Equal { Comparison::LessEqual } else { comparison };
                grade.is_some_and(|stated| comparison.holds(f64::from(stated), f64::from(bound)))
            })
    }
}

/// Whether an element means toxicity of treatment in general.
fn is_toxicity(element: &Element) -> bool {
    match element.sense {
        Sense::Concept(Concept::Condition(row)) => Some(row) == row!("toxicity from prior therapy"),
        Sense::Cue(Cue::Filler | Cue::Unresolved | Cue::Resolved) | Sense::Word => {
            matches!(element.text.as_str(), "toxicity" | "adverse event" | "side effect" | "toxic effect" | "ae")
        }
        _ => false,
    }
}

/// Reads "toxicities of earlier treatment not resolved to grade 1 or less", and that they have resolved as its negation.
pub(super) fn read(whole: &mut Phrase) -> Option<Requirement> {
    if !whole.holds_word(Words::Toxicity) && !whole.names(Named::Condition) {
        return None;
    }
    let toxicity = whole
        .find(is_toxicity)
        .or_else(|| whole.find(|e| matches!(e.text.as_str(), "event" | "effect" | "reaction")))?;
    let mut own = whole.clone();
    let phrase = &mut own;
    // What is excepted says nothing of the rest: "except residual alopecia".
    let except = if stands_in_a_list(phrase, toxicity) { Vec::new() } else { take_exceptions(phrase) };
    let word = |at: usize, text: &str| phrase.get(at).is_some_and(|e| e.text == text);
    let single = phrase.find(is_toxicity).map(|at| (at, at + 1));
    let pair = (0..phrase.len())
        .find(|&at| {
            !phrase.is_used(at)
                && (word(at, "adverse")
                    || word(at, "side")
                    || word(at, "acute")
                    || word(at, "toxic")
                    || word(at, "reversible"))
                && phrase.get(at + 1).is_some_and(|e| matches!(e.text.as_str(), "event" | "effect" | "reaction"))
        })
        .map(|at| (at, at + 2));
    let (start, end) = single.or(pair)?;
    let unresolved = phrase.has(Cue::Unresolved);
    let resolved = phrase.has(Cue::Resolved);
    let from_therapy = phrase
        .find(|e| {
            e.is(Cue::Therapy) || matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Procedure(_)))
        })
        .is_some();
    let known = matches!(phrase.sense(start), Some(Sense::Concept(_)));
    let going_on = [Cue::Grade, Cue::Active, Cue::Receiving, Cue::Chronic].into_iter().any(|cue| phrase.has(cue));
    if !(known || unresolved || resolved || from_therapy && going_on) {
        return None;
    }
    if stands_in_a_list(phrase, start) {
        return None;
    }
    phrase.claim_range(start, end);
    let mut grade = modifiers::take_grade(phrase);
    // "Resolved to grade <= 1": what has not is above it.
    if resolved || unresolved {
        grade = match grade {
            Some((Comparison::LessEqual | Comparison::Equal, bound)) => Some((Comparison::Greater, bound)),
            Some((Comparison::Less, bound)) => Some((Comparison::GreaterEqual, bound)),
            Some(other) => Some(other),
            None => None,
        };
    }
    for cue in [
        Cue::Unresolved,
        Cue::Resolved,
        Cue::Active,
        Cue::Chronic,
        Cue::Prior,
        Cue::Significant,
        Cue::Anchor,
        Cue::Or,
        Cue::Equal,
        Cue::OrLess,
        Cue::Receiving,
        Cue::Between,
        Cue::History,
        Cue::SettingAdjuvant,
    ] {
        phrase.take(cue);
    }
    for at in 0..phrase.len() {
        let harmless = phrase.get(at).is_some_and(|e| {
            matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Procedure(_)))
                || matches!(
                    e.text.as_str(),
                    "anticancer"
                        | "anti"
                        | "reversible"
                        | "acute"
                        | "clinically"
                        | "toxicity"
                        | "event"
                        | "effect"
                        | "to"
                        | "systemic"
                        | "treatment related"
                        | "adverse"
                        | "all"
                        | "normal"
                        | "chronic"
                        | "toxic"
                        | "side"
                        | "previous"
                        | "yet"
                        | "cancer"
                        | "prior cancer"
                        | "related"
                        | "induced"
                        | "hematologic"
                        | "non hematologic"
                )
        });
        if harmless && !phrase.is_used(at) {
            phrase.claim(at);
        }
    }
    claim_administration(phrase, end);
    take_harmless(phrase);
    let mut condition = Condition::new(What::Toxicity, State::Present);
    condition.grade = grade;
    condition.except = except;
    *whole = own;
    let atom = Requirement::Atom(Atom::Condition(condition));
    Some(if resolved && !unresolved { atom.negated() } else { atom })
}

/// "Due to agents administered more than 4 weeks earlier": when they were given changes nothing of what is left of them.
fn claim_administration(phrase: &mut Phrase, from: usize) {
    let given = phrase.find_from(from, |e| matches!(e.text.as_str(), "administered" | "given" | "agent administered"));
    let Some(given) = given else { return };
    let mut end = given + 1;
    let mut timed = false;
    while let Some(element) = phrase.get(end).filter(|_| !phrase.is_used(end)) {
        let unit = crate::grammar::windows::time_unit(element).is_some();
        let fits = unit
            || matches!(element.sense, Sense::Compare(_) | Sense::Number(_))
            || crate::grammar::phrase::is_neutral(element)
            || element.is(Cue::Before)
            || matches!(element.text.as_str(), "earlier" | "ago" | "before" | "previously");
        if !fits {
            break;
        }
        timed |= unit;
        end += 1;
    }
    if timed {
        phrase.claim_range(given, end);
    }
}

/// Whether the toxicity is one member of a list of several things: "major surgery, or not recovered from side effects".
fn stands_in_a_list(phrase: &Phrase, toxicity: usize) -> bool {
    let except = phrase.find(|e| e.is(Cue::Except) || e.is(Cue::Unless)).unwrap_or(phrase.len());
    let joins = |from: usize, to: usize| {
        (from..to).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char(',') || e.is_char(';')))
    };
    let subject = |e: &Element| {
        matches!(
            e.sense,
            Sense::Concept(Concept::Condition(_) | Concept::Procedure(_) | Concept::Drug(_) | Concept::DrugClass(_))
        )
    };
    // "A monoclonal antibody within 4 weeks or who has not recovered": a treatment with an interval of its own.
    let timed = (0..toxicity).any(|at| {
        phrase.get(at).is_some_and(|e| e.is(Cue::Or)) && {
            let left = |fits: &dyn Fn(&Element) -> bool| (0..at).any(|i| phrase.get(i).is_some_and(fits));
            left(&subject) && left(&|e: &Element| crate::grammar::windows::time_unit(e).is_some())
        }
    });
    if timed {
        return true;
    }
    let before = (0..toxicity).find(|&at| phrase.get(at).is_some_and(subject)).is_some_and(|at| joins(at, toxicity));
    let disease = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Condition(_)));
    let after = (toxicity + 1..except)
        .find(|&at| !phrase.is_used(at) && phrase.get(at).is_some_and(disease))
        .is_some_and(|at| joins(toxicity, at));
    (before || after) && is_list(&phrase.elements)
}

/// "Except alopecia and grade 2 neuropathy": what is taken out, each with its grade. What else is said of it, or
/// words that name no disease of the vocabulary, leave open what is meant.
fn take_exceptions(phrase: &mut Phrase) -> Vec<Condition> {
    let mut out: Vec<Condition> = Vec::new();
    while let Some(at) = phrase.find(|e| e.is(Cue::Except)) {
        let bracket = (0..at).rev().find(|i| phrase.get(*i).is_some_and(|e| e.is_char('(') || e.is_char(')')));
        let inside = bracket.is_some_and(|i| phrase.get(i).is_some_and(|e| e.is_char('(')));
        let end = phrase.find_from(at, |e| inside && e.is_char(')')).unwrap_or(phrase.len());
        let mut pending: Option<(Comparison, u8)> = None;
        let mut words: Vec<String> = Vec::new();
        let mut part = Phrase::new(phrase.elements.get(at + 1..end).unwrap_or_default().to_vec());
        let mut place = 0;
        let mut named: Vec<Condition> = Vec::new();
        while place < part.len() {
            let Some(element) = part.get(place).cloned() else { break };
            if part.is_used(place) {
                place += 1;
                continue;
            }
            match element.sense {
                _ if element.is(Cue::Grade) => {
                    let mut one = Phrase::new(part.elements.clone());
                    (0..part.len()).filter(|i| part.is_used(*i) || *i + 1 < place).for_each(|i| one.claim(i));
                    if let Some(bound) = modifiers::take_grade(&mut one) {
                        (0..one.len()).filter(|i| one.is_used(*i)).for_each(|i| part.claim(i));
                        let joined = place.checked_sub(1).is_some_and(|b| {
                            part.get(b).is_some_and(|e| e.is(Cue::And) || e.is(Cue::Or) || e.is_char(','))
                        });
                        let follows = (place..part.len()).take(8).any(|i| {
                            part.get(i).is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_))))
                        });
                        match named.last_mut() {
                            Some(last) if !(joined || place == 0) || !follows => last.grade = Some(bound),
                            _ => pending = Some(bound),
                        }
                    } else {
                        words.push("of a grade".to_owned());
                        part.claim(place);
                    }
                }
                Sense::Concept(Concept::Condition(row)) => {
                    let mut one = Condition::new(What::Row(row), State::Present);
                    one.grade = pending.take();
                    named.push(one);
                }
                Sense::Word
                    if !matches!(
                        element.text.as_str(),
                        "ctcae" | "v" | "version" | "stable" | "related" | "induced" | "toxicity"
                    ) =>
                {
                    words.push(element.text.to_string());
                }
                Sense::Concept(_) => words.push(element.text.to_string()),
                _ => {}
            }
            place += 1;
        }
        if !words.is_empty() {
            let words = words.join(" ");
            match named.len() {
                0 => {
                    let mut open = Condition::new(What::Named(words.clone()), State::Present);
                    open.detail = Some(words);
                    named.push(open);
                }
                _ => named.iter_mut().for_each(|c| c.detail = Some(words.clone())),
            }
        }
        phrase.claim_range(at, end);
        out.extend(named);
    }
    out.sort();
    out.dedup();
    out
}

/// Claims what else is said of toxicities: it can only narrow them, and none is ever said to be there.
fn take_harmless(phrase: &mut Phrase) {
    if phrase.find(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_)))).is_some() {
        return;
    }
    for at in 0..phrase.len() {
        let before = at.checked_sub(1).and_then(|b| phrase.get(b)).map(|e| e.text.to_string()).unwrap_or_default();
        let fits = phrase.get(at).is_some_and(|e| match e.sense {
            Sense::Word => {
                super::narrowing::is_narrowing(e)
                    || matches!(
                        e.text.as_str(),
                        "unstable" | "pre" | "level" | "fully" | "adequately" | "sufficiently" | "recovered" | "back"
                    )
            }
            Sense::Number(_) => {
                before.ends_with("ctcae") || matches!(before.as_str(), "v" | "version" | "v." | "ctc" | "criteria")
            }
            Sense::Cue(
                Cue::Uncontrolled
                | Cue::Stable
                | Cue::Symptomatic
                | Cue::Investigational
                | Cue::Prior
                | Cue::Before
                | Cue::Normal
                | Cue::RecentTherapy,
            ) => true,
            Sense::Concept(Concept::Drug(_)) => true,
            _ => false,
        });
        if fits && !phrase.is_used(at) {
            phrase.claim(at);
        }
    }
}
