//! Lists: "A, B or C within 4 weeks". Each member is read by itself, with the words that it shares with the others.

use crate::criteria::atom::Atom;
use crate::criteria::central_nervous_system::Feature;
use crate::criteria::context::Context;
use crate::criteria::diagnosis::extent_named;
use crate::criteria::prior_therapy::How;
use crate::criteria::reader::dispatch::{self, Reading};
use crate::criteria::reader::items::defines_unfitness;
use crate::criteria::reader::tumour_list;
use crate::criteria::reader::{exceptions, remembered};
use crate::criteria::receptors;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{is_neutral, span_of};
use crate::lexicon::concepts::Concept;

/// How many negations within each other are followed at most: "not" a thousand times over is no sentence.
const DEEPEST: usize = 24;

/// Reads an expression in positive sense: what the patient has, is or has had.
pub fn read(elements: &[Element], context: &Context<'_>) -> Reading {
    read_depth(trim(elements), context, 0)
}

/// The same within a clause that is being taken apart.
pub fn read_depth(elements: &[Element], context: &Context<'_>, depth: usize) -> Reading {
    // Near the limit of depth a reading depends on where it stands.
    remembered::read(elements, context, depth < DEEPEST / 2, || read_afresh(elements, context, depth))
}

fn read_afresh(elements: &[Element], context: &Context<'_>, depth: usize) -> Reading {
    if depth > DEEPEST {
        return Reading {
            requirement: Requirement::Unread(span_of(elements)),
            unread: elements.len().max(1),
            claimed: false,
        };
    }
    if let Some(rest) = defines_unfitness(elements).and_then(|at| elements.get(at..)) {
        return read_depth(trim(rest), context, depth + 1);
    }
    if let Some(rest) = negated(elements) {
        // "No brain metastases, or brain metastases that are stable": the negation ends where the subject comes again.
        if let Some((left, right)) = again(rest) {
            let left = read_depth(trim(left), context, depth + 1);
            let right = read_depth(trim(right), context, depth + 1);
            return Reading {
                requirement: Requirement::any(vec![denied(left.requirement), right.requirement]),
                unread: left.unread + right.unread,
                claimed: left.claimed && right.claimed,
            };
        }
        // "No A, and no B" denies each by itself.
        if let Some((left, right)) = denied_again(rest) {
            let left = read_depth(trim(left), &denying(left, context), depth + 1);
            let right = read_depth(trim(right), context, depth + 1);
            return Reading {
                requirement: Requirement::all(vec![denied(left.requirement), right.requirement]),
                unread: left.unread + right.unread,
                claimed: left.claimed && right.claimed,
            };
        }
        let inner = read_depth(trim(rest), &denying(rest, context), depth + 1);
        return Reading { requirement: denied(inner.requirement), ..inner };
    }
    if let Some((left, right)) = without(elements) {
        let right_context = denying(right, context);
        let (left, right) =
            (read_depth(trim(left), context, depth + 1), read_depth(trim(right), &right_context, depth + 1));
        return Reading {
            requirement: Requirement::all(vec![left.requirement, right.requirement.negated()]),
            unread: left.unread + right.unread,
            claimed: left.claimed && right.claimed,
        };
    }
    if let Some(reading) = tumour_list::read(elements, context, depth) {
        return reading;
    }
    let whole = dispatch::read(elements, context);
    if whole.claimed && whole.unread == 0 || depth > 6 {
        return whole;
    }
    if let Some(reading) = exceptions::read(elements, context, depth) {
        return reading;
    }
    if let Some(reading) = before_definition(elements, context, depth).filter(|r| r.unread < whole.unread) {
        return reading;
    }
    let mut best = whole;
    for split in [Split::Semicolon, Split::Or, Split::And, Split::With] {
        // A reading that leaves more unread than the best one is not finished.
        let enough = best.unread + usize::from(!best.claimed);
        let Some(reading) = read_list(elements, context, split, depth, enough) else { continue };
        if reading.unread < best.unread || !best.claimed && reading.claimed && reading.unread <= best.unread {
            best = reading;
        }
        if best.unread == 0 {
            break;
        }
    }
    best
}

