//! Sentences that tell how something is done and ask nothing.

use crate::criteria::reader::coordination::outside;
use crate::criteria::reader::statements::clauses::names_people;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::is_neutral;
use crate::lexicon::structure::{self, Words};

/// "Receptor status will be determined by the local laboratory", "computed tomography may be used instead": how the
/// study is run, nothing of the patient (convention 39).
pub(super) fn tells_procedure(elements: &[Element]) -> bool {
    if speaks_of_course(elements) || speaks_of_assessment(elements) {
        return true;
    }
    let Some(at) = verb(elements) else { return false };
    let modal = elements.get(at);
    let may = modal.is_some_and(|e| e.is(Cue::May)) && !names_people(elements.get(..at).unwrap_or_default());
    let will = modal.is_some_and(|e| e.is(Cue::Filler) && e.text == "will be");
    let asks = |e: &Element| {
        matches!(
            e.sense,
            Sense::Number(_) | Sense::Cue(Cue::Must | Cue::MustNot | Cue::Not | Cue::Forbidden | Cue::Allowed)
        )
    };
    let conditional = elements.iter().any(|e| e.is(Cue::If));
    let used = elements.get(at + 1).is_some_and(|e| e.text.starts_with("used"));
    (will && !conditional || may && used && is_test(elements.get(..at).unwrap_or_default()))
        && !elements.iter().any(asks)
}

/// "A detailed assessment of the history of hepatitis must be done": something that the study does.
fn speaks_of_assessment(elements: &[Element]) -> bool {
    let Some(at) = outside(elements).find(|(_, e)| e.is(Cue::Must)).map(|(at, _)| at) else { return false };
    let subject = elements.get(..at).unwrap_or_default();
    let done = elements.iter().skip(at).take(4).any(|e| {
        e.text
            .split(' ')
            .any(|w| matches!(w, "done" | "performed" | "obtained" | "conducted" | "undertaken" | "recorded"))
    });
    let assessed = subject.iter().any(|e| {
        e.text
            .split(' ')
            .any(|w| matches!(w, "assessment" | "evaluation" | "review" | "testing" | "screening" | "workup"))
    });
    let measured =
        elements.iter().any(|e| matches!(e.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Cue(Cue::Not)));
    done && assessed && !measured && !names_people(subject)
}

/// "Treatment must not begin before the day after the transfusion": a rule for conduct on study.
fn speaks_of_course(elements: &[Element]) -> bool {
    let treatment = elements.iter().take(4).any(|e| {
        matches!(
            e.text.as_str(),
            "treatment" | "initial treatment" | "study treatment" | "protocol treatment" | "therapy"
        )
    });
    let begins = elements.iter().zip(elements.iter().skip(1)).take(6).any(|(modal, verb)| {
        (modal.is(Cue::MustNot) || modal.is(Cue::Must))
            && matches!(verb.text.split(' ').next(), Some("begin" | "start" | "commence"))
    });
    treatment && begins
}

/// "HER2 testing must be performed in an accredited laboratory": a test that is still to be done as the protocol says
/// (convention 31).
pub(super) fn asks_for_test(elements: &[Element]) -> bool {
    // "All patients must be screened for hepatitis B up to 28 days before the start".
    let screened = elements.iter().take(8).zip(elements.iter().skip(1)).any(|(must, verb)| {
        must.is(Cue::Must) && matches!(verb.text.as_str(), "screened" | "tested" | "screened for" | "tested for")
    });
    if screened
        && !elements.iter().any(|e| {
            matches!(e.sense, Sense::Cue(Cue::Positive | Cue::Negative | Cue::Not | Cue::MustNot | Cue::Allowed))
        })
    {
        return true;
    }
    let Some(at) = verb(elements).filter(|at| elements.get(*at).is_some_and(|e| e.is(Cue::Must))) else { return false };
    is_test(elements.get(..at).unwrap_or_default())
        && !elements.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Number(_)
                    | Sense::Compare(_)
                    | Sense::Cue(Cue::Positive | Cue::Negative | Cue::Not | Cue::MustNot)
            )
        })
}

