//! Towns where trials are run, with their place to about 10 kilometres.

use super::country;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[derive(Deserialize)]
struct File {
    country: Vec<Country>,
}

#[derive(Deserialize)]
struct Country {
    code: String,
    /// Names parted by strokes, latitude and longitude in degrees.
    towns: Vec<(String, f64, f64)>,
}

/// Countries, towns and places in the order of the file.
fn rows() -> &'static [Country] {
    static ROWS: OnceLock<Vec<Country>> = OnceLock::new();
    ROWS.get_or_init(|| {
        // A test holds that the bundled file parses, so the empty list is never seen.
        toml::from_str::<File>(include_str!("towns.toml")).map(|file| file.country).unwrap_or_default()
    })
}

type Towns = FxHashMap<String, (f64, f64)>;

/// The towns of each country by folded name.
fn table() -> &'static FxHashMap<&'static str, Towns> {
    static TABLE: OnceLock<FxHashMap<&'static str, Towns>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let towns = |country: &Country| {
            let names = country.towns.iter().flat_map(|(names, latitude, longitude)| {
                names.split('|').map(move |name| (fold(name), (*latitude, *longitude)))
            });
            names.collect()
        };
        rows().iter().map(|country| (country.code.as_str(), towns(country))).collect()
    })
}

/// Finds a town's latitude and longitude in degrees, to about 0.1 degree. The country is a code or a name.
pub fn find(country: &str, town: &str) -> Option<(f64, f64)> {
    let towns = table().get(country::find(country)?.code.as_str())?;
    let of = |name: &str| towns.get(&fold(name)).copied();
    // "Leeds, West Yorkshire", "Paris 13", "SE5 9RS London"
    of(town).or_else(|| of(town.split(',').next()?)).or_else(|| {
        let words = town.split_whitespace().filter(|word| !word.contains(|letter: char| letter.is_ascii_digit()));
        of(&words.collect::<Vec<_>>().join(" "))
    })
}

/// Folds case, accents, hyphens and points: "Saint-Étienne" and "saint etienne" are one.
fn fold(name: &str) -> String {
    let plain: String = name
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ø' => 'o',
            'ł' => 'l',
            'ı' => 'i',
            'đ' => 'd',
            'ß' => 's',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().map(|word| if word == "st" { "saint" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_file_is_whole_sorted_and_on_this_earth() {
        let countries = rows();
        assert!(countries.len() > 70 && countries.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut towns = 0;
        for Country { code, towns: list } in countries {
            assert!(country::find(code).is_some_and(|country| country.code == *code), "{code}");
            let names: Vec<String> = list.iter().flat_map(|(names, ..)| names.split('|').map(fold)).collect();
            let different: std::collections::BTreeSet<&String> = names.iter().collect();
            assert_eq!(different.len(), names.len(), "a name of {code} stands twice");
            assert!(list.iter().all(|(_, latitude, longitude)| latitude.abs() < 70.0 && longitude.abs() < 180.0));
            towns += list.len();
        }
        assert!(towns > 1_500, "{towns}");
    }

    #[test]
    fn towns_are_found_in_every_spelling_and_in_their_country_only() {
        for (country, town, expected) in [
            ("GB", "Leeds", Some((53.8, -1.5))),
            ("United Kingdom", " LEEDS ", Some((53.8, -1.5))),
            ("England", "Leeds, West Yorkshire", Some((53.8, -1.5))),
            ("Germany", "München", Some((48.1, 11.6))),
            ("DE", "Muenchen", Some((48.1, 11.6))),
            ("FR", "St Étienne", Some((45.4, 4.4))),
            ("France", "Paris 13", Some((48.9, 2.3))),
            ("Canada", "London", Some((43.0, -81.2))),
            ("US", "Portland", None),
            ("DE", "Leeds", None),
            ("", "Leeds", None),
            ("GB", "", None),
        ] {
            assert_eq!(find(country, town), expected, "{town}, {country}");
        }
    }
}
