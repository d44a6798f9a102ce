//! How phrases about central nervous system disease are read.

use super::{CentralNervousSystem, Feature, Region};
use crate::criteria::atom::Atom;
use crate::criteria::bounds;
use crate::criteria::context::Context;
use crate::criteria::decimal::Decimal;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{Bound, take_window};
use crate::lexicon::concepts::Concept;
use crate::lexicon::sites;

/// Reads metastases of the central nervous system with what is asked of them, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let heads: Vec<(usize, Region)> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at))
        .filter_map(|at| phrase.get(at).and_then(region).map(|r| (at, r)))
        .collect();
    let (first, _) = *heads.first()?;
    if !names_disease(phrase, &heads)
        || phrase.elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Procedure(_))) && !treats(e))
    {
        return None;
    }
    let mut regions: Vec<Region> = Vec::new();
    for (at, region) in &heads {
        phrase.claim(*at);
        if !regions.contains(region) {
            regions.push(*region);
        }
    }
    if regions.contains(&Region::Any) {
        regions.retain(|r| matches!(r, Region::Any));
    }
    for at in first..phrase.len() {
        let between_heads = heads.iter().any(|(h, _)| *h > at)
            && phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And) || e.is_char('/') || e.is_char(','));
        if between_heads {
            phrase.claim(at);
        }
    }
    phrase.take(Cue::MetastaticDisease);
    phrase.take(Cue::History);
    let features = take_features(phrase);
    let atom =
        |region, feature| Requirement::Atom(Atom::CentralNervousSystem(CentralNervousSystem { region, feature }));
    let members: Vec<Requirement> = regions
        .into_iter()
        .map(|region| {
            if features.members.is_empty() {
                return atom(region, Feature::Present);
            }
            let asked: Vec<Requirement> = features
                .members
                .iter()
                .map(|(feature, holds)| if *holds { atom(region, *feature) } else { atom(region, *feature).negated() })
                .collect();
            let asked = if features.alternatives { Requirement::any(asked) } else { Requirement::all(asked) };
            // "Stable brain metastases" says that there are some.
            if features.members.iter().any(|(_, holds)| !holds) {
                Requirement::all(vec![atom(region, Feature::Present), asked])
            } else {
                asked
            }
        })
        .collect();
    Some(Requirement::any(members))
}

fn region(element: &Element) -> Option<Region> {
    let Sense::Concept(Concept::Site(row)) = element.sense else { return None };
    match sites::all().get(row as usize)?.id.as_str() {
        "brain" => Some(Region::Brain),
        "leptomeninges" => Some(Region::Leptomeninges),
        "spinal_cord" => Some(Region::SpinalCord),
        "cns" => Some(Region::Any),
        _ => None,
    }
}

/// Whether the phrase speaks of tumour in the region, not of another disease of it.
fn names_disease(phrase: &Phrase, heads: &[(usize, Region)]) -> bool {
    heads.iter().any(|(_, r)| *r == Region::Leptomeninges)
        || phrase.elements.iter().any(|e| {
            e.is(Cue::MetastaticDisease)
                || e.text.contains("metasta")
                || matches!(
                    e.text.as_str(),
                    "lesion" | "involvement" | "tumor" | "met" | "disease" | "cancer" | "malignancy"
                )
                || e.is(Cue::Measurable)
        })
}

/// Local treatment of brain metastases named inside the phrase.
fn treats(element: &Element) -> bool {
    element.text.contains("radio")
        || element.text.contains("surg")
        || element.text.contains("srs")
        || element.text.contains("wbrt")
}

struct Features {
    members: Vec<(Feature, bool)>,
    alternatives: bool,
}

