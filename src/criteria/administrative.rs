//! What only a person can confirm: consent, compliance, contraception, tissue, judgement (conventions 7, 20, 31, 36).

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::menopausal_status::{self, Menopause};
use crate::criteria::metastatic_sites::Site;
use crate::criteria::pregnancy::Pregnancy;
use crate::criteria::reader::read_condition_list;
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::sex;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::patient::profile::Sex;

fn has(elements: &[Element], cue: Cue) -> bool {
    elements.iter().any(|e| e.is(cue))
}

/// Reads a whole item that only a person can settle, in the sense of "may enter".
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    // "Surgical sterilisation" in a definition beside a pregnancy test is no contraception.
    let sterile = |e: &Element| e.is(Cue::Contraception) && e.text.contains("steril");
    let defines = has(elements, Cue::PregnancyTest)
        && elements.iter().filter(|e| e.is(Cue::Contraception)).all(sterile)
        && elements.iter().any(|e| e.text.contains("defin") || e.text.contains("consider"));
    if has(elements, Cue::Contraception) && !defines {
        return Some(contraception(elements));
    }
    let number = |e: &Element| matches!(e.sense, Sense::Number(_));
    let age = elements.windows(2).any(|pair| matches!(pair, [figure, unit] if number(figure) && unit.is(Cue::Year)));
    let bounds = elements.iter().any(|e| matches!(e.sense, Sense::Compare(_))) && elements.iter().any(number)
        || age && !has(elements, Cue::Within) && !has(elements, Cue::After);
    let laboratory = elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_))));
    let treatment =
        elements.iter().any(|e| matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_))));
    if has(elements, Cue::LifeExpectancy) || has(elements, Cue::Ecog) {
        return None;
    }
    if is_about_absorption(elements) {
        return None;
    }
    if has(elements, Cue::CatchAll) && context.section == Section::Exclusion && !bounds {
        return Some(catch_all(elements, context));
    }
    if has(elements, Cue::AdequateFunction)
        && !bounds
        && !laboratory
        && !treatment
        && opens_with(elements, Cue::AdequateFunction)
    {
        return Some(Requirement::Confirm);
    }
    let clinical = elements
        .iter()
        .any(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Biomarker(_) | Concept::Lab(_))))
        || treatment
        || bounds;
    let timed = elements.iter().any(|e| crate::grammar::windows::time_unit(e).is_some());
    let strong = elements.iter().any(|e| {
        (e.is(Cue::Administrative) || e.is(Cue::Anchor) && !timed)
            && [
                "consent",
                "willing",
                "sign",
                "agree",
                "comply",
                "complian",
                "understand",
                "adher",
                "cooperat",
                "prison",
                "legal",
                "unwilling",
                "authoriz",
                "hipaa",
                "questionnaire",
            ]
            .iter()
            .any(|w| e.text.contains(w))
    });
    if (strong || has(elements, Cue::Administrative))
        && (strong && !bounds || !clinical)
        && !has(elements, Cue::Pregnant)
        && !has(elements, Cue::PregnancyTest)
    {
        return Some(Requirement::Confirm);
    }
    None
}

/// Whether the cue stands before any other word with a meaning.
fn opens_with(elements: &[Element], cue: Cue) -> bool {
    elements.iter().find(|e| e.is(cue) || !crate::grammar::phrase::is_neutral(e)).is_some_and(|e| e.is(cue))
}

