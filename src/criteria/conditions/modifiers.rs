//! The words around a disease: state, grade, time, and what the profile cannot state.

use super::{Condition, State};
use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::{Window, take_window};
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::Words;
use crate::lexicon::{conditions, disease_nouns};

/// What the words around a disease say of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Modifiers {
    pub state: State,
    pub grade: Option<(Comparison, u8)>,
    pub window: Option<Window>,
    pub significant: bool,
    pub chronic: bool,
    pub detail: Option<String>,
    /// Another state of which either is meant: "symptomatic or uncontrolled".
    pub either: Option<State>,
    /// Whether a class of the New York Heart Association is named: it grades heart failure (convention 34).
    pub heart_failure_class: bool,
}

impl Modifiers {
    /// What the wording of the disease itself says of its state ("prior malignancy", "uncontrolled illness").
    pub fn absorb(&mut self, wording: &str) {
        let says = |words: &[&str]| wording.split(' ').any(|word| words.contains(&word));
        if self.state == State::Present {
            if says(&["history", "prior", "previous", "past", "preexisting"]) {
                self.state = State::History;
            } else if says(&["uncontrolled"]) {
                self.state = State::Uncontrolled;
            } else if says(&["active", "current", "currently"]) {
                self.state = State::Active;
            }
        } else if self.state == State::Active && says(&["history", "prior", "previous", "past", "preexisting"]) {
            self.state = State::History;
        }
        self.significant |= says(&["serious", "severe", "significant"]) && !says(&["uncontrolled"]);
    }

    /// What they ask of a condition.
    pub fn requirement(&self, condition: Condition) -> Requirement {
        let atom = |condition| Requirement::Atom(Atom::Condition(condition));
        let condition = self.on(condition);
        match self.either {
            Some(state) => {
                let other = Condition { state, ..condition.clone() };
                Requirement::any(vec![atom(other), atom(condition)])
            }
            None => atom(condition),
        }
    }

    /// Puts them on a condition.
    pub fn on(&self, mut condition: Condition) -> Condition {
        condition.state = self.state;
        condition.grade = self.grade;
        condition.window = self.window;
        condition.significant = self.significant;
        condition.chronic = self.chronic;
        condition.detail.clone_from(&self.detail);
        condition
    }
}

/// Takes every modifier of the phrase. `heads` are the places of the diseases, which stay as they are.
pub(super) fn take(phrase: &mut Phrase, heads: &[usize]) -> Modifiers {
    // "At the time of, or within 3 weeks before".
    for at in 1..phrase.len() {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or));
        let timed = phrase.get(at + 1).is_some_and(|e| e.is(Cue::Within));
        let now = phrase.get(at - 1).is_some_and(|e| e.is(Cue::Anchor) || e.is(Cue::Filler) && e.text.contains("time"));
        if joins && timed && now {
            phrase.claim(at);
        }
    }
    let mut details = Vec::new();
    details.extend(take_age(phrase));
    details.extend(take_liver_class(phrase, heads));
    let window = take_window(phrase);
    let class = take_heart_failure_class(phrase);
    let heart_failure_class = class.is_some();
    details.extend(class);
    let mut grade = take_grade(phrase);
    grade = grade.or_else(|| take_daily_living(phrase));
    details.extend(take_requirement(phrase, heads));
    let either = take_either_state(phrase);
    let state = take_state(phrase, &mut details);
    let significant = phrase.take(Cue::Significant);
    // "Acute or chronic" leaves nothing out.
    let chronic = phrase.take(Cue::Chronic) && !state.1;
    // "Known or suspected": whoever has it is meant.
    phrase.take(Cue::Suspected);
    let detail = (!details.is_empty()).then(|| details.join(" "));
    // A history of it, or its end, holds of both.
    let either = either.filter(|_| matches!(state.0, State::Uncontrolled | State::Symptomatic));
    Modifiers { state: state.0, grade, window, significant, chronic, detail, either, heart_failure_class }
}

