//! The second factor: the codes of an authenticator, RFC 6238, and recovery codes for when it is lost.

use jiff::Timestamp;
use ring::hmac;
use subtle::ConstantTimeEq;

use crate::app::{App, hash};

/// Seconds for which a code is shown.
const PERIOD: u64 = 30;
/// The bytes of a secret: as many as the hash gives, RFC 4226 section 4.
const SECRET: usize = 20;
/// How many recovery codes a person gets.
const RECOVERY: usize = 10;

/// RFC 4226 section 5.3: four bytes of the hash, at a place that its last digit tells.
fn code(secret: &[u8], step: u64, modulus: u32) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let start = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let word = bytes
        .iter()
        .skip(start)
        .take(4)
        .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    (word & 0x7fff_ffff) % modulus
}

/// The time step of an instant.
#[must_use]
pub fn step_of(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or(0) / PERIOD
}

/// The six digits that an authenticator with this secret (in base 32) shows in a time step.
#[must_use]
pub fn digits(secret: &str, step: u64) -> Option<String> {
    let secret = of_base32(secret).filter(|secret| secret.len() == SECRET)?;
    Some(format!("{:06}", code(&secret, step, 1_000_000)))
}

/// The time step whose code this is: now, or one before or after, as clocks differ. Spaces don't matter.
#[must_use]
pub fn step_of_code(secret: &str, written: &str, now: Timestamp) -> Option<u64> {
    let written: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let now = step_of(now);
    [now, now.saturating_sub(1), now.saturating_add(1)]
        .into_iter()
        .find(|step| {
            digits(secret, *step)
                .is_some_and(|expected| bool::from(expected.as_bytes().ct_eq(written.as_bytes())))
        })
}

/// A new secret, in base 32.
#[must_use]
pub fn new_secret(app: &App) -> String {
    let random = (app.office.store().secrets().entropy)();
    to_base32(random.get(..SECRET).unwrap_or(&random))
}

/// Whether this is a secret that [`new_secret`] could have made.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    of_base32(text).is_some_and(|bytes| bytes.len() == SECRET)
}

/// New recovery codes to show once, and what is kept of them.
#[must_use]
pub fn recovery_codes(app: &App) -> (Vec<String>, String) {
    let codes: Vec<String> = (0..RECOVERY)
        .map(|_| {
            let random: Vec<char> = app.token().chars().take(20).collect();
            let groups: Vec<String> = random
                .chunks(5)
                .map(|group| group.iter().collect())
                .collect();
            groups.join("-")
        })
        .collect();
    let kept: Vec<String> = codes.iter().map(|code| recovery_hash(code)).collect();
    (codes, kept.join(" "))
}

/// What is kept of a recovery code, however it is written.
#[must_use]
pub fn recovery_hash(written: &str) -> String {
    let plain: String = written
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect();
    hash(&plain)
}

/// The address that authenticators read from the picture.
#[must_use]
pub fn address(authority: &str, email: &str, secret: &str) -> String {
    let authority = percent(authority);
    format!(
        "otpauth://totp/{authority}:{}?secret={secret}&issuer={authority}&algorithm=SHA1&digits=6&period={PERIOD}",
        percent(email)
    )
}

/// Authenticators show a plus sign for a space, so every other character is written by its number.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// A picture of dark squares as the path of an SVG, and the length of its side with the quiet zone around it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The path.
    pub path: String,
    /// The side.
    pub side: usize,
}

/// The QR code of an address; `None` where it is too long for one.
#[must_use]
pub fn picture(address: &str) -> Option<Picture> {
    const QUIET: usize = 4;
    let code = qrcode::QrCode::new(address).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        for (x, colour) in row.iter().enumerate() {
            if *colour == qrcode::Color::Dark {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    Some(Picture {
        path,
        side: width + 2 * QUIET,
    })
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base 32 without padding, RFC 4648.
fn to_base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(digit(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(digit(held << (5 - bits)));
    }
    text
}

fn digit(value: u32) -> char {
    ALPHABET
        .get((value & 31) as usize)
        .map_or('A', |byte| char::from(*byte))
}

fn of_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, expected) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            let step = step_of(Timestamp::from_second(second).unwrap());
            assert_eq!(code(b"12345678901234567890", step, 100_000_000), expected);
        }
    }

    /// RFC 4648, section 10.
    #[test]
    fn base_32_is_that_of_the_standard() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(to_base32(plain.as_bytes()), encoded);
            assert_eq!(of_base32(encoded).unwrap(), plain.as_bytes());
        }
        assert_eq!(of_base32("mzxw6"), None);
        assert_eq!(of_base32("MZXW1"), None);
    }

    #[test]
    fn a_code_holds_for_its_own_step_and_the_two_beside_it() {
        let secret = to_base32(b"12345678901234567890");
        let now = Timestamp::from_second(1_795_431_600).unwrap();
        let step = step_of(now);
        for (of, expected) in [
            (step - 2, None),
            (step - 1, Some(step - 1)),
            (step, Some(step)),
            (step + 1, Some(step + 1)),
            (step + 2, None),
        ] {
            let written = digits(&secret, of).unwrap();
            assert_eq!(step_of_code(&secret, &written, now), expected);
            let spaced = format!(" {} {}", &written[..3], &written[3..]);
            assert_eq!(step_of_code(&secret, &spaced, now), expected);
        }
        for never in ["", "00000", "0000000", "abcdef"] {
            assert_eq!(step_of_code(&secret, never, now), None);
        }
        // No secret of another length is taken for one.
        assert_eq!(digits("", step), None);
        assert_eq!(digits("MZXW6YTB", step), None);
    }

    #[test]
    fn an_address_names_authority_and_person_without_plus_signs() {
        assert_eq!(
            address("A & B Council", "amina@example.org", "MZXW6"),
            "otpauth://totp/A%20%26%20B%20Council:amina%40example.org?secret=MZXW6&issuer=A%20%26%20B%20Council&algorithm=SHA1&digits=6&period=30"
        );
    }
}
