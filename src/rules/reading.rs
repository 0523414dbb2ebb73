//! A rule as configured: the keys all kinds share, the zones it selects, the kind's own parameters.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::parameters::{names, quoted};
use super::{Fault, Filter, Judge, KINDS, Kind, Parameter, Reader, Words, ZoneUse};
use crate::register::Class;
use crate::time::Span;
use crate::zone::{Form, ID, Zone, ZoneIx, ZoneKind, ZoneSet, Zones, is_id};

/// Keys that every rule may have.
pub const COMMON_KEYS: [&str; 11] = [
    "id",
    "kind",
    "zones",
    "for_s",
    "clear_s",
    "priority",
    "mode",
    "escalate_s",
    "review_by",
    "vessels",
    "message",
];

/// Longest `for_s`, `clear_s` and `escalate_s`: a week.
const LONGEST_S: f64 = 604_800.0;
const FOR_S: Parameter = Parameter::number("for_s", 0.0, LONGEST_S)
    .unit("s")
    .default_number(0.0)
    .means("成立多久才發出警報", "how long the condition must hold before an alert");
const CLEAR_S: Parameter = Parameter::number("clear_s", 0.0, LONGEST_S)
    .unit("s")
    .default_number(60.0)
    .means("解除多久警報才結束", "how long it must be over before the alert ends");
const ESCALATE_S: Parameter = Parameter::number("escalate_s", 1.0, LONGEST_S)
    .unit("s")
    .default_unlimited()
    .means(
        "警告多久未確認即升級為警報",
        "after how long an unacknowledged warning becomes an alarm",
    );
const PRIORITY: Parameter = Parameter::choice("priority", &["emergency", "alarm", "warning", "caution"]);
const MODE: Parameter = Parameter::choice("mode", &["live", "shadow", "off"]).default_choice("live");
/// Numbers that a rule of any kind may have; those of an instant have no `for_s` and no `clear_s`.
pub const COMMON_NUMBERS: [Parameter; 3] = [FOR_S, CLEAR_S, ESCALATE_S];

/// How far a rule reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Raises alerts for people.
    Live,
    /// Is judged and recorded, and raises nothing for people.
    Shadow,
    Off,
}

/// How urgent an alert is (MSC.302(87)), most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Emergency,
    Alarm,
    Warning,
    Caution,
}

/// A rule, ready to judge.
#[derive(Debug)]
pub struct Rule {
    pub id: Arc<str>,
    pub kind: &'static Kind,
    /// The zones it selects; none: everywhere.
    pub zones: Option<ZoneSet>,
    pub filter: Filter,
    /// The condition must hold so long before an alert is raised.
    pub for_s: Span,
    /// The condition must have ended so long before an alert is rectified.
    pub clear_s: Span,
    pub priority: Priority,
    pub mode: Mode,
    /// A warning unacknowledged so long becomes an alarm.
    pub escalate_s: Option<Span>,
    /// When its limits are to be reviewed, as written.
    pub review_by: Option<String>,
    pub message: Words<String>,
    /// The feeds it names, for kinds that judge feeds.
    pub feeds: Vec<String>,
    pub judge: Box<dyn Judge>,
    /// The whole table as configured.
    pub source: Map<String, Json>,
}

impl Reader<'_> {
    /// The rule's `for_s`, for kinds whose parameters must fit it.
    pub(super) fn for_s(&mut self) -> Span {
        self.span(&FOR_S)
    }
}

