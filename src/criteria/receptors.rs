//! Receptors: oestrogen, progesterone and androgen receptor, PD-L1, Ki-67; and runs of them with HER2.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::decimal::Decimal;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Element};
use crate::grammar::phrase::Phrase;
use crate::patient::profile::{HormoneReceptor, ReceptorStatus};
use serde::{Deserialize, Serialize};

mod join;
mod run;
pub(crate) mod signs;

/// Which receptor or score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Which {
    /// Oestrogen receptor.
    Er,
    /// Progesterone receptor.
    Pr,
    /// Oestrogen and/or progesterone receptor.
    HormoneReceptor,
    /// Androgen receptor.
    Ar,
    /// Ki-67.
    Ki67,
    /// PD-L1, combined positive score.
    PdL1Cps,
    /// PD-L1 on immune cells.
    PdL1Ic,
    /// PD-L1, tumour proportion score.
    PdL1Tps,
    /// PD-L1, whichever score.
    PdL1,
}

/// What is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Test {
    /// The share of stained cells (or the score) compared to a figure.
    Compared(Comparison, Decimal),
    /// A result is stated.
    Known,
    /// The percentage of stained cells is stated.
    PercentStated,
}

/// A question about one receptor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Receptor {
    /// Which receptor.
    pub which: Which,
    /// What is asked.
    pub test: Test,
}

impl Receptor {
    /// Answers for one patient (conventions 4, 21, 34).
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let receptors = facts.profile.receptors.as_ref();
        let single = |which| Self { which, test: self.test };
        match self.which {
            Which::HormoneReceptor => {
                let (er, pr) = (single(Which::Er).evaluate(facts), single(Which::Pr).evaluate(facts));
                match self.test {
                    Test::Compared(Comparison::Less | Comparison::LessEqual, _) => Answer::all([er, pr]),
                    Test::PercentStated => percent_stated(facts, [er, pr]),
                    _ => Answer::any([er, pr]),
                }
            }
            Which::Er => hormone(self.test, receptors.and_then(|r| r.er.as_ref()), "er", "ER"),
            Which::Pr => hormone(self.test, receptors.and_then(|r| r.pr.as_ref()), "pr", "PR"),
            Which::Ar => hormone(self.test, receptors.and_then(|r| r.ar.as_ref()), "ar", "AR"),
            Which::Ki67 => {
                scored(self.test, receptors.and_then(|r| r.ki67.as_ref()?.percent), "receptors.ki67.percent", "Ki-67")
            }
            Which::PdL1Cps | Which::PdL1Ic | Which::PdL1Tps | Which::PdL1 => self.pd_l1(facts),
        }
    }

    fn pd_l1(&self, facts: &Facts<'_>) -> Answer {
        let stated = facts.profile.receptors.as_ref().and_then(|r| r.pd_l1.as_ref());
        let cps = stated.and_then(|p| p.cps);
        let ic = stated.and_then(|p| p.ic_percent);
        let tps = stated.and_then(|p| p.tps_percent);
        match self.which {
            Which::PdL1Cps => return scored(self.test, cps, "receptors.pd_l1.cps", "PD-L1 CPS"),
            Which::PdL1Ic => return scored(self.test, ic, "receptors.pd_l1.ic_percent", "PD-L1 on immune cells"),
            Which::PdL1Tps => return scored(self.test, tps, "receptors.pd_l1.tps_percent", "PD-L1 TPS"),
            _ => {}
        }
        let scores = [("cps", cps), ("ic_percent", ic), ("tps_percent", tps)];
        let evidence: Vec<Fact> = scores
            .iter()
            .filter_map(|(name, value)| value.map(|v| Fact::new(format!("receptors.pd_l1.{name}"), v)))
            .collect();
        if let Some(status) = stated.and_then(|p| p.status) {
            let fact = Fact::new("receptors.pd_l1.status", status.word());
            let positive = status == ReceptorStatus::Positive;
            return match self.test {
                Test::Compared(comparison, value) => {
                    Answer::from_option(usual(comparison, value, positive), vec![fact], "PD-L1 score")
                }
                Test::Known => Answer::settled(Truth::True, vec![fact]),
                Test::PercentStated if !evidence.is_empty() => Answer::settled(Truth::True, evidence),
                Test::PercentStated => Answer::unknown("PD-L1 score"),
            };
        }
        // Without a status only scores that are positive, or negative, by every assay in use settle it.
        let positive = cps.is_some_and(|v| v >= 10.0) || ic.is_some_and(|v| v >= 1.0) || tps.is_some_and(|v| v >= 1.0);
        let value = match self.test {
            Test::Compared(comparison, value) if positive => usual(comparison, value, true),
            Test::Compared(comparison, value) if cps.is_some_and(|v| v < 1.0) => usual(comparison, value, false),
            Test::Compared(..) => None,
            Test::Known | Test::PercentStated => (!evidence.is_empty()).then_some(true),
        };
        Answer::from_option(value, if value.is_some() { evidence } else { Vec::new() }, "PD-L1 status")
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let name = match self.which {
            Which::Er => "estrogen receptor",
            Which::Pr => "progesterone receptor",
            Which::HormoneReceptor => "hormone receptor",
            Which::Ar => "androgen receptor",
            Which::Ki67 => "Ki-67",
            Which::PdL1Cps => "PD-L1 CPS",
            Which::PdL1Ic => "PD-L1 on immune cells",
            Which::PdL1Tps => "PD-L1 TPS",
            Which::PdL1 => "PD-L1",
        };
        let is = if holds { "is" } else { "is not" };
        match self.test {
            Test::Known => format!("{name} status {is} known"),
            Test::PercentStated => format!("{name} percentage of stained cells {is} known"),
            Test::Compared(comparison, value) => {
                let (comparison, other) = match (holds, comparison.opposite()) {
                    (false, Some(opposite)) => (opposite, ""),
                    (false, None) => (comparison, "not "),
                    _ => (comparison, ""),
                };
                let figure = match self.which {
                    Which::PdL1Cps => format!("{other}{} {value}", comparison.sign()),
                    _ => format!("{other}{} {value} %", comparison.sign()),
                };
                match (self.which, comparison) {
                    (Which::Ki67 | Which::PdL1Cps | Which::PdL1Ic | Which::PdL1Tps, _) => format!("{name} {figure}"),
                    (Which::HormoneReceptor, Comparison::Less | Comparison::LessEqual) => {
                        format!("{name} negative (ER and PR {figure})")
                    }
                    (Which::HormoneReceptor, _) => format!("{name} positive (ER and/or PR {figure})"),
                    (_, Comparison::Less | Comparison::LessEqual) => format!("{name} negative ({figure})"),
                    _ => format!("{name} positive ({figure})"),
                }
            }
        }
    }
}