/// "Sudden death of a relative under the age of 40 years": an age, not an interval before today.
fn take_age(phrase: &mut Phrase) -> Option<String> {
    let at = (0..phrase.len()).find(|&at| {
        !phrase.is_used(at)
            && matches!(phrase.sense(at), Some(Sense::Number(years)) if (18.0..=90.0).contains(&years))
            && phrase.get(at + 1).is_some_and(|e| e.is(Cue::Year))
    })?;
    let aged = (at.saturating_sub(4)..at).rev().find(|&i| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.sense, Sense::Compare(Comparison::Less | Comparison::LessEqual))
                || matches!(
                    e.text.as_str(),
                    "age" | "age of" | "aged" | "before age" | "the age of" | "before the age of"
                )
        })
    })?;
    let end = at + 2 + usize::from(phrase.get(at + 2).is_some_and(|e| e.text.starts_with("of age")));
    let words: Vec<&str> = (aged..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(aged, end);
    take_words(phrase, &["age", "of age", "aged", "the age of"]);
    Some(words)
}

/// "Cirrhosis Child-Pugh class B or C": the class of the liver disease, which the profile has no field for.
fn take_liver_class(phrase: &mut Phrase, heads: &[usize]) -> Option<String> {
    let class = row!("Child-Pugh class B or C")?;
    let at = phrase.find(|e| e.sense == Sense::Concept(Concept::Condition(class)))?;
    if heads.contains(&at) {
        return None;
    }
    // "Moderate hepatic impairment (Child-Pugh B or C)" says the same twice.
    let again = heads.iter().any(|&head| phrase.sense(head) == Some(Sense::Concept(Concept::Condition(class))));
    let mut words = phrase.get(at)?.text.to_string();
    phrase.claim(at);
    // "Child-Pugh class B or C", where the name of the row holds the first class alone.
    let mut next = at + 1;
    while phrase.get(next).is_some_and(|e| e.is(Cue::Or) || e.is_char('/') || e.is_char(','))
        && phrase.get(next + 1).is_some_and(|e| matches!(e.text.as_str(), "b" | "c"))
    {
        phrase.claim_range(next, next + 2);
        words.push_str(" or ");
        words.push_str(phrase.get(next + 1).map_or("", |e| e.text.as_str()));
        next += 2;
    }
    (!again).then_some(words)
}

/// "Hypothyroidism on hormone replacement", "diabetes managed with insulin": how the disease is treated, no question of
/// its own.
pub(super) fn take_replacement(phrase: &mut Phrase, head: usize) -> Option<String> {
    let Some(Sense::Concept(Concept::Condition(row))) = phrase.sense(head) else { return None };
    if conditions::all().get(usize::from(row))?.group != "endocrine" {
        return None;
    }
    let replaced = |e: &Element| {
        ["replacement", "insulin", "thyroxine", "supplement"].iter().any(|w| e.text.contains(w))
            || e.text.split(' ').any(|w| w == "thyroid")
    };
    let leads = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::Stable
                    | Cue::Controlled
                    | Cue::Filler
                    | Cue::Receiving
                    | Cue::Requiring
                    | Cue::Received
                    | Cue::Therapy
            )
        ) || e.is_char('(')
            || matches!(
                e.text.as_str(),
                "on" | "with"
                    | "only"
                    | "by"
                    | "managed"
                    | "dose"
                    | "dosage"
                    | "a"
                    | "of"
                    | "hormone"
                    | "treated"
                    | "well"
                    | "adequate"
                    | "appropriate"
                    | "thyroid"
                    | "medication"
                    | "taking"
                    | "regimen"
            )
    };
    let mut at = head + 1;
    while phrase.get(at).is_some_and(|e| !phrase.is_used(at) && leads(e) && !replaced(e)) {
        at += 1;
    }
    if at > head + 10 || phrase.is_used(at) || !phrase.get(at).is_some_and(replaced) {
        return None;
    }
    let mut end = at + 1;
    while phrase.get(end).is_some_and(|e| {
        !phrase.is_used(end)
            && (replaced(e)
                || e.is(Cue::Therapy)
                || matches!(
                    e.text.as_str(),
                    "hormone" | "treatment" | "medication" | "therapy" | "only" | "alone" | "regimen" | "dose"
                ))
    }) {
        end += 1;
    }
    let words: Vec<&str> = (head + 1..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(head + 1, end);
    Some(words)
}

