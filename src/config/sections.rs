//! The sections of a site's configuration that stand by themselves.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::section::Section;
use crate::rules::Words;
use crate::time::Span;
use crate::track::TrackLimits;

/// `[site]`: whose water it is.
#[derive(Clone, Debug)]
pub struct Site {
    pub name: Words<String>,
    /// By the bundled tables.
    pub timezone: jiff::tz::TimeZone,
    /// West, south, east and north of the chart's first view, in degrees.
    pub bbox: Option<[f64; 4]>,
}

/// `[listen]`: where it is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Listen {
    pub http: SocketAddr,
    /// Certificate and key for HTTPS.
    pub tls: Option<(PathBuf, PathBuf)>,
    pub insecure: bool,
    /// Gives the merged feed to chart plotters.
    pub nmea_tcp: Option<SocketAddr>,
    pub nmea_udp: Option<SocketAddr>,
}

/// `[journal]`.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalSettings {
    /// Written through to the disk at least so often.
    pub sync_ms: u64,
    pub segment_mb: u64,
    /// With less free on the disk, an alert.
    pub disk_free_mb: u64,
}

/// `[retention]`: how many days what is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// The journal: every line, and every decision among them.
    pub raw_days: u64,
    /// Positions; none: as long as the lines that hold them.
    pub positions_days: Option<u64>,
    /// Alerts that are closed; none: as long as there is room for them.
    pub alerts_days: Option<u64>,
    /// Decisions; none: as long as the journal.
    pub audit_days: Option<u64>,
}

impl Retention {
    /// How many days the journal is kept: its lines are positions, so that the shorter of the two counts.
    pub fn journal_days(&self) -> u64 {
        self.raw_days.min(self.positions_days.unwrap_or(self.raw_days))
    }

    /// What is asked for and is kept otherwise, in words.
    pub fn notes(&self) -> Vec<String> {
        let days = self.journal_days();
        let mut notes = Vec::new();
        if let Some(positions) = self.positions_days.filter(|positions| *positions != self.raw_days) {
            notes.push(format!(
                "[retention] positions_days = {positions}, raw_days = {}: positions are the journal's lines, which are kept {days} days",
                self.raw_days
            ));
        }
        if let Some(audit) = self.audit_days.filter(|audit| *audit != days) {
            notes.push(format!(
                "[retention] audit_days = {audit}: decisions are in the journal, which is kept {days} days"
            ));
        }
        notes
    }
}

/// `[review]`: what one operator can take.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewSettings {
    pub alerts_per_hour: f64,
}

/// A hundred years: longer is a slip of the pen.
const MAX_DAYS: u64 = 36_500;
const BOTH_LANGUAGES: &str = "both languages, as in { zh = \"金門港\", en = \"Kinmen Harbour\" }";
const TIMEZONE: &str = "an IANA time zone, as in \"Asia/Taipei\"";
const BBOX: &str = "[west, south, east, north] in degrees, west < east, south < north";
const LISTEN: &str = "an address with a port, as in \"127.0.0.1:8080\"";
const LOOPBACK: &str = "127.0.0.1 or [::1]: there are no accounts yet, so nobody beyond this machine may be let in";

pub(super) fn site(section: &Section<'_>) -> Option<Site> {
    let name = section.section("name").map(|name| {
        let word = |key| {
            if !name.has(key) {
                name.missing(key, BOTH_LANGUAGES);
            }
            name.text(key, BOTH_LANGUAGES).unwrap_or_default().to_owned()
        };
        let words = Words {
            zh: word("zh"),
            en: word("en"),
        };
        name.refuse_rest();
        words
    });
    if !section.has("name") {
        section.missing("name", BOTH_LANGUAGES);
    }
    let timezone = section.read("timezone", TIMEZONE, |value| {
        jiff::tz::TimeZone::get(value.as_str()?).ok()
    });
    if !section.has("timezone") {
        section.missing("timezone", TIMEZONE);
    }
    let bbox = section.numbers("bbox", BBOX, is_bbox);
    section.refuse_rest();
    Some(Site {
        name: name?,
        timezone: timezone?,
        bbox,
    })
}

fn is_bbox([west, south, east, north]: [f64; 4]) -> bool {
    let (lon, lat) = (-180.0..=180.0, -90.0..=90.0);
    west < east
        && south < north
        && lon.contains(&west)
        && lon.contains(&east)
        && lat.contains(&south)
        && lat.contains(&north)
}

