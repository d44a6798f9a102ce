//! What is asked of metastases of the central nervous system: treated, stable, symptoms, corticosteroids, times, size,
//! number. Each word is read with the negation before it.

use super::doses::{course, dose, given_up, is_steroid, purpose};
use super::reading::treats;
use super::{CentralNervousSystem, Feature, Region};
use crate::criteria::atom::Atom;
use crate::criteria::decimal::Decimal;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{Bound, Window, take_window};
use crate::lexicon::concepts::Concept;

/// One feature with its place, and whether it is said to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Where it stands.
    pub at: usize,
    /// What.
    pub feature: Feature,
    /// Whether it is said to hold.
    pub holds: bool,
}

/// Words about how it was seen or said, which narrow nothing.
const SEEN: &[&str] = &[
    "above",
    "associated",
    "biochemical",
    "clinical",
    "clinically",
    "concurrent",
    "concomitant",
    "continued",
    "conventional",
    "definite",
    "definitive",
    "definitively",
    "demonstrate",
    "diffuse",
    "documented",
    "evidence",
    "follow",
    "following",
    "follows",
    "imaging",
    "involving",
    "neurological",
    "neurologically",
    "now",
    "per study protocol",
    "radiographic",
    "radiographically",
    "radiologic",
    "radiological",
    "radiologically",
    "repeat",
    "screening",
    "sign",
    "small",
    "still",
    "widespread",
];

/// Words that go with what is asked of a lesion.
const BESIDE: &[&str] = &[
    "anticonvulsant",
    "consistently",
    "contrast",
    "control",
    "dose",
    "enhancing",
    "manage",
    "management",
    "stable dose",
    "their",
    "therapeutic",
    "treat",
];

/// Claims the features of a phrase. `head` is the place of the first region.
pub fn take(phrase: &mut Phrase, head: usize) -> Vec<Token> {
    let mut tokens = Vec::new();
    tokens.extend(size(phrase));
    if !tokens.is_empty() {
        // The size that makes a lesion measurable is given.
        phrase.take(Cue::Measurable);
    }
    count(phrase, head, &mut tokens);
    // "Stable for" opens an interval and says that the disease is stable.
    for at in 0..phrase.len() {
        let stable = phrase.get(at).is_some_and(|e| e.is(Cue::Duration) && e.text.starts_with("stable"));
        let denied = at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.is(Cue::Not));
        if stable && !phrase.is_used(at) {
            phrase.claim(at);
            tokens.push(Token { at, feature: Feature::NotStable, holds: denied });
        }
    }
    let windows = windows(phrase, !tokens.is_empty());
    join_treatments(phrase);
    let mut negated = false;
    // A denial is claimed with the feature that it denies: "no brain metastases" denies none.
    let mut denial: Option<usize> = None;
    let mut at = 0;
    while at < phrase.len() {
        let Some(element) = phrase.get(at).cloned() else { break };
        if phrase.is_used(at) {
            at += 1;
            continue;
        }
        match element.sense {
            Sense::Cue(Cue::Not) => {
                negated = true;
                denial = Some(at);
            }
            Sense::Cue(Cue::And) | Sense::Punctuation(',' | ';' | '.') => negated = false,
            Sense::Cue(Cue::Or) if negated => phrase.claim(at),
            _ => {
                if let Some((feature, holds, end)) = feature(phrase, at, &element) {
                    let within = windows.iter().any(|(_, w)| matches!(w.bound, Bound::Within { .. }));
                    let steroids = feature == Feature::OnCorticosteroids && !within;
                    let ended = given_up(phrase, at).filter(|_| steroids);
                    let holds = holds && ended.is_none();
                    phrase.claim_range(ended.unwrap_or(at), at);
                    phrase.claim_range(at, end);
                    if let Some(place) = denial.take() {
                        phrase.claim(place);
                    }
                    tokens.push(Token { at, feature, holds: holds != negated });
                    at = end;
                    continue;
                }
            }
        }
        at += 1;
    }
    for (place, window) in windows {
        dated(&mut tokens, phrase, place, &window);
    }
    if !tokens.is_empty() {
        for at in 0..phrase.len() {
            if phrase.get(at).is_some_and(|e| SEEN.contains(&e.text.as_str())) {
                phrase.claim(at);
            }
        }
        if tokens.iter().any(|t| matches!(t.feature, Feature::CorticosteroidDose { .. })) {
            while let Some(at) =
                phrase.find(|e| e.text.contains("dose") || matches!(e.text.as_str(), "daily" | "total"))
            {
                phrase.claim(at);
            }
        }
        for cue in [Cue::Receiving, Cue::Requiring, Cue::Chronic, Cue::After, Cue::LastDose] {
            phrase.take(cue);
        }
    }
    claim_joiners(phrase);
    claim_adjectives(phrase, head);
    tokens
}

