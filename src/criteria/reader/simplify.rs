//! Parentheses and examples that add nothing: "(ANC)" behind its name, "(e.g. ...)", "including but not limited to".

use crate::criteria::reader::shared_nouns;
use crate::grammar::elements::{Comparison, Cue, Element, Sense};
use crate::grammar::phrase::is_neutral;
use crate::lexicon::concepts::Concept;
use crate::lexicon::{cancers, conditions, drugs, sites};

/// The text of the joiner of "at least one, but not more than two".
pub const AND_AT_MOST: &str = "and not";

/// Drops what repeats or only exemplifies.
pub fn simplify(elements: &[Element]) -> Vec<Element> {
    let mut out: Vec<Element> = Vec::with_capacity(elements.len());
    let mut at = 0;
    while let Some(element) = elements.get(at) {
        // "Other CDK4/6 inhibitors": one of the class is meant not to count. A word that nobody knows narrows it.
        if matches!(element.text.as_str(), "other" | "another" | "different" | "any other")
            && elements.get(at + 1).is_some_and(names_few_drugs)
            && !elements
                .iter()
                .any(|e| ["allerg", "hypersens", "reaction", "cumulative"].iter().any(|w| e.text.contains(w)))
        {
            out.push(Element { sense: Sense::Word, text: "one other".into(), ..element.clone() });
            at += 1;
            continue;
        }
        if element.is_char('(') || element.is_char('[') {
            let close = closing(elements, at);
            let inside = elements.get(at + 1..close).unwrap_or_default();
            if let Some(first) = inside.first().filter(|e| e.is(Cue::Including))
                && widens(&out, inside.get(1..).unwrap_or_default())
            {
                out.push(Element { sense: Sense::Cue(Cue::Or), text: "or".into(), ..first.clone() });
                out.extend(inside.iter().skip(1).cloned());
                at = close + 1;
                continue;
            }
            if droppable(inside, out.last()) || is_enumerator(inside) {
                at = close + 1;
                continue;
            }
        }
        // "Evidence or history of X": history is enough. "Symptomatic evidence" is another matter.
        if matches!(element.text.as_str(), "evidence" | "presence" | "sign" | "current evidence" | "clinical evidence")
            && elements.get(at + 1).is_some_and(|e| e.is(Cue::Or))
            && elements.get(at + 2).is_some_and(|e| e.is(Cue::History))
            && !out.last().is_some_and(|e| e.is(Cue::Symptomatic) || e.is(Cue::Not))
        {
            at += 2;
            continue;
        }
        // "Patients aged 40 or more with X and those aged less than 40 with Y": one of the two groups.
        if element.is(Cue::And)
            && elements.get(at + 1).is_some_and(|e| e.text == "those")
            && elements
                .get(at + 2)
                .is_some_and(|e| e.is(Cue::With) || matches!(e.text.as_str(), "who" | "aged" | "with"))
        {
            out.push(Element { sense: Sense::Cue(Cue::Or), text: "or".into(), ..element.clone() });
            at += 1;
            continue;
        }
        // "Normal bilirubin, and in patients with Gilbert's syndrome bilirubin below ...": a limit of their own.
        if element.is(Cue::And) && opens_group_with_limit(elements, at) {
            out.push(Element { sense: Sense::Punctuation(','), text: ",".into(), ..element.clone() });
            at += 1;
            continue;
        }
        // "A history of any of the following conditions: A, B or C" lists what is meant in the same sentence.
        if element.is(Cue::OneOf)
            && !out.is_empty()
            && element.text.starts_with("any of the following")
            && elements.get(at + 1).is_some_and(|e| e.is_char(':'))
            && elements.get(at + 2).is_some_and(|e| matches!(e.sense, Sense::Concept(_)))
            && elements.iter().skip(at).any(|e| e.is(Cue::Or))
        {
            at += 2;
            continue;
        }
        // "Suspected X that cannot be ruled out by imaging" is suspected X.
        if let Some(end) = not_ruled_out(elements, at, out.last()) {
            at = end;
            continue;
        }
        if element.is(Cue::If)
            && element.text == "where"
            && out.last().is_some_and(|e| e.is(Cue::Or))
            && elements.get(at + 1).is_some_and(|e| e.is(Cue::Suspected))
        {
            at += 1;
            continue;
        }
        // "Small (< 2 cm)": the bracket says what the word means.
        if element.sense == Sense::Word
            && elements.get(at + 1).is_some_and(|e| e.is_char('('))
            && elements.get(at + 2).is_some_and(|e| matches!(e.sense, Sense::Compare(_)))
            && elements.get(at + 3).is_some_and(|e| matches!(e.sense, Sense::Number(_)))
            && matches!(element.text.as_str(), "small" | "large" | "elevated" | "high" | "low" | "bulky")
        {
            out.push(Element { sense: Sense::Cue(Cue::Filler), ..element.clone() });
            at += 1;
            continue;
        }
        if let Some(end) = reference(elements, at) {
            at = end;
            continue;
        }
        if does_not_matter(element) {
            at = clause_end(elements, at + 1);
            continue;
        }
        if element.is(Cue::Including) && names_by_examples(&out, elements.get(at + 1..).unwrap_or_default()) {
            // "CNS disease, such as stroke or epilepsy": the examples say what is meant.
            while out.last().is_some_and(|e| {
                matches!(e.sense, Sense::Concept(Concept::Site(_)) | Sense::Punctuation(',') | Sense::Cue(Cue::Filler))
            }) {
                out.pop();
            }
            at += 1;
            continue;
        }
        // "With exceptions such as X": X are the exceptions.
        if element.is(Cue::Including) && out.last().is_some_and(|e| e.is(Cue::Except)) {
            at += 1;
            continue;
        }
        if element.is(Cue::Including)
            && !out.is_empty()
            && !includes_a_demand(elements, at, &out)
            && !shared_nouns::threaten(&out)
        {
            let end = examples_end(elements, at + 1);
            if element.text.starts_with("includ") && widens(&out, elements.get(at + 1..end).unwrap_or_default()) {
                out.push(Element { sense: Sense::Cue(Cue::Or), text: "or".into(), ..element.clone() });
                at += 1;
                continue;
            }
            other_disease(&mut out, elements.get(at + 1..end).unwrap_or_default());
            at = end;
            continue;
        }
        // "Naive to X or must have progressed on it": one requirement of two.
        if element.is(Cue::Must) && out.last().is_some_and(|e| e.is(Cue::Or)) && out.iter().any(|e| e.is(Cue::Naive)) {
            at += 1;
            continue;
        }
        // "No history of X" denies the past as well.
        if element.is(Cue::Not) && element.text.ends_with("history of") {
            out.push(Element { text: "no".into(), ..element.clone() });
            out.push(Element { sense: Sense::Cue(Cue::History), text: "history of".into(), ..element.clone() });
            at += 1;
            continue;
        }
        // "A malignancy other than the disease under study" is another malignancy.
        if element.is(Cue::Except)
            && let Some(end) = under_study(elements, at)
            && let Some(last) = out.last_mut()
            && matches!(last.sense, Sense::Concept(Concept::Cancer(_)))
            && let Some(row) = conditions::by_name("other malignancy").and_then(|row| u16::try_from(row).ok())
        {
            last.sense = Sense::Concept(Concept::Condition(row));
            last.text = "other malignancy".into();
            at = end;
            continue;
        }
        // "No other active malignancy": "other" tells the tumour from the one under study.
        if element.is(Cue::Not)
            && element.text == "no other"
            && let Some(tumour) =
                elements.iter().skip(at + 1).take(8).position(|e| matches!(e.sense, Sense::Concept(_)))
            && let Some(named) = elements.get(at + 1 + tumour)
            && matches!(named.sense, Sense::Concept(Concept::Cancer(_)))
        {
            out.push(Element { text: "no".into(), ..element.clone() });
            out.push(Element { sense: Sense::Word, text: "other".into(), ..element.clone() });
            at += 1;
            continue;
        }
        // "No prior X" of a disease denies it as "no history of X" does.
        if element.is(Cue::Naive) && denies_a_disease(element, elements.get(at + 1..).unwrap_or_default()) {
            out.push(Element { sense: Sense::Cue(Cue::Not), text: "no".into(), ..element.clone() });
            out.push(Element { sense: Sense::Cue(Cue::History), text: "history of".into(), ..element.clone() });
            at += 1;
            continue;
        }
        // "At least one, but not more than two": a second bound, no exception.
        if element.is(Cue::Except)
            && element.text == "but not"
            && let Some(next) = elements.get(at + 1)
            && let Sense::Compare(comparison) = next.sense
            && let Some(opposite) = comparison.opposite()
        {
            out.push(Element { sense: Sense::Cue(Cue::And), text: AND_AT_MOST.into(), ..element.clone() });
            out.push(Element { sense: Sense::Compare(opposite), ..next.clone() });
            at += 2;
            continue;
        }
        out.push(element.clone());
        at += 1;
    }
    shared_nouns::spread(&mut out);
    negation_of_all(&mut out);
    once(&mut out);
    out
}

