//! Medicines other than anticancer treatment, and allergies.

mod allergy;
mod dose;
mod enzymes;
mod evaluate;
mod read;
mod stopping;
#[cfg(test)]
mod tests;

use crate::grammar::elements::Comparison;
use crate::grammar::windows::Window;
use crate::lexicon::{drugs, medications};
pub use allergy::read_allergy;
pub use read::read;
use serde::{Deserialize, Serialize};

/// What is taken or not borne.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Substance {
    /// A medicine, by its row.
    Medication(u16),
    /// A class of medicines, by its row.
    Class(u16),
    /// An anticancer drug, by its row.
    Drug(u16),
    /// A class of anticancer drugs, by its row.
    DrugClass(u16),
    /// Folded words that the vocabulary does not hold.
    Named(String),
    /// The trial's own drugs, what they are made of and what is like them.
    StudyDrug,
    /// Any substance.
    Anything,
}

/// What is asked of the substance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// The patient takes it; with a window, took it within the window.
    Use,
    /// The patient has ever taken it.
    EverUsed,
    /// The patient is allergic to it.
    Allergy,
    /// The patient must not have it, for whatever reason.
    Contraindication,
}

/// A medicine or an allergy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Medication {
    /// What.
    pub substance: Substance,
    /// What of it.
    pub kind: Kind,
    /// When it was taken.
    pub window: Option<Window>,
    /// A bound on the grade of the allergic reaction (CTCAE).
    pub grade: Option<(Comparison, u8)>,
    /// Whether only a severe reaction counts.
    pub significant: bool,
    /// A qualification that the profile cannot state ("at doses > 10 mg per day").
    pub detail: Option<String>,
}

impl Medication {
    /// A question without further terms.
    pub fn new(substance: Substance, kind: Kind) -> Self {
        Self { substance, kind, window: None, grade: None, significant: false, detail: None }
    }

    /// The plain name of the substance.
    pub fn name(&self) -> String {
        let row = |row: u16| usize::from(row);
        match &self.substance {
            Substance::Medication(at) => medications::all_medications().get(row(*at)).map(|r| r.id.clone()),
            Substance::Class(at) => medications::all_classes().get(row(*at)).map(|r| r.name.clone()),
            Substance::Drug(at) => drugs::all_drugs().get(row(*at)).map(|r| r.id.clone()),
            Substance::DrugClass(at) => drugs::all_classes().get(row(*at)).map(|r| r.name.clone()),
            Substance::Named(name) => Some(name.clone()),
            Substance::StudyDrug => Some("the study drugs or their components".to_owned()),
            Substance::Anything => Some("any substance".to_owned()),
        }
        .unwrap_or_default()
    }

    /// In words. `holds` false says the negation.
    pub fn say(&self, holds: bool) -> String {
        let name = self.name();
        let mut words = match (self.kind, holds) {
            (Kind::Use, true) if self.window.is_some() => format!("the patient has taken {name}"),
            (Kind::Use, false) if self.window.is_some() => format!("the patient has not taken {name}"),
            (Kind::Use, true) => format!("the patient is taking {name}"),
            (Kind::Use, false) => format!("the patient is not taking {name}"),
            (Kind::EverUsed, true) => format!("the patient has ever taken {name}"),
            (Kind::EverUsed, false) => format!("the patient has no history of {name} use"),
            (Kind::Allergy, _) => {
                let severe = if self.significant { "severe " } else { "" };
                format!("the patient has {}{severe}hypersensitivity to {name}", if holds { "" } else { "no " })
            }
            (Kind::Contraindication, _) => {
                format!("the patient has {}contraindication to {name}", if holds { "a " } else { "no " })
            }
        };
        if let Some((comparison, grade)) = self.grade {
            words.push_str(&format!(" of grade {} {grade}", comparison.sign()));
        }
        if let Some(window) = &self.window {
            words.push_str(&format!(" {}", window.say()));
        }
        if let Some(detail) = &self.detail {
            words.push_str(&format!(" ({detail})"));
        }
        words
    }
}
