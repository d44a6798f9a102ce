//! Sentences that hand the decision to a person.

use crate::criteria::atom::Atom;
use crate::criteria::central_nervous_system::Feature;
use crate::criteria::context::Context;
use crate::criteria::reader::coordination::{self, outside, trim};
use crate::criteria::reader::statements::clauses::find;
use crate::criteria::reader::statements::relations::subjects;
use crate::criteria::reader::statements::{Statement, statement};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};

/// A sentence that hands the decision to a person: settled only where the thing itself is absent (convention 20). What
/// is measured stays measured, whoever measures it.
pub(super) fn judged(elements: &[Element], context: &Context<'_>) -> Option<Statement> {
    let at = find(elements, Cue::Judgement)?;
    // "An ECG that is abnormal in the investigator's opinion, or a stroke": each member is judged by itself.
    let modal = elements.iter().any(|e| {
        matches!(e.sense, Sense::Cue(Cue::Must | Cue::MustNot | Cue::Allowed | Cue::Forbidden | Cue::May | Cue::Unless))
    });
    if context.section == Section::Exclusion
        && !modal
        && let Some(members) = coordination::alternatives(elements)
    {
        let excluded =
            members.iter().map(|m| match judged(m, context).unwrap_or_else(|| statement(trim(m), context)) {
                Statement::Excludes(r) => r,
                Statement::Requires(r) => r.negated(),
                _ => Requirement::Confirm,
            });
        return Some(Statement::Excludes(Requirement::any(excluded.collect())));
    }
    // "Has received X within 4 weeks, or is enrolled in research that the sponsor judges ...": only the second clause is
    // judged.
    if context.section == Section::Exclusion
        && !modal
        && let Some(clause) = last_clause(elements, at)
        && let (Some(first), Some(second)) = (elements.get(..clause), elements.get(clause + 1..))
        && let Statement::Excludes(told) = statement(trim(first), context)
        && !told.has_unread()
        && let Some(Statement::Excludes(judged)) = judged(trim(second), context)
    {
        return Some(Statement::Excludes(Requirement::any(vec![told, judged])));
    }
    let mut rest = elements.to_vec();
    rest.remove(at);
    rest.retain(|e| !e.is(Cue::Judgement));
    let statement = statement(trim(&rest), context);
    Some(match statement {
        Statement::Requires(r) if is_measured(&r) => Statement::Requires(r),
        Statement::Excludes(r) if is_measured(&r) => Statement::Excludes(r),
        Statement::Requires(r) => Statement::Requires(hand_over(r)),
        Statement::Excludes(r) => Statement::Excludes(hand_over(r)),
        Statement::Permits(r, _) if r.has_unread() => Statement::Nothing,
        other => other,
    })
}

/// The last "or" before a judgement behind which a clause with a verb of its own begins.
fn last_clause(elements: &[Element], judgement: usize) -> Option<usize> {
    let verb = |e: &Element| {
        e.is(Cue::With)
            || e.is(Cue::Receiving)
            || matches!(e.text.as_str(), "is" | "are" | "has" | "have" | "is currently" | "are currently" | "currently")
    };
    outside(elements)
        .filter(|(at, e)| *at > 0 && *at < judgement && e.is(Cue::Or) && elements.get(at + 1).is_some_and(verb))
        .map(|(at, _)| at)
        .last()
}

/// Whether a requirement is wholly read and speaks of what is measured or tested.
pub(super) fn is_measured(requirement: &Requirement) -> bool {
    let atoms = subjects(requirement);
    !requirement.has_unread()
        && !atoms.is_empty()
        && atoms.iter().all(|a| {
            matches!(
                a,
                Atom::Laboratory(_)
                    | Atom::PerformanceStatus(_)
                    | Atom::Open(_)
                    | Atom::Measurable(_)
                    | Atom::Age(_)
                    | Atom::Her2(_)
                    | Atom::Receptor(_)
            ) || matches!(a, Atom::CentralNervousSystem(c) if c.feature == Feature::Present)
        })
}

/// What was understood of a thing that a person judges; the rest is theirs.
pub(super) fn hand_over(requirement: Requirement) -> Requirement {
    match understood(requirement) {
        Some(Requirement::Nothing) | None => Requirement::Confirm,
        Some(clean) => Requirement::Judged(Box::new(clean)),
    }
}

pub(super) fn understood(requirement: Requirement) -> Option<Requirement> {
    match requirement {
        Requirement::All(members) => {
            let clean: Vec<Requirement> = members.into_iter().filter_map(understood).collect();
            (!clean.is_empty()).then(|| Requirement::all(clean))
        }
        other if other.has_unread() => None,
        other => Some(other),
    }
}
