//! What one result asks, and how several are joined.

use super::run::Segment;
use super::signs::{Link, Name, Sign, State, Unit};
use super::{Test, Which, atom, compared};
use crate::criteria::context::Context;
use crate::criteria::her2;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::Comparison;

/// The upper end of "low" hormone receptor expression (ASCO/CAP 2020: 1 to 10 %).
const LOW_UP_TO: f64 = 10.0;

fn is_hormone(name: Name) -> bool {
    matches!(name, Name::Er | Name::Pr | Name::Hr | Name::Luminal)
}

fn which(name: Name) -> Option<Which> {
    Some(match name {
        Name::Er => Which::Er,
        Name::Pr => Which::Pr,
        Name::Hr | Name::Luminal => Which::HormoneReceptor,
        Name::Ar => Which::Ar,
        Name::Ki67 => Which::Ki67,
        Name::PdL1 => Which::PdL1,
        Name::Cps => Which::PdL1Cps,
        Name::Tps => Which::PdL1Tps,
        Name::Ic => Which::PdL1Ic,
        Name::Her2 | Name::TripleNegative => return None,
    })
}

fn cutoff(name: Name, context: &Context<'_>) -> f64 {
    match context.definitions.hormone_receptor_cutoff {
        Some(percent) if matches!(name, Name::Er | Name::Pr | Name::Hr | Name::Luminal) => f64::from(percent),
        _ => 1.0,
    }
}

/// What a segment asks; `None` where it states no result.
pub(super) fn item(segment: &Segment, context: &Context<'_>) -> Option<Requirement> {
    let mut names = segment.names.clone();
    // "hormone receptor (ER and/or PR) positive", "PD-L1 (CPS) >= 10": the narrower name counts.
    if names.iter().any(|(n, _)| matches!(n, Name::Er | Name::Pr)) {
        names.retain(|(n, _)| *n != Name::Hr);
    }
    if names.iter().any(|(n, _)| matches!(n, Name::Cps | Name::Tps | Name::Ic)) {
        names.retain(|(n, _)| *n != Name::PdL1);
    }
    names.dedup_by_key(|(n, _)| *n);
    let mut members = Vec::new();
    for (name, _) in &names {
        members.push(single(*name, &segment.signs, context)?);
    }
    let links: Vec<Link> = names.iter().skip(1).filter_map(|(_, link)| *link).collect();
    let or = links.iter().any(|l| matches!(l, Link::Or | Link::AndOr));
    let slash = links.contains(&Link::Slash) && names.iter().all(|(n, _)| is_hormone(*n));
    let positive = !super::run::has_state(&segment.signs, State::Negative) && upward(&members);
    let any = or || slash && positive;
    Some(canonical(if any { Requirement::any(members) } else { Requirement::all(members) }))
}

fn upward(members: &[Requirement]) -> bool {
    !members.iter().any(|m| match m {
        Requirement::Atom(crate::criteria::atom::Atom::Receptor(r)) => {
            matches!(r.test, Test::Compared(Comparison::Less | Comparison::LessEqual, _))
        }
        _ => false,
    })
}

/// ER or PR positive is hormone receptor positive; ER and PR negative is hormone receptor negative.
fn canonical(requirement: Requirement) -> Requirement {
    use crate::criteria::atom::Atom;
    let (members, any) = match &requirement {
        Requirement::Any(members) => (members, true),
        Requirement::All(members) => (members, false),
        _ => return requirement,
    };
    let [Requirement::Atom(Atom::Receptor(er)), Requirement::Atom(Atom::Receptor(pr))] = members.as_slice() else {
        return requirement;
    };
    let pair = matches!((er.which, pr.which), (Which::Er, Which::Pr) | (Which::Pr, Which::Er));
    let Test::Compared(comparison, value) = er.test else { return requirement };
    let down = matches!(comparison, Comparison::Less | Comparison::LessEqual);
    if pair && er.test == pr.test && down != any && comparison != Comparison::Equal {
        compared(Which::HormoneReceptor, comparison, value.value())
    } else {
        requirement
    }
}

fn single(name: Name, signs: &[Sign], context: &Context<'_>) -> Option<Requirement> {
    match name {
        Name::Her2 => her2::written::read(signs).map(her2::requirement),
        Name::TripleNegative => Some(triple_negative(cutoff(Name::Er, context))),
        Name::Luminal => Some(compared(Which::HormoneReceptor, Comparison::GreaterEqual, cutoff(name, context))),
        _ => results(name, signs, context),
    }
}

fn triple_negative(cutoff: f64) -> Requirement {
    Requirement::all(vec![
        compared(Which::Er, Comparison::Less, cutoff),
        compared(Which::Pr, Comparison::Less, cutoff),
        her2::requirement(her2::NEGATIVE),
    ])
}

