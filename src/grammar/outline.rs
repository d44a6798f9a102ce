//! The outline of an eligibility text: sections, cohorts, items and their nesting. It never fails, and every
//! visible character ends up in an item or in a heading.

use crate::grammar::characters::{Character, distrust_equals, string_of, with_hidden};
use crate::grammar::elements::{Element, elements};
use crate::grammar::headings::{self, Heading};
use crate::grammar::markers::{self, Marker};
use crate::grammar::tokens::tokenise;
use crate::trial::Span;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::rc::Rc;

/// The section that an item stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// What must hold.
    Inclusion,
    /// What must not hold.
    Exclusion,
}

/// One item of the outline: a bullet, a numbered point, a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The section; `None` where the text does not say.
    pub section: Option<Section>,
    /// The cohort, arm or phase of the heading above it.
    pub cohort: Option<String>,
    /// From its marker to its last visible character, children left out.
    pub span: Span,
    /// Its characters without the marker; wrapped lines are joined by blanks.
    pub characters: Rc<Vec<Character>>,
    /// Whether a bullet, number or letter stands before it.
    pub marked: bool,
    /// Items nested under it.
    pub children: Vec<Item>,
    /// Its elements, once they were asked for.
    pub(crate) elements: OnceCell<Rc<[Element]>>,
    /// Its words, once they were asked for.
    pub(crate) text: OnceCell<Rc<str>>,
}

impl Item {
    /// A list without a title: items that are alternatives.
    pub fn list(children: Vec<Self>) -> Self {
        let first = children.first();
        let start = first.map_or(0, |c| c.span.start);
        Self {
            section: first.and_then(|c| c.section),
            cohort: first.and_then(|c| c.cohort.clone()),
            span: Span { start, end: start },
            characters: Rc::default(),
            marked: true,
            children,
            elements: OnceCell::new(),
            text: OnceCell::new(),
        }
    }

    /// Goes on with the words of another item, as a sentence of its own.
    pub fn append(&mut self, other: &Self) {
        let at = self.span.end;
        let between = |value| Character { value, span: Span { start: at, end: at } };
        let characters = Rc::make_mut(&mut self.characters);
        characters.extend([between('.'), between(' ')]);
        characters.extend_from_slice(&other.characters);
        self.span.end = other.span.end;
        (self.elements, self.text) = (OnceCell::new(), OnceCell::new());
    }

    /// Its elements; made once.
    pub fn elements(&self) -> Rc<[Element]> {
        self.elements.get_or_init(|| elements(&tokenise(&self.characters)).into()).clone()
    }

    /// The span from its marker to the end of its last descendant.
    pub fn full_span(&self) -> Span {
        let end = self.children.last().map_or(self.span.end, |c| c.full_span().end);
        Span { start: self.span.start, end: end.max(self.span.end) }
    }

    /// Its span and those of its descendants.
    fn spans(&self, into: &mut Vec<Span>) {
        into.push(self.span);
        self.children.iter().for_each(|child| child.spans(into));
    }

    /// Its words, normalised; made once.
    pub fn text(&self) -> Rc<str> {
        self.text.get_or_init(|| string_of(&self.characters).into()).clone()
    }

    /// Whether it ends with a word, whatever its case and whatever punctuation stands behind it.
    pub fn ends_with_word(&self, word: &str) -> bool {
        let mut end = self.characters.iter().rev().map(|c| c.value);
        let mut end = end.by_ref().skip_while(|c| c.is_whitespace() || matches!(c, ';' | ',' | '.' | ':'));
        word.chars().rev().all(|w| end.next().is_some_and(|c| c.eq_ignore_ascii_case(&w)))
            && end.next().is_none_or(|c| !c.is_alphanumeric())
    }

    /// The last of its words, looked for from its end, since a text may hold an item of millions of characters.
    fn last_word(&self) -> String {
        let end = self.characters.iter().rposition(|c| !c.value.is_whitespace()).map_or(0, |i| i + 1);
        let words = self.characters.get(..end).unwrap_or_default();
        let start = words.iter().rposition(|c| c.value.is_whitespace()).map_or(0, |i| i + 1);
        string_of(words.get(start..).unwrap_or_default())
    }
}

/// How deep items are nested at most; what stands deeper stands beside. No list of a registry comes near, and reading
/// goes down the nesting by recursion.
const DEEPEST: usize = 24;

/// The outline of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// Top-level items in the order of the text.
    pub items: Vec<Item>,
    /// Section headings and labels.
    pub headings: Vec<Span>,
    /// The whole text, normalised.
    pub characters: Vec<Character>,
}

struct Open {
    indent: usize,
    kind: Option<Marker>,
    item: Item,
}

#[derive(Default)]
struct Builder {
    outline: Outline,
    open: Vec<Open>,
    section: Option<Section>,
    cohort: Option<String>,
    blank: bool,
    last_line_length: usize,
}

