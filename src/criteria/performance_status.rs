//! Performance status: ECOG (WHO, Zubrod) and Karnofsky.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Sense};
use crate::grammar::phrase::Phrase;
use serde::{Deserialize, Serialize};

/// A bound on one of the scales.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PerformanceStatus {
    /// Karnofsky per cent; otherwise ECOG.
    pub karnofsky: bool,
    /// How the score is compared.
    pub comparison: Comparison,
    /// The score.
    pub score: u8,
}

impl PerformanceStatus {
    /// Answers for one patient; Karnofsky and ECOG map to each other (convention 4).
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(status) = &facts.profile.performance_status else {
            return Answer::unknown("performance status (ECOG)");
        };
        let (low, high, fact) = match (self.karnofsky, status.ecog, status.karnofsky) {
            (false, Some(ecog), _) => (ecog, ecog, Fact::new("performance_status.ecog", ecog)),
            (false, None, Some(k)) => {
                let ecog = ecog_of(k);
                (ecog, ecog, Fact::new("performance_status.karnofsky", k))
            }
            (true, _, Some(k)) => (k, k, Fact::new("performance_status.karnofsky", k)),
            (true, Some(ecog), None) => {
                let (low, high) = karnofsky_of(ecog);
                (low, high, Fact::new("performance_status.ecog", ecog))
            }
            _ => return Answer::unknown("performance status (ECOG)"),
        };
        let holds = |score: u8| self.comparison.holds(f64::from(score), f64::from(self.score));
        if holds(low) == holds(high) {
            Answer::settled(Truth::from_bool(holds(low)), vec![fact])
        } else {
            Answer::unknown("Karnofsky performance status")
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let comparison = if holds { self.comparison } else { self.comparison.opposite().unwrap_or(self.comparison) };
        let scale = if self.karnofsky { "Karnofsky performance status" } else { "ECOG performance status" };
        format!("{scale} {} {}", comparison.sign(), self.score)
    }
}

/// 100-90: 0, 80-70: 1, 60-50: 2, 40-30: 3 (contract, convention 4).
fn ecog_of(karnofsky: u8) -> u8 {
    match karnofsky {
        90..=100 => 0,
        70..=89 => 1,
        50..=69 => 2,
        30..=49 => 3,
        1..=29 => 4,
        _ => 5,
    }
}

fn karnofsky_of(ecog: u8) -> (u8, u8) {
    match ecog {
        0 => (90, 100),
        1 => (70, 80),
        2 => (50, 60),
        3 => (30, 40),
        4 => (10, 20),
        _ => (0, 0),
    }
}

/// Reads bounds on either scale; two scales in one phrase are alternatives that say the same.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if !phrase.has(Cue::Ecog) && !phrase.has(Cue::Karnofsky) {
        return None;
    }
    let mut ecog = Vec::new();
    let mut karnofsky = Vec::new();
    let better = phrase.elements.iter().any(|e| e.text.ends_with("or better"));
    while let Some(bound) = bounds::take(phrase, |e| e.is_char('%') || e.text == "%", false) {
        let percent = bound.pairs().iter().any(|(_, value)| *value > 5.0);
        for (mut comparison, value) in bound.pairs() {
            if better
                && !percent
                && comparison == Comparison::GreaterEqual
                && bound.values.is_empty()
                && bound.high.is_none()
            {
                comparison = Comparison::LessEqual;
            }
            if comparison == Comparison::GreaterEqual && value == 0.0 {
                continue;
            }
            let atom = Requirement::Atom(Atom::PerformanceStatus(PerformanceStatus {
                karnofsky: percent,
                comparison,
                score: value.clamp(0.0, 100.0) as u8,
            }));
            if percent { karnofsky.push(atom) } else { ecog.push(atom) }
        }
        // "ECOG 0": exactly 0 is at most 0.
        if bound.values == [0.0] && ecog.is_empty() {
            ecog.push(Requirement::Atom(Atom::PerformanceStatus(PerformanceStatus {
                karnofsky: false,
                comparison: Comparison::LessEqual,
                score: 0,
            })));
        }
    }
    if ecog.is_empty() && karnofsky.is_empty() {
        return None;
    }
    phrase.take(Cue::Ecog);
    phrase.take(Cue::Karnofsky);
    phrase.take(Cue::Grade);
    for at in 0..phrase.len() {
        if matches!(phrase.sense(at), Some(Sense::Cue(Cue::Or))) {
            phrase.claim(at);
        }
    }
    // Both scales say the same; the one that is stated decides.
    Some(match (ecog.is_empty(), karnofsky.is_empty()) {
        (false, false) => Requirement::any(vec![Requirement::all(ecog), Requirement::all(karnofsky)]),
        (false, true) => Requirement::all(ecog),
        _ => Requirement::all(karnofsky),
    })
}
