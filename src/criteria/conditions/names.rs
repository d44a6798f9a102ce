//! Conditions in words: what a reading says, and what is missing where it is unknown.

use super::{Condition, State, What};
use crate::lexicon::conditions;

impl Condition {
    /// The plain name of what is asked about.
    pub fn name(&self) -> String {
        match &self.what {
            What::Row(row) => conditions::all().get(usize::from(*row)).map_or_else(String::new, |row| row.id.clone()),
            What::Named(name) => name.clone(),
            What::Anything => "illness".to_owned(),
            What::Toxicity => "unresolved toxicity of earlier treatment".to_owned(),
        }
    }

    /// In words. `holds` false says the negation.
    pub fn say(&self, holds: bool) -> String {
        format!("the patient has {}{}", if holds { "" } else { "no " }, self.noun())
    }

    /// The noun phrase: "history of clinically significant X of grade >= 2 within 6 months".
    fn noun(&self) -> String {
        let mut words = match self.state {
            State::Present => String::new(),
            State::Active => "active ".to_owned(),
            State::History => "history of ".to_owned(),
            State::Uncontrolled => "uncontrolled ".to_owned(),
            State::Controlled => "controlled ".to_owned(),
            State::Symptomatic => "symptomatic ".to_owned(),
            State::Resolved => "resolved ".to_owned(),
            State::Treated => "adequately treated ".to_owned(),
        };
        if self.significant {
            words.push_str("clinically significant ");
        }
        if self.chronic {
            words.push_str("chronic ");
        }
        words.push_str(&self.name());
        if let Some((comparison, grade)) = self.grade {
            words.push_str(&format!(" of grade {} {grade}", comparison.sign()));
        }
        if let Some(window) = &self.window {
            words.push_str(&format!(" {}", window.say()));
        }
        if let Some(detail) = &self.detail {
            words.push_str(&format!(" {detail}"));
        }
        if !self.except.is_empty() {
            let except: Vec<String> = self.except.iter().map(Self::exception).collect();
            words.push_str(&format!(", except {}", except.join(" or ")));
        }
        words
    }

    /// An exception: the disease itself is meant, whether or not it is over.
    fn exception(&self) -> String {
        let mut plain = self.clone();
        if plain.state == State::History {
            plain.state = State::Present;
        }
        if let (What::Anything, Some(words)) = (&plain.what, &plain.detail) {
            return words.clone();
        }
        plain.noun()
    }

    /// What would settle it, for a clinician.
    pub(super) fn missing(&self) -> String {
        match self.state {
            State::History => format!("history of {}", self.name()),
            State::Uncontrolled => format!("whether there is uncontrolled {}", self.name()),
            _ => self.name(),
        }
    }
}
