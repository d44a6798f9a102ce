//! Treatment received: drugs, classes, operations, radiotherapy; in which setting, when, and how it ended.

mod courses;
mod details;
mod evaluation;
mod given;
mod guards;
mod headless;
mod idioms;
mod intervals;
mod joining;
mod lists;
mod manner;
mod marks;
mod parts;
mod question;
mod reading;
mod relapse;
mod settings;
#[cfg(test)]
mod tests;

use crate::grammar::windows::{Bound, Window};
use crate::lexicon::{drugs, procedures};
use serde::{Deserialize, Serialize};

pub(super) use lists::{is_idle, is_treatment, list_at};
pub(super) use marks::claim_idle;
pub use reading::read;
pub(super) use settings::setting_in;

/// What was given: any of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Treatments {
    /// Rows of the drugs.
    pub drugs: Vec<u16>,
    /// Rows of the drug classes.
    pub classes: Vec<u16>,
    /// Rows of the procedures.
    pub procedures: Vec<u16>,
    /// Names that the vocabulary does not hold (the trial's own drug).
    pub names: Vec<String>,
}

/// The setting that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SettingIs {
    /// Any.
    Any,
    /// Locally advanced or metastatic disease.
    Metastatic,
    /// After curative surgery (convention 33).
    Adjuvant,
    /// Before curative surgery.
    Neoadjuvant,
    /// Either.
    Early,
    /// After curative surgery, or locally advanced or metastatic disease.
    AdjuvantOrMetastatic,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum How {
    /// Received at all.
    Received,
    /// Still going on.
    Ongoing,
    /// The disease progressed on it (convention 13).
    Progressed,
    /// Stopped for toxicity.
    Intolerant,
    /// The disease came back or progressed within the window of the therapy's end (or of its start), or during it.
    Recurred,
    /// Received, with a detail that no profile states: settled only where the treatment was not given.
    Detail(Detail),
}

/// Details that narrow a question about treatment and that the profile cannot state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Detail {
    /// Above a cumulative dose.
    CumulativeDose,
    /// A share of the bone marrow was irradiated.
    MarrowShare,
    /// Stopped for a toxicity of a certain kind or grade.
    Toxicity,
    /// A number of cycles or doses.
    Cycles,
    /// Anything else about how it was given: route, intensity, region.
    Manner,
}

impl Detail {
    /// The fact that is missing, in words.
    pub fn missing(self) -> &'static str {
        match self {
            Self::CumulativeDose => "cumulative dose of",
            Self::MarrowShare => "share of the bone marrow irradiated by",
            Self::Toxicity => "the toxicity, and its grade, that ended",
            Self::Cycles => "number of cycles of",
            Self::Manner => "how exactly the patient was given",
        }
    }
}

/// From which end of a treatment a window is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Edge {
    /// Its last day.
    #[default]
    End,
    /// Its first day.
    Start,
}

/// Which of several courses counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Rank {
    /// Any.
    #[default]
    Any,
    /// The line of this number.
    Line(u8),
    /// The most recent one.
    Latest,
}

/// A question about treatment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Therapy {
    /// What was given.
    pub what: Treatments,
    /// What does not count.
    pub except: Option<(Treatments, SettingIs)>,
    /// The setting that counts.
    pub setting: SettingIs,
    /// How it went.
    pub how: How,
    /// When it ended, or how long it lasted.
    pub window: Option<Window>,
    /// What was given in the same course.
    #[serde(default)]
    pub with: Option<Treatments>,
    /// Whether it was given alone.
    #[serde(default)]
    pub alone: bool,
    /// Which course counts.
    #[serde(default)]
    pub rank: Rank,
    /// From which end the window is counted.
    #[serde(default)]
    pub edge: Edge,
    /// Words that narrow what was given and that no profile states: settled only where it was not given.
    #[serde(default)]
    pub manner: Option<String>,
}

impl Therapy {
    /// Treatment ever received.
    pub fn received(what: Treatments) -> Self {
        Self {
            what,
            except: None,
            setting: SettingIs::Any,
            how: How::Received,
            window: None,
            with: None,
            alone: false,
            rank: Rank::Any,
            edge: Edge::End,
            manner: None,
        }
    }

    /// Whether two questions speak of overlapping treatments.
    pub fn same_subject(&self, other: &Self) -> bool {
        let overlap = |a: &Treatments, b: &Treatments| {
            a.drugs
                .iter()
                .any(|d| b.drugs.contains(d) || b.classes.iter().any(|c| drugs::is_in_class(*d as usize, *c as usize)))
                || a.classes.iter().any(|c| b.classes.iter().any(|k| drugs::class_is_a(*c as usize, *k as usize)))
                || a.procedures.iter().any(|p| b.procedures.iter().any(|q| procedures::is_a(*p as usize, *q as usize)))
        };
        overlap(&self.what, &other.what) || overlap(&other.what, &self.what)
    }

