//! The whole life of an alert, seen at two desks at once.

use super::stage::{HARBOUR, play};

const SHIP: u32 = 416_000_001;
const ROW: &str = "document.querySelector('.alert.alarm[data-alert^=\"fast-416000001-\"]')";

#[test]
fn two_desks_see_one_life() {
    play(async |stage| {
        let (one, other) = (stage.open("lang=zh").await, stage.open("lang=en").await);
        stage.radio.ship(SHIP, HARBOUR, 12.0, 90.0);
        for desk in [&one, &other] {
            desk.until(&format!("{ROW}?.classList.contains('active')")).await;
            desk.until(&format!("{ROW}.classList.contains('open')")).await;
        }
        one.click("#duty button").await;
        one.run("document.querySelector('#watch input[name=by]').value = '王小明'")
            .await;
        one.click("#watch button[type=submit]").await;
        one.run(&format!("{ROW}.querySelector('.ack').click()")).await;
        for desk in [&one, &other] {
            desk.until(&format!(
                "{ROW}.classList.contains('acknowledged') && {ROW}.textContent.includes('王小明')"
            ))
            .await;
        }
        one.shot("acknowledged-zh").await;
        other.shot("acknowledged-en").await;
        // Slower again: what was acknowledged closes, and is gone from both.
        stage.radio.ship(SHIP, (HARBOUR.0 + 0.0005, HARBOUR.1), 3.0, 90.0);
        for desk in [&one, &other] {
            desk.until(&format!("!{ROW}")).await;
        }
        vec![one, other]
    });
}

#[test]
fn what_ended_unseen_stays_until_it_is_seen() {
    play(async |stage| {
        let desk = stage.open("lang=zh").await;
        stage.radio.ship(SHIP, HARBOUR, 12.0, 90.0);
        desk.until(&format!("{ROW}?.classList.contains('active')")).await;
        stage.radio.ship(SHIP, (HARBOUR.0 + 0.0005, HARBOUR.1), 3.0, 90.0);
        desk.until(&format!(
            "{ROW}.classList.contains('rectified') && {ROW}.classList.contains('open')"
        ))
        .await;
        desk.shot("ended-unseen").await;
        desk.run(&format!("{ROW}.querySelector('.ack').click()")).await;
        desk.until(&format!("!{ROW}")).await;
        vec![desk]
    });
}