/// Cuts a text into its outline.
pub fn outline(text: &str) -> Outline {
    let (characters, unseen) = with_hidden(text);
    outline_of(characters, &unseen)
}

/// Cuts a text into its outline that was copied from register to register, which costs signs of comparison.
pub fn outline_of_copy(text: &str) -> Outline {
    let (mut characters, unseen) = with_hidden(text);
    distrust_equals(&mut characters);
    outline_of(characters, &unseen)
}

fn outline_of(characters: Vec<Character>, unseen: &[Span]) -> Outline {
    let mut builder = Builder { blank: true, ..Builder::default() };
    let lines: Vec<&[Character]> = characters.split(|c| c.value == '\n').flat_map(markers::inline_bullets).collect();
    let visible = |line: &&[Character]| line.iter().any(|c| !c.value.is_whitespace());
    let mut coming = lines.iter().copied().filter(visible).peekable();
    for line in &lines {
        if visible(line) {
            coming.next();
        }
        builder.line(line, coming.peek().copied());
    }
    builder.close_to(0);
    let mut outline = builder.outline;
    if !unseen.is_empty() {
        let mut held: Vec<Span> = outline.headings.clone();
        outline.items.iter().for_each(|item| item.spans(&mut held));
        held.sort_by_key(|span| span.start);
        let inside = |run: &Span| {
            let next = held.partition_point(|span| span.start <= run.start);
            next.checked_sub(1).and_then(|i| held.get(i)).is_some_and(|span| run.end <= span.end)
        };
        outline.headings.extend(unseen.iter().filter(|run| !inside(run)));
    }
    outline.headings.sort_by_key(|span| span.start);
    outline.characters = characters;
    outline
}

impl Builder {
    fn line(&mut self, line: &[Character], next: Option<&[Character]>) {
        let indent = line.iter().take_while(|c| c.value.is_whitespace()).count();
        let end = line.iter().rposition(|c| !c.value.is_whitespace()).map_or(0, |i| i + 1);
        if indent >= end {
            self.blank = true;
            return;
        }
        let body = line.get(indent..end).unwrap_or_default();
        let (marker, skip) = markers::marker(body);
        let content = body.get(skip..).unwrap_or_default();
        let next_marked = next.is_some_and(|n| {
            let lead = n.iter().take_while(|c| c.value.is_whitespace()).count();
            markers::marker(n.get(lead..).unwrap_or_default()).0.is_some()
        });
        // A line in small letters directly under another goes on with it, even where it looks like a label.
        let wrapped = content.first().is_some_and(|c| c.value.is_lowercase())
            && self.continues(content, marker, indent)
            && body.last().is_none_or(|c| c.value != ':');
        match headings::heading(content, marker.is_some(), next_marked).filter(|_| !wrapped) {
            Some(heading) => self.heading(heading, body, content, indent, marker),
            None if self.continues(content, marker, indent) => self.append(body),
            None => self.item(body, content, indent, marker),
        }
        self.blank = false;
        self.last_line_length = body.len();
    }

    fn heading(
        &mut self,
        heading: Heading,
        body: &[Character],
        content: &[Character],
        indent: usize,
        marker: Option<Marker>,
    ) {
        self.close_to(0);
        if let Some(section) = heading.section {
            self.section = Some(section);
            self.cohort = None;
        }
        if heading.clears_section {
            self.section = None;
            self.cohort = None;
        }
        if heading.cohort.is_some() {
            self.cohort.clone_from(&heading.cohort);
        } else if heading.clears_cohort {
            self.cohort = None;
        }
        let split = content.get(..heading.length).unwrap_or(content);
        let rest = content.get(heading.length..).unwrap_or_default();
        let start = body.first().map_or(0, |c| c.span.start);
        if let Some(last) = split.last() {
            self.outline.headings.push(Span { start, end: last.span.end });
        }
        let lead = rest.iter().take_while(|c| c.value.is_whitespace()).count();
        let rest = rest.get(lead..).unwrap_or_default();
        if !rest.is_empty() {
            let (inner, skip) = markers::marker(rest);
            self.item(rest, rest.get(skip..).unwrap_or_default(), indent, inner.or(marker));
        }
    }

