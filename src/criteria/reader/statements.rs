//! Statements: what must be, must not be, may be, and under which condition.

use crate::criteria::administrative;
use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::reader::coordination::{self, outside, trim};
use crate::criteria::reader::simplify::simplify;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::conditions;

/// What a sentence does.
#[derive(Clone, Debug, PartialEq)]
enum Statement {
    /// The patient may enter where this is true.
    Requires(Requirement),
    /// Whoever is so (positive sense) is kept out.
    Excludes(Requirement),
    /// Whoever is so (positive sense) may enter: alone it asks nothing, behind an exclusion it is its exception.
    Permits(Requirement),
    /// Asks nothing.
    Nothing,
}

/// Reads an item of one or more sentences in the sense of its section: true where the patient may enter.
pub fn read(elements: &[Element], context: &Context<'_>) -> Requirement {
    let simple = simplify(elements);
    if let Some(requirement) = administrative::read_item(&simple, context) {
        return requirement;
    }
    let mut folded: Vec<Statement> = Vec::new();
    for sentence in sentences(&simple) {
        let statement = statement(sentence, context);
        match statement {
            Statement::Nothing => {}
            Statement::Permits(exception) => match folded.last_mut() {
                Some(Statement::Excludes(excluded)) => *excluded = with_exception(excluded.clone(), &exception),
                Some(Statement::Requires(required)) if related(required, &exception) => {
                    *required = Requirement::any(vec![required.clone(), exception]);
                }
                _ => folded.push(Statement::Permits(exception)),
            },
            other => folded.push(other),
        }
    }
    Requirement::all(
        folded
            .into_iter()
            .map(|statement| match statement {
                Statement::Requires(r) => r,
                Statement::Excludes(r) => r.negated(),
                // A permission whose words were not understood is shown; one that was asks nothing.
                Statement::Permits(r) if r.has_unread() => {
                    Requirement::any(vec![Requirement::Nothing, Requirement::Nothing])
                }
                Statement::Permits(_) | Statement::Nothing => Requirement::Nothing,
            })
            .collect(),
    )
}

/// Cuts at full stops outside brackets.
fn sentences(elements: &[Element]) -> Vec<&[Element]> {
    let ends: Vec<usize> = outside(elements)
        .filter(|(at, e)| e.is_char('.') && elements.get(at + 1).is_none_or(|next| next.spaced))
        .map(|(at, _)| at)
        .collect();
    let mut out = Vec::new();
    let mut from = 0;
    for end in ends {
        out.extend(elements.get(from..end).map(trim).filter(|s| !s.is_empty()));
        from = end + 1;
    }
    out.extend(elements.get(from..).map(trim).filter(|s| !s.is_empty()));
    out
}

fn find(elements: &[Element], cue: Cue) -> Option<usize> {
    outside(elements).find(|(_, e)| e.is(cue)).map(|(at, _)| at)
}

fn part(elements: &[Element], from: usize, to: usize) -> &[Element] {
    trim(elements.get(from..to.max(from)).unwrap_or_default())
}

fn means(elements: &[Element]) -> bool {
    elements.iter().any(|e| !is_neutral(e) && !matches!(e.sense, Sense::Cue(Cue::Female | Cue::Male)))
}

fn positive(elements: &[Element], context: &Context<'_>) -> Requirement {
    if !means(elements) {
        return Requirement::Unread(span_of(elements));
    }
    coordination::read(elements, context).requirement
}

/// Reads one sentence.
fn statement(elements: &[Element], context: &Context<'_>) -> Statement {
    if elements.is_empty() {
        return Statement::Nothing;
    }
    // "If X, then Y"; "For patients with X: Y".
    if elements.first().is_some_and(|e| e.is(Cue::If))
        && !elements.first().is_some_and(|e| e.text == "when" || e.text == "where")
    {
        let comma = outside(elements)
            .find(|(at, e)| *at > 0 && (e.is_char(',') || e.is_char(':') || e.is(Cue::Must) || e.is(Cue::MustNot)))
            .map(|(at, _)| at);
        if let Some(at) = comma {
            let guard = positive(part(elements, 1, at), context);
            return guarded(guard, statement(trim(elements.get(at..).unwrap_or_default()), context));
        }
    }
    if let Some(at) = find(elements, Cue::Unless).filter(|at| *at > 0) {
        let main = statement(part(elements, 0, at), context);
        let exception = positive(part(elements, at + 1, elements.len()), context);
        return match main {
            Statement::Excludes(r) => Statement::Excludes(Requirement::all(vec![r, exception.negated()])),
            Statement::Requires(r) => Statement::Requires(Requirement::any(vec![r, exception])),
            other => other,
        };
    }
    modal(elements, context)
}

