//! How questions about central nervous system disease are answered.

use super::{CentralNervousSystem, Feature, Region};
use crate::criteria::answer::{Answer, Fact, Truth};
use crate::criteria::facts::Facts;
use crate::grammar::elements::Comparison;
use crate::grammar::windows::Length;
use crate::lexicon::medications;
use crate::patient::PartialDate;
use crate::patient::profile::{CnsState, ConditionState, ListName, Metastasis, Site};
use jiff::ToSpan;
use jiff::civil::Date;

impl CentralNervousSystem {
    /// Answers for one patient; the list of sites is complete where it is present.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Answer {
        let Some(list) = &facts.profile.metastases else {
            return Answer::unknown("sites of metastasis (brain imaging)");
        };
        let lesions: Vec<(usize, &Metastasis)> =
            list.iter().enumerate().filter(|(_, m)| self.region.covers(m.site)).collect();
        if let Feature::Count { comparison, number } = self.feature {
            return self.counted(&lesions, comparison, number);
        }
        if lesions.is_empty() {
            return Answer::settled(Truth::False, vec![Fact::complete("metastases")]);
        }
        if self.feature == Feature::Anticonvulsants {
            return anticonvulsants(facts);
        }
        if self.feature == Feature::Measurable {
            return self.measurable(&lesions, list.len(), facts);
        }
        Answer::any(lesions.into_iter().map(|(at, lesion)| self.of_lesion(at, lesion, facts.as_of)))
    }

    /// A lesion of a stated size is measurable from 10 mm; without a size, measurable disease settles it where there is none,
    /// or where all of it lies here.
    fn measurable(&self, lesions: &[(usize, &Metastasis)], sites: usize, facts: &Facts<'_>) -> Answer {
        let mut evidence = Vec::new();
        let mut sizes = Vec::new();
        for (at, lesion) in lesions {
            evidence.push(Fact::new(format!("metastases[{at}].site"), lesion.site));
            if let Some(size) = lesion.largest_mm {
                evidence.push(Fact::new(format!("metastases[{at}].largest_mm"), size));
            }
            sizes.push(lesion.largest_mm.map(|size| size >= 10.0));
        }
        let stated = facts.profile.diagnosis.as_ref().and_then(|d| d.measurable_disease);
        evidence.extend(stated.map(|value| Fact::new("diagnosis.measurable_disease", value)));
        let value = match stated {
            Some(false) => Some(false),
            _ if sizes.contains(&Some(true)) => Some(true),
            _ if sizes.iter().all(|s| *s == Some(false)) => Some(false),
            Some(true) if sites == lesions.len() => Some(true),
            _ => None,
        };
        Answer::from_option(value, evidence, "size of brain metastases")
    }

    /// Compares the stated numbers of lesions; a listed site holds at least one.
    fn counted(&self, lesions: &[(usize, &Metastasis)], comparison: Comparison, number: u8) -> Answer {
        let mut evidence = vec![Fact::complete("metastases")];
        let mut total = Some(0.0);
        for (at, lesion) in lesions {
            evidence.push(Fact::new(format!("metastases[{at}].site"), lesion.site));
            total = total.zip(lesion.count).map(|(sum, count)| sum + f64::from(count));
            evidence.extend(lesion.count.map(|count| Fact::new(format!("metastases[{at}].count"), count)));
        }
        let least = lesions.len() as f64;
        let value = total.map(|total| comparison.holds(total, f64::from(number))).or({
            match comparison {
                Comparison::GreaterEqual if least >= f64::from(number) => Some(true),
                Comparison::Greater if least > f64::from(number) => Some(true),
                _ => None,
            }
        });
        Answer::from_option(value, evidence, "number of brain metastases")
    }

    fn of_lesion(&self, at: usize, lesion: &Metastasis, as_of: Date) -> Answer {
        let path = |key: &str| format!("metastases[{at}].{key}");
        let site = Fact::new(path("site"), lesion.site);
        let state = lesion.state.map(|s| Fact::new(path("state"), s));
        let facts = |more: Option<Fact>| [Some(site.clone()), more].into_iter().flatten().collect::<Vec<_>>();
        let option =
            |value: Option<bool>, more: Option<Fact>, missing: &str| Answer::from_option(value, facts(more), missing);
        match self.feature {
            Feature::Present => Answer::settled(Truth::True, facts(None)),
            Feature::Untreated => {
                let value = match (lesion.state, &lesion.treated) {
                    (Some(CnsState::Untreated), _) => Some(true),
                    (Some(_), _) | (None, Some(_)) => Some(false),
                    (None, None) => None,
                };
                option(value, state, "treatment of brain metastases")
            }
            Feature::NotStable => {
                let value = lesion.state.map(|s| s != CnsState::TreatedStable);
                option(value, state, "stability of brain metastases")
            }
            Feature::Progressing => {
                let value = match lesion.state {
                    Some(CnsState::TreatedProgressing) => Some(true),
                    Some(CnsState::TreatedStable) => Some(false),
                    _ => None,
                };
                option(value, state, "stability of brain metastases")
            }
            Feature::Symptomatic => option(
                lesion.symptomatic,
                lesion.symptomatic.map(|s| Fact::new(path("symptomatic"), s)),
                "symptoms of brain metastases",
            ),
            Feature::OnCorticosteroids => option(
                lesion.corticosteroids,
                lesion.corticosteroids.map(|s| Fact::new(path("corticosteroids"), s)),
                "corticosteroids for brain metastases",
            ),
            Feature::NeurologicallyUnstable => {
                let value = match (lesion.symptomatic, lesion.corticosteroids) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
                option(
                    value,
                    lesion.symptomatic.map(|s| Fact::new(path("symptomatic"), s)),
                    "symptoms of brain metastases and corticosteroids",
                )
            }
            Feature::StableLessThan { length, strict } => match lesion.state {
                Some(CnsState::Untreated | CnsState::TreatedProgressing) => Answer::settled(Truth::True, facts(state)),
                _ => since(
                    lesion.stable_since.as_ref(),
                    length,
                    strict,
                    as_of,
                    &path("stable_since"),
                    site,
                    "since when brain metastases have been stable",
                ),
            },
            Feature::CorticosteroidsWithin { length, strict } => {
                match (lesion.corticosteroids, &lesion.corticosteroids_stopped) {
                    (Some(true), _) => {
                        Answer::settled(Truth::True, facts(Some(Fact::new(path("corticosteroids"), true))))
                    }
                    (_, stopped) => since(
                        stopped.as_ref(),
                        length,
                        strict,
                        as_of,
                        &path("corticosteroids_stopped"),
                        site,
                        "last day of corticosteroids for brain metastases",
                    ),
                }
            }
            Feature::CorticosteroidDose { comparison, milligrams, .. } => {
                let value = (lesion.corticosteroids == Some(false)).then(|| comparison.holds(0.0, milligrams.value()));
                let stated = lesion.corticosteroids.map(|s| Fact::new(path("corticosteroids"), s));
                option(value, stated, "dose of corticosteroids for brain metastases")
            }
            Feature::CorticosteroidsRising => {
                let value = (lesion.corticosteroids == Some(false)).then_some(false);
                let stated = lesion.corticosteroids.map(|s| Fact::new(path("corticosteroids"), s));
                option(value, stated, "whether the dose of corticosteroids is stable")
            }
            Feature::SymptomsWithin { .. } => option(
                (lesion.symptomatic == Some(true)).then_some(true),
                lesion.symptomatic.map(|s| Fact::new(path("symptomatic"), s)),
                "since when brain metastases cause no symptoms",
            ),
            Feature::LocalTherapyWithin { length, strict } => {
                let missing = "date of treatment of brain metastases";
                let dated = lesion.treated.as_ref();
                let recent = since(dated, length, strict, as_of, &path("treated"), site.clone(), missing);
                let quiet = lesion.state == Some(CnsState::TreatedStable) && lesion.symptomatic == Some(false);
                match recent.truth {
                    // Treated long ago or never: whether it needs treatment now is another question.
                    Truth::False if !quiet => option(None, state, "need for local treatment of brain metastases"),
                    Truth::Unknown if lesion.state == Some(CnsState::Untreated) => {
                        option(None, state, "need for local treatment of brain metastases")
                    }
                    _ => recent,
                }
            }
            Feature::TreatedWithin { length, strict } => match lesion.state {
                Some(CnsState::Untreated) => Answer::settled(Truth::False, facts(state)),
                _ => since(
                    lesion.treated.as_ref(),
                    length,
                    strict,
                    as_of,
                    &path("treated"),
                    site,
                    "date of treatment of brain metastases",
                ),
            },
            Feature::Size { comparison, millimetres } => {
                let value = lesion.largest_mm.map(|mm| comparison.holds(mm, millimetres.value()));
                option(value, lesion.largest_mm.map(|mm| Fact::new(path("largest_mm"), mm)), "size of brain metastases")
            }
            // Counted over all lesions.
            Feature::Count { .. } | Feature::Measurable | Feature::Anticonvulsants => {
                Answer::unknown("number of brain metastases")
            }
            Feature::NeedsLocalTherapy => {
                let quiet = lesion.state == Some(CnsState::TreatedStable) && lesion.symptomatic == Some(false);
                option(quiet.then_some(false), state, "need for local treatment of brain metastases")
            }
        }
    }
}