/// "Sarcoidosis with pulmonary involvement": where the disease itself is, and no metastasis.
pub(super) fn take_involvement(phrase: &mut Phrase, last: usize) -> Option<String> {
    let involved = |e: &Element| ["involvement", "manifestation"].iter().any(|noun| e.text.contains(noun));
    let at = (last + 1..phrase.len()).find(|&at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| {
                matches!(e.sense, Sense::Concept(Concept::Site(_)))
                    && (involved(e) || phrase.get(at + 1).is_some_and(involved))
            })
    })?;
    let end = at + 1 + usize::from(phrase.get(at + 1).is_some_and(involved));
    let leads = |e: &Element| {
        is_neutral(e)
            || matches!(e.sense, Sense::Cue(Cue::With | Cue::Suspected | Cue::Or | Cue::Active))
            || ["document", "suspici", "where", "clinical", "known", "evidence", "significant"]
                .iter()
                .any(|word| e.text.starts_with(word))
    };
    let start = (last + 1..at).rev().take_while(|&i| !phrase.is_used(i) && phrase.get(i).is_some_and(leads)).last();
    let start = start.unwrap_or(at);
    // Only where it follows the disease.
    if !(last + 1..start).all(|i| phrase.is_used(i) || phrase.get(i).is_some_and(is_neutral)) {
        return None;
    }
    let words: Vec<&str> = (start..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(start, end);
    Some(words)
}

/// The state, and whether it is said to be active or acute as well.
fn take_state(phrase: &mut Phrase, details: &mut Vec<String>) -> (State, bool) {
    // "Now or in the past": the time without a length that the windows leave.
    let past = phrase.find(|e| e.is(Cue::Within) && e.text.ends_with("past"));
    if let Some(at) = past {
        phrase.claim(at);
        take_words(phrase, &["now", "either now", "today"]);
    }
    let history = phrase.take(Cue::History) | phrase.take(Cue::Prior) | past.is_some();
    let either = take_alternative(phrase);
    let by = phrase.find(|e| e.is(Cue::Uncontrolled));
    let uncontrolled = phrase.take(Cue::Uncontrolled) && !either;
    details.extend(by.filter(|_| uncontrolled).and_then(|at| take_means(phrase, at)));
    let controlled = phrase.take(Cue::Controlled);
    let symptomatic = phrase.take(Cue::Symptomatic);
    let active = phrase.take(Cue::Active) | take_words(phrase, &["now", "today"]);
    // What was treated with success is gone; what was treated adequately may be under control.
    let cured = phrase.find(|e| e.text == "curatively").is_some();
    let treated = phrase.take(Cue::TreatedLesion) | take_words(phrase, &["curatively", "resected", "adequately"]);
    if treated {
        take_words(phrase, &["curatively", "resected", "adequately", "surgically", "completely", "curative", "intent"]);
    }
    let resolved = phrase.take(Cue::Resolved) | take_disease_free(phrase) | cured;
    if history {
        for (is, word) in [(uncontrolled, "uncontrolled"), (symptomatic, "symptomatic")] {
            if is {
                details.push(format!("that was {word}"));
            }
        }
    }
    let state = match () {
        () if resolved => State::Resolved,
        () if treated => State::Treated,
        () if history => State::History,
        () if uncontrolled => State::Uncontrolled,
        () if symptomatic => State::Symptomatic,
        () if controlled => State::Controlled,
        () if active => State::Active,
        () => State::Present,
    };
    (state, active)
}

/// "Uncontrolled on antiretroviral therapy", "not controlled by medication": what it is not controlled by is no
/// requirement of its own.
fn take_means(phrase: &mut Phrase, from: usize) -> Option<String> {
    let at = (from + 1..from + 3).find(|&at| {
        !phrase.is_used(at)
            && phrase
                .get(at)
                .is_some_and(|e| matches!(e.text.as_str(), "on" | "by" | "with" | "despite" | "under" | "using"))
    })?;
    let drug = |e: &Element| matches!(e.sense, Sense::Concept(Concept::MedicationClass(_) | Concept::Medication(_)));
    let within = |e: &Element| {
        drug(e)
            || e.is(Cue::Therapy)
            || e.is(Cue::Stable)
            || e.is(Cue::Filler) && !matches!(e.sense, Sense::Punctuation(_))
            || matches!(
                e.text.as_str(),
                "treatment"
                    | "medication"
                    | "medicine"
                    | "agent"
                    | "optimal"
                    | "maximal"
                    | "standard"
                    | "adequate"
                    | "medical"
                    | "stable"
                    | "oral"
                    | "current"
                    | "regimen"
                    | "drug"
                    | "management"
                    | "insulin"
            )
    };
    let end = (at + 1..phrase.len())
        .find(|&i| phrase.is_used(i) || !phrase.get(i).is_some_and(within))
        .unwrap_or(phrase.len());
    if end == at + 1 {
        return None;
    }
    let words: Vec<&str> = (at..end).filter_map(|i| phrase.get(i)).map(|e| e.text.as_str()).collect();
    let words = words.join(" ");
    phrase.claim_range(at, end);
    Some(words)
}

