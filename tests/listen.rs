//! `listen` and `record` as a person uses them: on a serial line, over TCP, in a terminal, and into a pipe.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::unistd::Pid;

const LINE: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
const ALARM: &str = "$AIALR,000002.00,025,A,V,AIS: External EPFS lost*0F";
/// Longer than any back-off: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

fn harborwatch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harborwatch"));
    command
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("NO_COLOR");
    command
}

/// What comes out of a pipe or a terminal, as it comes.
struct Heard {
    blocks: mpsc::Receiver<Vec<u8>>,
    text: Vec<u8>,
}

impl Heard {
    fn of(mut from: impl Read + Send + 'static) -> Self {
        let (sender, blocks) = mpsc::channel();
        std::thread::spawn(move || {
            let mut block = [0; 4096];
            // A terminal that nobody holds any more is an error to read, and its end.
            while let Ok(count @ 1..) = from.read(&mut block) {
                if sender.send(block[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            blocks,
            text: Vec::new(),
        }
    }

    /// Waits until the text has come.
    fn until(&mut self, wanted: &str) {
        while !String::from_utf8_lossy(&self.text).contains(wanted) {
            match self.blocks.recv_timeout(PATIENCE) {
                Ok(block) => self.text.extend(block),
                Err(_) => panic!("no {wanted:?} in {}", String::from_utf8_lossy(&self.text)),
            }
        }
    }
}

fn tell(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

/// Interrupts it, and waits for its end.
fn interrupted(child: Child) -> Output {
    tell(&child, Signal::SIGINT);
    child.wait_with_output().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("harborwatch-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn peer() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn say(mut stream: &TcpStream, lines: &[&str]) {
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }
}

#[test]
fn what_is_recorded_can_be_replayed() {
    let folder = folder("record");
    for name in ["a.nmea", "a.nmea.gz", "a.nmea.zst"] {
        let file = folder.join(name);
        for _ in 0..2 {
            let (listener, address) = peer();
            let child = harborwatch(&["record", &address, file.to_str().unwrap()])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let (stream, _) = listener.accept().unwrap();
            say(&stream, &[LINE, ALARM, "\\s:rx1*72\\!AIVDM,x", &"x".repeat(2000)]);
            drop(stream);
            // It comes back only after it has taken what was said before.
            let _again = listener.accept().unwrap();
            let output = interrupted(child);
            assert!(output.status.success(), "{output:?}");
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(told.starts_with("3 lines kept in "), "{told}");
            assert!(told.ends_with(", 1 lost\n"), "{told}");
        }
        let summary = folder.join("summary.json");
        let replay = harborwatch(&["replay", "--config", "config/kinmen.toml", "--summary"])
            .args([&summary, &file])
            .output()
            .unwrap();
        assert!(replay.status.success(), "{replay:?}");
        let summary: serde_json::Value = serde_json::from_slice(&std::fs::read(&summary).unwrap()).unwrap();
        let told = (&summary["sentences"], &summary["vessels"], &summary["times"]);
        assert_eq!(told, (&4.into(), &1.into(), &"stamped".into()), "{name}");
    }
    let text = std::fs::read_to_string(folder.join("a.nmea")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 6);
    assert!(
        lines[0].starts_with("\\c:") && lines[0].ends_with(&format!("\\{LINE}")),
        "{}",
        lines[0]
    );
    assert!(lines[2].starts_with("\\s:rx1,c:"), "{}", lines[2]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_serial_line_is_told_line_by_line_into_a_pipe() {
    let folder = folder("listen");
    let pair = openpty(None, None).unwrap();
    let mut settings = tcgetattr(&pair.slave).unwrap();
    cfmakeraw(&mut settings);
    tcsetattr(&pair.slave, SetArg::TCSANOW, &settings).unwrap();
    let device = folder.join("ttyAIS");
    std::os::unix::fs::symlink(nix::unistd::ttyname(pair.slave.as_fd()).unwrap(), &device).unwrap();
    let mut child = harborwatch(&["listen", &format!("{}@38400", device.display()), "--lang", "zh"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Heard::of(child.stdout.take().unwrap());
    let mut receiver = std::fs::File::from(pair.master);
    for (line, wanted) in [
        (LINE, " 1 A 級船位 "),
        (ALARM, " ALR 25 AV AIS: External EPFS lost\n"),
        ("!AIVDM,1,1,,A,16*00", " 檢查碼錯誤: !AIVDM,1,1,,A,16*00\n"),
        ("$INMTW,17.9,C*1B", " MTW water_temperature_c 17.9\n"),
    ] {
        receiver.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        told.until(wanted);
    }
    let output = interrupted(child);
    assert!(output.status.success(), "{output:?}");
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(summary.contains("行: 正確 3 · 檢查碼錯誤 1"), "{summary}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// `listen` in a terminal of its own.
struct Terminal {
    child: Child,
    keys: std::fs::File,
    seen: Heard,
}

impl Terminal {
    fn listen(arguments: &[&str], colour: bool) -> Self {
        let size = Winsize {
            ws_row: 24,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let pair = openpty(&size, None).unwrap();
        let slave = |fd: &OwnedFd| Stdio::from(fd.try_clone().unwrap());
        let mut command = harborwatch(&[&["listen"], arguments].concat());
        command
            .stdin(slave(&pair.slave))
            .stdout(slave(&pair.slave))
            .stderr(slave(&pair.slave));
        if !colour {
            command.env("NO_COLOR", "1");
        }
        let child = command.spawn().unwrap();
        let master = std::fs::File::from(pair.master);
        Self {
            child,
            keys: master.try_clone().unwrap(),
            seen: Heard::of(master),
        }
    }

    fn press(&mut self, key: &[u8]) -> ExitStatus {
        self.keys.write_all(key).unwrap();
        self.child.wait().unwrap()
    }
}

#[test]
fn a_terminal_shows_what_arrives_until_q_is_pressed() {
    for (colour, key) in [(true, b"q"), (false, b"\x03")] {
        let (listener, address) = peer();
        let mut terminal = Terminal::listen(&[&address, "--antenna", "118.41,24.42"], colour);
        let (stream, _) = listener.accept().unwrap();
        terminal.seen.until("receiving");
        say(&stream, &[LINE, LINE, ALARM, "$INMTW,17.9,C*1B"]);
        terminal.seen.until("water_temperature_c 17.9");
        terminal.seen.until("lines: ok 3 · duplicate 1");
        terminal.seen.until("alarms: 25 AIS: External EPFS lost");
        terminal.seen.until("1: 1 (");
        assert!(terminal.press(key).success());
        // The terminal is as it was, and what was heard in all stands on it.
        terminal.seen.until("\x1b[?1049l");
        let coloured = terminal.seen.text.windows(5).any(|bytes| bytes == b"\x1b[38;");
        assert_eq!(coloured, colour);
    }
}

#[test]
fn wrong_addresses_are_refused() {
    for address in ["nowhere.nmea", "udp://10110", "/dev/ttyUSB0@fast"] {
        let output = harborwatch(&["listen", address]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
    }
}
