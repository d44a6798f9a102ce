//! Medicines in texts: what is taken, within which time, at which dose.

use super::allergy::{class, head_of, known_substance, read_allergy};
use super::{Kind, Medication, Substance, dose, enzymes, stopping};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::take_words;
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Named, Phrase, is_neutral};
use crate::grammar::windows::{Bound, Window, take_window};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;
use crate::lexicon::{medications, procedures};

/// Words around a medicine that change nothing.
const HARMLESS: &[&str] = &[
    "daily",
    "regular",
    "continuous",
    "systemic",
    "oral",
    "concomitantly",
    "concurrently",
    "prescription",
    "medication",
    "medicine",
    "drug",
    "agent",
    "known",
    "regularly",
    "required",
    "prohibited",
    "other",
    "any other",
    "intravenous",
    "iv",
    "chronic use",
    "subject",
    "intake",
    "ingestion",
    "consumption",
    "coadministration",
    "administered",
    "list",
    "listed",
    "treatment",
    "currently",
    "ongoing",
    "regularly",
    "co administration",
    "preparation",
    "containing",
    "type",
];

/// Openings of words that turn round what is said of a medicine.
const TURNING: &[&str] = &[
    "avoid",
    "refrain",
    "abstain",
    "free",
    "naive",
    "discontinu",
    "stop",
    "ceas",
    "withdraw",
    "complet",
    "fail",
    "refus",
    "wean",
    "taper",
    "lack",
    "never",
    "absen",
    "non",
    "anti",
    "unable",
    "inab",
    "instead",
    "except",
    "without",
    "un",
];

