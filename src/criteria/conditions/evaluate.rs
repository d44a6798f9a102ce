//! Answers about diseases: each entry of the profile speaks for itself and what is below it, absence for all below.

use super::{Condition, State, What};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::facts::Facts;
use crate::grammar::windows::{Bound, Length, Window};
use crate::lexicon::{condition_traits, conditions, disease_nouns, medications};
use crate::patient::PartialDate;
use crate::patient::profile::{Condition as Entry, ConditionState, ListName, Site, TreatmentKind};
use jiff::ToSpan;
use jiff::civil::Date;
use std::sync::LazyLock;

/// Rows of the conditions that definitions speak of. A name is looked up once a process, not once a question.
struct Named {
    immune_disorder: Option<usize>,
    inflammatory_bowel_disease: Option<usize>,
    leptomeningeal_disease: Option<usize>,
    other_malignancy: Option<usize>,
    pulmonary_lymphangitis: Option<usize>,
    radiation_pneumonitis: Option<usize>,
    skeletal_related_event: Option<usize>,
    spinal_cord_compression: Option<usize>,
    stem_cell_transplantation: Option<usize>,
    visceral_crisis: Option<usize>,
}

static NAMED: LazyLock<Named> = LazyLock::new(|| Named {
    immune_disorder: conditions::by_name("immune disorder"),
    inflammatory_bowel_disease: conditions::by_name("inflammatory bowel disease"),
    leptomeningeal_disease: conditions::by_name("leptomeningeal disease"),
    other_malignancy: conditions::by_name("other malignancy"),
    pulmonary_lymphangitis: conditions::by_name("pulmonary lymphangitis"),
    radiation_pneumonitis: conditions::by_name("radiation pneumonitis"),
    skeletal_related_event: conditions::by_name("skeletal related event"),
    spinal_cord_compression: conditions::by_name("spinal cord compression"),
    stem_cell_transplantation: conditions::by_name("stem cell transplantation"),
    visceral_crisis: conditions::by_name("visceral crisis"),
});

impl Named {
    /// Whether a row is one of these or a kind of it.
    fn is(&self, row: usize, other: Option<usize>) -> bool {
        other.is_some_and(|other| conditions::is_a(row, other))
    }
}

/// How an entry of the profile stands to what is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// The same: it settles the question.
    Same,
    /// A kind of it: present, it makes the question true; absent, it says nothing of the rest.
    Below,
    /// It is a kind of the entry: settled where the entry is absent.
    Above,
    /// Another matter.
    Apart,
}

