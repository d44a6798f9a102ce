//! The patient profile, field for field as in the contract. An absent field is an unknown fact.

use crate::patient::dates::{PartialDate, deserialize_full, full_date_schema};
pub use crate::patient::words::*;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Holds what is known of one patient on one day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name of the patient in the outputs; chosen by the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The day on which the patient is assessed; every interval is counted from it.
    #[serde(deserialize_with = "deserialize_full")]
    #[schemars(schema_with = "full_date_schema")]
    pub as_of: Date,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// Whole years at `as_of`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 130))]
    pub age: Option<u32>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Menopausal status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menopausal_status: Option<MenopausalStatus>,
    /// Performance status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performance_status: Option<PerformanceStatus>,
    /// The cancer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// Receptors and other results of immunohistochemistry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receptors: Option<Receptors>,
    /// Metastases; complete when present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metastases: Option<Vec<Metastasis>>,
    /// Genes and other markers; open unless named in `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biomarkers: Option<Vec<Biomarker>>,
    /// Anticancer treatments; complete when present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treatments: Option<Vec<Treatment>>,
    /// Laboratory values and measurements; open unless named in `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labs: Option<Vec<Lab>>,
    /// Other diseases and adverse events; open unless named in `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<Condition>>,
    /// Other medicines; open unless named in `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medications: Option<Vec<Medication>>,
    /// Allergies and intolerances; open unless named in `complete`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allergies: Option<Vec<Allergy>>,
    /// Whether pregnant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pregnancy: Option<Pregnancy>,
    /// Whether breastfeeding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breastfeeding: Option<bool>,
    /// Life expectancy in months, as judged by the physician.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub life_expectancy_months: Option<f64>,
    /// Where the patient lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Open lists that are to be taken as complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complete: Vec<ListName>,
}

/// Holds the performance status.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerformanceStatus {
    /// ECOG, 0 to 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 5))]
    pub ecog: Option<u8>,
    /// Karnofsky in per cent, 0 to 100 in steps of ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100))]
    pub karnofsky: Option<u8>,
}

/// Holds the diagnosis of the cancer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// `breast`, or another cancer by its plain name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub cancer: Option<String>,
    /// Histology in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub histology: Option<String>,
    /// Extent of the disease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// Day of the first diagnosis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosed: Option<PartialDate>,
    /// Day of the first metastasis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metastatic_since: Option<PartialDate>,
    /// Whether there is a measurable lesion (RECIST).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measurable_disease: Option<bool>,
    /// Day of the last progression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_progression: Option<PartialDate>,
}

/// Holds the results of receptor tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receptors {
    /// Oestrogen receptor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub er: Option<HormoneReceptor>,
    /// Progesterone receptor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pr: Option<HormoneReceptor>,
    /// Androgen receptor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ar: Option<HormoneReceptor>,
    /// HER2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub her2: Option<Her2>,
    /// PD-L1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pd_l1: Option<PdL1>,
    /// Ki-67.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ki67: Option<Ki67>,
}

/// Holds the result for one hormone receptor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HormoneReceptor {
    /// Status; alone it settles the usual cut-off of 1 % only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ReceptorStatus>,
    /// Share of stained cells in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub percent: Option<f64>,
}

/// Holds the result for HER2.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Her2 {
    /// Immunohistochemistry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ihc: Option<Her2Ihc>,
    /// In-situ hybridisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ish: Option<Ish>,
    /// Status where the assay is not at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ReceptorStatus>,
}

/// Holds the result for PD-L1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PdL1 {
    /// Combined positive score, 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub cps: Option<f64>,
    /// Immune cells in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub ic_percent: Option<f64>,
    /// Tumour proportion score in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub tps_percent: Option<f64>,
    /// Status where the score is not at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ReceptorStatus>,
}

/// Holds the result for Ki-67.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ki67 {
    /// Share of stained cells in per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub percent: Option<f64>,
}

