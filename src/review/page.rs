//! A review as one page that stands by itself, in Chinese and English: no scripts, nothing from elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chart;
use super::outcome::{Counts, Flag, Load, Matches, Outcome};
use super::text::set;
use crate::rules::Words;
use crate::time::{LocalTime, Timestamp};
use crate::watch::Minutes;
use crate::zone::Zones;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 220.0;
/// Bars over time, at most; an hour wide, or some hours.
const MAX_BARS: i64 = 120;
const HOUR_MS: i64 = 3_600_000;
const STYLE: &str = "body{font:15px/1.5 'Noto Sans TC','Noto Sans CJK TC','Microsoft JhengHei','PingFang TC',sans-serif;\
max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b2733;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\
table{border-collapse:collapse;width:100%}th,td{padding:.2rem .5rem;border-bottom:1px solid #cfd8e0;text-align:right;\
font-variant-numeric:tabular-nums}th:first-child,td:first-child{text-align:left;word-break:break-word}svg{width:100%;height:auto;\
border:1px solid #cfd8e0}.sea{fill:#d9e8f5}.land{fill:#e8dfc4;stroke:#8a7f5c;stroke-width:.6}.land.open{fill:none}\
.zone{fill:#6b3fa012;stroke:#6b3fa0;stroke-width:.8;stroke-dasharray:4 2}.zone.open{fill:none}.come{fill:#c4410b;stroke:#fff;stroke-width:.6}\
.go{fill:none;stroke:#0b5394;stroke-width:2}.before{fill:#8fb3d9}.after{fill:#c4410b}.dot{fill:#0b5394}text{font-size:11px;fill:#1b2733}\
.flag{border-left:4px solid #c4410b;padding-left:.6rem;margin:.4rem 0}dt{font-weight:600}dd{margin:0 0 .5rem}";

/// What the page shows beside the outcome.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub site: &'a Words<String>,
    pub local: &'a LocalTime,
    /// West, south, east, north: first view of the chart.
    pub bbox: Option<[f64; 4]>,
    /// Texts of GeoJSON feature collections.
    pub coast: Vec<&'a str>,
    pub zones: &'a Zones,
    pub minutes: &'a Minutes,
}

/// The page.
pub fn page(outcome: &Outcome, sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    let name = format!("{} · {}", escaped(&sheet.site.zh), escaped(&sheet.site.en));
    let _ = write!(
        out,
        "<!doctype html><html lang=\"zh-Hant-TW\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>警報檢討 · Alert review: {name}</title><style>{STYLE}</style></head><body>\
         <h1>警報檢討 · Alert review<br>{name}</h1>"
    );
    let moment = |time: Timestamp| local(sheet.local, time);
    let _ = write!(
        out,
        "<p>{} – {}（{:.1} 小時 · hours）。結束時 {} 艘船 · {} vessels at the end.<br>每位值班人員每小時可處理 {} 則，值班 {} 人 · \
         one operator can take {} alerts an hour; operators: {}.</p>",
        moment(outcome.from),
        moment(outcome.to),
        outcome.hours,
        outcome.vessels,
        outcome.vessels,
        outcome.alerts_per_hour,
        outcome.operators,
        outcome.alerts_per_hour,
        outcome.operators
    );
    if outcome.simulated {
        out.push_str("<p class=\"flag\">模擬資料 · SIMULATED DATA</p>");
    }
    minutes(&mut out, sheet.minutes);
    loads(&mut out, outcome);
    tell_flags(&mut out, "", &outcome.flags);
    for setting in &outcome.settings {
        tell_flags(&mut out, &set(&setting.set), &setting.flags);
    }
    over_time(&mut out, outcome, sheet.local);
    precision(&mut out, outcome);
    if let Some(drawing) = chart::drawing(outcome, sheet) {
        let (come, go) = (outcome.come.len(), outcome.go.len());
        let _ = write!(
            out,
            "<h2>位置 · Where</h2><p>▲ 新增 {come} · come　✕ 消失 {go} · go</p>{drawing}"
        );
    }
    for (title, counts) in [
        ("規則 · By rule", &outcome.by_rule),
        ("區域 · By zone", &outcome.by_zone),
        ("船舶類別 · By class", &outcome.by_class),
        ("當地時 · By local hour", &outcome.by_hour),
        ("席位 · By desk", &outcome.by_desk),
    ] {
        table(&mut out, title, counts);
    }
    out.push_str("</body></html>\n");
    out
}

