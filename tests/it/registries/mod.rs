//! A server on this machine that answers as the registries do, after ClinicalTrials.gov's OpenAPI description 2.0.5
//! and what is known of ISRCTN and CTIS, with faults on demand. Real sockets; its records are invented.

mod ctgov;
mod ctis;
mod isrctn;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// An invented study, as each of the registries could have it.
#[derive(Clone, Debug)]
pub struct Study {
    pub number: u32,
    pub status: &'static str,
    /// The day of the last change.
    pub updated: String,
    pub title: String,
    /// Identifiers by which it was known before (ClinicalTrials.gov).
    pub aliases: Vec<String>,
}

impl Study {
    pub fn new(number: u32) -> Self {
        Self {
            number,
            status: if number.is_multiple_of(3) { "NOT_YET_RECRUITING" } else { "RECRUITING" },
            updated: format!("2026-{:02}-{:02}", 1 + number % 9, 1 + number % 27),
            title: format!("Invented study {number} of one drug in breast cancer"),
            aliases: Vec::new(),
        }
    }

    /// A study whose title answers the second of the usual queries alone.
    pub fn of_solid_tumours(number: u32) -> Self {
        Self {
            title: format!("Invented study {number} in advanced solid tumor and advanced solid tumours"),
            ..Self::new(number)
        }
    }

    /// Whether all words stand in the title.
    fn has(&self, words: &[&str]) -> bool {
        let title = self.title.to_lowercase();
        words.iter().all(|word| title.contains(&word.to_lowercase()))
    }

    fn criteria(&self) -> String {
        let line = self.number % 3;
        format!(
            "Inclusion Criteria:\n\n* ECOG performance status of 0 to {line}\n* Invented marker {}\n\nExclusion Criteria:\n\n* Pregnancy",
            self.number
        )
    }
}

/// What goes wrong with an answer.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Another answer: status, further headers, content type, body.
    Answer(u16, &'static str, &'static str, &'static str),
    /// `Retry-After` as a date so many seconds ahead, with status 429.
    RetryAt(i64),
    /// The connection ends in the middle of the body.
    Cut,
    /// The body ends in the middle, and the length given is that of what is sent.
    Half,
    /// The body comes so slowly that it never ends.
    Slow,
    /// The connection ends without an answer.
    Hang,
    /// A piece of the body is another one.
    Replace(&'static str, &'static str),
}

/// A fault for the requests that match.
struct Rig {
    /// A piece of the request line or body.
    matching: &'static str,
    skip: u32,
    times: u32,
    fault: Fault,
}

/// What the server has and does.
#[derive(Default)]
pub struct State {
    pub studies: BTreeMap<u32, Study>,
    pub data_timestamp: Option<String>,
    /// The pages of ClinicalTrials.gov, counted from 0, before which an empty one comes.
    pub empty_before: Vec<u64>,
    /// Pages whose token for the next page is their own.
    pub same_token_at: Vec<u64>,
    /// The token goes on after the last page, to empty ones without end.
    pub endless: bool,
    /// How long an answer takes.
    pub delay: Duration,
    /// Whether answers are compressed where the asker takes them so.
    pub packed: bool,
    /// Studies that are counted and not given.
    pub withheld: Vec<u32>,
    /// All requests: the line, and the body where there is one.
    pub log: Vec<String>,
    rigs: Vec<Rig>,
    changes: Vec<(&'static str, u32, Change)>,
}

type Change = Box<dyn FnOnce(&mut State) + Send>;

impl State {
    pub fn add(&mut self, study: Study) {
        self.studies.insert(study.number, study);
    }

    /// Makes the requests that hold `matching` go wrong: after the first `skip`, so many times.
    pub fn rig(&mut self, matching: &'static str, skip: u32, times: u32, fault: Fault) {
        self.rigs.push(Rig { matching, skip, times, fault });
    }

    pub fn clear_faults(&mut self) {
        self.rigs.clear();
    }

    /// Changes something after the given number of requests that hold `matching`.
    pub fn after(&mut self, matching: &'static str, requests: u32, change: impl FnOnce(&mut State) + Send + 'static) {
        self.changes.push((matching, requests, Box::new(change)));
    }

    /// The requests that hold all of the pieces.
    pub fn asked(&self, pieces: &[&str]) -> usize {
        self.log.iter().filter(|line| pieces.iter().all(|piece| line.contains(piece))).count()
    }
}

/// A request in its parts.
struct Request {
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    body: String,
    takes_gzip: bool,
}

struct Response {
    status: u16,
    kind: &'static str,
    headers: String,
    body: Vec<u8>,
}

impl Response {
    fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind, headers: String::new(), body: body.into() }
    }

    fn json(value: &serde_json::Value) -> Self {
        Self::new(200, "application/json", value.to_string())
    }

    fn text(status: u16, words: &str) -> Self {
        Self::new(status, "text/plain;charset=utf-8", words)
    }
}

