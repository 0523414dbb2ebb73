//! The server killed under an open console: nobody takes a frozen picture for a live one, and nothing is lost or doubled.

use super::stage::{HARBOUR, SEA, play};

#[test]
fn a_killed_server_is_told_and_taken_up_again() {
    play(async |stage| {
        let desk = stage.open("lang=en").await;
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        stage.radio.ship(416_000_002, SEA, 9.0, 45.0);
        let of =
            |ship: u32| format!("document.querySelectorAll('.alert.alarm[data-alert^=\"fast-{ship}-\"]').length === 1");
        desk.until(&of(416_000_001)).await;
        desk.until("harborwatch.picture.vessels.size === 2").await;
        let claims_to_live = "document.querySelector('.replay-live').offsetParent !== null";
        desk.until(claims_to_live).await;
        stage.kill();
        desk.until("!document.getElementById('lost').hidden && document.body.classList.contains('frozen')")
            .await;
        desk.shot("lost").await;
        assert_eq!(desk.run(&format!("return {claims_to_live}")).await, false);
        stage.restart();
        desk.until("document.getElementById('lost').hidden && !document.body.classList.contains('frozen')")
            .await;
        // What was before the power cut is there once, and what comes after it comes.
        desk.until(&of(416_000_001)).await;
        desk.until("harborwatch.picture.vessels.size === 2").await;
        stage
            .radio
            .ship(416_000_003, (HARBOUR.0 + 0.001, HARBOUR.1), 14.0, 270.0);
        desk.until(&of(416_000_003)).await;
        assert_eq!(desk.run(&format!("return {}", of(416_000_001))).await, true);
        vec![desk]
    });
}
