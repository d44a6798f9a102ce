//! Any text is read: no panic, and every visible character belongs to a criterion or a heading.

use crate::criteria_cases;
use crate::safety::{TRIALS, unaccounted};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use trialmatch::criteria::{Section, read_trial};
use trialmatch::trial::Trial;

/// The words of the texts at hand, and what joins, cuts, escapes and opens them.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts = TRIALS.iter().flatten().step_by(9).map(|(trial, _)| trial.eligibility.as_str());
    let mut words: BTreeSet<String> = texts.flat_map(str::split_whitespace).map(str::to_owned).collect();
    let marks = [
        "\n",
        "\n\n",
        "\n* ",
        "\n  * ",
        "\n1. ",
        "\na) ",
        "\r\n",
        "\u{a0}",
        "(",
        ")",
        "[",
        "]",
        ";",
        ":",
        ",",
        ".",
        "/",
        "\\>",
        "\\<",
        "≥",
        "≤",
        ">=",
        "=<",
        "=",
        "-",
        "–",
        "+",
        "%",
        "×",
        "10^9/L",
        "&lt;",
        "&#8805;",
        "&",
        "<br>",
        "or",
        "and",
        "and/or",
        "not",
        "no",
        "unless",
        "except",
        "if",
        "without",
        "within",
        "4 weeks",
        "  5",
        "\u{fffd}",
        "0",
        "999999999999999999999",
        "1e400",
        "1,000,000",
        "2+",
        "HER2-",
        "ER+",
        "\nInclusion Criteria:",
        "\nExclusion Criteria:",
        "\nCohort A:",
        "e\u{301}",
        "µ",
        "İ",
        "ß",
        "ﬁ",
        "𝟗",
        "\u{202e}",
        "\u{200b}",
        "'",
        "\"",
    ];
    words.extend(marks.map(str::to_owned));
    words.into_iter().collect()
});

fn trial(text: String) -> Trial {
    Trial { eligibility: text, ..criteria_cases::trial(Section::Inclusion, "") }
}

fn hold(strategy: impl Strategy<Value = String>, cases: u32) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&strategy, |text| {
            let trial = trial(text);
            let reading = read_trial(&trial);
            let lost = unaccounted(&trial, &reading);
            prop_assert!(lost.is_empty(), "{lost:?}\n{}", trial.eligibility);
            for criterion in &reading.criteria {
                prop_assert!(!criterion.say().is_empty());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_characters_are_read() {
    hold(prop::collection::vec(any::<char>(), 0..300).prop_map(|letters| letters.into_iter().collect()), 400);
    hold("[ -~\n≥≤×µ–]{0,400}", 400);
}

#[test]
fn any_words_are_read() {
    let soup = prop::collection::vec((0..WORDS.len(), 0u8..12), 0..120).prop_map(|words| {
        let mut text = String::new();
        for (word, join) in words {
            text.push_str(&WORDS[word]);
            text.push_str(match join {
                0 => "",
                1 => "  ",
                2 => "\n* ",
                _ => " ",
            });
        }
        text
    });
    hold(soup, 600);
}

/// Real texts with a piece cut out, doubled or moved, at any character.
#[test]
fn damaged_texts_are_read() {
    let texts: Vec<&str> = TRIALS.iter().flatten().step_by(7).map(|(trial, _)| trial.eligibility.as_str()).collect();
    let damage = (0..texts.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..3);
    let damaged = damage.prop_map(move |(at, start, end, how)| {
        let text: Vec<char> = texts[at].chars().take(3000).collect();
        let (start, end) = (start.index(text.len() + 1), end.index(text.len() + 1));
        let (start, end) = (start.min(end), start.max(end));
        let piece = &text[start..end];
        let (before, after) = (&text[..start], &text[end..]);
        match how {
            0 => [before, after].concat(),
            1 => [before, piece, piece, after].concat(),
            _ => [piece, before, after].concat(),
        }
        .into_iter()
        .collect()
    });
    hold(damaged, 60);
}
