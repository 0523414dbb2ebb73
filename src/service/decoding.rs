//! Lines decoded on all cores, their order kept.
//!
//! A thread reads and joins fragments, in the order of the lines; others decode what it found and write it as JSON, a
//! batch each in turn, and are listened to in the same turn: so the order is kept, and each batch goes out as soon as
//! the bytes are in.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::ais::{self, Payload, json};
use crate::nmea::{self, Framed, Framer};
use crate::report::Payloads;

/// Bytes read at once: what a batch comes from.
const BLOCK: usize = 1 << 17;
/// Batches that wait for each decoder, and for being written. At the bound whoever is ahead waits.
const WAITING: usize = 2;

/// Writes a line of JSON for each message in the lines read, duplicates included.
pub fn decode_in_turn(reader: Box<dyn Read + Send>, out: &mut dyn Write) -> anyhow::Result<()> {
    let count = std::thread::available_parallelism().map_or(1, NonZero::get);
    let started: Vec<_> = (0..count).map(|_| Decoder::start()).collect::<Result<_, _>>()?;
    let (batches, decoders): (Vec<_>, Vec<_>) = started.into_iter().unzip();
    let reading = std::thread::Builder::new()
        .name("read".into())
        .spawn(move || read(reader, &batches))?;
    // Should writing fail, the threads end with the program or when they next have something to give.
    for decoder in decoders.iter().cycle() {
        // The first who has nothing more to tell is the one whose turn never came.
        let Ok(text) = decoder.told.recv() else { break };
        out.write_all(&text)?;
    }
    for decoder in decoders {
        joined(decoder.thread);
    }
    Ok(joined(reading)?)
}

/// Payloads found together, not yet decoded.
#[derive(Default)]
struct Batch {
    /// One behind the other.
    armoured: Vec<u8>,
    messages: Vec<Found>,
}

/// A payload in a batch.
struct Found {
    /// Where it ends.
    end: usize,
    fill_bits: u8,
    first_line: u64,
    last_line: u64,
}

impl Batch {
    fn push(&mut self, message: &nmea::Message<'_>) {
        self.armoured.extend_from_slice(message.payload);
        self.messages.push(Found {
            end: self.armoured.len(),
            fill_bits: message.fill_bits,
            first_line: message.first_line,
            last_line: message.last_line,
        });
    }

    /// A line of JSON for each that is a message.
    fn to_json(&self) -> Vec<u8> {
        /// Most messages take less.
        const USUAL: usize = 400;
        let mut out = Vec::with_capacity(USUAL * self.messages.len());
        let mut start = 0;
        for found in &self.messages {
            let payload = Payload {
                armoured: &self.armoured[start..found.end],
                fill_bits: found.fill_bits,
            };
            start = found.end;
            let Ok(message) = &ais::decode(&payload) else { continue };
            out.push(b'{');
            json::write_fields(message, &mut out);
            out.extend_from_slice(b",\"line\":");
            json::whole(found.first_line, &mut out);
            out.extend_from_slice(b",\"line_end\":");
            json::whole(found.last_line, &mut out);
            out.extend_from_slice(b"}\n");
        }
        out
    }
}

/// One who decodes batches, in a thread of its own.
struct Decoder {
    told: Receiver<Vec<u8>>,
    thread: JoinHandle<()>,
}

impl Decoder {
    fn start() -> std::io::Result<(SyncSender<Batch>, Self)> {
        let (batches, given) = sync_channel::<Batch>(WAITING);
        let (teller, told) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("decode".into()).spawn(move || {
            for batch in given {
                if teller.send(batch.to_json()).is_err() {
                    return;
                }
            }
        })?;
        Ok((batches, Self { told, thread }))
    }
}

/// What a thread returned; its panic goes on.
fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Gives each decoder a batch in turn, until the end or until nobody listens.
fn read(mut reader: Box<dyn Read + Send>, decoders: &[SyncSender<Batch>]) -> std::io::Result<()> {
    let mut payloads = Payloads::default();
    let mut framer = Framer::default();
    let mut block = vec![0; BLOCK];
    let mut turns = decoders.iter().cycle();
    loop {
        let count = reader.read(&mut block)?;
        let mut batch = Batch::default();
        let mut hear = |framed: Framed<'_>| {
            if let Some(message) = payloads.hear(framed) {
                batch.push(&message);
            }
        };
        framer.push(&block[..count], &mut hear);
        if count == 0 {
            framer.finish(&mut hear);
        }
        let is_heard = batch.messages.is_empty() || turns.next().is_some_and(|decoder| decoder.send(batch).is_ok());
        if count == 0 || !is_heard {
            return Ok(());
        }
    }
}
