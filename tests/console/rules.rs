//! The page of rules and zones: a limit changed by keys alone, tried before it is saved; zones drawn and typed; what is
//! refused, what somebody else changed meanwhile, and the way back.

use serde_json::{Value as Json, json};

use super::access::{check_dialogs, violations};
use super::browser::Browser;
use super::stage::{DESK, HARBOUR, SEA, Stage, play};
use super::words::chinese;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const BACKSPACE: &str = "\u{e003}";
const PHONE: (u32, u32) = (390, 844);

/// Opens the page, and waits until it knows what stands.
async fn open(stage: &Stage, query: &str, screen: (u32, u32)) -> Browser {
    let page = stage.open_view("rules", query, screen).await;
    page.until("harborwatch.work.read > 0").await;
    page
}

/// Writes a text where a selector finds a field.
async fn write(page: &Browser, selector: &str, text: &str) {
    page.until(&format!("document.querySelector({})", json!(selector)))
        .await;
    let script = format!(
        "const field = document.querySelector({});
         field.value = {};
         field.dispatchEvent(new Event('input', {{ bubbles: true }}));",
        json!(selector),
        json!(text)
    );
    page.run(&script).await;
}

/// Saves what is changed, for a reason.
async fn save(page: &Browser, reason: &str) {
    page.click("[data-act=save]").await;
    write(page, "#save [name=reason]", reason).await;
    write(page, "#save [name=author]", "王小明").await;
    page.click("#save [type=submit]").await;
}

async fn until_version(page: &Browser, version: u32) {
    page.until(&format!(
        "harborwatch.work.read === {version} && !document.querySelector('dialog[open]')"
    ))
    .await;
}

/// What the service answers.
async fn get(page: &Browser, path: &str) -> Json {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         fetch({}).then((answer) => answer.json()).then(done);",
        json!(format!("/api/v1{path}"))
    );
    page.client.execute_async(&script, Vec::new()).await.unwrap()
}

#[test]
fn a_limit_is_changed_by_keys() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 7.0, 90.0);
        let page = open(stage, "lang=zh", DESK).await;
        page.until("harborwatch.picture.vessels.size === 1").await;
        page.press(TAB).await;
        page.press(ENTER).await;
        page.reach(TAB, "[data-rule=fast]").await;
        page.press(ENTER).await;
        page.reach(TAB, "#field-limit_kn").await;
        page.press(BACKSPACE).await;
        // Nothing is no limit, and is said to be none.
        page.until("document.activeElement.getAttribute('aria-invalid') === 'true'")
            .await;
        page.until("document.querySelector('[data-act=try]').disabled").await;
        page.press("5").await;
        page.until("harborwatch.work.rules.get('fast').limit_kn === 5").await;
        page.until("harborwatch.marks.zones.has('km-liaoluo-harbour')").await;
        page.reach(TAB, "[data-act=try]").await;
        page.press(ENTER).await;
        page.until(
            "document.querySelectorAll('.trial-alerts li').length === 1 && harborwatch.marks.marks.length === 1",
        )
        .await;
        page.until("document.querySelector('.hourly rect.after').getAttribute('height') > 0")
            .await;
        page.shot("rules-trial").await;
        page.reach(TAB, "[data-act=save]").await;
        page.press(ENTER).await;
        page.until("document.activeElement.name === 'reason'").await;
        page.press("夜間港內作業").await;
        page.press(TAB).await;
        page.press("王小明").await;
        page.reach(TAB, "#save [type=submit]").await;
        page.press(ENTER).await;
        until_version(&page, 2).await;
        page.click("[data-tab=versions]").await;
        page.click("[data-version='2']").await;
        page.until("document.querySelector('.compared[data-part=rules] ins').textContent.includes('5')")
            .await;
        // What was not touched is not changed, whatever numbers look like in a script.
        page.until("document.querySelectorAll('.compared h4').length === 1")
            .await;
        let listed = page.text("[data-version='2']").await;
        assert!(listed.contains("王小明") && listed.contains("夜間港內作業"), "{listed}");
        stage
            .radio
            .ship(416_000_001, (HARBOUR.0 + 0.0005, HARBOUR.1), 7.0, 90.0);
        page.until("[...harborwatch.picture.alerts.values()].some((alert) => alert.rule === 'fast' && alert.rule_version === 2)")
            .await;
        vec![page]
    });
}

/// Where a place of the sea, in pixels from the middle of the chart, lies in the page.
async fn on_chart(page: &Browser, (right, down): (f64, f64)) -> (f64, f64) {
    let middle = page
        .run("const box = document.getElementById('chart').getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]")
        .await;
    (middle[0].as_f64().unwrap() + right, middle[1].as_f64().unwrap() + down)
}

