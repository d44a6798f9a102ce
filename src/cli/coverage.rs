//! `trialmatch coverage`: how much of the registries' words is read. For the people who build the reader.

use super::output::{Output, tell};
use super::{Failure, progress};
use crate::criteria::{Criterion, Requirement, read_trial};
use crate::grammar::characters::normalise;
use crate::grammar::spelling::fold;
use crate::registry::source::Records;
use crate::registry::{FileError, Record};
use crate::report::WriteError;
use crate::store::collect_files;
use crate::trial::{Span, Trial};
use clap::Args;
use rayon::prelude::*;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

/// Records that are read in parallel before the next are taken from the file.
const BATCH: usize = 512;

/// Measure how much of the eligibility texts is read
///
/// Counts criteria of the text; those of structured fields are left out, since they are always read.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Files or folders of registry records, in any form that `import` takes
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// List the N most frequent pieces of text that are not read
    #[arg(long, value_name = "N", default_value_t = 40)]
    unread: usize,
    /// List the N most frequent criteria that are not read at all, whole
    #[arg(long, value_name = "N", default_value_t = 0)]
    sentences: usize,
    /// List pieces and sentences of criteria of this kind only (`Her2`, `Therapy`, `unread` ...)
    #[arg(long, value_name = "NAME")]
    kind: Option<String>,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

/// What is counted.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Coverage {
    trials: usize,
    refused: usize,
    criteria: usize,
    kinds: BTreeMap<String, Kind>,
    clinical: Clinical,
    unread: Vec<Counted>,
    sentences: Vec<Counted>,
}

/// One kind of criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Kind {
    criteria: usize,
    read: usize,
}

/// Criteria that a fact of the profile could settle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Clinical {
    criteria: usize,
    read: usize,
    partly: usize,
    unread: usize,
}

/// A piece of text and how often it occurs.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Counted {
    count: usize,
    text: String,
}

/// How much of one criterion was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
    Nothing,
}

/// One criterion, as far as it counts here.
struct Seen {
    kind: &'static str,
    extent: Extent,
    pieces: Vec<String>,
    sentence: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let sources = collect_files(&arguments.files)
        .map_err(|(path, error)| Failure::Input(format!("cannot read {}: {error}", path.display())))?;
    let bar = progress::bar(None, "trials");
    let mut tally = Tally { kind: arguments.kind.as_deref(), ..Tally::default() };
    for source in &sources {
        let refused = |error: FileError| Failure::input(&error);
        let mut records = Records::open(&source.path).map_err(refused)?;
        loop {
            let batch: Vec<Record> = records.by_ref().take(BATCH).collect::<Result<_, _>>().map_err(refused)?;
            if batch.is_empty() {
                break;
            }
            bar.inc(batch.len() as u64);
            let read: Vec<_> =
                batch.into_par_iter().map(|record| record.trial().ok().map(|trial| seen(&trial))).collect();
            read.into_iter().for_each(|trial| tally.add(trial));
        }
    }
    bar.finish_and_clear();
    if let Some(kind) = &arguments.kind
        && !tally.coverage.kinds.keys().any(|known| known.eq_ignore_ascii_case(kind))
    {
        let known: Vec<&str> = tally.coverage.kinds.keys().map(String::as_str).collect();
        tell(format_args!("warning: no criterion is of kind `{kind}`; there are {}", known.join(", ")));
    }
    let coverage = tally.finish(arguments.unread, arguments.sentences);
    let mut output = Output::open(None)?;
    if arguments.json {
        serde_json::to_writer_pretty(&mut output, &coverage).map_err(WriteError::Json)?;
        writeln!(output).map_err(WriteError::Io)?;
    } else {
        write(&coverage, &mut output).map_err(WriteError::Io)?;
    }
    output.finish()
}

/// Reads a trial and says of each criterion of its text how much was understood.
fn seen(trial: &Trial) -> Vec<Seen> {
    let characters: Vec<char> = trial.eligibility.chars().collect();
    let text = |span: Span| folded(characters.get(span.start as usize..span.end as usize).unwrap_or_default());
    let criteria = read_trial(trial).criteria;
    criteria
        .iter()
        .filter_map(|criterion| {
            let span = criterion.span?;
            let (kind, extent) = classify(criterion);
            let pieces = criterion.requirement.unread().into_iter().map(text).collect();
            Some(Seen { kind, extent, pieces, sentence: (extent == Extent::Nothing).then(|| text(span)) })
        })
        .collect()
}

/// The kind of the first atom, and how much was read. Without an atom: what the criterion asks of a person, or nothing.
fn classify(criterion: &Criterion) -> (&'static str, Extent) {
    let mut kind = None;
    let mut asks_person = false;
    criterion.requirement.visit(&mut |node| match node {
        Requirement::Atom(atom) => {
            kind.get_or_insert(atom.kind());
        }
        Requirement::Confirm => asks_person = true,
        _ => {}
    });
    match (kind, criterion.requirement.has_unread()) {
        (Some(kind), false) => (kind, Extent::Whole),
        (Some(kind), true) => (kind, Extent::Part),
        (None, true) => ("unread", Extent::Nothing),
        (None, false) if asks_person => ("administrative", Extent::Whole),
        (None, false) => ("permission", Extent::Whole),
    }
}

