//! What a review found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::matching::pair_up;
use super::{Capacity, Heard, Review, Seen};
use crate::ais::Mmsi;
use crate::alerts::{Alert, Finding, Priority};
use crate::geo::Position;
use crate::picture::Picture;
use crate::rules::{Rule, Subject};
use crate::time::{LocalTime, Span, Timestamp};
use crate::traffic::Traffic;

/// A rule matches everything if it raises alerts for this share of the vessels that its filter lets pass ...
const EVERYTHING: f64 = 0.9;
/// ... and there are at least so many of them.
const EVERYTHING_OF: usize = 3;
const HOUR_S: f64 = 3600.0;

/// What a review found.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub baseline: Load,
    pub proposed: Load,
    /// Alerts of the proposed alone.
    pub come: Vec<Shown>,
    /// Alerts of the baseline alone.
    pub go: Vec<Shown>,
    /// Alerts of both, raised at another time.
    #[serde(rename = "move")]
    pub moved: Vec<Moved>,
    pub by_rule: BTreeMap<String, Counts>,
    pub by_zone: BTreeMap<String, Counts>,
    pub by_class: BTreeMap<String, Counts>,
    /// By the hour on the site's clocks, `00` to `23`.
    pub by_hour: BTreeMap<String, Counts>,
    pub by_desk: BTreeMap<String, Counts>,
    pub settings: Vec<Setting>,
    /// Rules of the proposed that match everything or nothing.
    pub flags: Vec<Flag>,
    #[serde(serialize_with = "as_text")]
    pub from: Timestamp,
    #[serde(serialize_with = "as_text")]
    pub to: Timestamp,
    pub hours: f64,
    /// In the picture at the end.
    pub vessels: usize,
    /// Whether any of these, or of those that alerts tell of, is simulated.
    pub simulated: bool,
    pub alerts_per_hour: f64,
    pub operators: usize,
    /// When the alerts of both sides were raised, for drawing them over time.
    #[serde(skip)]
    pub raised: [Vec<Timestamp>; 2],
}

/// The alerts of one case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Load {
    pub alerts: u64,
    pub alerts_per_hour: f64,
    pub alerts_per_hour_and_operator: f64,
    /// Of those of one operator in an hour, against `[review] alerts_per_hour`.
    pub times_budget: f64,
    /// Most alerts in any hour.
    pub busiest_hour: u64,
    #[serde(rename = "true")]
    pub found_true: u64,
    pub nuisance: u64,
    pub unsure: u64,
}

/// How many alerts there are of one rule, zone, class or hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub baseline: u64,
    pub proposed: u64,
    pub come: u64,
    pub go: u64,
    #[serde(rename = "move")]
    pub moved: u64,
}

/// One setting of a sweep.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    pub set: Map<String, Json>,
    #[serde(flatten)]
    pub load: Load,
    /// The true among those judged true or a nuisance.
    pub precision: Option<f64>,
    pub flags: Vec<Flag>,
}

/// A rule that is of no use as it stands, or too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    pub rule: Arc<str>,
    pub matches: Matches,
}

/// What a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matches {
    Everything,
    Nothing,
}

/// An alert.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub alert: Arc<str>,
    pub rule: Arc<str>,
    pub kind: Arc<str>,
    pub priority: Priority,
    pub mmsi: Option<u32>,
    pub other_mmsi: Option<u32>,
    pub zone: Option<Arc<str>>,
    pub class: Option<&'static str>,
    pub desk: Option<Arc<str>>,
    pub reason: Option<Arc<str>>,
    #[serde(serialize_with = "as_lon_lat")]
    pub position: Option<Position>,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub unit: Option<Arc<str>>,
    #[serde(serialize_with = "as_text")]
    pub raised: Timestamp,
    #[serde(serialize_with = "as_text_or_null")]
    pub rectified: Option<Timestamp>,
    pub verdict: Option<&'static str>,
}

