//! When a trial's text lets a treatment be over: the last of the washouts that it names for it.

use crate::criteria::answer::Truth;
use crate::matching::change::states::State;
use crate::matching::evaluate::Evaluation;
use crate::matching::program::{Compiled, CompiledTrial, Node};
use jiff::civil::Date;

/// The washouts of the counted treatments on the day on which they stopped.
pub struct Washouts<'c, 'p> {
    compiled: &'c Compiled,
    /// The whole patient on that day.
    whole: Evaluation<'c, 'p>,
    /// The answers as if nothing but the counted treatments had ever been given.
    alone: Vec<Truth>,
    /// The answers as if nothing had.
    without: Vec<Truth>,
}

/// A washout of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Washout {
    /// The first day on which it is over.
    pub over: Date,
    /// The criteria, by their places, that name the longest.
    pub criteria: Vec<usize>,
}

impl<'c, 'p> Washouts<'c, 'p> {
    /// Prepares the answers; `stopped` is the state on the day of stopping.
    pub fn new(compiled: &'c Compiled, stopped: &'p State) -> Self {
        let counted = |keep: bool| {
            let mut facts = stopped.facts().without_reasons();
            if let Some(exposures) = &mut facts.exposures {
                exposures.retain(|exposure| keep && stopped.counted.contains(&exposure.index));
            }
            compiled.answers(&facts)
        };
        Self {
            compiled,
            whole: Evaluation::of(compiled, stopped.facts()),
            alone: counted(true),
            without: counted(false),
        }
    }

    /// The last of the washouts that a trial names for the counted treatments; `None` where it names none.
    pub fn of(&self, trial: &CompiledTrial) -> Option<Washout> {
        let days = trial.criteria.iter().map(|criterion| self.over(criterion.node, true));
        let days: Vec<(usize, Date)> = days.enumerate().filter_map(|(at, day)| Some((at, day?))).collect();
        let over = days.iter().map(|(_, day)| *day).max()?;
        let criteria = days.iter().filter(|(_, day)| *day == over).map(|(at, _)| *at).collect();
        Some(Washout { over, criteria })
    }

    /// The day from which a node no longer waits for the counted treatments; `wanted` is whether it is to hold.
    fn over(&self, node: u32, wanted: bool) -> Option<Date> {
        let asked = self.compiled.nodes.get(node as usize)?;
        match *asked {
            Node::Atom(atom) => {
                let alone = self.alone.get(atom as usize)?;
                if self.without.get(atom as usize) == Some(alone) {
                    return None;
                }
                match (alone, wanted) {
                    (Truth::FalseUntil(day), true) | (Truth::TrueUntil(day), false) => Some(*day),
                    _ => None,
                }
            }
            Node::Not(inner) => self.over(inner, !wanted),
            Node::Judged(inner) | Node::Partly(inner) => self.over(inner, wanted),
            Node::All { start, length } => self.of_list(node, start, length, wanted, wanted),
            Node::Any { start, length } => self.of_list(node, start, length, wanted, !wanted),
            Node::AtLeast { start, length, .. } => self.of_list(node, start, length, wanted, true),
            Node::Nothing | Node::Confirm | Node::Unread => None,
        }
    }

    /// Of a list whose members must all be as wanted, the last day; of one that one member settles, the first, and none
    /// where it is settled without waiting.
    fn of_list(&self, node: u32, start: u32, length: u32, wanted: bool, all: bool) -> Option<Date> {
        let days = self.compiled.list(start, length).iter().filter_map(|&child| self.over(child, wanted));
        if all {
            return days.max();
        }
        let settled = match self.whole.truth(node) {
            Truth::True | Truth::TrueUntil(_) => wanted,
            Truth::False | Truth::FalseUntil(_) => !wanted,
            _ => false,
        };
        // What holds only until a day settles nothing for good, and what waits is not settled.
        let waits =
            matches!((self.whole.truth(node), wanted), (Truth::FalseUntil(_), true) | (Truth::TrueUntil(_), false));
        if settled && !waits { None } else { days.min() }
    }
}
