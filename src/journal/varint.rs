//! Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit set on all but the last.

use super::record::NoRecord;

/// Appends a number.
pub fn put(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a number that may be negative: 0, −1, 1, −2 … are written as 0, 1, 2, 3 …
pub fn put_signed(number: i64, out: &mut Vec<u8>) {
    put((number << 1 ^ number >> 63) as u64, out);
}

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn byte(&mut self) -> Result<u8, NoRecord> {
        let (first, rest) = self.0.split_first().ok_or(NoRecord)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], NoRecord> {
        let (first, rest) = self.0.split_first_chunk().ok_or(NoRecord)?;
        self.0 = rest;
        Ok(first)
    }

    pub(super) fn varint(&mut self) -> Result<u64, NoRecord> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(NoRecord)
    }

    pub(super) fn signed(&mut self) -> Result<i64, NoRecord> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Bytes with their count before them.
    pub(super) fn counted(&mut self) -> Result<&'a [u8], NoRecord> {
        let count = usize::try_from(self.varint()?).map_err(|_| NoRecord)?;
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(NoRecord)?;
        self.0 = rest;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for (number, length) in [
            (0, 1),
            (-1, 1),
            (63, 1),
            (-64, 1),
            (64, 2),
            (i64::MAX, 10),
            (i64::MIN, 10),
        ] {
            let mut bytes = Vec::new();
            put_signed(number, &mut bytes);
            assert_eq!(bytes.len(), length, "{number}");
            assert_eq!(Cursor(&bytes).signed(), Ok(number));
        }
        assert_eq!(Cursor(&[0xff; 10]).varint(), Err(NoRecord));
        assert_eq!(Cursor(&[0x80]).varint(), Err(NoRecord));
    }
}
