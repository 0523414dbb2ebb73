//! A journal played with its lines heard ahead: they become reports on a thread of its own, in order, in bounded
//! batches, while the core takes those before them.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use super::ahead::{BATCHES, LINES, LOOKED_AT};
use super::recover::Standing;
use crate::journal::{Entry, JournalError, Reader, Record};
use crate::report::{Heard, Reception};
use crate::time::Timestamp;

/// A record on its way to a core.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every record is a line; a box would be an allocation for each"
)]
pub enum Told {
    /// A line, heard.
    Heard(Heard),
    /// The lines of a feed to come are of another stream; whoever hears them knows.
    Turned,
    Order(Timestamp, Vec<u8>),
    Other(Record<'static>),
}

/// Records that were read together.
struct Batch {
    /// The number of the first.
    first: u64,
    /// The segment that all of them stand in.
    segment: u64,
    file: PathBuf,
    told: Vec<Told>,
}

impl Told {
    /// The record it was, where something is left to be done.
    pub fn record(&self) -> Option<Record<'_>> {
        match self {
            Self::Heard(_) | Self::Turned => None,
            Self::Order(time, bytes) => Some(Record {
                time: *time,
                entry: Entry::Order(bytes),
            }),
            Self::Other(record) => Some(*record),
        }
    }

    /// What becomes of a record once it is read; none where the core itself must read it: a start, or a feed that no
    /// start names.
    fn of(record: &Record<'_>, reception: &mut Reception) -> Option<Self> {
        let time = record.time;
        Some(match record.entry {
            Entry::Start(_) => return None,
            Entry::Line { feed, .. } | Entry::Turn { feed, .. } if !reception.has_feed(feed) => return None,
            Entry::Line { feed, line: None } => Self::Heard(reception.skip(feed)),
            Entry::Line { feed, line: Some(line) } => {
                Self::Heard(reception.hear(feed, time, &reception.read(feed, line)))
            }
            Entry::Turn { feed, stream } => {
                reception.turn_to(feed, stream);
                Self::Turned
            }
            Entry::Order(bytes) => Self::Order(time, bytes.to_vec()),
            Entry::Tick { judged } => Self::other(time, Entry::Tick { judged }),
            Entry::Gap { from, lost } => Self::other(time, Entry::Gap { from, lost }),
            Entry::Stop { judged } => Self::other(time, Entry::Stop { judged }),
            Entry::Cut { last } => Self::other(time, Entry::Cut { last }),
        })
    }

    fn other(time: Timestamp, entry: Entry<'static>) -> Self {
        Self::Other(Record { time, entry })
    }
}

/// Gives a core the records that are read next, by their numbers and the file each stands in, up to one that the core
/// must read for itself or that `is_wanted` does not want, to the end, or to what cannot be read: why is told.
pub fn play_ahead(
    reader: &mut Reader,
    standing: &mut Standing,
    is_wanted: impl Fn(&Record<'_>) -> bool + Send,
    mut take: impl FnMut(&mut Standing, u64, &Told, &Path) -> anyhow::Result<()>,
) -> anyhow::Result<Result<(), JournalError>> {
    let mut reception = standing.player.core.lend_reception();
    let (full, batches) = sync_channel::<Batch>(BATCHES);
    let (taken, read) = std::thread::scope(|scope| {
        let hearing = &mut reception;
        let reading = scope.spawn(move || read(reader, hearing, is_wanted, full));
        let taken = batches
            .into_iter()
            .try_for_each(|batch| batch.play(standing, &mut take));
        (taken, reading.join().expect("the reader does not panic"))
    });
    standing.player.core.take_back(reception);
    taken.map(|()| read)
}

impl Batch {
    /// Gives the records to `take` one by one; before, the traffic looks ahead at some at a time.
    fn play(
        &self,
        standing: &mut Standing,
        take: &mut impl FnMut(&mut Standing, u64, &Told, &Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut number = self.first;
        for some in self.told.chunks(LOOKED_AT) {
            let reports = some.iter().filter_map(|told| match told {
                Told::Heard(heard) => heard.report.as_ref(),
                _ => None,
            });
            standing.player.core.traffic_mut().look_ahead(reports);
            for told in some {
                take(standing, number, told, &self.file)?;
                number += 1;
            }
        }
        Ok(())
    }
}

/// Reads until nothing is left to be read ahead, or nobody takes what was.
fn read(
    reader: &mut Reader,
    reception: &mut Reception,
    is_wanted: impl Fn(&Record<'_>) -> bool,
    full: SyncSender<Batch>,
) -> Result<(), JournalError> {
    let mut batch: Option<Batch> = None;
    let ended = loop {
        let told = match reader.peek() {
            Ok(Some(record)) if is_wanted(&record) => Told::of(&record, reception),
            Ok(_) => None,
            Err(error) => break Err(error),
        };
        let Some(told) = told else { break Ok(()) };
        let (number, _) = match reader.next_record() {
            Ok(next) => next.expect("it was just seen"),
            Err(error) => break Err(error),
        };
        let segment = reader.head().map_or(0, |head| head.number);
        let is_full = |batch: &mut Batch| batch.told.len() == LINES || batch.segment != segment;
        if let Some(done) = batch.take_if(is_full)
            && full.send(done).is_err()
        {
            return Ok(());
        }
        let place = batch.get_or_insert_with(|| Batch {
            first: number,
            segment,
            file: reader.file().map(Path::to_owned).unwrap_or_default(),
            told: Vec::with_capacity(LINES),
        });
        place.told.push(told);
    };
    // At the end it does not matter whether anybody still takes it.
    let _ = batch.map(|batch| full.send(batch));
    ended
}