async fn begin_zone(page: &Browser, kind: &str, id: &str) {
    page.click("#fresh").await;
    write(page, "#new [name=kind]", kind).await;
    write(page, "#new [name=id]", id).await;
    page.click("#new [type=submit]").await;
    page.until(&format!(
        "harborwatch.work.zones.get('{id}') && harborwatch.sketch.drawing"
    ))
    .await;
}

#[test]
fn a_zone_is_drawn_and_another_typed() {
    play(async |stage| {
        let query = format!("lang=en&tab=zones&view={},{},20000", SEA.0, SEA.1);
        let page = open(stage, &query, DESK).await;
        begin_zone(&page, "hotspot", "drawn").await;
        for corner in [(-150.0, -150.0), (150.0, -150.0), (150.0, 100.0), (-150.0, 100.0)] {
            let place = on_chart(&page, corner).await;
            page.drag(&[place]).await;
        }
        page.until("harborwatch.sketch.points.length === 4").await;
        page.drag(&[on_chart(&page, (-150.0, -150.0)).await]).await;
        page.until("!harborwatch.sketch.drawing").await;
        let before = page.run("return harborwatch.sketch.points[0][0]").await;
        let (from, to) = (
            on_chart(&page, (-150.0, -150.0)).await,
            on_chart(&page, (-200.0, -150.0)).await,
        );
        page.drag(&[from, to]).await;
        page.until(&format!("harborwatch.sketch.points[0][0] < {before}")).await;
        page.shot("zone-drawn").await;
        // Two corners in each other's place cross the boundary, which is said at once.
        let text = page.run("return document.getElementById('positions').value").await;
        let lines: Vec<&str> = text.as_str().unwrap().lines().collect();
        let crossed = [lines[1], lines[0], lines[2], lines[3]].join("\n");
        write(&page, "#positions", &crossed).await;
        page.until(
            "!document.getElementById('shape-fault').hidden && document.querySelector('[data-act=save]').disabled",
        )
        .await;
        write(&page, "#positions", text.as_str().unwrap()).await;
        page.until("document.getElementById('shape-fault').hidden").await;
        save(&page, "dredgers were seen here").await;
        until_version(&page, 2).await;
        begin_zone(&page, "gate", "typed").await;
        page.press(ESCAPE).await;
        write(&page, "#positions", "24°18.000′N 118°18.000′E\n24.31, 118.31").await;
        page.until("harborwatch.sketch.points.length === 2").await;
        save(&page, "as published").await;
        until_version(&page, 3).await;
        let zones = get(&page, "/zones?limit=1000").await;
        let zone = |id: &str| {
            let all = zones["items"].as_array().unwrap();
            all.iter().find(|zone| zone["properties"]["id"] == id).unwrap().clone()
        };
        assert_eq!(zone("drawn")["geometry"]["coordinates"][0].as_array().unwrap().len(), 5);
        assert_eq!(
            zone("typed")["geometry"]["coordinates"],
            json!([[118.3, 24.3], [118.31, 24.31]])
        );
        vec![page]
    });
}

#[test]
fn too_many_alerts_are_refused_until_forced_and_rolled_back() {
    play(async |stage| {
        for n in 0..4 {
            let place = (HARBOUR.0 + f64::from(n) * 0.0005, HARBOUR.1);
            stage.radio.ship(416_000_001 + n, place, 7.0, 90.0);
        }
        let page = open(stage, "lang=zh&tab=rules&item=fast", DESK).await;
        page.until("harborwatch.picture.vessels.size === 4").await;
        write(&page, "#field-limit_kn", "1").await;
        save(&page, "試試看").await;
        page.until("document.querySelector('#save .refusal').textContent.includes('fast')")
            .await;
        page.shot("rules-refused").await;
        assert_eq!(get(&page, "/rules/versions").await["total"], 1);
        page.click("#save [name=force]").await;
        page.click("#save [type=submit]").await;
        until_version(&page, 2).await;
        page.click("[data-tab=versions]").await;
        page.click("[data-version='1']").await;
        page.click("[data-act=rollback]").await;
        write(&page, "#rollback [name=reason]", "太多警報").await;
        write(&page, "#rollback [name=author]", "王小明").await;
        page.click("#rollback [type=submit]").await;
        until_version(&page, 3).await;
        page.until("harborwatch.work.rules.get('fast').limit_kn === 8").await;
        vec![page]
    });
}

