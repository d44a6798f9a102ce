//! Items of the outline to criteria: which lists decide item by item and which only together.

use crate::criteria::atom::Atom;
use crate::criteria::conditions::What;
use crate::criteria::context::{Context, Definitions};
use crate::criteria::diagnosis::Diagnosis;
use crate::criteria::reader::coordination::trim;
use crate::criteria::reader::read_elements;
use crate::criteria::requirement::{Criterion, Reading, Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense, elements};
use crate::grammar::headings::cohort_in;
use crate::grammar::outline::Item;
use crate::grammar::phrase::{is_neutral, span_of};
use crate::grammar::tokens::tokenise;
use crate::lexicon::concepts::Concept;
use crate::trial::Span;

/// What surrounds an item.
pub struct Surroundings<'t> {
    /// The trial's own rules.
    pub definitions: &'t Definitions,
    /// Folded names of its interventions.
    pub interventions: &'t [String],
}

/// Whether an item announces alternatives.
pub fn opens_alternatives(item: &Item) -> bool {
    item.text().trim_end().ends_with(':') && elements(&tokenise(&item.characters)).iter().any(|e| e.is(Cue::OneOf))
}

/// "Non-small cell lung cancer with ...", "Metastatic melanoma, ...": one of the tumour groups of a basket trial. Such
/// items side by side are alternatives.
fn is_tumour_group(item: &Item) -> bool {
    let own = elements(&tokenise(&item.characters));
    let adjective = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::MetastaticDisease
                    | Cue::SettingMetastatic
                    | Cue::Advanced
                    | Cue::LocallyAdvanced
                    | Cue::Recurrent
                    | Cue::Or
                    | Cue::Invasive
            )
        ) || matches!(e.sense, Sense::Punctuation(_))
            || is_neutral(e)
    };
    let first = own.iter().find(|e| !adjective(e));
    let tumour = |e: &Element| match e.sense {
        Sense::Concept(Concept::Cancer(row)) => {
            crate::lexicon::cancers::all().get(usize::from(row)).is_some_and(|c| !c.covers_breast || c.breast)
        }
        Sense::Cue(Cue::TripleNegative) => true,
        _ => false,
    };
    let breast_alone = own.iter().filter(|e| tumour(e)).all(|e| matches!(e.sense, Sense::Concept(Concept::Cancer(row)) if crate::lexicon::cancers::all().get(usize::from(row)).is_some_and(|c| c.breast)));
    first.is_some_and(tumour)
        && !(breast_alone && own.len() > 3)
        && !own.iter().any(|e| e.is(Cue::Not) && e.span.start < own.first().map_or(0, |f| f.span.start) + 20)
}

/// Joins neighbours that end with "or" into one list, under the title before them where there is one.
pub fn regroup(items: &[Item]) -> Vec<Item> {
    let ends_or = |item: &Item| {
        let text = item.text().to_lowercase();
        let text = text.trim_end().trim_end_matches([';', ',', '.']);
        item.children.is_empty() && (text.ends_with(" or") || text.ends_with(" and/or"))
    };
    let mut out: Vec<Item> = Vec::new();
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let groups = match item.section {
            Some(Section::Exclusion) => 0,
            section => items.iter().skip(at).take_while(|i| i.section == section && is_tumour_group(i)).count(),
        };
        if groups > 1 {
            let run = items.get(at..at + groups).unwrap_or_default().to_vec();
            let span = Span { start: item.span.start, end: item.span.start };
            out.push(Item {
                section: item.section,
                cohort: item.cohort.clone(),
                span,
                characters: Vec::new(),
                marked: true,
                children: run,
            });
            at += groups;
            continue;
        }
        if !ends_or(item) {
            let mut item = item.clone();
            item.children = regroup(&item.children);
            out.push(item);
            at += 1;
            continue;
        }
        let end = (at..items.len()).find(|i| items.get(*i).is_some_and(|i| !ends_or(i))).map_or(items.len(), |i| i + 1);
        let run = items.get(at..end).unwrap_or_default().to_vec();
        let titled = out
            .last_mut()
            .filter(|t| t.children.is_empty() && t.text().trim_end().ends_with(':') && t.section == item.section);
        match titled {
            Some(title) => title.children = run,
            None => {
                let span = Span { start: item.span.start, end: item.span.start };
                out.push(Item {
                    section: item.section,
                    cohort: item.cohort.clone(),
                    span,
                    characters: Vec::new(),
                    marked: true,
                    children: run,
                });
            }
        }
        at = end;
    }
    out
}

