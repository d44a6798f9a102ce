//! Turns of phrase that are settled before a phrase is cut into questions: shared nouns, remarks in brackets, "and
//! recovered", "prior and no concurrent".

use super::lists::{is_idle, is_treatment};
use super::{courses, intervals};
use crate::criteria::atom::Atom;
use crate::criteria::conditions::{Condition, State, What};
use crate::criteria::context::Context;
use crate::criteria::requirement::Requirement;
use crate::grammar::elements::{Cue, Element, Sense};
use crate::grammar::phrase::{Cues, Named, Phrase, is_neutral};
use crate::grammar::windows::time_unit;
use crate::lexicon::concepts::Concept;
use crate::lexicon::drugs;

/// Adjectives that stand for a class where they share the noun of a list.
const ADJECTIVES: &[(&str, &str)] = &[
    ("hormonal", "endocrine-therapy"),
    ("hormone", "endocrine-therapy"),
    ("hormonal-", "endocrine-therapy"),
    ("endocrine", "endocrine-therapy"),
    ("target", "targeted-therapy"),
    ("targeted", "targeted-therapy"),
    ("biologic", "biologic-therapy"),
    ("biological", "biologic-therapy"),
    ("cytotoxic", "chemotherapy"),
    ("chemo", "chemotherapy"),
    ("immune", "immunotherapy"),
    ("immuno", "immunotherapy"),
    ("systemic", "systemic-therapy"),
    ("antibody", "antibody-based-therapy"),
    ("antibodies", "antibody-based-therapy"),
    ("radionuclide", "radiopharmaceutical"),
];

/// Cues of a disease that has come back or grown.
const PROGRESS: Cues = Cues::of(&[Cue::Recurrent, Cue::Progressed, Cue::ProgressiveDisease]);

/// What was settled before a phrase is cut.
#[derive(Clone, Copy, Default)]
pub(super) struct Prepared {
    /// "And recovered" was found, which asks for recovery as well.
    pub(super) recovered: bool,
    /// The phrase says how far apart a treatment and the entry must be.
    pub(super) apart: bool,
    /// A treatment may be named.
    pub(super) named: bool,
}

/// Prepares a phrase.
pub(super) fn prepare(phrase: &mut Phrase, context: &Context<'_>) -> Prepared {
    // Most phrases name no treatment, and most idioms speak of one.
    let adjective = |e: &Element| e.sense == Sense::Word && ADJECTIVES.iter().any(|(word, _)| *word == e.text.as_str());
    if !phrase.elements.iter().any(|e| is_treatment(e, context) || adjective(e)) {
        courses::reasons(phrase);
        remarks(phrase);
        concurrent(phrase);
        resistance(phrase);
        return Prepared { recovered: recovered(phrase), apart: false, named: false };
    }
    share_nouns(phrase, context);
    non_class(phrase, context);
    based_conjugates(phrase);
    courses::prepare(phrase, context);
    let apart = intervals::between(phrase) | intervals::ended(phrase, context);
    took_part(phrase);
    remarks(phrase);
    concurrent(phrase);
    either_time(phrase);
    pronouns(phrase);
    resistance(phrase);
    Prepared { recovered: recovered(phrase), apart, named: true }
}

/// The requirement that toxicity of earlier treatment has gone.
pub(super) fn recovery() -> Requirement {
    Requirement::Atom(Atom::Condition(Condition::new(What::Toxicity, State::Present))).negated()
}

fn joins(element: &Element) -> bool {
    element.is(Cue::Or) || element.is(Cue::And) || matches!(element.sense, Sense::Punctuation(',' | '/'))
}

