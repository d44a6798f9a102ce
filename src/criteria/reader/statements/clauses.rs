//! Sentences and clauses: where they end, and their parts.

use crate::criteria::context::Context;
use crate::criteria::open_fact::named;
use crate::criteria::reader::coordination::{self, outside, trim};
use crate::criteria::reader::statements::permissions::central_feature;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{self, Words};

/// Cuts at full stops outside brackets.
pub(super) fn sentences(elements: &[Element]) -> Vec<&[Element]> {
    // A semicolon ends a sentence where a clause with a verb of its own follows.
    let modal = |from: usize| {
        elements.iter().skip(from).take_while(|e| !e.is_char(';') && !e.is_char('.')).any(|e| {
            matches!(
                e.sense,
                Sense::Cue(Cue::Must | Cue::MustNot | Cue::Allowed | Cue::Forbidden | Cue::May | Cue::NoLimit)
            )
        })
    };
    // "No A; no B unless C": the exception is that of the last clause alone.
    let denial = |at: usize| elements.get(at).is_some_and(|e| e.is(Cue::Not) || e.is(Cue::Naive));
    let excepted = |at: usize| {
        elements.iter().skip(at).any(|e| e.is(Cue::Unless))
            && !elements.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And))
    };
    let ends: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            e.is_char(';') && (denial(at + 1) && denial(0) || excepted(at + 1))
                || e.is_char('.') && elements.get(at + 1).is_none_or(|next| next.spaced)
                || e.is_char(',') && opens_case(elements, at + 1)
                || (e.is_char(';') || e.is(Cue::And) && e.text == "but") && modal(at + 1)
        })
        .map(|(at, _)| at)
        .collect();
    // Two sentences run together: "... 1.5 mg/dL Patients with ...".
    let starts: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            *at > 2
                && e.capital
                && ["patient", "participant", "subject", "individual", "women"].iter().any(|w| e.text.starts_with(w))
                && elements
                    .get(at - 1)
                    .is_some_and(|b| matches!(b.sense, Sense::Concept(_) | Sense::Number(_) | Sense::Word))
        })
        .map(|(at, _)| at)
        .collect();
    let mut ends: Vec<(usize, usize)> =
        ends.into_iter().map(|at| (at, at + 1)).chain(starts.into_iter().map(|at| (at, at))).collect();
    ends.sort_unstable();
    let mut out = Vec::new();
    let mut from = 0;
    for (end, next) in ends {
        out.extend(elements.get(from..end).map(trim).filter(|s| !s.is_empty()));
        from = next;
    }
    out.extend(elements.get(from..).map(trim).filter(|s| !s.is_empty()));
    out
}

pub(super) fn find(elements: &[Element], cue: Cue) -> Option<usize> {
    outside(elements).find(|(_, e)| e.is(cue)).map(|(at, _)| at)
}

pub(super) fn part(elements: &[Element], from: usize, to: usize) -> &[Element] {
    trim(elements.get(from..to.max(from)).unwrap_or_default())
}

pub(super) fn means(elements: &[Element]) -> bool {
    elements.iter().any(|e| !is_neutral(e) && !matches!(e.sense, Sense::Cue(Cue::Female | Cue::Male)))
}

pub(super) fn positive(elements: &[Element], context: &Context<'_>) -> Requirement {
    // "Participation in another clinical trial" is made of words without meaning of their own.
    let takes_part = |e: &Element| e.text.starts_with("particip") || e.text.starts_with("enrol");
    let asks = |e: &Element| e.is(Cue::Female) || e.is(Cue::Male) || takes_part(e);
    if !means(elements) && !elements.iter().any(asks) {
        return Requirement::Unread(span_of(elements));
    }
    // "Treated, and not have A, B or C": the denial reaches to the end of its list.
    if let Some((left, right)) = denied_list(elements) {
        let (left, right) = (coordination::read(left, context), coordination::read(right, context));
        if left.claimed || right.claimed {
            return Requirement::all(vec![left.requirement, right.requirement.negated()]);
        }
    }
    coordination::read(elements, context).requirement
}

