//! Diseases and findings: present, past, controlled or not, of a grade, within a time.

/// The row of a condition by its id, looked up once for each place that asks.
macro_rules! row {
    ($name:literal) => {{
        static ROW: std::sync::OnceLock<Option<u16>> = std::sync::OnceLock::new();
        *ROW.get_or_init(|| crate::criteria::conditions::row_of($name))
    }};
}

mod absorption;
mod ejection;
mod evaluate;
mod heads;
mod modifiers;
mod names;
mod narrowing;
mod particular;
mod read;
mod risks;
mod serology;
mod swallowing;
mod titled;
mod toxicity;
mod viral_load;

use crate::criteria::atom::Atom;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{self, Comparison};
use crate::grammar::windows::Window;
use crate::lexicon::conditions;
pub(crate) use ejection::fell;
pub(crate) use evaluate::within_date;
pub(crate) use modifiers::{take_grade, take_words};
pub(crate) use narrowing::is_narrowing;
pub use read::read;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
pub use titled::read_item;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum What {
    /// A row of the conditions; other tumours are rows below "other malignancy".
    Row(u16),
    /// Folded words that the vocabulary does not hold.
    Named(String),
    /// Any disease at all ("uncontrolled illness").
    Anything,
    /// A toxicity of earlier treatment that has not gone away.
    Toxicity,
}

/// The state in which it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// There now, in whatever state.
    Present,
    /// Said to be active.
    Active,
    /// There now or at any time before.
    History,
    /// There and not under control.
    Uncontrolled,
    /// There and under control.
    Controlled,
    /// There with symptoms.
    Symptomatic,
    /// Had once and gone.
    Resolved,
    /// Had and treated adequately.
    Treated,
}

/// One question about a disease or finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Condition {
    /// What.
    pub what: What,
    /// In which state.
    pub state: State,
    /// A bound on its grade (CTCAE).
    pub grade: Option<(Comparison, u8)>,
    /// When.
    pub window: Option<Window>,
    /// Whether only a clinically significant or severe one counts.
    pub significant: bool,
    /// Whether only a chronic one counts.
    pub chronic: bool,
    /// A qualification that the profile cannot state ("requiring intravenous antibiotics").
    pub detail: Option<String>,
    /// What does not count, each on its own terms.
    pub except: Vec<Condition>,
}

impl Condition {
    /// A question without further terms.
    pub fn new(what: What, state: State) -> Self {
        Self {
            what,
            state,
            grade: None,
            window: None,
            significant: false,
            chronic: false,
            detail: None,
            except: Vec::new(),
        }
    }
}

/// The condition of this row is present. `row` is an index of [`conditions::all`].
pub fn present(row: u16) -> Requirement {
    Requirement::Atom(Atom::Condition(Condition::new(What::Row(row), State::Present)))
}

/// The condition of this row is or has been present.
pub fn history(row: u16) -> Requirement {
    Requirement::Atom(Atom::Condition(Condition::new(What::Row(row), State::History)))
}

/// The row of a condition by its id.
///
/// The readers ask for the same few names over and over.
pub(crate) fn row_of(name: &'static str) -> Option<u16> {
    thread_local! {
        static ASKED: RefCell<FxHashMap<&'static str, Option<u16>>> = RefCell::default();
    }
    ASKED.with_borrow_mut(|asked| {
        *asked.entry(name).or_insert_with(|| conditions::by_name(name).and_then(|row| u16::try_from(row).ok()))
    })
}

/// Folds the words of a name as the words of a text are folded.
pub(crate) fn fold_name(name: &str) -> String {
    let words: Vec<String> = elements::read(name).into_iter().map(|element| element.text.to_string()).collect();
    words.join(" ")
}

/// Takes conditions out of the conditions that a requirement names: "another malignancy, except basal cell carcinoma".
/// Only what the exception is a kind of is narrowed; `None` where an exception is not of this family, so that nothing
/// is lost in silence.
pub fn except(requirement: Requirement, exceptions: &Requirement) -> Option<Requirement> {
    let mut named = false;
    requirement.visit(&mut |r| named |= matches!(r, Requirement::Atom(Atom::Condition(_))));
    if !named {
        return None;
    }
    let mut list = Vec::new();
    collect(exceptions, &mut list)?;
    let mut narrowed = vec![false; list.len()];
    let requirement = narrow(requirement, &list, &mut narrowed)?;
    narrowed.iter().all(|done| *done).then_some(requirement)
}

