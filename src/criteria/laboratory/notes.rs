//! Notes among the bounds of an item: transfusions and growth factors, formulae, how a value is obtained.

use super::words;
use crate::criteria::open_fact;
use crate::criteria::reader::{closing, outside};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::is_neutral;
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{conditions, labs, medications, procedures};

/// An item without its notes.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// What is left of it.
    pub elements: Vec<Element>,
    /// What the notes ask, true where the patient may enter.
    pub asked: Vec<Requirement>,
}

/// What a note does.
enum Note {
    /// It asks nothing of the patient at entry.
    Nothing,
    /// It asks this.
    Asks(Requirement),
}

/// Cuts the notes out of an item. `None` where one of them was not understood.
pub(super) fn cut(elements: &[Element]) -> Option<Cut> {
    let mut out = Cut::default();
    let mut from = 0;
    while from < elements.len() {
        let (end, next) = sentence_end(elements, from);
        let sentence = elements.get(from..end).unwrap_or_default();
        match whole(sentence) {
            Some(Note::Nothing) => {}
            Some(Note::Asks(requirement)) => out.asked.push(requirement),
            None => within(sentence, &mut out)?,
        }
        out.elements.extend(elements.get(end..next).unwrap_or_default().iter().cloned());
        from = next;
    }
    let mut kept = std::mem::take(&mut out.elements);
    name_formula(&mut kept);
    let interval = kept.iter().any(is_interval);
    let mut at = 0;
    while let Some(element) = kept.get(at) {
        if let Some(end) = step_end(&kept, at) {
            at = end;
            continue;
        }
        // "75,000/mm^2" is a slip for the cubic millimetre; the figure says the same.
        if let Some(end) = square_end(&kept, at) {
            at = end;
            continue;
        }
        let repeated = interval && corrects_for_rate(&kept, at);
        if !(words::is_manner(element)
            || enumerates(&kept, at)
            || is_collection_time(&kept, at)
            || counts_recordings(&kept, at)
            || names_method(&kept, at)
            || doubles_sign(&kept, at)
            || repeated)
        {
            out.elements.push(element.clone());
        }
        at += 1;
    }
    Some(out)
}

/// "Step 2: randomisation": a step of the study, one past its number and colon.
fn step_end(elements: &[Element], at: usize) -> Option<usize> {
    let number = elements.get(at + 1).is_some_and(|e| matches!(e.sense, Sense::Number(_)));
    let step = elements.get(at).is_some_and(|e| matches!(e.text.as_str(), "step" | "table"));
    let colon = elements.get(at + 2).is_some_and(|e| e.is_char(':'));
    (step && number).then_some(at + 2 + usize::from(colon))
}

/// "/mm^2", "/mm2" behind a count: one past what is wrong in it.
fn square_end(elements: &[Element], at: usize) -> Option<usize> {
    let element = elements.get(at)?;
    let before = at.checked_sub(1).and_then(|before| elements.get(before))?;
    let unit = matches!(before.sense, Sense::Concept(Concept::Unit(_))) && before.text.ends_with("mm");
    if unit && element.is_char('^') && elements.get(at + 1).is_some_and(|e| e.sense == Sense::Number(2.0)) {
        return Some(at + 2);
    }
    let count = matches!(before.sense, Sense::Number(value) if value >= 500.0);
    (count && element.is_char('/') && elements.get(at + 1).is_some_and(|e| matches!(e.text.as_str(), "mm2" | "mm3l")))
        .then_some(at + 2)
}

/// "GFR ≥ 60 mL/min by the Cockcroft-Gault equation": how another test is calculated.
fn names_method(elements: &[Element], at: usize) -> bool {
    elements.get(at).is_some_and(|e| is_lab(e) && e.text.starts_with("cockcroft"))
        && elements.iter().any(|e| is_lab(e) && !e.text.starts_with("cockcroft"))
}

