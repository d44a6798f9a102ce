//! Titles above lists: what they ask, what they share, whom they bind.

use crate::criteria::context::Context;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::outline::Item;
use crate::grammar::phrase::is_neutral;
use crate::lexicon::concepts::Concept;
use crate::lexicon::structure::{self, Words};

/// Whether a title says no more than that every item of its list decides: all of them must be met, or any of them
/// excludes.
pub(super) fn announces_each(own: &[Element], section: Section) -> bool {
    let idle = |e: &Element| {
        is_neutral(e)
            || matches!(
                e.sense,
                Sense::Cue(Cue::If | Cue::Must | Cue::Allowed | Cue::Forbidden | Cue::OneOf | Cue::AllOf)
            )
            || matches!(
                e.text.as_str(),
                "apply" | "applies" | "inclusion" | "exclusion" | "met" | "true" | "fulfilled" | "present" | "exist"
            )
    };
    let has = |cue: Cue| own.iter().any(|e| e.is(cue));
    let each = match section {
        Section::Inclusion => has(Cue::AllOf) && !has(Cue::OneOf) && !has(Cue::Forbidden),
        Section::Exclusion => has(Cue::OneOf) && !has(Cue::AllOf) && !has(Cue::Allowed),
    };
    each && has(Cue::If) && own.iter().all(idle)
}

/// "Hepatic", "Exclusion criteria - main protocol": a title that stands alone in a list, whose own list follows beside it.
pub(super) fn names_topic(text: &str, section: Section) -> bool {
    // "Must meet the criteria." is a sentence.
    if text.len() > 90 || text.trim_end().ends_with('.') {
        return false;
    }
    let lower = text.to_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_alphabetic() && c != '-')
        .map(|word| word.trim_matches('-'))
        .filter(|word| word.len() > 1 && !matches!(*word, "ii" | "iii" | "iv"))
        .peekable();
    let mut signed = section == Section::Inclusion;
    words.peek().is_some()
        && words.all(|word| {
            let sign = structure::holds(Words::TopicSign, word);
            signed |= sign;
            sign || structure::holds(Words::Topic, word)
        })
        && signed
}

/// Words of a title that its children share: intervals, "history of", negation is not among them.
pub(super) fn shared_words(lead: &[Element]) -> Vec<Element> {
    lead.iter()
        .filter(|e| match e.sense {
            Sense::Cue(cue) => {
                matches!(
                    cue,
                    Cue::History
                        | Cue::Active
                        | Cue::Uncontrolled
                        | Cue::Significant
                        | Cue::Within
                        | Cue::Before
                        | Cue::Anchor
                        | Cue::Chronic
                        | Cue::Grade
                ) || crate::grammar::windows::time_unit(e).is_some()
            }
            Sense::Number(_) | Sense::Compare(_) => true,
            _ => false,
        })
        .cloned()
        .collect()
}

/// "Ovarian cancer patients must have received:", "HR+/HER2- breast cancer:": the patients whom the list below binds.
pub(super) fn population(lead: &[Element], context: &Context<'_>) -> Option<Requirement> {
    let to = lead.iter().position(|e| e.is(Cue::Must)).unwrap_or(lead.len());
    let subject = lead.get(..to)?;
    if subject.iter().any(|e| matches!(e.sense, Sense::Number(_)) || e.text.contains("following")) {
        return None;
    }
    let subject: Vec<Element> = lead.get(..to)?.iter().filter(|e| !e.is(Cue::If)).cloned().collect();
    if !subject.iter().any(|e| !is_neutral(e)) {
        return None;
    }
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let read = crate::criteria::reader::coordination::read(&subject, &inclusion);
    let binds = !matches!(read.requirement, Requirement::Confirm | Requirement::Nothing);
    (read.unread == 0 && read.claimed && binds).then_some(read.requirement)
}

/// "Uncontrolled cardiovascular disease, including:", "any of the following cardiac events:": what the list names is what
/// is meant. Under Inclusion only where the title asks for adequate function.
pub(super) fn lists_kinds(text: &str, section: Section, own: &[Element]) -> bool {
    let lower = text.trim_end().trim_end_matches(':').trim_end().to_lowercase();
    let ends = [
        "including",
        "including the following",
        "such as",
        "as follows",
        "including but not limited to",
        "including, but not limited to",
        "criteria below",
        "defined as",
        "following",
    ]
    .iter()
    .any(|w| lower.ends_with(w));
    let following = lower.rsplit_once("following").is_some_and(|(_, rest)| rest.split_whitespace().count() <= 5);
    let premise =
        own.first().is_some_and(|e| e.is(Cue::If)) || own.iter().any(|e| e.is(Cue::Must) || e.is(Cue::Allowed));
    (ends || following)
        && !premise
        && (section == Section::Exclusion || own.iter().any(|e| e.is(Cue::AdequateFunction)))
}