/// The two sides of "and not" behind which a list of alternatives with subjects of their own stands.
fn denied_list(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let at = outside(elements)
        .find(|(at, e)| {
            *at > 0
                && e.is(Cue::And)
                && elements.get(at + 1).is_some_and(|next| next.is(Cue::Not) && next.text.starts_with("not"))
        })
        .map(|(at, _)| at)?;
    let (left, right) = (elements.get(..at)?, elements.get(at + 2..)?);
    let or = |part: &[Element]| outside(part).any(|(_, e)| e.is(Cue::Or));
    let subject = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Site(_)));
    (or(right) && !or(left) && right.iter().filter(|e| subject(e)).count() > 1).then_some((trim(left), trim(right)))
}

/// Reads a condition that may leave its subject out: "brain metastases, unless stable".
pub fn about(elements: &[Element], subject: &[Element], context: &Context<'_>) -> Requirement {
    let alone = positive(elements, context);
    let site = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Site(_)));
    let named = elements.iter().any(site) || !subject.iter().any(site);
    if !alone.has_unread() && (named || central_feature(&alone).is_some()) {
        return alone;
    }
    let mut joined: Vec<Element> = subject.iter().filter(|e| names_subject(e)).cloned().collect();
    if joined.is_empty() {
        return alone;
    }
    joined.extend(elements.iter().cloned());
    let with_subject = positive(&joined, context);
    let central = || central_feature(&with_subject).is_some();
    if with_subject.unread().len() < alone.unread().len() || !with_subject.has_unread() && central() {
        if !with_subject.has_unread() {
            return with_subject;
        }
    } else if !alone.has_unread() {
        return alone;
    }
    if let Some(each) = each_about(elements, subject, context) {
        return each;
    }
    if with_subject.unread().len() < alone.unread().len() { with_subject } else { alone }
}

/// Reads a list of things said of one subject: "small, untreated, and without symptoms". `None` where a member is not
/// understood.
fn each_about(elements: &[Element], subject: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let cuts: Vec<usize> = outside(elements)
        .filter(|(_, e)| e.is_char(',') || e.is(Cue::And) || e.is(Cue::Or))
        .map(|(at, _)| at)
        .collect();
    let any = cuts.iter().filter_map(|at| elements.get(*at)).any(|e| e.is(Cue::Or));
    let all = cuts.iter().filter_map(|at| elements.get(*at)).any(|e| e.is(Cue::And));
    if cuts.is_empty() || any && all {
        return None;
    }
    let subject: Vec<Element> = subject.iter().filter(|e| names_subject(e)).cloned().collect();
    let mut members = Vec::new();
    let mut from = 0;
    for end in cuts.into_iter().chain([elements.len()]) {
        let own = part(elements, from, end);
        from = end + 1;
        if own.is_empty() {
            continue;
        }
        let joined: Vec<Element> = subject.iter().chain(own).cloned().collect();
        let read = [positive(&joined, context), positive(own, context)].into_iter().find(|r| !r.has_unread())?;
        members.push(read);
    }
    Some(if any { Requirement::any(members) } else { Requirement::all(members) })
}

/// Whether "in this case," stands at a place.
fn opens_case(elements: &[Element], at: usize) -> bool {
    let text = |i: usize| elements.get(i).map(|e| e.text.as_str());
    text(at) == Some("in")
        && matches!(text(at + 1), Some("this" | "that" | "which" | "such"))
        && text(at + 2) == Some("case")
        && elements.get(at + 3).is_some_and(|e| e.is_char(','))
}

/// Behind the label of a group that opens a sentence: "Phase II: ...".
pub(super) fn group_label(sentence: &[Element]) -> Option<usize> {
    let word = sentence.first()?;
    let named = matches!(word.text.as_str(), "phase" | "cohort" | "arm" | "part" | "group");
    let colon = sentence.iter().take(4).position(|e| e.is_char(':'))?;
    (named && colon > 1).then_some(colon + 1)
}