fn is_treatment(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Procedure(_))) && treats(element)
        || element.is(Cue::TreatedLesion) && element.text.contains("therapy")
        || element.text == "resection"
}

/// "Surgery or radiotherapy", "radiation and/or surgery": either is local treatment.
fn join_treatments(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/') || e.is_char(','));
        if !joins || !phrase.get(at - 1).is_some_and(is_treatment) {
            continue;
        }
        let next = (at + 1..phrase.len())
            .find(|i| {
                !phrase.get(*i).is_some_and(|e| {
                    e.is(Cue::Filler) || e.is(Cue::Or) || e.is(Cue::And) || e.is_char(',') || e.text == "stereotactic"
                })
            })
            .filter(|i| phrase.get(*i).is_some_and(is_treatment));
        if let Some(next) = next {
            phrase.claim_range(at, next);
        }
    }
}

/// One past the treatments that are joined to the one at a place.
fn joined_treatments(phrase: &Phrase, at: usize) -> usize {
    let mut end = at + 1;
    let mut next = end;
    while phrase.is_used(next) || phrase.get(next).is_some_and(is_treatment) {
        next += 1;
        if phrase.get(next - 1).is_some_and(is_treatment) {
            end = next;
        }
    }
    end
}

/// "Known or concurrent", "previous or current", "clinical evidence or history of": ways of being there.
fn claim_adjectives(phrase: &mut Phrase, head: usize) {
    let present = |e: &Element| {
        e.is(Cue::Filler)
            || matches!(e.sense, Sense::Cue(Cue::History | Cue::Prior | Cue::Suspected))
            || e.is(Cue::Active) && matches!(e.text.as_str(), "current" | "currently has" | "existing" | "presently")
            || SEEN.contains(&e.text.as_str())
    };
    for at in 0..head {
        if phrase.get(at).is_some_and(|e| SEEN.contains(&e.text.as_str())) {
            phrase.claim(at);
        }
        let beside = |place: Option<usize>| place.and_then(|p| phrase.get(p)).is_some_and(present);
        let mut next = at + 1;
        while phrase.get(next).is_some_and(|e| e.is(Cue::Filler) && matches!(e.text.as_str(), "a" | "the")) {
            next += 1;
        }
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/'));
        if joins && beside(at.checked_sub(1)) && beside(Some(next)) {
            phrase.claim(at);
        }
    }
}

/// "Clinical or radiographic evidence of".
fn claim_joiners(phrase: &mut Phrase) {
    for at in 1..phrase.len() {
        let seen = |place: Option<&Element>| {
            place.is_some_and(|e| SEEN.contains(&e.text.as_str()) || BESIDE.contains(&e.text.as_str()))
        };
        if phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/'))
            && seen(phrase.get(at - 1))
            && seen(phrase.get(at + 1))
        {
            phrase.claim_range(at - 1, at + 2);
        }
    }
}

