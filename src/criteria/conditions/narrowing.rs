//! Words beside a disease that no reader knows: what they can be, and when they only narrow the disease.

use super::heads::is_joiner;
use crate::criteria::requirement::Section;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::disease_nouns;

/// How many words that the vocabulary does not hold are taken for one qualification at most.
const MOST: usize = 8;

/// Beginnings of words that may widen a disease, or ask something else of it ("risk of", "screening for").
const WIDENING: &[&str] = &[
    "absen",
    "adequat",
    "agent",
    "arm",
    "assess",
    "below",
    "biops",
    "candidate",
    "caregiver",
    "cause",
    "child",
    "clear",
    "cohort",
    "concern",
    "consent",
    "contrac",
    "contrad",
    "contrai",
    "control",
    "correct",
    "criteri",
    "definition",
    "diagnos",
    "donor",
    "dose",
    "drug",
    "educat",
    "either",
    "eligib",
    "exclu",
    "fear",
    "following",
    "free",
    "group",
    "heal",
    "improv",
    "inability",
    "inducer",
    "inducing",
    "ineligib",
    "infant",
    "interact",
    "interval",
    "interven",
    "knowledge",
    "lack",
    "lead",
    "level",
    "likel",
    "limit",
    "manag",
    "medication",
    "medicine",
    "mimic",
    "mother",
    "negativ",
    "neither",
    "no",
    "non",
    "normal",
    "not",
    "note",
    "part",
    "partner",
    "permit",
    "phase",
    "potential",
    "predispos",
    "prevent",
    "prior",
    "prolong",
    "prophyla",
    "question",
    "radi",
    "range",
    "rate",
    "reactiv",
    "reason",
    "recover",
    "remission",
    "resol",
    "respons",
    "result",
    "risk",
    "rule",
    "scale",
    "schedul",
    "score",
    "screen",
    "see",
    "stabil",
    "stable",
    "suffic",
    "stage",
    "step",
    "study",
    "surgery",
    "survivor",
    "suscept",
    "tendenc",
    "test",
    "treat",
    "trial",
    "unable",
    "under",
    "unless",
    "unlikel",
    "unwilling",
    "vaccin",
    "value",
    "without",
    "women",
    "well",
    "worr",
];

/// Words with such a beginning that do narrow.
const NARROWING: &[&str] = &[
    "childhood",
    "induced",
    "nodular",
    "nodal",
    "nocturnal",
    "non healing",
    "non-healing",
    "nonhealing",
    "non hematologic",
    "non union",
    "nonunion",
    "notable",
    "partial",
    "radiation",
    "radiation induced",
    "radiation related",
    "radiographic",
    "radiologic",
    "radiological",
    "resolving",
    "nonmalignant",
    "non malignant",
    "non-malignant",
    "non specific",
    "nonspecific",
];

/// Pairs of words of which one always holds of the disease.
const EITHER: &[(&str, &str)] = &[
    ("acquired", "congenital"),
    ("acquired", "hereditary"),
    ("acquired", "inherited"),
    ("acute", "chronic"),
    ("arterial", "venous"),
    ("congenital", "acquired"),
    ("hereditary", "acquired"),
    ("inherited", "acquired"),
    ("left", "right"),
    ("metachronous", "synchronous"),
    ("motor", "sensory"),
    ("primary", "secondary"),
    ("right", "left"),
    ("secondary", "primary"),
    ("sensory", "motor"),
    ("synchronous", "metachronous"),
    ("unilateral", "bilateral"),
];

/// Whether a word that the vocabulary does not hold can only narrow the disease that it stands beside.
pub(crate) fn is_narrowing(element: &Element) -> bool {
    let text = element.text.as_str();
    matches!(element.sense, Sense::Word)
        && text.len() > 2
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | ' ' | '\''))
        && (NARROWING.contains(&text) || !WIDENING.iter().any(|start| text.starts_with(start)))
}

/// Words with another meaning elsewhere that narrow a disease: "untreated", "unresolved".
fn is_narrowing_cue(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Cue(
            Cue::Untreated
                | Cue::Unresolved
                | Cue::High
                | Cue::Invasive
                | Cue::Recurrent
                | Cue::Advanced
                | Cue::Stable
                | Cue::Asymptomatic
                | Cue::EarlyStage
        )
    ) || matches!(element.sense, Sense::Ordinal(_))
        || matches!(element.text.as_str(), "primary" | "secondary" | "bilateral" | "high risk" | "first degree")
}