/// Whether "and patients with a disease: ..." follows that limits what is limited before it.
fn opens_group_with_limit(elements: &[Element], at: usize) -> bool {
    let lab = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Lab(_)));
    let after: Vec<&Element> = elements.iter().skip(at + 1).take(9).collect();
    let people = after
        .iter()
        .take(2)
        .any(|e| e.is(Cue::If) || ["patient", "participant", "subject"].iter().any(|word| e.text.starts_with(word)));
    let Some(disease) = after.iter().position(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_)))) else {
        return false;
    };
    let Some(limited) = after.iter().skip(disease).find(|e| lab(e)) else { return false };
    people && disease <= 4 && elements.iter().take(at).any(|e| e.sense == limited.sense)
}

/// "No prior A or B" denies both: the negation is taken off the words of treatment, so that it stands before the list.
fn negation_of_all(items: &mut Vec<Element>) {
    let Some(at) = items.iter().position(|e| !is_neutral(e)) else { return };
    let Some(first) = items.get(at).filter(|e| e.is(Cue::Naive)).cloned() else { return };
    let denies = ["no ", "not ", "never", "has not", "have not", "must not", "without", "who have not"]
        .iter()
        .any(|w| first.text.starts_with(w))
        && !first.text.contains("more");
    let mut ors = items.iter().enumerate().skip(at).filter(|(_, e)| e.is(Cue::Or)).map(|(i, _)| i).peekable();
    // "No prior chemotherapy for LCIS": the disease is what the treatment was for.
    let purpose = items.iter().enumerate().skip(at).any(|(i, e)| {
        matches!(e.sense, Sense::Concept(Concept::Condition(_)))
            && (i.saturating_sub(3)..i).any(|b| items.get(b).is_some_and(|b| b.text == "for"))
            && items.iter().take(i).any(|t| matches!(t.sense, Sense::Concept(Concept::Drug(_) | Concept::DrugClass(_))))
    });
    if !denies || ors.peek().is_none() && !purpose {
        return;
    }
    // "No prior chemotherapy, or one line": the second member says something of its own.
    let own = |i: usize| {
        items.iter().skip(i + 1).find(|e| !is_neutral(e)).is_some_and(|e| {
            matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
                || e.is(Cue::Not)
                || e.is(Cue::Naive)
                || e.is(Cue::Progressed)
                || e.is(Cue::Received)
        })
    };
    let clause = items.iter().skip(at + 1).any(|e| {
        e.is(Cue::And)
            || matches!(e.sense, Sense::Cue(Cue::Must | Cue::MustNot | Cue::Allowed | Cue::May | Cue::If | Cue::Unless))
            || e.is_char('.')
            || e.is_char(';')
    });
    // "No prior chemotherapy, or one prior line": the number is the most that may be.
    let cap = items.iter().enumerate().skip(at + 1).find_map(|(i, e)| {
        let number = items.get(i + 1).is_some_and(|n| matches!(n.sense, Sense::Number(_)));
        let line = items.iter().skip(i + 2).take(4).any(|n| n.is(Cue::Line));
        (e.is(Cue::Or) && number && line).then_some(i + 1)
    });
    if let Some(cap) = cap
        && let Some(number) = items.get(cap).cloned()
    {
        let sense = Sense::Compare(Comparison::LessEqual);
        items.insert(cap, Element { sense, text: "at most".into(), ..number });
        return;
    }
    if ors.any(own) || clause {
        return;
    }
    let prior = first.text.contains("prior") || first.text.contains("previous");
    let told = Element {
        sense: Sense::Cue(if prior { Cue::Prior } else { Cue::Received }),
        text: if prior { "prior" } else { "received" }.into(),
        ..first.clone()
    };
    let text = if first.text.starts_with("no ") { "no" } else { "have not" };
    if let Some(element) = items.get_mut(at) {
        *element = Element { sense: Sense::Cue(Cue::Not), text: text.into(), ..first };
    }
    items.insert(at + 1, told);
}

