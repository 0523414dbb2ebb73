//! harborwatch: vessel traffic and sand-carrier monitoring for harbour authorities.
//!
//! Lines become messages. Messages change the picture of the traffic. A watch judges the picture by its rules. What
//! stays wrong long enough becomes an alert. Whatever changed is published.
//!
//! ```text
//! Line → Sentence → Message → Report → TrackChange → Judgement → AlertChange → Event
//! ```
//!
//! Each stage has its own type, and no later stage edits an earlier one: [`nmea::Framed`] (a line),
//! [`nmea::Sentence`], [`ais::Message`], [`report::Report`], [`track::TrackChange`], [`rules::Judgement`],
//! [`alerts::AlertChange`], [`traffic::Event`].
//!
//! # One picture, many watches
//! [`traffic::Traffic`] is one [`picture::Picture`] (tracks, plausibility, index) and a list of [`watch::Watch`]es (a
//! version of rules and zones, what the rules remember, the alert ledger). Nothing in the picture knows a rule. It is
//! told that something was heard (`observe`), that a second passed (`tick`), that a person decided (`order`), each with
//! the event time, and returns what changed. Live service, replay and tests differ only in who calls it.
//!
//! # Pure and shell
//! From `Line` to `Event` everything is pure: no clock, no I/O, no async, no threads, no locks, no randomness, no
//! logging; sine and its kind come from `libm` through [`geo`], and no order comes out of a hash map. So the core's
//! state is a function of what it was told, to the byte, and can be written out and read back
//! ([`traffic::Traffic::to_bytes`]).
//! The shell moves bytes and keeps the clock: [`feeds`] receive, [`engine`] is the one task that writes, [`view`]
//! reflects what it publishes, [`http`] serves readers from the view, [`service`] puts it together.
//!
//! # Nothing scans
//! A judgement also says the next second at which it could change though nothing new is heard; a
//! [`time::Wheel`] holds these, and a tick visits what is due.
//!
//! # Rooms
//! Lowest first; a room imports from lower ones only (`tests/architecture.rs` holds it):
//!
//! ```text
//! pure   time geo ais nmea report register zone track index picture rules alerts watch traffic simulate review
//! shell  clock metrics feeds journal engine view http config service commands main
//! ```
#![forbid(unsafe_code)]

pub mod ais;
pub mod alerts;
pub mod clock;
pub mod config;
pub mod engine;
pub mod feeds;
pub mod geo;
pub mod http;
pub mod index;
pub mod journal;
pub mod metrics;
pub mod nmea;
pub mod picture;
pub mod register;
pub mod report;
pub mod review;
pub mod rules;
pub mod service;
pub mod simulate;
pub mod time;
pub mod track;
pub mod traffic;
pub mod view;
pub mod watch;
pub mod zone;
