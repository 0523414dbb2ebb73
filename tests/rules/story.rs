//! A harbour with two feeds, told what happens in seconds from its start. Its state goes through bytes at every step.

use std::sync::Arc;

use arrayvec::ArrayString;
use harborwatch::ais::Mmsi;
use harborwatch::alerts::{Alert, Shelving, Transition};
use harborwatch::geo::{Degrees, Knots, Metres, Position};
use harborwatch::picture::Picture;
use harborwatch::register::{Declarations, Inspections, Papers, Register, Tide};
use harborwatch::report::{
    AisClass, Content, FeedId, HashKey, PositionReport, Report, Said, SourceId, StaticReport, Station,
};
use harborwatch::rules::Rule;
use harborwatch::time::{LocalTime, Span, Timestamp};
use harborwatch::track::TrackLimits;
use harborwatch::traffic::{Answer, Changes, Order, Traffic};
use harborwatch::watch::{Orders, Watch};
use harborwatch::zone::Zones;
use serde_json::{Value as Json, json};

pub const SHIP: u32 = 412_000_001;
pub const OTHER: u32 = 416_000_001;
const KEY: HashKey = HashKey(1, 2);
pub const NOTHING: &[&str] = &[];

/// A harbour, its rules and its papers.
pub struct Story {
    site: Site,
    pub traffic: Traffic,
    /// Whether its state goes through bytes.
    pub is_reloaded: bool,
    told: Vec<String>,
}

/// What a harbour is configured with.
#[derive(Clone)]
pub struct Site {
    pub rules: Json,
    pub zones: Arc<Zones>,
    /// Names of the feeds.
    pub feeds: &'static [&'static str],
    pub limits: TrackLimits,
    /// Rows of the files, without their headers.
    pub declarations: String,
    pub inspections: String,
    pub tide: Tide,
    pub timezone: &'static str,
}

/// A position report.
#[derive(Clone, Copy)]
pub struct Fix {
    pub mmsi: u32,
    pub lon: f64,
    pub lat: f64,
    pub sog: Option<f64>,
    pub cog: Option<f64>,
    pub heading: Option<u16>,
    pub status: Option<u8>,
}

/// The ship, in the bay, eastwards at five knots.
pub const UNDER_WAY: Fix = Fix {
    mmsi: SHIP,
    lon: 118.05,
    lat: 24.05,
    sog: Some(5.0),
    cog: Some(90.0),
    heading: None,
    status: Some(0),
};

/// A square area from `west` to `east`, from 24.0 to 24.1 north.
pub fn area(id: &str, kind: &str, west: f64, east: f64, more: Json) -> Json {
    let ring = json!([[west, 24.0], [east, 24.0], [east, 24.1], [west, 24.1], [west, 24.0]]);
    feature(id, kind, &json!({"type": "Polygon", "coordinates": [ring]}), more)
}

fn line(id: &str, kind: &str, lon: f64) -> Json {
    let geometry = json!({"type": "LineString", "coordinates": [[lon, 24.0], [lon, 24.1]]});
    feature(id, kind, &geometry, json!({}))
}

