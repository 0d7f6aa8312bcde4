//! The request's words in pieces, so that each piece of evidence can be marked and numbered.

/// A piece of text under the same marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// The numbers of the marks that begin with it, for the reader: "1", "1, 3".
    pub begins: String,
    /// Whether any mark covers it.
    pub is_marked: bool,
    /// Whether a question covers it.
    pub in_question: bool,
}

/// A mark: where it stands and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Start and end byte.
    pub span: (usize, usize),
    /// Its number.
    pub number: usize,
}

/// Cuts `text` from byte `start` to `end` where marks and questions begin and end. Overlapping marks give pieces that
/// carry each number. Spans that don't lie on characters, or outside, are left out: they can't be shown.
#[must_use]
pub fn pieces(
    text: &str,
    (start, end): (usize, usize),
    marks: &[Mark],
    questions: &[(usize, usize)],
) -> Vec<Piece> {
    let sound = |span: &(usize, usize)| {
        span.0 < span.1 && text.is_char_boundary(span.0) && text.is_char_boundary(span.1)
    };
    let marks: Vec<&Mark> = marks.iter().filter(|mark| sound(&mark.span)).collect();
    let questions: Vec<&(usize, usize)> = questions.iter().filter(|span| sound(span)).collect();
    let mut cuts: Vec<usize> = marks
        .iter()
        .flat_map(|mark| [mark.span.0, mark.span.1])
        .chain(questions.iter().flat_map(|span| [span.0, span.1]))
        .chain([start, end])
        .filter(|cut| (start..=end).contains(cut))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        let Some(words) = text.get(*from..*to) else {
            continue;
        };
        let mut begins: Vec<usize> = marks
            .iter()
            .filter(|mark| mark.span.0 == *from)
            .map(|mark| mark.number)
            .collect();
        begins.sort_unstable();
        begins.dedup();
        pieces.push(Piece {
            text: words.to_owned(),
            begins: begins
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", "),
            is_marked: marks
                .iter()
                .any(|mark| mark.span.0 <= *from && *to <= mark.span.1),
            in_question: questions
                .iter()
                .any(|span| span.0 <= *from && *to <= span.1),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match (piece.is_marked, piece.begins.is_empty()) {
                (true, false) => format!("[{} {}]", piece.begins, piece.text),
                (true, true) => format!("[{}]", piece.text),
                (false, _) => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn pieces_carry_the_numbers_that_begin_with_them_and_lose_no_word() {
        let mark = |start, end, number| Mark {
            span: (start, end),
            number,
        };
        let text = "How many cyber attacks in 2021?";
        for (marks, expected) in [
            (vec![], "How many cyber attacks in 2021?"),
            (
                vec![mark(0, 8, 1), mark(9, 22, 2)],
                "[1 How many] [2 cyber attacks] in 2021?",
            ),
            (
                vec![mark(0, 14, 1), mark(9, 22, 2)],
                "[1 How many ][2 cyber][ attacks] in 2021?",
            ),
            (
                vec![mark(9, 14, 1), mark(9, 14, 3)],
                "How many [1, 3 cyber] attacks in 2021?",
            ),
            // A span beyond the text can't be shown.
            (vec![mark(9, 400, 1)], "How many cyber attacks in 2021?"),
        ] {
            let found = pieces(text, (0, text.len()), &marks, &[]);
            assert_eq!(shown(&found), expected);
            let whole: String = found.iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(whole, text);
        }
    }
}