/// The intervals of the phrase, where something stands in it that they can belong to.
fn windows(phrase: &mut Phrase, stable: bool) -> Vec<(usize, Window)> {
    let belongs = |e: &Element| {
        matches!(
            e.cue(),
            Some(
                Cue::Stable | Cue::Controlled | Cue::OffSteroids | Cue::Steroids | Cue::TreatedLesion | Cue::Untreated
            )
        ) || e.is(Cue::Received) && e.text.contains("treat")
            || e.is(Cue::Asymptomatic)
            || e.is(Cue::ProgressiveDisease)
            || is_steroid(e)
            || matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && treats(e)
    };
    let mut out = Vec::new();
    if !stable && phrase.find(belongs).is_none() {
        // "Seen on an MRI within 28 days": when it is looked at.
        let looks =
            |e: &Element| e.is(Cue::Filler) && ["mri", "ct", "imaging", "scan"].iter().any(|w| e.text.contains(w));
        if phrase.find(looks).is_some() {
            let _ = take_window(phrase);
        }
        return out;
    }
    while let Some(at) = phrase.find(|e| matches!(e.sense, Sense::Number(_))) {
        let Some(window) = take_window(phrase) else { break };
        out.push((at, window));
        if out.len() > 4 {
            break;
        }
    }
    out
}

/// The feature that opens at a place: what, whether it is said to hold, and where it ends.
fn feature(phrase: &Phrase, at: usize, element: &Element) -> Option<(Feature, bool, usize)> {
    let before = |word: &str| {
        at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.text.starts_with(word))
            || element.text.starts_with(word)
    };
    let next = at + 1;
    let one = |feature, holds| Some((feature, holds, next));
    if let Sense::Concept(Concept::Procedure(_)) = element.sense {
        return treats(element).then_some((Feature::Untreated, false, next));
    }
    if let Some((feature, holds, end)) = course(phrase, at) {
        // "A stable dose of at most 10 mg of prednisone": the figure says more.
        return match dose(phrase, end) {
            Some((dose, holds, end)) => Some((dose, holds, purpose(phrase, end))),
            None => Some((feature, holds, purpose(phrase, end))),
        };
    }
    if matches!(element.sense, Sense::Compare(_) | Sense::Number(_)) || is_steroid(element) {
        if let Some((feature, holds, end)) = dose(phrase, at) {
            return Some((feature, holds, purpose(phrase, end)));
        }
        if is_steroid(element) && !element.is(Cue::Steroids) {
            return Some((Feature::OnCorticosteroids, true, purpose(phrase, next)));
        }
    }
    if is_anticonvulsant(element) {
        return Some((Feature::Anticonvulsants, true, purpose(phrase, next)));
    }
    // "Immediate local therapy", "urgent neurosurgical intervention".
    if matches!(
        element.text.as_str(),
        "immediate" | "imminent" | "urgent" | "emergent" | "emergency" | "urgently" | "immediately"
    ) {
        let treatment = (next..phrase.len()).take(4).find(|place| {
            phrase.get(*place).is_some_and(|e| {
                e.is(Cue::TreatedLesion)
                    || e.is(Cue::Therapy)
                    || matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && treats(e)
                    || matches!(e.text.as_str(), "intervention" | "management" | "treatment")
            })
        });
        return treatment.map(|place| (Feature::NeedsLocalTherapy, true, joined_treatments(phrase, place)));
    }
    match element.cue()? {
        Cue::Stable | Cue::Controlled if before("neurolog") => one(Feature::NeurologicallyUnstable, false),
        Cue::Stable if steroid_dose(phrase, at) => None,
        Cue::Stable | Cue::Controlled => one(Feature::NotStable, false),
        Cue::Asymptomatic => one(Feature::Symptomatic, false),
        // "Symptomatic evidence of metastases" is evidence of them.
        Cue::Symptomatic if phrase.get(next).is_some_and(|e| e.text.starts_with("evidence")) => {
            one(Feature::Present, true)
        }
        Cue::Symptomatic => one(Feature::Symptomatic, true),
        Cue::OffSteroids => Some((Feature::OnCorticosteroids, false, purpose(phrase, next))),
        Cue::Steroids => Some((Feature::OnCorticosteroids, true, purpose(phrase, next))),
        // "Who have not received corticosteroids".
        Cue::Naive => {
            let steroid = (next..phrase.len()).take(3).find(|p| phrase.get(*p).is_some_and(is_steroid))?;
            Some((Feature::OnCorticosteroids, false, purpose(phrase, steroid + 1)))
        }
        Cue::Untreated => one(Feature::Untreated, true),
        Cue::TreatedLesion => one(Feature::Untreated, false),
        Cue::Received if element.text.contains("treated") => one(Feature::Untreated, false),
        Cue::ProgressiveDisease | Cue::Progressed => one(Feature::Progressing, true),
        Cue::Uncontrolled => one(Feature::NotStable, true),
        // What is there today is not said to be active.
        Cue::Active
            if matches!(
                element.text.as_str(),
                "current" | "currently has" | "existing" | "present or" | "presently" | "concurrent active"
            ) =>
        {
            Some((Feature::Present, true, next))
        }
        Cue::Active => one(Feature::NotStable, true),
        Cue::Measurable => one(Feature::Measurable, true),
        Cue::Requiring => {
            // "Requiring therapy with steroids".
            if let Some(steroids) = (next..phrase.len()).take(4).find(|p| phrase.get(*p).is_some_and(is_steroid))
                && !(next..steroids).any(|p| phrase.get(p).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)))
            {
                if let Some(read) = (next..=steroids).find_map(|p| course(phrase, p)) {
                    return Some((read.0, read.1, purpose(phrase, read.2)));
                }
                if let Some(read) = dose(phrase, next) {
                    return Some((read.0, read.1, purpose(phrase, read.2)));
                }
                return Some((Feature::OnCorticosteroids, true, purpose(phrase, steroids + 1)));
            }
            if let Some(place) = (next..phrase.len()).take(3).find(|p| phrase.get(*p).is_some_and(is_anticonvulsant)) {
                return Some((Feature::Anticonvulsants, true, purpose(phrase, place + 1)));
            }
            // "Requiring therapy to control symptoms".
            let through = (next..phrase.len()).take(3).find(|p| phrase.get(*p).is_some_and(|e| e.is(Cue::Therapy)));
            let through = through.map_or(next, |place| place + 1);
            let end = purpose(phrase, through);
            let local = |p: usize| {
                phrase.get(p).is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && treats(e))
            };
            if end > through && (next..through).any(local) {
                return Some((Feature::NeedsLocalTherapy, true, end));
            }
            if end > through {
                return Some((Feature::Symptomatic, true, end));
            }
            let need = (next..phrase.len()).take(5).find(|place| {
                phrase.get(*place).is_some_and(|e| {
                    e.is(Cue::TreatedLesion)
                        || matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && treats(e)
                        || e.is(Cue::Therapy)
                        || matches!(e.text.as_str(), "intervention" | "management")
                })
            })?;
            let end = joined_treatments(phrase, need);
            (phrase.get(end).is_none_or(|e| e.text != "to")).then_some((Feature::NeedsLocalTherapy, true, end))
        }
        _ => None,
    }
}