fn feature(id: &str, kind: &str, geometry: &Json, more: Json) -> Json {
    let mut properties = json!({"id": id, "kind": kind, "name": {"zh": id, "en": id}});
    properties
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

pub fn zone_features() -> Vec<Json> {
    vec![
        area("bay", "harbour", 118.0, 118.1, json!({})),
        area("cove", "harbour", 118.0, 118.05, json!({})),
        area(
            "lane",
            "fairway",
            118.2,
            118.3,
            json!({"direction_deg": 90, "depth_m": 6.0}),
        ),
        area("wharf-1", "berth", 118.0, 118.02, json!({})),
        area("wharf-2", "berth", 118.02, 118.04, json!({})),
        line("mouth", "gate", 118.1),
        line("narrows", "gate", 118.15),
        line("ferry", "route", 118.25),
        line("quay", "quay", 118.0),
    ]
}

pub fn zones(features: Vec<Json>) -> Zones {
    Zones::from_geojson(&json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap()
}

impl Default for Site {
    fn default() -> Self {
        Self {
            rules: json!([]),
            zones: Arc::new(zones(zone_features())),
            feeds: &["north", "south"],
            limits: TrackLimits::default(),
            declarations: String::new(),
            inspections: String::new(),
            tide: Tide::default(),
            timezone: "UTC",
        }
    }
}

impl Site {
    /// A harbour with one rule, `r`.
    pub fn of(kind: &str, more: Json) -> Self {
        Self {
            rules: json!([rule(kind, more)]),
            ..Self::default()
        }
    }

    pub fn declared(mut self, declarations: &str) -> Self {
        self.declarations += declarations;
        self
    }

    fn orders(&self) -> Orders {
        let zones = self.zones.clone();
        let read = |rule: &Json| Rule::read(rule.as_object().unwrap(), &zones).unwrap();
        let rules: Vec<Rule> = self.rules.as_array().unwrap().iter().map(read).collect();
        let feeds = self.feeds.iter();
        let feeds = feeds.map(|feed| ((*feed).into(), (*feed == "north").then_some(3)));
        let local = LocalTime(jiff::tz::TimeZone::get(self.timezone).unwrap());
        Orders {
            tide: self.tide.clone(),
            ..Orders::first(zones.clone(), rules, feeds, local)
        }
    }

    fn papers(&self) -> Papers {
        let declared =
            "id,mmsi,port_zone,berth_zone,window_start,window_end,max_draught_m,cargo_t,night,inspection,status\n";
        let inspected = "id,declaration,mmsi,time,result\n";
        Papers {
            declarations: Declarations::from_csv(&format!("{declared}{}", self.declarations), |_| true).unwrap(),
            inspections: Inspections::from_csv(&format!("{inspected}{}", self.inspections)).unwrap(),
        }
    }

    pub fn story(mut self) -> Story {
        let start = Timestamp(0);
        let register = Register::from_csv(&format!(
            "mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n{SHIP},,TEST SHA 1,,sand_carrier,5.0,97,\n"
        ));
        let mut limits = self.limits.clone();
        limits.trail = self
            .orders()
            .rules
            .iter()
            .map(|rule| rule.judge.window())
            .max()
            .unwrap_or_default();
        self.limits = limits;
        let picture = Picture::new(self.limits.clone(), register.unwrap(), 2, start, KEY);
        let watch = Watch::new(self.orders(), self.papers(), start);
        let mut story = Story {
            site: self,
            traffic: Traffic::new(picture, vec![watch], start),
            is_reloaded: true,
            told: Vec::new(),
        };
        story.to(0);
        story
    }
}

impl Story {
    /// Lets seconds pass up to `second`.
    pub fn to(&mut self, second: i64) -> &mut Self {
        let mut changes = Changes::default();
        self.traffic.tick(second, &mut changes);
        self.tell(changes)
    }

    /// The station of feed `feed` brings a valid sentence that says nothing.
    pub fn hear(&mut self, second: i64, feed: u16) -> &mut Self {
        self.observe(second * 1000, feed, None)
    }

    /// The ship reports a position, a speed and a status on the first feed.
    pub fn ship(&mut self, second: i64, lon: f64, sog_kn: f64, nav_status: u8) -> &mut Self {
        self.report(second, SHIP, Some(lon), Some(sog_kn), nav_status)
    }

    pub fn report(&mut self, second: i64, mmsi: u32, lon: Option<f64>, sog: Option<f64>, status: u8) -> &mut Self {
        let fix = Fix {
            mmsi,
            sog,
            status: Some(status),
            ..UNDER_WAY
        };
        self.moved(second * 1000, lon, &fix)
    }

    pub fn fix(&mut self, second: i64, fix: Fix) -> &mut Self {
        self.moved(second * 1000, Some(fix.lon), &fix)
    }

    pub fn moved(&mut self, ms: i64, lon: Option<f64>, fix: &Fix) -> &mut Self {
        let report = PositionReport {
            position: lon.map(|lon| Position { lon, lat: fix.lat }),
            sog: fix.sog.map(Knots),
            cog: fix.cog.map(Degrees),
            heading: fix.heading,
            rot_deg_min: None,
            nav_status: fix.status,
            ais_class: Some(AisClass::A),
        };
        self.says(ms, fix.mmsi, 1, Content::Position(report))
    }

    pub fn ship_type(&mut self, second: i64, mmsi: u32, ship_type: u8) -> &mut Self {
        let statics = StaticReport {
            ship_type: Some(Some(ship_type)),
            ..StaticReport::default()
        };
        self.says(second * 1000, mmsi, 5, Content::Static(statics))
    }

    pub fn statics(&mut self, second: i64, statics: StaticReport) -> &mut Self {
        self.says(second * 1000, SHIP, 5, Content::Static(statics))
    }

    /// The ship gives its draught; 0 is "not available".
    pub fn draught(&mut self, second: i64, metres: f64) -> &mut Self {
        let statics = StaticReport {
            draught: Some((metres > 0.0).then_some(Metres(metres))),
            ..StaticReport::default()
        };
        self.statics(second, statics)
    }

    /// The ship sends a safety-related text.
    pub fn text(&mut self, second: i64, text: &str) -> &mut Self {
        let text = ArrayString::from(text).unwrap();
        self.says(second * 1000, SHIP, 14, Content::SafetyText(text))
    }

    pub fn says(&mut self, ms: i64, mmsi: u32, message_type: u8, content: Content) -> &mut Self {
        let said = Said {
            mmsi: Mmsi(mmsi),
            message_type,
            content,
        };
        self.observe(ms, 0, Some(said))
    }

    pub fn observe(&mut self, ms: i64, feed: u16, said: Option<Said>) -> &mut Self {
        let station = Station {
            feed: FeedId(feed),
            source: SourceId(0),
        };
        self.bring(Report::of(Timestamp(ms), station, said))
    }

    /// The station of feed `feed` brings a valid sentence of a time that has not come.
    pub fn hear_ahead(&mut self, second: i64, feed: u16) -> &mut Self {
        let station = Station {
            feed: FeedId(feed),
            source: SourceId(0),
        };
        let mut changes = Changes::default();
        let report = Report::of(Timestamp::from_s(second), station, None);
        self.traffic.observe(&report, &mut changes);
        self.tell(changes)
    }

    /// A sentence comes, received at its time.
    pub fn bring(&mut self, report: Report) -> &mut Self {
        self.to(report.time.floor_s());
        let mut changes = Changes::default();
        self.traffic.observe(&report, &mut changes);
        self.tell(changes)
    }

    /// The service goes on under another configuration.
    pub fn adopt(&mut self, second: i64, site: Site) -> &mut Self {
        self.to(second);
        let mut changes = Changes::default();
        self.traffic.set_up(self.site.limits.clone(), site.feeds.len());
        self.traffic.adopt(None, vec![site.orders()], &mut changes);
        self.site.rules = site.rules;
        self.site.zones = site.zones;
        self.site.feeds = site.feeds;
        self.tell(changes)
    }

    /// The clock is set forward to a second.
    pub fn set_clock(&mut self, by_s: i64, second: i64) -> &mut Self {
        self.to(second - by_s);
        let mut changes = Changes::default();
        self.traffic
            .set_clock(Span::s(by_s), Timestamp::from_s(second), &mut changes);
        self.tell(changes)
    }

    pub fn acknowledge(&mut self, second: i64, alert: &str) -> &mut Self {
        let order = Order::Acknowledge {
            alert: alert.into(),
            by: Some("A".into()),
            comment: None,
        };
        self.order(second, &order);
        self
    }

    /// Alerts of a vessel, of a rule or of both are put aside until a second.
    pub fn shelve(&mut self, second: i64, mmsi: Option<u32>, rule: Option<&str>, until: i64) -> &mut Self {
        let shelving = Shelving {
            mmsi: mmsi.map(Mmsi),
            rule: rule.map(Arc::from),
            until: Timestamp::from_s(until),
            reason: "a tow".into(),
            by: None,
        };
        self.order(second, &Order::Shelve(shelving));
        self
    }

    /// The shelf of this number is taken away.
    pub fn unshelve(&mut self, second: i64, shelf: u64) -> &mut Self {
        self.order(second, &Order::Unshelve { shelf });
        self
    }

    pub fn order(&mut self, second: i64, order: &Order) -> Answer {
        self.to(second);
        let mut changes = Changes::default();
        let answer = self.traffic.order(order, Timestamp::from_s(second), &mut changes);
        self.tell(changes);
        answer
    }

    fn tell(&mut self, changes: Changes) -> &mut Self {
        for (_, change) in changes.alerts {
            let step = match change.transition {
                Transition::Raised => "+",
                Transition::Rectified => "-",
                Transition::Closed => "x",
                Transition::Acknowledged => "a",
                Transition::Escalated => "!",
                Transition::Shelved => "s",
                Transition::Unshelved => "u",
            };
            let alert = &change.alert;
            let mut line = format!("{}{step}{}", change.time.0 as f64 / 1000.0, alert.rule);
            for part in [&alert.zone, &alert.reason].into_iter().flatten() {
                line += &format!(" {part}");
            }
            if let (Some(value), Some(limit)) = (alert.value, alert.limit) {
                line += &format!(" {value}/{limit}");
            }
            self.told.push(line);
        }
        if self.is_reloaded {
            let bytes = self.traffic.to_bytes();
            let orders = vec![self.site.orders()];
            self.traffic = Traffic::from_bytes(&bytes, self.site.limits.clone(), orders, KEY).unwrap();
            assert_eq!(self.traffic.to_bytes(), bytes);
        }
        self
    }

    /// All that was told since the last time.
    pub fn told(&self) -> &[String] {
        &self.told
    }

    /// What was told since the last time.
    #[track_caller]
    pub fn tells<S: AsRef<str> + std::fmt::Debug>(&mut self, wanted: &[S]) -> &mut Self
    where
        String: PartialEq<S>,
    {
        assert_eq!(self.told, wanted);
        self.told.clear();
        self
    }

    /// One line was told, or none.
    #[track_caller]
    pub fn tells_maybe(&mut self, wanted: &str) -> &mut Self {
        let wanted = [wanted];
        self.tells(if wanted[0].is_empty() { NOTHING } else { &wanted })
    }

    /// Alerts that are not closed.
    pub fn standing(&self) -> Vec<&Alert> {
        self.traffic.watches()[0].ledger().standing().collect()
    }
}

pub fn rule(kind: &str, more: Json) -> Json {
    let mut rule = json!({"id": "r", "kind": kind, "priority": "warning"});
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

pub fn story(kind: &str, more: Json) -> Story {
    Site::of(kind, more).story()
}

/// The faults of a rule, as `key what`.
#[track_caller]
pub fn refused(kind: &str, more: Json, wanted: &[&str]) {
    let rule = rule(kind, more);
    let faults = Rule::read(rule.as_object().unwrap(), &zones(zone_features()))
        .err()
        .unwrap_or_default();
    let told: Vec<String> = faults
        .iter()
        .map(|fault| format!("{} {}", fault.key, fault.what))
        .collect();
    assert_eq!(told, wanted, "{rule}");
}

pub fn time(second: i64) -> String {
    Timestamp::from_s(second).to_string()
}

/// A declaration of the ship: `more` are the fields `max_draught_m,cargo_t,night,inspection`.
pub fn declaration(id: &str, zone: &str, berth: &str, window: [i64; 2], more: &str, status: &str) -> String {
    let [from, to] = window.map(time);
    format!("{id},{SHIP},{zone},{berth},{from},{to},{more},{status}\n")
}

pub fn declared(id: &str, zone: &str, from: i64, to: i64, status: &str) -> String {
    declaration(id, zone, "", [from, to], ",,,", status)
}

/// An inspection of the ship.
pub fn inspected(id: &str, declaration: &str, second: i64, result: &str) -> String {
    format!("{id},{declaration},{SHIP},{},{result}\n", time(second))
}
