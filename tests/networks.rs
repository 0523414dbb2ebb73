//! Multicast and TCP across networks of the test's own: two hosts, a cable between them that is cut and mended.
//!
//! Hosts are network namespaces, which only root may make; elsewhere the test says that it did nothing, under CI it fails.

#![allow(clippy::unwrap_used, reason = "a test's helper may unwrap as the test does")]

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use harborwatch::feeds::{Arrival, Feed, FeedSettings, Input, Interface, Multicast, UdpFormat, What};
use harborwatch::report::FeedId;
use harborwatch::time::{Span, Timestamp};

const LINE: &str = "!AIVDM,1,1,,A,168rOKiP018N5G0=u<400?v00000,0*5A";
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 192, 0, 1);
const PORT: u16 = 60_001;
/// A test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two hosts with a cable between them; gone when dropped.
struct Hosts {
    here: String,
    there: String,
}

fn ip(arguments: &str) -> bool {
    let run = Command::new("ip").args(arguments.split_whitespace()).output();
    run.is_ok_and(|output| output.status.success())
}

impl Hosts {
    /// None where namespaces cannot be made.
    fn new(test: &str) -> Option<Self> {
        let name = |end: &str| format!("hw-{}-{test}-{end}", std::process::id());
        let hosts = Self {
            here: name("here"),
            there: name("there"),
        };
        let Self { here, there } = &hosts;
        let made = ip(&format!("netns add {here}")) && ip(&format!("netns add {there}"));
        assert!(
            made || std::env::var_os("CI").is_none(),
            "ip netns needs root and iproute2"
        );
        if !made {
            println!("skipped: no network namespaces without root and iproute2");
            return None;
        }
        hosts.plug_in();
        Some(hosts)
    }

    /// A new cable.
    fn plug_in(&self) {
        let Self { here, there } = self;
        for arguments in [
            format!("-n {here} link add hw0 type veth peer name hw0 netns {there}"),
            format!("-n {here} addr add 10.99.0.1/24 dev hw0"),
            format!("-n {there} addr add 10.99.0.2/24 dev hw0"),
            format!("-n {here} link set hw0 up"),
            format!("-n {there} link set hw0 up"),
        ] {
            assert!(ip(&arguments), "ip {arguments}");
        }
    }

    /// Works on a thread that is on this host.
    fn on<T: Send + 'static>(host: &str, work: impl FnOnce() -> T + Send + 'static) -> std::thread::JoinHandle<T> {
        let namespace = std::fs::File::open(format!("/run/netns/{host}")).unwrap();
        std::thread::spawn(move || {
            nix::sched::setns(namespace, nix::sched::CloneFlags::CLONE_NEWNET).unwrap();
            work()
        })
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        ip(&format!("netns del {}", self.here));
        ip(&format!("netns del {}", self.there));
    }
}

/// The group, joined on an interface.
fn group(interface: Interface) -> FeedSettings {
    let input = Input::Udp {
        listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)),
        multicast: Some(Multicast {
            group: IpAddr::V4(GROUP),
            interface: Some(interface),
        }),
        format: UdpFormat::Iec450,
    };
    FeedSettings::new("test", input)
}

/// A feed at work on a host; what it tells, and the end of it when its receiver goes.
fn listen(host: &str, settings: FeedSettings) -> Receiver<What> {
    let (teller, told) = channel();
    Hosts::on(host, move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let (arrivals, mut arrived) = tokio::sync::mpsc::channel::<Arrival>(16);
            let (_shutdown, ending) = tokio::sync::watch::channel(false);
            let feed = Feed {
                id: FeedId(0),
                settings: Arc::new(settings),
                started: Timestamp(0),
                arrivals,
                shutdown: ending,
            };
            tokio::spawn(feed.run());
            while let Some(arrival) = arrived.recv().await {
                if teller.send(arrival.what).is_err() {
                    return;
                }
            }
        });
    });
    told
}

