//! Words already seen: each is folded once, and its letters are shared by all the places where it stands.

use crate::grammar::spelling::fold;
use crate::grammar::text::Text;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// How many words are kept at most. Eligibility texts use some 20,000; a text of random letters must not fill the
/// memory.
const MOST: usize = 60_000;

thread_local! {
    static FOLDED: RefCell<FxHashMap<Text, Text>> = RefCell::default();
    static SHARED: RefCell<FxHashMap<Text, ()>> = RefCell::default();
}

/// A word as written and folded.
pub fn word(written: &str) -> (Text, Text) {
    FOLDED.with_borrow_mut(|known| {
        if let Some((written, folded)) = known.get_key_value(written) {
            return (written.clone(), folded.clone());
        }
        if known.len() >= MOST {
            known.clear();
        }
        let (written, folded) = (Text::from(written), Text::from(fold(written)));
        known.insert(written.clone(), folded.clone());
        (written, folded)
    })
}

/// Text that needs no folding: punctuation, figures, several words that are one element.
pub fn shared(text: &str) -> Text {
    SHARED.with_borrow_mut(|known| {
        if let Some((text, ())) = known.get_key_value(text) {
            return text.clone();
        }
        if known.len() >= MOST {
            known.clear();
        }
        let text = Text::from(text);
        known.insert(text.clone(), ());
        text
    })
}