/// Holds one site of metastasis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metastasis {
    /// The site.
    pub site: Site,
    /// Name of the site where it is `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub name: Option<String>,
    /// State of a metastasis of the central nervous system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<CnsState>,
    /// Last day of its local treatment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treated: Option<PartialDate>,
    /// Day since which it has been stable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stable_since: Option<PartialDate>,
    /// Whether it causes symptoms at `as_of`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symptomatic: Option<bool>,
    /// Whether corticosteroids are taken for it at `as_of`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corticosteroids: Option<bool>,
    /// Last day of corticosteroids for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corticosteroids_stopped: Option<PartialDate>,
    /// Largest diameter in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub largest_mm: Option<f64>,
    /// Number of lesions at the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub count: Option<u32>,
}

/// Holds the result for one gene or marker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Biomarker {
    /// Gene symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub gene: Option<String>,
    /// Marker that is not a gene, such as `MSI` or `TMB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub marker: Option<String>,
    /// Result in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<BiomarkerResult>,
    /// Protein change or other name of the variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub variant: Option<String>,
    /// Origin of the variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Result as a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Unit of `value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub unit: Option<String>,
}

/// Holds one anticancer treatment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Kind of treatment.
    pub kind: TreatmentKind,
    /// Drugs that were given together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// Setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// Line of systemic therapy for advanced disease that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub line: Option<u32>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<PartialDate>,
    /// Last day; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<PartialDate>,
    /// Why it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_stopped: Option<ReasonStopped>,
    /// Best response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_response: Option<Response>,
    /// Region of radiotherapy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub target: Option<String>,
    /// Technique of radiotherapy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub technique: Option<String>,
    /// Name of the operation or other treatment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub name: Option<String>,
}

/// Holds one laboratory value or measurement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// Name of the test.
    #[schemars(length(min = 1))]
    pub test: String,
    /// Value in `unit`.
    pub value: f64,
    /// Unit in UCUM.
    #[schemars(length(min = 1))]
    pub unit: String,
    /// Day of the sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<PartialDate>,
    /// Upper limit of the laboratory's range, in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper_limit_of_normal: Option<f64>,
    /// Lower limit of the laboratory's range, in `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_limit_of_normal: Option<f64>,
}

/// Holds one other disease or adverse event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name in plain words.
    #[schemars(length(min = 1))]
    pub name: String,
    /// State; present where it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ConditionState>,
    /// CTCAE grade of an adverse event, 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4))]
    pub grade: Option<u8>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<PartialDate>,
    /// Day on which it had resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<PartialDate>,
}

/// Holds one other medicine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Medication {
    /// Name of the medicine.
    #[schemars(length(min = 1))]
    pub name: String,
    /// `active` or `absent`; taken where it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ConditionState>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<PartialDate>,
    /// Last day; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<PartialDate>,
    /// Dose in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub dose: Option<String>,
}

/// Holds one allergy or intolerance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allergy {
    /// Name of the substance.
    #[schemars(length(min = 1))]
    pub name: String,
    /// State; present where it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ConditionState>,
    /// CTCAE grade, 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4))]
    pub grade: Option<u8>,
}

/// Holds where the patient lives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Country as ISO 3166-1 alpha-2, such as `GB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub country: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub postcode: Option<String>,
    /// Town, of the size of those that have a hospital.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub city: Option<String>,
    /// Latitude in degrees, north positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -90.0, max = 90.0))]
    pub latitude: Option<f64>,
    /// Longitude in degrees, east positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -180.0, max = 180.0))]
    pub longitude: Option<f64>,
}

impl Profile {
    /// Tells whether what a list does not name is absent. `metastases` and `treatments` are complete whenever
    /// they are present; every list is complete when `complete` names it.
    pub fn complete(&self, list: ListName) -> bool {
        let closed_by_presence = match list {
            ListName::Metastases => self.metastases.is_some(),
            ListName::Treatments => self.treatments.is_some(),
            _ => false,
        };
        closed_by_presence || self.complete.contains(&list)
    }

    /// Returns the lowest and the highest age at `as_of` in whole years; an interval where the date of birth is coarse.
    pub fn age_years(&self) -> Option<(u32, u32)> {
        let ages = self.birth_date.as_ref().map(|birth| birth.ages_on(self.as_of));
        match (ages, self.age) {
            // Both are stated: the age narrows a coarse date of birth.
            (Some(ages), Some(age)) if ages.contains(&age) => Some((age, age)),
            (Some(ages), _) => Some((*ages.start(), *ages.end())),
            (None, age) => age.map(|age| (age, age)),
        }
    }
}
