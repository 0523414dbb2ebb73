//! A reel: a core set back to before some moment, and played on from there by the journal.

use std::path::{Path, PathBuf};

use super::recover::{Standing, journal_folder, snapshot_folder};
use super::start::Start;
use crate::ais::Mmsi;
use crate::journal::{Entry, Folder, Reader, SegmentHead, Segments, Tail, Verify, read_snapshot, snapshots};
use crate::time::{Span, Timestamp};
use crate::traffic::Changes;

/// A core that stands somewhere in the past of a data folder.
pub struct Reel {
    pub standing: Standing,
    data: PathBuf,
    reader: Reader,
    /// Number of the record played last.
    record: u64,
    /// Since when the journal cannot be read, where it is damaged.
    hole: Option<Timestamp>,
}

/// A record that was played.
pub struct Played<'a> {
    pub standing: &'a Standing,
    /// What it changed.
    pub changes: &'a Changes,
    /// Until then, from this time on, nothing was kept.
    pub unrecorded: Option<Timestamp>,
}

impl Reel {
    /// The core as the newest snapshot before `time` has it, else as the journal begins, be that later; none where there
    /// is no journal. `tail` is of a journal that is being written.
    pub fn before(data: &Path, time: Timestamp, tail: Option<&Tail>) -> anyhow::Result<Option<Self>> {
        let folder = Folder(journal_folder(data));
        let Some((first, _)) = around(&folder, time)? else {
            return Ok(None);
        };
        // One of that very moment may hold what was told in it.
        let found = nearest(data, time.plus(Span(-1)))?;
        let after = found.as_ref().map_or(first.records, |(record, _)| *record);
        let mut reader = Reader::new(Box::new(folder), after, Verify::Frames)?;
        if let Some(tail) = tail {
            reader = reader.follow(tail.clone());
        }
        let standing = match found {
            Some((_, standing)) => standing,
            None => match beginning(&first, &mut reader)? {
                Some(standing) => standing,
                None => return Ok(None),
            },
        };
        Ok(Some(Self {
            standing,
            data: data.to_owned(),
            reader,
            record: after,
            hole: None,
        }))
    }

    /// Plays on up to the second `until`, which is left; false where the journal does not come so far (yet).
    pub fn play(&mut self, until: Timestamp, mut seen: impl FnMut(Played<'_>)) -> anyhow::Result<bool> {
        // A journal may begin after that, and its first lines stand before its first tick.
        while self.now() < until {
            match self.reader.peek() {
                Ok(None) => return Ok(false),
                Ok(Some(record)) => {
                    let passes = matches!(record.entry, Entry::Tick { .. } | Entry::Start(_) | Entry::Gap { .. });
                    if passes && record.time >= until {
                        return Ok(true);
                    }
                }
                Err(error) if error.is_damage() => {
                    self.hole.get_or_insert(self.now());
                    self.standing.player.forgive();
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
            self.step(&mut seen)?;
        }
        Ok(true)
    }

    /// Where nothing was kept up to the record that comes next: since when.
    pub fn misses(&mut self) -> anyhow::Result<Option<Timestamp>> {
        let now = self.now();
        Ok(self.reader.peek()?.and_then(|next| missed(&next.entry, now)))
    }

    /// How far it has come.
    pub fn now(&self) -> Timestamp {
        self.standing.player.core.traffic().now()
    }

    /// Number of the record played last.
    pub fn record(&self) -> u64 {
        self.record
    }

    fn step(&mut self, seen: &mut impl FnMut(Played<'_>)) -> anyhow::Result<()> {
        let before = self.now();
        let Some((number, record)) = self.reader.next_record()? else {
            return Ok(());
        };
        self.record = number;
        let unrecorded = self.hole.take().or(missed(&record.entry, before));
        if matches!(record.entry, Entry::Gap { .. }) {
            // What was lost stands in the snapshot that the engine gave after it, as long as that is kept.
            if let Some(after) = Standing::after_gap(&self.data, number) {
                let changes = between(&self.standing, &after);
                self.standing = after;
                seen(Played {
                    standing: &self.standing,
                    changes: &changes,
                    unrecorded,
                });
                return Ok(());
            }
        }
        self.standing.play(number, &record)?;
        seen(Played {
            standing: &self.standing,
            changes: self.standing.changes(),
            unrecorded,
        });
        Ok(())
    }
}

/// Since when nothing was kept before a record, of a core that has come to `now`.
fn missed(entry: &Entry<'_>, now: Timestamp) -> Option<Timestamp> {
    match entry {
        Entry::Start(_) => Some(now),
        Entry::Gap { from, .. } => Some(*from),
        _ => None,
    }
}

/// How the journal begins, and the number of the record up to which all that was at or before `time` stands; none where
/// there is no journal.
fn around(folder: &Folder, time: Timestamp) -> anyhow::Result<Option<(SegmentHead, u64)>> {
    let numbers = folder.list()?;
    let Some(first) = folder.first_head(&numbers)? else {
        return Ok(None);
    };
    let mut most = u64::MAX;
    for number in numbers.iter().rev() {
        let Some(head) = folder.head(*number)? else { continue };
        if head.time <= time {
            break;
        }
        most = head.records;
    }
    Ok(Some((first, most)))
}

/// The newest snapshot whose clock does not stand after `time`, and the record after which it was taken.
pub fn nearest(data: &Path, time: Timestamp) -> anyhow::Result<Option<(u64, Standing)>> {
    let Some((first, most)) = around(&Folder(journal_folder(data)), time)? else {
        return Ok(None);
    };
    let folder = snapshot_folder(data);
    let near = first.records..=most;
    for record in snapshots(&folder)?.into_iter().filter(|record| near.contains(record)) {
        // One of another build, or a damaged one, only makes the way longer.
        let read = read_snapshot(&folder, record).map_err(anyhow::Error::from);
        if let Ok(standing) = read.and_then(|bytes| Standing::from_bytes(&bytes))
            && standing.player.core.traffic().now() <= time
        {
            return Ok(Some((record, standing)));
        }
    }
    Ok(None)
}

/// The core as a journal begins: under the start in force, else under the first there is.
fn beginning(first: &SegmentHead, reader: &mut Reader) -> anyhow::Result<Option<Standing>> {
    if !first.start.is_empty() {
        return Standing::amid(Start::from_bytes(&first.start)?, first.time).map(Some);
    }
    loop {
        match reader.next_record() {
            Ok(Some((number, record))) => {
                if let Entry::Start(bytes) = record.entry {
                    return Standing::before(Start::from_bytes(bytes)?, number, &record).map(Some);
                }
            }
            Ok(None) => return Ok(None),
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What is otherwise in one core than in another before it: all its vessels, and those no longer there.
fn between(before: &Standing, after: &Standing) -> Changes {
    let (old, new) = (
        before.player.core.traffic().picture(),
        after.player.core.traffic().picture(),
    );
    let gone = |mmsi: &Mmsi| new.find(*mmsi).is_none();
    Changes {
        vessels: new.slots().collect(),
        removed: old.slots().map(|slot| old.track(slot).mmsi).filter(gone).collect(),
        ..Changes::default()
    }
}
