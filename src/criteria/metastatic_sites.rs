//! Sites of metastasis: presence, visceral disease, bone-only disease (conventions 24, 30, 37 and 38).

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::take_words;
use crate::criteria::context::Context;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Sense};
use crate::grammar::phrase::{Phrase, is_neutral};
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
        let names = names.join(" or ");
        match (self.only, holds) {
            (true, true) => format!("there are {names} metastases only"),
            (true, false) => format!("there are no {names} metastases only"),
            (false, true) => format!("there is {names} involvement"),
            (false, false) => format!("there is no {names} involvement"),
        }
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
        let only = Requirement::Atom(Atom::Site(Site { sites: vec![row("bone")], only: true }));
        return Some(if lytic_words(phrase) { Requirement::all(vec![only, named("lytic bone lesion")]) } else { only });
    }
    if let Some(read) = visceral(phrase) {
        return Some(read);
    }
    if let Some(read) = elsewhere(phrase) {
        return Some(read);
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
    let share = share(phrase, first, &rows);
    // No profile states whether a bone lesion is lytic.
    let lytic = rows == [row("bone")] && phrase.elements.iter().any(|e| e.text.contains("lytic"));
    let place = where_exactly(phrase, first);
    let site = Requirement::Atom(Atom::Site(Site { sites: rows, only }));
    if let Some(share) = share {
        return Some(Requirement::all(vec![site, named(&share)]));
    }
    if let Some(place) = place {
        return Some(Requirement::all(vec![site, named(&format!("metastases in the {place}"))]));
    }
    if lytic {
        lytic_words(phrase);
        return Some(Requirement::all(vec![site, named("lytic bone lesion")]));
    }
    Some(site)
}

/// "More than 50 % liver involvement": how much of the organ, which no profile states.
fn share(phrase: &mut Phrase, site: usize, rows: &[u16]) -> Option<String> {
    let [row] = rows else { return None };
    let percent = (0..phrase.len()).find(|at| {
        !phrase.is_used(*at)
            && phrase.get(*at).is_some_and(|e| e.is_char('%') || matches!(e.text.as_str(), "%" | "percent"))
    })?;
    let number = percent.checked_sub(1)?;
    let sign = number.checked_sub(1)?;
    let (Some(Sense::Number(value)), Some(Sense::Compare(comparison))) = (phrase.sense(number), phrase.sense(sign))
    else {
        return None;
    };
    if percent.abs_diff(site) > 6 {
        return None;
    }
    phrase.claim_range(sign, percent + 1);
    let name = sites::all().get(usize::from(*row))?.id.replace('_', " ");
    Some(format!("{name} involvement {} {value} %", comparison.sign()))
}

/// "Lytic", "mixed lytic": claims such words; whether there were any.
fn lytic_words(phrase: &mut Phrase) -> bool {
    let lytic = phrase.elements.iter().any(|e| e.text.contains("lytic"));
    if lytic {
        take_words(
            phrase,
            &["lytic", "predominantly", "osteolytic", "component", "mixed", "identifiable", "blastic", "mixed lytic"],
        );
        while let Some(at) = phrase.find(|e| e.text.contains("lytic")) {
            phrase.claim(at);
        }
        let one = phrase.find(|e| e.sense == Sense::Number(1.0));
        if let Some(at) = one
            && at.checked_sub(1).and_then(|b| phrase.sense(b)) == Some(Sense::Compare(Comparison::GreaterEqual))
        {
            phrase.claim_range(at - 1, at + 1);
        }
    }
    lytic
}

/// Whether a word before a place says that what lies outside of it is meant.
fn is_outside(phrase: &Phrase, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|b| {
        !phrase.is_used(b) && phrase.get(b).is_some_and(|e| matches!(e.text.as_str(), "non" | "extra"))
    })
}

/// "Visceral metastases", "non-visceral disease", "visceral or non-visceral disease".
fn visceral(phrase: &mut Phrase) -> Option<Requirement> {
    let places: Vec<usize> = (0..phrase.len())
        .filter(|at| !phrase.is_used(*at) && phrase.get(*at).is_some_and(|e| e.is(Cue::Visceral)))
        .collect();
    if places.is_empty() {
        return None;
    }
    let outside: Vec<usize> = places.iter().copied().filter(|at| is_outside(phrase, *at)).collect();
    phrase.take(Cue::Visceral);
    for at in &outside {
        phrase.claim(at - 1);
    }
    phrase.take(Cue::MetastaticDisease);
    if outside.is_empty() {
        if phrase.find(|e| e.text == "extensive").is_some() {
            take_words(phrase, &["extensive"]);
            return Some(Requirement::all(vec![present(row("visceral")), named("extensive visceral disease")]));
        }
        return Some(present(row("visceral")));
    }
    if outside.len() < places.len() {
        phrase.take(Cue::Or);
        return Some(Requirement::Nothing);
    }
    Some(beyond(vec![row("visceral")]))
}

/// Metastases at other sites than these.
fn beyond(sites: Vec<u16>) -> Requirement {
    let only = Requirement::Atom(Atom::Site(Site { sites, only: true }));
    let metastatic = crate::criteria::diagnosis::extent(crate::criteria::diagnosis::METASTATIC);
    Requirement::all(vec![metastatic, only.negated()])
}

/// "Extra-hepatic metastases", "non-bone lesions".
fn elsewhere(phrase: &mut Phrase) -> Option<Requirement> {
    let at = (0..phrase.len()).find(|at| {
        !phrase.is_used(*at)
            && is_outside(phrase, *at)
            && matches!(phrase.sense(*at), Some(Sense::Concept(Concept::Site(_))))
    })?;
    let Some(Sense::Concept(Concept::Site(site))) = phrase.sense(at) else { return None };
    phrase.claim_range(at - 1, at + 1);
    phrase.take(Cue::MetastaticDisease);
    take_words(phrase, &["lesion", "involvement", "met"]);
    Some(beyond(vec![site]))
}

/// "Bone lesions in the calvarium": a place within a site, which no profile states.
fn where_exactly(phrase: &mut Phrase, site: usize) -> Option<String> {
    let at = (site + 1..phrase.len()).find(|at| {
        phrase.get(*at).is_some_and(|e| e.text == "in" || e.text == "of")
            && !phrase.is_used(*at)
            && phrase.get(at + 1).is_some_and(|e| e.text == "the")
            && phrase.get(at + 2).is_some_and(|e| e.sense == Sense::Word && e.text.len() > 4)
    })?;
    // Only where the phrase ends there.
    let ends = (at + 3..phrase.len()).all(|i| phrase.is_used(i) || phrase.get(i).is_some_and(is_neutral));
    let word = phrase.get(at + 2).filter(|_| ends)?.text.to_string();
    phrase.claim(at + 2);
    Some(word)
}
