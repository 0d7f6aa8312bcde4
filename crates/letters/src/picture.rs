//! The picture at the head of a letter: an authority's logo.

use crate::document::printable;

/// A PNG picture with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    png: Vec<u8>,
    alt: String,
    width: u32,
    height: u32,
}

/// How high and how wide a picture may stand on paper, in tenths of a millimetre.
const ROOM: (u32, u32) = (150, 800);

impl Picture {
    /// The picture of a PNG file; `None` if it isn't one, or nothing says what it shows. Only its frame is read here: one
    /// that is broken inside is refused when a PDF is set with it.
    #[must_use]
    pub fn of(png: Vec<u8>, alt: &str) -> Option<Self> {
        let number = |from: usize| {
            let bytes = png.get(from..from.checked_add(4)?)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        // The signature, then a first chunk of 13 bytes that begins with width and height, and an end.
        let is_png = png.starts_with(b"\x89PNG\r\n\x1a\n")
            && number(8) == Some(13)
            && png.get(12..16) == Some(b"IHDR")
            && png.ends_with(b"IEND\xaeB`\x82");
        let (width, height) = (number(16)?, number(20)?);
        let alt = printable(alt);
        (is_png && width > 0 && height > 0 && !alt.trim().is_empty()).then_some(Self {
            png,
            alt,
            width,
            height,
        })
    }

    /// The file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// What it says, for those who can't see it.
    #[must_use]
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Its pixels across and down.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// How wide and how high it stands on paper, in tenths of a millimetre: 15 mm high, less where it would be wider than
    /// 80 mm.
    #[must_use]
    pub fn on_paper(&self) -> (u32, u32) {
        let (highest, widest) = ROOM;
        let scaled = |room: u32, by: u32, to: u32| {
            let size = u64::from(room).saturating_mul(u64::from(by));
            let size = size.checked_div(u64::from(to)).unwrap_or(0).max(1);
            u32::try_from(size).unwrap_or(u32::MAX)
        };
        let width = scaled(highest, self.width, self.height);
        if width > widest {
            (widest, scaled(widest, self.height, self.width))
        } else {
            (width, highest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Option<Picture> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend(b"\x08\x06\0\0\0\0\0\0\0IEND\xaeB`\x82");
        Picture::of(png, "Harrowmere")
    }

    #[test]
    fn a_picture_keeps_its_proportions_and_its_room() {
        for (width, height, expected) in [
            (600, 120, (750, 150)),
            (120, 120, (150, 150)),
            (100, 1000, (15, 150)),
            (2000, 100, (800, 40)),
            (u32::MAX, 1, (800, 1)),
            (1, u32::MAX, (1, 150)),
        ] {
            let found = picture(width, height).map(|picture| picture.on_paper());
            assert_eq!(found, Some(expected), "{width} by {height}");
        }
    }

    #[test]
    fn what_is_no_png_is_no_picture() {
        assert_eq!(picture(0, 10), None);
        assert_eq!(picture(10, 0), None);
        let png = picture(10, 10).unwrap().png;
        assert_eq!(Picture::of(png, " \u{1}"), None);
        for wrong in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82",
            b"",
        ] {
            assert_eq!(Picture::of(wrong.to_vec(), "x"), None);
        }
    }
}