/// "Interstitial lung disease (ILD)/pneumonitis", one disease by two names: the second says nothing new.
fn once(items: &mut Vec<Element>) {
    let mut at = 0;
    while at + 2 < items.len() {
        let same = match (items.get(at).map(|e| e.sense), items.get(at + 2).map(|e| e.sense)) {
            (Some(Sense::Concept(Concept::Condition(a))), Some(Sense::Concept(Concept::Condition(b)))) => a == b,
            _ => false,
        };
        let joined = items.get(at + 1).is_some_and(|e| e.is_char('/') || e.is(Cue::Or));
        if same && joined {
            items.drain(at + 1..at + 3);
        } else {
            at += 1;
        }
    }
}

/// One past "that cannot be ruled out by imaging at screening", where it begins here behind a disease.
fn not_ruled_out(elements: &[Element], at: usize, before: Option<&Element>) -> Option<usize> {
    let disease = before.is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_))) || e.is_char(')'));
    if !disease {
        return None;
    }
    let text = |i: usize| elements.get(i).map_or("", |e| e.text.as_str());
    let mut next = at;
    if matches!(text(next), "that" | "which" | "where" | "it") {
        next += 1;
    }
    if !matches!(text(next), "cannot be" | "cannot" | "can not be" | "not" | "could not be") {
        return None;
    }
    next += 1;
    if matches!(text(next), "be" | "been") {
        next += 1;
    }
    next = match (text(next), text(next + 1)) {
        ("ruled", "out") => next + 2,
        ("ruled out" | "excluded", _) => next + 1,
        _ => return None,
    };
    while elements.get(next).is_some_and(|e| {
        e.is(Cue::Filler)
            || e.is(Cue::Anchor)
            || matches!(
                e.text.as_str(),
                "radiograph" | "diagnostic" | "radiology" | "radiological" | "chest" | "tomography"
            )
    }) {
        next += 1;
    }
    Some(next)
}

