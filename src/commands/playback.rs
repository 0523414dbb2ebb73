//! A data folder replayed: its journal, with the event times and orders it holds.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use harborwatch::clock;
use harborwatch::config::Config;
use harborwatch::journal::{Entry, Folder, JournalError, Reader, Record, Verify};
use harborwatch::service::{self, Differences, Standing, Start};
use harborwatch::time::Timestamp;
use harborwatch::traffic::{Changes, Order};

use super::aside;
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

/// What was played, and what is to be said of it.
struct Account<W> {
    out: W,
    counts: Counts,
    gaps: u64,
    damaged: u64,
    /// Records under a start that is lost.
    unjudged: u64,
    differences: Differences,
    /// What was recorded of the transitions told so far is to be what is told now.
    compares: bool,
}

impl<W: Write> Account<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            counts: Counts::default(),
            gaps: 0,
            damaged: 0,
            unjudged: 0,
            differences: Differences::default(),
            compares: false,
        }
    }

    /// Takes in the record played last.
    fn take(&mut self, standing: &mut Standing, file: Option<&Path>) -> anyhow::Result<()> {
        self.counts.raised += replay::tell(standing.changes(), &mut self.out)?;
        standing.player.done.iter().for_each(|done| self.counts.count(done));
        if let Some(difference) = standing.player.difference.take()
            && self.compares
        {
            self.differences.note(&difference, &standing.start.build, file);
        }
        Ok(())
    }

    /// What cannot be read is left out: what stands behind it is played on.
    fn miss(&mut self, damage: &JournalError, standing: Option<&mut Standing>) {
        aside(format_args!("{damage}; what it held is left out"));
        self.damaged += 1;
        if let Some(standing) = standing {
            standing.player.forgive();
        }
    }

    fn report(mut self, began: Instant, torn: u64, summary: Option<&Path>) -> anyhow::Result<()> {
        self.out.flush()?;
        let mut faults = Vec::new();
        self.differences.tell(&mut faults);
        faults.iter().for_each(aside);
        if self.unjudged > 0 {
            let unjudged = self.unjudged;
            aside(format_args!(
                "{unjudged} records stand under a start that is lost, and are left out"
            ));
        }
        let more = format!("{torn} bytes torn, {} gaps, {} places damaged", self.gaps, self.damaged);
        self.counts.report(began, "stamped", &more, summary)
    }
}

impl Playback<'_> {
    /// Writes the live watch's transitions to standard output.
    pub fn run(&self) -> anyhow::Result<()> {
        let folder = Folder(journal(self.data)?);
        let mut start = service::start_in_force(&folder)?;
        let (after, mut decided) = self.nearest()?;
        let mut reader = Reader::new(Box::new(folder), after, Verify::Seals)?;
        let mut standing: Option<Standing> = None;
        let began = clock::stopwatch();
        let mut account = Account::new(BufWriter::new(std::io::stdout().lock()));
        loop {
            let ahead = match &mut standing {
                Some(standing) => self.play_ahead(&mut reader, standing, &mut account)?,
                None => Ok(()),
            };
            let (number, record) = match ahead.and_then(|()| reader.next_record()) {
                Ok(Some(read)) => read,
                Ok(None) => break,
                Err(error) if error.is_damage() => {
                    account.miss(&error, standing.as_mut());
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if let Entry::Start(bytes) = record.entry {
                start = Some(bytes.to_vec());
            }
            if self.is_late(&record) {
                break;
            }
            if start.is_none() && standing.is_none() && decided.is_none() {
                // The start it was told under is lost: nobody knows how it was judged.
                account.unjudged += u64::from(!self.is_early(&record));
                continue;
            }
            let first = || Start::from_bytes(start.as_deref().context("the journal begins with no start")?);
            if self.is_early(&record) {
                if matches!(record.entry, Entry::Start(_) | Entry::Order(_)) {
                    let place = if standing.is_some() {
                        &mut standing
                    } else {
                        &mut decided
                    };
                    let decided = or_begin(place, || Standing::before(first()?, number, &record))?;
                    self.play(decided, number, &record)?;
                }
                continue;
            }
            let standing = or_begin(&mut standing, || match decided.take() {
                Some(decided) => decided.anew(self.config, record.time),
                None => {
                    account.compares = self.config.is_none() && number == 1;
                    Standing::before(self.judged(first()?), number, &record)
                }
            })?;
            if record.tells_of_loss() {
                account.gaps += 1;
                account.compares |= self.pass_gap(standing, number, &record)?;
            } else {
                self.play(standing, number, &record)?;
            }
            account.take(standing, reader.file())?;
        }
        account.counts.vessels = standing.map_or(0, |standing| standing.player.core.traffic().picture().len());
        account.report(began, reader.torn(), self.summary)
    }

    /// Plays what needs no look of ours.
    fn play_ahead(
        &self,
        reader: &mut Reader,
        standing: &mut Standing,
        account: &mut Account<impl Write>,
    ) -> anyhow::Result<Result<(), JournalError>> {
        let is_wanted =
            |record: &Record<'_>| !self.is_early(record) && !self.is_late(record) && !record.tells_of_loss();
        service::play_ahead(reader, standing, is_wanted, |standing, number, told, file| {
            match told.record() {
                Some(record) => self.play(standing, number, &record)?,
                None => standing.take(number, told)?,
            };
            account.take(standing, Some(file))
        })
    }

    /// The newest snapshot before the time from which on is played, for what people had decided by then, and its record.
    fn nearest(&self) -> anyhow::Result<(u64, Option<Standing>)> {
        let nearest = self.from.map(|from| service::nearest(self.data, from)).transpose()?;
        Ok(nearest
            .flatten()
            .map_or((0, None), |(record, standing)| (record, Some(standing))))
    }

    fn is_early(&self, record: &Record<'_>) -> bool {
        self.from.is_some_and(|from| record.time < from)
    }

    fn is_late(&self, record: &Record<'_>) -> bool {
        self.to.is_some_and(|to| record.time >= to)
    }

    /// The start, or what it would have been under the rules that are ours.
    fn judged(&self, start: Start) -> Start {
        match self.config {
            Some(config) => start.judged_by(config),
            None => start,
        }
    }

    /// Goes on behind a gap from the snapshot that follows it, and tells of it; whether there was one. Under rules of ours
    /// there is none.
    fn pass_gap(&self, standing: &mut Standing, number: u64, record: &Record<'_>) -> anyhow::Result<bool> {
        let Entry::Gap { from, lost } = record.entry else {
            return Ok(false);
        };
        let after = Standing::after_gap(self.data, number).filter(|_| self.config.is_none());
        let followed = after.is_some();
        match after {
            Some(after) => *standing = after,
            None => {
                self.play(standing, number, record)?;
            }
        }
        let how = if followed {
            "the snapshot after it is taken up"
        } else {
            "no snapshot after it is taken up, and what follows may differ from what was told at the time"
        };
        aside(format_args!(
            "a gap of {lost} records from {from} to {}, at record {number}: {how}",
            record.time
        ));
        Ok(followed)
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

/// The core that stands, or else begins now.
fn or_begin(
    standing: &mut Option<Standing>,
    begin: impl FnOnce() -> anyhow::Result<Standing>,
) -> anyhow::Result<&mut Standing> {
    Ok(match standing {
        Some(standing) => standing,
        none => none.insert(begin()?),
    })
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
