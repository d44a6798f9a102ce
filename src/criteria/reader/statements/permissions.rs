//! Permissions: what they ask of whoever they name.

use crate::criteria::atom::Atom;
use crate::criteria::central_nervous_system::{CentralNervousSystem, Feature};
use crate::criteria::context::Context;
use crate::criteria::lines_of_therapy::Lines;
use crate::criteria::reader::coordination::is_head;
use crate::criteria::reader::statements::Statement;
use crate::criteria::reader::statements::clauses::{about, case, find, means, part, positive};
use crate::criteria::reader::statements::modality::ended;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::span_of;
use crate::lexicon::structure::{self, Words};

/// "X is allowed", "X is allowed if C", "may have X", "up to 2 X are allowed".
pub(super) fn permission(before: &[Element], after: &[Element], context: &Context<'_>) -> Statement {
    let condition_at = after.iter().position(|e| e.is(Cue::If));
    let (after_body, condition) = match condition_at {
        Some(at) => (part(after, 0, at), Some(part(after, at + 1, after.len()))),
        None => (after, None),
    };
    // "X, if it ended a year ago, is acceptable": the interval may stand before the verb.
    let early = find(before, Cue::If).filter(|at| {
        *at > 0
            && condition.is_none()
            && ended(part(before, 0, *at), part(before, at + 1, before.len()), context).is_some()
    });
    let (before, condition) = match early {
        Some(at) => (part(before, 0, at), Some(part(before, at + 1, before.len()))),
        None => (before, condition),
    };
    // "Likewise, the patient is allowed prior X": whom the permission addresses is not what it permits.
    let person = |e: &Element| e.text.split(' ').any(|word| structure::holds(Words::Person, word));
    let addressed =
        before.len() <= 4 && before.last().is_some_and(person) && !before.iter().any(is_head) && means(after_body);
    let body = if means(before) && !addressed { before } else { after_body };
    // A number in a permission is a cap (convention 40).
    let read = positive(body, context);
    let explicit = body.iter().any(|e| matches!(e.sense, Sense::Compare(_)) || e.is(Cue::OrMore));
    if let Some(cap) = cap(&read, explicit) {
        return Statement::Requires(cap);
    }
    // A number of lines that is not understood may be a cap as well.
    let counts = body
        .iter()
        .zip(body.iter().skip(1))
        .any(|(number, line)| matches!(number.sense, Sense::Number(_)) && (line.is(Cue::Line) || line.is(Cue::Prior)));
    if counts && body.iter().any(|e| e.is(Cue::Line)) && !body.iter().any(|e| e.is(Cue::NoLimit) || e.is(Cue::OrMore)) {
        return Statement::Requires(Requirement::Unread(span_of(body)));
    }
    // "X is allowed if it was stopped at least 28 days before": an interval since X.
    let candidate = |c: &[Element]| {
        c.iter().take(4).any(|e| e.is(Cue::Allowed) && e.text.ends_with("eligible"))
            && !c.iter().any(|e| matches!(e.sense, Sense::Number(_) | Sense::Compare(_)) || e.is(Cue::Not))
    };
    // "If otherwise eligible": the other criteria say so themselves.
    let otherwise = |c: &[Element]| candidate(c) && c.iter().any(|e| e.text.contains("otherwise"));
    let condition = condition.filter(|c| !otherwise(c)).map(|c| match ended(body, c, context) {
        Some(interval) => interval,
        // "Provided they remain eligible for X": for a person to say.
        None if candidate(c) => Requirement::Confirm,
        None if means(c) => case(about(c, body, context), c),
        None => Requirement::Confirm,
    });
    // "Requiring only hormone replacement" says which disease is meant, not that nothing else is permitted.
    let all: Vec<&Element> = before.iter().chain(after).collect();
    let limits = |at: usize| {
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|i| all.get(i));
        all.get(at).is_some_and(|e| e.text == "only") && !beside.into_iter().any(|e| e.is(Cue::Requiring))
    };
    if condition.is_none() && (0..all.len()).any(limits) {
        return Statement::Requires(Requirement::Unread(span_of(body)));
    }
    match central_feature(&read) {
        // The feature is the disease, not its treated state (convention 30).
        Some(disease) if read != disease || condition.is_some() => {
            let asked = Requirement::all([Some(read), condition].into_iter().flatten().collect());
            Statement::Permits(disease, Some(asked))
        }
        _ => Statement::Permits(read, condition),
    }
}

/// The disease of the central nervous system that a permission speaks of, without its state; `None` where it speaks of
/// something else as well, or permits one state among others.
pub(super) fn central_feature(read: &Requirement) -> Option<Requirement> {
    let mut atoms = Vec::new();
    let mut open = false;
    read.visit(&mut |r| match r {
        Requirement::Atom(Atom::CentralNervousSystem(atom)) => atoms.push(*atom),
        Requirement::Atom(_) | Requirement::Unread(_) | Requirement::Partly(..) => open = true,
        _ => {}
    });
    let first = *atoms.first().filter(|_| !open)?;
    let same = atoms.iter().all(|atom| atom.region == first.region);
    let one_state = matches!(read, Requirement::Atom(_) | Requirement::Any(_))
        && atoms.iter().any(|a| a.feature != Feature::Present);
    (same && !one_state).then_some(Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem {
        region: first.region,
        feature: Feature::Present,
    })))
}

/// What a number of lines in a permission asks: a bare number is a cap; written bounds stay, where one of them is a cap.
pub(super) fn cap(read: &Requirement, explicit: bool) -> Option<Requirement> {
    let members = match read {
        Requirement::All(members) => members.as_slice(),
        one => std::slice::from_ref(one),
    };
    let lines: Vec<&Lines> = members
        .iter()
        .filter_map(|m| if let Requirement::Atom(Atom::Lines(l)) = m { Some(l.as_ref()) } else { None })
        .collect();
    let caps = |l: &Lines| matches!(l.comparison, Comparison::Less | Comparison::LessEqual);
    if lines.is_empty() || explicit && !lines.iter().any(|l| caps(l)) {
        return None;
    }
    let bounds = lines.into_iter().map(|l| {
        let comparison = if explicit || caps(l) { l.comparison } else { Comparison::LessEqual };
        Requirement::Atom(Atom::Lines(Box::new(Lines { comparison, ..(*l).clone() })))
    });
    Some(Requirement::all(bounds.collect()))
}
