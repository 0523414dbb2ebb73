//! Each palette in each language: nothing that axe-core finds wrong, no request to a foreign origin, nothing that the
//! content policy forbids.

use serde_json::{Value as Json, json};

use super::browser::Browser;
use super::stage::{DESK, HARBOUR, SEA, play};
use super::words::chinese;

/// axe-core, see NOTICE.md.
const AXE: &str = include_str!("axe.min.js");
const ESCAPE: &str = "\u{e00c}";
const STANDARDS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// What axe-core finds wrong with the page as it stands.
pub async fn violations(browser: &Browser) -> Vec<String> {
    browser.run(AXE).await;
    let standards = json!(STANDARDS);
    let script = format!(
        "const done = arguments[arguments.length - 1];
         axe.run(document, {{ runOnly: {standards} }}).then(({{ violations }}) => done(violations.map(({{ id, nodes }}) =>
           `${{id}}: ${{nodes.map((node) => `${{node.target}} ${{node.failureSummary}}`).join('; ')}}`)));"
    );
    let found = browser.client.execute_async(&script, Vec::new()).await.unwrap();
    found.as_array().unwrap().iter().map(Json::to_string).collect()
}

#[test]
fn every_palette_in_every_language_is_open_to_all() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        stage.radio.ship(416_000_002, SEA, 9.0, 45.0);
        stage.radio.name(416_000_002, "TEST SHIP", "KINMEN");
        let browser = stage.open("lang=zh&palette=day").await;
        browser
            .until("document.querySelector('.alert.alarm') && document.querySelector('[data-mmsi]')")
            .await;
        browser.click("[data-mmsi=\"416000002\"]").await;
        for lang in ["zh", "en"] {
            browser.click(&format!("button[data-lang={lang}]")).await;
            for palette in ["day", "dusk", "night"] {
                browser.click(&format!("button[data-palette={palette}]")).await;
                let painted = format!("document.documentElement.dataset.palette === '{palette}'");
                browser.until(&painted).await;
                browser.shot(&format!("live-{palette}-{lang}")).await;
                assert_eq!(violations(&browser).await, Vec::<String>::new(), "{palette}, {lang}");
            }
        }
        let own = format!("http://127.0.0.1:{}/", stage.port);
        let requests = browser.requests().await;
        assert!(requests.len() > 10, "{requests:?}");
        let foreign: Vec<_> = requests
            .iter()
            .filter(|url| !url.starts_with(&own) && !url.starts_with("data:") && !url.starts_with("blob:"))
            .collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        vec![browser]
    });
}

/// Opens each dialog of a page by the script beside it, in each palette and language: nothing is wrong with it, Escape
/// closes it, and the focus is back where it was.
pub async fn check_dialogs(page: &Browser, dialogs: &[(&str, &str)]) {
    for (id, open) in dialogs {
        for (lang, palette) in [("zh", "day"), ("en", "night"), ("zh", "dusk")] {
            page.click(&format!("button[data-lang={lang}]")).await;
            page.click(&format!("button[data-palette={palette}]")).await;
            let painted = format!("document.documentElement.dataset.palette === '{palette}'");
            page.until(&painted).await;
            page.run(&format!("const opener = {open}; opener.focus(); opener.click();"))
                .await;
            page.until(&format!("document.getElementById('{id}').open")).await;
            page.shot(&format!("dialog-{id}-{palette}-{lang}")).await;
            assert_eq!(violations(page).await, Vec::<String>::new(), "{id}, {palette}, {lang}");
            if lang == "en" {
                assert_eq!(chinese(page).await, json!([]), "{id}");
            }
            page.press(ESCAPE).await;
            page.until(&format!("!document.getElementById('{id}').open")).await;
            page.until("document.activeElement !== document.body").await;
        }
    }
}

#[test]
fn every_dialog_is_open_to_all() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        let browser = stage.open("lang=zh&palette=day&mmsi=416000001").await;
        browser
            .until("document.querySelector('.alert.alarm') && document.querySelector('#card .row-actions')")
            .await;
        check_dialogs(
            &browser,
            &[
                ("watch", "document.querySelector('#duty button')"),
                ("help", "document.querySelector('#tools button')"),
                (
                    "shelve",
                    "[...document.querySelectorAll('#card .row-actions button')].at(-1)",
                ),
            ],
        )
        .await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        vec![browser]
    });
}

/// Colours that the system forces, and no motion: what tells an alert apart is still there.
#[test]
fn forced_colours_and_less_motion_leave_everything_to_be_read() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 12.0, 90.0);
        for view in ["", "rules"] {
            let browser = stage.open_view(view, "lang=en&palette=day", DESK).await;
            let features = json!({"features": [
                {"name": "forced-colors", "value": "active"},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ]});
            browser.devtools("Emulation.setEmulatedMedia", features).await;
            if view.is_empty() {
                browser.until("document.querySelector('.alert.alarm svg')").await;
            } else {
                browser.click("[data-tab=rules]").await;
                browser.click("#list button.item, #list button[data-group]").await;
            }
            browser.shot(&format!("forced-{view}")).await;
            let moving = browser
                .run("return document.getAnimations().filter(({ playState }) => playState === 'running').length")
                .await;
            assert_eq!(moving, json!(0), "/{view}");
            assert_eq!(violations(&browser).await, Vec::<String>::new(), "/{view}");
            browser.client.close().await.unwrap();
        }
        Vec::new()
    });
}