/// "Symptomatic or uncontrolled": either of two states; what is left of them is the second.
fn take_either_state(phrase: &mut Phrase) -> Option<State> {
    let is = |at: usize, cue: Cue| !phrase.is_used(at) && phrase.get(at).is_some_and(|e| e.is(cue));
    let at = (1..phrase.len()).find(|&at| {
        (is(at, Cue::Or) || !phrase.is_used(at) && phrase.get(at).is_some_and(|e| e.is_char('/')))
            && (is(at - 1, Cue::Symptomatic) && is(at + 1, Cue::Uncontrolled)
                || is(at - 1, Cue::Uncontrolled) && is(at + 1, Cue::Symptomatic))
    })?;
    let first = if is(at - 1, Cue::Symptomatic) { State::Symptomatic } else { State::Uncontrolled };
    phrase.claim_range(at - 1, at + 1);
    Some(first)
}

/// "Active or uncontrolled": what is not under control is one way among others, and narrows nothing.
fn take_alternative(phrase: &mut Phrase) -> bool {
    let wide = |e: Option<&Element>| e.is_some_and(|e| e.is(Cue::Active) || e.is(Cue::Significant));
    let narrow = |e: Option<&Element>| e.is_some_and(|e| e.is(Cue::Uncontrolled));
    let found = (1..phrase.len()).find(|&at| {
        let (before, after) = (phrase.get(at - 1), phrase.get(at + 1));
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char('/'))
            && (wide(before) && narrow(after) || narrow(before) && wide(after))
    });
    if let Some(at) = found {
        phrase.claim(at);
    }
    found.is_some()
}

/// Claims every unclaimed word of a list; whether there was one.
pub(crate) fn take_words(phrase: &mut Phrase, words: &[&str]) -> bool {
    claim_all(phrase, |e| words.contains(&e.text.as_str()))
}

/// Claims every unclaimed element that stands in a word list; whether there was one.
pub(super) fn take_listed(phrase: &mut Phrase, list: Words) -> bool {
    phrase.holds_word(list) && claim_all(phrase, |e| e.text.is_in(list))
}

fn claim_all(phrase: &mut Phrase, fits: impl Fn(&Element) -> bool) -> bool {
    let mut found = false;
    let mut from = 0;
    while let Some(at) = phrase.find_from(from, &fits) {
        phrase.claim(at);
        found = true;
        from = at + 1;
    }
    found
}

/// "Disease-free", "in remission".
fn take_disease_free(phrase: &mut Phrase) -> bool {
    let word = |at: usize, text: &str| phrase.get(at).is_some_and(|e| e.text == text);
    if let Some(at) = (0..phrase.len()).find(|&at| word(at, "disease") && word(at + 1, "free")) {
        phrase.claim_range(at, at + 2);
        return true;
    }
    if let Some(at) = phrase.find(|e| e.text == "remission") {
        phrase.claim(at);
        take_words(phrase, &["complete"]);
        return true;
    }
    false
}

/// A figure, or a roman one, that stands for a grade or class.
pub(super) fn degree(element: Option<&Element>) -> Option<u8> {
    let element = element?;
    match element.sense {
        Sense::Number(n) if (0.0..=5.0).contains(&n) && n.fract() == 0.0 => Some(n as u8),
        Sense::Score(n) => Some(n),
        _ => match element.text.as_str() {
            "i" => Some(1),
            "ii" => Some(2),
            "iii" => Some(3),
            "iv" => Some(4),
            "v" => Some(5),
            // "Grade 0/1": at most 1.
            "0/1" => Some(1),
            _ => None,
        },
    }
}

