//! Questions about treatment history that name no treatment.

use super::details;
use super::lists::is_idle;
use super::marks::claim_or;
use super::settings::setting_in;
use super::{Edge, How, Rank, Therapy, Treatments};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{Bound, Window, take_window_between};
use crate::lexicon::concepts::Concept;

/// How the words for a relapse end that fell into the time of a treatment.
const DURING: &[&str] = &["during", " on", "while on", "under"];

/// "Participation in another clinical trial within 30 days", "currently enrolled in another study" (convention 18).
pub fn participation(phrase: &mut Phrase) -> Option<Requirement> {
    super::idioms::concurrent(phrase);
    let takes_part = phrase.find(|e| {
        matches!(
            e.text.as_str(),
            "participation"
                | "participating"
                | "participated"
                | "participate"
                | "enrolled"
                | "enrollment"
                | "enrolment"
                | "participant"
                | "participates"
        )
    })?;
    let trial = phrase.find_from(takes_part, |e| {
        matches!(
            e.text.as_str(),
            "trial" | "study" | "trials" | "studies" | "clinical trial" | "clinical study" | "research"
        )
    })?;
    let other = (takes_part..trial).find(|&i| {
        phrase.get(i).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "another" | "other" | "interventional" | "different" | "therapeutic" | "any other"
            ) || e.is(Cue::Investigational)
                || e.text == "clinical" && !phrase.elements.iter().any(|t| t.text == "this" || t.text == "the")
        })
    })?;
    if phrase.elements.iter().any(|e| {
        e.text == "this study" || e.text == "this trial" || matches!(e.sense, Sense::Concept(Concept::Condition(_)))
    }) {
        return None;
    }
    let past = phrase.get(takes_part).is_some_and(|e| e.text == "participated") || phrase.has(Cue::Prior);
    for at in takes_part..=trial {
        let own = phrase.get(at).is_some_and(|e| {
            is_idle(e)
                || matches!(
                    e.text.as_str(),
                    "interventional"
                        | "drug"
                        | "medical"
                        | "clinical"
                        | "treatment"
                        | "trial"
                        | "study"
                        | "research"
                        | "therapeutic"
                )
                || e.is(Cue::Investigational)
        });
        if own || at == other || at == takes_part {
            phrase.claim(at);
        }
    }
    phrase.take(Cue::Prior);
    phrase.take(Cue::Receiving);
    phrase.take(Cue::Active);
    phrase.take(Cue::Investigational);
    let window = take_window_between(phrase, 0, phrase.len());
    let mut therapy = Therapy::received(Treatments::class("investigational-agent"));
    therapy.window = window;
    if window.is_none() && !past {
        therapy.how = How::Ongoing;
    }
    if let Some(Window { bound: Bound::Ago { strict } | Bound::Lasting { strict }, .. }) = window {
        // "At least 30 days since participation in another trial": none more recently.
        therapy.window = window.map(|w| Window { bound: Bound::Within { strict: !strict }, ..w });
        return Some(Requirement::Atom(Atom::Therapy(Box::new(therapy))).negated());
    }
    Some(Requirement::Atom(Atom::Therapy(Box::new(therapy))))
}

