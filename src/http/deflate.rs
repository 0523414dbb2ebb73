//! Pieces of a gzip stream (RFC 1951 and 1952) that many listeners share: each is made once, ends at a whole byte and
//! looks back at nothing before it, so that a stream is its head and any pieces in a row.
//!
//! Such a stream has no end of its own; it ends with the connection.

use flate2::{Compress, Compression, FlushCompress};

/// What a stream begins with: deflate, no name, no time, of no known system.
pub const HEAD: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// Most bytes of a stored block.
const STORED: usize = 0xffff;
/// Bytes in front of a stored block's own.
const STORED_HEAD: usize = 5;

/// A piece that is compressed.
pub fn squeezed(plain: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::fast(), false);
    let mut piece = Vec::with_capacity(plain.len() / 4 + 256);
    loop {
        let taken = usize::try_from(compress.total_in()).expect("it was given a slice");
        compress
            .compress_vec(&plain[taken..], &mut piece, FlushCompress::Sync)
            .expect("deflating into memory cannot fail");
        // Room that is left says that all has come out, the flush too.
        if piece.len() < piece.capacity() {
            return piece;
        }
        piece.reserve(piece.len());
    }
}

/// A piece as it is, for what one listener alone is told: packing it costs next to nothing.
pub fn stored(plain: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(plain.len() + STORED_HEAD * (plain.len() / STORED + 1));
    for block in plain.chunks(STORED) {
        let length = u16::try_from(block.len()).expect("chunks are at most so long");
        piece.push(0);
        piece.extend_from_slice(&length.to_le_bytes());
        piece.extend_from_slice(&(!length).to_le_bytes());
        piece.extend_from_slice(block);
    }
    piece
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn pieces_in_a_row_are_one_stream() {
        let texts: Vec<Vec<u8>> = [0, 1, 300, 70_000, 200_000]
            .map(|length| {
                (0..length)
                    .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 27) as u8)
                    .collect()
            })
            .into();
        let mut stream = HEAD.to_vec();
        for text in &texts {
            stream.extend(squeezed(text));
            stream.extend(stored(text));
        }
        let mut plain = Vec::new();
        // The end of a stream without an end is an error, after all that came.
        flate2::read::GzDecoder::new(&stream[..])
            .read_to_end(&mut plain)
            .unwrap_err();
        let twice: Vec<u8> = texts
            .iter()
            .flat_map(|text| [text.clone(), text.clone()].concat())
            .collect();
        assert!(plain == twice, "{} of {} bytes", plain.len(), twice.len());
    }
}
