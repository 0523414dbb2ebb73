//! The configuration of a site: one TOML file and the files it names, taken as a whole or refused as a whole.
//!
//! Every mistake is found before anything starts, and named with file, line and what would be right.

mod difference;
mod feeds;
mod files;
mod mistake;
mod rules;
mod section;
mod sections;

pub use difference::beyond_review;
pub use files::Coast;
pub use mistake::Mistake;
pub use sections::{JournalSettings, Listen, Retention, ReviewSettings, Site, address};

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use crate::feeds::FeedSettings;
use crate::register::{Declarations, Inspections, Register, Tide};
use crate::rules::{Mode, Rule};
use crate::track::TrackLimits;
use crate::watch::Desk;
use crate::zone::Zones;

use files::Folder;
use mistake::Mistakes;
use section::{Page, Section};

/// A site as configured.
#[derive(Debug)]
pub struct Config {
    pub site: Site,
    pub listen: Listen,
    /// `[data] dir`.
    pub data_dir: Option<PathBuf>,
    pub zones: Arc<Zones>,
    /// For the chart only.
    pub coast: Vec<Coast>,
    pub register: Register,
    pub declarations: Declarations,
    pub inspections: Inspections,
    pub tide: Tide,
    pub track: TrackLimits,
    pub journal: JournalSettings,
    pub retention: Retention,
    pub review: ReviewSettings,
    pub desks: Vec<Desk>,
    pub feeds: Vec<FeedSettings>,
    /// All rules, in the order of their ids, whatever their mode.
    pub rules: Vec<Rule>,
    /// Every file that was read, as it was, the configuration itself first.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Keys that are right but without effect in this version, for people.
    pub without_effect: Vec<&'static str>,
}

/// What a configuration is read for: what must stand in it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// `check`: the site and its zones suffice.
    Replay,
    /// `replay`, `explain`, `review`: the same for recordings of these names, which rules may name as feeds.
    Recordings(&'a [String]),
    /// `serve` also needs a place for its data and a feed.
    Service,
}

/// Where files come from: the disk, or what is built in.
pub type Files<'f> = &'f dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// Reads a configuration from the disk; paths in it are relative to it.
pub fn load(path: &Path, purpose: Purpose<'_>) -> Result<Config, Vec<Mistake>> {
    read(path, purpose, &files::from_disk)
}

/// Reads a configuration and the files it names from wherever `files` has them.
pub fn read(path: &Path, purpose: Purpose<'_>, files: Files<'_>) -> Result<Config, Vec<Mistake>> {
    let mistakes = Mistakes::default();
    let kept = RefCell::new(Vec::new());
    let keeping = |path: &Path| {
        let bytes = files(path)?;
        kept.borrow_mut().push((path.to_owned(), bytes.clone()));
        Ok(bytes)
    };
    let folder = Folder::of(path, &keeping, &mistakes);
    let config = folder.text(path, None).and_then(|text| {
        let (table, errors) = DeTable::parse_recoverable(&text);
        let page = Page {
            file: path,
            text: &text,
            mistakes: &mistakes,
        };
        if errors.is_empty() {
            return config(&page.whole(table.get_ref()), purpose, &folder);
        }
        refuse_syntax(page, &table, &errors, &folder);
        None
    });
    let mistakes = mistakes.into_sorted();
    let mut config = config.filter(|_| mistakes.is_empty()).ok_or(mistakes)?;
    config.files = kept.into_inner();
    Ok(config)
}

/// Names what is no TOML, and what is wrong in the rest of the file; what is missing there may only be unreadable.
fn refuse_syntax(page: Page<'_>, table: &toml::Spanned<DeTable<'_>>, errors: &[toml::de::Error], folder: &Folder<'_>) {
    let rest = Mistakes::default();
    let page_of_rest = Page {
        mistakes: &rest,
        ..page
    };
    config(&page_of_rest.whole(table.get_ref()), Purpose::Replay, folder);
    let mut lines = Vec::new();
    for error in errors {
        let line = error.span().map_or(1, |span| page.line_at(span.start));
        page.mistakes
            .add(page.file, Some(line), error.message(), "TOML that can be read");
        lines.push(Some(line));
    }
    for mistake in rest.into_sorted() {
        if !lines.contains(&mistake.line) && mistake.line.is_some() && !mistake.what.ends_with("is missing") {
            page.mistakes
                .add(&mistake.file, mistake.line, mistake.what, mistake.want);
        }
    }
}

