//! The service: everything is put together, started, and ended in order here.

mod ahead;
mod alone;
mod decoding;
mod differences;
mod folder;
mod follower;
mod historian;
mod keeper;
mod keeping;
mod past;
mod pen;
mod playing;
mod recalling;
mod recover;
mod reel;
mod rehearsing;
mod retention;
mod reviewing;
mod start;
mod upkeep;

pub use ahead::{Ahead, hear_ahead};
pub use alone::Alone;
pub use decoding::decode_in_turn;
pub use differences::Differences;
pub use folder::{DataFolder, FolderError};
pub use historian::Historian;
pub use past::standing_at;
pub use pen::{Pen, Turn};
pub use playing::{Told, play_ahead};
pub use recover::{Recovered, Standing, journal_folder, play_on, recover, snapshot_folder, start_in_force};
pub use reel::{Played, Reel, nearest};
pub use retention::needed_after;
pub use reviewing::{Reviewing, capacity, feeds_of_journal, side};
pub use start::Start;

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;

use crate::clock;
use crate::config::Config;
use crate::engine::{Batch, Core, Engine, Orders as OrderHandle, Questions, Relay, Setup};
use crate::feeds::{Arrival, Feed, FeedSettings, Input, Plotters};
use crate::http::{self, FeedName, RuleRow, Sentences, Setting, Wiring};
use crate::metrics::Metrics;
use crate::picture::Picture;
use crate::register::Papers;
use crate::report::{FeedId, HashKey, Listening, Reception};
use crate::rules::{Mode, Rule};
use crate::time::{LocalTime, Timestamp};
use crate::track::TrackLimits;
use crate::traffic::Traffic;
use crate::view::View;
use crate::watch::{Ground, Orders, Text, Watch};

use upkeep::Upkeep;

/// Blocks of lines that wait for the engine, 1 MB at most, so that no line is old before it is taken: feeds that can wait
/// do, UDP drops and counts.
const ARRIVALS: usize = 64;
/// Batches that wait for the view, a third of a second; then the engine waits.
const BATCHES: usize = 16;
/// Blocks of lines that wait for a plotter, some seconds of them; one that is farther behind is let go.
const RELAYED: usize = 512;

