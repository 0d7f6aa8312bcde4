//! The words of the pages in one place: `data/wording/en/pages.toml` lists every piece of English that the web application
//! may show, for whoever puts it into another language or into an authority's own words.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where they are listed.
const LIST: &str = "data/wording/en/pages.toml";
/// Where they stand.
const TEMPLATES: &str = "crates/web/templates";
const CODE: &str = "crates/web/src";

const HEAD: &str = "# Every piece of English that the pages may show, with what they show in its place. Made by `cargo xtask words` from\n# the templates and the code, and compared with them by `cargo xtask check`.\n#\n# To change a word, put the changed lines into `wording/en/pages.toml` of a folder given to `--data`; for Welsh, the lines\n# that are translated into `wording/cy/pages.toml`, and `language = \"cy\"` into `office/authority.toml`. What is missing\n# stays English. {0} and {1} are filled in, and | stands between the forms for one and for several.\n\n";

/// Writes the list.
pub fn write() -> Result<(), String> {
    std::fs::write(LIST, list()?).map_err(|error| format!("{LIST}: {error}"))
}

/// Compares the list with the pages.
pub fn check() -> Result<(), String> {
    let kept = std::fs::read_to_string(LIST).map_err(|error| format!("{LIST}: {error}"))?;
    let made = list()?;
    if kept == made {
        return Ok(());
    }
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (kept, made) = (lines(&kept), lines(&made));
    let some = |lines: Vec<&String>| {
        let shown: Vec<&str> = lines.iter().take(3).map(|line| line.as_str()).collect();
        format!("{} lines, such as {}", lines.len(), shown.join(" / "))
    };
    Err(format!(
        "{LIST} isn't what the pages say: it lacks {} and has too many {}; run `cargo xtask words`",
        some(made.difference(&kept).collect()),
        some(kept.difference(&made).collect())
    ))
}

fn list() -> Result<String, String> {
    let mut words = BTreeSet::new();
    for path in files(Path::new(TEMPLATES), "html")? {
        let text = read(&path)?;
        let said = expressions(&text);
        let said = said.iter().flat_map(|expression| literals(expression));
        words.extend(said.filter_map(|(word, after)| {
            let filter = after.trim_start().strip_prefix('|')?.trim_start();
            let name = filter.split(|c: char| !c.is_alphanumeric()).next();
            matches!(name?, "t" | "t1" | "t2" | "t3" | "n").then_some(word)
        }));
        // What a template hands to a part that says it.
        for call in text.split("{% call ").skip(1) {
            let arguments = call.split("%}").next().unwrap_or("");
            words.extend(
                literals(arguments)
                    .into_iter()
                    .map(|(word, _)| word)
                    .filter(|word| reads_as_words(word)),
            );
        }
    }
    for path in files(Path::new(CODE), "rs")? {
        let text = read(&path)?;
        // Tests stand last in a file; invented cases and what is said to other programs are no words of the pages.
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or("");
        let is_apart = |part: std::path::Component| {
            let apart = ["demo", "demo.rs", "api", "api.rs", "oidc.rs", "outside.rs"];
            apart.iter().any(|name| part.as_os_str() == *name)
        };
        if path.components().any(is_apart) {
            continue;
        }
        let plain: String = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        words.extend(
            literals(&plain)
                .into_iter()
                .filter_map(|(word, _)| listed(&word)),
        );
    }
    let mut text = HEAD.to_owned();
    for word in words {
        let quoted = quoted(&word);
        let _ = writeln!(text, "{quoted} = {quoted}");
    }
    Ok(text)
}