/// Whether a subject is nothing but an interval: "a washout period of 2 weeks".
fn is_washout(elements: &[Element]) -> bool {
    elements.iter().any(|e| e.is(Cue::Since))
        && elements.iter().all(|e| {
            e.is(Cue::Since)
                || crate::grammar::windows::time_unit(e).is_some()
                || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || is_neutral(e)
        })
}

/// Puts a statement under a condition.
fn guarded(guard: Requirement, statement: Statement) -> Statement {
    match statement {
        Statement::Requires(r) => Statement::Requires(Requirement::when(guard, r)),
        Statement::Excludes(r) => Statement::Excludes(Requirement::all(vec![guard, r])),
        other => other,
    }
}

/// Sentences by their modal words.
fn modal(elements: &[Element], context: &Context<'_>) -> Statement {
    if find(elements, Cue::NoLimit).is_some() && find(elements, Cue::Must).is_none() {
        return Statement::Nothing;
    }
    if let Some(at) = find(elements, Cue::Forbidden) {
        let body = [part(elements, 0, at), part(elements, at + 1, elements.len())];
        let body = body.into_iter().find(|b| means(b)).unwrap_or_default();
        return Statement::Excludes(positive(body, context));
    }
    if let Some(at) = find(elements, Cue::Allowed) {
        return permission(part(elements, 0, at), part(elements, at + 1, elements.len()), context);
    }
    if let Some(at) = find(elements, Cue::MustNot) {
        let subject = part(elements, 0, at);
        let body = positive(part(elements, at + 1, elements.len()), context);
        return if means(subject) {
            guarded(positive(subject, context), Statement::Excludes(body))
        } else {
            Statement::Excludes(body)
        };
    }
    if let Some(at) = find(elements, Cue::May) {
        return permission(part(elements, 0, at), part(elements, at + 1, elements.len()), context);
    }
    if let Some(at) = find(elements, Cue::Must) {
        let subject = part(elements, 0, at);
        let body = part(elements, at + 1, elements.len());
        // "A washout of 2 weeks is required for X" has no premise.
        if is_washout(subject) && means(body) {
            let joined: Vec<Element> = subject.iter().chain(body).cloned().collect();
            return Statement::Requires(conditional(&joined, context));
        }
        if means(subject) && means(body) {
            let guard = positive(subject, context);
            return guarded(guard, Statement::Requires(conditional(body, context)));
        }
        return Statement::Requires(conditional(if means(body) { body } else { subject }, context));
    }
    bare(elements, context)
}

/// A requirement that may carry a condition behind it: "Y if X".
fn conditional(elements: &[Element], context: &Context<'_>) -> Requirement {
    match find(elements, Cue::If).filter(|at| *at > 0) {
        Some(at) => {
            let guard = positive(part(elements, at + 1, elements.len()), context);
            Requirement::when(guard, positive(part(elements, 0, at), context))
        }
        None => positive(elements, context),
    }
}

/// "X is allowed", "X is allowed if C", "may have X", "up to 2 X are allowed".
fn permission(before: &[Element], after: &[Element], context: &Context<'_>) -> Statement {
    let condition_at = after.iter().position(|e| e.is(Cue::If));
    let (after_body, condition) = match condition_at {
        Some(at) => (part(after, 0, at), Some(part(after, at + 1, after.len()))),
        None => (after, None),
    };
    let body = if means(before) { before } else { after_body };
    // A number in a permission is a cap (convention 40).
    let read = positive(body, context);
    if let Some(cap) = cap(&read) {
        return Statement::Requires(cap);
    }
    match condition {
        Some(condition) if means(condition) => {
            let condition = positive(condition, context);
            Statement::Requires(Requirement::when(read, condition))
        }
        _ => {
            let only = before.iter().chain(after).any(|e| e.text == "only");
            if only { Statement::Requires(Requirement::Unread(span_of(body))) } else { Statement::Permits(read) }
        }
    }
}