/// One past "other than the disease under study", "other than breast cancer", where it begins at this place.
fn under_study(elements: &[Element], at: usize) -> Option<usize> {
    let mut told = false;
    let mut next = at + 1;
    while let Some(element) = elements.get(next) {
        let breast = matches!(element.sense, Sense::Concept(Concept::Cancer(row))
            if cancers::all().get(usize::from(row)).is_some_and(|c| c.breast));
        let words = || element.text.split(' ');
        let telling = ["study", "studied", "investigation", "index", "current", "trial", "treated"];
        let plain = [
            "the",
            "a",
            "disease",
            "cancer",
            "under",
            "in",
            "this",
            "their",
            "malignancy",
            "tumor",
            "one",
            "being",
            "for",
            "primary",
            "present",
            "that",
            "of",
            "is",
            "breast",
            "diagnosis",
            "clinical",
        ];
        told |= breast || words().any(|w| telling.contains(&w));
        let fits = breast
            || !matches!(element.sense, Sense::Concept(Concept::Condition(_) | Concept::Cancer(_)))
                && words().all(|w| telling.contains(&w) || plain.contains(&w));
        if !fits {
            break;
        }
        next += 1;
    }
    told.then_some(next)
}

/// "Testing is not required": asks nothing.
pub(super) fn needs_no_test(inside: &[Element]) -> bool {
    let says = |words: &[&str]| inside.iter().any(|e| words.iter().any(|w| e.text.contains(w)));
    inside.len() <= 12
        && says(&["test", "screening", "serolog"])
        && says(&["mandatory", "required", "necessary", "needed"])
        && inside
            .iter()
            .any(|e| e.is(Cue::Not) || e.is(Cue::MustNot) || e.text.split(' ').any(|w| w == "not" || w == "no"))
        && !inside
            .iter()
            .any(|e| matches!(e.sense, Sense::Number(_) | Sense::Compare(_) | Sense::Cue(Cue::If | Cue::Unless)))
}