/// Text as it may stand in a page, in attributes too.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Day and time on the site's clocks.
fn local(clocks: &LocalTime, time: Timestamp) -> String {
    let [year, month, day, hour, minute, _] = clocks.civil(time);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

fn minutes(out: &mut String, minutes: &Minutes) {
    let rows = [
        ("參與者 · Who", &minutes.who),
        ("交通資料 · Traffic", &minutes.traffic),
        ("試過的設定 · Tried", &minutes.tried),
        ("決定 · Decided", &minutes.decided),
        ("理由 · Why", &minutes.why),
    ];
    if rows.iter().all(|(_, text)| text.is_empty()) {
        return;
    }
    out.push_str("<h2>會議紀錄 · Minutes</h2><dl>");
    for (title, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(out, "<dt>{title}</dt><dd>{}</dd>", escaped(text));
    }
    out.push_str("</dl>");
}

fn loads(out: &mut String, outcome: &Outcome) {
    out.push_str(
        "<h2>警報量 · Load</h2><table><tr><th></th><th>警報<br>alerts</th><th>每小時<br>an hour</th>\
         <th>每人每小時<br>an hour and operator</th><th>預算倍數<br>times the budget</th><th>最忙一小時<br>busiest hour</th>\
         <th>屬實<br>true</th><th>擾人<br>nuisance</th><th>不確定<br>unsure</th></tr>",
    );
    let mut row = |name: &str, load: &Load| {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{:.2}</td><td>{:.2}</td><td>{:.2}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(name),
            load.alerts,
            load.alerts_per_hour,
            load.alerts_per_hour_and_operator,
            load.times_budget,
            load.busiest_hour,
            load.found_true,
            load.nuisance,
            load.unsure
        );
    };
    row("現行 · baseline", &outcome.baseline);
    row("擬議 · proposed", &outcome.proposed);
    for setting in &outcome.settings {
        row(&set(&setting.set), &setting.load);
    }
    out.push_str("</table>");
}

/// The rules that match everything, and those that match nothing, under a setting of this name.
fn tell_flags(out: &mut String, setting: &str, flags: &[Flag]) {
    for (matches, words) in [
        (Matches::Everything, "幾乎每艘船都觸發 · matches everything"),
        (Matches::Nothing, "從未觸發 · matches nothing"),
    ] {
        let rules = flags.iter().filter(|flag| flag.matches == matches);
        let rules: Vec<String> = rules.map(|flag| escaped(&flag.rule)).collect();
        if rules.is_empty() {
            continue;
        }
        let at = if setting.is_empty() { "" } else { "：" };
        let (setting, rules) = (escaped(setting), rules.join("、"));
        let _ = write!(out, "<p class=\"flag\">{setting}{at}<b>{words}</b>　{rules}</p>");
    }
}