/// The upper bound that a permitted number of lines sets.
fn cap(read: &Requirement) -> Option<Requirement> {
    match read {
        Requirement::Atom(Atom::Lines(lines)) => lines.cap().map(|l| Requirement::Atom(Atom::Lines(l))),
        Requirement::All(members) => {
            let caps: Vec<Requirement> = members.iter().filter_map(cap).collect();
            // A floor that stands beside a cap is meant: "up to 4, and at least 1".
            let floors =
                members.iter().filter(|m| matches!(m, Requirement::Atom(Atom::Lines(lines)) if lines.cap().is_none()));
            (!caps.is_empty()).then(|| Requirement::all(caps.into_iter().chain(floors.cloned()).collect()))
        }
        _ => None,
    }
}

/// A sentence without modal words: what the section makes of it.
fn bare(elements: &[Element], context: &Context<'_>) -> Statement {
    let at = elements.iter().position(|e| !is_neutral(e));
    let negated = at
        .and_then(|at| elements.get(at))
        .is_some_and(|e| e.is(Cue::Not) || e.is(Cue::Naive) && e.text.starts_with("no "));
    if context.section == Section::Inclusion {
        return Statement::Requires(conditional(elements, context));
    }
    // "No X" under Exclusion forbids X by its evident meaning (convention 23); "lack of X", "have not had X" do exclude
    // whoever has no X.
    if negated
        && let Some(first) = at.and_then(|at| elements.get(at))
        && first.is(Cue::Not)
        && first.text.starts_with("no")
        && !first.text.starts_with("not")
    {
        return Statement::Excludes(positive(elements.get(at.unwrap_or(0) + 1..).unwrap_or_default(), context));
    }
    let body = match find(elements, Cue::If).filter(|at| *at > 0) {
        Some(at) => Requirement::all(vec![
            positive(part(elements, 0, at), context),
            positive(part(elements, at + 1, elements.len()), context),
        ]),
        None => positive(elements, context),
    };
    Statement::Excludes(body)
}

/// Adds an exception to what an exclusion names, where both speak of the same thing.
fn with_exception(excluded: Requirement, exception: &Requirement) -> Requirement {
    match excluded {
        Requirement::Any(members) => {
            Requirement::Any(members.into_iter().map(|m| with_exception(m, exception)).collect())
        }
        other if related(&other, exception) => Requirement::all(vec![other, exception.clone().negated()]),
        other => other,
    }
}

/// Whether two requirements speak of the same thing.
fn related(a: &Requirement, b: &Requirement) -> bool {
    subjects(a).iter().any(|x| subjects(b).iter().any(|y| same_subject(x, y)))
}

fn subjects(requirement: &Requirement) -> Vec<Atom> {
    let mut out = Vec::new();
    requirement.visit(&mut |r| {
        if let Requirement::Atom(atom) = r {
            out.push(atom.clone());
        }
    });
    out
}

fn same_subject(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::CentralNervousSystem(_) | Atom::Site(_), Atom::CentralNervousSystem(_) | Atom::Site(_)) => true,
        (Atom::Measurable(_), Atom::Measurable(_) | Atom::Site(_)) => true,
        (Atom::Condition(x), Atom::Condition(y)) => same_disease(&x.what, &y.what),
        (Atom::Therapy(x), Atom::Therapy(y)) => x.same_subject(y),
        (Atom::Medication(_), Atom::Medication(_)) => true,
        _ => false,
    }
}

/// Whether two conditions are the same or one is a kind of the other.
fn same_disease(a: &What, b: &What) -> bool {
    match (a, b) {
        (What::Row(a), What::Row(b)) => {
            conditions::is_a(*a as usize, *b as usize) || conditions::is_a(*b as usize, *a as usize)
        }
        (a, b) => a == b,
    }
}
