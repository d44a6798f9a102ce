//! The records of one study as one trial: the one with the fullest eligibility text, with what the others add and
//! with where they disagree.

use super::links;
use crate::criteria::reader::structured;
use crate::criteria::{Criterion, Reading, Requirement, Section};
use crate::trial::{Age, Registry, Site, Trial, TrialRecord};
use std::collections::BTreeSet;

/// A text so near to the fullest in length, in per cent, is as full.
const AS_FULL: usize = 95;

/// Joins the records of each study; gives the trials with their readings, ordered by identifier.
pub(super) fn studies(records: Vec<(Trial, Reading)>) -> Vec<(Trial, Reading)> {
    let groups = links::studies(&records.iter().map(|(trial, _)| trial).collect::<Vec<_>>());
    let mut records: Vec<Option<(Trial, Reading)>> = records.into_iter().map(Some).collect();
    let mut studies = Vec::with_capacity(groups.len());
    for group in groups {
        let members = group.iter().filter_map(|at| records.get_mut(*at)?.take()).collect();
        studies.extend(study(members));
    }
    studies.sort_by(|(one, _), (other, _)| (&one.id, one.registry).cmp(&(&other.id, other.registry)));
    studies
}

/// Joins the records of one study.
fn study(mut members: Vec<(Trial, Reading)>) -> Option<(Trial, Reading)> {
    if members.len() > 1 {
        order(&mut members);
    }
    let mut members = members.into_iter();
    let (mut trial, mut reading) = members.next()?;
    let others: Vec<Trial> = members.map(|(trial, _)| trial).collect();
    if others.is_empty() {
        return Some((trial, reading));
    }
    let words = words(&trial.eligibility);
    trial.records = std::iter::once(&trial).chain(&others).map(|record| described(record, &words)).collect();
    let structured = structured_criteria(&trial, &others);
    reading.criteria.retain(|criterion| !criterion.field.as_deref().is_some_and(|field| FIELDS.contains(&field)));
    reading.criteria.splice(0..0, structured);
    for other in others {
        add(&mut trial, other);
    }
    Some((trial, reading))
}

/// The record with the fullest text first, a copy by WHO ICTRP counting half; of texts as full, that of the registry which stands first. The others
/// follow in the order of registries.
fn order(members: &mut Vec<(Trial, Reading)>) {
    members.sort_by(|(one, _), (other, _)| (one.registry, &one.id).cmp(&(other.registry, &other.id)));
    let length = |trial: &Trial| {
        let letters = trial.eligibility.chars().filter(|letter| letter.is_alphanumeric()).count();
        // A copy has the tags of its page among its letters, and signs of comparison lost: it leads where the record
        // that it copies says next to nothing.
        if trial.registry == Registry::Ictrp { letters / 2 } else { letters }
    };
    let fullest = members.iter().map(|(trial, _)| length(trial)).max().unwrap_or(0);
    let first = members.iter().position(|(trial, _)| length(trial) * 100 >= fullest * AS_FULL);
    if let Some(first) = first {
        let first = members.remove(first);
        members.insert(0, first);
    }
}

fn words(text: &str) -> BTreeSet<String> {
    split(text).collect()
}

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn described(record: &Trial, words: &BTreeSet<String>) -> TrialRecord {
    let all: Vec<String> = split(&record.eligibility).collect();
    let shared = all.iter().filter(|word| words.contains(*word)).count();
    TrialRecord {
        id: record.id.clone(),
        registry: record.registry,
        url: record.url.clone(),
        status: record.status.clone(),
        last_update: record.last_update.clone(),
        verified: record.verified.clone(),
        minimum_age: record.minimum_age.as_ref().map(|age| age.text.clone()),
        maximum_age: record.maximum_age.as_ref().map(|age| age.text.clone()),
        sex: record.sex.clone(),
        text_words: all.len() as u32,
        text_shared: (shared * 100).checked_div(all.len()).unwrap_or(0) as u8,
    }
}

/// The structured fields whose criteria are made from all records.
const FIELDS: [&str; 3] = ["minimumAge", "maximumAge", "sex"];

