//! How the service was started, as its journal tells it: enough to set up the same core again, anywhere.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::setup;
use crate::config::{self, Config, Purpose};
use crate::engine::{Core, Setup};
use crate::feeds::FeedSettings;
use crate::register::Entered;
use crate::report::HashKey;
use crate::time::Timestamp;
use crate::traffic::Order;

/// How hard zstd tries: a start is written once.
const LEVEL: i32 = 9;
/// Most bytes of a start, unpacked.
const MAX_BYTES: usize = 1 << 28;

/// One start of the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Version and commit.
    pub build: String,
    /// Rises with every start, and is no other folder's: see [`Self::after`].
    pub epoch: u64,
    pub key: HashKey,
    pub feeds: Vec<FeedSettings>,
    /// Every file of the configuration, itself first; registers and declarations become orders at the first start only.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// A hash over what is judged by: rules, zones, desks, limits.
    pub judging: [u8; 32],
}

impl Start {
    /// The start of this build under a configuration, the first of its journal.
    pub fn first(config: &Config, feeds: &[Arc<FeedSettings>], key: HashKey) -> Self {
        Self {
            build: this_build(),
            epoch: 0,
            key,
            feeds: feeds.iter().map(|feed| (**feed).clone()).collect(),
            files: config.files.clone(),
            judging: judging(config),
        }
    }

    /// It at this time in a data folder that had this start before. Its epoch is the seconds since 1970, or more where the
    /// clock was set back: so whoever knows a number of an epoch is never taken for one who knows another folder's.
    pub fn after(self, before: Option<&Self>, time: Timestamp) -> Self {
        let seconds = u64::try_from(time.floor_s()).unwrap_or_default();
        Self {
            epoch: before.map_or(seconds, |before| seconds.max(before.epoch + 1)),
            key: before.map_or(self.key, |before| before.key),
            ..self
        }
    }

    /// As the journal keeps it: postcard, compressed by zstd.
    pub fn to_bytes(&self) -> Vec<u8> {
        let plain = postcard::to_stdvec(self).expect("plain data can always be written to memory");
        zstd::bulk::compress(&plain, LEVEL).expect("memory can be compressed to memory")
    }

    /// Reads what the journal keeps.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let plain = zstd::bulk::decompress(bytes, MAX_BYTES).context("a start cannot be unpacked")?;
        postcard::from_bytes(&plain).context("a start cannot be read")
    }

    /// The configuration, from the files as they were.
    pub fn config(&self) -> anyhow::Result<Config> {
        let (path, _) = self.files.first().context("a start names no configuration")?;
        let files = |path: &Path| {
            let found = self.files.iter().find(|(own, _)| own == path);
            let missing = || io::Error::new(io::ErrorKind::NotFound, "the start does not hold it");
            found.map(|(_, bytes)| bytes.clone()).ok_or_else(missing)
        };
        config::read(path, Purpose::Replay, &files).map_err(|mistakes| {
            let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("this build refuses the configuration of the time: {}", told.join("; "))
        })
    }

    /// What its core was set up with.
    pub fn setup(&self) -> anyhow::Result<Setup> {
        Ok(setup(&mut self.config()?, &self.shared_feeds(), self.key))
    }

    /// The core it began with, were it the first, and what is entered then: the rows of the configuration's files.
    pub fn core(&self, time: Timestamp) -> anyhow::Result<(Core, Vec<Order>)> {
        let mut config = self.config()?;
        let register = std::mem::take(&mut config.register);
        let declarations = std::mem::take(&mut config.declarations);
        let inspections = std::mem::take(&mut config.inspections);
        let rows = register.iter().cloned().map(Entered::Vessel);
        let rows = rows.chain(declarations.iter().cloned().map(Entered::Declaration));
        let rows = rows.chain(inspections.iter().cloned().map(Entered::Inspection));
        let seeds = rows.map(Order::Enter).collect();
        Ok((super::core(&mut config, &self.shared_feeds(), time, self.key), seeds))
    }

    /// This start, had it been under the rules and zones of another configuration.
    pub fn judged_by(self, config: &Config) -> Self {
        Self {
            files: config.files.clone(),
            judging: judging(config),
            ..self
        }
    }

    /// Whether it has the feeds of the start before, maybe with new ones behind them, so that their numbers mean the
    /// same.
    pub fn keeps_feeds_of(&self, before: &Self) -> bool {
        let names = |start: &Self| start.feeds.iter().map(|feed| feed.name.clone()).collect::<Vec<_>>();
        names(self).starts_with(&names(before))
    }

    /// Its feeds, as they are shared out.
    pub(super) fn shared_feeds(&self) -> Vec<Arc<FeedSettings>> {
        self.feeds.iter().cloned().map(Arc::new).collect()
    }
}

/// This build's version and commit.
pub fn this_build() -> String {
    format!("{} {}", super::VERSION, super::COMMIT)
}

fn judging(config: &Config) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for rule in &config.rules {
        hasher.update(format!("{} {:?} {:?}\n", rule.id, rule.mode, rule.source).as_bytes());
    }
    hasher.update(format!("{:?} {:?} {:?}", config.track, config.desks, config.tide).as_bytes());
    let is_data = |path: &Path| {
        path.extension()
            .is_some_and(|ending| ending == "toml" || ending == "csv")
    };
    let coast = |path: &Path| config.coast.iter().any(|coast| path.ends_with(&coast.name));
    for (path, bytes) in &config.files {
        if !is_data(path) && !coast(path) {
            hasher.update(bytes);
        }
    }
    *hasher.finalize().as_bytes()
}
