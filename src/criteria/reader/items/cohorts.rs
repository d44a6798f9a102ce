//! Cohorts named inside an item.

use crate::criteria::reader::coordination::outside;
use crate::grammar::characters::string_of;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::headings::cohort_in;
use crate::grammar::outline::Item;
use crate::lexicon::structure::{self, Words};

/// How many characters a label in front of an item has at most.
const LONGEST: usize = 90;

/// "For phase II, ...", "Cohort A: ...", "... (Phase 2)", "Patients in the phase II part must ...": the label, and the
/// elements without it.
pub(super) fn cohort_label<'e>(item: &Item, all: &'e [Element]) -> (Option<String>, &'e [Element]) {
    // Most items name no part of the trial.
    let names = |e: &Element| e.text.is_in(Words::TrialPart);
    if !all.iter().any(names) {
        return (None, all);
    }
    let own = after_stage(item, all);
    let text = item.text();
    // "Phase I: ... Phase II: ...": an item for several groups.
    let labels = own
        .iter()
        .zip(own.iter().skip(2))
        .filter(|(word, colon)| {
            colon.is_char(':') && matches!(word.text.as_str(), "phase" | "cohort" | "arm" | "part" | "group")
        })
        .count();
    if labels > 1 {
        return (None, own);
    }
    let first = own.first().map_or(0, |e| place(item, e.span.start));
    let head: String = text.chars().skip(first).take(LONGEST).collect();
    let rest_from = |characters: usize| {
        let end = item.characters.get(first + characters).map_or(u32::MAX, |c| c.span.start);
        let from = own.iter().position(|e| e.span.start >= end).unwrap_or(own.len());
        own.get(from..).unwrap_or_default()
    };
    let bracketed = head.starts_with('(');
    let stop = head.char_indices().filter(|(_, c)| if bracketed { *c == ')' } else { matches!(c, ':' | ',') });
    for (stop, _) in stop.take(2) {
        let Some(title) = head.get(..stop) else { continue };
        if let Some(cohort) = cohort_in(title.trim_start_matches('('), false)
            && whole_title(title, &cohort)
        {
            return (Some(closed(cohort)), rest_from(title.chars().count() + 1));
        }
    }
    if let Some((cohort, length)) = bare_label(&head) {
        return (Some(cohort), rest_from(length));
    }
    let verb = own.iter().position(|e| e.is(Cue::Must) || e.is(Cue::MustNot) || e.is(Cue::May)).filter(|at| *at > 0);
    if let Some(verb) = verb
        && let Some(element) = own.get(verb)
    {
        let title: String = head.chars().take(place(item, element.span.start).saturating_sub(first)).collect();
        if let Some(cohort) = cohort_in(&title, false)
            && whole_title(&title, &cohort)
        {
            return (Some(cohort), own.get(verb..).unwrap_or_default());
        }
    }
    match closing_label(item, own, u32::MAX) {
        Some((_, to)) if last_sentence(own, to).is_some() => (None, own),
        Some((cohort, to)) => (Some(cohort), own.get(..to).unwrap_or_default()),
        None => (None, own),
    }
}

/// "... (part 2 only)." at the end of an item, as far as a place of the text: the label, and the place of its bracket.
fn closing_label(item: &Item, own: &[Element], end: u32) -> Option<(String, usize)> {
    let length = item.characters.partition_point(|c| c.span.start < end);
    let shown = item.characters.get(..length)?;
    let mut last = shown.iter().rev().map(|c| c.value).skip_while(|c| c.is_whitespace() || matches!(c, ':' | '.'));
    if last.next() != Some(')') {
        return None;
    }
    let text = string_of(shown);
    let shown = text.trim_end().trim_end_matches([':', '.']).trim_end();
    if !shown.ends_with(')') {
        return None;
    }
    let open = shown.rfind('(')?;
    let inside = shown.get(open + 1..)?.trim_end_matches(')');
    let cohort = cohort_in(inside, false)?;
    if inside.split_whitespace().count() > cohort.split_whitespace().count() + 1 {
        return None;
    }
    let start = item.characters.get(text.get(..open).map_or(0, |t| t.chars().count())).map_or(0, |c| c.span.start);
    Some((cohort, own.iter().position(|e| e.span.start >= start).unwrap_or(own.len())))
}

