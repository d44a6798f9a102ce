//! Headings: section titles, labels of the old registry style, cohort titles.

use crate::grammar::characters::{Character, string_of};
use crate::grammar::outline::Section;

/// What a heading says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    /// The section that begins.
    pub section: Option<Section>,
    /// The cohort that begins.
    pub cohort: Option<String>,
    /// Whether the section ends without a new one (`PATIENT CHARACTERISTICS:`).
    pub clears_section: bool,
    /// Whether a cohort that was open ends.
    pub clears_cohort: bool,
    /// How many characters of the line belong to the heading.
    pub length: usize,
}

/// Titles of the old registry style, under which requirements and prohibitions stand mixed.
const NEUTRAL: &[&str] = &[
    "disease characteristics",
    "patient characteristics",
    "prior concurrent therapy",
    "prior/concurrent therapy",
    "eligibility criteria",
    "criteria",
    "eligibility",
    "patient eligibility",
    "patient population",
    "selection criteria",
    "subject eligibility",
];

/// Labels of the old registry style, which stand above their points and ask nothing.
const LABELS: &[&str] = &[
    "age",
    "sex",
    "gender",
    "menopausal status",
    "performance status",
    "life expectancy",
    "hematopoietic",
    "haematological",
    "hematologic",
    "hematology",
    "hepatic",
    "renal",
    "cardiovascular",
    "cardiac",
    "pulmonary",
    "other",
    "not specified",
    "chemotherapy",
    "endocrine therapy",
    "surgery",
    "radiotherapy",
    "biologic therapy",
    "immunotherapy",
    "chemistry",
    "serology",
    "laboratory",
    "immunologic",
    "neurologic",
    "hormone receptor status",
    "prior therapy",
    "prior treatment",
    "concurrent therapy",
    "disease status",
    "general",
    "liver",
    "kidney",
    "bone marrow",
    "specific",
    "coagulation",
    "emr criteria",
    "self-report criteria",
];

/// Whether a line is such a label.
pub fn is_label(text: &str) -> bool {
    let lower = text.trim().trim_end_matches([':', '.']).trim().to_lowercase();
    LABELS.contains(&lower.as_str())
}

/// Words that name a part of a trial.
const COHORT_WORDS: &[&str] = &[
    "cohort",
    "cohorts",
    "arm",
    "arms",
    "part",
    "parts",
    "phase",
    "phases",
    "group",
    "groups",
    "substudy",
    "sub-study",
    "module",
    "stratum",
];

/// How many words the title of a section has at most.
const LONGEST_TITLE: usize = 16;

/// How many words a line above a list has at most that names a cohort.
const LONGEST_LABEL: usize = 12;

/// Reads a line as a heading, or not.
pub fn heading(content: &[Character], marked: bool, next_marked: bool) -> Option<Heading> {
    let colon = content.iter().position(|c| c.value == ':');
    // A bullet is a heading only where a short title with a colon stands behind it.
    if marked && colon.is_none() {
        return None;
    }
    let title_length = colon.map_or(content.len(), |c| c + 1);
    let (title, rest) = content.split_at_checked(title_length)?;
    // Most lines are sentences, too long for any heading.
    let title_words = words(title, LONGEST_TITLE + 1);
    if title_words > LONGEST_TITLE {
        return None;
    }
    let rest_words = words(rest, LONGEST_TITLE);
    let written = string_of(title);
    let lower = written.to_lowercase();
    let bare = lower.trim_end_matches([':', ' ', '.']).trim();
    if let Some(section) = section_title(bare, marked, colon.is_some(), rest_words) {
        let whole = colon.is_none() || rest_words == 0;
        return Some(Heading {
            section: Some(section),
            cohort: cohort_in(&written, true),
            length: if whole { content.len() } else { title_length },
            ..Heading::default()
        });
    }
    if marked {
        return None;
    }
    if rest_words == 0 && is_label(&written) {
        return Some(Heading { length: content.len(), ..Heading::default() });
    }
    if NEUTRAL.contains(&bare) && (colon.is_some() || rest_words == 0) {
        return Some(Heading {
            clears_section: true,
            clears_cohort: true,
            length: title_length.min(content.len()),
            ..Heading::default()
        });
    }
    if !next_marked || title_words + rest_words > LONGEST_LABEL {
        return None;
    }
    let text = string_of(content);
    // "Cohort B:" above a list; "General:" above a list ends the cohort.
    let ends_with_colon = text.trim_end().ends_with(':');
    if ends_with_colon {
        if let Some(cohort) = cohort_in(text.trim_end().trim_end_matches(':'), false) {
            return Some(Heading { cohort: Some(cohort), length: content.len(), ..Heading::default() });
        }
        if matches!(
            bare,
            "general"
                | "all cohorts"
                | "all patients"
                | "all participants"
                | "all subjects"
                | "all arms"
                | "key criteria"
                | "for all patients"
        ) {
            return Some(Heading { clears_cohort: true, length: content.len(), ..Heading::default() });
        }
    }
    let lower = text.to_lowercase();
    if !ends_with_colon && lower.starts_with("additional") {
        let section = if lower.contains("exclusion") || lower.contains("excluded") {
            Some(Section::Exclusion)
        } else if lower.contains("inclusion") {
            Some(Section::Inclusion)
        } else {
            None
        };
        return Some(Heading { section, cohort: cohort_in(&text, true), length: content.len(), ..Heading::default() });
    }
    None
}

