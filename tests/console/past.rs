//! Replay, held against what the service recorded.

use serde_json::Value as Json;

use super::access::violations;
use super::browser::Browser;
use super::stage::{HARBOUR, SEA, play};

const SHIP: u32 = 416_000_002;
const SHOWN: &str = "harborwatch.replay.player.store.picture.vessels.get(416000002)";

/// The positions that the service says the ship had.
async fn recorded(desk: &Browser) -> Vec<Json> {
    let fetch = format!(
        "const done = arguments[arguments.length - 1];
         fetch('/api/v1/vessels/{SHIP}/track').then((answer) => answer.json()).then(({{ points }}) => done(points))"
    );
    let truth = desk.client.execute_async(&fetch, Vec::new()).await.unwrap();
    let truth = truth.as_array().unwrap().clone();
    assert!(truth.len() >= 5, "{truth:?}");
    truth
}

#[test]
fn the_past_is_shown_as_it_was() {
    play(async |stage| {
        let desk = stage.open("lang=zh").await;
        // Each position is heard before the next is said, so that each has a time of its own.
        for n in 0..5 {
            stage.radio.ship(SHIP, (SEA.0 + f64::from(n) * 0.001, SEA.1), 9.0, 90.0);
            let lon = SEA.0 + f64::from(n) * 0.001;
            desk.until(&format!(
                "Math.abs(harborwatch.picture.vessels.get({SHIP})?.position[0] - {lon}) < 1e-5"
            ))
            .await;
        }
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        desk.until("document.querySelector('.alert.alarm')").await;
        let truth = recorded(&desk).await;

        desk.click("#replay-enter").await;
        desk.until("document.body.classList.contains('replaying') && harborwatch.replay.player.reel.ready(harborwatch.replay.player.at)").await;
        assert!(desk.text("#replay-mark").await.contains("重播 REPLAY"));
        let last = truth.last().unwrap()["time"].as_str().unwrap();
        desk.until(&format!("harborwatch.replay.end() > Date.parse('{last}')"))
            .await;
        for point in &truth {
            let (time, lon) = (point["time"].as_str().unwrap(), &point["position"][0]);
            desk.run(&format!("harborwatch.replay.seek(Date.parse('{time}'))"))
                .await;
            desk.until(&format!(
                "{SHOWN}.position_time === '{time}' && {SHOWN}.position[0] === {lon}"
            ))
            .await;
        }
        // Half way between two fixes it is between them.
        let (a, b) = (&truth[0], &truth[1]);
        desk.run(&format!(
            "harborwatch.replay.seek((Date.parse({}) + Date.parse({})) / 2)",
            a["time"], b["time"]
        ))
        .await;
        desk.until(&format!(
            "{SHOWN}.position[0] > {} && {SHOWN}.position[0] < {}",
            a["position"][0], b["position"][0]
        ))
        .await;

        // An alarm of now is told while the past is shown.
        stage
            .radio
            .ship(416_000_003, (HARBOUR.0 + 0.001, HARBOUR.1), 14.0, 270.0);
        desk.until("document.querySelector('.alert.alarm[data-alert^=\"fast-416000003-\"]')")
            .await;
        desk.click("[data-hand=\"replay.alert.next\"]").await;
        desk.until("harborwatch.replay.player.store.picture.alerts.size > 0")
            .await;
        desk.click("[data-rate=\"600\"]").await;
        desk.click("#replay-play").await;
        desk.until(
            "!harborwatch.replay.player.playing && harborwatch.replay.player.at > harborwatch.replay.player.seen.from",
        )
        .await;
        desk.shot("replay").await;
        assert_eq!(violations(&desk).await, Vec::<String>::new());
        desk.click("#replay-leave").await;
        desk.until(
            "!document.body.classList.contains('replaying') && harborwatch.chart.picture === harborwatch.picture",
        )
        .await;
        assert_eq!(desk.complaints().await, Vec::<String>::new());
        vec![desk]
    });
}
