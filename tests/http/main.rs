//! The HTTP interface on a real socket, fed with batches made by hand.

mod answers;
mod events;
mod refusals;
mod service;
