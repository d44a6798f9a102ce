//! EU CTIS: a search by pages, then each study by its number (as ctrdata does; there is no official description).
//!
//! The search has no filter by date. So it is always walked whole, and only the studies whose row in it differs
//! from that of the last complete run are retrieved.

use super::FetchError;
use super::client::{Answer, Fault, Request, unreadable};
use super::staging::{Forget, Item, Step};
use super::walk::{RESTARTS, Walk, Whole, check_records, mark};
use crate::store::Page;
use serde::{Deserialize, Serialize};

/// Rows of a page of the search; ctrdata asks for as many.
const ROWS: u64 = 100;
/// The server gives no rows beyond this one; the rest is to be had from the other end (ctrdata).
const LAST_ROW: u64 = 10_000;

/// Where a walk stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// The next page of the search, counted from 1.
    page: u64,
    /// Whether the search is walked from its other end.
    ascending: bool,
    total: Option<u64>,
    restarts: u8,
    listed: bool,
    done: bool,
}

impl Cursor {
    const START: Self = Self { page: 1, ascending: false, total: None, restarts: 0, listed: false, done: false };
}

/// Walks through the answers to a query.
pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<Whole, FetchError> {
    let mut cursor: Cursor = walk.cursor()?.unwrap_or(Cursor::START);
    while !cursor.done {
        if !cursor.listed {
            list(walk, &mut cursor).await?;
        }
        match retrieve(walk, &cursor).await? {
            None => {
                cursor.done = true;
                walk.keep_place(&cursor)?;
            }
            Some(lost) => restart(walk, &mut cursor, &format!("{lost} is listed and cannot be retrieved"))?,
        }
    }
    Ok(Whole { basis: walk.day, items: walk.belonging(true)?, full: walk.since().is_none() })
}

/// Takes page after page of the search until the count is reached.
async fn list(walk: &mut Walk<'_>, cursor: &mut Cursor) -> Result<(), FetchError> {
    if let Some(total) = cursor.total {
        walk.show_start(total, walk.seen()?);
    }
    loop {
        if let Some(total) = cursor.total {
            let seen = walk.seen()?;
            let through = (cursor.page - 1) * rows(walk) >= total.min(LAST_ROW);
            if seen == total {
                let now = search(walk, 1, 1, false).await?.total;
                if now == total {
                    walk.listener.finish();
                    cursor.listed = true;
                    return walk.keep_place(cursor);
                }
                restart(walk, cursor, &format!("the registry counted {total} studies and counts {now} now"))?;
            } else if through && total > LAST_ROW && !cursor.ascending {
                cursor.ascending = true;
                cursor.page = 1;
                walk.keep_place(cursor)?;
            } else if through || seen > total {
                restart(walk, cursor, &format!("the registry counts {total} studies and gave {seen}"))?;
            }
        }
        let listing = search(walk, cursor.page, rows(walk), cursor.ascending).await?;
        match cursor.total {
            None => {
                walk.check_total(listing.total)?;
                cursor.total = Some(listing.total);
                walk.show_start(listing.total, 0);
            }
            Some(total) if total != listing.total => {
                let now = listing.total;
                restart(walk, cursor, &format!("the registry counted {total} studies and counts {now} now"))?;
                continue;
            }
            Some(_) => {}
        }
        cursor.page += 1;
        walk.listener.advance(listing.rows.len() as u64);
        walk.keep(cursor, &Step { items: listing.rows, ..Step::default() })?;
    }
}

/// Begins the walk again, or gives it up.
fn restart(walk: &mut Walk<'_>, cursor: &mut Cursor, detail: &str) -> Result<(), FetchError> {
    walk.listener.finish();
    if cursor.restarts >= RESTARTS {
        return Err(walk.not_whole(detail));
    }
    walk.say(&format!("{detail}; beginning again"));
    *cursor = Cursor { restarts: cursor.restarts + 1, ..Cursor::START };
    walk.keep(cursor, &Step::again(Forget::Items))
}

