//! Asks a registry, one request after the other: paced, bounded in time and size, repeated where trouble may pass.

use super::FetchError;
use super::address::Base;
use super::patience::retry_after;
use super::plan::Limits;
use crate::store::Progress;
use crate::trial::Registry;
use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode, Url};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The most redirects that are followed.
const REDIRECTS: usize = 5;
/// The longest time to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// A whole answer may take this many times as long as a silence.
const WHOLE_ANSWER: u32 = 10;
/// The most characters of a registry's own words in a message.
const LONGEST_SAID: usize = 200;

/// Hears how a fetch goes on.
pub trait Listener: Progress {
    /// Says something about the course of the fetch, in one line.
    fn say(&self, line: &str);
}

/// What to ask.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The whole address.
    pub(super) url: Url,
    /// A JSON object to send along; the request is a POST then.
    pub(super) body: Option<String>,
}

impl Request {
    /// Asks for what stands at an address.
    pub(super) fn get(url: Url) -> Self {
        Self { url, body: None }
    }
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// The body, uncompressed; `None` where the registry says that there is nothing at the address.
    pub(super) body: Option<Vec<u8>>,
}

/// Why an attempt gave nothing.
#[derive(Debug)]
pub(super) struct Fault {
    reason: String,
    /// The status of HTTP, where an answer was refused for good.
    status: Option<u16>,
    passes: bool,
    /// How long the registry asks to wait.
    wait: Option<Duration>,
}

impl Fault {
    /// A fault that another attempt may not meet.
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), status: None, passes: true, wait: None }
    }

    fn lasting(reason: impl Into<String>) -> Self {
        Self { passes: false, ..Self::passing(reason) }
    }
}

/// When the next request to each host may start.
pub(super) type Paces = Mutex<BTreeMap<String, Instant>>;

/// A connection to one registry.
pub(super) struct Client<'a> {
    registry: Registry,
    http: reqwest::Client,
    limits: &'a Limits,
    listener: &'a dyn Listener,
    host: String,
    paces: &'a Paces,
    /// The time at which the fetch started, by the clock and by the timer.
    started: (Timestamp, Instant),
}

