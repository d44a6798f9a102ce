//! How a counted number of lines, regimens, therapies or agents is read.

use super::Lines;
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::prior_therapy::{
    How, SettingIs, Therapy, Treatments, claim_idle, is_idle, is_treatment, list_at, setting_in,
};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::drugs;
use crate::lexicon::structure::{self, Words};

/// Reads a counted number of lines, regimens or therapies, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    if phrase.has(Cue::LifeExpectancy) || phrase.elements.iter().any(|e| e.text.contains("cumulative")) {
        return None;
    }
    let except = phrase.find(|e| e.is(Cue::Except));
    let number = phrase.find(|e| matches!(e.sense, Sense::Number(_)))?;
    let first = (number..phrase.len()).find(|&at| is_count(phrase, context, at))?;
    if except.is_some_and(|at| at < first) {
        return None;
    }
    let naive = phrase.find(|e| e.is(Cue::Naive)).filter(|at| *at < first);
    let (pairs, bare, end) = take_bounds(phrase, first)?;
    if let Some(at) = naive {
        phrase.claim(at);
    }
    // What is counted: the list behind the number, else the one right before "lines".
    let to = except.unwrap_or(phrase.len());
    let mut of = Treatments::default();
    let mut agents = false;
    let mut at = end;
    let mut of_end = end;
    while at < to {
        let Some(element) = phrase.get(at) else { break };
        if is_treatment(element, context) && !phrase.is_used(at) {
            if let Some(list) = list_at(phrase, context, at, to) {
                let last = phrase.get(list.end.saturating_sub(1)).map(|e| e.text.to_string()).unwrap_or_default();
                let word = phrase.get(list.end).map(|e| e.text.to_string()).unwrap_or_default();
                let plural = |t: &str| {
                    t.ends_with("agent") || t.ends_with("agents") || t.ends_with("drug") || t.ends_with("drugs")
                };
                agents = !phrase.has(Cue::Line) && (plural(&last) || plural(&word));
                phrase.claim_range(list.start, list.end);
                of_end = list.end;
                of = counted(list.what);
            }
            break;
        }
        // "Not more than two lines, of chemotherapy".
        let of = element.is_char(',') && phrase.get(at + 1).is_some_and(|e| e.text == "of");
        if !stands_between(element) && !of {
            break;
        }
        at += 1;
    }
    if of_end == end
        && let Some(before) =
            (0..first).rev().find(|&i| phrase.get(i).is_some_and(|e| is_treatment(e, context)) && !phrase.is_used(i))
        && (before + 1..first).all(|i| {
            phrase
                .get(i)
                .is_some_and(|e| stands_between(e) || matches!(e.sense, Sense::Compare(_) | Sense::Punctuation(_)))
        })
        && phrase.get(before).is_some()
        && let Some(list) = list_at(phrase, context, before, first)
    {
        phrase.claim_range(list.start, list.end);
        of = counted(list.what);
    }
    let mut excepted = Treatments::default();
    if let Some(from) = except {
        let mut at = from;
        while at < phrase.len() {
            if phrase.get(at).is_some_and(|e| is_treatment(e, context))
                && let Some(list) = list_at(phrase, context, at, phrase.len())
            {
                phrase.claim(from);
                phrase.claim_range(list.start, list.end);
                at = list.end;
                excepted = list.what;
                continue;
            }
            at += 1;
        }
    }
    let included = included(phrase, context, of_end, to);
    // Settings behind "or participants who ..." are those of another clause.
    let people = |e: &Element| {
        e.text.split(' ').any(|word| structure::holds(Words::Person, word))
            || e.is(Cue::With) && e.text.starts_with("who")
    };
    let relapse = |at: usize| {
        phrase.get(at).is_some_and(|e| e.is(Cue::Recurrent) || e.is(Cue::ProgressiveDisease))
            && (at..phrase.len()).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()))
    };
    let clause = (end..phrase.len())
        .find(|&i| {
            phrase.get(i).is_some_and(|e| e.is(Cue::Or))
                && (i + 1..i + 3).any(|k| phrase.get(k).is_some_and(people) || relapse(k))
        })
        .unwrap_or(phrase.len());
    // Settings in a bracket that names other treatments are theirs.
    let zone = (end..clause)
        .find(|&i| {
            phrase.get(i).is_some_and(|e| e.is_char('('))
                && (i + 1..phrase.len()).take_while(|&k| phrase.get(k).is_some_and(|e| !e.is_char(')'))).any(|k| {
                    phrase.get(k).is_some_and(|e| is_treatment(e, context) || e.is(Cue::Allowed)) && !phrase.is_used(k)
                })
        })
        .unwrap_or(clause);
    let setting = match setting_in(phrase, 0, zone) {
        SettingIs::Any if !said_any(phrase) || clause < phrase.len() => {
            if agents {
                SettingIs::Any
            } else {
                SettingIs::Metastatic
            }
        }
        other => other,
    };
    let told = take_before(phrase, clause);
    let progressed = told | progressed_after(phrase, first);
    for at in 0..clause {
        let own = phrase.get(at).is_some_and(|e| {
            matches!(e.cue(), Some(Cue::Line | Cue::Therapy | Cue::Prior | Cue::Received | Cue::History | Cue::ForBreastCancer | Cue::AnySetting))
                || matches!(e.text.as_str(), "number" | "total" | "separate" | "distinct" | "containing" | "or" if e.is(Cue::Filler) || e.sense == Sense::Word)
        });
        if own || at > first && at < end + 6 && phrase.get(at).is_some_and(is_idle) {
            phrase.claim(at);
        }
    }
    claim_idle(phrase, context, 0, clause);
    let mut members: Vec<Requirement> = pairs
        .iter()
        .filter(|(_, value)| (0.0..=50.0).contains(value))
        .map(|(comparison, value)| {
            Requirement::Atom(Atom::Lines(Box::new(Lines {
                of: of.clone(),
                setting,
                comparison: *comparison,
                count: *value as u8,
                except: excepted.clone(),
                agents,
                bare,
            })))
        })
        .collect();
    if members.is_empty() {
        return None;
    }
    if progressed {
        let what = if of.is_empty() { Treatments::systemic() } else { of };
        members.push(Requirement::Atom(Atom::Therapy(Box::new(Therapy {
            how: How::Progressed,
            setting,
            ..Therapy::received(what)
        }))));
    }
    if let Some(what) = included {
        members.push(Requirement::Atom(Atom::Therapy(Box::new(Therapy { setting, ..Therapy::received(what) }))));
    }
    let requirement = Requirement::all(members);
    Some(if naive.is_some() { requirement.negated() } else { requirement })
}

