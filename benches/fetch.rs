//! A fetch from a server on this machine, as a person at a terminal waits for it: everything, 500 changes, nothing new.
//! Prints seconds and the most memory; runs where the real records stand beside the project.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark that cannot go on stops, and it measures time"
)]

mod corpus;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use trialmatch::registry::source::Records;

/// The studies that change before the second fetch.
const CHANGED: usize = 500;

/// What the server has: the records, and those that have changed since.
#[derive(Default)]
struct Registry {
    studies: Vec<Vec<u8>>,
    changed: Vec<Vec<u8>>,
}

fn main() {
    let Some(path) = corpus::beside("all.ndjson.gz") else {
        return println!("no real records beside the project: nothing measured");
    };
    let studies: Vec<Vec<u8>> = Records::open(&path).unwrap().map(|record| record.unwrap().bytes).collect();
    let bytes: usize = studies.iter().map(Vec::len).sum();
    println!("{} studies, {} MB", studies.len(), bytes / 1_000_000);
    let registry = Arc::new(Mutex::new(Registry { studies, changed: Vec::new() }));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = Arc::clone(&registry);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || serve(stream, &shared));
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    measure("everything, into an empty index", &index, port);
    {
        let mut registry = registry.lock().unwrap();
        for at in (0..registry.studies.len()).step_by(19) {
            let study = registry.studies.get_mut(at).unwrap();
            *study = [b"{\"amended\":true,", study.strip_prefix(b"{").unwrap()].concat();
            let study = study.clone();
            registry.changed.push(study);
            if registry.changed.len() == CHANGED {
                break;
            }
        }
        println!("{} changed", registry.changed.len());
    }
    measure("the changes", &index, port);
    registry.lock().unwrap().changed.clear();
    measure("nothing new", &index, port);
}

/// Runs a fetch and says how long it took and how much memory it had at most.
fn measure(what: &str, index: &Path, port: u16) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_trialmatch"))
        .env_remove("TRIALMATCH_INDEX")
        .arg("--index")
        .arg(index)
        .args(["fetch", "--registry", "ctgov", "--condition", "any", "--status", "all", "--rate", "off", "--base-url"])
        .arg(format!("ctgov=http://127.0.0.1:{port}/api/v2"))
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut most = 0;
    let status = loop {
        // Where the system does not say, the figure is 0.
        let said = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kilobytes = line.trim().trim_end_matches(" kB").parse().unwrap_or(0);
        most = most.max(kilobytes);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert!(status.success());
    println!("{what}: {:.1} s, {} MB", start.elapsed().as_secs_f64(), most / 1000);
}

/// Serves one connection: the version, counts, and pages by token.
fn serve(mut stream: TcpStream, registry: &Mutex<Registry>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut header = String::new();
        while reader.read_line(&mut header).is_ok_and(|_| !header.trim().is_empty()) {
            header.clear();
        }
        let target = first.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let body = if path.ends_with("/version") {
            b"{\"apiVersion\":\"2.0.5\",\"dataTimestamp\":\"2026-11-19T09:00:05\"}".to_vec()
        } else {
            let registry = registry.lock().unwrap();
            let found = if query.contains_key("filter.advanced") { &registry.changed } else { &registry.studies };
            let size: usize = query.get("pageSize").unwrap().parse().unwrap();
            let from: usize = query.get("pageToken").map_or(0, |token| token.parse().unwrap());
            let shown = found.get(from..found.len().min(from + size)).unwrap_or_default();
            let mut body = format!("{{\"totalCount\":{},\"studies\":[", found.len()).into_bytes();
            body.extend(shown.join(&b",\n"[..]));
            body.extend(b"]");
            if from + size < found.len() {
                body.extend(format!(",\"nextPageToken\":\"{}\"", from + size).as_bytes());
            }
            body.extend(b"}");
            body
        };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
            return;
        }
    }
}