/// "Prior therapy exclusions:", "Haematology:": a short title that names a topic, not a group of patients.
pub(super) fn is_title(lead: &[Element]) -> bool {
    let words: usize = lead.iter().map(|e| e.text.split(' ').count()).sum();
    // "Hormone receptor status:" names what the list states.
    let receptor =
        |e: &Element| matches!(e.sense, Sense::Cue(Cue::Her2 | Cue::Er | Cue::Pr | Cue::Hr)) || is_neutral(e);
    if lead.iter().rev().find(|e| !matches!(e.sense, Sense::Punctuation(_))).is_some_and(|e| e.text == "status")
        && lead.iter().all(receptor)
    {
        return true;
    }
    words <= 6
        && !lead.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Number(_)
                    | Sense::Compare(_)
                    | Sense::Concept(
                        Concept::Condition(_)
                            | Concept::Site(_)
                            | Concept::Biomarker(_)
                            | Concept::Cancer(_)
                            | Concept::Drug(_)
                    )
                    | Sense::Cue(
                        Cue::If
                            | Cue::Not
                            | Cue::Except
                            | Cue::Unless
                            | Cue::With
                            | Cue::Female
                            | Cue::Male
                            | Cue::Childbearing
                            | Cue::Premenopausal
                            | Cue::Postmenopausal
                            | Cue::Receiving
                            | Cue::Her2
                            | Cue::Er
                            | Cue::Hr
                            | Cue::TripleNegative
                            | Cue::May
                            | Cue::Allowed
                            | Cue::Forbidden
                            | Cue::MetastaticDisease
                            | Cue::Symptomatic
                    )
            ) || matches!(e.text.as_str(), "patient" | "participant" | "subject" | "those" | "who" | "for")
        })
}

/// "Patients who meet any of the following criteria will be excluded:": it speaks of the list alone.
pub(super) fn points_down(text: &str, lead: &[Element]) -> bool {
    let lower = text.to_lowercase();
    let points = ["following", "below", "these criteria", "criteria:"].iter().any(|w| lower.contains(w))
        || lower.trim_end().ends_with(" are:") && ["prohibit", "preclude"].iter().any(|w| lower.contains(w));
    let about = [
        "received",
        "therap",
        "time frame",
        "laborator",
        "value",
        "parameter",
        "defined",
        "function",
        "criteri",
        "exclu",
        "eligible",
        "included",
        "enrol",
        "participat",
        "condition",
        "appl",
        "meet",
        "checked",
    ]
    .iter()
    .any(|w| lower.contains(w));
    points
        && about
        && !lead.iter().any(|e| match e.sense {
            // "From participation in this study" is no fact of a patient.
            Sense::Concept(concept) => !matches!(concept, Concept::OpenFact(_)),
            Sense::Compare(_) | Sense::Cue(Cue::If) => true,
            _ => false,
        })
}

/// "Sufficient haematologic, liver and renal function (obtained ≤ 7 days before the first dose):": a title above
/// laboratory values, whatever else it says of when and why they are measured.
pub(super) fn heads_values(lead: &[Element], item: &Item) -> bool {
    let test = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_) | Concept::LabGroup(_)));
    let values = item.children.iter().filter(|child| child.elements().iter().any(test)).count();
    let function = lead.iter().any(|e| {
        e.is(Cue::AdequateFunction)
            || matches!(e.text.as_str(), "lab" | "laboratory" | "laboratory value" | "laboratory parameter")
            || e.text.starts_with("lab ")
            || e.text.starts_with("laboratory ")
    });
    let narrows = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::If
                    | Cue::Not
                    | Cue::Except
                    | Cue::Unless
                    | Cue::Female
                    | Cue::Male
                    | Cue::Childbearing
                    | Cue::Receiving
                    | Cue::May
                    | Cue::Allowed
                    | Cue::Forbidden
                    | Cue::MustNot
                    | Cue::OneOf
            ) | Sense::Concept(
                Concept::Condition(_) | Concept::Cancer(_) | Concept::Biomarker(_) | Concept::MedicationClass(_)
            )
        ) || matches!(e.text.as_str(), "without" | "for" | "those")
    };
    function && values * 2 >= item.children.len() && !lead.iter().any(narrows)
}

