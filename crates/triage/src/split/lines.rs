//! The lines of a message, and whose they are: the applicant's own, or an earlier message's repeated below them.

use std::ops::Range;

use super::{markers, slice, trimmed};
use crate::cues::{Cue, CueHit, inside};

/// One line that holds a letter or digit.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its words, without white space or quotation bars at either end.
    pub span: Range<usize>,
    /// How many characters stand before them.
    pub indent: usize,
    /// How many characters it has.
    pub width: usize,
    /// Whether a blank line, or a line of mere dashes, stands before it.
    pub apart: bool,
    /// Whether a quotation bar stood in front of it.
    pub quoted: bool,
    /// Whether it is a table's row, its outer bars and number left out.
    pub row: bool,
    /// Its cues.
    pub cues: Range<usize>,
}

/// The lines of a message.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The applicant's own words.
    pub own: Vec<Line>,
    /// What is repeated or added below them.
    pub earlier: Vec<Line>,
}

impl Lines {
    /// Whether the applicant's own words only send or chase again what stands below them.
    pub fn repeat(&self, cues: &[CueHit]) -> bool {
        !self.earlier.is_empty()
            && self
                .own
                .iter()
                .any(|line| line.hits(cues).iter().any(|hit| hit.cue == Cue::Repeats))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Own,
    Earlier,
    /// The applicant's words inside an earlier message: "Your message was:".
    Repeated,
}

/// The most words that a line has which only says whose words follow.
const SHORT: usize = 6;

/// Reads the lines of a body.
pub(super) fn read(body: &str, cues: &[CueHit]) -> Lines {
    let all = all(body, cues);
    let mut lines = Lines::default();
    let mut voice = Voice::Own;
    let mut apart = true;
    // Whether lines with bars stand above since the earlier message began: an answer may stand below them.
    let mut barred = false;
    let mut index: usize = 0;
    while let Some(line) = all.get(index) {
        // "From: … Sent: … Subject: …" is repeated above a message and asks nothing.
        let header = all
            .get(index..)
            .unwrap_or(&[])
            .iter()
            .take_while(|line| line.opens(cues, Cue::MailHeader))
            .count();
        if header > 1 {
            if !lines.own.is_empty() && voice == Voice::Own {
                voice = Voice::Earlier;
            }
            apart = true;
            index = index.saturating_add(header);
            continue;
        }
        index = index.saturating_add(1);
        let text = slice(body, line.span.clone());
        let words = || text.split_whitespace().count();
        let has = |cue: Cue| line.hits(cues).iter().any(|hit| hit.cue == cue);
        let turns = if has(Cue::EarlierMessage) && opens_earlier(text, words) {
            Some(Voice::Earlier)
        } else {
            match voice {
                // "3. What is the company number of each?" is no footer.
                Voice::Own
                    if has(Cue::Footer)
                        && words() > 2
                        && !text.ends_with('?')
                        && markers::read(text).is_none_or(|marker| marker.weak) =>
                {
                    Some(if lines.own.is_empty() {
                        Voice::Own
                    } else {
                        Voice::Earlier
                    })
                }
                Voice::Earlier if has(Cue::OwnMessage) && words() <= SHORT => Some(Voice::Repeated),
                Voice::Repeated if has(Cue::EndOfMessage) || has(Cue::Footer) => {
                    Some(Voice::Earlier)
                }
                _ => None,
            }
        };
        if let Some(next) = turns {
            voice = next;
            apart = true;
            barred = false;
            continue;
        }
        if barred && voice == Voice::Earlier && line.apart && !line.quoted {
            voice = Voice::Own;
        }
        barred = voice == Voice::Earlier && (barred || line.quoted);
        let apart = std::mem::replace(&mut apart, false);
        let line = Line {
            apart: line.apart || apart,
            ..line.clone()
        };
        if voice == Voice::Earlier || (voice == Voice::Own && line.quoted) {
            lines.earlier.push(line);
        } else {
            lines.own.push(line);
        }
    }
    lines
}

/// Every line that holds a letter or digit.
fn all(body: &str, cues: &[CueHit]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(body.len() / 64);
    // Every byte is looked at, so that many are at once.
    let celled = body.bytes().fold(false, |found, byte| {
        found | (byte == b'|') | (byte == b'\t')
    });
    let mut apart = true;
    let mut offset: usize = 0;
    let mut cursor: usize = 0;
    // How many rows of a table stand above, and whether the latest is still to be filled in.
    let mut in_table: usize = 0;
    let mut open: Option<bool> = None;
    // The cells of the first row of a table, and whether its columns are what is asked of each row.
    let mut header: Vec<Range<usize>> = Vec::new();
    let mut columns = false;
    let mut raws = body.split_inclusive('\n').peekable();
    while let Some(raw) = raws.next() {
        let whole = offset..offset.saturating_add(raw.len());
        offset = whole.end;
        let first = cursor;
        while cues.get(cursor).is_some_and(|hit| hit.start < whole.end) {
            cursor = cursor.saturating_add(1);
        }
        let bare = trimmed(body, whole.clone());
        // A line with bars or tabs inside is a row if another such line is next to it.
        let loose = celled
            && cell_sign(raw).is_some()
            && (in_table > 0 || raws.peek().is_some_and(|next| cell_sign(next).is_some()));
        let row = row(body, &bare, raw, loose);
        let (span, quoted) = match &row {
            Some(row) => (row.span.clone(), false),
            None => without_bars(body, bare.clone()),
        };
        let item = slice(body, span.clone()).starts_with("<li");
        let span = without_tags(body, span);
        let text = slice(body, span.clone());
        if text.contains(char::is_alphanumeric) {
            // The names of the columns stand over rows that are still to be filled in.
            let titles = std::mem::replace(&mut open, row.as_ref().map(|row| row.open));
            columns &= row.is_some();
            if columns {
                in_table = in_table.saturating_add(1);
                continue;
            }
            if titles == Some(false) && open == Some(true) && in_table == 1 {
                let title = lines.pop();
                let asked = row
                    .as_ref()
                    .map_or_else(Vec::new, |row| asked_columns(body, cues, &header, row));
                if let Some(title) = title.filter(|_| asked.len() > 1) {
                    columns = true;
                    in_table = 2;
                    lines.extend(asked.into_iter().map(|span| Line {
                        width: slice(body, span.clone()).chars().count(),
                        span,
                        ..title.clone()
                    }));
                    continue;
                }
            }
            if in_table == 0 {
                header = row.as_ref().map_or_else(Vec::new, |row| row.cells.clone());
            }
            in_table = if row.is_some() {
                in_table.saturating_add(1)
            } else {
                0
            };
            lines.push(Line {
                indent: slice(body, whole.start..span.start).chars().count(),
                width: text.chars().count(),
                span,
                apart: std::mem::replace(&mut apart, false),
                quoted,
                row: row.is_some() || item,
                cues: first..cursor,
            });
        } else if slice(body, bare).starts_with('|') {
            // "|---|---|" below the names of the columns.
            if in_table == 1 {
                lines.pop();
            }
            in_table = 2;
            open = None;
        } else {
            apart = true;
            in_table = 0;
            columns = false;
        }
    }
    lines
}

/// A table's row in plain text.
struct Row {
    /// From its first cell with words to its last.
    span: Range<usize>,
    /// Whether its last cell is still to be filled in.
    open: bool,
    /// All its cells, the empty ones too.
    cells: Vec<Range<usize>>,
}

/// The columns of a table that are what is asked of each row: those that a row leaves empty, two or more, with particulars
/// for names: "Supplier", "Contract end date".
fn asked_columns(
    body: &str,
    cues: &[CueHit],
    header: &[Range<usize>],
    row: &Row,
) -> Vec<Range<usize>> {
    let asks = |hit: &CueHit| matches!(hit.cue, Cue::Wanted | Cue::QuestionWord | Cue::Quantity);
    let names = |hit: &CueHit| asks(hit) || matches!(hit.cue, Cue::Deal | Cue::Price);
    if header.len() != row.cells.len() || inside(cues, &row.span).any(asks) {
        return Vec::new();
    }
    let empty = |cell: &Range<usize>| !holds_words(body, cell);
    let columns: Vec<Range<usize>> = header
        .iter()
        .zip(&row.cells)
        .filter(|(name, cell)| empty(cell) && !empty(name))
        .map(|(name, _)| name.clone())
        .collect();
    let particular = columns.iter().any(|name| inside(cues, name).any(names));
    if particular { columns } else { Vec::new() }
}

/// The row that a line is: "| 1 | Number of servers | |". One with figures in it tells rather than asks.
///
/// A row without bars at its ends is one only among others, `loose`; `raw` still has the tabs at its end.
fn row(body: &str, line: &Range<usize>, raw: &str, loose: bool) -> Option<Row> {
    let barred = slice(body, line.clone())
        .strip_prefix('|')
        .and_then(|inner| inner.strip_suffix('|'))
        .filter(|inner| inner.contains('|'));
    let (inner, sign, from) = match barred {
        Some(inner) => (inner, '|', line.start.saturating_add(1)),
        None if loose => {
            let end = line.start.saturating_add(raw.trim_start().len());
            let inner = slice(body, line.start..end).trim_end_matches(['\r', '\n', ' ']);
            (inner, cell_sign(raw)?, line.start)
        }
        None => return None,
    };
    let mut at = from;
    let mut every: Vec<Range<usize>> = Vec::new();
    for cell in inner.split(sign) {
        let own = trimmed(body, at..at.saturating_add(cell.len()));
        at = at.saturating_add(cell.len()).saturating_add(1);
        every.push(own);
    }
    let cells: Vec<&Range<usize>> = every
        .iter()
        .filter(|cell| holds_words(body, cell))
        .collect();
    let figures = |cell: &Range<usize>| !slice(body, cell.clone()).contains(char::is_alphabetic);
    let first = cells.first()?;
    let numbered = cells.len() > 1
        && (figures(first)
            || markers::read(slice(body, Range::clone(first)))
                .is_some_and(|marker| marker.end >= first.len()));
    let worded = cells.get(usize::from(numbered)..)?;
    if worded.iter().any(|cell| figures(cell)) {
        return None;
    }
    Some(Row {
        span: worded.first()?.start..worded.last()?.end,
        open: every.last().is_some_and(Range::is_empty),
        cells: every,
    })
}

fn holds_words(body: &str, cell: &Range<usize>) -> bool {
    slice(body, cell.clone()).contains(char::is_alphanumeric)
}

impl Line {
    fn hits<'c>(&self, cues: &'c [CueHit]) -> &'c [CueHit] {
        cues.get(self.cues.clone()).unwrap_or(&[])
    }

    fn opens(&self, cues: &[CueHit], cue: Cue) -> bool {
        self.hits(cues)
            .iter()
            .any(|hit| hit.cue == cue && hit.start == self.span.start)
    }
}

