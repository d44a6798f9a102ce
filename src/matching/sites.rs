//! How far it is to a trial's nearest open site.

use crate::lexicon::{country, postcode_areas, towns};
use crate::patient::Profile;
use crate::trial::{Site, Trial};
use serde::{Deserialize, Serialize};

/// Mean radius of the earth in kilometres (IUGG).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Statuses in which a trial or a site takes patients, or soon will.
const OPEN: [&str; 4] = ["RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"];

/// A place on earth in degrees, north and east positive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    latitude: f64,
    longitude: f64,
}

impl From<(f64, f64)> for Place {
    fn from((latitude, longitude): (f64, f64)) -> Self {
        Self { latitude, longitude }
    }
}

/// Where the patient lives, as far as the profile says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Home {
    place: Option<Place>,
    /// The place is that of a town, not of a house.
    is_coarse: bool,
    country: Option<String>,
}

/// The nearest open site of a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// Its place in the trial's list.
    pub at: usize,
    /// The distance as the crow flies, where it can be told.
    pub kilometres: Option<f64>,
    /// The distance is one of towns, ten kilometres off or more.
    pub is_coarse: bool,
}

impl Home {
    /// Takes the profile's coordinates; without them, in the United Kingdom, the post town of the postcode's area, which
    /// may be 30 kilometres off and more in the country; else the town that the profile names.
    pub fn new(profile: &Profile) -> Self {
        let Some(location) = &profile.location else { return Self::default() };
        let country = location.country.clone();
        let british = country.as_deref().is_some_and(|country| country::same(country, "GB"));
        let exact = location.latitude.zip(location.longitude).map(Place::from);
        let area = || {
            let area = location.postcode.as_deref().filter(|_| british).and_then(postcode_areas::find)?;
            Some(Place { latitude: area.latitude, longitude: area.longitude })
        };
        let town = || Some(Place::from(towns::find(country.as_deref()?, location.city.as_deref()?)?));
        Self { place: exact.or_else(area).or_else(town), is_coarse: exact.is_none(), country }
    }

    /// Says whether distances can be told from here.
    pub fn has_place(&self) -> bool {
        self.place.is_some()
    }

    /// Finds the nearest open site. `towns` holds the towns' places of sites without coordinates, as [`town_places`]
    /// gives them.
    ///
    /// A trial that is closed has no open site. Where the distance cannot be told, the only open site in the patient's
    /// country is the nearest; of several, none is.
    pub fn nearest(&self, trial: &Trial, towns: &[Option<Place>]) -> Option<Nearest> {
        if !takes_patients(trial) {
            return None;
        }
        let open = trial.sites.iter().enumerate().filter(|(_, site)| is_open(site));
        if let Some(home) = self.place {
            let mut nearest: Option<(usize, f64)> = None;
            for (at, site) in open.clone() {
                let Some(place) = place(site).or_else(|| towns.get(at).copied().flatten()) else { continue };
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
                let is_coarse = self.is_coarse || trial.sites.get(at).is_none_or(|site| place(site).is_none());
                return Some(Nearest { at, kilometres: Some(distance), is_coarse });
            }
        }
        let mut near =
            open.filter(|(_, site)| self.country.as_deref().is_some_and(|c| country::same(c, &site.country)));
        match (near.next(), near.next()) {
            (Some((at, _)), None) => Some(Nearest { at, kilometres: None, is_coarse: false }),
            _ => None,
        }
    }
}

/// Whether a trial takes patients or soon will, or does not say.
pub fn takes_patients(trial: &Trial) -> bool {
    trial.statuses().any(|status| status.is_empty() || OPEN.contains(&status))
}

/// Gives the towns' places of the sites without coordinates, in the order of the sites; empty where there are none.
pub fn town_places(trial: &Trial) -> Vec<Option<Place>> {
    let town = |site: &Site| match place(site) {
        None => towns::find(&site.country, &site.city).map(Place::from),
        Some(_) => None,
    };
    let places: Vec<Option<Place>> = trial.sites.iter().map(town).collect();
    if places.iter().all(Option::is_none) { Vec::new() } else { places }
}

/// Says whether a trial or a site of this status takes patients, or soon will.
pub fn is_open_status(status: &str) -> bool {
    OPEN.contains(&status)
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
            let trial = trial(status, sites.clone());
            let nearest = home(location).nearest(&trial, &town_places(&trial));
            nearest.map(|found| (sites[found.at].city.clone(), found.kilometres.map(f64::round)))
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
    fn towns_stand_for_what_has_no_coordinates() {
        let trial = trial(
            "RECRUITING",
            vec![
                site("München", "Germany", None, None),
                site("Leeds", "United Kingdom", None, None),
                site("Nowhere at all", "United Kingdom", None, None),
                site("York", "United Kingdom", Some("WITHDRAWN"), None),
                site("Paris", "France", None, Some((48.85, 2.35))),
            ],
        );
        for (location, city, kilometres, is_coarse) in [
            (json!({"country": "GB", "postcode": "YO31 8HE"}), "Leeds", 33.0, true),
            (json!({"country": "GB", "city": "York"}), "Leeds", 34.0, true),
            (json!({"country": "DE", "city": "Augsburg"}), "München", 62.0, true),
            (json!({"latitude": 48.80, "longitude": 2.13}), "Paris", 17.0, false),
            (json!({"latitude": 53.80, "longitude": -1.55}), "Leeds", 3.0, true),
        ] {
            let found = home(location.clone()).nearest(&trial, &town_places(&trial)).unwrap();
            let said = (trial.sites[found.at].city.as_str(), found.kilometres.unwrap().round(), found.is_coarse);
            assert_eq!(said, (city, kilometres, is_coarse), "{location}");
        }
        assert!(home(json!({"country": "GB", "city": "Nowhere"})).nearest(&trial, &town_places(&trial)).is_none());
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
