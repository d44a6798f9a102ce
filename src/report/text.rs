//! Text for people's eyes: what a registry wrote is shown, never obeyed by a terminal, a page or a spreadsheet.

use crate::matching::{Fact, Outcome, Verdict};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Makes control, bidirectional and zero-width characters visible as `[U+202E]`; keeps line breaks and tabs.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "[U+{:04X}]", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Says whether a character steers a terminal or hides what stands beside it. A carriage return is no such
/// character where it ends a line, but alone it overwrites the line, so it is shown too.
fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

/// Joins a text into one line: runs of white space become one blank, hidden characters are made visible.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&visible(word));
    }
    line
}

/// Shortens a line to `limit` characters, with an ellipsis where it was cut.
pub fn shorten(line: &str, limit: usize) -> String {
    if line.chars().count() <= limit {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Says a fact as `receptors.her2.ihc = 1+`, with its note.
pub fn fact(fact: &Fact) -> String {
    let value = match &fact.value {
        serde_json::Value::String(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(other.to_string()),
    };
    let mut said = format!("{} = {}", visible(&fact.fact), one_line(&value));
    if let Some(note) = &fact.note {
        said.push_str(" (");
        said.push_str(&one_line(note));
        said.push(')');
    }
    said
}

/// Says whether a reading says anything; the reader writes `[not read]` for what it could not read at all.
pub fn is_read(reading: &str) -> bool {
    !reading.is_empty() && !reading.eq_ignore_ascii_case("[not read]")
}

/// Names an outcome in words.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "met",
        Outcome::Fail => "not met",
        Outcome::Wait => "wait",
        Outcome::Unknown => "not known",
        Outcome::Confirm => "to confirm",
        Outcome::Unread => "not read",
    }
}

/// Gives the symbol that stands beside the outcome's words.
pub fn outcome_symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✓",
        Outcome::Fail => "✗",
        Outcome::Wait => "◷",
        Outcome::Unknown => "?",
        Outcome::Confirm => "☐",
        Outcome::Unread => "¶",
    }
}

/// Names a verdict in words.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => "eligible",
        Verdict::Possible => "possible",
        Verdict::Ineligible => "ineligible",
    }
}

/// Gives the symbol that stands beside the verdict's word.
pub fn verdict_symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => "✓",
        Verdict::Possible => "?",
        Verdict::Ineligible => "✗",
    }
}

/// Writes a registry's constant for people: `ACTIVE_NOT_RECRUITING` as "active not recruiting".
pub fn plain(constant: &str) -> String {
    one_line(&constant.replace('_', " ").to_lowercase())
}

/// Writes phases for people: `PHASE1`, `PHASE2` as "phase 1, phase 2".
pub fn phases(phases: &[String]) -> String {
    let said: Vec<String> = phases
        .iter()
        .filter(|phase| phase.as_str() != "NA")
        .map(|phase| plain(phase).replacen("phase", "phase ", 1).replace("  ", " "))
        .collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_made_visible() {
        for (text, shown) in [
            ("HER2 < 1 × ULN\n", "HER2 < 1 × ULN\n"),
            ("a\u{1b}[31mred", "a[U+001B][31mred"),
            ("left\u{202e}right", "left[U+202E]right"),
            ("zero\u{200b}width", "zero[U+200B]width"),
            ("over\rwrite", "over[U+000D]write"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn lines_are_joined_and_shortened() {
        assert_eq!(one_line("  a\r\n  b\tc "), "a b c");
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abc def", 5), "abc…");
    }

    #[test]
    fn phases_read_as_words() {
        assert_eq!(phases(&["PHASE1".into(), "PHASE2".into()]), "phase 1, phase 2");
        assert_eq!(phases(&["EARLY_PHASE1".into()]), "early phase 1");
        assert_eq!(phases(&["NA".into()]), "");
    }
}
