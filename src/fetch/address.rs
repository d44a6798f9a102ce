//! The base addresses of the registries.

use super::FetchError;
use crate::trial::Registry;
use reqwest::Url;
use std::net::IpAddr;

/// The base address of a registry's interface, checked: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Gives the public address of a registry; `None` where it has no interface for programs.
    pub fn public(registry: Registry) -> Option<Self> {
        let text = match registry {
            // OpenAPI description 2.0.5 of ClinicalTrials.gov.
            Registry::Ctgov => "https://clinicaltrials.gov/api/v2",
            // ctrdata, R/ctrLoadQueryIntoDbIsrctn.R.
            Registry::Isrctn => "https://www.isrctn.com/api",
            // ctrdata, R/ctrLoadQueryIntoDbCtis.R.
            Registry::Ctis => "https://euclinicaltrials.eu/ctis-public-api",
            Registry::Ictrp | Registry::Sample => return None,
        };
        Self::read(text).ok()
    }

    /// Reads a base address: `https://…`, or `http://…` where the host is this machine.
    pub fn read(text: &str) -> Result<Self, FetchError> {
        let refuse = |reason: &str| FetchError::Address { text: text.to_owned(), reason: reason.to_owned() };
        let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Address {
                text: "(an address with a password)".into(),
                reason: "it must hold no user name or password".into(),
            });
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it must end before `?` and `#`"));
        }
        let base = Self(url);
        match base.0.scheme() {
            "https" if base.0.has_host() => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            "http" => Err(refuse("outside of this machine only https:// may be used")),
            _ => Err(refuse("it must begin with https://")),
        }
    }

    /// Tells whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Gives the address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Gives the host with its port, as the pace of requests is kept by it.
    pub(super) fn host(&self) -> String {
        let port = self.0.port_or_known_default().unwrap_or_default();
        format!("{}:{port}", self.0.host_str().unwrap_or_default())
    }

    /// Gives the address of something below the base.
    pub(super) fn join(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_alone_outside_of_this_machine() {
        for good in [
            "https://example.org/api/v2",
            "http://127.0.0.1:9000/api/v2",
            "http://[::1]:9000",
            "http://localhost:8000/x/",
            "https://example.org:8443/",
        ] {
            assert!(Base::read(good).is_ok(), "{good}");
        }
        for (bad, reason) in [
            ("http://example.org/api", "only https"),
            ("http://127.0.0.1.example.org/", "only https"),
            ("http://localhost.example.org/", "only https"),
            ("http://10.0.0.1/", "only https"),
            ("ftp://example.org/", "begin with https"),
            ("file:///etc/hosts", "begin with https"),
            ("example.org", "relative URL"),
            ("https://user:Canary@example.org/", "no user name or password"),
            ("https://example.org/?a=1", "before `?`"),
        ] {
            let error = Base::read(bad).unwrap_err().to_string();
            assert!(error.contains(reason), "{bad}: {error}");
            assert!(!error.contains("Canary"), "{error}");
        }
    }

    #[test]
    fn paths_and_queries_are_escaped() {
        let base = Base::read("https://example.org/api/v2/").unwrap();
        let url = base.join(&["studies", "a/b?c"], &[("query.cond", "breast cancer & more")]);
        assert_eq!(url.as_str(), "https://example.org/api/v2/studies/a%2Fb%3Fc?query.cond=breast+cancer+%26+more");
        assert_eq!(base.host(), "example.org:443");
        for registry in [Registry::Ctgov, Registry::Isrctn, Registry::Ctis] {
            assert!(!Base::public(registry).unwrap().is_loopback());
        }
    }
}
