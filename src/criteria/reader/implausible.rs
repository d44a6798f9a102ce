//! What no trial for breast cancer asks: where a reading says so, a word was lost or a sign turned.

use crate::criteria::atom::Atom;
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::{age, laboratory};
use crate::lexicon::cancers;

/// How many elements an item has at least of which a word can have been lost: a short one says what it says.
const LONG: usize = 9;

/// Whether a requirement, true where the patient may enter, asks for what no trial for breast cancer asks: a second
/// tumour ("other solid tumours with ..." names one of its own), a low haemoglobin, to be over 40 and under 40 at once;
/// or, in an exclusion of some length, keeps breast cancer itself out. `elements` is how many the item has.
pub(super) fn is_implausible(requirement: &Requirement, section: Section, elements: usize) -> bool {
    let inclusion = section == Section::Inclusion;
    demands_another_tumour(requirement)
        || age::contradicts(requirement)
        || inclusion && laboratory::demands_the_abnormal(requirement)
        || !inclusion && elements >= LONG && keeps_breast_cancer_out(requirement)
}

/// Whether the very cancer under study would keep out.
fn keeps_breast_cancer_out(requirement: &Requirement) -> bool {
    let breast = |row: &u16| cancers::all().get(usize::from(*row)).is_some_and(|cancer| cancer.id == "breast cancer");
    match requirement {
        Requirement::Not(inner) => {
            matches!(&**inner, Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(rows))) if rows.iter().any(breast))
        }
        _ => false,
    }
}

/// Whether a malignancy other than the cancer under study is asked for.
fn demands_another_tumour(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Atom(Atom::Condition(condition)) => condition.is_other_malignancy(),
        Requirement::All(members) => members.iter().any(demands_another_tumour),
        _ => false,
    }
}
