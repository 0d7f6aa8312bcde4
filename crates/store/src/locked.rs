//! Files that only a key opens: XChaCha20-Poly1305 over pieces of 64 KiB, in the STREAM construction, so that a file of any
//! size is read and written in little memory, and one that was altered, cut off or put in another's place doesn't open.

use std::io::{Error, ErrorKind, Read, Result, Write};

use casework::holding::SealingKey;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

/// What a locked file begins with.
const MAGIC: &[u8] = b"candour locked 1\n";
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// The random part of a nonce; the number of the piece and whether it is the last make up the rest.
const PREFIX: usize = 19;

/// The key of a backup, or of the sealed part of an export.
pub struct BackupKey([u8; 32]);

impl BackupKey {
    /// The key of a text of 64 hexadecimal digits; `None` when it isn't one.
    #[must_use]
    pub fn of_hex(text: &str) -> Option<Self> {
        crate::chain::of_hex(text)?.try_into().ok().map(Self)
    }

    /// The key that an installation locks its backups with unless it is given another.
    #[must_use]
    pub fn of_installation(secret: &SealingKey) -> Self {
        Self(secret.derived("candour backup 1"))
    }
}

/// Locks a short file as a whole; `random` must be fresh for each. `name` says what it is, so that nothing else stands
/// for it.
///
/// # Errors
/// It can't be locked.
pub fn lock(contents: &[u8], key: &BackupKey, random: [u8; 32], name: &str) -> Result<Vec<u8>> {
    let mut locking = Locking::new(Vec::new(), key, random, name)?;
    locking.write_all(contents)?;
    locking.finish()
}

/// What was locked under this name with this key.
///
/// # Errors
/// It was altered or cut off, or locked with another key or under another name.
pub fn unlock(locked: &[u8], key: &BackupKey, name: &str) -> Result<Vec<u8>> {
    let mut contents = Vec::new();
    Unlocking::new(locked, key, name)?.read_to_end(&mut contents)?;
    Ok(contents)
}

struct Pieces {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX],
    /// The file's place in the backup, so that none stands for another.
    name: String,
    number: u32,
}

impl Pieces {
    fn new(key: &BackupKey, prefix: [u8; PREFIX], name: &str) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new((&key.0).into()),
            prefix,
            name: name.to_owned(),
            number: 0,
        }
    }

    fn nonce(&mut self, is_last: bool) -> Result<XNonce> {
        let mut nonce = [0; 24];
        let [prefix @ .., a, b, c, d, last] = &mut nonce;
        *prefix = self.prefix;
        [*a, *b, *c, *d] = self.number.to_be_bytes();
        *last = u8::from(is_last);
        self.number = self
            .number
            .checked_add(1)
            .ok_or_else(|| Error::other("the file is too long to lock"))?;
        Ok(XNonce::from(nonce))
    }

    fn lock(&mut self, piece: &[u8], is_last: bool) -> Result<Vec<u8>> {
        let nonce = self.nonce(is_last)?;
        let payload = Payload {
            msg: piece,
            aad: self.name.as_bytes(),
        };
        self.cipher
            .encrypt(&nonce, payload)
            .map_err(|_| Error::other("the file can't be locked"))
    }

    fn open(&mut self, piece: &[u8], is_last: bool) -> Result<Vec<u8>> {
        let nonce = self.nonce(is_last)?;
        let payload = Payload {
            msg: piece,
            aad: self.name.as_bytes(),
        };
        self.cipher.decrypt(&nonce, payload).map_err(|_| {
            Error::new(
                ErrorKind::InvalidData,
                "this file was altered or cut off, or locked with another key",
            )
        })
    }
}

/// Writes a locked file. What isn't finished doesn't open.
pub(crate) struct Locking<W: Write> {
    out: W,
    pieces: Pieces,
    waiting: Vec<u8>,
}

impl<W: Write> Locking<W> {
    /// Begins a file; `random` must be fresh for each.
    pub(crate) fn new(mut out: W, key: &BackupKey, random: [u8; 32], name: &str) -> Result<Self> {
        let [prefix @ .., _, _, _, _, _, _, _, _, _, _, _, _, _] = random;
        out.write_all(MAGIC)?;
        out.write_all(&prefix)?;
        Ok(Self {
            out,
            pieces: Pieces::new(key, prefix, name),
            waiting: Vec::with_capacity(PIECE),
        })
    }