/// How many words stand in a line, counted up to a limit.
fn words(line: &[Character], most: usize) -> usize {
    line.split(|c| c.value.is_whitespace()).filter(|word| !word.is_empty()).take(most).count()
}

/// The section that a title opens.
fn section_title(title: &str, marked: bool, colon: bool, rest_words: usize) -> Option<Section> {
    if !["inclu", "exclu", "eligible", "must meet"].iter().any(|part| title.contains(part)) {
        return None;
    }
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    if words.is_empty() || words.len() > LONGEST_TITLE {
        return None;
    }
    let has = |w: &[&str]| words.iter().any(|x| w.contains(x));
    let criteria = has(&["criteria", "criterion", "criterias"]);
    let inclusion = has(&["inclusion", "inclusions", "included"]);
    let exclusion = has(&["exclusion", "exclusions", "non-inclusion", "noninclusion", "excluded"]);
    if inclusion == exclusion {
        let asks = [
            "patients are eligible if",
            "eligible if",
            "to be eligible",
            "patients must meet",
            "subjects must meet",
            "participants must meet",
        ];
        return (colon
            && rest_words == 0
            && !marked
            && words.len() <= 10
            && asks.iter().any(|a| title.contains(a))
            && !title.contains("not eligible")
            && !title.contains("following"))
        .then_some(Section::Inclusion);
    }
    let section = if inclusion { Section::Inclusion } else { Section::Exclusion };
    let verb = has(&[
        "must", "meets", "meet", "met", "fulfil", "fulfill", "with", "who", "has", "have", "had", "should", "note",
        "be", "will",
    ]);
    let short = words.len() <= if criteria { 14 } else { 3 };
    let plain = criteria || has(&["inclusion", "exclusion", "inclusions", "exclusions"]);
    let starts_known = words.first().is_some_and(|w| {
        matches!(
            *w,
            "inclusion"
                | "exclusion"
                | "key"
                | "main"
                | "major"
                | "general"
                | "additional"
                | "core"
                | "non-inclusion"
                | "criteria"
                | "patient"
                | "subject"
                | "participant"
                | "eligibility"
                | "principal"
                | "primary"
                | "specific"
                | "common"
                | "study"
                | "phase"
                | "cohort"
                | "arm"
                | "part"
                | "important"
                | "clinical"
                | "pre-registration"
                | "registration"
                | "randomization"
                | "step"
                | "inclusions"
                | "exclusions"
                | "excluded"
                | "other"
                | "all"
                | "for"
                | "the"
                | "screening"
                | "selected"
                | "summary"
        )
    });
    let short_without_colon = colon || rest_words == 0;
    (plain && short && !verb && starts_known && short_without_colon && (!marked || colon && words.len() <= 6))
        .then_some(section)
}

