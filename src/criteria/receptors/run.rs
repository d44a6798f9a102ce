//! A run of receptors: cut into results of one receptor or of several that share a state, then joined as its
//! connectors say.

use super::signs::{Link, Name, Placed, Sign, State, Unit, signs};
use super::{Test, Which, atom, join};
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::Cue;
use crate::grammar::phrase::{Cues, Named, Phrase};

/// Cues that may name a receptor.
const NAMES: Cues = Cues::of(&[
    Cue::Er,
    Cue::Pr,
    Cue::Hr,
    Cue::Ar,
    Cue::Ki67,
    Cue::PdL1,
    Cue::Cps,
    Cue::Tps,
    Cue::ImmuneCell,
    Cue::Her2,
    Cue::TripleNegative,
    Cue::Luminal,
]);

/// Receptors that share a result, with the signs of that result.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    /// The receptors, each with its connector to the one before.
    pub names: Vec<(Name, Option<Link>)>,
    /// The result, in the order of the text.
    pub signs: Vec<Sign>,
    /// How many brackets are open around it.
    pub depth: usize,
    /// How it is joined to the segment before.
    pub link: Option<Link>,
    /// Whether it defines the segment before.
    pub defines: bool,
    /// Whether words that belong to others stand before it.
    pub apart: bool,
    /// Whether it speaks of the gene.
    gene: bool,
    /// Whether its result stands before its receptors ("negative for ER, PR and HER2").
    led: bool,
    /// The elements of it.
    places: Vec<usize>,
    /// The elements that join it to the segment before.
    joints: Vec<usize>,
}

impl Segment {
    fn has_result(&self) -> bool {
        matches!(self.names.first(), Some((Name::TripleNegative | Name::Luminal, _)))
            || self.signs.iter().any(|s| {
                matches!(
                    s,
                    Sign::State(_)
                        | Sign::Bound(..)
                        | Sign::Range(..)
                        | Sign::Score(_)
                        | Sign::Number(_)
                        | Sign::Percentage
                )
            })
    }

    /// Whether all its receptors fit.
    pub fn only(&self, fits: impl Fn(Name) -> bool) -> bool {
        self.names.iter().all(|(n, _)| fits(*n))
    }

    /// Whether one of its receptors is this.
    pub fn has(&self, name: Name) -> bool {
        self.names.iter().any(|(n, _)| *n == name)
    }
}

#[derive(Default)]
struct Cutter {
    done: Vec<Segment>,
    current: Option<Segment>,
    pending: Vec<Placed>,
    prefix: Vec<Placed>,
    depth: usize,
    apart: bool,
}

/// Whether a name follows behind words without meaning, links of states, and other states.
fn name_follows(all: &[Placed], from: usize) -> bool {
    all.get(from..)
        .unwrap_or_default()
        .iter()
        .find(|p| !matches!(p.sign, Sign::Noise | Sign::State(_) | Sign::Status | Sign::Open))
        .is_some_and(|p| matches!(p.sign, Sign::Name(_)))
}

impl Cutter {
    fn close(&mut self) {
        if let Some(segment) = self.current.take() {
            self.done.push(segment);
        }
    }

    fn gap(&mut self) {
        // Trailing words of the family belong to the result that they follow.
        // "If IHC has not been done" ends a result.
        let conditional = self.pending.iter().any(|p| p.sign == Sign::If);
        let trailing: Vec<usize> = self
            .pending
            .iter()
            .take_while(|p| {
                conditional && matches!(p.sign, Sign::If | Sign::Not | Sign::Link(Link::Or))
                    || matches!(
                        p.sign,
                        Sign::Noise
                            | Sign::Open
                            | Sign::Close
                            | Sign::Status
                            | Sign::Known
                            | Sign::Ihc
                            | Sign::Link(Link::Slash)
                    )
            })
            .flat_map(|p| p.at..p.end)
            .collect();
        if let Some(segment) = &mut self.current {
            segment.places.extend(trailing);
        }
        self.close();
        self.pending.clear();
        self.prefix.clear();
        self.apart = true;
    }

