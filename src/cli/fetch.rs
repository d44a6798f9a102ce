//! `trialmatch fetch`: registry records from the registries themselves.

use super::output::tell;
use super::{Failure, import, progress, snapshot};
use crate::fetch::{self, Base, FetchError, FetchReport, Limits, Listener, Settings};
use crate::report::text::visible;
use crate::store::Progress;
use crate::trial::Registry;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The longest pause between two requests that --rate can ask for, in seconds.
const SLOWEST: f64 = 3600.0;

/// Bring registry records into the index from the registries
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    trialmatch fetch\n  \
    trialmatch fetch --registry ctgov,isrctn --condition \"breast cancer\" --status recruiting\n  \
    trialmatch fetch --full\n\n\
    Fetches what has changed since the last complete run; everything on the first one. Killed or cut off, the next run goes on\n\
    where it stopped. Nothing is published of a registry whose answers do not add up to its own count; what was there stays.\n\
    WHO ICTRP has no interface for programs: export there, and bring the file in with `trialmatch import`.")]
pub struct Arguments {
    /// Registries to ask
    #[arg(long, value_enum, value_delimiter = ',', value_name = "REGISTRY", default_value = "ctgov,isrctn,ctis")]
    registry: Vec<Name>,
    /// Words for the studies to fetch; may be given several times (default: breast cancer, and advanced solid tumours)
    #[arg(long, value_name = "TEXT")]
    condition: Vec<String>,
    /// Statuses to fetch, or `all` (default: recruiting, about to, by invitation, and active)
    #[arg(long, value_delimiter = ',', value_name = "STATUS")]
    status: Vec<String>,
    /// Ask for everything again, and not only for what has changed; do so every month or two
    #[arg(long)]
    full: bool,
    /// Accept that a registry has over 5 % fewer studies than at the last complete run
    #[arg(long)]
    accept_shrink: bool,
    /// Address to use for a registry, such as ctgov=http://127.0.0.1:9000/api/v2; https alone outside of this machine
    #[arg(long, value_name = "REGISTRY=URL", value_parser = base)]
    base_url: Vec<(Name, Base)>,
    /// Requests a second to one registry; `off`, for a registry on this machine, asks without a pause
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = rate)]
    rate: Rate,
    /// Seconds that a registry may be silent; a whole answer may take ten times as long
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// How often a request is made again after trouble that may pass
    #[arg(long, value_name = "NUMBER", default_value_t = 6)]
    retries: usize,
    /// Seconds before the first repetition; each next pause is twice as long
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    first_pause: Duration,
    /// Seconds of the longest pause
    #[arg(long, hide = true, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    longest_pause: Duration,
    /// The largest answer, in bytes
    #[arg(long, hide = true, value_name = "BYTES", default_value_t = 256 << 20)]
    largest_answer: usize,
    /// Studies on a page
    #[arg(long, hide = true, value_name = "NUMBER", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=1000))]
    page_size: u64,
    /// The day that the records are of (default: today, UTC)
    #[arg(long, hide = true, value_name = "DATE")]
    day: Option<Date>,
}

/// A registry with an interface for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// ClinicalTrials.gov
    Ctgov,
    /// ISRCTN
    Isrctn,
    /// EU CTIS
    Ctis,
    /// WHO ICTRP: has no interface for programs; export there and use `trialmatch import`
    Ictrp,
}

impl Name {
    fn registry(self) -> Registry {
        match self {
            Self::Ctgov => Registry::Ctgov,
            Self::Isrctn => Registry::Isrctn,
            Self::Ctis => Registry::Ctis,
            Self::Ictrp => Registry::Ictrp,
        }
    }
}

/// Requests a second; `None` for no pause.
#[derive(Clone, Copy, Debug)]
struct Rate(Option<f64>);

fn rate(text: &str) -> Result<Rate, String> {
    if text == "off" {
        return Ok(Rate(None));
    }
    match text.parse::<f64>() {
        Ok(rate) if (1.0 / SLOWEST..=1000.0).contains(&rate) => Ok(Rate(Some(rate))),
        _ => Err("expected a number of requests a second, such as 0.5, or `off`".into()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| *seconds > 0.0 && *seconds <= 86_400.0);
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "expected a number of seconds, more than 0".into())
}

fn base(text: &str) -> Result<(Name, Base), String> {
    let (name, address) = text.split_once('=').ok_or("expected REGISTRY=URL")?;
    let name = Name::from_str(name.trim(), true).map_err(|_| "expected ctgov, isrctn or ctis before `=`".to_owned())?;
    Base::read(address.trim()).map(|base| (name, base)).map_err(|error| error.to_string())
}

/// Tells on standard error and by bars how a fetch goes on.
#[derive(Default)]
struct Teller {
    bars: progress::Bars,
}

impl Progress for Teller {
    fn start(&self, total: Option<u64>, what: &str) {
        self.bars.start(total, what);
    }

    fn advance(&self, count: u64) {
        self.bars.advance(count);
    }

    fn finish(&self) {
        self.bars.finish();
    }
}

