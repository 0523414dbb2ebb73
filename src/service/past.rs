//! Questions about the past: answered on a thread of its own by a core that plays the journal from the nearest snapshot.

use std::path::{Path, PathBuf};

use super::recover::{Standing, journal_folder, play_on, start_in_force};
use super::start::Start;
use super::{keeping, reel};
use crate::engine::{Explained, Question, QuestionQueue};
use crate::journal::{Entry, Folder, Reader, Record, Tail, Verify};
use crate::time::Timestamp;
use crate::traffic::Changes;

/// Answers questions about the past.
pub struct Past {
    data: PathBuf,
    tail: Tail,
    questions: QuestionQueue,
}

impl Past {
    /// Begins a thread that works until nobody can ask any more.
    pub fn begin(data: &Path, tail: Tail, questions: QuestionQueue) -> anyhow::Result<()> {
        let past = Self {
            data: data.to_owned(),
            tail,
            questions,
        };
        keeping::spawn("past", move || past.run())?;
        Ok(())
    }

    /// Works one question after the other; whoever has gone is not answered.
    fn run(mut self) {
        while let Some((question, reply)) = self.questions.blocking_recv() {
            let answer = self.answer(&question, || !reply.is_closed());
            let answer = answer.unwrap_or_else(|error| {
                tracing::error!("the past cannot be explained: {error:#}");
                Explained::Unreadable
            });
            let _ = reply.send(answer);
        }
    }

    fn answer(&self, question: &Question, goes_on: impl Fn() -> bool) -> anyhow::Result<Explained> {
        let at = question.at.unwrap_or(Timestamp::MAX);
        let standing = standing_at(&self.data, at, Some(self.tail.clone()), goes_on)?;
        Ok(standing.map_or(Explained::NoRecord, |standing| {
            question.answered_by(standing.player.core.traffic())
        }))
    }
}

/// The core as it stood at a time, as far as the journal can be read; none if it does not reach back so far. Amid an
/// absence of the service it is as a replay over that has it. `tail`: of a journal that is being written. It stops early
/// when it is not to go on.
pub fn standing_at(
    data: &Path,
    at: Timestamp,
    tail: Option<Tail>,
    goes_on: impl Fn() -> bool,
) -> anyhow::Result<Option<Standing>> {
    let folder = || Folder(journal_folder(data));
    let nearest = reel::nearest(data, at)?;
    let (after, mut standing) = nearest.map_or((0, None), |(record, standing)| (record, Some(standing)));
    let reader = Reader::new(Box::new(folder()), after, Verify::Frames)?;
    let mut reader = match tail {
        Some(tail) => reader.follow(tail),
        None => reader,
    };
    loop {
        let (number, record) = match reader.next_record() {
            Ok(Some(read)) => read,
            Ok(None) => break,
            Err(error) if error.is_damage() => {
                tracing::warn!(%error, "what is damaged is left out of the past");
                if let Some(standing) = &mut standing {
                    standing.player.forgive();
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if !goes_on() {
            break;
        }
        if record.time > at {
            if let Some(standing) = standing.as_mut().filter(|_| is_absence(&record)) {
                standing.player.core.away(at, &mut Changes::default());
            }
            break;
        }
        if standing.is_none() && !matches!(record.entry, Entry::Start(_)) {
            // The segments with the start are gone.
            let start = start_in_force(&folder())?;
            let first = start.map(|bytes| Standing::amid(Start::from_bytes(&bytes)?, record.time));
            standing = first.transpose()?;
        }
        play_on(&mut standing, number, &record)?;
    }
    Ok(standing)
}

/// Whether nothing was kept up to this record: time passed all the same.
fn is_absence(record: &Record<'_>) -> bool {
    matches!(record.entry, Entry::Start(_)) || record.tells_of_loss()
}