    fn push(&mut self, placed: Placed) {
        let pending = std::mem::take(&mut self.pending);
        if let Some(segment) = &mut self.current {
            for p in pending.into_iter().chain(std::iter::once(placed)) {
                if p.sign != Sign::Tumour {
                    segment.places.extend(p.at..p.end);
                }
                segment.signs.push(p.sign);
            }
            segment.led = false;
        }
    }

    fn link(&self) -> Option<Link> {
        self.pending.iter().filter_map(|p| if let Sign::Link(l) = p.sign { Some(l) } else { None }).reduce(
            |a, b| match (a, b) {
                // "and / or" written apart.
                (Link::And, Link::Or) | (Link::AndOr, _) | (_, Link::AndOr) => Link::AndOr,
                (Link::And, Link::Slash) => Link::And,
                _ => a.max(b),
            },
        )
    }

    fn name(&mut self, name: Name, placed: Placed) {
        let refines = matches!(name, Name::Cps | Name::Tps | Name::Ic);
        let opens = self.pending.iter().any(|p| p.sign == Sign::Open);
        let defines = opens || self.pending.iter().any(|p| p.sign == Sign::Defined);
        let link = self.link();
        if let Some(current) = &mut self.current {
            let same = current.only(|n| n == Name::Her2) && name == Name::Her2;
            if same && current.has_result() && defines && link.is_none() {
                // "HER2-low (HER2 IHC 1+ ...)": one result and its definition.
                let places: Vec<Placed> = self.pending.drain(..).collect();
                current.places.extend(places.iter().chain([&placed]).flat_map(|p| p.at..p.end));
                current.signs.extend(places.iter().map(|p| p.sign));
                return;
            }
            let shares = !current.has_result() || current.led && self.prefix.is_empty();
            if refines && current.has(Name::PdL1) || shares {
                let places: Vec<Placed> = self.pending.drain(..).collect();
                current.places.extend(places.iter().chain([&placed]).flat_map(|p| p.at..p.end));
                current
                    .signs
                    .extend(places.iter().map(|p| p.sign).filter(|s| !matches!(s, Sign::Link(_) | Sign::Defined)));
                current.names.push((name, link));
                return;
            }
        }
        self.close();
        let mut segment = Segment { depth: self.depth, link, defines, apart: self.apart, ..Segment::default() };
        for p in self.pending.drain(..) {
            match p.sign {
                Sign::Tumour => {}
                Sign::Noise => segment.places.extend(p.at..p.end),
                _ => segment.joints.extend(p.at..p.end),
            }
        }
        segment.led = self.prefix.iter().any(|p| p.sign != Sign::Gene && p.sign != Sign::Noise);
        for p in self.prefix.drain(..) {
            segment.places.extend(p.at..p.end);
            segment.gene |= p.sign == Sign::Gene;
            segment.signs.push(p.sign);
        }
        segment.places.extend(placed.at..placed.end);
        segment.names.push((name, None));
        self.current = Some(segment);
        self.apart = false;
    }