/// "Minimum body weight ≥ 30 kg": the sign before the test says what the sign behind it says.
fn doubles_sign(elements: &[Element], at: usize) -> bool {
    let Some(Sense::Compare(first)) = elements.get(at).map(|e| e.sense) else { return false };
    let named =
        elements.get(at).is_some_and(|e| matches!(e.text.as_str(), "minimum" | "minimal" | "maximum" | "maximal"));
    let next = elements.iter().skip(at + 1).take(6).find_map(|e| match e.sense {
        Sense::Compare(comparison) => Some(comparison),
        _ => None,
    });
    let up = |c: Comparison| matches!(c, Comparison::Greater | Comparison::GreaterEqual);
    named && elements.get(at + 1).is_some_and(is_lab) && next.is_some_and(|next| up(next) == up(first))
}

/// "QTc > 480 ms using Bazett's formula" bounds QTcB.
fn name_formula(elements: &mut Vec<Element>) {
    let qtc = |e: &Element| {
        matches!(e.sense, Sense::Concept(Concept::Lab(row))
            if labs::all().get(usize::from(row)).is_some_and(|lab| lab.id == "QTc"))
    };
    let bazett = elements.iter().any(|e| e.text == "bazett");
    let fridericia = elements.iter().any(|e| matches!(e.text.as_str(), "fridericia" | "fredericia"));
    let row = match (bazett, fridericia) {
        (true, false) => super::row_of("QTcB"),
        (false, true) => super::row_of("QTcF"),
        _ => None,
    };
    let Some(row) = row.filter(|_| elements.iter().any(qtc)) else { return };
    for element in elements.iter_mut().filter(|e| qtc(e)) {
        element.sense = Sense::Concept(Concept::Lab(row));
    }
    elements.retain(|e| e.text != "bazett");
}

/// A test of the QT interval.
fn is_interval(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(row))
        if labs::all().get(usize::from(row)).is_some_and(|lab| lab.id.starts_with("QT")))
}

/// "Prolongation of the QT interval corrected for heart rate (QTcF) > 470 ms": the figure says what is meant.
fn corrects_for_rate(elements: &[Element], at: usize) -> bool {
    let Some(element) = elements.get(at) else { return false };
    let row = match element.sense {
        Sense::Concept(Concept::Lab(row)) => {
            labs::all().get(usize::from(row)).is_some_and(|lab| lab.id == "heart rate")
        }
        Sense::Concept(Concept::Condition(row)) => {
            conditions::all().get(usize::from(row)).is_some_and(|c| c.id == "QTc prolongation")
        }
        _ => false,
    };
    let corrected = at
        .checked_sub(1)
        .and_then(|before| elements.get(before))
        .is_some_and(|e| e.text == "for" || e.text.ends_with("corrected for"));
    // Alone it is a finding of its own: "QTc > 470 ms or QTc prolongation".
    let listed = elements.iter().any(|e| e.is(Cue::Or));
    row && (corrected || matches!(element.sense, Sense::Concept(Concept::Condition(_))) && !listed)
}

/// "Obtained from 3 consecutive ECGs", "the average of 3 readings".
fn counts_recordings(elements: &[Element], at: usize) -> bool {
    let Some(element) = elements.get(at) else { return false };
    let recording = |e: &Element| {
        ["ecg", "electrocardiogram", "ekg", "lead", "reading", "recording", "measurement"]
            .iter()
            .any(|w| e.text.contains(w))
            || matches!(e.text.as_str(), "consecutive" | "separate" | "triplicate" | "occasion" | "dimensional" | "d")
    };
    let ahead =
        |n: usize| elements.iter().skip(at + 1).filter(|e| !e.is(Cue::Filler) || recording(e)).take(n).any(recording);
    match element.sense {
        Sense::Number(value) => value <= 12.0 && value.fract() == 0.0 && ahead(1),
        Sense::Cue(Cue::Between) => element.text == "from" && ahead(3),
        // "2-D echocardiogram".
        Sense::Cue(Cue::Day) => {
            element.text == "d" && elements.get(at + 1).is_some_and(|e| e.is(Cue::Filler) && e.text.contains("echo"))
        }
        _ => false,
    }
}

