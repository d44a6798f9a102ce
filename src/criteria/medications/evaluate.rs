//! Answers about medicines and allergies.

use super::{Kind, Medication, Substance};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::conditions::within_date;
use crate::criteria::facts::{self, Facts};
use crate::grammar::windows::{Bound, Length, TimeUnit, Whichever, Window};
use crate::lexicon::{drugs, medications};
use crate::patient::PartialDate;
use crate::patient::profile::{Allergy, ConditionState, ListName};

impl Medication {
    /// Answers for one patient.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        match self.kind {
            Kind::Use | Kind::EverUsed => self.use_of(facts),
            Kind::Allergy | Kind::Contraindication => self.allergy(facts),
        }
    }

    fn use_of(&self, facts: &Facts<'_>) -> Answer {
        let mut answers = Vec::new();
        let mut all_known = true;
        let mut settled = false;
        for (index, ((row, drug, entry), named)) in facts.medications.iter().zip(&facts.medication_names).enumerate() {
            let fact = || Fact::new(format!("medications[{index}]"), entry);
            let same = self.is_same(named);
            if entry.state == Some(ConditionState::Absent) {
                if same {
                    return Answer::settled(Truth::False, facts.evidence(fact));
                }
                continue;
            }
            // What is not taken leaves nothing open, however it is named.
            all_known &= row.is_some() || drug.is_some();
            if !same && !self.covers(*row, *drug) {
                continue;
            }
            let truth = match &entry.stopped {
                None => Truth::True,
                Some(_) if self.kind == Kind::EverUsed => Truth::True,
                Some(stopped) => self.taken_until(stopped, *drug, facts),
            };
            settled |= same && matches!(truth, Truth::False);
            let steroid = row.map_or(drug.is_none(), is_steroid);
            answers.push(self.qualified(truth, facts.evidence(fact), steroid));
        }
        if !settled {
            answers.extend(self.anticancer(facts));
            answers.push(self.rest_of_medicines(facts, all_known));
        }
        Answer::any(answers)
    }

    /// Anticancer drugs that fall into the class as well: tucatinib is a strong inhibitor of CYP3A4.
    fn anticancer(&self, facts: &Facts<'_>) -> Vec<Answer> {
        let mut answers = Vec::new();
        if facts.complete_exposures().is_none()
            && (0..drugs::all_drugs().len()).any(|drug| self.covers(None, Some(drug)))
        {
            answers.push(Answer::unknown("treatments"));
        }
        for exposure in facts.exposures.iter().flatten() {
            for drug in exposure.drugs.iter().flatten().filter(|drug| self.covers(None, Some(**drug))) {
                let truth = match &exposure.treatment.stopped {
                    None => Truth::True,
                    Some(_) if self.kind == Kind::EverUsed => Truth::True,
                    Some(stopped) => self.taken_until(stopped, Some(*drug), facts),
                };
                answers.push(self.qualified(
                    truth,
                    facts.evidence(|| Fact::new(exposure.path(), exposure.label())),
                    false,
                ));
            }
        }
        answers
    }

    /// A qualification that nothing states leaves open what would be true.
    /// A dose of a corticosteroid narrows corticosteroids alone ("immunosuppressants such as prednisone above 10 mg").
    fn qualified(&self, truth: Truth, evidence: Vec<Fact>, steroid: bool) -> Answer {
        if !steroid && self.detail.as_deref().is_some_and(is_steroid_dose) {
            return Answer { truth, evidence, missing: Vec::new() };
        }
        let truth = match (&self.detail, truth) {
            (Some(_), Truth::True | Truth::TrueUntil(_)) => Truth::Unknown,
            (_, truth) => truth,
        };
        let missing = match (truth, &self.detail) {
            (Truth::Unknown, Some(detail)) => vec![format!("{}: {detail}", self.name())],
            (Truth::Unknown, None) => vec![format!("when {} was stopped", self.name())],
            _ => Vec::new(),
        };
        Answer { truth, evidence, missing }
    }

    fn taken_until(&self, stopped: &PartialDate, drug: Option<usize>, facts: &Facts<'_>) -> Truth {
        let Some(window) = &self.window else {
            // It asks what is taken today.
            return if stopped.latest < facts.as_of {
                Truth::False
            } else if stopped.earliest > facts.as_of {
                Truth::True
            } else {
                Truth::Unknown
            };
        };
        let half_life = drug.and_then(|drug| drugs::all_drugs().get(drug)).and_then(|drug| drug.half_life_hours);
        let Bound::Within { strict } = window.bound else { return Truth::Unknown };
        let within = |length: Length| within_date(length, !strict, stopped, facts.as_of);
        match (reach(window, half_life), window.length, window.half_lives) {
            (Some(length), _, _) => within(length),
            // The half-life is not known: the length alone settles one side (convention 11).
            (None, Some(length), Some((_, whichever))) => match (within(length), whichever) {
                (Truth::False, Whichever::Shorter) => Truth::False,
                (held @ Truth::TrueUntil(_), Whichever::Longer) => held,
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    fn rest_of_medicines(&self, facts: &Facts<'_>, all_known: bool) -> Answer {
        let vaccine = medications::class_by_id("vaccine");
        let is_vaccine = match &self.substance {
            Substance::Class(row) => vaccine.is_some_and(|v| medications::class_is_a(usize::from(*row), v)),
            Substance::Medication(row) => vaccine.is_some_and(|v| medications::is_in_class(usize::from(*row), v)),
            _ => false,
        };
        // A list of medicines names what is taken, not vaccinations, nor what was ever taken.
        let covered = !is_vaccine && self.kind == Kind::Use;
        if covered && all_known && facts.complete(ListName::Medications) {
            Answer::settled(Truth::False, facts.evidence(|| Fact::complete("medications")))
        } else {
            facts.unknown(|| self.missing())
        }
    }

    fn missing(&self) -> String {
        match self.kind {
            Kind::Use => format!("use of {}", self.name()),
            Kind::EverUsed => format!("previous use of {}", self.name()),
            Kind::Allergy => format!("allergy to {}", self.name()),
            Kind::Contraindication => format!("contraindication to {}", self.name()),
        }
    }

    /// Whether an entry names the very substance.
    fn is_same(&self, named: &facts::Substance) -> bool {
        match &self.substance {
            Substance::Medication(own) => named.medication == Some(usize::from(*own)),
            Substance::Drug(own) => named.drug == Some(usize::from(*own)),
            Substance::Class(own) => named.class == Some(usize::from(*own)),
            Substance::DrugClass(own) => named.drug_class == Some(usize::from(*own)),
            Substance::Named(own) => *own == named.folded,
            Substance::StudyDrug | Substance::Anything => false,
        }
    }

    /// Whether a medicine or drug belongs to the substance asked about.
    fn covers(&self, row: Option<usize>, drug: Option<usize>) -> bool {
        match &self.substance {
            Substance::Medication(own) => row == Some(usize::from(*own)),
            Substance::Drug(own) => drug == Some(usize::from(*own)),
            Substance::Class(own) => {
                row.is_some_and(|row| medications::is_in_class(row, usize::from(*own)))
                    || drug.is_some_and(|drug| medications::drug_is_in_class(drug, usize::from(*own)))
            }
            Substance::DrugClass(own) => drug.is_some_and(|drug| drugs::is_in_class(drug, usize::from(*own))),
            Substance::Anything => true,
            Substance::Named(_) | Substance::StudyDrug => false,
        }
    }

    fn allergy(&self, facts: &Facts<'_>) -> Answer {
        let mut answers = Vec::new();
        let mut any_present = false;
        let allergies = facts.profile.allergies.iter().flatten().zip(&facts.allergy_names);
        for (index, (entry, named)) in allergies.enumerate() {
            let fact = || Fact::new(format!("allergies[{index}]"), entry);
            let absent = entry.state == Some(ConditionState::Absent);
            any_present |= !absent;
            let same = self.is_same(named);
            let above = self.lies_under(named);
            match (absent, same || above, self.covers(named.medication, named.drug)) {
                // No allergy is no proof that nothing else speaks against it.
                (true, true, _) if self.kind == Kind::Contraindication => {}
                (true, true, _) => return Answer::settled(Truth::False, facts.evidence(fact)),
                (false, true, _) | (false, _, true) => {
                    answers.push(self.qualified_allergy(entry, facts.evidence(fact)));
                    if same {
                        return Answer::any(answers);
                    }
                }
                _ => {}
            }
        }
        let closed = facts.complete(ListName::Allergies) && self.kind == Kind::Allergy;
        // Whether what is listed is a component of the study drug is not stated.
        let open = self.substance == Substance::StudyDrug && any_present;
        answers.push(if closed && !open {
            Answer::settled(Truth::False, facts.evidence(|| Fact::complete("allergies")))
        } else {
            facts.unknown(|| self.missing())
        });
        Answer::any(answers)
    }

    fn qualified_allergy(&self, entry: &Allergy, evidence: Vec<Fact>) -> Answer {
        let mut truth = Truth::True;
        if let Some((comparison, grade)) = self.grade {
            truth = Truth::from_option(entry.grade.map(|g| comparison.holds(f64::from(g), f64::from(grade))));
        } else if self.significant && entry.grade.is_none_or(|grade| grade < 3) {
            truth = Truth::Unknown;
        }
        let missing =
            if truth == Truth::Unknown { vec![format!("grade of the allergy to {}", entry.name)] } else { Vec::new() };
        Answer { truth, evidence, missing }
    }

    /// Whether the substance asked about belongs to a class that an entry names.
    fn lies_under(&self, named: &facts::Substance) -> bool {
        let (class, drug_class) = (named.class, named.drug_class);
        match &self.substance {
            Substance::Medication(own) => class.is_some_and(|c| medications::is_in_class(usize::from(*own), c)),
            Substance::Class(own) => class.is_some_and(|c| medications::class_is_a(usize::from(*own), c)),
            Substance::Drug(own) => drug_class.is_some_and(|c| drugs::is_in_class(usize::from(*own), c)),
            Substance::DrugClass(own) => drug_class.is_some_and(|c| drugs::class_is_a(usize::from(*own), c)),
            _ => false,
        }
    }
}

/// How far back a window reaches for a drug of this half-life; `None` where it needs a half-life that is not known.
fn reach(window: &Window, half_life_hours: Option<f64>) -> Option<Length> {
    let half_lives =
        |count: u8| half_life_hours.map(|hours| Length::new((f64::from(count) * hours / 24.0).ceil(), TimeUnit::Day));
    match (window.length, window.half_lives) {
        (Some(length), None) => Some(length),
        (None, Some((count, _))) => half_lives(count),
        (Some(length), Some((count, whichever))) => {
            let other = half_lives(count)?;
            let longer = if length.days() >= other.days() { (length, other) } else { (other, length) };
            Some(if whichever == Whichever::Longer { longer.0 } else { longer.1 })
        }
        (None, None) => None,
    }
}

/// Whether a medicine is a corticosteroid.
fn is_steroid(row: usize) -> bool {
    medications::class_by_id("corticosteroid").is_some_and(|class| medications::is_in_class(row, class))
}

/// Whether a qualification is nothing but a dose of a corticosteroid.
fn is_steroid_dose(detail: &str) -> bool {
    let names = ["prednison", "prednisolon", "dexamethason", "steroid", "hydrocortison"];
    let words = [
        "mg",
        "day",
        "daily",
        "per",
        "/",
        "of",
        "or",
        "an",
        "a",
        "equivalent",
        "its",
        "dose",
        "doses",
        "total",
        "more",
        "than",
        "greater",
        "exceeding",
        "above",
        "at",
        "the",
        "d",
        "other",
        "systemic",
        ">",
        "≥",
        ">=",
        "<",
        "≤",
    ];
    let known = |word: &str| {
        words.contains(&word)
            || names.iter().any(|name| word.contains(name))
            || word.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    names.iter().any(|name| detail.contains(name)) && detail.split_whitespace().all(known)
}
