//! What a watch judges by, and who watches where.

use std::sync::Arc;

use crate::register::Tide;
use crate::rules::Rule;
use crate::time::LocalTime;
use crate::zone::{ZoneIx, Zones};

/// The number of the version that the files are, before any was saved.
const FIRST_VERSION: u32 = 1;

/// What a watch judges by: everything that an order or a new version of a file changes as a whole.
#[derive(Debug)]
pub struct Orders {
    pub zones: Arc<Zones>,
    /// In the order of their ids; those of mode `off` left out.
    pub rules: Vec<Rule>,
    pub version: u32,
    /// Recorded, and told to nobody.
    pub shadow: bool,
    pub desks: Vec<Desk>,
    /// Names of the feeds.
    pub feeds: Vec<Arc<str>>,
    /// Most sentences a second of each feed.
    pub max_sentences_s: Vec<Option<u32>>,
    pub tide: Tide,
    /// The site's local time.
    pub local: LocalTime,
}

/// `[[desk]]`: a place of work and the zones it watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Desk {
    pub id: Arc<str>,
    /// Ids of zones, or `kind:NAME`, as configured.
    pub selectors: Vec<String>,
    /// The zones they select.
    pub zones: Vec<ZoneIx>,
}

impl Orders {
    /// The first version of zones and rules, told to everybody, over feeds by name, each with the most sentences a second
    /// that it may bring. There are no desks, and no tide. The rules may be in any order.
    pub fn first(
        zones: Arc<Zones>,
        mut rules: Vec<Rule>,
        feeds: impl Iterator<Item = (Arc<str>, Option<u32>)>,
        local: LocalTime,
    ) -> Self {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let (feeds, max_sentences_s) = feeds.unzip();
        Self {
            zones,
            rules,
            version: FIRST_VERSION,
            shadow: false,
            desks: Vec::new(),
            feeds,
            max_sentences_s,
            tide: Tide::default(),
            local,
        }
    }

    /// Other zones and rules under the same circumstances. What a desk names and is no zone any more, it watches no more.
    pub fn revised(&self, zones: Arc<Zones>, rules: Vec<Rule>, version: u32, shadow: bool) -> Self {
        let desk = |desk: &Desk| Desk {
            zones: zones.select(&desk.selectors).0.to_vec(),
            ..desk.clone()
        };
        Self {
            desks: self.desks.iter().map(desk).collect(),
            zones,
            rules,
            version,
            shadow,
            feeds: self.feeds.clone(),
            max_sentences_s: self.max_sentences_s.clone(),
            tide: self.tide.clone(),
            local: self.local.clone(),
        }
    }

    /// The desk that watches a zone; of several the first.
    pub(super) fn desk(&self, zone: ZoneIx) -> Option<Arc<str>> {
        let desk = self.desks.iter().find(|desk| desk.zones.contains(&zone))?;
        Some(desk.id.clone())
    }
}
