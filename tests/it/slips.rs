//! Probable slips of a registry are read by their evident meaning and always named.

use trialmatch::criteria::{Section, read_trial};
use trialmatch::trial::Trial;

/// The readings with their notes.
fn check(text: &str, expected: &str) {
    let trial = Trial { eligibility: text.to_owned(), ..crate::criteria_cases::trial(Section::Inclusion, "") };
    let read = read_trial(&trial).criteria.into_iter().filter(|c| c.span.is_some());
    let said: Vec<String> = read.map(|c| c.say()).collect();
    assert_eq!(said.join(" | "), expected, "{text}");
}

#[test]
fn units_that_cannot_be_meant_are_named() {
    for (bound, read) in [
        ("Platelets >= 100 x 10^12/L", "latelet count >= 100 x 10^9/L"),
        ("Platelets >= 100,000 x 10^9/L", "latelet count >= 100 x 10^9/L"),
        ("Hemoglobin >= 9 g/L", "emoglobin >= 9 g/dL"),
        ("Hemoglobin >= 90 g/dL", "emoglobin >= 9 g/dL"),
    ] {
        let first = if read.starts_with('l') { ("P", "p") } else { ("H", "h") };
        let note = format!("the registry's unit is an evident slip, read as {}{read}", first.1);
        check(&format!("Inclusion Criteria:\n\n* {bound}"), &format!("{}{read} ({note})", first.0));
    }
    check("Inclusion Criteria:\n\n* Hemoglobin >= 9 g/dL", "Hemoglobin >= 9 g/dL");
}

#[test]
fn items_under_the_wrong_heading_are_named() {
    let slip = "stands under the exclusion criteria by an evident slip, read as a";
    check(
        "Exclusion Criteria:\n\n* No stroke within 6 months",
        &format!("The patient has no stroke within 6 months ({slip} prohibition)"),
    );
    check("Exclusion Criteria:\n\n* Stroke within 6 months", "The patient has no stroke within 6 months");
}

#[test]
fn items_that_ran_into_each_other_are_named() {
    let note = "two items of the registry may have run into one";
    for (text, merged) in [
        ("* History of stroke.Patients with angina", true),
        ("* History of stroke5. Patients with angina", true),
        ("* History of stroke. Patients with angina", false),
        ("* HbA1c 7. Then more", false),
    ] {
        let eligibility = format!("Exclusion Criteria:\n\n{text}");
        let trial = Trial { eligibility, ..crate::criteria_cases::trial(Section::Inclusion, "") };
        let named = read_trial(&trial).criteria.iter().any(|c| c.notes.iter().any(|n| n == note));
        assert_eq!(named, merged, "{text}");
    }
}