/// An alert of both sides, raised at another time.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub rule: Arc<str>,
    pub mmsi: Option<u32>,
    pub other_mmsi: Option<u32>,
    pub zone: Option<Arc<str>>,
    /// How much later the proposed raises it; negative: earlier.
    pub shift_s: f64,
    pub baseline: Shown,
    pub proposed: Shown,
}

fn as_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

fn as_text_or_null<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

fn as_lon_lat<S: Serializer>(place: &Option<Position>, serializer: S) -> Result<S::Ok, S::Error> {
    place.map(|place| [place.lon, place.lat]).serialize(serializer)
}

impl Review {
    /// What was found, once the traffic has passed.
    pub fn finish(mut self, traffic: &Traffic) -> Outcome {
        let to = traffic.now();
        let from = self.from.unwrap_or(to);
        for n in 0..self.cases.len() {
            self.carry_over(n);
        }
        let span = Measure {
            from,
            hours: (to.since(from).as_s() / HOUR_S).max(f64::MIN_POSITIVE),
            capacity: self.capacity,
        };
        let all: Vec<Vec<&Seen>> = (0..self.cases.len()).map(|n| self.alerts_of(n)).collect();
        let more: Vec<u64> = (0..self.cases.len()).map(|n| self.more_of(n)).collect();
        let (baseline, proposed) = (&all[0], &all[1]);
        let mut tables = Tables::new(&self.local);
        let difference = Difference::of(baseline, proposed);
        tables.count(baseline, |counts| counts.baseline += 1);
        tables.count(proposed, |counts| counts.proposed += 1);
        tables.count(&difference.come, |counts| counts.come += 1);
        tables.count(&difference.go, |counts| counts.go += 1);
        let moved: Vec<&Seen> = difference.moved.iter().map(|(_, later)| *later).collect();
        tables.count(&moved, |counts| counts.moved += 1);
        let setting = |n: usize| {
            let load = span.load(&all[n], more[n]);
            let judged = load.found_true + load.nuisance;
            Setting {
                set: self.cases[n].set.clone(),
                precision: (judged > 0).then(|| load.found_true as f64 / judged as f64),
                flags: flags(&traffic.trials()[n].orders().rules, &all[n], traffic.picture()),
                load,
            }
        };
        let picture = traffic.picture();
        let simulated = picture.slots().any(|slot| picture.track(slot).simulated)
            || all.iter().flatten().any(|seen| seen.alert.simulated);
        let raised = |alerts: &[&Seen]| alerts.iter().map(|seen| seen.alert.raised).collect();
        Outcome {
            baseline: span.load(baseline, more[0]),
            proposed: span.load(proposed, more[1]),
            come: difference.come.iter().map(|seen| Shown::of(seen)).collect(),
            go: difference.go.iter().map(|seen| Shown::of(seen)).collect(),
            moved: difference.moved.iter().map(|(a, b)| Moved::of(a, b)).collect(),
            settings: (2..self.cases.len()).map(setting).collect(),
            flags: self.flags_of_proposed(traffic, proposed),
            from,
            to,
            hours: span.hours,
            vessels: picture.len(),
            simulated,
            alerts_per_hour: self.capacity.alerts_per_hour,
            operators: self.capacity.operators,
            raised: [raised(baseline), raised(proposed)],
            by_rule: tables.by_rule,
            by_zone: tables.by_zone,
            by_class: tables.by_class,
            by_hour: tables.by_hour,
            by_desk: tables.by_desk,
        }
    }

    /// Gives a case's own alerts the findings of the recorded alerts that they are.
    fn carry_over(&mut self, n: usize) {
        let judged: Vec<&Seen> = self.judged.values().collect();
        let own: Vec<&Seen> = self.cases[n].seen.iter().collect();
        let found: Vec<(usize, Option<Finding>)> = pair_up(&own, &judged)
            .into_iter()
            .map(|(own, recorded)| (own, judged[recorded].finding))
            .collect();
        for (own, finding) in found {
            self.cases[n].seen[own].finding = finding;
        }
    }

