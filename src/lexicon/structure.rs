//! Words that build the structure of a text: of titles, of subjects, of sentences.

use super::disease_nouns;
use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;

/// A list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Words {
    /// What a title above a list is made of that asks nothing itself.
    Title,
    /// Words that name people.
    Person,
    /// Verbs that end a course of treatment.
    Ended,
    /// Words that open a sentence and tie it to the one before.
    Opening,
    /// How a sentence begins that only gives examples.
    Examples,
    /// What stands beside the name of a cohort in a title that says nothing else.
    CohortTitle,
    /// Stages of entering a trial.
    StageTitle,
    /// What is done to a test or a record.
    Procedure,
    /// Stopping a medicine, or taking another in its place.
    Stopping,
    /// Being able or willing to.
    Able,
    /// What makes a treatment one of the future, or a matter of choice.
    NotYet,
    /// Reactions and bleeding that a treatment is named beside, without being asked for.
    BesideTreatment,
    /// Age.
    Age,
    /// Swallowing and taking by mouth.
    Swallowing,
    /// Enzymes and carriers of medicines.
    Enzyme,
    /// Something that happened, named before.
    Event,
    /// What a title that stands alone in a list is about.
    Topic,
    /// What says that such a title is one.
    TopicSign,
    /// Toxicity of treatment in general, or the noun of it.
    Toxicity,
    /// Endings of the names of drugs.
    DrugName,
    /// Coming back.
    Recurs,
    /// Stopping a course of treatment early.
    Discontinued,
    /// Words beside a treatment that change nothing about who received it.
    Idle,
    /// Words that make a tumour another one than the cancer under study.
    Other,
    /// What the name of a stage or of a part of the trial holds.
    TrialPart,
    /// While something goes on.
    During,
    /// Ends in a noun that heads the name of a disease; told by `disease_nouns`.
    DiseaseNoun,
    /// Has the ending of a disease; told by `disease_nouns`.
    DiseaseEnding,
    /// Any disease at all; told by `disease_nouns`.
    AnyDisease,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    list: Words,
    /// Whole texts.
    #[serde(default)]
    words: Vec<String>,
    /// Single words of a text.
    #[serde(default)]
    inside: Vec<String>,
    /// Stretches of letters.
    #[serde(default)]
    parts: Vec<String>,
    /// How a text ends.
    #[serde(default)]
    endings: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    words: Vec<Row>,
}

/// The lists that folded words stand in: one bit for each list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lists(u64);

impl Lists {
    /// One list.
    #[inline]
    pub const fn of(list: Words) -> Self {
        Self(1 << list as u32)
    }

    /// These and others.
    #[inline]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they share a list.
    #[inline]
    pub const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

struct All {
    words: FxHashMap<String, Lists>,
    inside: FxHashMap<String, Lists>,
    parts: AhoCorasick,
    part_lists: Vec<Lists>,
    endings: Vec<(String, Lists)>,
}

fn all() -> Option<&'static All> {
    static ALL: OnceLock<Option<All>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows = toml::from_str::<File>(include_str!("structure.toml")).map(|f| f.words).unwrap_or_default();
        let (mut words, mut inside): (FxHashMap<String, Lists>, FxHashMap<String, Lists>) = Default::default();
        let (mut parts, mut part_lists, mut endings) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            let list = Lists::of(row.list);
            let add = |to: &mut FxHashMap<String, Lists>, word: String| {
                let lists = to.entry(word).or_default();
                *lists = lists.and(list);
            };
            row.words.into_iter().for_each(|word| add(&mut words, word));
            row.inside.into_iter().for_each(|word| add(&mut inside, word));
            endings.extend(row.endings.into_iter().map(|ending| (ending, list)));
            part_lists.extend(row.parts.iter().map(|_| list));
            parts.extend(row.parts);
        }
        Some(All { words, inside, parts: AhoCorasick::new(parts).ok()?, part_lists, endings })
    })
    .as_ref()
}

/// The lists that a folded text stands in. Texts of elements carry them along: ask those instead.
pub fn lists(text: &str) -> Lists {
    let Some(all) = all() else { return Lists::default() };
    let whole = all.words.get(text).copied().unwrap_or_default();
    let inside = text.split(' ').filter_map(|word| all.inside.get(word)).fold(whole, |lists, more| lists.and(*more));
    let parts =
        all.parts.find_overlapping_iter(text).filter_map(|found| all.part_lists.get(found.pattern().as_usize()));
    let parts = parts.fold(inside, |lists, more| lists.and(*more));
    let ended = all.endings.iter().filter(|(ending, _)| text.ends_with(ending.as_str()));
    ended.fold(parts, |lists, (_, more)| lists.and(*more)).and(diseases(text))
}

/// The lists of [`disease_nouns`].
fn diseases(text: &str) -> Lists {
    let told = [
        (Words::DiseaseNoun, text.rsplit(' ').next().is_some_and(disease_nouns::is_noun)),
        (Words::DiseaseEnding, disease_nouns::has_ending(text)),
        (Words::AnyDisease, disease_nouns::is_generic(text)),
    ];
    told.iter().filter(|(_, holds)| *holds).fold(Lists::default(), |lists, (list, _)| lists.and(Lists::of(*list)))
}

/// Whether a list holds a folded word.
pub fn holds(list: Words, word: &str) -> bool {
    all().is_some_and(|all| all.words.get(word).is_some_and(|lists| lists.any(Lists::of(list))))
}

/// Whether a list holds every word of a folded phrase.
pub fn holds_all(list: Words, phrase: &str) -> bool {
    phrase.split([' ', '-', '/']).filter(|word| !word.is_empty()).all(|word| holds(list, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let rows = toml::from_str::<File>(include_str!("structure.toml")).map(|f| f.words).unwrap_or_default();
        assert!(rows.len() > 8 && rows.iter().all(|row| (row.list as u32) < u64::BITS));
        assert!(holds_all(Words::Title, "laboratory criteria"));
        assert!(!holds_all(Words::Title, "laboratory mice"));
        let stops = Lists::of(Words::Stopping);
        assert!(lists("be discontinued").any(stops) && !lists("continued").any(stops));
        let able = Lists::of(Words::Able);
        assert!(lists("is unable").any(able) && !lists("capable").any(able));
    }
}