impl Condition {
    /// Whether it asks for a malignancy other than the cancer under study.
    pub(crate) fn is_other_malignancy(&self) -> bool {
        matches!(self.what, What::Row(row) if is_malignancy(usize::from(row)))
    }

    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        if self.what == What::Toxicity {
            return super::toxicity::evaluate(self, facts);
        }
        let mut answers = Vec::new();
        let mut settled = false;
        for (index, (row, entry)) in facts.conditions.iter().enumerate() {
            let relation = self.relation(*row, index, facts);
            if relation == Relation::Apart {
                continue;
            }
            let absent = entry.state == Some(ConditionState::Absent);
            match relation {
                Relation::Same | Relation::Above if absent => {
                    // What rules it out besides is cited as well: without the entry the answer would rest on that.
                    let reasons = || {
                        let rest = self.rest(facts);
                        let besides = rest.evidence.into_iter().filter(|f| !f.fact.starts_with("conditions"));
                        let besides = besides.filter(|_| rest.truth == Truth::False);
                        std::iter::once(entry_fact(index, entry)).chain(besides).collect::<Vec<Fact>>()
                    };
                    return Answer::settled(Truth::False, if facts.wants_reasons() { reasons() } else { Vec::new() });
                }
                Relation::Same | Relation::Below if !absent => {
                    settled |= relation == Relation::Same;
                    answers.push(self.entry(*row, index, entry, facts));
                }
                _ => {}
            }
        }
        if !settled {
            answers.push(self.rest(facts));
        }
        Answer::any(answers)
    }

    fn relation(&self, row: Option<usize>, index: usize, facts: &Facts<'_>) -> Relation {
        match &self.what {
            What::Anything | What::Toxicity => Relation::Below,
            What::Named(name) if facts.condition_names.get(index) == Some(name) => Relation::Same,
            What::Named(_) => Relation::Apart,
            What::Row(asked) => match (row, usize::from(*asked)) {
                (Some(row), asked) if row == asked => Relation::Same,
                (Some(row), asked) if conditions::is_a(row, asked) => Relation::Below,
                (Some(row), asked) if conditions::is_a(asked, row) => Relation::Above,
                _ => Relation::Apart,
            },
        }
    }

    /// What one entry that is not absent says.
    fn entry(&self, row: Option<usize>, index: usize, entry: &Entry, facts: &Facts<'_>) -> Answer {
        let mut missing = Vec::new();
        let mut truth = self.state_of(row, entry);
        // Which of the patient's diseases "disorders" or "illness" means, a person must say.
        if self.what == What::Anything && truth == Truth::True {
            truth = Truth::Unknown;
        }
        if truth == Truth::Unknown {
            missing.extend(facts.missing(|| match self.state {
                State::Uncontrolled | State::Controlled => format!("whether {} is controlled", entry.name),
                State::Symptomatic => format!("whether {} is symptomatic", entry.name),
                State::Active => format!("whether {} is active", entry.name),
                _ => format!("history of {}", entry.name),
            }));
        }
        if let Some(window) = &self.window {
            let time = self.time_of(window, row, entry, facts.as_of);
            if time == Truth::Unknown {
                missing.extend(facts.missing(|| format!("dates of {}", entry.name)));
            }
            truth = truth.and(time);
        }
        if let Some((comparison, grade)) = self.grade {
            let holds = entry.grade.map(|stated| comparison.holds(f64::from(stated), f64::from(grade)));
            if holds.is_none() {
                missing.extend(facts.missing(|| format!("grade of {}", entry.name)));
            }
            truth = truth.and(Truth::from_option(holds));
        }
        if matches!(truth, Truth::True | Truth::TrueUntil(_))
            && let Some(open) = self.open_question(row, entry, facts)
        {
            missing.push(open);
            truth = Truth::Unknown;
        }
        let excepted = self.excepted(row, index, entry, facts);
        if excepted == Truth::Unknown && matches!(truth, Truth::True | Truth::TrueUntil(_)) {
            missing.extend(facts.missing(|| format!("whether {} is one of the exceptions", entry.name)));
        }
        truth = truth.and(excepted.negated());
        if truth != Truth::Unknown {
            missing.clear();
        }
        Answer { truth, evidence: facts.evidence(|| entry_fact(index, entry)), missing }
    }

    /// Whether an exception takes the entry out.
    fn excepted(&self, row: Option<usize>, index: usize, entry: &Entry, facts: &Facts<'_>) -> Truth {
        self.except
            .iter()
            .filter(|e| matches!(e.relation(row, index, facts), Relation::Same | Relation::Below))
            .map(|e| e.entry(row, index, entry, facts).truth)
            .fold(Truth::False, Truth::or)
    }

    fn state_of(&self, row: Option<usize>, entry: &Entry) -> Truth {
        use ConditionState as S;
        // What happened within a time counts though it is over.
        let past_counts = self.state == State::History
            || self.window.is_some_and(|w| matches!(w.bound, Bound::Within { .. } | Bound::Ago { .. }));
        match (self.state, entry.state) {
            (_, Some(S::Absent)) => Truth::False,
            (State::History, _) => Truth::True,
            (State::Present | State::Active, Some(S::Resolved)) if past_counts => Truth::True,
            (State::Present, Some(S::Resolved)) if row.is_some_and(condition_traits::is_lasting) => Truth::True,
            // "Stroke" or "another malignancy" alone may mean one ever.
            (State::Present, Some(S::Resolved))
                if row.is_some_and(|row| condition_traits::is_event(row) || is_malignancy(row)) =>
            {
                Truth::Unknown
            }
            (State::Present | State::Active, Some(S::Resolved)) => Truth::False,
            (State::Present, _) => Truth::True,
            (State::Active, Some(S::Controlled)) if !past_counts => Truth::Unknown,
            (State::Active, _) => Truth::True,
            (State::Uncontrolled, _) if past_counts && entry.state != Some(S::Active) => Truth::Unknown,
            (State::Uncontrolled, Some(S::Controlled | S::Resolved)) => Truth::False,
            (State::Uncontrolled, _) => Truth::Unknown,
            (State::Controlled, Some(S::Controlled)) => Truth::True,
            (State::Controlled, Some(S::Resolved)) => Truth::False,
            (State::Controlled, _) => Truth::Unknown,
            (State::Symptomatic, Some(S::Resolved)) if !past_counts => Truth::False,
            // From grade 2 of the CTCAE an adverse event has symptoms.
            (State::Symptomatic, Some(S::Active)) if entry.grade.is_some_and(|grade| grade >= 2) => Truth::True,
            (State::Symptomatic, _) => Truth::Unknown,
            (State::Resolved, Some(S::Resolved)) => Truth::True,
            (State::Resolved, _) => Truth::False,
            (State::Treated, Some(S::Resolved | S::Controlled)) => Truth::True,
            (State::Treated, _) => Truth::Unknown,
        }
    }

    fn time_of(&self, window: &Window, row: Option<usize>, entry: &Entry, as_of: Date) -> Truth {
        let Some(length) = window.length.filter(|_| !window.from_event) else { return Truth::Unknown };
        let event = row.is_some_and(condition_traits::is_event);
        let over = entry.state == Some(ConditionState::Resolved);
        match window.bound {
            Bound::Within { strict } => within(length, strict, event, over, entry, as_of),
            Bound::Ago { .. } | Bound::Lasting { .. } => {
                let strict = matches!(window.bound, Bound::Ago { strict: true } | Bound::Lasting { strict: true });
                let date = match (event && self.state != State::Resolved, over) {
                    (true, true) => entry.since.as_ref().or(entry.resolved.as_ref()),
                    (true, false) => entry.since.as_ref(),
                    (false, true) => entry.resolved.as_ref(),
                    // Still there: it did not end.
                    (false, false) => {
                        let lasts = matches!(window.bound, Bound::Lasting { .. }) && self.state != State::Resolved;
                        return if lasts { Truth::Unknown } else { Truth::False };
                    }
                };
                date.map_or(Truth::Unknown, |date| within_date(length, !strict, date, as_of).negated())
            }
            Bound::Shorter { .. } => Truth::Unknown,
        }
    }

    /// A term that no entry settles, in words; `None` where nothing is left open.
    fn open_question(&self, row: Option<usize>, entry: &Entry, facts: &Facts<'_>) -> Option<String> {
        if self.chronic && !row.is_some_and(condition_traits::is_chronic) {
            return Some(format!("whether {} is chronic", entry.name));
        }
        if self.significant && entry.grade.is_none_or(|grade| grade < 3) {
            let by_itself = match (&self.what, row) {
                (What::Row(asked), Some(row)) => condition_traits::is_significant(row, usize::from(*asked)),
                _ => false,
            } && entry.state != Some(ConditionState::Resolved);
            if !by_itself {
                return Some(format!("whether {} is clinically significant", entry.name));
            }
        }
        let detail = self.detail.as_ref()?;
        (!treated_systemically(detail, row, entry, facts) && !has_diarrhea(detail, row, entry))
            .then(|| format!("{}: {detail}", entry.name))
    }

    /// What follows for all that no entry names.
    fn rest(&self, facts: &Facts<'_>) -> Answer {
        // Whether a listed disease is meant by a loose name that the vocabulary does not hold, nobody can tell.
        let listed = || facts.conditions.iter().any(|(_, entry)| entry.state != Some(ConditionState::Absent));
        let loose = matches!(&self.what, What::Named(name) if disease_nouns::is_loose(name)) && listed();
        let listed_all = (facts.complete(ListName::Conditions) && !loose).then_some("conditions");
        let by_definition = match self.what {
            What::Row(row) => absent_by_definition(usize::from(row), facts),
            _ => None,
        };
        if listed_all.is_some() || by_definition.is_some() {
            // Either is enough; both are cited, so that the answer rests on nothing that it does not show.
            let against = || listed_all.into_iter().chain(by_definition).map(Fact::complete).collect();
            return Answer::settled(Truth::False, if facts.wants_reasons() { against() } else { Vec::new() });
        }
        facts.unknown(|| self.missing())
    }
}

