//! The places a tumour spreads to, in the words of the profile, and the groups that criteria speak of.

use std::sync::OnceLock;

use serde::Deserialize;

use super::names::Names;

/// One site, or a group of sites.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The site word of the profile (`bone_marrow`), or the name of a group (`visceral`).
    pub id: String,
    /// The sites of a group, by id; empty for a single site.
    #[serde(default)]
    pub members: Vec<String>,
    /// Other wordings, in lower case and US spelling.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Short forms, matched in the case they are written in.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// The condition that disease at this site also is.
    #[serde(default)]
    pub same_as: Option<String>,
    /// Where the row comes from.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    site: Vec<Site>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Site>,
    names: Names,
}

/// Lists every site and group, sorted by id.
pub fn all() -> &'static [Site] {
    &table().rows
}

/// Finds a site or group by its id, an alias or an abbreviation, however it is spelt.
pub fn by_name(name: &str) -> Option<usize> {
    table().names.find(name)
}

/// Lists the single sites that a row stands for: itself, or all sites of its groups, in rising order.
pub fn members(site: usize) -> Vec<usize> {
    let Some(row) = all().get(site) else { return Vec::new() };
    if row.members.is_empty() {
        return vec![site];
    }
    let find = |id: &String| all().iter().position(|row| &row.id == id);
    // A group may hold a group, and no deeper: the test for cycles holds that.
    let mut found: Vec<usize> =
        row.members.iter().filter_map(find).filter(|member| *member != site).flat_map(members).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = parse().unwrap_or_default().site;
        let mut names = Names::default();
        for (index, row) in rows.iter().enumerate() {
            names.claim(index, &row.id, &row.aliases, &row.abbreviations);
        }
        Table { rows, names }
    })
}

fn parse() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("sites.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() -> Result<(), toml::de::Error> {
        assert!(parse()?.site.len() > 20);
        Ok(())
    }

    #[test]
    fn groups_hold_the_sites_of_the_contract() {
        for (group, expected) in [
            ("visceral", "adrenal bone_marrow liver lung ovary peritoneum pleura"),
            ("CNS", "brain leptomeninges spinal_cord"),
            ("lymph nodes", "distant_lymph_node regional_lymph_node"),
            ("osseous", "bone"),
            ("carcinomatous meningitis", "leptomeninges"),
        ] {
            let found: Vec<&str> = by_name(group)
                .map(members)
                .unwrap_or_default()
                .into_iter()
                .map(|index| all()[index].id.as_str())
                .collect();
            assert_eq!(found.join(" "), expected, "{group}");
        }
    }
}