/// "A, or B, defined as C or D": the first "or" stands before what is defined, and the others within its definition.
fn before_definition(elements: &[Element], context: &Context<'_>, depth: usize) -> Option<Reading> {
    let defined = elements.iter().position(|e| e.is(Cue::Filler) && e.text == "defined as")?;
    let (or, _) = outside(elements).find(|(at, e)| *at < defined && e.is(Cue::Or))?;
    let (left, right) = (elements.get(..or)?, elements.get(or + 1..)?);
    if !left.iter().any(is_head) || left.iter().any(|e| e.is_char(',')) || !right.iter().any(|e| e.is(Cue::Or)) {
        return None;
    }
    let (left, right) = (read_depth(trim(left), context, depth + 1), read_depth(trim(right), context, depth + 1));
    (left.claimed && right.claimed).then(|| Reading {
        requirement: Requirement::any(vec![left.requirement, right.requirement]),
        unread: left.unread + right.unread,
        claimed: true,
    })
}

/// The two sides of an "or" behind which the subject before it is named again.
fn again(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let at = outside(elements).find(|(at, e)| *at > 0 && e.is(Cue::Or)).map(|(at, _)| at)?;
    let (left, right) = (elements.get(..at)?, elements.get(at + 1..)?);
    let subject = |e: &&Element| {
        matches!(
            e.sense,
            Sense::Concept(Concept::Site(_) | Concept::Condition(_) | Concept::DrugClass(_) | Concept::Drug(_))
        )
    };
    let first = left.iter().find(subject)?;
    let repeated = right.iter().find(subject)?.sense == first.sense && left.len() < right.len();
    repeated.then_some((left, right))
}

/// The two sides of "and" or a comma behind which a second denial opens.
fn denied_again(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let opens = |at: usize| {
        let skip = usize::from(elements.get(at + 1).is_some_and(|e| e.is(Cue::And)));
        elements.get(at + 1 + skip).is_some_and(|e| e.is(Cue::Not) && (e.text == "no" || e.text.starts_with("no ")))
    };
    let at = outside(elements)
        .find(|(at, e)| *at > 0 && (e.is(Cue::And) || e.is_char(',') || e.is_char(';')) && opens(*at))
        .map(|(at, _)| at)?;
    Some((elements.get(..at)?, elements.get(at + 1..)?))
}

/// "Without A, B and C" denies each of them, as a list under Exclusion does; "both A and B" is denied as a whole.
fn denying<'c>(denied: &[Element], context: &Context<'c>) -> Context<'c> {
    let disease = |e: &&Element| matches!(e.sense, Sense::Concept(Concept::Condition(_)));
    let listed = outside(denied).any(|(_, e)| e.is(Cue::And)) && denied.iter().filter(disease).count() > 1;
    let whole = denied.iter().any(|e| matches!(e.text.as_str(), "both" | "together" | "concurrent" | "simultaneous"));
    let section = if listed && !whole { Section::Exclusion } else { context.section };
    Context { section, ..context.clone() }
}

/// Denies what a phrase says of a thing, not the thing that it takes for granted: "have not had radiotherapy for their
/// brain metastases" speaks of patients who have some.
fn denied(requirement: Requirement) -> Requirement {
    let presupposes = |r: &Requirement| matches!(r, Requirement::Atom(Atom::CentralNervousSystem(c)) if c.feature == Feature::Present);
    match requirement {
        Requirement::All(mut members) if members.len() > 1 && members.first().is_some_and(presupposes) => {
            let rest = members.split_off(1);
            members.push(Requirement::all(rest).negated());
            Requirement::all(members)
        }
        other => other.negated(),
    }
}

/// "X without Y", "X in the absence of Y": both sides, where each has a subject and no list stands around them.
fn without(elements: &[Element]) -> Option<(&[Element], &[Element])> {
    let at = outside(elements)
        .find(|(at, e)| {
            *at > 0
                && e.is(Cue::Not)
                && ["without", "in the absence", "absence", "with no"].iter().any(|w| e.text.starts_with(w))
        })
        .map(|(at, _)| at)?;
    let (left, right) = (elements.get(..at)?, elements.get(at + 1..)?);
    let plain = |part: &[Element]| part.iter().any(is_head);
    let listed = right.iter().any(|e| e.is(Cue::Or)) || left.iter().any(|e| e.is_char(','));
    (plain(left) && plain(right) && !listed).then_some((left, right))
}