impl Rule {
    /// Reads a rule; every fault is named.
    pub fn read(table: &Map<String, Json>, zones: &Zones) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(table, zones);
        let id = read_id(&mut reader);
        let priority = reader.choice(&PRIORITY);
        let Some(kind) = read_kind(&mut reader) else {
            read_without_kind(&mut reader, zones);
            return Err(reader.into_faults());
        };
        let own = kind.parameters.iter().map(|parameter| parameter.name);
        reader.refuse_unknown(&COMMON_KEYS.into_iter().chain(own).collect::<Vec<_>>());
        if kind.evaluation.momentary {
            for key in ["for_s", "clear_s"].into_iter().filter(|key| table.contains_key(*key)) {
                reader.fault(
                    key,
                    format!("stands at {}, which is over in an instant", kind.name),
                    "no such key",
                );
            }
        }
        let filter = read_filter(&mut reader, kind.default_classes);
        let rule = Self {
            id: id.into(),
            kind,
            zones: read_zones(&mut reader, kind, zones),
            filter,
            for_s: Span::from_s(reader.number(&FOR_S)),
            clear_s: Span::from_s(reader.number(&CLEAR_S)),
            priority: serde_json::from_value(priority.into()).unwrap_or(Priority::Warning),
            mode: serde_json::from_value(reader.choice(&MODE).into()).unwrap_or(Mode::Live),
            escalate_s: table
                .contains_key("escalate_s")
                .then(|| Span::from_s(reader.number(&ESCALATE_S))),
            review_by: read_date(&mut reader),
            message: read_message(&mut reader, &kind.message),
            feeds: table.get("feeds").and_then(names).unwrap_or_default(),
            judge: (kind.read)(&mut reader),
            source: table.clone(),
        };
        let faults = reader.into_faults();
        if faults.is_empty() { Ok(rule) } else { Err(faults) }
    }

    /// Whether the rule selects this zone.
    pub fn selects(&self, zone: ZoneIx) -> bool {
        self.zones.as_ref().is_some_and(|zones| zones.contains(zone))
    }

    /// Whether alerts name their zone in their id.
    pub fn names_zone(&self) -> bool {
        self.zones.as_ref().is_some_and(|zones| zones.len() > 1)
    }

    /// The kind's parameters with their defaults filled in, as configured.
    pub fn parameters(&self) -> Map<String, Json> {
        let value = |parameter: &Parameter| {
            let own = self.source.get(parameter.name).cloned();
            (
                parameter.name.to_owned(),
                own.unwrap_or_else(|| parameter.default_value()),
            )
        };
        self.kind.parameters.iter().map(value).collect()
    }
}

fn read_id(reader: &mut Reader<'_>) -> String {
    match reader.get("id") {
        None => reader.fault("id", "is missing", ID),
        Some(Json::String(id)) if is_id(id) => return id.clone(),
        Some(other) => reader.fault("id", format!("is {other}"), ID),
    }
    String::new()
}

