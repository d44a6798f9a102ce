//! HER2: what immunohistochemistry and in-situ hybridisation leave possible, and what a trial accepts.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::receptors;
use crate::criteria::requirement::Requirement;
use crate::grammar::phrase::Phrase;
use crate::patient::profile::{Her2Ihc, Ish, ReceptorStatus};
use serde::{Deserialize, Serialize};

pub mod written;

/// IHC 0 without membrane staining.
pub const NO_STAINING: u8 = 1;
/// IHC 0 with faint membrane staining.
pub const ULTRALOW: u8 = 1 << 1;
/// IHC 1+, not amplified.
pub const ONE: u8 = 1 << 2;
/// IHC 2+, ISH not amplified.
pub const TWO_NEGATIVE: u8 = 1 << 3;
/// ISH amplified, IHC below 3+.
pub const AMPLIFIED: u8 = 1 << 4;
/// IHC 3+.
pub const THREE: u8 = 1 << 5;
/// IHC 2+ for which no ISH result is at hand.
pub const EQUIVOCAL: u8 = 1 << 6;
/// Nothing known.
pub const NOT_KNOWN: u8 = 1 << 7;

/// HER2-negative by ASCO/CAP.
pub const NEGATIVE: u8 = NO_STAINING | ULTRALOW | ONE | TWO_NEGATIVE;
/// HER2-positive by ASCO/CAP.
pub const POSITIVE: u8 = AMPLIFIED | THREE;
/// HER2-low.
pub const LOW: u8 = ONE | TWO_NEGATIVE;
/// IHC 2+, whatever ISH says.
pub const TWO: u8 = TWO_NEGATIVE | AMPLIFIED | EQUIVOCAL;
/// Any result.
pub const KNOWN: u8 = !NOT_KNOWN;

/// The categories that a criterion accepts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Her2 {
    /// A set of the categories above.
    pub accepted: u8,
}

impl Her2 {
    /// Answers for one patient: true where all categories that remain possible are accepted, false where none is.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let (possible, evidence) = possible(facts);
        if possible & !self.accepted == 0 {
            Answer::settled(Truth::True, evidence)
        } else if possible & self.accepted == 0 {
            Answer::settled(Truth::False, evidence)
        } else {
            let missing = if possible & EQUIVOCAL != 0 && possible & NOT_KNOWN == 0 { "HER2 ISH" } else { "HER2 IHC" };
            Answer::unknown(missing)
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let set = if holds { self.accepted } else { self.complement() };
        match set {
            NEGATIVE => "HER2 is negative (IHC 0, 1+, or 2+ with ISH not amplified)".to_owned(),
            POSITIVE => "HER2 is positive (IHC 3+ or ISH amplified)".to_owned(),
            LOW => "HER2 is low (IHC 1+, or 2+ with ISH not amplified)".to_owned(),
            KNOWN => "HER2 status is known".to_owned(),
            NOT_KNOWN => "HER2 status is unknown".to_owned(),
            u8::MAX => "HER2 is positive, negative or unknown".to_owned(),
            0 => "HER2 has no result that would do".to_owned(),
            _ => format!("HER2 is {}", said(set)),
        }
    }

    /// The categories that are not accepted; "equivocal" and "not known" only where the set speaks of them.
    fn complement(&self) -> u8 {
        let categories = NEGATIVE | POSITIVE;
        match self.accepted & !categories {
            0 => categories & !self.accepted,
            _ if self.accepted == TWO => categories & !TWO,
            EQUIVOCAL => categories & !self.accepted,
            _ => !self.accepted,
        }
    }
}

fn said(set: u8) -> String {
    let mut rest = set;
    let mut words = Vec::new();
    for (bits, word) in [
        (NO_STAINING | ULTRALOW, "IHC 0"),
        (NO_STAINING, "IHC 0 without staining"),
        (ULTRALOW, "ultralow"),
        (ONE, "IHC 1+"),
        (TWO, "IHC 2+"),
        (TWO_NEGATIVE, "IHC 2+ with ISH not amplified"),
        (AMPLIFIED, "ISH amplified with IHC below 3+"),
        (THREE, "IHC 3+"),
        (EQUIVOCAL, "equivocal"),
        (NOT_KNOWN, "unknown"),
    ] {
        if rest & bits == bits {
            rest &= !bits;
            words.push(word);
        }
    }
    words.join(" or ")
}

/// The categories that the patient's facts leave possible, and those facts.
fn possible(facts: &Facts<'_>) -> (u8, Vec<Fact>) {
    let Some(her2) = facts.profile.receptors.as_ref().and_then(|r| r.her2.as_ref()) else {
        return (u8::MAX, Vec::new());
    };
    let mut set = u8::MAX;
    let mut evidence = Vec::new();
    if let Some(ihc) = &her2.ihc {
        let amplified = her2.ish == Some(Ish::Amplified);
        set &= match ihc {
            Her2Ihc::Three => THREE,
            _ if amplified => AMPLIFIED,
            Her2Ihc::Zero => NO_STAINING,
            Her2Ihc::ZeroWithMembraneStaining => ULTRALOW,
            Her2Ihc::One => ONE,
            Her2Ihc::Two if her2.ish.is_some() => TWO_NEGATIVE,
            Her2Ihc::Two => TWO,
        };
        evidence.push(Fact::new("receptors.her2.ihc", ihc.word()));
    }
    if let Some(ish) = &her2.ish {
        if her2.ihc.is_none() {
            set &= match ish {
                Ish::Amplified => POSITIVE,
                Ish::NotAmplified => NEGATIVE | THREE,
            };
        }
        evidence.push(Fact::new("receptors.her2.ish", ish.word()));
    }
    if let Some(status) = &her2.status {
        let narrowed = set
            & match status {
                ReceptorStatus::Positive => POSITIVE,
                ReceptorStatus::Negative => NEGATIVE,
            };
        // Contradictory facts are refused when the profile is read; nothing is concluded from them here.
        set = if narrowed == 0 { set } else { narrowed };
        evidence.push(Fact::new("receptors.her2.status", status.word()));
    }
    (set, evidence)
}

/// The requirement for a set of categories.
pub fn requirement(accepted: u8) -> Requirement {
    Requirement::Atom(Atom::Her2(Her2 { accepted }))
}

/// Reads what a phrase says of it, in positive sense; HER2 is read together with the receptors beside it.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    receptors::read_run(phrase, context)
}

#[cfg(test)]
mod tests;
