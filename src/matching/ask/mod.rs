//! What to ask first: the fewest facts or tests that settle the most open trials, each answer evaluated exactly.

mod candidates;
mod suppose;
mod values;

use crate::criteria::atom::Atom;
use crate::criteria::facts::Facts;
use crate::criteria::open_fact::OpenFact;
use crate::matching::evaluate::Evaluation;
use crate::matching::outcome::Verdict;
use crate::matching::program::Compiled;
use crate::patient::Profile;
use crate::trial::Trial;
use candidates::Candidate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
pub use suppose::Standing;
use suppose::Supposing;

/// Gains below this are rounding.
const NOTHING: f64 = 1e-9;

/// A test or fact that a question covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What the trials ask of it, the most frequent first, with the number of trials; empty where a name says all.
    pub needs: Vec<(String, usize)>,
    /// Open trials that lack it.
    pub trials: usize,
}

/// What one answer would do to the open trials, by their places in the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// They become eligible.
    pub eligible: Vec<usize>,
    /// They stay possible, and no fact is lacking any more: what is left could not be read.
    pub settled: Vec<usize>,
    /// They lack fewer facts.
    pub narrowed: Vec<usize>,
    /// They become ineligible.
    pub ineligible: Vec<usize>,
}

impl Effect {
    fn is_nothing(&self) -> bool {
        self.trials().next().is_none()
    }

    fn trials(&self) -> impl Iterator<Item = usize> {
        [&self.eligible, &self.settled, &self.narrowed, &self.ineligible].into_iter().flatten().copied()
    }
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// In words.
    pub say: String,
    /// The facts that it adds, in the shape of a profile.
    pub facts: Value,
    /// What it would do, given alone.
    pub effect: Effect,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The row of the vocabulary, and what it is about where that needs a name.
    pub id: String,
    /// The question for a nurse.
    pub nurse: String,
    /// The test for an oncologist.
    pub order: String,
    /// The tests or facts that it covers, those of most trials first.
    pub members: Vec<Member>,
    /// The answers, the usual one first.
    pub answers: Vec<Answer>,
    /// The open trials that hang on it, by their places in the snapshot.
    pub trials: Vec<usize>,
    /// Open trials that lack no fact once this and the questions before it have their usual answers.
    pub settled_so_far: usize,
}

/// A fact that is still lacking when all is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The fact in words.
    pub fact: String,
    /// Open trials that lack it.
    pub trials: usize,
    /// Whether a further question would settle it; otherwise no profile can state it.
    pub can_be_asked: bool,
}

/// The questions worth asking, and how far they lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The questions, the first the most useful.
    pub questions: Vec<Question>,
    /// Trials that are `possible` now.
    pub open: usize,
    /// Those of them that lack no fact even now.
    pub settled_before: usize,
    /// Those that lack none after the usual answers.
    pub settled_after: usize,
    /// Those that then lack only what no profile can state, beside the settled ones.
    pub only_unknowable_after: usize,
    /// Verdicts of the open trials after the usual answers: eligible, possible, ineligible.
    pub verdicts_after: [usize; 3],
    /// The facts that are then still lacking, those of most trials first.
    pub left: Vec<Left>,
}