/// The members of a list joined by "or", where each has a subject of its own, with the words that they share.
pub fn alternatives(elements: &[Element]) -> Option<Vec<Vec<Element>>> {
    let members = cut(elements, Split::Or)?;
    let listed =
        members.len() > 1 && outside(elements).any(|(_, e)| e.is(Cue::Or)) && members.iter().all(|m| has_head(m));
    listed.then(|| share(&members))
}

/// How a list is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    /// At "or" and the commas before it.
    Or,
    /// At "and" and the commas before it.
    And,
    /// Before "with", "who have".
    With,
    /// At semicolons.
    Semicolon,
}

/// Reads a list that is cut in one way; `None` where it is no such list, or where at least `enough` elements of it stay
/// unread.
fn read_list(
    elements: &[Element],
    context: &Context<'_>,
    split: Split,
    depth: usize,
    enough: usize,
) -> Option<Reading> {
    let members = cut(elements, split)?;
    let members = if context.section == Section::Exclusion { share_intervals(members) } else { members };
    let shared = share(&members);
    let read_all = |members: &[Vec<Element>], enough: usize| -> Option<(Vec<Reading>, usize)> {
        let (mut readings, mut unread) = (Vec::with_capacity(members.len()), 0);
        for member in members {
            let reading = read_depth(trim(member), context, depth + 1);
            unread += reading.unread;
            if unread >= enough {
                return None;
            }
            readings.push(reading);
        }
        Some((readings, unread))
    };
    let with_shared = read_all(&shared, enough);
    let plain = match &with_shared {
        Some((_, 0)) => None,
        _ if shared == members => None,
        Some((_, unread)) => read_all(&members, *unread),
        None => read_all(&members, enough),
    };
    let (mut readings, mut total) = plain.or(with_shared)?;
    if split == Split::Or && counted_once(&members, &mut readings) {
        total += 3;
    }
    let claimed = readings.iter().any(|r| r.claimed);
    let requirements: Vec<Requirement> = readings.into_iter().map(|r| r.requirement).collect();
    let listed = split == Split::And && context.section == Section::Exclusion && same_kind(&requirements);
    let requirement = match split {
        Split::Or => Requirement::any(requirements),
        // "hepatitis B and C" under Exclusion: any of them excludes.
        Split::And | Split::Semicolon
            if listed || split == Split::Semicolon && context.section == Section::Exclusion =>
        {
            Requirement::any(requirements)
        }
        _ => Requirement::all(requirements),
    };
    Some(Reading { requirement, unread: total, claimed })
}

/// "More than one line with A, B or C": the count of the first member is that of all. A bare treatment behind it is read
/// in part at best, since received once it may be within the count.
fn counted_once(members: &[Vec<Element>], readings: &mut [Reading]) -> bool {
    let counted = |r: &Reading| matches!(&r.requirement, Requirement::Atom(Atom::Lines(_)));
    if !readings.first().is_some_and(counted) {
        return false;
    }
    let told = |m: &[Element]| m.iter().any(|e| e.is(Cue::Received) || e.is(Cue::Prior) || e.is(Cue::Within));
    let mut found = false;
    for (member, reading) in members.iter().zip(readings).skip(1) {
        let bare = matches!(&reading.requirement, Requirement::Atom(Atom::Therapy(t)) if t.window.is_none() && t.how == How::Received);
        if bare && !told(member) {
            let read = std::mem::replace(&mut reading.requirement, Requirement::Nothing);
            reading.requirement = Requirement::Partly(Box::new(read), vec![span_of(member)]);
            found = true;
        }
    }
    found
}

/// Whether all members are single questions of one kind.
fn same_kind(requirements: &[Requirement]) -> bool {
    let kind = |r: &Requirement| match r {
        Requirement::Atom(atom) => Some(atom.kind()),
        Requirement::Any(members) => {
            members.iter().find_map(|m| if let Requirement::Atom(a) = m { Some(a.kind()) } else { None })
        }
        _ => None,
    };
    let first = requirements.first().and_then(kind);
    first.is_some_and(|k| matches!(k, "Condition" | "Medication" | "Therapy" | "Pregnancy" | "Open"))
        && requirements.iter().all(|r| kind(r) == first)
}

