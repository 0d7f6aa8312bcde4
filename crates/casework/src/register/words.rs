//! Words of titles and cells, folded for comparing.

/// The words of a column title: lower case, no punctuation, no leading number, "Supplier(s)" as "suppliers" and
/// "ContractTitle" as "contract title".
#[must_use]
pub fn plain(title: &str) -> Vec<String> {
    let title = title
        .replace("(s)", "s")
        .replace("'s ", " ")
        .replace("’s ", " ");
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let end = |word: &mut String, words: &mut Vec<String>| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    for character in title.chars() {
        if !character.is_alphanumeric() {
            end(&mut word, &mut words);
        } else {
            if character.is_uppercase() && before.is_lowercase() {
                end(&mut word, &mut words);
            }
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    end(&mut word, &mut words);
    // "annual_contract_value0", as open data platforms make of titles that stand twice.
    for word in &mut words {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if letters >= 4 {
            word.truncate(letters);
        }
    }
    // "4 Contract reference number", of a numbered schema.
    while words.len() > 1
        && words
            .first()
            .is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()))
    {
        words.remove(0);
    }
    words
}

/// The text with every run of white space, line breaks and no-break spaces as one space, trimmed.
#[must_use]
pub fn collapsed(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether a text is ASCII with single spaces between words and none around them, as most cells are.
fn is_plain(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !(b' '..0x7f).contains(&byte) || byte == b' ' && before == b' ' {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

/// White space, and the marks of no width that copying from web pages leaves.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// Lower case with plain quotes and dashes: how cell words are compared.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut text = collapsed(text);
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            '‐' | '‑' => '-',
            other => other,
        })
        .collect()
}

/// Whether the words of `phrase` stand in `text` as whole words; both folded.
#[must_use]
pub fn holds(text: &str, phrase: &str) -> bool {
    let boundary = |character: Option<char>| character.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(phrase).any(|(at, found)| {
        boundary(text.get(..at).and_then(|before| before.chars().next_back()))
            && boundary(
                text.get(at.saturating_add(found.len())..)
                    .and_then(|after| after.chars().next()),
            )
    })
}

/// Mends text that was read as Windows-1252 although it was UTF-8 ("Â£", "â€“"); `None` if it wasn't.
#[must_use]
pub fn mended(text: &str) -> Option<String> {
    // Every broken sequence begins with one of these.
    if !text.contains(['Â', 'Ã', 'â', 'Å']) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<u8> = Vec::new();
    let mut changed = false;
    let mut as_it_stood = String::new();
    let mut close = |run: &mut Vec<u8>, stood: &mut String, out: &mut String| {
        match std::str::from_utf8(run) {
            Ok(mended) => {
                changed |= mended != stood;
                out.push_str(mended);
            }
            Err(_) => out.push_str(stood),
        }
        run.clear();
        stood.clear();
    };
    for character in text.chars() {
        match byte_of(character).filter(|byte| *byte >= 0x80) {
            Some(byte) => {
                run.push(byte);
                as_it_stood.push(character);
            }
            None => {
                close(&mut run, &mut as_it_stood, &mut out);
                out.push(character);
            }
        }
    }
    close(&mut run, &mut as_it_stood, &mut out);
    changed.then_some(out)
}

/// The byte that Windows-1252 reads as this character.
fn byte_of(character: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match u32::from(character) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
        _ => HIGH
            .iter()
            .position(|high| *high == character)
            .and_then(|at| u8::try_from(at.saturating_add(0x80)).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_compared_in_plain_words() {
        for (title, expected) in [
            ("Supplier(s)", "suppliers"),
            ("CONTRACT_REF", "contract ref"),
            ("startDate", "start date"),
            ("4. Contract reference number", "contract reference number"),
            ("Contract's Start Date", "contract start date"),
            (" Value (£)\n", "value"),
            ("SME?", "sme"),
            ("annual_contract_value0", "annual contract value"),
        ] {
            assert_eq!(plain(title).join(" "), expected);
        }
    }

    #[test]
    fn text_decoded_twice_is_mended_and_other_text_stays() {
        assert_eq!(
            mended("Â£12,000 â€“ cafÃ©").as_deref(),
            Some("£12,000 – café")
        );
        for sound in [
            "£12,000 – café",
            "Château d'eau",
            "plain",
            "Â",
            "â la carte",
        ] {
            assert_eq!(mended(sound), None, "{sound}");
        }
    }

    #[test]
    fn phrases_stand_as_whole_words() {
        assert!(holds("request for quotation (3)", "quotation"));
        assert!(holds("itt", "itt"));
        assert!(!holds("committee", "itt"));
    }
}
