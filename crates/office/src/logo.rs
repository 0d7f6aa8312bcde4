//! The authority's logo: above its pages and at the head of its letters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use casework::applicant::hex;
use letters::{Block, Document, Picture, render};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::letter::Letterhead;
use crate::mail::CONTACTS;
use crate::office::Office;

/// A logo: a PNG picture. SVG isn't taken, because it can hold scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logo {
    /// The file, in base64.
    png: String,
    /// What it says, for those who can't see it.
    pub alt: String,
    width: u32,
    height: u32,
    /// The hash of the file, which changes its address with it.
    sha256: String,
}

/// The most pixels of a logo, across and down.
const LARGEST: (u32, u32) = (2000, 1000);
/// How high a logo is shown on pages, in CSS pixels.
const SHOWN: u32 = 40;

impl Logo {
    /// The logo of a PNG file.
    ///
    /// # Errors
    /// It isn't one, it has too many pixels, or no letter can be set with it; in words.
    pub fn of(png: &[u8], alt: &str) -> Result<Self, &'static str> {
        let picture = Picture::of(png.to_vec(), alt)
            .ok_or("This is no PNG picture; save it as PNG in its own program")?;
        let (width, height) = picture.pixels();
        if width > LARGEST.0 || height > LARGEST.1 {
            return Err(
                "The picture has more than 2,000 pixels across or 1,000 down; make it smaller",
            );
        }
        // A picture that is broken inside would keep every letter from going.
        let trial = Document {
            title: alt.to_owned(),
            blocks: vec![Block::Heading(1, alt.to_owned())],
        };
        render::pdf(&trial, Some(&picture), jiff::civil::date(2005, 1, 1)).map_err(
            |_| "No letter can be set with this picture; save it anew as PNG in its own program",
        )?;
        let png = BASE64.encode(png);
        Ok(Self {
            alt: alt.to_owned(),
            width,
            height,
            sha256: hex(&Sha256::digest(&png)),
            png,
        })
    }

    /// The file.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        BASE64.decode(&self.png).unwrap_or_default()
    }

    /// The logo as letters bear it; `None` if what is kept is no picture.
    #[must_use]
    pub fn picture(&self) -> Option<Picture> {
        Picture::of(self.png(), &self.alt)
    }

    /// Changes when the logo does.
    #[must_use]
    pub fn version(&self) -> String {
        format!("{}{}", self.sha256, self.alt)
    }

    /// How high it is shown on pages, in CSS pixels.
    #[must_use]
    pub fn shown_height(&self) -> u32 {
        self.height.min(SHOWN)
    }

    /// How wide that makes it.
    #[must_use]
    pub fn shown_width(&self) -> u32 {
        self.width
            .saturating_mul(self.shown_height())
            .checked_div(self.height)
            .unwrap_or(self.width)
            .max(1)
    }
}

/// What letters need of the authority's name, contacts, colours and logo, as an administrator last wrote them.
#[derive(Deserialize)]
struct Kept {
    #[serde(default)]
    name: String,
    #[serde(default)]
    logo: Option<Logo>,
}

impl Office {
    /// Whose letters they are: the authority's name and logo.
    ///
    /// # Errors
    /// The database can't answer.
    pub(crate) async fn letterhead(&self) -> Result<Letterhead, store::Fault> {
        let kept = self.store.setting(CONTACTS).await?;
        let kept = kept.and_then(|kept| serde_json::from_str::<Kept>(&kept).ok());
        let (name, logo) = kept.map_or_else(Default::default, |kept| (kept.name, kept.logo));
        Ok(Letterhead {
            authority: self.bundle.named(&name),
            logo: logo.and_then(|logo| logo.picture()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of 300 by 60 pixels.
    const PNG: &[u8] = include_bytes!("../../../fixtures/logo.png");

    #[test]
    fn a_logo_is_a_png_of_a_fair_size() {
        let logo = Logo::of(PNG, "Harrowmere").unwrap();
        assert_eq!((logo.shown_width(), logo.shown_height()), (200, 40));
        assert_eq!(logo.png(), PNG);
        assert_eq!(logo.picture().unwrap().pixels(), (300, 60));
        let sized = |width: u32, height: u32| {
            let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
            let mut png = PNG.to_vec();
            png.splice(16..24, sizes);
            png
        };
        let mut broken = PNG.to_vec();
        let middle = broken.len() / 2;
        broken[middle] ^= 0xff;
        for wrong in [
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            b"\x89PNG\r\n\x1a\n".to_vec(),
            sized(0, 10),
            sized(2001, 10),
            sized(10, 1001),
            sized(10, 10),
            broken,
        ] {
            assert!(Logo::of(&wrong, "x").is_err());
        }
    }
}
