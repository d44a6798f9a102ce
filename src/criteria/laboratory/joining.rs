//! From items to a requirement: several tests under one limit, limits under conditions, lists of bounds.

use super::items::{Clause, Item, bounds_of};
use super::{Bound, Limit, limits, row_of};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::Comparison;

/// What joins an item to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// A comma, or nothing.
    List,
    /// "and".
    And,
    /// "or".
    Or,
}

/// The requirement of one item; `branch` where it is one side of an "or" (convention 28).
pub(super) fn item(item: &Item, section: Section, branch: bool) -> Requirement {
    let members: Vec<Requirement> =
        (0..item.subject.labs.len()).map(|index| one(&item.clauses, index, section, branch)).collect();
    if item.subject.either || section == Section::Exclusion {
        Requirement::any(members)
    } else {
        Requirement::all(members)
    }
}

fn one(clauses: &[Clause], index: usize, section: Section, branch: bool) -> Requirement {
    let exempt = |c: &&Clause| c.bounds.iter().all(Vec::is_empty);
    let bounding: Vec<Clause> = clauses.iter().filter(|c| !exempt(c)).cloned().collect();
    if bounding.len() < clauses.len() {
        let bounded = one(&bounding, index, section, branch);
        let exempted: Vec<Requirement> = clauses.iter().filter(exempt).filter_map(|c| c.guard.clone()).collect();
        if let [one] = exempted.as_slice()
            && let Some(whom) = handed_over(one)
        {
            // Under the medicine a person decides, without it the limit does.
            return match section {
                Section::Inclusion => Requirement::all(vec![
                    Requirement::when(whom.clone(), Requirement::Confirm),
                    Requirement::any(vec![whom, bounded]),
                ]),
                Section::Exclusion => Requirement::any(vec![
                    Requirement::all(vec![whom.clone().negated(), bounded]),
                    Requirement::all(vec![whom, Requirement::Confirm]),
                ]),
            };
        }
        let exempted = exempted.into_iter();
        return match section {
            Section::Inclusion => Requirement::any(std::iter::once(bounded).chain(exempted).collect()),
            Section::Exclusion => {
                Requirement::all(std::iter::once(bounded).chain(exempted.map(Requirement::negated)).collect())
            }
        };
    }
    let of = |clause: &Clause| clause.bounds.get(index).cloned().unwrap_or_default();
    let base: Vec<Bound> = clauses.iter().filter(|c| c.guard.is_none() && !c.either).flat_map(&of).collect();
    let either: Vec<Requirement> = clauses.iter().filter(|c| c.either).map(|c| bounds_of(of(c), section)).collect();
    let with_either =
        |base: Vec<Bound>| Requirement::any(std::iter::once(bounds_of(base, section)).chain(either.clone()).collect());
    let guarded: Vec<(Requirement, Vec<Bound>)> =
        clauses.iter().filter_map(|c| c.guard.clone().map(|guard| (guard, of(c)))).collect();
    if guarded.is_empty() {
        return with_either(base);
    }
    if base.is_empty() {
        let exclusion = section == Section::Exclusion;
        let members = guarded
            .into_iter()
            .map(|(guard, bounds)| {
                let then = bounds_of(bounds, section);
                if exclusion || branch { Requirement::all(vec![guard, then]) } else { Requirement::when(guard, then) }
            })
            .collect();
        return if exclusion { Requirement::any(members) } else { Requirement::all(members) };
    }
    // "> 1.5 x ULN (patients with Gilbert's syndrome with ≤ 2.0 x ULN are permitted)": an exception in its own direction.
    let permitted = |bounds: &[Bound]| {
        let upward = |b: Option<&Bound>| b.filter(|b| b.limit != Limit::Normal).map(|b| limits::upward(b.comparison));
        let (of_base, own) = (upward(base.first()), upward(bounds.first()));
        of_base.is_some() && own.is_some() && of_base != own
    };
    if section == Section::Exclusion && guarded.iter().all(|(_, bounds)| permitted(bounds)) {
        let exceptions = guarded
            .into_iter()
            .map(|(guard, b)| Requirement::all(vec![guard, bounds_of(b, Section::Inclusion)]).negated());
        return Requirement::all(std::iter::once(with_either(base)).chain(exceptions).collect());
    }
    let looser = guarded.iter().all(|(_, bounds)| implies(&base, bounds));
    let stricter = guarded.iter().all(|(_, bounds)| implies(bounds, &base));
    let base = with_either(base);
    if looser || !stricter && section == Section::Inclusion {
        let others = guarded.into_iter().map(|(guard, b)| Requirement::all(vec![guard, bounds_of(b, section)]));
        Requirement::any(std::iter::once(base).chain(others).collect())
    } else {
        let others =
            guarded.into_iter().map(|(guard, b)| Requirement::any(vec![guard.negated(), bounds_of(b, section)]));
        Requirement::all(std::iter::once(base).chain(others).collect())
    }
}