/// Reads medicines and allergies.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let allergy = head_of(phrase).is_some();
    let may = [Named::Medicine, Named::Treatment, Named::Condition].into_iter().any(|named| phrase.names(named))
        || phrase.holds_cue(Cues::of(&[Cue::Steroids]))
        || phrase.holds_word(Words::Enzyme)
        || phrase.holds_word(Words::Stopping)
        || phrase.elements.iter().any(|e| e.text.contains("cyp"));
    if !(allergy || may) {
        return None;
    }
    if allergy {
        return read_allergy(phrase, context);
    }
    if phrase.find(names_something).is_none() && stopping::is_alone(phrase) {
        phrase.claim_range(0, phrase.len());
        return Some(Requirement::Confirm);
    }
    // A disease that a medicine treats, or steroids for the brain, are read with the disease.
    let elsewhere = (0..phrase.len()).filter_map(|at| Some((at, phrase.get(at)?))).any(|(at, e)| {
        e.text != "other"
            && match e.sense {
                Sense::Concept(Concept::Site(_) | Concept::Lab(_)) => true,
                Sense::Concept(Concept::Condition(_)) => !phrase.is_used(at),
                _ => false,
            }
    });
    if elsewhere {
        return None;
    }
    let named = |e: &Element| head(e).is_some() || e.text.contains("cyp") || e.text.contains("inhibitor");
    if phrase.elements.iter().any(named) {
        remarks(phrase);
        steady(phrase);
    }
    let dose = dose::range(phrase);
    let mut named: Vec<Found> = enzymes::take(phrase)
        .into_iter()
        .map(|named| Found { substance: Substance::Class(named.class), only: named.only, at: Some(named.at) })
        .collect();
    let mut inside_dose = false;
    // "Since prior and no concurrent androgens or oestrogens": one interval for all of a list.
    let drugs_too = phrase.elements.iter().any(|e| e.is(Cue::Since))
        && (0..phrase.len()).any(|at| !phrase.is_used(at) && phrase.get(at).and_then(head).is_some());
    for at in 0..phrase.len() {
        if phrase.is_used(at) {
            continue;
        }
        let medicine = phrase.get(at).and_then(head).filter(|_| !is_other_sense(phrase, at, context));
        let Some(substance) = medicine.or_else(|| phrase.get(at).filter(|_| drugs_too).and_then(known_substance))
        else {
            continue;
        };
        if dose.is_some_and(|(start, end)| (start..=end).contains(&at)) {
            inside_dose = true;
            continue;
        }
        phrase.claim(at);
        let substance = dose::equivalent(phrase, at).unwrap_or(substance);
        named.push(Found { substance, only: None, at: Some(at) });
    }
    // "More than 10 mg of prednisone or equivalent": the dose names the class.
    if named.is_empty() && inside_dose {
        named.extend(class("corticosteroid").map(|substance| Found { substance, only: None, at: dose.map(|d| d.0) }));
    }
    if named.is_empty() {
        return None;
    }
    if let Some((start, end)) = dose {
        let words: Vec<String> = (start..=end)
            .filter(|&at| !phrase.is_used(at))
            .filter_map(|at| phrase.get(at))
            .filter(|e| !e.is_char('(') && !e.is_char(')'))
            .map(|e| e.text.to_string())
            .collect();
        phrase.claim_range(start, end + 1);
        // A dose belongs to the medicine before it, where there is one.
        let before = named.iter().filter_map(|f| f.at).filter(|&at| at < start).max();
        for found in &mut named {
            if before.is_none() || found.at == before {
                found.narrow(&words.join(" "));
            }
        }
    }
    let asks_interval = phrase.elements.iter().any(|e| e.is(Cue::Since));
    let stopped = !asks_interval && stopping::take(phrase);
    let mut window = take_window(phrase);
    let ago = window.is_some_and(|w| matches!(w.bound, Bound::Ago { .. } | Bound::Lasting { .. }));
    // "Off steroids for 2 weeks", "discontinued at least 1 week before": not taken since then.
    let ended = phrase.find(ends).is_some();
    if ended && (context.section == Section::Exclusion || window.is_some() && !ago) {
        return None;
    }
    while let Some(at) = phrase.find(ends) {
        phrase.claim(at);
    }
    let since = ended
        || ago
            && (asks_interval || context.section == Section::Inclusion)
            && window.is_some_and(|w| matches!(w.bound, Bound::Ago { .. }));
    if since {
        take_concurrent(phrase);
    }
    let past = phrase.take(Cue::History) | phrase.take(Cue::Prior);
    let taking = phrase.has(Cue::Active) || phrase.has(Cue::Receiving);
    for cue in [Cue::Requiring, Cue::Chronic, Cue::Active, Cue::Receiving, Cue::Received, Cue::Therapy] {
        phrase.take(cue);
    }
    take_again(phrase);
    // "X, Y or Z", "X such as Y": the joints between the medicines, not those around them.
    let places = || named.iter().filter_map(|f| f.at);
    if let (Some(first), Some(last)) = (places().min(), places().max()) {
        for at in first..last {
            if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::Including)) {
                phrase.claim(at);
            }
        }
    }
    let details = narrowing(phrase, context);
    take_words(phrase, HARMLESS);
    let kind = if past && !taking && window.is_none() { Kind::EverUsed } else { Kind::Use };
    if let Some(Window { bound, .. }) = &mut window {
        match *bound {
            Bound::Ago { strict } => *bound = Bound::Within { strict: !strict },
            Bound::Lasting { strict } if ended => *bound = Bound::Within { strict: !strict },
            _ => {}
        }
    }
    let members = named
        .into_iter()
        .map(|mut found| {
            if !details.is_empty() {
                found.narrow(&details);
            }
            let mut atom = Medication::new(found.substance, kind);
            atom.window = window;
            atom.detail = found.only;
            Requirement::Atom(Atom::Medication(atom))
        })
        .collect();
    let used = Requirement::any(members);
    if since {
        // "At least 7 days since X": whoever took it later may not enter.
        return Some(used.negated());
    }
    // "A stable dose of X for 4 weeks" asks X of nobody: whoever takes it takes it so.
    if context.section == Section::Inclusion && details.split(' ').any(|w| w == "stable") {
        let mut plain = used.clone();
        strip(&mut plain);
        return Some(Requirement::when(plain, used));
    }
    Some(if stopped { Requirement::all(vec![used, Requirement::Confirm]) } else { used })
}

/// "(refer to the table of ...)", "(see appendix 2)": where more is written.
fn remarks(phrase: &mut Phrase) {
    for open in 0..phrase.len() {
        let points = phrase.get(open).is_some_and(|e| e.is_char('(') || e.is_char('['))
            && (open + 1..open + 3).any(|at| {
                phrase.get(at).is_some_and(|e| {
                    matches!(e.text.as_str(), "refer to" | "refer" | "see" | "http" | "https" | "www" | "as listed in")
                        || e.text.starts_with("see ")
                        || e.text.starts_with("refer ")
                })
            });
        if !points {
            continue;
        }
        let mut depth = 0i32;
        let close = (open..phrase.len()).find(|&at| {
            let Some(e) = phrase.get(at) else { return true };
            depth += i32::from(e.is_char('(') || e.is_char('[')) - i32::from(e.is_char(')') || e.is_char(']'));
            depth == 0
        });
        phrase.claim_range(open, close.map_or(phrase.len(), |at| at + 1));
    }
}

