//! Words that narrow a question about treatment: doses, cycles, toxicity, the rank of a line, combinations.

use super::lists::{List, is_treatment, list_at};
use super::{Detail, Edge, How, Rank, Therapy, Treatments};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::anchors::trial_start;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::conditions;
use std::ops::Range;

/// Words for how a treatment was given, which no profile states.
const MANNERS: &[&str] = &[
    "intensive",
    "high-dose",
    "dose-dense",
    "intravenous",
    "oral",
    "orally",
    "iv",
    "intravesical",
    "weekly",
    "intrathecal",
    "intraperitoneal",
    "immunosuppressive",
    "myeloablative",
    "extensive",
    "high-intensity",
    "ipsilateral",
    "low-dose",
    "full-dose",
    "metronomic",
    "long-acting",
];

/// Words that name a toxicity or grade it.
const TOXICITY: &[&str] = &[
    "toxicity",
    "toxicities",
    "adverse",
    "event",
    "events",
    "ae",
    "aes",
    "irae",
    "iraes",
    "immune",
    "related",
    "induced",
    "associated",
    "immune-related",
    "mediated",
    "severe",
    "unacceptable",
    "permanent",
    "permanently",
    "effect",
    "effects",
    "reaction",
    "reactions",
    "side",
    "intolerable",
    "treatment-related",
    "serious",
    "because",
    "discontinuation",
    "led",
    "leading",
    "resulted",
    "resulting",
    "significant",
    "clinically",
    "ir",
    "teae",
    "intolerance",
    "due",
    "from",
    "treatment",
    "therapy",
    "life-threatening",
    "that",
    "grade",
];

/// "A cumulative dose of doxorubicin above 450 mg/m2": settled only where none was given.
pub fn cumulative_dose(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let dose = phrase.elements.iter().any(|e| e.text.contains("cumulative") || e.text.contains("lifetime"))
        || phrase.elements.iter().any(|e| e.text == "total") && phrase.elements.iter().any(|e| e.text.contains("dose"));
    if !dose || phrase.has(Cue::Except) || phrase.has(Cue::Not) || phrase.has(Cue::Steroids) {
        return None;
    }
    let mut what = Treatments::default();
    let mut at = 0;
    while at < phrase.len() {
        if phrase.get(at).is_some_and(|e| is_treatment(e, context))
            && let Some(list) = list_at(phrase, context, at, phrase.len())
        {
            at = list.end;
            what.extend(list.what);
            continue;
        }
        at += 1;
    }
    let per_area = phrase
        .elements
        .iter()
        .any(|e| e.text.contains("mg/m") || e.text == "mg" || matches!(e.sense, Sense::Concept(Concept::Unit(_))));
    if what.is_empty() {
        return None;
    }
    let mut limit = None;
    for at in 0..phrase.len() {
        let Some(element) = phrase.get(at) else { break };
        if let Sense::Compare(comparison) = element.sense {
            limit = limit.or(Some(comparison));
        }
        let part = matches!(
            element.sense,
            Sense::Number(_)
                | Sense::Compare(_)
                | Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_) | Concept::Unit(_))
        ) || is_neutral(element)
            || matches!(
                element.cue(),
                Some(
                    Cue::Or
                        | Cue::Prior
                        | Cue::Received
                        | Cue::History
                        | Cue::Equal
                        | Cue::OrMore
                        | Cue::SettingAdjuvant
                        | Cue::SettingEarly
                        | Cue::SettingNeoadjuvant
                        | Cue::SettingMetastatic
                        | Cue::AnySetting
                )
            )
            || is_treatment(element, context)
            || [
                "cumulative",
                "lifetime",
                "dose",
                "doses",
                "dosage",
                "equivalent",
                "exceed",
                "exceeding",
                "exceeded",
                "maximum",
                "mg",
                "m2",
                "m",
                "^",
                "resulting",
                "load",
                "derivatives",
                "derivative",
                "than",
                "amount",
                "total",
                "greater",
                "or",
                "limit",
                "above",
                "other",
            ]
            .contains(&element.text.as_str())
            || element.text.starts_with("mg/m")
            || element.text.contains("cumulative")
            || element.text.contains("lifetime");
        if part {
            phrase.claim(at);
        }
    }
    if !per_area && limit.is_none() {
        limit = None;
    }
    let mut therapy = Therapy::received(what);
    therapy.how = How::Detail(Detail::CumulativeDose);
    let atom = Requirement::Atom(Atom::Therapy(Box::new(therapy)));
    let none = phrase.take(Cue::Naive);
    let below = matches!(limit, Some(Comparison::Less | Comparison::LessEqual));
    Some(if below != none { atom.negated() } else { atom })
}

