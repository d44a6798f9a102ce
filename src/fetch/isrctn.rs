//! ISRCTN: XML, no pages. A query is cut into stretches of time by the day of the last edit until each is small
//! enough for one answer (ctrdata and MDR both ask by `lastEdited`).
//!
//! The stretches are walked from the oldest to the newest, and the newest has no end: a record that is edited
//! meanwhile moves there and is not missed. The walk is whole when as many studies were seen as are counted.

use super::FetchError;
use super::client::{Answer, Fault, Request, is_page};
use super::staging::{Forget, Step};
use super::walk::{NAMELESS, RESTARTS, Walk, Whole, check_records, mark};
use crate::store::Page;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// No record is older (the register began in 2000).
const FIRST_DAY: Date = date(2000, 1, 1);

/// A stretch of time: from the first day on, before the second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stretch {
    from: Option<Date>,
    before: Option<Date>,
    /// The number of studies that were edited in it, once it is known.
    count: Option<u64>,
}

/// Where a walk stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    since: Option<Date>,
    /// The number of studies of the whole query.
    total: Option<u64>,
    /// What is to be walked through; the last one is next.
    stretches: Vec<Stretch>,
    begun: bool,
    restarts: u8,
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
        list(walk, &mut cursor).await?;
        let items = walk.belonging(cursor.since.is_none())?;
        let before = cursor.total.unwrap_or_default();
        let total = count(walk, None, None).await?;
        walk.check_total(total)?;
        if items.len() as u64 != total {
            walk.listener.finish();
            let detail = match total == before {
                true => format!("the registry counts {total} studies and gave {}", items.len()),
                false => format!("the registry counted {before} studies and counts {total} now"),
            };
            let restarts = match cursor.since {
                Some(_) => cursor.restarts,
                None if cursor.restarts >= RESTARTS => return Err(walk.not_whole(detail)),
                None => cursor.restarts + 1,
            };
            walk.say(&format!("{detail}; asking for everything"));
            cursor = Cursor { restarts, ..Cursor::default() };
            walk.keep(&cursor, &Step::again(Forget::Everything))?;
            continue;
        }
        walk.listener.finish();
        let studies = walk.to_look_up(&items, cursor.since.is_none());
        look_up(walk, &mut cursor, &studies).await?;
        cursor.done = true;
        walk.keep_place(&cursor)?;
    }
    let full = cursor.since.is_none();
    Ok(Whole { basis: walk.day, items: walk.belonging(full)?, full })
}

/// Takes stretch after stretch.
async fn list(walk: &mut Walk<'_>, cursor: &mut Cursor) -> Result<(), FetchError> {
    if !cursor.begun {
        let total = count(walk, None, None).await?;
        walk.check_total(total)?;
        cursor.total = Some(total);
        let known = if cursor.since.is_none() { Some(total) } else { None };
        cursor.stretches = vec![Stretch { from: cursor.since, before: None, count: known }];
        cursor.begun = true;
        walk.keep_place(cursor)?;
    }
    let total = cursor.total.unwrap_or_default();
    walk.show_start(total, walk.seen()?);
    while let Some(mut stretch) = cursor.stretches.pop() {
        let count = match stretch.count {
            Some(count) => count,
            None => {
                let count = count(walk, stretch.from, stretch.before).await?;
                stretch.count = Some(count);
                count
            }
        };
        if count == 0 {
            walk.keep_place(cursor)?;
            continue;
        }
        if count > walk.settings.page_size
            && let Some(middle) = middle(&stretch, walk.day)
        {
            cursor.stretches.push(Stretch { from: Some(middle), before: stretch.before, count: None });
            cursor.stretches.push(Stretch { from: stretch.from, before: Some(middle), count: None });
            walk.keep_place(cursor)?;
            continue;
        }
        // A little more than were counted, for those that came since.
        let limit = count.saturating_add(walk.settings.page_size);
        let answer = ask(walk, stretch.from, stretch.before, limit).await?;
        let mut step = Step::default();
        let mut fresh = false;
        for record in &answer.records {
            let item = Walk::item(record.id.clone(), record.bytes.as_bytes(), true);
            fresh |= !walk.has_elsewhere(&item.id, &item.mark, false)?;
            step.items.push(item);
        }
        if fresh {
            let from = stretch.from.map_or_else(|| "the beginning".to_owned(), |day| day.to_string());
            step.page = Some(walk.page(&format!("edited from {from} on"), answer.body.into_bytes()));
        }
        walk.keep(cursor, &step)?;
        walk.listener.advance(step.items.len() as u64);
    }
    Ok(())
}

