//! Performance status: ECOG (WHO, Zubrod) and Karnofsky.

use crate::criteria::age::Age;
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact;
use crate::criteria::reader::closing;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{self, time_unit};
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

/// Reads an item about performance status and nothing else: "The ECOG score must be 0 or 1".
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let scale = |e: &Element| e.is(Cue::Ecog) || e.is(Cue::Karnofsky);
    let open = |e: &Element| {
        matches!(e.sense, Sense::Concept(_))
            || e.is(Cue::LifeExpectancy)
            || matches!(e.sense, Sense::Cue(Cue::MustNot | Cue::Forbidden | Cue::Allowed | Cue::May | Cue::Unless))
    };
    if !elements.iter().any(scale) || elements.iter().any(open) {
        return None;
    }
    let start = elements.iter().take(9).rposition(|e| e.is_char(':')).map_or(0, |at| at + 1);
    let start = if elements.iter().take(start).any(scale) { 0 } else { start };
    let mut phrase = Phrase::new(elements.get(start..).unwrap_or_default().to_vec());
    let requirement = read(&mut phrase, context)?;
    if !phrase.is_read() {
        return None;
    }
    Some(if context.section == Section::Exclusion { requirement.negated() } else { requirement })
}

/// Whether a number behind the bound, or what stands behind it, is of something else: "≥ 18 years", "1 site", "5)".
fn is_other(phrase: &Phrase, at: usize, end: usize) -> bool {
    let next = phrase.get(end);
    let measured = next.is_some_and(|e| {
        time_unit(e).is_some()
            || matches!(e.sense, Sense::Concept(_) | Sense::Cue(Cue::Line | Cue::Cycle))
            || matches!(e.text.as_str(), "site" | "lesion" | "line" | "regimen")
    });
    let mark = next.is_some_and(|e| e.is_char(')'))
        && at.checked_sub(1).is_none_or(|before| {
            phrase.get(before).is_some_and(|e| matches!(e.sense, Sense::Number(_)) || phrase.is_used(before))
        })
        && !(0..at).any(|i| phrase.get(i).is_some_and(|e| e.is_char('(') && !phrase.is_used(i)));
    let named = at.checked_sub(1).and_then(|before| phrase.get(before)).is_some_and(|e| {
        matches!(e.text.as_str(), "phase" | "cohort" | "appendix" | "part" | "day" | "cycle" | "table" | "version")
    });
    measured || mark || named
}

/// A bracket that cites: "[Oken, 1982]", "(see Appendix 1)".
fn cites(inside: &[Element]) -> bool {
    inside.iter().any(|e| e.text.contains("appendix") || e.text == "oken" || e.text.contains("see "))
        || inside.iter().any(|e| matches!(e.sense, Sense::Number(value) if (1940.0..2040.0).contains(&value)))
}

/// Claims brackets that cite, and words that say when and by whom the score is taken.
fn claim_surroundings(phrase: &mut Phrase) {
    let mut at = 0;
    while at < phrase.len() {
        if phrase.get(at).is_some_and(|e| e.is_char('(') || e.is_char('[')) {
            let close = closing(&phrase.elements, at);
            if cites(phrase.elements.get(at + 1..close).unwrap_or_default()) {
                phrase.claim_range(at, close + 1);
                at = close;
            }
        }
        at += 1;
    }
    for at in 0..phrase.len() {
        let harmless = phrase.get(at).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "world"
                    | "health"
                    | "organization"
                    | "organisation"
                    | "eastern"
                    | "cooperative"
                    | "clinical"
                    | "oncology"
                    | "group"
                    | "performance"
                    | "schedule"
                    | "index"
                    | "admission"
                    | "ambulatory"
                    | "functional"
                    | "criterion"
                    | "inclusive"
                    | "good"
                    | "general"
                    | "level"
            ) && !matches!(e.sense, Sense::Concept(_))
        });
        if harmless && !phrase.is_used(at) {
            phrase.claim(at);
        }
    }
}