/// Where a sentence ends, and where the next one starts: behind its stop, or where it runs into the next one ("... 8 g/dL
/// Patients may ...").
fn sentence_end(elements: &[Element], from: usize) -> (usize, usize) {
    let mut at = from;
    while let Some(element) = elements.get(at) {
        if element.is_char('(') || element.is_char('[') {
            at = closing(elements, at).max(at + 1);
            continue;
        }
        let stop = element.is_char('.') && elements.get(at + 1).is_none_or(|next| next.spaced || next.capital);
        if stop || element.is_char(';') {
            return (at, at + 1);
        }
        let subject = element.capital && matches!(element.text.as_str(), "patient" | "participant" | "subject");
        let limit = at.checked_sub(1).and_then(|before| elements.get(before)).is_some_and(|e| {
            matches!(e.sense, Sense::Concept(Concept::Unit(_)) | Sense::Cue(Cue::Uln | Cue::Lln)) || e.is_char(')')
        });
        if subject && limit && at > from {
            return (at, at);
        }
        at += 1;
    }
    (elements.len(), elements.len() + 1)
}

fn is_lab(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)))
}

fn has(elements: &[Element], cue: Cue) -> bool {
    elements.iter().any(|e| e.is(cue))
}

/// Whether a part sets a limit of its own.
fn bounds(elements: &[Element]) -> bool {
    elements.iter().any(|e| {
        matches!(e.sense, Sense::Compare(c) if c != Comparison::Equal)
            || matches!(e.sense, Sense::Cue(Cue::Uln | Cue::Lln | Cue::Normal | Cue::OrMore | Cue::OrLess))
    })
}

/// A sentence or bracket that is a note as a whole.
fn whole(part: &[Element]) -> Option<Note> {
    if is_formula(part) || tells_method(part) || may_be_repeated(part) {
        return Some(Note::Nothing);
    }
    let support = support(part)?;
    // "Treatment must not begin earlier than the day after the transfusion": conduct of the study.
    let begins = part.iter().any(|e| matches!(e.text.as_str(), "begin" | "start" | "commence" | "initiated"));
    if begins && has(part, Cue::MustNot) {
        return Some(Note::Nothing);
    }
    if sets_limit_itself(part) {
        return None;
    }
    note_on_support(part, &support)
}

/// Whether a part that names support bounds a test with other words than "transfusion to achieve haemoglobin ≥ 9 is allowed".
fn sets_limit_itself(part: &[Element]) -> bool {
    let outer: Vec<Element> = outside(part).map(|(_, e)| e.clone()).collect();
    if !(outer.iter().any(is_lab) && bounds(&outer)) {
        return false;
    }
    let support = outer.iter().position(is_support);
    let limit = outer.iter().position(|e| matches!(e.sense, Sense::Compare(_) | Sense::Cue(Cue::Uln | Cue::Normal)));
    let permits = has(&outer, Cue::Allowed) || has(&outer, Cue::May);
    !(permits && support < limit && support.is_some())
}

fn is_support(element: &Element) -> bool {
    support(std::slice::from_ref(element)).is_some()
}

/// Cuts the notes inside a sentence that sets limits.
fn within(sentence: &[Element], out: &mut Cut) -> Option<()> {
    let mut at = 0;
    while let Some(element) = sentence.get(at) {
        if element.is_char('(') || element.is_char('[') {
            let close = closing(sentence, at);
            let inside = sentence.get(at + 1..close).unwrap_or_default();
            if let Some(window) = timing(inside) {
                out.elements.extend(window.iter().cloned());
                at = close + 1;
                continue;
            }
            let note = whole(inside).or_else(|| (repeats_grade(inside) || permits(inside)).then_some(Note::Nothing));
            if let Some(note) = note {
                if let Note::Asks(requirement) = note {
                    out.asked.push(requirement);
                }
                at = close + 1;
                continue;
            }
        }
        // "Without transfusion within 7 days", behind the limit or in front of it.
        if opens_denial(element) {
            let end = denial_end(sentence, at);
            let part = sentence.get(at..end).unwrap_or_default();
            if let Some(support) = support(part) {
                match note_on_support(part, &support)? {
                    Note::Asks(requirement) => out.asked.push(requirement),
                    Note::Nothing => {}
                }
                at = end;
                continue;
            }
        }
        // "Transfusion-independent platelet count".
        if is_support(element) && sentence.get(at + 1).is_some_and(|e| e.text == "independent") {
            let part = sentence.get(at..at + 2).unwrap_or_default();
            if let Some(Note::Asks(requirement)) = support(part).and_then(|support| note_on_support(part, &support)) {
                out.asked.push(requirement);
            }
            at += 2;
            continue;
        }
        // "unless otherwise specified".
        if element.is(Cue::Unless)
            && sentence.get(at + 1).is_some_and(|e| {
                matches!(
                    e.text.as_str(),
                    "specified" | "stated" | "noted" | "otherwise" | "indicated" | "otherwise noted"
                )
            })
        {
            at += 2;
            continue;
        }
        out.elements.push(element.clone());
        at += 1;
    }
    Some(())
}