/// Gives the day that cuts a stretch in two; `None` where it is no longer than a day.
fn middle(stretch: &Stretch, today: Date) -> Option<Date> {
    let from = stretch.from.unwrap_or(FIRST_DAY);
    let before = stretch.before.unwrap_or_else(|| today.saturating_add(1.days()));
    let days = (before - from).get_days();
    (days > 1).then(|| from.saturating_add((days / 2).days()))
}

/// Looks up studies of the last complete run by their identifiers: they left the query, are gone, or were refused.
async fn look_up(walk: &mut Walk<'_>, cursor: &mut Cursor, left: &[String]) -> Result<(), FetchError> {
    for id in left.iter().skip(cursor.looked_up) {
        let request = Request::get(walk.base.join(&["trial", id, "format", "default"], &[]));
        let body = walk.client.ask(&request, read_trial).await?;
        cursor.looked_up += 1;
        let gone = if body.is_none() { vec![id.clone()] } else { Vec::new() };
        let page = body.map(|body| Page { name: id.clone(), bytes: body.into_bytes() });
        walk.keep(cursor, &Step { page, gone, ..Step::default() })?;
    }
    Ok(())
}

/// An answer with several studies.
#[derive(Debug, PartialEq)]
struct Listing {
    total: u64,
    records: Vec<Record>,
    body: String,
}

#[derive(Debug, PartialEq)]
struct Record {
    id: String,
    bytes: String,
}

async fn count(walk: &Walk<'_>, from: Option<Date>, before: Option<Date>) -> Result<u64, FetchError> {
    // `limit=0` gives the count as well, but not from every version of the interface.
    Ok(ask(walk, from, before, 1).await?.total)
}

async fn ask(walk: &Walk<'_>, from: Option<Date>, before: Option<Date>, limit: u64) -> Result<Listing, FetchError> {
    let mut words = walk.query.words.clone();
    if let Some(from) = from {
        words.push_str(&format!(" AND lastEdited GE {from}T00:00:00"));
    }
    if let Some(before) = before {
        words.push_str(&format!(" AND lastEdited LT {before}T00:00:00"));
    }
    let limit_text = limit.to_string();
    let query = [("q", words.as_str()), ("limit", limit_text.as_str())];
    let request = Request::get(walk.base.join(&["query", "format", "default"], &query));
    let read = |answer: Answer| {
        let listing =
            read_listing(text(answer)?.ok_or_else(|| Fault::passing("it answered that there is no such page"))?)?;
        let expected = listing.total.min(limit);
        if listing.records.len() as u64 != expected {
            let found = listing.records.len();
            return Err(Fault::passing(format!("it announced {expected} studies and gave {found}")));
        }
        check_records(listing.body.as_bytes(), listing.records.len())?;
        Ok(listing)
    };
    walk.client.ask(&request, read).await
}

/// Gives a body as text; `None` where there is nothing at the address.
fn text(answer: Answer) -> Result<Option<String>, Fault> {
    let Some(body) = answer.body else { return Ok(None) };
    if is_page(&body) {
        return Err(Fault::passing("it answered with a page for people in the place of XML"));
    }
    if body.trim_ascii().is_empty() {
        return Err(Fault::passing("it answered nothing"));
    }
    String::from_utf8(body).map(Some).map_err(|_| Fault::passing("its answer is no UTF-8 text"))
}

fn read_trial(answer: Answer) -> Result<Option<String>, Fault> {
    let Some(body) = text(answer)? else { return Ok(None) };
    if !body.contains("<fullTrial") {
        return Err(Fault::passing("its answer is no study (fullTrial)"));
    }
    check_records(body.as_bytes(), 1)?;
    Ok(Some(body))
}

