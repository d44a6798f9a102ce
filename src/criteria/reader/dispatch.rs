//! Hands a phrase to the kinds, one after the other. Each claims what it understands; the rest is not read.

use crate::criteria::context::Context;
use crate::criteria::reader::coordination::outside;
use crate::criteria::requirement::Requirement;
use crate::criteria::{
    administrative, age, biomarkers, central_nervous_system, conditions, diagnosis, her2, laboratory, lines_of_therapy,
    measurable_disease, medications, menopausal_status, metastatic_sites, open_fact, performance_status, pregnancy,
    prior_therapy, receptors, sex,
};
use crate::grammar::elements::{Cue, Element};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::trial::Span;

type Reader = fn(&mut Phrase, &Context<'_>) -> Option<Requirement>;

/// The kinds in the order in which they look at a phrase: the more specific first.
const KINDS: &[Reader] = &[
    administrative::read,
    pregnancy::read,
    performance_status::read,
    open_fact::read,
    central_nervous_system::read,
    measurable_disease::read,
    lines_of_therapy::read,
    laboratory::read,
    her2::read,
    receptors::read,
    biomarkers::read,
    conditions::read,
    medications::read,
    prior_therapy::read,
    diagnosis::read,
    metastatic_sites::read,
    menopausal_status::read,
    age::read,
    sex::read,
];

/// What the kinds made of a phrase.
#[derive(Clone)]
pub struct Reading {
    /// The conjunction of what they claimed, with what was not read; in positive sense.
    pub requirement: Requirement,
    /// How many elements with meaning were not claimed.
    pub unread: usize,
    /// Whether any kind claimed anything.
    pub claimed: bool,
}

/// Reads a phrase that holds no list.
pub fn read(elements: &[Element], context: &Context<'_>) -> Reading {
    let mut phrase = Phrase::new(elements.to_vec());
    let mut members = Vec::new();
    let mut claims = Claims::new(elements);
    for kind in KINDS {
        // A kind may find two things of its own in one phrase.
        for _ in 0..4 {
            match kind(&mut phrase, context) {
                Some(requirement) => members.push(requirement),
                None => break,
            }
            claims.note(&phrase);
            if phrase.is_read() {
                break;
            }
        }
    }
    let claimed = !members.is_empty();
    claim_anchors(&mut phrase);
    claim_history(&mut phrase, &members);
    let unread = phrase.leftover().len() + usize::from(phrase.leftover().iter().any(|e| e.is(Cue::Or))) * 3;
    if !claimed {
        // Nobody claimed anything, words without meaning of their own included: nothing was understood.
        return Reading { requirement: Requirement::Unread(phrase.span()), unread: unread.max(1), claimed };
    }
    let read = Requirement::all(members);
    let mut open = runs(&phrase);
    let mut unread = unread;
    if let Some(or) = claims.parted().or_else(|| claims.interleaved()) {
        open.push(or);
        unread += 3;
    }
    // An "or" that nobody read may open another way in: what was read is not enough to keep a patient out.
    let another = phrase.leftover().iter().find(|e| e.is(Cue::Or)).map(|e| e.span);
    let read = match another {
        Some(or) => Requirement::any(vec![read, Requirement::Unread(or)]),
        None => read,
    };
    let requirement = if unread == 0 { read } else { Requirement::Partly(Box::new(read), open) };
    Reading { requirement, unread, claimed }
}

/// Where the members of a phrase were claimed. What stands on either side of an "or" is not asked together: such a
/// phrase is a list, and read by its members or not at all.
struct Claims<'e> {
    elements: &'e [Element],
    ors: Vec<usize>,
    before: Vec<bool>,
    ranges: Vec<(usize, usize)>,
}

impl<'e> Claims<'e> {
    fn new(elements: &'e [Element]) -> Self {
        // What stands behind an exception belongs to it.
        let excepts = elements.iter().any(|e| e.is(Cue::Except));
        let ors = outside(elements).filter(|(_, e)| e.is(Cue::Or) && !excepts).map(|(at, _)| at).collect();
        Self { elements, ors, before: vec![false; elements.len()], ranges: Vec::new() }
    }

    /// Notes what was claimed since the last time.
    fn note(&mut self, phrase: &Phrase) {
        if self.ors.is_empty() {
            return;
        }
        let fresh = |at: &usize| {
            phrase.is_used(*at)
                && !self.before.get(*at).copied().unwrap_or(false)
                && self.elements.get(*at).is_some_and(|e| !is_neutral(e) && !e.is(Cue::Or))
        };
        let mut places = (0..self.elements.len()).filter(fresh);
        if let Some(first) = places.next() {
            self.ranges.push((first, places.next_back().unwrap_or(first)));
        }
        self.before.clear();
        self.before.extend_from_slice(phrase.claims());
    }