/// The cohort, arm, part or phase that a title names, in the title's own words.
pub fn cohort_in(title: &str, inside_heading: bool) -> Option<String> {
    // "For both phase 1 and phase 2", "all cohorts": binds everybody.
    if title.to_lowercase().split_whitespace().any(|w| matches!(w, "both" | "all" | "every")) {
        return None;
    }
    let words: Vec<&str> = title.split_whitespace().collect();
    let clean = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_lowercase();
    for (at, word) in words.iter().enumerate() {
        let lower = clean(word);
        if !COHORT_WORDS.contains(&lower.as_str()) {
            continue;
        }
        let next = words.get(at + 1).map(|w| clean(w)).unwrap_or_default();
        if is_cohort_label(&next) && lower != "group" || lower == "group" && next.len() == 1 {
            let mut end = at + 2;
            // "Cohort A and B", "Phase 1b and Phase 2", "Arms A, B".
            while let Some(more) = words.get(end) {
                let joins = matches!(clean(more).as_str(), "and" | "or" | "&" | "")
                    && words
                        .get(end + 1)
                        .is_some_and(|w| is_cohort_label(&clean(w)) || COHORT_WORDS.contains(&clean(w).as_str()));
                let listed = words.get(end - 1).is_some_and(|w| w.ends_with(',')) && is_cohort_label(&clean(more));
                let label_after_word = COHORT_WORDS
                    .contains(&clean(words.get(end - 1).copied().unwrap_or("")).as_str())
                    && is_cohort_label(&clean(more));
                if joins {
                    end += 2;
                } else if listed || label_after_word {
                    end += 1;
                } else {
                    break;
                }
            }
            let bracket = words.get(end).filter(|w| w.starts_with('(') && inside_heading);
            let end = bracket
                .and_then(|_| (end..words.len()).find(|&i| words.get(i).is_some_and(|w| w.contains(')'))))
                .map_or(end, |i| i + 1);
            return Some(
                words
                    .get(at..end)
                    .unwrap_or_default()
                    .join(" ")
                    .trim_matches([',', ':', '.', ';', '(', ' '])
                    .to_owned(),
            );
        }
        // "everolimus arm", "combination cohort": the words before it, inside a heading.
        if inside_heading && at >= 1 && lower != "phase" && lower != "part" && lower != "group" {
            let start = words
                .iter()
                .take(at)
                .rposition(|w| matches!(clean(w).as_str(), "for" | "in" | "the" | "criteria" | "to"))
                .map_or(0, |i| i + 1);
            if start < at {
                return Some(
                    words
                        .get(start..=at)
                        .unwrap_or_default()
                        .join(" ")
                        .trim_matches([',', ':', '.', ';', '(', ')', ' '])
                        .to_owned(),
                );
            }
        }
    }
    None
}

/// The single cohorts that a label binds: "Cohort A and B" binds "cohort a" and "cohort b".
pub fn single_cohorts(label: &str) -> Vec<String> {
    let plain: String = label.to_lowercase().split('(').next().unwrap_or_default().to_owned();
    let mut out = Vec::new();
    let mut kind = String::new();
    for word in plain.split(|c: char| c.is_whitespace() || matches!(c, ',' | '&' | '/')).filter(|w| !w.is_empty()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if COHORT_WORDS.contains(&word) {
            kind = word.trim_end_matches('s').to_owned();
        } else if !kind.is_empty() && is_cohort_label(word) {
            out.push(format!("{kind} {word}"));
        } else if !matches!(word, "and" | "or" | "") {
            // A named arm is itself.
            return vec![label.to_lowercase()];
        }
    }
    if out.is_empty() { vec![label.to_lowercase()] } else { out }
}

/// `A`, `1`, `2a`, `Ib`, `II`, `B1`.
fn is_cohort_label(word: &str) -> bool {
    // "A2/B1".
    if let Some((first, rest)) = word.split_once('/')
        && word != "i/ii"
    {
        return is_cohort_label(first) && is_cohort_label(rest);
    }
    let length = word.chars().count();
    let digits = word.chars().any(|c| c.is_ascii_digit());
    let roman = ["i", "ii", "iii", "iv", "ib", "ia", "iia", "iib", "iiia", "i/ii"].contains(&word);
    (length <= 3 && digits && word.chars().all(char::is_alphanumeric))
        || roman
        || (length == 1 && word.chars().all(|c| c.is_alphabetic() && c != 'a') || word == "a")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::characters::normalise;

    #[test]
    fn knows_headings_from_sentences() {
        use Section::*;
        for (line, section, cohort) in [
            ("Inclusion Criteria:", Some(Inclusion), None),
            ("KEY EXCLUSION CRITERIA", Some(Exclusion), None),
            ("Exclusion Criteria for Cohort A and B:", Some(Exclusion), Some("Cohort A and B")),
            (
                "Additional Criteria for Inclusion in Phase 1b (drug combination)",
                Some(Inclusion),
                Some("Phase 1b (drug combination)"),
            ),
            ("Inclusion: women over 18", Some(Inclusion), None),
        ] {
            let found = heading(&normalise(line), false, true).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((found.section, found.cohort.as_deref()), (section, cohort), "{line}");
        }
        for line in [
            "Patients must meet all inclusion criteria of the parent study",
            "Women with breast cancer",
            "Exclusion of pregnancy by test",
        ] {
            assert_eq!(heading(&normalise(line), false, false), None, "{line}");
        }
    }
}