/// Whether what was never had is a disease: the first thing named behind "no prior".
fn denies_a_disease(denial: &Element, behind: &[Element]) -> bool {
    let plain = matches!(
        denial.text.as_str(),
        "no prior" | "no previous" | "without prior" | "without previous" | "without any prior" | "had no prior"
    );
    plain
        && behind
            .iter()
            .take(8)
            .find(|e| matches!(e.sense, Sense::Concept(_)) || e.is(Cue::Therapy) || e.is(Cue::Investigational))
            .is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_))))
}

/// One past what points to another page: "Appendix 3", "section 5.1", "table 2", the year of a guideline ("2018
/// ASCO/CAP guidelines"), the number of a footnote behind a full stop ("guidelines.23").
fn reference(elements: &[Element], at: usize) -> Option<usize> {
    let element = elements.get(at)?;
    let number = |i: usize| matches!(elements.get(i).map(|e| e.sense), Some(Sense::Number(_)));
    if matches!(element.text.as_str(), "appendix" | "section" | "table" | "annex" | "figure") {
        let letter = elements.get(at + 1).is_some_and(|e| e.text.len() == 1 && e.sense == Sense::Word);
        let mut end = at + 1 + usize::from(number(at + 1) || letter);
        // "5.1.2".
        while end > at + 1 && elements.get(end).is_some_and(|e| e.is_char('.') && !e.spaced) && number(end + 1) {
            end += 2;
        }
        return (end > at + 1).then_some(end);
    }
    let Sense::Number(value) = element.sense else { return None };
    let guideline = |i: Option<usize>| {
        i.and_then(|i| elements.get(i)).is_some_and(|e| {
            e.is(Cue::Filler)
                && [
                    "guideline",
                    "asco",
                    "cap",
                    "american society",
                    "college of american",
                    "recist",
                    "ajcc",
                    "criteria",
                    "edition",
                    "nccn",
                    "recommendation",
                ]
                .iter()
                .any(|word| e.text.contains(word))
        })
    };
    let year = (1995.0..2035.0).contains(&value) && value.fract() == 0.0;
    if year && (guideline(Some(at + 1)) || guideline(at.checked_sub(1)) || guideline(at.checked_sub(2))) {
        return Some(at + 1);
    }
    // "Guidelines 55.": a footnote.
    let ends = elements.get(at + 1).is_none_or(|e| e.is_char('.'));
    if ends
        && value > 3.0
        && value.fract() == 0.0
        && at.checked_sub(1).and_then(|i| elements.get(i)).is_some_and(|e| e.text.ends_with("guideline"))
    {
        return Some(at + 1);
    }
    let stop = at.checked_sub(1).and_then(|i| elements.get(i)).is_some_and(|e| e.is_char('.'));
    let footnote = stop
        && !element.spaced
        && value.fract() == 0.0
        && value < 200.0
        && at
            .checked_sub(2)
            .and_then(|i| elements.get(i))
            .is_some_and(|e| matches!(e.sense, Sense::Word | Sense::Cue(Cue::Filler)) && e.text.len() > 3);
    footnote.then_some(at + 1)
}

/// "CNS disease such as stroke" is no metastasis but a disease of the nervous system.
fn other_disease(out: &mut Vec<Element>, examples: &[Element]) {
    let example = examples.iter().find(|e| !is_neutral(e));
    if !example.is_some_and(|e| matches!(e.sense, Sense::Concept(Concept::Condition(_)))) {
        return;
    }
    let noun = |e: &Element| matches!(e.text.as_str(), "disease" | "disorder" | "condition" | "pathology");
    let at =
        out.iter().rposition(|e| !matches!(e.sense, Sense::Punctuation(_))).filter(|at| out.get(*at).is_some_and(noun));
    let Some(site) = at.and_then(|at| at.checked_sub(1)) else { return };
    let central = out.get(site).is_some_and(|e| {
        matches!(e.sense, Sense::Concept(Concept::Site(row)) if sites::all().get(usize::from(row)).is_some_and(|s| s.id == "cns"))
    });
    let row = conditions::by_name("neurological disease").and_then(|row| u16::try_from(row).ok());
    if let (true, Some(row), Some(element)) = (central, row, out.get_mut(site)) {
        element.sense = Sense::Concept(Concept::Condition(row));
        out.truncate(site + 1);
    }
}

