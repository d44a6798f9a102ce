//! One item of a list of bounds: its tests, its limit, and other limits under a condition.

use super::limits::{Amount, Written};
use super::slips::{self, Meant};
use super::subjects::{self, Subject};
use super::{Bound, Limit, conditions, evaluation, limits, row_of};
use crate::criteria::atom::Atom;
use crate::criteria::decimal::Decimal;
use crate::criteria::requirement::{Requirement, Section};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;

/// A limit of an item, with the condition under which it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clause {
    /// The condition, where there is one.
    pub guard: Option<Requirement>,
    /// The bounds for each test of the subject, in its order.
    pub bounds: Vec<Vec<Bound>>,
    /// Whether meeting this limit instead of the first is enough.
    pub either: bool,
}

/// Tests with their limits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// The tests.
    pub subject: Subject,
    /// The limits in the order of the text.
    pub clauses: Vec<Clause>,
    /// Where it starts.
    pub start: usize,
    /// One past its last element.
    pub end: usize,
    /// The places that it understood.
    pub claims: Vec<usize>,
}

/// Joins the bounds of one limit.
pub(super) fn bounds_of(bounds: Vec<Bound>, section: Section) -> Requirement {
    let atoms: Vec<Requirement> = bounds.into_iter().map(|b| Requirement::Atom(Atom::Laboratory(b))).collect();
    let range = atoms.len() > 1;
    // "outside 3.5-5.0" is never written as a range, so a range is met inside in both sections.
    if range || section == Section::Inclusion { Requirement::all(atoms) } else { Requirement::any(atoms) }
}

fn bound(lab: u16, comparison: Comparison, limit: Limit, slip: bool) -> Bound {
    Bound { lab, comparison, limit, window_days: None, slip }
}

/// The bounds that a written limit sets for a test. `None` where it cannot be a limit of that test.
pub(super) fn limit_for(lab: u16, written: &Written, comparison: Option<Comparison>) -> Option<Vec<Bound>> {
    let absolute = |comparison: Comparison, Meant { value, slip }: Meant| {
        bound(lab, comparison, Limit::Absolute(Decimal::new(value)), slip)
    };
    match written.amount {
        Amount::Normal => Some(vec![bound(lab, Comparison::Equal, Limit::Normal, false)]),
        Amount::LimitOfNormal => {
            let comparison = comparison?;
            let limit = if points_up(lab, comparison) {
                Limit::TimesUln(Decimal::new(1.0))
            } else {
                Limit::TimesLln(Decimal::new(1.0))
            };
            Some(vec![bound(lab, comparison, limit, false)])
        }
        Amount::Uln(times) => Some(vec![bound(lab, comparison?, Limit::TimesUln(Decimal::new(times)), false)]),
        Amount::Lln(times) => Some(vec![bound(lab, comparison?, Limit::TimesLln(Decimal::new(times)), false)]),
        Amount::Figure(value, unit) => Some(vec![absolute(comparison?, slips::meant(value, unit, lab)?)]),
        Amount::Range(low, high, unit) => Some(vec![
            absolute(Comparison::GreaterEqual, slips::meant(low, unit, lab)?),
            absolute(Comparison::LessEqual, slips::meant(high, unit, lab)?),
        ]),
        Amount::Pair(systolic, diastolic) => {
            let comparison = comparison?;
            let value = if row_of("systolic blood pressure") == Some(lab) {
                systolic
            } else if row_of("diastolic blood pressure") == Some(lab) {
                diastolic
            } else {
                return None;
            };
            Some(vec![absolute(comparison, slips::meant(value, Some("mm[Hg]"), lab)?)])
        }
    }
}

/// Which end of the normal range a comparison with "normal" means: "above normal" and "at most normal" the upper one,
/// unless only the other end of the test has a meaning.
fn points_up(lab: u16, comparison: Comparison) -> bool {
    match evaluation::abnormal_end(lab) {
        Some(upper) => upper,
        None => matches!(comparison, Comparison::Greater | Comparison::LessEqual),
    }
}

