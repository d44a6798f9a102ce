//! Pregnancy and breastfeeding (conventions 9 and 22).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::menopausal_status::{self, Menopause};
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::Cue;
use crate::grammar::phrase::Phrase;
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

/// Reads pregnancy, breastfeeding and a negative pregnancy test, in the sense of the phrase.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if phrase.has(Cue::PregnancyTest) {
        phrase.take(Cue::PregnancyTest);
        phrase.take(Cue::Negative);
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
