//! How genes and markers are written: a name or several, a state before or behind them, origin, variant, figure.

use super::{AskedOrigin, Biomarker, State, fold_variant};
use crate::criteria::atom::Atom;
use crate::criteria::decimal::Decimal;
use crate::criteria::open_fact::named;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Named, Phrase};
use crate::lexicon::biomarkers::{self, BiomarkerKind};
use crate::lexicon::concepts::Concept;

/// Words that accompany results and say nothing of their own.
const NOISE: &[&str] = &[
    "actionable",
    "allele",
    "analysis",
    "approved",
    "archival",
    "assay",
    "available",
    "binding",
    "biopsy",
    "blood",
    "cell",
    "central",
    "certified",
    "clia",
    "cobas",
    "commercially",
    "confirmed",
    "ctdna",
    "detected",
    "detection",
    "dna",
    "documentation",
    "domain",
    "evidenced",
    "fda",
    "found",
    "free",
    "gene",
    "genomic",
    "hot",
    "hotspot",
    "identified",
    "laboratory",
    "ligand",
    "liquid",
    "local",
    "mb",
    "megabase",
    "molecular",
    "mut",
    "next",
    "ngs",
    "nucleotide",
    "panel",
    "per",
    "plasma",
    "point",
    "profiling",
    "report",
    "result",
    "results",
    "sample",
    "sequencing",
    "single",
    "snv",
    "solid",
    "specimen",
    "spot",
    "suspected",
    "test",
    "tested",
    "testing",
    "tissue",
    "tumor",
    "tumoral",
    "valid",
    "validated",
    "written",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Link {
    And,
    Or,
    Comma,
    Slash,
}

/// Genes that share a state.
#[derive(Clone, Debug, Default)]
struct Segment {
    rows: Vec<u16>,
    inner: Vec<Link>,
    link: Option<Link>,
    before: Vec<State>,
    after: Vec<State>,
    germline: bool,
    somatic: bool,
    known: bool,
    status: bool,
    variants: Vec<String>,
    bound: Option<(Comparison, Decimal)>,
    places: Vec<usize>,
    joints: Vec<usize>,
    gap: bool,
}

/// The rows that an element names, and what its wording says besides.
fn gene(phrase: &Phrase, at: usize) -> Option<(Vec<u16>, Segment)> {
    let element = phrase.get(at).filter(|_| !phrase.is_used(at))?;
    let mut said = Segment::default();
    let row = match element.sense {
        Sense::Concept(Concept::Biomarker(row)) => row,
        Sense::Cue(Cue::Her2) if is_gene_of_her2(phrase, at) => biomarkers::by_name("ERBB2")? as u16,
        _ => return None,
    };
    let entry = biomarkers::all().get(usize::from(row))?;
    if matches!(entry.id.as_str(), "PD-L1" | "Ki-67" | "ctDNA") || entry.kind == BiomarkerKind::Receptor {
        return None;
    }
    let text = element.text.as_str();
    said.germline = text.starts_with("gbrca") || text.contains("germline");
    said.somatic = text.starts_with("sbrca") || text.starts_with("tbrca") || text.contains("somatic");
    let has = |word: &str| text.contains(word);
    if entry.kind == BiomarkerKind::Gene {
        let mutated = ["mutation", "mutant", "alteration", "fusion", "rearrangement", "translocation", "brcam"]
            .iter()
            .any(|w| has(w));
        if mutated {
            said.after.push(State::Altered);
        }
        // "KRAS G12C": a row of its own in the vocabulary; a gene and its variant in a profile.
        if let Some((name, variant)) = entry.id.split_once(' ')
            && let Some(base) = biomarkers::by_name(name)
            && variant.chars().any(|c| c.is_ascii_digit())
        {
            said.variants.push(fold_variant(variant));
            said.after.push(State::Altered);
            return Some((vec![base as u16], said));
        }
    } else if has("stable") || has("stability") || has("proficient") || has("pmmr") || text == "mss" {
        said.after.push(State::Stable);
    } else if has("high") || has("msi h") || has("tmb h") || has("msi-h") || has("tmb-h") {
        said.after.push(State::High);
    } else if has("deficien") || has("positive") || text == "dmmr" || text == "mmrd" {
        said.after.push(State::Positive);
    }
    let rows = if entry.members.is_empty() {
        vec![row]
    } else {
        entry.members.iter().filter_map(|m| biomarkers::by_name(m)).map(|r| r as u16).collect()
    };
    Some((rows, said))
}

/// "HER2 mutation", "activating mutation of HER2": the gene, not the receptor.
fn is_gene_of_her2(phrase: &Phrase, at: usize) -> bool {
    let mutation = |e: &Element| e.is(Cue::Mutation) || e.is(Cue::WildType);
    let thing =
        |e: &Element| e.is(Cue::Filler) || e.is_char('(') || e.is_char(')') || e.is(Cue::Her2) || e.text == "gene";
    let behind = (at + 1..phrase.len()).find(|i| !phrase.get(*i).is_some_and(thing));
    let ahead = (0..at).rev().find(|i| !phrase.get(*i).is_some_and(thing));
    let is = |i: Option<usize>| i.and_then(|i| phrase.get(i)).is_some_and(mutation);
    let stated = |i: Option<usize>| {
        i.and_then(|i| phrase.get(i)).is_some_and(|e| e.is(Cue::Positive) || e.is(Cue::Negative) || e.is(Cue::Ihc))
    };
    is(behind) || is(ahead) && !stated(behind)
}

fn state(element: &Element) -> Option<State> {
    Some(match element.cue()? {
        Cue::Mutation => State::Altered,
        Cue::WildType => State::WildType,
        Cue::Amplified => State::Amplified,
        Cue::Positive => State::Positive,
        Cue::Negative if matches!(element.text.as_str(), "not amplified" | "unamplified" | "non amplified") => {
            return None;
        }
        Cue::Negative => State::Negative,
        Cue::High => State::High,
        Cue::Low => State::Low,
        Cue::Stable => State::Stable,
        _ => return None,
    })
}

/// A protein change: a letter, figures, a letter.
fn variant(text: &str) -> Option<String> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let rest: String = letters.collect();
    let figures = rest.chars().take_while(char::is_ascii_digit).count();
    let tail: String = rest.chars().skip(figures).collect();
    let fits = first.is_ascii_alphabetic()
        && (2..=4).contains(&figures)
        && (tail.len() == 1 && tail.chars().all(|c| c.is_ascii_alphabetic())
            || matches!(tail.as_str(), "fs" | "del" | "x"));
    fits.then(|| text.to_owned())
}