fn is_anticonvulsant(element: &Element) -> bool {
    ["anticonvuls", "anti convuls", "antiepilep", "anti epilep", "antiseiz", "anti seiz"]
        .iter()
        .any(|word| element.text.starts_with(word))
}

/// "A stable dose of steroids" says nothing of the disease.
fn steroid_dose(phrase: &Phrase, at: usize) -> bool {
    (at + 1..phrase.len()).take(4).any(|place| phrase.get(place).is_some_and(|e| e.text == "dose"))
}

/// Gives an interval to the feature before it, or to the next one.
fn dated(tokens: &mut Vec<Token>, phrase: &Phrase, place: usize, window: &Window) {
    let Some(length) = window.length else { return };
    let strict = matches!(window.bound, Bound::Lasting { strict: true } | Bound::Ago { strict: true });
    let fits = |t: &&Token| {
        matches!(
            (t.feature, t.holds),
            (Feature::NotStable | Feature::NeurologicallyUnstable, false)
                | (Feature::OnCorticosteroids, _)
                | (Feature::Untreated | Feature::Progressing | Feature::Symptomatic, false)
                | (Feature::CorticosteroidsRising, _)
        )
    };
    let chosen = tokens
        .iter()
        .filter(fits)
        .filter(|t| t.at < place)
        .max_by_key(|t| t.at)
        .or_else(|| tokens.iter().filter(fits).min_by_key(|t| t.at))
        .cloned();
    // "Requiring local therapy, or steroids, within 2 weeks": the time is that of either.
    if let Bound::Within { .. } = window.bound {
        for needed in tokens.iter_mut().filter(|t| t.holds && t.feature == Feature::NeedsLocalTherapy && t.at < place) {
            needed.feature = Feature::LocalTherapyWithin { length, strict };
        }
        // "Requiring therapy to control symptoms within 3 months".
        let required = |t: &&mut Token| phrase.get(t.at).is_some_and(|e| e.is(Cue::Requiring)) && t.at < place;
        for told in tokens.iter_mut().filter(|t| t.holds && t.feature == Feature::Symptomatic).filter(required) {
            told.feature = Feature::SymptomsWithin { length };
        }
    }
    let Some(token) = chosen else { return };
    let (feature, holds) = match token.feature {
        Feature::OnCorticosteroids => (Feature::CorticosteroidsWithin { length, strict }, token.holds),
        Feature::Untreated => (Feature::TreatedWithin { length, strict }, matches!(window.bound, Bound::Within { .. })),
        Feature::Symptomatic => (Feature::SymptomsWithin { length }, false),
        // Whoever takes none, or less and less, needs no more of it: the time adds nothing.
        Feature::CorticosteroidsRising => return,
        _ => (Feature::StableLessThan { length, strict }, false),
    };
    if let Feature::CorticosteroidsWithin { .. } = feature {
        tokens.retain(|t| t.feature != Feature::OnCorticosteroids);
    }
    tokens.push(Token { at: token.at, feature, holds });
}

