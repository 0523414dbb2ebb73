//! A stage: the service before a site of the test's own, its radio, and browsers; torn down whatever becomes of the test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::browser::{Browser, Driver};
use super::radio::Radio;
use super::served::Served;

/// A desk's screen.
pub const DESK: (u32, u32) = (1600, 900);
/// In the harbour of Liaoluo, where the site's rule holds ships to 8 knots.
pub const HARBOUR: (f64, f64) = (118.425, 24.414);
/// The open sea, in no zone.
pub const SEA: (f64, f64) = (118.30, 24.30);

/// An empty folder of the test's own.
pub fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("harborwatch-console-{name}-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The service of a site, at a port, 0 for any.
fn serve(folder: &Path, radio: u16, port: u16) -> Served {
    let site = folder.join("site.toml");
    std::fs::write(&site, config(folder, radio, port)).unwrap();
    Served::start(&site, "error")
}

fn config(folder: &Path, radio: u16, port: u16) -> String {
    let of_kinmen = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let register = folder.join("register.csv");
    let row = "416000004,,HONEST NAME,\u{202e}字轉右\u{200f}<img src=x>,cargo,,,\n";
    std::fs::write(
        &register,
        format!("mmsi,imo,name,name_zh,class,load_line_m,loa_m,owner\n{row}"),
    )
    .unwrap();
    format!(
        r#"[site]
name = {{ zh = "金門港", en = "Kinmen Harbour" }}
timezone = "Asia/Taipei"
bbox = [118.0, 24.2, 118.75, 24.7]
[listen]
http = "127.0.0.1:{port}"
[data]
dir = {data:?}
[zones]
file = {zones:?}
coast = [{coast:?}]
[register]
file = {register:?}
[[feed]]
name = "radio"
kind = "tcp"
address = "127.0.0.1:{radio}"
[[rule]]
id = "fast"
kind = "speed_limit"
zones = ["kind:harbour"]
limit_kn = 8.0
for_s = 0
clear_s = 0
priority = "alarm"
message = {{ zh = "港區超速", en = "Speeding in the harbour" }}
[[rule]]
id = "in-harbour"
kind = "zone_entry"
zones = ["kind:harbour"]
priority = "caution"
"#,
        data = folder.join("data"),
        zones = of_kinmen.join("zones-kinmen.geojson"),
        coast = of_kinmen.join("coast-kinmen.geojson"),
    )
}

/// What a test plays on.
pub struct Stage {
    pub driver: Driver,
    pub radio: Radio,
    pub folder: PathBuf,
    service: Option<Served>,
    pub port: u16,
}

impl Stage {
    /// Opens the console, and waits until it shows the picture.
    pub async fn open(&self, query: &str) -> Browser {
        self.open_view("", query, DESK).await
    }

    /// Opens one of its views at a screen of this size.
    pub async fn open_view(&self, view: &str, query: &str, screen: (u32, u32)) -> Browser {
        let url = format!("http://127.0.0.1:{}/{view}?{query}", self.port);
        let browser = self.driver.open(&url, screen).await;
        browser
            .until("document.getElementById('loading').hidden && harborwatch.counters.frames > 0")
            .await;
        browser
    }

    /// Kills the service, as a power cut would.
    pub fn kill(&mut self) {
        self.service = None;
    }

    /// Starts it again at the same place.
    pub fn restart(&mut self) {
        self.service = Some(serve(&self.folder, self.radio.port, self.port));
    }
}

/// Plays on a stage of its own, and closes the browsers it gives back; where there is no browser, does not.
pub fn play(test: impl AsyncFnOnce(&mut Stage) -> Vec<Browser>) {
    let Some(driver) = Driver::start() else { return };
    let folder = folder("site");
    let radio = Radio::start();
    let service = serve(&folder, radio.port, 0);
    let mut stage = Stage {
        driver,
        radio,
        port: service.port,
        service: Some(service),
        folder,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for browser in test(&mut stage).await {
            browser.client.close().await.unwrap();
        }
    });
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