#[derive(Default)]
struct Reader {
    done: Vec<Segment>,
    current: Option<Segment>,
    /// Signs since the last that was placed.
    pending: Vec<usize>,
    link: Option<Link>,
    lead: Segment,
    gap: bool,
}

impl Reader {
    fn close(&mut self) {
        self.done.extend(self.current.take());
    }

    fn break_off(&mut self) {
        if let Some(current) = &mut self.current {
            current.places.append(&mut self.pending);
        }
        self.close();
        self.pending.clear();
        self.link = None;
        self.lead = Segment::default();
        self.gap = true;
    }

    fn gene(&mut self, at: usize, rows: Vec<u16>, said: Segment) {
        let led = !self.lead.before.is_empty() || self.lead.germline || self.lead.somatic;
        let joins = self.current.as_ref().is_some_and(|c| c.after.is_empty() && c.bound.is_none() && !led);
        if joins && let Some(current) = &mut self.current {
            current.places.append(&mut self.pending);
            current.places.push(at);
            // "the breast cancer gene (BRCA)": the same gene again is no second one.
            if let Some(link) = self.link.take() {
                current.inner.push(link);
            }
            current.absorb(rows, said);
            return;
        }
        self.close();
        let mut segment = std::mem::take(&mut self.lead);
        segment.link = self.link.take();
        segment.gap = self.gap;
        segment.joints = std::mem::take(&mut self.pending);
        segment.places.push(at);
        segment.absorb(rows, said);
        self.gap = false;
        self.current = Some(segment);
    }

    /// Whether a gene follows behind words of the family.
    fn leads(phrase: &Phrase, at: usize) -> bool {
        (at + 1..phrase.len())
            .find(|i| {
                !phrase.get(*i).is_some_and(|e| {
                    state(e).is_some()
                        || e.is(Cue::Filler)
                        || e.is(Cue::Germline)
                        || e.is(Cue::Somatic)
                        || e.is(Cue::Suspected)
                        || e.is(Cue::With)
                        || NOISE.contains(&e.text.as_str())
                        || e.is(Cue::Or)
                        || e.is_char('/')
                        || e.is_char('(')
                })
            })
            .is_some_and(|i| gene(phrase, i).is_some())
    }

