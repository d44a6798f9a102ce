//! Central nervous system disease: treated or not, stable, symptomatic, steroids, intervals, size (conventions 30, 35, 37).

mod doses;
mod evaluation;
mod features;
mod reading;

use crate::criteria::decimal::Decimal;
use crate::grammar::elements::Comparison;
use crate::grammar::windows::Length;
use serde::{Deserialize, Serialize};

pub use reading::read;

/// Which part of the central nervous system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Region {
    /// Brain metastases.
    Brain,
    /// Leptomeningeal disease.
    Leptomeninges,
    /// The spinal cord.
    SpinalCord,
    /// Any of them.
    Any,
}

/// What is asked of a lesion; true where one lesion of the region is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Feature {
    /// There is one.
    Present,
    /// Has had no local treatment.
    Untreated,
    /// Not treated and stable (convention 35).
    NotStable,
    /// Progressing.
    Progressing,
    /// Causes symptoms.
    Symptomatic,
    /// Symptoms or corticosteroids today ("neurologically unstable", convention 35).
    NeurologicallyUnstable,
    /// Needs corticosteroids today.
    OnCorticosteroids,
    /// Has not been stable for so long.
    StableLessThan {
        /// How long.
        length: Length,
        /// Whether the length itself is not enough.
        strict: bool,
    },
    /// Corticosteroids within this time.
    CorticosteroidsWithin {
        /// How long.
        length: Length,
        /// Whether the length itself is not enough.
        strict: bool,
    },
    /// The dose of corticosteroids a day, in milligrams; none is 0.
    CorticosteroidDose {
        /// How it is compared.
        comparison: Comparison,
        /// Milligrams a day.
        milligrams: Decimal,
        /// Whether they are of dexamethasone, and not of prednisone.
        dexamethasone: bool,
    },
    /// A dose of corticosteroids that is not stable or falling.
    CorticosteroidsRising,
    /// Takes anticonvulsants.
    Anticonvulsants,
    /// Has caused symptoms within this time.
    SymptomsWithin {
        /// How long.
        length: Length,
    },
    /// Local treatment within this time.
    TreatedWithin {
        /// How long.
        length: Length,
        /// Whether the length itself is not enough.
        strict: bool,
    },
    /// Its largest diameter in millimetres.
    Size {
        /// How it is compared.
        comparison: Comparison,
        /// Millimetres.
        millimetres: Decimal,
    },
    /// Needs local treatment at once.
    NeedsLocalTherapy,
    /// Needs local treatment at once, or has had it within this time ("requiring local therapy within 2 weeks").
    LocalTherapyWithin {
        /// How long.
        length: Length,
        /// Whether the length itself is not enough.
        strict: bool,
    },
    /// Measurable there: 10 mm or more where the size is stated.
    Measurable,
    /// So many lesions, counted where they are stated (convention 37).
    Count {
        /// How the number compares.
        comparison: Comparison,
        /// The bound.
        number: u8,
    },
}

/// A question about central nervous system disease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CentralNervousSystem {
    /// Where.
    pub region: Region,
    /// What.
    pub feature: Feature,
}

/// A comparison in words, to stand before a number of things.
fn in_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "fewer than",
        Comparison::LessEqual => "at most",
        Comparison::Equal => "exactly",
        Comparison::GreaterEqual => "at least",
        Comparison::Greater => "more than",
    }
}

impl CentralNervousSystem {
    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let region = match self.region {
            Region::Brain => "brain metastases",
            Region::Leptomeninges => "leptomeningeal disease",
            Region::SpinalCord => "spinal cord metastases",
            Region::Any => "central nervous system metastases",
        };
        let are = match (self.region, holds) {
            (Region::Leptomeninges, true) => "there is",
            (Region::Leptomeninges, false) => "there is no",
            (_, true) => "there are",
            (_, false) => "there are no",
        };
        match self.feature {
            Feature::Present => format!("{are} {region}"),
            Feature::Untreated => format!("{are} untreated {region}"),
            Feature::NotStable => format!("{are} unstable {region}"),
            Feature::Progressing => format!("{are} progressing {region}"),
            Feature::Symptomatic => format!("{are} symptomatic {region}"),
            Feature::NeurologicallyUnstable => format!("{are} {region} with symptoms or corticosteroids"),
            Feature::OnCorticosteroids => format!("{are} {region} requiring corticosteroids"),
            Feature::StableLessThan { length, strict } => {
                format!(
                    "{are} {region} that have been stable for {} {}",
                    if strict { "at most" } else { "less than" },
                    length.say()
                )
            }
            Feature::CorticosteroidsWithin { length, .. } => {
                format!("{are} {region} with corticosteroids within {}", length.say())
            }
            Feature::CorticosteroidDose { comparison, milligrams, dexamethasone } => {
                let drug = if dexamethasone { "dexamethasone" } else { "prednisone" };
                format!("{are} {region} with corticosteroids {} {milligrams} mg {drug} per day", comparison.sign())
            }
            Feature::CorticosteroidsRising => format!("{are} {region} with increasing doses of corticosteroids"),
            Feature::Anticonvulsants => format!("{are} {region} that need anticonvulsants"),
            Feature::SymptomsWithin { length } => format!("{are} {region} with symptoms within {}", length.say()),
            Feature::TreatedWithin { length, .. } => format!("{are} {region} treated within {}", length.say()),
            Feature::Size { comparison, millimetres } => {
                format!("{are} {region} {} {millimetres} mm", comparison.sign())
            }
            Feature::NeedsLocalTherapy => format!("{are} {region} requiring immediate local therapy"),
            Feature::LocalTherapyWithin { length, .. } => {
                format!("{are} {region} requiring local therapy within {}", length.say())
            }
            Feature::Measurable => format!("{are} measurable {region}"),
            Feature::Count { comparison, number } => {
                let comparison = if holds { comparison } else { comparison.opposite().unwrap_or(comparison) };
                format!("there are {} {number} {region}", in_words(comparison))
            }
        }
    }
}

#[cfg(test)]
mod tests;
