//! `listen`: what arrives on a feed, decoded, live in the terminal, for the person on the roof with the antenna.

mod ear;
mod screen;
mod words;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use harborwatch::clock;
use harborwatch::feeds::{FeedSettings, Input, What};
use harborwatch::geo::Position;
use harborwatch::service::Alone;

use super::serve::{runtime, told_to_stop};
use super::{address, aside};
use ear::{Ear, State};
use screen::Screen;
use words::Lang;

/// Show what arrives on a feed, decoded, live in the terminal
#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "Examples:
  harborwatch listen /dev/ttyUSB0
  harborwatch listen 192.0.2.7:10110 --lang zh
  nc 192.0.2.7 10110 | harborwatch listen -
  harborwatch listen udp://:10110 | grep ALR

{}

In a terminal: types and rates, rejects by reason, vessels, the farthest, the last messages; q ends it. Into a pipe or
a file: a line a message. Colours are left out if NO_COLOR is set.", address::FORMS
))]
pub struct Args {
    /// Where to read, as below
    #[arg(value_parser = address::parse)]
    address: Input,
    /// Where the antenna stands, for the farthest vessel; else where the receiver says that it is
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    antenna: Option<Position>,
    /// Language of the words: zh or en; else as the environment says
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

/// Between two drawings of the screen, and two looks at the keys.
const DRAW_EVERY: Duration = Duration::from_millis(150);

fn place(text: &str) -> Result<Position, String> {
    let numbers = text.split_once(',').and_then(|(lon, lat)| {
        let lon = lon.trim().parse().ok().filter(|lon: &f64| lon.abs() <= 180.0)?;
        let lat = lat.trim().parse().ok().filter(|lat: &f64| lat.abs() <= 90.0)?;
        Some(Position { lon, lat })
    });
    numbers.ok_or_else(|| "longitude and latitude in degrees, as in 118.41,24.42".into())
}

pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let lang = args.lang.unwrap_or_else(Lang::of_environment);
    let recorded = matches!(args.address, Input::File { .. });
    let ear = Ear::new(lang.words(), args.antenna, recorded, clock::now());
    let settings = FeedSettings::new("listen", args.address);
    let terminal = std::io::stdout().is_terminal();
    let screen = terminal.then(|| Screen::open(lang.words())).transpose()?;
    runtime()?.block_on(async {
        match screen {
            Some(screen) => show(settings, ear, screen).await,
            None => print(settings, ear).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Draws until `q` is pressed.
async fn show(settings: FeedSettings, mut ear: Ear, mut screen: Screen) -> anyhow::Result<()> {
    let mut feed = Alone::begin(settings);
    let mut draw = tokio::time::interval(DRAW_EVERY);
    draw.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let stop = told_to_stop();
    tokio::pin!(stop);
    let mut more = true;
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            _ = draw.tick() => {
                if screen.is_told_to_quit()? {
                    break;
                }
                ear.pass(clock::now());
                screen.draw(&ear)?;
            }
            what = feed.next(), if more => match what {
                Some(what) => for line in ear.take(&what) {
                    screen.push(line);
                },
                None => more = false,
            },
        }
    }
    drop(screen);
    write!(std::io::stdout(), "{}", ear.summary())?;
    Ok(())
}

/// A line a message, and at the end the summary on standard error.
async fn print(settings: FeedSettings, mut ear: Ear) -> anyhow::Result<()> {
    let mut feed = Alone::begin(settings);
    let stop = told_to_stop();
    tokio::pin!(stop);
    let mut stopping = false;
    loop {
        let what = tokio::select! {
            () = &mut stop, if !stopping => {
                stopping = true;
                feed.end();
                continue;
            }
            what = feed.next() => what,
        };
        let Some(what) = what else { break };
        let mut out = std::io::stdout().lock();
        for line in ear.take(&what) {
            writeln!(out, "{} {}", line.clock(), line.text)?;
        }
        out.flush()?;
        if let (State::Down(error), What::Disconnected { .. } | What::Trouble { .. }) = (&ear.state, &what) {
            aside(format_args!("harborwatch: {error}"));
        }
    }
    aside(ear.summary().trim_end());
    Ok(())
}