/// Claims the words of a phrase that nobody else reads and that can only narrow its diseases. `own` says which places
/// the diseases and their modifiers take. Gives the words; `None` where there are none or where they may mean more.
pub(super) fn take(phrase: &mut Phrase, own: &[usize], heads: &[usize], section: Section) -> Option<String> {
    take_either(phrase);
    // What an inclusion asks for is failed by whoever does not have it: fewer unknown words are trusted there.
    let most = if section == Section::Inclusion { 2 } else { MOST };
    let left = |phrase: &Phrase| -> Vec<usize> {
        (0..phrase.len()).filter(|at| !phrase.is_used(*at) && phrase.get(*at).is_some_and(|e| !is_neutral(e))).collect()
    };
    let open = left(phrase);
    if open.is_empty() {
        return None;
    }
    let tail = tail(phrase, heads);
    let end = tail.unwrap_or(phrase.len());
    let before: Vec<usize> = open.iter().copied().filter(|at| *at < end).collect();
    let beside = |at: usize| {
        let means = |p: &usize| !open.contains(p) && phrase.get(*p).is_some_and(|e| !is_neutral(e));
        (0..at).rev().find(means).is_some_and(|p| own.contains(&p))
            || (at + 1..phrase.len()).find(means).is_some_and(|p| own.contains(&p))
    };
    // A figure beside a disease that is excluded makes it a narrower one: "> 3 cm", "< 50 bpm", "(v5.0)".
    let exclusion = section == Section::Exclusion;
    let figure = |e: &Element| {
        matches!(e.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Score(_) | Sense::Concept(Concept::Unit(_)))
            || e.is(Cue::Grade)
            || e.is_char('%')
    };
    // "Second or third degree": either is a narrower one.
    let ordinal = |e: &Element| matches!(e.sense, Sense::Ordinal(_));
    let between_ordinals = |at: usize| {
        let other = |e: &&Element| !e.is_char('-') && e.text != "degree";
        phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/'))
            && (0..at).rev().filter_map(|i| phrase.get(i)).find(other).is_some_and(ordinal)
            && (at + 1..phrase.len()).filter_map(|i| phrase.get(i)).find(other).is_some_and(ordinal)
    };
    let fits = |at: &usize| {
        between_ordinals(*at)
            || phrase.get(*at).is_some_and(|e| is_narrowing(e) || is_narrowing_cue(e) || exclusion && figure(e))
                && beside(*at)
    };
    // Beside an exception they may belong to either.
    let excepts = phrase.elements.iter().any(|e| e.is(Cue::Except) || e.is(Cue::Unless));
    if excepts || before.len() > most || !before.iter().all(fits) {
        return None;
    }
    let mut words: Vec<String> = before.iter().filter_map(|at| phrase.get(*at)).map(|e| e.text.to_string()).collect();
    before.iter().for_each(|at| phrase.claim(*at));
    if let Some(tail) = tail {
        for at in tail..phrase.len() {
            if !phrase.is_used(at) {
                words.extend(phrase.get(at).map(|e| e.text.to_string()));
                phrase.claim(at);
            }
        }
    }
    let words = words.join(" ");
    let words = words.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '%');
    (!words.is_empty()).then(|| words.to_owned())
}

/// "Primary or secondary", "motor and/or sensory": leaves nothing out.
fn take_either(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let joins = !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/') || e.is_char(','));
        let pair = phrase.get(at - 1).zip(phrase.get(at + 1));
        let either = pair.is_some_and(|(a, b)| EITHER.contains(&(a.text.as_str(), b.text.as_str())));
        if joins && either {
            phrase.claim_range(at - 1, at + 2);
        }
    }
}

/// Where the clause begins that says what is meant of the last disease ("that is not responsive to therapy", "despite
/// treatment"), where nothing but that clause follows it.
fn tail(phrase: &Phrase, heads: &[usize]) -> Option<usize> {
    let last = *heads.last()?;
    let absorption = phrase.elements.iter().any(|e| e.text.contains("absorption") || e.text.contains("absorb"));
    let opens = |e: &Element| {
        e.is(Cue::With) && e.text != "with" && !e.text.starts_with("who")
            || e.is(Cue::Requiring)
            || absorption && e.is(Cue::CatchAll)
            || matches!(
                e.text.as_str(),
                "despite"
                    | "causing"
                    | "resulting in"
                    | "resulting"
                    | "involving"
                    | "affecting"
                    | "leading to"
                    | "that"
                    | "which"
                    | "whose"
                    | "unrelated"
                    | "not due to"
                    | "not related to"
                    | "in excess"
                    | "likely to"
                    | "sufficient to"
                    | "precluding"
                    | "impairing"
                    | "limiting"
                    | "interfering"
                    | "known to"
            )
    };
    let at = (last + 1..phrase.len()).find(|&at| phrase.get(at).is_some_and(opens))?;
    // Nothing but known words and words of no meaning stands between.
    let other = |e: &Element| match e.sense {
        Sense::Cue(Cue::CatchAll) | Sense::Concept(Concept::Drug(_)) if absorption => false,
        Sense::Concept(concept) => !matches!(concept, Concept::Unit(_)),
        Sense::Cue(cue) => matches!(
            cue,
            Cue::CatchAll
                | Cue::Judgement
                | Cue::Except
                | Cue::Unless
                | Cue::If
                | Cue::History
                | Cue::Allowed
                | Cue::Must
                | Cue::MustNot
                | Cue::Measurable
                | Cue::Steroids
                | Cue::Planned
        ),
        Sense::Word => disease_nouns::is_noun(&e.text) || disease_nouns::has_ending(&e.text),
        _ => false,
    };
    for place in at..phrase.len() {
        let element = phrase.get(place)?;
        if phrase.is_used(place) {
            continue;
        }
        if other(element) || element.is_char('.') || element.is_char(';') {
            return None;
        }
        if is_joiner(element) && !goes_on(phrase, place) {
            return None;
        }
    }
    Some(at)
}

/// Whether a joiner goes on with the clause: "or has required treatment", "or is worsening".
fn goes_on(phrase: &Phrase, joiner: usize) -> bool {
    let next = (joiner + 1..phrase.len()).find_map(|at| phrase.get(at).filter(|e| !is_joiner(e)));
    next.is_some_and(|e| {
        matches!(e.sense, Sense::Cue(Cue::Requiring | Cue::Not))
            || e.is(Cue::With) && e.text != "with"
            || matches!(
                e.text.as_str(),
                "has"
                    | "have"
                    | "had"
                    | "is"
                    | "are"
                    | "was"
                    | "were"
                    | "be"
                    | "may"
                    | "can"
                    | "could"
                    | "would"
                    | "will"
            )
            || e.sense == Sense::Word && (e.text.ends_with("ing") || e.text.ends_with("ed") || e.text.ends_with("ly"))
    })
}