fn read_kind(reader: &mut Reader<'_>) -> Option<&'static Kind> {
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let want = format!("one of {}", quoted(&known));
    match reader.get("kind") {
        None => reader.fault("kind", "is missing", want),
        Some(json) => match KINDS.iter().find(|kind| json.as_str() == Some(kind.name)) {
            Some(kind) => return Some(kind),
            None => reader.fault("kind", format!("is {json}"), want),
        },
    }
    None
}

/// Names what is wrong whatever the kind may be; a parameter of any kind may be one of this rule's.
fn read_without_kind(reader: &mut Reader<'_>, zones: &Zones) {
    let any = KINDS.iter().flat_map(|kind| kind.parameters);
    let mut known: Vec<&str> = COMMON_KEYS
        .into_iter()
        .chain(any.map(|parameter| parameter.name))
        .collect();
    known.sort_unstable();
    known.dedup();
    reader.refuse_unknown(&known);
    read_filter(reader, &[]);
    if let Some(selectors) = read_selectors(reader, ZoneUse::Inside) {
        select(reader, zones, &selectors);
    }
    for number in [&FOR_S, &CLEAR_S] {
        reader.number(number);
    }
    reader.limit(&ESCALATE_S);
    reader.choice(&MODE);
    read_date(reader);
    read_message(reader, &Words { zh: "", en: "" });
}

fn read_filter(reader: &mut Reader<'_>, default_classes: &[Class]) -> Filter {
    let Some(json) = reader.get("vessels") else {
        return Filter::of_classes(default_classes);
    };
    match Filter::read(json) {
        Ok(filter) => filter,
        Err(faults) => {
            for fault in faults {
                reader.fault(&fault.key, fault.what, fault.want);
            }
            Filter::default()
        }
    }
}

/// What its kind makes of the key `zones`, as names; none where it selects nothing.
fn read_selectors(reader: &mut Reader<'_>, zones: ZoneUse) -> Option<Vec<String>> {
    let must = !matches!(zones, ZoneUse::Inside | ZoneUse::Unnamed | ZoneUse::None);
    let want = match zones {
        ZoneUse::Gates => "gates, as in [\"an-id\", \"kind:gate\"]",
        ZoneUse::None => "left out: this kind judges no zones",
        _ => "areas, as in [\"an-id\", \"kind:harbour\"]",
    };
    let Some(json) = reader.get("zones") else {
        if must {
            reader.fault("zones", "is missing", want);
        }
        return None;
    };
    let Some(selectors) = names(json).filter(|_| zones != ZoneUse::None) else {
        reader.fault("zones", format!("is {json}"), want);
        return None;
    };
    if must && selectors.is_empty() {
        reader.fault("zones", "is empty", want);
    }
    Some(selectors).filter(|selectors| !selectors.is_empty())
}

/// The zones of these names; each name that is not known is a fault.
fn select(reader: &mut Reader<'_>, zones: &Zones, selectors: &[String]) -> ZoneSet {
    let (selected, unknown) = zones.select(selectors);
    for selector in unknown {
        reader.unknown_zone("zones", selector, "ids of zones, or kind:NAME");
    }
    selected
}

/// The zones a rule selects; each that does not fit its kind is named.
fn read_zones(reader: &mut Reader<'_>, kind: &Kind, zones: &Zones) -> Option<ZoneSet> {
    let selectors = read_selectors(reader, kind.zones)?;
    let selected = select(reader, zones, &selectors);
    let (fits, want): (fn(&Zone) -> bool, _) = match kind.zones {
        ZoneUse::Gates => (|zone| zone.kind == ZoneKind::Gate, "gates"),
        _ => (|zone| zone.kind.form() == Form::Area, "areas"),
    };
    let lacks = |zone: &Zone| match kind.zones {
        ZoneUse::InsideDirected if zone.direction_deg.is_none() => Some("direction_deg"),
        ZoneUse::InsideSounded if zone.depth_m.is_none() => Some("depth_m"),
        _ => None,
    };
    for zone in selected.iter().map(|zone| zones.get(*zone)) {
        if !fits(zone) {
            reader.unfit_zone("zones", zone, &format!("is {}", zone.kind.with_article()), want);
        } else if let Some(property) = lacks(zone) {
            let want = format!("areas with {property}");
            reader.unfit_zone("zones", zone, &format!("has no {property}"), want);
        }
    }
    Some(selected)
}

/// As in 2027-03-31.
const DATE_LETTERS: usize = 10;

fn read_date(reader: &mut Reader<'_>) -> Option<String> {
    let json = reader.get("review_by")?;
    let is_date = |text: &&str| text.len() == DATE_LETTERS && text.parse::<jiff::civil::Date>().is_ok();
    let date = json.as_str().filter(is_date);
    if date.is_none() {
        reader.fault("review_by", format!("is {json}"), "a date, as in 2027-03-31");
    }
    date.map(str::to_owned)
}

fn read_message(reader: &mut Reader<'_>, kinds: &Words) -> Words<String> {
    let own = Words {
        zh: kinds.zh.to_owned(),
        en: kinds.en.to_owned(),
    };
    let Some(json) = reader.get("message") else { return own };
    let is_full = |words: &Words<String>| !words.zh.trim().is_empty() && !words.en.trim().is_empty();
    let both = json.as_object().filter(|table| table.len() == 2);
    match both
        .and_then(|_| serde_json::from_value(json.clone()).ok())
        .filter(is_full)
    {
        Some(words) => words,
        None => {
            reader.fault(
                "message",
                format!("is {json}"),
                "both languages: { zh = \"…\", en = \"…\" }",
            );
            own
        }
    }
}
