//! `[[feed]]`: the configured inputs.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use super::section::Section;
use super::sections::address;
use crate::feeds::{FeedSettings, Input, Interface, Multicast, Pace, TimeSource, UdpFormat};
use crate::geo::Position;
use crate::time::Span;

/// Reads the keys of one kind; paths are relative to the folder.
type ReadInput = fn(&Section<'_>, &Path) -> Option<Input>;

const KINDS: [(&str, ReadInput); 7] = [
    ("serial", serial),
    ("tcp", tcp),
    ("tcp_listen", tcp_listen),
    ("udp", udp),
    ("file", file),
    ("stdin", |_, _| Some(Input::Stdin)),
    ("simulated", simulated),
];
/// Longest name; it stands in alert ids, addresses and metrics.
const MAX_NAME: usize = 64;
const NAME: &str = "1 to 64 letters, digits, - or _";
const ADDRESS: &str = "a host and a port, as in \"192.168.1.20:10110\"";
const LISTEN: &str = "an address and a port, as in \"0.0.0.0:10110\"";
const ANTENNA: &str = "[longitude, latitude] in degrees";
const INTERFACE: &str = "a network interface, as in \"eth0\", or an address of it, as in \"192.168.1.5\"";
/// Longest name of an interface in Linux.
const MAX_INTERFACE: usize = 15;
const TALKERS: &str = "a list of talkers of two characters, as in [\"AI\", \"AB\"]; none: all";
const SOURCES: &str = "a list of names of tag-block sources; none: all";

/// Reads all feeds; paths are relative to `folder`.
pub(super) fn feeds(sections: &[Section<'_>], folder: &Path) -> Vec<FeedSettings> {
    let mut names = BTreeMap::new();
    let mut inputs: Vec<(Input, String)> = Vec::new();
    let mut feeds = Vec::new();
    for section in sections {
        if let Some(name) = section.text("name", NAME)
            && let Some(first) = names.insert(name.to_owned(), section.line_of("name"))
        {
            let what = format!("is {name}, which stands already in line {first}");
            section.fault("name", what, "a name of its own");
        }
        let Some(feed) = feed(section, folder) else { continue };
        if let Some((_, other)) = inputs.iter().find(|(input, _)| is_taken(input, &feed.input)) {
            section.fault("kind", format!("reads what feed {other} reads"), "an input of its own");
        }
        inputs.push((feed.input.clone(), feed.name.to_string()));
        feeds.push(feed);
    }
    feeds
}

/// Whether only one feed can read this.
fn is_taken(a: &Input, b: &Input) -> bool {
    match (a, b) {
        (Input::Stdin, Input::Stdin) => true,
        (Input::Serial { path: a, .. }, Input::Serial { path: b, .. }) => a == b,
        (Input::TcpListen { listen: a, .. }, Input::TcpListen { listen: b, .. }) => a == b,
        _ => false,
    }
}

fn feed(section: &Section<'_>, folder: &Path) -> Option<FeedSettings> {
    let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let name = section.read("name", NAME, |value| {
        let name = value.as_str()?;
        (!name.is_empty() && name.len() <= MAX_NAME && name.bytes().all(good)).then(|| name.to_owned())
    });
    let input = section.choice("kind", &KINDS);
    for (key, want) in [
        ("name", NAME),
        (
            "kind",
            "\"serial\", \"tcp\", \"tcp_listen\", \"udp\", \"file\" or \"stdin\"",
        ),
    ] {
        if !section.has(key) {
            section.missing(key, want);
        }
    }
    // Which other keys are known depends on the kind; the common ones are judged in any case.
    let mut feed = common(
        section,
        FeedSettings::new(name.clone().unwrap_or_default(), Input::Stdin),
    );
    let Some(input) = input else {
        // The keys of any kind may be right.
        section.leave_to(|any| KINDS.iter().for_each(|(_, read)| drop(read(any, folder))));
        section.refuse_rest();
        return None;
    };
    let input = input(section, folder);
    section.refuse_rest();
    feed.input = input?;
    name.map(|_| feed)
}

fn common(section: &Section<'_>, feed: FeedSettings) -> FeedSettings {
    let whose = [("received", TimeSource::Received), ("tag", TimeSource::Tag)];
    let talker = |name: &String| name.len() == 2 && name.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let talkers = section.names("talkers", TALKERS).unwrap_or_default();
    if !talkers.iter().all(talker) {
        section.fault("talkers", "names what is no talker", TALKERS);
    }
    FeedSettings {
        time: section.choice("time", &whose).unwrap_or(feed.time),
        offset: section
            .number("offset_s", -86_400.0..=86_400.0)
            .map_or(feed.offset, Span::from_s),
        trust_tag_blocks: section.flag("trust_tag_blocks").unwrap_or(feed.trust_tag_blocks),
        silent_after: section
            .number("silent_after_s", 1.0..=86_400.0)
            .map_or(feed.silent_after, Span::from_s),
        talkers,
        sources: section.names("sources", SOURCES).unwrap_or_default(),
        max_sentences_s: whole(section, "max_sentences_s", 1, 1_000_000),
        antenna: section
            .numbers("antenna", ANTENNA, |[lon, lat]| lon.abs() <= 180.0 && lat.abs() <= 90.0)
            .map(|[lon, lat]| Position { lon, lat }),
        ..feed
    }
}

fn whole(section: &Section<'_>, key: &'static str, min: u32, max: u32) -> Option<u32> {
    let number = section.whole_number(key, u64::from(min)..=u64::from(max))?;
    u32::try_from(number).ok()
}

/// A key that this kind needs.
fn must<T>(section: &Section<'_>, key: &str, value: Option<T>, want: &str) -> Option<T> {
    if !section.has(key) {
        section.missing(key, want);
    }
    value
}

fn serial(section: &Section<'_>, _: &Path) -> Option<Input> {
    let want = "a device, as in \"/dev/ttyUSB0\"";
    let baud = whole(section, "baud", 300, 4_000_000).unwrap_or(38_400);
    let path = must(section, "path", section.text("path", want), want)?.into();
    Some(Input::Serial { path, baud })
}

fn tcp(section: &Section<'_>, _: &Path) -> Option<Input> {
    let host_port = |text: &str| {
        let (host, port) = text.rsplit_once(':')?;
        (!host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)).then(|| text.to_owned())
    };
    let address = section.read("address", ADDRESS, |value| host_port(value.as_str()?));
    let address = must(section, "address", address, ADDRESS)?;
    Some(Input::Tcp { address })
}

fn tcp_listen(section: &Section<'_>, _: &Path) -> Option<Input> {
    let max_peers = whole(section, "max_peers", 1, 4096).unwrap_or(64) as usize;
    let listen = section.read("listen", LISTEN, |value| address(value.as_str()?));
    let listen = must(section, "listen", listen, LISTEN)?;
    Some(Input::TcpListen { listen, max_peers })
}

fn udp(section: &Section<'_>, _: &Path) -> Option<Input> {
    let group = "a multicast address, as in \"239.192.0.4\"";
    let multicast = section.read("multicast", group, |value| {
        let group: IpAddr = value.as_str()?.parse().ok()?;
        group.is_multicast().then_some(group)
    });
    let interface = section.read("interface", INTERFACE, |value| interface(value.as_str()?));
    let formats = [("plain", UdpFormat::Plain), ("450", UdpFormat::Iec450)];
    let format = section.choice("format", &formats).unwrap_or(UdpFormat::Plain);
    let listen = section.read("listen", LISTEN, |value| address(value.as_str()?));
    let listen = must(section, "listen", listen, LISTEN)?;
    let fits = match (multicast, &interface) {
        (None, Some(_)) => {
            section.fault(
                "interface",
                "stands without multicast",
                "multicast = \"239.192.0.4\" beside it",
            );
            false
        }
        (Some(IpAddr::V6(_)), Some(Interface::At(_))) => {
            section.fault(
                "interface",
                "is an address, and the group is of IPv6",
                "the interface's name",
            );
            false
        }
        (Some(group), _) if group.is_ipv4() != listen.is_ipv4() => {
            let want = if group.is_ipv4() {
                "\"0.0.0.0:PORT\""
            } else {
                "\"[::]:PORT\""
            };
            section.fault("listen", "is not of the same IP version as the group", want);
            false
        }
        _ => true,
    };
    let multicast = multicast.map(|group| Multicast { group, interface });
    fits.then_some(Input::Udp {
        listen,
        multicast,
        format,
    })
}

/// An interface by its name, as Linux allows it, or by an address of its own.
fn interface(text: &str) -> Option<Interface> {
    if let Ok(address) = text.parse() {
        return Some(Interface::At(address));
    }
    let good = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'@');
    let named = !text.is_empty() && text.len() <= MAX_INTERFACE && text.bytes().all(good);
    named.then(|| Interface::Named(text.to_owned()))
}

