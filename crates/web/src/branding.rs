//! An authority's name and colours: what may be themed, and what is refused because it couldn't be read.

use office::Logo;
use serde::{Deserialize, Serialize};

/// The authority's name, contacts and colours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branding {
    /// The authority's name.
    pub name: String,
    /// The short name, for narrow places.
    pub short_name: String,
    /// The team's address for mail.
    pub email: String,
    /// The team's telephone number.
    pub telephone: String,
    /// The team's address for letters.
    pub post: String,
    /// The main colour on light ground, `#1F4E5F`.
    pub brand_light: String,
    /// The main colour on dark ground.
    pub brand_dark: String,
    /// The radius of corners in pixels, 0 to 8.
    pub radius: u8,
    /// The logo in place of the name at the top of pages, and at the head of letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            name: "Your authority".to_owned(),
            short_name: "Your authority".to_owned(),
            email: String::new(),
            telephone: String::new(),
            post: String::new(),
            brand_light: "#1F4E5F".to_owned(),
            brand_dark: "#8CC4D6".to_owned(),
            radius: 2,
            logo: None,
        }
    }
}

/// Ground of the two modes.
const GROUNDS: [(&str, &str); 2] = [("#FBFAF7", "#FFFFFF"), ("#14191F", "#14191F")];
/// The least contrast of text, WCAG 1.4.3.
const TEXT: f64 = 4.5;

impl Branding {
    /// The custom properties, as a stylesheet of its own: light and dark as in the first lines of the main one.
    #[must_use]
    pub fn stylesheet(&self) -> String {
        format!(
            ":root{{--brand:var(--light,{}) var(--dark,{});--radius:{}px}}\n",
            self.brand_light, self.brand_dark, self.radius
        )
    }

    /// The picture that browsers show beside the title: the first letter of the short name on the main colour.
    #[must_use]
    pub fn icon(&self) -> String {
        let letter = self
            .short_name
            .chars()
            .find(|character| character.is_alphanumeric())
            .unwrap_or('C')
            .to_uppercase();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"4\" fill=\"{}\"/><text x=\"16\" y=\"23\" font-family=\"Georgia, serif\" font-size=\"20\" font-weight=\"700\" text-anchor=\"middle\" fill=\"#FFFFFF\">{letter}</text></svg>",
            self.brand_light
        )
    }

    /// What can't be shown like this, each with the nearest that can.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut mistakes = Vec::new();
        if self.name.trim().is_empty() {
            mistakes.push(("name", "Enter the authority's name".to_owned()));
        }
        if self.radius > 8 {
            mistakes.push((
                "radius",
                "Choose a radius of corners from 0 to 8 pixels".to_owned(),
            ));
        }
        let colours = [
            ("brand_light", &self.brand_light, "light"),
            ("brand_dark", &self.brand_dark, "dark"),
        ];
        for ((field, colour, mode), (ground, on_brand)) in colours.into_iter().zip(GROUNDS) {
            let Some(found) = contrast(colour, ground) else {
                mistakes.push((
                    field,
                    format!("Write the {mode} colour as # and six digits, like #1F4E5F"),
                ));
                continue;
            };
            let least = found.min(contrast(colour, on_brand).unwrap_or(0.0));
            if least < TEXT {
                let advice = nearest(colour, ground, on_brand)
                    .map(|colour| format!(". The nearest that passes is {colour}"))
                    .unwrap_or_default();
                mistakes.push((
                    field,
                    format!(
                        "The {mode} colour has a contrast of {least:.1} to 1; text needs at least 4.5 to 1{advice}"
                    ),
                ));
            }
        }
        mistakes
    }
}

fn channels(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|rest| rest.len() == 6)?;
    let part = |from: usize| {
        digits
            .get(from..from.saturating_add(2))
            .and_then(|part| u8::from_str_radix(part, 16).ok())
    };
    Some([part(0)?, part(2)?, part(4)?])
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: &str) -> Option<f64> {
    let linear = channels(colour)?.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    let [red, green, blue] = linear;
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

/// The contrast of two colours, WCAG 2.2: 1 to 21.
#[must_use]
pub fn contrast(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// The first colour on the way to black, or to white, that can be read.
fn nearest(colour: &str, ground: &str, on_brand: &str) -> Option<String> {
    let start = channels(colour)?;
    let is_dark_ground = luminance(ground)? < 0.2;
    let target = if is_dark_ground { 255.0 } else { 0.0 };
    (1..=100_u8).find_map(|step| {
        let share = f64::from(step) / 100.0;
        let mixed = start.map(|channel| {
            let value = f64::from(channel);
            (value + (target - value) * share).round()
        });
        let text: String = mixed
            .iter()
            .map(|value| format!("{value:02X}", value = *value as u32))
            .collect();
        let text = format!("#{text}");
        let passes = contrast(&text, ground)? >= TEXT && contrast(&text, on_brand)? >= TEXT;
        passes.then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_recommendation() {
        for (one, other, expected) in [
            ("#000000", "#FFFFFF", 21.0),
            ("#777777", "#FFFFFF", 4.48),
            ("#FFFFFF", "#FFFFFF", 1.0),
        ] {
            let found = contrast(one, other).unwrap();
            assert!((found - expected).abs() < 0.01, "{one} on {other}: {found}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can() {
        let mut branding = Branding {
            name: "Harrowmere".to_owned(),
            ..Branding::default()
        };
        assert_eq!(branding.mistakes(), vec![]);
        branding.brand_light = "#FFCC00".to_owned();
        let mistakes = branding.mistakes();
        let (field, message) = mistakes.first().unwrap();
        assert_eq!(*field, "brand_light");
        let (_, colour) = message.rsplit_once(' ').unwrap();
        branding.brand_light = colour.to_owned();
        assert_eq!(branding.mistakes(), vec![]);
    }
}