/// Reads the bound around a word such as "grade" at `at`: "> grade 1", "grade >= 2", "grade 2 or higher", "grade 3-4".
fn take_degree(phrase: &mut Phrase, at: usize) -> Option<(Comparison, u8)> {
    let comparison = |at: Option<usize>| match at.and_then(|at| phrase.sense(at)) {
        Some(Sense::Compare(c)) => Some(c),
        _ => None,
    };
    let mut start = at;
    let mut sign = comparison(at.checked_sub(1));
    if sign.is_some() {
        start -= 1;
    } else if let Some(far) = far_sign(phrase, at) {
        // "> CTCAE grade 2": the name of the scale stands between.
        sign = comparison(Some(far));
        start = far;
    }
    let mut next = at + 1;
    while phrase.get(next).is_some_and(|e| {
        matches!(
            e.text.as_str(),
            "of" | "is"
                | "class"
                | "grade"
                | "stage"
                | "stadium"
                | "criterion"
                | "functional"
                | "classification"
                | "score"
                | "("
                | ")"
                | ":"
        ) && degree(Some(e)).is_none()
    }) {
        next += 1;
    }
    if let Some(inner) = comparison(Some(next)) {
        sign = Some(inner);
        next += 1;
        if phrase.get(next).is_some_and(|e| e.is(Cue::Grade) || e.text == "class") {
            next += 1;
        }
    }
    let first = degree(phrase.get(next))?;
    let mut bound = (sign.unwrap_or(Comparison::Equal), first);
    if phrase.sense(next) == Some(Sense::Score(first)) && sign.is_none() {
        bound.0 = Comparison::GreaterEqual;
    }
    let mut end = next + 1;
    let joins = |e: &Element| {
        e.is_char('-') || e.is_char('/') || e.is(Cue::Or) || e.is(Cue::And) || e.text == "to" || e.is_char(',')
    };
    if phrase.get(end).is_some_and(|e| e.is(Cue::OrMore) || e.is_char('+')) {
        bound.0 = Comparison::GreaterEqual;
        end += 1;
    } else if phrase.get(end).is_some_and(|e| e.is(Cue::OrLess)) {
        bound.0 = Comparison::LessEqual;
        end += 1;
    } else if sign.is_none() {
        // "3-4", "II to IV", "3 or 4": up to the top of the scale it is a lower bound.
        let mut last = None;
        while phrase.get(end).is_some_and(|e| joins(e) || !e.spaced && degree(Some(e)).is_some()) {
            let mut look = end + usize::from(phrase.get(end).is_some_and(joins));
            while phrase.get(look).is_some_and(|e| joins(e) || e.is(Cue::Grade) || e.text == "class") {
                look += 1;
            }
            let Some(value) = degree(phrase.get(look)) else { break };
            last = Some(value);
            end = look + 1;
        }
        match last {
            Some(top) if top >= 4 => bound.0 = Comparison::GreaterEqual,
            Some(top) if top == first => {}
            // A range below the top of the scale has no single bound.
            Some(_) => return None,
            None => {}
        }
    }
    phrase.claim_range(start, end);
    Some(bound)
}

/// A comparison before the grade with nothing but the name of the scale between.
fn far_sign(phrase: &Phrase, at: usize) -> Option<usize> {
    let mut place = at;
    while let Some(before) = place.checked_sub(1).filter(|before| at - before <= 10 && !phrase.is_used(*before)) {
        place = before;
        match phrase.sense(place) {
            Some(Sense::Compare(_)) => return Some(place),
            Some(Sense::Punctuation(_) | Sense::Cue(Cue::Filler)) => {}
            Some(Sense::Word)
                if phrase.get(place).is_some_and(|e| {
                    matches!(e.text.as_str(), "common" | "toxicity" | "adverse" | "nci" | "ctc" | "v")
                }) => {}
            _ => return None,
        }
    }
    None
}

/// Takes the first bound on a grade.
pub(crate) fn take_grade(phrase: &mut Phrase) -> Option<(Comparison, u8)> {
    let at = phrase.find(|e| e.is(Cue::Grade))?;
    let bound = take_degree(phrase, at)?;
    take_words(phrase, &["ctcae", "toxicity", "nci", "v5.0", "v4.0", "v4.03"]);
    // "(CTCAE version [v] 5.0)".
    for at in 1..phrase.len() {
        let version = matches!(phrase.sense(at), Some(Sense::Number(n)) if (2.0..=6.0).contains(&n));
        let named = (at.saturating_sub(3)..at).rev().filter_map(|i| phrase.get(i)).any(|e| {
            ["v", "version", "ctcae", "nci ctcae", "ctc", "nci ctc"].contains(&e.text.as_str())
                || e.text.ends_with("ctcae")
        });
        if version && named && !phrase.is_used(at) {
            phrase.claim(at);
            take_words(phrase, &["v", "version"]);
        }
    }
    Some(bound)
}

