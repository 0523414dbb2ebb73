//! Rehearsals at work: a thread that plays the last hours of the journal under what stands and under what is proposed,
//! while the engine goes on. It yields to every other thread, so that nothing live waits for it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use tokio::sync::{mpsc, watch};

use super::keeping;
use super::orders_of;
use super::reviewing::{Reviewing, capacity};
use crate::clock;
use crate::config::Config;
use crate::engine::{Progress, Rehearsal, Rehearsals};
use crate::feeds::FeedSettings;
use crate::register::Papers;
use crate::review::{self, Capacity, Outcome, Side};
use crate::time::{Span, Timestamp};
use crate::view::View;
use crate::watch::{Orders, Text};

/// Rehearsals that wait: the one before may still be ending.
const WAITING: usize = 1;
/// How far its thread stands back, as `nice` counts: it works where nobody else does.
const NICE: i32 = 19;

/// Starts the thread that rehearses for a configured site; it ends when nobody can ask any more.
pub fn start(config: &Config, feeds: &[Arc<FeedSettings>], data: &Path, view: &View) -> anyhow::Result<Rehearsals> {
    let (ask, asked) = mpsc::channel(WAITING);
    let (progress, told) = watch::channel(Progress::default());
    let rehearsing = Rehearsing {
        data: data.to_owned(),
        view: view.clone(),
        orders: orders_of(config, feeds, Vec::new(), false),
        capacity: capacity(config),
        progress,
    };
    std::thread::Builder::new()
        .name("rehearsal".into())
        .spawn(move || rehearsing.run(asked))
        .context("cannot start the thread of rehearsals")?;
    Ok(Rehearsals::new(ask, told))
}

/// How rehearsals are made.
struct Rehearsing {
    data: PathBuf,
    view: View,
    /// The circumstances of what is judged: desks, feeds, tide.
    orders: Orders,
    capacity: Capacity,
    progress: watch::Sender<Progress>,
}

impl Rehearsing {
    /// Works until nobody can ask any more.
    fn run(self, mut asked: mpsc::Receiver<Rehearsal>) {
        keeping::stand_back(NICE);
        while let Some(rehearsal) = asked.blocking_recv() {
            let Rehearsal { text, hours, reply } = rehearsal;
            let found = self.rehearse(&text, hours, || reply.is_closed());
            self.progress.send_replace(Progress::default());
            let answer = match found {
                Ok(Some(outcome)) => Ok(Box::new(outcome)),
                // Whoever asked has gone.
                Ok(None) => continue,
                Err(error) => Err(format!("{error:#}")),
            };
            let _ = reply.send(answer);
        }
    }

    fn rehearse(&self, text: &Text, hours: f64, is_over: impl Fn() -> bool) -> anyhow::Result<Option<Outcome>> {
        let stands = self
            .view
            .read(|picture| picture.editions.newest().map(|edition| edition.text.clone()));
        let stands = stands.ok_or_else(|| anyhow::anyhow!("nothing stands yet"))?;
        let sides = (self.side(&stands)?, self.side(text)?);
        let cases = review::cases(sides.0, sides.1, &[]).map_err(|_| anyhow::anyhow!("there is nothing to sweep"))?;
        let now = clock::now();
        let reviewing = Reviewing {
            cases,
            local: self.orders.local.clone(),
            capacity: self.capacity,
            from: Some(now.plus(Span::from_s(-hours * 3600.0))),
            to: None,
            is_rehearsal: true,
        };
        let mut began = None;
        let running = Progress {
            running: true,
            hours,
            left_h: hours,
            share: 0.0,
        };
        self.progress.send_replace(running);
        reviewing.of_journal(&self.data, |reached: Timestamp| {
            let all = now.since(*began.get_or_insert(reached)).as_s();
            let left = now.since(reached).as_s().max(0.0);
            self.progress.send_replace(Progress {
                left_h: left / 3600.0,
                share: if all > 0.0 { 1.0 - left / all } else { 1.0 },
                ..running
            });
            if is_over() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    fn side(&self, text: &Text) -> anyhow::Result<Side> {
        let statute = text
            .read(&self.orders.ground())
            .map_err(|misread| anyhow::anyhow!("{} mistakes in rules and zones", misread.len()))?;
        Ok(Side {
            orders: self.orders.revised(statute.zones, statute.rules, 0, false),
            // The journal's own are put in their place.
            papers: Papers::default(),
        })
    }
}
