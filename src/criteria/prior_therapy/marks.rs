//! Words that say how a treatment went, and words beside treatments that change nothing.

use super::details;
use super::lists::{List, is_idle, is_treatment};
use crate::criteria::context::Context;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use std::ops::Range;

/// What was found in the zone of a part.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) naive: bool,
    pub(super) progressed: bool,
    pub(super) intolerant: bool,
    pub(super) recurrent: bool,
    pub(super) receiving: bool,
    pub(super) prior: bool,
}

/// Claims the words that say how it went and says which there were.
pub(super) fn marks(phrase: &mut Phrase, zone: &Range<usize>, list: &List, except: usize) -> Marks {
    let mut marks = Marks::default();
    for at in zone.clone() {
        if phrase.is_used(at) || at >= except && at > list.end {
            continue;
        }
        let Some(cue) = phrase.get(at).and_then(Element::cue) else { continue };
        match cue {
            Cue::Naive => marks.naive = true,
            Cue::Progressed => {
                marks.progressed = true;
                let text = phrase.get(at).map(|e| e.text.to_string()).unwrap_or_default();
                marks.recurrent |= text.contains("recurr") || text.contains("relaps");
            }
            Cue::Intolerant => marks.intolerant = true,
            Cue::Prior | Cue::History => marks.prior = true,
            Cue::Receiving | Cue::Active => {
                let near = at < list.start
                    && (at + 1..list.start).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || is_idle(e)));
                let text = phrase.get(at).map(|e| e.text.to_string()).unwrap_or_default();
                if text != "on" || near && !marks.progressed && !marks.prior {
                    marks.receiving = true;
                }
            }
            Cue::Recurrent => marks.recurrent = true,
            Cue::ProgressiveDisease => {}
            Cue::Received | Cue::LastDose | Cue::ForBreastCancer | Cue::Investigational => {}
            _ => continue,
        }
        // A relapse is claimed only where the relation to the treatment is read, which the window decides.
        if matches!(cue, Cue::Recurrent | Cue::ProgressiveDisease) {
            let related =
                zone.clone().any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::After) || e.is(Cue::Progressed)))
                    || details::starts(phrase, zone)
                    || relapse_of_adjuvant(phrase, zone, list);
            let timed = zone.clone().any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
            if !(related && (timed || cue == Cue::ProgressiveDisease && marks.progressed)) {
                marks.recurrent &= cue != Cue::Recurrent;
                continue;
            }
            marks.recurrent |= timed;
        }
        phrase.claim(at);
    }
    marks.receiving &= !marks.prior;
    marks
}

/// "Recurrence within 6 months of adjuvant chemotherapy": the interval stands between the relapse and the treatment.
pub(super) fn relapse_before(phrase: &Phrase, zone: &Range<usize>, list: &List) -> bool {
    let relapse = zone.clone().find(|&i| {
        phrase.get(i).is_some_and(|e| {
            e.is(Cue::Recurrent)
                || e.is(Cue::ProgressiveDisease)
                || e.is(Cue::Progressed) && (e.text.ends_with("within") || e.text.ends_with("during"))
        })
    });
    let number = zone.clone().find(|&i| {
        matches!(phrase.sense(i), Some(Sense::Number(_))) && phrase.get(i + 1).is_some_and(|e| time_unit(e).is_some())
    });
    matches!((relapse, number), (Some(r), Some(n)) if r < n && n < list.start
        && !(n..list.start).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Anchor) || e.is(Cue::Before))))
}

/// "Relapse within 6 months of adjuvant chemotherapy": the time runs from that treatment.
fn relapse_of_adjuvant(phrase: &Phrase, zone: &Range<usize>, list: &List) -> bool {
    let says = |at: usize, test: &dyn Fn(&Element) -> bool| phrase.get(at).is_some_and(test);
    let of = zone.clone().find(|&at| says(at, &|e| time_unit(e).is_some()) && says(at + 1, &|e| e.text == "of"));
    relapse_before(phrase, zone, list)
        && of.is_some_and(|of| {
            (of..list.end).any(|at| says(at, &|e| e.is(Cue::SettingAdjuvant) || e.is(Cue::SettingNeoadjuvant)))
        })
}

/// Claims words beside treatments that change nothing.
pub fn claim_idle(phrase: &mut Phrase, context: &Context<'_>, from: usize, to: usize) {
    for at in from..to {
        let idle = !phrase.is_used(at) && phrase.get(at).is_some_and(is_idle);
        let beside = || {
            (at + 1..at + 4).any(|i| {
                phrase.get(i).is_some_and(|e| is_treatment(e, context))
                    && (at + 1..i).all(|k| phrase.get(k).is_some_and(|e| is_neutral(e) || is_idle(e)))
            }) || at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| is_treatment(e, context))
        };
        if idle && beside() {
            phrase.claim(at);
        }
        // "Prior" and the like that nobody has claimed within an exception.
        if phrase.get(at).is_some_and(|e| e.is(Cue::Prior) || e.is(Cue::ForBreastCancer)) {
            phrase.claim(at);
        }
    }
}

pub(super) fn claim_or(phrase: &mut Phrase, from: usize, to: usize) {
    for at in from..to {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.text == "during" || e.is(Cue::Within) || e.is_char('/')) {
            phrase.claim(at);
        }
    }
}

pub(super) fn claim_combination(phrase: &mut Phrase, from: usize, to: usize) {
    for at in from..to {
        if phrase.get(at).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "in combination" | "combination" | "combined" | "alone" | "alone or" | "plus" | "either"
            ) || e.is_char('+')
        }) {
            phrase.claim(at);
        }
    }
}

/// "Alone or in combination with", "with or without": either way.
pub(super) fn optional(phrase: &mut Phrase, from: usize, to: usize) -> bool {
    let mut optional = false;
    for at in from..to {
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::Neutral)) {
            optional = true;
            phrase.claim(at);
        }
    }
    optional
}