/// Anticonvulsants among the medications; the list settles their absence only where it is complete.
fn anticonvulsants(facts: &Facts<'_>) -> Answer {
    let missing = "anticonvulsants for brain metastases";
    let Some(class) = medications::class_by_name("anticonvulsant") else { return Answer::unknown(missing) };
    let taken = facts.medications.iter().enumerate().find(|(_, (row, _, medication))| {
        row.is_some_and(|row| medications::is_in_class(row, class))
            && !matches!(medication.state, Some(ConditionState::Absent | ConditionState::Resolved))
    });
    match taken {
        Some((index, (_, _, medication))) => {
            let fact = Fact::new(format!("medications[{index}].name"), &medication.name);
            Answer::settled(Truth::True, vec![fact])
        }
        None if facts.complete(ListName::Medications) && facts.medications.iter().all(|(row, _, _)| row.is_some()) => {
            Answer::settled(Truth::False, vec![Fact::complete("medications")])
        }
        None => Answer::unknown(missing),
    }
}

impl Region {
    fn covers(self, site: Site) -> bool {
        match self {
            Self::Brain => site == Site::Brain,
            Self::Leptomeninges => site == Site::Leptomeninges,
            Self::SpinalCord => site == Site::SpinalCord,
            Self::Any => matches!(site, Site::Brain | Site::Leptomeninges | Site::SpinalCord),
        }
    }
}

/// True until the time since a date is long enough.
fn since(
    date: Option<&PartialDate>,
    length: Length,
    strict: bool,
    as_of: Date,
    path: &str,
    site: Fact,
    missing: &str,
) -> Answer {
    let Some(date) = date else {
        return Answer { truth: Truth::Unknown, evidence: vec![site], missing: vec![missing.to_owned()] };
    };
    let evidence = vec![site, Fact::new(path, date)];
    let clear = |day: Date| if strict { length.after(day).saturating_add(1.day()) } else { length.after(day) };
    let (first, last) = (clear(date.earliest), clear(date.latest));
    if last <= as_of {
        Answer::settled(Truth::False, evidence)
    } else if first > as_of {
        Answer::settled(Truth::TrueUntil(last), evidence)
    } else {
        Answer { truth: Truth::Unknown, evidence, missing: vec![missing.to_owned()] }
    }
}
