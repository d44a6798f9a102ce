//! The types that other programs read (`trialmatch.report/1`). Keys are fixed; optional ones may be added.

use crate::criteria::Section;
use crate::matching::near_miss::NearMiss;
use crate::matching::{Fact, Outcome, Verdict};
use crate::trial::Registry;
use jiff::civil::Date;
use serde::Serialize;

/// The name of the match report's form.
pub const REPORT_SCHEMA: &str = "trialmatch.report/1";

/// The age in days above which a snapshot is old.
pub const STALE_AFTER_DAYS: i32 = 30;

/// The match report of one patient.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Always [`REPORT_SCHEMA`].
    pub schema: &'static str,
    /// The profile's `id`.
    pub patient: Option<String>,
    /// The day that the dates were counted from.
    pub as_of: Date,
    /// The registry data that was read.
    pub snapshot: Snapshot,
    /// How many trials of each verdict the filters let through, listed or not.
    pub totals: Totals,
    /// How many trials are not in `matches`, and why.
    pub not_listed: NotListed,
    /// The missing facts, those that bear on most trials first.
    pub ask: Vec<Question>,
    /// The trials, best first.
    pub matches: Vec<Match>,
}

/// The registry data that a report was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Identifier of the snapshot: changes when its content does.
    pub id: String,
    /// The day on which it was fetched or imported.
    pub fetched: Date,
    /// Number of trials in it.
    pub trials: usize,
    /// More than 30 days older than the profile's date.
    pub stale: bool,
    /// The bundled sample, not a registry.
    pub sample: bool,
    /// What it holds of each registry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registries: Vec<RegistryData>,
    /// The registries that it holds nothing of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Registry>,
    /// The program and the reader that published an older snapshot, where this is another: answers can differ from
    /// those that were given then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_anew: Option<String>,
    /// Days between the snapshot and the profile's date, for people's eyes.
    #[serde(skip)]
    pub age_days: i32,
}

impl Snapshot {
    /// Describes a snapshot as seen on `as_of`.
    pub fn new(id: &str, fetched: Date, trials: usize, sample: bool, as_of: Date) -> Self {
        let age_days = (as_of - fetched).get_days();
        Self {
            id: id.to_owned(),
            fetched,
            trials,
            stale: age_days > STALE_AFTER_DAYS,
            sample,
            registries: Vec::new(),
            missing: Vec::new(),
            read_anew: None,
            age_days,
        }
    }

    /// Says what the snapshot holds of each registry. It is old where one of them is.
    #[must_use]
    pub fn holding(mut self, registries: Vec<RegistryData>) -> Self {
        self.stale |= registries.iter().any(|held| held.stale);
        let absent = |registry: &Registry| registries.iter().all(|held| held.registry != *registry);
        self.missing = Registry::ALL.into_iter().filter(|one| *one != Registry::Sample).filter(absent).collect();
        self.registries = registries;
        self
    }

    /// Lists the warnings that every output must show, the gravest first.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.sample {
            warnings.push(
                "SAMPLE DATA: these trials are invented and come with the program; they exist nowhere. \
                 Bring in real registry records with `trialmatch import` before anything here is used for a patient."
                    .to_owned(),
            );
        }
        if self.stale {
            let old: Vec<&RegistryData> = self.registries.iter().filter(|held| held.stale).collect();
            let what = match old.as_slice() {
                [] => format!("the registry data is of {}, {} days", self.fetched, self.age_days),
                [only] if self.registries.len() == 1 => {
                    format!("the registry data is of {}, {} days", only.fetched, only.age_days)
                }
                old => old.iter().map(|held| held.age()).collect::<Vec<_>>().join("; "),
            };
            warnings.push(format!(
                "OLD DATA: {what} before the patient's date. \
                 Trials open and close; bring the data up to date before relying on this.",
            ));
        }
        if let Some(by) = &self.read_anew {
            warnings.push(format!(
                "READ ANEW: this older snapshot was published by {by} and has been read again by {}. \
                 Answers can differ from those that were given then.",
                concat!("trialmatch ", env!("CARGO_PKG_VERSION"))
            ));
        }
        warnings
    }
}

