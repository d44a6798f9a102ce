//! What is about to start: drugs, radiotherapy, or no treatment; as a person types it.

use crate::lexicon::drugs;
use crate::lexicon::procedures::{self, ProcedureKind};

/// How alike two names are (Jaro-Winkler, 0 to 1) before one is offered for the other.
const ALIKE: f64 = 0.8;

/// The drugs of a class that a message names.
const NAMED_OF_A_CLASS: usize = 6;

/// What starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// Drugs given together, by their rows in the vocabulary.
    Drugs(Vec<usize>),
    /// Radiotherapy to a place.
    Radiotherapy {
        /// The place as typed (`brain`).
        target: String,
        /// The technique, where the words name one (`whole brain`).
        technique: Option<String>,
    },
    /// The previous line stops and nothing follows.
    Nothing,
}

/// Words that name no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No drug has this name.
    #[error("unknown drug `{given}`{suggestion}")]
    UnknownDrug {
        /// The name as typed.
        given: String,
        /// The nearest name, or what else may be given.
        suggestion: String,
    },
    /// A class of drugs, not a drug.
    #[error("`{given}` is a class of drugs; name the drug{examples}")]
    Class {
        /// The name as typed.
        given: String,
        /// Drugs of the class.
        examples: String,
    },
    /// Radiotherapy without its place.
    #[error("radiotherapy needs its place: `radiotherapy to brain`")]
    NoPlace,
    /// Nothing between two plus signs, or nothing at all.
    #[error("name the drugs as AGENT or AGENT+AGENT, or `no treatment`, or `radiotherapy to SITE`")]
    Empty,
}

impl Start {
    /// Reads `letrozole+palbociclib`, `no treatment` or `radiotherapy to brain`. Drugs go by brand, generic name or code.
    pub fn parse(words: &str) -> Result<Self, PlanError> {
        let words = words.trim();
        let lower = words.to_lowercase();
        if matches!(lower.as_str(), "no treatment" | "nothing" | "none" | "no-treatment") {
            return Ok(Self::Nothing);
        }
        if let Some(radiotherapy) = radiotherapy(&lower) {
            return radiotherapy;
        }
        let names: Vec<&str> =
            if drugs::drug_by_name(words).is_some() { vec![words] } else { words.split('+').collect() };
        Self::of_names(names)
    }

