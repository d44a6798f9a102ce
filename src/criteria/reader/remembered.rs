//! Phrases of one text that are read already.

use crate::criteria::context::Context;
use crate::criteria::reader::dispatch::Reading;
use crate::criteria::requirement::Section;
use crate::grammar::elements::{Element, Sense};
use rustc_hash::{FxHashMap, FxHasher};
use std::cell::RefCell;
use std::hash::{Hash, Hasher};

/// What identifies a phrase within one trial: its section, and for each element its place and meaning.
type Key = (Section, Vec<(u32, u32, u64)>);

thread_local! {
    /// Phrases of the item in hand that are read already: the ways of cutting a list meet the same parts again and again.
    static READ: RefCell<FxHashMap<Key, Reading>> = RefCell::default();
}

/// Forgets what was read; called before another text is read.
pub fn forget() {
    READ.with_borrow_mut(FxHashMap::clear);
}

fn key(elements: &[Element], context: &Context<'_>) -> Key {
    let meaning = |element: &Element| {
        let mut hasher = FxHasher::default();
        match element.sense {
            Sense::Concept(concept) => concept.hash(&mut hasher),
            Sense::Cue(cue) => cue.hash(&mut hasher),
            _ => element.text.hash(&mut hasher),
        }
        hasher.finish()
    };
    (context.section, elements.iter().map(|e| (e.span.start, e.span.end, meaning(e))).collect())
}

/// Gives the reading of a phrase; it is made by `afresh` where the phrase was not read before, and kept where `keep`.
pub fn read(elements: &[Element], context: &Context<'_>, keep: bool, afresh: impl FnOnce() -> Reading) -> Reading {
    let key = key(elements, context);
    if let Some(known) = READ.with_borrow(|read| read.get(&key).cloned()) {
        return known;
    }
    let reading = afresh();
    if keep {
        READ.with_borrow_mut(|read| read.insert(key, reading.clone()));
    }
    reading
}