/// "A stable or decreasing dose": steady, or less. "And not receiving doses higher than 4 mg" behind it narrows as well.
fn steady(phrase: &mut Phrase) {
    const STEADY: &[&str] =
        &["stable", "decreasing", "tapering", "lower", "declining", "reducing", "tapered", "decreased", "constant"];
    let is = |phrase: &Phrase, at: usize| phrase.get(at).is_some_and(|e| STEADY.contains(&e.text.as_str()));
    let Some(or) = (1..phrase.len()).find(|&at| {
        phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char('/')) && is(phrase, at - 1) && is(phrase, at + 1)
    }) else {
        return;
    };
    phrase.claim(or);
    let not = (or + 1..phrase.len()).find(|&at| {
        phrase.get(at).is_some_and(|e| e.is(Cue::Not))
            && phrase.get(at - 1).is_some_and(|e| e.is(Cue::And))
            && (at + 1..at + 4)
                .any(|i| phrase.get(i).is_some_and(|e| e.text.starts_with("dose") || e.text.starts_with("exceed")))
    });
    if let Some(not) = not {
        phrase.claim(not);
    }
}

/// Leaves of medicines only that they are taken.
fn strip(requirement: &mut Requirement) {
    match requirement {
        Requirement::Atom(Atom::Medication(atom)) => {
            atom.detail = None;
            atom.window = None;
        }
        Requirement::Any(members) | Requirement::All(members) => members.iter_mut().for_each(strip),
        _ => {}
    }
}

/// A medicine that a phrase names, what narrows it and where it stands.
struct Found {
    substance: Substance,
    only: Option<String>,
    at: Option<usize>,
}

impl Found {
    fn narrow(&mut self, words: &str) {
        self.only = Some(self.only.take().map_or_else(|| words.to_owned(), |only| format!("{only} {words}")));
    }
}

/// Whether an element names a thing of the vocabulary.
fn names_something(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(concept) if !matches!(concept, Concept::Unit(_)))
}

/// Wordings of medicines that mean something else here: the physical status of the American Society of
/// Anesthesiologists is no aspirin, an oestrogen receptor no oestrogen.
fn is_other_sense(phrase: &Phrase, at: usize, context: &Context<'_>) -> bool {
    let Some(element) = phrase.get(at) else { return false };
    let used = || {
        phrase.elements.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Cue(
                    Cue::Receiving
                        | Cue::Received
                        | Cue::Prior
                        | Cue::Therapy
                        | Cue::Within
                        | Cue::Since
                        | Cue::Requiring
                        | Cue::History
                )
            ) || matches!(e.text.as_str(), "use" | "replacement" | "exogenous" | "using" | "used")
        })
    };
    // A method of contraception in a list, hormones of the body.
    let hormone = element.text.contains("contracept") || element.text.contains("gestogen");
    if hormone && context.section == Section::Inclusion && !used() {
        return true;
    }
    let near = |words: &[&str]| phrase.find(|e| words.contains(&e.text.as_str())).is_some();
    match element.text.as_str() {
        "asa" => {
            near(&["i", "ii", "iii", "iv", "physical", "class", "score", "status", "american society"])
                || phrase.find(|e| e.text.contains("anesthesiologist")).is_some()
                || phrase.get(at + 1).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
                || phrase.get(at + 2).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
        }
        "estrogen" | "oestrogen" | "progesterone" | "estradiol" => {
            phrase.find(|e| matches!(e.sense, Sense::Cue(Cue::Er | Cue::Pr | Cue::Hr | Cue::Her2))).is_some()
                || near(&["receptor", "deprivation", "level"])
                || context.section == Section::Inclusion && !used()
        }
        _ => false,
    }
}