    fn place(&mut self, at: usize, change: impl FnOnce(&mut Segment, bool)) {
        let ahead = self.current.is_none();
        let target = if ahead { &mut self.lead } else { self.current.get_or_insert_default() };
        target.places.append(&mut self.pending);
        target.places.push(at);
        self.link = None;
        change(target, ahead);
    }
}

impl Segment {
    fn absorb(&mut self, rows: Vec<u16>, said: Segment) {
        self.rows.extend(rows.into_iter().filter(|r| !self.rows.contains(r)).collect::<Vec<_>>());
        self.after.extend(said.after);
        self.variants.extend(said.variants);
        self.germline |= said.germline;
        self.somatic |= said.somatic;
    }

    fn kind(&self) -> BiomarkerKind {
        self.rows.first().and_then(|r| biomarkers::all().get(usize::from(*r))).map_or(BiomarkerKind::Gene, |r| r.kind)
    }

    fn state(&self) -> Option<State> {
        let said = self.before.iter().chain(&self.after);
        let gene = self.kind() == BiomarkerKind::Gene;
        let mut found = None;
        for state in said {
            let state = match state {
                State::Positive if gene => State::Altered,
                State::Negative if gene => State::WildType,
                State::Altered if !gene => State::Positive,
                other => *other,
            };
            // "mutation positive", "gene amplification, altered": the word that says most counts.
            found = Some(match (found, state) {
                (None, s) => s,
                (Some(State::Altered), s @ (State::WildType | State::Amplified)) => s,
                (Some(State::Positive), s @ (State::High | State::Low | State::Negative)) => s,
                (Some(s), _) => s,
            });
        }
        if found.is_none() && self.bound.is_some() {
            found = Some(State::High);
        }
        let mutation_status = self.before.iter().chain(&self.after).all(|s| *s == State::Altered);
        if self.known && self.status && mutation_status && self.bound.is_none() {
            found = Some(State::Known);
        }
        found
    }

    fn requirement(&self) -> Option<Requirement> {
        let state = self.state()?;
        let origin = match (self.germline, self.somatic) {
            (true, false) => Some(AskedOrigin::Germline),
            (false, true) => Some(AskedOrigin::Somatic),
            _ => None,
        };
        let mut variants = self.variants.clone();
        variants.sort();
        variants.dedup();
        let atom = |mut rows: Vec<u16>| {
            rows.sort_unstable();
            Requirement::Atom(Atom::Biomarker(Biomarker {
                any_of: rows,
                state,
                origin,
                variants: variants.clone(),
                bound: self.bound.filter(|_| self.kind() == BiomarkerKind::Marker),
            }))
        };
        let both = self.inner.contains(&Link::And) && !self.inner.iter().any(|l| matches!(l, Link::Or | Link::Slash));
        let down = matches!(state, State::WildType | State::Negative);
        if both && !down && self.rows.len() == self.inner.len() + 1 {
            return Some(Requirement::all(self.rows.iter().map(|r| atom(vec![*r])).collect()));
        }
        Some(atom(self.rows.clone()))
    }
}

fn cut(phrase: &Phrase) -> Vec<Segment> {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(element) = phrase.get(at) {
        if phrase.is_used(at) {
            reader.break_off();
            at += 1;
            continue;
        }
        if let Some((rows, said)) = gene(phrase, at) {
            reader.gene(at, rows, said);
            at += 1;
            continue;
        }
        at = step(&mut reader, phrase, at, element);
    }
    reader.break_off();
    reader.done
}

