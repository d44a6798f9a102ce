//! The closed vocabularies of the profile. Each word is spelt as in the contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are the contract's words, once: serde, the schema and `word()` all follow it.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All values, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the contract's word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Finds the value of a word of the contract.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }
    };
}

words! {
    /// Names the sex of the patient.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
    }
}

words! {
    /// Names the menopausal status.
    MenopausalStatus {
        /// Before the menopause.
        Premenopausal = "premenopausal",
        /// In the transition.
        Perimenopausal = "perimenopausal",
        /// After the menopause.
        Postmenopausal = "postmenopausal",
    }
}

words! {
    /// Names the extent of the disease.
    Extent {
        /// Early, resectable.
        Early = "early",
        /// Unresectable, locally advanced.
        LocallyAdvanced = "locally_advanced",
        /// Metastatic, stage IV.
        Metastatic = "metastatic",
    }
}

words! {
    /// Names the status of a receptor.
    ReceptorStatus {
        /// Positive.
        Positive = "positive",
        /// Negative.
        Negative = "negative",
    }
}

words! {
    /// Names the HER2 immunohistochemistry score, lowest first.
    Her2Ihc {
        /// No membrane staining.
        Zero = "0",
        /// Membrane staining below 1+ (ultralow).
        ZeroWithMembraneStaining = "0_with_membrane_staining",
        /// 1+.
        One = "1+",
        /// 2+.
        Two = "2+",
        /// 3+.
        Three = "3+",
    }
}

words! {
    /// Names the result of HER2 in-situ hybridisation.
    Ish {
        /// Amplified.
        Amplified = "amplified",
        /// Not amplified.
        NotAmplified = "not_amplified",
    }
}

words! {
    /// Names the site of a metastasis.
    Site {
        /// Bone.
        Bone = "bone",
        /// Brain.
        Brain = "brain",
        /// Leptomeninges.
        Leptomeninges = "leptomeninges",
        /// Liver.
        Liver = "liver",
        /// Lung.
        Lung = "lung",
        /// Pleura.
        Pleura = "pleura",
        /// Distant lymph node.
        DistantLymphNode = "distant_lymph_node",
        /// Regional lymph node.
        RegionalLymphNode = "regional_lymph_node",
        /// Skin.
        Skin = "skin",
        /// Chest wall.
        ChestWall = "chest_wall",
        /// Peritoneum.
        Peritoneum = "peritoneum",
        /// Adrenal gland.
        Adrenal = "adrenal",
        /// Ovary.
        Ovary = "ovary",
        /// Bone marrow.
        BoneMarrow = "bone_marrow",
        /// Eye.
        Eye = "eye",
        /// Spinal cord.
        SpinalCord = "spinal_cord",
        /// The other breast.
        ContralateralBreast = "contralateral_breast",
        /// Another site, given by `name`.
        Other = "other",
    }
}

words! {
    /// Names the state of a metastasis of the central nervous system.
    CnsState {
        /// Not treated.
        Untreated = "untreated",
        /// Treated and stable.
        TreatedStable = "treated_stable",
        /// Treated and progressing.
        TreatedProgressing = "treated_progressing",
    }
}

words! {
    /// Names the result of a biomarker test.
    BiomarkerResult {
        /// Mutated (pathogenic).
        Mutated = "mutated",
        /// Wild type.
        WildType = "wild_type",
        /// Amplified.
        Amplified = "amplified",
        /// Not amplified.
        NotAmplified = "not_amplified",
        /// High.
        High = "high",
        /// Low.
        Low = "low",
        /// Stable.
        Stable = "stable",
        /// Positive.
        Positive = "positive",
        /// Negative.
        Negative = "negative",
        /// Variant of uncertain significance.
        Vus = "vus",
    }
}

words! {
    /// Names the origin of a variant.
    Origin {
        /// Inherited.
        Germline = "germline",
        /// Of the tumour.
        Somatic = "somatic",
    }
}

words! {
    /// Names the kind of a treatment.
    TreatmentKind {
        /// Drugs.
        Drug = "drug",
        /// Radiotherapy.
        Radiotherapy = "radiotherapy",
        /// Surgery.
        Surgery = "surgery",
        /// Transplant.
        Transplant = "transplant",
        /// Cell therapy.
        CellTherapy = "cell_therapy",
        /// Anything else, given by `name`.
        Other = "other",
    }
}

words! {
    /// Names the setting of a treatment.
    Setting {
        /// Before surgery.
        Neoadjuvant = "neoadjuvant",
        /// After surgery.
        Adjuvant = "adjuvant",
        /// For unresectable, locally advanced disease.
        LocallyAdvanced = "locally_advanced",
        /// For metastatic disease.
        Metastatic = "metastatic",
    }
}

words! {
    /// Names why a treatment was stopped.
    ReasonStopped {
        /// The disease progressed.
        Progression = "progression",
        /// It was not tolerated.
        Toxicity = "toxicity",
        /// It was given in full.
        Completed = "completed",
        /// The patient or the physician chose so.
        Choice = "choice",
    }
}

words! {
    /// Names the best response to a treatment.
    Response {
        /// Complete response.
        Complete = "CR",
        /// Partial response.
        Partial = "PR",
        /// Stable disease.
        Stable = "SD",
        /// Progressive disease.
        Progressive = "PD",
    }
}

words! {
    /// Names the state of a condition, an allergy or a medication.
    ConditionState {
        /// Present.
        Active = "active",
        /// Present and under control.
        Controlled = "controlled",
        /// Was present, is not any more.
        Resolved = "resolved",
        /// Not present.
        Absent = "absent",
    }
}

words! {
    /// Names whether the patient is pregnant.
    Pregnancy {
        /// Pregnant.
        Pregnant = "pregnant",
        /// Not pregnant.
        NotPregnant = "not_pregnant",
    }
}

words! {
    /// Names a list of the profile whose completeness can be stated.
    ListName {
        /// `metastases`.
        Metastases = "metastases",
        /// `biomarkers`.
        Biomarkers = "biomarkers",
        /// `treatments`.
        Treatments = "treatments",
        /// `labs`.
        Labs = "labs",
        /// `conditions`.
        Conditions = "conditions",
        /// `medications`.
        Medications = "medications",
        /// `allergies`.
        Allergies = "allergies",
    }
}