impl<'a> Client<'a> {
    /// Prepares connections to a registry. Redirects are followed on its own host only.
    pub(super) fn new(
        registry: Registry,
        base: &Base,
        limits: &'a Limits,
        now: Timestamp,
        paces: &'a Paces,
        listener: &'a dyn Listener,
    ) -> Result<Self, FetchError> {
        let policy = Policy::custom(|attempt| {
            let origin =
                |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
            let first = attempt.previous().first().map(origin);
            if first.as_ref() != Some(&origin(attempt.url())) {
                let host = attempt.url().host_str().unwrap_or("another host").to_owned();
                attempt.error(format!(
                    "it redirects to {host}, and redirects are followed on the registry's own host only"
                ))
            } else if attempt.previous().len() > REDIRECTS {
                attempt.error("it redirects in a circle")
            } else {
                attempt.follow()
            }
        });
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("trialmatch/", env!("CARGO_PKG_VERSION")))
            .redirect(policy)
            .connect_timeout(CONNECT.min(limits.timeout))
            .read_timeout(limits.timeout)
            .timeout(limits.timeout.saturating_mul(WHOLE_ANSWER));
        if base.is_loopback() {
            // A proxy of the environment would lead away from this machine.
            builder = builder.no_proxy();
        } else {
            builder = builder.https_only(true);
        }
        let http = builder.build().map_err(|error| FetchError::Client(chain(&error)))?;
        Ok(Self { registry, http, limits, listener, host: base.host(), paces, started: (now, Instant::now()) })
    }

    /// Asks until `read` makes something of the answer, or until nothing more is to be hoped for.
    pub(super) async fn ask<T>(
        &self,
        request: &Request,
        read: impl Fn(Answer) -> Result<T, Fault>,
    ) -> Result<T, FetchError> {
        let limits = self.limits;
        let pauses = ExponentialBuilder::default()
            .with_min_delay(limits.first_pause)
            .with_max_delay(limits.longest_pause)
            .with_max_times(limits.retries);
        let attempt = || async { read(self.once(request).await?) };
        let done = attempt
            .retry(pauses)
            .when(|fault: &Fault| fault.passes)
            .adjust(|fault: &Fault, pause: Option<Duration>| {
                // No pause is left: that was the last attempt.
                let pause = pause?;
                match fault.wait {
                    Some(wait) if wait > limits.longest_pause => None,
                    Some(wait) => Some(wait.max(pause)),
                    None => Some(pause),
                }
            })
            .notify(|fault: &Fault, pause: Duration| {
                let word = super::plan::word(self.registry);
                self.listener.say(&format!(
                    "{word}: {}; asking again in {:.0} s",
                    fault.reason,
                    pause.as_secs_f64().ceil()
                ));
            });
        done.await.map_err(|fault| self.failure(request, fault))
    }

    fn failure(&self, request: &Request, fault: Fault) -> FetchError {
        // The query of an address is long and says little.
        let mut address = request.url.clone();
        address.set_query(None);
        let (registry, address) = (self.registry, address.to_string());
        match fault.status {
            Some(status) => FetchError::Refused { registry, address, status, said: fault.reason },
            None => {
                let reason = match fault.wait {
                    Some(wait) if wait > self.limits.longest_pause => {
                        format!("{} (it asks to wait for {} s)", fault.reason, wait.as_secs())
                    }
                    _ => fault.reason,
                };
                FetchError::Trouble { registry, address, reason }
            }
        }
    }

    /// Makes one request, when its time has come.
    async fn once(&self, request: &Request) -> Result<Answer, Fault> {
        self.pace().await;
        let asked = match &request.body {
            Some(body) => {
                self.http.post(request.url.clone()).header(CONTENT_TYPE, "application/json").body(body.clone())
            }
            None => self.http.get(request.url.clone()),
        };
        let asked = asked.header(ACCEPT, "application/json, application/xml;q=0.9, text/xml;q=0.9");
        let response = asked.send().await.map_err(|error| self.broken(error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(Answer { body: Some(self.body(response).await?) });
        }
        if status == StatusCode::NOT_FOUND || status == StatusCode::GONE {
            return Ok(Answer { body: None });
        }
        let wait = self.wait(response.headers());
        let said = self.body(response).await.map(|body| said(&body)).unwrap_or_default();
        let passes = status.is_server_error()
            || matches!(
                status,
                // A firewall before the registry answers so where it takes the asker for an attacker.
                StatusCode::FORBIDDEN
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::TOO_EARLY
                    | StatusCode::TOO_MANY_REQUESTS
            );
        if passes {
            let words = if said.is_empty() { String::new() } else { format!(" ({said})") };
            return Err(Fault { wait, ..Fault::passing(format!("it answered {status}{words}")) });
        }
        Err(Fault { status: Some(status.as_u16()), ..Fault::lasting(said) })
    }

    /// Reads a body up to the cap.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(error))? {
            if body.len() + chunk.len() > self.limits.largest_answer {
                return Err(Fault::lasting(format!("its answer is larger than {} bytes", self.limits.largest_answer)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn broken(&self, error: reqwest::Error) -> Fault {
        if error.is_timeout() {
            return Fault::passing(format!("it was silent or slow for too long (--timeout {:?})", self.limits.timeout));
        }
        let refused = error.is_redirect() || error.is_builder();
        let reason = chain(&error.without_url());
        if refused { Fault::lasting(reason) } else { Fault::passing(reason) }
    }

    /// How long the registry asks to wait: `Retry-After` in seconds or as a date.
    fn wait(&self, headers: &HeaderMap) -> Option<Duration> {
        let text = |name| headers.get(name).and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok());
        let elapsed = jiff::SignedDuration::try_from(self.started.1.elapsed()).unwrap_or_default();
        let now = self.started.0.checked_add(elapsed).unwrap_or(self.started.0);
        retry_after(text(RETRY_AFTER)?, text(DATE), now)
    }

    /// Waits until the next request may start.
    async fn pace(&self) {
        let Some(rate) = self.limits.rate else { return };
        let between = Duration::try_from_secs_f64(1.0 / rate).unwrap_or(Duration::from_secs(1));
        let start = {
            let Ok(mut paces) = self.paces.lock() else { return };
            let now = Instant::now();
            let start = paces.get(&self.host).copied().unwrap_or(now).max(now);
            paces.insert(self.host.clone(), start + between);
            start
        };
        tokio::time::sleep_until(start).await;
    }
}

/// Gives the beginning of what a registry said, on one line.
fn said(body: &[u8]) -> String {
    if is_page(body) {
        return "a page for people".into();
    }
    let text = String::from_utf8_lossy(body.get(..4096).unwrap_or(body)).into_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(LONGEST_SAID).collect()
}

/// Tells whether a body is a page for people in the place of data.
pub(super) fn is_page(body: &[u8]) -> bool {
    let start: Vec<u8> = body.trim_ascii_start().iter().take(14).map(u8::to_ascii_lowercase).collect();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

/// Says why an answer is not the JSON that was asked for.
pub(super) fn unreadable(body: &[u8], error: &serde_json::Error) -> Fault {
    if is_page(body) {
        Fault::passing("it answered with a page for people in the place of JSON")
    } else if body.is_empty() {
        Fault::passing("it answered nothing")
    } else {
        Fault::passing(format!("its answer is no whole JSON ({error})"))
    }
}

/// Says an error and what caused it.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !said.contains(&words) {
            said = format!("{said}: {words}");
        }
        cause = inner.source();
    }
    said
}
