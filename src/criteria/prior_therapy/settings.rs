//! The settings that a phrase names.

use super::SettingIs;
use crate::grammar::elements::{Cue, Element};
use crate::grammar::phrase::Phrase;

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
            Some(Cue::SettingAdjuvant) => SettingIs::Adjuvant,
            Some(Cue::SettingNeoadjuvant) => SettingIs::Neoadjuvant,
            Some(Cue::SettingEarly) => SettingIs::Early,
            Some(Cue::AnySetting) => SettingIs::Any,
            _ => continue,
        };
        phrase.claim(at);
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