/// The running server.
pub struct Registries {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Registries {
    /// Starts with so many studies.
    pub fn with(studies: u32) -> Self {
        let mut state = State {
            data_timestamp: Some("2026-11-19T09:00:05".into()),
            packed: studies.is_multiple_of(4),
            ..State::default()
        };
        (1..=studies).for_each(|number| state.add(Study::new(number)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(stream, &shared)));
            }
        });
        Self { port, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The options that point the program here, for quick tests.
    pub fn options(&self) -> Vec<String> {
        let at = format!("http://127.0.0.1:{}", self.port);
        let base =
            [format!("ctgov={at}/api/v2"), format!("isrctn={at}/isrctn/api"), format!("ctis={at}/ctis-public-api")];
        let mut options: Vec<String> = base.into_iter().flat_map(|base| ["--base-url".to_owned(), base]).collect();
        let quick = "--rate off --first-pause 0.02 --timeout 20 --retries 3 --page-size 7 --day 2026-11-20";
        options.extend(quick.split(' ').map(str::to_owned));
        options
    }
}

/// Serves one connection until it ends.
fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(request) = read(&mut reader)? {
        let (response, fault, delay) = {
            let mut state = state.lock().unwrap();
            let line = format!("{} {}", line(&request), request.body);
            state.log.push(line.clone());
            let fault = fault(&mut state, &line);
            let mut response = answer(&state, &request);
            if state.packed && request.takes_gzip && fault.is_none() {
                pack(&mut response);
            }
            change(&mut state);
            (response, fault, state.delay)
        };
        std::thread::sleep(delay);
        if !send(&mut stream, response, fault)? {
            break;
        }
    }
    Ok(())
}

fn pack(response: &mut Response) {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&response.body).unwrap();
    response.body = encoder.finish().unwrap();
    response.headers.push_str("Content-Encoding: gzip\r\n");
}

fn line(request: &Request) -> String {
    let query: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {}?{}", request.method, request.path, query.join("&"))
}

/// Takes the fault that is meant for a request.
fn fault(state: &mut State, line: &str) -> Option<Fault> {
    let rig = state.rigs.iter_mut().find(|rig| rig.times > 0 && line.contains(rig.matching))?;
    if rig.skip > 0 {
        rig.skip -= 1;
        return None;
    }
    rig.times -= 1;
    Some(rig.fault.clone())
}

/// Makes the changes that are due.
fn change(state: &mut State) {
    while let Some(at) =
        state.changes.iter().position(|(matching, count, _)| state.asked(&[matching]) >= *count as usize)
    {
        let (_, _, change) = state.changes.remove(at);
        change(state);
    }
}

fn answer(state: &State, request: &Request) -> Response {
    let path = request.path.clone();
    if let Some(rest) = path.strip_prefix("/api/v2/") {
        ctgov::answer(state, request, rest)
    } else if let Some(rest) = path.strip_prefix("/isrctn/api/") {
        isrctn::answer(state, request, rest)
    } else if let Some(rest) = path.strip_prefix("/ctis-public-api/") {
        ctis::answer(state, request, rest)
    } else {
        Response::text(404, "no such address")
    }
}

/// Reads a request; `None` at the end of the connection.
fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let (mut length, mut takes_gzip) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':') {
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "accept-encoding" => takes_gzip = value.contains("gzip"),
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = first.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Ok(Some(Request {
        method,
        path: unescaped(path),
        query: pairs.map(|(name, value)| (unescaped(name), unescaped(value))).collect(),
        body: String::from_utf8(body).unwrap(),
        takes_gzip,
    }))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &after[2..];
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Sends an answer as it is or as the fault wants it; says whether the connection goes on.
fn send(stream: &mut TcpStream, mut response: Response, fault: Option<Fault>) -> std::io::Result<bool> {
    let mut announced = None;
    match &fault {
        Some(Fault::Hang) => return Ok(false),
        Some(Fault::Answer(status, headers, kind, body)) => {
            response =
                Response { status: *status, kind, headers: (*headers).to_owned(), body: body.as_bytes().to_vec() };
        }
        Some(Fault::RetryAt(seconds)) => {
            let now: jiff::Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
            let date = |at: jiff::Timestamp| at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let until = now + jiff::SignedDuration::from_secs(*seconds);
            let headers = format!("Date: {}\r\nRetry-After: {}\r\n", date(now), date(until));
            response = Response { headers, ..Response::text(429, "too many requests") };
        }
        Some(Fault::Cut | Fault::Slow) => announced = Some(response.body.len()),
        Some(Fault::Half) => response.body.truncate(response.body.len() / 2),
        Some(Fault::Replace(old, new)) => {
            let text = String::from_utf8(response.body).unwrap();
            assert!(text.contains(old), "{old} is not in {text}");
            response.body = text.replacen(old, new, 1).into_bytes();
        }
        None => {}
    }
    let length = announced.unwrap_or(response.body.len());
    let head = format!(
        "HTTP/1.1 {} Answer\r\nContent-Type: {}\r\nContent-Length: {length}\r\n{}\r\n",
        response.status, response.kind, response.headers
    );
    stream.write_all(head.as_bytes())?;
    match fault {
        Some(Fault::Cut) => {
            stream.write_all(&response.body[..response.body.len() / 2])?;
            return Ok(false);
        }
        Some(Fault::Slow) => {
            stream.write_all(&response.body[..response.body.len() / 2])?;
            stream.flush()?;
            std::thread::sleep(Duration::from_secs(30));
            return Ok(false);
        }
        _ => stream.write_all(&response.body)?,
    }
    stream.flush()?;
    Ok(true)
}