fn step(reader: &mut Reader, phrase: &Phrase, at: usize, element: &Element) -> usize {
    let text = element.text.as_str();
    let marker = reader.current.as_ref().is_some_and(|c| c.kind() == BiomarkerKind::Marker);
    let hla = reader.current.as_ref().is_some_and(|c| c.kind() == BiomarkerKind::Hla);
    let done = reader.current.as_ref().is_some_and(|c| !c.after.is_empty() || !c.before.is_empty());
    // "10 mutations per megabase": a unit.
    let unit = marker && element.is(Cue::Mutation) && at.checked_sub(1).is_some_and(|i| phrase.is_number(i));
    // The protein of a gene may be expressed where the gene is not altered.
    let protein = element.is(Cue::Positive) && text.contains("express") && !marker && !hla;
    if protein {
        reader.break_off();
        return at + 1;
    }
    // "... to have the alteration": the one that was named.
    if element.is(Cue::Mutation)
        && reader.current.is_none()
        && at
            .checked_sub(1)
            .and_then(|i| phrase.get(i))
            .is_some_and(|e| matches!(e.text.as_str(), "the" | "this" | "such"))
        && !phrase.elements.iter().skip(at + 1).any(|e| matches!(e.sense, Sense::Concept(Concept::Biomarker(_))))
        && let Some(last) = reader.done.last_mut()
    {
        last.places.push(at);
        return at + 1;
    }
    if let Some(state) = state(element).filter(|_| !unit) {
        let next_leads = done && Reader::leads(phrase, at) && reader.link.is_some();
        let foreign = done && reader.link == Some(Link::And);
        if next_leads {
            let link = reader.link;
            let joints = std::mem::take(&mut reader.pending);
            reader.close();
            reader.lead =
                Segment { before: vec![state], places: vec![at], joints: joints.clone(), ..Segment::default() };
            reader.link = link;
            reader.lead.places.extend(joints);
        } else if reader.current.is_some() && !foreign || reader.current.is_none() && Reader::leads(phrase, at) {
            reader.place(
                at,
                |segment, ahead| {
                    if ahead { segment.before.push(state) } else { segment.after.push(state) }
                },
            );
        } else {
            reader.break_off();
        }
        return at + 1;
    }
    let ahead_or_here = reader.current.is_some() || Reader::leads(phrase, at);
    match element.sense {
        Sense::Cue(Cue::Germline) if ahead_or_here => reader.place_origin(phrase, at, true),
        Sense::Cue(Cue::Somatic) if ahead_or_here => reader.place_origin(phrase, at, false),
        Sense::Cue(Cue::Suspected) if ahead_or_here => reader.place(at, |_, _| {}),
        Sense::Cue(Cue::Filler) | Sense::Cue(Cue::With) => {
            if text.contains("status")
                && let Some(current) = &mut reader.current
            {
                current.status = true;
            }
            if text.contains("known") || text.contains("identified") || text.contains("documented") {
                let target = reader.current.as_mut().unwrap_or(&mut reader.lead);
                target.known = true;
            }
            reader.pending.push(at);
        }
        Sense::Cue(Cue::And) => reader.join(at, Link::And),
        Sense::Cue(Cue::Or) => reader.join(at, Link::Or),
        Sense::Punctuation(',') => reader.join(at, Link::Comma),
        Sense::Punctuation('/') => reader.join(at, Link::Slash),
        Sense::Punctuation(_) | Sense::Cue(Cue::Staining) | Sense::Concept(Concept::Unit(_)) => reader.pending.push(at),
        Sense::Cue(Cue::Ihc) | Sense::Score(_) if marker => reader.place(at, |_, _| {}),
        Sense::Number(_) if marker && phrase.is_score_range(at) => reader.place(at, |_, _| {}),
        Sense::Compare(comparison) if marker || hla => {
            let Some(Sense::Number(n)) = phrase.sense(at + 1) else {
                reader.break_off();
                return at + 1;
            };
            reader.place(at, |segment, _| {
                segment.places.push(at + 1);
                segment.bound = Some((comparison, Decimal::new(n)));
            });
            return at + 2;
        }
        Sense::Number(n) if marker && phrase.get(at + 1).is_some_and(|e| e.is(Cue::OrMore)) => {
            reader.place(at, |segment, _| {
                segment.places.push(at + 1);
                segment.bound = Some((Comparison::GreaterEqual, Decimal::new(n)));
            });
            return at + 2;
        }
        _ if unit && ahead_or_here => reader.place(at, |_, _| {}),
        Sense::Concept(Concept::Biomarker(row)) if is_dna(row) && reader.current.is_some() => {
            reader.place(at, |_, _| {})
        }
        _ if NOISE.contains(&text) && ahead_or_here => reader.pending.push(at),
        Sense::Word if reader.current.is_some() && variant(text).is_some() => {
            let variant = fold_variant(text);
            reader.place(at, |segment, _| segment.variants.push(variant));
        }
        _ => reader.break_off(),
    }
    at + 1
}

