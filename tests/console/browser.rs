//! A browser by WebDriver: the driver's process, sessions, and what fantoccini lacks.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value as Json, json};

/// How long a condition may take to come true in the page, ms.
const PATIENCE_MS: u64 = 30_000;

/// A page has no more stops for the keyboard than this.
const MOST_STOPS: usize = 200;

/// A driver of browsers; all it has started ends with it.
pub struct Driver {
    child: Child,
    port: u16,
    folder: std::path::PathBuf,
}

impl Driver {
    /// Starts one; none where there is no Chromium.
    pub fn start() -> Option<Self> {
        let folder = super::stage::folder("driver");
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = driver else {
            assert!(std::env::var_os("CI").is_none(), "chromedriver is missing");
            println!("skipped: no chromedriver (chromium-driver)");
            return None;
        };
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let started = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self {
            child,
            port: started.expect("chromedriver names its port"),
            folder,
        })
    }

    /// Opens a page of this size.
    pub async fn open(&self, url: &str, (width, height): (u32, u32)) -> Browser {
        let Json::Object(wanted) = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--force-device-scale-factor=1", "--accept-lang=zh-TW",
            ]},
        }) else {
            unreachable!("it is an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .unwrap();
        let browser = Browser { client };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        browser
            .devtools("Emulation.setTimezoneOverride", json!({"timezoneId": "Asia/Taipei"}))
            .await;
        browser.client.goto(url).await.unwrap();
        browser
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Whatever browser a failed test has left is of the driver's group.
        let _ = killpg(Pid::from_raw(self.child.id() as i32), Signal::SIGKILL);
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A page in a browser of its own.
pub struct Browser {
    pub client: Client,
}

/// A command that WebDriver has and fantoccini has not.
#[derive(Debug)]
struct Extra(&'static str, Json);

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.1.to_string()))
    }
}

impl Browser {
    /// What a script returns.
    pub async fn run(&self, script: &str) -> Json {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits in the page until an expression is true.
    pub async fn until(&self, expression: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1], began = performance.now();
             const holds = () => {{ try {{ return {expression} }} catch (error) {{ return false }} }};
             (function look() {{
               if (holds()) done(true);
               else if (performance.now() - began > {PATIENCE_MS}) done(false);
               else setTimeout(look, 50);
             }})();"
        );
        let limit = fantoccini::wd::TimeoutConfiguration::new(
            Some(std::time::Duration::from_millis(PATIENCE_MS + 5_000)),
            None,
            None,
        );
        self.client.update_timeouts(limit).await.unwrap();
        let came = self.client.execute_async(&script, Vec::new()).await.unwrap();
        if came != Json::Bool(true) {
            self.shot("failed").await;
            panic!("never true: {expression}");
        }
    }

    /// Clicks what a selector finds.
    pub async fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector)))
            .await;
        self.run(&format!("document.querySelector({}).click()", json!(selector)))
            .await;
    }

    /// The text that a selector finds.
    pub async fn text(&self, selector: &str) -> String {
        let text = self
            .run(&format!(
                "return document.querySelector({}).textContent",
                json!(selector)
            ))
            .await;
        text.as_str().unwrap().to_owned()
    }

    /// Presses a key where the focus is.
    pub async fn press(&self, key: &str) {
        self.client
            .active_element()
            .await
            .unwrap()
            .send_keys(key)
            .await
            .unwrap();
    }

    /// Presses a key until the focus is on what a selector finds.
    pub async fn reach(&self, key: &str, selector: &str) {
        let there = format!("return document.activeElement.matches({})", json!(selector));
        for _ in 0..MOST_STOPS {
            if self.run(&there).await == Json::Bool(true) {
                return;
            }
            self.press(key).await;
        }
        self.shot("failed").await;
        panic!("not to be reached: {selector}");
    }

    /// Moves the mouse from place to place in the page, its button held down in between: a click where there is one.
    pub async fn drag(&self, places: &[(f64, f64)]) {
        let mouse = async |kind: &str, (x, y): (f64, f64)| {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.devtools("Input.dispatchMouseEvent", event).await;
        };
        mouse("mousePressed", places[0]).await;
        for place in &places[1..] {
            mouse("mouseMoved", *place).await;
        }
        mouse("mouseReleased", places[places.len() - 1]).await;
    }

    /// Keeps a picture of the page as `target/screens/NAME.png`.
    pub async fn shot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screens");
        std::fs::create_dir_all(&folder).unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }

    /// The addresses that were asked for since this was called last.
    pub async fn requests(&self) -> Vec<String> {
        let entries = self.log("performance").await;
        let url = |entry: &Json| {
            let message: Json = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            (message["method"] == "Network.requestWillBeSent")
                .then(|| message["params"]["request"]["url"].as_str().map(str::to_owned))?
        };
        entries.iter().filter_map(url).collect()
    }

    /// What the console said of violations and failures, but for the server being away.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        let severe = entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" && entry["source"] != "network");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    async fn log(&self, kind: &str) -> Vec<Json> {
        let log = self.extra("se/log", json!({"type": kind})).await;
        log.as_array().cloned().unwrap_or_default()
    }

    /// Gives a command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Json) {
        self.extra("goog/cdp/execute", json!({"cmd": command, "params": params}))
            .await;
    }

    async fn extra(&self, path: &'static str, body: Json) -> Json {
        self.client.issue_cmd(Extra(path, body)).await.unwrap()
    }
}
