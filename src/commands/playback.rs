//! A data folder replayed: its journal, with the event times and orders it holds.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use harborwatch::clock;
use harborwatch::config::Config;
use harborwatch::journal::{Entry, Folder, Reader, Record, Verify};
use harborwatch::service::{self, Standing, Start};
use harborwatch::time::Timestamp;
use harborwatch::traffic::{Changes, Order};

use super::replay::{self, Counts};

/// What of it is played, and by which rules.
pub struct Playback<'a> {
    pub data: &'a Path,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// These rules and zones instead of those of the time.
    pub config: Option<&'a Config>,
    /// Where to write what was read and how fast, as JSON.
    pub summary: Option<&'a Path>,
}

impl Playback<'_> {
    /// Writes the live watch's transitions to standard output.
    pub fn run(&self) -> anyhow::Result<()> {
        let folder = Folder(journal(self.data)?);
        let mut start = service::start_in_force(&folder)?;
        let mut reader = Reader::new(Box::new(folder), 0, Verify::Seals)?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut standing: Option<Standing> = None;
        let (began, mut counts) = (clock::stopwatch(), Counts::default());
        let mut tell = |standing: &Standing| -> anyhow::Result<()> {
            counts.raised += replay::tell(standing.changes(), &mut out)?;
            standing.player.done.iter().for_each(|done| counts.count(done));
            Ok(())
        };
        let is_early = |record: &Record<'_>| self.from.is_some_and(|from| record.time < from);
        let is_late = |record: &Record<'_>| self.to.is_some_and(|to| record.time >= to);
        let is_wanted = |record: &Record<'_>| !is_early(record) && !is_late(record);
        loop {
            if let Some(standing) = &mut standing {
                service::play_ahead(&mut reader, standing, is_wanted, |standing, number, told, _| {
                    match told.record() {
                        Some(record) => self.play(standing, number, &record)?,
                        None => standing.take(number, told)?,
                    };
                    tell(standing)
                })??;
            }
            let Some((number, record)) = reader.next_record()? else {
                break;
            };
            if let Entry::Start(bytes) = record.entry {
                start = Some(bytes.to_vec());
            }
            if is_early(&record) {
                continue;
            }
            if is_late(&record) {
                break;
            }
            let standing = match &mut standing {
                Some(standing) => standing,
                none => {
                    let first = start.as_deref().context("the journal begins with no start")?;
                    none.insert(self.begin(Start::from_bytes(first)?, &record)?)
                }
            };
            self.play(standing, number, &record)?;
            tell(standing)?;
        }
        out.flush()?;
        counts.vessels = standing.map_or(0, |standing| standing.player.core.traffic().picture().len());
        let torn = format!("{} bytes torn", reader.torn());
        counts.report(began, "stamped", &torn, self.summary)
    }

    fn begin(&self, start: Start, record: &Record<'_>) -> anyhow::Result<Standing> {
        let start = match self.config {
            Some(config) => start.judged_by(config),
            None => start,
        };
        Standing::before(start, record)
    }

    fn play<'s>(&self, standing: &'s mut Standing, number: u64, record: &Record<'_>) -> anyhow::Result<&'s Changes> {
        match (record.entry, self.config) {
            // The rules are ours.
            (Entry::Start(bytes), Some(config)) => {
                let start = Start::from_bytes(bytes)?.judged_by(config).to_bytes();
                let entry = Entry::Start(&start);
                standing.play(number, &Record { entry, ..*record })
            }
            (Entry::Order(bytes), Some(_)) if changes_rules(bytes) => {
                let entry = Entry::Tick { judged: None };
                standing.play(number, &Record { entry, ..*record })
            }
            _ => standing.play(number, record),
        }
    }
}

/// Whether an order changes rules or zones: where they are ours, it counts for nothing.
fn changes_rules(order: &[u8]) -> bool {
    serde_json::from_slice(order).is_ok_and(|order: Order| order.is_change())
}

/// Where the journal of a data folder is.
pub fn journal(data: &Path) -> anyhow::Result<PathBuf> {
    let journal = service::journal_folder(data);
    anyhow::ensure!(
        journal.is_dir(),
        "{} is no data folder: it has no journal",
        data.display()
    );
    Ok(journal)
}
