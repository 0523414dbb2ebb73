//! Lines that do not come whole or not in order: connections cut at every byte, datagrams lost, doubled and swapped.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream, UdpSocket};

use crate::counts::{all_counted, counted};
use crate::service::{Service, free_tcp_port, free_udp_port, summed, wait_for};

const ONE: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0";
const OTHER: &str = "!AIVDM,1,1,,B,138u>40P018N5G0=u<400?v00000,0";
const FIRST: &str = "!AIVDM,2,1,3,B,538CQ>02A;h?D9QC800pu8@T>0P4l9E8L0000017Ah:;;5r50Ahm5;C0,0";
const LAST: &str = "!AIVDM,2,2,3,B,F@V@00000000000,2";

/// What became of lines: `good` ones completed a message, `refused` ones were no sentences.
#[derive(Debug, Default, PartialEq)]
struct Fates {
    good: u64,
    part: u64,
    orphan: u64,
    refused: u64,
}

impl Fates {
    fn all(&self) -> u64 {
        self.good + self.part + self.orphan + self.refused
    }

    fn of(counted: &BTreeMap<&'static str, u64>, before: &BTreeMap<&'static str, u64>) -> Self {
        let more = |names: &[&str]| names.iter().map(|name| counted[name] - before[name]).sum();
        Self {
            good: more(&["ok", "duplicate"]),
            part: more(&["part"]),
            orphan: more(&["orphan"]),
            refused: more(&["bad_checksum", "no_checksum", "malformed", "unsupported"]),
        }
    }
}

/// What must become of a part of the recording that comes by a connection of its own: whatever sentence is not wholly in
/// it is none, and what follows on a sentence's checksum, or stands before its `!`, does not matter to it.
fn fates_of(part: &str) -> Fates {
    let mut fates = Fates::default();
    let [first, last] = [FIRST, LAST].map(summed);
    let mut is_begun = false;
    for line in part.split(['\r', '\n']).filter(|line| !line.is_empty()) {
        if line.contains(&first) {
            fates.part += 1;
            is_begun = true;
        } else if line.contains(&last) && is_begun {
            fates.good += 1;
        } else if line.contains(&last) {
            fates.orphan += 1;
        } else if [ONE, OTHER].iter().any(|whole| line.contains(&summed(whole))) {
            fates.good += 1;
        } else {
            fates.refused += 1;
        }
    }
    fates
}

/// Waits until so many more lines of the only feed have been counted, and says what became of them.
fn came(service: &Service, before: &mut BTreeMap<&'static str, u64>, lines: u64) -> Fates {
    let now = wait_for(|| {
        let metrics = service.metrics();
        let more = all_counted(&metrics, "a") - before.values().sum::<u64>();
        (more >= lines).then(|| counted(&metrics, "a"))
    });
    let fates = Fates::of(&now, before);
    *before = now;
    fates
}

#[test]
fn a_connection_cut_at_any_byte_joins_no_two_halves() {
    let port = free_tcp_port();
    let feed = format!("[[feed]]\nname = \"a\"\nkind = \"tcp_listen\"\nlisten = \"127.0.0.1:{port}\"\n");
    let service = Service::start("cuts", "", &feed);
    service.wait_for_feed("a");
    let recording = format!(
        "{}\r\n{}\r\n{}\r\n{}\\{}\r\n",
        summed(ONE),
        summed(FIRST),
        summed(LAST),
        summed("\\s:ST"),
        summed(OTHER)
    );
    let mut before = counted(&service.metrics(), "a");
    for cut in 0..=recording.len() {
        for part in [&recording[..cut], &recording[cut..]] {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
            stream.write_all(part.as_bytes()).unwrap();
            drop(stream);
            let wanted = fates_of(part);
            assert_eq!(came(&service, &mut before, wanted.all()), wanted, "{cut}: {part:?}");
        }
    }
}

/// The two lines of a message in datagrams of their own, as a group of this number.
fn group(number: u32) -> [String; 2] {
    let line = |part: usize, text| {
        let tag = summed(&format!("\\g:{part}-2-{number},s:AI0001,n:{part}"));
        format!("{tag}\\{}", summed(text))
    };
    [line(1, FIRST), line(2, LAST)]
}

#[test]
fn datagrams_lost_doubled_and_swapped_join_only_in_order() {
    let port = free_udp_port();
    let feed = format!("[[feed]]\nname = \"a\"\nkind = \"udp\"\nlisten = \"127.0.0.1:{port}\"\nformat = \"450\"\n");
    let service = Service::start("datagrams", "", &feed);
    service.wait_for_feed("a");
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut before = counted(&service.metrics(), "a");
    let mut number = 0;
    // What is sent, as (group, line of it), and what becomes of it: good, part, orphan.
    for (sent, [good, part, orphan]) in [
        ("a1 a2", [1, 1, 0]),
        ("a1", [0, 1, 0]),
        ("a2", [0, 0, 1]),
        ("a2 a1", [0, 1, 1]),
        ("a2 a1 a2", [1, 1, 1]),
        ("a1 a1 a2 a2", [1, 2, 1]),
        ("a1 b1 a2 b2", [2, 2, 0]),
        ("a1 b1 b2 a2", [2, 2, 0]),
        ("b2 a1 b1 a2", [1, 2, 1]),
    ] {
        number += 2;
        let groups = [group(number), group(number + 1)];
        let lines = sent.split(' ').map(|name| match name.as_bytes() {
            [of, line] => &groups[usize::from(of - b'a')][usize::from(line - b'1')],
            _ => unreachable!("{name}"),
        });
        let mut count = 0;
        for line in lines {
            let datagram = [b"UdPbC\0", line.as_bytes(), b"\r\n"].concat();
            socket.send_to(&datagram, (Ipv4Addr::LOCALHOST, port)).unwrap();
            count += 1;
        }
        let wanted = Fates {
            good,
            part,
            orphan,
            refused: 0,
        };
        assert_eq!(came(&service, &mut before, count), wanted, "{sent}");
    }
}
