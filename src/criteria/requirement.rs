//! What a criterion was understood to say: a tree of requirements over atoms.

use crate::criteria::atom::Atom;
pub use crate::grammar::outline::Section;
use crate::trial::Span;
use serde::{Deserialize, Serialize};

/// A requirement in positive sense. At the root of a criterion: the patient may enter where it is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Requirement {
    /// All must hold.
    All(Vec<Requirement>),
    /// One must hold.
    Any(Vec<Requirement>),
    /// At least so many must hold.
    AtLeast(u8, Vec<Requirement>),
    /// Must not hold.
    Not(Box<Requirement>),
    /// Handed to a person, unless the thing itself is absent (convention 20).
    Judged(Box<Requirement>),
    /// A single question about the patient.
    Atom(Atom),
    /// Asks nothing at entry: a permission, a rule for conduct on study.
    Nothing,
    /// Only a person can settle it.
    Confirm,
    /// A phrase of which only a part was read: what was read cannot settle it, since the rest may turn it round. Where
    /// the part that was read lacks a fact, it is unknown (contract, section 1).
    Partly(Box<Requirement>, Vec<Span>),
    /// Not read; shown to the person.
    Unread(Span),
}

impl Requirement {
    /// Conjunction; single members stand alone, nested conjunctions are flattened.
    pub fn all(mut members: Vec<Self>) -> Self {
        if members.len() == 1 {
            return members.remove(0);
        }
        let mut flat = Vec::with_capacity(members.len());
        for member in members {
            match member {
                Self::All(inner) => flat.extend(inner),
                Self::Nothing => {}
                other => flat.push(other),
            }
        }
        flat.dedup();
        match flat.len() {
            0 => Self::Nothing,
            1 => flat.remove(0),
            _ => Self::All(flat),
        }
    }

    /// Disjunction; single members stand alone.
    pub fn any(mut members: Vec<Self>) -> Self {
        if members.len() == 1 {
            return members.remove(0);
        }
        let mut flat = Vec::with_capacity(members.len());
        for member in members {
            match member {
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        flat.dedup();
        if flat.len() == 1 { flat.remove(0) } else { Self::Any(flat) }
    }

    /// Negation; a double negation is none. What asks nothing asks nothing when it is denied: it never keeps anybody out.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            Self::Nothing => Self::Nothing,
            Self::Any(mut members) if members.contains(&Self::Nothing) => {
                members.retain(|member| *member != Self::Nothing);
                if members.is_empty() { Self::Nothing } else { Self::any(members).negated() }
            }
            other => Self::Not(Box::new(other)),
        }
    }

    /// Where `guard` holds, `then` must hold.
    pub fn when(guard: Self, then: Self) -> Self {
        if guard == Self::Nothing { then } else { Self::any(vec![guard.negated(), then]) }
    }

    /// The spans that were not read.
    pub fn unread(&self) -> Vec<Span> {
        let mut out = Vec::new();
        self.visit(&mut |r| match r {
            Self::Unread(span) => out.push(*span),
            Self::Partly(_, spans) => out.extend(spans),
            _ => {}
        });
        out
    }

    /// Whether a part was not read.
    pub fn has_unread(&self) -> bool {
        !self.unread().is_empty()
    }

    /// Calls `see` on every node, outer first.
    pub fn visit(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::All(members) | Self::Any(members) | Self::AtLeast(_, members) => {
                members.iter().for_each(|m| m.visit(see))
            }
            Self::Not(inner) | Self::Judged(inner) | Self::Partly(inner, _) => inner.visit(see),
            _ => {}
        }
    }

    /// One plain English sentence without its full stop.
    pub fn say(&self) -> String {
        match self {
            Self::All(members) => join(members, "and"),
            Self::Any(members) => join(members, "or"),
            Self::AtLeast(count, members) => format!("at least {count} of: {}", join(members, "or")),
            Self::Not(inner) => match inner.as_ref() {
                Self::Atom(atom) => atom.say(false),
                other => format!("not ({})", other.say()),
            },
            Self::Judged(inner) => match inner.as_ref() {
                Self::All(_) | Self::Any(_) => format!("({}), as judged by the investigator", inner.say()),
                _ => format!("{}, as judged by the investigator", inner.say()),
            },
            Self::Atom(atom) => atom.say(true),
            Self::Nothing => "nothing is asked at entry".to_owned(),
            Self::Confirm => "to be confirmed by the clinical team".to_owned(),
            Self::Partly(inner, _) => format!("{} [read in part]", inner.say()),
            Self::Unread(_) => "[not read]".to_owned(),
        }
    }
}

fn join(members: &[Requirement], word: &str) -> String {
    let parts: Vec<String> = members
        .iter()
        .map(|m| match m {
            Requirement::All(_) | Requirement::Any(_) | Requirement::AtLeast(..) | Requirement::Judged(_)
                if members.len() > 1 =>
            {
                format!("({})", m.say())
            }
            _ => m.say(),
        })
        .collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(&format!(" {word} "))),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// One criterion of a trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Inclusion or exclusion.
    pub section: Section,
    /// Where it stands in the eligibility text; `None` for a structured field.
    pub span: Option<Span>,
    /// The structured registry field that it was read from.
    pub field: Option<String>,
    /// The cohort, arm or phase that it binds; `None` binds all.
    pub cohort: Option<String>,
    /// What it asks.
    pub requirement: Requirement,
    /// Probable registry slips and other notes shown with the reading.
    pub notes: Vec<String>,
}

impl Criterion {
    /// The reading, as one plain English sentence.
    pub fn say(&self) -> String {
        let said = self.requirement.say();
        let mut letters = said.chars();
        let said = letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect());
        if self.notes.is_empty() { said } else { format!("{said} ({})", self.notes.join("; ")) }
    }
}

/// The reading of a whole trial.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Criteria in the order of the text, structured fields first.
    pub criteria: Vec<Criterion>,
    /// Headings, lead-ins and labels.
    pub headings: Vec<Span>,
    /// Cohorts named by the text, in order.
    pub cohorts: Vec<String>,
}