/// Retrieves the studies that have changed, and those that left the query since the last complete run. Gives the
/// one that is listed and cannot be had.
async fn retrieve(walk: &mut Walk<'_>, cursor: &Cursor) -> Result<Option<String>, FetchError> {
    let items = walk.belonging(true)?;
    let known = walk.previous.filter(|_| !walk.settings.full).map(|run| &run.items);
    let changed = items
        .iter()
        .filter(|(id, mark)| !walk.held.contains(*id) || known.and_then(|known| known.get(*id)) != Some(*mark));
    let left = walk.to_look_up(&items, true).into_iter().map(|id| (id, None));
    // A record is kept under the mark of its row: one of another row is fetched anew.
    let mut wanted: Vec<(String, Option<&str>)> =
        changed.map(|(id, mark)| (id.clone(), Some(mark.as_str()))).chain(left).collect();
    let total = wanted.len() as u64;
    let (kept, gone) = (walk.staging.page_names(walk.registry)?, walk.staging.gone(walk.registry)?);
    wanted.retain(|(id, mark)| !kept.contains(&name(id, *mark)) && !gone.contains(id));

    walk.show_start(total, total - wanted.len() as u64);
    for (id, mark) in wanted {
        let request = Request::get(walk.base.join(&["retrieve", &id], &[]));
        let step = match walk.client.ask(&request, |answer| read_study(answer, &id)).await? {
            Some(bytes) => Step { page: Some(Page { name: name(&id, mark), bytes }), ..Step::default() },
            None if mark.is_some() => return Ok(Some(id)),
            None => Step { gone: vec![id], ..Step::default() },
        };
        walk.keep(cursor, &step)?;
        walk.listener.advance(1);
    }
    walk.listener.finish();
    Ok(None)
}

/// Names the record of a study.
fn name(id: &str, mark: Option<&str>) -> String {
    format!("{id} {}", mark.unwrap_or("no longer listed"))
}

/// A page of the search.
struct Listing {
    total: u64,
    rows: Vec<Item>,
}

fn rows(walk: &Walk<'_>) -> u64 {
    walk.settings.page_size.min(ROWS)
}

async fn search(walk: &Walk<'_>, page: u64, size: u64, ascending: bool) -> Result<Listing, FetchError> {
    let statuses: Vec<u8> = walk.query.statuses.iter().filter_map(|status| status.parse().ok()).collect();
    let mut criteria = serde_json::json!({ "containAll": walk.query.words });
    if !statuses.is_empty()
        && let Some(criteria) = criteria.as_object_mut()
    {
        criteria.insert("status".into(), statuses.into());
    }
    let body = serde_json::json!({
        "pagination": { "page": page, "size": size },
        "searchCriteria": criteria,
        "sort": { "property": "decisionDate", "direction": if ascending { "ASC" } else { "DESC" } },
    });
    let request = Request { url: walk.base.join(&["search"], &[]), body: Some(body.to_string()) };
    walk.client.ask(&request, read_listing).await
}

fn read_listing(answer: Answer) -> Result<Listing, Fault> {
    #[derive(Deserialize)]
    struct Envelope {
        pagination: Pagination,
        data: Vec<serde_json::Value>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Pagination {
        total_records: u64,
    }
    let body = answer.body.ok_or_else(|| Fault::passing("it answered that there is no such page"))?;
    let envelope: Envelope = serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
    let rows = envelope.data.iter().map(|row| {
        let number = row.get("ctNumber").and_then(serde_json::Value::as_str).map(str::trim);
        let id =
            number.filter(|id| !id.is_empty()).ok_or_else(|| Fault::passing("a row of its list has no ctNumber"))?;
        Ok(Item { id: id.to_owned(), mark: mark(row.to_string().as_bytes()), belongs: true })
    });
    Ok(Listing { total: envelope.pagination.total_records, rows: rows.collect::<Result<_, Fault>>()? })
}

/// Checks that an answer is the whole record of a study; `None` where the registry has none.
fn read_study(answer: Answer, id: &str) -> Result<Option<Vec<u8>>, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        ct_number: Option<String>,
    }
    let Some(body) = answer.body else { return Ok(None) };
    let head: Head = serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
    match head.ct_number.as_deref().map(str::trim) {
        Some(found) if found == id => check_records(&body, 1).map(|()| Some(body)),
        Some(found) => Err(Fault::passing(format!("asked for {id}, it answered with {found}"))),
        None => Err(Fault::passing("its answer is no study (it has no ctNumber)")),
    }
}
