//! Life expectancy, and facts that the profile can state by their own name alone.

mod named;

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{fold_name, take_words};
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{Length, TimeUnit, time_unit};
use crate::patient::profile::ConditionState;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OpenFact {
    /// A bound on life expectancy.
    LifeExpectancy {
        /// How it is compared.
        comparison: Comparison,
        /// The length.
        length: Length,
    },
    /// Something that no field of the profile holds, in plain words.
    Named(String),
}

/// Days in a month on the average, as lengths count them.
const DAYS_PER_MONTH: f64 = 30.4375;

impl OpenFact {
    /// Answers for one patient. A named fact is known only where a condition of that very name is stated.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        match self {
            Self::LifeExpectancy { comparison, length } => {
                let Some(months) = facts.profile.life_expectancy_months else {
                    return Answer::unknown("life expectancy");
                };
                // To a thousandth of a day, so that 12 months are a year.
                let days = |value: f64| (value * 1000.0).round();
                let holds = comparison.holds(days(months * DAYS_PER_MONTH), days(length.days()));
                Answer::settled(Truth::from_bool(holds), vec![Fact::new("life_expectancy_months", months)])
            }
            Self::Named(name) => {
                let stated =
                    facts.conditions.iter().enumerate().zip(&facts.condition_names).find(|(_, own)| *own == name);
                match stated {
                    Some(((index, (_, entry)), _)) => {
                        let present = !matches!(entry.state, Some(ConditionState::Absent | ConditionState::Resolved));
                        let fact = || Fact::new(format!("conditions[{index}]"), entry);
                        Answer::settled(Truth::from_bool(present), facts.evidence(fact))
                    }
                    None => facts.unknown(|| name.clone()),
                }
            }
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        match self {
            Self::LifeExpectancy { comparison, length } => {
                let comparison = if holds { *comparison } else { comparison.opposite().unwrap_or(*comparison) };
                format!("life expectancy {} {}", comparison.sign(), length.say())
            }
            Self::Named(name) if holds => format!("the patient has {name}"),
            Self::Named(name) => format!("the patient has no {name}"),
        }
    }
}

/// A fact that no field of the profile holds.
pub fn named(name: &str) -> Requirement {
    Requirement::Atom(Atom::Open(OpenFact::Named(fold_name(name))))
}

/// Words for living on, beside the cue.
fn is_survival(element: &Element) -> bool {
    element.is(Cue::LifeExpectancy)
        || matches!(
            element.text.as_str(),
            "survive" | "survival" | "live" | "living" | "lifespan" | "life expectancy" | "life span" | "longevity"
        )
}

/// Reads bounds on life expectancy; without a figure ("not specified") it asks nothing. Who judges it does not matter:
/// it can be stated (convention 7).
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let Some(head) = phrase.find(is_survival) else { return named::read(phrase) };
    let other = phrase.find(|e| {
        matches!(e.text.as_str(), "progression free" | "overall" | "free" | "event") || e.is(Cue::ProgressiveDisease)
    });
    if other.is_some() || phrase.find(|e| e.is(Cue::Administrative)).is_some() {
        return None;
    }
    let Some((at, length)) = length_in(phrase) else {
        let said = phrase.get(head).is_some_and(|e| e.is(Cue::LifeExpectancy));
        let open = phrase.find(|e| matches!(e.text.as_str(), "specified" | "applicable" | "stated"));
        if said && open.is_some() {
            phrase.claim_range(0, phrase.len());
            return Some(Requirement::Nothing);
        }
        return None;
    };
    let comparison = comparison_of(phrase, at);
    phrase.claim_range(at, at + 2);
    // The same length in another unit: "12 weeks (3 months)".
    while let Some((again, _)) = length_in(phrase) {
        phrase.claim_range(again, again + 2);
        comparison_of(phrase, again);
    }
    while let Some(word) = phrase.find(is_survival) {
        phrase.claim(word);
    }
    for cue in [
        Cue::Planned,
        Cue::Judgement,
        Cue::Between,
        Cue::After,
        Cue::Since,
        Cue::Before,
        Cue::Within,
        Cue::Anchor,
        Cue::Must,
        Cue::Duration,
        Cue::Equal,
    ] {
        phrase.take(cue);
    }
    take_words(
        phrase,
        &[
            "expected",
            "expectancy",
            "expectation",
            "estimated",
            "reasonable",
            "chance",
            "likely",
            "predicted",
            "projected",
            "anticipated",
            "time",
            "life",
            "probable",
            "expect",
            "prognosis",
            "likelihood",
            "provider",
            "assessed",
            "remaining",
            "minimal",
            "minimum",
            "a minimum",
            "reasonably",
            "oncologist",
            "treating",
        ],
    );
    Some(Requirement::Atom(Atom::Open(OpenFact::LifeExpectancy { comparison, length })))
}

/// The first unclaimed length of time.
fn length_in(phrase: &Phrase) -> Option<(usize, Length)> {
    (0..phrase.len()).find_map(|at| {
        let Some(Sense::Number(amount)) = phrase.sense(at).filter(|_| !phrase.is_used(at)) else { return None };
        let unit = phrase.get(at + 1).and_then(time_unit).filter(|unit| *unit != TimeUnit::Hour)?;
        Some((at, Length::new(amount, unit)))
    })
}

/// The comparison around a length at `at`, claimed; a bare length is a lower bound.
fn comparison_of(phrase: &mut Phrase, at: usize) -> Comparison {
    let mut before = at;
    while let Some(place) = before.checked_sub(1).filter(|place| at - place <= 4 && !phrase.is_used(*place)) {
        before = place;
        match phrase.sense(place) {
            Some(Sense::Compare(comparison)) => {
                phrase.claim(place);
                return comparison;
            }
            Some(Sense::Cue(Cue::Filler) | Sense::Punctuation(_)) => {}
            _ => break,
        }
    }
    let after = at + 2;
    if phrase.get(after).is_some_and(|e| e.is(Cue::OrMore)) {
        phrase.claim(after);
        return Comparison::GreaterEqual;
    }
    if phrase.get(after).is_some_and(|e| e.is(Cue::OrLess)) {
        phrase.claim(after);
        return Comparison::LessEqual;
    }
    Comparison::GreaterEqual
}
