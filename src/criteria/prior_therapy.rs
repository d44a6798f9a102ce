//! Treatment received: drugs, classes, operations, radiotherapy; in which setting, when, and how it ended.

mod evaluation;
mod reading;

use crate::grammar::windows::Window;
use crate::lexicon::{drugs, procedures};
use serde::{Deserialize, Serialize};

pub use reading::read;

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
}

impl Therapy {
    /// Treatment ever received.
    pub fn received(what: Treatments) -> Self {
        Self { what, except: None, setting: SettingIs::Any, how: How::Received, window: None }
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

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let what = self.what.say();
        let setting = match self.setting {
            SettingIs::Any => "",
            SettingIs::Metastatic => " in the metastatic setting",
            SettingIs::Adjuvant => " in the adjuvant setting",
            SettingIs::Neoadjuvant => " in the neoadjuvant setting",
            SettingIs::Early => " in the (neo)adjuvant setting",
        };
        let except = self.except.as_ref().map(|(e, _)| format!(" other than {}", e.say())).unwrap_or_default();
        let window = self.window.map(|w| format!(" {}", w.say())).unwrap_or_default();
        let verb = match (self.how, holds) {
            (How::Received, true) => "has received",
            (How::Received, false) => "has not received",
            (How::Ongoing, true) => "is receiving",
            (How::Ongoing, false) => "is not receiving",
            (How::Progressed, true) => "has progressed on",
            (How::Progressed, false) => "has not progressed on",
            (How::Intolerant, true) => "did not tolerate",
            (How::Intolerant, false) => "tolerated, or never received,",
        };
        format!("the patient {verb} {what}{except}{setting}{window}")
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
