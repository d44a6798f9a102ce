//! Pregnancy and breastfeeding (conventions 9 and 22).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::menopausal_status::{self, Menopause};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
use crate::lexicon::concepts::Concept;
use crate::lexicon::labs;
use crate::patient::profile::{MenopausalStatus, Pregnancy as Stated, Sex};
use serde::{Deserialize, Serialize};

/// A state of reproduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pregnancy {
    /// Is pregnant.
    Pregnant,
    /// Is breastfeeding.
    Breastfeeding,
}

impl Pregnancy {
    /// Answers for one patient: men and postmenopausal women are neither.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let profile = facts.profile;
        // Every fact that rules it out is cited, so that the answer stands and falls with what it shows.
        let mut against = Vec::new();
        let stated = match self {
            Self::Pregnant => profile.pregnancy.map(|p| (p == Stated::Pregnant, Fact::new("pregnancy", p))),
            Self::Breastfeeding => profile.breastfeeding.map(|b| (b, Fact::new("breastfeeding", b))),
        };
        match stated {
            Some((true, fact)) => return Answer::settled(Truth::True, vec![fact]),
            Some((false, fact)) => against.push(fact),
            None => {}
        }
        if profile.sex == Some(Sex::Male) {
            against.push(Fact::new("sex", Sex::Male));
        }
        if profile.menopausal_status == Some(MenopausalStatus::Postmenopausal) {
            against.push(Fact::new("menopausal_status", MenopausalStatus::Postmenopausal));
        }
        if !against.is_empty() {
            return Answer::settled(Truth::False, against);
        }
        Answer::unknown(if *self == Self::Pregnant { "pregnancy test" } else { "breastfeeding" })
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        match (self, holds) {
            (Self::Pregnant, true) => "the patient is pregnant",
            (Self::Pregnant, false) => "the patient is not pregnant",
            (Self::Breastfeeding, true) => "the patient is breastfeeding",
            (Self::Breastfeeding, false) => "the patient is not breastfeeding",
        }
        .to_owned()
    }
}

/// Words of an item on pregnancy that give reasons and tell how it is tested. Sorted.
const REASONS: &[&str] = &[
    "abortifacient",
    "about",
    "acceptable",
    "adverse",
    "aes",
    "agent",
    "amenorrhea",
    "amenorrheic",
    "another",
    "applicable",
    "apply",
    "assay",
    "attestation",
    "baseline",
    "because",
    "become",
    "beginning",
    "beta",
    "bhcg",
    "blood",
    "breast",
    "breastfeed",
    "category",
    "cause",
    "child",
    "clear",
    "confirmation",
    "confirmed",
    "conjugated",
    "could",
    "current",
    "dangerous",
    "deleterious",
    "determination",
    "developing",
    "dipstick",
    "discontinue",
    "dose",
    "early",
    "effect",
    "effects",
    "embryo",
    "enrolling",
    "excreted",
    "exposure",
    "fetal",
    "fetu",
    "fetus",
    "final",
    "following",
    "formation",
    "found",
    "gestation",
    "get",
    "harm",
    "harmful",
    "highly",
    "human",
    "hysterectomized",
    "infant",
    "infants",
    "initial",
    "initiation",
    "intact",
    "interpretation",
    "interpreted",
    "investigation",
    "iocbp",
    "item",
    "known",
    "laboratory",
    "last",
    "likely",
    "menopause",
    "menses",
    "menstrual",
    "milk",
    "mother",
    "negative",
    "newborn",
    "next",
    "non",
    "onset",
    "onto",
    "out",
    "outside",
    "period",
    "policy",
    "positive",
    "possible",
    "potential",
    "potentially",
    "pre",
    "preferred",
    "premenopausal",
    "prestudy",
    "procedure",
    "product",
    "property",
    "questioned",
    "rare",
    "reaction",
    "recent",
    "refrain",
    "report",
    "reproductive",
    "result",
    "risk",
    "rule",
    "sample",
    "secondary",
    "self",
    "sensitive",
    "serious",
    "serum",
    "sexually",
    "standard",
    "start",
    "starting",
    "status",
    "sterile",
    "study",
    "teratogenic",
    "teratogenicity",
    "test",
    "testing",
    "throughout",
    "toxicity",
    "unborn",
    "unsure",
    "urinary",
    "urine",
    "uterus",
    "visit",
    "woman",
    "young",
    "ß",
];

