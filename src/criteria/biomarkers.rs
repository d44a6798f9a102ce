//! Genes and markers: altered, wild type, amplified, positive, high; germline or somatic; by variant or figure.

use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::context::Context;
use crate::criteria::decimal::Decimal;
use crate::criteria::facts::Facts;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::Comparison;
use crate::grammar::phrase::Phrase;
use crate::lexicon::biomarkers::{self as lexicon, BiomarkerKind};
use crate::patient::profile::{self, BiomarkerResult, ListName, Origin};
use serde::{Deserialize, Serialize};

mod written;

/// What is asked of a gene or marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// Mutated, or altered in any other way.
    Altered,
    /// Not mutated.
    WildType,
    /// Amplified.
    Amplified,
    /// Positive, overexpressed, deficient.
    Positive,
    /// Negative.
    Negative,
    /// High.
    High,
    /// Low.
    Low,
    /// Stable, proficient.
    Stable,
    /// A result is stated.
    Known,
}

/// Where an alteration comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AskedOrigin {
    /// Inherited.
    Germline,
    /// Of the tumour.
    Somatic,
}

/// A question about genes or markers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Biomarker {
    /// Rows of the vocabulary, groups expanded; one suffices, but "wild type" and "negative" ask it of all.
    pub any_of: Vec<u16>,
    /// What is asked.
    pub state: State,
    /// Germline or somatic, where that is asked.
    pub origin: Option<AskedOrigin>,
    /// Variants, folded (`h1047r`), of which one is asked; empty asks for any.
    pub variants: Vec<String>,
    /// A bound on the figure.
    pub bound: Option<(Comparison, Decimal)>,
}

/// Mutations per megabase from which a burden is high (label of pembrolizumab).
const HIGH_BURDEN: f64 = 10.0;

fn row(row: u16) -> Option<&'static lexicon::Biomarker> {
    lexicon::all().get(usize::from(row))
}

/// What one entry of the profile says.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Yes,
    No,
    /// Something else.
    Nothing,
    /// It might be so.
    Perhaps,
}

impl Biomarker {
    fn asks_all(&self) -> bool {
        matches!(self.state, State::WildType | State::Negative | State::Stable)
    }

