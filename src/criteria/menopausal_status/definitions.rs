//! Definitions of menopause and of childbearing potential inside an item: the profile states the status itself.

use crate::criteria::reader::closing;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{labs, procedures};

/// Words in definitions of menopause. Sorted.
const WORDS: &[&str] = &[
    "ablation",
    "ago",
    "alternative",
    "amenorrhea",
    "amenorrheic",
    "amenorrhoea",
    "amenorrhoeic",
    "anatomically",
    "apply",
    "assay",
    "becoming",
    "bilateral",
    "biochemical",
    "biologically",
    "birth",
    "capable",
    "castration",
    "cause",
    "cessation",
    "chemically",
    "child",
    "childbearing",
    "conceive",
    "confirmatory",
    "consecutive",
    "criterion",
    "cycle",
    "definition",
    "elevated",
    "estrogen",
    "evidence",
    "exogenous",
    "experienced",
    "fallopian",
    "female",
    "fertile",
    "fertility",
    "following",
    "function",
    "functioning",
    "gave",
    "given",
    "gonadotropin",
    "high",
    "hormonal",
    "hormone",
    "hysterectomized",
    "identifiable",
    "induced",
    "infertile",
    "intact",
    "intended",
    "interval",
    "irradiation",
    "lab",
    "laboratory",
    "last",
    "least",
    "level",
    "local",
    "mature",
    "medical",
    "medically",
    "menarche",
    "menopausal",
    "menopause",
    "mense",
    "menses",
    "menstrual",
    "menstrual period",
    "menstruate",
    "menstruated",
    "menstruating",
    "menstruation",
    "natural",
    "naturally",
    "occlusion",
    "older",
    "onset",
    "ovarian",
    "ovarie",
    "ovary",
    "ovum",
    "period",
    "permanent",
    "permanently",
    "physiologic",
    "physiological",
    "physiologically",
    "plasma",
    "possible",
    "post",
    "potential",
    "pregnancy",
    "premature",
    "profile",
    "progression",
    "radiation",
    "range",
    "recent",
    "reference",
    "remove",
    "removed",
    "reproductive",
    "requirement",
    "result",
    "serum",
    "sexually",
    "single",
    "specific",
    "spontaneous",
    "spontaneously",
    "standard",
    "status",
    "sterile",
    "sterility",
    "sterilized",
    "suppression",
    "supraphysiologic",
    "surgical",
    "surgically",
    "therapeutic",
    "total",
    "treatment",
    "tubal",
    "tube",
    "undergone",
    "unknown",
    "using",
    "uterus",
    "value",
    "without",
    "young",
    "younger",
];

/// What makes a part a definition.
fn is_distinctive(element: &Element) -> bool {
    let text = element.text.as_str();
    [
        "amenorrh",
        "mense",
        "menstru",
        "menarche",
        "steril",
        "uterus",
        "ovary",
        "ovarie",
        "physiologically",
        "biologically",
    ]
    .iter()
    .any(|w| text.starts_with(w))
        || matches!(element.sense, Sense::Concept(Concept::Procedure(_))) && is_sterilising(element)
        || is_sex_hormone(element)
}

/// A test of the sex hormones.
pub(super) fn is_sex_hormone(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Lab(row))
    if labs::all().get(usize::from(row)).is_some_and(|lab| {
        lab.id.contains("estradiol") || lab.id.contains("follicle") || lab.id.contains("luteinizing")
    }))
}

fn is_sterilising(element: &Element) -> bool {
    let Sense::Concept(Concept::Procedure(row)) = element.sense else { return false };
    procedures::all().get(usize::from(row)).is_some_and(|p| {
        ["oophorectomy", "hysterectomy", "tubal", "salping", "ovar", "steril", "castration", "vasectomy"]
            .iter()
            .any(|w| p.id.contains(w))
    })
}

/// Whether an element can stand in a definition of menopause.
fn fits(element: &Element) -> bool {
    match element.sense {
        Sense::Punctuation(_) | Sense::Number(_) | Sense::Compare(_) | Sense::Ordinal(_) => true,
        Sense::Cue(cue) => {
            time_unit(element).is_some()
                || matches!(
                    cue,
                    Cue::Filler
                        | Cue::And
                        | Cue::Or
                        | Cue::With
                        | Cue::Not
                        | Cue::If
                        | Cue::Unless
                        | Cue::Except
                        | Cue::Must
                        | Cue::Within
                        | Cue::Before
                        | Cue::After
                        | Cue::Since
                        | Cue::Duration
                        | Cue::Between
                        | Cue::Equal
                        | Cue::OrMore
                        | Cue::OrLess
                        | Cue::Prior
                        | Cue::History
                        | Cue::Received
                        | Cue::Receiving
                        | Cue::Therapy
                        | Cue::Anchor
                        | Cue::LastDose
                        | Cue::OneOf
                        | Cue::AllOf
                        | Cue::Including
                        | Cue::Female
                        | Cue::Male
                        | Cue::Postmenopausal
                        | Cue::Premenopausal
                        | Cue::Perimenopausal
                        | Cue::Childbearing
                        | Cue::Normal
                        | Cue::Neutral
                        | Cue::NoLimit
                        | Cue::Active
                        | Cue::Contraception
                        | Cue::Times
                        | Cue::High
                        | Cue::Suspected
                        | Cue::Planned
                        | Cue::UnknownStatus
                )
        }
        Sense::Concept(concept) => match concept {
            Concept::Lab(_) => is_sex_hormone(element) || element.text.contains("hormone"),
            Concept::Procedure(_) => is_sterilising(element) || element.text.contains("radi"),
            Concept::DrugClass(_) | Concept::Drug(_) | Concept::MedicationClass(_) | Concept::Medication(_) => true,
            Concept::Unit(_) => true,
            Concept::Site(_) => element.text.starts_with("ovar"),
            Concept::Condition(_) => ["menopaus", "ovarian failure", "infertil", "vasomotor", "amenorrh"]
                .iter()
                .any(|w| element.text.contains(w)),
            _ => false,
        },
        Sense::Word => WORDS.binary_search(&element.text.as_str()).is_ok(),
        Sense::Score(_) => false,
    }
}

