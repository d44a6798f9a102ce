//! Whether two requirements speak of the same thing, and exceptions from one by the other.

use crate::criteria::atom::Atom;
use crate::criteria::conditions::{self as diseases, What};
use crate::criteria::reader::statements::Statement;
use crate::criteria::requirement::Requirement;
use crate::lexicon::conditions;

/// Adds an exception to what an exclusion names, where both speak of the same thing.
pub(super) fn with_exception(excluded: Requirement, exception: &Requirement) -> Requirement {
    match excluded {
        Requirement::Any(members) => {
            Requirement::Any(members.into_iter().map(|m| with_exception(m, exception)).collect())
        }
        other if takes_out(&other, exception) => {
            let narrowed = matches!(other, Requirement::Atom(Atom::Condition(_)))
                .then(|| diseases::except(other.clone(), exception))
                .flatten();
            narrowed.unwrap_or_else(|| Requirement::all(vec![other, exception.clone().negated()]))
        }
        other => other,
    }
}

/// Whether an exception speaks of what is excluded. What was given for early disease takes nothing out of what was given
/// for advanced disease.
pub(super) fn takes_out(excluded: &Requirement, exception: &Requirement) -> bool {
    let apart = |x: &Atom, y: &Atom| matches!((x, y), (Atom::Therapy(x), Atom::Therapy(y)) if x.is_apart(y));
    subjects(excluded).iter().any(|x| subjects(exception).iter().any(|y| same_subject(x, y) && !apart(x, y)))
}

/// Whether two requirements speak of the same thing.
pub(super) fn related(a: &Requirement, b: &Requirement) -> bool {
    subjects(a).iter().any(|x| subjects(b).iter().any(|y| same_subject(x, y)))
}

pub(super) fn subjects(requirement: &Requirement) -> Vec<Atom> {
    let mut out = Vec::new();
    requirement.visit(&mut |r| {
        if let Requirement::Atom(atom) = r {
            out.push(atom.clone());
        }
    });
    out
}

pub(super) fn same_subject(a: &Atom, b: &Atom) -> bool {
    match (a, b) {
        (Atom::CentralNervousSystem(_) | Atom::Site(_), Atom::CentralNervousSystem(_) | Atom::Site(_)) => true,
        (Atom::Measurable(_), Atom::Measurable(_) | Atom::Site(_)) => true,
        (Atom::Condition(x), Atom::Condition(y)) => same_disease(&x.what, &y.what),
        (Atom::Therapy(x), Atom::Therapy(y)) => x.same_subject(y),
        (Atom::Medication(_), Atom::Medication(_)) | (Atom::Menopause(_), Atom::Menopause(_)) => true,
        _ => false,
    }
}

/// Whether a demand goes on with those whom the sentence before names: "Patients with HIV are eligible if the CD4 count is
/// at least 350. The viral load must be undetectable."
pub(super) fn goes_with(who: &Requirement, statement: &Statement) -> bool {
    let Statement::Requires(asked) = statement else { return false };
    let asked = subjects(asked);
    let who = subjects(who);
    let virus = |name: &str| {
        let row = conditions::by_name(name);
        who.iter()
            .any(|atom| matches!(atom, Atom::Condition(c) if matches!(c.what, What::Row(r) if row == Some(r as usize))))
    };
    let viral = virus("HIV infection") || virus("hepatitis B") || virus("hepatitis C");
    let of_virus = |atom: &Atom| match atom {
        Atom::Condition(_) => who.iter().any(|w| same_subject(w, atom)),
        Atom::Medication(_) | Atom::Open(_) => atom.say(true).to_lowercase().contains("viral"),
        Atom::Laboratory(_) => atom.say(true).to_lowercase().contains("cd4"),
        _ => false,
    };
    viral && !asked.is_empty() && asked.iter().all(of_virus)
}

/// Whether two conditions are the same or one is a kind of the other.
pub(super) fn same_disease(a: &What, b: &What) -> bool {
    match (a, b) {
        (What::Row(a), What::Row(b)) => {
            conditions::is_a(*a as usize, *b as usize) || conditions::is_a(*b as usize, *a as usize)
        }
        (a, b) => a == b,
    }
}
