//! Recovery: the newest snapshot that is whole, and what the journal holds after it, played through the same core.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::differences::Differences;
use super::playing::{Told, play_ahead};
use super::start::Start;
use crate::config::Config;
use crate::engine::{Core, Player, Vain};
use crate::journal::{
    Disk, Entry, Folder, Found, Journal, JournalError, Judged, Reader, Record, Segments, Verify, cut_snapshots,
    read_snapshot, snapshots,
};
use crate::time::Timestamp;
use crate::traffic::{Changes, Order};

/// Where a data folder has its journal and its snapshots.
pub fn journal_folder(data: &Path) -> PathBuf {
    data.join("journal")
}

/// Where a data folder has its snapshots.
pub fn snapshot_folder(data: &Path) -> PathBuf {
    data.join("snapshots")
}

/// A core with the start it stands under.
pub struct Standing {
    pub start: Start,
    pub player: Player,
    changes: Changes,
}

/// What a snapshot holds.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    start: Start,
    judged: Judged,
    core: Vec<u8>,
}

/// What was found at a start.
pub struct Recovered {
    /// The journal, its start written; or why it cannot be.
    pub disk: Result<Disk, String>,
    pub standing: Standing,
    /// When it begins again: no earlier than anything before.
    pub time: Timestamp,
    /// Records read after the snapshot.
    pub read: u64,
    /// Records there are.
    pub records: u64,
    /// Whatever people must be told, for it cannot be mended.
    pub faults: Vec<String>,
}

impl Standing {
    /// The core as it is when a journal begins with this start, and the orders that follow it there.
    pub fn first(start: Start, time: Timestamp) -> anyhow::Result<(Self, Vec<Order>)> {
        let (core, seeds) = start.core(time)?;
        Ok((Self::of(start, core, Judged::default()), seeds))
    }

    /// The core under this start as a journal begins with that is read from this record on: the orders that follow the very
    /// first start are still to come.
    pub fn before(start: Start, number: u64, record: &Record<'_>) -> anyhow::Result<Self> {
        match record.entry {
            Entry::Start(_) if number == 1 => Ok(Self::first(start, record.time)?.0),
            _ => Self::amid(start, record.time),
        }
    }

    /// The core under this start where a journal is read from its middle on: what the start's files hold is entered, and
    /// what is told from here on may not be what was.
    pub fn amid(start: Start, time: Timestamp) -> anyhow::Result<Self> {
        let (mut standing, seeds) = Self::first(start, time)?;
        for order in &seeds {
            standing.player.core.order(order, time, &mut standing.changes);
        }
        standing.changes.clear();
        standing.player.forgive();
        Ok(standing)
    }

    /// The core as it is at a time with nothing heard or told before, under what people had decided by then; `instead` of
    /// the rules and zones that stood, under those of another configuration.
    pub fn anew(self, instead: Option<&Config>, time: Timestamp) -> anyhow::Result<Self> {
        let start = match instead {
            Some(config) => self.start.judged_by(config),
            None => self.start,
        };
        let core = self.player.core.anew(start.setup()?, instead.is_none(), time);
        let mut anew = Self::of(start, core, Judged::default());
        anew.player.forgive();
        Ok(anew)
    }

    /// The core as the engine gave it after the gap that this record tells of; none where it is not kept, or cannot be
    /// used.
    pub fn after_gap(data: &Path, gap: u64) -> Option<Self> {
        let bytes = read_snapshot(&snapshot_folder(data), gap).ok()?;
        Self::from_bytes(&bytes).ok()
    }

    fn of(start: Start, core: Core, judged: Judged) -> Self {
        Self {
            start,
            player: Player::new(core, judged),
            changes: Changes::default(),
        }
    }

    /// Plays a record; what it changed.
    pub fn play(&mut self, number: u64, record: &Record<'_>) -> anyhow::Result<&Changes> {
        if let Entry::Start(bytes) = record.entry {
            self.begin(number, Start::from_bytes(bytes)?, record)?;
        } else {
            self.player.play(number, record, &mut self.changes)?;
        }
        Ok(&self.changes)
    }

