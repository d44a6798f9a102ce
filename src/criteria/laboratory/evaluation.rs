//! Whether a patient's values meet a bound.

use super::{Bound, Limit, row_of};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::decimal::Decimal;
use crate::criteria::facts::Facts;
use crate::grammar::elements::Comparison;
use crate::lexicon::{labs, units};
use crate::patient::PartialDate;
use crate::patient::profile::Lab;
use crate::patient::units::ucum;
use jiff::ToSpan;
use jiff::civil::Date;

/// Tests of which only a high value is abnormal, beside enzymes (CTCAE 5.0, Investigations: grading by ULN alone).
const UPPER_ONLY: &[&str] = &[
    "B-type natriuretic peptide",
    "C-reactive protein",
    "NT-proBNP",
    "QTc",
    "QTcB",
    "QTcF",
    "activated partial thromboplastin time",
    "blood urea nitrogen",
    "creatinine",
    "direct bilirubin",
    "indirect bilirubin",
    "international normalized ratio",
    "prothrombin time",
    "total bilirubin",
    "troponin",
    "urea",
];

/// Tests of which only a low value is abnormal.
const LOWER_ONLY: &[&str] = &[
    "albumin",
    "creatinine clearance",
    "diffusing capacity",
    "estimated glomerular filtration rate",
    "forced expiratory volume in one second",
    "left ventricular ejection fraction",
    "oxygen saturation",
];

/// Whether only high values (true) or only low ones (false) of a test are abnormal; `None` where both are.
pub(super) fn abnormal_end(lab: u16) -> Option<bool> {
    let row = labs::all().get(usize::from(lab))?;
    if row.kind == crate::lexicon::labs::LabKind::Activity || UPPER_ONLY.contains(&row.id.as_str()) {
        Some(true)
    } else {
        LOWER_ONLY.contains(&row.id.as_str()).then_some(false)
    }
}

pub(super) fn evaluate(bound: &Bound, facts: &Facts<'_>) -> Answer {
    let direct = judge(bound, bound.lab, facts);
    if matches!(direct.truth, Truth::True | Truth::False) {
        return direct;
    }
    for other in stand_ins(bound) {
        let Some(answer) = other.judge(bound, facts) else { continue };
        return answer;
    }
    direct
}

/// A test whose value settles a bound on another one.
struct StandIn {
    lab: u16,
    /// Whether it can only show that the bound is met.
    only_true: bool,
}

impl StandIn {
    fn judge(&self, bound: &Bound, facts: &Facts<'_>) -> Option<Answer> {
        let answer = judge(bound, self.lab, facts);
        match answer.truth {
            Truth::True => Some(answer),
            Truth::False if !self.only_true => Some(answer),
            _ => None,
        }
    }
}

/// QTcF settles a bound on an uncorrected formula "QTc"; neutrophils are a part of leukocytes (convention 34).
fn stand_ins(bound: &Bound) -> Vec<StandIn> {
    let lower = matches!(bound.comparison, Comparison::Greater | Comparison::GreaterEqual);
    let (id, only_true) = match bound.name() {
        "QTc" => ("QTcF", false),
        "white blood cell count" if lower && matches!(bound.limit, Limit::Absolute(_)) => {
            ("absolute neutrophil count", true)
        }
        _ => return Vec::new(),
    };
    row_of(id).map(|lab| StandIn { lab, only_true }).into_iter().collect()
}

fn judge(bound: &Bound, lab: u16, facts: &Facts<'_>) -> Answer {
    let name = labs::all().get(usize::from(lab)).map_or("laboratory value", |row| row.id.as_str());
    let values: Vec<(usize, &Lab)> = facts
        .labs
        .iter()
        .enumerate()
        .filter(|(_, (row, _))| *row == Some(usize::from(lab)))
        .map(|(index, (_, value))| (index, *value))
        .collect();
    let newest = newest(&values);
    let mut answers = newest.iter().map(|(index, value)| judge_value(bound, lab, name, *index, value, facts.as_of));
    let Some(first) = answers.next() else { return Answer::unknown(name) };
    answers.fold(first, |joined, next| {
        if joined.truth == next.truth {
            Answer::all([joined, next])
        } else {
            Answer::unknown(format!("exact date of {name}"))
        }
    })
}

