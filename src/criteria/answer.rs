//! What a requirement evaluates to: Kleene's strong three values, time, judgement, and what was not read.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A fact of the profile that an answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The path at which the profile states it (`receptors.her2.ihc`).
    pub fact: String,
    /// The value as stated.
    pub value: Value,
    /// What the answer rests on beyond the value, such as the completeness of a list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl Fact {
    /// A fact stated at a path.
    pub fn new(path: impl Into<String>, value: impl Serialize) -> Self {
        Self { fact: path.into(), value: serde_json::to_value(value).unwrap_or(Value::Null), note: None }
    }

    /// The absence of something from a list that is taken as complete.
    pub fn complete(list: &str) -> Self {
        Self {
            fact: list.to_owned(),
            value: Value::String("not listed".to_owned()),
            note: Some(format!("the list `{list}` is taken as complete")),
        }
    }
}

/// The truth of a requirement for one patient on the profile's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    /// Holds.
    True,
    /// Holds, and ends on this day: the first day on which it no longer holds.
    TrueUntil(Date),
    /// Does not hold.
    False,
    /// Does not hold yet; the first day on which time alone makes it hold.
    FalseUntil(Date),
    /// The profile lacks a fact.
    Unknown,
    /// Only a person can settle it.
    Confirm,
    /// Not read.
    Unread,
}

impl Truth {
    /// Kleene's negation; what ends becomes what has yet to begin.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::TrueUntil(day) => Self::FalseUntil(day),
            Self::FalseUntil(day) => Self::TrueUntil(day),
            other => other,
        }
    }

    /// Conjunction. The order of convention 15: fail, wait, unknown, (unread), confirm, pass.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        use Truth::*;
        match (self, other) {
            (False, _) | (_, False) => False,
            (FalseUntil(a), FalseUntil(b)) => FalseUntil(a.max(b)),
            (FalseUntil(a), _) | (_, FalseUntil(a)) => FalseUntil(a),
            (Unknown, _) | (_, Unknown) => Unknown,
            (Unread, _) | (_, Unread) => Unread,
            (Confirm, _) | (_, Confirm) => Confirm,
            (TrueUntil(a), TrueUntil(b)) => TrueUntil(a.min(b)),
            (TrueUntil(a), True) | (True, TrueUntil(a)) => TrueUntil(a),
            (True, True) => True,
        }
    }

    /// Disjunction: what holds today settles it; otherwise what is not known, then what a person can settle.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        use Truth::*;
        match (self, other) {
            (True, _) | (_, True) => True,
            (TrueUntil(a), TrueUntil(b)) => TrueUntil(a.max(b)),
            (TrueUntil(a), _) | (_, TrueUntil(a)) => TrueUntil(a),
            (Unknown, _) | (_, Unknown) => Unknown,
            (Unread, _) | (_, Unread) => Unread,
            (Confirm, _) | (_, Confirm) => Confirm,
            (FalseUntil(a), FalseUntil(b)) => FalseUntil(a.min(b)),
            (FalseUntil(a), False) | (False, FalseUntil(a)) => FalseUntil(a),
            (False, False) => False,
        }
    }

    /// A decision that is handed to a person (convention 20): settled only where the thing itself is absent.
    #[must_use]
    pub fn judged(self) -> Self {
        match self {
            Self::False | Self::FalseUntil(_) => Self::False,
            Self::Unread => Self::Unread,
            _ => Self::Confirm,
        }
    }

    /// From a two-valued answer.
    pub fn from_bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    /// From an answer that may be unknown.
    pub fn from_option(value: Option<bool>) -> Self {
        value.map_or(Self::Unknown, Self::from_bool)
    }
}

/// The answer of one leaf, with the facts behind it or the facts that are missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The truth.
    pub truth: Truth,
    /// The facts that it rests on.
    pub evidence: Vec<Fact>,
    /// The facts that would settle it, in words.
    pub missing: Vec<String>,
}

impl Answer {
    /// Settled by facts.
    pub fn settled(truth: Truth, evidence: Vec<Fact>) -> Self {
        Self { truth, evidence, missing: Vec::new() }
    }

    /// Unknown for want of a fact.
    pub fn unknown(missing: impl Into<String>) -> Self {
        Self { truth: Truth::Unknown, evidence: Vec::new(), missing: vec![missing.into()] }
    }

    /// For a person to settle.
    pub fn confirm() -> Self {
        Self { truth: Truth::Confirm, evidence: Vec::new(), missing: Vec::new() }
    }

    /// Settled by one fact, or unknown for want of it.
    pub fn from_option(value: Option<bool>, evidence: Vec<Fact>, missing: impl Into<String>) -> Self {
        match value {
            Some(value) => Self::settled(Truth::from_bool(value), evidence),
            None => Self { truth: Truth::Unknown, evidence, missing: vec![missing.into()] },
        }
    }

    /// The negation.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.truth = self.truth.negated();
        self
    }

    /// Joins answers as a disjunction; evidence of the deciding ones is kept.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::join(answers, Truth::False, Truth::or)
    }

    /// Joins answers as a conjunction.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        Self::join(answers, Truth::True, Truth::and)
    }

    fn join(answers: impl IntoIterator<Item = Self>, start: Truth, with: impl Fn(Truth, Truth) -> Truth) -> Self {
        let answers: Vec<Self> = answers.into_iter().collect();
        let truth = answers.iter().fold(start, |t, a| with(t, a.truth));
        let mut joined = Self { truth, evidence: Vec::new(), missing: Vec::new() };
        for answer in answers {
            let same = std::mem::discriminant(&answer.truth) == std::mem::discriminant(&truth);
            if same || truth == start {
                for fact in answer.evidence {
                    if !joined.evidence.contains(&fact) {
                        joined.evidence.push(fact);
                    }
                }
                for missing in answer.missing {
                    if !joined.missing.contains(&missing) {
                        joined.missing.push(missing);
                    }
                }
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn truths() -> impl Strategy<Value = Truth> {
        prop_oneof![
            Just(Truth::True),
            Just(Truth::False),
            Just(Truth::Unknown),
            Just(Truth::Confirm),
            Just(Truth::Unread),
            (1i8..28).prop_map(|d| Truth::TrueUntil(date(2026, 11, d))),
            (1i8..28).prop_map(|d| Truth::FalseUntil(date(2026, 11, d))),
        ]
    }

    proptest! {
        #[test]
        fn and_or_are_commutative_and_associative(a in truths(), b in truths(), c in truths()) {
            prop_assert_eq!(a.and(b), b.and(a));
            prop_assert_eq!(a.or(b), b.or(a));
            prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            prop_assert_eq!(a.or(b).or(c), a.or(b.or(c)));
            prop_assert_eq!(a.negated().negated(), a);
        }
    }
}