/// Contraception binds women of childbearing potential, and men where they are named (convention 9).
fn contraception(elements: &[Element]) -> Requirement {
    let childbearing = menopausal_status::is(Menopause::ChildbearingPotential);
    // "Patients who are fertile" are of either sex.
    let fertile = |e: &Element| e.is(Cue::Childbearing) && ["fertile", "reproducti"].iter().any(|w| e.text.contains(w));
    let women = has(elements, Cue::Female)
        || has(elements, Cue::Premenopausal)
        || elements.iter().any(|e| e.is(Cue::Childbearing) && !fertile(e));
    let men = has(elements, Cue::Male)
        || elements.iter().any(|e| e.text.contains("partner") && !women || e.text.contains("sperm"));
    let bound = match (women, men) {
        (true, false) => childbearing,
        (false, true) => sex::is(Sex::Male),
        _ => Requirement::any(vec![childbearing, sex::is(Sex::Male)]),
    };
    let mut members = vec![Requirement::when(bound, Requirement::Confirm)];
    let states_pregnancy = elements.iter().any(|e| e.is(Cue::Pregnant) && e.text.starts_with("pregnan"))
        && elements.iter().any(|e| e.is(Cue::Not) || e.is(Cue::MustNot))
        || has(elements, Cue::PregnancyTest)
        || elements.iter().any(|e| e.is(Cue::Pregnant) && (e.text == "pregnant" || e.text.starts_with("pregnant ")))
            && !elements.iter().any(|e| e.text.contains("become") || e.text.contains("becoming"));
    if states_pregnancy {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Pregnant)).negated());
    }
    if has(elements, Cue::Breastfeeding) {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Breastfeeding)).negated());
    }
    Requirement::all(members)
}

/// "Dementia or any condition that would interfere": the diseases of its own are unknown until settled, the rest is for
/// a person; present, they are for a person too. Where the investigator is named, all of it is (conventions 20, 36).
fn catch_all(elements: &[Element], context: &Context<'_>) -> Requirement {
    let at = elements.iter().position(|e| e.is(Cue::CatchAll)).unwrap_or(elements.len());
    let before = elements.get(..at).unwrap_or_default();
    let after = elements.get(at..).unwrap_or_default();
    let named = read_condition_list(before, context);
    // "Active connective tissue disease that would interfere": nothing but the disease named, so that its absence
    // settles it (convention 20).
    let general = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Condition(c)) if c.what == What::Anything);
    let others = before.iter().any(is_open) || has(elements, Cue::Including) || after.iter().any(|e| e.is(Cue::Or));
    if let ([one], false) = (named.as_slice(), others)
        && !general(one)
    {
        return Requirement::Judged(Box::new(one.clone())).negated();
    }
    // "Any condition that ...": what is not named counts as well.
    let open = named.is_empty() || before.iter().any(is_any_illness);
    if has(elements, Cue::Judgement) {
        return if open {
            Requirement::Confirm
        } else {
            Requirement::Judged(Box::new(Requirement::any(named))).negated()
        };
    }
    let mut listed = named;
    listed.extend(read_condition_list(examples(after), context));
    let mut members: Vec<Requirement> =
        listed.into_iter().map(|c| Requirement::all(vec![c, Requirement::Confirm])).collect();
    if open {
        members.push(Requirement::Confirm);
    }
    Requirement::any(members).negated()
}

/// A word for illness of any kind.
fn is_any_illness(element: &Element) -> bool {
    !matches!(element.sense, Sense::Concept(_))
        && element.text.split(' ').any(|word| {
            [
                "condition",
                "illness",
                "disease",
                "disorder",
                "abnormalit",
                "problem",
                "circumstance",
                "situation",
                "reason",
                "factor",
                "finding",
                "comorbidit",
                "therapy",
                "treatment",
                "disabilit",
                "complication",
            ]
            .iter()
            .any(|stem| word.starts_with(stem))
        })
}

/// What follows a catch-all as an example of it ("such as an infection") or as an alternative ("or inability to swallow").
fn examples(after: &[Element]) -> &[Element] {
    let neutral = crate::grammar::phrase::is_neutral;
    let from = after.iter().position(|e| e.is(Cue::Including)).or_else(|| {
        let or = after.iter().position(|e| e.is(Cue::Or))?;
        let next = after.iter().skip(or + 1).find(|e| !neutral(e))?;
        matches!(next.sense, Sense::Concept(Concept::Condition(_))).then_some(or)
    });
    from.and_then(|from| after.get(from..)).unwrap_or_default()
}