    /// Whether a figure or state may belong to the current segment.
    fn accepts(&self, sign: Sign) -> bool {
        let Some(current) = &self.current else { return false };
        let her2 = current.has(Name::Her2);
        let assay = current.signs.iter().any(|s| matches!(s, Sign::Ihc | Sign::Ish | Sign::Ratio | Sign::Score(_)));
        let last =
            current.signs.iter().rev().find(|s| !matches!(s, Sign::Link(_) | Sign::Open | Sign::Dash | Sign::Noise));
        match sign {
            Sign::Bound(_, _, Unit::Percent) | Sign::Range(..) => true,
            Sign::Bound(_, _, Unit::Score) | Sign::Score(_) => her2,
            Sign::Bound(_, n, Unit::None) => {
                current.has(Name::Cps)
                    || her2 && n <= 10.0 && (assay || self.pending.is_empty() && current.signs.is_empty())
            }
            Sign::Number(n) => {
                let after = match last {
                    None => true,
                    Some(Sign::Ihc | Sign::Score(_) | Sign::Number(_)) => true,
                    Some(Sign::State(_)) => self.pending.iter().any(|p| p.sign == Sign::Open),
                    _ => false,
                };
                her2 && after && n <= 3.0 && n.fract() == 0.0
            }
            Sign::State(_) => {
                let and = self.link() == Some(Link::And);
                !(and && matches!(last, Some(Sign::State(_) | Sign::Bound(..) | Sign::Range(..))))
            }
            _ => true,
        }
    }

    fn step(&mut self, all: &[Placed], index: usize, phrase: &Phrase) {
        let Some(placed) = all.get(index).copied() else { return };
        match placed.sign {
            Sign::Gap => self.gap(),
            Sign::Name(Name::Her2) if self.is_probe(phrase, placed) => {
                self.push(Placed { sign: Sign::Noise, ..placed })
            }
            Sign::Name(name) => self.name(name, placed),
            Sign::Open => {
                self.depth += 1;
                self.pending.push(placed);
            }
            Sign::Close => {
                self.depth = self.depth.saturating_sub(1);
                self.pending.push(placed);
            }
            Sign::If if self.current.as_ref().is_none_or(|c| !c.has(Name::Her2)) => self.gap(),
            Sign::Link(_)
            | Sign::With
            | Sign::If
            | Sign::Defined
            | Sign::Noise
            | Sign::Not
            | Sign::Dash
            | Sign::Tumour => {
                if !self.prefix.is_empty() && placed.sign == Sign::Noise {
                    self.prefix.push(placed);
                } else {
                    self.pending.push(placed);
                }
            }
            Sign::Gene => {
                let near = self
                    .pending
                    .iter()
                    .all(|p| matches!(p.sign, Sign::Noise | Sign::Open | Sign::Close | Sign::Link(_)));
                match &mut self.current {
                    Some(current) if near && !current.has_result() && current.has(Name::Her2) => current.gene = true,
                    _ if name_follows(all, index + 1) => self.prefix.push(placed),
                    _ => self.gap(),
                }
            }
            sign => {
                let free = self.current.as_ref().is_none_or(Segment::has_result);
                let state = matches!(
                    sign,
                    Sign::State(_) | Sign::Percentage | Sign::Known | Sign::Bound(_, _, Unit::Percent) | Sign::Score(_)
                );
                // "2+ and negative in situ hybridisation" stays with HER2.
                if free && state && name_follows(all, index + 1) && !self.closes_own(all, index) {
                    self.prefix.push(placed);
                } else if self.accepts(sign) {
                    let prefix = std::mem::take(&mut self.prefix);
                    self.pending.extend(prefix);
                    self.push(placed);
                } else if matches!(sign, Sign::Known | Sign::Status | Sign::Ihc) {
                    self.pending.push(placed);
                } else {
                    self.gap();
                }
            }
        }
    }

    /// "HER2+/HER2-": a sign glued to the current result is no prefix of the next name.
    fn closes_own(&self, all: &[Placed], index: usize) -> bool {
        let glued = index
            .checked_sub(1)
            .and_then(|i| all.get(i))
            .is_some_and(|p| matches!(p.sign, Sign::Ish | Sign::Name(_) | Sign::Ihc | Sign::State(_)));
        self.current.is_some() && self.pending.is_empty() && glued
    }

