//! Words: hostile ones from the radio and the register are text, and an English page is English.

use super::browser::Browser;
use super::stage::{SEA, play};

/// Chinese that an English page still shows, but for what is marked as such: the switch to Chinese is named in Chinese.
pub async fn chinese(browser: &Browser) -> serde_json::Value {
    let script = "const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
         while (all.nextNode()) if (/[\\u3000-\\u9fff\\uff00-\\uffef]/.test(all.currentNode.data)
           && !all.currentNode.parentElement.closest('[lang|=zh], dialog:not([open])')) found.push(all.currentNode.data);
         for (const node of document.querySelectorAll('[title], [aria-label], [placeholder]'))
           for (const name of ['title', 'aria-label', 'placeholder'])
             if (/[\\u3000-\\u9fff]/.test(node.getAttribute(name) ?? '')) found.push(node.getAttribute(name));
         return found";
    browser.run(script).await
}

#[test]
fn hostile_names_are_text() {
    play(async |stage| {
        for (mmsi, name) in [
            (416_000_001, "<SCRIPT>ALERT(1)//"),
            (416_000_002, "\"><IMG SRC=X>"),
            (416_000_003, ""),
            (416_000_004, "HONEST NAME"),
        ] {
            stage
                .radio
                .ship(mmsi, (SEA.0 + f64::from(mmsi % 10) * 0.01, SEA.1), 8.0, 90.0);
            stage.radio.name(mmsi, name, "$7*7<B>X");
        }
        let desk = stage.open("lang=zh").await;
        desk.until("harborwatch.picture.vessels.size === 4").await;
        desk.until("document.querySelector('[data-mmsi=\"416000001\"]')?.textContent.includes('<SCRIPT>ALERT(1)//')")
            .await;
        desk.until("document.querySelector('[data-mmsi=\"416000002\"]').textContent.includes('\"><IMG SRC=X>')")
            .await;
        // Twenty @ are no name: the number stands for it.
        desk.until("document.querySelector('[data-mmsi=\"416000003\"]').textContent.includes('416000003')")
            .await;
        for mmsi in 416_000_001..=416_000_004 {
            desk.click(&format!("[data-mmsi=\"{mmsi}\"]")).await;
            desk.until(&format!(
                "document.getElementById('card').textContent.includes('{mmsi}')"
            ))
            .await;
            desk.until("document.getElementById('card').textContent.includes('$7*7<B>X')")
                .await;
        }
        desk.shot("hostile-names").await;
        let marks = desk
            .run("return /[\\u202a-\\u202e\\u200e\\u200f\\u2066-\\u2069]/.test(document.body.innerText)")
            .await;
        assert_eq!(marks, false, "what turns the direction of the text is taken out");
        let brought = desk
            .run("return document.querySelectorAll('main script, main img, main b').length")
            .await;
        assert_eq!(brought, 0, "markup came in with a name");
        assert_eq!(desk.complaints().await, Vec::<String>::new());
        vec![desk]
    });
}

#[test]
fn no_chinese_is_left_in_the_english_view() {
    play(async |stage| {
        stage.radio.ship(416_000_001, super::stage::HARBOUR, 12.0, 90.0);
        stage.radio.name(416_000_001, "TEST SHIP", "KINMEN");
        let desk = stage.open("lang=en").await;
        desk.until("document.querySelector('.alert.alarm')").await;
        desk.click("[data-mmsi=\"416000001\"]").await;
        desk.until("document.getElementById('card').textContent.includes('KINMEN')")
            .await;
        desk.click("#replay-enter").await;
        desk.until("document.body.classList.contains('replaying')").await;
        assert_eq!(chinese(&desk).await, serde_json::json!([]));
        vec![desk]
    });
}