/// What parts the cells of a line that has no bars at its ends: "Supplier | Name", or a tab.
fn cell_sign(raw: &str) -> Option<char> {
    let text = raw.trim_start();
    let barred =
        !text.starts_with('|') && (text.contains(" | ") || text.trim_end().ends_with(" |"));
    if barred {
        // More columns are a matrix, whose rows ask nothing.
        return (text.matches('|').count() <= 2).then_some('|');
    }
    (matches!(text.matches('\t').count(), 1 | 2)
        && text.trim_end_matches(['\r', '\n', ' ']).contains('\t'))
    .then_some('\t')
}

/// The span without the tags of a line of HTML at either end.
fn without_tags(body: &str, span: Range<usize>) -> Range<usize> {
    let mut span = span;
    loop {
        let text = slice(body, span.clone());
        let opening = text
            .strip_prefix('<')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
            .and_then(|rest| rest.find('>'));
        if let Some(end) = opening {
            span = trimmed(
                body,
                span.start.saturating_add(end).saturating_add(2)..span.end,
            );
            continue;
        }
        let closing = text
            .ends_with('>')
            .then(|| text.rfind('<'))
            .flatten()
            .filter(|at| {
                text.get(at.saturating_add(1)..).is_some_and(|tag| {
                    tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
                })
            });
        match closing {
            Some(at) => span = trimmed(body, span.start..span.start.saturating_add(at)),
            None => return span,
        }
    }
}

/// The span without the bars that mail programs put in front of quoted lines, and whether there were any.
fn without_bars(body: &str, span: Range<usize>) -> (Range<usize>, bool) {
    let text = slice(body, span.clone());
    let rest = text.trim_start_matches(['>', '|', ' ', '\t', '\u{a0}']);
    let bars = text.len().saturating_sub(rest.len());
    let lead = text.get(..bars).unwrap_or("");
    // A table's row starts with a bar too, and has more of them.
    let quoted = lead.contains('>') || (lead.contains('|') && !rest.contains('|'));
    if quoted {
        (span.start.saturating_add(bars)..span.end, true)
    } else {
        (span, false)
    }
}

/// "-----Original Message-----", "On Monday Jo wrote:", "Begin forwarded message:".
fn opens_earlier(text: &str, words: impl Fn() -> usize) -> bool {
    // One dash is a bullet.
    let rule = text
        .chars()
        .take_while(|c| matches!(c, '-' | '_' | '=' | '*' | '–' | '—'))
        .count();
    rule > 1 || (text.ends_with(':') && words() <= 30)
}
