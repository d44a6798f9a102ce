//! Atoms: the questions about a patient that all trials share. One variant a kind; each kind has its own file.

use crate::criteria::answer::Answer;
use crate::criteria::facts::Facts;
use crate::criteria::{
    age, biomarkers, central_nervous_system, conditions, diagnosis, her2, laboratory, lines_of_therapy,
    measurable_disease, medications, menopausal_status, metastatic_sites, open_fact, performance_status, pregnancy,
    prior_therapy, receptors, sex,
};
use serde::{Deserialize, Serialize};

macro_rules! atoms {
    ($($(#[$doc:meta])* $variant:ident($kind:ty)),+ $(,)?) => {
        /// One question about a patient.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Atom {
            $($(#[$doc])* $variant($kind),)+
        }

        impl Atom {
            /// Answers the question for one patient.
            pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
                match self {
                    $(Self::$variant(kind) => kind.evaluate(facts),)+
                }
            }

            /// Says the question as a plain English statement; `holds` false says its negation.
            pub fn say(&self, holds: bool) -> String {
                match self {
                    $(Self::$variant(kind) => kind.say(holds),)+
                }
            }

            /// The name of the kind.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => stringify!($variant),)+
                }
            }
        }
    };
}

atoms! {
    /// Age in years.
    Age(age::Age),
    /// Sex.
    Sex(sex::SexIs),
    /// Menopausal status and childbearing potential.
    Menopause(menopausal_status::Menopause),
    /// ECOG or Karnofsky.
    PerformanceStatus(performance_status::PerformanceStatus),
    /// Tumour type, extent, histology, progression.
    Diagnosis(diagnosis::Diagnosis),
    /// ER, PR, AR, PD-L1, Ki-67.
    Receptor(receptors::Receptor),
    /// HER2 categories.
    Her2(her2::Her2),
    /// Genes and markers.
    Biomarker(biomarkers::Biomarker),
    /// Sites of metastasis.
    Site(metastatic_sites::Site),
    /// State of central nervous system disease.
    CentralNervousSystem(central_nervous_system::CentralNervousSystem),
    /// Measurable disease.
    Measurable(measurable_disease::Measurable),
    /// Number of lines.
    Lines(Box<lines_of_therapy::Lines>),
    /// Treatment received.
    Therapy(Box<prior_therapy::Therapy>),
    /// A laboratory bound.
    Laboratory(laboratory::Bound),
    /// Pregnancy and breastfeeding.
    Pregnancy(pregnancy::Pregnancy),
    /// A disease or finding.
    Condition(conditions::Condition),
    /// A medicine, an allergy.
    Medication(medications::Medication),
    /// A fact that the profile can state only by its own name, life expectancy among them.
    Open(open_fact::OpenFact),
}