fn take_features(phrase: &mut Phrase) -> Features {
    let mut members = Vec::new();
    let alternatives = (0..phrase.len()).any(|at| !phrase.is_used(at) && phrase.get(at).is_some_and(|e| e.is(Cue::Or)));
    let mut lengths = Vec::new();
    let steroid_at = phrase.find(|e| e.is(Cue::OffSteroids) || e.is(Cue::Steroids));
    while let Some(at) = phrase.find(|e| matches!(e.sense, Sense::Number(_))) {
        let Some(window) = take_window(phrase) else { break };
        lengths.push((at, window));
        if lengths.len() > 3 {
            break;
        }
    }
    let neurologically = phrase.elements.iter().any(|e| e.text.contains("neurologically"));
    let has_stable = phrase.take(Cue::Stable) | phrase.take(Cue::Controlled);
    let off = phrase.take(Cue::OffSteroids);
    let on = phrase.has(Cue::Steroids);
    for (at, window) in &lengths {
        let Some(length) = window.length else { continue };
        let strict = matches!(window.bound, Bound::Lasting { strict: true } | Bound::Ago { strict: true });
        let near_steroids = (off || on) && steroid_at.is_some_and(|s| !has_stable || s < *at && *at - s < 8);
        if near_steroids {
            members.push((Feature::CorticosteroidsWithin { length, strict }, on && !off));
        } else if has_stable {
            members.push((Feature::StableLessThan { length, strict }, false));
        } else {
            members.push((Feature::TreatedWithin { length, strict }, matches!(window.bound, Bound::Within { .. })));
        }
    }
    if has_stable {
        members.push(if neurologically {
            (Feature::NeurologicallyUnstable, false)
        } else {
            (Feature::NotStable, false)
        });
    }
    if off && !members.iter().any(|(f, _)| matches!(f, Feature::CorticosteroidsWithin { .. })) {
        members.push((Feature::OnCorticosteroids, false));
    }
    if on && !off {
        phrase.take(Cue::Steroids);
        phrase.take(Cue::Requiring);
        if !members.iter().any(|(f, _)| matches!(f, Feature::CorticosteroidsWithin { .. })) {
            members.push((Feature::OnCorticosteroids, true));
        }
    }
    if phrase.take(Cue::Asymptomatic) {
        members.push((Feature::Symptomatic, false));
    }
    if phrase.take(Cue::Symptomatic) {
        members.push((Feature::Symptomatic, true));
    }
    if phrase.take(Cue::Untreated) {
        members.push((Feature::Untreated, true));
    }
    if phrase.take(Cue::TreatedLesion)
        || phrase
            .elements
            .iter()
            .enumerate()
            .any(|(at, e)| !phrase.is_used(at) && e.is(Cue::Received) && e.text.starts_with("treated"))
    {
        phrase.take(Cue::Received);
        phrase.take(Cue::Prior);
        members.push((Feature::Untreated, false));
    }
    if phrase.take(Cue::ProgressiveDisease) | phrase.take(Cue::Progressed) {
        members.push((Feature::Progressing, true));
    }
    if phrase.take(Cue::Uncontrolled) {
        members.push((Feature::NotStable, true));
    }
    if phrase.take(Cue::Active) {
        // "Active" is untreated, progressing or symptomatic disease; stability settles it.
        members.push((Feature::NotStable, true));
    }
    if let Some(size) = size(phrase) {
        members.push((size, true));
    }
    if alternatives && members.len() > 1 {
        phrase.take(Cue::Or);
    }
    Features { alternatives: alternatives && members.len() > 1, members }
}

/// "< 2 cm", "≤ 20 mm".
fn size(phrase: &mut Phrase) -> Option<Feature> {
    let unit = phrase.find(|e| e.text == "cm" || e.text == "mm" || e.text == "centimeter" || e.text == "millimeter")?;
    let scale = if phrase.get(unit)?.text.starts_with('c') { 10.0 } else { 1.0 };
    let bound = bounds::take(phrase, |e| matches!(e.text.as_str(), "cm" | "mm" | "centimeter" | "millimeter"), true)?;
    phrase.claim(unit);
    let (comparison, value) = bound.pairs().into_iter().next()?;
    Some(Feature::Size { comparison, millimetres: Decimal::new(value * scale) })
}