fn file(section: &Section<'_>, folder: &Path) -> Option<Input> {
    let want = "a file of NMEA lines, .gz and .zst too";
    let follow = section.flag("follow").unwrap_or(false);
    let pace = section
        .choice("pace", &[("fast", Pace::Fast), ("real", Pace::Real)])
        .unwrap_or(Pace::Fast);
    let path = must(section, "path", section.text("path", want), want)?;
    if follow && pace == Pace::Real {
        section.fault(
            "pace",
            "is \"real\" with follow",
            "\"fast\": what is added is read as it comes",
        );
    }
    if follow && [".gz", ".zst"].iter().any(|packed| path.ends_with(packed)) {
        section.fault("follow", "is true for a packed file", "false, or a plain file");
    }
    let path = folder.join(path);
    Some(Input::File { path, follow, pace })
}

fn simulated(section: &Section<'_>, _: &Path) -> Option<Input> {
    let scenario = section
        .text("scenario", "a scenario, as in \"kinmen\"")
        .unwrap_or("kinmen");
    Some(Input::Simulated {
        scenario: scenario.to_owned(),
        seed: section.whole_number("seed", 0..=i64::MAX as u64).unwrap_or(1),
        vessels: whole(section, "vessels", 1, 100_000).unwrap_or(120),
        receiver: whole(section, "receiver", 0, 1000),
    })
}