pub(super) fn is_status(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Cue(Cue::Postmenopausal | Cue::Premenopausal | Cue::Perimenopausal | Cue::Childbearing)
    )
}

/// What opens a definition behind a status.
fn opens(element: &Element) -> bool {
    ["defin", "consider", "confirmed by", "evidenced", "based", "according", "documented by", "as shown"]
        .iter()
        .any(|w| element.text.contains(w))
        || element.is_char('(')
        || element.is_char(':')
        || element.is_char('[')
        || element.is(Cue::Including)
        || matches!(element.text.as_str(), "either" | "due to" | "i . e ." | "because of" | "by")
}

/// Whether a whole part is a definition.
pub(super) fn is_definition(part: &[Element]) -> bool {
    part.iter().all(fits) && part.iter().any(is_distinctive)
}

/// The item without its definitions; `None` where it has none. What is left may be empty.
pub(super) fn without(elements: &[Element]) -> Option<Vec<Element>> {
    let mut out: Vec<Element> = Vec::with_capacity(elements.len());
    let mut cut = false;
    let mut defined = false;
    let mut from = 0;
    while from < elements.len() {
        let end = sentence_end(elements, from);
        let sentence = elements.get(from..end).unwrap_or_default();
        let stop = elements.get(end);
        let (kept, shorter) = sentence_without(sentence, defined);
        cut |= shorter;
        defined |= shorter;
        if !kept.is_empty() {
            out.extend(kept.iter().cloned());
            out.extend(stop.cloned());
        }
        from = end + 1;
    }
    cut.then_some(out)
}

fn sentence_without(sentence: &[Element], defined: bool) -> (Vec<Element>, bool) {
    let speaks = sentence.iter().any(is_status);
    let says =
        sentence.iter().any(|e| e.text.contains("defin") || e.text.contains("consider") || e.text == "requirement");
    // "Women are considered postmenopausal if ...", and what goes on with a definition before it.
    if is_definition(sentence) && (speaks && says || defined) && !asks(sentence) {
        return (Vec::new(), true);
    }
    let Some(status) = sentence.iter().position(is_status) else { return (sentence.to_vec(), false) };
    let mut at = status + 1;
    while let Some(element) = sentence.get(at) {
        if opens(element) {
            let bracket = element.is_char('(') || element.is_char('[');
            let end = if bracket { closing(sentence, at) } else { sentence.len() };
            let tail = sentence.get(at + 1..end).unwrap_or_default();
            // "Postmenopausal, or premenopausal under ovarian suppression" names another status.
            let same = sentence.get(status).is_some_and(|e| e.is(Cue::Childbearing))
                || !tail.iter().any(|e| is_status(e) && !e.is(Cue::Postmenopausal) && !e.is(Cue::Childbearing));
            if same && is_definition(tail) {
                let rest = sentence.get(end + usize::from(bracket)..).unwrap_or_default();
                let kept: Vec<Element> = sentence.iter().take(at).chain(rest).cloned().collect();
                return (kept, true);
            }
            if bracket {
                at = end;
            }
        }
        at += 1;
    }
    (sentence.to_vec(), false)
}

/// "Patients must be postmenopausal, defined as ...": the sentence asks the status.
fn asks(sentence: &[Element]) -> bool {
    let status = sentence.iter().position(is_status).unwrap_or(0);
    let says =
        sentence.iter().position(|e| e.text.contains("defin") || e.text.contains("consider")).unwrap_or(sentence.len());
    status < says
        && !sentence.iter().take(says + 1).skip(status).any(|e| {
            e.text.starts_with("is ")
                || e.text.starts_with("are ")
                || e.text == "is"
                || e.text == "are"
                || e.text.contains("will be")
        })
}

fn sentence_end(elements: &[Element], from: usize) -> usize {
    let mut at = from;
    while let Some(element) = elements.get(at) {
        if element.is_char('(') || element.is_char('[') {
            at = closing(elements, at).max(at + 1);
            continue;
        }
        let stop = element.is_char('.') && elements.get(at + 1).is_none_or(|next| next.spaced || next.capital);
        if stop || element.is_char(';') {
            return at;
        }
        at += 1;
    }
    elements.len()
}
