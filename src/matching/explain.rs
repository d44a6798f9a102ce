//! Why a criterion came out as it did: the facts behind it, or the facts that are missing.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::matching::outcome::Outcome;
use crate::matching::program::{Compiled, Node};
use jiff::civil::Date;

/// The outcome of a criterion whose root has a truth. A criterion that was read only in part never passes.
pub fn outcome(partial: bool, truth: Truth) -> (Outcome, Option<Date>) {
    match truth {
        Truth::True | Truth::TrueUntil(_) if partial => (Outcome::Unread, None),
        Truth::True | Truth::TrueUntil(_) => (Outcome::Pass, None),
        Truth::False => (Outcome::Fail, None),
        Truth::FalseUntil(day) => (Outcome::Wait, Some(day)),
        Truth::Unknown => (Outcome::Unknown, None),
        Truth::Confirm if partial => (Outcome::Unread, None),
        Truth::Confirm => (Outcome::Confirm, None),
        Truth::Unread => (Outcome::Unread, None),
    }
}

/// The facts that a node's truth rests on and the facts that it lacks.
/// `answer` gives the answer of an atom with its reasons.
pub fn because<'a>(
    compiled: &Compiled,
    answer: &dyn Fn(u32) -> Option<&'a Answer>,
    truths: &[Truth],
    node: u32,
) -> (Vec<Fact>, Vec<String>) {
    let mut evidence = Vec::new();
    let mut missing = Vec::new();
    collect(compiled, answer, truths, node, &mut evidence, &mut missing);
    (evidence, missing)
}

fn collect<'a>(
    compiled: &Compiled,
    answer: &dyn Fn(u32) -> Option<&'a Answer>,
    truths: &[Truth],
    id: u32,
    evidence: &mut Vec<Fact>,
    missing: &mut Vec<String>,
) {
    let Some(node) = compiled.nodes.get(id as usize) else { return };
    let of = |id: u32| truths.get(id as usize).copied().unwrap_or(Truth::Unread);
    match *node {
        Node::Atom(atom) => {
            if let Some(answer) = answer(atom) {
                for fact in &answer.evidence {
                    if !evidence.contains(fact) {
                        evidence.push(fact.clone());
                    }
                }
                for name in &answer.missing {
                    if !missing.contains(name) {
                        missing.push(name.clone());
                    }
                }
            }
        }
        Node::All { start, length } | Node::Any { start, length } | Node::AtLeast { start, length, .. } => {
            let truth = of(id);
            let neutral = matches!(
                (node, truth),
                (Node::All { .. }, Truth::True) | (Node::Any { .. }, Truth::False) | (Node::AtLeast { .. }, _)
            );
            for &child in compiled.list(start, length) {
                if neutral || std::mem::discriminant(&of(child)) == std::mem::discriminant(&truth) {
                    collect(compiled, answer, truths, child, evidence, missing);
                }
            }
        }
        Node::Not(inner) | Node::Judged(inner) | Node::Partly(inner) => {
            collect(compiled, answer, truths, inner, evidence, missing)
        }
        Node::Nothing | Node::Confirm | Node::Unread => {}
    }
}
