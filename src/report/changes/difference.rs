//! The difference of two texts: by lines, and within changed lines by words.

use super::{Fate, Piece};
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// Longer texts, in lines, are shown as replaced whole where they differ.
const LINES: usize = 4_000;

/// Longer passages, in bytes, are shown as replaced whole.
const PASSAGE: usize = 20_000;

/// Lists the changed passages; white space is of no account.
pub fn difference(before: &str, after: &str) -> Vec<Vec<Piece>> {
    if before == after {
        return Vec::new();
    }
    let (old, new) = (lines(before), lines(after));
    if old == new {
        return Vec::new();
    }
    if old.len() > LINES || new.len() > LINES {
        return passage(&old, &new).into_iter().collect();
    }
    let changes = capture_diff_slices(Algorithm::Myers, &old, &new);
    let changed = changes.iter().filter(|change| !matches!(change, DiffOp::Equal { .. }));
    changed
        .filter_map(|change| {
            let lines = |all: &[String], range: std::ops::Range<usize>| -> Vec<String> {
                all.get(range).unwrap_or_default().to_vec()
            };
            passage(&lines(&old, change.old_range()), &lines(&new, change.new_range()))
        })
        .collect()
}

fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// What became of the words of a passage; `None` where they are the same in other lines.
fn passage(old: &[String], new: &[String]) -> Option<Vec<Piece>> {
    let (old, new) = (old.join(" "), new.join(" "));
    if old == new {
        return None;
    }
    let whole = |is, text: &String| (!text.is_empty()).then(|| Piece { is, text: text.clone() });
    if old.is_empty() || new.is_empty() || old.len().max(new.len()) > PASSAGE {
        return Some([whole(Fate::Removed, &old), whole(Fate::Added, &new)].into_iter().flatten().collect());
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let words = TextDiff::from_slices(&old, &new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in words.iter_all_changes() {
        let is = match change.tag() {
            ChangeTag::Equal => Fate::Kept,
            ChangeTag::Delete => Fate::Removed,
            ChangeTag::Insert => Fate::Added,
        };
        match pieces.last_mut().filter(|last| last.is == is) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(change.value());
            }
            None => pieces.push(Piece { is, text: change.value().to_owned() }),
        }
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(before: &str, after: &str) -> String {
        let passages: Vec<String> = difference(before, after)
            .iter()
            .map(|pieces| {
                let words: Vec<String> = pieces
                    .iter()
                    .map(|piece| match piece.is {
                        Fate::Kept => piece.text.clone(),
                        Fate::Removed => format!("[-{}-]", piece.text),
                        Fate::Added => format!("{{+{}+}}", piece.text),
                    })
                    .collect();
                words.join(" ")
            })
            .collect();
        passages.join(" | ")
    }

    #[test]
    fn words_that_changed_are_told_from_those_that_stayed() {
        for (before, after, expected) in [
            ("a b", "a  b\n\n", ""),
            ("* Age 18 years\n* ECOG 0-1", "* Age 21 years\n* ECOG 0-1", "* Age [-18-] {+21+} years"),
            ("one\ntwo\nthree", "one\nthree", "[-two-]"),
            ("one\nthree", "one\ntwo\nthree", "{+two+}"),
            ("one\ntwo", "one two", ""),
            ("", "all new", "{+all new+}"),
            ("a b c\nd\ne f", "a x c\nd\ne", "a [-b-] {+x+} c | e [-f-]"),
        ] {
            assert_eq!(said(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn long_texts_are_replaced_whole() {
        let many = |word: &str| format!("{word}\n").repeat(LINES + 1);
        assert_eq!(difference(&many("a"), &many("b")).len(), 1);
        assert_eq!(difference(&"a ".repeat(PASSAGE), "a").first().map(Vec::len), Some(2));
        assert!(difference(&many("a"), &many("a")).is_empty());
    }
}
