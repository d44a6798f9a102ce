//! Cues: the function words and phrases of eligibility texts.

use serde::Deserialize;
use std::sync::OnceLock;

/// The meaning of a function word or phrase; `cues.toml` lists the wordings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name is the row of cues.toml that documents it by its wordings")]
pub enum Cue {
    Filler,
    And,
    Or,
    With,
    Not,
    Except,
    Unless,
    If,
    Including,
    Must,
    MustNot,
    Forbidden,
    Allowed,
    May,
    NoLimit,
    Neutral,
    Prior,
    Received,
    Receiving,
    Therapy,
    Line,
    Naive,
    Progressed,
    ProgressiveDisease,
    Intolerant,
    RecentTherapy,
    Investigational,
    SettingMetastatic,
    SettingAdjuvant,
    SettingNeoadjuvant,
    SettingEarly,
    AnySetting,
    ForBreastCancer,
    Within,
    Before,
    After,
    Since,
    Anchor,
    LastDose,
    Longer,
    Shorter,
    HalfLife,
    Day,
    Week,
    Month,
    Year,
    Hour,
    Cycle,
    History,
    Active,
    Uncontrolled,
    Controlled,
    Significant,
    Chronic,
    Suspected,
    Resolved,
    Unresolved,
    Symptomatic,
    Asymptomatic,
    Stable,
    TreatedLesion,
    Untreated,
    Requiring,
    Steroids,
    OffSteroids,
    Grade,
    HeartFailureClass,
    Family,
    Ecog,
    Karnofsky,
    LifeExpectancy,
    Uln,
    Lln,
    Times,
    Normal,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    OrMore,
    OrLess,
    Between,
    Equal,
    Measurable,
    NonMeasurable,
    Pregnant,
    Breastfeeding,
    PregnancyTest,
    Childbearing,
    Contraception,
    Female,
    Male,
    Premenopausal,
    Perimenopausal,
    Postmenopausal,
    MetastaticDisease,
    Advanced,
    LocallyAdvanced,
    Recurrent,
    EarlyStage,
    Invasive,
    Judgement,
    CatchAll,
    Administrative,
    AdequateFunction,
    Planned,
    Duration,
    WildType,
    Mutation,
    Amplified,
    Germline,
    Somatic,
    Positive,
    Negative,
    Low,
    Ultralow,
    High,
    Equivocal,
    UnknownStatus,
    Er,
    Pr,
    Hr,
    #[serde(rename = "her2")]
    Her2,
    Ihc,
    Ish,
    TripleNegative,
    Luminal,
    #[serde(rename = "pd-l1")]
    PdL1,
    Cps,
    Tps,
    ImmuneCell,
    Ar,
    #[serde(rename = "ki67")]
    Ki67,
    Staining,
    Visceral,
    VisceralCrisis,
    BoneOnly,
    CompareNone,
    OneOf,
    AllOf,
    Cardinal,
    Ordinal,
}

/// One row of the vocabulary.
#[derive(Debug, Deserialize)]
pub struct CueRow {
    /// The meaning.
    pub id: Cue,
    /// The wordings.
    pub phrases: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    cue: Vec<CueRow>,
}

/// All cues with their wordings. An unreadable file yields none, which the tests catch.
pub fn all() -> &'static [CueRow] {
    static ROWS: OnceLock<Vec<CueRow>> = OnceLock::new();
    ROWS.get_or_init(|| toml::from_str::<File>(include_str!("cues.toml")).map(|f| f.cue).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_phrase_stands_under_two_cues() {
        let mut seen = BTreeMap::new();
        assert!(all().len() > 80);
        for row in all() {
            for phrase in &row.phrases {
                if let Some(other) = seen.insert(phrase.to_lowercase().replace('-', " "), row.id) {
                    panic!("{phrase:?} stands under {other:?} and {:?}", row.id);
                }
            }
        }
    }
}
