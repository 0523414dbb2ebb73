//! Feeds: where lines come from, each on its own.

mod settings;

pub use settings::{FeedSettings, Input, Pace, TimeSource, UdpFormat};