/// "positive", "positive (>= 10 %)", "negative or low": alternatives, each a state with its bounds.
fn results(name: Name, signs: &[Sign], context: &Context<'_>) -> Option<Requirement> {
    let mut alternatives: Vec<Vec<Sign>> = vec![Vec::new()];
    for (at, sign) in signs.iter().enumerate() {
        let splits = match sign {
            Sign::Link(Link::Or | Link::AndOr) => true,
            Sign::Link(Link::Slash | Link::Comma) => matches!(signs.get(at + 1), Some(Sign::State(_))),
            _ => false,
        };
        if splits {
            alternatives.push(Vec::new());
        } else if let Some(last) = alternatives.last_mut() {
            last.push(*sign);
        }
    }
    let read: Vec<Requirement> = alternatives.iter().filter_map(|signs| result(name, signs, context)).collect();
    if !read.is_empty() {
        return Some(Requirement::any(read));
    }
    let which = which(name)?;
    if signs.contains(&Sign::Percentage) {
        Some(atom(which, Test::PercentStated))
    } else if signs.contains(&Sign::Known) && signs.contains(&Sign::Status) {
        Some(atom(which, Test::Known))
    } else {
        None
    }
}

fn result(name: Name, signs: &[Sign], context: &Context<'_>) -> Option<Requirement> {
    if signs.contains(&Sign::Percentage) {
        return None;
    }
    let which = which(name)?;
    let has = |state: State| signs.contains(&Sign::State(state));
    let negative = has(State::Negative);
    let low = has(State::Low);
    let positive = !negative && !low && (has(State::Positive) || has(State::Expressed));
    let mut bounds = Vec::new();
    for sign in signs {
        match *sign {
            Sign::Bound(Comparison::Equal, n, _) if positive => bounds.push((Comparison::GreaterEqual, n)),
            Sign::Bound(Comparison::Equal, n, _) if negative => bounds.push((Comparison::Less, n)),
            Sign::Bound(comparison, n, unit) if unit == Unit::Percent || name == Name::Cps => {
                bounds.push((comparison, n))
            }
            Sign::Range(low, high) => bounds.extend([(Comparison::GreaterEqual, low), (Comparison::LessEqual, high)]),
            _ => {}
        }
    }
    let down = |c: Comparison| matches!(c, Comparison::Less | Comparison::LessEqual);
    let cutoff = cutoff(name, context);
    let scored = matches!(name, Name::Ki67);
    if negative {
        if bounds.is_empty() {
            bounds.push((Comparison::Less, cutoff));
        }
        // "negative (>= 1 % being positive)" states the cut-off from the other side.
        for (comparison, _) in &mut bounds {
            if !down(*comparison) {
                *comparison = comparison.opposite().unwrap_or(*comparison);
            }
        }
    } else if low {
        if bounds.is_empty() {
            bounds.extend([(Comparison::GreaterEqual, 1.0), (Comparison::LessEqual, LOW_UP_TO)]);
        }
    } else if positive && !scored && bounds.iter().all(|(c, n)| down(*c) && *n > 1.0) {
        bounds.insert(0, (Comparison::GreaterEqual, cutoff));
    }
    if bounds.is_empty() {
        return None;
    }
    Some(Requirement::all(bounds.into_iter().map(|(c, n)| compared(which, c, n)).collect()))
}

/// Whether what a segment names is said by another segment already, so that it may define it.
pub(super) fn covers(head: &Segment, definition: &Segment) -> bool {
    definition.only(|name| head.names.iter().any(|(h, _)| covers_name(*h, name)))
}

fn covers_name(head: Name, name: Name) -> bool {
    head == name
        || match head {
            Name::Hr | Name::Luminal => is_hormone(name),
            Name::TripleNegative => is_hormone(name) || name == Name::Her2,
            Name::PdL1 => matches!(name, Name::Cps | Name::Tps | Name::Ic),
            _ => false,
        }
}

/// A joined part of the run.
struct Part {
    requirement: Requirement,
    names: Vec<Name>,
    link: Option<Link>,
    positive: bool,
}

/// Joins the results of a run.
pub(super) fn all(read: Vec<(Segment, Requirement)>, context: &Context<'_>) -> Requirement {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = read.as_slice();
    while let Some(((head, requirement), after)) = rest.split_first() {
        let in_brackets = after.first().is_some_and(|(s, _)| s.depth > head.depth);
        let defines = after.first().is_some_and(|(s, _)| s.defines);
        let count = if defines {
            after
                .iter()
                .take_while(|(s, _)| if in_brackets { s.depth > head.depth } else { !s.apart && covers(head, s) })
                .count()
        } else {
            0
        };
        let (definition, next) = after.split_at(count);
        rest = next;
        let positive = !super::run::has_state(&head.signs, State::Negative) && !head.has(Name::TripleNegative);
        let mut names: Vec<Name> = head.names.iter().map(|(n, _)| *n).collect();
        names.sort_by_key(|n| *n as u8);
        let requirement =
            if definition.is_empty() { requirement.clone() } else { defined(head, requirement, definition, context) };
        parts.push(Part { requirement, names, link: head.link, positive });
    }
    fold(parts)
}

