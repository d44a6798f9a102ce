//! The questions that could be asked: what is not answered, sorted by the test or conversation that would answer it.

use super::suppose::Supposing;
use super::{Member, values};
use crate::criteria::atom::Atom;
use crate::criteria::biomarkers::AskedOrigin;
use crate::criteria::conditions::What;
use crate::criteria::facts::Facts;
use crate::criteria::medications::{Kind, Substance};
use crate::criteria::open_fact::OpenFact;
use crate::lexicon::questions::{self, Asks, QuestionRow};
use crate::lexicon::{biomarkers, conditions, labs, medications};
use crate::patient::Profile;
use crate::patient::merge::merge;
use crate::patient::profile::{ConditionState, ListName};
use jiff::ToSpan;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The diseases, medicines or genes that a question names, and of which it tries the other answer.
const NAMED: usize = 12;
const TRIED: usize = 4;

/// What an allergy to the trial's own drugs is named.
const STUDY_DRUG: &str = "the study drugs or their components";

/// The name under which a profile states side effects that are left.
const TOXICITY: &str = "toxicity from prior therapy";

/// Any disease at all.
const ANY: &str = "any other illness";

/// A member of a question while it is put together.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// What sort of fact it is.
    pub sort: Asks,
    /// The test, gene, illness or medicine.
    pub subject: String,
    /// The unanswered questions about it, each with the number of open trials that hang on it.
    pub atoms: Vec<(u32, usize)>,
    /// The open trials that lack it.
    pub trials: BTreeSet<usize>,
}

/// A question that could be asked.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub id: String,
    pub nurse: String,
    pub order: String,
    pub members: Vec<Member>,
    /// Answers and their facts, the usual one first; empty until [`Candidate::answer`].
    pub answers: Vec<(String, Value)>,
    /// The open trials that name what it asks.
    pub trials: BTreeSet<usize>,
    row: &'static QuestionRow,
    subject: String,
    drafts: Vec<Draft>,
}

impl Candidate {
    fn new(row: &'static QuestionRow, subject: String, drafts: BTreeMap<(Asks, String), Draft>) -> Self {
        let mut drafts: Vec<Draft> = drafts.into_values().collect();
        // The sort is stable, so members of equal weight stay in the order of the alphabet.
        drafts.sort_by_key(|draft| Reverse(draft.trials.len()));
        let trials = drafts.iter().flat_map(|draft| draft.trials.iter().copied()).collect();
        let members = drafts
            .iter()
            .map(|draft| Member { name: draft.name(), needs: Vec::new(), trials: draft.trials.len() })
            .collect();
        let id = if subject.is_empty() { row.id.clone() } else { format!("{}: {subject}", row.id) };
        let (nurse, order) = (String::new(), String::new());
        Self { id, nurse, order, members, answers: Vec::new(), trials, row, subject, drafts }
    }

    /// Whether the row itself holds the answers; which trials hang on it shows only when they are tried.
    pub fn is_stated(&self) -> bool {
        self.row.asks(Asks::Stated)
    }

    /// Whether it asks for a fact that has only its own name.
    pub fn is_named(&self) -> bool {
        self.row.asks(Asks::Named)
    }