/// "With no deterioration over the previous 2 weeks": claimed; nothing in a profile says it.
fn deterioration(phrase: &mut Phrase) -> Option<Requirement> {
    let word =
        phrase.find(|e| matches!(e.text.as_str(), "deterioration" | "deteriorated" | "worsening" | "decline"))?;
    let denied = (word.saturating_sub(4)..word).rev().find(|at| phrase.get(*at).is_some_and(|e| e.is(Cue::Not)))?;
    let number = (word..phrase.len().min(word + 8)).find(|at| matches!(phrase.sense(*at), Some(Sense::Number(_))))?;
    let unit = phrase.get(number + 1).filter(|e| time_unit(e).is_some())?;
    let name = format!(
        "deterioration of performance status within {} {}s",
        phrase.get(number).map_or("", |e| e.text.as_str()),
        unit.text
    );
    phrase.claim_range(denied, number + 2);
    Some(open_fact::named(&name).negated())
}

/// Reads bounds on either scale; two scales in one phrase are alternatives that say the same.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let bare = names_organisation(phrase);
    if !phrase.has(Cue::Ecog) && !phrase.has(Cue::Karnofsky) && bare.is_none() {
        return None;
    }
    let mut copy = phrase.clone();
    let before: Vec<usize> = (0..phrase.len()).filter(|at| phrase.is_used(*at)).collect();
    if let Some(at) = bare {
        copy.claim(at);
    }
    let steady = deterioration(&mut copy);
    claim_surroundings(&mut copy);
    let mut ecog: Vec<Requirement> = Vec::new();
    let mut karnofsky = Vec::new();
    let better = copy.elements.iter().any(|e| e.text.ends_with("or better"));
    // "0-2 in phase 1 and 0-1 in phase 2": the patient passes by the best group (convention 28).
    let groups = copy.elements.iter().any(|e| matches!(e.text.as_str(), "phase" | "cohort" | "part" | "arm"));
    let mut from = 0;
    while let Some(at) = copy.find_from(from, |e| matches!(e.sense, Sense::Number(_))) {
        from = at + 1;
        let Some(bound) = bounds::at_number(&copy, at, &|e: &Element| e.is_char('%') || e.text == "%", false) else {
            continue;
        };
        if is_other(&copy, at, bound.end) || bound.pairs().iter().any(|(_, value)| !is_score(*value)) {
            continue;
        }
        copy.claim_range(bounds::start_of(&copy, at), bound.end);
        from = bound.end.max(from);
        let percent = bound.pairs().iter().any(|(_, value)| *value > 5.0);
        // "Worse than 2" is a higher grade, or a lower percentage.
        let worse = (at.saturating_sub(2)..at).find(|i| copy.get(*i).is_some_and(|e| e.text.starts_with("worse")));
        if let (Some(word), [value]) = (worse, bound.values.as_slice()) {
            copy.claim_range(word, at);
            let comparison = if percent { Comparison::Less } else { Comparison::Greater };
            let atom = Requirement::Atom(Atom::PerformanceStatus(PerformanceStatus {
                karnofsky: percent,
                comparison,
                score: value.clamp(0.0, 100.0) as u8,
            }));
            if percent {
                karnofsky.push(atom)
            } else {
                ecog.push(atom)
            }
            continue;
        }
        let mut own = Vec::new();
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
            own.push(Requirement::Atom(Atom::PerformanceStatus(PerformanceStatus {
                karnofsky: percent,
                comparison,
                score: value.clamp(0.0, 100.0) as u8,
            })));
        }
        // "ECOG 0": exactly 0 is at most 0.
        if bound.values == [0.0] && own.is_empty() {
            own.push(Requirement::Atom(Atom::PerformanceStatus(PerformanceStatus {
                karnofsky: false,
                comparison: Comparison::LessEqual,
                score: 0,
            })));
        }
        let mut own = Requirement::all(own);
        // "Lansky ≥ 70 % (patients < 16 years)": each scale for its ages; the one for children is not in a profile.
        if let Some((ages, end)) = ages_behind(&copy, bound.end) {
            let lansky = (0..at).rev().find_map(|i| copy.get(i).filter(|e| e.is(Cue::Karnofsky) || e.is(Cue::Ecog)));
            if lansky.is_some_and(|e| e.text.contains("lansky")) {
                own = Requirement::Confirm;
            }
            own = Requirement::when(ages, own);
            copy.claim_range(bound.end, end);
            from = end;
        }
        if percent { karnofsky.push(own) } else { ecog.push(own) }
    }
    if ecog.is_empty() && karnofsky.is_empty() {
        return None;
    }
    *phrase = copy;
    phrase.take(Cue::Ecog);
    phrase.take(Cue::Karnofsky);
    phrase.take(Cue::Grade);
    // The score is taken as of the profile's day, whatever its window (convention 1).
    while phrase.has(Cue::Within) && windows::take_window(phrase).is_some() {}
    if let Some(at) = phrase.find(|e| matches!(e.text.as_str(), "obtained" | "performed" | "assessed" | "determined")) {
        phrase.claim(at);
        windows::take_window(phrase);
    }
    // An "or" between scores and scales; others join other things.
    let ours = |at: &usize| phrase.is_used(*at) && !before.contains(at);
    let first = (0..phrase.len()).find(ours).unwrap_or(0);
    let last = (0..phrase.len()).rev().find(ours).unwrap_or(0);
    for at in first..last {
        if matches!(phrase.sense(at), Some(Sense::Cue(Cue::Or))) {
            phrase.claim(at);
        }
    }
    let join = |members: Vec<Requirement>| if groups { Requirement::any(members) } else { Requirement::all(members) };
    // Both scales say the same; the one that is stated decides.
    let scored = match (ecog.is_empty(), karnofsky.is_empty()) {
        (false, false) => Requirement::any(vec![join(ecog), join(karnofsky)]),
        (false, true) => join(ecog),
        _ => join(karnofsky),
    };
    Some(Requirement::all(std::iter::once(scored).chain(steady).collect()))
}

