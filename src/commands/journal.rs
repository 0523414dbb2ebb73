//! `journal`: what the person on duty asks of it: what it holds, whether it is whole, and to let old parts go.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use harborwatch::clock;
use harborwatch::journal::{
    self, Disk, Due, Entry, Folder, Journal, JournalError, Reader, Record, Verify, due_before, read_snapshot, size,
    snapshots,
};
use harborwatch::service::{self, DataFolder, FolderError, Start};
use harborwatch::time::Timestamp;

use super::playback;
use super::replay::time;
use super::{say, usage};

/// Look at the journal of a data folder, check it, or delete its oldest part
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  harborwatch journal check data/kinmen")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What it holds: segments, records, times, starts
    #[command(after_help = "Example:\n  harborwatch journal info data/kinmen")]
    Info { data: PathBuf },
    /// Hold every record against its seal, and name what is damaged; exit status 1 if anything is
    #[command(after_help = "Example:\n  harborwatch journal check data/kinmen")]
    Check { data: PathBuf },
    /// Delete the segments that hold only what is older and no restart needs; the service must not be running
    #[command(after_help = "Example:\n  harborwatch journal cut data/kinmen --before 2026-03-01T00:00:00+08:00")]
    Cut {
        data: PathBuf,
        #[arg(long, value_parser = time)]
        before: Timestamp,
    },
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Info { data } => info(&data),
        What::Check { data } => check(&data),
        What::Cut { data, before } => cut(&data, before),
    }
}