/// Questions that name no treatment: "no prior therapy for metastatic disease", "progressed on the most recent therapy".
pub fn headless(phrase: &mut Phrase, _context: &Context<'_>) -> Option<Requirement> {
    let generic = |phrase: &Phrase| {
        !phrase.elements.iter().any(|e| {
            matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Procedure(_) | Concept::Site(_)))
                || e.is(Cue::TreatedLesion)
                || e.is(Cue::Line) && !e.text.is_empty()
                || e.is(Cue::Except)
                || e.is(Cue::Untreated)
        })
    };
    if !generic(phrase) {
        return None;
    }
    if let Some(requirement) = same_mechanism(phrase) {
        return Some(requirement);
    }
    let zone = 0..phrase.len();
    let has_therapy = phrase.has(Cue::Therapy);
    let mut therapy = Therapy::received(Treatments::systemic());
    let number = phrase.elements.iter().any(|e| matches!(e.sense, Sense::Number(_)));
    if phrase.has(Cue::RecentTherapy) && (phrase.has(Cue::Progressed) || phrase.has(Cue::ProgressiveDisease)) && !number
    {
        phrase.take(Cue::RecentTherapy);
        phrase.take(Cue::Progressed);
        phrase.take(Cue::ProgressiveDisease);
        phrase.take(Cue::After);
        therapy.rank = Rank::Latest;
        therapy.how = How::Progressed;
        therapy.setting = setting_in(phrase, 0, zone.end);
        return Some(Requirement::Atom(Atom::Therapy(Box::new(therapy))));
    }
    let early =
        phrase.has(Cue::SettingAdjuvant) || phrase.has(Cue::SettingEarly) || phrase.has(Cue::SettingNeoadjuvant);
    if early
        && (phrase.has(Cue::Recurrent) || phrase.has(Cue::Progressed) || phrase.has(Cue::ProgressiveDisease))
        && number
    {
        let edge = details::edge(phrase, &zone);
        let setting = setting_in(phrase, 0, zone.end);
        let window = take_window_between(phrase, 0, zone.end)?;
        if !window.from_event && edge == Edge::End {
            return None;
        }
        for cue in [Cue::Recurrent, Cue::Progressed, Cue::ProgressiveDisease, Cue::LastDose, Cue::Prior] {
            phrase.take(cue);
        }
        claim_or(phrase, 0, zone.end);
        therapy.setting = setting;
        therapy.edge = edge;
        therapy.how = How::Recurred;
        let later = matches!(window.bound, Bound::Ago { .. } | Bound::Lasting { .. });
        let strict = matches!(
            window.bound,
            Bound::Ago { strict: true } | Bound::Lasting { strict: true } | Bound::Within { strict: true }
        );
        therapy.window = Some(Window { bound: Bound::Within { strict: strict != later }, ..window });
        let atom = Requirement::Atom(Atom::Therapy(Box::new(therapy.clone())));
        if !later {
            return Some(atom);
        }
        let given = Therapy { how: How::Received, window: None, edge: Edge::End, ..therapy };
        return Some(Requirement::all(vec![Requirement::Atom(Atom::Therapy(Box::new(given))), atom.negated()]));
    }
    // "Relapsed during adjuvant therapy".
    let during = |e: &Element| e.is(Cue::Progressed) && DURING.iter().any(|end| e.text.ends_with(end));
    if early
        && !number
        && let Some(at) = phrase.find(during)
    {
        phrase.claim(at);
        therapy.setting = setting_in(phrase, 0, zone.end);
        therapy.how = How::Progressed;
        return Some(Requirement::Atom(Atom::Therapy(Box::new(therapy))));
    }
    let naive = phrase.has(Cue::Naive);
    let metastatic = phrase.has(Cue::SettingMetastatic);
    let told = naive || phrase.has(Cue::Prior) && has_therapy || phrase.has(Cue::Prior) && phrase.has(Cue::Received);
    if !(told && metastatic) || number || phrase.has(Cue::Progressed) || phrase.has(Cue::Intolerant) {
        return None;
    }
    phrase.take(Cue::Naive);
    phrase.take(Cue::Prior);
    therapy.setting = setting_in(phrase, 0, zone.end);
    let atom = Requirement::Atom(Atom::Therapy(Box::new(therapy)));
    Some(if naive { atom.negated() } else { atom })
}

/// "Any agent with the same mechanism of action": whose mechanism it shares is for a person to say; whoever had no
/// systemic therapy is settled.
fn same_mechanism(phrase: &mut Phrase) -> Option<Requirement> {
    let mechanism = phrase.find(|e| e.text.contains("mechanism"))?;
    let same = (mechanism.saturating_sub(3)..mechanism).find(|&i| {
        phrase.get(i).is_some_and(|e| matches!(e.text.as_str(), "same" | "similar" | "the same" | "a similar"))
    })?;
    if !(phrase.has(Cue::Prior) || phrase.has(Cue::Received)) || phrase.elements.len() > 24 {
        return None;
    }
    let window = take_window_between(phrase, 0, phrase.len());
    phrase.claim_range(same, mechanism + 1);
    phrase.take(Cue::Prior);
    for at in mechanism..phrase.len() {
        if phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "action" | "mechanism" | "similar")) {
            phrase.claim(at);
        }
    }
    let mut therapy = Therapy::received(Treatments::systemic());
    therapy.window = window;
    therapy.manner = Some("of the same mechanism of action".to_owned());
    Some(Requirement::Atom(Atom::Therapy(Box::new(therapy))))
}
