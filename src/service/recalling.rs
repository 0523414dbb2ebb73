//! Trails from before the start: the journal of the last day is played again for them, on a thread of its own, while the
//! service already lives.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::Handle;

use super::keeping;
use super::recover::Recovered;
use super::reel::{Played, Reel};
use super::start::Start;
use crate::clock;
use crate::time::{Span, Timestamp};
use crate::view::{Recalled, TRAIL_LENGTH, View};

/// Records that are played at most, twice the day of a port: where there are more it begins later.
const RECORDS: u64 = 20_000_000;
/// So often the time that is played is halved for it: to minutes.
const HALVINGS: u32 = 8;
/// If the journal cannot be read it is tried again so often ...
const TRIES: u32 = 20;
/// ... after so long.
const TRY_EVERY: Duration = Duration::from_secs(30);
/// How far its thread stands back, as `nice` counts: behind all others.
const NICE: i32 = 19;

/// What is played, and who is told.
struct Recalling {
    data: PathBuf,
    /// How the service began again, when, and how many records there were before.
    start: Start,
    began: Timestamp,
    records: u64,
    view: View,
}

/// Begins to recall the trails of a service that has taken up what it knew. The thread writes nothing, so that it may end at
/// any time.
pub fn begin(data: &Path, recovered: &Recovered, view: View) -> anyhow::Result<()> {
    if recovered.records == 0 {
        return Ok(());
    }
    let recalling = Recalling {
        data: data.to_owned(),
        start: recovered.standing.start.clone(),
        began: recovered.time,
        records: recovered.records,
        view,
    };
    let runtime = Handle::current();
    keeping::spawn("recall", move || {
        keeping::stand_back(NICE);
        // The picture of now comes first, and vessels are there before their trails.
        if !runtime.block_on(recalling.view.shows(1)) {
            return;
        }
        for _ in 0..TRIES {
            match recalling.play() {
                Ok(trails) => return recalling.view.recall(trails),
                Err(error) => tracing::warn!("trails cannot be shown as before the start: {error:#}"),
            }
            // The folder may be away.
            std::thread::sleep(TRY_EVERY);
        }
    })?;
    Ok(())
}

impl Recalling {
    fn play(&self) -> anyhow::Result<Recalled> {
        let (stopwatch, mut trails) = (clock::stopwatch(), Recalled::default());
        if let Some(mut reel) = self.reel()? {
            reel.play(self.began, |played| note(&mut trails, &played))?;
            if !self.start.keeps_feeds_of(&reel.standing.start) {
                // The picture has begun anew, and the feeds that its points name are others.
                trails = Recalled::default();
            }
        }
        let took_s = stopwatch.elapsed().as_secs_f64();
        tracing::info!(
            vessels = trails.vessels(),
            took_s,
            "trails from before the start are shown"
        );
        Ok(trails)
    }

    /// From where on it is played.
    fn reel(&self) -> anyhow::Result<Option<Reel>> {
        let mut reel = None;
        for halvings in 0..=HALVINGS {
            let from = self.began.plus(Span(-(TRAIL_LENGTH.0 >> halvings)));
            reel = Reel::before(&self.data, from, None)?;
            let records = reel
                .as_ref()
                .map_or(0, |reel| self.records.saturating_sub(reel.record()));
            if records <= RECORDS {
                break;
            }
        }
        Ok(reel)
    }
}

fn note(trails: &mut Recalled, played: &Played<'_>) {
    for mmsi in &played.changes.removed {
        trails.forget(*mmsi);
    }
    let core = &played.standing.player.core;
    for slot in &played.changes.vessels {
        if let Some(row) = core.traffic().row(*slot, core.reception().sources()) {
            trails.follow(&row);
        }
    }
}
