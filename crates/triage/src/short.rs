//! Lists of short words, in which a word is found by its letters as one number.

use std::ops::Range;

/// A list of words of at most fifteen ASCII letters or digits; `N` is a power of two of at least twice as many.
pub(crate) struct ShortWords<const N: usize> {
    /// The letters of each word with its place in the list; 0 where a slot is free.
    table: [(u128, usize); N],
}

impl<const N: usize> ShortWords<N> {
    /// Compiles a list; one that doesn't fit fails the build.
    pub(crate) const fn new(words: &[&str]) -> Self {
        assert!(N.is_power_of_two() && words.len() * 2 <= N);
        let mut table = [(0, 0); N];
        let mut place = 0;
        while place < words.len() {
            let letters = letters(words[place]);
            assert!(letters != 0);
            let mut slot = slot(letters, N);
            while table[slot].0 != 0 {
                slot = (slot + 1) & (N - 1);
            }
            table[slot] = (letters, place);
            place += 1;
        }
        Self { table }
    }

    /// The place of a word in the list, upper and lower case alike.
    #[inline]
    pub(crate) fn place(&self, word: &str) -> Option<usize> {
        self.place_of(letters(word))
    }

    /// The place of a word of these [`letters`].
    #[inline]
    pub(crate) fn place_of(&self, letters: u128) -> Option<usize> {
        if letters == 0 {
            return None;
        }
        let mut slot = slot(letters, N);
        while let Some((known, place)) = self.table.get(slot) {
            if *known == letters {
                return Some(*place);
            }
            if *known == 0 {
                return None;
            }
            slot = slot.wrapping_add(1) & N.wrapping_sub(1);
        }
        None
    }

    /// Whether a word stands in the list.
    #[inline]
    pub(crate) fn has(&self, word: &str) -> bool {
        self.place(word).is_some()
    }
}

/// The letters of a word as one number, upper and lower case alike; 0 where it has none or too many.
#[inline]
pub(crate) const fn letters(word: &str) -> u128 {
    let bytes = word.as_bytes();
    if bytes.is_empty() || bytes.len() > 15 {
        return 0;
    }
    // The one in front tells how many there are.
    let mut letters = 1;
    let mut at = 0;
    while at < bytes.len() {
        letters = letters << 8 | bytes[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    letters
}

/// The same of ASCII letters and digits that stand in a longer text.
#[inline]
pub(crate) fn letters_at(bytes: &[u8], word: Range<usize>) -> u128 {
    let length = word.len();
    match at_once(bytes, word.clone()).zip(u32::try_from(length).ok()) {
        Some((letters, length)) if length < 16 => letters | 1 << length.wrapping_mul(8),
        _ => bytes
            .get(word)
            .and_then(|word| std::str::from_utf8(word).ok())
            .map_or(0, letters),
    }
}

/// Up to sixteen ASCII letters and digits as one number, in lower case; None too near the end of the text.
#[inline(always)]
pub(crate) fn at_once(bytes: &[u8], word: Range<usize>) -> Option<u128> {
    // Digits lack this bit.
    const LETTER: u128 = u128::from_be_bytes([0x40; 16]);
    let sixteen = bytes.get(word.start..word.start.wrapping_add(16))?;
    let behind = u32::try_from(16_usize.checked_sub(word.len())?).ok()?;
    let own = u128::from_be_bytes(sixteen.try_into().ok()?).checked_shr(behind.wrapping_mul(8))?;
    Some(own | (own & LETTER) >> 1)
}

#[inline]
const fn slot(letters: u128, places: usize) -> usize {
    let mixed = (letters as u64 ^ ((letters >> 64) as u64).rotate_left(29))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize & (places - 1)
}

#[cfg(test)]
mod tests {
    use super::ShortWords;

    #[test]
    fn words_are_found_at_their_places_and_no_others() {
        static WORDS: ShortWords<8> = ShortWords::new(&["how", "many", "environmental", "2000"]);
        for (word, place) in [
            ("how", Some(0)),
            ("MANY", Some(1)),
            ("Environmental", Some(2)),
            ("2000", Some(3)),
            ("", None),
            ("ho", None),
            ("howe", None),
            ("hów", None),
            ("\0how", None),
            ("a word of more than fifteen letters", None),
        ] {
            assert_eq!(WORDS.place(word), place, "{word}");
        }
    }
}