/// The requirement that features make of a region.
pub fn requirement(phrase: &mut Phrase, region: Region, tokens: &[Token]) -> Requirement {
    let atom = |feature| Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem { region, feature }));
    let mut asked: Vec<Token> = Vec::new();
    for token in tokens.iter().filter(|t| t.feature != Feature::Present) {
        if !asked.iter().any(|t| t.feature == token.feature && t.holds == token.holds) {
            asked.push(token.clone());
        }
    }
    if asked.is_empty() {
        return atom(Feature::Present);
    }
    // Lesions that must be untreated are stable where they cause nothing (convention 35).
    if asked.iter().any(|t| t.feature == Feature::Untreated && t.holds)
        && !asked.iter().any(|t| t.feature == Feature::NotStable && t.holds)
    {
        for token in asked.iter_mut().filter(|t| t.feature == Feature::NotStable) {
            token.feature = Feature::NeurologicallyUnstable;
        }
    }
    let members = groups(phrase, &asked);
    let said = |tokens: &[Token]| {
        let bad: Vec<Requirement> = tokens.iter().filter(|t| t.holds).map(|t| atom(t.feature)).collect();
        let good: Vec<Requirement> = tokens.iter().filter(|t| !t.holds).map(|t| atom(t.feature).negated()).collect();
        // "Uncontrolled, untreated": any of them; "asymptomatic, stable": all of them.
        let listed = bad.len() > 1 && good.is_empty() && has_comma(phrase, tokens);
        let bad = if listed { vec![Requirement::any(bad)] } else { bad };
        Requirement::all(bad.into_iter().chain(good).collect())
    };
    let joined = Requirement::any(members.iter().map(|group| said(group)).collect());
    let ambiguous = members.len() > 1
        && members.iter().any(|g| g.len() > 1 && g.windows(2).any(|pair| matches!(pair, [a, b] if b.at == a.at + 1)));
    // "Symptomatic untreated or progressing" may be grouped in two ways: left unread.
    if !ambiguous {
        let (first, last) =
            (asked.iter().map(|t| t.at).min().unwrap_or(0), tokens.iter().map(|t| t.at).max().unwrap_or(0));
        for at in 0..phrase.len() {
            let joins = at > first && at < last && phrase.get(at).is_some_and(|e| e.is(Cue::Or));
            if joins || phrase.get(at).is_some_and(|e| e.text == "either") {
                phrase.claim(at);
            }
        }
    }
    // "Stable brain metastases" says that there are some.
    if asked.iter().any(|t| !t.holds) { Requirement::all(vec![atom(Feature::Present), joined]) } else { joined }
}