pub(super) fn listen(section: Option<&Section<'_>>) -> Listen {
    let mut listen = Listen {
        http: SocketAddr::from(([127, 0, 0, 1], 8080)),
        tls: None,
        insecure: false,
        nmea_tcp: None,
        nmea_udp: None,
    };
    let Some(section) = section else { return listen };
    let loopback = |key| {
        let address = section.read(key, LISTEN, |value| address(value.as_str()?))?;
        if !address.ip().is_loopback() {
            section.fault(key, format!("is {address}, which others can reach"), LOOPBACK);
        }
        Some(address)
    };
    listen.http = loopback("http").unwrap_or(listen.http);
    listen.nmea_tcp = loopback("nmea_tcp");
    listen.nmea_udp = section.read("nmea_udp", LISTEN, |value| address(value.as_str()?));
    let certificate = section.text("tls_cert", "a file").map(PathBuf::from);
    let key = section.text("tls_key", "a file").map(PathBuf::from);
    if section.has("tls_cert") != section.has("tls_key") {
        section.fault("tls_cert", "and tls_key belong together", "both or neither");
    }
    listen.tls = certificate.zip(key);
    listen.insecure = section.flag("insecure").unwrap_or(false);
    section.refuse_rest();
    listen
}

/// An address with its port; `localhost` is understood, other names are not: looking them up may take long and change.
pub fn address(text: &str) -> Option<SocketAddr> {
    match text.strip_prefix("localhost:") {
        Some(port) => Some((IpAddr::from([127, 0, 0, 1]), port.parse().ok()?).into()),
        None => text.parse().ok(),
    }
}

pub(super) fn track(section: Option<&Section<'_>>) -> TrackLimits {
    let mut limits = TrackLimits::default();
    let Some(section) = section else { return limits };
    let seconds = |key, span: &mut Span| {
        if let Some(seconds) = section.number(key, 1.0..=31_536_000.0) {
            *span = Span::from_s(seconds);
        }
    };
    seconds("lost_after_s", &mut limits.lost_after);
    seconds("moored_lost_after_s", &mut limits.moored_lost_after);
    seconds("remove_after_s", &mut limits.remove_after);
    limits.max_speed_kn = section
        .number("max_speed_kn", 1.0..=1000.0)
        .unwrap_or(limits.max_speed_kn);
    limits.max_jump_nm = section.number("max_jump_nm", 0.0..=100.0).unwrap_or(limits.max_jump_nm);
    // Whoever shortens the one need not name the others: then a vessel is removed before it is lost.
    let given = [
        ("lost_after_s", limits.lost_after),
        ("moored_lost_after_s", limits.moored_lost_after),
    ];
    let given = given
        .into_iter()
        .filter(|(key, _)| section.has(key))
        .map(|(_, span)| span);
    if let Some(longest) = given.max().filter(|longest| limits.remove_after < *longest) {
        let want = format!("at least {}, after which a vessel is lost", longest.as_s());
        section.fault("remove_after_s", format!("is {}", limits.remove_after.as_s()), want);
    }
    section.refuse_rest();
    limits
}

pub(super) fn journal(section: Option<&Section<'_>>) -> JournalSettings {
    let whole = |key, range, default| {
        section
            .and_then(|section| section.whole_number(key, range))
            .unwrap_or(default)
    };
    let journal = JournalSettings {
        sync_ms: whole("sync_ms", 0..=60_000, 200),
        segment_mb: whole("segment_mb", 1..=4096, 64),
        disk_free_mb: whole("disk_free_mb", 0..=1_000_000_000, 1024),
    };
    section.into_iter().for_each(Section::refuse_rest);
    journal
}

pub(super) fn retention(section: Option<&Section<'_>>) -> Retention {
    let days = |key| section.and_then(|section| section.whole_number(key, 1..=MAX_DAYS));
    let retention = Retention {
        raw_days: days("raw_days").unwrap_or(90),
        positions_days: days("positions_days"),
        alerts_days: days("alerts_days"),
        audit_days: days("audit_days"),
    };
    section.into_iter().for_each(Section::refuse_rest);
    retention
}

pub(super) fn review(section: Option<&Section<'_>>) -> ReviewSettings {
    let number = section.and_then(|section| section.number("alerts_per_hour", 0.1..=10_000.0));
    section.into_iter().for_each(Section::refuse_rest);
    ReviewSettings {
        alerts_per_hour: number.unwrap_or(6.0),
    }
}
