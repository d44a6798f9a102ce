//! How far it is to a trial's nearest open site.

use crate::lexicon::{country, postcode_areas};
use crate::patient::Profile;
use crate::trial::{Site, Trial};

/// Mean radius of the earth in kilometres (IUGG).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Statuses in which a trial or a site takes patients, or soon will.
const OPEN: [&str; 4] = ["RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"];

/// A place on earth in degrees, north and east positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    latitude: f64,
    longitude: f64,
}

/// Where the patient lives, as far as the profile says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Home {
    place: Option<Place>,
    country: Option<String>,
}

impl Home {
    /// Takes the profile's coordinates; without them, in the United Kingdom, those of the post town of the postcode's
    /// area, which may be 30 kilometres off and more in the country.
    pub fn new(profile: &Profile) -> Self {
        let Some(location) = &profile.location else { return Self::default() };
        let country = location.country.clone();
        let british = country.as_deref().is_some_and(|country| country::same(country, "GB"));
        let place = match (location.latitude, location.longitude) {
            (Some(latitude), Some(longitude)) => Some(Place { latitude, longitude }),
            _ => location
                .postcode
                .as_deref()
                .filter(|_| british)
                .and_then(postcode_areas::find)
                .map(|area| Place { latitude: area.latitude, longitude: area.longitude }),
        };
        Self { place, country }
    }

    /// Says whether distances can be told from here.
    pub fn has_place(&self) -> bool {
        self.place.is_some()
    }

    /// Finds the nearest open site: its place in the trial's list, and the distance in kilometres as the crow flies.
    ///
    /// A trial that is closed has no open site. Where the distance cannot be told, the only open site in the patient's
    /// country is the nearest; of several, none is.
    pub fn nearest(&self, trial: &Trial) -> Option<(usize, Option<f64>)> {
        if !takes_patients(trial) {
            return None;
        }
        let open = trial.sites.iter().enumerate().filter(|(_, site)| is_open(site));
        if let Some(home) = self.place {
            let mut nearest: Option<(usize, f64)> = None;
            for (at, site) in open.clone() {
                let Some(place) = place(site) else { continue };
                // The difference in latitude alone is a lower bound, and cheap.
                let floor = (place.latitude - home.latitude).abs().to_radians() * EARTH_RADIUS_KM;
                if nearest.is_none_or(|(_, best)| floor < best) {
                    let distance = kilometres(home, place);
                    if nearest.is_none_or(|(_, best)| distance < best) {
                        nearest = Some((at, distance));
                    }
                }
            }
            if let Some((at, distance)) = nearest {
                return Some((at, Some(distance)));
            }
        }
        let mut near =
            open.filter(|(_, site)| self.country.as_deref().is_some_and(|c| country::same(c, &site.country)));
        match (near.next(), near.next()) {
            (Some((at, _)), None) => Some((at, None)),
            _ => None,
        }
    }
}

/// Whether a trial takes patients or soon will, or does not say.
pub fn takes_patients(trial: &Trial) -> bool {
    trial.statuses().any(|status| status.is_empty() || OPEN.contains(&status))
}

/// A site without a status of its own is as open as its trial.
fn is_open(site: &Site) -> bool {
    site.status.as_deref().is_none_or(|status| OPEN.contains(&status))
}

fn place(site: &Site) -> Option<Place> {
    Some(Place { latitude: site.latitude?, longitude: site.longitude? })
}

/// The distance between two places on a sphere in kilometres (haversine).
fn kilometres(one: Place, other: Place) -> f64 {
    let (here, there) = (one.latitude.to_radians(), other.latitude.to_radians());
    let north = (there - here) / 2.0;
    let east = (other.longitude - one.longitude).to_radians() / 2.0;
    let half_chord = north.sin().powi(2) + here.cos() * there.cos() * east.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * half_chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Registry;
    use serde_json::json;

    fn site(city: &str, country: &str, status: Option<&str>, place: Option<(f64, f64)>) -> Site {
        Site {
            facility: String::new(),
            city: city.to_owned(),
            country: country.to_owned(),
            status: status.map(str::to_owned),
            latitude: place.map(|place| place.0),
            longitude: place.map(|place| place.1),
            contact: None,
        }
    }

    fn trial(status: &str, sites: Vec<Site>) -> Trial {
        Trial {
            id: "NCT90000001".to_owned(),
            other_ids: Vec::new(),
            registry: Registry::Sample,
            title: String::new(),
            status: status.to_owned(),
            recruitment: Default::default(),
            phases: Vec::new(),
            study_type: String::new(),
            url: String::new(),
            last_update: None,
            verified: None,
            summary: String::new(),
            conditions: Vec::new(),
            keywords: Vec::new(),
            interventions: Vec::new(),
            arms: Vec::new(),
            eligibility: String::new(),
            minimum_age: None,
            maximum_age: None,
            sex: None,
            healthy_volunteers: None,
            sites,
            records: Vec::new(),
        }
    }

    fn home(location: serde_json::Value) -> Home {
        Home::new(&Profile::from_value(json!({"as_of": "2026-11-01", "location": location}), "test").unwrap())
    }

    #[test]
    fn the_nearest_open_site_is_found() {
        let sites = vec![
            site("Paris", "France", Some("RECRUITING"), Some((48.85, 2.35))),
            site("London", "United Kingdom", Some("COMPLETED"), Some((51.51, -0.13))),
            site("Leeds", "United Kingdom", None, Some((53.80, -1.55))),
        ];
        let found = |location, status: &str| {
            let nearest = home(location).nearest(&trial(status, sites.clone()));
            nearest.map(|(at, distance)| (sites[at].city.clone(), distance.map(f64::round)))
        };
        let leeds = Some(("Leeds".to_owned(), Some(209.0)));
        assert_eq!(found(json!({"country": "GB", "postcode": "CB2 0QQ"}), "RECRUITING"), leeds);
        assert_eq!(found(json!({"latitude": 50.85, "longitude": 4.35}), ""), Some(("Paris".to_owned(), Some(265.0))));
        assert_eq!(found(json!({"country": "GB"}), "RECRUITING"), Some(("Leeds".to_owned(), None)));
        assert_eq!(found(json!({"country": "DE", "postcode": "10115"}), "RECRUITING"), None);
        assert_eq!(found(json!({"country": "GB", "postcode": "CB2 0QQ"}), "COMPLETED"), None);
        assert_eq!(found(json!({}), "RECRUITING"), None);
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let place = |latitude, longitude| Place { latitude, longitude };
        for (one, other, expected) in [
            (place(0.0, 0.0), place(0.0, 0.0), 0.0),
            (place(0.0, 0.0), place(0.0, 180.0), 20_015.0),
            (place(90.0, 0.0), place(-90.0, 77.0), 20_015.0),
            (place(0.0, 179.5), place(0.0, -179.5), 111.0),
        ] {
            assert_eq!(kilometres(one, other).round(), expected, "{one:?} {other:?}");
        }
    }
}
