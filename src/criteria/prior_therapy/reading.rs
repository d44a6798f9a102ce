//! How a phrase about treatment is read.

use super::{How, SettingIs, Therapy, Treatments};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::grammar::windows::{Bound, take_window};
use crate::lexicon::concepts::Concept;
use crate::lexicon::{conditions, drugs, procedures};

/// Endings of drug names and codes, for names that the vocabulary does not hold.
const DRUG_ENDINGS: &[&str] = &[
    "mab",
    "nib",
    "lisib",
    "ciclib",
    "parib",
    "strant",
    "topt",
    "tecan",
    "rubicin",
    "taxel",
    "platin",
    "limus",
    "vedotin",
    "deruxtecan",
    "sertib",
    "metinib",
    "leucel",
    "stat",
];

/// Reads a treatment with its setting, time and end, in positive sense.
pub fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let except_at = phrase.find(|e| e.is(Cue::Except));
    let head = phrase.find(|e| is_treatment(e, context))?;
    if except_at.is_some_and(|at| at < head) || speaks_of_allergy(phrase) {
        return None;
    }
    let told = [
        Cue::Received,
        Cue::Prior,
        Cue::Receiving,
        Cue::Naive,
        Cue::Progressed,
        Cue::Intolerant,
        Cue::Within,
        Cue::History,
        Cue::Since,
        Cue::LastDose,
        Cue::Active,
        Cue::Not,
        Cue::RecentTherapy,
        Cue::SettingMetastatic,
        Cue::SettingAdjuvant,
        Cue::SettingEarly,
        Cue::SettingNeoadjuvant,
        Cue::AnySetting,
    ]
    .iter()
    .any(|cue| phrase.has(*cue));
    let has_length =
        phrase.elements.iter().any(|e| crate::grammar::windows::time_unit(e).is_some() || e.is(Cue::HalfLife));
    let bare = phrase.elements.iter().all(|e| is_treatment(e, context) || crate::grammar::phrase::is_neutral(e));
    if !told && !has_length && !(bare && context.section == Section::Exclusion) {
        return None;
    }
    let what = take_treatments(phrase, context, except_at.unwrap_or(phrase.len()));
    let setting = take_setting(phrase, except_at.unwrap_or(phrase.len()));
    let except = except_at.and_then(|at| {
        let excepted = take_treatments_from(phrase, context, at, phrase.len());
        if excepted.is_empty() {
            return None;
        }
        phrase.claim(at);
        let setting = take_setting_from(phrase, at);
        Some((excepted, setting))
    });
    let window = take_window(phrase);
    let naive = phrase.take(Cue::Naive);
    let progressed = phrase.take(Cue::Progressed);
    let intolerant = phrase.take(Cue::Intolerant);
    let prior = phrase.take(Cue::Prior) | phrase.take(Cue::History);
    let receiving = phrase.elements.iter().any(|e| e.is(Cue::Receiving) && e.text != "on")
        || phrase.has(Cue::Active)
        || phrase.has(Cue::Receiving) && !prior;
    for cue in [Cue::Received, Cue::Receiving, Cue::Active, Cue::Investigational, Cue::LastDose, Cue::ForBreastCancer] {
        phrase.take(cue);
    }
    if progressed && intolerant || progressed {
        phrase.take(Cue::ProgressiveDisease);
    }
    let how = |how| Therapy { what: what.clone(), except: except.clone(), setting, how, window };
    let atom = |therapy| Requirement::Atom(Atom::Therapy(therapy));
    let requirement = if progressed && intolerant {
        Requirement::any(vec![atom(how(How::Progressed)), atom(how(How::Intolerant))])
    } else if progressed {
        atom(how(How::Progressed))
    } else if intolerant {
        atom(how(How::Intolerant))
    } else if receiving && window.is_none() && !prior && !naive {
        atom(how(How::Ongoing))
    } else {
        atom(how(How::Received))
    };
    // "At least 4 weeks since chemotherapy" asks that none was given more recently.
    let requirement = match (window.map(|w| w.bound), requirement) {
        (Some(Bound::Ago { strict }), Requirement::Atom(Atom::Therapy(mut therapy))) => {
            if let Some(w) = &mut therapy.window {
                w.bound = Bound::Within { strict: !strict };
            }
            atom(therapy).negated()
        }
        (_, requirement) => requirement,
    };
    Some(if naive { requirement.negated() } else { requirement })
}