    /// Writes the last piece.
    pub(crate) fn finish(mut self) -> Result<W> {
        let last = self.pieces.lock(&self.waiting, true)?;
        self.out.write_all(&last)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Locking<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.waiting.len() == PIECE {
            let piece = self.pieces.lock(&self.waiting, false)?;
            self.out.write_all(&piece)?;
            self.waiting.clear();
        }
        let taken = bytes.len().min(PIECE.saturating_sub(self.waiting.len()));
        self.waiting.extend(bytes.iter().take(taken));
        Ok(taken)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

/// Reads a locked file. A piece comes out only when it is what was written.
pub(crate) struct Unlocking<R: Read> {
    from: R,
    pieces: Pieces,
    opened: std::io::Cursor<Vec<u8>>,
    /// What was read beyond the piece: with nothing beyond it, a piece is the last.
    ahead: Vec<u8>,
    ended: bool,
}

impl<R: Read> Unlocking<R> {
    pub(crate) fn new(mut from: R, key: &BackupKey, name: &str) -> Result<Self> {
        let mut magic = vec![0; MAGIC.len()];
        let mut prefix = [0; PREFIX];
        let short = |_| {
            Error::new(
                ErrorKind::InvalidData,
                "this is no locked file of this Candour",
            )
        };
        from.read_exact(&mut magic).map_err(short)?;
        from.read_exact(&mut prefix).map_err(short)?;
        if magic != MAGIC {
            return Err(Error::new(
                ErrorKind::InvalidData,
                "this is no locked file of this Candour",
            ));
        }
        Ok(Self {
            from,
            pieces: Pieces::new(key, prefix, name),
            opened: std::io::Cursor::default(),
            ahead: Vec::new(),
            ended: false,
        })
    }

    fn next(&mut self) -> Result<()> {
        const WHOLE: usize = PIECE + TAG;
        let wanted = (WHOLE + 1).saturating_sub(self.ahead.len());
        let wanted = u64::try_from(wanted).unwrap_or(0);
        let mut piece = std::mem::take(&mut self.ahead);
        self.from.by_ref().take(wanted).read_to_end(&mut piece)?;
        if piece.len() > WHOLE {
            self.ahead = piece.split_off(WHOLE);
        } else {
            self.ended = true;
        }
        self.opened = std::io::Cursor::new(self.pieces.open(&piece, self.ended)?);
        Ok(())
    }
}

impl<R: Read> Read for Unlocking<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        loop {
            let read = self.opened.read(out)?;
            if read > 0 || self.ended || out.is_empty() {
                return Ok(read);
            }
            self.next()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> BackupKey {
        BackupKey([byte; 32])
    }

    fn locked(contents: &[u8], name: &str) -> Vec<u8> {
        lock(contents, &key(1), [7; 32], name).unwrap()
    }

    #[test]
    fn what_was_locked_opens_with_its_key_under_its_name_and_not_otherwise() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let contents: Vec<u8> = (0..length)
                .map(|at| u8::try_from(at % 251).unwrap())
                .collect();
            let bytes = locked(&contents, "dump");
            assert!(
                unlock(&bytes, &key(1), "dump").unwrap() == contents,
                "{length}"
            );
            assert!(unlock(&bytes, &key(2), "dump").is_err());
            assert!(unlock(&bytes, &key(1), "000001").is_err());
            if length > 64 {
                let word = contents.get(..16).unwrap();
                assert!(!bytes.windows(16).any(|window| window == word));
            }
        }
    }

    #[test]
    fn what_was_altered_cut_off_or_reordered_does_not_open() {
        let contents: Vec<u8> = (0..3 * PIECE)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        let bytes = locked(&contents, "dump");
        let head = MAGIC.len() + PREFIX;
        for at in (0..bytes.len()).step_by(4_099) {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert!(unlock(&altered, &key(1), "dump").is_err(), "byte {at}");
        }
        for end in [
            0,
            10,
            head,
            head + PIECE + TAG,
            head + 2 * (PIECE + TAG),
            bytes.len() - 1,
        ] {
            assert!(
                unlock(&bytes[..end], &key(1), "dump").is_err(),
                "cut at {end}"
            );
        }
        let mut swapped = bytes[..head].to_vec();
        swapped.extend(&bytes[head + PIECE + TAG..head + 2 * (PIECE + TAG)]);
        swapped.extend(&bytes[head..head + PIECE + TAG]);
        swapped.extend(&bytes[head + 2 * (PIECE + TAG)..]);
        assert!(unlock(&swapped, &key(1), "dump").is_err());
    }
}
