//! Sites of metastasis: presence, visceral disease, bone-only disease (conventions 24, 30, 37 and 38).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::take_words;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::concepts::Concept;
use crate::lexicon::sites;
use crate::patient::profile::Metastasis;
use serde::{Deserialize, Serialize};

/// Metastases at sites.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    /// Rows of the sites; one of them is enough.
    pub sites: Vec<u16>,
    /// Whether there must be no other site.
    pub only: bool,
}

impl Site {
    /// Answers for one patient; the list of sites is complete where it is present.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(list) = &facts.profile.metastases else { return Answer::unknown("sites of metastasis") };
        let here: Vec<(usize, &Metastasis)> = list.iter().enumerate().filter(|(_, m)| self.covers(m)).collect();
        if here.is_empty() {
            return Answer::settled(Truth::False, vec![Fact::complete("metastases")]);
        }
        let mut evidence: Vec<Fact> =
            here.iter().map(|(at, m)| Fact::new(format!("metastases[{at}].site"), m.site)).collect();
        if !self.only {
            return Answer::settled(Truth::True, evidence);
        }
        evidence.push(Fact::complete("metastases"));
        Answer::settled(Truth::from_bool(here.len() == list.len()), evidence)
    }

    /// Whether a metastasis lies at one of the sites.
    pub fn covers(&self, metastasis: &Metastasis) -> bool {
        let Some(row) = sites::by_name(metastasis.site.word()) else { return false };
        self.sites.iter().any(|site| *site as usize == row || sites::members(*site as usize).contains(&row))
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let names: Vec<String> =
            self.sites.iter().filter_map(|r| sites::all().get(*r as usize)).map(|s| s.id.replace('_', " ")).collect();
        let only = if self.only { " only" } else { "" };
        format!("there {} {} metastases{only}", if holds { "are" } else { "are no" }, names.join(" or "))
    }
}

/// Requires a metastasis at a site.
pub fn present(row: u16) -> Requirement {
    Requirement::Atom(Atom::Site(Site { sites: vec![row], only: false }))
}

/// The row of a site by its identifier.
pub fn row(id: &str) -> u16 {
    sites::by_name(id).map_or(u16::MAX, |r| r as u16)
}

/// Reads sites of metastasis, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    if phrase.take(Cue::BoneOnly) {
        return Some(Requirement::Atom(Atom::Site(Site { sites: vec![row("bone")], only: true })));
    }
    if phrase.take(Cue::Visceral) {
        phrase.take(Cue::MetastaticDisease);
        return Some(present(row("visceral")));
    }
    let places: Vec<usize> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at) && matches!(phrase.sense(*at), Some(Sense::Concept(Concept::Site(_)))))
        .collect();
    let first = *places.first()?;
    let says_metastasis = phrase.elements.iter().any(|e| {
        e.is(Cue::MetastaticDisease)
            || matches!(e.text.as_str(), "lesion" | "involvement" | "tumor" | "met" | "deposit")
            || e.text.contains("metasta")
            || e.text.contains("leptomening")
            || e.text.contains("mening")
    });
    if !says_metastasis {
        return None;
    }
    let mut rows = Vec::new();
    for at in &places {
        if let Some(Sense::Concept(Concept::Site(row))) = phrase.sense(*at) {
            rows.push(row);
            phrase.claim(*at);
        }
    }
    for at in first..phrase.len() {
        let joins = phrase.get(at).is_some_and(|e| e.is(Cue::Or) || e.is_char('/')) && places.iter().any(|p| *p > at);
        let names = phrase.get(at).is_some_and(|e| {
            e.is(Cue::MetastaticDisease) || e.text == "involvement" || e.text == "deposit" || e.text == "met"
        });
        if joins || names {
            phrase.claim(at);
        }
    }
    phrase.take(Cue::MetastaticDisease);
    rows.sort_unstable();
    rows.dedup();
    let mut only = phrase.elements.iter().any(|e| e.text == "only" || e.text == "exclusively");
    // "Limited to bone and lymph nodes".
    let limited = (0..first).find(|at| {
        phrase.get(*at).is_some_and(|e| matches!(e.text.as_str(), "limited" | "confined" | "restricted"))
            && phrase.get(at + 1).is_some_and(|e| e.text == "to")
    });
    if let Some(at) = limited {
        phrase.claim(at);
        only = true;
    }
    // "At least one" says no more than that there is one.
    for at in 1..phrase.len() {
        if phrase.sense(at) == Some(Sense::Number(1.0))
            && phrase.sense(at - 1) == Some(Sense::Compare(Comparison::GreaterEqual))
            && !phrase.is_used(at)
        {
            phrase.claim_range(at - 1, at + 1);
        }
    }
    // No profile states whether a bone lesion is lytic.
    let lytic = rows == [row("bone")] && phrase.elements.iter().any(|e| e.text.contains("lytic"));
    let site = Requirement::Atom(Atom::Site(Site { sites: rows, only }));
    if lytic {
        take_words(phrase, &["lytic", "predominantly", "osteolytic", "component", "mixed", "identifiable"]);
        return Some(Requirement::all(vec![site, named("lytic bone lesion")]));
    }
    Some(site)
}