    /// A case's own alerts and those it shares, by the time at which they were raised.
    fn alerts_of(&self, n: usize) -> Vec<&Seen> {
        let case = &self.cases[n];
        let mut alerts: Vec<&Seen> = case.seen.iter().collect();
        if let Some(shared) = &case.shares {
            let others = self.alerts_of(shared.with);
            alerts.extend(
                others
                    .into_iter()
                    .filter(|seen| shared.rules.contains(&seen.alert.rule)),
            );
            alerts.sort_by(|a, b| (a.alert.raised, &a.alert.id).cmp(&(b.alert.raised, &b.alert.id)));
        }
        alerts
    }

    /// Alerts that were only counted. Of which rule they were is not known: those that are shared count for both.
    fn more_of(&self, n: usize) -> u64 {
        let Heard { more, shares, .. } = &self.cases[n];
        let shared = shares.as_ref().filter(|shared| !shared.rules.is_empty());
        more + shared.map_or(0, |shared| self.more_of(shared.with))
    }

    fn flags_of_proposed(&self, traffic: &Traffic, alerts: &[&Seen]) -> Vec<Flag> {
        let shared = self.cases[1].shares.as_ref();
        let is_shared = |rule: &&Rule| shared.is_some_and(|shared| shared.rules.contains(&rule.id));
        let [baseline, proposed] = [0, 1].map(|n| &traffic.trials()[n].orders().rules);
        let rules = baseline.iter().filter(is_shared).chain(proposed);
        let mut flags = flags(rules, alerts, traffic.picture());
        flags.sort_by(|a, b| a.rule.cmp(&b.rule));
        flags
    }
}

/// The rules that match everything or nothing of what passed.
fn flags<'r>(rules: impl IntoIterator<Item = &'r Rule>, alerts: &[&Seen], picture: &Picture) -> Vec<Flag> {
    let flag = |rule: &Rule| {
        let own = alerts.iter().filter(|seen| seen.alert.rule == rule.id);
        let alerted: BTreeSet<Mmsi> = own
            .clone()
            .flat_map(|seen| [seen.alert.mmsi, seen.alert.other_mmsi])
            .flatten()
            .collect();
        let matches = if own.count() == 0 {
            Matches::Nothing
        } else {
            let tracks = picture.slots().map(|slot| picture.track(slot));
            let looked_at = tracks
                .filter(|track| track.fix.is_some() && rule.filter.passes(track))
                .count();
            let is_everything = matches!(rule.kind.subject, Subject::Vessel | Subject::Pair)
                && looked_at >= EVERYTHING_OF
                && alerted.len() as f64 >= EVERYTHING * looked_at as f64;
            is_everything.then_some(Matches::Everything)?
        };
        let rule = rule.id.clone();
        Some(Flag { rule, matches })
    };
    rules.into_iter().filter_map(flag).collect()
}

/// What came, went and moved.
struct Difference<'s> {
    come: Vec<&'s Seen>,
    go: Vec<&'s Seen>,
    moved: Vec<(&'s Seen, &'s Seen)>,
}

impl<'s> Difference<'s> {
    fn of(baseline: &[&'s Seen], proposed: &[&'s Seen]) -> Self {
        let pairs = pair_up(baseline, proposed);
        let (kept, stays): (BTreeSet<usize>, BTreeSet<usize>) = pairs.iter().copied().unzip();
        let rest = |side: &[&'s Seen], paired: BTreeSet<usize>| {
            let all = side.iter().enumerate();
            all.filter(|(at, _)| !paired.contains(at))
                .map(|(_, seen)| *seen)
                .collect()
        };
        let both = pairs.into_iter().map(|(a, b)| (baseline[a], proposed[b]));
        Self {
            come: rest(proposed, stays),
            go: rest(baseline, kept),
            moved: both.filter(|(a, b)| a.alert.raised != b.alert.raised).collect(),
        }
    }
}

/// Against what alerts are counted.
struct Measure {
    from: Timestamp,
    hours: f64,
    capacity: Capacity,
}

