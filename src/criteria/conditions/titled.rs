//! Whole items about diseases: lists under an inline title, and laboratory conditions of a virus.

use crate::criteria::context::Context;
use crate::criteria::reader::{outside, read_elements, trim};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::is_neutral;
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{disease_nouns, labs};

/// How many words a title has at most.
const LONGEST_TITLE: usize = 22;

/// Reads "any of the following within 6 months: A, B or C": each disease of the list has the interval of the title.
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    if let Some(rest) = without_step(elements) {
        let read = read_elements(&rest, context);
        return (!read.has_unread()).then_some(read);
    }
    if let Some(plain) = of_a_virus(elements) {
        let read = read_elements(&plain, context);
        return (!read.has_unread()).then_some(read);
    }
    if context.section != Section::Exclusion {
        return None;
    }
    let colon = elements.iter().take(LONGEST_TITLE).position(|e| e.is_char(':')).filter(|at| *at > 1)?;
    let (title, rest) = (elements.get(..colon)?, trim(elements.get(colon + 1..)?));
    if !is_title(title) || rest.iter().any(|e| e.is_char('.') || e.is_char(':') || e.is(Cue::Must)) {
        return None;
    }
    let lead: Vec<Element> = title.iter().filter(|e| is_shared(e)).cloned().collect();
    let members = members(rest);
    if members.len() < 2 {
        return None;
    }
    let read: Vec<Requirement> = members
        .into_iter()
        .map(|member| {
            let own = member.iter().any(|e| time_unit(e).is_some());
            let with: Vec<Element> = lead.iter().filter(|e| !own || !is_time(e)).chain(member).cloned().collect();
            read_elements(&with, context)
        })
        .collect();
    let some = read.iter().any(|member| !member.has_unread() && *member != Requirement::Nothing);
    some.then(|| Requirement::all(read))
}

/// "Any of the following cardiac events within the last 6 months", and nothing besides.
fn is_title(title: &[Element]) -> bool {
    let points = title.iter().any(|e| e.is(Cue::OneOf) || e.text.contains("following"));
    points
        && title.iter().all(|e| {
            is_neutral(e)
                || is_shared(e)
                || e.is(Cue::OneOf)
                || matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler | Cue::Receiving | Cue::Or))
                    && (disease_nouns::is_generic(&e.text)
                        || matches!(
                            e.text.as_str(),
                            "following"
                                | "event"
                                | "cardiac"
                                | "cardiovascular"
                                | "ongoing"
                                | "medical"
                                | "experienced"
                                | "or"
                        ))
        })
}

fn is_time(element: &Element) -> bool {
    time_unit(element).is_some()
        || matches!(element.sense, Sense::Number(_) | Sense::Compare(_))
        || matches!(element.sense, Sense::Cue(Cue::Within | Cue::Before | Cue::Anchor))
}

/// Words of the title that every disease of the list has.
fn is_shared(element: &Element) -> bool {
    is_time(element) || matches!(element.sense, Sense::Cue(Cue::History | Cue::Active | Cue::Prior | Cue::Significant))
}

/// The members of a list: between semicolons where there are any, else between commas and "or".
fn members(rest: &[Element]) -> Vec<&[Element]> {
    let semicolons = outside(rest).any(|(_, e)| e.is_char(';'));
    let cuts = |e: &Element| if semicolons { e.is_char(';') } else { e.is_char(',') || e.is(Cue::Or) };
    let mut out = Vec::new();
    let mut start = 0;
    for (at, _) in outside(rest).filter(|(_, e)| cuts(e)) {
        out.push(trim(rest.get(start..at).unwrap_or_default()));
        start = at + 1;
    }
    out.push(trim(rest.get(start..).unwrap_or_default()));
    // "Coronary or peripheral artery bypass": a member that names no disease goes on with the next.
    let named = |member: &[Element]| {
        member.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Procedure(_))))
            || member.iter().any(|e| disease_nouns::is_noun(&e.text) || disease_nouns::has_ending(&e.text))
    };
    let mut joined: Vec<&[Element]> = Vec::new();
    for member in out.into_iter().filter(|m| m.iter().any(|e| !is_neutral(e))) {
        let open = joined.last().is_some_and(|last| !named(last));
        match (open, joined.pop()) {
            (true, Some(last)) => {
                let from = rest.iter().position(|e| last.first().is_some_and(|f| f.span == e.span));
                let to = rest.iter().position(|e| member.last().is_some_and(|l| l.span == e.span));
                joined.push(from.zip(to).and_then(|(from, to)| rest.get(from..=to)).unwrap_or(member));
            }
            (false, Some(last)) => joined.extend([last, member]),
            (_, None) => joined.push(member),
        }
    }
    joined
}