/// Whether a row is a malignancy other than the cancer under study.
fn is_malignancy(row: usize) -> bool {
    NAMED.is(row, NAMED.other_malignancy)
}

/// The fact that an entry states.
pub(super) fn entry_fact(index: usize, entry: &Entry) -> Fact {
    Fact::new(format!("conditions[{index}]"), entry)
}

/// An autoimmune disease with an immunosuppressant or systemic corticosteroid among the medicines is treated for it.
fn treated_systemically(detail: &str, row: Option<usize>, entry: &Entry, facts: &Facts<'_>) -> bool {
    let asks = ["systemic", "immunosuppress", "steroid"].iter().any(|word| detail.contains(word));
    let immune = row.is_some_and(|row| NAMED.is(row, NAMED.immune_disorder));
    if !asks || !immune || matches!(entry.state, Some(ConditionState::Resolved)) {
        return false;
    }
    let classes = ["immunosuppressant", "corticosteroid"].map(medications::class_by_id);
    facts.medications.iter().any(|(row, _, stated)| {
        stated.state != Some(ConditionState::Absent)
            && stated.stopped.is_none()
            && row.is_some_and(|row| classes.iter().flatten().any(|class| medications::is_in_class(row, *class)))
    })
}

/// Inflammatory bowel disease is a disorder with diarrhoea as a major symptom.
fn has_diarrhea(detail: &str, row: Option<usize>, entry: &Entry) -> bool {
    detail.contains("diarrhea")
        && entry.state == Some(ConditionState::Active)
        && row.is_some_and(|row| NAMED.is(row, NAMED.inflammatory_bowel_disease))
}