/// This build's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The commit this build was made from, with `-changed` where its sources were not those of it; see `build.rs`.
pub const COMMIT: &str = match option_env!("HARBORWATCH_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// A hash key that nobody outside can know.
pub fn draw_hash_key() -> HashKey {
    let draw = || RandomState::new().hash_one(0u64);
    HashKey(draw(), draw())
}

/// The core of a configured site that hears these feeds from `start` on. Takes the rules out of the configuration.
pub fn core(config: &mut Config, feeds: &[Arc<FeedSettings>], start: Timestamp, key: HashKey) -> Core {
    Core::new(reception(feeds, key), traffic(config, feeds, start, key))
}

/// Ears for these feeds.
pub fn reception(feeds: &[Arc<FeedSettings>], key: HashKey) -> Reception {
    Reception::new(feeds.iter().map(|feed| listening(feed)).collect(), key)
}

/// The traffic of a configured site from `start` on. Takes the rules out of the configuration.
pub fn traffic(config: &mut Config, feeds: &[Arc<FeedSettings>], start: Timestamp, key: HashKey) -> Traffic {
    let Setup {
        limits, orders, text, ..
    } = setup(config, feeds, key);
    let picture = Picture::new(limits, config.register.clone(), feeds.len(), start, key);
    let papers = papers_of(config);
    let watch = |orders| Watch::new(orders, papers.clone(), start);
    let mut traffic = Traffic::new(picture, orders.into_iter().map(watch).collect(), start);
    traffic.found(text);
    traffic
}

/// What the core of a configured site is set up with. Takes the rules out of the configuration.
pub fn setup(config: &mut Config, feeds: &[Arc<FeedSettings>], key: HashKey) -> Setup {
    let text = Text::of(config.rules.iter(), &config.zones);
    let live = config.take_rules(Mode::Live);
    let shadow = config.take_rules(Mode::Shadow);
    let windows = live.iter().chain(&shadow).map(|rule| rule.judge.window());
    let limits = TrackLimits {
        trail: windows.max().unwrap_or_default(),
        antennas: feeds.iter().map(|feed| feed.antenna).collect(),
        ..config.track.clone()
    };
    let mut orders = vec![orders_of(config, feeds, live, false)];
    if !shadow.is_empty() {
        orders.push(orders_of(config, feeds, shadow, true));
    }
    Setup {
        listening: feeds.iter().map(|feed| listening(feed)).collect(),
        limits,
        orders,
        text,
        key,
    }
}

fn papers_of(config: &Config) -> Papers {
    Papers {
        declarations: config.declarations.clone(),
        inspections: config.inspections.clone(),
    }
}

fn listening(feed: &FeedSettings) -> Listening {
    Listening {
        talkers: feed.talkers.clone(),
        sources: feed.sources.clone(),
        trust_tags: feed.trust_tag_blocks,
        simulated: matches!(feed.input, Input::Simulated { .. }),
        is_live: !matches!(feed.input, Input::File { follow: false, .. }),
    }
}

fn orders_of(config: &Config, feeds: &[Arc<FeedSettings>], rules: Vec<Rule>, shadow: bool) -> Orders {
    let feeds = feeds.iter().map(|feed| (feed.name.clone(), feed.max_sentences_s));
    let local = LocalTime(config.site.timezone.clone());
    Orders {
        shadow,
        desks: config.desks.clone(),
        tide: config.tide.clone(),
        ..Orders::first(config.zones.clone(), rules, feeds, local)
    }
}

/// A service that listens and is ready to be run.
pub struct Service {
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
    plotters: Plotters,
    /// Held as long as the service lives.
    folder: Arc<DataFolder>,
}

impl Service {
    /// Takes the data folder and the port; nothing is read yet.
    pub async fn bind(config: Config, folder: DataFolder) -> anyhow::Result<Self> {
        let wanted = config.listen.http;
        let listener = TcpListener::bind(wanted)
            .await
            .with_context(|| format!("cannot listen at {wanted}; is another service there?"))?;
        let address = listener.local_addr()?;
        let plotters = Plotters::bind(config.listen.nmea_tcp, config.listen.nmea_udp)
            .await
            .context("the merged feed cannot be given to plotters ([listen] nmea_tcp, nmea_udp)")?;
        Ok(Self {
            config,
            listener,
            address,
            plotters,
            folder: Arc::new(folder),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Works until `stop` is done; then feeds stop, the engine takes up what has arrived, and connections end.
    pub async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let start = clock::now();
        let feeds: Vec<Arc<FeedSettings>> = self.config.feeds.iter().cloned().map(Arc::new).collect();
        let metrics = Arc::new(Metrics::new(VERSION, COMMIT));
        let first = Start::first(&self.config, &feeds, draw_hash_key());
        let recovered = recover(self.folder.path(), first, self.config.journal.segment_mb << 20, start)?;
        keeping::tell_recovery(&recovered, start);
        clock::begin_no_earlier(recovered.time);
        let setting = setting(&self.config, &feeds, recovered.standing.player.core.traffic());
        let key = recovered.standing.start.key;
        let (batches_in, batches) = mpsc::channel::<Batch>(BATCHES);
        let (arrivals_in, arrivals) = mpsc::channel::<Arrival>(ARRIVALS);
        let (orders, queue) = OrderHandle::new();
        let (questions, asked) = Questions::new();
        let (past, asked_of_past) = Questions::new();
        let (shutdown, ending) = watch::channel(false);

        let view = View::new(recovered.standing.start.epoch);
        let reflecting = tokio::spawn(view.clone().reflect(batches));
        keeping::tell_faults(&recovered.faults, &orders);
        let rehearsals = rehearsing::start(&self.config, &feeds, self.folder.path(), &view)?;
        recalling::begin(self.folder.path(), &recovered, view.clone())?;
        let keeping = keeping::keep(&self.config, &self.folder, recovered, &orders, asked_of_past, &metrics);
        let (core, kept, history, keeping) = keeping?;
        let engine = Engine::new(core, feeds.clone(), metrics.clone(), key, kept, batches_in);
        let mut reading = read(feeds, arrivals_in, &ending);
        let engine = give_to_plotters(engine, self.plotters, &metrics, &ending, &mut reading);
        let engine_ending = ending.clone();
        let engine = spawn_engine(move || engine.run(arrivals, queue, asked, engine_ending))?;
        let upkeep = Upkeep {
            view: view.clone(),
            orders: orders.clone(),
            local: LocalTime(self.config.site.timezone.clone()),
            ground: setting.ground.clone(),
        };
        reading.spawn(upkeep.run(self.config.files.first().map(|(path, _)| path.clone()), ending));
        let (end_http, http_ending) = tokio::sync::oneshot::channel::<()>();
        let wiring = Wiring {
            setting,
            view,
            history,
            orders,
            questions,
            past,
            rehearsals,
            metrics,
        };
        let serving = tokio::spawn(http::serve(self.listener, wiring, async {
            let _ = http_ending.await;
        }));

        stop.await;
        tracing::info!("stopping: feeds first, then the engine, then connections");
        shutdown.send_replace(true);
        while reading.join_next().await.is_some() {}
        tokio::task::spawn_blocking(move || {
            let ended = engine.join();
            keeping.end();
            ended
        })
        .await?
        .map_err(|_| anyhow::anyhow!("the engine has failed; its message stands above"))?;
        reflecting.await?;
        let _ = end_http.send(());
        serving.await??;
        Ok(())
    }
}

/// Has every feed read, until the service ends.
fn read(feeds: Vec<Arc<FeedSettings>>, arrivals: mpsc::Sender<Arrival>, ending: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut reading = JoinSet::new();
    for (id, settings) in (0..).map(FeedId).zip(feeds) {
        let feed = Feed {
            id,
            settings,
            started: clock::now(),
            arrivals: arrivals.clone(),
            shutdown: ending.clone(),
        };
        reading.spawn(feed.run());
    }
    reading
}

/// Has the engine's feed given to the plotters, if there are to be any, until the service ends.
fn give_to_plotters(
    engine: Engine,
    plotters: Plotters,
    metrics: &Arc<Metrics>,
    ending: &watch::Receiver<bool>,
    reading: &mut JoinSet<()>,
) -> Engine {
    if plotters.is_none() {
        return engine;
    }
    let (relayed, _) = broadcast::channel(RELAYED);
    let giving = plotters.run(relayed.clone(), metrics.clone());
    let mut ending = ending.clone();
    reading.spawn(async move {
        tokio::select! {
            _ = ending.wait_for(|told| *told) => {}
            () = giving => {}
        }
    });
    engine.relayed_by(Relay::new(relayed))
}

/// The engine has a thread of its own, so that no request waits behind it nor it behind a request.
fn spawn_engine<F: Future<Output = ()>>(
    run: impl FnOnce() -> F + Send + 'static,
) -> anyhow::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Handle::current();
    let thread = std::thread::Builder::new().name("engine".into());
    thread
        .spawn(move || runtime.block_on(run()))
        .context("cannot start the engine's thread")
}

/// What the HTTP interface is told once.
fn setting(config: &Config, feeds: &[Arc<FeedSettings>], traffic: &Traffic) -> Setting {
    let feed = |feed: &Arc<FeedSettings>| FeedName {
        name: feed.name.to_string(),
        kind: feed.input.kind().into(),
    };
    let papers = traffic.watches().first().map(|watch| &watch.state().papers);
    Setting {
        name: Some(config.site.name.clone()),
        timezone: config.site.timezone.iana_name().unwrap_or("UTC").into(),
        bbox: config.site.bbox.unwrap_or([-180.0, -60.0, 180.0, 75.0]),
        zones: config.zones.clone(),
        desks: config.desks.iter().map(|desk| desk.id.clone()).collect(),
        ground: Ground {
            desks: config.desks.clone(),
            feeds: feeds.iter().map(|feed| feed.name.clone()).collect(),
        },
        edition: 0,
        coast: config.coast.iter().map(|coast| coast.text.to_string()).collect(),
        rules: config.rules.iter().map(RuleRow::of).collect(),
        sentences: Sentences::default(),
        register: Arc::new(traffic.picture().register.clone()),
        declarations: Arc::new(papers.map(|papers| papers.declarations.clone()).unwrap_or_default()),
        feeds: feeds.iter().map(feed).collect(),
        hosts: Vec::new(),
        version: VERSION.into(),
        commit: COMMIT.into(),
        simulated: feeds.iter().any(|feed| matches!(feed.input, Input::Simulated { .. })),
        lost_after: config.track.lost_after,
    }
}