/// "Known cardiac disease which precludes the planned treatment:", "severe systemic disease, specifically:": a disease
/// above a list of its kinds, which exclude by themselves.
pub(super) fn heads_diseases(lead: &[Element], item: &Item) -> bool {
    let disease = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Condition(_)));
    let groups = lead.iter().filter(|e| disease(e)).count();
    let plain = lead.iter().all(|e| {
        is_neutral(e) && !matches!(e.text.as_str(), "patient" | "participant" | "subject" | "women" | "those")
            || disease(e)
            || matches!(e.sense, Sense::Number(_)) && e.span.start <= lead.first().map_or(0, |f| f.span.start) + 2
            || matches!(
                e.sense,
                Sense::Cue(
                    Cue::Significant
                        | Cue::Uncontrolled
                        | Cue::Active
                        | Cue::History
                        | Cue::Prior
                        | Cue::Or
                        | Cue::And
                        | Cue::CatchAll
                        | Cue::Received
                        | Cue::Planned
                        | Cue::Therapy
                )
            )
            || matches!(
                e.text.as_str(),
                "ability"
                    | "their"
                    | "the"
                    | "non"
                    | "exhaustive"
                    | "list"
                    | "systemic"
                    | "pulmonary"
                    | "cardiac"
                    | "concomitant"
            )
    });
    let listed = item.children.iter().filter(|child| {
        let own = child.elements();
        own.iter()
            .any(|e| disease(e) || matches!(e.sense, Sense::Concept(Concept::Lab(_))) || e.is(Cue::HeartFailureClass))
    });
    groups > 0 && plain && listed.count() * 2 >= item.children.len()
}

/// Words that head a list and ask nothing themselves.
pub(super) fn is_title_word(element: &Element) -> bool {
    matches!(
        element.sense,
        Sense::Cue(
            Cue::AdequateFunction
                | Cue::OneOf
                | Cue::AllOf
                | Cue::Must
                | Cue::Normal
                | Cue::Within
                | Cue::Before
                | Cue::Anchor
                | Cue::Day
                | Cue::Week
                | Cue::Administrative
                | Cue::Allowed
        ) | Sense::Number(_)
    )
}

/// "Within the time frames specified below:", "an appropriate washout period from:".
pub(super) fn announces_intervals(lead: &[Element]) -> bool {
    const WORDS: &[&str] = &[
        "frame",
        "frames",
        "timeframe",
        "timeframes",
        "period",
        "periods",
        "interval",
        "intervals",
        "window",
        "windows",
    ];
    let named = lead.iter().enumerate().any(|(at, e)| {
        e.is(Cue::Since) && e.text.starts_with("wash")
            || e.text.split(' ').any(|w| WORDS.contains(&w))
                && (at.saturating_sub(4)..at + 3).filter_map(|i| lead.get(i)).any(|n| {
                    n.text.split(' ').any(|w| matches!(w, "following" | "below" | "specified" | "time" | "indicated"))
                })
    });
    named && !lead.iter().any(|e| matches!(e.sense, Sense::Number(_)))
}

/// "Not a candidate for X, defined as ...": behind which the definition says who is none. What follows is asked, not denied.
pub fn defines_unfitness(elements: &[Element]) -> Option<usize> {
    let not = elements.iter().take(3).position(|e| e.is(Cue::Not))?;
    let unfit = |e: &Element| {
        ["candidate", "eligible", "suitable", "suited", "appropriate", "amenable", "fit"]
            .iter()
            .any(|word| e.text.split(' ').any(|own| own == *word))
    };
    let fit = elements.iter().skip(not).take(4).any(unfit);
    let defined = elements.iter().position(|e| e.text.split(' ').any(|word| word == "defined"))?;
    fit.then_some(defined + 1)
}