/// Sends the line to the group from the host there until it is told here, and returns what was told before it.
fn send_until_heard(hosts: &Hosts, told: &Receiver<What>) -> Vec<String> {
    let (stop, stopped) = channel::<()>();
    let sending = Hosts::on(&hosts.there, move || {
        let datagram = format!("UdPbC\0{LINE}\r\n");
        let to_group = || {
            let socket = UdpSocket::bind("10.99.0.2:0")?;
            socket2::SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::new(10, 99, 0, 2))?;
            socket.send_to(datagram.as_bytes(), (GROUP, PORT))
        };
        while stopped
            .recv_timeout(Duration::from_millis(50))
            .is_err_and(|end| end == std::sync::mpsc::RecvTimeoutError::Timeout)
        {
            // While the cable is out nothing can be sent.
            let _ = to_group();
        }
    });
    let mut before = Vec::new();
    loop {
        match told.recv_timeout(PATIENCE).expect("the group is not heard") {
            What::Lines { lines, .. } => {
                assert_eq!(lines.iter().next(), Some(Some(LINE.as_bytes())));
                break;
            }
            What::Disconnected { error } => before.push(error),
            What::Connected => before.push("connected".into()),
            what => panic!("{what:?}"),
        }
    }
    drop(stop);
    sending.join().unwrap();
    before
}

#[test]
fn a_group_is_heard_again_after_its_link_was_down_or_replaced() {
    let Some(hosts) = Hosts::new("group") else { return };
    let told = listen(&hosts.here, group(Interface::Named("hw0".into())));
    assert_eq!(send_until_heard(&hosts, &told), ["connected"]);

    ip(&format!("-n {} link set hw0 down", hosts.here));
    ip(&format!("-n {} link set hw0 up", hosts.here));
    while told.try_recv().is_ok() {}
    assert_eq!(
        send_until_heard(&hosts, &told),
        Vec::<String>::new(),
        "membership outlasts a link that is down"
    );

    ip(&format!("-n {} link del hw0", hosts.here));
    let gone = loop {
        match told
            .recv_timeout(PATIENCE)
            .expect("nothing is said of the lost interface")
        {
            What::Disconnected { error } => break error,
            What::Lines { .. } => {}
            what => panic!("{what:?}"),
        }
    };
    assert!(gone.contains("interface hw0"), "{gone}");
    hosts.plug_in();
    let before = send_until_heard(&hosts, &told);
    assert_eq!(before.last().map(String::as_str), Some("connected"), "{before:?}");

    let by_address = listen(&hosts.here, group(Interface::At(Ipv4Addr::new(10, 99, 0, 1))));
    assert_eq!(
        send_until_heard(&hosts, &by_address),
        ["connected"],
        "two programs may listen to one group"
    );
}

/// Sends the line to the next who connects on the host there.
fn say_to_next(hosts: &Hosts, listener: &TcpListener) -> TcpStream {
    let listener = listener.try_clone().unwrap();
    let saying = Hosts::on(&hosts.there, move || {
        let mut peer = listener.accept().unwrap().0;
        peer.write_all(format!("{LINE}\r\n").as_bytes()).unwrap();
        peer
    });
    saying.join().unwrap()
}

/// Waits until the feed tells what is wanted.
fn wait_until(told: &Receiver<What>, wanted: impl Fn(&What) -> bool) -> What {
    loop {
        let what = told.recv_timeout(PATIENCE).expect("it is not told");
        if wanted(&what) {
            return what;
        }
    }
}

#[test]
fn a_peer_that_vanishes_without_a_word_is_noticed_and_sought_again() {
    let Some(hosts) = Hosts::new("peer") else { return };
    let listener = Hosts::on(&hosts.there, || TcpListener::bind(("10.99.0.2", PORT)).unwrap());
    let listener = listener.join().unwrap();
    let settings = FeedSettings {
        silent_after: Span::s(6),
        ..FeedSettings::new(
            "test",
            Input::Tcp {
                address: format!("10.99.0.2:{PORT}"),
            },
        )
    };
    let told = listen(&hosts.here, settings);
    let _peer = say_to_next(&hosts, &listener);
    wait_until(&told, |what| matches!(what, What::Lines { .. }));

    // Its end of the cable: here the system does not see that it was pulled out.
    ip(&format!("-n {} link set hw0 down", hosts.there));
    let cut = Instant::now();
    let gone = wait_until(&told, |what| matches!(what, What::Disconnected { .. }));
    let noticed = cut.elapsed();
    ip(&format!("-n {} link set hw0 up", hosts.there));
    let mended = Instant::now();
    let _peer = say_to_next(&hosts, &listener);
    wait_until(&told, |what| matches!(what, What::Lines { .. }));
    println!(
        "| TCP peer gone without a word, silent_after_s 6 | {gone:?} | noticed after {:.1} s | heard again {:.1} s after it was back |",
        noticed.as_secs_f64(),
        mended.elapsed().as_secs_f64()
    );
    // Not by the idle limit, which is twice `silent_after_s`, but because it was asked and did not answer.
    let What::Disconnected { error } = gone else {
        unreachable!()
    };
    assert!(!error.contains("nothing came"), "{error}");
}