/// Words between a test and its limit that say nothing more.
fn is_joint(element: &Element) -> bool {
    match element.sense {
        Sense::Cue(cue) => matches!(cue, Cue::Filler | Cue::Must | Cue::With | Cue::Equal),
        Sense::Punctuation(c) => matches!(c, '(' | ')' | '[' | ']' | ':' | '-' | ',' | '"'),
        Sense::Word => matches!(
            element.text.as_str(),
            "count"
                | "ratio"
                | "value"
                | "concentration"
                | "function"
                | "formula"
                | "equation"
                | "method"
                | "interval"
                | "time"
        ),
        _ => false,
    }
}

/// Words between a limit and another one under a condition.
fn is_turn(element: &Element) -> bool {
    is_joint(element)
        || element.is_char(';')
        || element.is_char('.')
        || match element.sense {
            Sense::Cue(cue) => {
                matches!(cue, Cue::Or | Cue::And | Cue::Except | Cue::Unless | Cue::May | Cue::Allowed)
            }
            Sense::Word => matches!(element.text.as_str(), "case" | "limit" | "threshold"),
            _ => false,
        }
}

/// A change of a value is no value.
fn speaks_of_change(element: &Element) -> bool {
    matches!(
        element.text.as_str(),
        "decrease" | "increase" | "decline" | "reduction" | "change" | "drop" | "fall" | "rise" | "loss" | "doubling"
    )
}

/// Reads the item whose tests start at a place; `from` is where the item before it ended.
pub(super) fn at(phrase: &Phrase, from: usize, start: usize) -> Option<Item> {
    let subject = subjects::at(phrase, start)?;
    let mut reader = Reader {
        phrase,
        claims: (subject.start..subject.end).collect(),
        at: subject.end,
        clauses: Vec::new(),
        subject,
    };
    let leading = reader.leading(from);
    reader.first(leading.comparison)?;
    if let (Some(guard), Some(clause)) = (leading.guard, reader.clauses.first_mut()) {
        clause.guard = clause.guard.take().or(Some(guard));
    }
    while reader.more()? {}
    let start = reader.claims.iter().copied().min().unwrap_or(start);
    let end = reader.at;
    Some(Item { start, end, claims: reader.claims, clauses: reader.clauses, subject: reader.subject })
}

/// What stands in front of the tests and belongs to their limit.
#[derive(Default)]
struct Leading {
    comparison: Option<Comparison>,
    guard: Option<Requirement>,
}

struct Reader<'p> {
    phrase: &'p Phrase,
    subject: Subject,
    clauses: Vec<Clause>,
    claims: Vec<usize>,
    at: usize,
}