/// "Endocrine or cytotoxic therapy", "chemotherapy, hormonal or immunotherapy": the adjective is a class of its own.
fn share_nouns(phrase: &mut Phrase, context: &Context<'_>) {
    for at in 0..phrase.len() {
        let Some(element) = phrase.get(at) else { break };
        if !matches!(element.sense, Sense::Word) || phrase.is_used(at) {
            continue;
        }
        let Some((_, class)) = ADJECTIVES.iter().find(|(word, _)| *word == element.text.as_str()) else { continue };
        let treatment = |i: usize| {
            phrase
                .get(i)
                .is_some_and(|e| is_treatment(e, context) || ADJECTIVES.iter().any(|(w, _)| *w == e.text.as_str()))
        };
        let before_list = phrase.get(at + 1).is_some_and(joins) && (at + 2..at + 6).any(treatment);
        let ends_list = at >= 2
            && phrase.get(at - 1).is_some_and(joins)
            && (at.saturating_sub(4)..at).any(treatment)
            && phrase.get(at + 1).is_none_or(|e| joins(e) || e.is(Cue::Therapy) || e.is_char(')'));
        let own_noun = phrase.get(at + 1).is_some_and(|e| {
            e.is(Cue::Therapy)
                || e.sense == Sense::Word && e.text == "based"
                || matches!(e.sense, Sense::Concept(Concept::DrugClass(_))) && e.text.starts_with("anti")
        });
        // "Systemic or targeted therapy" names two, "systemic (anti-cancer) therapy" one.
        let next_shares = phrase.get(at + 2).is_some_and(|e| {
            e.is(Cue::Investigational) || ADJECTIVES.iter().any(|(w, _)| *w == e.text.as_str()) || e.text == "local"
        });
        if *class == "systemic-therapy" && !(before_list && next_shares) {
            continue;
        }
        if (before_list || ends_list || own_noun)
            && let Some(row) = drugs::class_by_id(class)
            && let Some(element) = phrase.elements.get_mut(at)
        {
            element.sense = Sense::Concept(Concept::DrugClass(row as u16));
        }
    }
}

/// "Non-cytotoxic investigational agent": the class is no treatment of its own here, it narrows the next one.
fn non_class(phrase: &mut Phrase, context: &Context<'_>) {
    for at in 0..phrase.len() {
        if !phrase.get(at).is_some_and(|e| e.text == "non" && e.sense == Sense::Word) {
            continue;
        }
        let class = phrase.get(at + 1).filter(|e| matches!(e.sense, Sense::Concept(Concept::DrugClass(_)))).cloned();
        let next = phrase.get(at + 2).is_some_and(|e| is_treatment(e, context));
        if let (Some(class), true) = (class, next) {
            phrase.claim(at);
            if let Some(element) = phrase.elements.get_mut(at + 1) {
                element.sense = Sense::Word;
                element.text = format!("non-{}", class.text).into();
            }
        }
    }
}

/// "Topoisomerase inhibitor-based antibody-drug conjugates": what they carry narrows the conjugates and is no treatment
/// of its own.
fn based_conjugates(phrase: &mut Phrase) {
    let conjugate = |sense: Sense| {
        matches!(sense, Sense::Concept(Concept::DrugClass(row)) if drugs::class_by_id("antibody-drug-conjugate")
            .is_some_and(|c| drugs::class_is_a(usize::from(row), c)))
    };
    payloads(phrase);
    // "A conjugate with an auristatin payload": which conjugates are meant stands behind; the general word names no others.
    for at in 0..phrase.len() {
        let general = matches!(phrase.sense(at), Some(Sense::Concept(Concept::DrugClass(row))) if Some(usize::from(row)) == drugs::class_by_id("antibody-drug-conjugate"));
        let next = (at + 1..at + 4).find(|&i| phrase.sense(i).is_some_and(conjugate));
        let Some(next) = next.filter(|_| general) else { continue };
        let leads = |i: usize| {
            phrase.get(i).is_some_and(|e| {
                e.is(Cue::With) || matches!(e.text.as_str(), "containing" | "bearing" | "carrying" | "with" | "having")
            })
        };
        let plain = |i: usize| leads(i) || phrase.get(i).is_some_and(is_neutral);
        if (at + 1..next).any(leads) && (at + 1..next).all(plain) {
            phrase.claim_range(at, next);
            if let Some(element) = phrase.elements.get_mut(at) {
                element.sense = Sense::Cue(Cue::Filler);
            }
        }
    }
    for at in 1..phrase.len() {
        let based = phrase.get(at).is_some_and(|e| {
            matches!(e.text.as_str(), "based" | "containing" | "bearing" | "carrying" | "payload")
                || e.is(Cue::Therapy) && e.text.starts_with("based")
        });
        let next = (at + 1..at + 3).find(|&i| phrase.sense(i).is_some_and(conjugate));
        let load = phrase.get(at - 1).filter(|e| {
            matches!(e.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_))) && !conjugate(e.sense)
                || matches!(e.text.as_str(), "topoisomerase" | "deruxtecan" | "exatecan" | "camptothecin")
        });
        let (true, Some(load), Some(next)) = (based, load.cloned(), next) else { continue };
        phrase.claim(at);
        let inhibitor =
            ["topoisomerase", "deruxtecan", "exatecan", "camptothecin"].iter().any(|w| load.text.contains(w));
        if inhibitor && let Some(class) = drugs::class_by_id("topoisomerase-1-adc") {
            phrase.claim(at - 1);
            if let Some(element) = phrase.elements.get_mut(next) {
                element.sense = Sense::Concept(Concept::DrugClass(class as u16));
            }
            continue;
        }
        if let Some(element) = phrase.elements.get_mut(at - 1) {
            element.sense = Sense::Word;
            element.text = format!("{}-based", load.text).into();
        }
    }
}