/// What arithmetic and definition settle without an entry (conventions 18, 24, 30 and 32).
/// Gives the complete list of the profile that shows it.
fn absent_by_definition(row: usize, facts: &Facts<'_>) -> Option<&'static str> {
    let is = |other: Option<usize>| NAMED.is(row, other);
    let listed =
        |among: &[Site]| facts.profile.metastases.as_ref().map(|list| list.iter().any(|m| among.contains(&m.site)));
    let no_site = |among: &[Site]| (listed(among) == Some(false)).then_some("metastases");
    if is(NAMED.spinal_cord_compression) {
        return no_site(&[Site::Bone, Site::SpinalCord]);
    }
    if is(NAMED.visceral_crisis) {
        return no_site(&[
            Site::Liver,
            Site::Lung,
            Site::Pleura,
            Site::Peritoneum,
            Site::Adrenal,
            Site::Ovary,
            Site::BoneMarrow,
        ]);
    }
    if is(NAMED.pulmonary_lymphangitis) {
        return no_site(&[Site::Lung, Site::Pleura]);
    }
    if is(NAMED.skeletal_related_event) {
        return no_site(&[Site::Bone]);
    }
    if is(NAMED.leptomeningeal_disease) {
        return no_site(&[Site::Leptomeninges]);
    }
    let no_treatment = |kind: TreatmentKind| {
        facts.complete_exposures().is_some_and(|list| list.iter().all(|e| e.treatment.kind != kind))
    };
    if is(NAMED.radiation_pneumonitis) && no_treatment(TreatmentKind::Radiotherapy)
        || is(NAMED.stem_cell_transplantation) && no_treatment(TreatmentKind::Transplant)
        || condition_traits::is_operation(row) && facts.complete_exposures().is_some() && no_operation(row, facts)
    {
        return Some("treatments");
    }
    None
}

/// Whether no operation of a complete list is, or may be, of this kind.
fn no_operation(row: usize, facts: &Facts<'_>) -> bool {
    let another = |name: &str| conditions::by_name(name).is_none_or(|own| !conditions::is_a(own, row));
    facts.complete_exposures().is_some_and(|list| {
        list.iter().filter(|e| e.treatment.kind == TreatmentKind::Surgery).all(|e| {
            // A bare "surgery" may have been any.
            e.treatment.name.as_deref().is_some_and(|name| another(name) && !name.to_lowercase().contains("surgery"))
        })
    })
}

fn within(length: Length, strict: bool, event: bool, over: bool, entry: &Entry, as_of: Date) -> Truth {
    let controlled = entry.state == Some(ConditionState::Controlled);
    if event {
        return match (&entry.since, over) {
            (Some(date), _) => match within_date(length, !strict, date, as_of) {
                // An event of long ago that is still active goes on.
                Truth::False if !over && !controlled => Truth::True,
                Truth::TrueUntil(_) if !over && !controlled => Truth::True,
                other => other,
            },
            (None, true) => match entry.resolved.as_ref().map(|date| within_date(length, !strict, date, as_of)) {
                Some(Truth::False) => Truth::False,
                _ => Truth::Unknown,
            },
            (None, false) if controlled => Truth::Unknown,
            (None, false) => Truth::True,
        };
    }
    if !over {
        return Truth::True;
    }
    match (&entry.resolved, &entry.since) {
        (Some(date), _) => within_date(length, !strict, date, as_of),
        (None, Some(since)) if matches!(within_date(length, !strict, since, as_of), Truth::TrueUntil(_)) => Truth::True,
        _ => Truth::Unknown,
    }
}

/// Whether a date lies within a length before today; ends on the first day on which it does not. `inclusive` counts a
/// date that lies exactly the length ago.
pub(crate) fn within_date(length: Length, inclusive: bool, date: &PartialDate, as_of: Date) -> Truth {
    let outside = |date: Date, today: Date| {
        let edge = length.before(today);
        if inclusive { date < edge } else { date <= edge }
    };
    if outside(date.latest, as_of) {
        return Truth::False;
    }
    if outside(date.earliest, as_of) {
        return Truth::Unknown;
    }
    let mut clears = length.after(date.latest).saturating_sub(3.days());
    while !outside(date.latest, clears) {
        clears = match clears.tomorrow() {
            Ok(next) => next,
            Err(_) => return Truth::True,
        };
    }
    Truth::TrueUntil(clears)
}