/// Folds words as the vocabulary does, so that spellings of the same piece count together.
fn folded(characters: &[char]) -> String {
    let text: String = characters.iter().collect();
    let text: String = normalise(&text).iter().map(|character| character.value).collect();
    text.trim_start_matches(['*', '-', '•', '·', ' ']).split_whitespace().map(fold).collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Tally<'a> {
    kind: Option<&'a str>,
    coverage: Coverage,
    pieces: BTreeMap<String, usize>,
    sentences: BTreeMap<String, usize>,
}

impl Tally<'_> {
    fn add(&mut self, trial: Option<Vec<Seen>>) {
        let Some(criteria) = trial else {
            self.coverage.refused += 1;
            return;
        };
        self.coverage.trials += 1;
        self.coverage.criteria += criteria.len();
        for seen in criteria {
            let kind = self.coverage.kinds.entry(seen.kind.to_owned()).or_default();
            kind.criteria += 1;
            kind.read += usize::from(seen.extent == Extent::Whole);
            if !["administrative", "permission"].contains(&seen.kind) {
                let clinical = &mut self.coverage.clinical;
                clinical.criteria += 1;
                *match seen.extent {
                    Extent::Whole => &mut clinical.read,
                    Extent::Part => &mut clinical.partly,
                    Extent::Nothing => &mut clinical.unread,
                } += 1;
            }
            if self.kind.is_none_or(|wanted| wanted.eq_ignore_ascii_case(seen.kind)) {
                seen.pieces.into_iter().for_each(|piece| *self.pieces.entry(piece).or_default() += 1);
                seen.sentence.into_iter().for_each(|text| *self.sentences.entry(text).or_default() += 1);
            }
        }
    }

    fn finish(mut self, pieces: usize, sentences: usize) -> Coverage {
        self.coverage.unread = most_frequent(self.pieces, pieces);
        self.coverage.sentences = most_frequent(self.sentences, sentences);
        self.coverage
    }
}

fn most_frequent(counts: BTreeMap<String, usize>, limit: usize) -> Vec<Counted> {
    let mut counted: Vec<Counted> = counts.into_iter().map(|(text, count)| Counted { count, text }).collect();
    // The sort is stable, so pieces of equal count stay in the order of the alphabet.
    counted.sort_by_key(|counted| Reverse(counted.count));
    counted.truncate(limit);
    counted
}

fn write(coverage: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let share = |part: usize, of: usize| if of == 0 { 0.0 } else { part as f64 / of as f64 * 100.0 };
    writeln!(
        out,
        "{} trials ({} refused), {} criteria of the texts",
        coverage.trials, coverage.refused, coverage.criteria
    )?;
    let Clinical { criteria, read, partly, unread } = coverage.clinical;
    writeln!(
        out,
        "{criteria} clinical: {:.1} % read ({read}), {:.1} % partly ({partly}), {:.1} % unread ({unread})",
        share(read, criteria),
        share(partly, criteria),
        share(unread, criteria)
    )?;
    writeln!(out, "\n{:>24} {:>9} {:>9} {:>7}", "kind", "criteria", "read", "share")?;
    let mut kinds: Vec<(&String, &Kind)> = coverage.kinds.iter().collect();
    kinds.sort_by_key(|(_, kind)| Reverse(kind.criteria));
    for (name, kind) in kinds {
        writeln!(out, "{name:>24} {:>9} {:>9} {:>6.1}%", kind.criteria, kind.read, share(kind.read, kind.criteria))?;
    }
    for (title, list) in
        [("pieces that are not read", &coverage.unread), ("criteria that are not read", &coverage.sentences)]
    {
        if !list.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for Counted { count, text } in list {
            writeln!(out, "{count:>7}  {text}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_kinds_extents_and_pieces() {
        let text = "Inclusion Criteria:\n\n* ECOG performance status 0 or 1\n* Signed informed consent\n* Zorbled quuxes of the flim\n\
                    * Zorbled quux of the flim";
        let record = serde_json::json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT90000001", "briefTitle": "Invented"},
            "eligibilityModule": {"eligibilityCriteria": text}
        }});
        let trial = crate::registry::ctgov::read_study(record.to_string().as_bytes()).unwrap();
        let mut tally = Tally::default();
        tally.add(Some(seen(&trial)));
        tally.add(None);
        let coverage = tally.finish(10, 10);
        assert_eq!((coverage.trials, coverage.refused, coverage.criteria), (1, 1, 4));
        assert_eq!(coverage.clinical, Clinical { criteria: 3, read: 1, partly: 0, unread: 2 });
        assert_eq!(coverage.kinds.keys().collect::<Vec<_>>(), ["PerformanceStatus", "administrative", "unread"]);
        assert_eq!(coverage.sentences, [Counted { count: 2, text: "zorbled quux of the flim".to_owned() }]);
    }
}