    /// Plays a record that was read ahead; what it changed.
    pub fn take(&mut self, number: u64, told: &Told) -> anyhow::Result<&Changes> {
        match (told, told.record()) {
            (Told::Heard(heard), _) => self.player.hear(heard, &mut self.changes),
            (_, Some(record)) => return self.play(number, &record),
            _ => {
                self.player.done = None;
                self.changes.clear();
            }
        }
        Ok(&self.changes)
    }

    /// What the record played last changed.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The service begins again, maybe under another configuration.
    fn begin(&mut self, number: u64, start: Start, record: &Record<'_>) -> anyhow::Result<()> {
        let before = std::mem::replace(&mut self.start, start);
        self.player.play(number, record, &mut self.changes)?;
        if self.start.feeds == before.feeds && self.start.judging == before.judging {
            return Ok(());
        }
        let keeps_feeds = self.start.keeps_feeds_of(&before);
        if !keeps_feeds {
            tracing::warn!("the feeds are others than before: the picture begins anew");
        }
        self.player.adopt(self.start.setup()?, keeps_feeds, &mut self.changes);
        Ok(())
    }

    /// It as a snapshot.
    pub fn to_bytes(&self) -> Vec<u8> {
        snapshot_of(&self.start, self.player.judged, self.player.core.to_bytes())
    }

    /// What a snapshot holds.
    pub fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        let snapshot: Snapshot = postcard::from_bytes(bytes).context("a snapshot of another build")?;
        let setup = snapshot.start.setup()?;
        let core = Core::from_bytes(&snapshot.core, setup)?;
        Ok(Self::of(snapshot.start, core, snapshot.judged))
    }

    /// The newest snapshot that can be used, of those after at least `record`; what is wrong with newer ones.
    pub fn newest(folder: &Path, record: u64, faults: &mut Vec<String>) -> anyhow::Result<Option<(u64, Self)>> {
        for at in snapshots(folder)?.into_iter().take_while(|at| *at >= record) {
            let read = read_snapshot(folder, at).map_err(anyhow::Error::from);
            match read.and_then(|bytes| Self::from_bytes(&bytes)) {
                Ok(standing) => return Ok(Some((at, standing))),
                Err(error) => faults.push(format!("the snapshot after record {at} cannot be used: {error:#}")),
            }
        }
        Ok(None)
    }
}

/// A snapshot of a core that stands under this start.
pub fn snapshot_of(start: &Start, judged: Judged, core: Vec<u8>) -> Vec<u8> {
    let snapshot = Snapshot {
        start: start.clone(),
        judged,
        core,
    };
    postcard::to_stdvec(&snapshot).expect("plain data can always be written to memory")
}

/// Takes up what a data folder holds, and begins again: `first` is the start as it would be in an empty folder. Where the
/// disk cannot be written, what can be read is taken up all the same.
pub fn recover(data: &Path, first: Start, segment_bytes: u64, now: Timestamp) -> anyhow::Result<Recovered> {
    let mut faults = Vec::new();
    let (opened, found) = open(data, segment_bytes, now, &mut faults)?;
    let (standing, read, records) = match take_up_all(data, &mut faults) {
        Err(error) if opened.is_err() => {
            if journal_folder(data).exists() {
                faults.push(format!("{error:#}"));
            }
            (None, 0, 0)
        }
        taken => taken?,
    };
    let reached = standing.as_ref().map(|standing| standing.player.core.traffic().now());
    let written = opened.as_ref().ok().map(Disk::time);
    let now = now.max(reached.unwrap_or(now)).max(written.unwrap_or(now));
    let ended = Start::from_bytes(&found.start).ok();
    let stood = standing.as_ref().map(|standing| &standing.start);
    // Where nothing stands any more, or what is old, the journal's end tells how far epochs have come.
    let before = stood.into_iter().chain(&ended).max_by_key(|start| start.epoch);
    let start = first.after(before, now);
    let bytes = start.to_bytes();
    let record = Record {
        time: now,
        entry: Entry::Start(&bytes),
    };
    let (standing, seeds) = match standing {
        None => Standing::first(start, now)?,
        Some(mut standing) => {
            standing.play(records + 1, &record)?;
            (standing, Vec::new())
        }
    };
    let (standing, seeds) = seeded(standing, records + 1, &seeds, now)?;
    let disk = opened.and_then(|disk| begin(disk, &record, &seeds).map_err(|error| error.to_string()));
    Ok(Recovered {
        disk,
        standing,
        time: now,
        read,
        records,
        faults,
    })
}