    /// Makes its answers and its words.
    pub fn answer(&mut self, supposing: &Supposing<'_>, known: &Profile) {
        let asks = self.row.asks.first().copied().unwrap_or(Asks::Stated);
        let usual = self.row.usual.as_deref().unwrap_or_default();
        self.answers = match asks {
            Asks::Stated => self.row.answers.iter().map(|row| (row.say.clone(), row.facts.clone())).collect(),
            Asks::Tumour => values::genes(supposing, known, &self.drafts, false, (usual, TRIED)),
            Asks::Germline => values::genes(supposing, known, &self.drafts, true, (usual, TRIED)),
            Asks::Labs => values::laboratory(supposing, known, &self.drafts, &mut self.members, TRIED),
            _ => self.joined(known, usual),
        };
        let said = |members: Vec<&str>| {
            let more = members.len().saturating_sub(NAMED);
            let named = members.get(..NAMED).unwrap_or(&members).join(", ");
            if more > 0 { format!("{named} and {more} more") } else { named }
        };
        let plain = said(self.members.iter().map(|member| member.name.as_str()).collect());
        // A need names the test itself.
        let needs = said(
            self.members
                .iter()
                .map(|member| member.needs.first().map_or(member.name.as_str(), |(need, _)| need.as_str()))
                .collect(),
        );
        let listed = listed(known, &self.row.asks);
        let fill = |template: &str, members: &str| {
            template.replace("{members}", members).replace("{listed}", &listed).replace("{name}", &self.subject)
        };
        self.nurse = fill(&self.row.nurse, &plain);
        self.order = fill(&self.row.order, &needs);
    }

    /// The usual answer to all members at once, then the other answer to each of those that most trials lack.
    fn joined(&self, known: &Profile, usual: &str) -> Vec<(String, Value)> {
        let mut facts = json!({});
        for draft in &self.drafts {
            let mut more = facts.clone();
            merge(&mut more, &draft.usual(known));
            // What contradicts the profile or another member is left out.
            if more != facts && known.with(&more, "answer").is_ok() {
                facts = more;
            }
        }
        if facts == json!({}) {
            return Vec::new();
        }
        let others = self.drafts.iter().filter_map(|draft| draft.other(known)).take(TRIED);
        std::iter::once((usual.to_owned(), facts)).chain(others).collect()
    }
}

impl Draft {
    /// What it is called in a question.
    fn name(&self) -> String {
        match self.sort {
            Asks::Allergies => format!("allergy to {}", self.subject),
            Asks::EverTaken => format!("{} at any time", self.subject),
            _ => self.subject.clone(),
        }
    }

    /// The facts of the usual answer: nothing of the kind, or a mild one.
    fn usual(&self, known: &Profile) -> Value {
        let name = self.subject.as_str();
        match self.sort {
            Asks::Conditions => json!({ "complete": ["conditions"] }),
            Asks::Medications => json!({ "complete": ["medications"] }),
            Asks::Allergies => json!({ "complete": ["allergies"] }),
            Asks::Vaccines | Asks::EverTaken => json!({ "medications": [{ "name": name, "state": "absent" }] }),
            Asks::Toxicity | Asks::Named => json!({ "conditions": [{ "name": name, "state": "absent" }] }),
            Asks::Entry => entry(known, name, ("controlled", 1, 5)).map_or(json!({}), |(_, facts)| facts),
            Asks::Stated | Asks::Labs | Asks::Tumour | Asks::Germline => json!({}),
        }
    }

    /// Another answer in words, with its facts.
    fn other(&self, known: &Profile) -> Option<(String, Value)> {
        let name = self.subject.as_str();
        let taken = |stopped: Option<String>| json!({ "medications": [{ "name": name, "stopped": stopped }] });
        Some(match self.sort {
            Asks::Conditions if name == ANY => return None,
            Asks::Allergies if name == STUDY_DRUG => return None,
            Asks::Conditions => {
                (format!("yes: {name}"), json!({ "conditions": [{ "name": name, "state": "active" }] }))
            }
            Asks::Named => ("yes".to_owned(), json!({ "conditions": [{ "name": name, "state": "active" }] })),
            Asks::Toxicity => (
                "a side effect of grade 2 is left".to_owned(),
                json!({ "conditions": [{ "name": name, "state": "active", "grade": 2 }] }),
            ),
            Asks::Entry => {
                let (say, facts) = entry(known, name, ("active", 3, 0))?;
                (format!("{name}: {say}"), facts)
            }
            Asks::Medications | Asks::EverTaken => {
                (format!("takes {name}"), json!({ "medications": [{ "name": name }] }))
            }
            Asks::Vaccines => (format!("{name} on {}", known.as_of), taken(Some(known.as_of.to_string()))),
            Asks::Allergies => (format!("allergic to {name}"), json!({ "allergies": [{ "name": name }] })),
            Asks::Stated | Asks::Labs | Asks::Tumour | Asks::Germline => return None,
        })
    }
}

