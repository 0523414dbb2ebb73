//! harborwatch: vessel traffic and sand-carrier monitoring for harbour authorities.
#![forbid(unsafe_code)]

pub mod ais;
pub mod alerts;
pub mod engine;
pub mod geo;
pub mod http;
pub mod metrics;
pub mod nmea;
pub mod register;
pub mod report;
pub mod time;
pub mod traffic;
pub mod view;