fn is_dna(row: u16) -> bool {
    biomarkers::all().get(usize::from(row)).is_some_and(|r| r.id == "ctDNA")
}

impl Reader {
    fn join(&mut self, at: usize, link: Link) {
        let stronger = match (self.link, link) {
            (Some(Link::Or), _) | (_, Link::Or) => Link::Or,
            (Some(Link::And), _) | (_, Link::And) => Link::And,
            (Some(before), Link::Comma) => before,
            (_, link) => link,
        };
        self.link = Some(stronger);
        self.pending.push(at);
    }

    /// "germline" belongs to the gene behind it where the gene before it has its state already.
    fn place_origin(&mut self, phrase: &Phrase, at: usize, germline: bool) {
        let done = self.current.as_ref().is_some_and(|c| !c.after.is_empty());
        if done && self.link.is_some() && Self::leads(phrase, at) {
            let link = self.link;
            let joints = std::mem::take(&mut self.pending);
            self.close();
            self.lead.places.extend(joints);
            self.link = link;
            self.lead.places.push(at);
            self.lead.germline |= germline;
            self.lead.somatic |= !germline;
            return;
        }
        self.place(at, |segment, _| {
            segment.germline |= germline;
            segment.somatic |= !germline;
        });
    }
}

impl Phrase {
    fn is_number(&self, at: usize) -> bool {
        matches!(self.sense(at), Some(Sense::Number(_)))
    }

    /// "2 to 3+": an intensity of staining.
    fn is_score_range(&self, at: usize) -> bool {
        self.get(at + 1).is_some_and(|e| e.is_char('-') || e.text == "to")
            && matches!(self.sense(at + 2), Some(Sense::Score(_)))
    }
}

/// "Alteration of the PI3K pathway": where the phrase does not list the genes, more of them count than the usual ones, so
/// that the usual ones unaltered settle nothing.
fn open_pathway(phrase: &Phrase) -> Option<(usize, String)> {
    let row = |at: usize| match phrase.sense(at) {
        Some(Sense::Concept(Concept::Biomarker(row))) => biomarkers::all().get(usize::from(row)),
        _ => None,
    };
    let (at, entry) = (0..phrase.len()).find_map(|at| Some((at, row(at).filter(|r| !r.members.is_empty())?)))?;
    let text = phrase.get(at).map(|e| e.text.as_str())?;
    let pathway = text.strip_suffix(" alteration").unwrap_or(text);
    let listed = (0..phrase.len()).filter_map(row).any(|r| entry.members.contains(&r.id));
    (pathway.ends_with("pathway") && !listed).then(|| (at, pathway.to_owned()))
}

/// Reads the genes and markers of a phrase; claims them and what joins them.
pub(super) fn read(phrase: &mut Phrase) -> Option<Requirement> {
    let may = phrase.names(Named::Biomarker) || phrase.holds_cue(Cues::of(&[Cue::Her2]));
    if !may || !(0..phrase.len()).any(|at| gene(phrase, at).is_some()) {
        return None;
    }
    let segments = cut(phrase);
    // Alternatives that others read in part cannot be joined here.
    if segments.iter().skip(1).any(|s| s.gap && s.link == Some(Link::Or)) {
        return None;
    }
    let or = segments.iter().any(|s| matches!(s.link, Some(Link::Or | Link::Slash)));
    let pathway = open_pathway(phrase);
    let mut members: Vec<Requirement> = Vec::new();
    for segment in &segments {
        let Some(mut requirement) = segment.requirement() else { continue };
        if let Some((at, name)) = &pathway
            && segment.places.contains(at)
            && segment.state() == Some(State::Altered)
        {
            requirement = Requirement::any(vec![requirement, named(&format!("other {name} alteration"))]);
        }
        segment.places.iter().for_each(|at| phrase.claim(*at));
        if !members.is_empty() {
            segment.joints.iter().for_each(|at| phrase.claim(*at));
        }
        members.push(requirement);
    }
    match members.len() {
        0 => None,
        _ if or => Some(Requirement::any(members)),
        _ => Some(Requirement::all(members)),
    }
}