/// What a status alone settles of a cut-off; the usual one is 1 % (convention 34).
fn usual(comparison: Comparison, value: Decimal, positive: bool) -> Option<bool> {
    let value = value.value();
    // "> 1 %" and "<= 1 %" are the usual cut-off as well where no percentage is at hand.
    let comparison = match comparison {
        Comparison::Greater if value == 1.0 => Comparison::GreaterEqual,
        Comparison::LessEqual if value == 1.0 => Comparison::Less,
        other => other,
    };
    // Positive: 1 to 100; negative: 0 to just below 1.
    let (low, high) = if positive { (1.0, 100.0) } else { (0.0, 0.999) };
    if comparison == Comparison::Equal {
        return (value < low || value > high).then_some(false);
    }
    let (at_low, at_high) = (comparison.holds(low, value), comparison.holds(high, value));
    (at_low == at_high).then_some(at_low)
}

fn hormone(test: Test, stated: Option<&HormoneReceptor>, path: &str, name: &str) -> Answer {
    let percent = stated.and_then(|r| r.percent);
    let status = stated.and_then(|r| r.status);
    let percent_fact = |p: f64| vec![Fact::new(format!("receptors.{path}.percent"), p)];
    match (test, percent, status) {
        (Test::Compared(comparison, value), Some(p), _) => {
            Answer::settled(Truth::from_bool(comparison.holds(p, value.value())), percent_fact(p))
        }
        (Test::Known | Test::PercentStated, Some(p), _) => Answer::settled(Truth::True, percent_fact(p)),
        (Test::Compared(comparison, value), None, Some(status)) => {
            match usual(comparison, value, status == ReceptorStatus::Positive) {
                Some(holds) => Answer::settled(
                    Truth::from_bool(holds),
                    vec![Fact::new(format!("receptors.{path}.status"), status.word())],
                ),
                None => Answer::unknown(format!("{name} percentage of stained cells")),
            }
        }
        (Test::Known, None, Some(status)) => {
            Answer::settled(Truth::True, vec![Fact::new(format!("receptors.{path}.status"), status.word())])
        }
        (Test::PercentStated, None, _) => Answer::unknown(format!("{name} percentage of stained cells")),
        (_, None, None) => Answer::unknown(format!("{name} status")),
    }
}

fn scored(test: Test, stated: Option<f64>, path: &str, name: &str) -> Answer {
    match (stated, test) {
        (None, _) => Answer::unknown(name),
        (Some(v), Test::Compared(comparison, value)) => {
            Answer::settled(Truth::from_bool(comparison.holds(v, value.value())), vec![Fact::new(path, v)])
        }
        (Some(v), _) => Answer::settled(Truth::True, vec![Fact::new(path, v)]),
    }
}

/// One percentage of 1 or more characterises the hormone receptors; otherwise both are needed.
fn percent_stated(facts: &Facts<'_>, [er, pr]: [Answer; 2]) -> Answer {
    let stained = |r: Option<&HormoneReceptor>| r.and_then(|r| r.percent).is_some_and(|p| p >= 1.0);
    let receptors = facts.profile.receptors.as_ref();
    if stained(receptors.and_then(|r| r.er.as_ref())) {
        er
    } else if stained(receptors.and_then(|r| r.pr.as_ref())) {
        pr
    } else {
        Answer::all([er, pr])
    }
}

fn compared(which: Which, comparison: Comparison, percent: f64) -> Requirement {
    let test = Test::Compared(comparison, Decimal::new(percent));
    Requirement::Atom(Atom::Receptor(Receptor { which, test }))
}

fn atom(which: Which, test: Test) -> Requirement {
    Requirement::Atom(Atom::Receptor(Receptor { which, test }))
}

/// Whether an element names a receptor, so that a run of them may be kept together.
pub fn is_receptor(element: &Element) -> bool {
    signs::name_of(element).is_some()
}

/// Reads a run of receptors with HER2 among them ("HR+/HER2-", "ER and/or PR positive"), in positive sense.
pub fn read_run(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    run::read(phrase, context)
}

/// Reads what a phrase says of receptors, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    read_run(phrase, context)
}

#[cfg(test)]
mod tests;
