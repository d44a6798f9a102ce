//! The service, started as people start it, asked over real connections.

use crate::{PATIENT, RECORDS, file, program};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running service; it is stopped when the test ends.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(index: &Path) -> Served {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("trialmatch"))
        .env_remove("TRIALMATCH_INDEX")
        .env("NO_COLOR", "1")
        .arg("--index")
        .arg(index)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let address = stderr
        .lines()
        .map(|line| line.unwrap())
        .find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned))
        .expect("the service says where it listens");
    Served { child, address }
}

/// An answer in its parts.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Served {
    /// Sends bytes as they are and reads to the end of the connection.
    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // A refusal may come before the whole request was sent.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: bytes[end + 4..].to_vec() }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes())
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        let length = body.len();
        self.send(
            format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
            )
            .as_bytes(),
        )
    }
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn a_match_has_the_bytes_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let records = file(folder.path(), "records.ndjson", RECORDS);
    let patient = file(folder.path(), "patient.json", PATIENT);
    program(&index).arg("import").arg(records).args(["--fetched", "2026-10-30"]).assert().success();
    let served = serve(&index);
    for (query, options) in [
        ("", vec![]),
        ("?all=true", vec!["--all"]),
        ("?status=completed&all=true", vec!["--all", "--status", "completed"]),
    ] {
        let written =
            program(&index).arg("match").arg(&patient).args(["--format", "json"]).args(options).output().unwrap();
        let answer = served.post(&format!("/api/v1/match{query}"), JSON, PATIENT);
        assert_eq!(answer.status, 200, "{}", answer.head);
        assert_eq!(answer.body, written.stdout, "{query}");
    }
    let written = program(&index).args(["show", "NCT90000001", "--format", "json"]).output().unwrap();
    assert_eq!(served.get("/api/v1/trials/NCT90000001").body, written.stdout);
    let written = program(&index).args(["search", "invented", "--format", "json"]).output().unwrap();
    assert_eq!(served.get("/api/v1/search?q=invented").body, written.stdout);
    assert_eq!(served.get("/health").json()["snapshot"]["fetched"], "2026-10-30");
}

#[test]
fn errors_are_json_guarded_and_hold_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(&folder.path().join("index"));
    let canary = r#"{"as_of": "2026-11-01", "sex": "Canary-7351"}"#;
    let large = format!("{{\"id\": \"{}\"}}", "x".repeat(300 * 1024));
    let host = |host: &str| served.send(format!("GET /health HTTP/1.1\r\n{host}Connection: close\r\n\r\n").as_bytes());
    for (what, answer, status, code) in [
        ("a misspelt value", served.post("/api/v1/match", JSON, canary), 422, "bad_profile"),
        ("no JSON", served.post("/api/v1/match", JSON, "{Canary-7351"), 422, "bad_profile"),
        ("another kind", served.post("/api/v1/match", "", PATIENT), 415, "not_json"),
        ("a large body", served.post("/api/v1/match", JSON, &large), 413, "too_large"),
        ("an unknown parameter", served.post("/api/v1/match?canary-7351=1", JSON, PATIENT), 400, "bad_query"),
        ("a misspelt status", served.post("/api/v1/match?status=recruting", JSON, PATIENT), 400, "bad_query"),
        (
            "a foreign page",
            served.post("/api/v1/match", &format!("{JSON}Origin: http://evil.example\r\n"), PATIENT),
            403,
            "foreign_origin",
        ),
        ("no words", served.get("/api/v1/search"), 400, "bad_query"),
        ("an unknown trial", served.get("/api/v1/trials/NCT00000000"), 404, "unknown_trial"),
        ("nothing", served.get("/nothing"), 404, "not_found"),
        ("another method", served.get("/api/v1/match"), 405, "method_not_allowed"),
        ("a foreign host", host("Host: evil.example\r\n"), 421, "foreign_host"),
        ("no host", host(""), 421, "foreign_host"),
        ("two hosts", host("Host: localhost\r\nHost: evil.example\r\n"), 421, "foreign_host"),
    ] {
        assert_eq!(answer.status, status, "{what}: {}", String::from_utf8_lossy(&answer.body));
        let error = &answer.json()["error"];
        assert_eq!(error["code"], code, "{what}");
        assert!(error["message"].is_string() && error.get("path").is_some(), "{what}");
        assert!(!String::from_utf8_lossy(&answer.body).to_lowercase().contains("canary"), "{what}: {error}");
        for header in ["content-security-policy: default-src 'none'", "nosniff", "no-store", "no-referrer"] {
            assert!(answer.head.contains(header), "{what}: {header} is missing in {}", answer.head);
        }
        assert!(!answer.head.contains("access-control-allow"), "{what}");
    }
    assert_eq!(served.post("/api/v1/match", JSON, canary).json()["error"]["path"], "sex");
    assert_eq!(
        served
            .send(format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(20_000)).as_bytes())
            .status,
        431
    );
}

#[test]
fn a_client_that_dribbles_its_head_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(&folder.path().join("index"));
    let mut slow = TcpStream::connect(&served.address).unwrap();
    slow.write_all(b"GET /health HTTP/1.1\r\nHost: loc").unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    assert_eq!(served.get("/health").status, 200, "others are served meanwhile");
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).expect("the service hangs up within fifteen seconds");
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to_even_with_an_idle_client() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = serve(&folder.path().join("index"));
    let mut idle = TcpStream::connect(&served.address).unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut some = [0; 16];
    idle.read_exact(&mut some).unwrap();
    let told = Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn addresses_that_others_can_reach_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = program(folder.path()).args(["serve", "--listen", address]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{address}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("loopback"), "{address}");
    }
}
