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

/// All cues with their wordings. An unreadable file yields none in a released program, and stops every test of it.
pub fn all() -> &'static [CueRow] {
    static ROWS: OnceLock<Vec<CueRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let rows = parse(include_str!("cues.toml"));
        debug_assert!(rows.is_ok(), "cues.toml cannot be read: {rows:?}");
        rows.unwrap_or_default()
    })
}

fn parse(text: &str) -> Result<Vec<CueRow>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.cue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Why a wording would never be found, or would swallow the end of a sentence.
    fn refused(phrase: &str) -> bool {
        // Abbreviations within which a stop ends no sentence.
        let abbreviation = |word: &str| matches!(word, "e.g." | "i.e." | "e . g ." | "i . e ." | "eg ." | "ie .");
        phrase.ends_with('.') && !abbreviation(phrase) || phrase.trim() != phrase || phrase.is_empty()
    }

    #[test]
    fn no_phrase_ends_a_sentence() {
        assert!(refused("are excluded.") && refused("no ") && refused("") && !refused("e.g.") && !refused("except"));
        for row in all() {
            for phrase in &row.phrases {
                assert!(!refused(phrase), "{phrase:?} under {:?}", row.id);
            }
        }
    }

    #[test]
    fn a_file_that_is_no_vocabulary_is_refused() {
        assert!(parse("[[cue]]\nid = \"and\"\nphrases = [\"and\"]").is_ok());
        assert!(parse("[[cue]]\nid = \"and\"\nphrases = [\"and\"").is_err());
        assert!(parse("[[cue]]\nid = \"frobnicated\"\nphrases = []").is_err());
    }

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