    /// Whether a line without a marker goes on with the item before it.
    fn continues(&self, content: &[Character], marker: Option<Marker>, indent: usize) -> bool {
        let (Some(open), Some(first)) = (self.open.last(), content.first()) else { return false };
        if marker.is_some() || self.blank {
            return false;
        }
        let previous = open.item.characters.iter().rev().find(|c| !c.value.is_whitespace()).map(|c| c.value);
        let last_word = open.item.last_word().to_lowercase();
        let hangs = matches!(
            last_word.as_str(),
            "of" | "the"
                | "and"
                | "or"
                | "with"
                | "to"
                | "in"
                | "for"
                | "by"
                | "a"
                | "an"
                | "than"
                | "is"
                | "are"
                | "be"
                | "within"
                | "from"
                | "not"
                | "have"
                | "must"
                | "at"
                | "on"
                | "least"
        ) || previous == Some(',');
        let marked = open.kind.is_some();
        hangs
            || first.value.is_lowercase()
            || (marked && indent > open.indent && !matches!(previous, Some(':')))
            || (marked
                && self.last_line_length >= 60
                && !matches!(previous, Some('.' | ';' | ':'))
                && indent >= open.indent
                && !first.value.is_uppercase())
    }

    /// Joins a wrapped line to the item that it goes on with. The next number of the list may stand inside it: "... two
    /// or more. 3. At least ...".
    fn append(&mut self, body: &[Character]) {
        let next = self.open.last().and_then(|open| match open.kind {
            Some(Marker::Number(number)) => markers::next_number(body, number + 1),
            _ => None,
        });
        let own = body.get(..next.unwrap_or(body.len())).unwrap_or_default();
        let visible = own.iter().rposition(|c| !c.value.is_whitespace()).map_or(0, |i| i + 1);
        let own = own.get(..visible).unwrap_or_default();
        if let (Some(open), Some(last)) = (self.open.last_mut(), own.last()) {
            let at = open.item.span.end;
            let characters = Rc::make_mut(&mut open.item.characters);
            characters.push(Character { value: ' ', span: Span { start: at, end: at } });
            characters.extend_from_slice(own);
            open.item.span.end = last.span.end;
        }
        if let Some(rest) = next.and_then(|next| body.get(next..)) {
            let (marker, skip) = markers::marker(rest);
            let indent = self.open.last().map_or(0, |open| open.indent);
            self.close_to(self.open.len().saturating_sub(1));
            self.push(rest.first().map_or(0, |c| c.span.start), &[], indent, marker);
            self.append(rest.get(skip..).unwrap_or_default());
        }
    }

    fn item(&mut self, body: &[Character], content: &[Character], indent: usize, marker: Option<Marker>) {
        let depth = self.depth(indent, marker).min(DEEPEST);
        self.close_to(depth);
        let number = if let Some(Marker::Number(number)) = marker { Some(number) } else { None };
        let pieces = markers::inline_list(content, number);
        let mut pieces = pieces.into_iter();
        let first = pieces.next().unwrap_or(content);
        // A marker alone is an item as well.
        let first = if first.is_empty() { body } else { first };
        self.push(body.first().map_or(0, |c| c.span.start), first, indent, marker);
        let parent_depth = self.open.len();
        let first_is_numbered = matches!(marker, Some(Marker::Number(_))) || markers::marker(content).0.is_some();
        for piece in pieces {
            let lead = piece.iter().take_while(|c| c.value.is_whitespace()).count();
            let piece = piece.get(lead..).unwrap_or_default();
            let (inner, skip) = markers::marker(piece);
            self.close_to(if first_is_numbered { parent_depth - 1 } else { parent_depth });
            let start = piece.first().map_or(0, |c| c.span.start);
            let content = piece.get(skip..).filter(|content| !content.is_empty()).unwrap_or(piece);
            self.push(start, content, indent + usize::from(!first_is_numbered), inner);
        }
    }

    fn push(&mut self, start: u32, content: &[Character], indent: usize, marker: Option<Marker>) {
        let visible = content.iter().rposition(|c| !c.value.is_whitespace()).map_or(0, |i| i + 1);
        let content = content.get(..visible).unwrap_or_default();
        let end = content.last().map_or(start, |c| c.span.end);
        self.open.push(Open {
            indent,
            kind: marker,
            item: Item {
                section: self.section,
                cohort: self.cohort.clone(),
                span: Span { start, end: end.max(start) },
                characters: Rc::new(content.to_vec()),
                marked: marker.is_some(),
                children: Vec::new(),
                elements: OnceCell::new(),
                text: OnceCell::new(),
            },
        });
    }

