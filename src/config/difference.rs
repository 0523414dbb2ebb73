//! What a review may not try: where two configurations differ beyond rules, zones, declarations, inspections and tide.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use toml::de::DeTable;

use super::mistake::Mistakes;
use super::section::{Page, Section};
use super::{Config, Mistake};

/// The sections that two sides of a review may have otherwise.
const TRIED: [&str; 5] = ["rule", "zones", "declarations", "inspections", "tide"];

/// Every difference that would make the proposed another picture of the traffic, or another site, and not only other
/// judgements; named in the file of the proposed.
pub fn beyond_review(baseline: &Config, proposed: &Config) -> Vec<Mistake> {
    let mistakes = Mistakes::default();
    with_page(baseline, &Mistakes::default(), |before| {
        with_page(proposed, &mistakes, |after| {
            let want = || format!("as in the baseline: a review tries other {}", TRIED.join(", "));
            for key in different(&before.to_json(), &after.to_json()) {
                after.fault(&key, "is not as in the baseline", want());
            }
            if baseline.register != proposed.register {
                after.fault("register.file", "holds other vessels than the baseline's", want());
            }
        });
    });
    mistakes.into_sorted()
}

fn with_page(config: &Config, mistakes: &Mistakes, work: impl FnOnce(&Section<'_>)) {
    let Some((file, bytes)) = config.files.first() else {
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (table, _) = DeTable::parse_recoverable(text);
    work(&Page { file, text, mistakes }.whole(table.get_ref()));
}

/// The keys that have another value, or one on one side only; those of tables one by one.
fn different(before: &Map<String, Json>, after: &Map<String, Json>) -> Vec<String> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for key in keys.into_iter().filter(|key| !TRIED.contains(&key.as_str())) {
        match (before.get(key), after.get(key)) {
            (before, after) if before == after => {}
            (Some(Json::Object(before)), Some(Json::Object(after))) => {
                let within = different(before, after).into_iter();
                found.extend(within.map(|inner| format!("{key}.{inner}")));
            }
            _ => found.push(key.clone()),
        }
    }
    found
}