/// A sentence on the genes of a virus, in words that the sentences read: "the viral load must be undetectable" becomes
/// "must have an undetectable viral load", and "if indicated" falls away.
fn of_a_virus(elements: &[Element]) -> Option<Vec<Element>> {
    let load = elements.iter().position(is_viral_load)?;
    let mut out = elements.to_vec();
    let indicated = out.windows(2).position(|pair| {
        let [a, b] = pair else { return false };
        a.is(Cue::If) && matches!(b.text.as_str(), "indicated" | "clinically indicated" | "applicable" | "appropriate")
    });
    if let Some(at) = indicated {
        let comma = at.checked_sub(1).filter(|b| out.get(*b).is_some_and(|e| e.is_char(',')));
        out.drain(comma.unwrap_or(at)..at + 2);
    }
    let must = out.iter().skip(load + 1).take(3).position(|e| e.is(Cue::Must)).map(|at| load + 1 + at);
    let must = must.filter(|_| !out.iter().take(load).any(|e| e.is(Cue::Must)));
    if let Some(must) = must {
        let word = out.remove(must);
        let start = (0..load).rev().take_while(|at| out.get(*at).is_some_and(is_neutral_word)).last().unwrap_or(load);
        let led = out.iter().take(start).any(|e| !is_neutral(e));
        if led {
            out.insert(start, word);
        }
    }
    let moved = out.len() != elements.len() || out.iter().zip(elements).any(|(a, b)| a.span != b.span);
    moved.then_some(out)
}

fn is_neutral_word(element: &Element) -> bool {
    is_neutral(element) && !matches!(element.sense, Sense::Punctuation(_))
}

fn is_viral_load(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(row)) if labs::all().get(usize::from(row))
        .is_some_and(|lab| matches!(lab.id.as_str(), "HBV DNA" | "HCV RNA" | "HIV viral load")))
}

/// "Step 2: randomisation: no ...", "... before step 2: randomisation": the step of the study falls away.
fn without_step(elements: &[Element]) -> Option<Vec<Element>> {
    let step = |at: usize| {
        elements.get(at).is_some_and(|e| e.text == "step")
            && elements.get(at + 1).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
            && elements.get(at + 2).is_some_and(|e| e.is_char(':'))
    };
    let title = |at: usize| {
        let words: Vec<&str> = (at..at + 2).filter_map(|i| elements.get(i)).map(|e| e.text.as_str()).collect();
        let named = ["primary treatment", "registration", "pre registration", "randomization", "enrollment"];
        (1..=2).find(|n| {
            named.contains(&words.get(..*n).unwrap_or_default().join(" ").as_str())
                && elements.get(at + n).is_some_and(|e| e.is_char(':'))
        })
    };
    let mut out = Vec::with_capacity(elements.len());
    let mut at = 0;
    while let Some(element) = elements.get(at) {
        if step(at) {
            at += 3;
            continue;
        }
        if out.is_empty()
            && let Some(length) = title(at)
        {
            at += length + 1;
            continue;
        }
        out.push(element.clone());
        at += 1;
    }
    (out.len() < elements.len() && !out.is_empty()).then_some(out)
}