/// Alerts of both sides, so many hours a bar.
fn over_time(out: &mut String, outcome: &Outcome, clocks: &LocalTime) {
    let first = outcome.from.0.div_euclid(HOUR_MS);
    let hours = outcome.to.0.div_euclid(HOUR_MS) - first + 1;
    let each = (hours + MAX_BARS - 1) / MAX_BARS;
    let bars = usize::try_from((hours + each - 1) / each).unwrap_or(1);
    let mut counts = vec![[0u64; 2]; bars];
    for (side, raised) in outcome.raised.iter().enumerate() {
        for time in raised {
            let bar = usize::try_from((time.0.div_euclid(HOUR_MS) - first) / each).unwrap_or(0);
            counts[bar.min(bars - 1)][side] += 1;
        }
    }
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    let width = (WIDTH - 40.0) / bars as f64;
    let _ = write!(
        out,
        "<h2>時間分布 · Over time</h2><p><svg viewBox=\"0 0 12 12\" style=\"width:12px;border:0\"><rect class=\"before\" \
         width=\"12\" height=\"12\"/></svg> 現行 · baseline　<svg viewBox=\"0 0 12 12\" style=\"width:12px;border:0\"><rect \
         class=\"after\" width=\"12\" height=\"12\"/></svg> 擬議 · proposed　（每格 {each} 小時 · hours a bar）</p>\
         <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"警報時間分布 · alerts over time\">\
         <text x=\"4\" y=\"14\">{most}</text>"
    );
    for (at, [before, after]) in counts.iter().enumerate() {
        let left = 36.0 + at as f64 * width;
        for (class, count, offset) in [("before", before, 0.0), ("after", after, width * 0.45)] {
            let height = *count as f64 / most as f64 * (HEIGHT - 40.0);
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{count}</title></rect>",
                left + offset,
                HEIGHT - 20.0 - height,
                width * 0.42
            );
        }
        if at % (bars / 8).max(1) == 0 {
            let time = Timestamp((first + at as i64 * each) * HOUR_MS);
            let _ = write!(
                out,
                "<text x=\"{left:.1}\" y=\"{}\">{}</text>",
                HEIGHT - 5.0,
                &local(clocks, time)[5..]
            );
        }
    }
    out.push_str("</svg>");
}

/// The share of true alerts against their number, a dot a setting, where people have judged any.
fn precision(out: &mut String, outcome: &Outcome) {
    let share = |load: &Load| {
        let judged = load.found_true + load.nuisance;
        (judged > 0).then(|| load.found_true as f64 / judged as f64)
    };
    let sides = [
        ("現行 · baseline", &outcome.baseline),
        ("擬議 · proposed", &outcome.proposed),
    ];
    let sides = sides.map(|(name, load)| (name.to_owned(), load));
    let settings = outcome
        .settings
        .iter()
        .map(|setting| (set(&setting.set), &setting.load));
    let dots: Vec<(String, &Load, f64)> = sides
        .into_iter()
        .chain(settings)
        .filter_map(|(name, load)| Some((name, load, share(load)?)))
        .collect();
    let Some(most) = dots.iter().map(|(_, load, _)| load.alerts).max() else {
        return;
    };
    let _ = write!(
        out,
        "<h2>準確率與數量 · Precision against count</h2><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-label=\"準確率與數量 · precision against count\"><text x=\"4\" y=\"14\">100 %</text><text x=\"4\" y=\"{}\">0 %</text>",
        HEIGHT - 20.0
    );
    for (name, load, precision) in dots {
        let x = 50.0 + load.alerts as f64 / most.max(1) as f64 * (WIDTH - 300.0);
        let y = 14.0 + (1.0 - precision) * (HEIGHT - 40.0);
        let name = escaped(&name);
        let (alerts, percent) = (load.alerts, precision * 100.0);
        let _ = write!(
            out,
            "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"><title>{name}: {alerts}, {percent:.0} %</title></circle>\
             <text x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            x + 8.0,
            y + 4.0
        );
    }
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\">{most} 則 · alerts</text></svg>",
        WIDTH - 300.0,
        HEIGHT - 5.0
    );
}

fn table(out: &mut String, title: &str, all: &BTreeMap<String, Counts>) {
    let _ = write!(
        out,
        "<h2>{title}</h2><table><tr><th></th><th>現行<br>baseline</th><th>擬議<br>proposed</th><th>新增<br>come</th>\
         <th>消失<br>go</th><th>移動<br>move</th></tr>"
    );
    for (name, counts) in all {
        let Counts {
            baseline,
            proposed,
            come,
            go,
            moved,
        } = counts;
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{baseline}</td><td>{proposed}</td><td>{come}</td><td>{go}</td><td>{moved}</td></tr>",
            escaped(name)
        );
    }
    out.push_str("</table>");
}