    /// "ratio of HER2 to CEP17", "HER2/CEP17 ratio", "HER2 copy number".
    fn is_probe(&self, phrase: &Phrase, placed: Placed) -> bool {
        let Some(current) = &self.current else { return false };
        let probe = (placed.end..placed.end + 3).any(|i| {
            phrase.get(i).is_some_and(|e| e.text.starts_with("cep") || e.text == "copy" || e.text == "gene copy")
        });
        let ratio = current.signs.last() == Some(&Sign::Ratio);
        current.has(Name::Her2) && (probe || ratio)
    }
}

fn cut(phrase: &Phrase) -> Vec<Segment> {
    let all = signs(phrase);
    let mut cutter = Cutter::default();
    for index in 0..all.len() {
        cutter.step(&all, index, phrase);
    }
    cutter.gap();
    cutter.done.into_iter().filter(|s| !s.gene).collect()
}

/// Reads the results of a phrase; claims them and what joins them.
pub(super) fn read(phrase: &mut Phrase, context: &Context<'_>) -> Option<Requirement> {
    let may = phrase.holds_cue(NAMES) || phrase.names(Named::Biomarker);
    if !may || !phrase.elements.iter().any(super::is_receptor) {
        return None;
    }
    if let Some(read) = percentage_stated(phrase) {
        return Some(read);
    }
    let segments = inherit(cut(phrase));
    // "A that progressed or B that received": only the whole can be read, and not by this kind.
    if segments.iter().skip(1).any(|s| s.apart && matches!(s.link, Some(Link::Or | Link::AndOr))) {
        return None;
    }
    let mut read = Vec::new();
    for segment in segments {
        if let Some(item) = join::item(&segment, context) {
            for at in &segment.places {
                phrase.claim(*at);
            }
            if !read.is_empty() {
                segment.joints.iter().for_each(|at| phrase.claim(*at));
            }
            read.push((segment, item));
        }
    }
    if read.is_empty() {
        return None;
    }
    // "Of the primary tumour", "of the invasive tumour": where it was measured (convention 21).
    while let Some(at) =
        phrase.find(|e| e.is(Cue::Invasive) && ["primary", "invasive"].iter().any(|w| e.text.starts_with(w)))
    {
        phrase.claim(at);
    }
    Some(join::all(read, context))
}

/// "hormone receptor positive (ER and/or PR)": what a bracket names takes the state of what it explains.
fn inherit(segments: Vec<Segment>) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::with_capacity(segments.len());
    for mut segment in segments {
        if !segment.has_result()
            && segment.defines
            && let Some(head) = out.last()
            && join::covers(head, &segment)
        {
            segment.signs.extend(head.signs.iter().copied());
        }
        out.push(segment);
    }
    out
}

/// "must include percentage of positively stained cells to characterise if hormone receptor-positive or -negative".
fn percentage_stated(phrase: &mut Phrase) -> Option<Requirement> {
    let all = signs(phrase);
    let start = all.iter().position(|p| p.sign == Sign::Percentage)?;
    let name = all.iter().skip(start).find_map(|p| if let Sign::Name(n) = p.sign { Some(n) } else { None })?;
    let which = match name {
        Name::Er => Which::Er,
        Name::Pr => Which::Pr,
        Name::Hr => Which::HormoneReceptor,
        Name::Ki67 => Which::Ki67,
        Name::Ar => Which::Ar,
        _ => return None,
    };
    for placed in all.iter().skip(start) {
        let aside = |e: &crate::grammar::elements::Element| {
            matches!(e.text.as_str(), "characterize" | "characterise" | "determine" | "positively" | "if" | "whether")
        };
        let mine = match placed.sign {
            Sign::Gap => phrase.get(placed.at).is_some_and(aside),
            Sign::Bound(..) | Sign::Range(..) | Sign::Number(_) => return None,
            _ => true,
        };
        if mine {
            phrase.claim_range(placed.at, placed.end);
        }
    }
    Some(atom(which, Test::PercentStated))
}

/// Whether a state is among signs.
pub(super) fn has_state(signs: &[Sign], state: State) -> bool {
    signs.contains(&Sign::State(state))
}
