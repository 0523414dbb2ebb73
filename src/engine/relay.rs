//! What was heard goes out again, merged and without duplicates, for chart plotters.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::{Core, Done};
use crate::nmea::{Outcome, Outgoing, Sentence};
use crate::report::FeedId;
use crate::time::Timestamp;

/// Lines that became known together.
pub type Block = Arc<[u8]>;

/// Collects the lines of what counts and gives them to all who listen; whoever does not keep up misses some, and knows.
#[derive(Debug)]
pub struct Relay {
    out: broadcast::Sender<Block>,
    waiting: Vec<u8>,
    groups: u32,
}

impl Relay {
    /// A relay to those who listen here.
    pub fn new(out: broadcast::Sender<Block>) -> Self {
        Self {
            out,
            waiting: Vec::new(),
            groups: 0,
        }
    }

    /// Takes the AIS message that a sentence of this feed completed, if it counted.
    pub(super) fn take(
        &mut self,
        feed: (FeedId, &str),
        time: Timestamp,
        sentence: &Sentence<'_>,
        done: &Done,
        core: &Core,
    ) {
        let part = sentence
            .words
            .as_ref()
            .ok()
            .and_then(|words| words.encapsulated.as_ref()?.as_ref().ok());
        let Some(part) = part.filter(|_| done.outcome == Outcome::Ok && self.out.receiver_count() > 0) else {
            return;
        };
        let (feed, name) = feed;
        let source = done.source.and_then(|source| core.reception().sources().name(source));
        let message = Outgoing {
            source: source.as_deref().unwrap_or(name),
            time,
            talker: [part.address[0], part.address[1]],
            channel: part.channel,
            payload: if part.total == 1 {
                part.payload
            } else {
                core.reception().joined(feed)
            },
            fill_bits: part.fill_bits,
        };
        message.write(&mut self.groups, &mut self.waiting);
    }

    /// Gives away what was taken.
    pub(super) fn send(&mut self) {
        if !self.waiting.is_empty() {
            // Whoever listened may have gone.
            let _ = self.out.send(self.waiting.as_slice().into());
            self.waiting.clear();
        }
    }
}