/// Reads an item about pregnancy and breastfeeding and nothing else, with its reasons and its ways of testing, true where
/// the patient may enter.
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let about = |e: &Element| e.is(Cue::Pregnant) || e.is(Cue::PregnancyTest) || e.is(Cue::Breastfeeding);
    if !elements.iter().any(about) || !elements.iter().all(belongs) {
        return None;
    }
    let has = |cue: Cue| elements.iter().any(|e| e.is(cue));
    // Under Inclusion only what denies or tests it; trials of pregnant women exist.
    let denied = elements.iter().any(|e| {
        matches!(e.sense, Sense::Cue(Cue::Not | Cue::MustNot | Cue::Forbidden | Cue::Negative | Cue::PregnancyTest))
            || e.text == "non"
            || e.text.contains("test")
    });
    if context.section == Section::Inclusion && !denied {
        return None;
    }
    let mut members = Vec::new();
    let pregnant = elements.iter().enumerate().any(|(at, e)| {
        let coming = elements.get(at.saturating_sub(3)..at).unwrap_or_default().iter().any(|before| {
            matches!(before.text.as_str(), "become" | "becoming" | "get" | "getting" | "in") || before.is(Cue::Planned)
        });
        e.is(Cue::PregnancyTest) || e.is(Cue::Pregnant) && !coming
    });
    if pregnant {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Pregnant)).negated());
    }
    let feeding = elements.iter().any(|e| e.is(Cue::Breastfeeding) && e.text != "nursing infant");
    if feeding {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Breastfeeding)).negated());
    }
    if has(Cue::Planned) {
        // A planned pregnancy is for whoever can become pregnant (convention 31).
        let able = menopausal_status::is(Menopause::ChildbearingPotential);
        members.push(Requirement::when(able, Requirement::Confirm));
    }
    (!members.is_empty()).then(|| Requirement::all(members))
}

/// Whether an element changes nothing of an item on pregnancy.
fn belongs(element: &Element) -> bool {
    match element.sense {
        Sense::Punctuation(_) | Sense::Number(_) | Sense::Compare(_) => true,
        Sense::Cue(cue) => {
            is_neutral(element)
                || crate::grammar::windows::time_unit(element).is_some()
                || matches!(
                    cue,
                    Cue::Pregnant
                        | Cue::PregnancyTest
                        | Cue::Breastfeeding
                        | Cue::Childbearing
                        | Cue::Female
                        | Cue::Premenopausal
                        | Cue::Perimenopausal
                        | Cue::Postmenopausal
                        | Cue::Or
                        | Cue::If
                        | Cue::Not
                        | Cue::MustNot
                        | Cue::Forbidden
                        | Cue::Negative
                        | Cue::Positive
                        | Cue::Within
                        | Cue::Before
                        | Cue::After
                        | Cue::Between
                        | Cue::Since
                        | Cue::Duration
                        | Cue::Suspected
                        | Cue::UnknownStatus
                        | Cue::Planned
                        | Cue::LastDose
                        | Cue::Active
                        | Cue::Including
                        | Cue::Prior
                        | Cue::Investigational
                        | Cue::OrMore
                        | Cue::OrLess
                        | Cue::Must
                        | Cue::May
                        | Cue::Cycle
                )
        }
        Sense::Concept(concept) => match concept {
            Concept::Drug(_) | Concept::DrugClass(_) | Concept::Unit(_) => true,
            Concept::Lab(row) => labs::all().get(usize::from(row)).is_some_and(|lab| lab.id.contains("gonadotropin")),
            Concept::Procedure(_) => {
                ["hysterectomy", "oophorectomy", "tubal", "steril"].iter().any(|w| element.text.contains(w))
            }
            _ => false,
        },
        Sense::Word => REASONS.binary_search(&element.text.as_str()).is_ok(),
        Sense::Ordinal(_) => true,
        Sense::Score(_) => false,
    }
}

/// Reads pregnancy, breastfeeding and a negative pregnancy test, in the sense of the phrase.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if phrase.has(Cue::PregnancyTest) {
        phrase.take(Cue::PregnancyTest);
        if !phrase.has(Cue::Negative) && phrase.take(Cue::Positive) {
            return Some(Requirement::Atom(Atom::Pregnancy(Pregnancy::Pregnant)));
        }
        phrase.take(Cue::Negative);
        for at in 0..phrase.len() {
            if phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "urine" | "blood" | "beta" | "hcg")) {
                phrase.claim(at);
            }
        }
        // Whom the test binds: the atom itself is settled for men and after the menopause.
        for cue in [
            Cue::Childbearing,
            Cue::Female,
            Cue::Premenopausal,
            Cue::Perimenopausal,
            Cue::Postmenopausal,
            Cue::If,
            Cue::Must,
        ] {
            phrase.take(cue);
        }
        crate::grammar::windows::take_window(phrase);
        let test = Requirement::Atom(Atom::Pregnancy(Pregnancy::Pregnant)).negated();
        return Some(test);
    }
    let mut members = Vec::new();
    if phrase.take(Cue::Pregnant) {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Pregnant)));
    }
    if phrase.take(Cue::Breastfeeding) {
        members.push(Requirement::Atom(Atom::Pregnancy(Pregnancy::Breastfeeding)));
    }
    if members.is_empty() {
        return None;
    }
    phrase.take(Cue::Female);
    phrase.take(Cue::Active);
    if phrase.take(Cue::Or) || members.len() > 1 {
        phrase.take(Cue::And);
    }
    let guard = phrase.take(Cue::Childbearing).then(|| menopausal_status::is(Menopause::ChildbearingPotential));
    let body = Requirement::any(members);
    Some(match guard {
        Some(guard) => Requirement::all(vec![guard, body]),
        None => body,
    })
}