/// Finds the studies of an answer without reading them: their tags stand nowhere else, since `<` is escaped in text.
fn read_listing(body: String) -> Result<Listing, Fault> {
    const OPEN: &str = "<fullTrial";
    const CLOSE: &str = "</fullTrial>";
    let (_, rest) =
        body.split_once("<allTrials").ok_or_else(|| Fault::passing("its answer is no list of studies (allTrials)"))?;
    let (head, content) = rest.split_once('>').ok_or_else(|| Fault::passing("its answer is cut short"))?;
    let total = attribute(head, "totalCount").and_then(|total| total.trim().parse().ok());
    let total =
        total.ok_or_else(|| Fault::passing("its answer does not say how many studies there are (totalCount)"))?;
    if !head.ends_with('/') && !content.trim_end().ends_with("</allTrials>") {
        return Err(Fault::passing("its answer is cut short"));
    }
    let mut records = Vec::new();
    let mut rest = content;
    while let Some((_, after)) = rest.split_once(OPEN) {
        let (record, next) = after.split_once(CLOSE).ok_or_else(|| Fault::passing("its answer is cut short"))?;
        let bytes = [OPEN, record, CLOSE].concat();
        let id = identifier(&bytes).unwrap_or_else(|| format!("{NAMELESS}{}", mark(bytes.as_bytes())));
        records.push(Record { id, bytes });
        rest = next;
    }
    Ok(Listing { total, records, body })
}

/// Gives the value of an attribute in a start tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.strip_prefix(quote)?.split(quote).next()
}

/// Gives the identifier of a study: the content of its `isrctn` element, with the register's name before it.
fn identifier(record: &str) -> Option<String> {
    let (_, rest) = record.split_once("<isrctn")?;
    let (_, content) = rest.split_once('>')?;
    let number = content.split('<').next()?.trim();
    let digits = number.strip_prefix("ISRCTN").unwrap_or(number);
    let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    whole.then(|| format!("ISRCTN{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        match read_listing(body.to_owned()) {
            Ok(listing) => {
                let ids: Vec<String> = listing.records.into_iter().map(|record| record.id).collect();
                format!("{}: {}", listing.total, ids.join(" "))
            }
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn studies_are_found_and_cut_answers_noticed() {
        let whole = "<?xml version=\"1.0\"?>\n<allTrials totalCount=\"7\" xmlns=\"http://www.67bricks.com/isrctn\">\
            <fullTrial xmlns:x=\"y\"><trial lastUpdated=\"2026-01-01\"><isrctn dateAssigned=\"2020-01-01\">10000001</isrctn></trial></fullTrial>\n\
            <fullTrial><trial><isrctn>ISRCTN10000002</isrctn></trial></fullTrial></allTrials>\n";
        assert_eq!(said(whole), "7: ISRCTN10000001 ISRCTN10000002");
        assert_eq!(said("<allTrials totalCount='0'/>"), "0: ");
        for length in 0..whole.trim_end().len() {
            let cut = whole.get(..length).unwrap();
            assert!(said(cut).contains("Fault"), "{cut}");
        }
        assert!(said("<allTrials></allTrials>").contains("totalCount"));
        let nameless = said("<allTrials totalCount=\"1\"><fullTrial><trial/></fullTrial></allTrials>");
        assert!(nameless.starts_with("1: (no identifier)"), "{nameless}");
    }

    #[test]
    fn a_stretch_is_cut_until_it_is_a_day() {
        let today = date(2026, 11, 20);
        let stretch = |from, before| Stretch { from, before, count: None };
        assert_eq!(middle(&stretch(None, None), today), Some(date(2013, 6, 11)));
        assert_eq!(middle(&stretch(Some(today), None), today), None);
        assert_eq!(middle(&stretch(Some(date(2026, 11, 18)), None), today), Some(date(2026, 11, 19)));
        assert_eq!(middle(&stretch(Some(date(2026, 1, 1)), Some(date(2026, 1, 2))), today), None);
    }
}
