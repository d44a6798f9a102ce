//! Menopausal status and childbearing potential.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::Cue;
use crate::grammar::phrase::Phrase;
use crate::patient::profile::{MenopausalStatus, Sex};
use serde::{Deserialize, Serialize};

/// A question about menopause; false for men.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Menopause {
    /// After the menopause.
    Postmenopausal,
    /// Before the menopause (the transition is neither).
    Premenopausal,
    /// In the transition.
    Perimenopausal,
    /// A woman who can become pregnant.
    ChildbearingPotential,
}

impl Menopause {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let profile = facts.profile;
        if profile.sex == Some(Sex::Male) {
            return Answer::settled(Truth::False, vec![Fact::new("sex", Sex::Male)]);
        }
        if let Some(fact) = sterilising_surgery(facts) {
            let holds = *self == Self::Postmenopausal;
            if holds || *self == Self::ChildbearingPotential {
                let said = profile.menopausal_status.filter(|s| *s == MenopausalStatus::Postmenopausal);
                let said = said.map(|s| Fact::new("menopausal_status", s));
                return Answer::settled(Truth::from_bool(holds), [Some(fact), said].into_iter().flatten().collect());
            }
        }
        let Some(status) = profile.menopausal_status else {
            let missing = if profile.sex.is_none() { "sex and menopausal status" } else { "menopausal status" };
            return Answer::unknown(missing);
        };
        let holds = match self {
            Self::Postmenopausal => status == MenopausalStatus::Postmenopausal,
            Self::Premenopausal => status == MenopausalStatus::Premenopausal,
            Self::Perimenopausal => status == MenopausalStatus::Perimenopausal,
            Self::ChildbearingPotential => status != MenopausalStatus::Postmenopausal,
        };
        Answer::settled(Truth::from_bool(holds), vec![Fact::new("menopausal_status", status)])
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let (yes, no) = match self {
            Self::Postmenopausal => ("the patient is postmenopausal", "the patient is not postmenopausal"),
            Self::Premenopausal => ("the patient is premenopausal", "the patient is not premenopausal"),
            Self::Perimenopausal => ("the patient is perimenopausal", "the patient is not perimenopausal"),
            Self::ChildbearingPotential => {
                ("the patient is of childbearing potential", "the patient is not of childbearing potential")
            }
        };
        if holds { yes } else { no }.to_owned()
    }
}

/// Removal of both ovaries makes a woman postmenopausal (NCCN definition of menopause).
fn sterilising_surgery(facts: &Facts<'_>) -> Option<Fact> {
    facts.exposures.iter().flatten().find_map(|e| {
        let name = e.treatment.name.as_deref()?.to_lowercase();
        (name.contains("bilateral") && (name.contains("oophorectomy") || name.contains("ovariectomy")))
            .then(|| Fact::new(e.path(), e.label()))
    })
}

/// The requirement of one status.
pub fn is(status: Menopause) -> Requirement {
    Requirement::Atom(Atom::Menopause(status))
}

/// Reads the statuses that a phrase names; several are alternatives.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    // "Menopausal status" names no status.
    let names_none = |at: usize| {
        phrase.get(at).is_some_and(|e| e.text == "menopausal") && phrase.get(at + 1).is_some_and(|e| e.text == "status")
    };
    if (0..phrase.len()).any(names_none) {
        return None;
    }
    let mut members = Vec::new();
    for (cue, status) in [
        (Cue::Postmenopausal, Menopause::Postmenopausal),
        (Cue::Premenopausal, Menopause::Premenopausal),
        (Cue::Perimenopausal, Menopause::Perimenopausal),
        (Cue::Childbearing, Menopause::ChildbearingPotential),
    ] {
        if phrase.take(cue) {
            members.push(is(status));
        }
    }
    (!members.is_empty()).then(|| Requirement::any(members))
}
