//! Lines of therapy: how many, of which class, in which setting (convention 12).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::prior_therapy::{SettingIs, Treatments};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::drugs;
use crate::patient::facts::Facts;
use crate::patient::profile::TreatmentKind;
use serde::{Deserialize, Serialize};

/// A bound on a number of lines.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lines {
    /// What a line must contain to count; empty counts every line.
    pub of: Treatments,
    /// The setting; `Any` counts lines for advanced disease as well, which alone are numbered.
    pub setting: SettingIs,
    /// How the number is compared.
    pub comparison: Comparison,
    /// The number.
    pub count: u8,
}

impl Lines {
    /// The upper bound that this number sets when it stands in a permission (convention 40).
    pub fn cap(&self) -> Option<Self> {
        let comparison = match self.comparison {
            Comparison::LessEqual | Comparison::Less => self.comparison,
            Comparison::Equal => Comparison::LessEqual,
            _ => return None,
        };
        Some(Self { comparison, ..self.clone() })
    }

    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(exposures) = &facts.exposures else { return Answer::unknown("number of prior lines of therapy") };
        let mut sure: Vec<u32> = Vec::new();
        let mut perhaps: Vec<u32> = Vec::new();
        let mut evidence = Vec::new();
        for exposure in exposures.iter().filter(|e| e.treatment.kind == TreatmentKind::Drug) {
            let key = match (self.setting, exposure.treatment.line) {
                (SettingIs::Any | SettingIs::Metastatic, Some(line)) if self.setting.of(exposure) != Some(false) => {
                    line
                }
                // Courses for early disease are not numbered: each counts once.
                (SettingIs::Adjuvant | SettingIs::Neoadjuvant | SettingIs::Early, _)
                    if self.setting.of(exposure) == Some(true) =>
                {
                    1000 + exposure.index as u32
                }
                _ => continue,
            };
            let counts = if self.of.is_empty() { Some(true) } else { self.of.given(exposure) };
            match counts {
                Some(true) => {
                    if !sure.contains(&key) {
                        sure.push(key);
                    }
                    evidence.push(Fact::new(exposure.path(), exposure.label()));
                }
                None => perhaps.push(key),
                Some(false) => {}
            }
        }
        perhaps.retain(|p| !sure.contains(p));
        perhaps.sort_unstable();
        perhaps.dedup();
        let holds = |count: usize| self.comparison.holds(count as f64, f64::from(self.count));
        evidence.push(Fact::complete("treatments"));
        if holds(sure.len()) == holds(sure.len() + perhaps.len()) {
            Answer::settled(Truth::from_bool(holds(sure.len())), evidence)
        } else {
            Answer { truth: Truth::Unknown, evidence, missing: vec!["classes of the drugs received".to_owned()] }
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let comparison = if holds { self.comparison } else { self.comparison.opposite().unwrap_or(self.comparison) };
        let of = if self.of.is_empty() { "therapy".to_owned() } else { self.of.say() };
        let setting = match self.setting {
            SettingIs::Any | SettingIs::Metastatic => " in the metastatic setting",
            SettingIs::Adjuvant => " in the adjuvant setting",
            SettingIs::Neoadjuvant => " in the neoadjuvant setting",
            SettingIs::Early => " in the (neo)adjuvant setting",
        };
        let not = if !holds && comparison == Comparison::Equal { "not " } else { "" };
        format!("number of prior lines of {of}{setting} is {not}{} {}", comparison.sign(), self.count)
    }
}