/// The journal, mended, or why it cannot be written; and what was found at its end.
fn open(
    data: &Path,
    segment_bytes: u64,
    now: Timestamp,
    faults: &mut Vec<String>,
) -> Result<(Result<Disk, String>, Found), JournalError> {
    // Snapshots know how far the journal had come, should it have gone.
    let newest = snapshots(&snapshot_folder(data)).unwrap_or_default().first().copied();
    let least = newest.unwrap_or_default();
    let (disk, found) = match Disk::open(&journal_folder(data), segment_bytes, now, least) {
        Ok(opened) => opened,
        Err(error @ JournalError::Io { .. }) => return Ok((Err(error.to_string()), Found::default())),
        Err(error) => return Err(error),
    };
    if found.torn > 0 {
        tracing::warn!(
            bytes = found.torn,
            "the journal's end was torn: what was not wholly written is cut off"
        );
    }
    faults.extend(found.damaged.iter().map(ToString::to_string));
    if found.records < least && !found.ends_in_doubt {
        faults.push(JournalError::LackingRecords(found.records + 1, least).to_string());
    }
    Ok((Ok(disk), found))
}

/// What a data folder holds: the core as it stands after it, how many records were read after the snapshot, and how many
/// there are in all.
fn take_up_all(data: &Path, faults: &mut Vec<String>) -> anyhow::Result<(Option<Standing>, u64, u64)> {
    let newest = Standing::newest(&snapshot_folder(data), 0, faults)?;
    let after = newest.as_ref().map_or(0, |(record, _)| *record);
    let mut standing = newest.map(|(_, standing)| standing);
    let mut reader = Reader::new(Box::new(Folder(journal_folder(data))), after, Verify::Frames)?;
    let kept = snapshots(&snapshot_folder(data))?;
    let read = take_up(&mut reader, &mut standing, &kept, faults)?;
    faults.extend(reader.lacks_beginning().map(|error| error.to_string()));
    if after > 0 {
        faults.extend(lost_beginning(data)?.map(|error| error.to_string()));
    }
    Ok((standing, read, reader.records().max(after)))
}

/// What is gone of the beginning of a journal that is not read from there. A cut takes the old snapshots before it along;
/// those that outlived theirs lead nowhere, and go now, so that it is told once.
fn lost_beginning(data: &Path) -> Result<Option<JournalError>, JournalError> {
    let folder = Folder(journal_folder(data));
    let Some(first @ 2..) = folder.list()?.first().copied() else {
        return Ok(None);
    };
    let Some(head) = folder.head(first)? else {
        return Ok(None);
    };
    // On a disk that can only be read they stay, and nothing is told.
    let outlived = cut_snapshots(&snapshot_folder(data), head.records).unwrap_or_default();
    Ok((outlived > 0).then_some(JournalError::Lacking(1, first - 1)))
}

/// Enters what seeds an empty journal; the orders as the journal keeps them.
fn seeded(
    mut standing: Standing,
    start: u64,
    seeds: &[Order],
    time: Timestamp,
) -> anyhow::Result<(Standing, Vec<Vec<u8>>)> {
    let mut kept = Vec::with_capacity(seeds.len());
    for (number, order) in (start + 1..).zip(seeds) {
        let bytes = order.to_bytes();
        let entry = Entry::Order(&bytes);
        standing.play(number, &Record { time, entry })?;
        kept.push(bytes);
    }
    Ok((standing, kept))
}

