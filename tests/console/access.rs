//! Each palette in each language: nothing that axe-core finds wrong, no request to a foreign origin, nothing that the
//! content policy forbids.

use serde_json::{Value as Json, json};

use super::browser::Browser;
use super::stage::{HARBOUR, SEA, play};

/// axe-core, see NOTICE.md.
const AXE: &str = include_str!("axe.min.js");
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