/// Claims the progressions before a place; whether there was one.
fn take_before(phrase: &mut Phrase, to: usize) -> bool {
    let places: Vec<usize> =
        (0..to).filter(|&at| !phrase.is_used(at) && phrase.get(at).is_some_and(|e| e.is(Cue::Progressed))).collect();
    places.iter().for_each(|&at| phrase.claim(at));
    !places.is_empty()
}

/// "Progression after at least one line", "advanced cancer after two lines": claims the "after", and says whether the
/// disease progressed.
fn progressed_after(phrase: &mut Phrase, first: usize) -> bool {
    let Some(after) =
        (0..first).rev().find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::After) && !e.text.contains("dose")))
    else {
        return false;
    };
    let plain = (after + 1..first).all(|i| {
        phrase.is_used(i)
            || phrase.get(i).is_some_and(|e| is_neutral(e) || matches!(e.sense, Sense::Compare(_)) || e.is(Cue::Prior))
    });
    if !plain || phrase.is_used(after) {
        return false;
    }
    phrase.claim(after);
    let relapse = (0..after).rev().take(6).find(|&i| {
        phrase.get(i).is_some_and(|e| e.is(Cue::ProgressiveDisease) || e.is(Cue::Recurrent)) && !phrase.is_used(i)
    });
    let Some(relapse) = relapse else { return false };
    let words = |i: usize| {
        phrase
            .get(i)
            .is_some_and(|e| is_neutral(e) || e.is(Cue::Or) || e.is(Cue::Recurrent) || e.is(Cue::ProgressiveDisease))
    };
    if !(relapse..after).all(words) {
        return false;
    }
    let from = (0..relapse).rev().take(3).take_while(|&i| words(i)).last().unwrap_or(relapse);
    phrase.claim_range(from, after);
    true
}

