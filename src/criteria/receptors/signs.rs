//! The signs of a receptor phrase: elements reduced to what receptor results are written with.

use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use crate::lexicon::biomarkers;
use crate::lexicon::concepts::Concept;

/// What a result is a result of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Oestrogen receptor.
    Er,
    /// Progesterone receptor.
    Pr,
    /// Oestrogen or progesterone receptor.
    Hr,
    /// Androgen receptor.
    Ar,
    /// Ki-67.
    Ki67,
    /// PD-L1.
    PdL1,
    /// PD-L1 combined positive score.
    Cps,
    /// PD-L1 tumour proportion score.
    Tps,
    /// PD-L1 on immune cells.
    Ic,
    /// HER2.
    Her2,
    /// ER, PR and HER2 negative.
    TripleNegative,
    /// Hormone receptor positive by its molecular name.
    Luminal,
}

/// A result in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Positive, overexpressed.
    Positive,
    /// Expressed, which is less than overexpressed.
    Expressed,
    /// Negative, not amplified.
    Negative,
    /// Low.
    Low,
    /// Ultralow.
    Ultralow,
    /// Equivocal.
    Equivocal,
    /// Not known.
    Unknown,
    /// Amplified.
    Amplified,
}

/// The unit of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Per cent of cells.
    Percent,
    /// An immunohistochemistry score with its plus sign.
    Score,
    /// Not written.
    None,
}

/// How two results are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// A comma.
    Comma,
    /// A slash.
    Slash,
    /// "and".
    And,
    /// "or".
    Or,
    /// "and/or".
    AndOr,
}

/// One sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// A receptor.
    Name(Name),
    /// A result in words.
    State(State),
    /// Immunohistochemistry.
    Ihc,
    /// In-situ hybridisation.
    Ish,
    /// Ratio or copy number of in-situ hybridisation.
    Ratio,
    /// An immunohistochemistry score.
    Score(u8),
    /// A bare number.
    Number(f64),
    /// A bound.
    Bound(Comparison, f64, Unit),
    /// From one figure to another, in per cent.
    Range(f64, f64),
    /// A connector.
    Link(Link),
    /// A hyphen between figures.
    Dash,
    /// "with".
    With,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// "defined as", "i.e.".
    Defined,
    /// "known", "documented".
    Known,
    /// "status".
    Status,
    /// "percentage of".
    Percentage,
    /// Faint staining.
    Faint,
    /// "no", "without".
    Not,
    /// "if", before a score of immunohistochemistry.
    If,
    /// A change of the gene, which is no matter of receptors.
    Gene,
    /// A word of the family without a meaning of its own.
    Noise,
    /// The tumour that has the receptor; read by others.
    Tumour,
    /// Anything else; read by others.
    Gap,
}

/// A sign with the elements that it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The sign.
    pub sign: Sign,
    /// Its first element.
    pub at: usize,
    /// One past its last element.
    pub end: usize,
}

/// Words that accompany receptor results and say nothing of their own.
const NOISE: &[&str] = &[
    "22c3",
    "28-8",
    "4b5",
    "above",
    "according",
    "adequate",
    "alerting",
    "allred",
    "american",
    "analysis",
    "antibody",
    "any",
    "approved",
    "archival",
    "asco",
    "assay",
    "assays",
    "assessable",
    "assessing",
    "average",
    "baseline",
    "below",
    "biopsied",
    "biopsies",
    "block",
    "cap",
    "cells",
    "centromere",
    "cep",
    "cep17",
    "characterised",
    "characterized",
    "chromogenic",
    "chromosome",
    "classification",
    "classified",
    "clinical",
    "collected",
    "college",
    "common",
    "done",
    "discrete",
    "verification",
    "further",
    "additional",
    "sufficient",
    "subsequent",
    "confirmatory",
    "confirmation",
    "considered",
    "copy",
    "core",
    "coverage",
    "cut",
    "cutoff",
    "cytoplasmic",
    "defined",
    "definition",
    "demonstrate",
    "demonstrated",
    "demonstrating",
    "document",
    "documentation",
    "dual",
    "embedded",
    "ffpe",
    "fixed",
    "following",
    "formalin",
    "found",
    "gene",
    "guideline",
    "hercept",
    "herceptest",
    "immunochemistry",
    "immunohistochemically",
    "immunoreactivity",
    "immunostaining",
    "intensity",
    "international",
    "interpretation",
    "invasive",
    "latest",
    "level",
    "light",
    "local",
    "locally",
    "locoregional",
    "manual",
    "materials",
    "megabase",
    "membrane",
    "metastatic-site",
    "method",
    "methodology",
    "methods",
    "microscopic",
    "moderate",
    "molecular",
    "most",
    "national",
    "nccn",
    "neu",
    "nuclear",
    "nuclei",
    "number",
    "oncologist",
    "oncology",
    "panel",
    "paraffin",
    "pathologist",
    "pathology",
    "per",
    "percent",
    "performed",
    "platform",
    "pretreatment",
    "primary",
    "probe",
    "prospective",
    "protocol",
    "re-biopsy",
    "rebiopsied",
    "rebiopsy",
    "recent",
    "recently",
    "receptor",
    "recommendation",
    "recommendations",
    "recommended",
    "report",
    "required",
    "resected",
    "resection",
    "result",
    "results",
    "review",
    "sample",
    "score",
    "section",
    "separate",
    "signal",
    "signals",
    "single",
    "site",
    "slide",
    "society",
    "sp142",
    "sp263",
    "specimen",
    "specimens",
    "staining",
    "standard",
    "status",
    "strong",
    "strongly",
    "subtype",
    "surgical",
    "test",
    "tested",
    "testing",
    "tissue",
    "tumor",
    "tumoral",
    "tumour",
    "unequivocal",
    "using",
    "utilized",
    "validated",
    "ve",
    "ventana",
    "weak",
    "whole",
];

