//! The keyboard alone: a watch stood without a pointer.

use super::stage::{HARBOUR, SEA, play};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[test]
fn a_watch_is_stood_by_keys() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        stage.radio.ship(416_000_002, SEA, 9.0, 45.0);
        let desk = stage.open("lang=zh").await;
        desk.until("document.querySelector('.alert.alarm') && harborwatch.picture.vessels.size === 2")
            .await;
        // The first stop of the page leaps to the chart.
        desk.press(TAB).await;
        desk.until("document.activeElement.matches('a.skip')").await;
        desk.press(ENTER).await;
        desk.until("document.activeElement.id === 'chart'").await;
        desk.press("n").await;
        desk.until("!document.getElementById('card').hidden").await;
        let first = desk.run("return harborwatch.chart.selected").await;
        desk.press("n").await;
        desk.until(&format!("harborwatch.chart.selected !== {first}")).await;
        desk.press(ESCAPE).await;
        desk.until("document.getElementById('card').hidden").await;
        let scale = desk.run("return harborwatch.chart.view.scale").await;
        desk.press("+").await;
        desk.until(&format!("harborwatch.chart.view.scale > {scale}")).await;
        desk.press("a").await;
        desk.until("document.activeElement.closest('.alert.alarm')").await;
        desk.press("k").await;
        desk.until("document.querySelector('.alert.alarm').classList.contains('acknowledged')")
            .await;
        desk.press("3").await;
        desk.until("document.documentElement.dataset.palette === 'night'").await;
        desk.press("/").await;
        desk.until("document.activeElement.id === 'search'").await;
        // Where text is typed, keys are letters.
        desk.press("k1").await;
        desk.until("document.getElementById('search').value === 'k1'").await;
        assert_eq!(
            desk.run("return document.documentElement.dataset.palette").await,
            "night"
        );
        vec![desk]
    });
}