/// Reads an item and what is nested under it into criteria.
pub fn read(item: &Item, trial: &Surroundings<'_>, reading: &mut Reading) {
    read_in(item, trial, &Above::default(), reading);
}

/// What an item takes over from the title above it.
#[derive(Clone, Debug, Default)]
struct Above {
    cohort: Option<String>,
    /// Words that the children share.
    lead: Vec<Element>,
    /// Whether the title forbids what the list names.
    forbids: bool,
}

fn read_in(item: &Item, trial: &Surroundings<'_>, above: &Above, reading: &mut Reading) {
    let all = elements(&tokenise(&item.characters));
    let (label, own) = cohort_label(item, &all);
    let cohort = label.or_else(|| above.cohort.clone()).or_else(|| item.cohort.clone());
    // A text without headings states what it asks; its negations say what it forbids.
    let section = item.section.unwrap_or(Section::Inclusion);
    let read_as = if above.forbids { Section::Exclusion } else { section };
    let context = Context { section: read_as, interventions: trial.interventions, definitions: trial.definitions };
    let with_lead: Vec<Element> = above.lead.iter().chain(own).cloned().collect();
    let plain = Above { cohort: cohort.clone(), lead: Vec::new(), forbids: above.forbids };
    let mut emit = |span: Span, requirement: Requirement| {
        reading.criteria.push(Criterion {
            section,
            span: Some(span),
            field: None,
            cohort: cohort.clone(),
            requirement,
            notes: Vec::new(),
        });
    };
    if item.children.is_empty() {
        if own.iter().all(|e| matches!(e.sense, Sense::Punctuation(_)) || e.is(Cue::Or) || e.is(Cue::And)) {
            reading.headings.push(item.span);
        } else {
            emit(item.span, read_elements(&with_lead, &context));
        }
        return;
    }
    let text = item.text();
    let ends_open = text.trim_end().ends_with(':');
    let one_of = own.iter().any(|e| e.is(Cue::OneOf)) || alternatives(item);
    let all_of = own.iter().any(|e| e.is(Cue::AllOf));
    let together = match section {
        Section::Inclusion => one_of,
        Section::Exclusion => all_of,
    };
    let conditional = own
        .iter()
        .any(|e| e.is(Cue::If) || e.is(Cue::Allowed) || e.is(Cue::Unless) || e.is(Cue::Except) || e.is(Cue::May));
    let notes = item.children.iter().all(is_note);
    // "A patient is eligible only if all of the following criteria apply:" asks each item of the list for itself.
    let announces = ends_open && announces_each(own, section);
    if !announces && (together || conditional && ends_open || notes) {
        emit(item.full_span(), together_requirement(item, own, &with_lead, &context, one_of, all_of, conditional));
        return;
    }
    let lead_in: Vec<Element> =
        own.iter().filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':')).cloned().collect();
    // "An appropriate washout period from:" stands above intervals that say what they ask themselves.
    let washouts = ends_open && announces_intervals(&lead_in);
    let benign = announces
        || washouts
        || lead_in.iter().all(|e| is_neutral(e) || is_title_word(e))
        || ends_open && (is_title(&lead_in) || points_down(&text, &lead_in));
    if !benign && !ends_open {
        emit(item.span, read_elements(&with_lead, &context));
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        return;
    }
    reading.headings.push(item.span);
    if !benign && let Some(guard) = population(&lead_in, &context) {
        let before = reading.criteria.len();
        for child in &item.children {
            read_in(child, trial, &plain, reading);
        }
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::when(guard.clone(), criterion.requirement.clone());
        }
        return;
    }
    // "Patients must not have:" above a list under Inclusion forbids what the list names.
    let negative = (!washouts || section == Section::Inclusion)
        && lead_in.iter().any(|e| e.is(Cue::MustNot) || e.is(Cue::Not) || e.is(Cue::Forbidden));
    let shared = if benign { Vec::new() } else { shared_words(&lead_in) };
    let understood = benign
        || ends_open && lists_kinds(&text, section, own)
        || lead_in
            .iter()
            .all(|e| is_neutral(e) || is_title_word(e) || shared.contains(e) || matches!(e.sense, Sense::Concept(_)));
    let below = Above { lead: shared, forbids: above.forbids || benign && negative, ..plain };
    let before = reading.criteria.len();
    for child in &item.children {
        read_in(child, trial, &below, reading);
    }
    if !understood {
        // The title may be a condition that the children stand under: they never fail, and never pass.
        let span = span_of(&lead_in);
        for criterion in reading.criteria.iter_mut().skip(before) {
            criterion.requirement = Requirement::any(vec![Requirement::Unread(span), criterion.requirement.clone()]);
        }
    }
}