/// The name that an element is.
pub fn name_of(element: &Element) -> Option<Name> {
    if let Sense::Concept(Concept::Biomarker(row)) = element.sense {
        // Longer wordings stand in the vocabulary of biomarkers: "PD-L1 CPS", "HER2 gene", "Ki-67 index".
        return match biomarkers::all().get(usize::from(row))?.id.as_str() {
            "PD-L1" if element.text.contains("cps") || element.text.contains("combined") => Some(Name::Cps),
            "PD-L1" => Some(Name::PdL1),
            "Ki-67" => Some(Name::Ki67),
            "ERBB2" => Some(Name::Her2),
            _ => None,
        };
    }
    Some(match element.cue()? {
        Cue::Er => Name::Er,
        Cue::Pr => Name::Pr,
        Cue::Hr => Name::Hr,
        Cue::Ar => Name::Ar,
        Cue::Ki67 => Name::Ki67,
        Cue::PdL1 => Name::PdL1,
        Cue::Cps => Name::Cps,
        Cue::Tps => Name::Tps,
        Cue::ImmuneCell => Name::Ic,
        Cue::Her2 => Name::Her2,
        Cue::TripleNegative => Name::TripleNegative,
        Cue::Luminal if element.text == "luminal" => Name::Luminal,
        _ => return None,
    })
}

fn state_of(element: &Element) -> Option<State> {
    Some(match element.cue()? {
        Cue::Positive if matches!(element.text.as_str(), "expression" | "expressing") => State::Expressed,
        Cue::Positive => State::Positive,
        Cue::Negative => State::Negative,
        Cue::Low => State::Low,
        Cue::Ultralow => State::Ultralow,
        Cue::Equivocal => State::Equivocal,
        Cue::UnknownStatus => State::Unknown,
        Cue::Amplified => State::Amplified,
        _ => return None,
    })
}

/// Reduces the elements of a phrase to signs; claimed elements are gaps.
pub fn signs(phrase: &Phrase) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::with_capacity(phrase.len());
    let mut at = 0;
    while let Some(element) = phrase.get(at) {
        if phrase.is_used(at) {
            out.push(Placed { sign: Sign::Gap, at, end: at + 1 });
            at += 1;
            continue;
        }
        if element.is(Cue::Hr)
            && let Some(link) = pair(&element.text)
        {
            for sign in [Sign::Name(Name::Er), Sign::Link(link), Sign::Name(Name::Pr)] {
                out.push(Placed { sign, at, end: at + 1 });
            }
            at += 1;
            continue;
        }
        let single = element.text == "single";
        let (sign, end) = (!single)
            .then(|| figures(phrase, at))
            .flatten()
            .unwrap_or_else(|| (one(phrase, at, element, &out), at + 1));
        out.push(Placed { sign, at, end });
        at = end;
    }
    deny_expression(phrase, &mut out);
    out
}

/// "Absence of HER2, ER and PR expression" is negative for each of them.
fn deny_expression(phrase: &Phrase, signs: &mut [Placed]) {
    for index in 0..signs.len() {
        let denies = signs.get(index).is_some_and(|p| {
            p.sign == Sign::Not
                && phrase.get(p.at).is_some_and(|e| {
                    ["absence", "lack", "no ", "without", "the absence"].iter().any(|w| e.text.starts_with(w))
                        || e.text == "no"
                })
        });
        if !denies {
            continue;
        }
        let state = (index + 1..signs.len()).find(|i| {
            signs.get(*i).is_some_and(|p| {
                !matches!(p.sign, Sign::Name(_) | Sign::Link(_) | Sign::Noise | Sign::Open | Sign::Close | Sign::Ihc)
            })
        });
        let named = signs
            .get(index + 1..state.unwrap_or(0))
            .is_some_and(|between| between.iter().any(|p| matches!(p.sign, Sign::Name(_))));
        if let (true, Some(state)) = (named, state)
            && let Some(placed) = signs.get_mut(state)
            && matches!(placed.sign, Sign::State(State::Expressed | State::Positive))
        {
            placed.sign = Sign::State(State::Negative);
            if let Some(not) = signs.get_mut(index) {
                not.sign = Sign::Noise;
            }
        }
    }
}