/// What a snapshot holds of one registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistryData {
    /// The registry.
    pub registry: Registry,
    /// Its records.
    pub records: usize,
    /// The day of the last import or fetch.
    pub fetched: Date,
    /// The day on which the record that was not seen for longest was last seen.
    pub oldest: Date,
    /// More than 30 days older than the profile's date.
    pub stale: bool,
    /// Days between the last import and the profile's date, for people's eyes.
    #[serde(skip)]
    pub age_days: i32,
}

impl RegistryData {
    /// Describes a registry's share as seen on `as_of`.
    pub fn new(registry: Registry, records: usize, fetched: Date, oldest: Date, as_of: Date) -> Self {
        let age_days = (as_of - fetched).get_days();
        Self { registry, records, fetched, oldest, stale: age_days > STALE_AFTER_DAYS, age_days }
    }

    /// Names the registry, its records and their day.
    pub fn say(&self) -> String {
        let records = if self.records == 1 { "1 record".to_owned() } else { format!("{} records", self.records) };
        let oldest =
            if self.oldest < self.fetched { format!(", some last seen {}", self.oldest) } else { String::new() };
        format!("{} ({records} of {}{oldest})", self.registry.name(), self.fetched)
    }

    fn age(&self) -> String {
        format!("the data of {} is of {}, {} days", self.registry.name(), self.fetched, self.age_days)
    }
}

/// Trials by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Nothing fails, is unknown or unread.
    pub eligible: usize,
    /// Nothing settles that the patient is excluded.
    pub possible: usize,
    /// At least one criterion fails.
    pub ineligible: usize,
}

impl Totals {
    /// Counts one trial.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Eligible => self.eligible += 1,
            Verdict::Possible => self.possible += 1,
            Verdict::Ineligible => self.ineligible += 1,
        }
    }
}

/// Trials that were evaluated and are not listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NotListed {
    /// Ineligible, where not all were asked for.
    pub ineligible: usize,
    /// Below the limit asked for.
    pub beyond_limit: usize,
    /// Outside the status, country, phase or distance asked for.
    pub filtered_out: usize,
}

/// A missing fact and how many of the listed trials it bears on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The fact, in words.
    pub fact: String,
    /// Number of listed trials that are not ineligible and lack it.
    pub trials: usize,
}

/// One trial for one patient.
#[derive(Clone, Debug, Serialize)]
pub struct Match {
    /// What the trial is.
    pub trial: TrialHead,
    /// Its place among the trials that the filters let through, from 1.
    pub rank: usize,
    /// Share of clinical criteria that are settled and do not fail, 0 to 1.
    pub score: f64,
    /// The best verdict of its cohorts.
    pub verdict: Verdict,
    /// Criteria by outcome.
    pub counts: Counts,
    /// The first day on which every running interval has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_start: Option<Date>,
    /// The verdict of each cohort, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cohorts: Vec<CohortVerdict>,
    /// The criteria in the order of the text, structured fields first.
    pub criteria: Vec<Criterion>,
    /// The missing facts, those that settle most criteria first.
    pub ask: Vec<String>,
    /// Of an ineligible trial: the single fact that keeps the patient out, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near_miss: Option<NearMiss>,
    /// The nearest open site.
    pub nearest_site: Option<NearestSite>,
}

/// What a trial is.
#[derive(Clone, Debug, Serialize)]
pub struct TrialHead {
    /// The registry's identifier.
    pub id: String,
    /// Identifiers that the record cites.
    pub other_ids: Vec<String>,
    /// Where the record came from.
    pub registry: Registry,
    /// Brief title.
    pub title: String,
    /// Overall status in the spelling of ClinicalTrials.gov.
    pub status: String,
    /// What the registry itself says about recruitment, where it has words of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_stated: Option<String>,
    /// Phases in the registry's spelling.
    pub phases: Vec<String>,
    /// Public page of the record.
    pub url: String,
    /// Day of the last update that the registry posted.
    pub last_update: Option<String>,
    /// Month or day on which the status was last verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// The status was not verified (where the registry states no such day: not updated) for more than a year, counted
    /// back from the profile's date, or the registry gives no day at all.
    #[serde(skip_serializing_if = "is_false")]
    pub unverified: bool,
    /// Every record of the study, this one first, where several registries hold one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordHead>,
    /// What the records disagree on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// One record of a study that several registries hold.
#[derive(Clone, Debug, Serialize)]
pub struct RecordHead {
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
    /// As for the trial.
    #[serde(skip_serializing_if = "is_false")]
    pub unverified: bool,
}

/// What the records of one study disagree on.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    /// `status`, `minimumAge`, `maximumAge`, `sex` or `text`.
    pub field: &'static str,
    /// What each record says.
    pub values: Vec<Stated>,
}