    /// Takes drugs by their names, each of them once, in the order given.
    pub fn of_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, PlanError> {
        let mut rows = Vec::new();
        for name in names {
            let row = drug(name.trim())?;
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        if rows.is_empty() { Err(PlanError::Empty) } else { Ok(Self::Drugs(rows)) }
    }

    /// The generic names of the drugs; empty for other plans.
    pub fn agents(&self) -> Vec<String> {
        let Self::Drugs(rows) = self else { return Vec::new() };
        rows.iter().filter_map(|row| drugs::all_drugs().get(*row)).map(|drug| drug.id.clone()).collect()
    }

    /// For each drug its generic name and the others that it goes by, in lower case; for radiotherapy its words.
    pub fn names(&self) -> Vec<Vec<String>> {
        match self {
            Self::Drugs(rows) => rows
                .iter()
                .filter_map(|row| drugs::all_drugs().get(*row))
                .map(|drug| std::iter::once(&drug.id).chain(&drug.aliases).cloned().collect())
                .collect(),
            Self::Radiotherapy { .. } => vec![vec![self.say(), "radiotherapy".to_owned(), "radiation".to_owned()]],
            Self::Nothing => Vec::new(),
        }
    }

    /// Says the plan in words.
    pub fn say(&self) -> String {
        match self {
            Self::Drugs(_) => self.agents().join(" + "),
            Self::Radiotherapy { target, technique: Some(technique) } if technique.contains(target.as_str()) => {
                format!("{technique} radiotherapy")
            }
            Self::Radiotherapy { target, technique: Some(technique) } => {
                format!("{technique} radiotherapy to {target}")
            }
            Self::Radiotherapy { target, technique: None } => format!("radiotherapy to {target}"),
            Self::Nothing => "no treatment".to_owned(),
        }
    }

    /// Says whether it takes the place of the line before: one of its drugs makes a line of therapy.
    pub fn is_line(&self) -> bool {
        matches!(self, Self::Drugs(rows) if rows.iter().any(|row| drugs::makes_a_line(*row)))
    }

    /// Says whether every drug of the plan has been registered somewhere, so that it can be had outside trials.
    pub fn is_approved(&self) -> bool {
        match self {
            Self::Drugs(rows) => rows.iter().all(|row| drugs::all_drugs().get(*row).is_some_and(|drug| drug.approved)),
            Self::Radiotherapy { .. } => true,
            Self::Nothing => false,
        }
    }
}

/// Reads `radiotherapy to SITE`, `SITE radiotherapy` or `whole-brain radiotherapy`; `None` where it is none of them.
fn radiotherapy(lower: &str) -> Option<Result<Start, PlanError>> {
    const NOUNS: [&str; 6] =
        ["radiotherapy", "radiation therapy", "radiation", "irradiation", "stereotactic radiosurgery", "radiosurgery"];
    const TECHNIQUES: [(&str, &str); 4] = [
        ("stereotactic", "stereotactic"),
        ("radiosurgery", "stereotactic"),
        ("external beam", "external beam"),
        ("whole brain", "whole brain"),
    ];
    let plain = lower.replace('-', " ");
    let known = procedures::by_name(&plain)
        .and_then(|row| procedures::all().get(row))
        .filter(|procedure| procedure.kind == ProcedureKind::Radiotherapy);
    if !NOUNS.iter().any(|noun| plain.contains(noun)) && known.is_none() {
        return None;
    }
    // An abbreviation (`WBRT`) stands for the name of its row.
    let plain = known.map_or(plain, |procedure| procedure.id.clone());
    let technique = TECHNIQUES.iter().find(|(word, _)| plain.contains(word)).map(|(_, word)| (*word).to_owned());
    let mut target = match plain.split_once(" to ") {
        Some((_, place)) => place.to_owned(),
        None => plain.clone(),
    };
    for word in NOUNS.iter().rev().chain(["stereotactic", "external beam", "whole", "palliative", "the "].iter()) {
        target = target.replace(word, " ");
    }
    let target = target.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(if target.is_empty() { Err(PlanError::NoPlace) } else { Ok(Start::Radiotherapy { target, technique }) })
}

/// Finds a drug by any of its names.
fn drug(name: &str) -> Result<usize, PlanError> {
    if name.is_empty() {
        return Err(PlanError::Empty);
    }
    // Abbreviations count with their capitals; people type them as they like.
    if let Some(row) = drugs::drug_by_name(name).or_else(|| drugs::drug_by_name(&name.to_uppercase())) {
        return Ok(row);
    }
    let given = name.to_owned();
    if let Some(class) = drugs::class_by_name(name).or_else(|| drugs::class_by_id(name)) {
        return Err(PlanError::Class { given, examples: examples(class) });
    }
    Err(PlanError::UnknownDrug { given, suggestion: nearest(name) })
}

/// Registered drugs of a class, for a message.
fn examples(class: usize) -> String {
    let members: Vec<&str> = drugs::all_drugs()
        .iter()
        .enumerate()
        .filter(|(row, drug)| drug.approved && drugs::is_in_class(*row, class))
        .map(|(_, drug)| drug.id.as_str())
        .take(NAMED_OF_A_CLASS)
        .collect();
    if members.is_empty() { String::new() } else { format!(", such as {}", members.join(", ")) }
}

/// The name of a drug that is nearest to what was typed.
fn nearest(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for drug in drugs::all_drugs() {
        for known in std::iter::once(&drug.id).chain(&drug.aliases) {
            let likeness = strsim::jaro_winkler(&lower, known);
            if likeness > ALIKE && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, known));
            }
        }
    }
    match best {
        Some((_, known)) => format!("; did you mean `{known}`?"),
        None => "; give its generic name, brand or code".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read_by_brand_generic_name_and_code() {
        for (typed, agents) in [
            ("Enhertu", vec!["trastuzumab deruxtecan"]),
            ("DS-8201a", vec!["trastuzumab deruxtecan"]),
            ("t-dxd", vec!["trastuzumab deruxtecan"]),
            ("Letrozole + Ibrance", vec!["letrozole", "palbociclib"]),
            ("xeloda+capecitabine", vec!["capecitabine"]),
        ] {
            assert_eq!(Start::parse(typed).unwrap().agents(), agents, "{typed}");
        }
        for (typed, said) in [
            ("no treatment", "no treatment"),
            ("radiotherapy to bone", "radiotherapy to bone"),
            ("Radiotherapy to the chest wall", "radiotherapy to chest wall"),
            ("whole-brain radiotherapy", "whole brain radiotherapy"),
            ("WBRT", "whole brain radiotherapy"),
            ("stereotactic radiotherapy to brain", "stereotactic radiotherapy to brain"),
            ("radiotherapy to whole brain", "whole brain radiotherapy"),
        ] {
            assert_eq!(Start::parse(typed).unwrap().say(), said, "{typed}");
        }
    }

    #[test]
    fn what_is_no_plan_is_refused_with_the_nearest_word() {
        for (typed, words) in [
            ("capecitabne", vec!["capecitabne", "capecitabine"]),
            ("enhrtu", vec!["enhertu"]),
            ("CDK4/6 inhibitor", vec!["class", "palbociclib"]),
            ("letrozole+", vec!["AGENT+AGENT"]),
            ("", vec!["AGENT"]),
            ("radiotherapy", vec!["radiotherapy to brain"]),
            ("xyzzy", vec!["xyzzy", "generic name"]),
        ] {
            let said = Start::parse(typed).unwrap_err().to_string();
            for word in words {
                assert!(said.contains(word), "{typed}: {said}");
            }
        }
    }
}
