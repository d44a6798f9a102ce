//! Words that narrow a treatment and that no profile states: "radiotherapy to the axilla", "neurotoxic chemotherapy".
//! They are kept as they stand: whoever had no such treatment is settled, for the others the question stays open.

use super::Therapy;
use super::lists::List;
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;

/// Words that turn or tie what they stand beside: a clause with one of them is no mere modifier.
const NO_MODIFIER: &[&str] = &[
    "non",
    "anti",
    "pre",
    "post",
    "de",
    "un",
    "than",
    "where",
    "while",
    "whilst",
    "when",
    "until",
    "till",
    "yet",
    "both",
    "either",
    "same",
    "involving",
    "excluding",
    "include",
    "includes",
    "recover",
    "recovery",
    "fail",
    "fails",
    "failure",
    "refractory",
    "resistant",
    "resistance",
    "sensitive",
    "sensitivity",
    "insensitive",
    "response",
    "responded",
    "respond",
    "benefit",
    "interval",
    "washout",
    "duration",
    "minimum",
    "maximum",
    "least",
    "most",
    "more",
    "less",
    "only",
    "sole",
    "permitted",
    "permissible",
    "acceptable",
    "eligible",
    "ineligible",
    "exception",
    "exceptions",
    "limitation",
    "limitations",
    "limit",
    "regardless",
    "irrespective",
    "otherwise",
    "instead",
    "rather",
    "subsequent",
    "subsequently",
    "followed",
    "follows",
    "below",
    "above",
    "equivalent",
    "alternative",
    "alternatively",
    "versus",
    "vs",
    "off",
    "stop",
    "stopping",
    "start",
    "continue",
    "need",
    "needs",
    "should",
    "can",
    "could",
    "would",
    "might",
    "shall",
    "cannot",
    "unable",
    "able",
    "inability",
    "reason",
    "reasons",
    "status",
    "disease-free",
    "stable",
    "stability",
    "outside",
    "besides",
    "beyond",
    "instance",
    "unknown",
    "if",
    "is",
    "was",
    "were",
    "be",
    "been",
    "had",
    "did",
    "does",
    "do",
    "not",
    "no",
    "none",
    "nor",
    "they",
    "it",
    "who",
    "which",
    "that",
    "what",
    "following",
    "caveats",
    "exceed",
    "naive",
    "failing",
    "prevention",
    "preventive",
    "antibody",
    "antibodies",
    "inhibitor",
    "inhibitors",
    "agonist",
    "antagonist",
    "blocker",
    "vaccine",
    "drug",
    "drugs",
    "requirement",
    "requirements",
    "participated",
    "participate",
    "participation",
    "participating",
    "commit",
    "observe",
    "take",
    "used",
    "alike",
    "similar",
    "assigned",
    "dosed",
    "tolerating",
    "caveat",
    "program",
    "allowed",
    "discontinue",
    "discontinuing",
    "withhold",
    "hold",
    "avoid",
    "refrain",
    "abstain",
    "begin",
    "initiate",
    "undergo",
    "complete",
    "completing",
    "completion",
    "agree",
    "agrees",
    "refuse",
    "require",
    "requires",
    "allow",
    "receive",
    "cease",
    "ceased",
    "cessation",
    "interrupt",
    "interrupted",
    "finish",
    "provide",
    "have",
    "having",
    "due",
    "because",
    "resulting",
    "resulted",
    "leading",
    "led",
    "caused",
    "causing",
    "despite",
    "although",
    "however",
    "but",
    "per",
];

/// Whether a word may narrow a treatment. Behind it, participles begin clauses of their own.
fn may_narrow(element: &Element, behind: bool) -> bool {
    match element.sense {
        Sense::Word => {
            let word = element.text.as_str();
            let clause = behind && (word.ends_with("ed") || word.ends_with("ing"));
            !clause && !NO_MODIFIER.contains(&word) && word.chars().any(char::is_alphabetic)
        }
        Sense::Concept(Concept::Site(_)) => true,
        _ => false,
    }
}

/// A dose: "30 Gy", "200 mg".
fn is_dose(phrase: &Phrase, at: usize) -> bool {
    let unit = |i: usize| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.text.as_str(), "gy" | "cgy" | "gray" | "mg" | "g" | "fraction" | "fractions" | "fx")
                || matches!(e.sense, Sense::Concept(Concept::Unit(_)))
        })
    };
    match phrase.sense(at) {
        Some(Sense::Compare(_)) => matches!(phrase.sense(at + 1), Some(Sense::Number(_))) && unit(at + 2),
        Some(Sense::Number(_)) => unit(at + 1),
        _ => unit(at) && at.checked_sub(1).is_some_and(|b| matches!(phrase.sense(b), Some(Sense::Number(_)))),
    }
}