fn is_treatment(element: &Element, context: &Context<'_>) -> bool {
    match element.sense {
        Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_)) => true,
        Sense::Concept(Concept::Procedure(row)) => procedures::all().get(row as usize).is_some_and(|p| {
            !matches!(
                p.kind,
                procedures::ProcedureKind::Diagnostic
                    | procedures::ProcedureKind::Transfusion
                    | procedures::ProcedureKind::Other
            )
        }),
        Sense::Cue(Cue::Investigational) => true,
        Sense::Word => context.interventions.contains(&element.text) || looks_like_drug(&element.text),
        _ => false,
    }
}

fn looks_like_drug(word: &str) -> bool {
    let ending = word.chars().count() > 6 && DRUG_ENDINGS.iter().any(|e| word.ends_with(e));
    let letters = word.chars().take_while(|c| c.is_ascii_alphabetic()).count();
    let code = (2..=5).contains(&letters)
        && word.chars().skip(letters).count() >= 3
        && word.chars().skip(letters).all(|c| c.is_ascii_digit());
    ending || code
}

/// "Hypersensitivity to paclitaxel" is no exposure.
fn speaks_of_allergy(phrase: &Phrase) -> bool {
    phrase.elements.iter().any(|e| match e.sense {
        Sense::Concept(Concept::Condition(row)) => conditions::all()
            .get(row as usize)
            .is_some_and(|c| c.id.contains("hypersensitiv") || c.id.contains("allerg") || c.id.contains("anaphyla")),
        _ => {
            e.text.contains("allerg")
                || e.text.contains("hypersensitiv")
                || e.text.contains("contraindicat")
                || e.text == "candidate"
        }
    })
}

fn take_treatments(phrase: &mut Phrase, context: &Context<'_>, to: usize) -> Treatments {
    take_treatments_from(phrase, context, 0, to)
}

fn take_treatments_from(phrase: &mut Phrase, context: &Context<'_>, from: usize, to: usize) -> Treatments {
    let mut what = Treatments::default();
    for at in from..to {
        if phrase.is_used(at) {
            continue;
        }
        let Some(element) = phrase.get(at) else { break };
        if !is_treatment(element, context) {
            continue;
        }
        let text = element.text.clone();
        match element.sense {
            Sense::Concept(Concept::Drug(row)) => what.drugs.push(row),
            Sense::Concept(Concept::DrugClass(row)) => {
                what.classes.push(row);
                let chemotherapy = drugs::class_by_id("chemotherapy").map(|c| c as u16);
                if context.definitions.conjugates_are_chemotherapy && Some(row) == chemotherapy {
                    what.classes.extend(drugs::class_by_id("antibody-drug-conjugate").map(|c| c as u16));
                }
            }
            Sense::Concept(Concept::Procedure(row)) => what.procedures.push(row),
            Sense::Cue(Cue::Investigational) => {
                what.classes.extend(drugs::class_by_id("investigational-agent").map(|c| c as u16))
            }
            _ => what.names.push(text),
        }
        phrase.claim(at);
        // A second one belongs to this phrase only where nothing but "/" or nothing stands between ("AI/CDK4/6 inhibitor").
        let next = phrase.get(at + 1);
        let more = next.is_some_and(|e| e.is_char('/') || is_treatment(e, context));
        if !more {
            break;
        }
    }
    what
}

fn take_setting(phrase: &mut Phrase, to: usize) -> SettingIs {
    setting_in(phrase, 0, to)
}

fn take_setting_from(phrase: &mut Phrase, from: usize) -> SettingIs {
    let to = phrase.len();
    setting_in(phrase, from, to)
}

fn setting_in(phrase: &mut Phrase, from: usize, to: usize) -> SettingIs {
    let mut found = Vec::new();
    for at in from..to {
        if phrase.is_used(at) {
            continue;
        }
        let setting = match phrase.get(at).and_then(Element::cue) {
            Some(Cue::SettingMetastatic | Cue::MetastaticDisease) => SettingIs::Metastatic,
            Some(Cue::SettingAdjuvant) => SettingIs::Adjuvant,
            Some(Cue::SettingNeoadjuvant) => SettingIs::Neoadjuvant,
            Some(Cue::SettingEarly) => SettingIs::Early,
            Some(Cue::AnySetting) => SettingIs::Any,
            _ => continue,
        };
        phrase.claim(at);
        found.push(setting);
    }
    let early = found.iter().any(|s| matches!(s, SettingIs::Adjuvant | SettingIs::Neoadjuvant | SettingIs::Early));
    match found.as_slice() {
        [] => SettingIs::Any,
        [one] => *one,
        _ if early && found.contains(&SettingIs::Metastatic) => SettingIs::Any,
        _ if early => SettingIs::Early,
        [first, ..] => *first,
    }
}