/// "First-line", "second line".
pub fn rank(phrase: &mut Phrase, zone: &Range<usize>) -> Rank {
    for at in zone.clone() {
        let Some(Sense::Ordinal(rank)) = phrase.sense(at) else { continue };
        if phrase.is_used(at) {
            continue;
        }
        let next = if phrase.get(at + 1).is_some_and(|e| e.is_char('-')) { at + 2 } else { at + 1 };
        if phrase.get(next).is_some_and(|e| e.is(Cue::Line)) && !phrase.get(next + 1).is_some_and(|e| e.is(Cue::OrMore))
        {
            phrase.claim_range(at, next + 1);
            if phrase.get(at.wrapping_sub(1)).is_some_and(|e| e.text == "as") {
                phrase.claim(at - 1);
            }
            return Rank::Line(rank);
        }
    }
    for at in zone.clone() {
        let latest = phrase.get(at).is_some_and(|e| {
            e.is(Cue::RecentTherapy)
                || matches!(e.text.as_str(), "most recent" | "most recent prior" | "immediate prior")
        });
        if latest && !phrase.is_used(at) {
            phrase.claim(at);
            return Rank::Latest;
        }
    }
    // "Progression on the last chemotherapy regimen".
    for at in zone.clone() {
        let last =
            phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "the last" | "last" | "latest" | "their last"));
        let noun = (at + 1..at + 4).any(|i| {
            phrase.get(i).is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Drug(_))))
        });
        let counted = (at + 1..at + 4).any(|i| matches!(phrase.sense(i), Some(Sense::Number(_))));
        if last && noun && !counted && !phrase.is_used(at) {
            phrase.claim(at);
            return Rank::Latest;
        }
    }
    Rank::Any
}

/// "Monotherapy", "alone", unless "or in combination" follows.
pub fn alone(phrase: &mut Phrase, zone: &Range<usize>, list_end: usize) -> bool {
    let alone = zone.clone().find(|&at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| {
                matches!(
                    e.text.as_str(),
                    "alone" | "monotherapy" | "as monotherapy" | "as a single agent" | "single agent" | "single-agent"
                )
            })
    });
    let Some(at) = alone else { return false };
    let near = at + 2 >= list_end && at <= list_end + 4 || at < list_end && list_end - at <= 3;
    let or_combined = zone
        .clone()
        .skip_while(|&i| i <= at)
        .any(|i| phrase.get(i).is_some_and(|e| e.text.contains("combination") || e.text == "combined"));
    if or_combined {
        for i in at..zone.end.min(at + 6) {
            let optional = phrase.get(i).is_some_and(|e| {
                e.is(Cue::Or) || e.text.contains("combination") || e.text == "combined" || e.is(Cue::With)
            });
            if optional {
                phrase.claim(i);
            }
        }
        return false;
    }
    near
}