/// "Limiting (instrumental) activities of daily living": grade 2 of the CTCAE by definition; "self-care" is grade 3.
fn take_daily_living(phrase: &mut Phrase) -> Option<(Comparison, u8)> {
    let start = phrase.find(|e| matches!(e.text.as_str(), "limiting" | "interfering" | "that limit" | "limit"))?;
    let end = phrase.find_from(start, |e| matches!(e.text.as_str(), "living" | "adl" | "iadl"))?;
    let care = (start..end).any(|at| phrase.get(at).is_some_and(|e| e.text.contains("care")));
    phrase.claim_range(start, end + 1);
    take_words(phrase, &["adl", "iadl"]);
    Some((Comparison::GreaterEqual, if care { 3 } else { 2 }))
}

/// The class of heart failure, which the profile has no field for.
fn take_heart_failure_class(phrase: &mut Phrase) -> Option<String> {
    let at = phrase.find(|e| e.is(Cue::HeartFailureClass)).or_else(|| class_alone(phrase))?;
    // The class may stand before the name of the scale as well: "class II according to NYHA".
    let bound = take_degree(phrase, at).or_else(|| {
        let class = phrase.find(|e| e.text == "class" || e.is(Cue::Grade))?;
        take_degree(phrase, class)
    });
    phrase.take(Cue::HeartFailureClass);
    take_words(phrase, &["class", "classification", "functional"]);
    Some(match bound {
        Some((comparison, class)) => format!("of NYHA class {} {class}", comparison.sign()),
        None => "of a NYHA class".to_owned(),
    })
}

/// "Class III or IV congestive heart failure" without the name of the scale.
fn class_alone(phrase: &Phrase) -> Option<usize> {
    let failure = row!("heart failure")?;
    phrase.elements.iter().find(|e| e.sense == Sense::Concept(Concept::Condition(failure)))?;
    (0..phrase.len()).find(|&at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| e.text == "class" || e.text == "functional class")
            && degree(phrase.get(at + 1)).is_some()
    })
}

fn is_state(element: &Element) -> bool {
    matches!(
        element.cue(),
        Some(Cue::History | Cue::Active | Cue::Uncontrolled | Cue::Symptomatic | Cue::Except | Cue::Unless)
    )
}

/// "Requiring ..." to the end of the phrase: what it needs is no fact of the profile.
fn take_requirement(phrase: &mut Phrase, heads: &[usize]) -> Option<String> {
    let at = phrase.find(|e| e.is(Cue::Requiring) || matches!(e.text.as_str(), "need" | "on treatment"))?;
    let alternative =
        at.checked_sub(1).is_some_and(|before| phrase.get(before).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)));
    if alternative
        || heads.iter().any(|&head| head > at)
        || (0..at).any(|place| phrase.get(place).is_some_and(|e| e.is(Cue::CatchAll)))
    {
        return None;
    }
    let disease = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Cancer(_)))
            || matches!(e.sense, Sense::Word) && (disease_nouns::is_noun(&e.text) || disease_nouns::has_ending(&e.text))
            || is_state(e)
    };
    let mut words = Vec::new();
    // "Not requiring systemic treatment" says the milder form.
    if let Some(not) =
        at.checked_sub(1).filter(|b| !phrase.is_used(*b) && phrase.get(*b).is_some_and(|e| e.is(Cue::Not)))
    {
        words.extend(phrase.get(not).map(|e| e.text.to_string()));
        phrase.claim(not);
    }
    for place in at..phrase.len() {
        if phrase.is_used(place) {
            continue;
        }
        let Some(element) = phrase.get(place) else { break };
        // What follows is another disease of a list, or the investigator's judgement.
        let joins = element.is(Cue::Or) || element.is(Cue::And) || element.is_char(',') || element.is_char(';');
        if joins && phrase.find_from(place, disease).is_some()
            || element.is(Cue::CatchAll)
            || element.is(Cue::Judgement)
        {
            break;
        }
        words.push(element.text.to_string());
        phrase.claim(place);
    }
    let text = words.join(" ");
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
    (!text.is_empty()).then_some(text)
}
