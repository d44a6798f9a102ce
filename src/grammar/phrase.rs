//! A phrase: elements that the kinds of criteria claim one by one. What nobody claims is not read.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::trial::Span;

/// Elements with a mark for each that a reader has understood.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// The elements.
    pub elements: Vec<Element>,
    used: Vec<bool>,
    cues: Cues,
}

/// Which cues a phrase holds. The kinds ask for hundreds of them, and most phrases hold five.
#[derive(Clone, Copy, Debug, Default)]
struct Cues([u64; 4]);

impl Cues {
    fn place(cue: Cue) -> (usize, u64) {
        let at = cue as usize;
        (at / 64, 1 << (at % 64))
    }

    fn of(elements: &[Element]) -> Self {
        let mut cues = Self::default();
        for cue in elements.iter().filter_map(Element::cue) {
            let (word, bit) = Self::place(cue);
            if let Some(word) = cues.0.get_mut(word) {
                *word |= bit;
            }
        }
        cues
    }

    fn holds(&self, cue: Cue) -> bool {
        let (word, bit) = Self::place(cue);
        self.0.get(word).is_none_or(|word| word & bit != 0)
    }
}

impl Phrase {
    /// A phrase of which nothing is claimed yet.
    pub fn new(elements: Vec<Element>) -> Self {
        let used = vec![false; elements.len()];
        let cues = Cues::of(&elements);
        Self { elements, used, cues }
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The element at a place.
    pub fn get(&self, at: usize) -> Option<&Element> {
        self.elements.get(at)
    }

    /// The meaning at a place.
    pub fn sense(&self, at: usize) -> Option<Sense> {
        self.elements.get(at).map(|e| e.sense)
    }

    /// Whether a place is claimed.
    pub fn is_used(&self, at: usize) -> bool {
        self.used.get(at).copied().unwrap_or(false)
    }

    /// For each place whether it is claimed.
    pub fn claims(&self) -> &[bool] {
        &self.used
    }

    /// Claims a place.
    pub fn claim(&mut self, at: usize) {
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
    }

    /// Claims places from `start` up to, not including, `end`.
    pub fn claim_range(&mut self, start: usize, end: usize) {
        for at in start..end {
            self.claim(at);
        }
    }

    /// The first unclaimed place that fits.
    pub fn find(&self, fits: impl Fn(&Element) -> bool) -> Option<usize> {
        self.find_from(0, fits)
    }

    /// The first unclaimed place at or after `from` that fits.
    pub fn find_from(&self, from: usize, fits: impl Fn(&Element) -> bool) -> Option<usize> {
        let mut rest = self.elements.iter().zip(&self.used).enumerate().skip(from);
        rest.find(|(_, (element, used))| !**used && fits(element)).map(|(at, _)| at)
    }

    /// Whether an unclaimed element is this cue.
    pub fn has(&self, cue: Cue) -> bool {
        self.cues.holds(cue) && self.find(|e| e.is(cue)).is_some()
    }

    /// Claims every unclaimed element that is this cue; whether there was one.
    pub fn take(&mut self, cue: Cue) -> bool {
        let mut found = false;
        if self.cues.holds(cue) {
            for (element, used) in self.elements.iter().zip(&mut self.used) {
                if !*used && element.is(cue) {
                    *used = true;
                    found = true;
                }
            }
        }
        found
    }

    /// What is neither claimed nor a word without meaning of its own.
    pub fn leftover(&self) -> Vec<&Element> {
        self.elements
            .iter()
            .enumerate()
            .filter(|(at, e)| !self.is_used(*at) && !is_neutral(e))
            .map(|(_, e)| e)
            .collect()
    }

    /// Whether everything that carries meaning is claimed.
    pub fn is_read(&self) -> bool {
        self.elements.iter().zip(&self.used).all(|(e, used)| *used || is_neutral(e))
    }

    /// The span of the whole phrase.
    pub fn span(&self) -> Span {
        span_of(&self.elements)
    }
}

/// The span from the first to the last of some elements.
pub fn span_of(elements: &[Element]) -> Span {
    Span {
        start: elements.iter().map(|e| e.span.start).min().unwrap_or(0),
        end: elements.iter().map(|e| e.span.end).max().unwrap_or(0),
    }
}

/// Whether an element carries no meaning that a reading could lose.
pub fn is_neutral(element: &Element) -> bool {
    match element.sense {
        Sense::Cue(cue) => matches!(
            cue,
            Cue::Filler
                | Cue::With
                | Cue::Therapy
                | Cue::Anchor
                | Cue::And
                | Cue::Receiving
                | Cue::Must
                | Cue::ForBreastCancer
                | Cue::Received
                | Cue::Times
                | Cue::AdequateFunction
        ),
        Sense::Punctuation(_) => true,
        _ => false,
    }
}
