//! What registries say with words of their own, put into the spelling of ClinicalTrials.gov, which filters and ranks
//! go by. The registry's own words stay beside it where they matter ([`crate::trial::Recruitment`]).

/// What is said of a trial that will recruit later.
const NOT_YET: [&str; 6] =
    ["not yet recruiting", "not yet open", "not started", "pending", "planned", "under evaluation"];

/// The status that words mean; `UNKNOWN` for words that are not known, nothing where there are none.
pub(super) fn status(words: &str) -> &'static str {
    let lower = words.trim().to_lowercase();
    let has = |part: &str| lower.contains(part);
    if lower.is_empty() {
        ""
    } else if NOT_YET.iter().any(|part| has(part)) {
        "NOT_YET_RECRUITING"
    } else if has("recruitment ended") || has("active, not recruiting") || has("recruitment completed") {
        "ACTIVE_NOT_RECRUITING"
    } else if has("not recruiting") || has("closed to recruitment") {
        // WHO says no more: planned, running or over.
        "NOT_RECRUITING"
    } else if has("invitation") {
        "ENROLLING_BY_INVITATION"
    } else if has("recruiting") || lower == "open" {
        "RECRUITING"
    } else if has("halted") || has("suspended") {
        "SUSPENDED"
    } else if has("prematurely") || has("terminated") || has("stopped") || has("revoked") {
        "TERMINATED"
    } else if has("withdrawn") || has("not authorised") || has("cancelled") || has("expired") {
        "WITHDRAWN"
    } else if has("completed") || lower == "ended" {
        "COMPLETED"
    } else {
        "UNKNOWN"
    }
}

/// The phases that words name: `Phase II/III`, `2-3`, `Therapeutic exploratory (Phase II): yes`.
pub(super) fn phases(words: &str) -> Vec<String> {
    let lower = words.to_lowercase();
    // The European form lists all phases and answers each.
    let answered: Vec<&str> = lower.lines().filter(|line| line.contains("yes")).collect();
    let asked = if lower.contains(": no") || lower.contains(": yes") { answered.join(" ") } else { lower };
    let mut found = Vec::new();
    for word in asked.split(|c: char| !c.is_alphanumeric()) {
        // "Phase 1b", "IIa".
        let word = word.strip_prefix("phase").unwrap_or(word);
        let word = word.strip_suffix(['a', 'b']).unwrap_or(word);
        let phase = match word {
            "0" => "EARLY_PHASE1",
            "1" | "i" => "PHASE1",
            "2" | "ii" => "PHASE2",
            "3" | "iii" => "PHASE3",
            "4" | "iv" => "PHASE4",
            _ => continue,
        };
        if !found.iter().any(|known| known == phase) {
            found.push(phase.to_owned());
        }
    }
    if found.is_empty() && matches!(asked.trim(), "n/a" | "na" | "not applicable") {
        found.push("NA".to_owned());
    }
    found
}

/// The sexes that words admit: `ALL`, `FEMALE` or `MALE`; `None` where the words are not understood.
pub(super) fn sex(words: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty()).collect();
    let has = |part: &[&str]| parts.iter().any(|word| part.contains(word));
    // "Female: yes Male: no".
    let answer = |who: &[&str]| {
        let place = parts.iter().position(|word| who.contains(word))?;
        match *parts.get(place + 1)? {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    };
    const FEMALE: [&str; 4] = ["female", "females", "women", "f"];
    const MALE: [&str; 4] = ["male", "males", "men", "m"];
    let (female, male) = match (answer(&FEMALE), answer(&MALE)) {
        (None, None) => (has(&FEMALE), has(&MALE)),
        (female, male) => (female.unwrap_or(false), male.unwrap_or(false)),
    };
    match (female, male) {
        _ if has(&["both", "all", "any", "either"]) => Some("ALL"),
        (true, true) => Some("ALL"),
        (true, false) => Some("FEMALE"),
        (false, true) => Some("MALE"),
        (false, false) => None,
    }
}

/// The study type that words name; other words in the same spelling.
pub(super) fn study_type(words: &str) -> String {
    let lower = words.trim().to_lowercase();
    if lower.contains("intervention") {
        "INTERVENTIONAL".to_owned()
    } else if lower.contains("observation") {
        "OBSERVATIONAL".to_owned()
    } else {
        lower
            .to_uppercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_the_words_of_all_registries_into_one_spelling() {
        for (words, expected) in [
            ("Recruiting", "RECRUITING"),
            ("Authorised, recruiting", "RECRUITING"),
            ("Ongoing, recruiting", "RECRUITING"),
            ("Not Recruiting", "NOT_RECRUITING"),
            ("Not yet recruiting", "NOT_YET_RECRUITING"),
            ("Authorised, recruitment pending", "NOT_YET_RECRUITING"),
            ("Authorised, not started", "NOT_YET_RECRUITING"),
            ("Under evaluation", "NOT_YET_RECRUITING"),
            ("Ongoing, recruitment ended", "ACTIVE_NOT_RECRUITING"),
            ("Temporarily halted", "SUSPENDED"),
            ("Suspended", "SUSPENDED"),
            ("Stopped", "TERMINATED"),
            ("Prematurely Ended", "TERMINATED"),
            ("Revoked", "TERMINATED"),
            ("Expired", "WITHDRAWN"),
            ("Not authorised", "WITHDRAWN"),
            ("Completed", "COMPLETED"),
            ("Ended", "COMPLETED"),
            ("Authorised", "UNKNOWN"),
            ("blue", "UNKNOWN"),
            (" ", ""),
        ] {
            assert_eq!(status(words), expected, "{words}");
        }
        for (words, expected) in [
            ("Phase II/III", "PHASE2 PHASE3"),
            ("2-3", "PHASE2 PHASE3"),
            ("Phase 2/Phase 3", "PHASE2 PHASE3"),
            ("Phase2/Phase3", "PHASE2 PHASE3"),
            ("Phase Ib", "PHASE1"),
            ("0", "EARLY_PHASE1"),
            ("Not Applicable", "NA"),
            ("", ""),
            ("Retrospective study", ""),
            ("Therapeutic exploratory (Phase II)", "PHASE2"),
            (
                "Human pharmacology (Phase I): no\nTherapeutic exploratory (Phase II): yes\nTherapeutic confirmatory - (Phase III): yes\n",
                "PHASE2 PHASE3",
            ),
        ] {
            assert_eq!(phases(words).join(" "), expected, "{words}");
        }
        for (words, expected) in [
            ("Both", Some("ALL")),
            ("Both males and females", Some("ALL")),
            ("Male and Female", Some("ALL")),
            ("Female, Male", Some("ALL")),
            ("<br> Female: yes<br> Male: yes<br>", Some("ALL")),
            ("<br>Female: yes<br>Male: no<br>", Some("FEMALE")),
            ("Females", Some("FEMALE")),
            ("Male", Some("MALE")),
            ("", None),
            ("see text", None),
        ] {
            assert_eq!(sex(words), expected, "{words}");
        }
        assert_eq!(study_type("Interventional clinical trial of medicinal product"), "INTERVENTIONAL");
        assert_eq!(study_type("Diagnostic test"), "DIAGNOSTIC_TEST");
    }
}