#[test]
fn what_another_saved_meanwhile_is_read_and_ones_own_changes_stay() {
    play(async |stage| {
        let (one, other) = (
            open(stage, "lang=zh&tab=rules&item=fast", DESK).await,
            open(stage, "lang=zh&tab=rules&item=in-harbour", DESK).await,
        );
        write(&one, "#field-limit_kn", "6").await;
        write(&other, "#field-for_s", "30").await;
        save(&other, "別人的修改").await;
        until_version(&other, 2).await;
        save(&one, "我的修改").await;
        one.click("#save [data-act=anew]").await;
        until_version(&one, 2).await;
        one.until("harborwatch.work.rules.get('fast').limit_kn === 6").await;
        save(&one, "我的修改").await;
        until_version(&one, 3).await;
        let rules = get(&one, "/rules").await;
        assert_eq!(rules["items"][0]["limit_kn"], 6);
        assert_eq!(rules["items"][1]["for_s"], 30);
        vec![one, other]
    });
}

#[test]
fn a_shadow_shows_its_worth_and_is_promoted_with_minutes() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 7.0, 90.0);
        let page = open(stage, "lang=zh&tab=rules&item=fast", DESK).await;
        page.until("harborwatch.picture.vessels.size === 1").await;
        page.click("[data-act=copy]").await;
        page.until("harborwatch.work.rules.get('fast-2')?.mode === 'shadow'")
            .await;
        write(&page, "#field-limit_kn", "5").await;
        // It tells nobody, and is tried as if it did.
        page.click("[data-act=try]").await;
        page.until("document.querySelectorAll('.trial-alerts li').length === 1")
            .await;
        save(&page, "先觀察").await;
        until_version(&page, 2).await;
        stage
            .radio
            .ship(416_000_001, (HARBOUR.0 + 0.0005, HARBOUR.1), 7.0, 90.0);
        page.until("harborwatch.work.alertsOf('fast-2') === 1").await;
        assert_eq!(get(&page, "/statistics/alerts").await["by_rule"]["fast-2"], Json::Null);
        page.click("[data-act=promote]").await;
        page.click("#save details summary").await;
        write(&page, "#save [name=decided]", "改為正式").await;
        write(&page, "#save [name=author]", "王小明").await;
        page.click("#save [type=submit]").await;
        until_version(&page, 3).await;
        page.until("harborwatch.work.rules.get('fast-2').mode !== 'shadow'")
            .await;
        page.click("[data-tab=versions]").await;
        page.click("[data-version='3']").await;
        page.until("document.querySelector('.minutes').textContent.includes('改為正式')")
            .await;
        page.shot("rules-minutes").await;
        vec![page]
    });
}

#[test]
fn the_page_of_rules_is_open_to_all() {
    play(async |stage| {
        stage.radio.ship(416_000_001, HARBOUR, 7.0, 90.0);
        let page = open(stage, "lang=zh&palette=day&tab=rules&item=fast", DESK).await;
        page.until("harborwatch.picture.vessels.size === 1").await;
        write(&page, "#field-limit_kn", "5").await;
        page.click("[data-act=try]").await;
        page.until("document.querySelector('.trial-alerts li')").await;
        for lang in ["zh", "en"] {
            page.click(&format!("button[data-lang={lang}]")).await;
            for palette in ["day", "dusk", "night"] {
                page.click(&format!("button[data-palette={palette}]")).await;
                for tab in ["zones", "versions", "figures", "rules"] {
                    page.click(&format!("[data-tab={tab}]")).await;
                    page.click("#list button.item, #list button[data-group]").await;
                    page.until("document.getElementById('form-title')").await;
                    assert_eq!(
                        violations(&page).await,
                        Vec::<String>::new(),
                        "{tab}, {palette}, {lang}"
                    );
                    if lang == "en" {
                        assert_eq!(chinese(&page).await, json!([]), "{tab}");
                    }
                }
                page.shot(&format!("rules-{palette}-{lang}")).await;
            }
        }
        check_dialogs(
            &page,
            &[
                ("new", "document.getElementById('fresh')"),
                ("save", "document.querySelector('[data-act=save]')"),
            ],
        )
        .await;
        save(&page, "試").await;
        until_version(&page, 2).await;
        page.click("[data-tab=versions]").await;
        page.click("[data-version='1']").await;
        page.until("document.querySelector('[data-act=rollback]')").await;
        check_dialogs(&page, &[("rollback", "document.querySelector('[data-act=rollback]')")]).await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        let phone = open(stage, "lang=en&tab=rules&item=fast", PHONE).await;
        phone.shot("rules-phone").await;
        let wide = phone.run("return document.documentElement.scrollWidth").await;
        assert!(wide.as_u64().unwrap() <= u64::from(PHONE.0), "{wide} px on a phone");
        vec![page, phone]
    });
}