/// "er and/or pr" is one cue; it is two receptors and a connector.
fn pair(text: &str) -> Option<Link> {
    let second = text.contains("pr") || text.contains("pgr") || text.contains("progesterone");
    if !second {
        return None;
    }
    let or = text.split(' ').any(|w| w == "or");
    let and = text.split(' ').any(|w| w == "and");
    Some(match (and, or) {
        (true, true) => Link::AndOr,
        (false, true) => Link::Or,
        (true, false) => Link::And,
        _ => Link::Slash,
    })
}

fn is_percent(element: &Element) -> bool {
    element.is_char('%') || matches!(element.text.as_str(), "%" | "percent" | "per cent")
}

/// "Allred score of 3 or more": positive by that score, whose cut-off is 3 (College of American Pathologists).
fn allred(phrase: &Phrase, at: usize) -> Option<(Sign, usize)> {
    if !phrase.get(at)?.text.contains("allred") {
        return None;
    }
    let mut next = at + 1;
    while phrase
        .get(next)
        .is_some_and(|e| e.is(Cue::Filler) || matches!(e.text.as_str(), "score" | "scoring" | "system" | "quick"))
    {
        next += 1;
    }
    let value = |i: usize| match phrase.sense(i) {
        Some(Sense::Number(n)) if !phrase.is_used(i) => Some(n),
        _ => None,
    };
    let (comparison, score, end) = match phrase.sense(next)? {
        Sense::Compare(comparison) => (comparison, value(next + 1)?, next + 2),
        Sense::Number(n) => match phrase.get(next + 1).and_then(Element::cue) {
            Some(Cue::OrMore) => (Comparison::GreaterEqual, n, next + 2),
            Some(Cue::OrLess) => (Comparison::LessEqual, n, next + 2),
            _ => {
                let high =
                    phrase.get(next + 1).filter(|e| e.is_char('-') || e.text == "to").and_then(|_| value(next + 2))?;
                match (n, high) {
                    (3.0, 8.0) => (Comparison::GreaterEqual, 3.0, next + 3),
                    (0.0, 2.0) => (Comparison::LessEqual, 2.0, next + 3),
                    _ => return None,
                }
            }
        },
        _ => return None,
    };
    let state = match (comparison, score) {
        (Comparison::GreaterEqual, 3.0) | (Comparison::Greater, 2.0) => State::Positive,
        (Comparison::Less, 3.0) | (Comparison::LessEqual, 2.0) => State::Negative,
        _ => return None,
    };
    Some((Sign::State(state), end))
}

/// Numbers with their comparisons and units.
fn figures(phrase: &Phrase, at: usize) -> Option<(Sign, usize)> {
    if let Some(allred) = allred(phrase, at) {
        return Some(allred);
    }
    let value = |i: usize| match phrase.sense(i) {
        Some(Sense::Number(n)) if !phrase.is_used(i) => Some((n, Unit::None)),
        Some(Sense::Score(n)) if !phrase.is_used(i) => Some((f64::from(n), Unit::Score)),
        _ => None,
    };
    let percent = |i: usize| phrase.get(i).is_some_and(is_percent);
    match phrase.sense(at)? {
        Sense::Compare(comparison) => {
            let mut next = at + 1;
            while phrase.get(next).is_some_and(|e| e.is(Cue::Filler) && matches!(e.text.as_str(), "of" | "a" | "to")) {
                next += 1;
            }
            let (n, unit) = value(next)?;
            let unit = if percent(next + 1) { Unit::Percent } else { unit };
            Some((Sign::Bound(comparison, n, unit), next + 1 + usize::from(unit == Unit::Percent)))
        }
        Sense::Cue(Cue::Between) => {
            let (low, _) = value(at + 1)?;
            let mut next = at + 2 + usize::from(percent(at + 2));
            next += usize::from(phrase.get(next).is_some_and(|e| e.is(Cue::And) || e.text == "to" || e.is_char('-')));
            let (high, _) = value(next)?;
            percent(next + 1).then_some((Sign::Range(low, high), next + 2))
        }
        Sense::Score(n) => Some((Sign::Score(n), at + 1)),
        Sense::Number(n) => {
            let has_percent = percent(at + 1);
            let end = at + 1 + usize::from(has_percent);
            let joins = phrase.get(end).is_some_and(|e| e.is_char('-') || e.text == "to" || e.text == "up to");
            if joins
                && let Some((high, _)) = value(end + 1)
                && percent(end + 2)
            {
                return Some((Sign::Range(n, high), end + 3));
            }
            let unit = if has_percent { Unit::Percent } else { Unit::None };
            let bound = phrase.get(end).and_then(|e| match e.cue() {
                Some(Cue::OrMore) => Some(Comparison::GreaterEqual),
                Some(Cue::OrLess) => Some(Comparison::LessEqual),
                _ => None,
            });
            Some(match bound {
                Some(comparison) => (Sign::Bound(comparison, n, unit), end + 1),
                None if has_percent => (Sign::Bound(Comparison::Equal, n, Unit::Percent), end),
                None => (Sign::Number(n), end),
            })
        }
        _ => None,
    }
}