/// "Conjugates with a chemotherapy payload": what every conjugate carries is no treatment of its own.
fn payloads(phrase: &mut Phrase) {
    let toxic = |e: &Element| {
        matches!(
            e.text.as_str(),
            "cytotoxic" | "chemotherapy" | "chemotherapeutic" | "cytotoxic chemotherapy" | "toxic"
        )
    };
    for at in 1..phrase.len() {
        let payload = phrase.get(at).is_some_and(|e| e.text.starts_with("payload"));
        if !payload || !phrase.get(at - 1).is_some_and(toxic) || at < 3 {
            continue;
        }
        phrase.claim(at);
        if let Some(element) = phrase.elements.get_mut(at - 1) {
            element.sense = Sense::Cue(Cue::Filler);
        }
    }
}

/// "Has participated in a prior investigational study": has received what it tests.
fn took_part(phrase: &mut Phrase) {
    let Some(at) = phrase.find(|e| {
        (e.sense == Sense::Word || e.is(Cue::Filler))
            && matches!(
                e.text.as_str(),
                "participated"
                    | "participation"
                    | "participating"
                    | "participate"
                    | "enrolled"
                    | "participates"
                    | "took part"
            )
    }) else {
        return;
    };
    let head = (at + 1..at + 6).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Investigational)));
    let plain = head.is_some_and(|head| {
        (at + 1..head).all(|i| {
            phrase.get(i).is_some_and(|e| {
                is_neutral(e)
                    || e.is(Cue::Prior)
                    || is_idle(e)
                    || matches!(
                        e.text.as_str(),
                        "clinical" | "trial" | "study" | "trials" | "studies" | "clinical trial" | "clinical study"
                    )
            })
        })
    });
    if !plain {
        return;
    }
    let now = phrase.get(at).is_some_and(|e| matches!(e.text.as_str(), "participating" | "enrolled" | "participates"))
        || at.checked_sub(1).and_then(|b| phrase.get(b)).is_some_and(|e| e.is(Cue::Active) || e.is(Cue::Receiving));
    match phrase.elements.get_mut(at) {
        Some(element) if now => element.sense = Sense::Cue(Cue::Receiving),
        _ => phrase.claim(at),
    }
    for i in at..head.unwrap_or(at) {
        if phrase.get(i).is_some_and(|e| {
            matches!(
                e.text.as_str(),
                "clinical" | "trial" | "study" | "trials" | "studies" | "clinical trial" | "clinical study"
            )
        }) {
            phrase.claim(i);
        }
    }
}

/// "Secondary endocrine resistance, defined as relapse within ...": the definition says what is meant.
fn resistance(phrase: &mut Phrase) {
    if !phrase.holds_cue(PROGRESS) {
        return;
    }
    let told =
        phrase.elements.iter().any(|e| e.is(Cue::Recurrent) || e.is(Cue::Progressed) || e.is(Cue::ProgressiveDisease))
            && phrase.elements.iter().any(|e| time_unit(e).is_some());
    let at = phrase.find(|e| e.text.contains("resistan") && e.sense == Sense::Word);
    let Some(at) = at.filter(|_| told) else { return };
    let defined = (at + 1..at + 6).any(|i| {
        phrase
            .get(i)
            .is_some_and(|e| e.is_char(':') || e.text.starts_with("defined") || e.text.starts_with("as defined"))
    });
    let from = (at.saturating_sub(3)..at).find(|&i| {
        phrase.get(i).is_some_and(|e| {
            matches!(e.text.as_str(), "primary" | "secondary" | "acquired" | "endocrine" | "documented" | "hormone")
                || matches!(e.sense, Sense::Concept(Concept::DrugClass(_)))
        })
    });
    if let (true, Some(from)) = (defined, from) {
        phrase.claim_range(from, at + 1);
        for i in at + 1..at + 6 {
            if phrase.get(i).is_some_and(|e| e.text == "defined") {
                phrase.claim(i);
            }
        }
    }
}