/// A literal of the code as the list has it, if it is something that people read; one that code fills in with its places
/// numbered in their order.
fn listed(text: &str) -> Option<String> {
    if !text.contains('{') || text.contains("{0}") {
        return reads_as_words(text).then(|| text.to_owned());
    }
    let mut numbered = String::new();
    let mut fixed = String::new();
    let mut rest = text;
    let mut number = 0_usize;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '?' | '#');
        if !name.chars().all(is_name) {
            return None;
        }
        let _ = write!(numbered, "{before}{{{number}}}");
        fixed.push_str(before);
        rest = after;
        number = number.saturating_add(1);
    }
    numbered.push_str(rest);
    fixed.push_str(rest);
    let words = fixed
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() > 1)
        .count();
    let is_said = words >= 2 || words == 1 && fixed.starts_with(char::is_uppercase);
    let is_code = |c: char| matches!(c, '=' | '<' | '>' | '/' | '_' | ';' | '?') || c == '\\';
    (is_said && !fixed.contains(is_code) && !fixed.contains("--")).then_some(numbered)
}

/// Whether a literal of the code is something that people read: it begins like a sentence or holds several words, and is no
/// address and no style sheet.
fn reads_as_words(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_uppercase() || c == '“');
    let is_technical = ["://", "HTTP", "--", "\\", "%-", "&&", "="]
        .iter()
        .any(|sign| text.contains(sign));
    begins && text.chars().any(char::is_lowercase) && text.chars().count() > 2 && !is_technical
}

/// What a template says from its values: the insides of `{{ }}`, which may stand in an attribute's quotation marks.
fn expressions(template: &str) -> Vec<&str> {
    template
        .split("{{")
        .skip(1)
        .filter_map(|part| part.split("}}").next())
        .collect()
}

/// The string literals of a text, each with what follows it.
fn literals(text: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        // A quotation mark as a character is no beginning.
        if before.ends_with('\'') && after.starts_with('\'') || before.ends_with("'\\") {
            rest = after;
            continue;
        }
        let mut word = String::new();
        let mut characters = after.char_indices();
        let mut end = after.len();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    end = at.saturating_add(1);
                    break;
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => word.push('\n'),
                    // A byte is no word.
                    Some((_, 'x' | 'u')) => word.push('\\'),
                    // A line that goes on: its indent is none of its words.
                    Some((_, '\n')) => {
                        let ahead = characters.as_str();
                        let indent = ahead.len().saturating_sub(ahead.trim_start().len());
                        for _ in 0..indent {
                            characters.next();
                        }
                    }
                    Some((_, other)) => word.push(other),
                    None => {}
                },
                other => word.push(other),
            }
        }
        rest = after.get(end..).unwrap_or("");
        found.push((word, rest));
    }
    found
}

fn quoted(word: &str) -> String {
    let escaped = word
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The files of a folder and those in it, in order.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|known| known == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_as_the_compiler_reads_them() {
        let text = "a(\"One \\\"two\\\"\", '\"', \"Three \\\n    four\")";
        let words: Vec<String> = literals(text).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["One \"two\"", "Three four"]);
    }

    #[test]
    fn words_in_attributes_are_listed() {
        let template =
            "<nav aria-label=\"{{ \"Pages\"|t }}\"><a href=\"/\">{{ \"Home\"|t }}</a></nav>";
        let words: Vec<String> = expressions(template)
            .into_iter()
            .flat_map(literals)
            .map(|(word, _)| word)
            .collect();
        assert_eq!(words, ["Pages", "Home"]);
    }

    #[test]
    fn only_words_are_listed() {
        assert!(reads_as_words("Choose a team"));
        assert!(reads_as_words("Question {0}"));
        for other in ["assign", "https://example.org", "GET"] {
            assert!(!reads_as_words(other), "{other}");
        }
    }

    #[test]
    fn what_code_fills_in_is_listed_with_its_places_numbered() {
        let listed_as = [
            ("{} late, {left} left over", Some("{0} late, {1} left over")),
            ("Question {0}", Some("Question {0}")),
            ("Choose a team", Some("Choose a team")),
            ("/desk/cases/{}/letter for it", None),
            ("{}: {}", None),
            ("--{name} with words", None),
        ];
        for (text, kept) in listed_as {
            assert_eq!(listed(text).as_deref(), kept, "{text}");
        }
    }
}