    /// Under how many open items a line stands.
    fn depth(&self, indent: usize, marker: Option<Marker>) -> usize {
        // "7. ... must:", bullets, "8. ...": a number goes on with its list, however far it is set in.
        if let Some(Marker::Number(number)) = marker
            && number > 1
            && !self.open.iter().any(|o| o.indent == indent && matches!(o.kind, Some(Marker::Number(_))))
            && let Some(depth) = self.open.iter().rposition(|o| o.kind == Some(Marker::Number(number - 1)))
        {
            return depth;
        }
        for (depth, open) in self.open.iter().enumerate().rev() {
            let ends_open = open.item.last_word().ends_with(':');
            if indent > open.indent && marker.is_some() && (open.kind.is_some() || ends_open) {
                return depth + 1;
            }
            if indent == open.indent {
                let Some(kind) = marker else { return depth };
                match open.kind {
                    // An unmarked line ending with a colon, directly above its list.
                    None if ends_open => return depth + 1,
                    None => return depth,
                    // "11. Allowed if all hold:" above "1. ...", and "12." behind the list.
                    Some(Marker::Number(above)) if kind == Marker::Number(1) && above > 1 && ends_open => {
                        return depth + 1;
                    }
                    Some(Marker::Number(above)) if self.goes_on_outside(depth, above, kind, indent) => continue,
                    Some(above) if above.same_kind(kind) => return depth,
                    // "1." above "a.", a bullet under a number, where the list begins anew.
                    Some(above) if kind.begins_list() && (ends_open || above.rank() < kind.rank()) => {
                        if self.open.get(..depth).is_some_and(|outer| {
                            outer.iter().any(|o| o.indent == indent && o.kind.is_some_and(|k| k.same_kind(kind)))
                        }) {
                            continue;
                        }
                        return depth + 1;
                    }
                    Some(_) if depth > 0 => continue,
                    Some(_) => return depth,
                }
            }
        }
        0
    }

    /// Whether a number goes on with a list around the one at `depth`, not with that one.
    fn goes_on_outside(&self, depth: usize, above: u32, kind: Marker, indent: usize) -> bool {
        let Marker::Number(number) = kind else { return false };
        number != above + 1
            && self.open.get(..depth).is_some_and(|outer| {
                outer.iter().any(|o| o.indent == indent && o.kind == Some(Marker::Number(number.wrapping_sub(1))))
            })
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { return };
            match self.open.last_mut() {
                Some(parent) => parent.item.children.push(open.item),
                None => self.outline.items.push(open.item),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(items: &[Item], depth: usize, out: &mut String) {
        for item in items {
            let section = match item.section {
                Some(Section::Inclusion) => "+",
                Some(Section::Exclusion) => "-",
                None => "?",
            };
            let cohort = item.cohort.as_deref().map(|c| format!("[{c}] ")).unwrap_or_default();
            out.push_str(&format!("{}{section} {cohort}{}\n", "  ".repeat(depth), item.text()));
            render(&item.children, depth + 1, out);
        }
    }

    fn check(text: &str, expected: &str) {
        let mut got = String::new();
        render(&outline(text).items, 0, &mut got);
        assert_eq!(got.trim_end(), expected.trim(), "{text}");
    }

    #[test]
    fn sections_bullets_and_nesting() {
        check(
            "Inclusion Criteria:\n\n* Age \\>= 18 years\n* One of:\n  * A\n  * B\n\nExclusion Criteria:\n\n1. Pregnant\n2. Prior\n   therapy",
            "+ Age >= 18 years\n+ One of:\n  + A\n  + B\n- Pregnant\n- Prior therapy",
        );
    }

    #[test]
    fn several_items_in_one_line() {
        check("Inclusion Criteria: 1. Women 2. ECOG 0-1 3. Consent", "+ Women\n+ ECOG 0-1\n+ Consent");
    }

    #[test]
    fn numbers_that_begin_anew() {
        check(
            "Inclusion Criteria:\n\n11. Allowed if the following hold:\n1. Quiet,\n2. Treated\n12. Consent",
            "+ Allowed if the following hold:\n  + Quiet,\n  + Treated\n+ Consent",
        );
    }

    #[test]
    fn wrapped_lines_are_no_headings() {
        check(
            "Inclusion Criteria:\n\n* Progress on prior\n  immunotherapy.\n* Age",
            "+ Progress on prior immunotherapy.\n+ Age",
        );
    }

    #[test]
    fn cohorts_and_old_headings() {
        check(
            "DISEASE CHARACTERISTICS:\n\n* Breast cancer\n\nKey Exclusion Criteria for Cohort B:\n\n* Stroke",
            "? Breast cancer\n- [Cohort B] Stroke",
        );
    }

    #[test]
    fn every_visible_character_is_kept() {
        let text = "Inclusion: a\n\n 1) b c\n x\n(2) d\nExclusion Criteria\n- e; f";
        let outline = outline(text);
        let mut covered = vec![false; text.chars().count()];
        fn mark(items: &[Item], covered: &mut [bool]) {
            for item in items {
                for at in item.span.start..item.span.end {
                    covered[at as usize] = true;
                }
                mark(&item.children, covered);
            }
        }
        mark(&outline.items, &mut covered);
        for span in &outline.headings {
            for at in span.start..span.end {
                covered[at as usize] = true;
            }
        }
        for (at, c) in text.chars().enumerate() {
            assert!(c.is_whitespace() || covered[at], "{c} at {at}");
        }
    }
}
