//! Teams, or service areas: what they are called, and the id under which they stand in records, which has no white space.

/// Words of teams' ids that are written in capitals.
const CAPITALS: &[&str] = &["cctv", "gis", "hr", "ict", "it", "pr", "send"];

/// Stands in an id for a hyphen of the name.
const HYPHEN: char = '\u{2011}';

/// A team's id as its name: `information-governance` as "Information governance", `ict` as "ICT".
#[must_use]
pub fn name(id: &str) -> String {
    let words: Vec<String> = id
        .split('-')
        .map(|word| {
            if CAPITALS.contains(&word) {
                word.to_uppercase()
            } else {
                word.replace(HYPHEN, "-")
            }
        })
        .collect();
    let words = words.join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The id of a team of this name: that of a known team of the same name, however it is written, or a new one, whose name is
/// this, "Children's services (north)" or "Anti-social behaviour".
#[must_use]
pub fn id<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let words: Vec<String> = name
        .split(|character: char| {
            character.is_whitespace() || character.is_control() || matches!(character, '_' | '%')
        })
        .filter(|word| !word.is_empty())
        .map(|word| word.replace('-', &HYPHEN.to_string()))
        .collect();
    let id = words.join("-");
    let alike = self::name(&id).to_lowercase();
    let mut known = known.into_iter();
    known
        .find(|known| self::name(known).to_lowercase() == alike)
        .map_or(id, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{id, name};

    #[test]
    fn names_stay_as_they_are_written() {
        for written in [
            "Children's services (north)",
            "Anti-social behaviour",
            "Gwasanaethau Cymdeithasol – Tŷ'r Dref",
            "NHS liaison",
        ] {
            let kept = id(written, []);
            assert!(!kept.contains(char::is_whitespace), "{kept}");
            assert_eq!(name(&kept), written);
            assert_eq!(id(&name(&kept), [kept.as_str()]), kept);
        }
    }

    #[test]
    fn a_team_that_is_there_is_found_however_it_is_written() {
        let known = ["information-governance", "ict"];
        assert_eq!(id("Information  Governance", known), known[0]);
        assert_eq!(id("ICT", known), "ict");
        assert_eq!(id(&name("ict"), known), "ict");
        assert_eq!(name(known[0]), "Information governance");
        assert_eq!(name("ict"), "ICT");
        assert_eq!(name(""), "");
    }
}
