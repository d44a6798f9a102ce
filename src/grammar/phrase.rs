//! A phrase: elements that the kinds of criteria claim one by one. What nobody claims is not read.

use crate::grammar::elements::{Cue, Element, Sense};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{Lists, Words};
use crate::trial::Span;

/// Elements with a mark for each that a reader has understood.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// The elements.
    pub elements: Vec<Element>,
    used: Vec<bool>,
    holds: Holds,
}

/// A set of cues. The kinds ask for hundreds of them, and most phrases hold five.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cues([u64; 4]);

impl Cues {
    /// A set.
    pub const fn of(cues: &[Cue]) -> Self {
        let mut set = Self([0; 4]);
        let mut rest = cues;
        while let [cue, others @ ..] = rest {
            set = set.with(*cue);
            rest = others;
        }
        set
    }

    /// The cues of some elements.
    pub fn held(elements: &[Element]) -> Self {
        elements.iter().fold(Self::default(), |set, e| if let Sense::Cue(cue) = e.sense { set.with(cue) } else { set })
    }

    /// Whether two sets share a cue.
    pub fn share(self, others: Self) -> bool {
        self.any(others)
    }

    const fn with(self, cue: Cue) -> Self {
        let Self([a, b, c, d]) = self;
        let (at, bit) = (cue as usize, 1 << (cue as usize % 64));
        match at / 64 {
            0 => Self([a | bit, b, c, d]),
            1 => Self([a, b | bit, c, d]),
            2 => Self([a, b, c | bit, d]),
            _ => Self([a, b, c, d | bit]),
        }
    }

    fn any(self, others: Self) -> bool {
        self.0.iter().zip(others.0).any(|(own, other)| own & other != 0)
    }
}

/// What a phrase holds at all. Most kinds have nothing to say of most phrases, and see it here.
#[derive(Clone, Copy, Debug, Default)]
struct Holds {
    cues: Cues,
    lists: Lists,
    senses: u32,
}

impl Holds {
    fn of(elements: &[Element]) -> Self {
        let mut holds = Self::default();
        for element in elements {
            holds.add(element);
        }
        holds
    }

    fn add(&mut self, element: &Element) {
        if let Sense::Cue(cue) = element.sense {
            self.cues = self.cues.with(cue);
        }
        self.lists = self.lists.and(element.text.lists());
        self.senses |= Named::of(element.sense).bit();
    }
}

/// What an element names, without saying which: the kinds that are asked for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A site of metastases.
    Site,
    /// A gene or marker.
    Biomarker,
    /// A fact that the profile has no field for.
    OpenFact,
    /// A disease or finding.
    Condition,
    /// A drug, a class of drugs, a procedure.
    Treatment,
    /// A medicine or a class of medicines.
    Medicine,
    /// A tumour.
    Cancer,
    /// An opening bracket.
    Bracket,
    /// Anything else.
    Other,
}

impl Named {
    fn of(sense: Sense) -> Self {
        match sense {
            Sense::Concept(Concept::Site(_)) => Self::Site,
            Sense::Concept(Concept::Biomarker(_)) => Self::Biomarker,
            Sense::Concept(Concept::OpenFact(_)) => Self::OpenFact,
            Sense::Concept(Concept::Condition(_)) => Self::Condition,
            Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Procedure(_)) => Self::Treatment,
            Sense::Concept(Concept::Medication(_) | Concept::MedicationClass(_)) => Self::Medicine,
            Sense::Concept(Concept::Cancer(_)) => Self::Cancer,
            Sense::Punctuation('(' | '[') => Self::Bracket,
            _ => Self::Other,
        }
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl Phrase {
    /// A phrase of which nothing is claimed yet.
    pub fn new(elements: Vec<Element>) -> Self {
        let used = vec![false; elements.len()];
        let holds = Holds::of(&elements);
        Self { elements, used, holds }
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

    /// Whether any element, claimed or not, is one of these cues.
    pub fn holds_cue(&self, cues: Cues) -> bool {
        self.holds.cues.any(cues)
    }

    /// Whether any element, claimed or not, stands in a word list.
    pub fn holds_word(&self, list: Words) -> bool {
        self.holds.lists.any(Lists::of(list))
    }

    /// Whether any element, claimed or not, names such a thing.
    pub fn names(&self, named: Named) -> bool {
        self.holds.senses & named.bit() != 0
    }

    /// Whether an unclaimed element is this cue.
    pub fn has(&self, cue: Cue) -> bool {
        self.holds.cues.any(Cues::of(&[cue])) && self.find(|e| e.is(cue)).is_some()
    }

    /// Claims every unclaimed element that is this cue; whether there was one.
    pub fn take(&mut self, cue: Cue) -> bool {
        let mut found = false;
        if self.holds.cues.any(Cues::of(&[cue])) {
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
