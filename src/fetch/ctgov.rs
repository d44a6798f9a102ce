//! ClinicalTrials.gov, API v2 (OpenAPI description 2.0.5): pages by token.
//!
//! A page may be empty and yet not the last, and the last one has no token; so neither says that the walk is whole.
//! It is whole when as many studies were seen as the registry counts before and after, on the same data.

use super::FetchError;
use super::client::{Answer, Fault, Request, unreadable};
use super::staging::{Forget, Item, Step};
use super::walk::{NAMELESS, RESTARTS, Walk, Whole, mark};
use crate::registry::source::Records;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Cursor as Bytes;
use std::path::Path;

/// What is asked of each study: its registration, not its results.
const FIELDS: &str = "ProtocolSection|HasResults";
/// Studies that are looked up in one request.
const LOOKED_UP: usize = 100;
/// Empty pages in a row after which a walk is given up.
const EMPTY_PAGES: u32 = 20;

/// Where a walk stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// The day from which on changes are asked for; everything is asked for without it.
    since: Option<Date>,
    /// The time of the registry's data.
    data: Option<String>,
    /// The number of studies as counted at the start.
    total: Option<u64>,
    /// The token of the next page.
    token: Option<String>,
    /// All tokens so far.
    tokens: Vec<String>,
    pages: u32,
    empty: u32,
    restarts: u8,
    /// Whether all pages are there.
    listed: bool,
    /// How many of the studies that left the query were looked up.
    looked_up: usize,
    done: bool,
}

/// Walks through the answers to a query.
pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<Whole, FetchError> {
    let mut cursor: Cursor = match walk.cursor()? {
        Some(cursor) => cursor,
        None => Cursor { since: walk.since(), ..Cursor::default() },
    };
    while !cursor.done {
        if !cursor.listed {
            list(walk, &mut cursor).await?;
        }
        let items = walk.belonging(cursor.since.is_none())?;
        if cursor.since.is_some() {
            let total = count(walk, None).await?;
            walk.check_total(total)?;
            if items.len() as u64 != total {
                walk.say("the changes do not explain the new count; asking for everything");
                cursor = Cursor { restarts: cursor.restarts, ..Cursor::default() };
                walk.keep(&cursor, &Step::again(Forget::Everything))?;
                continue;
            }
        }
        let studies = walk.to_look_up(&items, cursor.since.is_none());
        look_up(walk, &mut cursor, &studies).await?;
        cursor.done = true;
        walk.keep_place(&cursor)?;
    }
    let data = cursor.data.as_deref().and_then(|data| data.parse::<DateTime>().ok());
    Ok(Whole {
        basis: data.map_or(walk.day, |data| data.date().min(walk.day)),
        items: walk.belonging(cursor.since.is_none())?,
        full: cursor.since.is_none(),
    })
}

/// Takes page after page until the count is reached.
async fn list(walk: &mut Walk<'_>, cursor: &mut Cursor) -> Result<(), FetchError> {
    let data = version(walk).await?;
    if cursor.pages > 0 && cursor.data != data {
        restart(walk, cursor, "the registry has newer data")?;
    }
    cursor.data = data;
    if let Some(total) = cursor.total {
        walk.show_start(total, walk.seen()?);
    }
    let mut go_on = false;
    loop {
        let total = cursor.total.unwrap_or_default();
        let seen = walk.seen()?;
        let through = cursor.pages > 0 && (cursor.token.is_none() || cursor.empty >= EMPTY_PAGES);
        let enough = cursor.pages > 0 && seen >= total;
        if !through && (go_on || !enough) {
            go_on = false;
            match page(walk, cursor).await {
                // A token lives as long as the registry likes.
                Err(FetchError::Refused { .. }) if cursor.token.is_some() => {
                    restart(walk, cursor, "the registry does not know its own token any more")?;
                }
                page => take(walk, cursor, page?).await?,
            }
            continue;
        }
        let now = count(walk, cursor.since).await?;
        let data = version(walk).await?;
        if seen == now && cursor.data == data {
            walk.listener.finish();
            cursor.listed = true;
            return walk.keep_place(cursor);
        }
        if now == total && cursor.data == data && !through {
            // More were seen than counted; what follows may say why.
            go_on = true;
            continue;
        }
        let detail = match cursor.data == data {
            true if now != total => format!("the registry counted {total} studies and counts {now} now"),
            true => format!("the registry counts {total} studies and gave {seen}"),
            false => "the registry's data changed on the way".to_owned(),
        };
        restart(walk, cursor, &detail)?;
        cursor.data = data;
    }
}

