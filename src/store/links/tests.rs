//! Invented records that cite each other, and which of them are joined.

use super::*;
use crate::trial::Registry::{Ctgov, Ctis, Ictrp, Isrctn};

/// Identifier, registry, cited identifiers, title.
type Line<'a> = (&'a str, Registry, &'a [&'a str], &'a str);

fn record(&(id, registry, cites, title): &Line<'_>) -> Trial {
    Trial {
        id: id.to_owned(),
        other_ids: cites.iter().map(|id| (*id).to_owned()).collect(),
        registry,
        title: title.to_owned(),
        status: String::new(),
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
        sites: Vec::new(),
        records: Vec::new(),
    }
}

/// The groups with more than one record, in words.
fn joined(lines: &[Line<'_>]) -> String {
    let records: Vec<Trial> = lines.iter().map(record).collect();
    let mut said: Vec<String> = studies(&records.iter().collect::<Vec<_>>())
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| {
            let mut ids: Vec<String> =
                group.iter().map(|at| format!("{:?} {}", records[*at].registry, records[*at].id)).collect();
            ids.sort();
            ids.join(" + ")
        })
        .collect();
    said.sort();
    said.join("; ")
}

/// Every rotation of the records and of its reverse is joined in the same way.
fn check(name: &str, lines: &[Line<'_>], expected: &str) {
    for start in 0..lines.len() {
        let mut turned: Vec<Line<'_>> = lines.to_vec();
        turned.rotate_left(start);
        assert_eq!(joined(&turned), expected, "{name}, from {start}");
        turned.reverse();
        assert_eq!(joined(&turned), expected, "{name}, from {start}, reversed");
    }
}

const TITLE: &str = "Invented agent with letrozole in advanced breast cancer";

#[test]
fn a_pair_of_each_two_registries_is_joined_whoever_cites() {
    let ids = [
        (Ctgov, "NCT90000001"),
        (Isrctn, "ISRCTN90000002"),
        (Ctis, "2025-500001-10-00"),
        (Ictrp, "EUCTR2019-000001-10-BE"),
    ];
    for (at, (one, first)) in ids.iter().enumerate() {
        for (other, second) in ids.iter().skip(at + 1) {
            let mut names = [format!("{one:?} {first}"), format!("{other:?} {second}")];
            names.sort();
            let expected = names.join(" + ");
            for (cites, cited_back) in [(true, false), (false, true), (true, true)] {
                let to = [*second];
                let back = [*first];
                let lines = [
                    (*first, *one, if cites { &to[..] } else { &[] }, TITLE),
                    (*second, *other, if cited_back { &back[..] } else { &[] }, "Another wording"),
                ];
                check(&format!("{one:?} and {other:?}"), &lines, &expected);
            }
            let strangers = [(*first, *one, &[][..], TITLE), (*second, *other, &[][..], TITLE)];
            check("an unlinked look-alike", &strangers, "");
        }
    }
}

#[test]
fn copies_and_third_numbers_join() {
    check(
        "the portal's copy of a record",
        &[("NCT90000001", Ctgov, &[], TITLE), ("NCT90000001", Ictrp, &[], "Copied")],
        "Ctgov NCT90000001 + Ictrp NCT90000001",
    );
    check(
        "the countries of the old European register",
        &[
            ("EUCTR2019-000001-10-BE", Ictrp, &[], TITLE),
            ("EUCTR2019-000001-10-DE", Ictrp, &[], "Title"),
            ("NCT90000001", Ctgov, &["EudraCT 2019-000001-10"], TITLE),
        ],
        "Ctgov NCT90000001 + Ictrp EUCTR2019-000001-10-BE + Ictrp EUCTR2019-000001-10-DE",
    );
    check(
        "a third number that has no record",
        &[
            ("NCT90000001", Ctgov, &["2019-000001-10"], TITLE),
            ("2025-500001-10-00", Ctis, &["2019-000001-10"], TITLE),
            ("ISRCTN90000002", Isrctn, &["U1111-2222-3333"], TITLE),
            ("NCT90000003", Ctgov, &["U1111-2222-3333"], TITLE),
        ],
        "Ctgov NCT90000001 + Ctis 2025-500001-10-00; Ctgov NCT90000003 + Isrctn ISRCTN90000002",
    );
    check(
        "a later submission of the same European trial",
        &[("2025-500001-10-01", Ctis, &[], TITLE), ("NCT90000001", Ctgov, &["2025-500001-10-00"], TITLE)],
        "Ctgov NCT90000001 + Ctis 2025-500001-10-01",
    );
    check(
        "a chain",
        &[
            ("ISRCTN90000002", Isrctn, &["NCT90000001"], TITLE),
            ("NCT90000001", Ctgov, &["2025-500001-10-00"], TITLE),
            ("2025-500001-10-00", Ctis, &[], TITLE),
            ("NCT90000009", Ctgov, &[], TITLE),
        ],
        "Ctgov NCT90000001 + Ctis 2025-500001-10-00 + Isrctn ISRCTN90000002",
    );
}

#[test]
fn what_may_be_another_study_is_not_joined() {
    check(
        "two studies of one register that cite each other",
        &[("NCT90000001", Ctgov, &["NCT90000002"], TITLE), ("NCT90000002", Ctgov, &["NCT90000001"], TITLE)],
        "",
    );
    check(
        "a parent that many cite",
        &[
            ("NCT90000001", Ctgov, &[], TITLE),
            ("ISRCTN90000002", Isrctn, &["NCT90000001"], TITLE),
            ("ISRCTN90000003", Isrctn, &["NCT90000001"], TITLE),
        ],
        "",
    );
    check(
        "of many that cite it, the one that is cited back",
        &[
            ("NCT90000001", Ctgov, &["ISRCTN90000003"], TITLE),
            ("ISRCTN90000002", Isrctn, &["NCT90000001"], TITLE),
            ("ISRCTN90000003", Isrctn, &["NCT90000001"], TITLE),
        ],
        "Ctgov NCT90000001 + Isrctn ISRCTN90000003",
    );
    check(
        "an extension that cites its parent",
        &[
            ("NCT90000001", Ctgov, &[], TITLE),
            ("2025-500001-10-00", Ctis, &["NCT90000001"], "Rollover study of the invented agent"),
        ],
        "",
    );
    check(
        "an extension in two registries",
        &[
            ("NCT90000001", Ctgov, &[], "Open-label extension of the invented agent"),
            ("2025-500001-10-00", Ctis, &["NCT90000001"], "Extension study of the invented agent"),
        ],
        "Ctgov NCT90000001 + Ctis 2025-500001-10-00",
    );
    check(
        "a European number that parent and extension share",
        &[
            ("NCT90000001", Ctgov, &["2019-000001-10"], TITLE),
            ("NCT90000002", Ctgov, &["2019-000001-10"], "Second part"),
            ("ISRCTN90000003", Isrctn, &["2019-000001-10"], TITLE),
        ],
        "",
    );
    check(
        "a chain that would bring two studies of one register together",
        &[
            ("NCT90000001", Ctgov, &["2025-500001-10-00"], TITLE),
            ("2025-500001-10-00", Ctis, &["ISRCTN90000003"], TITLE),
            ("ISRCTN90000003", Isrctn, &[], TITLE),
            ("NCT90000002", Ctgov, &["ISRCTN90000003"], TITLE),
        ],
        "",
    );
    check(
        "a number of zeros",
        &[("NCT90000001", Ctgov, &["ISRCTN00000000"], TITLE), ("ISRCTN90000003", Isrctn, &["NCT00000000"], TITLE)],
        "",
    );
}

#[test]
fn a_sponsors_number_joins_like_titles_only() {
    let near = "Invented agent with letrozole in patients with breast cancer";
    for (number, title, expected) in [
        ("ABC-1234", near, "Ctgov NCT90000001 + Isrctn ISRCTN90000003"),
        ("abc 1234", near, "Ctgov NCT90000001 + Isrctn ISRCTN90000003"),
        ("ABC-1234", "Exercise after surgery of the bowel", ""),
        ("12345678", near, ""),
        ("A1", near, ""),
    ] {
        let lines = [
            ("NCT90000001", Ctgov, &["ABC-1234", "12345678", "A1"][..], TITLE),
            ("ISRCTN90000003", Isrctn, &[number], title),
        ];
        check(number, &lines, expected);
    }
    check(
        "a grant that pays for several studies",
        &[
            ("NCT90000001", Ctgov, &["C1234/A5678"], TITLE),
            ("NCT90000002", Ctgov, &["C1234/A5678"], TITLE),
            ("ISRCTN90000003", Isrctn, &["C1234/A5678"], TITLE),
        ],
        "",
    );
}
