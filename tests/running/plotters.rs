//! The merged feed as chart plotters are given it, and that none of them costs anybody anything.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};

use harborwatch::nmea::{Framed, Sentence};
use harborwatch::report::Payloads;
use harborwatch::simulate::{Scenario, Simulation};
use harborwatch::time::Timestamp;

use crate::service::{PATIENCE, Service, free_tcp_port, free_udp_port, summed, wait_for};

const LINE: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
const FIRST: &str = "!ABVDM,2,1,3,B,538CQ>02A;h?D9QC800pu8@T>0P4l9E8L0000017Ah:;;5r50Ahm5;C0,0";
const LAST: &str = "!ABVDM,2,2,3,B,F@V@00000000000,2";

/// Feeds that connect to these ports.
fn feeds(ports: &[u16]) -> String {
    let feed = |(name, port): (char, &u16)| {
        format!("[[feed]]\nname = \"{name}\"\nkind = \"tcp\"\naddress = \"127.0.0.1:{port}\"\n")
    };
    ('a'..).zip(ports).map(feed).collect()
}

fn receiver() -> (TcpListener, u16) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn plotter(port: u16) -> BufReader<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    BufReader::new(stream)
}

fn next_line(plotter: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    plotter.read_line(&mut line).unwrap();
    assert!(line.ends_with("\r\n"), "{line:?}");
    line.trim_end().to_owned()
}

/// Source and sentence of a line.
fn read(line: &str) -> (Option<String>, String) {
    let sentence = Sentence::parse(line.as_bytes(), false);
    let source = sentence
        .tag
        .source
        .map(|source| String::from_utf8_lossy(source).into_owned());
    assert_eq!(sentence.tag.time.is_some(), source.is_some());
    (source, line.rsplit('\\').next().unwrap().to_owned())
}

#[test]
fn plotters_are_given_each_message_once_with_its_station_and_time() {
    let [(first, one), (second, two)] = [receiver(), receiver()];
    let [tcp, udp] = [free_tcp_port(), free_udp_port()];
    let datagrams = UdpSocket::bind((Ipv4Addr::LOCALHOST, udp)).unwrap();
    datagrams.set_read_timeout(Some(PATIENCE)).unwrap();
    let listen = format!("nmea_tcp = \"127.0.0.1:{tcp}\"\nnmea_udp = \"127.0.0.1:{udp}\"");
    let service = Service::start("plotters", &listen, &feeds(&[one, two]));
    let [mut first, mut second] = [first, second].map(|listener| listener.accept().unwrap().0);
    let mut plotter = plotter(tcp);
    wait_for(|| (service.metrics()["harborwatch_plotters"] == 1.0).then_some(()));

    first.write_all(format!("{LINE}\r\n").as_bytes()).unwrap();
    assert_eq!(read(&next_line(&mut plotter)), (Some("a".into()), LINE.into()));
    // Heard again elsewhere, a damaged one, an instrument, another's own ship in two sentences, in this order.
    let [part, last] = [FIRST, LAST].map(|text| summed(&text.replace("VDM", "VDO")));
    let lines = format!(
        "{LINE}\r\n{}\r\n$WIMWV,90,T,10.0,M,A*1C\r\n\\s:r2*09\\{part}\r\n\\s:r2*09\\{last}\r\n",
        LINE.replace("168", "169")
    );
    second.write_all(lines.as_bytes()).unwrap();
    let group = |number, text: &str| {
        let text = text.replace(",3,B,", ",1,B,");
        (number, summed(&text))
    };
    let payload: String = [FIRST, LAST].map(|text| text.split(',').nth(5).unwrap()).concat();
    let (long, short) = payload.split_at(60);
    let wanted = [
        group(Some("r2".to_owned()), &format!("!ABVDM,2,1,3,B,{long},0")),
        group(None, &format!("!ABVDM,2,2,3,B,{short},2")),
    ];
    let told = [next_line(&mut plotter), next_line(&mut plotter)];
    assert_eq!([read(&told[0]), read(&told[1])], wanted);
    let mut payloads = Payloads::default();
    assert!(payloads.hear(Framed::Line(told[0].as_bytes())).is_none());
    assert!(
        payloads.hear(Framed::Line(told[1].as_bytes())).is_some(),
        "its lines join by their group"
    );

    let mut datagram = [0; 2048];
    let mut heard = Vec::new();
    while heard.len() < 3 {
        let count = datagrams.recv(&mut datagram).unwrap();
        let text = std::str::from_utf8(&datagram[..count]).unwrap();
        heard.extend(text.split_terminator("\r\n").map(|line| read(line).1));
    }
    assert_eq!(heard, [LINE, &wanted[0].1, &wanted[1].1]);
}

#[test]
fn a_plotter_that_does_not_read_is_let_go_and_holds_up_nobody() {
    let (feed, port) = receiver();
    let tcp = free_tcp_port();
    let service = Service::start("deaf", &format!("nmea_tcp = \"127.0.0.1:{tcp}\""), &feeds(&[port]));
    let (mut feed, _) = feed.accept().unwrap();
    let deaf = plotter(tcp);
    socket2::SockRef::from(deaf.get_ref())
        .set_recv_buffer_size(1024)
        .unwrap();
    let mut good = plotter(tcp);
    wait_for(|| (service.metrics()["harborwatch_plotters"] == 2.0).then_some(()));

    let scenario = Scenario::named("kinmen").unwrap();
    let mut simulation = Simulation::new(&scenario, 5, Some(500), Timestamp(1_772_323_200_000));
    let sending = std::thread::spawn(move || {
        // Far more than sockets hold, so that the deaf one must wait for its time limit or its bound.
        for _ in 0..400 {
            let mut text = String::new();
            for _ in 0..1000 {
                text += &simulation.next_line().line;
                text += "\r\n";
            }
            feed.write_all(text.as_bytes()).unwrap();
        }
        feed
    });
    let reading = std::thread::spawn(move || {
        let (mut lines, mut line) = (0_u64, String::new());
        while good.read_line(&mut line).unwrap() > 0 && !line.contains(LINE) {
            lines += 1;
            line.clear();
        }
        lines
    });
    let mut feed = sending.join().unwrap();
    let let_go = || service.metrics()["harborwatch_plotters_let_go_total"] == 1.0;
    wait_for(|| {
        feed.write_all(b"$WIMWV,90,T,10.0,M,A*1C\r\n").unwrap();
        let_go().then_some(())
    });
    feed.write_all(format!("{LINE}\r\n").as_bytes()).unwrap();
    let lines = reading.join().unwrap();
    let metrics = service.metrics();
    let messages: f64 = metrics
        .iter()
        .filter(|(name, _)| name.starts_with("harborwatch_messages_total"))
        .map(|(_, count)| count)
        .sum();
    assert!(lines as f64 >= messages - 1.0, "{lines} lines of {messages} messages");
    assert_eq!(metrics["harborwatch_feed_dropped_total{feed=\"a\"}"], 0.0);
    assert_eq!(metrics["harborwatch_plotters"], 1.0);
    drop(deaf);
}
