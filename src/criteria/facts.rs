//! The facts of a profile resolved against the vocabulary, once per patient: what evaluation asks.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::conditions::fold_name;
use crate::grammar::spelling;
use crate::lexicon::{biomarkers, conditions, drugs, labs, medications, procedures};
use crate::patient::PartialDate;
use crate::patient::profile::*;
use jiff::civil::Date;

/// One treatment with its drugs resolved.
#[derive(Clone, Debug)]
pub struct Exposure<'p> {
    /// Its place in the profile's list.
    pub index: usize,
    /// As stated.
    pub treatment: &'p Treatment,
    /// Each agent's drug; `None` where the vocabulary does not know it.
    pub drugs: Vec<Option<usize>>,
    /// Each agent's name with its words folded, as a text's words are.
    pub folded: Vec<String>,
    /// The procedure that surgery, radiotherapy or transplantation names, where known.
    pub procedure: Option<usize>,
}

impl Exposure<'_> {
    /// Whether it is still going on.
    pub fn ongoing(&self) -> bool {
        self.treatment.stopped.is_none() && self.treatment.kind == TreatmentKind::Drug
    }

    /// The path at which the profile states it.
    pub fn path(&self) -> String {
        format!("treatments[{}]", self.index)
    }

    /// What was given, for evidence.
    pub fn label(&self) -> String {
        let what = if self.treatment.agents.is_empty() {
            self.treatment.name.clone().or_else(|| self.treatment.target.clone()).unwrap_or_default()
        } else {
            self.treatment.agents.join(" + ")
        };
        let stopped =
            self.treatment.stopped.as_ref().map_or_else(|| "ongoing".to_owned(), |d| format!("stopped {}", d.text));
        let line = self.treatment.line.map(|l| format!(", line {l}")).unwrap_or_default();
        let kind = if self.treatment.kind == TreatmentKind::Drug {
            String::new()
        } else {
            format!("{} ", self.treatment.kind.word())
        };
        format!("{kind}{what}{line}, {stopped}")
    }
}

/// A name of a medicine as a profile states it, looked up once: as a medicine, an anticancer drug, a class of either.
#[derive(Clone, Debug)]
pub struct Substance {
    /// Row among the medicines.
    pub medication: Option<usize>,
    /// Row among the anticancer drugs.
    pub drug: Option<usize>,
    /// Row among the classes of medicines.
    pub class: Option<usize>,
    /// Row among the classes of anticancer treatment.
    pub drug_class: Option<usize>,
    /// The name, folded as a text's words are.
    pub folded: String,
}

impl Substance {
    fn named(name: &str) -> Self {
        Self {
            medication: medications::medication_by_name(name),
            drug: drugs::drug_by_name(name),
            class: medications::class_by_name(name),
            drug_class: drugs::class_by_name(name),
            folded: fold_name(name),
        }
    }
}