/// Cuts at the connectors of one kind outside brackets; `None` where there are none.
fn cut(elements: &[Element], split: Split) -> Option<Vec<Vec<Element>>> {
    let connector = match split {
        Split::Or => Cue::Or,
        Split::And => Cue::And,
        Split::With => Cue::With,
        Split::Semicolon => Cue::Filler,
    };
    let is_connector = |e: &Element| if split == Split::Semicolon { e.is_char(';') } else { e.is(connector) };
    if split != Split::Or && !elements.iter().any(is_connector) {
        return None;
    }
    let connectors: Vec<usize> = outside(elements)
        .filter(|(at, e)| is_connector(e) && joins_members(elements, *at) && !inside_amount(elements, *at))
        .map(|(at, _)| at)
        .collect();
    let comma = |e: &Element| e.is_char(',') || split == Split::Or && e.is_char('/');
    // A list of commas alone ("fever, rash, pain") is one of "or" under Exclusion.
    let commas_alone = split == Split::Or
        && connectors.is_empty()
        && !outside(elements).any(|(_, e)| e.is(Cue::And) || e.is(Cue::Or))
        && outside(elements).any(|(_, e)| e.is_char(','));
    if connectors.is_empty() && !commas_alone {
        return None;
    }
    let mut members: Vec<Vec<Element>> = vec![Vec::new()];
    let mut cuts = 0;
    // What stands behind "except" belongs to the member before it, whole; commas belong to the list up to its last "or".
    let except = outside(elements).find(|(_, e)| e.is(Cue::Except)).map_or(elements.len(), |(at, _)| at);
    let last = if commas_alone { elements.len() } else { connectors.last().copied().unwrap_or(0) };
    let places: Vec<usize> = outside(elements)
        .filter(|(at, e)| {
            connectors.contains(at)
                || matches!(split, Split::Or | Split::And)
                    && comma(e)
                    && *at < last
                    && !inside_amount(elements, *at)
                    && joins_members(elements, *at)
        })
        .map(|(at, _)| at)
        .filter(|at| *at < except)
        .collect();
    for (at, element) in elements.iter().enumerate() {
        if places.contains(&at) {
            cuts += 1;
            members.push(Vec::new());
            continue;
        }
        if let Some(last) = members.last_mut() {
            last.push(element.clone());
        }
    }
    if cuts == 0 {
        return None;
    }
    let joined = places.last().and_then(|at| elements.get(*at))?.clone();
    let members = join_headless(members, &joined);
    (members.len() > 1).then_some(members)
}