/// Reads all sections; what comes of it counts only if no mistake was noted.
fn config(whole: &Section<'_>, purpose: Purpose<'_>, folder: &Folder<'_>) -> Option<Config> {
    let part = |key| whole.section(key);
    let site = require(whole, "site", "the section [site] with name and timezone");
    let zones = require(whole, "zones", "the section [zones] with file");
    let data = part("data");
    let feed_sections = whole.sections("feed");
    if purpose == Purpose::Service {
        require(
            whole,
            "data",
            "the section [data] with dir: the service keeps its journal there",
        );
        if feed_sections.is_empty() {
            whole.missing("feed", "at least one [[feed]]");
        }
    }
    let chart = zones
        .as_ref()
        .map(|section| files::zones(section, folder))
        .unwrap_or_default();
    let known = chart.known();
    let listen = sections::listen(part("listen").as_ref());
    let feeds = feeds::feeds(&feed_sections, folder.path());
    let names = feed_names(&feeds, purpose);
    let config = Config {
        files: Vec::new(),
        without_effect: without_effect(whole),
        listen,
        data_dir: data.as_ref().and_then(|section| files::data_dir(section, folder)),
        coast: zones
            .as_ref()
            .map(|section| files::coast(section, folder))
            .unwrap_or_default(),
        register: files::register(part("register").as_ref(), folder),
        declarations: files::declarations(part("declarations").as_ref(), folder, &known),
        inspections: files::inspections(part("inspections").as_ref(), folder),
        tide: files::tide(part("tide").as_ref(), folder),
        track: sections::track(part("track").as_ref()),
        journal: sections::journal(part("journal").as_ref()),
        retention: sections::retention(part("retention").as_ref()),
        review: sections::review(part("review").as_ref()),
        desks: rules::desks(&whole.sections("desk"), &known),
        rules: rules::rules(&whole.sections("rule"), &known, &names),
        site: site.as_ref().and_then(sections::site)?,
        feeds,
        zones: Arc::new(chart.into_zones()),
    };
    whole.refuse_rest();
    zones.iter().for_each(Section::refuse_rest);
    Some(config)
}

/// The feeds that rules may name; in a replay those given are all there are, so if none is configured, any.
fn feed_names<'a>(configured: &'a [FeedSettings], purpose: Purpose<'a>) -> Vec<&'a str> {
    let names = configured.iter().map(|feed| &*feed.name);
    match purpose {
        Purpose::Recordings(given) if !configured.is_empty() => names.chain(given.iter().map(String::as_str)).collect(),
        _ => names.collect(),
    }
}

/// A section that must be there.
fn require<'a>(whole: &Section<'a>, key: &'static str, want: &str) -> Option<Section<'a>> {
    if !whole.has(key) {
        whole.missing(key, want);
    }
    whole.section(key)
}

/// Sections and keys whose work is still to come.
fn without_effect(whole: &Section<'_>) -> Vec<&'static str> {
    const LATER: [(&str, &str, &str); 2] = [
        ("listen", "tls_cert", "[listen] tls_cert"),
        ("listen", "insecure", "[listen] insecure"),
    ];
    let stands = |section: &str, key: &str| whole.has(section) && whole.has_within(section, key);
    let mut named: Vec<&str> = LATER
        .iter()
        .filter(|(section, key, _)| stands(section, key))
        .map(|(_, _, name)| *name)
        .collect();
    named.dedup();
    named
}

impl Config {
    /// Takes the rules of one mode out, in the order of their ids.
    pub fn take_rules(&mut self, mode: Mode) -> Vec<Rule> {
        let (taken, left) = std::mem::take(&mut self.rules)
            .into_iter()
            .partition(|rule| rule.mode == mode);
        self.rules = left;
        taken
    }
}