/// The criteria of age and sex over all records. Where they disagree, the patient is kept out by what all of them say,
/// and what only some of them say is for a person to confirm.
fn structured_criteria(trial: &Trial, others: &[Trial]) -> Vec<Criterion> {
    let all: Vec<&Trial> = std::iter::once(trial).chain(others).collect();
    let ages = |of: fn(&Trial) -> Option<&Age>| -> Vec<(&str, &Age)> {
        all.iter().filter_map(|record| Some((record.id.as_str(), of(record)?))).collect()
    };
    let minimum = ages(|record| record.minimum_age.as_ref());
    let maximum = ages(|record| record.maximum_age.as_ref());
    let sexes: Vec<(&str, &str)> =
        all.iter().filter_map(|record| Some((record.id.as_str(), record.sex.as_deref()?))).collect();
    let mut criteria = Vec::new();
    criteria.extend(bound(
        "minimumAge",
        &minimum,
        trial.minimum_age.is_some(),
        structured::minimum_age,
        f64::min,
        f64::max,
    ));
    criteria.extend(bound(
        "maximumAge",
        &maximum,
        trial.maximum_age.is_some(),
        structured::maximum_age,
        f64::max,
        f64::min,
    ));
    let asked = sexes.iter().find_map(|(_, word)| structured::sex_is(word));
    if let Some(requirement) = asked {
        let agreed = trial.sex.is_some()
            && sexes.iter().all(|(_, word)| structured::sex_is(word).as_ref() == Some(&requirement));
        let requirement = if agreed { requirement } else { Requirement::any(vec![requirement, Requirement::Confirm]) };
        criteria.push(criterion("sex", requirement, (!agreed).then(|| said(&sexes))));
    }
    criteria
}

/// A limit of age: `wide` chooses the limit that keeps fewest out, `narrow` the one that keeps most out.
fn bound(
    field: &str,
    stated: &[(&str, &Age)],
    in_first: bool,
    limit: fn(f64) -> Requirement,
    wide: fn(f64, f64) -> f64,
    narrow: fn(f64, f64) -> f64,
) -> Option<Criterion> {
    let years = || stated.iter().map(|(_, age)| age.years);
    let (wide, narrow) = (limit(years().reduce(wide)?), limit(years().reduce(narrow)?));
    let agreed = wide == narrow;
    let requirement = match (agreed, in_first) {
        (true, true) => narrow,
        (_, false) => Requirement::any(vec![narrow, Requirement::Confirm]),
        (false, true) => Requirement::all(vec![wide, Requirement::any(vec![narrow, Requirement::Confirm])]),
    };
    let words: Vec<(&str, &str)> = stated.iter().map(|(id, age)| (*id, age.text.as_str())).collect();
    Some(criterion(field, requirement, (!agreed || !in_first).then(|| said(&words))))
}

fn said(words: &[(&str, &str)]) -> String {
    let said: Vec<String> = words.iter().map(|(id, word)| format!("{id} says {}", word.trim())).collect();
    format!("the registries differ: {}", said.join(", "))
}

fn criterion(field: &str, requirement: Requirement, note: Option<String>) -> Criterion {
    Criterion {
        section: Section::Inclusion,
        span: None,
        field: Some(field.to_owned()),
        cohort: None,
        requirement,
        notes: note.into_iter().collect(),
    }
}

/// Adds what another record of the study knows.
fn add(trial: &mut Trial, other: Trial) {
    let own = trial.id.clone();
    for id in std::iter::once(other.id).chain(other.other_ids) {
        if !id.eq_ignore_ascii_case(&own) {
            push_new(&mut trial.other_ids, id);
        }
    }
    let lists = [
        (&mut trial.conditions, other.conditions),
        (&mut trial.keywords, other.keywords),
        (&mut trial.interventions, other.interventions),
    ];
    for (list, more) in lists {
        more.into_iter().for_each(|word| push_new(list, word));
    }
    if trial.phases.is_empty() {
        trial.phases = other.phases;
    }
    for (field, more) in [
        (&mut trial.title, other.title),
        (&mut trial.summary, other.summary),
        (&mut trial.study_type, other.study_type),
        (&mut trial.status, other.status.clone()),
    ] {
        if field.trim().is_empty() {
            *field = more;
        }
    }
    trial.minimum_age = trial.minimum_age.take().or(other.minimum_age);
    trial.maximum_age = trial.maximum_age.take().or(other.maximum_age);
    trial.sex = trial.sex.take().or(other.sex);
    trial.healthy_volunteers = trial.healthy_volunteers.or(other.healthy_volunteers);
    for mut site in other.sites {
        // A country alone says nothing beside a town there.
        let names_less =
            |known: &Site| site.city.trim().is_empty() && known.country.eq_ignore_ascii_case(&site.country);
        if trial.sites.iter().any(|known| same_site(known, &site) || names_less(known)) {
            continue;
        }
        // A site without a status of its own is as open as the record that names it.
        site.status = site.status.or_else(|| Some(other.status.clone()).filter(|status| !status.is_empty()));
        trial.sites.push(site);
    }
}

fn push_new(list: &mut Vec<String>, word: String) {
    if !list.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
        list.push(word);
    }
}

/// Says whether two sites are one: the same town, and the same facility as far as both name one.
fn same_site(one: &Site, other: &Site) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let same = |one: &str, other: &str| plain(one) == plain(other);
    same(&one.country, &other.country)
        && same(&one.city, &other.city)
        && (other.facility.trim().is_empty() || same(&one.facility, &other.facility))
}

#[cfg(test)]
mod tests;