/// Whether the phrase itself says that every setting counts.
fn said_any(phrase: &Phrase) -> bool {
    phrase.elements.iter().any(|e| e.is(Cue::AnySetting))
        || phrase.elements.iter().any(|e| e.is(Cue::SettingAdjuvant) || e.is(Cue::SettingEarly))
}

/// "Including a CDK4/6 inhibitor", "one of which was in combination with ...".
fn included(phrase: &mut Phrase, context: &Context<'_>, from: usize, to: usize) -> Option<Treatments> {
    let at = (from..to).find(|&i| phrase.get(i).is_some_and(|e| is_treatment(e, context)) && !phrase.is_used(i))?;
    let opens = |e: &Element| {
        e.is(Cue::Including)
            || matches!(
                e.text.as_str(),
                "which"
                    | "include"
                    | "included"
                    | "includes"
                    | "in combination"
                    | "combination"
                    | "combined"
                    | "must include"
            )
    };
    let opening = (from..at).find(|&i| phrase.get(i).is_some_and(opens))?;
    if (opening..at).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Neutral) || e.is(Cue::Not))) {
        return None;
    }
    let list = list_at(phrase, context, at, to)?;
    phrase.claim_range(list.start, list.end);
    for i in from..at {
        let own = phrase.get(i).is_some_and(|e| {
            opens(e)
                || e.is(Cue::OneOf)
                || e.is(Cue::Must)
                || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || is_idle(e)
        });
        if own {
            phrase.claim(i);
        }
    }
    Some(list.what)
}

/// "Systemic therapy" counts every line.
fn counted(mut what: Treatments) -> Treatments {
    if what.classes.iter().any(|row| is_any_therapy(*row)) {
        return Treatments::default();
    }
    what.classes.sort_unstable();
    what.classes.dedup();
    what
}

fn is_any_therapy(row: u16) -> bool {
    drugs::all_classes()
        .get(row as usize)
        .is_some_and(|c| matches!(c.id.as_str(), "anticancer-therapy" | "systemic-therapy"))
}

/// Words between a number and what it counts.
fn stands_between(element: &Element) -> bool {
    is_neutral(element) && !matches!(element.sense, Sense::Punctuation(c) if c != '(' && c != ')' && c != '-')
        || is_idle(element)
        || matches!(element.sense, Sense::Concept(Concept::Cancer(_)))
        || matches!(
            element.cue(),
            Some(
                Cue::Prior
                    | Cue::Line
                    | Cue::SettingMetastatic
                    | Cue::SettingAdjuvant
                    | Cue::SettingNeoadjuvant
                    | Cue::SettingEarly
                    | Cue::Advanced
                    | Cue::MetastaticDisease
                    | Cue::ForBreastCancer
                    | Cue::History
            )
        )
}

