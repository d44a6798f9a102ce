//! Lines of therapy: how many, of which class, in which setting (convention 12).

mod reading;

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::facts::{Exposure, Facts};
use crate::criteria::prior_therapy::{SettingIs, Treatments};
use crate::grammar::elements::Comparison;
use crate::lexicon::drugs;
use crate::patient::profile::TreatmentKind;
use serde::{Deserialize, Serialize};

pub use reading::read;

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
    /// What does not count.
    #[serde(default)]
    pub except: Treatments,
    /// Whether distinct drugs are counted, not lines.
    #[serde(default)]
    pub agents: bool,
    /// Whether the number stood alone ("one prior line"): in a permission it is a cap.
    #[serde(default)]
    pub bare: bool,
}

impl Lines {
    /// At least one line in a setting.
    pub fn any(setting: SettingIs) -> Self {
        Self {
            of: Treatments::default(),
            setting,
            comparison: Comparison::GreaterEqual,
            count: 1,
            except: Treatments::default(),
            agents: false,
            bare: false,
        }
    }

    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(exposures) = &facts.exposures else { return Answer::unknown("number of prior lines of therapy") };
        let mut sure: Vec<u32> = Vec::new();
        let mut perhaps: Vec<u32> = Vec::new();
        let mut evidence = Vec::new();
        for exposure in exposures.iter().filter(|e| e.treatment.kind == TreatmentKind::Drug) {
            if self.agents {
                self.count_agents(exposure, &mut sure, &mut perhaps, &mut evidence);
                continue;
            }
            let Some(key) = self.key(exposure) else { continue };
            match self.counts(exposure) {
                Some(true) => {
                    if !sure.contains(&key) {
                        sure.push(key);
                    }
                    evidence.extend(facts.evidence(|| Fact::new(exposure.path(), exposure.label())));
                }
                None => perhaps.push(key),
                Some(false) => {}
            }
        }
        perhaps.retain(|p| !sure.contains(p));
        perhaps.sort_unstable();
        perhaps.dedup();
        let holds = |count: usize| self.comparison.holds(count as f64, f64::from(self.count));
        if !facts.open_treatments() {
            evidence.extend(facts.evidence(|| Fact::complete("treatments")));
        }
        // Of treatments that are not listed there may be any number.
        let most = if facts.open_treatments() { usize::from(u8::MAX) + 1 } else { sure.len() + perhaps.len() };
        let settled = match self.comparison {
            // Between none and many more lies the number itself.
            Comparison::Equal if facts.open_treatments() => sure.len() > usize::from(self.count),
            _ => holds(sure.len()) == holds(most),
        };
        if settled {
            Answer::settled(Truth::from_bool(holds(sure.len())), evidence)
        } else {
            Answer {
                truth: Truth::Unknown,
                evidence,
                missing: facts.missing(|| "classes of the drugs received".to_owned()),
            }
        }
    }

    /// The line that a treatment belongs to, where it counts in the setting. Courses for early disease are not
    /// numbered: each counts once.
    fn key(&self, exposure: &Exposure<'_>) -> Option<u32> {
        let course = 1000 + exposure.index as u32;
        match self.setting {
            SettingIs::Metastatic => exposure.treatment.line.filter(|_| self.setting.of(exposure) != Some(false)),
            SettingIs::Any | SettingIs::AdjuvantOrMetastatic => exposure
                .treatment
                .line
                .or_else(|| (exposure.drugs.iter().any(|d| d.is_none_or(drugs::makes_a_line))).then_some(course))
                .filter(|_| self.setting.of(exposure) == Some(true)),
            _ => (self.setting.of(exposure) == Some(true)).then_some(course),
        }
    }

    /// Whether a treatment contains what is counted.
    fn counts(&self, exposure: &Exposure<'_>) -> Option<bool> {
        if self.except.is_empty() {
            return if self.of.is_empty() { Some(true) } else { self.of.given(exposure) };
        }
        let mut answer = Some(false);
        for (agent, drug) in exposure.folded.iter().zip(&exposure.drugs) {
            let wanted = if self.of.is_empty() { Some(true) } else { self.of.covers(agent, *drug) };
            match (wanted, self.except.covers(agent, *drug)) {
                (Some(true), Some(false)) => return Some(true),
                (Some(false), _) | (_, Some(true)) => {}
                _ => answer = None,
            }
        }
        answer
    }

    /// Counts distinct drugs.
    fn count_agents(
        &self,
        exposure: &Exposure<'_>,
        sure: &mut Vec<u32>,
        perhaps: &mut Vec<u32>,
        evidence: &mut Vec<Fact>,
    ) {
        for (index, (agent, drug)) in exposure.folded.iter().zip(&exposure.drugs).enumerate() {
            let in_setting = self.setting.of(exposure);
            let wanted = if self.of.is_empty() { Some(true) } else { self.of.covers(agent, *drug) };
            let excepted = !self.except.is_empty() && self.except.covers(agent, *drug) != Some(false);
            if wanted == Some(false) || excepted || in_setting == Some(false) {
                continue;
            }
            let keys: Vec<u32> = match drug {
                Some(drug) => drugs::components_of(*drug).iter().map(|d| *d as u32).collect(),
                None => vec![100_000 + (exposure.index * 100 + index) as u32],
            };
            for key in keys {
                if wanted == Some(true) && in_setting == Some(true) {
                    if !sure.contains(&key) {
                        sure.push(key);
                        evidence.push(Fact::new(exposure.path(), exposure.label()));
                    }
                } else {
                    perhaps.push(key);
                }
            }
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let comparison = if holds { self.comparison } else { self.comparison.opposite().unwrap_or(self.comparison) };
        let of = if self.of.is_empty() { "therapy".to_owned() } else { self.of.say() };
        let setting = match self.setting {
            SettingIs::Any => " in any setting",
            SettingIs::Metastatic => " in the metastatic setting",
            SettingIs::Adjuvant => " in the adjuvant setting",
            SettingIs::Neoadjuvant => " in the neoadjuvant setting",
            SettingIs::Early => " in the (neo)adjuvant setting",
            SettingIs::AdjuvantOrMetastatic => " in the adjuvant or metastatic setting",
        };
        let except = if self.except.is_empty() { String::new() } else { format!(" other than {}", self.except.say()) };
        if self.agents {
            return format!(
                "number of distinct drugs among {of}{except}{setting} is {} {}",
                comparison.sign(),
                self.count
            );
        }
        // Of several treatments, and over all settings, the number is said first.
        let several = self.of.drugs.len() + self.of.classes.len() + self.of.procedures.len() > 1;
        if several || self.setting == SettingIs::Any {
            let plural = if self.count == 1 { "" } else { "s" };
            let bound = match comparison {
                Comparison::Less => "fewer than",
                Comparison::LessEqual => "at most",
                Comparison::Equal => "exactly",
                Comparison::GreaterEqual => "at least",
                Comparison::Greater => "more than",
            };
            let none = if !holds && comparison == Comparison::Equal { "not " } else { "" };
            return format!("{none}{bound} {} prior line{plural} of {of}{except}{setting}", self.count);
        }
        let not = if !holds && comparison == Comparison::Equal { "not " } else { "" };
        format!("number of prior lines of {of}{except}{setting} is {not}{} {}", comparison.sign(), self.count)
    }
}