/// What one record says.
#[derive(Clone, Debug, Serialize)]
pub struct Stated {
    /// The record.
    pub id: String,
    /// Its word.
    pub value: String,
}

/// Criteria by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Does not stand in the way.
    pub pass: usize,
    /// Stands in the way.
    pub fail: usize,
    /// Met by time alone.
    pub wait: usize,
    /// A fact is missing.
    pub unknown: usize,
    /// Only a person can settle it.
    pub confirm: usize,
    /// Not read; shown.
    pub unread: usize,
}

impl Counts {
    /// Takes the counts of a summary, which stand in the order of [`Outcome`].
    pub fn of(counts: &[u16; 6]) -> Self {
        let of = |outcome: Outcome| counts.get(outcome as usize).copied().map_or(0, usize::from);
        Self {
            pass: of(Outcome::Pass),
            fail: of(Outcome::Fail),
            wait: of(Outcome::Wait),
            unknown: of(Outcome::Unknown),
            confirm: of(Outcome::Confirm),
            unread: of(Outcome::Unread),
        }
    }

    /// Counts one criterion.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Pass => self.pass += 1,
            Outcome::Fail => self.fail += 1,
            Outcome::Wait => self.wait += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Confirm => self.confirm += 1,
            Outcome::Unread => self.unread += 1,
        }
    }
}

/// The verdict of one cohort.
#[derive(Clone, Debug, Serialize)]
pub struct CohortVerdict {
    /// The cohort's name in the registry's words.
    pub cohort: String,
    /// Its verdict.
    pub verdict: Verdict,
}

/// One criterion for one patient.
#[derive(Clone, Debug, Serialize)]
pub struct Criterion {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Characters of the eligibility text, start inclusive, end exclusive; `null` for a structured field.
    pub span: Option<[u32; 2]>,
    /// The structured registry field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Exactly that slice of the text.
    pub text: String,
    /// The outcome.
    pub outcome: Outcome,
    /// For `wait`: the first day on which it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clears_on: Option<Date>,
    /// The cohort that it binds.
    pub cohort: Option<String>,
    /// What was understood.
    pub reading: String,
    /// The facts that the outcome rests on.
    pub evidence: Vec<Fact>,
    /// The facts that would settle it.
    pub missing: Vec<String>,
    /// What was not read of it.
    pub unread_spans: Vec<[u32; 2]>,
    /// Probable registry slips and other notes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The nearest open site.
#[derive(Clone, Debug, Serialize)]
pub struct NearestSite {
    /// Facility name.
    pub facility: String,
    /// City or town.
    pub city: String,
    /// Country as the registry spells it.
    pub country: String,
    /// Distance in kilometres as the crow flies, to one decimal; where it is `approximate`, to the kilometre.
    pub distance_km: Option<f64>,
    /// The distance is one of towns or postcode areas, ten kilometres off or more.
    #[serde(skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// Recruitment status of the site, where stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Public contact.
    pub contact: Option<String>,
}

impl NearestSite {
    /// Facility, town and country, as many of them as the registry states.
    pub fn place(&self) -> String {
        let stated = [&self.facility, &self.city, &self.country].into_iter().filter(|part| !part.trim().is_empty());
        stated.map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// The distance in words, where it is known.
    pub fn distance(&self) -> Option<String> {
        let about = if self.approximate { "about " } else { "" };
        self.distance_km.map(|kilometres| format!("{about}{kilometres} km"))
    }
}
