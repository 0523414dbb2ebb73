//! The files a configuration names: zones, coast, tables.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::Files;
use super::mistake::Mistakes;
use super::rules::Chart;
use super::section::Section;
use crate::register::{Declarations, Fault, Inspections, MAX_TIDE_M, Register, Tide};
use crate::zone::Zones;

/// Largest file that is read, in bytes; a larger one is refused.
const MAX_FILE: u64 = 64 << 20;

/// Coast or land for the chart, served as it stands.
#[derive(Clone, Debug)]
pub struct Coast {
    /// The file's name.
    pub name: String,
    /// A GeoJSON FeatureCollection.
    pub text: Arc<str>,
}

/// The folder of the configuration, to which paths in it are relative.
pub(super) struct Folder<'a> {
    path: PathBuf,
    files: Files<'a>,
    mistakes: &'a Mistakes,
}

/// What came of the file of zones.
#[derive(Default)]
pub(super) enum Charted {
    Sound(Box<Zones>),
    /// It has mistakes.
    Faulty {
        readable: Box<Zones>,
        /// All that stand in it.
        ids: BTreeSet<String>,
    },
    #[default]
    Unread,
}

/// Reads a file of at most [`MAX_FILE`] bytes.
pub(super) fn from_disk(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!("it is larger than {} MiB", MAX_FILE >> 20)));
    }
    Ok(bytes)
}

impl<'a> Folder<'a> {
    pub(super) fn of(config: &Path, files: Files<'a>, mistakes: &'a Mistakes) -> Self {
        Self {
            path: config.parent().unwrap_or(Path::new("")).to_owned(),
            files,
            mistakes,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A file's text without a byte order mark. `named_by` is the section that names it.
    pub(super) fn text(&self, path: &Path, named_by: Option<(&Section<'_>, &str)>) -> Option<String> {
        let bytes = match (self.files)(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let (what, want) = (format!("cannot be read: {error}"), "a file that can be read");
                match named_by {
                    Some((section, key)) => section.fault(key, format!("names {}, which {what}", path.display()), want),
                    None => self.mistakes.add(path, None, what, want),
                }
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(error) => {
                let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
                self.mistakes
                    .add(path, Some(line), "is not UTF-8 from here on", "UTF-8");
                None
            }
        }
    }

    /// The file that a section's key names, and its text.
    fn named(&self, section: &Section<'_>, key: &'static str) -> Option<(PathBuf, String)> {
        const WANT: &str = "a file's path, relative to this file";
        if !section.has(key) {
            section.missing(key, WANT);
        }
        let path = self.path.join(section.text(key, WANT)?);
        let text = self.text(&path, Some((section, key)))?;
        Some((path, text))
    }

    /// A table that a section names, or nothing where there is no such section.
    fn table<T: Default>(&self, section: Option<&Section<'_>>, read: impl Fn(&str) -> Result<T, Vec<Fault>>) -> T {
        let Some(section) = section else { return T::default() };
        let file = self.named(section, "file");
        section.refuse_rest();
        let Some((path, text)) = file else { return T::default() };
        read(&text).unwrap_or_else(|faults| {
            for fault in faults {
                self.mistakes.add(&path, Some(fault.line), fault.what, fault.want);
            }
            T::default()
        })
    }
}

impl Charted {
    /// What selectors may name.
    pub(super) fn known(&self) -> Chart<'_> {
        match self {
            Self::Sound(zones) => Chart::Sound(zones),
            Self::Faulty { readable, ids } => Chart::Faulty { readable, ids },
            Self::Unread => Chart::Unread,
        }
    }

    /// The zones; none where the file has mistakes.
    pub(super) fn into_zones(self) -> Zones {
        match self {
            Self::Sound(zones) => *zones,
            Self::Faulty { .. } | Self::Unread => Zones::default(),
        }
    }
}

/// `[zones] file`.
pub(super) fn zones(section: &Section<'_>, folder: &Folder<'_>) -> Charted {
    let Some((path, text)) = folder.named(section, "file") else {
        return Charted::default();
    };
    let (zones, faults) = Zones::readable(&text);
    let zones = Box::new(zones);
    if faults.is_empty() {
        return Charted::Sound(zones);
    }
    for fault in faults {
        folder.mistakes.add(&path, Some(fault.line), fault.what, fault.want);
    }
    match serde_json::from_str(&text) {
        Ok(collection) => Charted::Faulty {
            readable: zones,
            ids: ids(&collection),
        },
        Err(_) => Charted::Unread,
    }
}

/// The ids of all features, whatever else is wrong with them.
fn ids(collection: &Json) -> BTreeSet<String> {
    let features = collection.get("features").and_then(Json::as_array);
    let id = |feature: &Json| Some(feature.get("properties")?.get("id")?.as_str()?.to_owned());
    features.into_iter().flatten().filter_map(id).collect()
}

/// `[zones] coast`.
pub(super) fn coast(section: &Section<'_>, folder: &Folder<'_>) -> Vec<Coast> {
    let names = section.names("coast", "a list of files, as in [\"coast.geojson\"]");
    let mut all = Vec::new();
    for name in names.unwrap_or_default() {
        let path = folder.path.join(&name);
        let Some(text) = folder.text(&path, Some((section, "coast"))) else {
            continue;
        };
        let want = "a GeoJSON FeatureCollection";
        match serde_json::from_str::<Json>(&text) {
            Ok(json) if json.get("type").and_then(Json::as_str) == Some("FeatureCollection") => {
                let text = text.into();
                all.push(Coast { name, text });
            }
            Ok(_) => folder.mistakes.add(&path, Some(1), "is no FeatureCollection", want),
            Err(error) => folder
                .mistakes
                .add(&path, Some(error.line().max(1)), error.to_string(), want),
        }
    }
    all
}

/// `[data] dir`.
pub(super) fn data_dir(section: &Section<'_>, folder: &Folder<'_>) -> Option<PathBuf> {
    const WANT: &str = "a folder for the service's data, as in \"data\"";
    if !section.has("dir") {
        section.missing("dir", WANT);
    }
    let dir = section.text("dir", WANT);
    section.refuse_rest();
    Some(folder.path.join(dir?))
}

/// `[register] file`.
pub(super) fn register(section: Option<&Section<'_>>, folder: &Folder<'_>) -> Register {
    folder.table(section, Register::from_csv)
}

/// `[declarations] file`; the zones they name must be known.
pub(super) fn declarations(section: Option<&Section<'_>>, folder: &Folder<'_>, chart: &Chart<'_>) -> Declarations {
    folder.table(section, |text| Declarations::from_csv(text, |zone| chart.has(zone)))
}

/// `[inspections] file`.
pub(super) fn inspections(section: Option<&Section<'_>>, folder: &Folder<'_>) -> Inspections {
    folder.table(section, Inspections::from_csv)
}

/// `[tide] height_m` or `file`.
pub(super) fn tide(section: Option<&Section<'_>>, folder: &Folder<'_>) -> Tide {
    let Some(section) = section else { return Tide::default() };
    let height = section.number("height_m", -MAX_TIDE_M..=MAX_TIDE_M);
    if section.has("file") && section.has("height_m") {
        section.fault("height_m", "stands beside file", "one of them");
    }
    if section.has("file") {
        return folder.table(Some(section), Tide::from_csv);
    }
    section.text("file", "");
    section.refuse_rest();
    Tide::Fixed(height.unwrap_or(0.0))
}
