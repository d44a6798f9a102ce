//! Laboratory bounds: "ANC ≥ 1.5 x 10^9/L", "AST ≤ 2.5 x ULN", "QTcF ≤ 470 ms", "LVEF within normal limits".

mod conditions;
mod evaluation;
mod items;
mod joining;
mod limits;
mod notes;
mod reading;
mod slips;
mod subjects;
mod whole;
mod words;

use crate::criteria::answer::Answer;
use crate::criteria::decimal::Decimal;
use crate::criteria::facts::Facts;
use crate::grammar::elements::Comparison;
use crate::lexicon::labs;
use serde::{Deserialize, Serialize};

pub use reading::{read, read_list};
pub use whole::{demands_the_abnormal, read_item};

/// What a value is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// A figure in the canonical unit of the test.
    Absolute(Decimal),
    /// A multiple of the laboratory's upper limit of normal.
    TimesUln(Decimal),
    /// A multiple of the laboratory's lower limit of normal.
    TimesLln(Decimal),
    /// The laboratory's range; the comparison is `Equal` and means nothing.
    Normal,
}

/// A bound on one laboratory test or measurement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bound {
    /// The row of `lexicon::labs`.
    pub lab: u16,
    /// How the value is compared.
    pub comparison: Comparison,
    /// With what.
    pub limit: Limit,
    /// How many days old the value may be.
    pub window_days: Option<u16>,
    /// Whether the registry's unit was an evident slip, read by its evident meaning (convention 40).
    pub slip: bool,
}

impl Bound {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        evaluation::evaluate(self, facts)
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let name = self.name();
        let comparison = if holds { self.comparison } else { self.comparison.opposite().unwrap_or(self.comparison) };
        let sign = comparison.sign();
        let mut said = match self.limit {
            Limit::Absolute(value) => {
                let unit = display_unit(self.unit());
                let blank = if unit.is_empty() || unit == "%" { "" } else { " " };
                format!("{name} {sign} {value}{blank}{unit}")
            }
            Limit::TimesUln(times) => format!("{name} {sign} {times} x ULN"),
            Limit::TimesLln(times) => format!("{name} {sign} {times} x LLN"),
            Limit::Normal if holds => format!("{name} within normal limits"),
            Limit::Normal => format!("{name} not within normal limits"),
        };
        if let Some(days) = self.window_days {
            said.push_str(&format!(" within {days} days"));
        }
        if self.slip {
            said.push_str(" (the registry's unit is an evident slip)");
        }
        said
    }

    fn row(&self) -> Option<&'static labs::Lab> {
        labs::all().get(usize::from(self.lab))
    }

    /// The name of the test.
    fn name(&self) -> &'static str {
        self.row().map_or("laboratory value", |lab| lab.id.as_str())
    }

    /// The canonical unit of the test (UCUM).
    fn unit(&self) -> &'static str {
        self.row().map_or("1", |lab| lab.unit.as_str())
    }
}

/// A unit as readers write it, from its UCUM code.
fn display_unit(ucum: &str) -> &str {
    match ucum {
        "10*9/L" => "x 10^9/L",
        "10*12/L" => "x 10^12/L",
        "mm[Hg]" => "mmHg",
        "mL/min/{1.73_m2}" => "mL/min/1.73 m2",
        "[IU]/L" => "IU/L",
        "[IU]/mL" => "IU/mL",
        "m[IU]/L" => "mIU/L",
        "g/(24.h)" => "g/24 h",
        "{copies}/mL" => "copies/mL",
        "Cel" => "°C",
        "1" => "",
        other => other,
    }
}

/// The row of a test by its id.
fn row_of(id: &str) -> Option<u16> {
    labs::all().iter().position(|lab| lab.id == id).and_then(|row| u16::try_from(row).ok())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_tests;