/// "Currently receiving chemotherapy or who have received these within 4 weeks": the pronoun stands for what was named.
fn pronouns(phrase: &mut Phrase) {
    for at in 0..phrase.len() {
        let these = phrase.get(at).is_some_and(|e| {
            matches!(e.text.as_str(), "these" | "them" | "such" | "the same")
                && matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler))
        });
        if !these {
            continue;
        }
        let or = (at.saturating_sub(4)..at).rev().find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::Or)));
        let Some(or) = or else { continue };
        let told = (or + 1..at).any(|i| {
            phrase.get(i).is_some_and(|e| e.is(Cue::Received))
                || phrase.get(i).is_some_and(|e| e.text.contains("received"))
        });
        let plain = (or + 1..at).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || e.is(Cue::Prior)));
        if !told || !plain {
            continue;
        }
        phrase.claim_range(or, at + 1);
        for i in 0..or {
            if let Some(element) = phrase.elements.get_mut(i)
                && element.is(Cue::Receiving)
            {
                element.sense = Sense::Cue(Cue::Filler);
            }
        }
    }
}

/// "(Cohort 1 only)", "(t1/2)", "(last injection)", "(cycle 1 day 1)": remarks that ask nothing of their own.
fn remarks(phrase: &mut Phrase) {
    if !phrase.names(Named::Bracket) {
        return;
    }
    for open in 0..phrase.len() {
        if !phrase.get(open).is_some_and(|e| e.is_char('(') || e.is_char('[')) {
            continue;
        }
        let Some(close) = (open + 1..phrase.len().min(open + 9))
            .find(|&i| phrase.get(i).is_some_and(|e| e.is_char(')') || e.is_char(']')))
        else {
            continue;
        };
        let text = |i: usize| phrase.get(i).map_or("", |e| e.text.as_str());
        let words = |test: &dyn Fn(usize) -> bool| (open + 1..close).all(test);
        let group =
            matches!(text(open + 1), "cohort" | "cohorts" | "arm" | "arms" | "part" | "parts" | "phase" | "for cohort")
                && (open + 1..close).any(|i| text(i) == "only")
                && words(&|i| {
                    phrase.get(i).is_some_and(|e| {
                        matches!(e.sense, Sense::Number(_) | Sense::Word | Sense::Punctuation(_))
                            || is_neutral(e)
                            || joins(e)
                    }) && text(i).chars().count() <= 7
                });
        let half_life = text(open + 1) == "t" || text(open + 1) == "t½" || text(open + 1).starts_with("t1");
        let last = words(&|i| {
            phrase.get(i).is_some_and(|e| e.is(Cue::LastDose) || e.is(Cue::Filler))
                || matches!(text(i), "last" | "injection" | "dose" | "infusion" | "administration" | "final")
        });
        let anchor = words(&|i| phrase.get(i).is_some_and(|e| e.is(Cue::Anchor) || e.is(Cue::Filler)));
        // "(standard or experimental)": whatever it was.
        let any_kind = words(&|i| {
            phrase.get(i).is_some_and(|e| {
                joins(e)
                    || e.is(Cue::Investigational)
                    || e.is(Cue::Filler)
                    || matches!(
                        text(i),
                        "standard"
                            | "experimental"
                            | "approved"
                            | "marketed"
                            | "commercial"
                            | "systemic"
                            | "local"
                            | "oral"
                            | "intravenous"
                            | "iv"
                            | "parenteral"
                            | "any"
                            | "partial"
                            | "complete"
                    )
            })
        }) && (open + 1..close).any(|i| phrase.get(i).is_some_and(|e| e.is(Cue::Or) || e.is_char('/')));
        if group || any_kind || half_life && close <= open + 6 || last || anchor {
            phrase.claim_range(open, close + 1);
        }
    }
}