/// Of an exemption that a person decides on, whom it is for.
fn handed_over(exemption: &Requirement) -> Option<Requirement> {
    let Requirement::All(members) = exemption else { return None };
    let (last, rest) = members.split_last()?;
    (*last == Requirement::Confirm).then(|| Requirement::all(rest.to_vec()))
}

/// Whether whoever meets `left` meets `right`; only where both are single figures of one sort.
fn implies(left: &[Bound], right: &[Bound]) -> bool {
    let ([left], [right]) = (left, right) else { return false };
    let (l, r) = match (left.limit, right.limit) {
        (Limit::Absolute(l), Limit::Absolute(r))
        | (Limit::TimesUln(l), Limit::TimesUln(r))
        | (Limit::TimesLln(l), Limit::TimesLln(r)) => (l, r),
        _ => return false,
    };
    let strict = |c: Comparison| matches!(c, Comparison::Less | Comparison::Greater);
    if limits::upward(left.comparison) != limits::upward(right.comparison) {
        return false;
    }
    if l == r {
        return strict(left.comparison) || !strict(right.comparison);
    }
    if limits::upward(left.comparison) { l > r } else { l < r }
}

/// The requirement of a list of items.
pub(super) fn list(items: &[Item], joints: &[Joint], section: Section) -> Requirement {
    let or_anywhere = joints.contains(&Joint::Or);
    let members: Vec<Requirement> = items
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let branch = index > 0 && joints.get(index - 1) == Some(&Joint::Or);
            let built = item(one, section, branch);
            match (branch, index.checked_sub(1).and_then(|before| items.get(before))) {
                (true, Some(before)) => without_complement(built, &item(before, section, false)),
                _ => built,
            }
        })
        .collect();
    let exclusion = section == Section::Exclusion;
    if !or_anywhere {
        let literal_and = members.len() == 2 && joints == [Joint::And];
        return if exclusion && !literal_and { Requirement::any(members) } else { Requirement::all(members) };
    }
    let tight = |joint: Joint| if exclusion { joint == Joint::And } else { joint == Joint::Or };
    // "A ≤ 1, B ≤ 2 or C ≤ 3": one of them, unless the last two are two ways to say one function.
    let plain_list = joints.len() > 1
        && joints.last() == Some(&Joint::Or)
        && joints.iter().rev().skip(1).all(|joint| *joint == Joint::List)
        && !alternatives(items);
    if plain_list && !exclusion {
        return Requirement::any(members);
    }
    let mut groups: Vec<Vec<Requirement>> = Vec::new();
    for (index, member) in members.into_iter().enumerate() {
        let joins = index > 0 && joints.get(index - 1).is_some_and(|joint| tight(*joint));
        match groups.last_mut() {
            Some(group) if joins => group.push(member),
            _ => groups.push(vec![member]),
        }
    }
    if exclusion {
        Requirement::any(groups.into_iter().map(Requirement::all).collect())
    } else {
        Requirement::all(groups.into_iter().map(Requirement::any).collect())
    }
}

/// Whether the last two items measure the same function: creatinine or its clearance, total or direct bilirubin.
fn alternatives(items: &[Item]) -> bool {
    let families: [&[&str]; 3] = [
        &["creatinine", "creatinine clearance", "estimated glomerular filtration rate"],
        &["total bilirubin", "direct bilirubin"],
        &["international normalized ratio", "prothrombin time", "prothrombin activity"],
    ];
    let [.., before, last] = items else { return false };
    let member = |lab: &u16, family: &[&str]| family.iter().any(|id| row_of(id) == Some(*lab));
    families.iter().any(|family| before.subject.labs.iter().chain(&last.subject.labs).all(|lab| member(lab, family)))
}

/// "A ≤ 1.5 x ULN, or B ≥ 60 for patients with A > 1.5 x ULN": the condition only says that the first side failed.
fn without_complement(built: Requirement, before: &Requirement) -> Requirement {
    let Requirement::All(members) = &built else { return built };
    let Requirement::Atom(Atom::Laboratory(first)) = before else { return built };
    let kept: Vec<Requirement> = members
        .iter()
        .filter(|member| match member {
            Requirement::Atom(Atom::Laboratory(bound)) => {
                !(bound.lab == first.lab
                    && bound.limit == first.limit
                    && limits::upward(bound.comparison) != limits::upward(first.comparison))
            }
            _ => true,
        })
        .cloned()
        .collect();
    if kept.is_empty() { built } else { Requirement::all(kept) }
}