/// Keeps a page.
async fn take(walk: &mut Walk<'_>, cursor: &mut Cursor, page: Listing) -> Result<(), FetchError> {
    if cursor.pages == 0 {
        let total = match page.total {
            Some(total) => total,
            None => count(walk, cursor.since).await?,
        };
        if cursor.since.is_none() {
            walk.check_total(total)?;
        }
        cursor.total = Some(total);
        walk.show_start(total, 0);
    }
    cursor.pages += 1;
    cursor.empty = if page.studies.is_empty() { cursor.empty + 1 } else { 0 };
    // A token that was there before leads in a circle.
    cursor.token = page.next.filter(|token| !cursor.tokens.contains(token));
    cursor.tokens.extend(cursor.token.clone());
    let count = page.studies.len() as u64;
    let step = step(walk, cursor, page.studies)?;
    walk.keep(cursor, &step)?;
    walk.listener.advance(count);
    Ok(())
}

/// Begins the walk again, or gives it up.
fn restart(walk: &mut Walk<'_>, cursor: &mut Cursor, detail: &str) -> Result<(), FetchError> {
    walk.listener.finish();
    if cursor.restarts >= RESTARTS {
        return Err(walk.not_whole(detail));
    }
    walk.say(&format!("{detail}; beginning again"));
    *cursor =
        Cursor { since: cursor.since, data: cursor.data.clone(), restarts: cursor.restarts + 1, ..Cursor::default() };
    walk.keep(cursor, &Step::again(Forget::Everything))
}

/// Sorts the studies of a page into what is kept.
fn step(walk: &Walk<'_>, cursor: &Cursor, studies: Vec<Study>) -> Result<Step, FetchError> {
    let mut step = Step::default();
    let mut records: Vec<Vec<u8>> = Vec::new();
    for study in studies {
        // A full answer holds only what was asked for, also where a field is missing or has a new word in it.
        let wanted = cursor.since.is_none()
            || walk.query.statuses.is_empty()
            || study.status.as_ref().is_some_and(|status| walk.query.statuses.contains(status));
        // A study without an identifier is counted, and refused by name when the records are read.
        let id = study.id.unwrap_or_else(|| format!("{NAMELESS}{}", mark(&study.record)));
        let mark = mark(&study.record);
        let held = walk.held.contains(&id);
        if (wanted || held) && !walk.has_elsewhere(&id, &mark, held)? {
            records.push(study.record);
        }
        step.items.push(Item { id, mark, belongs: wanted });
    }
    if !records.is_empty() {
        let lines = [b"[".to_vec(), records.join(&b",\n"[..]), b"]".to_vec()].concat();
        step.page = Some(walk.page(&format!("page {}", cursor.pages), lines));
    }
    Ok(step)
}

/// Looks up studies of the last complete run by their identifiers: they left the query, are gone, or were refused.
async fn look_up(walk: &mut Walk<'_>, cursor: &mut Cursor, left: &[String]) -> Result<(), FetchError> {
    while let Some(batch) = left.get(cursor.looked_up..).and_then(|rest| rest.chunks(LOOKED_UP).next()) {
        let ids = batch.join(",");
        let size = batch.len().to_string();
        let query = [("filter.ids", ids.as_str()), ("pageSize", size.as_str()), ("fields", FIELDS)];
        let request = Request::get(walk.base.join(&["studies"], &query));
        let mut studies = walk.client.ask(&request, read_page).await?.studies;
        let mut gone = Vec::new();
        let answered: BTreeSet<String> = studies.iter().filter_map(|study| study.id.clone()).collect();
        for id in batch.iter().filter(|id| !answered.contains(*id)) {
            // A study that became part of another one answers under that one's name.
            let request = Request::get(walk.base.join(&["studies", id], &[("fields", FIELDS)]));
            let study = walk.client.ask(&request, read_study).await?;
            if study.as_ref().and_then(|study| study.id.as_ref()) != Some(id) {
                gone.push(id.clone());
            }
            studies.extend(study);
        }
        // They belong to the query no more, so they are no items of it.
        let records: Vec<Vec<u8>> = studies.into_iter().map(|study| study.record).collect();
        let page = (!records.is_empty()).then(|| {
            let lines = [b"[".to_vec(), records.join(&b",\n"[..]), b"]".to_vec()].concat();
            walk.page(&format!("studies looked up, from {}", cursor.looked_up + 1), lines)
        });
        cursor.looked_up += batch.len();
        walk.keep(cursor, &Step { page, gone, ..Step::default() })?;
    }
    Ok(())
}

/// A page of studies.
struct Listing {
    total: Option<u64>,
    next: Option<String>,
    studies: Vec<Study>,
}

struct Study {
    id: Option<String>,
    status: Option<String>,
    record: Vec<u8>,
}

