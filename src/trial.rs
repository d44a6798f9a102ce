//! A trial, neutral of the registry that it came from.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A span of the eligibility text in Unicode scalar values (characters): start inclusive, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

/// The registry that a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    /// ClinicalTrials.gov.
    Ctgov,
    /// ISRCTN.
    Isrctn,
    /// EU CTIS.
    Ctis,
    /// WHO ICTRP.
    Ictrp,
    /// Invented records that are bundled with the program.
    Sample,
}

impl Registry {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Ctgov, Self::Isrctn, Self::Ctis, Self::Ictrp, Self::Sample];

    /// Gives the word that programs use for it (`ctgov`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Ctgov => "ctgov",
            Self::Isrctn => "isrctn",
            Self::Ctis => "ctis",
            Self::Ictrp => "ictrp",
            Self::Sample => "sample",
        }
    }

    /// Gives the name that people know it by (`ClinicalTrials.gov`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Ctgov => "ClinicalTrials.gov",
            Self::Isrctn => "ISRCTN registry",
            Self::Ctis => "EU CTIS",
            Self::Ictrp => "WHO ICTRP",
            Self::Sample => "bundled sample",
        }
    }
}

/// One study record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The registry's identifier (`NCT00000000`).
    pub id: String,
    /// Identifiers that the record cites.
    pub other_ids: Vec<String>,
    /// Where the record came from.
    pub registry: Registry,
    /// Brief title.
    pub title: String,
    /// Overall status in the spelling of ClinicalTrials.gov, into which the words of other registries are put
    /// (`RECRUITING`; `NOT_RECRUITING` where a registry says no more than that); empty where the record has none.
    pub status: String,
    /// What the registry itself says about recruitment, where `status` is not its own word.
    pub recruitment: Recruitment,
    /// Phases in the registry's spelling (`PHASE2`).
    pub phases: Vec<String>,
    /// Study type in the registry's spelling (`INTERVENTIONAL`).
    pub study_type: String,
    /// Public page of the record.
    pub url: String,
    /// Day of the last update that the registry posted.
    pub last_update: Option<String>,
    /// Month or day on which the status was last verified.
    pub verified: Option<String>,
    /// Brief summary.
    pub summary: String,
    /// Conditions as stated.
    pub conditions: Vec<String>,
    /// Keywords as stated.
    pub keywords: Vec<String>,
    /// Intervention names, other names included.
    pub interventions: Vec<String>,
    /// Names of arms.
    pub arms: Vec<String>,
    /// The eligibility text, verbatim.
    pub eligibility: String,
    /// Structured minimum age in years (`18 Years`), where stated.
    pub minimum_age: Option<Age>,
    /// Structured maximum age.
    pub maximum_age: Option<Age>,
    /// Structured sex: `FEMALE`, `MALE` or `ALL`.
    pub sex: Option<String>,
    /// Whether healthy volunteers are accepted, where stated.
    pub healthy_volunteers: Option<bool>,
    /// Sites.
    pub sites: Vec<Site>,
    /// Every record of the study, this one first, where several registries hold one; else empty.
    pub records: Vec<TrialRecord>,
}

impl Trial {
    /// Gives the overall status of each record of the study, this one's first. A copy of a record has no say beside the
    /// record itself: it is older.
    pub fn statuses(&self) -> impl Iterator<Item = &str> {
        let is_copy = |copy: &TrialRecord| {
            copy.registry == Registry::Ictrp
                && self.records.iter().any(|other| other.registry != copy.registry && other.id == copy.id)
        };
        let others = self.records.iter().skip(1).filter(move |record| !record.status.is_empty() && !is_copy(record));
        std::iter::once(self.status.as_str()).chain(others.map(|record| record.status.as_str()))
    }
}

/// One of the records of a study that several registries hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialRecord {
    /// The registry's identifier.
    pub id: String,
    /// The registry.
    pub registry: Registry,
    /// Public page of the record.
    pub url: String,
    /// Overall status in the registry's spelling.
    pub status: String,
    /// Day of the last update that the registry posted.
    pub last_update: Option<String>,
    /// Month or day on which the status was last verified.
    pub verified: Option<String>,
    /// The registry's words on the minimum age.
    pub minimum_age: Option<String>,
    /// The registry's words on the maximum age.
    pub maximum_age: Option<String>,
    /// The registry's word on sex.
    pub sex: Option<String>,
    /// Words of its eligibility text.
    pub text_words: u32,
    /// How many of those words the trial's own text has too, in per cent, rounded down.
    pub text_shared: u8,
}

/// What a registry says about recruitment in its own words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recruitment {
    /// The registry's own words for the status (`Authorised, recruiting`).
    pub stated: Option<String>,
    /// First day of recruitment (`2025-11-01`), where the registry states days in place of a status.
    pub starts: Option<Date>,
    /// Last day of recruitment.
    pub ends: Option<Date>,
    /// Last day of the study.
    pub completes: Option<Date>,
}

impl Trial {
    /// Fills in the status of a record that states days in place of one, as it is on a day: that on which the
    /// record was seen. A status that the record states stays.
    pub fn settle_status(&mut self, day: Date) {
        let Recruitment { starts, ends, completes, .. } = &self.recruitment;
        if !self.status.is_empty() || (starts.is_none() && ends.is_none()) {
            return;
        }
        let status = if starts.is_some_and(|starts| day < starts) {
            "NOT_YET_RECRUITING"
        } else if ends.is_none_or(|ends| day <= ends) {
            "RECRUITING"
        } else if completes.is_some_and(|completes| day <= completes) {
            "ACTIVE_NOT_RECRUITING"
        } else {
            "COMPLETED"
        };
        self.status = status.to_owned();
    }
}

/// A structured age of the registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Age {
    /// The registry's words.
    pub text: String,
    /// The age in years; months, weeks and days as fractions.
    pub years: f64,
}

/// A place where a trial is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Facility name.
    pub facility: String,
    /// City or town.
    pub city: String,
    /// Country as the registry spells it.
    pub country: String,
    /// Recruitment status of the site, where stated.
    pub status: Option<String>,
    /// Latitude in degrees.
    pub latitude: Option<f64>,
    /// Longitude in degrees.
    pub longitude: Option<f64>,
    /// Public contact (name, telephone or e-mail), where stated.
    pub contact: Option<String>,
}
