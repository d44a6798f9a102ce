//! Intervals of time: lengths, half-lives, and whether they bound an event from below or above.

use crate::grammar::anchors::{or_later, trial_start};
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::Phrase;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A unit of time as written; months and years are counted by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TimeUnit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// A length of time in tenths of a unit, so that readings stay comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Length {
    /// Tenths of the unit.
    pub tenths: u32,
    /// The unit.
    pub unit: TimeUnit,
}

impl Length {
    /// A whole number of units.
    pub fn new(amount: f64, unit: TimeUnit) -> Self {
        Self { tenths: (amount * 10.0).round().clamp(0.0, 1e6) as u32, unit }
    }

    /// The amount in its unit.
    pub fn amount(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    /// About how many days; a month is 30.4 days.
    pub fn days(self) -> f64 {
        self.amount()
            * match self.unit {
                TimeUnit::Hour => 1.0 / 24.0,
                TimeUnit::Day => 1.0,
                TimeUnit::Week => 7.0,
                TimeUnit::Month => 30.4375,
                TimeUnit::Year => 365.25,
            }
    }

    /// The day this long after a date. Saturates at the ends of the calendar.
    pub fn after(self, date: Date) -> Date {
        self.shift(date, 1)
    }

    /// The day this long before a date.
    pub fn before(self, date: Date) -> Date {
        self.shift(date, -1)
    }

    fn shift(self, date: Date, sign: i32) -> Date {
        let amount = f64::from(self.tenths) / 10.0;
        let whole = amount.fract() == 0.0;
        let span = match self.unit {
            TimeUnit::Month if whole => (sign * amount as i32).months(),
            TimeUnit::Year if whole => (sign * amount as i32).years(),
            _ => (sign * self.days().ceil() as i32).days(),
        };
        date.saturating_add(span)
    }

    /// In words: `4 weeks`.
    pub fn say(self) -> String {
        let unit = match self.unit {
            TimeUnit::Hour => "hour",
            TimeUnit::Day => "day",
            TimeUnit::Week => "week",
            TimeUnit::Month => "month",
            TimeUnit::Year => "year",
        };
        let amount = self.amount();
        format!("{amount} {unit}{}", if amount == 1.0 { "" } else { "s" })
    }
}

/// Which of a length and a number of half-lives counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Whichever {
    /// The longer; also where the text does not say (convention 16).
    Longer,
    /// The shorter.
    Shorter,
}

/// What an interval says of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bound {
    /// The event lies within the interval (`within 4 weeks`); `strict` leaves its last day out (`< 4 weeks`).
    Within {
        /// Whether the last day is left out.
        strict: bool,
    },
    /// The event lies at least so long ago (`at least 4 weeks since`); `strict` asks for more.
    Ago {
        /// Whether the day itself is not enough.
        strict: bool,
    },
    /// Something lasts so long (`stable for at least 4 weeks`).
    Lasting {
        /// Whether the length itself is not enough.
        strict: bool,
    },
    /// Something lasts less long.
    Shorter {
        /// Whether the length itself is too much.
        strict: bool,
    },
}

/// An interval of time around an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// What it says.
    pub bound: Bound,
    /// Its length; `None` where only half-lives are given.
    pub length: Option<Length>,
    /// A number of half-lives, and which of the two counts.
    pub half_lives: Option<(u8, Whichever)>,
    /// Whether it is counted from an event of the past (`of completing adjuvant therapy`), not from today.
    pub from_event: bool,
}

/// The unit that a cue stands for.
pub fn time_unit(element: &Element) -> Option<TimeUnit> {
    match element.cue()? {
        Cue::Hour => Some(TimeUnit::Hour),
        Cue::Day => Some(TimeUnit::Day),
        Cue::Week => Some(TimeUnit::Week),
        Cue::Month => Some(TimeUnit::Month),
        Cue::Year => Some(TimeUnit::Year),
        _ => None,
    }
}

/// What stands behind a number: a unit of time or half-lives ("5 times the half-life", "4 full weeks").
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    Time(TimeUnit),
    HalfLives,
}