/// Whether a connector joins two members of a list, and not two adverbs ("histologically or cytologically"), two
/// extents ("locally advanced or metastatic"), receptors of one run or modifiers of one noun.
fn joins_members(elements: &[Element], at: usize) -> bool {
    let before = elements.get(..at).unwrap_or_default();
    let after = elements.get(at + 1..).unwrap_or_default();
    let (Some(left), Some(right)) = (
        before.iter().rev().find(|e| !matches!(e.sense, Sense::Punctuation(_)) && !e.is(Cue::And) && !e.is(Cue::Or)),
        after.iter().find(|e| !matches!(e.sense, Sense::Punctuation(_)) && !e.is(Cue::And) && !e.is(Cue::Or)),
    ) else {
        return false;
    };
    let idle = |e: &Element| e.is(Cue::Filler);
    let next_meaning = after.iter().find(|e| !is_neutral(e));
    if before.iter().all(is_neutral) || next_meaning.is_none() {
        return false;
    }
    if idle(left) && idle(right) && is_adverb(left) && is_adverb(right) {
        return false;
    }
    let extent = |e: &Element| {
        matches!(
            e.sense,
            Sense::Cue(
                Cue::MetastaticDisease
                    | Cue::SettingMetastatic
                    | Cue::Advanced
                    | Cue::LocallyAdvanced
                    | Cue::Recurrent
                    | Cue::EarlyStage
            )
        ) || matches!(e.sense, Sense::Concept(Concept::Cancer(_))) && extent_named(&e.text) > 0
    };
    let same = |f: &dyn Fn(&Element) -> bool| f(left) && f(right);
    let status = |e: &Element| e.is(Cue::Postmenopausal) || e.is(Cue::Premenopausal) || e.is(Cue::Perimenopausal);
    let sex = |e: &Element| e.is(Cue::Female) || e.is(Cue::Male);
    // "HR+/HER2-" is one run.
    let sign = |e: &Element| receptors::is_receptor(e) || e.is(Cue::Positive) || e.is(Cue::Negative);
    if elements.get(at).is_some_and(|e| e.is_char('/')) && (sign(left) || sign(right)) {
        return false;
    }
    // "Surgery or trauma, within 4 weeks": the comma only sets the interval apart.
    if elements.get(at).is_some_and(|e| e.is_char(','))
        && right.is(Cue::Within)
        && after.iter().take(5).any(|e| crate::grammar::windows::time_unit(e).is_some())
        && !after.iter().take_while(|e| crate::grammar::windows::time_unit(e).is_none()).any(is_head)
    {
        return false;
    }
    // "Recurrence or progression within 12 months": one event by two names.
    let relapse = |e: &Element| e.is(Cue::Recurrent) || e.is(Cue::ProgressiveDisease) || e.is(Cue::Progressed);
    let timed = || after.iter().any(|e| crate::grammar::windows::time_unit(e).is_some());
    !(same(&extent) || same(&status) || same(&sex) || same(&relapse) && timed())
}

fn is_adverb(element: &Element) -> bool {
    element.text.ends_with("ly")
        || element.text.ends_with("ally")
        || matches!(element.text.as_str(), "histologic" | "cytologic" | "histological" | "cytological")
}

/// Elements outside brackets, with their places.
pub fn outside(elements: &[Element]) -> impl Iterator<Item = (usize, &Element)> {
    let mut depth = 0i32;
    elements.iter().enumerate().filter(move |(_, e)| {
        if e.is_char('(') || e.is_char('[') {
            depth += 1;
            return false;
        }
        if e.is_char(')') || e.is_char(']') {
            depth -= 1;
            return false;
        }
        depth <= 0
    })
}

/// "4 weeks or 5 half-lives", "0, 1 or 2", "1 or more" are no lists.
fn inside_amount(elements: &[Element], at: usize) -> bool {
    let number = |i: usize| elements.get(i).is_some_and(|e| matches!(e.sense, Sense::Number(_) | Sense::Score(_)));
    let time = |e: &Element| crate::grammar::windows::time_unit(e).is_some() || e.is(Cue::HalfLife);
    let before = at.checked_sub(1);
    let before_number = before.is_some_and(number);
    let before_time = before.and_then(|i| elements.get(i)).is_some_and(time);
    let skip = usize::from(elements.get(at + 1).is_some_and(|e| e.is(Cue::Or) || e.is(Cue::And)));
    let next = at + 1 + skip;
    let after_number = number(next);
    let after_time = elements.get(next + 1).is_some_and(time);
    before_number
        && after_number
        && elements
            .get(next + 1)
            .is_none_or(|e| !matches!(e.sense, Sense::Concept(Concept::DrugClass(_) | Concept::Drug(_))))
        || before_time && after_number && after_time
        || elements.get(at + 1).is_some_and(|e| e.is(Cue::Longer) || e.is(Cue::Shorter))
        || elements.get(at).is_some_and(|e| e.is_char('/')) && before_number
}

