//! How a phrase about treatment is read.

use super::details;
use super::guards::{disease_before, generic_for_another_disease, speaks_of_something_else};
use super::headless::{headless, participation};
use super::idioms;
use super::joining::{Question, join, relapses, shared_toxicity, shared_window};
use super::lists::{is_idle, is_treatment};
use super::manner;
use super::marks::Marks;
use super::parts::{find_lists, parts};
use super::question::{Shared, read_part};
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::Cue;
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::{Window, time_unit};

/// What a list of treatments is in its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the phrase asks about.
    Main,
    /// What does not count.
    Except,
    /// What was given in the same course.
    With,
    /// In brackets behind another one.
    Bracket,
}

/// Cues that say that a phrase speaks of treatment received.
const TOLD: &[Cue] = &[
    Cue::Received,
    Cue::Prior,
    Cue::Receiving,
    Cue::Naive,
    Cue::Progressed,
    Cue::Intolerant,
    Cue::Within,
    Cue::History,
    Cue::Since,
    Cue::LastDose,
    Cue::Active,
    Cue::Not,
    Cue::RecentTherapy,
    Cue::SettingMetastatic,
    Cue::SettingAdjuvant,
    Cue::SettingEarly,
    Cue::SettingNeoadjuvant,
    Cue::AnySetting,
    Cue::After,
];

/// Reads a treatment with its setting, time and end, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if speaks_of_something_else(phrase) {
        return None;
    }
    if let Some(requirement) = details::cumulative_dose(phrase, context) {
        return Some(requirement);
    }
    let prepared = idioms::prepare(phrase, context);
    let found = if prepared.named { find_lists(phrase, context) } else { Vec::new() };
    let head = found.iter().find(|(_, role)| *role == Role::Main).map(|(list, _)| list.start);
    // "At least 4 weeks (6 weeks for mitomycin)": whose 4 weeks these are stands elsewhere.
    if head.is_some_and(|head| is_exception_in_bracket(phrase, head)) {
        return None;
    }
    if head.is_none() && idioms::completed_and_recovered(phrase) {
        return Some(Requirement::Nothing);
    }
    let Some(head) = head else { return participation(phrase).or_else(|| headless(phrase, context)) };
    if phrase.find(|e| e.is(Cue::Except)).is_some_and(|at| at < head)
        || generic_for_another_disease(phrase, &found)
        || disease_before(phrase, head)
    {
        return None;
    }
    // "Previously treated with X"; a number of lines behind it is another question.
    let treated = || {
        phrase.find(|e| e.is(Cue::TreatedLesion) && e.text.ends_with("treated")).is_some_and(|at| at < head)
            && !phrase.elements.iter().any(|e| e.is(Cue::Line))
    };
    let told = TOLD.iter().any(|cue| phrase.has(*cue)) || treated();
    let has_length = phrase.elements.iter().any(|e| time_unit(e).is_some() || e.is(Cue::HalfLife));
    let bare = phrase.elements.iter().all(|e| is_treatment(e, context) || is_neutral(e) || e.is(Cue::Or) || is_idle(e));
    let marrow = phrase.elements.iter().any(|e| e.text.contains("marrow"))
        && phrase.elements.iter().any(|e| e.is_char('%') || e.text == "%");
    if !(told || has_length || marrow || bare && context.section == Section::Exclusion) {
        return None;
    }
    let parts = parts(phrase, &found);
    let mut out: Vec<Question> = Vec::new();
    let mut carried: Option<(Marks, Option<Window>)> = None;
    let count = parts.len();
    for (index, part) in parts.iter().enumerate() {
        let read = read_part(
            phrase,
            context,
            part,
            &found,
            Shared { carried, last: index + 1 == count, apart: prepared.apart },
        );
        let (requirement, marks, window, prefix_window) = read;
        if index == 0 {
            carried = Some((marks, window.filter(|_| prefix_window)));
        }
        out.push((requirement, part.or, marks.naive, marks, window.map(|w| w.bound)));
    }
    let inclusion = context.section == Section::Inclusion;
    let narrowed: Vec<Option<manner::Words>> =
        parts.iter().map(|part| manner::take(phrase, &part.list, part.zone.start, part.zone.end, inclusion)).collect();
    // "Radiotherapy or surgery to the painful site": words behind the last one narrow all of them.
    let shared = narrowed.last().cloned().flatten().filter(|w| w.behind);
    for (question, words) in out.iter_mut().zip(narrowed) {
        if let Some(words) = words.or_else(|| shared.clone()) {
            manner::set(&mut question.0, &words.text);
        }
    }
    shared_toxicity(&mut out);
    shared_window(&mut out, phrase.span());
    let read = join(relapses(out), context);
    if !prepared.recovered {
        return Some(read);
    }
    Some(match context.section {
        Section::Inclusion => Requirement::all(vec![read, idioms::recovery()]),
        Section::Exclusion => Requirement::any(vec![read, idioms::recovery().negated()]),
    })
}

/// Whether a place stands in a bracket with an interval of its own, behind another interval.
fn is_exception_in_bracket(phrase: &Phrase, at: usize) -> bool {
    let Some(open) = (0..at).rev().find(|&i| phrase.get(i).is_some_and(|e| e.is_char('(') || e.is_char(')'))) else {
        return false;
    };
    let timed = |from: usize, to: usize| (from..to).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
    phrase.get(open).is_some_and(|e| e.is_char('(')) && timed(open, at) && timed(0, open)
}