/// "(assessed at screening, within 14 days prior to enrolment or day 1)": the first interval of it, or nothing.
fn timing(inside: &[Element]) -> Option<&[Element]> {
    let verb = |e: &Element| {
        ["assessed", "obtained", "determined", "collected", "performed", "measured", "drawn", "documented", "tested"]
            .iter()
            .any(|w| e.text.starts_with(w))
            || e.is(Cue::Within)
            || e.text == "specimen"
    };
    let open = |e: &Element| {
        is_lab(e)
            || matches!(
                e.sense,
                Sense::Cue(
                    Cue::If | Cue::Unless | Cue::Except | Cue::Not | Cue::Uln | Cue::Lln | Cue::Allowed | Cue::Grade
                )
            )
            || matches!(
                e.sense,
                Sense::Concept(
                    Concept::Site(_) | Concept::Condition(_) | Concept::Procedure(_) | Concept::Medication(_)
                )
            )
            || matches!(e.sense, Sense::Concept(Concept::Unit(_)))
    };
    if !inside.iter().take(2).any(verb) || inside.iter().any(open) {
        return None;
    }
    let length = inside.iter().filter(|e| !matches!(e.sense, Sense::Punctuation(_))).count();
    let number = (0..inside.len()).find(|at| {
        inside.get(*at).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
            && inside.get(at + 1).is_some_and(|e| time_unit(e).is_some())
    });
    let Some(number) = number else { return (length > 3).then_some(&[]) };
    let mut start = number;
    while start > 0 && inside.get(start - 1).is_some_and(|e| e.is(Cue::Within) || matches!(e.sense, Sense::Compare(_)))
    {
        start -= 1;
    }
    (start < number).then(|| inside.get(start..number + 2)).flatten()
}

/// "(may use supplements)", "(replacement therapy is allowed)".
fn permits(inside: &[Element]) -> bool {
    (has(inside, Cue::May) || has(inside, Cue::Allowed))
        && !inside.iter().any(|e| {
            matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || matches!(
                    e.sense,
                    Sense::Cue(
                        Cue::If | Cue::Not | Cue::MustNot | Cue::Unless | Cue::Except | Cue::Forbidden | Cue::Uln
                    )
                )
                || is_lab(e)
        })
}

fn opens_denial(element: &Element) -> bool {
    element.is(Cue::Not)
}

/// Where "without transfusion within 7 days" ends: at the next test, bracket or stop.
fn denial_end(sentence: &[Element], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(element) = sentence.get(at) {
        let joint = element.is_char(',') || element.is(Cue::And);
        let next_is_lab = sentence.iter().skip(at + 1).find(|e| !is_neutral(e)).is_none_or(is_lab);
        if element.is_char('(') || element.is_char('[') {
            let close = closing(sentence, at);
            let inside = sentence.get(at + 1..close).unwrap_or_default();
            let belongs =
                !inside.iter().any(is_lab) && (inside.len() == 1 || inside.iter().any(|e| time_unit(e).is_some()));
            if !belongs {
                break;
            }
            at = close + 1;
            continue;
        }
        if element.is_char(')') || is_lab(element) || joint && next_is_lab {
            break;
        }
        at += 1;
    }
    at
}