/// Whether an element says that a medicine is no longer taken.
fn ends(element: &Element) -> bool {
    matches!(
        element.text.as_str(),
        "off"
            | "discontinued"
            | "stopped"
            | "ceased"
            | "withdrawn"
            | "discontinuation"
            | "discontinue"
            | "stop"
            | "cessation"
    )
}

/// "Since prior and no concurrent X": ongoing use is within any interval.
fn take_concurrent(phrase: &mut Phrase) {
    for at in 0..phrase.len() {
        let no = phrase.get(at).is_some_and(|e| e.is(Cue::Not));
        let concurrent = (at + 1..at + 3).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Receiving)));
        if no && concurrent && !phrase.is_used(at) {
            phrase.claim(at);
        }
    }
}

/// "Current or previous use", "planned or ongoing": either is use.
fn take_again(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or)) && !phrase.is_used(at);
        let of_use = |i: usize| {
            phrase.get(i).is_some_and(|e| {
                matches!(
                    e.sense,
                    Sense::Cue(
                        Cue::Active | Cue::Receiving | Cue::Received | Cue::Prior | Cue::History | Cue::Requiring
                    )
                ) || matches!(e.text.as_str(), "concurrently" | "concomitantly" | "use" | "ongoing" | "anticipated")
            })
        };
        if joins && of_use(at - 1) && of_use(at + 1) {
            phrase.claim(at);
        }
    }
}

/// What else a phrase says of its medicines: it narrows them to what the profile cannot state. Claimed where nothing in
/// it could join, turn round or add to what is asked.
fn narrowing(phrase: &mut Phrase, context: &Context<'_>) -> String {
    let left: Vec<usize> = (0..phrase.len())
        .filter(|at| {
            !phrase.is_used(*at)
                && phrase.get(*at).is_some_and(|e| !is_neutral(e) && !HARMLESS.contains(&e.text.as_str()))
        })
        .collect();
    let most = if context.section == Section::Exclusion { 12 } else { 4 };
    let open = (0..phrase.len()).any(|at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| {
                (e.is_char(',') || e.is_char('/') || e.is_char(';') || e.is(Cue::Or))
                    && (left.contains(&(at + 1)) || at.checked_sub(1).is_some_and(|b| left.contains(&b)))
            })
    });
    if open || left.len() > most || !left.iter().all(|at| phrase.get(*at).is_some_and(narrows)) {
        return String::new();
    }
    let words: Vec<String> = left.iter().filter_map(|at| phrase.get(*at)).map(|e| e.text.to_string()).collect();
    left.iter().for_each(|at| phrase.claim(*at));
    words.join(" ")
}

/// Whether an element can do no more than narrow.
fn narrows(element: &Element) -> bool {
    match element.sense {
        Sense::Word if TURNING.iter().any(|stem| element.text.starts_with(stem)) => false,
        Sense::Word | Sense::Number(_) | Sense::Compare(_) | Sense::Ordinal(_) | Sense::Concept(Concept::Unit(_)) => {
            true
        }
        Sense::Cue(cue) => matches!(
            cue,
            Cue::Low
                | Cue::High
                | Cue::Stable
                | Cue::Significant
                | Cue::Suspected
                | Cue::OrMore
                | Cue::OrLess
                | Cue::Times
                | Cue::Day
                | Cue::Week
                | Cue::Month
                | Cue::Year
                | Cue::Hour
                | Cue::Within
                | Cue::Duration
                | Cue::Normal
                | Cue::Active
                | Cue::ForBreastCancer
                | Cue::Symptomatic
                | Cue::Cardinal
                | Cue::Between
                | Cue::SettingMetastatic
        ),
        _ => false,
    }
}

/// The medicine that an element names; anticancer drugs are read as prior therapy.
fn head(element: &Element) -> Option<Substance> {
    if let Sense::Concept(Concept::Procedure(row)) = element.sense {
        let vaccination = procedures::all().get(usize::from(row)).is_some_and(|p| p.id == "vaccination");
        return vaccination.then(|| class("vaccine")).flatten();
    }
    known_substance(element).filter(|substance| match substance {
        Substance::Medication(row) => !class("contrast-agent").is_some_and(
            |c| matches!(c, Substance::Class(c) if medications::is_in_class(usize::from(*row), usize::from(c))),
        ),
        // Contrast media are given for imaging, not taken.
        Substance::Class(_) => class("contrast-agent").as_ref() != Some(substance),
        _ => false,
    })
}
