//! Reasons: why a rule does or does not hold of a vessel, as JSON and as a sentence.

use serde::Serialize;
use utoipa::ToSchema;

use super::shape::{Message, Time};
use crate::rules::Words;
use crate::watch;

/// What a rule has to say of a vessel in one zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation<'a> {
    rule: &'a str,
    kind: &'a str,
    zone: Option<&'a str>,
    other_mmsi: Option<u32>,
    holds: bool,
    value: Option<f64>,
    limit: Option<f64>,
    unit: Option<&'a str>,
    reason: Option<&'a str>,
    /// What nobody has sent or registered.
    missing: &'a [&'static str],
    /// Further conditions that are not met.
    unmet: &'a [&'static str],
    #[schema(value_type = Option<String>)]
    since: Option<Time>,
    /// What keeps it from being told, or judged.
    suppressed_by: Option<&'a str>,
    /// How far the value is from the limit, as a part of it.
    margin: Option<f64>,
    /// Only the value keeps it from holding, by no more than a fifth of the limit.
    near_miss: bool,
    /// Id of its alert that is not closed.
    alert: Option<&'a str>,
    #[schema(value_type = Message)]
    message: Words<String>,
}

/// A name of the API in both languages.
type Named = (&'static str, Words);

const fn named(name: &'static str, zh: &'static str, en: &'static str) -> Named {
    (name, Words { zh, en })
}

/// What may be missing or not met; of what is not here the name says enough.
const DATA: [Named; 22] = [
    named("position", "船位", "position"),
    named("previous_position", "前一船位", "previous position"),
    named("sog_kn", "對地航速", "speed over ground"),
    named("cog_deg", "對地航向", "course over ground"),
    named("heading_deg", "艏向", "heading"),
    named("nav_status", "航行狀態", "navigational status"),
    named("draught_m", "吃水", "draught"),
    named("dims_m", "船體尺寸", "size"),
    named("load_line_m", "載重線", "load line"),
    named("declaration", "申報", "declaration"),
    named("inspection", "查驗", "inspection"),
    named("berth", "船席", "berth"),
    named("night", "夜間", "night"),
    named("event", "事件", "the event itself"),
    named("crossing", "通過門線", "crossing"),
    named("approaching", "接近中", "coming nearer"),
    named("under_way", "航行中", "under way"),
    named("settling", "錨位確定", "a settled anchor point"),
    named("interval", "回報間隔", "reports close together"),
    named("relative_speed", "相對速度", "relative speed"),
    named("zones", "全程在區域內", "inside all the while"),
    named("window_s", "觀察時間足夠", "a full window"),
];

/// What keeps a rule from being told, or from being judged.
const KEPT: [Named; 11] = [
    named("shadow", "規則在試行中", "the rule is on trial"),
    named("filter", "規則不適用於此船", "the rule's filter leaves the vessel out"),
    named("outside", "船舶不在區域內", "the vessel is outside"),
    named("deaf", "接收站同時失聯", "the station heard nobody meanwhile"),
    named("repeat_s", "剛才已告知", "it was told a moment ago"),
    named("for_s", "持續時間未到", "it has not held for long enough"),
    named("shelf", "警報已擱置", "the alert is shelved"),
    named("acknowledged", "警報已確認", "the alert is acknowledged"),
    named("lost", "船舶失去訊號", "the vessel is lost"),
    named("held_back", "船位異常未採用", "its newest position is held back"),
    named("next_report", "待下次回報判斷", "it is judged at the next report"),
];

impl<'a> Explanation<'a> {
    /// An explanation as shown.
    pub fn of(own: &'a watch::Explanation) -> Self {
        Self {
            rule: &own.rule,
            kind: own.kind,
            zone: own.zone.as_deref(),
            other_mmsi: own.other_mmsi.map(|mmsi| mmsi.0),
            holds: own.holds,
            value: own.value,
            limit: own.limit,
            unit: own.unit,
            reason: own.reason.as_deref(),
            missing: &own.account.missing,
            unmet: &own.account.unmet,
            since: own.since.map(Time),
            suppressed_by: own.suppressed_by,
            margin: own.margin,
            near_miss: own.near_miss,
            alert: own.alert.as_deref(),
            message: sentence(own),
        }
    }
}

/// The explanation for people.
fn sentence(own: &watch::Explanation) -> Words<String> {
    let mut said = Words {
        zh: format!("{}:", own.message.zh),
        en: format!("{}:", own.message.en),
    };
    let mut add = |zh: String, en: String| {
        said.zh += &format!("{zh};");
        said.en += &format!(" {en};");
    };
    match own.holds {
        true => add("成立".into(), "holds".into()),
        false => add("不成立".into(), "does not hold".into()),
    }
    let unit = own.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (own.value, own.limit) {
        (Some(value), Some(limit)) => add(
            format!("量得 {value}{unit},限值 {limit}{unit}"),
            format!("{value}{unit} against {limit}{unit}"),
        ),
        (None, Some(limit)) => add(format!("限值 {limit}{unit}"), format!("limit {limit}{unit}")),
        (Some(value), None) => add(format!("量得 {value}{unit}"), format!("{value}{unit}")),
        (None, None) => {}
    }
    if let Some(since) = own.since {
        add(format!("自 {since} 起"), format!("since {since}"));
    }
    for (names, zh, en) in [
        (&own.account.missing, "缺少", "missing"),
        (&own.account.unmet, "未符合", "not met"),
    ] {
        if !names.is_empty() {
            let all = |pick: fn(&Words) -> &'static str| {
                let words: Vec<_> = names.iter().map(|name| word(&DATA, name, pick)).collect();
                words.join("、")
            };
            add(
                format!("{zh}{}", all(|words| words.zh)),
                format!("{en}: {}", all(|words| words.en).replace('、', ", ")),
            );
        }
    }
    if let Some(by) = own.suppressed_by {
        add(
            word(&KEPT, by, |words| words.zh).into(),
            word(&KEPT, by, |words| words.en).into(),
        );
    }
    Words {
        zh: ended(said.zh, "。"),
        en: ended(said.en, "."),
    }
}

/// A sentence whose last part is the last.
fn ended(mut text: String, end: &str) -> String {
    text.pop();
    text + end
}

fn word<'n>(table: &[Named], name: &'n str, pick: fn(&Words) -> &'static str) -> &'n str {
    let found = table.iter().find(|(own, _)| *own == name);
    found.map_or(name, |(_, words)| pick(words))
}