fn info(data: &std::path::Path) -> anyhow::Result<ExitCode> {
    let folder = Folder(playback::journal(data)?);
    let held = size(&folder)?;
    say(format_args!(
        "segments   {} to {}, {} bytes on the disk",
        held.first, held.last, held.bytes
    ))?;
    let mut reader = Reader::new(Box::new(folder), 0, Verify::Frames)?;
    let (mut counts, mut span): ([u64; 4], Option<(Timestamp, Timestamp)>) = ([0; 4], None);
    read_all(&mut reader, "damage     ", |number, record| {
        let (first, _) = span.unwrap_or((record.time, record.time));
        span = Some((first, record.time));
        match record.entry {
            Entry::Line { .. } => counts[0] += 1,
            Entry::Turn { .. } => {}
            Entry::Tick { .. } => counts[1] += 1,
            Entry::Order(_) => counts[2] += 1,
            Entry::Start(bytes) => {
                let start = Start::from_bytes(bytes)?;
                say(format_args!(
                    "start      {} epoch {}, {}, record {number}",
                    record.time, start.epoch, start.build
                ))?;
            }
            Entry::Gap { from, lost: 0 } => say(format_args!("clock      {from} set forward to {}", record.time))?,
            Entry::Gap { from, lost } => say(format_args!(
                "gap        {from} to {}, {lost} records lost",
                record.time
            ))?,
            Entry::Stop { .. } => say(format_args!("stop       {}, record {number}", record.time))?,
            Entry::Cut { last } => say(format_args!("cut        {}, segments up to {last}", record.time))?,
        }
        counts[3] = number;
        Ok(())
    })?;
    let [lines, ticks, orders, last] = counts;
    say(format_args!(
        "records    up to {last}: {lines} lines, {ticks} ticks, {orders} orders"
    ))?;
    if let Some((first, last)) = span {
        say(format_args!("times      {first} to {last}"))?;
    }
    for record in snapshots(&service::snapshot_folder(data))? {
        say(format_args!("snapshot   after record {record}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(data: &std::path::Path) -> anyhow::Result<ExitCode> {
    let journal = Folder(playback::journal(data)?);
    let folder = service::snapshot_folder(data);
    // A service that runs may take others while this reads.
    let reached = snapshots(&folder)?.first().copied().unwrap_or_default();
    let mut reader = Reader::new(Box::new(journal), 0, Verify::Seals)?;
    let (mut records, mut gap) = (0_u64, None);
    let mut faults = read_all(&mut reader, "", |number, record| {
        records += 1;
        gap = record.tells_of_loss().then_some(number).or(gap);
        Ok(())
    })?;
    records -= reader.replaced();
    let all = snapshots(&folder)?;
    let (mut kept, mut told) = (0_u64, Vec::new());
    for record in &all {
        match read_snapshot(&folder, *record) {
            Ok(_) => kept += 1,
            Err(error) if error.is_damage() => told.push(error),
            // A service that runs needs it no longer.
            Err(JournalError::Missing(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // What is damaged at the end may reach as far.
    if !reader.ends_in_doubt() && reader.records() < reached {
        told.push(JournalError::LackingRecords(reader.records() + 1, reached));
    }
    told.extend(gap.filter(|gap| !all.contains(gap)).map(JournalError::LackingAfterGap));
    told.iter().try_for_each(say)?;
    faults += told.len() as u64;
    say(format_args!(
        "{records} records and {kept} snapshots are whole, {faults} places are damaged, {} bytes at the end are torn",
        reader.torn()
    ))?;
    Ok(if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Gives every record that can be read to `seen`, and writes what is damaged, after `mark`; how many places that are.
fn read_all(
    reader: &mut Reader,
    mark: &str,
    mut seen: impl FnMut(u64, &Record<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let mut places = 0;
    let mut tell = |error: &JournalError| {
        places += 1;
        say(format_args!("{mark}{error}"))
    };
    loop {
        match reader.next_record() {
            Ok(Some((number, record))) => seen(number, &record)?,
            Ok(None) => break,
            Err(error) if error.is_damage() => {
                tell(&error)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    reader.lacks_beginning().iter().try_for_each(tell)?;
    Ok(places)
}

fn cut(data: &std::path::Path, before: Timestamp) -> anyhow::Result<ExitCode> {
    let folder = playback::journal(data)?;
    let _held = match DataFolder::take(data) {
        Ok(held) => held,
        Err(error @ FolderError::Taken(_)) => return Ok(usage(&error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let folder = Folder(folder);
    let damaged = journal::damage_at_end(&folder)?;
    if !damaged.is_empty() {
        // A segment behind it would hide it from the next start.
        damaged.iter().try_for_each(say)?;
        say(
            "nothing is deleted: the journal's end is damaged. Start the service, which goes on behind it and tells people, \
             stop it, and cut again",
        )?;
        return Ok(ExitCode::FAILURE);
    }
    let needed = service::needed_after(data)?;
    let due = due_before(&folder, before, needed)?;
    let all = due_before(&folder, before, u64::MAX)?;
    let (deleted, old) = (segments(due.as_ref()), segments(all.as_ref()));
    if old.is_empty() {
        say("no segment holds only what is older")?;
    }
    if let Some(due) = &due {
        record_cut(&folder, due.last(), needed)?;
        journal::cut(&folder, due)?;
        journal::cut_snapshots(&service::snapshot_folder(data), due.records)?;
        say(format_args!("segments up to {} are deleted", due.last()))?;
    }
    if let (Some(first), Some(last)) = (old.get(deleted.len()), old.last()) {
        say(format_args!(
            "segments {first} to {last} stay: no snapshot that can be used is newer, and a restart plays them. Start the \
             service, stop it in order, and cut again"
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn segments(due: Option<&Due>) -> &[u64] {
    due.map_or(&[], |due| &due.segments)
}

/// Has the journal say that the segments up to `last` were deleted.
fn record_cut(folder: &Folder, last: u64, least: u64) -> anyhow::Result<()> {
    let (mut disk, found) = Disk::open(&folder.0, u64::MAX, clock::now(), least)?;
    if found.torn > 0 {
        say(format_args!(
            "{} bytes at the end were torn, and are cut off",
            found.torn
        ))?;
    }
    let (time, entry) = (disk.time(), Entry::Cut { last });
    disk.append(&Record { time, entry });
    Ok(disk.finish()?)
}
