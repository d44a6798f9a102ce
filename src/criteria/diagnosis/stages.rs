//! Stages: "stage II, III or IV", "stage II-IV", "cT4d", "M0".

use super::{EARLY, LOCALLY_ADVANCED, METASTATIC};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

/// The extents of figures that follow a stage: "stage II, III or IV", "stage II-IV"; claims them.
pub(super) fn stages(phrase: &mut Phrase) -> u8 {
    let degree = |e: &Element| match e.text.trim_end_matches(['a', 'b', 'c']) {
        "0" => Some(0u8),
        "i" | "1" => Some(1),
        "ii" | "2" => Some(2),
        "iii" | "3" => Some(3),
        "iv" | "4" => Some(4),
        _ => None,
    };
    let extent_of = |stage: u8| match stage {
        0..=2 => EARLY,
        3 => LOCALLY_ADVANCED,
        _ => METASTATIC,
    };
    let mut bits = 0;
    for start in 0..phrase.len() {
        let opens = phrase.is_used(start) && phrase.get(start).is_some_and(|e| e.text.contains("stage "));
        if !opens {
            continue;
        }
        let mut last = phrase.get(start).and_then(|e| {
            let text = e.text.rsplit(' ').next().unwrap_or_default().into();
            degree(&Element { text, ..e.clone() })
        });
        let mut at = start + 1;
        loop {
            let mut next = at;
            let mut range = phrase.get(next).is_some_and(|e| !e.spaced);
            while phrase.get(next).is_some_and(|e| {
                e.is(Cue::Or)
                    || e.is(Cue::And)
                    || matches!(e.sense, Sense::Punctuation(',' | '/' | '-' | '–'))
                    || e.text == "to"
            }) {
                range = phrase.get(next).is_some_and(|e| e.text == "to" || e.is_char('-') || e.is_char('–'));
                next += 1;
            }
            let stage = phrase.get(next).filter(|_| !phrase.is_used(next)).and_then(degree);
            let Some(stage) = stage.filter(|_| next > at || range) else { break };
            for each in if range { last.unwrap_or(stage).min(stage)..=stage } else { stage..=stage } {
                bits |= extent_of(each);
            }
            // "Stage IIB" may be written "2 B".
            let letter = phrase
                .get(next + 1)
                .is_some_and(|e| !e.spaced && !phrase.is_used(next + 1) && matches!(e.text.as_str(), "a" | "b" | "c"));
            let next = next + usize::from(letter);
            phrase.claim_range(at, next + 1);
            last = Some(stage);
            at = next + 1;
        }
    }
    bits
}

/// What categories of the TNM classification say.
#[derive(Default)]
pub(super) struct Categories {
    /// `M1`.
    pub distant: bool,
    /// `M0`.
    pub no_distant: bool,
    /// The categories of the tumour and the nodes, as written.
    pub local: String,
}

/// One category: which letter, and the figure behind it.
fn category(text: &str) -> Option<Vec<(char, char)>> {
    let mut letters = text.trim_start_matches(['c', 'p', 'y', 'r']).chars().peekable();
    let mut found = Vec::new();
    while let Some(letter) = letters.next() {
        let figure = letters.next()?;
        if !matches!(letter, 't' | 'n' | 'm') || !(figure.is_ascii_digit() && figure <= '4' || figure == 'x') {
            return None;
        }
        found.push((letter, figure));
        while letters.next_if(|c| matches!(c, 'a'..='d' | 'i')).is_some() && letters.peek().is_some() {}
        if letters.peek() == Some(&'+') {
            letters.next();
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Claims categories of the TNM classification: "T4d", "cN3", "T1-3N0M0".
pub(super) fn categories(phrase: &mut Phrase) -> Categories {
    let mut out = Categories::default();
    let mut at = 0;
    while at < phrase.len() {
        let word = phrase.get(at).filter(|e| e.sense == Sense::Word && e.text.len() >= 2 && !phrase.is_used(at));
        let Some(found) = word.and_then(|e| category(&e.text)) else {
            at += 1;
            continue;
        };
        let start = at;
        at += 1;
        // "T1-3", "N0 or 1", "T4 a-d".
        while phrase.get(at).is_some_and(|e| matches!(e.sense, Sense::Punctuation('-' | '–')) || e.text == "to")
            && phrase.get(at + 1).is_some_and(|e| {
                matches!(e.sense, Sense::Number(n) if n <= 4.0) || e.text.len() == 1 || category(&e.text).is_some()
            })
        {
            at += 2;
        }
        for (letter, figure) in &found {
            match (letter, figure) {
                ('m', '1') => out.distant = true,
                ('m', '0') => out.no_distant = true,
                ('m', _) => {}
                _ => {
                    let written: Vec<&str> =
                        (start..at).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
                    let written = written.join("");
                    if !out.local.contains(&written) {
                        out.local = format!("{} {written}", out.local);
                    }
                }
            }
        }
        phrase.claim_range(start, at);
        // "Any N": no narrowing.
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And));
        if joins && phrase.get(at + 1).is_some_and(|e| e.sense == Sense::Word && category(&e.text).is_some()) {
            phrase.claim(at);
        }
    }
    out
}