/// Takes something out of the conditions that a requirement names of which only the words are known: who has one of
/// those conditions may be excepted. `None` where the requirement names anything else.
pub fn except_words(requirement: Requirement, words: &str) -> Option<Requirement> {
    let mut named = false;
    let mut other = false;
    requirement.visit(&mut |r| match r {
        Requirement::Atom(Atom::Condition(_)) => named = true,
        Requirement::Atom(_) | Requirement::Unread(_) | Requirement::Partly(..) => other = true,
        _ => {}
    });
    if !named || other {
        return None;
    }
    let mut open = Condition::new(What::Anything, State::History);
    open.detail = Some(words.to_owned());
    Some(every(requirement, &mut |mut condition| {
        condition.except.push(open.clone());
        condition
    }))
}

/// Narrows the conditions that a requirement names by words that the profile cannot state.
pub(crate) fn with_detail(requirement: Requirement, words: &str) -> Requirement {
    every(requirement, &mut |mut condition| {
        condition.detail = Some(condition.detail.map_or_else(|| words.to_owned(), |own| format!("{own} {words}")));
        condition
    })
}

/// Changes every condition of a requirement.
fn every(requirement: Requirement, change: &mut impl FnMut(Condition) -> Condition) -> Requirement {
    match requirement {
        Requirement::Any(members) => Requirement::Any(members.into_iter().map(|m| every(m, change)).collect()),
        Requirement::All(members) => Requirement::All(members.into_iter().map(|m| every(m, change)).collect()),
        Requirement::Not(inner) => Requirement::Not(Box::new(every(*inner, change))),
        Requirement::Judged(inner) => Requirement::Judged(Box::new(every(*inner, change))),
        Requirement::Atom(Atom::Condition(condition)) => Requirement::Atom(Atom::Condition(change(condition))),
        other => other,
    }
}

fn collect(requirement: &Requirement, list: &mut Vec<Condition>) -> Option<()> {
    match requirement {
        Requirement::Any(members) | Requirement::All(members) => {
            members.iter().try_for_each(|member| collect(member, list))
        }
        Requirement::Atom(Atom::Condition(condition)) => {
            let mut condition = condition.clone();
            // An exception names the disease, whether or not it is over.
            if matches!(condition.state, State::Present | State::Active) {
                condition.state = State::History;
            }
            list.push(condition);
            Some(())
        }
        // The cancer under study and its sites are no conditions: without them the exception loses nothing.
        Requirement::Atom(Atom::Diagnosis(_) | Atom::Site(_) | Atom::CentralNervousSystem(_)) => Some(()),
        _ => None,
    }
}

fn narrow(requirement: Requirement, list: &[Condition], narrowed: &mut [bool]) -> Option<Requirement> {
    Some(match requirement {
        Requirement::Any(members) => {
            Requirement::Any(members.into_iter().map(|m| narrow(m, list, narrowed)).collect::<Option<_>>()?)
        }
        Requirement::All(members) => {
            Requirement::All(members.into_iter().map(|m| narrow(m, list, narrowed)).collect::<Option<_>>()?)
        }
        Requirement::Not(inner) => Requirement::Not(Box::new(narrow(*inner, list, narrowed)?)),
        Requirement::Judged(inner) => Requirement::Judged(Box::new(narrow(*inner, list, narrowed)?)),
        Requirement::Atom(Atom::Condition(mut condition)) => {
            for (exception, done) in list.iter().zip(narrowed.iter_mut()) {
                if condition.takes(exception) {
                    condition.except.push(exception.clone());
                    *done = true;
                }
                *done |= condition.is_apart(exception);
            }
            condition.except.sort();
            condition.except.dedup();
            Requirement::Atom(Atom::Condition(condition))
        }
        other => other,
    })
}

impl Condition {
    /// Whether an exception can be a part of what is asked about.
    fn takes(&self, exception: &Self) -> bool {
        match (&self.what, &exception.what) {
            (What::Row(row), What::Row(other)) => {
                let (row, other) = (usize::from(*row), usize::from(*other));
                conditions::is_a(other, row) || conditions::is_a(row, other)
            }
            (What::Row(row), What::Named(_)) => Some(*row) == row!("other malignancy"),
            (What::Anything | What::Toxicity, _) => true,
            // "Conditions not expected to recur": any disease may be such a one.
            (_, What::Anything) => exception.detail.is_some(),
            _ => false,
        }
    }
}

impl Condition {
    /// Whether an exception names another disease altogether, so that it takes nothing out.
    fn is_apart(&self, exception: &Self) -> bool {
        match (&self.what, &exception.what) {
            (What::Row(row), What::Row(other)) => {
                let (row, other) = (usize::from(*row), usize::from(*other));
                !conditions::is_a(other, row) && !conditions::is_a(row, other)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_tests;