    /// The "or" that has one member wholly before it and another wholly behind it.
    fn parted(&self) -> Option<Span> {
        let or = self.ors.iter().find(|or| {
            self.ranges.iter().any(|(_, last)| last < or) && self.ranges.iter().any(|(first, _)| first > or)
        })?;
        self.elements.get(*or).map(|e| e.span)
    }

    /// The separator before a member that stands between two of another member's: "lung, triple-negative breast or
    /// ovarian cancer" names three tumours, of which one is enough.
    fn interleaved(&self) -> Option<Span> {
        if self.ors.is_empty() {
            return None;
        }
        let separates = |at: usize| self.elements.get(at).is_some_and(|e| e.is_char(',') || e.is(Cue::Or));
        let inside = |first: usize, last: usize| self.ranges.iter().any(|(a, b)| *a < first && *b > last);
        let next = |from: usize| {
            (from..self.elements.len()).find(|at| separates(*at) || !self.elements.get(*at).is_some_and(is_neutral))
        };
        let (first, _) = self.ranges.iter().find(|(first, last)| {
            let before = first.checked_sub(1).is_some_and(separates);
            before && next(last + 1).is_some_and(separates) && inside(*first, *last)
        })?;
        self.elements.get(first.saturating_sub(1)).map(|e| e.span)
    }
}

/// "Previously" beside what is past by itself: a treatment received, a line, a receptor (convention 21).
fn claim_history(phrase: &mut Phrase, members: &[Requirement]) {
    let mut kinds = Vec::new();
    for member in members {
        member.visit(&mut |r| {
            if let Requirement::Atom(atom) = r {
                kinds.push(atom.kind());
            }
        });
    }
    let all = |names: &[&str]| !kinds.is_empty() && kinds.iter().all(|k| names.contains(k));
    if all(&["Receptor", "Her2", "Biomarker", "Diagnosis", "Lines", "Therapy"]) {
        phrase.take(Cue::Prior);
    }
    if kinds.iter().any(|k| matches!(*k, "Lines" | "Therapy")) {
        for at in 0..phrase.len() {
            let treated = phrase.get(at).is_some_and(|e| e.is(Cue::TreatedLesion) && e.text.ends_with("treated"));
            if treated && !phrase.is_used(at) {
                phrase.claim(at);
            }
        }
    }
}

/// "Prior to registration" without an interval says when a thing is looked at, which is the profile's day (convention 1).
fn claim_anchors(phrase: &mut Phrase) {
    for at in 0..phrase.len() {
        let opens = !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| e.is(Cue::Before) || e.is(Cue::After) || e.is(Cue::Between));
        let between_fillers = !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| e.is(Cue::Or))
            && at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.is(Cue::Filler))
            && phrase.get(at + 1).is_some_and(|e| e.is(Cue::Filler));
        if between_fillers {
            phrase.claim(at);
        }
        if !opens {
            continue;
        }
        let mut next = at + 1;
        while phrase.get(next).is_some_and(|e| e.is(Cue::Filler)) {
            next += 1;
        }
        if phrase.get(next).is_some_and(|e| e.is(Cue::Anchor)) {
            phrase.claim_range(at, next + 1);
        }
    }
}

/// The spans of neighbouring elements that nobody claimed.
fn runs(phrase: &Phrase) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut open = false;
    for (at, element) in phrase.elements.iter().enumerate() {
        if phrase.is_used(at) {
            open = false;
        } else if !is_neutral(element) {
            match out.last_mut() {
                Some(last) if open && element.span.start >= last.start => last.end = last.end.max(element.span.end),
                _ => out.push(element.span),
            }
            open = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::criteria::context::{Context, Definitions};
    use crate::criteria::requirement::Section;
    use crate::grammar::elements;

    #[test]
    fn an_or_that_nobody_read_keeps_nobody_out() {
        let definitions = Definitions::default();
        let context = Context { section: Section::Inclusion, interventions: &[], definitions: &definitions };
        for (text, expected) in [
            ("measurable disease or frobnication", true),
            ("progressed on or frobnicating trastuzumab", true),
            ("HER2-positive or frobnicated quite", true),
            ("metastatic frobnicated breast cancer", false),
            ("locally advanced or metastatic breast cancer", false),
        ] {
            let said = read(&elements::read(text), &context).requirement.say();
            assert_eq!(said.contains("or [not read]"), expected, "{text}: {said}");
        }
    }
}
