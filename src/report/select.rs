//! Which of the evaluated trials a report lists. Filters look at registry fields alone, never at eligibility.

use crate::lexicon::country;
use crate::trial::Trial;
use std::collections::BTreeSet;

/// Statuses that ClinicalTrials.gov uses, into which those of other registries are put, and what WHO ICTRP says of
/// all that is not recruiting.
const STATUSES: [&str; 10] = [
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NOT_RECRUITING",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TERMINATED",
    "UNKNOWN",
    "WITHDRAWN",
];

/// Phases that the registries use.
const PHASES: [&str; 6] = ["EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"];

/// What a report lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Overall statuses to keep; empty keeps all.
    pub statuses: Vec<String>,
    /// Countries with a site to keep, in lower case; empty keeps all.
    pub countries: Vec<String>,
    /// Phases to keep; empty keeps all.
    pub phases: Vec<String>,
    /// Keeps trials with a site within so many kilometres, and those whose distance is not known.
    pub within_km: Option<f64>,
    /// Lists the ineligible too.
    pub all: bool,
    /// Lists no more than this many.
    pub limit: Option<usize>,
}

/// A filter was given a word that no trial can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} `{given}`{suggestion}")]
pub struct SelectionError {
    /// `status`, `country` or `phase`.
    pub kind: &'static str,
    given: String,
    suggestion: String,
}

impl Selection {
    /// Checks and normalises filter words as a person types them: `recruiting`, `gb`, `phase 2`, `2`.
    pub fn new(statuses: &[String], countries: &[String], phases: &[String]) -> Result<Self, SelectionError> {
        Ok(Self {
            statuses: statuses.iter().map(|word| status(word)).collect::<Result<_, _>>()?,
            countries: countries.iter().map(|word| country_name(word)).collect::<Result<_, _>>()?,
            phases: phases.iter().map(|word| phase(word)).collect::<Result<_, _>>()?,
            within_km: None,
            all: false,
            limit: None,
        })
    }

    /// Says whether the filters let a trial through.
    pub fn lets_through(&self, trial: &Trial) -> bool {
        let status =
            self.statuses.is_empty() || trial.statuses().any(|status| self.statuses.contains(&constant(status)));
        let phase = self.phases.is_empty() || trial.phases.iter().any(|phase| self.phases.contains(&constant(phase)));
        let country = self.countries.is_empty()
            || trial.sites.iter().any(|site| self.countries.iter().any(|name| country::same(name, &site.country)));
        status && phase && country
    }
}

/// Writes words as a registry constant: `Not yet recruiting` as `NOT_YET_RECRUITING`.
fn constant(word: &str) -> String {
    word.trim().to_uppercase().replace([' ', '-'], "_").replace(",", "")
}

fn status(word: &str) -> Result<String, SelectionError> {
    let given = constant(word);
    if STATUSES.contains(&given.as_str()) {
        return Ok(given);
    }
    Err(refuse("status", word, &given, STATUSES.iter().copied()))
}

fn phase(word: &str) -> Result<String, SelectionError> {
    let mut given = constant(word).replace("PHASE_", "PHASE");
    if given.len() == 1 && given.chars().all(|digit| digit.is_ascii_digit()) {
        given = format!("PHASE{given}");
    }
    if PHASES.contains(&given.as_str()) {
        return Ok(given);
    }
    Err(refuse("phase", word, &given, PHASES.iter().copied()))
}

fn country_name(word: &str) -> Result<String, SelectionError> {
    match country::find(word) {
        Some(country) => Ok(country.name.clone()),
        None => Err(refuse("country", word, word, country::all().iter().map(|country| country.name.as_str()))),
    }
}

/// Names the nearest valid word, or all of them where none is near and they are few.
fn refuse<'w>(kind: &'static str, given: &str, compared: &str, valid: impl Iterator<Item = &'w str>) -> SelectionError {
    let valid: BTreeSet<&str> = valid.collect();
    let lower = compared.to_lowercase();
    let nearest = valid
        .iter()
        .map(|word| (strsim::jaro_winkler(&lower, &word.to_lowercase()), *word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let suggestion = match nearest {
        Some((_, word)) => format!("; did you mean `{word}`?"),
        None if valid.len() < 20 => {
            format!("; valid are {}", valid.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
        }
        None => "; use a two-letter code (`GB`) or an English name (`United Kingdom`)".to_owned(),
    };
    SelectionError { kind, given: super::text::one_line(given), suggestion }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_are_normalised() {
        let selection =
            Selection::new(&words(&["Not yet recruiting"]), &words(&["gb", "uk"]), &words(&["2", "phase 1"])).unwrap();
        assert_eq!(selection.statuses, ["NOT_YET_RECRUITING"]);
        assert_eq!(selection.countries, ["United Kingdom", "United Kingdom"]);
        assert_eq!(selection.phases, ["PHASE2", "PHASE1"]);
    }

    #[test]
    fn a_misspelt_word_names_the_nearest() {
        let said = |statuses: &[&str], countries: &[&str], phases: &[&str]| {
            Selection::new(&words(statuses), &words(countries), &words(phases)).unwrap_err().to_string()
        };
        assert_eq!(said(&["recruting"], &[], &[]), "unknown status `recruting`; did you mean `RECRUITING`?");
        assert_eq!(said(&[], &["Germny"], &[]), "unknown country `Germny`; did you mean `Germany`?");
        assert!(said(&[], &[], &["7"]).starts_with("unknown phase `7`"));
    }
}