/// The places of the words that narrow a list of treatments, if those are all that nobody has claimed in its zone.
fn narrowing(phrase: &Phrase, list: &List, from: usize, to: usize) -> Option<Vec<usize>> {
    let open: Vec<usize> =
        (from..to).filter(|&i| !phrase.is_used(i) && phrase.get(i).is_some_and(|e| !is_neutral(e))).collect();
    let (first, last) = (*open.first()?, *open.last()?);
    // What stands behind an interval narrows the interval, not the treatment.
    let timed = |to: usize| (list.end..to).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
    if open.len() > 8 || open.iter().any(|&i| i >= list.end && timed(i)) {
        return None;
    }
    let separates = |i: usize| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.sense, Sense::Punctuation(',' | ';' | ':' | '.' | '/')) || e.is(Cue::Or) || e.is(Cue::And)
        })
    };
    // Before the treatment only adjectives right beside it.
    if first < list.start && (first..list.start).any(|i| separates(i) || phrase.get(i).is_some_and(breaks)) {
        return None;
    }
    let mut depth = 0i32;
    let mut preposition = false;
    for at in list.end..=last {
        let element = phrase.get(at)?;
        match element.sense {
            Sense::Punctuation('(' | '[') => depth += 1,
            Sense::Punctuation(')' | ']') => depth -= 1,
            _ => {}
        }
        preposition |= matches!(element.text.as_str(), "to" | "of" | "involving" | "in" | "using" | "via");
        // "To the axilla or neck": the connector joins two places.
        let places = preposition
            && phrase.get(at + 1).is_some_and(|e| {
                matches!(e.sense, Sense::Concept(Concept::Site(_))) || matches!(e.text.as_str(), "to" | "the")
            });
        if separates(at) && depth <= 0 && !places && !phrase.is_used(at) {
            return None;
        }
    }
    let fits = |&i: &usize| {
        is_dose(phrase, i)
            || phrase.get(i).is_some_and(|e| {
                may_narrow(e, i >= list.end) || i > list.end && (e.is(Cue::Or) && phrase.get(i + 1).is_some())
            })
    };
    let words = open.iter().any(|i| phrase.get(*i).is_some_and(|e| !e.is(Cue::Or)));
    (words && open.iter().all(fits)).then_some(open)
}

/// Verbs that are neutral by themselves and yet end the reach of an adjective.
fn breaks(element: &Element) -> bool {
    element.is(Cue::With) || element.is(Cue::Must)
}

/// Words that narrow a treatment, and whether they stand behind it.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) behind: bool,
}

/// Claims the words that narrow a list, where then nothing of its zone is left, and says them.
pub(super) fn take(phrase: &mut Phrase, list: &List, from: usize, to: usize, inclusion: bool) -> Option<Words> {
    let open = narrowing(phrase, list, from, to)?;
    let (first, last) = (*open.first()?, *open.last()?);
    // "Patients must <verb> tamoxifen": without a word of receiving before it, a word may be a verb.
    let told = (from..first).any(|i| {
        phrase.get(i).is_some_and(|e| {
            e.is(Cue::Received)
                || e.is(Cue::Prior)
                || e.is(Cue::Receiving)
                || e.is(Cue::Naive)
                || e.is(Cue::History)
                || e.is(Cue::Progressed)
        })
    });
    if inclusion && first < list.start && !told {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    for at in first..=last {
        let preposition = at < last
            && phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "to" | "of" | "for" | "in" | "at" | "the"));
        if open.contains(&at) || preposition && at >= list.end && !phrase.is_used(at) {
            words.extend(phrase.get(at).map(|e| e.text.to_string()));
        }
        if open.contains(&at) {
            phrase.claim(at);
        }
    }
    Some(Words { text: words.join(" "), behind: last >= list.end })
}

/// Whether words narrow what stands in brackets behind a treatment: "(to the axilla)".
pub(super) fn set(requirement: &mut Requirement, words: &str) {
    match requirement {
        Requirement::Atom(Atom::Therapy(therapy)) => set_one(therapy, words),
        Requirement::Not(inner) => set(inner, words),
        Requirement::All(members) | Requirement::Any(members) => members.iter_mut().for_each(|m| set(m, words)),
        _ => {}
    }
}

fn set_one(therapy: &mut Therapy, words: &str) {
    therapy.manner = Some(words.to_owned());
}