/// "Within the time frames specified below:", "an appropriate washout period from:".
fn announces_intervals(lead: &[Element]) -> bool {
    const WORDS: &[&str] =
        &["frame", "frames", "timeframe", "timeframes", "period", "periods", "interval", "intervals", "window", "windows"];
    let named = lead.iter().enumerate().any(|(at, e)| {
        e.is(Cue::Since) && e.text.starts_with("wash")
            || e.text.split(' ').any(|w| WORDS.contains(&w))
                && (at.saturating_sub(4)..at + 3).filter_map(|i| lead.get(i)).any(|n| {
                    n.text.split(' ').any(|w| matches!(w, "following" | "below" | "specified" | "time" | "indicated"))
                })
    });
    named && !lead.iter().any(|e| matches!(e.sense, Sense::Number(_)))
}

/// Whether a title says no more than that every item of its list decides: all of them must be met, or any of them
/// excludes.
fn announces_each(own: &[Element], section: Section) -> bool {
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

/// One criterion of an item and its children, which decide only together.
fn together_requirement(
    item: &Item,
    own: &[Element],
    with_lead: &[Element],
    context: &Context<'_>,
    one_of: bool,
    all_of: bool,
    conditional: bool,
) -> Requirement {
    let children: Vec<Vec<Element>> = item
        .children
        .iter()
        .flat_map(|c| if c.characters.is_empty() { c.children.iter().collect::<Vec<_>>() } else { vec![c] })
        .map(deep_elements)
        .collect();
    if item.children.iter().all(is_note) || !(one_of || all_of || conditional) {
        // Notes and permissions go on with the item's own sentence.
        let mut joined = with_lead.to_vec();
        for child in &children {
            joined.push(stop(joined.last()));
            joined.extend(child.iter().cloned());
        }
        return read_elements(&joined, context);
    }
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let members: Vec<Requirement> = children.iter().map(|c| read_elements(c, &inclusion)).collect();
    let members = if one_of { tumour_groups(members) } else { members };
    let list = if one_of { Requirement::any(members) } else { Requirement::all(members) };
    let lead: Vec<Element> =
        own.iter().filter(|e| !e.is(Cue::OneOf) && !e.is(Cue::AllOf) && !e.is_char(':')).cloned().collect();
    let lead = trim(&lead);
    if conditional {
        let at = lead.iter().position(|e| {
            e.is(Cue::If) || e.is(Cue::Unless) || e.is(Cue::Allowed) || e.is(Cue::May) || e.is(Cue::Except)
        });
        let opens = at == Some(0) && lead.first().is_some_and(|e| e.is(Cue::If));
        let subject =
            if opens { lead.get(1..).unwrap_or_default() } else { lead.get(..at.unwrap_or(0)).unwrap_or_default() };
        if subject.iter().any(|e| !is_neutral(e)) {
            let subject = crate::criteria::reader::coordination::read(trim(subject), &inclusion).requirement;
            let unless = lead.iter().any(|e| e.is(Cue::Unless) || e.is(Cue::Except));
            return match (context.section, unless) {
                (Section::Exclusion, _) | (_, false) => Requirement::when(subject, list),
                (Section::Inclusion, true) => Requirement::any(vec![subject, list]),
            };
        }
    }
    let points = |e: &Element| matches!(e.text.as_str(), "below" | "above" | "following");
    let meaningful: Vec<Element> =
        lead.iter().filter(|e| !is_neutral(e) && !is_title_word(e) && !points(e)).cloned().collect();
    let list = if meaningful.is_empty() {
        list
    } else {
        let own = crate::criteria::reader::coordination::read(lead, &inclusion).requirement;
        Requirement::all(vec![own, list])
    };
    if context.section == Section::Exclusion { list.negated() } else { list }
}

/// "Any other solid tumour" among tumour types under study is no second malignancy but the type itself.
fn tumour_groups(members: Vec<Requirement>) -> Vec<Requirement> {
    let speaks_of_type = |r: &Requirement| matches!(r, Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(_))));
    let Some(solid) = crate::lexicon::cancers::by_name("solid tumor").and_then(|row| u16::try_from(row).ok()) else {
        return members;
    };
    let other = crate::lexicon::conditions::by_name("other malignancy").and_then(|row| u16::try_from(row).ok());
    let listed = members.iter().filter(|m| speaks_of_type(m)).count() > 1;
    members
        .into_iter()
        .map(|member| match &member {
            Requirement::Atom(Atom::Condition(c)) if listed && other.is_some_and(|row| c.what == What::Row(row)) => {
                Requirement::Atom(Atom::Diagnosis(Diagnosis::Cancer(vec![solid])))
            }
            _ => member,
        })
        .collect()
}