impl Measure {
    fn load(&self, alerts: &[&Seen], more: u64) -> Load {
        let count = alerts.len() as u64 + more;
        let found = |finding| alerts.iter().filter(|seen| seen.finding == Some(finding)).count() as u64;
        let mut hours = BTreeMap::<i64, u64>::new();
        for seen in alerts {
            let hour = (seen.alert.raised.since(self.from).as_s() / HOUR_S) as i64;
            *hours.entry(hour).or_default() += 1;
        }
        let per_hour = count as f64 / self.hours;
        let per_operator = per_hour / self.capacity.operators.max(1) as f64;
        Load {
            alerts: count,
            alerts_per_hour: hundredths(per_hour),
            alerts_per_hour_and_operator: hundredths(per_operator),
            times_budget: hundredths(per_operator / self.capacity.alerts_per_hour),
            busiest_hour: hours.into_values().max().unwrap_or_default(),
            found_true: found(Finding::True),
            nuisance: found(Finding::Nuisance),
            unsure: found(Finding::Unsure),
        }
    }
}

fn hundredths(value: f64) -> f64 {
    crate::alerts::rounded(value, None)
}

/// Counts under names.
struct Tables<'l> {
    local: &'l LocalTime,
    by_rule: BTreeMap<String, Counts>,
    by_zone: BTreeMap<String, Counts>,
    by_class: BTreeMap<String, Counts>,
    by_hour: BTreeMap<String, Counts>,
    by_desk: BTreeMap<String, Counts>,
}

impl<'l> Tables<'l> {
    fn new(local: &'l LocalTime) -> Self {
        Self {
            local,
            by_rule: BTreeMap::new(),
            by_zone: BTreeMap::new(),
            by_class: BTreeMap::new(),
            by_hour: BTreeMap::new(),
            by_desk: BTreeMap::new(),
        }
    }

    fn count(&mut self, alerts: &[&Seen], add: impl Fn(&mut Counts)) {
        for seen in alerts {
            let Alert { rule, zone, desk, .. } = &*seen.alert;
            let hour = self.local.time_of_day(seen.alert.raised).0 / Span::s(3600).0;
            let class = seen.class.map_or("none", |class| class.name());
            add(self.by_rule.entry(rule.to_string()).or_default());
            add(self
                .by_zone
                .entry(zone.as_deref().unwrap_or("everywhere").into())
                .or_default());
            add(self.by_class.entry(class.into()).or_default());
            add(self.by_hour.entry(format!("{hour:02}")).or_default());
            add(self
                .by_desk
                .entry(desk.as_deref().unwrap_or("none").into())
                .or_default());
        }
    }
}

impl Shown {
    fn of(seen: &Seen) -> Self {
        let alert = &*seen.alert;
        Self {
            alert: alert.id.clone(),
            rule: alert.rule.clone(),
            kind: alert.kind.clone(),
            priority: alert.priority,
            mmsi: alert.mmsi.map(|mmsi| mmsi.0),
            other_mmsi: alert.other_mmsi.map(|mmsi| mmsi.0),
            zone: alert.zone.clone(),
            class: seen.class.map(|class| class.name()),
            desk: alert.desk.clone(),
            reason: alert.reason.clone(),
            position: alert.position,
            value: alert.value,
            limit: alert.limit,
            unit: alert.unit.clone(),
            raised: alert.raised,
            rectified: seen.ended,
            verdict: seen.finding.map(Finding::name),
        }
    }
}

impl Moved {
    fn of(before: &Seen, after: &Seen) -> Self {
        let alert = &*after.alert;
        Self {
            rule: alert.rule.clone(),
            mmsi: alert.mmsi.map(|mmsi| mmsi.0),
            other_mmsi: alert.other_mmsi.map(|mmsi| mmsi.0),
            zone: alert.zone.clone(),
            shift_s: alert.raised.since(before.alert.raised).as_s(),
            baseline: Shown::of(before),
            proposed: Shown::of(after),
        }
    }
}