/// What the lists that are asked about hold already.
fn listed(known: &Profile, asks: &[Asks]) -> String {
    let stated = |state: Option<ConditionState>| state != Some(ConditionState::Absent);
    let mut names: Vec<String> = Vec::new();
    if asks.contains(&Asks::Conditions) || asks.contains(&Asks::Entry) {
        names.extend(known.conditions.iter().flatten().filter(|c| stated(c.state)).map(|c| c.name.clone()));
    }
    if asks.contains(&Asks::Medications) {
        names.extend(known.medications.iter().flatten().filter(|m| stated(m.state)).map(|m| m.name.clone()));
        let allergies = known.allergies.iter().flatten().filter(|a| stated(a.state));
        names.extend(allergies.map(|a| format!("allergy to {}", a.name)));
    }
    if names.is_empty() { "nothing so far".to_owned() } else { names.join(", ") }
}

/// What is not stated of a listed condition yet, set to a state, a grade and a beginning so many years ago, in words
/// and as facts; `None` where all is stated.
fn entry(known: &Profile, name: &str, (state, grade, years): (&str, u8, i16)) -> Option<(String, Value)> {
    let entry = known.conditions.iter().flatten().find(|entry| entry.name == name)?;
    let mut facts = serde_json::Map::new();
    let mut say = Vec::new();
    let over = entry.state == Some(ConditionState::Resolved);
    if entry.grade.is_none() && !over {
        facts.insert("grade".to_owned(), json!(grade));
        say.push(format!("grade {grade}"));
    }
    if entry.state.is_none() {
        facts.insert("state".to_owned(), json!(state));
        say.push(state.to_owned());
    }
    let day = known.as_of.saturating_sub(years.years()).to_string();
    if over && entry.resolved.is_none() {
        say.push(format!("over since {day}"));
        facts.insert("resolved".to_owned(), json!(day));
    } else if entry.since.is_none() && entry.resolved.is_none() {
        say.push(format!("since {day}"));
        facts.insert("since".to_owned(), json!(day));
    }
    if facts.is_empty() {
        return None;
    }
    facts.insert("name".to_owned(), json!(name));
    Some((say.join(", "), json!({ "conditions": [facts] })))
}