/// Where the last of several sentences begins that a label closes: that one alone binds the group. One that takes
/// something out of the others binds them with it.
fn last_sentence(own: &[Element], to: usize) -> Option<usize> {
    let before = own.get(..to)?;
    let stop = outside(before)
        .filter(|(at, e)| e.is_char('.') && before.get(at + 1).is_some_and(|next| next.spaced && next.capital))
        .map(|(at, _)| at)
        .last()?;
    let last = before.get(stop + 1..)?;
    let excepts = |e: &Element| {
        matches!(e.sense, Sense::Cue(Cue::Allowed | Cue::May | Cue::Except | Cue::Unless | Cue::NoLimit))
            || structure::holds(Words::Opening, &e.text)
            || matches!(e.text.as_str(), "these" | "such" | "those" | "this" | "they")
    };
    let means = |part: &[Element]| part.iter().any(|e| !matches!(e.sense, Sense::Punctuation(_) | Sense::Number(_)));
    (!last.iter().any(excepts) && means(last) && means(before.get(..stop)?)).then_some(stop + 1)
}

/// An item of several sentences of which the last binds one group alone ("... (part 2 only)."): where that sentence begins,
/// and for those before it and for it the group, where one is named, and the elements.
pub(super) fn of_last_sentence<'e>(item: &Item, own: &'e [Element]) -> Option<(u32, [Sentences<'e>; 2])> {
    let (cohort, to) = closing_label(item, own, u32::MAX)?;
    let start = last_sentence(own, to)?;
    let begins = own.get(start)?.span.start;
    let before = match closing_label(item, own, begins) {
        Some((other, end)) if end < start => (Some(other), own.get(..end)?),
        _ => (None, own.get(..start)?),
    };
    Some((begins, [before, (Some(cohort), own.get(start..to)?)]))
}

/// Sentences with the group that they bind.
type Sentences<'e> = (Option<String>, &'e [Element]);

/// A label without the bracket that closes behind it alone.
fn closed(cohort: String) -> String {
    if cohort.contains('(') { cohort } else { cohort.trim_end_matches(')').to_owned() }
}

/// "Cohort A HER2-positive disease", "Part 1 (dose escalation) Patients with ...", "Arm B - prior trastuzumab": the label
/// without a colon behind it, and how many characters it takes.
fn bare_label(head: &str) -> Option<(String, usize)> {
    let mut words = head.split(' ');
    let (word, label) = (words.next()?, words.next()?);
    let kind = matches!(word.to_lowercase().as_str(), "cohort" | "arm" | "part" | "stratum");
    let short = label.chars().count() <= 3 && label.chars().all(char::is_alphanumeric);
    let coded = label.chars().any(|c| c.is_ascii_digit()) || label.chars().all(|c| c.is_ascii_uppercase());
    if !kind || !short || !coded || !word.starts_with(char::is_uppercase) {
        return None;
    }
    let next = words.next()?;
    let mut length = word.chars().count() + 1 + label.chars().count();
    if next.starts_with('(') {
        let open = head.find('(')?;
        length = head.get(..open + head.get(open..)?.find(')')? + 1)?.chars().count();
    } else if matches!(next, "and" | "or" | "&" | "of" | "to" | "-" | "\u{2013}") && !matches!(next, "-" | "\u{2013}") {
        return None;
    }
    Some((format!("{word} {label}"), length))
}

/// The place of a character of the text inside an item.
fn place(item: &Item, start: u32) -> usize {
    item.characters.iter().position(|c| c.span.start >= start).unwrap_or(item.characters.len())
}

/// "Step 1: registration (screening): ...": the elements behind the stage, which binds everybody.
fn after_stage<'e>(item: &Item, all: &'e [Element]) -> &'e [Element] {
    let text = item.text();
    let head: String = text.chars().take(LONGEST).collect();
    let mut length = 0;
    for (stop, _) in head.char_indices().filter(|(_, c)| *c == ':').take(2) {
        let words: Vec<String> = head
            .get(..stop)
            .unwrap_or_default()
            .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | ','))
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        let stage = |w: &String| structure::holds(Words::StageTitle, w) || w.chars().all(|c| c.is_ascii_digit());
        let named = words.iter().any(|w| w == "step" || w.ends_with("registration") || w.contains("screening"));
        if named && words.iter().all(stage) {
            length = head.get(..stop).map_or(0, |t| t.chars().count() + 1);
        }
    }
    let end = item.characters.get(length).map_or(u32::MAX, |c| c.span.start);
    let from = if length == 0 { 0 } else { all.iter().position(|e| e.span.start >= end).unwrap_or(all.len()) };
    let rest = all.get(from..).unwrap_or_default();
    if rest.is_empty() { all } else { rest }
}

/// Whether a title names a cohort and nothing besides: "for patients in cohort A".
fn whole_title(title: &str, cohort: &str) -> bool {
    let rest = title.replacen(cohort, "", 1).to_lowercase();
    rest.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | ',' | '/'))
        .filter(|w| !w.is_empty() && *w != "-")
        .all(|w| structure::holds(Words::CohortTitle, w) || w.chars().all(|c| c.is_ascii_digit()))
}
