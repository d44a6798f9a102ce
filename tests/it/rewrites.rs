//! Rewrites of an eligibility text that keep its meaning.

/// A rewrite: its name and what it makes of a text.
pub type Rewrite = (&'static str, fn(&str) -> String);

/// All rewrites: layout, marks, signs, units, spelling, names, wording, headings.
pub const REWRITES: &[Rewrite] = &[
    // Layout.
    ("bullets as dashes", |text| bulleted(text, |_| "- ".to_owned())),
    ("bullets as dots", |text| bulleted(text, |_| "• ".to_owned())),
    ("bullets as squares", |text| bulleted(text, |_| "▪ ".to_owned())),
    ("bullets as numbers", |text| bulleted(text, |n| format!("{n}. "))),
    ("bullets as bracketed numbers", |text| bulleted(text, |n| format!("({n}) "))),
    ("numbers with a bracket", |text| lines(text, |line| numbered(line, |n| format!("{n}) ")))),
    ("windows line ends", |text| text.replace('\n', "\r\n")),
    ("blanks that do not break", |text| inside_lines(text, |words| words.replace(' ', "\u{a0}"))),
    ("thin blanks", |text| inside_lines(text, |words| words.replace(' ', "\u{2009}"))),
    ("tabs between words", |text| inside_lines(text, |words| words.replace(' ', "\t"))),
    ("double blanks", |text| inside_lines(text, |words| words.replace(' ', "  "))),
    ("blanks at the ends of lines", |text| text.replace('\n', "  \n")),
    ("wider indentation", |text| lines(text, |line| format!("{}{line}", &line[..lead(line)]))),
    ("wrapped lines", wrapped),
    ("items closed by full stops", |text| closed(text, '.')),
    ("items closed by semicolons", |text| closed(text, ';')),
    // Marks.
    ("escaped signs", |text| unescaped(text).replace('>', "\\>").replace('<', "\\<")),
    ("signs without escapes", unescaped),
    ("entities", |text| unescaped(text).replace("& ", "&amp; ").replace('<', "&lt;").replace('>', "&gt;")),
    ("typographic quotes", |text| text.replace('\'', "\u{2019}")),
    ("plain quotes", |text| text.replace(['\u{2019}', '\u{2018}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")),
    ("hyphens that do not break", |text| between(text, '-', is_letter, is_letter, "\u{2011}")),
    ("dashes in ranges", |text| between(text, '-', is_digit, is_digit, "–")),
    ("soft hyphens", |text| text.replace("therapy", "ther\u{ad}apy").replace("metastases", "meta\u{ad}stases")),
    // Signs of comparison.
    ("signs in two characters", |text| text.replace('≥', ">=").replace('≤', "<=")),
    ("signs turned round", |text| unescaped(text).replace(['≥'], "=>").replace(['≤'], "=<")),
    ("signs in one character", |text| unescaped(text).replace(">=", "≥").replace("<=", "≤")),
    ("signs with a blank behind", |text| text.replace('≥', "≥ ").replace('≤', "≤ ").replace(":≥  ", "≥ ")),
    ("at least and at most", |text| compared(text, ["at least", "at most"], ["", ""])),
    ("or equal to", |text| compared(text, ["greater than or equal to", "less than or equal to"], ["", ""])),
    ("no less than and no more than", |text| compared(text, ["no less than", "no more than"], ["", ""])),
    ("more than and less than", |text| compared(text, ["", ""], ["greater than", "less than"])),
    // Numbers and units.
    ("numbers in words", number_words),
    ("words in figures", figures),
    ("thousands without commas", |text| without_thousands(text)),
    ("powers raised", |text| text.replace("10\\^9", "10⁹").replace("10^9", "10⁹").replace("10^12", "10¹²")),
    ("powers with e", |text| text.replace("10\\^9", "10e9").replace("10^9", "10e9").replace("10⁹", "10e9")),
    ("cubic millimetres with a sign", |text| words(text, &[("/mm3", "/mm^3"), ("/ mm3", "/mm^3")])),
    ("cubic millimetres without a sign", |text| {
        words(text, &[("/mm^3", "/mm3"), ("/mm\\^3", "/mm3"), ("/mm³", "/mm3")])
    }),
    ("cubic millimetres as microlitres", |text| {
        words(text, &[("/mm^3", "/µL"), ("/mm\\^3", "/µL"), ("/mm³", "/µL"), ("/mm3", "/µL")])
    }),
    ("units in small letters", |text| {
        words(text, &[("g/dL", "g/dl"), ("mg/dL", "mg/dl"), ("mL/min", "ml/min"), ("µmol/L", "µmol/l")])
    }),
    ("units in capitals", |text| {
        words(text, &[("g/dl", "g/dL"), ("mg/dl", "mg/dL"), ("ml/min", "mL/min"), ("umol/l", "umol/L")])
    }),
    ("micro as a letter", |text| text.replace(['µ', 'μ'], "u")),
    ("times as a letter", |text| text.replace('×', "x")),
    ("times as a sign", |text| between(text, 'x', |c| c == ' ', |c| c == ' ', "×")),
    ("weeks in days", weeks_in_days),
    ("grams a litre", |text| {
        lines(text, |line| if line.contains("emoglobin") { scaled(line, "g/dL", "g/L", 10.0) } else { line.to_owned() })
    }),
    ("counts a litre", |text| scaled(text, "/mm3", " x 10^9/L", 0.001)),
    // Spelling and names.
    ("british spelling", |text| words_within(text, BRITISH)),
    ("american spelling", |text| words_within(text, &reversed(BRITISH))),
    ("brands for drugs", |text| words(text, BRANDS)),
    ("drugs for brands", |text| words(text, &reversed(BRANDS))),
    ("symbols with other hyphens", |text| words(text, SYMBOLS)),
    ("abbreviations written out", |text| words(text, EXPANSIONS)),
    ("abbreviations", |text| words(&text.replace("of normal range", "of normal"), &reversed(EXPANSIONS))),
    // Wording.
    ("participants for patients", |text| {
        words(
            text,
            &[
                ("Patients", "Participants"),
                ("patients", "participants"),
                ("Patient", "Participant"),
                ("patient", "participant"),
            ],
        )
    }),
    ("subjects for patients", |text| {
        words(
            text,
            &[
                ("Patients", "Subjects"),
                ("patients", "subjects"),
                ("Patient", "Subject"),
                ("patient", "subject"),
                ("Participants", "Subjects"),
                ("participants", "subjects"),
            ],
        )
    }),
    ("shall for must", |text| words(text, &[("must", "shall")])),
    ("years old", |text| text.replace("years of age", "years old")),
    ("for example", |text| words(text, &[("e.g.,", "for example,"), ("e.g.", "for example")])),
    ("previous for prior", |text| prior(text)),
    // Headings.
    ("headings in capitals", |text| headings(text, str::to_uppercase)),
    ("headings in bold", |text| headings(text, |h| format!("**{h}**"))),
    ("headings without a colon", |text| headings(text, |h| h.trim_end_matches(':').to_owned())),
    ("headings marked key", |text| headings(text, |h| format!("Key {h}"))),
    ("headings marked main", |text| headings(text, |h| format!("Main {}", h.to_lowercase()))),
    ("headings for patients", |text| headings(text, |h| format!("Patient {h}"))),
];

const BRITISH: &[(&str, &str)] = &[
    ("tumor", "tumour"),
    ("Tumor", "Tumour"),
    ("hemoglobin", "haemoglobin"),
    ("Hemoglobin", "Haemoglobin"),
    ("estrogen", "oestrogen"),
    ("Estrogen", "Oestrogen"),
    ("anemia", "anaemia"),
    ("leukemia", "leukaemia"),
    ("hematolog", "haematolog"),
    ("Hematolog", "Haematolog"),
    ("hemorrhag", "haemorrhag"),
    ("Hemorrhag", "Haemorrhag"),
    ("diarrhea", "diarrhoea"),
    ("Diarrhea", "Diarrhoea"),
    ("edema", "oedema"),
    ("esophag", "oesophag"),
    ("gynecolog", "gynaecolog"),
    ("ischemi", "ischaemi"),
    ("Ischemi", "Ischaemi"),
    ("anesthe", "anaesthe"),
    ("randomiz", "randomis"),
    ("Randomiz", "Randomis"),
    ("hospitaliz", "hospitalis"),
    ("stabiliz", "stabilis"),
    ("steriliz", "sterilis"),
    ("immuniz", "immunis"),
    ("dyspnea", "dyspnoea"),
    ("behavior", "behaviour"),
    ("fetus", "foetus"),
    ("center", "centre"),
    ("labeled", "labelled"),
    ("localized", "localised"),
    ("uncontrolled", "uncontrolled"),
    ("orthopedic", "orthopaedic"),
    ("cecum", "caecum"),
    ("leukocyt", "leucocyt"),
];

/// Drugs that stand for themselves, longest first.
const BRANDS: &[(&str, &str)] = &[
    ("trastuzumab deruxtecan", "Enhertu"),
    ("trastuzumab emtansine", "Kadcyla"),
    ("sacituzumab govitecan", "Trodelvy"),
    ("pertuzumab", "Perjeta"),
    ("lapatinib", "Tykerb"),
    ("tucatinib", "Tukysa"),
    ("neratinib", "Nerlynx"),
    ("palbociclib", "Ibrance"),
    ("ribociclib", "Kisqali"),
    ("abemaciclib", "Verzenio"),
    ("fulvestrant", "Faslodex"),
    ("everolimus", "Afinitor"),
    ("capecitabine", "Xeloda"),
    ("eribulin", "Halaven"),
    ("vinorelbine", "Navelbine"),
    ("gemcitabine", "Gemzar"),
    ("docetaxel", "Taxotere"),
    ("letrozole", "Femara"),
    ("anastrozole", "Arimidex"),
    ("exemestane", "Aromasin"),
    ("alpelisib", "Piqray"),
    ("olaparib", "Lynparza"),
    ("talazoparib", "Talzenna"),
    ("pembrolizumab", "Keytruda"),
    ("atezolizumab", "Tecentriq"),
    ("bevacizumab", "Avastin"),
    ("denosumab", "Xgeva"),
];

const SYMBOLS: &[(&str, &str)] = &[
    ("HER2", "HER-2"),
    ("HER2/neu", "HER-2/neu"),
    ("PD-L1", "PDL1"),
    ("PD-1", "PD1"),
    ("CDK4/6", "CDK 4/6"),
    ("T-DM1", "TDM1"),
    ("Ki-67", "Ki67"),
    ("CYP3A4", "CYP 3A4"),
    ("BRCA1/2", "BRCA 1/2"),
];

/// Abbreviations that stand alone, with what they stand for.
const EXPANSIONS: &[(&str, &str)] = &[
    ("ULN", "upper limit of normal"),
    ("LVEF", "left ventricular ejection fraction"),
    ("CNS", "central nervous system"),
    ("TNBC", "triple-negative breast cancer"),
    ("ECOG", "Eastern Cooperative Oncology Group"),
    ("HIV", "human immunodeficiency virus"),
    ("ILD", "interstitial lung disease"),
    ("NYHA", "New York Heart Association"),
    ("G-CSF", "granulocyte colony-stimulating factor"),
    ("CNS metastases", "central nervous system metastases"),
];

fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn lead(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn lines(text: &str, change: impl Fn(&str) -> String) -> String {
    text.split('\n').map(change).collect::<Vec<_>>().join("\n")
}

/// Changes what stands behind the indentation and the marker of each line.
fn inside_lines(text: &str, change: impl Fn(&str) -> String) -> String {
    lines(text, |line| {
        let (marker, words) = marker(line);
        format!("{marker}{}", change(words))
    })
}

/// The indentation and the marker of a line, then its words.
fn marker(line: &str) -> (&str, &str) {
    let start = lead(line);
    let rest = &line[start..];
    let length = match rest.split_once(' ') {
        Some((first, _)) if first == "*" || is_number(first) => first.len() + 1,
        _ => 0,
    };
    line.split_at(start + length)
}

/// "12.".
fn is_number(word: &str) -> bool {
    word.strip_suffix('.').is_some_and(|n| (1..3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Gives bullets another form; each list counts by itself.
fn bulleted(text: &str, form: impl Fn(usize) -> String) -> String {
    // A text that holds numbered items as well would have two lists made one.
    if text.split('\n').any(|line| is_number(line.trim_start().split(' ').next().unwrap_or_default())) {
        return text.to_owned();
    }
    let mut counts: Vec<(usize, usize)> = Vec::new();
    lines_mut(text, |line| {
        let start = lead(line);
        let Some(words) = line[start..].strip_prefix("* ") else {
            if !line.trim().is_empty() {
                counts.clear();
            }
            return line.to_owned();
        };
        counts.retain(|(indent, _)| *indent <= start);
        match counts.last_mut() {
            Some((indent, count)) if *indent == start => *count += 1,
            _ => counts.push((start, 1)),
        }
        let n = counts.last().map_or(1, |(_, count)| *count);
        format!("{}{}{words}", &line[..start], form(n))
    })
}

fn lines_mut(text: &str, change: impl FnMut(&str) -> String) -> String {
    text.split('\n').map(change).collect::<Vec<_>>().join("\n")
}

/// Gives the number before an item another form.
fn numbered(line: &str, form: impl Fn(&str) -> String) -> String {
    let (marker, words) = marker(line);
    match marker.trim().strip_suffix('.') {
        Some(n) => format!("{}{}{words}", &line[..lead(line)], form(n)),
        None => line.to_owned(),
    }
}

/// Breaks long lines before small letters, as a registry's plain-text form does.
fn wrapped(text: &str) -> String {
    lines(text, |line| {
        let (marker, words) = marker(line);
        let indent = " ".repeat(marker.chars().count());
        let mut out = marker.to_owned();
        let mut width = marker.chars().count();
        for (n, word) in words.split(' ').enumerate() {
            if n > 0 && width > 70 && word.starts_with(|c: char| c.is_ascii_lowercase()) && word.len() > 2 {
                out.push('\n');
                out.push_str(&indent);
                width = indent.len();
            } else if n > 0 {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += word.chars().count();
        }
        out
    })
}

/// Closes items that end with a letter, where another item, a blank line or the end follows.
fn closed(text: &str, mark: char) -> String {
    let all: Vec<&str> = text.split('\n').collect();
    let changed = all.iter().enumerate().map(|(at, line)| {
        let (marker_here, words) = marker(line);
        let last = words.split(' ').next_back().unwrap_or_default();
        let hangs = ["of", "and", "or", "following", "with"].contains(&last);
        let ends = words.ends_with(|c: char| c.is_ascii_lowercase()) && !hangs;
        let alone = all.get(at + 1).is_none_or(|next| next.trim().is_empty() || !marker(next).0.trim().is_empty());
        if !marker_here.trim().is_empty() && ends && alone { format!("{line}{mark}") } else { (*line).to_owned() }
    });
    changed.collect::<Vec<_>>().join("\n")
}

fn unescaped(text: &str) -> String {
    text.replace("\\>", ">").replace("\\<", "<")
}

/// Replaces a character between two others.
fn between(text: &str, middle: char, before: fn(char) -> bool, after: fn(char) -> bool, to: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in characters.iter().enumerate() {
        let fits = c == middle
            && at.checked_sub(1).and_then(|i| characters.get(i)).is_some_and(|c| before(*c))
            && characters.get(at + 1).is_some_and(|c| after(*c));
        if fits { out.push_str(to) } else { out.push(c) }
    }
    out
}

/// Writes signs before figures in words; an empty wording leaves the sign.
fn compared(text: &str, equal: [&str; 2], strict: [&str; 2]) -> String {
    let text = unescaped(text).replace(">=", "≥").replace("<=", "≤");
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let wording = match c {
            '≥' => equal[0],
            '≤' => equal[1],
            '>' => strict[0],
            '<' => strict[1],
            _ => "",
        };
        let mut next = at + 1;
        while characters.get(next) == Some(&' ') {
            next += 1;
        }
        let alone = at.checked_sub(1).and_then(|i| characters.get(i)).is_none_or(|c| matches!(c, ' ' | '(' | '\n'));
        if !wording.is_empty() && alone && characters.get(next).is_some_and(char::is_ascii_digit) {
            out.push_str(wording);
            out.push(' ');
            at = next;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

const NUMBERS: &[(&str, &str)] = &[
    ("1", "one"),
    ("2", "two"),
    ("3", "three"),
    ("4", "four"),
    ("5", "five"),
    ("6", "six"),
    ("7", "seven"),
    ("8", "eight"),
    ("9", "nine"),
    ("10", "ten"),
    ("12", "twelve"),
    ("14", "fourteen"),
    ("21", "twenty-one"),
    ("28", "twenty-eight"),
    ("30", "thirty"),
];

/// What may be counted.
const COUNTED: &[&str] =
    &["week", "weeks", "month", "months", "day", "days", "years", "year", "prior", "previous", "lines", "cycles"];

/// "2 weeks" as "two weeks".
fn number_words(text: &str) -> String {
    counted(text, |word| NUMBERS.iter().find(|(figure, _)| *figure == word).map(|(_, name)| (*name).to_owned()))
}

/// "two weeks" as "2 weeks".
fn figures(text: &str) -> String {
    counted(text, |word| NUMBERS.iter().find(|(_, name)| *name == word).map(|(figure, _)| (*figure).to_owned()))
}

/// Changes words that stand alone before what may be counted.
fn counted(text: &str, change: impl Fn(&str) -> Option<String>) -> String {
    lines(text, |line| {
        let words: Vec<&str> = line.split(' ').collect();
        let changed = words.iter().enumerate().map(|(at, word)| {
            let noun = words.get(at + 1).map(|next| next.trim_end_matches(|c: char| !c.is_alphanumeric()));
            let counts = noun.is_some_and(|noun| COUNTED.contains(&noun));
            // Behind "x 10" or a dash a figure is a part of another.
            let before = at.checked_sub(1).and_then(|i| words.get(i)).copied().unwrap_or_default();
            let plain = !before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | 'x' | '/'))
                && !matches!(
                    before,
                    "to" | "or" | "and" | "grade" | "Grade" | "cycle" | "Cycle" | "day" | "Day" | "phase" | "Phase"
                );
            (counts && plain).then(|| change(word)).flatten().unwrap_or_else(|| (*word).to_owned())
        });
        changed.collect::<Vec<_>>().join(" ")
    })
}

/// "4 weeks" as "28 days".
fn weeks_in_days(text: &str) -> String {
    lines(text, |line| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        for at in 1..words.len() {
            let noun = words[at].trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
            let before = at.checked_sub(2).and_then(|i| words.get(i)).cloned().unwrap_or_default();
            let plain = !matches!(before.as_str(), "to" | "or" | "and" | "-") && !before.ends_with('-');
            if noun == "weeks"
                && plain
                && let Ok(weeks) = words[at - 1].parse::<u32>()
            {
                words[at - 1] = (weeks * 7).to_string();
                words[at] = words[at].replace("weeks", "days");
            }
        }
        words.join(" ")
    })
}

/// "9 g/dL" as "90 g/L": a figure and its unit, each place.
fn scaled(text: &str, unit: &str, to: &str, factor: f64) -> String {
    lines(text, |line| {
        let mut out = String::new();
        let mut rest = line;
        while let Some(at) = rest.find(unit) {
            let (before, after) = (&rest[..at], &rest[at + unit.len()..]);
            let figure_end = before.trim_end_matches(' ').len();
            let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
            let start = before[..figure_end]
                .rfind(|c| !is_figure(c))
                .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
            let figure = before[start..figure_end].replace(',', "");
            // A range keeps one unit for both of its ends.
            let ranged = before[..start].ends_with(['-', '–'])
                || before[..start].ends_with("to ")
                || before[..start].trim_end().ends_with(|c: char| c.is_ascii_digit());
            let whole = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
            match figure.parse::<f64>() {
                Ok(value) if !ranged && whole => {
                    let scaled = (value * factor * 1e6).round() / 1e6;
                    out += &format!("{}{scaled}{}{to}", &before[..start], if to.starts_with(' ') { "" } else { " " });
                }
                _ => out += &rest[..at + unit.len()],
            }
            rest = after;
        }
        out + rest
    })
}

fn without_thousands(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let keep = characters.iter().enumerate().filter(|(at, c)| {
        let separates = **c == ','
            && at.checked_sub(1).is_some_and(digit)
            && (1..=3).all(|n| digit(at + n))
            && !digit(at + 4)
            && at
                .checked_sub(4)
                .is_none_or(|four| !digit(four) || at.checked_sub(3).is_some_and(|three| !digit(three)));
        !separates
    });
    keep.map(|(_, c)| *c).collect()
}

/// Replaces whole words, each place once, in the order of the rows.
fn words(text: &str, rows: &[(&str, &str)]) -> String {
    replaced(text, rows, true)
}

/// Replaces beginnings of words.
fn words_within(text: &str, rows: &[(&str, &str)]) -> String {
    replaced(text, rows, false)
}

fn replaced(text: &str, rows: &[(&str, &str)], whole: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    'text: while let Some(c) = rest.chars().next() {
        if !before.is_alphanumeric() && !matches!(before, '-' | '(')
            || !rows.iter().all(|(from, _)| from.starts_with(char::is_alphanumeric))
        {
            for (from, to) in rows {
                if let Some(after) = rest.strip_prefix(from)
                    && (!whole || after.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '/'))
                {
                    out.push_str(to);
                    before = 'x';
                    rest = after;
                    continue 'text;
                }
            }
        }
        out.push(c);
        before = c;
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn reversed<'a>(rows: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    rows.iter().map(|(from, to)| (*to, *from)).collect()
}

/// "Prior" and "previous" before a noun; "prior to" is another word.
fn prior(text: &str) -> String {
    lines(text, |line| {
        let words: Vec<&str> = line.split(' ').collect();
        let changed = words.iter().enumerate().map(|(at, word)| match (*word, words.get(at + 1)) {
            ("prior", Some(next)) if *next != "to" => "previous",
            ("Prior", Some(next)) if *next != "to" => "Previous",
            (word, _) => word,
        });
        changed.collect::<Vec<_>>().join(" ")
    })
}

/// Changes the two headings of a registry's form.
fn headings(text: &str, change: impl Fn(&str) -> String) -> String {
    lines(text, |line| match line.trim() {
        "Inclusion Criteria:" | "Exclusion Criteria:" => change(line.trim()),
        _ => line.to_owned(),
    })
}
