//! How long a registry asks to wait.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use std::time::Duration;

/// Reads `Retry-After`: seconds, or a date, which is counted from the answer's own date where it has one.
pub(super) fn retry_after(text: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is longer than anybody waits.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let reader = rfc2822::DateTimeParser::new();
    let until = reader.parse_timestamp(text).ok()?;
    let from = date.and_then(|date| reader.parse_timestamp(date.trim()).ok()).unwrap_or(now);
    // A moment that has passed asks for no pause.
    Some(Duration::try_from(until.duration_since(from)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let server = "Fri, 20 Nov 2026 12:00:00 GMT";
        for (text, date, seconds) in [
            ("120", None, Some(120)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999999", None, Some(4_294_967_295)),
            ("Fri, 20 Nov 2026 10:01:30 GMT", None, Some(90)),
            ("Fri, 20 Nov 2026 12:00:07 GMT", Some(server), Some(7)),
            ("Fri, 20 Nov 2026 11:59:00 GMT", Some(server), Some(0)),
            ("Fri, 20 Nov 2026 10:00:05 GMT", Some("no date"), Some(5)),
            ("soon", None, None),
            ("", None, None),
            ("-5", None, None),
        ] {
            assert_eq!(retry_after(text, date, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
