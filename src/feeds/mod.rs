//! Feeds: sockets, serial lines and files, read as lines.

pub mod recording;