/// "Discontinued due to a toxicity", with or without its kind or grade.
pub fn toxicity(phrase: &mut Phrase, zone: &Range<usize>) -> Option<How> {
    let text = |e: &Element, word: &str| e.text.contains(word);
    let stopped = zone.clone().any(|i| {
        phrase.get(i).is_some_and(|e| {
            text(e, "discontinu") || text(e, "stopped") || text(e, "withdrawn") || text(e, "leading to")
        })
    });
    if !stopped {
        return None;
    }
    let toxic = |e: &Element| {
        matches!(e.text.as_str(), "toxicity" | "toxicities" | "ae" | "aes" | "irae" | "iraes" | "intolerance")
            || text(e, "adverse")
            || text(e, "toxicit")
            || matches!(e.sense, Sense::Concept(Concept::Condition(row)) if conditions::all().get(row as usize).is_some_and(|c| {
                c.id.contains("toxic") || c.id.contains("adverse") || c.id.contains("immune")
            }))
    };
    let caused = zone.clone().any(|i| {
        phrase.get(i).is_some_and(|e| {
            [
                "due to",
                "because of",
                "owing to",
                "leading to",
                "led to",
                "resulted in",
                "resulting in",
                "secondary to",
                "as a result of",
                "on account of",
            ]
            .iter()
            .any(|w| text(e, w))
                || matches!(e.text.as_str(), "because" | "due" | "led" | "resulted" | "for")
        })
    });
    if !caused || !zone.clone().any(|i| phrase.get(i).is_some_and(toxic)) {
        return None;
    }
    let mut qualified = false;
    for at in zone.clone() {
        let Some(element) = phrase.get(at) else { break };
        if phrase.is_used(at) {
            continue;
        }
        let word = TOXICITY.contains(&element.text.as_str());
        let grade = matches!(element.sense, Sense::Number(_) | Sense::Compare(_))
            || element.is(Cue::Grade)
            || element.is(Cue::OrMore)
            || element.is(Cue::Significant);
        let condition = matches!(element.sense, Sense::Concept(Concept::Condition(_)));
        let stop = text(element, "discontinu")
            || text(element, "stopped")
            || text(element, "withdrawn")
            || text(element, "leading to");
        if grade && phrase.get(at + 1).is_none_or(|e| time_unit(e).is_none()) {
            qualified = true;
            phrase.claim(at);
        } else if super::parts::names_a_toxicity(phrase, at) {
            phrase.claim(at);
        } else if word || condition || stop || toxic(element) {
            let general = matches!(
                element.text.as_str(),
                "toxicity"
                    | "toxicities"
                    | "adverse"
                    | "event"
                    | "events"
                    | "due"
                    | "adverse event"
                    | "that"
                    | "because"
                    | "intolerance"
                    | "unacceptable"
                    | "permanent"
                    | "permanently"
            );
            qualified |= !general && !stop;
            phrase.claim(at);
        }
    }
    Some(if qualified { How::Detail(Detail::Toxicity) } else { How::Intolerant })
}

/// "High-dose", "intrathecal": claimed, and settled only where the treatment was not given.
pub fn manner(phrase: &mut Phrase, zone: &Range<usize>, list: &List) -> Option<How> {
    let from = list.start.saturating_sub(3).max(zone.start);
    let mut found = false;
    for at in from..list.end.saturating_add(2).min(zone.end) {
        if phrase.is_used(at) {
            continue;
        }
        let Some(element) = phrase.get(at) else { break };
        let high = element.is(Cue::High) && phrase.get(at + 1).is_some_and(|e| e.text == "dose" || e.text == "-");
        if MANNERS.contains(&element.text.as_str()) || high {
            phrase.claim(at);
            if high {
                phrase.claim_range(at + 1, at + 2 + usize::from(phrase.get(at + 2).is_some_and(|e| e.text == "dose")));
            }
            found = true;
        }
    }
    // "To more than 25 % of the bone marrow".
    let marrow = zone.clone().any(|i| phrase.get(i).is_some_and(|e| e.text.contains("marrow")));
    let share = zone.clone().find(|&i| {
        matches!(phrase.sense(i), Some(Sense::Number(_)))
            && phrase.get(i + 1).is_some_and(|e| e.is_char('%') || e.text == "%" || e.text.starts_with("percent"))
    });
    if marrow
        && let Some(share) = share
        && !(share.saturating_sub(2)..share)
            .any(|i| matches!(phrase.sense(i), Some(Sense::Compare(Comparison::Less | Comparison::LessEqual))))
    {
        for at in list.end..zone.end {
            let own = phrase.get(at).is_some_and(|e| {
                matches!(
                    e.sense,
                    Sense::Number(_) | Sense::Compare(_) | Sense::Concept(Concept::Site(_) | Concept::Unit(_))
                ) || e.text.contains("marrow")
                    || matches!(
                        e.text.as_str(),
                        "%" | "percent"
                            | "area"
                            | "areas"
                            | "field"
                            | "reserve"
                            | "bearing"
                            | "containing"
                            | "active"
                            | "hematopoietic"
                    )
            });
            if own {
                phrase.claim(at);
            }
        }
        return Some(How::Detail(Detail::MarrowShare));
    }
    found.then_some(How::Detail(Detail::Manner))
}