/// Members without a subject of their own belong to their neighbour: "signs or symptoms of", "active or untreated X".
fn join_headless(members: Vec<Vec<Element>>, connector: &Element) -> Vec<Vec<Element>> {
    let mut out: Vec<Vec<Element>> = Vec::new();
    let mut pending: Vec<Vec<Element>> = Vec::new();
    for member in members {
        if member.iter().all(is_neutral) {
            continue;
        }
        // An unknown word may be a subject that the lexicon does not hold.
        if has_head(&member) || member.iter().any(|e| e.sense == Sense::Word) {
            let head = member.iter().position(|e| is_head(e) || e.sense == Sense::Word).unwrap_or(0);
            let tail = member.get(head..).unwrap_or_default();
            let mut whole = Vec::new();
            for modifiers in std::mem::take(&mut pending) {
                if modifiers.iter().all(|e| is_modifier(e) || is_neutral(e)) {
                    // "Active or uncontrolled infection": each modifier with the noun.
                    out.push(modifiers.into_iter().chain(tail.iter().cloned()).collect());
                } else {
                    whole.extend(modifiers);
                    whole.push(connector.clone());
                }
            }
            whole.extend(member);
            out.push(whole);
        } else if out.is_empty() {
            pending.push(member);
        } else if let Some(last) = out.last_mut() {
            last.push(connector.clone());
            last.extend(member);
        }
    }
    if !pending.is_empty() {
        let rest: Vec<Element> = pending.into_iter().flatten().collect();
        match out.last_mut() {
            Some(last) => last.extend(rest),
            None => out.push(rest),
        }
    }
    out
}

/// What names metastases.
fn is_lesion(element: &Element) -> bool {
    matches!(element.sense, Sense::Concept(Concept::Site(_))) || element.is(Cue::MetastaticDisease)
}

/// Words that qualify a disease or a lesion.
fn is_modifier(element: &Element) -> bool {
    element.cue().is_some_and(|cue| {
        matches!(
            cue,
            Cue::Active
                | Cue::Uncontrolled
                | Cue::Controlled
                | Cue::Significant
                | Cue::Chronic
                | Cue::History
                | Cue::Suspected
                | Cue::Untreated
                | Cue::Unresolved
                | Cue::Prior
        )
    })
}

/// Whether an element can be the subject of a criterion.
pub fn is_head(element: &Element) -> bool {
    match element.sense {
        Sense::Concept(concept) => !matches!(concept, Concept::Unit(_)),
        Sense::Cue(cue) => matches!(
            cue,
            Cue::Ecog
                | Cue::Karnofsky
                | Cue::LifeExpectancy
                | Cue::Measurable
                | Cue::NonMeasurable
                | Cue::Pregnant
                | Cue::Breastfeeding
                | Cue::PregnancyTest
                | Cue::Her2
                | Cue::Er
                | Cue::Pr
                | Cue::Hr
                | Cue::Ar
                | Cue::PdL1
                | Cue::Ki67
                | Cue::TripleNegative
                | Cue::VisceralCrisis
                | Cue::Visceral
                | Cue::BoneOnly
                | Cue::MetastaticDisease
                | Cue::Advanced
                | Cue::LocallyAdvanced
                | Cue::EarlyStage
                | Cue::Recurrent
                | Cue::Steroids
                | Cue::Investigational
                | Cue::Contraception
                | Cue::Planned
                | Cue::Administrative
                | Cue::Postmenopausal
                | Cue::Premenopausal
                | Cue::Perimenopausal
                | Cue::Female
                | Cue::Male
                | Cue::Symptomatic
                | Cue::Line
                | Cue::ProgressiveDisease
                | Cue::CatchAll
                | Cue::Ihc
        ),
        _ => false,
    }
}

fn has_head(elements: &[Element]) -> bool {
    elements.iter().any(is_head)
}

/// "Major surgery, or trauma within 4 weeks of enrolment, or any fracture": a treatment without an interval of its own
/// takes that of the next member, so that it never counts for longer than the text may mean.
fn share_intervals(mut members: Vec<Vec<Element>>) -> Vec<Vec<Element>> {
    let time = |m: &[Element], at: usize| {
        matches!(m.get(at).map(|e| e.sense), Some(Sense::Number(_)))
            && m.get(at + 1).is_some_and(|e| crate::grammar::windows::time_unit(e).is_some() || e.is(Cue::HalfLife))
    };
    let timed = |m: &[Element]| (0..m.len()).find(|&at| time(m, at));
    for index in (0..members.len().saturating_sub(1)).rev() {
        let (Some(member), Some(next)) = (members.get(index), members.get(index + 1)) else { continue };
        let treatment = member.iter().rfind(|e| is_head(e)).is_some_and(|e| {
            matches!(e.sense, Sense::Concept(Concept::Procedure(_) | Concept::Drug(_) | Concept::DrugClass(_)))
        });
        let plain = member.iter().all(|e| is_head(e) || is_neutral(e) || e.is(Cue::Prior) || e.sense == Sense::Word);
        let Some(at) = timed(next) else { continue };
        if !treatment || !plain || timed(member).is_some() || !next.iter().take(at).any(is_head) {
            continue;
        }
        let mut start = at;
        while start > 0
            && next.get(start - 1).is_some_and(|e| e.is(Cue::Within) || matches!(e.sense, Sense::Compare(_)))
        {
            start -= 1;
        }
        let interval: Vec<Element> = next.get(start..).unwrap_or_default().to_vec();
        if start < at
            && let Some(member) = members.get_mut(index)
        {
            member.extend(interval);
        }
    }
    members
}