fn one(phrase: &Phrase, at: usize, element: &Element, before: &[Placed]) -> Sign {
    if let Some(name) = name_of(element) {
        return Sign::Name(name);
    }
    if let Some(state) = state_of(element) {
        return Sign::State(state);
    }
    let text = element.text.as_str();
    match text {
        "percentage" | "proportion" => return Sign::Percentage,
        "single" | "dual" => return Sign::Noise,
        _ => {}
    }
    match element.sense {
        Sense::Cue(cue) => match cue {
            Cue::Ihc => Sign::Ihc,
            Cue::Ish => Sign::Ish,
            Cue::And => Sign::Link(Link::And),
            Cue::Or if text.contains("and") => Sign::Link(Link::AndOr),
            Cue::Or => Sign::Link(Link::Or),
            Cue::With => Sign::With,
            Cue::Not => Sign::Not,
            Cue::Including => Sign::Defined,
            // "FISH positive if IHC 2+", "if FISH is performed".
            Cue::If if about_score(phrase, at) => Sign::If,
            Cue::Mutation | Cue::WildType | Cue::Germline | Cue::Somatic => Sign::Gene,
            // "by current ASCO/CAP guidelines".
            Cue::Active
                if phrase
                    .get(at + 1)
                    .is_some_and(|e| e.text.starts_with("asco") || e.text.starts_with("american society")) =>
            {
                Sign::Noise
            }
            Cue::Receiving if text == "on" && phrase.get(at + 1).is_some_and(|e| e.is(Cue::ImmuneCell)) => Sign::Noise,
            Cue::Filler => filler(text),
            Cue::Staining | Cue::Normal | Cue::Must => Sign::Noise,
            _ => Sign::Gap,
        },
        Sense::Punctuation(c) => match c {
            '/' => Sign::Link(Link::Slash),
            ',' | ';' => Sign::Link(Link::Comma),
            '(' | '[' => Sign::Open,
            ')' | ']' => Sign::Close,
            '-' | '–' => Sign::Dash,
            ':' => Sign::Defined,
            _ => Sign::Noise,
        },
        Sense::Word => word(phrase, at, text, before),
        Sense::Concept(Concept::Cancer(_)) => Sign::Tumour,
        Sense::Concept(Concept::Unit(_)) => Sign::Noise,
        _ => Sign::Gap,
    }
}

/// Whether what follows a condition is a score of immunohistochemistry: "if IHC is 2+", "if 2+".
fn about_score(phrase: &Phrase, at: usize) -> bool {
    (at + 1..phrase.len()).take(3).any(|i| {
        phrase.get(i).is_some_and(|e| e.is(Cue::Ihc))
            || matches!(phrase.sense(i), Some(Sense::Score(2) | Sense::Cue(Cue::Equivocal)))
    })
}

fn filler(text: &str) -> Sign {
    match text {
        "status" => Sign::Status,
        t if t.contains("defined") => Sign::Defined,
        t if t.contains("known") || t == "identified" => Sign::Known,
        "documented" => Sign::Known,
        _ => Sign::Noise,
    }
}

fn word(phrase: &Phrase, at: usize, text: &str, before: &[Placed]) -> Sign {
    match text {
        "ratio" => Sign::Ratio,
        "copy" => Sign::Ratio,
        "faint" | "faintly" | "barely" => Sign::Faint,
        // The hyphen of "ER-ve" is a join of words; the plus sign of "ER+ve" stands on its own.
        "ve" if !matches!(before.last().map(|p| p.sign), Some(Sign::State(_))) => Sign::State(State::Negative),
        // "IHC2+" is one word and a plus sign.
        "ihc0" => Sign::Score(0),
        "ihc1" | "ihc2" | "ihc3" if phrase.get(at + 1).is_some_and(|e| e.is_char('+') || e.text == "+") => {
            Sign::Score(text.bytes().last().map_or(0, |b| b.saturating_sub(b'0')))
        }
        t if NOISE.contains(&t) => Sign::Noise,
        _ => Sign::Gap,
    }
}
