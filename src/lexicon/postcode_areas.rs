//! Areas of British postcodes: the letters before the first digit, with the place of the post town.

use serde::Deserialize;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct File {
    area: Vec<PostcodeArea>,
}

/// One area.
#[derive(Clone, Debug, Deserialize)]
pub struct PostcodeArea {
    /// Its letters.
    pub code: String,
    /// The post town.
    pub town: String,
    /// Latitude of the town in degrees, north positive, to 0.01 degree.
    pub latitude: f64,
    /// Longitude of the town in degrees, east positive, to 0.01 degree.
    pub longitude: f64,
}

/// Lists the areas, ordered by code.
pub fn all() -> &'static [PostcodeArea] {
    static AREAS: OnceLock<Vec<PostcodeArea>> = OnceLock::new();
    AREAS.get_or_init(|| {
        // A test holds that the bundled file parses, so the empty list is never seen.
        toml::from_str::<File>(include_str!("postcode_areas.toml")).map(|file| file.area).unwrap_or_default()
    })
}

/// Finds the area of a postcode, whole (`CB2 0QQ`) or in part (`cb2`, `CB`).
pub fn find(postcode: &str) -> Option<&'static PostcodeArea> {
    let letters: String = postcode.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    let code = letters.to_ascii_uppercase();
    let areas = all();
    areas.binary_search_by(|area| area.code.as_str().cmp(&code)).ok().and_then(|at| areas.get(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_file_is_whole_and_sorted() {
        assert_eq!(all().len(), 124);
        assert!(all().windows(2).all(|pair| pair[0].code < pair[1].code));
        let isles =
            |area: &PostcodeArea| (49.0..61.0).contains(&area.latitude) && (-7.0..2.0).contains(&area.longitude);
        assert!(all().iter().all(isles));
    }

    #[test]
    fn the_area_is_told_by_its_letters() {
        for (postcode, town) in
            [("CB2 0QQ", Some("Cambridge")), (" sw3 6jj", Some("London")), ("M", Some("Manchester"))]
        {
            assert_eq!(find(postcode).map(|area| area.town.as_str()), town, "{postcode}");
        }
        for postcode in ["", "10115", "XX1 1XX", "QQQ"] {
            assert!(find(postcode).is_none(), "{postcode}");
        }
    }
}