/// "(140 - age) x weight / (72 x creatinine)", "QTcF = QT / RR^0.33".
fn is_formula(part: &[Element]) -> bool {
    let number = |value: f64| part.iter().any(|e| e.sense == Sense::Number(value));
    let word = |words: &[&str]| part.iter().any(|e| words.iter().any(|w| e.text.contains(w)));
    let clearance = number(140.0) && (number(72.0) || word(&["age", "weight", "year"]));
    let constant = number(0.85) && word(&["female", "women", "if", "f"]);
    let interval = part.iter().any(|e| matches!(e.sense, Sense::Compare(Comparison::Equal))) && word(&["rr"]);
    let strict = part.iter().any(|e| matches!(e.sense, Sense::Compare(c) if c != Comparison::Equal));
    (clearance || constant || interval) && !strict
}

/// "Creatinine clearance should be calculated per institutional standard", "GFR can also be used in place of it".
fn tells_method(part: &[Element]) -> bool {
    let verb = |e: &Element| {
        [
            "calculated",
            "estimated",
            "measured",
            "determined",
            "place",
            "used",
            "standard",
            "repeated",
            "performed",
            "lieu",
            "assessed",
            "evaluated",
        ]
        .iter()
        .any(|w| e.text.contains(w))
    };
    let open = |e: &Element| {
        matches!(
            e.sense,
            Sense::Number(_)
                | Sense::Cue(
                    Cue::Not | Cue::Forbidden | Cue::MustNot | Cue::If | Cue::Unless | Cue::Except | Cue::Judgement
                )
                | Sense::Concept(
                    Concept::Drug(_)
                        | Concept::DrugClass(_)
                        | Concept::Medication(_)
                        | Concept::MedicationClass(_)
                        | Concept::Condition(_)
                        | Concept::Site(_)
                        | Concept::Procedure(_)
                )
        )
    };
    let instruction = has(part, Cue::Must)
        || has(part, Cue::May)
        || part.iter().any(|e| matches!(e.text.as_str(), "standard" | "place" | "lieu"))
        || part.first().is_some_and(|e| e.text.starts_with("note"));
    instruction && part.iter().any(verb) && part.iter().any(is_lab) && !bounds(part) && !part.iter().any(open)
}

/// "This assessment may be repeated once", "confirmation of the clearance is only required when creatinine is > 1.5 x ULN".
fn may_be_repeated(part: &[Element]) -> bool {
    let word = |words: &[&str]| part.iter().any(|e| words.iter().any(|w| e.text.contains(w)));
    let repeated = has(part, Cue::May) && word(&["repeated", "repeat"]) && !bounds(part) && !part.iter().any(is_lab);
    let confirmed = word(&["confirmation"]) && has(part, Cue::Must) && word(&["only"]) && word(&["when", "if"]);
    repeated || confirmed
}

/// "(grade ≤ 1)" says the limit again.
fn repeats_grade(inside: &[Element]) -> bool {
    has(inside, Cue::Grade)
        && inside.iter().all(|e| {
            matches!(e.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Cue(Cue::Grade | Cue::OrLess | Cue::OrMore))
                || matches!(e.text.as_str(), "ctcae" | "nci" | "v" | "version")
                || is_neutral(e)
        })
}

/// The supportive treatments that a part names: "transfusion", "growth factor support".
fn support(part: &[Element]) -> Option<String> {
    let mut transfusion = false;
    let mut growth = false;
    for element in part {
        match element.sense {
            Sense::Concept(Concept::Procedure(row)) => {
                transfusion |= procedures::all().get(usize::from(row)).is_some_and(|p| p.id.contains("transfusion"));
            }
            Sense::Concept(Concept::MedicationClass(row)) => {
                growth |= medications::all_classes().get(usize::from(row)).is_some_and(|c| is_growth_factor(&c.id));
            }
            Sense::Concept(Concept::Medication(row)) => {
                growth |= medications::all_medications()
                    .get(usize::from(row))
                    .is_some_and(|m| m.classes.iter().any(|class| is_growth_factor(class)));
            }
            Sense::Word => transfusion |= matches!(element.text.as_str(), "transfusion" | "transfused" | "transfuse"),
            _ => {}
        }
    }
    match (transfusion, growth) {
        (true, true) => Some("transfusion or growth factor support".to_owned()),
        (true, false) => Some("transfusion".to_owned()),
        (false, true) => Some("growth factor support".to_owned()),
        (false, false) => None,
    }
}