/// The measure behind the number at a place, and one past its last element.
fn measure(phrase: &Phrase, number: usize) -> Option<(Measure, usize)> {
    for at in number + 1..number + 5 {
        let element = phrase.get(at)?;
        if let Some(unit) = time_unit(element) {
            // "4 weeks' ", "6 month(s)".
            return Some((Measure::Time(unit), after_plural(phrase, at + 1)));
        }
        if element.is(Cue::HalfLife) {
            return Some((Measure::HalfLives, after_plural(phrase, at + 1)));
        }
        let between = element.is(Cue::Times)
            || matches!(
                element.text.as_str(),
                "x" | "times"
                    | "the"
                    | "full"
                    | "calendar"
                    | "drug"
                    | "terminal"
                    | "its"
                    | "consecutive"
                    | "elimination"
            );
        if !between {
            return None;
        }
    }
    None
}

/// Steps over "(s)".
fn after_plural(phrase: &Phrase, at: usize) -> usize {
    let is = |i: usize, c: char| phrase.get(i).is_some_and(|e| e.is_char(c));
    if is(at, '(') && phrase.get(at + 1).is_some_and(|e| e.text == "s") && is(at + 2, ')') { at + 3 } else { at }
}

/// Finds the first interval in the unclaimed part of a phrase and claims it.
pub fn take_window(phrase: &mut Phrase) -> Option<Window> {
    take_window_between(phrase, 0, phrase.len())
}

/// Finds the first interval whose number stands within a part of a phrase and claims it with the words around it.
pub fn take_window_between(phrase: &mut Phrase, from: usize, to: usize) -> Option<Window> {
    let at = (from..to.min(phrase.len())).find(|&at| {
        !phrase.is_used(at)
            && matches!(phrase.sense(at), Some(Sense::Number(_)))
            && (measure(phrase, at).is_some() || is_score_dash(phrase, at))
    });
    let Some(at) = at else { return take_single_unit(phrase, from, to) };
    let mut end = at;
    let mut length = None;
    let mut half_lives: Option<(u8, Whichever)> = None;
    let mut parenthesis = false;
    while let Some(Sense::Number(amount)) = phrase.sense(end) {
        // "7-14 days": the upper figure bounds an exclusion.
        if is_score_dash(phrase, end) {
            end += 2;
            continue;
        }
        let Some((unit, after)) = measure(phrase, end) else { break };
        match unit {
            Measure::HalfLives => half_lives = Some((amount.clamp(0.0, 99.0) as u8, Whichever::Longer)),
            Measure::Time(unit) if length.is_none() => length = Some(Length::new(amount, unit)),
            // "28 days (4 weeks)": the same length again.
            Measure::Time(_) => {}
        }
        end = after;
        let mut next = end;
        while phrase.get(next).is_some_and(|e| {
            e.is(Cue::Or)
                || e.is_char(',')
                || e.is_char('(')
                || e.is_char('/')
                || e.is_char('=')
                || e.is(Cue::Filler)
                || e.is(Cue::Within)
                || e.is(Cue::Equal)
                || half_lives.is_none() && matches!(e.sense, Sense::Compare(Comparison::GreaterEqual))
        }) {
            parenthesis |= phrase.get(next).is_some_and(|e| e.is_char('('));
            next += 1;
        }
        let more = matches!(phrase.sense(next), Some(Sense::Number(_))) && measure(phrase, next).is_some();
        if !more {
            break;
        }
        end = next;
    }
    if parenthesis && phrase.get(end).is_some_and(|e| e.is_char(')')) {
        end += 1;
    }
    let start = window_start(phrase, at);
    let (bound, start, mut end, from_event, mut shorter) = bound_of(phrase, start, at, end);
    if half_lives.is_none()
        && let Some((count, after, is_shorter)) = or_half_lives(phrase, end)
    {
        half_lives = Some((count, Whichever::Longer));
        shorter |= is_shorter;
        end = after;
    }
    phrase.claim_range(start, end);
    if let Some((count, _)) = half_lives {
        let shorter = phrase.take(Cue::Shorter) || shorter;
        phrase.take(Cue::Longer);
        half_lives = Some((count, if shorter { Whichever::Shorter } else { Whichever::Longer }));
    } else {
        phrase.take(Cue::Shorter);
        phrase.take(Cue::Longer);
    }
    Some(Window { bound, length, half_lives, from_event })
}