/// Writes the start and the orders that follow it, to last.
fn begin(mut disk: Disk, start: &Record<'_>, seeds: &[Vec<u8>]) -> Result<Disk, JournalError> {
    disk.append(start);
    for order in seeds {
        let entry = Entry::Order(order);
        disk.append(&Record { entry, ..*start });
    }
    disk.write()?;
    disk.tail().sync()?;
    Ok(disk)
}

/// Plays all that a journal holds, beside the snapshots that are kept; where it is damaged, what stands behind the damage.
/// How many records that were.
fn take_up(
    reader: &mut Reader,
    standing: &mut Option<Standing>,
    kept: &[u64],
    faults: &mut Vec<String>,
) -> anyhow::Result<u64> {
    let (mut read, mut gap, mut differences) = (0, None, Differences::default());
    let mut vain: Vec<Vain> = Vec::new();
    let mut note = |standing: &mut Standing, number: u64, record: Option<Record<'_>>, file: Option<&Path>| {
        read += 1;
        if record.is_some_and(|record| record.tells_of_loss()) {
            gap = Some(number);
        }
        vain.extend(standing.player.vain.take());
        if let Some(difference) = standing.player.difference.take() {
            differences.note(&difference, &standing.start.build, file);
        }
    };
    loop {
        let ahead = match standing {
            Some(standing) => play_ahead(
                reader,
                standing,
                |_| true,
                |standing, number, told, file| {
                    standing.take(number, told)?;
                    note(standing, number, told.record(), Some(file));
                    Ok(())
                },
            )?,
            None => match reader.peek().map(|next| next.map(|record| record.time)) {
                Ok(time) => {
                    *standing = time.map_or(Ok(None), |time| under_head(reader, time))?;
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        match ahead.and_then(|()| reader.next_record()) {
            Ok(Some((number, record))) => {
                play_on(standing, number, &record)?;
                if let Some(standing) = standing {
                    note(standing, number, Some(record), None);
                }
            }
            Ok(None) => break,
            Err(error) if error.is_damage() => {
                let told = error.to_string();
                if !faults.contains(&told) {
                    faults.push(told);
                }
                if let Some(standing) = standing {
                    standing.player.forgive();
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    // One that is kept and cannot be used is told already.
    let lacking = gap.filter(|gap| !kept.contains(gap));
    faults.extend(lacking.map(|gap| JournalError::LackingAfterGap(gap).to_string()));
    tell_vain(&vain, faults);
    differences.tell(faults);
    Ok(read)
}

/// Tells of orders that found no alert.
fn tell_vain(vain: &[Vain], faults: &mut Vec<String>) {
    let Some(Vain { record, time }) = vain.first() else {
        return;
    };
    let orders = vain.len();
    let told = format!(
        "{orders} orders find no alert, maybe for what raised it is lost; the first is record {record} of {time}"
    );
    // An alarm names the first ones.
    faults.insert(0, told);
}

/// The core under the start that was in force before the segment that is read: those with its records are gone, or
/// damaged. None in the first of all, which begins with a start.
fn under_head(reader: &Reader, time: Timestamp) -> anyhow::Result<Option<Standing>> {
    let start = reader.head().map(|head| &*head.start).filter(|start| !start.is_empty());
    start
        .map(|start| Standing::amid(Start::from_bytes(start)?, time))
        .transpose()
}

/// Plays a record on a core that may only begin with it.
pub fn play_on(standing: &mut Option<Standing>, number: u64, record: &Record<'_>) -> anyhow::Result<()> {
    match (standing, record.entry) {
        (Some(standing), _) => {
            standing.play(number, record)?;
        }
        (none, Entry::Start(bytes)) => *none = Some(Standing::before(Start::from_bytes(bytes)?, number, record)?),
        (none, _) => {
            // The segments with the start are gone or damaged: nothing before the next start can be judged.
            *none = None;
        }
    }
    Ok(())
}

/// The start a journal's oldest segment stands under, for one whose first start is gone.
pub fn start_in_force(folder: &Folder) -> Result<Option<Vec<u8>>, JournalError> {
    let first = folder.first_head(&folder.list()?)?;
    Ok(first.map(|head| head.start).filter(|start| !start.is_empty()))
}
