//! `simulated`: what one receiver of a scenario hears, at the pace of the clock.

use std::time::Duration;

use tokio::time::sleep;

use super::{Feed, Gone, Lines, What};
use crate::clock;
use crate::nmea::Framed;
use crate::report::StreamId;
use crate::simulate::{Scenario, Simulation};

/// What is simulated: feeds of the same values are receivers of the same traffic.
pub(super) struct Traffic<'a> {
    pub(super) scenario: &'a str,
    pub(super) seed: u64,
    pub(super) vessels: u32,
    /// Which receiver hears; none: all of them.
    pub(super) receiver: Option<u32>,
}

pub(super) async fn run(feed: &Feed, traffic: Traffic<'_>) -> Result<(), Gone> {
    let Some(scenario) = Scenario::named(traffic.scenario) else {
        let error = format!("there is no scenario {}", traffic.scenario);
        return feed.tell(What::Disconnected { error }).await;
    };
    feed.tell(What::Connected).await?;
    let mut simulation = Simulation::new(&scenario, traffic.seed, Some(traffic.vessels as usize), feed.started);
    loop {
        let sent = simulation.next_line();
        let early = sent.time.since(clock::now()).0;
        if early > 0 {
            sleep(Duration::from_millis(early.unsigned_abs())).await;
        }
        if traffic
            .receiver
            .is_some_and(|receiver| receiver as usize != sent.receiver)
        {
            continue;
        }
        let mut lines = Lines::default();
        lines.push(Framed::Line(sent.line.as_bytes()));
        feed.tell(What::Lines {
            stream: StreamId::default(),
            received: clock::now(),
            lines,
        })
        .await?;
    }
}