fn has_comma(phrase: &Phrase, tokens: &[Token]) -> bool {
    let (Some(first), Some(last)) = (tokens.iter().map(|t| t.at).min(), tokens.iter().map(|t| t.at).max()) else {
        return false;
    };
    (first..last).any(|at| phrase.get(at).is_some_and(|e| e.is_char(',')))
        && !(first..last).any(|at| phrase.get(at).is_some_and(|e| e.is(Cue::And)))
}

/// The alternatives of a list of features: cut at "or", and at the commas before it.
fn groups(phrase: &Phrase, tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut sorted = tokens.to_vec();
    sorted.sort_by_key(|t| t.at);
    let mut out: Vec<Vec<Token>> = Vec::new();
    let mut previous: Option<usize> = None;
    for token in sorted {
        let between = |test: &dyn Fn(&Element) -> bool, from: usize, to: usize| {
            (from..to).any(|at| !phrase.is_used(at) && phrase.get(at).is_some_and(test))
        };
        let is_or = |e: &Element| e.is(Cue::Or) || e.is_char('/');
        let cut = previous.is_some_and(|p| {
            between(&is_or, p, token.at)
                || between(&|e| e.is_char(','), p, token.at)
                    && !between(&|e| e.is(Cue::And), p, phrase.len())
                    && between(&is_or, token.at, phrase.len())
        });
        previous = Some(token.at);
        match out.last_mut() {
            Some(group) if !cut => group.push(token),
            _ => out.push(vec![token]),
        }
    }
    out
}

fn is_unit(element: &Element) -> bool {
    matches!(element.text.as_str(), "cm" | "mm" | "centimeter" | "millimeter")
}

fn comparison(phrase: &Phrase, at: Option<usize>) -> Option<Comparison> {
    match at.and_then(|at| phrase.sense(at)) {
        Some(Sense::Compare(comparison)) => Some(comparison),
        _ => None,
    }
}

/// "< 2 cm", "20 mm or less", "at least 10 mm in the longest diameter".
fn size(phrase: &mut Phrase) -> Option<Token> {
    let unit = phrase.find(is_unit)?;
    let number = unit.checked_sub(1)?;
    let Some(Sense::Number(value)) = phrase.sense(number) else { return None };
    let scale = if phrase.get(unit)?.text.starts_with('c') { 10.0 } else { 1.0 };
    let mut start = number;
    let sign = comparison(phrase, number.checked_sub(1));
    let mut end = unit + 1;
    let sign = match sign {
        Some(sign) => {
            start -= 1;
            sign
        }
        None if phrase.get(end).is_some_and(|e| e.is(Cue::OrLess)) => {
            end += 1;
            Comparison::LessEqual
        }
        None if phrase.get(end).is_some_and(|e| e.is(Cue::OrMore)) => {
            end += 1;
            Comparison::GreaterEqual
        }
        None => return None,
    };
    phrase.claim_range(start, end);
    let measure = |e: &Element| {
        matches!(
            e.text.as_str(),
            "size"
                | "dimension"
                | "diameter"
                | "longest"
                | "greatest"
                | "maximum"
                | "largest"
                | "axis"
                | "small"
                | "maximal"
        )
    };
    for at in 0..phrase.len() {
        // "In at least one dimension" is one word of the vocabulary behind the comparison.
        let one = phrase.get(at).is_some_and(|e| e.is(Cue::Filler) && e.text == "one dimension");
        if one && comparison(phrase, at.checked_sub(1)).is_some() {
            phrase.claim(at - 1);
        }
        if phrase.get(at).is_some_and(measure) {
            phrase.claim(at);
            // "In at least one dimension".
            if let Some(one) = at.checked_sub(1).filter(|one| phrase.sense(*one) == Some(Sense::Number(1.0))) {
                phrase.claim(one);
                if comparison(phrase, one.checked_sub(1)).is_some() {
                    phrase.claim(one - 1);
                }
            }
        }
    }
    Some(Token {
        at: number,
        feature: Feature::Size { comparison: sign, millimetres: Decimal::new(value * scale) },
        holds: true,
    })
}