/// The parameters that every request of a walk repeats.
fn parameters(walk: &Walk<'_>, since: Option<Date>) -> Vec<(&'static str, String)> {
    let mut parameters = vec![("query.cond", walk.query.words.clone())];
    match since {
        // Without a status: a study that is closed now must be heard of.
        Some(since) => {
            parameters.push(("filter.advanced", format!("AREA[LastUpdatePostDate]RANGE[{since},MAX]")));
        }
        None if walk.query.statuses.is_empty() => {}
        None => parameters.push(("filter.overallStatus", walk.query.statuses.join(","))),
    }
    parameters
}

fn request(walk: &Walk<'_>, parameters: &[(&'static str, String)]) -> Request {
    let query: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Request::get(walk.base.join(&["studies"], &query))
}

async fn page(walk: &Walk<'_>, cursor: &Cursor) -> Result<Listing, FetchError> {
    let mut parameters = parameters(walk, cursor.since);
    parameters.push(("fields", FIELDS.into()));
    // What changes meanwhile moves to the end, where the walk still comes by.
    parameters.push(("sort", "LastUpdatePostDate:asc".into()));
    parameters.push(("pageSize", walk.settings.page_size.to_string()));
    match &cursor.token {
        Some(token) => parameters.push(("pageToken", token.clone())),
        None => parameters.push(("countTotal", "true".into())),
    }
    walk.client.ask(&request(walk, &parameters), read_page).await
}

/// Counts the studies of the query.
async fn count(walk: &Walk<'_>, since: Option<Date>) -> Result<u64, FetchError> {
    let mut parameters = parameters(walk, since);
    parameters.push(("fields", "NCTId".into()));
    parameters.push(("pageSize", "1".into()));
    parameters.push(("countTotal", "true".into()));
    let listing = walk.client.ask(&request(walk, &parameters), read_page).await?;
    listing.total.ok_or_else(|| walk.not_whole("the registry does not say how many studies there are"))
}

/// Gives the time of the registry's data, where it says so.
async fn version(walk: &Walk<'_>) -> Result<Option<String>, FetchError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        data_timestamp: Option<String>,
    }
    let request = Request::get(walk.base.join(&["version"], &[]));
    let read = |answer: Answer| {
        let Some(body) = answer.body else { return Ok(None) };
        let version: Version = serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
        Ok(version.data_timestamp)
    };
    walk.client.ask(&request, read).await
}

fn read_page(answer: Answer) -> Result<Listing, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Envelope {
        studies: Vec<serde::de::IgnoredAny>,
        total_count: Option<u64>,
        next_page_token: Option<String>,
    }
    let body = answer.body.ok_or_else(|| Fault::passing("it answered that there is no such page"))?;
    let envelope: Envelope = serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
    let studies = if envelope.studies.is_empty() { Vec::new() } else { studies(body)? };
    if studies.len() != envelope.studies.len() {
        return Err(Fault::passing("its page cannot be split into studies"));
    }
    Ok(Listing { total: envelope.total_count, next: envelope.next_page_token.filter(|next| !next.is_empty()), studies })
}

fn read_study(answer: Answer) -> Result<Option<Study>, Fault> {
    let Some(body) = answer.body else { return Ok(None) };
    serde_json::from_slice::<serde::de::IgnoredAny>(&body).map_err(|error| unreadable(&body, &error))?;
    Ok(Some(study(body.trim_ascii().to_vec())))
}

/// Splits a page into its studies, byte for byte.
fn studies(body: Vec<u8>) -> Result<Vec<Study>, Fault> {
    let broken = |error: crate::registry::FileError| Fault::passing(error.to_string());
    let records = Records::new(Path::new("its page"), Bytes::new(body)).map_err(broken)?;
    records.map(|record| record.map(|record| study(record.bytes)).map_err(broken)).collect()
}

/// Looks up what the walk needs to know of a study; everything may be missing.
fn study(record: Vec<u8>) -> Study {
    let value = |pointer: &str, tree: &serde_json::Value| {
        tree.pointer(pointer).and_then(serde_json::Value::as_str).map(|text| text.trim().to_owned())
    };
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        protocol_section: Option<Section>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Section {
        #[serde(default)]
        identification_module: serde_json::Value,
        #[serde(default)]
        status_module: serde_json::Value,
    }
    let head = serde_json::from_slice::<Head>(&record).ok().and_then(|head| head.protocol_section);
    let id = head.as_ref().and_then(|head| value("/nctId", &head.identification_module)).filter(|id| !id.is_empty());
    let status = head.as_ref().and_then(|head| value("/overallStatus", &head.status_module));
    Study { id, status, record }
}