impl Reader<'_> {
    fn skip(&self, mut at: usize, fits: impl Fn(&Element) -> bool) -> usize {
        while self.phrase.get(at).is_some_and(|e| !self.phrase.is_used(at) && fits(e)) {
            at += 1;
        }
        at
    }

    fn claim(&mut self, start: usize, end: usize) {
        self.claims.extend(start..end);
    }

    /// "minimum LVEF of 50%", "in patients with liver metastases, ALT ≤ 5 x ULN".
    fn leading(&mut self, from: usize) -> Leading {
        let start = self.subject.start;
        let mut leading = Leading::default();
        for at in from..start {
            if self.phrase.is_used(at) {
                continue;
            }
            if let Some(guard) = conditions::at(self.phrase, at)
                && guard.end <= start
                && self.skip(guard.end, |e| is_joint(e) || e.is(Cue::If)) >= start
            {
                leading.guard = Some(guard.requirement);
                self.claim(at, start);
                return leading;
            }
        }
        let mut before = start;
        while before > from && self.phrase.get(before - 1).is_some_and(|e| e.is(Cue::Filler)) {
            before -= 1;
        }
        if before > from
            && let Some(Sense::Compare(comparison)) = self.phrase.sense(before - 1)
            && !self.phrase.is_used(before - 1)
            && comparison != Comparison::Equal
        {
            leading.comparison = Some(comparison);
        }
        leading
    }

    /// The first limit: behind the tests, else in front of them ("normal LVEF", "at least 60 mL/min creatinine clearance").
    fn first(&mut self, leading: Option<Comparison>) -> Option<()> {
        let mut at = self.skip(self.at, is_joint);
        // A few words may stand between; they stay unread.
        let mut strange = 0;
        let mut claimed = at;
        while !self.starts_limit(at) && strange < 8 {
            let Some(element) = self.phrase.get(at) else { return self.in_front() };
            if subjects::names_test(element)
                || speaks_of_change(element)
                || element.is_char(';')
                || matches!(element.sense, Sense::Cue(Cue::Or | Cue::Except | Cue::Unless | Cue::Not))
            {
                return self.in_front();
            }
            strange += 1;
            at = self.skip(at + 1, is_joint);
        }
        if !self.starts_limit(at) {
            return self.in_front();
        }
        if strange > 0 {
            claimed = self.at;
        }
        let written = limits::at(self.phrase, at)?;
        if written.amount == Amount::Normal && strange > 0 {
            return None;
        }
        if written.comparison.is_none() && leading.is_some() {
            let at = self.comparison_in_front();
            self.claims.extend(at);
        }
        let comparison = written.comparison.or(leading);
        if let Some(second) = self.respective(&written) {
            self.claim(self.at, second);
            self.at = second;
            return Some(());
        }
        let bounds = self.bounds(&written, comparison)?;
        self.clauses.push(Clause { guard: None, bounds, either: false });
        self.claim(self.at, claimed);
        self.claim(at, written.end);
        self.at = written.end;
        self.same_again();
        Some(())
    }

    /// "Creatinine or creatinine clearance: ≤ 1.5 x ULN or ≥ 60 mL/min (for those with creatinine > 1.5 x ULN)": each of
    /// two tests with a limit of its own. One past its end.
    fn respective(&mut self, first: &Written) -> Option<usize> {
        let creatinine = row_of("creatinine")?;
        let clearance: Vec<u16> = ["creatinine clearance", "estimated glomerular filtration rate"]
            .iter()
            .filter_map(|id| row_of(id))
            .collect();
        let (head, rest) = self.subject.labs.split_first()?;
        let rates = rest.iter().all(|lab| clearance.contains(lab));
        if *head != creatinine || rest.is_empty() || !rates || !limits::upward(first.comparison?.opposite()?) {
            return None;
        }
        let next = self.skip(first.end, |e| e.is(Cue::Or) || e.is_char(',') || e.is_char('-') || e.is(Cue::Filler));
        let second = limits::at(self.phrase, next)?;
        let upward = second.comparison.is_some_and(limits::upward);
        let own = limit_for(creatinine, first, first.comparison)?;
        let rate = rest.iter().map(|lab| limit_for(*lab, &second, second.comparison)).collect::<Option<Vec<_>>>()?;
        if !upward || !(first.end..next).any(|at| self.phrase.get(at).is_some_and(|e| e.is(Cue::Or))) {
            return None;
        }
        let count = rest.len();
        let mut with = vec![own];
        with.extend(vec![Vec::new(); count]);
        let mut other = vec![Vec::new()];
        other.extend(rate);
        self.subject.either = true;
        self.clauses.push(Clause { guard: None, bounds: with, either: false });
        self.clauses.push(Clause { guard: None, bounds: other, either: false });
        // The condition only says that the first limit is not met.
        let guarded = conditions::at(self.phrase, self.skip_open(second.end)).filter(
            |guard| matches!(&guard.requirement, Requirement::Atom(Atom::Laboratory(bound)) if bound.lab == creatinine),
        );
        Some(guarded.map_or(second.end, |guard| guard.end))
    }

    /// Whether a limit of these tests starts here.
    fn own_limit(&self, at: usize) -> bool {
        let Some(written) = limits::at(self.phrase, at) else { return false };
        let sign = written.comparison.or(Some(Comparison::LessEqual));
        self.starts_limit(at) && self.bounds(&written, sign).is_some()
    }

    fn comparison_in_front(&self) -> Option<usize> {
        (0..self.subject.start).rev().find(|i| matches!(self.phrase.sense(*i), Some(Sense::Compare(_))))
    }

    fn starts_limit(&self, at: usize) -> bool {
        !self.phrase.is_used(at)
            && match self.phrase.sense(at) {
                Some(Sense::Compare(_) | Sense::Number(_)) => true,
                Some(Sense::Cue(Cue::Normal | Cue::Between)) => true,
                Some(Sense::Cue(Cue::Within)) => limits::at(self.phrase, at).is_some(),
                _ => self.phrase.get(at).is_some_and(|e| e.text == "twice"),
            }
    }

    /// A limit that ends right in front of the tests.
    fn in_front(&mut self) -> Option<()> {
        let start = self.subject.start;
        for at in start.saturating_sub(8)..start {
            if !self.starts_limit(at) {
                continue;
            }
            let Some(written) = limits::at(self.phrase, at) else { continue };
            if written.end > start || self.skip(written.end, |e| e.is(Cue::Filler)) < start {
                continue;
            }
            let bounds = self.bounds(&written, written.comparison)?;
            self.clauses.push(Clause { guard: None, bounds, either: false });
            self.claim(at, written.end);
            return Some(());
        }
        None
    }

    fn bounds(&self, written: &Written, comparison: Option<Comparison>) -> Option<Vec<Vec<Bound>>> {
        self.subject.labs.iter().map(|lab| limit_for(*lab, written, comparison)).collect()
    }

    /// "140 mg/dL (7.7 mmol/L)", "1,500/μL (≥ 1.5 × 10⁹/L)": the same figure in another unit.
    fn same_again(&mut self) {
        loop {
            let at = self.skip(self.at, |e| {
                matches!(e.sense, Sense::Punctuation('(' | '[' | '/' | ',' | '=')) || e.is(Cue::Or) || e.is(Cue::Filler)
            });
            if at == self.at || !self.starts_limit(at) && self.phrase.get(at).is_some_and(|e| !e.is(Cue::Equal)) {
                return;
            }
            let at = self.skip(at, |e| e.is(Cue::Equal));
            // A lone sign of equality says that it is the same: "(= 1.5 x 10^9/L)".
            let sign = usize::from(matches!(self.phrase.sense(at), Some(Sense::Compare(Comparison::Equal))));
            let Some(written) = limits::at(self.phrase, at + sign) else { return };
            let Some(last) = self.clauses.last() else { return };
            let first = last.bounds.first().and_then(|b| b.first()).map(|b| b.comparison);
            let same_way = |c: Comparison| first.is_some_and(|f| limits::upward(f) == limits::upward(c));
            if written.comparison.is_some_and(|c| c == Comparison::Equal || !same_way(c)) {
                return;
            }
            let Some(bounds) = self.bounds(&written, written.comparison.or(first)) else { return };
            if !same(&bounds, &last.bounds) {
                return;
            }
            let end = self.skip(written.end, |e| e.is_char(')') || e.is_char(']'));
            self.claim(self.at, end);
            self.at = end;
        }
    }

    /// Reads a condition or a further limit; `None` where what follows would change the item and cannot be read.
    fn more(&mut self) -> Option<bool> {
        if self.guard_behind() {
            return Some(true);
        }
        let turned = self.skip(self.at, is_turn);
        let mut at = turned;
        let mut guard = None;
        let mut repeated = false;
        for _ in 0..3 {
            if let Some(found) = conditions::at(self.phrase, at).filter(|_| guard.is_none()) {
                at = self.skip(found.end, |e| is_turn(e) || e.is(Cue::If));
                guard = Some(found.requirement);
            }
            if let Some(again) = subjects::at(self.phrase, at)
                && again.labs.iter().all(|lab| self.subject.labs.contains(lab))
                && !repeated
            {
                at = self.skip(again.end, is_turn);
                repeated = true;
            }
        }
        // "≤ 1.5 x ULN (unless Gilbert's syndrome)": whoever has it is let off.
        if let Some(exempting) = self.exemption() {
            let bounds = vec![Vec::new(); self.subject.labs.len()];
            self.clauses.push(Clause { guard: Some(exempting), bounds, either: false });
            return Some(true);
        }
        // "or less than" is one word of comparison.
        let own_joint = self.phrase.get(at).is_some_and(|e| e.text.starts_with("or "));
        if !self.starts_limit(at) || at == self.at && !own_joint {
            // "unless" and "except" with a limit that was not understood are seen by the check of the whole item.
            return Some(false);
        }
        let Some(written) = limits::at(self.phrase, at) else { return Some(false) };
        if self.other_subject(written.end) {
            return Some(false);
        }
        let qualified = guard.is_some() || self.guard_after(written.end).is_some();
        let inherited = self
            .clauses
            .last()
            .and_then(|clause| clause.bounds.first()?.first())
            .map(|bound| bound.comparison)
            .filter(|comparison| *comparison != Comparison::Equal);
        let comparison = written.comparison.or(inherited.filter(|_| qualified));
        let Some(bounds) = self.bounds(&written, comparison) else { return Some(false) };
        if !qualified && !self.completes_range(&bounds) {
            // A second limit of the same test whose condition was not understood: the first alone would be wrong.
            if !(own_joint || (self.at..at).any(|i| self.phrase.get(i).is_some_and(|e| e.is(Cue::Or)))) {
                return if repeated { Some(false) } else { None };
            }
            if !self.of_other_sort(&bounds) {
                return None;
            }
            self.claim(self.at, written.end);
            self.at = written.end;
            self.clauses.push(Clause { guard: None, bounds, either: true });
            self.same_again();
            return Some(true);
        }
        self.claim(self.at, written.end);
        self.at = written.end;
        let prefixed = guard.is_some();
        self.clauses.push(Clause { guard, bounds, either: false });
        self.same_again();
        if prefixed {
            self.companion();
        }
        if self.clauses.last().is_some_and(|clause| clause.guard.is_some()) {
            self.alternative();
            self.permission();
        }
        Some(true)
    }

    /// "(Gilbert's syndrome: ≤ 3 x ULN or direct bilirubin ≤ ULN)": another test that will do under the same condition.
    fn alternative(&mut self) {
        let next = self.skip(self.at, |e| e.is(Cue::Or) || e.is(Cue::Filler));
        if !(self.at..next).any(|at| self.phrase.get(at).is_some_and(|e| e.is(Cue::Or))) {
            return;
        }
        let Some(subject) = subjects::at(self.phrase, next) else { return };
        let direct = row_of("direct bilirubin");
        if subject.labs.first().copied() != direct || self.subject.labs.first().copied() != row_of("total bilirubin") {
            return;
        }
        let start = self.skip(subject.end, is_joint);
        let Some(written) = limits::at(self.phrase, start) else { return };
        let Some(bounds) = direct.and_then(|lab| limit_for(lab, &written, written.comparison)) else { return };
        let Some(guard) = self.clauses.last().and_then(|clause| clause.guard.clone()) else { return };
        let both = Requirement::all(vec![guard, bounds_of(bounds, Section::Inclusion)]);
        self.clauses.push(Clause {
            guard: Some(both),
            bounds: vec![Vec::new(); self.subject.labs.len()],
            either: false,
        });
        self.claim(self.at, written.end);
        self.at = written.end;
    }

    /// A condition behind "unless" or "except", with no limit of its own; claimed.
    fn exemption(&mut self) -> Option<Requirement> {
        let turned = self.skip(self.at, is_turn);
        let exempts = |i: usize| self.phrase.get(i).is_some_and(|e| e.is(Cue::Unless) || e.is(Cue::Except));
        if !(self.at..turned).any(exempts) || self.clauses.iter().any(|c| c.guard.is_some()) {
            return None;
        }
        let guard = conditions::at(self.phrase, turned)?;
        let then = self.skip(guard.end, |e| is_turn(e) || e.is(Cue::If));
        let limit = self.own_limit(then)
            || subjects::at(self.phrase, then).is_some_and(|again| {
                again.labs.iter().all(|lab| self.subject.labs.contains(lab))
                    && self.own_limit(self.skip(again.end, is_turn))
            });
        if limit {
            return None;
        }
        let end = self.skip(guard.end, |e| e.is_char(')') || e.is_char(']') || e.is(Cue::Allowed));
        self.claim(self.at, end);
        self.at = end;
        Some(self.instead(guard.requirement))
    }

    /// "Except in Gilbert's syndrome, in whom direct bilirubin must be ≤ 1.5 x ULN": whoever is let off owes another value.
    fn instead(&mut self, exempt: Requirement) -> Requirement {
        let next = self.skip(self.at, |e| {
            e.is_char(',')
                || e.is_char(';')
                || e.is(Cue::Filler)
                || e.is(Cue::If)
                || e.is(Cue::With)
                || e.is(Cue::Must)
                || matches!(e.text.as_str(), "whom" | "whose" | "case" | "which" | "where" | "then" | "who" | "in")
        });
        let direct = row_of("direct bilirubin");
        let subject = subjects::at(self.phrase, next).filter(|subject| subject.labs.first().copied() == direct);
        let Some(subject) = subject.filter(|_| next > self.at) else { return exempt };
        let start = self.skip(subject.end, is_joint);
        let Some(written) = limits::at(self.phrase, start) else { return exempt };
        let Some(bounds) = direct.and_then(|lab| limit_for(lab, &written, written.comparison)) else { return exempt };
        self.claim(self.at, written.end);
        self.at = written.end;
        Requirement::all(vec![exempt, bounds_of(bounds, Section::Inclusion)])
    }

    /// "with a total bilirubin ≤ 2 x ULN and direct bilirubin within normal limits": another test under the same condition.
    fn companion(&mut self) {
        let next = self.skip(self.at, |e| e.is(Cue::And) || e.is(Cue::With) || e.is_char(',') || e.is(Cue::Filler));
        if !(self.at..next).any(|at| self.phrase.get(at).is_some_and(|e| e.is(Cue::And) || e.is(Cue::With))) {
            return;
        }
        let Some(subject) = subjects::at(self.phrase, next) else { return };
        let start = self.skip(subject.end, is_joint);
        let Some(written) = limits::at(self.phrase, start) else { return };
        let bounds: Option<Vec<Vec<Bound>>> =
            subject.labs.iter().map(|lab| limit_for(*lab, &written, written.comparison)).collect();
        let Some(bounds) = bounds else { return };
        let more: Vec<Requirement> = bounds.into_iter().map(|b| bounds_of(b, Section::Inclusion)).collect();
        if let Some(guard) = self.clauses.last_mut().and_then(|clause| clause.guard.as_mut()) {
            let before = std::mem::replace(guard, Requirement::Nothing);
            *guard = Requirement::all(std::iter::once(before).chain(more).collect());
        }
        self.claim(self.at, written.end);
        self.at = written.end;
    }

    /// "... are eligible", "is allowed" behind the other limit.
    fn permission(&mut self) {
        let at = self.skip(self.at, |e| e.is(Cue::Filler) || e.is(Cue::Must));
        let end = self.skip(at, |e| e.is(Cue::Allowed));
        if end > at {
            let end = self.skip(end, |e| e.is_char(')') || e.is_char(']'));
            self.claim(self.at, end);
            self.at = end;
        }
    }

    fn skip_open(&self, at: usize) -> usize {
        self.skip(at, |e| e.is_char('(') || e.is_char('[') || e.is_char(','))
    }

    /// "≥ 50% or ≥ LLN", "≤ 1.5 mg/dL or ≤ 1.5 x ULN": two sorts of limit, of which either will do.
    fn of_other_sort(&self, bounds: &[Vec<Bound>]) -> bool {
        let sort =
            |bounds: &[Vec<Bound>]| bounds.first().and_then(|b| b.first()).map(|b| std::mem::discriminant(&b.limit));
        self.clauses.iter().all(|clause| clause.guard.is_none() && sort(&clause.bounds) != sort(bounds))
    }

    /// A condition behind a limit, also after another test that goes with it: "≤ 3 x ULN with direct bilirubin ≤ ULN in
    /// patients with Gilbert's syndrome".
    fn guard_after(&self, at: usize) -> Option<conditions::Guard> {
        let open = self.skip_open(at);
        if let Some(guard) = conditions::at(self.phrase, open) {
            return Some(guard);
        }
        let with = self.skip(at, |e| e.is(Cue::With) || e.is(Cue::And));
        if with == at {
            return None;
        }
        let subject = subjects::at(self.phrase, self.skip(with, |e| e.is(Cue::Filler)))?;
        let [lab] = subject.labs.as_slice() else { return None };
        let written = limits::at(self.phrase, self.skip(subject.end, is_joint))?;
        let bounds = limit_for(*lab, &written, written.comparison)?;
        let guard = conditions::at(self.phrase, self.skip_open(written.end))?;
        let requirement = Requirement::all(vec![guard.requirement, bounds_of(bounds, Section::Inclusion)]);
        Some(conditions::Guard { requirement, end: guard.end })
    }

    /// Whether a limit in front of other tests belongs to those: "AST ≤ 2.5 x ULN and ≥ 60 mL/min clearance".
    fn other_subject(&self, end: usize) -> bool {
        let next = self.skip(end, |e| e.is(Cue::Filler));
        self.phrase
            .get(next)
            .and_then(subjects::named)
            .is_some_and(|labs| next < end + 2 && !labs.iter().any(|lab| self.subject.labs.contains(lab)))
    }

    /// "≥ 3.5 and ≤ 5.0 mmol/L".
    fn completes_range(&mut self, bounds: &[Vec<Bound>]) -> bool {
        let Some(last) = self.clauses.last() else { return false };
        last.guard.is_none()
            && last.bounds.iter().zip(bounds).all(|(old, new)| match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => {
                    limits::upward(old.comparison) != limits::upward(new.comparison)
                        && old.comparison != Comparison::Equal
                        && new.comparison != Comparison::Equal
                }
                _ => false,
            })
    }

    /// "≤ 5 x ULN if liver metastases are present", "> 450 ms (men)": a condition behind the last limit.
    fn guard_behind(&mut self) -> bool {
        let Some(last) = self.clauses.last() else { return false };
        if last.guard.is_some() {
            return false;
        }
        let open = self.skip(self.at, |e| e.is_char('(') || e.is_char('[') || e.is_char(','));
        let manner = self.skip(self.at, |e| {
            super::reading::is_manner(e) && !matches!(e.sense, Sense::Cue(Cue::Or | Cue::And))
                || subjects::named(e).is_some_and(|labs| labs.iter().all(|lab| self.subject.labs.contains(lab)))
        });
        let measured = manner > self.at && self.phrase.get(manner - 1).is_some_and(|e| e.sense == Sense::Word);
        let behind = self.guard_after(self.at).or_else(|| self.guard_after(manner).filter(|_| measured));
        let Some(guard) = behind else { return false };
        // Right in front of another limit it belongs to that one, unless a joint parts them.
        let joined = self.skip(guard.end, |e| is_joint(e) && !e.is_char(',') || e.is(Cue::Allowed) || e.is(Cue::May));
        let then = self.skip(guard.end, is_turn);
        let repeated = subjects::at(self.phrase, then)
            .filter(|again| again.labs.iter().all(|lab| self.subject.labs.contains(lab)))
            .map(|again| self.skip(again.end, is_turn));
        let limit_follows = self.own_limit(then) || repeated.is_some_and(|at| self.own_limit(at));
        if limit_follows {
            let directly = joined == then || repeated.is_some() && joined == self.skip(guard.end, is_turn);
            let set_apart = open > self.at && self.clauses.len() == 1;
            if directly || set_apart && !self.closed_and_joined(guard.end) {
                return false;
            }
        }
        let end = if open > self.at { self.skip(guard.end, |e| e.is_char(')') || e.is_char(']')) } else { guard.end };
        let requirement = guard.requirement;
        self.claim(self.at, end);
        self.at = end;
        if let Some(last) = self.clauses.last_mut() {
            last.guard = Some(requirement);
        }
        let open = |c: [char; 2]| {
            (self.subject.end..self.at)
                .filter(|i| self.phrase.get(*i).is_some_and(|e| e.is_char(c[0]) || e.is_char(c[1])))
                .count()
        };
        if self.clauses.len() > 1 && open(['(', '[']) > open([')', ']']) {
            self.companion();
        }
        if self.clauses.len() > 1 {
            self.permission();
        }
        true
    }

    /// Whether a bracket closes behind a condition, or a joint follows: "(men) or > 470 ms (women)".
    fn closed_and_joined(&self, at: usize) -> bool {
        self.phrase.get(at).is_some_and(|e| e.is_char(')') || e.is_char(']') || e.is(Cue::Or) || e.is(Cue::And))
    }
}

/// Whether two readings of a figure are the same but for rounding.
fn same(left: &[Vec<Bound>], right: &[Vec<Bound>]) -> bool {
    left.iter().flatten().zip(right.iter().flatten()).all(|(l, r)| match (l.limit, r.limit) {
        (Limit::Absolute(l), Limit::Absolute(r)) => (l.value() - r.value()).abs() <= 0.06 * r.value().abs(),
        (l, r) => l == r,
    })
}