/// "... before enrolment or within 5 half-lives of the drug, whichever is longer": a second measure behind the anchor.
/// Its count, one past its last element, and whether the shorter counts.
fn or_half_lives(phrase: &Phrase, end: usize) -> Option<(u8, usize, bool)> {
    let mut at = end;
    let mut or = false;
    let mut depth = 0usize;
    while let Some(e) = phrase.get(at) {
        let step = e.is(Cue::Or) || e.is_char(',') || e.is_char('(') || e.is(Cue::Within) || e.is(Cue::Filler);
        if phrase.is_used(at) || !step {
            break;
        }
        or |= e.is(Cue::Or);
        depth += usize::from(e.is_char('('));
        at += 1;
    }
    if matches!(phrase.sense(at), Some(Sense::Compare(Comparison::Less | Comparison::LessEqual))) {
        at += 1;
    }
    let Some(Sense::Number(count)) = phrase.sense(at).filter(|_| or) else { return None };
    let (Measure::HalfLives, mut at) = measure(phrase, at)? else { return None };
    let mut shorter = false;
    while let Some(e) = phrase.get(at) {
        let last = e.is(Cue::Longer) || e.is(Cue::Shorter);
        let product =
            matches!(e.text.as_str(), "investigational product" | "investigational agent" | "investigational drug")
                || e.is(Cue::Investigational);
        let close = e.is_char(')') && depth > 0;
        let comma = e.is_char(',') && phrase.get(at + 1).is_some_and(|n| n.is(Cue::Longer) || n.is(Cue::Shorter));
        let open = e.is_char('(') && phrase.get(at + 1).is_some_and(|n| n.is(Cue::Longer) || n.is(Cue::Shorter));
        if !(last || product || close || comma || open || e.is(Cue::Filler) && e.text != "for") {
            break;
        }
        depth = if open { depth + 1 } else { depth - usize::from(close) };
        shorter |= e.is(Cue::Shorter);
        at += 1;
        if last && depth == 0 {
            break;
        }
    }
    Some((count.clamp(0.0, 99.0) as u8, at, shorter))
}

/// "Within the past year": one unit, without a number.
fn take_single_unit(phrase: &mut Phrase, from: usize, to: usize) -> Option<Window> {
    let at = (from + 1..to.min(phrase.len())).find(|&at| {
        !phrase.is_used(at)
            && phrase.get(at).is_some_and(|e| {
                time_unit(e).is_some_and(|unit| unit > TimeUnit::Day)
                    && usize::try_from(e.span.end - e.span.start).is_ok_and(|length| length == e.text.chars().count())
                    && !e.text.ends_with('s')
            })
            && phrase.get(at - 1).is_some_and(|e| {
                e.is(Cue::Within) && !phrase.is_used(at - 1)
                    || matches!(e.text.as_str(), "a" | "the")
                        && at >= 2
                        && phrase.get(at - 2).is_some_and(|b| b.is(Cue::Within) && !phrase.is_used(at - 2))
            })
    })?;
    let unit = phrase.get(at).and_then(time_unit)?;
    let start = window_start(phrase, at);
    let (bound, start, end, from_event, _) = bound_of(phrase, start, at, at + 1);
    phrase.claim_range(start, end);
    Some(Window { bound, length: Some(Length::new(1.0, unit)), half_lives: None, from_event })
}

fn is_score_dash(phrase: &Phrase, at: usize) -> bool {
    phrase.get(at + 1).is_some_and(|e| e.is_char('-') || e.is(Cue::LessEqual) || e.text == "to")
        && matches!(phrase.sense(at + 2), Some(Sense::Number(_)))
        && phrase.get(at + 3).is_some_and(|e| time_unit(e).is_some())
}