/// A profile with its lists resolved.
#[derive(Clone, Debug)]
pub struct Facts<'p> {
    /// The profile.
    pub profile: &'p Profile,
    /// The day on which everything is counted.
    pub as_of: Date,
    /// Treatments in the order of the profile; `None` where the list is absent.
    pub exposures: Option<Vec<Exposure<'p>>>,
    /// Conditions: row of the vocabulary, and as stated.
    pub conditions: Vec<(Option<usize>, &'p Condition)>,
    /// The names of the conditions, folded as a text's words are.
    pub condition_names: Vec<String>,
    /// Medications: row of the vocabulary, anticancer drug, and as stated.
    pub medications: Vec<(Option<usize>, Option<usize>, &'p Medication)>,
    /// The names of the medications.
    pub medication_names: Vec<Substance>,
    /// What the allergies are to.
    pub allergy_names: Vec<Substance>,
    /// Laboratory values: row of the vocabulary, and as stated.
    pub labs: Vec<(Option<usize>, &'p Lab)>,
    /// Genes and markers: row of the vocabulary, and as stated.
    pub biomarkers: Vec<(Option<usize>, &'p Biomarker)>,
    /// Whether answers name the facts behind them. Most are never asked why, and saying it takes most of the time.
    reasons: bool,
    /// Whether other treatments than those in `exposures` may have been given.
    open_treatments: bool,
}

impl<'p> Facts<'p> {
    /// Resolves a profile.
    pub fn new(profile: &'p Profile) -> Self {
        let exposures = profile.treatments.as_ref().map(|list| {
            list.iter()
                .enumerate()
                .map(|(index, treatment)| Exposure {
                    index,
                    treatment,
                    drugs: treatment.agents.iter().map(|a| drugs::drug_by_name(a)).collect(),
                    folded: treatment.agents.iter().map(|agent| folded(agent)).collect(),
                    procedure: treatment
                        .name
                        .as_deref()
                        .or(treatment.technique.as_deref())
                        .and_then(procedures::by_name),
                })
                .collect()
        });
        let resolved = |list: &'p Option<Vec<Condition>>| {
            list.iter().flatten().map(|c| (conditions::by_name(&c.name), c)).collect::<Vec<_>>()
        };
        Self {
            profile,
            as_of: profile.as_of,
            exposures,
            conditions: resolved(&profile.conditions),
            condition_names: profile.conditions.iter().flatten().map(|c| fold_name(&c.name)).collect(),
            medications: profile
                .medications
                .iter()
                .flatten()
                .map(|m| (medications::medication_by_name(&m.name), drugs::drug_by_name(&m.name), m))
                .collect(),
            medication_names: profile.medications.iter().flatten().map(|m| Substance::named(&m.name)).collect(),
            allergy_names: profile.allergies.iter().flatten().map(|a| Substance::named(&a.name)).collect(),
            labs: profile.labs.iter().flatten().map(|l| (labs::by_name(&l.test), l)).collect(),
            biomarkers: profile
                .biomarkers
                .iter()
                .flatten()
                .map(|b| (b.gene.as_deref().or(b.marker.as_deref()).and_then(biomarkers::by_name), b))
                .collect(),
            reasons: true,
            open_treatments: false,
        }
    }

    /// The same facts where other treatments than the listed ones may have been given: what is not listed is unknown.
    #[must_use]
    pub fn with_open_treatments(mut self) -> Self {
        self.open_treatments = true;
        self
    }

    /// Whether other treatments than the listed ones may have been given.
    pub fn open_treatments(&self) -> bool {
        self.open_treatments
    }

    /// The treatments, where the list says what was not given as well.
    pub fn complete_exposures(&self) -> Option<&[Exposure<'p>]> {
        self.exposures.as_deref().filter(|_| !self.open_treatments)
    }

    /// The same facts for answers whose truth alone is wanted: evidence and missing facts may be left out of them.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        self.reasons = false;
        self
    }

    /// The evidence of an answer, where it is wanted.
    pub fn evidence(&self, fact: impl FnOnce() -> Fact) -> Vec<Fact> {
        if self.reasons { vec![fact()] } else { Vec::new() }
    }

    /// Whether answers carry their evidence.
    pub fn wants_reasons(&self) -> bool {
        self.reasons
    }

    /// What is missing, where it is wanted.
    pub fn missing(&self, name: impl FnOnce() -> String) -> Vec<String> {
        if self.reasons { vec![name()] } else { Vec::new() }
    }

    /// Unknown for want of a fact.
    pub fn unknown(&self, name: impl FnOnce() -> String) -> Answer {
        Answer { truth: Truth::Unknown, evidence: Vec::new(), missing: self.missing(name) }
    }

    /// Whether a list is taken as complete.
    pub fn complete(&self, list: ListName) -> bool {
        self.profile.complete(list)
    }

    /// Whether a date lies before (true), not before (false) or perhaps before another.
    pub fn before(date: &PartialDate, day: Date) -> Option<bool> {
        if date.latest < day {
            Some(true)
        } else if date.earliest >= day {
            Some(false)
        } else {
            None
        }
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().map(spelling::fold).collect::<Vec<_>>().join(" ")
}
