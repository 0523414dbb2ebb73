//! What becomes of rules while the service runs, without anybody asking over HTTP: files read again when the process is
//! told to, and rules whose day of review has passed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::alerts::Priority;
use crate::config::{self, Purpose};
use crate::engine::Orders;
use crate::time::LocalTime;
use crate::traffic::{Change, Order};
use crate::view::View;
use crate::watch::{FILE, Ground, Text};

/// How often it is looked whether another version stands or another day has begun.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Kind of the caution that reviews are overdue.
const SYSTEM_REVIEW: &str = "system_review";

/// Who looks after the rules.
pub struct Upkeep {
    pub view: View,
    pub orders: Orders,
    pub local: LocalTime,
    /// What rules and zones are read against.
    pub ground: Ground,
}

/// What was told of overdue reviews.
#[derive(Default)]
struct Told {
    /// The version and the day for which they were looked for last.
    looked: Option<(u32, String)>,
    overdue: Option<Vec<Arc<str>>>,
}

impl Upkeep {
    /// Works until the service ends. `config` is read again at every SIGHUP.
    pub async fn run(self, config: Option<PathBuf>, mut ending: watch::Receiver<bool>) {
        let mut beat = tokio::time::interval(LOOK_EVERY);
        let mut told = Told::default();
        let mut hang_up = signal(SignalKind::hangup()).ok();
        loop {
            tokio::select! {
                _ = ending.wait_for(|told| *told) => return,
                _ = beat.tick() => self.look(&mut told),
                () = heard(&mut hang_up) => if let Some(config) = &config { self.reread(config) },
            }
        }
    }

    /// Raises a caution that names the rules that are overdue, and ends it when none is.
    fn look(&self, told: &mut Told) {
        let (now, editions) = self.view.read(|picture| (picture.clock, picture.editions.clone()));
        let Some(edition) = editions.newest() else { return };
        let today = self.local.date(now);
        if matches!(&told.looked, Some((version, day)) if (*version, day) == (edition.version, &today)) {
            return;
        }
        let overdue = edition.overdue(&today);
        told.looked = Some((edition.version, today));
        if told.overdue.as_ref() == Some(&overdue) {
            return;
        }
        let kind: Arc<str> = SYSTEM_REVIEW.into();
        if told.overdue.is_some() || overdue.is_empty() {
            self.orders.give_own(Order::Rectify { kind: kind.clone() });
        }
        if !overdue.is_empty() {
            self.orders.give_own(Order::Raise {
                kind,
                priority: Priority::Caution,
                reason: overdue.join(", ").into(),
            });
        }
        told.overdue = Some(overdue);
    }

    /// Rules and zones of the files become the next version, if they are others and without a mistake.
    fn reread(&self, path: &Path) {
        let read = match config::load(path, Purpose::Service) {
            Ok(read) => read,
            Err(mistakes) => {
                for mistake in &mistakes {
                    tracing::error!("{mistake}");
                }
                tracing::error!(
                    "the files have {} mistakes: rules and zones stay as they are",
                    mistakes.len()
                );
                return;
            }
        };
        let text = Text::of(read.rules.iter(), &read.zones);
        if self.view.read(|picture| picture.editions.are_files(&text)) {
            tracing::info!("the files have the rules and zones that they had");
            return;
        }
        if let Err(misread) = text.read(&self.ground) {
            for mistake in &misread {
                tracing::error!("{:?} {}; should be {}", mistake.part, mistake.what, mistake.want);
            }
            tracing::error!("the files do not fit the service as it was started: rules and zones stay as they are");
            return;
        }
        tracing::info!("rules and zones of the files become the next version");
        self.orders.give_own(Order::Change(Box::new(Change {
            from: None,
            author: FILE.into(),
            reason: "SIGHUP".into(),
            rules: Some(text.rules),
            zones: Some(text.zones),
            restores: None,
            minutes: None,
        })));
    }
}

/// Waits for the signal; for ever where it cannot be listened for.
async fn heard(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}