/// The ages in a bracket behind a score, and one past it: "(for patients ≥ 16 years old)".
fn ages_behind(phrase: &Phrase, from: usize) -> Option<(Requirement, usize)> {
    phrase.get(from).filter(|e| e.is_char('('))?;
    let close = closing(&phrase.elements, from);
    let number = (from..close).find(|at| matches!(phrase.sense(*at), Some(Sense::Number(_))))?;
    let bound = bounds::at_number(phrase, number, &|e: &Element| e.is(Cue::Year), true)?;
    phrase.get(bound.end.checked_sub(1)?).filter(|e| e.is(Cue::Year))?;
    let ages = bound.pairs().into_iter().map(|(comparison, value)| {
        Requirement::Atom(Atom::Age(Age { comparison, years: value.clamp(0.0, 120.0) as u32 }))
    });
    Some((Requirement::all(ages.collect()), close + 1))
}

/// Grades of ECOG, or tens of Karnofsky.
fn is_score(value: f64) -> bool {
    value.fract() == 0.0 && (value <= 5.0 || (10.0..=100.0).contains(&value) && value % 10.0 == 0.0)
}

/// "WHO 0-2": the scale of the World Health Organization, in a phrase that says no more.
fn names_organisation(phrase: &Phrase) -> Option<usize> {
    let at = phrase.find(|e| e.text == "who" && e.capital)?;
    let number = (at + 1..at + 4).any(|i| matches!(phrase.sense(i), Some(Sense::Number(value)) if value <= 2.0));
    let plain = phrase.elements.iter().all(|e| {
        matches!(e.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Punctuation(_))
            || matches!(e.sense, Sense::Cue(Cue::Filler | Cue::Or))
    });
    (number && plain).then_some(at)
}