/// "At least one", "no more than 10", "1 to 4" lesions.
fn count(phrase: &mut Phrase, head: usize, tokens: &mut Vec<Token>) {
    let number = |phrase: &Phrase, at: usize| match phrase.sense(at) {
        Some(Sense::Number(value)) if !phrase.is_used(at) && value.fract() == 0.0 && value <= 50.0 => Some(value),
        _ => None,
    };
    let Some(at) = (0..head).rev().find(|at| number(phrase, *at).is_some()) else { return };
    let Some(value) = number(phrase, at) else { return };
    let plain = (at + 1..head).all(|place| {
        phrase.get(place).is_some_and(|e| {
            e.is(Cue::Filler)
                || e.is(Cue::And)
                || e.is_char(',')
                || e.is(Cue::OrMore)
                || e.is(Cue::OrLess)
                || e.is(Cue::Measurable)
                || matches!(e.sense, Sense::Cue(Cue::Untreated | Cue::Active | Cue::Stable | Cue::Asymptomatic))
                || matches!(e.text.as_str(), "parenchymal" | "contrast" | "enhancing" | "new" | "total" | "intact")
        })
    });
    if !plain {
        return;
    }
    let mut push = |comparison, number: f64| {
        tokens.push(Token { at, feature: Feature::Count { comparison, number: number as u8 }, holds: true });
    };
    let range = at
        .checked_sub(2)
        .and_then(|low| number(phrase, low).map(|value| (low, value)))
        .filter(|(low, _)| phrase.get(low + 1).is_some_and(|e| e.is_char('-') || e.text == "to" || e.is(Cue::Or)));
    if let Some((low, least)) = range {
        push(Comparison::GreaterEqual, least);
        push(Comparison::LessEqual, value);
        phrase.claim_range(low, at + 1);
        return;
    }
    let before = at.checked_sub(1);
    phrase.elements.iter().position(|e| e.text == "total").into_iter().for_each(|total| phrase.claim(total));
    // "At least 1 and up to 8".
    let low = at.checked_sub(3).and_then(|low| number(phrase, low).map(|value| (low, value)));
    if let (Some(upper @ (Comparison::LessEqual | Comparison::Less)), Some((low, least))) =
        (comparison(phrase, before), low)
        && phrase.get(low + 1).is_some_and(|e| e.is(Cue::And) || e.is(Cue::Or) || e.is_char(','))
        && matches!(comparison(phrase, low.checked_sub(1)), Some(Comparison::GreaterEqual | Comparison::Greater))
    {
        let lower = comparison(phrase, low.checked_sub(1)).unwrap_or(Comparison::GreaterEqual);
        push(lower, least);
        push(upper, value);
        phrase.claim_range(low - 1, at + 1);
        return;
    }
    match comparison(phrase, before) {
        Some(sign) => {
            phrase.claim_range(at - 1, at + 1);
            if (sign, value) != (Comparison::GreaterEqual, 1.0) {
                push(sign, value);
            }
        }
        None if phrase.get(at + 1).is_some_and(|e| e.is(Cue::OrMore)) => {
            phrase.claim_range(at, at + 2);
            if value > 1.0 {
                push(Comparison::GreaterEqual, value);
            }
        }
        None if phrase.get(at + 1).is_some_and(|e| e.is(Cue::OrLess)) => {
            phrase.claim_range(at, at + 2);
            push(Comparison::LessEqual, value);
        }
        None => {}
    }
}