/// Gives every member the words before the first subject and those behind the last one, where it has none of its own.
fn share(members: &[Vec<Element>]) -> Vec<Vec<Element>> {
    let first_head = |m: &[Element]| m.iter().position(|e| is_head(e) || e.sense == Sense::Word);
    let last_head = |m: &[Element]| m.iter().rposition(|e| is_head(e) || e.sense == Sense::Word);
    let prefix: Vec<Element> = members
        .first()
        .and_then(|m| first_head(m).and_then(|h| m.get(..h)))
        .unwrap_or_default()
        .iter()
        .filter(|e| !is_neutral(e) || e.is(Cue::Received) || e.is(Cue::Receiving))
        .cloned()
        .collect();
    let suffix: Vec<Element> =
        members.last().and_then(|m| last_head(m).and_then(|h| m.get(h + 1..))).unwrap_or_default().to_vec();
    let suffix_means = suffix.iter().any(|e| !is_neutral(e));
    members
        .iter()
        .enumerate()
        .map(|(index, member)| {
            let mut out = Vec::with_capacity(prefix.len() + member.len() + suffix.len());
            // "Brain metastases either untreated or requiring steroids": the second speaks of the first's subject.
            let leans = index > 0 && member.iter().find(|e| !is_neutral(e)).is_some_and(|e| e.is(Cue::Requiring));
            if leans {
                out.extend(members.first().into_iter().flatten().filter(|e| is_lesion(e)).cloned());
            }
            let own_prefix =
                first_head(member).and_then(|h| member.get(..h)).is_some_and(|own| own.iter().any(|e| !is_neutral(e)));
            if index > 0 && !own_prefix {
                out.extend(prefix.iter().cloned());
            }
            out.extend(member.iter().cloned());
            let own_suffix = last_head(member)
                .and_then(|h| member.get(h + 1..))
                .is_some_and(|own| own.iter().any(|e| !is_neutral(e)));
            if index + 1 < members.len() && suffix_means && !own_suffix {
                out.extend(suffix.iter().cloned());
            }
            out
        })
        .collect()
}

/// Drops punctuation and connectors at both ends.
pub fn trim(elements: &[Element]) -> &[Element] {
    let idle = |e: &Element| {
        matches!(e.sense, Sense::Punctuation(c) if !matches!(c, '(' | ')' | '[' | ']' | '%'))
            || e.is(Cue::And)
            || e.is(Cue::Or)
    };
    let start = elements.iter().position(|e| !idle(e)).unwrap_or(elements.len());
    let end = elements.iter().rposition(|e| !idle(e)).map_or(start, |i| i + 1);
    let inner = elements.get(start..end.max(start)).unwrap_or_default();
    // A bracket around the whole.
    if inner.first().is_some_and(|e| e.is_char('('))
        && crate::criteria::reader::simplify::closing(inner, 0) + 1 == inner.len()
        && inner.len() > 2
    {
        return trim(inner.get(1..inner.len() - 1).unwrap_or_default());
    }
    inner
}

/// What follows a negation that opens the phrase.
fn negated(elements: &[Element]) -> Option<&[Element]> {
    let at = elements.iter().position(|e| !is_neutral(e))?;
    let first = elements.get(at)?;
    first.is(Cue::Not).then(|| elements.get(at + 1..).unwrap_or_default())
}