/// "At least 2 cycles of": the profile does not count them.
pub fn cycles(phrase: &mut Phrase, zone: &Range<usize>) -> Option<How> {
    let at = zone.clone().find(|&i| {
        !phrase.is_used(i)
            && matches!(phrase.sense(i), Some(Sense::Number(_)))
            && phrase.get(i + 1).is_some_and(|e| {
                e.is(Cue::Cycle)
                    || matches!(
                        e.text.as_str(),
                        "dose" | "doses" | "courses" | "cycles" | "infusions" | "administrations"
                    )
            })
    })?;
    let comparison = at.checked_sub(1).and_then(|b| phrase.sense(b));
    if matches!(comparison, Some(Sense::Compare(Comparison::Less | Comparison::LessEqual))) {
        return None;
    }
    if matches!(comparison, Some(Sense::Compare(_))) {
        phrase.claim(at - 1);
    }
    phrase.claim_range(at, at + 2);
    if phrase.get(at + 2).is_some_and(|e| e.is(Cue::OrMore)) {
        phrase.claim(at + 2);
    }
    Some(How::Detail(Detail::Cycles))
}

/// Whether a part speaks of the start of a treatment.
pub fn starts(phrase: &Phrase, zone: &Range<usize>) -> bool {
    zone.clone().any(|i| {
        phrase.get(i).is_some_and(is_start)
            || phrase.sense(i) == Some(Sense::Ordinal(1)) && matches!(phrase.sense(i + 1), Some(Sense::Number(_)))
    })
}

fn is_start(element: &Element) -> bool {
    matches!(
        element.text.as_str(),
        "initiation"
            | "initiating"
            | "initiated"
            | "starting"
            | "started"
            | "beginning"
            | "commencing"
            | "commencement"
            | "after starting"
            | "began"
    )
}

/// From which end of the treatment a window is counted; claims the words that say so.
pub fn edge(phrase: &mut Phrase, zone: &Range<usize>) -> Edge {
    let mut edge = Edge::End;
    // "Within the first 12 months of".
    let first = zone.clone().any(|i| {
        phrase.sense(i) == Some(Sense::Ordinal(1))
            && matches!(phrase.sense(i + 1), Some(Sense::Number(_)))
            && phrase.get(i + 2).is_some_and(|e| time_unit(e).is_some())
    });
    if first {
        edge = Edge::Start;
    }
    if !zone.clone().any(|at| phrase.get(at).is_some_and(is_start)) {
        return edge;
    }
    for at in zone.clone() {
        // "Within 2 weeks of starting the trial's drug" is no start of what was given.
        if trial_start(phrase, at).is_some()
            || at.checked_sub(1).is_some_and(|before| trial_start(phrase, before).is_some())
        {
            break;
        }
        if phrase.get(at).is_some_and(is_start) && !phrase.is_used(at) {
            // "Prior to starting the study drug" is no start of what was given.
            let to_come = (zone.start..at)
                .rev()
                .find(|&i| !phrase.get(i).is_some_and(|e| e.is(Cue::Filler)))
                .is_some_and(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Before)));
            if to_come {
                continue;
            }
            edge = Edge::Start;
            if !phrase.get(at).is_some_and(|e| e.is(Cue::After)) {
                phrase.claim(at);
            }
        }
    }
    edge
}