/// The place of the modal word before a verb that speaks of tests and records.
fn verb(elements: &[Element]) -> Option<usize> {
    outside(elements)
        .find(|(at, e)| {
            (e.is(Cue::Must) || e.is(Cue::May) || e.is(Cue::Filler) && e.text == "will be")
                && elements.get(at + 1).is_some_and(|verb| {
                    verb.text.split(' ').next().is_some_and(|word| structure::holds(Words::Procedure, word))
                })
        })
        .map(|(at, _)| at)
}

/// Whether a subject names a test and nothing of the patient besides the receptor that it is for.
fn is_test(subject: &[Element]) -> bool {
    const TESTS: &[&str] = &[
        "testing",
        "test",
        "assay",
        "assessment",
        "measurement",
        "evaluation",
        "imaging",
        "scan",
        "mri",
        "ct",
        "mammogram",
        "mammography",
        "computed tomography",
        "magnetic resonance imaging",
        "ct scan",
        "x-ray",
        "sample",
        "specimen",
        "biopsy",
        "echocardiogram",
        "electrocardiogram",
        "staining",
        "result",
        "laboratory",
    ];
    let test = |e: &Element| TESTS.iter().any(|t| e.text == *t || e.text.split([' ', '-']).any(|word| word == *t));
    subject.iter().any(test)
        && !names_people(subject)
        && subject.iter().all(|e| {
            test(e)
                || is_neutral(e)
                || matches!(
                    e.sense,
                    Sense::Cue(Cue::Her2 | Cue::Er | Cue::Pr | Cue::Hr | Cue::PdL1 | Cue::Ish | Cue::Ihc | Cue::Or)
                )
                || structure::holds_all(Words::Title, &e.text)
        })
}

/// "ER is considered positive if 10 % of cells stain": the trial's own cut-off, which is read before its criteria.
pub(super) fn defines_receptor(elements: &[Element]) -> bool {
    let receptor = |e: &Element| matches!(e.sense, Sense::Cue(Cue::Er | Cue::Pr | Cue::Hr));
    let verb = |e: &Element| ["considered", "classified", "regarded"].iter().any(|v| e.text.contains(v));
    let result = |e: &Element| matches!(e.sense, Sense::Cue(Cue::Positive | Cue::Negative));
    elements.iter().any(receptor)
        && elements.iter().position(verb).is_some_and(|at| {
            elements.get(at + 1..at + 4).unwrap_or_default().iter().any(result)
                && elements.iter().skip(at).any(|e| e.is(Cue::If))
                && elements.iter().skip(at).any(|e| matches!(e.sense, Sense::Number(_)))
        })
}

/// "Lesions in an irradiated field are considered measurable if they have progressed": what counts as measurable, which
/// the patient's own statement answers already.
pub(super) fn defines_measurability(elements: &[Element]) -> bool {
    let counts = elements.iter().position(|e| {
        ["considered", "regarded", "counted", "selected", "chosen", "deemed"].iter().any(|verb| e.text.contains(verb))
    });
    let Some(at) = counts else { return false };
    let treated = |e: &Element| {
        ["irradiat", "radiat", "radioth", "biops", "locoregional", "local therapy", "local treatment"]
            .iter()
            .any(|part| e.text.contains(part))
    };
    let measurable = |e: &Element| {
        e.is(Cue::Measurable) || e.is(Cue::NonMeasurable) || e.text.contains("target") || e.text.contains("evaluable")
    };
    let lesion = |e: &Element| {
        e.is(Cue::Measurable) || ["lesion", "tumor", "disease", "site", "area"].iter().any(|w| e.text.contains(w))
    };
    elements.iter().any(treated) && elements.iter().skip(at).any(measurable) && elements.iter().take(at).any(lesion)
}
