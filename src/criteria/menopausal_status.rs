//! Menopausal status and childbearing potential.

mod definitions;

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact;
use crate::criteria::reader::{read_elements, trim};
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Phrase, is_neutral};
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

/// Reads an item without the definitions of menopause and childbearing potential in it, true where the patient may enter:
/// the profile states the status itself.
pub fn read_item(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    if !elements
        .iter()
        .any(|e| definitions::is_status(e) || e.text.starts_with("amenorrh") || e.text.starts_with("mens"))
    {
        return None;
    }
    if let Some(requirement) = younger_under_condition(elements, context) {
        return Some(requirement);
    }
    if let Some(rest) = definitions::without(elements) {
        if rest.len() >= elements.len() {
            return None;
        }
        let meaning = rest.iter().any(|e| !is_neutral(e) && !e.is(Cue::Female) && !e.is(Cue::If));
        return Some(if meaning { read_elements(&rest, context) } else { Requirement::Nothing });
    }
    // One of the ways to be postmenopausal: "amenorrhoea for 12 months or more, and FSH in the postmenopausal range".
    let periods = elements.iter().any(|e| e.text.starts_with("amenorrh") || e.text.starts_with("mens"));
    let lasting = elements.iter().any(|e| matches!(e.sense, Sense::Number(_)));
    let regular = elements
        .iter()
        .any(|e| matches!(e.text.as_str(), "regular" | "irregular" | "intact") || e.is(Cue::Premenopausal));
    let shown = periods && lasting && !regular && definitions::is_definition(elements);
    (shown && context.section == Section::Inclusion && !elements.iter().any(|e| e.is(Cue::Childbearing)))
        .then(|| is(Menopause::Postmenopausal))
}

/// "Postmenopausal, or premenopausal provided that Y": the condition binds those before the menopause alone (a branch's
/// "if" is a part of that branch).
fn younger_under_condition(elements: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let elements = trim(elements);
    if context.section != Section::Inclusion || elements.iter().any(|e| e.is_char('.') || e.is_char(';')) {
        return None;
    }
    let condition = elements.iter().position(|e| e.is(Cue::If) && e.text.starts_with("provid"))?;
    let cut = elements.iter().take(condition).rposition(|e| e.is(Cue::Or))?;
    let older = elements.get(..cut)?;
    let younger = elements.get(cut + 1..condition)?;
    let asked = elements.get(condition + 1..)?;
    let only = |part: &[Element], wanted: &[Cue]| {
        part.iter().any(|e| wanted.iter().any(|cue| e.is(*cue)))
            && !part.iter().any(|e| definitions::is_status(e) && !wanted.iter().any(|cue| e.is(*cue)))
            && !part.iter().any(|e| e.is(Cue::If))
    };
    if !only(older, &[Cue::Postmenopausal]) || !only(younger, &[Cue::Premenopausal, Cue::Perimenopausal]) {
        return None;
    }
    let bound = vec![read_elements(younger, context), read_elements(asked, context)];
    Some(Requirement::any(vec![read_elements(older, context), Requirement::all(bound)]))
}

/// Cues of the statuses.
const STATUSES: Cues = Cues::of(&[Cue::Postmenopausal, Cue::Premenopausal, Cue::Perimenopausal, Cue::Childbearing]);

/// Reads the statuses that a phrase names; several are alternatives.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if !phrase.holds_cue(STATUSES) {
        return None;
    }
    // "Menopausal status" names no status.
    let names_none = |at: usize| {
        phrase.get(at).is_some_and(|e| e.text == "menopausal") && phrase.get(at + 1).is_some_and(|e| e.text == "status")
    };
    if (0..phrase.len()).any(names_none) {
        return None;
    }
    if let Some(requirement) = hormones_in_range(phrase) {
        return Some(requirement);
    }
    let mut members = Vec::new();
    let mut statuses = Vec::new();
    for at in 0..phrase.len() {
        // "Pre- or postmenopausal", "peri-/postmenopausal".
        let prefix = match phrase.get(at).map(|e| e.text.as_str()) {
            Some("pre") => Menopause::Premenopausal,
            Some("peri") => Menopause::Perimenopausal,
            Some("post") => Menopause::Postmenopausal,
            _ => continue,
        };
        let joint = |e: &Element| {
            matches!(e.sense, Sense::Punctuation('-' | '/' | ',') | Sense::Cue(Cue::Or | Cue::And))
                || matches!(e.text.as_str(), "pre" | "peri" | "post")
        };
        let mut next = at + 1;
        while phrase.get(next).is_some_and(joint) {
            next += 1;
        }
        if next > at + 1 && !phrase.is_used(at) && phrase.get(next).is_some_and(definitions::is_status) {
            phrase.claim_range(at, next);
            statuses.push(prefix);
        }
    }
    for at in 1..phrase.len() {
        let beside = |i: usize| phrase.get(i).is_some_and(definitions::is_status);
        let joint =
            phrase.get(at).is_some_and(|e| matches!(e.sense, Sense::Cue(Cue::Or | Cue::And) | Sense::Punctuation('/')));
        if joint && beside(at - 1) && beside(at + 1) {
            phrase.claim(at);
        }
    }
    for status in statuses {
        members.push(is(status));
    }
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
    members.sort_by_key(|m| m.say());
    members.dedup();
    // Before and after the menopause: any woman.
    let both = [Menopause::Premenopausal, Menopause::Postmenopausal].iter().all(|s| members.contains(&is(*s)));
    if both {
        return Some(Requirement::Nothing);
    }
    (!members.is_empty()).then(|| Requirement::any(members))
}

/// "Oestradiol in the postmenopausal range": a value, no status; nothing in a profile says it.
fn hormones_in_range(phrase: &mut Phrase) -> Option<Requirement> {
    let lab = phrase.find(definitions::is_sex_hormone)?;
    let status = phrase.find_from(lab, |e| e.is(Cue::Postmenopausal))?;
    let ranged = (status + 1..status + 3)
        .find(|at| phrase.get(*at).is_some_and(|e| matches!(e.text.as_str(), "range" | "level")))?;
    let name = phrase.get(lab)?.text.to_string();
    for at in 0..=ranged {
        let level = phrase.get(at).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "level" | "concentration" | "value" | "adequately" | "suppressed" | "plasma" | "serum"
            ) || definitions::is_sex_hormone(e)
        });
        if level || at == status || at == ranged {
            phrase.claim(at);
        }
    }
    Some(open_fact::named(&format!("{name} in the postmenopausal range")))
}