/// Whether a word leaves open what is meant: "any condition", "other circumstances".
fn is_open(element: &Element) -> bool {
    element.is(Cue::Or)
        || matches!(element.sense, Sense::Word | Sense::Cue(Cue::Filler))
            && [
                "condition",
                "illness",
                "disease",
                "disorder",
                "circumstance",
                "finding",
                "reason",
                "factor",
                "situation",
                "abnormality",
                "problem",
                "other",
                "anything",
                "evidence",
                "comorbidity",
                "concern",
                "issue",
                "diagnosis",
                "medical",
                "complication",
                "process",
                "state",
                "dysfunction",
                "symptom",
            ]
            .iter()
            .any(|word| element.text.contains(word))
}

/// "Disease that may interfere with the absorption of the drug" is a finding, not the investigator's judgement.
fn is_about_absorption(elements: &[Element]) -> bool {
    let named = elements.iter().any(|e| {
        matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Procedure(_)))
            || e.text.contains("gastrointestinal")
            || e.text.contains("swallow")
    });
    named
        && !has(elements, Cue::Judgement)
        && elements.iter().any(|e| {
            ["absorption", "absorb", "bioavailability", "malabsorption"].iter().any(|word| e.text.contains(word))
        })
        && !elements
            .iter()
            .any(|e| e.is(Cue::Administrative) && ["consent", "comply", "complian"].iter().any(|w| e.text.contains(w)))
}

/// Reads a phrase that only a person can settle, in positive sense: planned events, judgement, tissue.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    let figures = phrase.elements.iter().any(|e| matches!(e.sense, Sense::Number(_) | Sense::Concept(Concept::Lab(_))));
    let clinical = phrase.elements.iter().any(|e| {
        matches!(
            e.sense,
            Sense::Concept(
                Concept::Drug(_)
                    | Concept::DrugClass(_)
                    | Concept::Lab(_)
                    | Concept::Condition(_)
                    | Concept::Biomarker(_)
            )
        )
    });
    if is_about_absorption(&phrase.elements) {
        return None;
    }
    let planned = phrase.has(Cue::Planned);
    let catch_all = phrase.has(Cue::CatchAll);
    let adequate = phrase.has(Cue::AdequateFunction) && !figures && !clinical;
    let administrative = phrase.has(Cue::Administrative) && !clinical;
    if !(planned || catch_all || adequate || administrative) {
        return None;
    }
    // "Pregnant, or planning to become pregnant": the list is cut first, and each member read by itself.
    let opens = phrase.elements.iter().find(|e| !crate::grammar::phrase::is_neutral(e)).is_some_and(|e| {
        matches!(e.sense, Sense::Cue(Cue::Planned | Cue::Administrative | Cue::CatchAll | Cue::AdequateFunction))
    });
    if !opens && crate::criteria::reader::is_list(&phrase.elements) {
        return None;
    }
    // "Plan for radiotherapy to a bone metastasis" needs the metastasis.
    let sites: Vec<u16> = phrase
        .elements
        .iter()
        .filter_map(|e| if let Sense::Concept(Concept::Site(row)) = e.sense { Some(row) } else { None })
        .collect();
    let names_metastasis = phrase
        .elements
        .iter()
        .any(|e| e.is(Cue::MetastaticDisease) || e.is(Cue::SettingMetastatic) || e.text == "lesion");
    let length = phrase.len();
    // "Planning to become pregnant or to father a child".
    let pregnancy = planned && phrase.elements.iter().any(|e| e.is(Cue::Pregnant) || e.text.contains("conceive"));
    let fathering = phrase.elements.iter().any(|e| e.text.contains("father") || e.is(Cue::Male));
    phrase.claim_range(0, length);
    if pregnancy {
        let who = menopausal_status::is(Menopause::ChildbearingPotential);
        let who = if fathering { Requirement::any(vec![who, sex::is(Sex::Male)]) } else { who };
        return Some(Requirement::all(vec![who, Requirement::Confirm]));
    }
    if planned && names_metastasis && !sites.is_empty() {
        return Some(Requirement::all(vec![
            Requirement::Atom(Atom::Site(Site { sites, only: false })),
            Requirement::Confirm,
        ]));
    }
    Some(Requirement::Confirm)
}
