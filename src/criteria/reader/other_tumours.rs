//! Items of a trial for breast cancer that name another tumour alone: one branch of a basket whose other branches stand
//! elsewhere in the text.

use crate::criteria::atom::Atom;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::requirement::{Reading, Requirement, Section};
use crate::lexicon::cancers;

/// A trial that the registry files under breast cancer does not ask every patient for another tumour: such an item of no
/// cohort is read in part at best, so that it keeps nobody out.
/// `filed` are its title and the names of its conditions.
pub(super) fn hold_back<'a>(mut filed: impl Iterator<Item = &'a String>, reading: &mut Reading) {
    if !filed.any(|words| names_breast(words)) {
        return;
    }
    for criterion in &mut reading.criteria {
        let Some(span) = criterion.span else { continue };
        if criterion.section == Section::Inclusion
            && criterion.cohort.is_none()
            && demands_other(&criterion.requirement)
        {
            let read = std::mem::replace(&mut criterion.requirement, Requirement::Nothing);
            criterion.requirement = Requirement::Partly(Box::new(read), vec![span]);
        }
    }
}

/// Whether the words of a title, or the name of a condition, name breast cancer.
fn names_breast(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["breast", "mammary", "tnbc"].iter().any(|name| lower.contains(name))
}

/// Whether a requirement holds for patients with another tumour alone.
fn demands_other(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(rows))) => {
            let other =
                |row: &u16| cancers::all().get(usize::from(*row)).is_some_and(|c| !c.breast && !c.covers_breast);
            !rows.is_empty() && rows.iter().all(other)
        }
        Requirement::All(members) => members.iter().any(demands_other),
        Requirement::Any(members) => !members.is_empty() && members.iter().all(demands_other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::hold_back;
    use crate::criteria::reader::read_sentence;
    use crate::criteria::requirement::{Criterion, Reading, Section};
    use crate::trial::Span;

    fn said(condition: &str, cohort: Option<&str>) -> String {
        let criterion = Criterion {
            section: Section::Inclusion,
            span: Some(Span { start: 0, end: 9 }),
            field: None,
            cohort: cohort.map(str::to_owned),
            requirement: read_sentence("Recurrent glioblastoma", Section::Inclusion),
            notes: Vec::new(),
        };
        let mut reading = Reading { criteria: vec![criterion], ..Reading::default() };
        hold_back([condition.to_owned()].iter(), &mut reading);
        reading.criteria.iter().map(|c| c.requirement.say()).collect()
    }

    #[test]
    fn a_trial_for_breast_cancer_asks_for_no_other_tumour() {
        assert!(said("Breast Neoplasms", None).contains("read in part"));
        assert!(!said("Breast Neoplasms", Some("Cohort 2")).contains("read in part"));
        assert!(!said("Glioblastoma", None).contains("read in part"));
    }
}