/// Whether a title forbids what its list names: "Patients must not have:", "No history of:", "are excluded:". A "not" or
/// "without" further on says something of the patients or the tests.
pub(super) fn forbids_list(title: &[Element]) -> bool {
    if defines_unfitness(title).is_some() {
        return false;
    }
    let meaning = |e: &&Element| !is_neutral(e) && !structure::holds_all(Words::Person, &e.text);
    let opening = title.iter().take(4).take_while(|e| !e.is(Cue::AdequateFunction)).find(meaning);
    title.iter().any(|e| e.is(Cue::MustNot) || e.is(Cue::Forbidden))
        || opening.is_some_and(|e| e.is(Cue::Not) || e.is(Cue::Naive))
}

/// Whether a title is made of words alone that ask nothing: "the patient may not have received any of the following
/// treatments within the specified periods".
pub(super) fn is_generic(lead: &[Element]) -> bool {
    // A title that names one sex says whom its list binds.
    let people = |e: &Element| {
        !matches!(e.sense, Sense::Cue(Cue::Female | Cue::Male | Cue::Childbearing))
            && structure::holds_all(Words::Person, &e.text)
    };
    let generic = |e: &Element| {
        is_neutral(e)
            || is_title_word(e)
            || matches!(
                e.sense,
                Sense::Cue(
                    Cue::MustNot
                        | Cue::Not
                        | Cue::Forbidden
                        | Cue::May
                        | Cue::Prior
                        | Cue::Received
                        | Cue::Receiving
                        | Cue::Investigational
                        | Cue::Including
                        | Cue::RecentTherapy
                        | Cue::Or
                )
            )
            || !matches!(e.sense, Sense::Concept(_)) && structure::holds_all(Words::Title, &e.text)
            || people(e)
    };
    let denies_later = lead.iter().any(|e| e.is(Cue::Not)) && !forbids_list(lead);
    lead.iter().all(generic)
        && !denies_later
        && lead.iter().any(|e| !people(e) && structure::holds_all(Words::Title, &e.text))
}

/// "No adequate washout of earlier treatment, as follows:": the list names treatments and intervals.
pub(super) fn speaks_of_washout(lead: &[Element]) -> bool {
    lead.iter().any(|e| e.is(Cue::Since) && e.text.contains("wash") || e.text.contains("washout"))
        && !lead.iter().any(|e| matches!(e.sense, Sense::Number(_)))
}

/// "Antibodies: at least 4 weeks" in a list of washouts: not within 4 weeks.
pub(super) fn intervals_passed(own: &[Element]) -> Vec<Element> {
    let mut out = own.to_vec();
    let negated = own.iter().any(|e| e.is(Cue::Within) || e.is(Cue::Since) || e.is(Cue::Not));
    let number = out.iter().position(|e| matches!(e.sense, Sense::Number(_))).filter(|at| {
        !negated
            && out.get(at + 1).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some() || e.is(Cue::HalfLife))
    });
    let Some(number) = number else { return out };
    let compared = number.checked_sub(1).filter(|at| {
        out.get(*at).is_some_and(|e| {
            matches!(
                e.sense,
                Sense::Compare(
                    Comparison::GreaterEqual | Comparison::Greater | Comparison::Less | Comparison::LessEqual
                )
            )
        })
    });
    let Some(place) = out.get(compared.unwrap_or(number)).cloned() else { return out };
    let within = Element { sense: Sense::Cue(Cue::Within), text: "within".into(), ..place };
    match compared {
        Some(at) => out.splice(at..=at, [within]),
        None => out.splice(number..number, [within]),
    };
    out
}

/// "Adequate organ function within 14 days of registration:": the interval in which the tests were done.
pub(super) fn time_of_tests(lead: &[Element]) -> Vec<Element> {
    let unit = |at: usize| lead.get(at).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some());
    let Some(number) =
        (0..lead.len()).find(|at| lead.get(*at).is_some_and(|e| matches!(e.sense, Sense::Number(_))) && unit(at + 1))
    else {
        return Vec::new();
    };
    let within = number
        .checked_sub(1)
        .and_then(|at| lead.get(at))
        .filter(|e| e.is(Cue::Within) || matches!(e.sense, Sense::Compare(Comparison::LessEqual | Comparison::Less)));
    let Some(first) = within.or_else(|| lead.get(number)) else { return Vec::new() };
    let mut out = vec![Element { sense: Sense::Cue(Cue::Within), text: "within".into(), ..first.clone() }];
    out.extend(lead.get(number..number + 2).unwrap_or_default().iter().cloned());
    out
}