/// "At least 2 lines, including a CDK4/6 inhibitor": behind a count, one that is named with its article is asked for.
fn includes_a_demand(elements: &[Element], at: usize, before: &[Element]) -> bool {
    let counted = before.iter().rev().take(14).any(|e| matches!(e.sense, Sense::Number(_)));
    let article = elements.get(at + 1).is_some_and(|e| {
        matches!(e.text.as_str(), "a" | "an" | "both" | "at least one" | "prior")
            || matches!(e.sense, Sense::Number(_) | Sense::Compare(_))
    });
    let drug = elements.iter().skip(at + 1).take(5).any(|e| {
        matches!(
            e.sense,
            Sense::Concept(
                crate::lexicon::concepts::Concept::DrugClass(_) | crate::lexicon::concepts::Concept::Drug(_)
            )
        )
    });
    counted && article && drug
}

/// "Chemotherapy, including antibody-drug conjugates": what is included does not fall under the class before it, so it
/// counts besides.
fn widens(before: &[Element], included: &[Element]) -> bool {
    let class =
        |e: &Element| if let Sense::Concept(Concept::DrugClass(row)) = e.sense { Some(usize::from(row)) } else { None };
    if included.len() > 12 || included.iter().any(|e| e.is(Cue::Not) || e.is_char('(') || e.is_char('[')) {
        return false;
    }
    let Some(base) = before.iter().rev().take(4).find_map(class) else { return false };
    let Some(first) = included.iter().find(|e| !is_neutral(e)).and_then(class) else { return false };
    let whole = |row: usize| {
        drugs::all_classes().get(row).is_some_and(|c| {
            matches!(
                c.id.as_str(),
                "systemic-therapy" | "anticancer-therapy" | "investigational-agent" | "targeted-therapy"
            )
        })
    };
    !whole(base)
        && !whole(first)
        && !drugs::class_is_a(first, base)
        && !drugs::class_is_a(base, first)
        && included.iter().filter_map(class).all(|row| !drugs::class_is_a(row, base) || row == base)
}

/// The place of the bracket that closes the one at `open`, or the end.
pub fn closing(elements: &[Element], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, element) in elements.iter().enumerate().skip(open) {
        if element.is_char('(') || element.is_char('[') {
            depth += 1;
        } else if element.is_char(')') || element.is_char(']') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    elements.len()
}

/// Whether a general name ("disease of an organ") stands before examples that are diseases.
fn names_by_examples(before: &[Element], examples: &[Element]) -> bool {
    let condition = |e: &Element| matches!(e.sense, Sense::Concept(Concept::Condition(_)));
    let general = before
        .iter()
        .rev()
        .take_while(|e| !e.is_char('.'))
        .all(|e| !matches!(e.sense, Sense::Concept(c) if !matches!(c, Concept::Site(_))));
    let site = before.iter().rev().take(4).any(|e| matches!(e.sense, Sense::Concept(Concept::Site(_))));
    general && site && examples.iter().take(2).any(condition)
}

/// "With or without X", "regardless of X": whatever follows asks nothing.
fn does_not_matter(element: &Element) -> bool {
    element.is(Cue::Neutral) && (element.text.starts_with("with or") || element.text.starts_with("whether"))
        || element.is(Cue::NoLimit)
            && ["regardless", "irrespective", "independent"].iter().any(|w| element.text.starts_with(w))
}