/// A definition replaces what it covers; what it leaves open stays; what it does not cover is a requirement beside it.
fn defined(
    head: &Segment,
    requirement: &Requirement,
    definition: &[(Segment, Requirement)],
    context: &Context<'_>,
) -> Requirement {
    let covered = definition.iter().all(|(s, _)| covers(head, s));
    let mut inner = definition.to_vec();
    if let Some((first, _)) = inner.first_mut() {
        first.link = None;
        first.defines = false;
    }
    let names: Vec<Name> = definition.iter().flat_map(|(s, _)| s.names.iter().map(|(n, _)| *n)).collect();
    let inside = all(inner, context);
    if !covered {
        return Requirement::all(vec![requirement.clone(), inside]);
    }
    let mut members = Vec::new();
    let hormone = names.iter().any(|n| is_hormone(*n));
    if head.has(Name::TripleNegative) {
        let both = names.contains(&Name::Hr) || names.contains(&Name::Er) && names.contains(&Name::Pr);
        let cutoff = cutoff(Name::Er, context);
        for (name, which) in [(Name::Er, Which::Er), (Name::Pr, Which::Pr)] {
            if !both && !names.contains(&name) {
                members.push(compared(which, Comparison::Less, cutoff));
            }
        }
        members.push(inside);
        if !names.contains(&Name::Her2) {
            members.push(her2::requirement(her2::NEGATIVE));
        }
        return Requirement::all(members);
    }
    for (name, _) in &head.names {
        let said = names.iter().any(|n| covers_name(*name, *n)) || hormone && is_hormone(*name) && *name == Name::Hr;
        if !said {
            members.extend(single(*name, &head.signs, context));
        }
    }
    members.push(inside);
    Requirement::all(members)
}

fn merge(parts: &mut Vec<Part>, joins: impl Fn(&Part, &Part) -> bool, any: bool) {
    let mut out: Vec<Part> = Vec::new();
    for part in parts.drain(..) {
        match out.last_mut() {
            Some(last) if joins(last, &part) => {
                let members = vec![last.requirement.clone(), part.requirement];
                last.requirement = canonical(if any { Requirement::any(members) } else { Requirement::all(members) });
                last.names.extend(part.names);
                last.names.sort_by_key(|n| *n as u8);
                last.names.dedup();
            }
            _ => out.push(part),
        }
    }
    *parts = out;
}

/// What binds closest comes first: "and/or" between hormone receptors, slashes, "or" between results of the same
/// receptor, "and" and commas, "or".
fn fold(mut parts: Vec<Part>) -> Requirement {
    let hormones = |p: &Part| p.names.iter().all(|n| is_hormone(*n));
    let hormonal = |p: &Part| p.names.iter().any(|n| is_hormone(*n));
    let or = |p: &Part| matches!(p.link, Some(Link::Or | Link::AndOr));
    merge(
        &mut parts,
        |a, b| b.link == Some(Link::AndOr) && hormones(a) && hormones(b) && a.positive == b.positive,
        true,
    );
    merge(&mut parts, |a, b| b.link.is_none() || b.link == Some(Link::Slash) && (a.names != b.names), false);
    merge(&mut parts, |a, b| b.link == Some(Link::Slash) && a.names == b.names, true);
    merge(&mut parts, |a, b| or(b) && (hormones(a) && hormones(b) || a.names == b.names), true);
    let listed = parts.iter().any(or);
    let subtype = |p: &Part| p.names.len() > 1 || p.names.contains(&Name::TripleNegative);
    let triple = |p: &Part| p.names.contains(&Name::TripleNegative);
    let alike: Vec<bool> = parts
        .iter()
        .enumerate()
        .map(|(i, b)| {
            let Some(a) = i.checked_sub(1).and_then(|i| parts.get(i)) else { return false };
            let list = b.link == Some(Link::Comma)
                && (listed && a.names == b.names || subtype(a) && subtype(b) && (listed || a.positive != b.positive));
            // "TNBC and HR+ disease": no tumour is both, so the text lists tumours.
            let either = triple(a) && b.positive && hormonal(b) || triple(b) && a.positive && hormonal(a);
            list || either && b.link.is_some()
        })
        .collect();
    for (part, alike) in parts.iter_mut().zip(alike) {
        if alike {
            part.link = Some(Link::Or);
        }
    }
    merge(&mut parts, |_, b| !or(b), false);
    merge(&mut parts, |_, b| or(b), true);
    let members = parts.into_iter().map(|p| p.requirement).collect();
    Requirement::all(members)
}
