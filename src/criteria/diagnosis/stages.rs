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
    /// Whether they are those of disease without metastases, though nothing says so.
    pub early: bool,
    /// Whether `M1` or `M0` is one of several alternatives.
    pub alternative: bool,
}

/// The letters of one word of categories: "t4d", "cn3", "t1n0m0"; `None` where it is another word.
fn category(text: &str) -> Option<Vec<(char, char)>> {
    let first = text.chars().next()?;
    if !matches!(first, 't' | 'n' | 'm' | 'c' | 'p' | 'y' | 'r') || text.len() > 12 {
        return None;
    }
    let mut letters = text.trim_start_matches(['c', 'p', 'y', 'r']).chars().peekable();
    let mut found = Vec::new();
    while let Some(letter) = letters.next() {
        let figure = letters.next()?;
        // "pNO", "MO": the letter for the figure.
        let figure = if figure == 'o' { '0' } else { figure };
        if !matches!(letter, 't' | 'n' | 'm') || !(figure.is_ascii_digit() && figure <= '4' || figure == 'x') {
            return None;
        }
        // "T1mic", "N1mi", "Tis", "T1a-c", "N0(i+)".
        while letters.next_if(|c| matches!(c, 'a'..='d' | 'i')).is_some() {}
        if letters.peek() == Some(&'m') && found.is_empty() {
            let mut rest = letters.clone();
            rest.next();
            if rest.peek().is_none_or(|c| !c.is_ascii_digit()) {
                letters.next();
                while letters.next_if(|c| matches!(c, 'i' | 'c')).is_some() {}
            }
        }
        if letters.peek() == Some(&'+') {
            letters.next();
        }
        found.push((letter, figure));
    }
    (!found.is_empty()).then_some(found)
}

/// Whether an element is a category, whatever else its word may mean ("t2", "m0").
pub(super) fn is_category(element: &Element) -> bool {
    matches!(element.sense, Sense::Word | Sense::Cue(Cue::EarlyStage | Cue::MetastaticDisease))
        && element.text.len() >= 2
        && !element.text.contains(" ")
        && (category(&element.text).is_some() || matches!(element.text.as_str(), "tis" | "ctis" | "ptis"))
}

/// One past the figures that go on with a category: "T2-4", "N0 to 2", "T1/2", "T4 a-d".
fn figures(phrase: &Phrase, start: usize) -> usize {
    let mut at = start;
    loop {
        let mut next = at;
        let glued = phrase.get(next).is_some_and(|e| !e.spaced);
        while phrase.get(next).is_some_and(|e| {
            matches!(e.sense, Sense::Punctuation('-' | '–' | '/')) || matches!(e.text.as_str(), "to" | "through")
        }) {
            next += 1;
        }
        let figure = phrase.get(next).is_some_and(|e| {
            matches!(e.sense, Sense::Number(n) if n <= 4.0 && n.fract() == 0.0)
                || matches!(e.text.as_str(), "a" | "b" | "c" | "d" | "x") && !e.spaced
                || continued(&e.text)
        });
        // "T1 to T3": the next category is one of its own.
        if !figure || !(next > at || glued) || phrase.is_used(next) {
            return at;
        }
        at = next + 1;
    }
}

/// The rest of categories behind a range: "3n0m0" of "T1-3N0M0".
fn continued(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && category(&format!("t{text}")).is_some()
}

/// Claims categories of the TNM classification: "T4d", "cN3", "T1-3N0M0", "any T".
pub(super) fn categories(phrase: &mut Phrase) -> Categories {
    let mut out = Categories::default();
    let mut at = 0;
    let mut last: Option<usize> = None;
    let (mut tumour, mut nodes, mut far) = (false, false, false);
    while at < phrase.len() {
        // "N+".
        let positive = |e: &Element| {
            matches!(e.text.as_str(), "n" | "cn" | "pn")
                && phrase.get(at + 1).is_some_and(|next| next.is(Cue::Positive) && next.text == "+" && !next.spaced)
        };
        let found = phrase
            .get(at)
            .filter(|e| !phrase.is_used(at) && (is_category(e) || positive(e)))
            .map(|e| e.text.to_string());
        let Some(word) = found else {
            at += 1;
            continue;
        };
        let start = at;
        at = if matches!(word.as_str(), "n" | "cn" | "pn") { start + 2 } else { figures(phrase, start + 1) };
        let mut letters = category(&word).unwrap_or_else(|| vec![(if word.ends_with('n') { 'n' } else { 't' }, 'i')]);
        for place in start + 1..at {
            let more = phrase.get(place).filter(|e| continued(&e.text)).map(|e| format!("t{}", e.text));
            letters.extend(more.and_then(|text: String| category(&text)).unwrap_or_default());
        }
        let or = last.is_some_and(|last| (last..start).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Or))));
        let mut local = false;
        for (letter, figure) in &letters {
            match (letter, figure) {
                ('m', '1') => out.distant = true,
                ('m', '0') => out.no_distant = true,
                ('m', _) => {}
                (letter, figure) => {
                    local = true;
                    tumour |= *letter == 't';
                    nodes |= *letter == 'n';
                    far |= *letter == 't' && *figure == '4' || *letter == 'n' && *figure == '3';
                }
            }
        }
        far |= (start + 1..at).any(|i| phrase.sense(i) == Some(Sense::Number(4.0)));
        if local {
            let written: Vec<&str> = (start..at).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
            let written = written.join("");
            if !out.local.split(' ').any(|w| w == written) {
                let joiner = if or { " or" } else { "" };
                out.local = format!("{}{joiner} {written}", out.local);
            }
        } else if or {
            out.alternative = true;
        }
        phrase.claim_range(start, at);
        // "Any N" narrows nothing; nor does what stands between two categories.
        if let Some(last) = last {
            for between in last..start {
                if phrase.get(between).is_some_and(|e| {
                    e.is(Cue::Or) || matches!(e.text.as_str(), "any" | "clinical" | "pathological" | "clinically")
                }) {
                    phrase.claim(between);
                }
            }
        }
        last = Some(at);
    }
    // A tumour and its nodes without a word about metastases: those of early disease are meant.
    out.early = tumour && nodes && !far && !out.distant && !out.no_distant;
    if last.is_some() {
        for place in 0..phrase.len() {
            let bare = phrase.get(place).is_some_and(|e| {
                matches!(
                    e.text.as_str(),
                    "stage"
                        | "stages"
                        | "tnm stage"
                        | "clinical stage"
                        | "node"
                        | "category"
                        | "categories"
                        | "t"
                        | "n"
                )
            });
            if bare && !phrase.is_used(place) {
                phrase.claim(place);
            }
        }
    }
    out
}
