//! Exceptions inside a clause: "another malignancy, except basal cell carcinoma, within 5 years".

use crate::criteria::atom::Atom;
use crate::criteria::conditions;
use crate::criteria::context::Context;
use crate::criteria::reader::coordination::{self, outside};
use crate::criteria::reader::dispatch::Reading;
use crate::criteria::reader::simplify::closing;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::span_of;
use crate::grammar::windows::time_unit;
use crate::lexicon::cancers;
use crate::lexicon::concepts::Concept;

/// Reads a clause that names an exception: what it is taken from, and what is taken out. `None` where there is none, or
/// where it is not of a kind that can be taken out of the other.
pub fn read(elements: &[Element], context: &Context<'_>, depth: usize) -> Option<Reading> {
    let (base, inside) = cut(elements)?;
    let excluded = coordination::read_depth(coordination::trim(&base), context, depth + 1);
    if !excluded.claimed || excluded.unread > 0 || !narrows(&excluded.requirement) {
        return None;
    }
    if is_under_study(&inside) {
        return Some(excluded);
    }
    let mut taken = coordination::read_depth(coordination::trim(&inside), context, depth + 1);
    // "Brain metastases, except those that are treated and stable": the metastases are named once.
    let sites: Vec<Element> =
        base.iter().filter(|e| matches!(e.sense, Sense::Concept(Concept::Site(_)))).cloned().collect();
    if (!taken.claimed || taken.unread > 0) && !sites.is_empty() && only_central(&excluded.requirement) {
        let lesions: Vec<Element> = base.iter().find(|e| e.is(Cue::MetastaticDisease)).cloned().into_iter().collect();
        let named: Vec<Element> = sites.into_iter().take(1).chain(lesions).chain(inside.iter().cloned()).collect();
        let again = coordination::read_depth(coordination::trim(&named), context, depth + 1);
        if again.claimed && again.unread == 0 {
            taken = again;
        }
    }
    if taken.claimed && taken.unread == 0 {
        if let Some(requirement) = conditions::except(excluded.requirement.clone(), &taken.requirement) {
            return Some(Reading { requirement, unread: 0, claimed: true });
        }
        if same_family(&excluded.requirement, &taken.requirement) {
            let requirement = Requirement::all(vec![excluded.requirement, taken.requirement.negated()]);
            return Some(Reading { requirement, unread: 0, claimed: true });
        }
    }
    // Of a list of exceptions those that are read are taken out each on its own terms; the others stay open.
    if let Requirement::Any(members) = &taken.requirement {
        let (read, open): (Vec<&Requirement>, Vec<&Requirement>) = members.iter().partition(|m| !m.has_unread());
        let words = inside.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ");
        if !read.is_empty()
            && !open.is_empty()
            && let Some(narrowed) =
                conditions::except(excluded.requirement.clone(), &Requirement::any(read.into_iter().cloned().collect()))
            && let Some(requirement) = conditions::except_words(narrowed, &words)
        {
            return Some(Reading { requirement, unread: 0, claimed: true });
        }
    }
    // What is not excluded at all needs no exception: only whoever has one of the diseases may be excepted.
    let words = inside.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(requirement) = conditions::except_words(excluded.requirement.clone(), &words) {
        return Some(Reading { requirement, unread: 0, claimed: true });
    }
    if context.section != Section::Exclusion {
        return None;
    }
    if only_central(&excluded.requirement) && inside.len() <= 12 && !inside.iter().any(|e| e.is(Cue::Not)) {
        let case = crate::criteria::open_fact::named(&format!("exception: {words}"));
        let requirement = Requirement::all(vec![excluded.requirement, case.negated()]);
        return Some(Reading { requirement, unread: 0, claimed: true });
    }
    let unread = Requirement::Unread(span_of(&inside));
    let requirement = Requirement::all(vec![excluded.requirement, unread.negated()]);
    Some(Reading { requirement, unread: taken.unread.max(1), claimed: true })
}