/// Reads a counted number of lines, regimens or therapies, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let line = phrase.find(|e| e.is(Cue::Line));
    let counted = phrase
        .find(|e| e.is(Cue::Line) || e.is(Cue::Therapy) || matches!(e.sense, Sense::Concept(Concept::DrugClass(_))))?;
    let has_class =
        phrase.find(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Drug(_)))).is_some();
    if phrase.has(Cue::LifeExpectancy)
        || line.is_none() && !phrase.has(Cue::Prior) && !phrase.has(Cue::SettingMetastatic)
    {
        return None;
    }
    let time = |e: &Element| {
        crate::grammar::windows::time_unit(e).is_some() || e.is(Cue::HalfLife) || e.is(Cue::Cycle) || e.is(Cue::Grade)
    };
    // "second-line": exactly one line went before; "first line of": none did.
    if let Some(at) = line
        && let Some(rank_at) = phrase.find(|e| matches!(e.sense, Sense::Ordinal(_))).filter(|r| *r < at)
        && phrase.find(|e| matches!(e.sense, Sense::Number(_))).is_none()
    {
        let _ = rank_at;
        return None;
    }
    let number = phrase.find(|e| matches!(e.sense, Sense::Number(_)))?;
    if phrase.get(number + 1).is_some_and(time)
        || number > counted
            && !phrase.get(number + 1).is_some_and(|e| e.is(Cue::Line) || e.is(Cue::Prior) || e.is(Cue::OrMore))
            && line.is_none()
    {
        return None;
    }
    let bounds = bounds::take(phrase, |_| false, false)?;
    if phrase.get(bounds.end).is_some_and(time) {
        return None;
    }
    let mut pairs = bounds.pairs();
    // "one prior line": at least one where it is required, a cap where it is allowed.
    if let [value] = bounds.values.as_slice() {
        pairs = vec![(
            if phrase.elements.iter().any(|e| e.text == "exactly" || e.text == "only") {
                Comparison::Equal
            } else {
                Comparison::GreaterEqual
            },
            *value,
        )];
    }
    let mut of = Treatments::default();
    let mut setting = Vec::new();
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        match phrase.sense(at) {
            Some(Sense::Concept(Concept::DrugClass(row))) => {
                if !is_any_therapy(row) {
                    of.classes.push(row);
                    if context.definitions.conjugates_are_chemotherapy
                        && Some(row as usize) == drugs::class_by_id("chemotherapy")
                    {
                        of.classes.extend(drugs::class_by_id("antibody-drug-conjugate").map(|c| c as u16));
                    }
                }
                phrase.claim(at);
            }
            Some(Sense::Concept(Concept::Drug(row))) => {
                of.drugs.push(row);
                phrase.claim(at);
            }
            Some(Sense::Cue(cue)) => {
                let this = match cue {
                    Cue::SettingMetastatic | Cue::MetastaticDisease | Cue::Advanced => Some(SettingIs::Metastatic),
                    Cue::SettingAdjuvant => Some(SettingIs::Adjuvant),
                    Cue::SettingNeoadjuvant => Some(SettingIs::Neoadjuvant),
                    Cue::SettingEarly => Some(SettingIs::Early),
                    Cue::AnySetting => Some(SettingIs::Any),
                    Cue::Line | Cue::Therapy | Cue::Prior | Cue::Received | Cue::ForBreastCancer | Cue::Not
                        if cue != Cue::Not =>
                    {
                        phrase.claim(at);
                        None
                    }
                    _ => None,
                };
                if let Some(this) = this {
                    setting.push(this);
                    phrase.claim(at);
                }
            }
            _ => {}
        }
    }
    if of.is_empty() && !has_class && line.is_none() && setting.is_empty() {
        return None;
    }
    // "chemotherapy or endocrine therapy" inside one count.
    if of.classes.len() + of.drugs.len() > 1 {
        phrase.take(Cue::Or);
    }
    let setting = match setting.as_slice() {
        [] => SettingIs::Metastatic,
        [one] => *one,
        many if many.contains(&SettingIs::Metastatic) => SettingIs::Any,
        _ => SettingIs::Early,
    };
    let members = pairs
        .into_iter()
        .filter(|(_, value)| (0.0..=50.0).contains(value))
        .map(|(comparison, value)| {
            Requirement::Atom(Atom::Lines(Lines { of: of.clone(), setting, comparison, count: value as u8 }))
        })
        .collect::<Vec<_>>();
    (!members.is_empty()).then(|| Requirement::all(members))
}

/// "Systemic therapy", "anticancer therapy": every line has it.
fn is_any_therapy(row: u16) -> bool {
    drugs::all_classes()
        .get(row as usize)
        .is_some_and(|c| matches!(c.id.as_str(), "anticancer-therapy" | "systemic-therapy"))
}
