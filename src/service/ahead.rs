//! Recordings heard ahead of the traffic: lines become reports on a thread of their own, in order, in bounded batches.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::feeds::recording::{Merged, Timed};
use crate::report::{Heard, Reception};
use crate::time::Timestamp;
use crate::traffic::Traffic;

/// Lines of a batch ...
pub(super) const LINES: usize = 2048;
/// ... and of the first, while it holds no sentence with a right checksum: it tells when the traffic begins.
const MOST_UNHEARD: usize = 1 << 16;
/// Batches that wait for the traffic; then the reading waits.
pub(super) const BATCHES: usize = 4;

/// Lines that the traffic looks ahead at once: what they touch fits into the nearer caches of a processor.
pub(super) const LOOKED_AT: usize = 64;

/// Lines heard, in order.
#[derive(Debug)]
pub struct Ahead {
    /// When the traffic begins, if this is the first: the whole second of its first sentence with a right checksum; of
    /// its first line, if it has none.
    pub from: Timestamp,
    pub heard: Vec<Heard>,
}

impl Ahead {
    /// Gives the lines to `take` one by one; before, the traffic looks ahead at some at a time.
    pub fn play(
        &self,
        traffic: &mut Traffic,
        mut take: impl FnMut(&Heard, &mut Traffic) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for some in self.heard.chunks(LOOKED_AT) {
            traffic.look_ahead(some.iter().filter_map(|heard| heard.report.as_ref()));
            some.iter().try_for_each(|heard| take(heard, traffic))?;
        }
        Ok(())
    }
}

/// Hears recordings on a thread of its own, while `take` takes batch by batch what was heard before. `chosen` says of
/// each line whether it is left out, heard, or the first of those that are no longer wanted.
pub fn hear_ahead(
    merged: &mut Merged,
    reception: Reception,
    chosen: impl Fn(&Timed<'_>) -> ControlFlow<(), bool> + Send,
    mut take: impl FnMut(&Ahead) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (full, batches) = sync_channel::<Ahead>(BATCHES);
    let (taken, spare) = sync_channel(BATCHES + 2);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read(merged, reception, chosen, full, spare));
        for batch in batches {
            take(&batch)?;
            // The reader may be done and gone.
            let _ = taken.try_send(batch.heard);
        }
        reading.join().expect("the reader does not panic").map_err(Into::into)
    })
}

/// Reads to the end, or until nobody takes what is heard.
fn read(
    merged: &mut Merged,
    mut reception: Reception,
    chosen: impl Fn(&Timed<'_>) -> ControlFlow<(), bool>,
    full: SyncSender<Ahead>,
    spare: Receiver<Vec<Heard>>,
) -> std::io::Result<()> {
    let (mut batch, mut begun): (Option<Ahead>, bool) = (None, false);
    let ended = loop {
        let timed = match merged.next_line() {
            Ok(Some(timed)) => timed,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        match chosen(&timed) {
            ControlFlow::Break(()) => break Ok(()),
            ControlFlow::Continue(false) => continue,
            ControlFlow::Continue(true) => {}
        }
        let room = batch.get_or_insert_with(|| {
            let mut heard = spare.try_recv().unwrap_or_else(|_| Vec::with_capacity(LINES));
            heard.clear();
            Ahead {
                from: Timestamp::from_s(timed.time.floor_s()),
                heard,
            }
        });
        let heard = match timed.line {
            None => reception.skip(timed.feed),
            Some(line) => reception.hear(timed.feed, timed.time, &reception.read(timed.feed, line)),
        };
        if !begun && let Some(report) = &heard.report {
            (begun, room.from) = (true, Timestamp::from_s(report.time.floor_s()));
        }
        room.heard.push(heard);
        let full_at = if begun { LINES } else { MOST_UNHEARD };
        if room.heard.len() >= full_at && batch.take().is_some_and(|batch| full.send(batch).is_err()) {
            return Ok(());
        }
    };
    // At the end it does not matter whether anybody still takes it.
    let _ = batch.map(|batch| full.send(batch));
    ended
}
