//! Toxicities of earlier treatment that have not gone away.

use super::{Condition, State, What, modifiers, row_of};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::conditions;
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
            && row.zip(row_of("toxicity from prior therapy")).is_some_and(|(row, own)| row == usize::from(own))
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
        Sense::Concept(Concept::Condition(row)) => Some(row) == row_of("toxicity from prior therapy"),
        Sense::Cue(Cue::Filler | Cue::Unresolved | Cue::Resolved) | Sense::Word => {
            matches!(element.text.as_str(), "toxicity" | "adverse event" | "side effect" | "toxic effect" | "ae")
        }
        _ => false,
    }
}

/// Reads "toxicities of earlier treatment not resolved to grade 1 or less", and that they have resolved as its negation.
pub(super) fn read(phrase: &mut Phrase) -> Option<Requirement> {
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
    let mut condition = Condition::new(What::Toxicity, State::Present);
    condition.grade = grade;
    let atom = Requirement::Atom(Atom::Condition(condition));
    Some(if resolved && !unresolved { atom.negated() } else { atom })
}
