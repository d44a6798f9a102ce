//! Diagnosis: tumour type, extent, recurrence, progression (conventions 3 and 4).

mod counts;
mod exhausted;
mod modifiers;
mod reading;
mod stages;
mod tumours;

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::lexicon::cancers;
use crate::patient::profile::Extent as Stated;
use serde::{Deserialize, Serialize};

pub use reading::read;

/// A question about the cancer under study.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Diagnosis {
    /// One of these tumour types.
    Cancer(Vec<u16>),
    /// One of these extents: a set of the bits below.
    Extent(u8),
    /// Came back after treatment for early disease.
    Recurrent,
    /// Has progressed.
    Progressed,
}

/// Early, operable.
pub const EARLY: u8 = 1;
/// Unresectable, locally advanced.
pub const LOCALLY_ADVANCED: u8 = 2;
/// Metastatic.
pub const METASTATIC: u8 = 4;

impl Diagnosis {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(diagnosis) = &facts.profile.diagnosis else { return Answer::unknown("diagnosis") };
        match self {
            Self::Cancer(rows) => {
                let Some(stated) = &diagnosis.cancer else { return Answer::unknown("tumour type") };
                let fact = vec![Fact::new("diagnosis.cancer", stated)];
                let given = if stated.eq_ignore_ascii_case("breast") {
                    cancers::by_name("breast cancer")
                } else {
                    cancers::by_name(stated)
                };
                let Some(given) = given else {
                    let any = rows.iter().any(|r| cancers::all().get(*r as usize).is_some_and(|c| c.covers_breast));
                    return Answer::from_option(any.then_some(true), fact, "tumour type");
                };
                let mut answer = Some(false);
                for &row in rows {
                    let row = row as usize;
                    if cancers::is_a(given, row)
                        || cancers::all().get(row).is_some_and(|c| c.covers_breast && !c.breast)
                    {
                        return Answer::settled(Truth::True, fact);
                    }
                    if cancers::is_a(row, given) {
                        answer = histology(diagnosis.histology.as_deref(), row)
                            .and_then(|h| if h { Some(true) } else { answer });
                        if answer == Some(true) {
                            let histology = diagnosis.histology.as_ref().map(|h| Fact::new("diagnosis.histology", h));
                            return Answer::settled(Truth::True, fact.into_iter().chain(histology).collect());
                        }
                    }
                }
                let mut fact = fact;
                fact.extend(diagnosis.histology.as_ref().map(|h| Fact::new("diagnosis.histology", h)));
                Answer::from_option(answer, fact, "histology")
            }
            Self::Extent(bits) => {
                let Some(extent) = diagnosis.extent else { return Answer::unknown("extent of disease") };
                let bit = match extent {
                    Stated::Early => EARLY,
                    Stated::LocallyAdvanced => LOCALLY_ADVANCED,
                    Stated::Metastatic => METASTATIC,
                };
                Answer::settled(Truth::from_bool(bits & bit != 0), vec![Fact::new("diagnosis.extent", extent)])
            }
            Self::Recurrent => {
                let (Some(first), Some(later)) = (&diagnosis.diagnosed, &diagnosis.metastatic_since) else {
                    return Answer::unknown("whether the disease recurred after earlier treatment");
                };
                let facts =
                    vec![Fact::new("diagnosis.diagnosed", first), Fact::new("diagnosis.metastatic_since", later)];
                let apart = later.earliest.duration_since(first.latest).as_hours() / 24;
                // De novo disease is staged within some months of the diagnosis; between those the words do not settle it.
                Answer::from_option(
                    if apart > 180 { Some(true) } else { None },
                    facts,
                    "whether the disease recurred after earlier treatment",
                )
            }
            Self::Progressed => match &diagnosis.last_progression {
                Some(date) => Answer::settled(Truth::True, vec![Fact::new("diagnosis.last_progression", date)]),
                None => Answer::unknown("disease progression"),
            },
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let is = if holds { "is" } else { "is not" };
        match self {
            Self::Cancer(rows) => {
                let names: Vec<String> =
                    rows.iter().filter_map(|r| cancers::all().get(*r as usize)).map(|c| c.id.clone()).collect();
                format!("the cancer {is} {}", names.join(" or "))
            }
            Self::Extent(EARLY) if holds => "the patient has early-stage disease".to_owned(),
            Self::Extent(EARLY) => "the patient has no early-stage disease".to_owned(),
            Self::Extent(bits) => {
                let names: Vec<&str> =
                    [(EARLY, "early stage"), (LOCALLY_ADVANCED, "locally advanced"), (METASTATIC, "metastatic")]
                        .iter()
                        .filter(|(bit, _)| bits & bit != 0)
                        .map(|(_, name)| *name)
                        .collect();
                format!("the disease {is} {}", names.join(" or "))
            }
            Self::Recurrent => format!("the disease {is} recurrent"),
            Self::Progressed => {
                if holds { "the disease has progressed" } else { "the disease has not progressed" }.to_owned()
            }
        }
    }
}

/// Whether a stated histology is the asked one; unknown where none is stated.
fn histology(stated: Option<&str>, row: usize) -> Option<bool> {
    let stated = stated?.to_lowercase();
    let asked = cancers::all().get(row)?.id.to_lowercase();
    if cancers::by_name(&stated).is_some_and(|given| cancers::is_a(given, row)) {
        return Some(true);
    }
    for word in
        ["lobular", "ductal", "inflammatory", "metaplastic", "mucinous", "phyllodes", "medullary", "paget", "tubular"]
    {
        if asked.contains(word) {
            return Some(stated.contains(word));
        }
    }
    None
}

/// The extent that a name of a tumour says: "metastatic breast cancer" is one name in the lexicon.
pub fn extent_named(name: &str) -> u8 {
    match name.split(' ').next() {
        Some("metastatic") => METASTATIC,
        Some("advanced") => METASTATIC | LOCALLY_ADVANCED,
        _ => 0,
    }
}

/// Requires one of these extents.
pub fn extent(bits: u8) -> Requirement {
    Requirement::Atom(Atom::Diagnosis(Diagnosis::Extent(bits)))
}

#[cfg(test)]
mod tests;