/// Whether a sentence defines a disease or state that a sentence before it names: "visceral crisis is defined as ...".
/// What a receptor or a number means is the trial's own rule and no definition of this kind (convention 2).
pub(super) fn defined(sentence: &[Element], before: &[&[Element]]) -> bool {
    let sentence = without_opening(sentence);
    let Some(at) = sentence.iter().position(|e| e.text.contains("defined as") || e.text == "refers to") else {
        return false;
    };
    let state = |e: &Element| {
        matches!(
            e.sense,
            Sense::Concept(Concept::Condition(_) | Concept::Site(_))
                | Sense::Cue(Cue::VisceralCrisis | Cue::Childbearing | Cue::Postmenopausal | Cue::Premenopausal)
        )
    };
    let subject = sentence.get(..at).unwrap_or_default();
    let mut states = subject.iter().filter(|e| state(e));
    let (Some(one), None) = (states.next(), states.next()) else { return false };
    let plain = subject.iter().all(|e| {
        state(e) || is_neutral(e) || structure::holds_all(Words::Title, &e.text) || e.text.starts_with("purpose")
    });
    plain && before.iter().any(|s| s.iter().any(|e| e.sense == one.sense))
}

/// Whether a clause names people: it says whom a rule binds.
pub(super) fn names_people(elements: &[Element]) -> bool {
    elements.iter().any(|e| {
        matches!(e.sense, Sense::Cue(Cue::Female | Cue::Male | Cue::Childbearing | Cue::If))
            || e.text.split(' ').any(|word| structure::holds(Words::Person, word))
    })
}

/// A sentence without the words that only tie it to the one before: "However, ...", "Note 1: ...".
pub(super) fn without_opening(elements: &[Element]) -> &[Element] {
    let first = elements.iter().position(|e| !matches!(e.sense, Sense::Punctuation(_))).unwrap_or(0);
    let ties = elements.get(first).is_some_and(|e| structure::holds(Words::Opening, &e.text));
    if !ties {
        return elements;
    }
    let mut at = first + 1;
    let stop = |at: usize| elements.get(at).is_some_and(|e| e.is_char(':') || e.is_char(',') || e.is_char('-'));
    if !stop(at) && stop(at + 1) && elements.get(at).is_some_and(|e| matches!(e.sense, Sense::Number(_))) {
        at += 1;
    }
    if stop(at) {
        at += 1;
    }
    let rest = elements.get(at..).unwrap_or_default();
    if rest.is_empty() { elements } else { rest }
}

/// Whether a sentence only gives examples of what the one before it names.
pub(super) fn gives_examples(elements: &[Element]) -> bool {
    let words: Vec<&str> = elements.iter().take(4).map(|e| e.text.as_str()).collect();
    let opening = words.join(" ");
    (1..=2).any(|count| {
        let head: Vec<&str> = opening.split(' ').take(count).collect();
        structure::holds(Words::Examples, &head.join(" "))
    })
}

pub(super) fn names_subject(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Concept(
            Concept::Site(_) | Concept::Condition(_) | Concept::Drug(_) | Concept::DrugClass(_) | Concept::Cancer(_)
        )
    ) || element.is(Cue::MetastaticDisease)
        || element.is(Cue::Filler) && element.text == "lesion"
}

/// How many elements a condition has at most that is taken by its words.
const LONGEST_CASE: usize = 20;

/// A condition of which nothing is understood, as a fact of its own words: whom it leaves out or lets in cannot be told,
/// and what it only narrows is settled without it. Anything else is left as it was read.
pub(super) fn case(read: Requirement, elements: &[Element]) -> Requirement {
    let joins = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(Cue::Except | Cue::Unless | Cue::Must | Cue::MustNot | Cue::Allowed | Cue::Forbidden | Cue::May)
                | Sense::Punctuation(':' | ';' | '.')
        ) || e.is(Cue::If) && e.text != "where"
    };
    let plain = matches!(read, Requirement::Unread(_)) && elements.len() <= LONGEST_CASE && !elements.iter().any(joins);
    // "If active" says something of what stands before it.
    if !plain || !elements.iter().any(|e| e.sense == Sense::Word) {
        return read;
    }
    named(&format!("stated case: {}", said(elements)))
}

/// The same for the subject of a sentence, which must name people: "participants of regions where X is approved".
pub(super) fn case_of_people(read: Requirement, elements: &[Element]) -> Requirement {
    let person = |e: &Element| e.text.split(' ').any(|word| structure::holds(Words::Person, word));
    if elements.first().is_some_and(person) { case(read, elements) } else { read }
}

/// The words of a clause.
pub(super) fn said(elements: &[Element]) -> String {
    elements.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ")
}
