//! The settings that a phrase names.

use super::SettingIs;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;

/// Claims the settings within a part of a phrase and says which count.
pub fn setting_in(phrase: &mut Phrase, from: usize, to: usize) -> SettingIs {
    let mut found = Vec::new();
    let mut last: Option<usize> = None;
    for at in from..to {
        if phrase.is_used(at) {
            continue;
        }
        let setting = match phrase.get(at).and_then(Element::cue) {
            Some(Cue::SettingMetastatic | Cue::MetastaticDisease) => SettingIs::Metastatic,
            Some(Cue::Advanced | Cue::LocallyAdvanced) if in_a_setting(phrase, at) => SettingIs::Metastatic,
            Some(Cue::Recurrent | Cue::Advanced | Cue::LocallyAdvanced) if joined_to_setting(phrase, at) => {
                SettingIs::Metastatic
            }
            Some(Cue::SettingAdjuvant) => SettingIs::Adjuvant,
            Some(Cue::SettingNeoadjuvant) => SettingIs::Neoadjuvant,
            Some(Cue::SettingEarly) => SettingIs::Early,
            Some(Cue::AnySetting) => SettingIs::Any,
            _ => continue,
        };
        phrase.claim(at);
        // "Locally recurrent or metastatic breast cancer": the cancer says the extent again.
        let cancer = (at + 1..at + 4).find(|&i| {
            phrase.get(i).is_some_and(|e| {
                matches!(e.sense, Sense::Concept(Concept::Cancer(_)))
                    && (e.text.starts_with("metastatic ") || e.text.starts_with("advanced "))
            })
        });
        if let Some(cancer) = cancer.filter(|_| setting == SettingIs::Metastatic) {
            for i in at + 1..cancer {
                if phrase.get(i).is_some_and(|e| e.is(Cue::Or) || e.is_char('/')) {
                    phrase.claim(i);
                }
            }
        }
        // "Adjuvant or metastatic": the connector between two settings belongs to them.
        if let Some(before) = last {
            for i in before + 1..at {
                let joins = phrase.get(i).is_some_and(|e| e.is(Cue::Or) || e.is_char('/') || e.text == "and/or");
                if joins && at - before <= 4 {
                    phrase.claim(i);
                }
            }
        }
        last = Some(at);
        found.push(setting);
    }
    let early = found.iter().any(|s| matches!(s, SettingIs::Adjuvant | SettingIs::Neoadjuvant | SettingIs::Early));
    match found.as_slice() {
        [] => SettingIs::Any,
        [one] => *one,
        _ if early && found.contains(&SettingIs::Metastatic) => {
            let both = found.contains(&SettingIs::Early)
                || found.contains(&SettingIs::Adjuvant) && found.contains(&SettingIs::Neoadjuvant);
            if both { SettingIs::Any } else { SettingIs::AdjuvantOrMetastatic }
        }
        _ if early && found.iter().all(|s| *s == SettingIs::Adjuvant) => SettingIs::Adjuvant,
        _ if early && found.iter().all(|s| *s == SettingIs::Neoadjuvant) => SettingIs::Neoadjuvant,
        _ if early => SettingIs::Early,
        [first, ..] => *first,
    }
}

/// "Recurrent or metastatic disease", "locally advanced/metastatic": one of two names of one setting.
fn joined_to_setting(phrase: &Phrase, at: usize) -> bool {
    let setting = |i: usize| {
        phrase.get(i).is_some_and(|e| {
            matches!(
                e.cue(),
                Some(Cue::SettingMetastatic | Cue::MetastaticDisease | Cue::Advanced | Cue::LocallyAdvanced)
            ) || matches!(e.sense, Sense::Concept(Concept::Cancer(_)))
                && (e.text.starts_with("metastatic ") || e.text.starts_with("advanced "))
        })
    };
    let joint =
        |i: usize| phrase.get(i).is_some_and(|e| e.is(Cue::Or) || e.is_char('/') || e.is_char(',') || e.is_char('('));
    let skip = |i: usize| phrase.get(i).is_some_and(|e| e.is(Cue::Filler) || joint(i));
    let after = (at + 1..at + 4).find(|&i| !skip(i)).is_some_and(|i| setting(i) && (at + 1..i).any(joint));
    let before =
        (at.saturating_sub(3)..at).rev().find(|&i| !skip(i)).is_some_and(|i| setting(i) && (i + 1..at).any(joint));
    after || before
}

/// "For advanced disease", "in the advanced setting", "advanced/metastatic setting".
fn in_a_setting(phrase: &Phrase, at: usize) -> bool {
    let near = |i: usize| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.text.as_str(), "for" | "in" | "setting" | "the" | "/")
                || e.is(Cue::SettingMetastatic)
                || e.is(Cue::MetastaticDisease)
                || e.is(Cue::SettingAdjuvant)
        })
    };
    at.checked_sub(1).is_some_and(near) || near(at + 1)
}
