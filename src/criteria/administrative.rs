//! What only a person can confirm: consent, compliance, contraception, tissue, judgement (conventions 7, 20, 31, 36).

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::Context;
use crate::criteria::menopausal_status::{self, Menopause};
use crate::criteria::metastatic_sites::Site;
use crate::criteria::pregnancy::Pregnancy;
use crate::criteria::reader::{read_condition_list, read_elements, trim};
use crate::criteria::requirement::{Requirement, Section};
use crate::criteria::sex;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Phrase};
use crate::lexicon::concepts::Concept;
use crate::patient::profile::Sex;

/// Cues without one of which nothing here has anything to say.
const OWN: Cues =
    Cues::of(&[Cue::Contraception, Cue::CatchAll, Cue::AdequateFunction, Cue::Administrative, Cue::Anchor]);

fn has(elements: &[Element], cue: Cue) -> bool {
    elements.iter().any(|e| e.is(cue))
}

/// Reads a whole item that only a person can settle, in the sense of "may enter".
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    if !Cues::held(elements).share(OWN) {
        return None;
    }
    if has(elements, Cue::Contraception) {
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
        // "Premenopausal women on ovarian suppression, or agreeable to it" binds those alone.
        && !(treatment && has(elements, Cue::Or) && (has(elements, Cue::Premenopausal) || has(elements, Cue::Postmenopausal)))
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
    let named_women = has(elements, Cue::Female) || has(elements, Cue::Premenopausal);
    // "Patients who are fertile": of either sex.
    let either = !named_women
        && elements.iter().any(|e| ["fertile", "reproductive", "fertility"].iter().any(|w| e.text.contains(w)));
    let men = either
        || has(elements, Cue::Male)
        || elements.iter().any(|e| e.text.contains("partner") && !named_women || e.text.contains("sperm"));
    let women = named_women || has(elements, Cue::Childbearing);
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
    let end = elements.iter().position(|e| e.is(Cue::CatchAll)).unwrap_or(elements.len());
    if let Some(read) = before_social_situations(elements.get(..end).unwrap_or_default(), context) {
        return Requirement::all(vec![read, Requirement::Confirm]);
    }
    let before = elements.get(..end).unwrap_or_default();
    let behind = elements.get(end..).unwrap_or_default();
    let named = read_condition_list(before, context);
    let listed = read_condition_list(examples(behind), context);
    // "Any condition that ...": what is not named counts as well.
    let general = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Condition(c)) if c.what == What::Anything);
    let open = named.is_empty() || named.iter().any(general) || before.iter().any(is_open);
    // "Active connective tissue disease that would interfere": nothing but the disease named, so that its absence
    // settles it (convention 20).
    let closed = !open && listed.is_empty() && !has(elements, Cue::Including);
    if closed || !open && has(elements, Cue::Judgement) {
        return Requirement::Judged(Box::new(Requirement::any(named))).negated();
    }
    if has(elements, Cue::Judgement) {
        return Requirement::Confirm;
    }
    let mut members: Vec<Requirement> =
        named.into_iter().chain(listed).map(|c| Requirement::all(vec![c, Requirement::Confirm])).collect();
    if open {
        members.push(Requirement::Confirm);
    }
    Requirement::any(members).negated()
}

/// "Illness including infection, heart failure, arrhythmia, or psychiatric illness/social situations that would limit
/// compliance": the clause is said of the last member alone; the diseases before it count by themselves.
fn before_social_situations(before: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let last = before.iter().position(|e| {
        e.text.contains("social") && e.text.contains("situation") || e.text == "social" || e.text == "social situation"
    })?;
    let comma = before.get(..last)?.iter().rposition(|e| e.is_char(',') || e.is_char(';'))?;
    let (diseases, tail) = (before.get(..comma)?, before.get(comma..)?);
    // Nothing but an illness of the mind and the circumstances stand in the last member.
    let plain = tail.iter().all(|e| {
        crate::grammar::phrase::is_neutral(e)
            || matches!(e.sense, Sense::Punctuation(_) | Sense::Word | Sense::Cue(Cue::Or | Cue::And | Cue::Filler))
            || matches!(e.sense, Sense::Concept(Concept::Condition(_))) && e.text.contains("psych")
    });
    let named = diseases.iter().filter(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_)))).count();
    if !plain || named < 2 {
        return None;
    }
    let read = read_elements(trim(diseases), context);
    (!read.has_unread() && read != Requirement::Nothing).then_some(read)
}

/// What follows a catch-all as an example of it ("such as an infection") or as an alternative ("or inability to swallow").
fn examples(behind: &[Element]) -> &[Element] {
    let neutral = crate::grammar::phrase::is_neutral;
    let from = behind.iter().position(|e| e.is(Cue::Including)).or_else(|| {
        let or = behind.iter().position(|e| e.is(Cue::Or))?;
        let next = behind.iter().skip(or + 1).find(|e| !neutral(e))?;
        matches!(next.sense, Sense::Concept(Concept::Condition(_))).then_some(or)
    });
    from.and_then(|from| behind.get(from..)).unwrap_or_default()
}

/// Whether a word leaves open what is meant: "any condition", "other circumstances".
fn is_open(element: &Element) -> bool {
    matches!(element.sense, Sense::Word | Sense::Cue(Cue::Filler))
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
    let absorbed = elements.iter().any(|e| e.text.contains("absor") || e.text.contains("bioavail"));
    if !absorbed {
        return false;
    }
    let named = elements.iter().any(|e| {
        matches!(e.sense, Sense::Concept(Concept::Condition(_) | Concept::Procedure(_)))
            || e.text.contains("gastrointestinal")
            || e.text.contains("swallow")
    });
    named
        && !has(elements, Cue::Judgement)
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
    let recurs = phrase.elements.iter().any(|e| e.text == "recur" || e.text == "to recur");
    if recurs || is_about_absorption(&phrase.elements) {
        return None;
    }
    let planned = phrase.has(Cue::Planned);
    let catch_all = phrase.has(Cue::CatchAll);
    let adequate = phrase.has(Cue::AdequateFunction) && !figures && !clinical;
    // "Agreeable to ovarian suppression": a will, whatever it is about.
    let wills = || {
        phrase.elements.iter().find(|e| !crate::grammar::phrase::is_neutral(e)).is_some_and(|e| {
            e.is(Cue::Administrative) && ["willing", "agree"].iter().any(|word| e.text.starts_with(word))
        }) && !figures
    };
    let administrative = phrase.has(Cue::Administrative) && (!clinical || wills());
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