/// Finds the questions worth asking among the trials that the filter lets through.
pub fn plan(compiled: &Compiled, profile: &Profile, lets_through: &dyn Fn(&Trial) -> bool, questions: usize) -> Plan {
    let before = standings(compiled, profile);
    let open: Vec<usize> = before
        .iter()
        .zip(&compiled.trials)
        .enumerate()
        .filter(|(_, (standing, trial))| standing.verdict == Verdict::Possible && lets_through(&trial.trial))
        .map(|(at, _)| at)
        .collect();
    let mut plan = Plan {
        questions: Vec::new(),
        open: open.len(),
        settled_before: open.iter().filter(|&&at| is_settled(&before, at)).count(),
        settled_after: 0,
        only_unknowable_after: 0,
        verdicts_after: [0; 3],
        left: Vec::new(),
    };
    let first = Supposing::new(compiled, profile, &open);
    let never: Vec<u16> = first.at_best(&everything(&first, profile)).iter().map(|standing| standing.unknown).collect();
    let mut known = profile.clone();
    let mut asked = BTreeSet::new();
    while plan.questions.len() < questions {
        let supposing = Supposing::new(compiled, &known, &open);
        let Some((best, next)) = best(&supposing, &known, &asked, &never) else { break };
        asked.insert(best.id.clone());
        let Some(mut question) = question(compiled, profile, &before, &open, best) else { continue };
        question.settled_so_far =
            Supposing::new(compiled, &next, &open).now().iter().filter(|s| s.is_settled()).count();
        known = next;
        plan.questions.push(question);
    }
    finish(&mut plan, compiled, &known, &open);
    plan
}

/// How every trial of the snapshot stands for a profile.
fn standings(compiled: &Compiled, profile: &Profile) -> Vec<Standing> {
    Evaluation::new(compiled, profile).summaries().iter().map(Standing::of).collect()
}

fn is_settled(standings: &[Standing], at: usize) -> bool {
    standings.get(at).is_some_and(|standing| standing.is_settled())
}

/// The question whose usual answer leaves least to ask, with the profile that has it. What a candidate can gain at most
/// is known before it is tried, so that few are.
fn best(
    supposing: &Supposing<'_>,
    known: &Profile,
    asked: &BTreeSet<String>,
    never: &[u16],
) -> Option<(Candidate, Profile)> {
    let weights = |standings: Vec<Standing>| -> Vec<f64> {
        standings.iter().zip(never).map(|(standing, never)| standing.weight(*never)).collect()
    };
    let now = weights(supposing.now());
    let mut candidates = candidates::all(supposing, known);
    candidates.retain(|candidate| !asked.contains(&candidate.id));
    let weight = |place: &usize| now.get(*place).copied().unwrap_or(0.0);
    let limit = |candidate: &Candidate| match candidate.is_stated() {
        true => f64::INFINITY,
        false => candidate.trials.iter().map(weight).sum(),
    };
    let mut ordered: Vec<(f64, Candidate)> = candidates.drain(..).map(|c| (limit(&c), c)).collect();
    ordered.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut best: Option<(f64, Candidate, Profile)> = None;
    for (limit, mut candidate) in ordered {
        let so_far = best.as_ref().map_or(NOTHING, |(gain, ..)| *gain);
        if limit <= so_far {
            break;
        }
        candidate.answer(supposing, known);
        let Some(usual) = candidate.answers.first() else { continue };
        let Ok(next) = known.with(&usual.1, "answer") else { continue };
        let then = weights(supposing.then(&next, None));
        let gain: f64 = now.iter().zip(&then).map(|(now, then)| now - then).sum();
        if gain > so_far {
            best = Some((gain, candidate, next));
        }
    }
    best.map(|(_, candidate, next)| (candidate, next))
}

/// Evaluates every answer of a question alone and as a whole; `None` where no answer changes anything.
fn question(
    compiled: &Compiled,
    profile: &Profile,
    before: &[Standing],
    open: &[usize],
    candidate: Candidate,
) -> Option<Question> {
    let mut answers = Vec::new();
    let mut trials = BTreeSet::new();
    for (say, facts) in candidate.answers {
        let Ok(supposed) = profile.with(&facts, "answer") else { continue };
        let after = standings(compiled, &supposed);
        // An entry added to a list that is complete corrects it, and is no answer to a question.
        let corrects = |(before, after): (&Standing, &Standing)| {
            before.verdict != Verdict::Possible && before.verdict != after.verdict
        };
        if before.iter().zip(&after).any(corrects) {
            continue;
        }
        let effect = effect(before, &after, open);
        if !effect.is_nothing() {
            trials.extend(effect.trials());
            answers.push(Answer { say, facts, effect });
        }
    }
    (!answers.is_empty()).then(|| Question {
        id: candidate.id,
        nurse: candidate.nurse,
        order: candidate.order,
        members: candidate.members,
        answers,
        trials: trials.into_iter().collect(),
        settled_so_far: 0,
    })
}