/// The values of which each may be the newest; undated ones count only where none is dated.
fn newest<'p>(values: &[(usize, &'p Lab)]) -> Vec<(usize, &'p Lab)> {
    let dated: Vec<(usize, &Lab, &PartialDate)> =
        values.iter().filter_map(|(index, value)| value.on.as_ref().map(|on| (*index, *value, on))).collect();
    if dated.is_empty() {
        return values.to_vec();
    }
    dated
        .iter()
        .filter(|(_, _, on)| !dated.iter().any(|(_, _, other)| other.earliest > on.latest))
        .map(|(index, value, _)| (*index, *value))
        .collect()
}

fn judge_value(bound: &Bound, lab: u16, name: &str, index: usize, value: &Lab, as_of: Date) -> Answer {
    if let Some(days) = bound.window_days {
        let oldest = as_of.saturating_sub(i32::from(days).days());
        match &value.on {
            None => return Answer::unknown(format!("date of {name}")),
            Some(on) if on.latest < oldest => {
                return Answer::unknown(format!("repeat {name}: older than {days} days"));
            }
            Some(on) if on.earliest < oldest => return Answer::unknown(format!("exact date of {name}")),
            Some(_) => {}
        }
    }
    let mut evidence = vec![Fact::new(format!("labs[{index}].value"), format!("{} {}", value.value, value.unit))];
    let mut limit_fact = |upper: bool, limit: f64| {
        let field = if upper { "upper_limit_of_normal" } else { "lower_limit_of_normal" };
        evidence.push(Fact::new(format!("labs[{index}].{field}"), limit));
    };
    let holds = match bound.limit {
        Limit::Absolute(limit) => {
            let unit = ucum(&value.unit).unwrap_or_else(|| value.unit.clone());
            match units::convert(value.value, &unit, usize::from(lab)) {
                Some(converted) => bound.comparison.holds(Decimal::new(converted).value(), limit.value()),
                None => return Answer::unknown(format!("{name} in {}", super::display_unit(bound.unit()))),
            }
        }
        Limit::TimesUln(times) => match positive(value.upper_limit_of_normal) {
            Some(limit) => {
                limit_fact(true, limit);
                bound.comparison.holds(settled(value.value), settled(limit * times.value()))
            }
            None => return Answer::unknown(format!("upper limit of normal of {name}")),
        },
        Limit::TimesLln(times) => match positive(value.lower_limit_of_normal) {
            Some(limit) => {
                limit_fact(false, limit);
                bound.comparison.holds(settled(value.value), settled(limit * times.value()))
            }
            None => return Answer::unknown(format!("lower limit of normal of {name}")),
        },
        Limit::Normal => match normal(lab, name, value) {
            Ok((holds, upper, lower)) => {
                if let Some(limit) = upper {
                    limit_fact(true, limit);
                }
                if let Some(limit) = lower {
                    limit_fact(false, limit);
                }
                holds
            }
            Err(missing) => return Answer::unknown(missing),
        },
    };
    Answer::settled(Truth::from_bool(holds), evidence)
}

fn positive(limit: Option<f64>) -> Option<f64> {
    limit.filter(|limit| *limit > 0.0)
}

/// Rounds away the noise of binary fractions, so that a value on the bound is on it.
fn settled(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Whether a value is normal, with the limits that settled it; the limit that is missing otherwise.
fn normal(lab: u16, name: &str, value: &Lab) -> Result<(bool, Option<f64>, Option<f64>), String> {
    let enzyme =
        labs::all().get(usize::from(lab)).is_some_and(|row| row.kind == crate::lexicon::labs::LabKind::Activity);
    let upper = value.upper_limit_of_normal;
    let lower = value.lower_limit_of_normal;
    if let Some(limit) = upper
        && value.value > limit
        && !LOWER_ONLY.contains(&name)
    {
        return Ok((false, upper, None));
    }
    let upper_only = enzyme || UPPER_ONLY.contains(&name);
    if let Some(limit) = lower
        && value.value < limit
        && !upper_only
    {
        return Ok((false, None, lower));
    }
    if upper.is_none() && !LOWER_ONLY.contains(&name) {
        return Err(format!("upper limit of normal of {name}"));
    }
    if lower.is_none() && !upper_only {
        return Err(format!("lower limit of normal of {name}"));
    }
    Ok((true, upper, lower))
}