/// Cuts a clause at its exception, in brackets or behind it. An interval behind the exception belongs to the whole.
fn cut(elements: &[Element]) -> Option<(Vec<Element>, Vec<Element>)> {
    let at = elements.iter().position(|e| e.is(Cue::Except)).filter(|at| *at > 0)?;
    let open = (0..at).rev().find(|open| {
        elements.get(*open).is_some_and(|e| e.is_char('(') || e.is_char('[')) && closing(elements, *open) > at
    });
    if let Some(open) = open {
        // Only where the bracket holds nothing but the exception.
        let close = closing(elements, open);
        if (open + 1..at).any(|i| elements.get(i).is_some_and(|e| !e.is(Cue::Filler))) {
            return None;
        }
        let mut base = elements.get(..open)?.to_vec();
        base.extend(elements.get(close + 1..).unwrap_or_default().iter().cloned());
        return Some((base, elements.get(at + 1..close)?.to_vec()));
    }
    let mut base = elements.get(..at)?.to_vec();
    let mut inside = elements.get(at + 1..)?.to_vec();
    let timed = base.iter().any(|e| time_unit(e).is_some());
    let comma = outside(&inside)
        .filter(|(i, e)| e.is_char(',') && inside.get(i + 1).is_some_and(opens_interval))
        .map(|(i, _)| i)
        .last();
    if let Some(comma) = comma.filter(|_| !timed)
        && !inside.iter().skip(comma).any(|e| matches!(e.sense, Sense::Concept(_)))
    {
        base.extend(inside.split_off(comma).into_iter().skip(1));
    }
    // "A second cancer other than basal cell carcinoma within the past 2 years": the interval is that of the cancer, unless
    // it says when the exception was treated.
    let within = outside(&inside).filter(|(_, e)| e.is(Cue::Within)).map(|(i, _)| i).last();
    let last = within.filter(|at| {
        !base.iter().any(|e| time_unit(e).is_some())
            && at.checked_sub(1).and_then(|before| inside.get(before)).is_some_and(|e| {
                !e.text.ends_with("ed") && !e.is(Cue::TreatedLesion) && !e.is(Cue::Received) && !e.is(Cue::Requiring)
            })
            && !inside.iter().skip(*at).any(|e| matches!(e.sense, Sense::Concept(_)) || e.is(Cue::Or))
            && inside.iter().skip(*at).any(|e| time_unit(e).is_some())
    });
    if let Some(at) = last {
        base.extend(inside.split_off(at));
    }
    Some((base, inside))
}

/// "Other than the disease under treatment in this study" takes nothing out that is a condition besides it.
fn is_under_study(inside: &[Element]) -> bool {
    let says = |words: &[&str]| inside.iter().any(|e| words.iter().any(|w| e.text.split(' ').any(|part| part == *w)));
    // "Adequately treated basal cell skin cancer" is another tumour.
    let other = |e: &Element| match e.sense {
        Sense::Concept(Concept::Condition(_)) => true,
        Sense::Concept(Concept::Cancer(row)) => {
            cancers::all().get(usize::from(row)).is_none_or(|c| !c.breast && !c.covers_breast)
        }
        _ => ["situ", "basal", "skin", "squamous", "cervi", "lobular", "intraepithelial"]
            .iter()
            .any(|w| e.text.contains(w)),
    };
    !inside.iter().any(other)
        && says(&["study", "trial", "treated", "investigation", "current", "present", "index", "indicated"])
        && says(&["disease", "cancer", "malignancy", "one", "tumor", "that", "diagnosis", "indication"])
        && !says(&["protocol"])
        && inside.len() <= 14
}

fn opens_interval(element: &Element) -> bool {
    element.is(Cue::Within)
}

/// Whether a requirement is of a kind from which something can be taken out.
fn narrows(requirement: &Requirement) -> bool {
    let mut all = true;
    let mut any = false;
    requirement.visit(&mut |r| match r {
        Requirement::Atom(Atom::Condition(_) | Atom::CentralNervousSystem(_) | Atom::Medication(_)) => any = true,
        Requirement::Atom(_) | Requirement::Unread(_) | Requirement::Partly(..) => all = false,
        _ => {}
    });
    any && all
}

/// Whether a requirement speaks of metastases of the central nervous system alone.
fn only_central(requirement: &Requirement) -> bool {
    same_family(requirement, requirement)
        && matches!(
            requirement,
            Requirement::Atom(Atom::CentralNervousSystem(_)) | Requirement::Any(_) | Requirement::All(_)
        )
}

/// Whether both speak of tumour of the central nervous system, or both of medicines.
fn same_family(excluded: &Requirement, taken: &Requirement) -> bool {
    let kinds = |requirement: &Requirement| {
        let mut kinds = Vec::new();
        requirement.visit(&mut |r| {
            if let Requirement::Atom(atom) = r {
                kinds.push(atom.kind());
            }
        });
        kinds
    };
    let (excluded, taken) = (kinds(excluded), kinds(taken));
    excluded.iter().chain(&taken).all(|kind| *kind == "CentralNervousSystem")
        || excluded.iter().chain(&taken).all(|kind| *kind == "Medication")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::context::Definitions;
    use crate::grammar::elements;

    fn check(text: &str, expected: &str) {
        let definitions = Definitions::default();
        let context = Context { section: Section::Exclusion, interventions: &[], definitions: &definitions };
        let reading = coordination::read(&elements::read(text), &context);
        assert_eq!(reading.requirement.say(), expected, "{text}");
    }

    #[test]
    fn takes_exceptions_out() {
        check(
            "another malignancy except basal cell carcinoma of the skin",
            "the patient has other malignancy, except basal cell carcinoma of skin",
        );
        check(
            "another malignancy within 5 years, except melanoma in situ of frobnication",
            "the patient has other malignancy within 5 years, except melanoma in situ frobnication",
        );
        check("autoimmune disease (except vitiligo)", "the patient has autoimmune disease, except vitiligo");
        check("another malignancy other than the disease under study", "the patient has other malignancy");
        check("liver disease other than liver metastases", "the patient has liver disease");
    }
}
