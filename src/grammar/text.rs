//! The words of an element: shared, since phrases are cut and copied often while a text is read.

use crate::lexicon::structure::{self, Lists, Words};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// Folded words.
#[derive(Clone, Debug)]
pub struct Text {
    words: Rc<str>,
    letters: Letters,
    lists: Lists,
}

/// Which letters a text holds: most questions of the kinds ("does it hold `discontinu`?") are answered by them alone.
#[derive(Clone, Copy, Debug)]
struct Letters(u32);

impl Letters {
    /// One bit for each small letter; everything else shares the last ones.
    #[inline(always)]
    fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |letters, byte| letters | 1 << (byte & 31)))
    }

    #[inline(always)]
    fn hold(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl Text {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// The word lists that they stand in.
    #[inline]
    pub fn lists(&self) -> Lists {
        self.lists
    }

    /// Whether they stand in a word list.
    #[inline]
    pub fn is_in(&self, list: Words) -> bool {
        self.lists.any(Lists::of(list))
    }

    /// Whether the words hold a part.
    #[inline]
    pub fn contains(&self, part: &str) -> bool {
        self.letters.hold(Letters::of(part)) && self.words.contains(part)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words.hash(state);
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.words.cmp(&other.words)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.words
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.words
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { letters: Letters::of(text), lists: structure::lists(text), words: text.into() }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.words == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self.words == **other
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        **self == *other.words
    }
}

impl PartialEq<Text> for str {
    fn eq(&self, other: &Text) -> bool {
        *self == *other.words
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}
