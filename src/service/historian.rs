//! The historian: a core of its own that plays the journal for those who ask for the past, one block after the other,
//! on a thread of its own. It only reads; the live service does not know of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::keeping;
use super::recover::journal_folder;
use super::reel::{Played, Reel};
use crate::journal::{Folder, Tail};
use crate::time::{Span, Timestamp};
use crate::view::{Asked, Block, History, LENGTH, NoBlock, Unfinished};

/// Requests that may wait while one is worked at; the next one is refused as busy.
const WAITING: usize = 16;
/// When nobody has asked for so long, the core is given up for its memory.
const IDLE: Duration = Duration::from_secs(300);
/// Farther ahead than this it looks for a nearer snapshot than where it stands.
const NEAR: Span = Span::s(3600);

/// Plays for one data folder.
pub struct Historian {
    data: PathBuf,
    tail: Tail,
    history: History,
    asked: Receiver<Asked>,
}

/// How far it has come.
struct Place {
    reel: Reel,
    /// Everything before this moment has been played, and of what follows no more than `block` has noted.
    reached: Timestamp,
    /// The block that begins there, if some of it was told.
    block: Option<Unfinished>,
}

impl Historian {
    /// Begins one for a data folder whose journal is written as `tail` tells; the way to ask it.
    pub fn begin(data: &Path, tail: Tail) -> anyhow::Result<History> {
        let (asked_in, asked) = sync_channel(WAITING);
        let history = History::new(Folder(journal_folder(data)), asked_in);
        let historian = Self {
            data: data.to_owned(),
            tail,
            history: history.clone(),
            asked,
        };
        keeping::spawn("historian", move || historian.run())?;
        Ok(history)
    }

    /// Works until the last one who could ask is gone; it writes nothing, so that it may end at any time.
    fn run(self) {
        let mut place = None;
        loop {
            match self.asked.recv_timeout(IDLE) {
                // Whoever asked may have gone while others were served.
                Ok(asked) if asked.reply.is_closed() => {}
                Ok(Asked { start, reply }) => {
                    let told = self.tell(&mut place, start).unwrap_or_else(|error| {
                        tracing::warn!("the past from {start} on cannot be told: {error:#}");
                        Err(NoBlock::Unreadable)
                    });
                    let _ = reply.send(told);
                }
                Err(RecvTimeoutError::Timeout) => place = None,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// The block that begins at `start`; where it stands then is in `place`.
    fn tell(&self, place: &mut Option<Place>, start: Timestamp) -> anyhow::Result<Result<Arc<Block>, NoBlock>> {
        if let Some(block) = self.history.kept(start) {
            return Ok(Ok(block));
        }
        let Some(begins) = self.history.begins()? else {
            return Ok(Err(NoBlock::After(start)));
        };
        if start.plus(LENGTH) <= begins {
            return Ok(Err(NoBlock::Before(begins)));
        }
        let Some(mut at) = self.place_for(place.take(), start)? else {
            return Ok(Err(NoBlock::Unreadable));
        };
        let told = self.tell_from(&mut at, start)?;
        *place = Some(at);
        Ok(told)
    }

    /// The block that begins at `start`, which is not before where it stands.
    fn tell_from(&self, at: &mut Place, start: Timestamp) -> anyhow::Result<Result<Arc<Block>, NoBlock>> {
        let open = match at.block.take() {
            // It will be asked for again: what the way to a later one leads through is noted.
            Some(earlier) if earlier.block.start < start => {
                if !self.tell_on(at, earlier)?.closed {
                    return Ok(Err(NoBlock::After(at.reel.now())));
                }
                None
            }
            open => open,
        };
        let block = match open {
            Some(block) => block,
            None if at.reel.play(start, |_| ())? => {
                at.reached = start;
                Unfinished::begin(start, &at.reel.standing.player.core)
            }
            None => {
                at.reached = behind(&at.reel);
                return Ok(Err(NoBlock::After(at.reel.now())));
            }
        };
        self.tell_on(at, block).map(Ok)
    }

    /// Goes on with a block as far as the journal does; one that is over is kept.
    fn tell_on(&self, at: &mut Place, mut block: Unfinished) -> anyhow::Result<Arc<Block>> {
        let end = block.block.end();
        if !at.reel.play(end, |played| note(&mut block, &played))? {
            let so_far = block.so_far(&at.reel.standing.player.core);
            at.block = Some(block);
            return Ok(Arc::new(so_far));
        }
        if let Some(from) = at.reel.misses()? {
            block.miss(from, end);
        }
        at.reached = end;
        let block = Arc::new(block.close(&at.reel.standing.player.core));
        self.history.keep(block.clone());
        Ok(block)
    }

    /// Where to go on from towards `start`: where it stands, or a snapshot nearer to it.
    fn place_for(&self, place: Option<Place>, start: Timestamp) -> anyhow::Result<Option<Place>> {
        let stands = place.filter(|at| at.reached <= start);
        if stands.as_ref().is_some_and(|at| start.since(at.reached) <= NEAR) {
            return Ok(stands);
        }
        let Some(reel) = Reel::before(&self.data, start, Some(&self.tail))? else {
            return Ok(stands);
        };
        if let Some(at) = stands
            && at.reel.record() >= reel.record()
        {
            return Ok(Some(at));
        }
        let reached = behind(&reel);
        let block = None;
        Ok(Some(Place { reel, reached, block }))
    }
}

/// From where on nothing has been played: what was told at the moment it has come to was maybe not all of that moment.
fn behind(reel: &Reel) -> Timestamp {
    reel.now().plus(Span(1))
}

fn note(block: &mut Unfinished, played: &Played<'_>) {
    let core = &played.standing.player.core;
    if let Some(from) = played.unrecorded {
        block.miss(from, core.traffic().now());
        block.turn_to(core);
    }
    block.note(core, played.changes);
}