impl Listener for Teller {
    fn say(&self, line: &str) {
        self.bars.aside(|| tell(format_args!("{}", visible(line))));
    }
}

/// Runs the command.
pub fn run(index: &Path, arguments: &Arguments) -> Result<(), Failure> {
    let settings = settings(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Input(format!("cannot start: {error}")))?;
    let teller = Teller::default();
    let report = runtime.block_on(fetch::fetch(index, &settings, &teller)).map_err(failure)?;
    said(&settings, report)
}

fn settings(arguments: &Arguments) -> Result<Settings, Failure> {
    let mut registries: Vec<Registry> = arguments.registry.iter().map(|name| name.registry()).collect();
    registries.sort();
    registries.dedup();
    if registries.contains(&Registry::Ictrp) || arguments.base_url.iter().any(|(name, _)| *name == Name::Ictrp) {
        return Err(Failure::Input(
            "WHO ICTRP has no interface for programs; export the trials at trialsearch.who.int as XML or CSV, \
             and bring the file in with `trialmatch import`"
                .into(),
        ));
    }
    let conditions: Vec<String> = arguments.condition.iter().map(|text| text.trim().to_owned()).collect();
    if conditions.iter().any(String::is_empty) {
        return Err(Failure::Input("--condition is empty; give the words to look for".into()));
    }
    let bases =
        arguments.base_url.iter().map(|(name, base)| (name.registry(), base.clone())).collect::<BTreeMap<_, _>>();
    Ok(Settings {
        registries,
        conditions,
        statuses: statuses(&arguments.status)?,
        full: arguments.full,
        accept_shrink: arguments.accept_shrink,
        bases,
        limits: Limits {
            rate: arguments.rate.0,
            timeout: arguments.timeout,
            retries: arguments.retries,
            first_pause: arguments.first_pause,
            longest_pause: arguments.longest_pause,
            largest_answer: arguments.largest_answer,
        },
        page_size: arguments.page_size,
        now: snapshot::now(),
        day: arguments.day.unwrap_or_else(snapshot::today),
    })
}

/// Reads the statuses in any spelling; in one order, so that the same ones are the same query.
fn statuses(given: &[String]) -> Result<Vec<String>, Failure> {
    if given.iter().any(|word| word.eq_ignore_ascii_case("all")) {
        return Ok(Vec::new());
    }
    let written = |word: &str| word.trim().to_uppercase().replace([' ', '-'], "_");
    let asked: Vec<String> = given.iter().map(|word| written(word)).collect();
    if let Some(unknown) = asked.iter().find(|word| !fetch::statuses().any(|(known, _)| known == word.as_str())) {
        let nearest = fetch::statuses()
            .map(|(known, _)| known)
            .max_by(|one, other| strsim::jaro_winkler(one, unknown).total_cmp(&strsim::jaro_winkler(other, unknown)));
        let words: Vec<&str> = fetch::statuses().map(|(known, _)| known).collect();
        return Err(Failure::Input(format!(
            "--status: `{unknown}` is no status that can be fetched; did you mean {}? Known are {} and all",
            nearest.unwrap_or("RECRUITING"),
            words.join(", ")
        )));
    }
    let wanted = fetch::statuses()
        .filter(|(known, open)| if asked.is_empty() { *open } else { asked.iter().any(|word| word == known) });
    Ok(wanted.map(|(known, _)| known.to_owned()).collect())
}

fn failure(error: FetchError) -> Failure {
    match error {
        FetchError::Store(error) => snapshot::failure(error),
        FetchError::Import(crate::store::ImportError::Store(error)) => snapshot::failure(error),
        FetchError::Import(error @ crate::store::ImportError::AllRefused { .. }) => {
            Failure::Network(super::failure::chain(&error))
        }
        error if error.is_network() => Failure::Network(super::failure::chain(&error)),
        error => Failure::input(&error),
    }
}

/// Says what was done.
fn said(settings: &Settings, report: FetchReport) -> Result<(), Failure> {
    for query in &report.queries {
        tell(format_args!(
            "{}: “{}”: {} studies, {}",
            fetch::word(query.registry),
            visible(&query.query),
            query.studies,
            if query.full { "all asked for" } else { "changes asked for" }
        ));
    }
    if let Some(import) = &report.import {
        import::said(import);
        if report.gone > 0 {
            tell(format_args!("records taken out, since their registry no longer has them: {}", report.gone));
        }
    }
    if report.failed.is_empty() {
        return Ok(());
    }
    let reasons: Vec<String> = report.failed.iter().map(|(_, error)| super::failure::chain(error)).collect();
    let names: Vec<&str> = report.failed.iter().map(|(registry, _)| fetch::word(*registry)).collect();
    let rest = match report.import {
        Some(_) => "the others are published",
        None => "the index is as it was",
    };
    let asked = settings.registries.len();
    Err(Failure::Network(format!(
        "{} of {asked} registries not fetched ({}), {rest}: {}",
        names.len(),
        names.join(", "),
        reasons.join("; ")
    )))
}
