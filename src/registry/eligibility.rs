//! One eligibility text from the fields of registries that keep inclusion and exclusion apart.
//!
//! The text is made of the fields verbatim, without the white space around them, each below a heading that the reader
//! knows, with one blank line between the parts:
//!
//! ```text
//! Inclusion Criteria:
//!
//! (the field)
//!
//! Exclusion Criteria:
//!
//! (the field)
//! ```
//!
//! A field that brings its own heading (`Inclusion criteria: ...`) gets no other. Spans count characters of this text.

/// Joins the fields. `notes` are structured fields that could not be read (`Minimum age: adult`): they stand first under
/// inclusion, so that they are shown and nobody takes the trial for one without limits.
pub(super) fn join(notes: &[String], inclusion: &str, exclusion: &str) -> String {
    let (inclusion, exclusion) = (inclusion.trim(), exclusion.trim());
    // Without a text the trial is shown as one without, whatever its other fields say.
    let notes = if inclusion.is_empty() && exclusion.is_empty() { &[] } else { notes };
    let mut parts: Vec<&str> = Vec::new();
    if !notes.is_empty() {
        parts.push("Inclusion Criteria:");
        parts.extend(notes.iter().map(String::as_str));
    }
    if !inclusion.is_empty() {
        if notes.is_empty() && !has_heading(inclusion, "inclusion") {
            parts.push("Inclusion Criteria:");
        }
        parts.push(inclusion);
    }
    if !exclusion.is_empty() {
        if !has_heading(exclusion, "exclusion") {
            parts.push("Exclusion Criteria:");
        }
        parts.push(exclusion);
    }
    parts.join("\n\n")
}

/// Writes a criterion of a list below a number, unless it brings a mark of its own.
pub(super) fn numbered(number: usize, words: &str) -> String {
    let words = words.trim();
    let first = words.chars().next().unwrap_or(' ');
    let digits = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = matches!(first, '-' | '*' | '•' | '·' | '–' | '(')
        || (digits.len() < words.len() && digits.starts_with(['.', ')']) && !is_decimal(digits));
    if marked { words.to_owned() } else { format!("{number}. {words}") }
}

/// `.5`: the digits before it belong to a figure, not to a list.
fn is_decimal(rest: &str) -> bool {
    rest.starts_with('.') && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// Says whether a field starts with the title of its section: on a line of its own, or before a colon.
fn has_heading(words: &str, section: &str) -> bool {
    let mut rest = words.trim_start();
    while let Some(after) = ["<br>", "<br/>", "<br />", "<p>"].iter().find_map(|tag| rest.strip_prefix(tag)) {
        rest = after.trim_start();
    }
    let end = rest.find(['\n', '\r', ':', '<']).unwrap_or(rest.len());
    let title = rest.get(..end).unwrap_or_default().trim().to_lowercase();
    let title = ["key ", "main ", "principal "].iter().find_map(|word| title.strip_prefix(word)).unwrap_or(&title);
    title.strip_prefix(section).is_some_and(|more| matches!(more.trim(), "" | "criteria" | "criterion" | "s"))
        // "Inclusion" alone in front of nothing would be a criterion of one word.
        && end < rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_under_headings_that_are_there_once() {
        let joined = |inclusion, exclusion| join(&[], inclusion, exclusion);
        let cases = [
            (joined("1. A \n", " B"), "Inclusion Criteria:\n\n1. A\n\nExclusion Criteria:\n\nB"),
            (
                joined("Inclusion criteria: A", "Exclusion criteria: B"),
                "Inclusion criteria: A\n\nExclusion criteria: B",
            ),
            (joined("\r<br>  Inclusion Criteria:\r<br> A", ""), "<br>  Inclusion Criteria:\r<br> A"),
            (joined("", "None"), "Exclusion Criteria:\n\nNone"),
            (joined("Inclusion of women", ""), "Inclusion Criteria:\n\nInclusion of women"),
            (joined("", ""), ""),
            (join(&["Sex: people".to_owned()], "", " "), ""),
            (
                join(&["Minimum age: adult".to_owned()], "Inclusion criteria: A", ""),
                "Inclusion Criteria:\n\nMinimum age: adult\n\nInclusion criteria: A",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn numbers_what_has_no_mark() {
        let cases = [
            ("Adults", "3. Adults"),
            ("- Adults", "- Adults"),
            ("1. Adults", "1. Adults"),
            ("2) Adults", "2) Adults"),
            ("18 years or older", "3. 18 years or older"),
            ("1.5 times the limit", "3. 1.5 times the limit"),
            ("", "3. "),
        ];
        for (words, expected) in cases {
            assert_eq!(numbered(3, words), expected);
        }
    }
}