    /// Whether one was given for early disease and the other for advanced disease.
    pub fn is_apart(&self, other: &Self) -> bool {
        let early = |s: SettingIs| matches!(s, SettingIs::Adjuvant | SettingIs::Neoadjuvant | SettingIs::Early);
        let advanced = |s: SettingIs| s == SettingIs::Metastatic;
        early(self.setting) && advanced(other.setting) || advanced(self.setting) && early(other.setting)
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let what = self.what.say();
        let setting = setting_words(self.setting);
        let except = self
            .except
            .as_ref()
            .map(|(e, setting)| format!(" other than {}{}", e.say(), setting_words(*setting)))
            .unwrap_or_default();
        let with = self.with.as_ref().map(|w| format!(" in combination with {}", w.say())).unwrap_or_default();
        let alone = if self.alone { " alone" } else { "" };
        let rank = match self.rank {
            Rank::Any => String::new(),
            Rank::Line(line) => format!(" as {} therapy", ordinal_line(line)),
            Rank::Latest => " as the most recent therapy".to_owned(),
        };
        let window = self.window.map(|w| format!(" {}", w.say())).unwrap_or_default();
        let window =
            if self.edge == Edge::Start && self.how != How::Recurred { format!(", started{window}") } else { window };
        let manner = self.manner.as_ref().map(|words| format!(" ({words})")).unwrap_or_default();
        let thing = format!("{what}{manner}{except}{alone}{with}{rank}{setting}");
        let has = if holds { "has" } else { "has not" };
        match self.how {
            How::Received => format!("the patient {has} received {thing}{window}"),
            How::Ongoing => format!("the patient {} receiving {thing}{window}", if holds { "is" } else { "is not" }),
            How::Progressed => format!("the patient {has} progressed on {thing}{window}"),
            How::Intolerant if holds => format!("the patient did not tolerate {thing}{window}"),
            How::Intolerant => format!("the patient is not intolerant of {thing}{window}"),
            How::Recurred => {
                let length = self.window.and_then(|w| w.length).map(|l| l.say()).unwrap_or_default();
                let edge = if self.edge == Edge::Start { "starting" } else { "completing" };
                let side = match self.window.map(|w| w.bound) {
                    Some(Bound::Ago { strict: true }) => "more than",
                    Some(Bound::Ago { .. }) => "at least",
                    _ => "within",
                };
                let after = if side == "within" { "of" } else { "after" };
                format!("the disease {has} recurred or progressed {side} {length} {after} {edge} {thing}")
            }
            How::Detail(detail) => {
                let detail = match detail {
                    Detail::CumulativeDose => "more than the limiting cumulative dose of",
                    Detail::MarrowShare => "treatment of a large share of the bone marrow by",
                    Detail::Toxicity => "until a limiting toxicity ended it",
                    Detail::Cycles => "so many cycles of",
                    Detail::Manner => "in the stated manner",
                };
                match self.how {
                    How::Detail(Detail::Toxicity | Detail::Manner) => {
                        format!("the patient {has} received {thing}{window} {detail}")
                    }
                    _ => format!("the patient {has} received {detail} {thing}{window}"),
                }
            }
        }
    }
}

/// "First-line".
fn ordinal_line(line: u8) -> String {
    let ordinal = match line {
        1 => "first",
        2 => "second",
        3 => "third",
        4 => "fourth",
        _ => return format!("line {line}"),
    };
    format!("{ordinal}-line")
}

fn setting_words(setting: SettingIs) -> &'static str {
    match setting {
        SettingIs::Any => "",
        SettingIs::Metastatic => " in the metastatic setting",
        SettingIs::Adjuvant => " in the adjuvant setting",
        SettingIs::Neoadjuvant => " in the neoadjuvant setting",
        SettingIs::Early => " in the (neo)adjuvant setting",
        SettingIs::AdjuvantOrMetastatic => " in the adjuvant or metastatic setting",
    }
}

impl Treatments {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.drugs.is_empty() && self.classes.is_empty() && self.procedures.is_empty() && self.names.is_empty()
    }

    /// In words.
    pub fn say(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        names.extend(self.drugs.iter().filter_map(|d| drugs::all_drugs().get(*d as usize)).map(|d| d.id.clone()));
        names.extend(self.classes.iter().filter_map(|c| drugs::all_classes().get(*c as usize)).map(|c| c.name.clone()));
        names.extend(self.procedures.iter().filter_map(|p| procedures::all().get(*p as usize)).map(|p| p.id.clone()));
        names.extend(self.names.iter().cloned());
        names.join(" or ")
    }

    /// Any systemic anticancer therapy.
    pub fn systemic() -> Self {
        Self::class("systemic-therapy")
    }

    /// A class by its identifier.
    pub fn class(id: &str) -> Self {
        Self { classes: drugs::class_by_id(id).map(|c| c as u16).into_iter().collect(), ..Self::default() }
    }
}