/// Whether the number at a place counts lines or treatments.
fn is_count(phrase: &Phrase, context: &Context<'_>, at: usize) -> bool {
    let Some(Sense::Number(value)) = phrase.sense(at) else { return false };
    if phrase.is_used(at) || value.fract() != 0.0 || value > 20.0 {
        return false;
    }
    let graded = at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| {
        e.is(Cue::Grade)
            || e.is(Cue::Ecog)
            || e.is(Cue::Cycle)
            || matches!(e.text.as_str(), "stage" | "phase" | "arm" | "cohort" | "part" | "day")
    });
    if graded {
        return false;
    }
    let told = phrase.has(Cue::Prior)
        || phrase.has(Cue::Received)
        || phrase.has(Cue::Naive)
        || phrase.has(Cue::History)
        || phrase.has(Cue::SettingMetastatic)
        || phrase.has(Cue::Progressed)
        || phrase.has(Cue::Line);
    let mut look = at + 1;
    let mut seen_prior = false;
    while let Some(element) = phrase.get(look) {
        if element.is(Cue::Line) {
            return true;
        }
        if element.is(Cue::Cycle)
            || time_unit(element).is_some()
            || element.is(Cue::HalfLife)
            || matches!(element.text.as_str(), "dose" | "doses")
        {
            return false;
        }
        if matches!(element.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Drug(_))) {
            return told && is_treatment(element, context);
        }
        seen_prior |= element.is(Cue::Prior);
        if element.is(Cue::Therapy) && (seen_prior || phrase.has(Cue::SettingMetastatic) || phrase.has(Cue::Prior)) {
            return true;
        }
        let range = matches!(element.sense, Sense::Number(_) | Sense::Compare(_))
            || matches!(element.cue(), Some(Cue::Or | Cue::OrMore | Cue::OrLess | Cue::And));
        if look > at + 9 || !(range || stands_between(element)) {
            break;
        }
        look += 1;
    }
    // "Number of prior lines: 1-3", "lines of chemotherapy <= 2".
    let sign = at.checked_sub(1).and_then(|b| phrase.sense(b));
    let line = phrase.find(|e| e.is(Cue::Line)).filter(|l| *l < at);
    line.is_some_and(|line| {
        matches!(sign, Some(Sense::Compare(_)))
            && (line + 1..at.saturating_sub(1))
                .all(|i| phrase.get(i).is_some_and(|e| stands_between(e) || is_treatment(e, context)))
            && phrase.get(at + 1).is_none_or(|e| time_unit(e).is_none())
    })
}

/// The comparisons, whether the number stood bare, and one past its last element.
type TakenBounds = (Vec<(Comparison, f64)>, bool, usize);

/// The comparisons that a count sets, whether it stood alone, and one past its last element.
fn take_bounds(phrase: &mut Phrase, first: usize) -> Option<TakenBounds> {
    // Numbers before the count (none of them counted) are hidden from the reader of bounds.
    let hidden: Vec<usize> =
        (0..first).filter(|&i| matches!(phrase.sense(i), Some(Sense::Number(_))) && !phrase.is_used(i)).collect();
    if !hidden.is_empty() {
        return None;
    }
    let bounds = bounds::take(phrase, |_| false, false)?;
    let mut end = bounds.end;
    let mut pairs = bounds.pairs();
    let mut bare = false;
    if let [value] = bounds.values.as_slice() {
        let exactly = phrase.elements.iter().any(|e| e.text == "exactly" || e.text == "only");
        bare = !exactly;
        pairs = vec![(if exactly { Comparison::Equal } else { Comparison::GreaterEqual }, *value)];
    }
    // "At least one and up to two", "one or up to two": an upper bound of its own behind the first.
    let mut look = end;
    while phrase.get(look).is_some_and(|e| {
        e.is(Cue::And)
            || e.is(Cue::Or)
            || e.is_char(',')
            || e.is_char('(')
            || e.is(Cue::Line)
            || e.is(Cue::OrMore) && e.text.contains("up")
            || e.is(Cue::Filler) && matches!(e.text.as_str(), "to" | "a" | "of")
    }) {
        look += 1;
    }
    let sign = phrase.sense(look);
    let (number, upper) = match sign {
        Some(Sense::Compare(c @ (Comparison::LessEqual | Comparison::Less))) => (look + 1, Some(c)),
        Some(Sense::Number(_)) if (end..look).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::OrMore))) => {
            (look, Some(Comparison::LessEqual))
        }
        _ => (look, None),
    };
    let low = pairs.iter().all(|(c, _)| matches!(c, Comparison::Greater | Comparison::GreaterEqual));
    if let (Some(upper), Some(Sense::Number(value)), true) = (upper, phrase.sense(number), low)
        && phrase.get(number + 1).is_none_or(|e| time_unit(e).is_none())
        && !phrase.is_used(number)
    {
        phrase.claim_range(end, number + 1);
        bare = false;
        pairs.push((upper, value));
        end = number + 1;
    }
    // "(2)" behind "two": the same number again.
    if phrase.get(end).is_some_and(|e| e.is_char('('))
        && let Some(Sense::Number(again)) = phrase.sense(end + 1)
        && pairs.iter().any(|(_, v)| *v == again)
        && phrase.get(end + 2).is_some_and(|e| e.is_char(')'))
    {
        phrase.claim_range(end, end + 3);
        end += 3;
    }
    Some((pairs, bare, end))
}