/// Steps left over the words that open an interval.
fn window_start(phrase: &Phrase, at: usize) -> usize {
    let mut start = at;
    while let Some(before) = start.checked_sub(1) {
        let opens = phrase.get(before).is_some_and(|e| {
            matches!(
                e.sense,
                Sense::Compare(_)
                    | Sense::Ordinal(1)
                    | Sense::Cue(Cue::Within | Cue::Since | Cue::Duration | Cue::Between | Cue::LastDose | Cue::After)
            ) || e.is(Cue::Filler) && matches!(e.text.as_str(), "of" | "a" | "the" | "for" | "in" | "during" | "at")
        });
        if !opens || phrase.is_used(before) {
            break;
        }
        start = before;
    }
    start
}

/// Words without meaning between an interval and what it is counted from.
const WINDOW_WORDS: &[&str] = &[
    "of",
    "the",
    "to",
    "at",
    "for",
    "a",
    "have",
    "has",
    "from",
    "in",
    "study",
    "time",
    "their",
    "this",
    "on",
    "by",
    "date",
    "study intervention",
    "study therapy",
    "this study",
    "any",
    "first",
    "trial",
    "protocol",
    "investigational product",
    "time of",
    "at the time of",
    "prior to study",
    "receipt",
    "planned",
    "administered",
    "is",
    "was",
];

/// A drug, or a code that looks like one, right behind "first dose of".
fn is_trial_treatment(phrase: &Phrase, at: usize) -> bool {
    let of = at
        .checked_sub(1)
        .and_then(|b| phrase.get(b))
        .is_some_and(|e| e.text.ends_with("of") || e.is_char('/') || e.is_char('+'));
    let drug = |i: usize| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.sense, Sense::Concept(crate::lexicon::concepts::Concept::Drug(_)))
                || e.sense == Sense::Word && e.text.chars().count() > 4
                || (e.is_char('/') || e.is_char('+'))
        })
    };
    of && drug(at)
        || (phrase.get(at).is_some_and(|e| e.is_char('/') || e.is_char('+'))
            && drug(at + 1)
            && at.checked_sub(1).is_some_and(drug))
}