/// All elements of an item and its descendants, joined by full stops.
fn deep_elements(item: &Item) -> Vec<Element> {
    let mut out = elements(&tokenise(&item.characters));
    for child in &item.children {
        out.push(stop(out.last()));
        out.extend(deep_elements(child));
    }
    out
}

fn stop(after: Option<&Element>) -> Element {
    let at = after.map_or(0, |e| e.span.end);
    Element {
        sense: Sense::Punctuation('.'),
        text: ".".into(),
        span: Span { start: at, end: at },
        spaced: false,
        capital: false,
    }
}

/// A child that goes on with its parent: a note, a permission, an exception.
fn is_note(item: &Item) -> bool {
    let own = elements(&tokenise(&item.characters));
    let note = own.first().is_some_and(|e| e.text.starts_with("note") || e.text == "exception" || e.is(Cue::Except));
    note || own.iter().any(|e| e.is(Cue::Allowed) || e.is(Cue::NoLimit))
}

/// Children joined by "or" are alternatives.
fn alternatives(item: &Item) -> bool {
    if item.characters.is_empty() {
        return true;
    }
    let (last, rest) = match item.children.split_last() {
        Some(split) => split,
        None => return false,
    };
    let ends_or = |child: &Item| {
        child.text().trim_end().to_lowercase().trim_end_matches([';', ',', ':']).ends_with(" or")
            || child.text().trim().eq_ignore_ascii_case("or")
    };
    let begins_or = last.text().trim_start().to_lowercase().starts_with("or ");
    !rest.is_empty() && (rest.iter().any(ends_or) || begins_or)
}

