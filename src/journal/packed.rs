//! Closed segments as they are compressed: zstd frames of so many bytes each, so that what is damaged in one costs no
//! other.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};

use zstd::stream::raw::{Decoder, Operation};

/// How hard zstd tries: about 300 MB/s, and a tenth of the bytes.
const LEVEL: i32 = 3;
/// Bytes of a segment in each zstd frame; the last has what is left.
const EACH: u64 = 1 << 20;
/// How a zstd frame begins (RFC 8878, 3.1.1).
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Compresses what can be read.
pub fn pack(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    let mut bytes = Vec::with_capacity(EACH as usize);
    while from.by_ref().take(EACH).read_to_end(&mut bytes)? > 0 {
        to.write_all(&compressor.compress(&bytes)?)?;
        bytes.clear();
    }
    Ok(())
}

/// Reads what was compressed. A zstd frame that cannot be unpacked is an error once, without a number of the system's;
/// zeros stand for the rest of it then, and what follows is read.
pub struct Unpacked {
    input: BufReader<File>,
    decoder: Decoder<'static>,
    /// Where in the file the zstd frame begins that is read.
    frame: u64,
    /// Bytes read of that.
    within: u64,
    /// Bytes that were unpacked of it.
    unpacked: u64,
    /// Zeros that come first.
    zeros: u64,
}

impl Unpacked {
    pub fn new(file: File) -> io::Result<Self> {
        Ok(Self {
            input: BufReader::new(file),
            decoder: Decoder::new()?,
            frame: 0,
            within: 0,
            unpacked: 0,
            zeros: 0,
        })
    }

    /// Unpacks a little more; 0 at the end.
    fn more(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let packed = self.input.fill_buf()?;
            let ends = packed.is_empty();
            if ends && self.within == 0 {
                return Ok(0);
            }
            let done = self.decoder.run_on_buffers(packed, out)?;
            self.input.consume(done.bytes_read);
            self.within += done.bytes_read as u64;
            self.unpacked += done.bytes_written as u64;
            if done.remaining == 0 {
                self.frame += self.within;
                (self.within, self.unpacked) = (0, 0);
                self.decoder.reinit()?;
            }
            match done.bytes_written {
                0 if ends && self.within > 0 => return Err(ErrorKind::UnexpectedEof.into()),
                0 => {}
                count => return Ok(count),
            }
        }
    }

    /// Goes to the zstd frame after the one that cannot be unpacked, if there is one, else to the end.
    fn leave_frame(&mut self) -> io::Result<()> {
        self.decoder = Decoder::new()?;
        let unpacked = std::mem::take(&mut self.unpacked);
        self.within = 0;
        self.input.seek(SeekFrom::Start(self.frame + 1))?;
        let (mut last, mut at) = ([0; MAGIC.len()], self.frame + 1);
        while last != MAGIC {
            let [_, b, c, d] = last;
            let mut next = [0];
            if self.input.read(&mut next)? == 0 {
                return Ok(());
            }
            last = [b, c, d, next[0]];
            at += 1;
        }
        self.frame = at - MAGIC.len() as u64;
        self.input.seek(SeekFrom::Start(self.frame))?;
        self.zeros = EACH.saturating_sub(unpacked);
        Ok(())
    }
}

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.zeros > 0 {
            let count = usize::try_from(self.zeros).unwrap_or(out.len()).min(out.len());
            out[..count].fill(0);
            self.zeros -= count as u64;
            return Ok(count);
        }
        if out.is_empty() {
            return Ok(0);
        }
        match self.more(out) {
            Err(error) if error.raw_os_error().is_none() => {
                self.leave_frame()?;
                Err(error)
            }
            read => read,
        }
    }
}