    /// Answers for one patient. The list is open: what it does not name is unknown unless it is taken as complete.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let answers: Vec<Answer> = self.any_of.iter().map(|r| self.of(*r, facts)).collect();
        let mut answer = if self.asks_all() { Answer::all(answers) } else { Answer::any(answers) };
        // A mutation stated of the group is one of some member of it.
        if answer.truth == Truth::Unknown
            && let Some((index, entry)) = self.group_entry(facts)
        {
            match self.says(entry) {
                Says::Yes => answer = Answer::settled(Truth::True, vec![evidence(index, entry)]),
                Says::No => answer = Answer::settled(Truth::False, vec![evidence(index, entry)]),
                _ => {}
            }
        }
        answer
    }

    fn group_entry<'p>(&self, facts: &Facts<'p>) -> Option<(usize, &'p profile::Biomarker)> {
        facts.biomarkers.iter().enumerate().find_map(|(index, (stated, entry))| {
            let members = &lexicon::all().get((*stated)?)?.members;
            let inside = !members.is_empty()
                && members.iter().all(|m| lexicon::by_name(m).is_some_and(|r| self.any_of.contains(&(r as u16))));
            inside.then_some((index, *entry))
        })
    }

    fn of(&self, asked: u16, facts: &Facts<'_>) -> Answer {
        let name = row(asked).map_or("", |r| r.id.as_str());
        let mut yes = Vec::new();
        let mut no = Vec::new();
        let mut perhaps = false;
        for (index, (stated, entry)) in facts.biomarkers.iter().enumerate() {
            let Some(stated) = stated else { continue };
            let own = *stated == usize::from(asked) || implies(*stated, name);
            let group = lexicon::all().get(*stated).is_some_and(|r| r.members.iter().any(|m| m == name));
            if !own && !group {
                continue;
            }
            match self.says(entry) {
                Says::Yes if own || self.asks_all() => yes.push(evidence(index, entry)),
                Says::No if own || !self.asks_all() => no.push(evidence(index, entry)),
                Says::Nothing => {}
                _ => perhaps = true,
            }
        }
        let (first, second, truth) = if self.asks_all() { (no, yes, false) } else { (yes, no, true) };
        if !first.is_empty() {
            return Answer::settled(Truth::from_bool(truth), first);
        }
        if !second.is_empty() && !perhaps {
            return Answer::settled(Truth::from_bool(!truth), second);
        }
        let closed = match self.state {
            State::Low | State::Stable => None,
            State::WildType | State::Negative => Some(true),
            _ => Some(false),
        };
        match closed {
            Some(truth) if !perhaps && facts.complete(ListName::Biomarkers) => {
                Answer::settled(Truth::from_bool(truth), vec![Fact::complete("biomarkers")])
            }
            _ => Answer::unknown(self.missing(name)),
        }
    }

    fn missing(&self, name: &str) -> String {
        let gene =
            lexicon::by_name(name).and_then(|r| lexicon::all().get(r)).is_some_and(|r| r.kind == BiomarkerKind::Gene);
        let origin = match self.origin {
            Some(AskedOrigin::Germline) => "germline ",
            Some(AskedOrigin::Somatic) => "somatic ",
            None => "",
        };
        match (gene, self.state) {
            (true, State::Amplified) => format!("{name} amplification status"),
            (true, _) => format!("{origin}{name} mutation status"),
            (false, _) => name.to_owned(),
        }
    }

    fn says(&self, entry: &profile::Biomarker) -> Says {
        use BiomarkerResult as R;
        let elsewhere = matches!(
            (self.origin, entry.origin),
            (Some(AskedOrigin::Germline), Some(Origin::Somatic)) | (Some(AskedOrigin::Somatic), Some(Origin::Germline))
        );
        if elsewhere {
            return Says::Nothing;
        }
        if self.state == State::Known {
            return if entry.result.is_some() || entry.value.is_some() { Says::Yes } else { Says::Nothing };
        }
        if let (Some(value), Some((comparison, bound))) = (entry.value, self.figure()) {
            return if comparison.holds(value, bound) { Says::Yes } else { Says::No };
        }
        let Some(result) = entry.result else { return Says::Nothing };
        match self.state {
            State::Altered => match result {
                R::Mutated | R::Positive => self.mutated(entry),
                // A germline test does not speak of the tumour.
                R::WildType | R::Negative if self.origin.is_none() && entry.origin == Some(Origin::Germline) => {
                    Says::Nothing
                }
                // No variant of uncertain significance is a known mutation.
                R::WildType | R::Negative | R::Vus => Says::No,
                _ => Says::Nothing,
            },
            State::WildType => match result {
                R::Mutated | R::Positive => Says::No,
                R::WildType | R::Negative if self.origin.is_none() && entry.origin == Some(Origin::Germline) => {
                    Says::Nothing
                }
                R::WildType | R::Negative => Says::Yes,
                R::Vus => Says::Perhaps,
                _ => Says::Nothing,
            },
            State::Amplified => match result {
                R::Amplified => Says::Yes,
                R::NotAmplified => Says::No,
                _ => Says::Nothing,
            },
            // A figure that is asked for is not settled by a word.
            State::Positive | State::High if self.bound.is_some() && self.state == State::Positive => match result {
                R::Negative => Says::No,
                _ => Says::Perhaps,
            },
            State::Positive | State::High => match result {
                R::Positive | R::High => Says::Yes,
                R::Negative | R::Low | R::Stable => Says::No,
                _ => Says::Nothing,
            },
            State::Negative | State::Stable => match result {
                R::Negative | R::Stable => Says::Yes,
                R::Low if self.state == State::Negative => Says::Perhaps,
                R::Positive | R::High => Says::No,
                _ => Says::Nothing,
            },
            State::Low => match result {
                R::Low => Says::Yes,
                R::High => Says::No,
                _ => Says::Nothing,
            },
            State::Known => Says::Yes,
        }
    }

    /// The bound asked for; "TMB-high" has a usual one.
    fn figure(&self) -> Option<(Comparison, f64)> {
        let burden = self.any_of.first().and_then(|r| row(*r)).is_some_and(|r| r.id == "TMB");
        match (self.bound, self.state) {
            (Some((comparison, value)), _) => Some((comparison, value.value())),
            (None, State::High) if burden => Some((Comparison::GreaterEqual, HIGH_BURDEN)),
            (None, State::Low) if burden => Some((Comparison::Less, HIGH_BURDEN)),
            _ => None,
        }
    }

    fn mutated(&self, entry: &profile::Biomarker) -> Says {
        if self.origin.is_some() && entry.origin.is_none() {
            return Says::Perhaps;
        }
        if self.variants.is_empty() {
            return Says::Yes;
        }
        match entry.variant.as_deref().map(fold_variant) {
            Some(variant) if self.variants.contains(&variant) => Says::Yes,
            Some(_) => Says::No,
            None => Says::Perhaps,
        }
    }

    /// In words.
    pub fn say(&self, holds: bool) -> String {
        let join = if self.asks_all() { " and " } else { " or " };
        let names = self.any_of.iter().filter_map(|r| row(*r)).map(|r| r.id.as_str()).collect::<Vec<_>>().join(join);
        let origin = match self.origin {
            Some(AskedOrigin::Germline) => "germline ",
            Some(AskedOrigin::Somatic) => "somatic ",
            None => "",
        };
        let variants = if self.variants.is_empty() {
            String::new()
        } else {
            format!(" {}", self.variants.iter().map(|v| v.to_uppercase()).collect::<Vec<_>>().join(" or "))
        };
        let not = if holds { "" } else { "no " };
        if let Some((comparison, value)) = self.bound {
            let comparison = if holds { comparison } else { comparison.opposite().unwrap_or(comparison) };
            return format!("{names} {} {value}", comparison.sign());
        }
        match self.state {
            State::Altered => format!("{not}{origin}{names}{variants} mutation"),
            State::WildType if holds => format!("{origin}{names} wild type"),
            State::WildType => format!("{origin}{names} not wild type"),
            State::Amplified => format!("{not}{names} amplification"),
            State::Known => format!("{origin}{names} status is {}known", if holds { "" } else { "not " }),
            State::Positive => format!("{names} {}", if holds { "positive" } else { "negative" }),
            State::Negative => format!("{names} {}", if holds { "negative" } else { "positive" }),
            State::High => format!("{names} {}high", if holds { "" } else { "not " }),
            State::Low => format!("{names} {}low", if holds { "" } else { "not " }),
            State::Stable => format!("{names} {}stable", if holds { "" } else { "not " }),
        }
    }
}

/// HLA-A*02:01 is an HLA-A2.
fn implies(stated: usize, asked: &str) -> bool {
    asked == "HLA-A2" && lexicon::all().get(stated).is_some_and(|r| r.id.starts_with("HLA-A*02"))
}

fn evidence(index: usize, entry: &profile::Biomarker) -> Fact {
    match (entry.result, entry.value) {
        (Some(result), _) => Fact::new(format!("biomarkers[{index}].result"), result.word()),
        (None, value) => Fact::new(format!("biomarkers[{index}].value"), value),
    }
}

/// Folds a protein change: `p.H1047R` and `H1047R` are the same.
pub(crate) fn fold_variant(written: &str) -> String {
    let folded = written.trim().to_lowercase();
    folded.strip_prefix("p.").unwrap_or(&folded).trim_matches(['(', ')']).to_owned()
}

/// Reads what a phrase says of genes and markers, in positive sense.
pub fn read(phrase: &mut Phrase, _: &Context<'_>) -> Option<Requirement> {
    written::read(phrase)
}

#[cfg(test)]
mod tests;
