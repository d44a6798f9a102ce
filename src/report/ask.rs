//! The questions worth asking as other programs read them (`trialmatch.ask/1`), and as people do.

pub mod page;
pub mod table;

use super::types::Snapshot;
use crate::matching::ask::{Effect, Plan};
use crate::matching::program::Compiled;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

/// The name of this report's form.
pub const ASK_SCHEMA: &str = "trialmatch.ask/1";

/// The questions for one patient.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// Always [`ASK_SCHEMA`].
    pub schema: &'static str,
    /// The profile's `id`.
    pub patient: Option<String>,
    /// The day that the dates were counted from.
    pub as_of: Date,
    /// The registry data that was read.
    pub snapshot: Snapshot,
    /// The possible trials as they stand.
    pub now: Now,
    /// The same trials when every question has its usual answer, the first one that it lists.
    pub after: After,
    /// The questions, the most useful first.
    pub questions: Vec<Question>,
    /// The facts that are then still lacking, those of most trials first.
    pub left: Vec<Left>,
}

/// The possible trials as they stand.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Now {
    /// Trials that are `possible`.
    pub possible: usize,
    /// Those of them that lack no fact: what is left of them could not be read.
    pub lacking_nothing: usize,
}

/// The trials that were possible, when every question has its usual answer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct After {
    /// They are eligible.
    pub eligible: usize,
    /// They are still possible.
    pub possible: usize,
    /// They are ineligible.
    pub ineligible: usize,
    /// They lack no fact: eligible, ineligible, or possible for what could not be read alone.
    pub lacking_nothing: usize,
    /// Of the others, those that lack only what no profile can state.
    pub lacking_only_unknowable: usize,
}

/// One question.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// Place in the order of asking, from 1.
    pub rank: usize,
    /// Its name.
    pub id: String,
    /// In plain words.
    pub question: String,
    /// The test to order, or where to look, with the values that it must reach.
    pub order: String,
    /// The tests or facts that it covers.
    pub covers: Vec<Covered>,
    /// What each answer would do, given alone.
    pub answers: Vec<Answer>,
    /// The trials that hang on it.
    pub trials: Vec<TrialName>,
    /// Trials that lack nothing once this and the questions before it have their usual answers.
    pub lacking_nothing_so_far: usize,
}

/// A test or fact that a question covers.
#[derive(Clone, Debug, Serialize)]
pub struct Covered {
    /// Its name.
    pub name: String,
    /// Possible trials that lack it.
    pub trials: usize,
    /// What they ask of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
}

/// What trials ask of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Need {
    /// In words.
    pub need: String,
    /// How many ask it.
    pub trials: usize,
}

/// One answer and what it would do.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// In words.
    pub answer: String,
    /// The facts that it adds to the profile, in its shape.
    pub facts: Value,
    /// Trials that become eligible.
    pub eligible: Vec<String>,
    /// Trials that stay possible and lack no fact any more.
    pub lacking_nothing: Vec<String>,
    /// Trials that lack fewer facts.
    pub lacking_less: Vec<String>,
    /// Trials that become ineligible.
    pub ineligible: Vec<String>,
}

/// A trial by its name.
#[derive(Clone, Debug, Serialize)]
pub struct TrialName {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A fact that is still lacking when all is answered.
#[derive(Clone, Debug, Serialize)]
pub struct Left {
    /// In words.
    pub fact: String,
    /// Possible trials that lack it.
    pub trials: usize,
    /// Whether a further question could settle it; otherwise the trial's team must be asked.
    pub can_be_asked: bool,
}

/// Builds the report.
pub fn build(patient: Option<&str>, as_of: Date, snapshot: Snapshot, compiled: &Compiled, plan: Plan) -> Asked {
    let trial = |at: &usize| compiled.trials.get(*at).map(|trial| &trial.trial);
    let ids = |places: &[usize]| places.iter().filter_map(|at| Some(trial(at)?.id.clone())).collect::<Vec<_>>();
    let answer = |answer: crate::matching::ask::Answer| {
        let Effect { eligible, settled, narrowed, ineligible } = answer.effect;
        Answer {
            answer: answer.say,
            facts: answer.facts,
            eligible: ids(&eligible),
            lacking_nothing: ids(&settled),
            lacking_less: ids(&narrowed),
            ineligible: ids(&ineligible),
        }
    };
    let [eligible, possible, ineligible] = plan.verdicts_after;
    let questions = plan.questions.into_iter().zip(1..).map(|(question, rank)| Question {
        rank,
        id: question.id,
        question: question.nurse,
        order: question.order,
        covers: question
            .members
            .into_iter()
            .map(|member| Covered {
                name: member.name,
                trials: member.trials,
                needs: member.needs.into_iter().map(|(need, trials)| Need { need, trials }).collect(),
            })
            .collect(),
        answers: question.answers.into_iter().map(answer).collect(),
        trials: question
            .trials
            .iter()
            .filter_map(trial)
            .map(|trial| TrialName { id: trial.id.clone(), title: trial.title.clone() })
            .collect(),
        lacking_nothing_so_far: question.settled_so_far,
    });
    Asked {
        schema: ASK_SCHEMA,
        patient: patient.map(str::to_owned),
        as_of,
        snapshot,
        now: Now { possible: plan.open, lacking_nothing: plan.settled_before },
        after: After {
            eligible,
            possible,
            ineligible,
            lacking_nothing: plan.settled_after,
            lacking_only_unknowable: plan.only_unknowable_after,
        },
        questions: questions.collect(),
        left: plan
            .left
            .into_iter()
            .map(|left| Left { fact: left.fact, trials: left.trials, can_be_asked: left.can_be_asked })
            .collect(),
    }
}

/// Says what an answer does, one piece for each kind of change; the trials are named after it where they are few.
pub fn effects(answer: &Answer, named: usize) -> Vec<String> {
    [
        (&answer.eligible, "becomes eligible", "become eligible"),
        (&answer.lacking_nothing, "has nothing left to ask", "have nothing left to ask"),
        (&answer.ineligible, "becomes ineligible", "become ineligible"),
        (&answer.lacking_less, "has one thing less to ask", "have less to ask"),
    ]
    .into_iter()
    .filter(|(trials, ..)| !trials.is_empty())
    .map(|(trials, one, many)| {
        let said = if trials.len() == 1 { format!("1 trial {one}") } else { format!("{} trials {many}", trials.len()) };
        let names: Vec<String> = trials.iter().take(named).map(|id| super::text::one_line(id)).collect();
        if trials.len() <= named { format!("{said} ({})", names.join(", ")) } else { said }
    })
    .collect()
}

/// Says a count of trials.
pub fn trials(count: usize) -> String {
    if count == 1 { "1 trial".to_owned() } else { format!("{count} trials") }
}

/// Says how far the answers lead.
pub fn outlook(asked: &Asked) -> String {
    let after = asked.after;
    let share = |count: usize| (count * 100).checked_div(asked.now.possible).unwrap_or(0);
    format!(
        "{} possible now, {} of them with nothing left to ask. With the first answer to each question below: {} eligible, \
         {} ineligible, {} still possible; {} of {} ({} %) with nothing left to ask, and {} more ({} % in all) that lack \
         only what no profile can state.",
        trials(asked.now.possible),
        asked.now.lacking_nothing,
        after.eligible,
        after.ineligible,
        after.possible,
        after.lacking_nothing,
        asked.now.possible,
        share(after.lacking_nothing),
        after.lacking_only_unknowable,
        share(after.lacking_nothing + after.lacking_only_unknowable),
    )
}