/// "At least 4 weeks since prior and no concurrent chemotherapy": what goes on is recent as well.
pub(super) fn concurrent(phrase: &mut Phrase) {
    if !phrase.holds_cue(Cues::of(&[Cue::And])) {
        return;
    }
    let Some(prior) = phrase.find(|e| e.is(Cue::Since) || e.is(Cue::Prior)) else { return };
    let Some(and) = (prior + 1..prior + 3).find(|&i| phrase.get(i).is_some_and(|e| e.is(Cue::And))) else { return };
    let not = phrase.get(and + 1).is_some_and(|e| e.is(Cue::Not) && e.text.starts_with("no"));
    let now = phrase.get(and + 2).is_some_and(|e| {
        e.is(Cue::Receiving) || e.is(Cue::Active) || matches!(e.text.as_str(), "concurrent" | "other")
    });
    let timed = (0..prior).any(|i| phrase.get(i).is_some_and(|e| time_unit(e).is_some()));
    if not && now && timed {
        phrase.claim_range(and, and + 3);
    }
}

/// "Are currently receiving or have previously received": received at any time.
fn either_time(phrase: &mut Phrase) {
    let now = |e: &Element| e.is(Cue::Receiving) || e.is(Cue::Active) && e.text.ends_with("ly");
    let past = |e: &Element| {
        e.is(Cue::Received)
            || e.is(Cue::LastDose)
            || e.is(Cue::Prior)
            || matches!(e.text.as_str(), "completed" | "finished")
    };
    for at in 1..phrase.len() {
        if !phrase.get(at).is_some_and(|e| e.is(Cue::Or)) || phrase.is_used(at) {
            continue;
        }
        let left = (0..at).rev().take(3).find(|&i| phrase.get(i).is_some_and(|e| now(e) || past(e)));
        let right = (at + 1..at + 4).find(|&i| phrase.get(i).is_some_and(|e| now(e) || past(e)));
        let (Some(left), Some(right)) = (left, right) else { continue };
        let plain = |from: usize, to: usize| {
            (from..to).all(|i| phrase.get(i).is_some_and(|e| is_neutral(e) || now(e) || past(e)))
        };
        let mixed = phrase.get(left).is_some_and(now) != phrase.get(right).is_some_and(now);
        let same = phrase.get(left).is_some_and(past) && phrase.get(right).is_some_and(past);
        if !(mixed || same) || !plain(left, at) || !plain(at + 1, right) {
            continue;
        }
        phrase.claim(at);
        // The narrower of the two says nothing beside the wider one.
        for i in [left, right] {
            if mixed && phrase.get(i).is_some_and(now) {
                phrase.claim(i);
                if let Some(element) = phrase.elements.get_mut(i) {
                    element.sense = Sense::Cue(Cue::Filler);
                }
            }
        }
    }
}

/// "... since prior radiotherapy and recovered": the recovery is asked for besides.
fn recovered(phrase: &mut Phrase) -> bool {
    if !phrase.holds_cue(Cues::of(&[Cue::Resolved])) {
        return false;
    }
    let Some(at) = phrase.find(|e| e.is(Cue::Resolved) && e.text.contains("recover")) else { return false };
    let Some(and) = at.checked_sub(1).filter(|&b| phrase.get(b).is_some_and(|e| e.is(Cue::And))) else { return false };
    let rest_is_open = phrase.get(at + 1).is_none_or(|e| matches!(e.sense, Sense::Punctuation('.' | ';' | '(')));
    if !rest_is_open || !phrase.get(and.wrapping_sub(1)).is_some_and(|e| !is_neutral(e) || e.is_char(')')) {
        return false;
    }
    phrase.claim_range(and, at + 1);
    true
}

/// "Must have completed and fully recovered from X", where the recovery is read: whoever recovered has completed it.
pub(super) fn completed_and_recovered(phrase: &mut Phrase) -> bool {
    let Some(at) = phrase.find(|e| e.is(Cue::LastDose) && e.text.ends_with("completed")) else { return false };
    let and = phrase.get(at + 1).is_some_and(|e| e.is(Cue::And));
    let recovered = (at + 2..at + 5)
        .any(|i| phrase.is_used(i) && phrase.get(i).is_some_and(|e| e.is(Cue::Resolved) || e.text.contains("recover")));
    if !(and && recovered) {
        return false;
    }
    phrase.claim_range(at, at + 2);
    true
}
