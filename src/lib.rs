//! harborwatch: vessel traffic and sand-carrier monitoring for harbour authorities.
#![forbid(unsafe_code)]

pub mod ais;
pub mod alerts;
pub mod geo;
pub mod nmea;
pub mod register;
pub mod report;
pub mod time;
pub mod traffic;
