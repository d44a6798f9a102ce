//! A trie over folded words: every wording of the lexicon, looked up longest first.

use crate::grammar::characters::normalise;
use crate::grammar::tokens::{Token, TokenKind, tokenise};
use rustc_hash::FxHashMap;

/// The words of a wording as they are written.
type Spelling = Vec<Box<str>>;

/// Wordings with what they mean. `T` is small and copied.
#[derive(Debug)]
pub struct Vocabulary<T> {
    words: FxHashMap<Box<str>, u32>,
    edges: FxHashMap<(u32, u32), u32>,
    senses: Vec<Option<T>>,
    /// Abbreviations are told apart by case: the exact spelling at that node.
    exact: FxHashMap<u32, Vec<(Spelling, T)>>,
}

impl<T: Copy> Default for Vocabulary<T> {
    fn default() -> Self {
        Self {
            words: FxHashMap::default(),
            edges: FxHashMap::default(),
            senses: vec![None],
            exact: FxHashMap::default(),
        }
    }
}

impl<T: Copy> Vocabulary<T> {
    /// Adds a wording. The first meaning of a wording stays; returns whether it was new.
    pub fn insert(&mut self, wording: &str, sense: T) -> bool {
        let Some(node) = self.path(wording) else { return false };
        let Some(slot) = self.senses.get_mut(node as usize) else { return false };
        if slot.is_some() {
            return false;
        }
        *slot = Some(sense);
        true
    }

    /// Adds an abbreviation that counts only where its case is the same (`ET`, `MI`).
    pub fn insert_exact(&mut self, wording: &str, sense: T) -> bool {
        let Some(node) = self.path(wording) else { return false };
        let written = written(&significant(wording));
        let slot = self.exact.entry(node).or_default();
        if slot.iter().any(|(w, _)| *w == written) {
            return false;
        }
        slot.push((written, sense));
        true
    }

    fn path(&mut self, wording: &str) -> Option<u32> {
        let tokens = significant(wording);
        if tokens.is_empty() {
            return None;
        }
        let mut node = 0u32;
        for token in tokens {
            let fresh = self.words.len() as u32;
            let word = *self.words.entry(token.text.as_str().into()).or_insert(fresh);
            let next = self.senses.len() as u32;
            node = *self.edges.entry((node, word)).or_insert_with(|| {
                self.senses.push(None);
                next
            });
        }
        Some(node)
    }

    /// The numbers of the words of some tokens, to be handed to [`Self::longest`].
    pub fn numbers(&self, tokens: &[Token]) -> Vec<Option<u32>> {
        tokens.iter().map(|token| self.words.get(token.text.as_str()).copied()).collect()
    }

    /// The longest wording that starts at `at`: its meaning and one past its last token.
    pub fn longest(&self, tokens: &[Token], numbers: &[Option<u32>], at: usize) -> Option<(T, usize)> {
        let mut node = 0u32;
        let mut best = None;
        let mut next = at;
        while let Some(token) = tokens.get(next) {
            if token.kind == TokenKind::Hyphen && next > at {
                next += 1;
                continue;
            }
            let Some(edge) = numbers.get(next)?.and_then(|word| self.edges.get(&(node, word))) else { break };
            node = *edge;
            next += 1;
            if let Some(sense) = self.senses.get(node as usize).copied().flatten() {
                best = Some((sense, next));
            }
            if let Some(list) = self.exact.get(&node) {
                let slice = tokens.get(at..next).unwrap_or_default();
                if let Some((_, sense)) = list.iter().find(|(w, _)| same_spelling(w, slice)) {
                    best = Some((*sense, next));
                }
            }
        }
        best
    }
}

fn significant(wording: &str) -> Vec<Token> {
    tokenise(&normalise(wording))
        .into_iter()
        .filter(|t| !matches!(t.kind, TokenKind::Hyphen | TokenKind::Break))
        .collect()
}

fn written(tokens: &[Token]) -> Vec<Box<str>> {
    tokens.iter().map(|t| t.written.as_str().into()).collect()
}

/// Same case, but for a plural s.
fn same_spelling(written: &[Box<str>], tokens: &[Token]) -> bool {
    let mut rest = tokens.iter().filter(|t| t.kind != TokenKind::Hyphen);
    written.iter().all(|w| rest.next().is_some_and(|t| *t.written == **w || t.written.strip_suffix('s') == Some(&**w)))
        && rest.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(vocabulary: &Vocabulary<u8>, text: &str) -> Option<(u8, usize)> {
        {
            let tokens = tokenise(&normalise(text));
            vocabulary.longest(&tokens, &vocabulary.numbers(&tokens), 0)
        }
    }

    #[test]
    fn finds_the_longest_wording_through_hyphens_plurals_and_case() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.insert("brain metastasis", 1);
        vocabulary.insert("brain", 2);
        vocabulary.insert("nab-paclitaxel", 3);
        vocabulary.insert_exact("ET", 4);
        assert_eq!(find(&vocabulary, "Brain metastases, stable"), Some((1, 2)));
        assert_eq!(find(&vocabulary, "brain lesion"), Some((2, 1)));
        assert_eq!(find(&vocabulary, "nab paclitaxel"), Some((3, 2)));
        assert_eq!(find(&vocabulary, "Nab-Paclitaxel"), Some((3, 3)));
        assert_eq!(find(&vocabulary, "ET alone"), Some((4, 1)));
        assert_eq!(find(&vocabulary, "et al"), None);
    }
}