fn bound_of(phrase: &Phrase, start: usize, number: usize, end: usize) -> (Bound, usize, usize, bool, bool) {
    let opening = |cue: Cue| (start..number).any(|i| phrase.get(i).is_some_and(|e| e.is(cue)));
    let comparison = (start..number).find_map(|i| match phrase.sense(i) {
        Some(Sense::Compare(c)) => Some(c),
        // "For less than 4 weeks": the comparison is in the words for the duration.
        Some(Sense::Cue(Cue::Duration)) => match phrase.get(i).map(|e| e.text.as_str()) {
            Some("for less than") => Some(Comparison::Less),
            Some("for more than") => Some(Comparison::Greater),
            _ => None,
        },
        _ => None,
    });
    let mut stop = end;
    let mut or_more = false;
    if phrase.get(stop).is_some_and(|e| e.is(Cue::OrMore)) {
        or_more = true;
        stop += 1;
    } else if phrase.get(stop).is_some_and(|e| e.is(Cue::OrLess)) {
        stop += 1;
    }
    // What follows: "prior to <anchor>", "of <anchor>", "since", "after completion of".
    let mut before = false;
    let mut since = opening(Cue::Since);
    let mut from_event = false;
    let mut shorter = false;
    let mut look = stop;
    let mut after = false;
    let mut anchored = false;
    let mut from = false;
    while let Some(e) = phrase.get(look) {
        if let Some(behind) = trial_start(phrase, look) {
            before = true;
            anchored = true;
            look = behind;
            stop = look;
            continue;
        }
        if anchored && let Some(behind) = or_later(phrase, look) {
            look = behind;
            stop = look;
            continue;
        }
        let next = phrase.get(look + 1);
        let whichever = |e: &Element| e.is(Cue::Longer) || e.is(Cue::Shorter);
        let filler = e.is(Cue::Filler)
            && (WINDOW_WORDS.contains(&e.text.as_str())
                || anchored && matches!(e.text.as_str(), "drug" | "dose" | "administration" | "drugs"));
        let last = look.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|b| b.text.ends_with("last"));
        if e.is(Cue::Before) || e.text == "ago" {
            before = true;
        } else if e.is(Cue::Filler) && (e.text.starts_with("prior to ") || e.text.starts_with("before ")) {
            // "Prior to screening" in one word.
            before = true;
            anchored = true;
        } else if e.is(Cue::Anchor) && last {
            // "Since the last infusion of": that of the treatment.
            from_event = true;
        } else if e.is(Cue::Since) {
            since = true;
        } else if e.is(Cue::After) {
            after = true;
        } else if e.is(Cue::Anchor) {
            before = true;
            anchored = true;
        } else if e.is(Cue::Between) && e.text == "from" {
            // "More than 4 weeks from major surgery".
            from = true;
        } else if whichever(e) {
            shorter |= e.is(Cue::Shorter);
        } else if e.is_char('(') && next.is_some_and(|n| whichever(n) || n.text == "s")
            || e.is_char(')') && look > 0 && phrase.get(look - 1).is_some_and(|p| whichever(p) || p.text == "s")
            || e.text == "s" && anchored
        {
        } else if e.is(Cue::LastDose) && (after || look > stop) {
            from_event = true;
        } else if anchored && is_trial_treatment(phrase, look) {
            // "the first dose of <the trial's drug>": nothing that was received before.
        } else if !(filler
            || anchored && e.is(Cue::Therapy)
            || (anchored || before) && e.is(Cue::Investigational)
            || e.text.starts_with("investigational")
                && end.checked_sub(1).is_some_and(|l| phrase.get(l).is_some_and(|l| l.is(Cue::HalfLife)))
            || e.is_char(',') && next.is_some_and(|n| n.is(Cue::Before) || whichever(n)))
        {
            break;
        }
        look += 1;
        stop = look;
    }
    from_event |= after && !before;
    since |= from && !anchored && matches!(comparison, Some(Comparison::Greater | Comparison::GreaterEqual));
    // "Within 4 weeks since the last infusion of": counted from that treatment.
    from_event |= since && opening(Cue::Within) && !anchored;
    let lasting = opening(Cue::Duration);
    // "For at least 4 weeks before": it lasted so long.
    let for_so_long =
        !after && (start..number).any(|i| phrase.get(i).is_some_and(|e| e.text == "for" || e.text.starts_with("for ")));
    let bound = match comparison {
        Some(Comparison::Less | Comparison::LessEqual) if lasting || for_so_long && !before && !since => {
            Bound::Shorter { strict: comparison == Some(Comparison::Less) }
        }
        Some(Comparison::Less) => Bound::Within { strict: true },
        Some(Comparison::LessEqual) => Bound::Within { strict: false },
        Some(c @ (Comparison::Greater | Comparison::GreaterEqual)) => {
            let strict = c == Comparison::Greater;
            if opening(Cue::Within) {
                Bound::Within { strict: false }
            } else if since || (before || after) && !for_so_long {
                Bound::Ago { strict }
            } else {
                Bound::Lasting { strict }
            }
        }
        _ if since && !opening(Cue::Within) || or_more && (before || after) => Bound::Ago { strict: false },
        _ if lasting || or_more => Bound::Lasting { strict: false },
        _ => Bound::Within { strict: false },
    };
    (bound, start, stop, from_event, shorter)
}

impl Window {
    /// In words, to stand after a noun.
    pub fn say(&self) -> String {
        let length = match (self.length, self.half_lives) {
            (Some(l), Some((n, w))) => {
                format!(
                    "{} or {n} half-lives, whichever is {}",
                    l.say(),
                    if w == Whichever::Longer { "longer" } else { "shorter" }
                )
            }
            (Some(l), None) => l.say(),
            (None, Some((n, _))) => format!("{n} half-lives"),
            (None, None) => String::new(),
        };
        match self.bound {
            Bound::Within { strict: false } => format!("within {length}"),
            Bound::Within { strict: true } => format!("less than {length} ago"),
            Bound::Ago { strict: false } => format!("at least {length} ago"),
            Bound::Ago { strict: true } => format!("more than {length} ago"),
            Bound::Lasting { strict: false } => format!("for at least {length}"),
            Bound::Lasting { strict: true } => format!("for longer than {length}"),
            Bound::Shorter { strict: false } => format!("for at most {length}"),
            Bound::Shorter { strict: true } => format!("for less than {length}"),
        }
    }
}