fn is_growth_factor(class: &str) -> bool {
    matches!(class, "esa" | "g-csf-group" | "gm-csf-group" | "growth-factor" | "tpo-agonist")
}

/// Whether transfusions are allowed or must not have been given. They are never stated (convention 18).
fn note_on_support(part: &[Element], support: &str) -> Option<Note> {
    let waited = has(part, Cue::After) || has(part, Cue::Since);
    let forbids = part.iter().any(|e| matches!(e.sense, Sense::Cue(Cue::Not | Cue::Forbidden | Cue::MustNot)))
        || part.iter().any(|e| matches!(e.text.as_str(), "independent" | "unsupported"))
        || waited
            && part.iter().any(|e| matches!(e.sense, Sense::Compare(Comparison::Greater | Comparison::GreaterEqual)));
    let allows =
        part.iter().any(|e| matches!(e.sense, Sense::Cue(Cue::Allowed | Cue::May | Cue::Neutral | Cue::NoLimit)))
            || part.iter().any(|e| matches!(e.text.as_str(), "authorized" | "accepted" | "possible"));
    match (forbids, allows) {
        (true, false) => {
            let window = (0..part.len()).find_map(|at| {
                let number = part.get(at).filter(|e| matches!(e.sense, Sense::Number(_)))?;
                let unit = part.get(at + 1).filter(|e| time_unit(e).is_some())?;
                Some(format!(" within {} {}s", number.text, unit.text))
            });
            let name = format!("{support}{}", window.unwrap_or_default());
            Some(Note::Asks(open_fact::named(&name).negated()))
        }
        (false, true) => Some(Note::Nothing),
        _ => None,
    }
}

/// "24-hour (urine)" is how a value is obtained, "within 24 hours" is its age.
fn is_collection_time(elements: &[Element], at: usize) -> bool {
    let is = |i: usize, value: f64| {
        elements.get(i).is_some_and(|e| e.sense == Sense::Number(value))
            && elements.get(i + 1).is_some_and(|e| e.is(Cue::Hour) || e.text == "h")
    };
    let number = is(at, 24.0);
    let start = if number { at } else { at.saturating_sub(1) };
    let aged = start
        .checked_sub(1)
        .and_then(|before| elements.get(before))
        .is_some_and(|e| e.is(Cue::Within) || matches!(e.sense, Sense::Compare(_)));
    (number || at > 0 && is(at - 1, 24.0)) && !aged
}

/// "a.", "6.", "ii)" in front of a test: the mark of a list run together.
fn enumerates(elements: &[Element], at: usize) -> bool {
    let Some(element) = elements.get(at) else { return false };
    let mark = match element.sense {
        Sense::Number(value) => value < 20.0 && value.fract() == 0.0,
        Sense::Word | Sense::Concept(Concept::Unit(_)) => {
            matches!(
                element.text.as_str(),
                "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "ii" | "iii" | "iv" | "v" | "vi"
            )
        }
        _ => false,
    };
    let closed = elements.get(at + 1).is_some_and(|e| e.is_char('.') || e.is_char(')'));
    let before = at.checked_sub(1).and_then(|b| elements.get(b));
    let free = before.is_none_or(|e| {
        matches!(e.sense, Sense::Punctuation('.' | ';' | ',' | ':' | '-') | Sense::Concept(Concept::Unit(_)))
            || matches!(e.sense, Sense::Cue(Cue::Uln | Cue::Lln))
    });
    let then_lab = elements.iter().skip(at + 2).take(4).any(is_lab);
    mark && closed && free && then_lab
}
