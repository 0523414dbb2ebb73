//! harborwatch: vessel traffic and sand-carrier monitoring for harbour authorities.
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
pub mod metrics;
pub mod nmea;
pub mod picture;
pub mod register;
pub mod report;
pub mod rules;
pub mod service;
pub mod simulate;
pub mod time;
pub mod track;
pub mod traffic;
pub mod view;
pub mod watch;
pub mod zone;
