//! The service under load: the binary as users run it, on a site of its own, measured by what the system says of it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Where the vessels are: a degree of sea, and in it a harbour where speed is limited.
pub const WEST: f64 = 118.0;
pub const SOUTH: f64 = 24.0;
const ZONES: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":
{"id":"bay","kind":"harbour","name":{"zh":"灣","en":"Bay"}},"geometry":{"type":"Polygon","coordinates":
[[[118.9,24.9],[119.0,24.9],[119.0,25.0],[118.9,25.0],[118.9,24.9]]]}}]}"#;

/// Where a service is to run: a folder with its configuration.
pub struct Ground {
    pub folder: PathBuf,
    port: u16,
}

/// So soon it is ready, though it has a day to take up.
const READY_WITHIN: Duration = Duration::from_secs(300);

/// A running service.
pub struct Site {
    folder: PathBuf,
    child: Child,
    pub port: u16,
}

impl Ground {
    /// One of a service that hears one feed, at this address, under the rule of the bay and these others.
    pub fn lay(feed: &str, rules: &str, zones: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("harborwatch-live-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a free port").port();
        let config = format!(
            "[site]\nname = {{ zh = \"灣\", en = \"Bay\" }}\ntimezone = \"Asia/Taipei\"\n\
             [listen]\nhttp = \"127.0.0.1:{port}\"\n[data]\ndir = \"data\"\n[zones]\nfile = \"zones.geojson\"\n\
             [[feed]]\nname = \"load\"\nkind = \"tcp\"\naddress = \"{feed}\"\n\
             [[rule]]\nid = \"speed\"\nkind = \"speed_limit\"\nzones = [\"bay\"]\nlimit_kn = 8\nclear_s = 0\n\
             priority = \"caution\"\n{rules}"
        );
        for (name, text) in [("site.toml", config.as_str()), ("zones.geojson", zones)] {
            std::fs::write(folder.join(name), text).expect("a writable folder");
        }
        Self { folder, port }
    }

    /// One of a service under all rules of the sample for Kinmen, over its zones.
    pub fn of_kinmen(feed: &str) -> Self {
        let read = |file: &str| std::fs::read_to_string(file).expect("the sample is there");
        let sample = read("config/kinmen.toml");
        let (_, rules) = sample.split_once("[[rule]]").expect("it has rules");
        let features = |text: &str| -> Vec<Value> {
            let mut collection: Value = serde_json::from_str(text).expect("zones are JSON");
            serde_json::from_value(collection["features"].take()).expect("a list")
        };
        let all = [features(&read("config/zones-kinmen.geojson")), features(ZONES)].concat();
        let zones = json!({"type": "FeatureCollection", "features": all});
        Self::lay(feed, &format!("[[rule]]{rules}"), &zones.to_string())
    }
}

impl Site {
    /// Starts the service; it hears one feed, at this address.
    pub fn start(feed: &str) -> Self {
        Self::on(Ground::lay(feed, "", ZONES))
    }

    /// Starts the service on its ground.
    pub fn on(ground: Ground) -> Self {
        let Ground { folder, port } = ground;
        let child = Command::new(env!("CARGO_BIN_EXE_harborwatch"))
            .args(["serve", "--config"])
            .arg(folder.join("site.toml"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let site = Self { folder, child, port };
        let until = Instant::now() + READY_WITHIN;
        while !site.get("/readyz").starts_with("HTTP/1.1 200") {
            assert!(Instant::now() < until, "the service is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        site
    }

    /// A request on a connection of its own: the whole answer, or nothing.
    pub fn get(&self, path: &str) -> String {
        let ask = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.write_all(request(self.port, path, "Connection: close\r\n").as_bytes())?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok::<_, std::io::Error>(answer)
        };
        ask().unwrap_or_default()
    }

    /// Puts JSON at a path on a connection of its own, whatever version stands there: the whole answer.
    pub fn put(port: u16, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nIf-Match: *\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Processor time the service has used, in seconds.
    pub fn cpu_s(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        // After the name in brackets the 12th and 13th field are user and system time, in hundredths of a second.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
        (ticks(12) + ticks(13)) / 100.0
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A request's head.
pub fn request(port: u16, path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n")
}
