//! Addresses on the command line: where a feed is to be read.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use harborwatch::feeds::{Input, Multicast, Pace, UdpFormat};

/// What `--help` says of addresses.
pub(super) const FORMS: &str = "ADDRESS is one of
  /dev/ttyUSB0, /dev/ttyUSB0@4800    a serial line, at 38400 baud or as said
  192.0.2.7:10110, tcp://HOST:PORT   connects by TCP
  udp://:10110, udp://127.0.0.1:10110   receives datagrams of lines
  udp://239.192.0.4:60004            joins a group of IEC 61162-450
  recording.nmea.gz, -               a file, also .gz and .zst, or standard input";

/// Baud of AIS receivers (IEC 61162-2).
const BAUD: u32 = 38_400;

/// Reads an address.
pub(super) fn parse(text: &str) -> Result<Input, String> {
    if text == "-" {
        return Ok(Input::Stdin);
    }
    if let Some(address) = text.strip_prefix("udp://") {
        return udp(address);
    }
    if let Some(address) = text.strip_prefix("tcp://") {
        return tcp(address).ok_or_else(|| format!("{address} is no host and port, as in tcp://192.0.2.7:10110"));
    }
    let (path, baud) = match text.rsplit_once('@') {
        Some((path, baud)) if is_device(path) => (path, baud.parse().map_err(|_| format!("{baud} is no baud rate"))?),
        _ => (text, BAUD),
    };
    if is_device(path) {
        return Ok(Input::Serial {
            path: path.into(),
            baud,
        });
    }
    let path = PathBuf::from(text);
    match tcp(text) {
        Some(tcp) if !path.exists() => Ok(tcp),
        _ if path.is_file() => Ok(Input::File {
            path,
            follow: false,
            pace: Pace::Fast,
        }),
        _ if path.is_dir() => Err(format!("{text} is a folder; should be a file or another address")),
        _ => Err(format!("there is no file {text}, and it is no other address")),
    }
}

/// Whether it is a device, or would be one if it were plugged in.
fn is_device(path: &str) -> bool {
    let path = Path::new(path);
    path.starts_with("/dev") || path.metadata().is_ok_and(|found| found.file_type().is_char_device())
}

fn tcp(address: &str) -> Option<Input> {
    let (host, port) = address.rsplit_once(':')?;
    let right = !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok_and(|port| port > 0);
    right.then(|| Input::Tcp {
        address: address.into(),
    })
}

fn udp(address: &str) -> Result<Input, String> {
    let any = address.strip_prefix(':').and_then(|port| port.parse().ok());
    let any = any.map(|port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)));
    let listen = any.or_else(|| address.parse().ok());
    let listen = listen.ok_or_else(|| format!("{address} is no address and port, as in udp://:10110"))?;
    if !listen.ip().is_multicast() {
        return Ok(Input::Udp {
            listen,
            multicast: None,
            format: UdpFormat::Plain,
        });
    }
    let any = if listen.is_ipv4() {
        Ipv4Addr::UNSPECIFIED.into()
    } else {
        Ipv6Addr::UNSPECIFIED.into()
    };
    Ok(Input::Udp {
        listen: SocketAddr::new(any, listen.port()),
        multicast: Some(Multicast {
            group: listen.ip(),
            interface: None,
        }),
        format: UdpFormat::Iec450,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: Option<&str>) {
        let told = parse(text).ok().map(|input| match input {
            Input::Serial { path, baud } => format!("serial {} {baud}", path.display()),
            Input::Tcp { address } => format!("tcp {address}"),
            Input::Udp { listen, multicast, .. } => {
                let group = multicast.map_or(String::new(), |multicast| format!(" {}", multicast.group));
                format!("udp {listen}{group}")
            }
            Input::File { path, .. } => format!("file {}", path.display()),
            other => other.kind().into(),
        });
        assert_eq!(told.as_deref(), wanted, "{text}");
    }

    #[test]
    fn addresses() {
        check("-", Some("stdin"));
        check("/dev/ttyUSB0", Some("serial /dev/ttyUSB0 38400"));
        check("/dev/ttyUSB0@4800", Some("serial /dev/ttyUSB0 4800"));
        check("/dev/ttyUSB0@fast", None);
        check("192.0.2.7:10110", Some("tcp 192.0.2.7:10110"));
        check("tcp://receiver.example:10110", Some("tcp receiver.example:10110"));
        check("tcp://receiver.example", None);
        check("udp://:10110", Some("udp 0.0.0.0:10110"));
        check("udp://[::1]:10110", Some("udp [::1]:10110"));
        check("udp://239.192.0.4:60004", Some("udp 0.0.0.0:60004 239.192.0.4"));
        check("udp://10110", None);
        check("Cargo.toml", Some("file Cargo.toml"));
        check("nowhere.nmea", None);
        check("host:0", None);
    }
}