/// What changes for the open trials.
fn effect(before: &[Standing], after: &[Standing], open: &[usize]) -> Effect {
    let mut effect = Effect::default();
    for &at in open {
        let (Some(before), Some(after)) = (before.get(at), after.get(at)) else { continue };
        match after.verdict {
            Verdict::Eligible => effect.eligible.push(at),
            Verdict::Ineligible => effect.ineligible.push(at),
            Verdict::Possible if after.unknown >= before.unknown => {}
            Verdict::Possible if after.unknown == 0 => effect.settled.push(at),
            Verdict::Possible => effect.narrowed.push(at),
        }
    }
    effect
}

/// Counts what is reached, and names what is left.
fn finish(plan: &mut Plan, compiled: &Compiled, known: &Profile, open: &[usize]) {
    let supposing = Supposing::new(compiled, known, open);
    let after = supposing.now();
    plan.settled_after = after.iter().filter(|standing| standing.is_settled()).count();
    for standing in &after {
        if let Some(count) = plan.verdicts_after.get_mut(standing.verdict as usize) {
            *count += 1;
        }
    }
    let all = everything(&supposing, known);
    let left = lacking(&supposing, known, &after, &supposing.wanted());
    let never = lacking(&supposing, &all, &after, &Supposing::new(compiled, &all, open).wanted());
    let mut askable: BTreeSet<usize> = BTreeSet::new();
    for ((fact, named), trials) in &left {
        let can_be_asked = *named || !never.contains_key(&(fact.clone(), false));
        if can_be_asked {
            askable.extend(trials);
        }
        plan.left.push(Left { fact: fact.clone(), trials: trials.len(), can_be_asked });
    }
    // The sort is stable, so facts of equal weight stay in the order of the alphabet.
    plan.left.sort_by_key(|left| std::cmp::Reverse(left.trials));
    let open_still = after.iter().enumerate().filter(|(_, standing)| !standing.is_settled());
    plan.only_unknowable_after = open_still.filter(|(place, _)| !askable.contains(place)).count();
}

/// The profile with the usual answer to every question of the vocabulary, those that contradict it left out. Facts that
/// have only their own names are too many to be stated; that they can be is clear.
fn everything(supposing: &Supposing<'_>, known: &Profile) -> Profile {
    let mut all = known.clone();
    for mut candidate in candidates::all(supposing, known).into_iter().filter(|candidate| !candidate.is_named()) {
        candidate.answer(supposing, known);
        if let Some(more) = candidate.answers.first().and_then(|(_, facts)| all.with(facts, "answer").ok()) {
            all = more;
        }
    }
    all
}

/// Facts, and whether they are stated under their own names alone, with trials.
type Lacking = BTreeMap<(String, bool), BTreeSet<usize>>;

/// The facts that unsettled trials lack, in words, with those trials by their places among the open ones.
fn lacking(
    supposing: &Supposing<'_>,
    profile: &Profile,
    after: &[Standing],
    wanted: &BTreeMap<u32, BTreeSet<usize>>,
) -> Lacking {
    let facts = Facts::new(profile);
    let mut lacking = Lacking::new();
    for (&atom, places) in wanted {
        let Some(asked) = supposing.compiled.atoms.get(atom as usize) else { continue };
        let unsettled = |place: &&usize| after.get(**place).is_some_and(|standing| !standing.is_settled());
        let places: BTreeSet<usize> = places.iter().filter(unsettled).copied().collect();
        if places.is_empty() {
            continue;
        }
        let named = matches!(asked, Atom::Open(OpenFact::Named(_)));
        for name in asked.evaluate(&facts).missing {
            lacking.entry((name, named)).or_default().extend(&places);
        }
    }
    lacking
}