/// The end of a clause: a comma, a stop, a bracket, a verb of the sentence.
fn clause_end(elements: &[Element], from: usize) -> usize {
    elements
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, e)| {
            matches!(e.sense, Sense::Punctuation(',' | ';' | '.' | ')'))
                || matches!(
                    e.sense,
                    Sense::Cue(
                        Cue::Allowed | Cue::Forbidden | Cue::Must | Cue::MustNot | Cue::If | Cue::Unless | Cue::Within
                    )
                )
        })
        .map_or(elements.len(), |(at, _)| at)
}

/// "(1)", "(a)" in front of a member of a list inside a sentence.
fn is_enumerator(inside: &[Element]) -> bool {
    match inside {
        [one] => match one.sense {
            Sense::Number(n) => n < 10.0 && n.fract() == 0.0,
            _ => one.text.chars().count() == 1 && one.text.chars().all(|c| matches!(c, 'a'..='h' | 'i' | 'v' | 'x')),
        },
        _ => false,
    }
}

/// Whether an element is a class of a few drugs ("CDK4/6 inhibitor"), not one that holds most of them ("chemotherapy").
fn names_few_drugs(element: &Element) -> bool {
    const FEW: usize = 20;
    match element.sense {
        Sense::Concept(Concept::DrugClass(class)) => (0..drugs::all_drugs().len())
            .filter(|drug| drugs::is_in_class(*drug, usize::from(class)))
            .nth(FEW)
            .is_none(),
        _ => false,
    }
}

fn droppable(inside: &[Element], before: Option<&Element>) -> bool {
    let Some(first) = inside.first() else { return true };
    if first.is(Cue::Including) || needs_no_test(inside) {
        return true;
    }
    // "(transfusions permitted)" asks nothing.
    if inside.iter().any(|e| e.is(Cue::Allowed))
        && !inside.iter().any(|e| {
            matches!(
                e.sense,
                Sense::Number(_) | Sense::Compare(_) | Sense::Cue(Cue::If | Cue::Not | Cue::Unless | Cue::Except)
            )
        })
    {
        return true;
    }
    // "(Wolff et al. 2018)" is a citation.
    if inside.windows(2).any(|pair| matches!(pair, [a, b] if a.text == "et" && b.text == "al")) {
        return true;
    }
    // "(see section 5.1)", "(as above)".
    let points = |e: &Element| {
        matches!(
            e.text.as_str(),
            "see" | "refer to" | "above" | "below" | "as above" | "as below" | "see below" | "see above"
        )
    };
    let idle = |e: &Element| is_neutral(e) || matches!(e.sense, Sense::Number(_)) || points(e);
    if inside.iter().any(points) && inside.iter().all(idle) {
        return true;
    }
    if inside.iter().all(is_neutral) && !inside.iter().any(|e| e.is(Cue::Anchor)) {
        return true;
    }
    match inside {
        // An abbreviation of what stands before it, or the same thing by another name.
        [one] => match (one.sense, before.map(|b| b.sense)) {
            (Sense::Word, Some(_)) => one.text.chars().count() <= 8 && !one.text.chars().all(|c| c.is_ascii_digit()),
            (_, Some(Sense::Cue(Cue::PregnancyTest))) => true,
            (sense, Some(before)) => sense == before,
            _ => false,
        },
        _ => false,
    }
}

/// Where a list of examples ends: at an interval, an exception, a condition, a bracket or the end.
fn examples_end(elements: &[Element], from: usize) -> usize {
    let mut at = from;
    let mut depth = 0usize;
    while let Some(element) = elements.get(at) {
        if element.is_char('(') {
            depth += 1;
        } else if element.is_char(')') {
            if depth == 0 {
                return at;
            }
            depth -= 1;
        }
        let ends = depth == 0
            && (matches!(
                element.sense,
                Sense::Number(_)
                    | Sense::Compare(_)
                    | Sense::Cue(
                        Cue::Within
                            | Cue::Unless
                            | Cue::Except
                            | Cue::If
                            | Cue::Before
                            | Cue::Allowed
                            | Cue::Forbidden
                            | Cue::CatchAll
                            | Cue::Judgement
                            | Cue::SettingMetastatic
                            | Cue::Requiring
                            | Cue::Must
                            | Cue::MustNot
                            | Cue::May
                    )
            ) || element.is_char('.')
                || element.is_char(';'));
        if ends {
            return at;
        }
        at += 1;
    }
    at
}
