//! Age: "aged 18 years or older", "18 to 75 years".

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::structure::Words;
use serde::{Deserialize, Serialize};

/// Age in whole years compared with a bound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Age {
    /// How age is compared.
    pub comparison: Comparison,
    /// Years.
    pub years: u32,
}

impl Age {
    /// Answers for one patient; an interval of ages that the bound cuts is unknown.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some((low, high)) = facts.profile.age_years() else { return Answer::unknown("age") };
        let holds = |age: u32| self.comparison.holds(f64::from(age), f64::from(self.years));
        let fact = match (&facts.profile.birth_date, facts.profile.age) {
            (Some(date), _) => Fact::new("birth_date", date),
            (None, age) => Fact::new("age", age),
        };
        if holds(low) == holds(high) {
            Answer::settled(Truth::from_bool(holds(low)), vec![fact])
        } else {
            Answer::unknown("exact date of birth")
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let comparison = if holds { self.comparison } else { self.comparison.opposite().unwrap_or(self.comparison) };
        format!("age {} {} years", comparison.sign(), self.years)
    }
}

/// Whether a requirement asks, in one conjunction, for ages that no patient can have ("over 40" and "40 or under"): two
/// groups of patients were taken for one.
pub fn contradicts(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::All(members) => {
            let bounds: Vec<&Age> = members
                .iter()
                .filter_map(|m| if let Requirement::Atom(Atom::Age(a)) = m { Some(a) } else { None })
                .collect();
            let possible = |age: u32| bounds.iter().all(|b| b.comparison.holds(f64::from(age), f64::from(b.years)));
            bounds.len() > 1 && !(0..=130).any(possible) || members.iter().any(contradicts)
        }
        Requirement::Any(members) | Requirement::AtLeast(_, members) => members.iter().any(contradicts),
        Requirement::Not(inner) | Requirement::Judged(inner) => contradicts(inner),
        Requirement::Atom(_)
        | Requirement::Nothing
        | Requirement::Confirm
        | Requirement::Partly(..)
        | Requirement::Unread(_) => false,
    }
}

/// Words of age that are claimed with a bound.
const WORDS: &[&str] = &[
    "adult",
    "age",
    "aged",
    "child",
    "children",
    "inclusive",
    "inclusively",
    "limit",
    "minor",
    "old",
    "older",
    "only",
    "signature",
    "year old",
    "young",
    "younger",
];

fn is_year(element: &Element) -> bool {
    element.is(Cue::Year) || matches!(element.text.as_str(), "yrs" | "yr" | "yo" | "y.o" | "y / o")
}

/// "18 and over", "21 to 69", and nothing besides: what a heading "Age" leaves to its item. In years.
fn bare(phrase: &Phrase) -> Option<(u32, Option<u32>)> {
    let years = |at: usize| match phrase.sense(at) {
        Some(Sense::Number(value)) if (15.0..=100.0).contains(&value) && value.fract() == 0.0 => Some(value as u32),
        _ => None,
    };
    let low = (phrase.len() <= 4).then(|| years(0)).flatten().filter(|low| *low <= 75)?;
    let over = |e: &Element| {
        e.is(Cue::OrMore)
            && matches!(e.text.as_str(), "and over" | "and older" | "or over" | "or older" | "and above" | "or above")
    };
    match (phrase.get(1), phrase.len()) {
        (Some(more), 2) if over(more) => Some((low, None)),
        (Some(to), 3) if (to.text == "to" || to.is_char('-')) && low <= 40 => Some((low, Some(years(2)?))),
        _ => None,
    }
}

/// Reads bounds on age.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if context.section == Section::Inclusion
        && let Some((low, high)) = bare(phrase)
    {
        phrase.claim_range(0, phrase.len());
        let atom = |comparison, years| Requirement::Atom(Atom::Age(Age { comparison, years }));
        let upper = high.map(|high| atom(Comparison::LessEqual, high));
        return Some(Requirement::all(
            [Some(atom(Comparison::GreaterEqual, low)), upper].into_iter().flatten().collect(),
        ));
    }
    if !phrase.holds_word(Words::Age) && !phrase.elements.iter().any(is_year) {
        return None;
    }
    let speaks_of_age = phrase.elements.iter().any(|e| {
        matches!(e.text.as_str(), "age" | "aged" | "old" | "year of age" | "year old" | "age of" | "adult" | "minor")
            || e.text.starts_with("year") && e.text.contains("age")
    }) || phrase.elements.iter().any(is_year)
        && phrase.elements.iter().any(|e| e.is(Cue::Female) || e.is(Cue::Male))
        && !phrase.has(Cue::Within)
        && !phrase.has(Cue::History)
        || phrase.elements.iter().all(|e| {
            matches!(
                e.sense,
                Sense::Compare(_)
                    | Sense::Number(_)
                    | Sense::Cue(Cue::Filler | Cue::OrMore | Cue::OrLess)
                    | Sense::Punctuation(_)
            ) || is_year(e)
        }) && phrase.elements.iter().any(is_year);
    let other = phrase.find(|e| {
        e.is(Cue::LifeExpectancy) || e.is(Cue::Karnofsky) || matches!(e.sense, Sense::Concept(_)) && !is_year(e)
    });
    // "A child of at least six": the age of someone else.
    let someone =
        phrase.find(|e| matches!(e.text.as_str(), "mother" | "infant" | "relative" | "diagnosed" | "menarche"));
    if !speaks_of_age || other.is_some() || someone.is_some() {
        return None;
    }
    let mut members: Vec<Requirement> = Vec::new();
    let alternatives = phrase.has(Cue::Or);
    // "At least 70, or at least 65 with ECOG 2": what another kind has read belongs to one of the ages alone.
    if alternatives && (0..phrase.len()).any(|at| phrase.is_used(at)) {
        return None;
    }
    while let Some(bound) = bounds::take(phrase, is_year, true) {
        // A bare figure with "years" is no bound without a word about age beside it.
        let mut pair = Vec::new();
        for (comparison, value) in bound.pairs() {
            if !(0.0..=120.0).contains(&value) {
                return None;
            }
            pair.push(Requirement::Atom(Atom::Age(Age { comparison, years: value as u32 })));
        }
        members.push(Requirement::all(pair));
    }
    if members.is_empty() {
        return None;
    }
    // "12 to 17 after approval by the committee": the last of them is for a person.
    if let Some(at) = phrase.find(|e| e.is(Cue::After))
        && let Some(end) = (at..phrase.len())
            .find(|i| phrase.get(*i).is_some_and(|e| matches!(e.text.as_str(), "approval" | "approved" | "clearance")))
        && let Some(last) = members.pop()
    {
        phrase.claim_range(at, end + 1);
        members.push(Requirement::all(vec![last, Requirement::Confirm]));
    }
    for at in 0..phrase.len() {
        if phrase.get(at).is_some_and(|e| WORDS.contains(&e.text.as_str()) || is_year(e) || e.is(Cue::Between)) {
            phrase.claim(at);
        }
    }
    if alternatives && members.len() > 1 {
        phrase.take(Cue::Or);
        return Some(Requirement::any(members));
    }
    Some(Requirement::all(members))
}