/// Words of a title that its children share: intervals, "history of", negation is not among them.
fn shared_words(lead: &[Element]) -> Vec<Element> {
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
fn population(lead: &[Element], context: &Context<'_>) -> Option<Requirement> {
    if lead.iter().any(|e| matches!(e.sense, Sense::Number(_)) || e.text.contains("following")) {
        return None;
    }
    let to = lead.iter().position(|e| e.is(Cue::Must)).unwrap_or(lead.len());
    let subject: Vec<Element> = lead.get(..to)?.iter().filter(|e| !e.is(Cue::If)).cloned().collect();
    if !subject.iter().any(|e| !is_neutral(e)) {
        return None;
    }
    let inclusion = Context { section: Section::Inclusion, ..context.clone() };
    let read = crate::criteria::reader::coordination::read(&subject, &inclusion);
    (read.unread == 0 && read.claimed).then_some(read.requirement)
}

/// "Uncontrolled cardiovascular disease, including:", "any of the following cardiac events:": what the list names is what
/// is meant. Under Inclusion only where the title asks for adequate function.
fn lists_kinds(text: &str, section: Section, own: &[Element]) -> bool {
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
fn is_title(lead: &[Element]) -> bool {
    let words: usize = lead.iter().map(|e| e.text.split(' ').count()).sum();
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
fn points_down(text: &str, lead: &[Element]) -> bool {
    let lower = text.to_lowercase();
    let points = ["following", "below", "these criteria", "criteria:"].iter().any(|w| lower.contains(w));
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
        && !lead.iter().any(|e| matches!(e.sense, Sense::Concept(_) | Sense::Compare(_) | Sense::Cue(Cue::If)))
}

/// Words that head a list and ask nothing themselves.
fn is_title_word(element: &Element) -> bool {
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

/// "For phase II, ...", "Cohort A: ...", "... (Phase 2)": the label, and the elements without it.
fn cohort_label<'e>(item: &Item, all: &'e [Element]) -> (Option<String>, &'e [Element]) {
    let text = item.text();
    let lower = text.to_lowercase();
    let head: String = text.chars().take(70).collect();
    let stop = head.char_indices().find(|(_, c)| matches!(c, ':' | ',')).map(|(i, _)| i);
    if let Some(stop) = stop
        && let Some(title) = head.get(..stop)
    {
        let words = title.split_whitespace().count();
        let opens = ["for ", "in ", "cohort", "arm ", "phase ", "part ", "group ", "arms ", "cohorts "]
            .iter()
            .any(|w| lower.starts_with(w));
        if opens
            && words <= 8
            && let Some(cohort) = cohort_in(title, false)
            && whole_title(title, &cohort)
        {
            let end = item.characters.get(title.chars().count()).map_or(0, |c| c.span.end);
            let from = all.iter().position(|e| e.span.start >= end).unwrap_or(all.len());
            return (Some(cohort), all.get(from..).unwrap_or_default());
        }
    }
    if text.trim_end().ends_with(')')
        && let Some(open) = text.rfind('(')
        && let Some(inside) = text.get(open + 1..).map(|t| t.trim_end().trim_end_matches(')'))
        && let Some(cohort) = cohort_in(inside, false)
        && inside.split_whitespace().count() <= cohort.split_whitespace().count() + 1
    {
        let start = item.characters.get(text.get(..open).map_or(0, |t| t.chars().count())).map_or(0, |c| c.span.start);
        let to = all.iter().position(|e| e.span.start >= start).unwrap_or(all.len());
        return (Some(cohort), all.get(..to).unwrap_or_default());
    }
    (None, all)
}

/// Whether a title names a cohort and nothing besides: "for patients in cohort A".
fn whole_title(title: &str, cohort: &str) -> bool {
    let rest = title.replacen(cohort, "", 1).to_lowercase();
    rest.split_whitespace().all(|w| {
        matches!(
            w,
            "for"
                | "in"
                | "patients"
                | "participants"
                | "subjects"
                | "enrolled"
                | "the"
                | "of"
                | "study"
                | "only"
                | "entering"
                | "to"
                | "into"
                | "on"
                | "portion"
                | "part"
                | "specific"
                | "-"
        )
    })
}
