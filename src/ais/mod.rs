//! AIS messages of ITU-R M.1371-5: bits to structs and back.

mod mmsi;

pub use mmsi::{Kind, Mmsi};