/// The question's row, what the question is about where each has its own, and the member that an atom belongs to.
type Place = (&'static QuestionRow, String, (Asks, String));

/// The questions while they are put together, by place of the row and what each is about.
type Drafts = BTreeMap<(usize, String), (&'static QuestionRow, BTreeMap<(Asks, String), Draft>)>;

/// Puts together all questions that could be asked, in the order of the vocabulary.
pub(super) fn all(supposing: &Supposing<'_>, known: &Profile) -> Vec<Candidate> {
    let facts = Facts::new(known);
    let document = serde_json::to_value(known).unwrap_or_default();
    let mut drafts: Drafts = BTreeMap::new();
    let order = |row: &'static QuestionRow| questions::all().iter().position(|r| r.id == row.id).unwrap_or(usize::MAX);
    for row in questions::all().iter().filter(|row| row.asks(Asks::Stated)) {
        if row.absent.as_deref().is_none_or(|paths| !is_stated(&document, paths)) {
            drafts.insert((order(row), String::new()), (row, BTreeMap::new()));
        }
    }
    for (atom, trials) in supposing.wanted() {
        let Some(asked) = supposing.compiled.atoms.get(atom as usize) else { continue };
        for (row, about, (sort, subject)) in places(asked, known, &facts) {
            let (_, members) = drafts.entry((order(row), about)).or_insert_with(|| (row, BTreeMap::new()));
            let draft = members.entry((sort, subject.clone())).or_insert_with(|| Draft {
                sort,
                subject,
                atoms: Vec::new(),
                trials: BTreeSet::new(),
            });
            draft.atoms.push((atom, trials.len()));
            draft.trials.extend(&trials);
        }
    }
    drafts.into_iter().map(|((_, subject), (row, members))| Candidate::new(row, subject, members)).collect()
}

/// Whether the profile states something at one of the paths (`birth_date|age`).
fn is_stated(document: &Value, paths: &str) -> bool {
    paths.split('|').any(|path| path.split('.').try_fold(document, |value, key| value.get(key)).is_some())
}

fn row(asks: Asks) -> Option<&'static QuestionRow> {
    questions::all().iter().find(|row| row.asks(asks))
}

/// The questions that an atom belongs to.
fn places(atom: &Atom, known: &Profile, facts: &Facts<'_>) -> Vec<Place> {
    let one = |asks: Asks, subject: String| {
        let own = |row: &QuestionRow| if row.asks(Asks::Named) { subject.clone() } else { String::new() };
        row(asks).map(|row| (row, own(row), (asks, subject.clone()))).into_iter().collect::<Vec<Place>>()
    };
    match atom {
        Atom::Laboratory(bound) => laboratory(usize::from(bound.lab)).into_iter().collect(),
        Atom::Biomarker(asked) => {
            let germline = asked.origin == Some(AskedOrigin::Germline);
            let asks = if germline { Asks::Germline } else { Asks::Tumour };
            let name = |at: &u16| biomarkers::all().get(usize::from(*at)).map(|marker| marker.id.clone());
            asked.any_of.iter().filter_map(name).flat_map(|name| one(asks, name)).collect()
        }
        Atom::Medication(asked) => match asked.kind {
            Kind::Contraindication => Vec::new(),
            Kind::Allergy => one(Asks::Allergies, asked.name()),
            Kind::EverUsed => one(Asks::EverTaken, asked.name()),
            Kind::Use if is_vaccine(&asked.substance) => one(Asks::Vaccines, asked.name()),
            Kind::Use => one(Asks::Medications, asked.name()),
        },
        Atom::Open(OpenFact::Named(name)) => one(Asks::Named, name.clone()),
        Atom::Condition(asked) => {
            let missing = atom.evaluate(facts).missing;
            let entries = known.conditions.iter().flatten().filter(|entry| {
                entry.state != Some(ConditionState::Absent) && missing.iter().any(|said| said.contains(&entry.name))
            });
            let mut places: Vec<Place> = entries.flat_map(|entry| one(Asks::Entry, entry.name.clone())).collect();
            match &asked.what {
                What::Toxicity => places.extend(one(Asks::Toxicity, TOXICITY.to_owned())),
                _ if !places.is_empty() || known.complete(ListName::Conditions) => {}
                What::Row(at) => {
                    let row = conditions::all().get(usize::from(*at));
                    places.extend(row.into_iter().flat_map(|row| one(Asks::Conditions, row.id.clone())));
                }
                What::Named(name) => places.extend(one(Asks::Conditions, name.clone())),
                What::Anything => places.extend(one(Asks::Conditions, ANY.to_owned())),
            }
            places
        }
        _ => Vec::new(),
    }
}

/// The sample or examination that gives a test; a test of no row has a question of its own.
fn laboratory(lab: usize) -> Option<Place> {
    let name = &labs::all().get(lab)?.id;
    let member = (Asks::Labs, name.clone());
    let mut rows = questions::all().iter().filter(|row| row.asks(Asks::Labs));
    let own = rows.clone().find(|row| row.members.contains(name));
    match own {
        Some(row) => Some((row, String::new(), member)),
        None => rows.find(|row| row.members.is_empty()).map(|row| (row, name.clone(), member)),
    }
}

fn is_vaccine(substance: &Substance) -> bool {
    let Some(vaccine) = medications::class_by_id("vaccine") else { return false };
    match substance {
        Substance::Class(row) => medications::class_is_a(usize::from(*row), vaccine),
        Substance::Medication(row) => medications::is_in_class(usize::from(*row), vaccine),
        _ => false,
    }
}
