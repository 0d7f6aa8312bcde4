//! Sums as people write them in registers: "£1,200", "658k", "16,367pa", "£50k-£100k" (which is none).

use crate::register::contract::{Pence, ValueBasis};
use crate::register::layout::Cells;
use crate::register::problem::Kind;
use crate::register::words::{folded, holds};

/// A sum that was read, or why it wasn't; with what there is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub sum: Option<Pence>,
    /// What the cell itself says of its basis.
    pub basis: Option<ValueBasis>,
    pub kinds: Vec<Kind>,
}

impl Reading {
    fn none(kind: Kind) -> Self {
        Self {
            kinds: vec![kind],
            ..Self::default()
        }
    }
}

/// How many pounds one of a column's figures is, from its title: 1000 for "Value (£000)".
#[must_use]
pub fn unit(title: &str) -> f64 {
    let title = folded(title).replace(['\'', ' '], "");
    let any = |marks: &[&str]| marks.iter().any(|mark| title.contains(mark));
    if any(&["£000", "(000", "£k", "(k)", "thousand", "000s"]) {
        1000.0
    } else if any(&["£m)", "(£m", "(m)", "million"]) || title.ends_with("£m") {
        1_000_000.0
    } else {
        1.0
    }
}

/// The sum of a spreadsheet's number.
#[must_use]
pub fn of_number(number: f64, unit: f64) -> Reading {
    let pence = (number * unit * 100.0).round();
    if number < 0.0 {
        return Reading::none(Kind::NegativeValue);
    }
    if !pence.is_finite() || pence > 1e17 {
        return Reading::none(Kind::ValueNotNumber);
    }
    Reading {
        sum: Some(Pence(pence as i64)),
        basis: None,
        kinds: if pence == 0.0 {
            vec![Kind::ValueZero]
        } else {
            Vec::new()
        },
    }
}

struct Figure {
    pounds: f64,
    abbreviated: bool,
    scientific: bool,
    /// Whether its point may part thousands: three digits after it and at most three before.
    is_doubtful: bool,
}

/// Reads a sum from a cell's words.
#[must_use]
pub fn read(text: &str, cells: &Cells, unit: f64) -> Reading {
    let text = folded(text).replace('£', " ").replace("gbp", " ");
    let text = lengths_in_figures(&folded(&text));
    if cells.other_currencies.iter().any(|currency| {
        holds(&text, currency)
            || (!currency.is_ascii() || currency == "$") && text.contains(currency.as_str())
    }) && text.bytes().any(|byte| byte.is_ascii_digit())
    {
        return Reading::none(Kind::NotSterling);
    }
    let Some((figures, rest)) = figures(&text) else {
        return Reading::none(Kind::ValueNotNumber);
    };
    let mut basis = None;
    let mut rest = rest;
    for length in [
        " over # years",
        " over # year",
        " for # years",
        " over # months",
        " (# years)",
        " (# year)",
        " over # yrs",
    ] {
        if rest.contains(length) {
            rest = rest.replace(length, " ");
            basis = Some(ValueBasis::Total);
        }
    }
    let count = rest.matches('#').count();
    let range = cells.range_words.iter().any(|word| holds(&rest, word))
        || rest.contains(['<', '>'])
        || rest.contains("#+");
    if range && (count > 0 || holds(&rest, "band")) {
        return Reading::none(Kind::ValueRange);
    }
    if count == 2 {
        let between = rest
            .split_once('#')
            .and_then(|(_, after)| after.split_once('#'))
            .map_or("", |(between, _)| between.trim());
        return Reading::none(if matches!(between, "-" | "–" | "—" | "to" | "and" | "/") {
            Kind::ValueRange
        } else {
            Kind::ValueNotNumber
        });
    }
    let (1, Some(figure)) = (count, figures.first()) else {
        return Reading::none(Kind::ValueNotNumber);
    };
    // "5%" is no sum, and "25.000" may be 25 pounds or 25 thousand.
    if rest.contains('%') || figure.is_doubtful && unit == 1.0 {
        return Reading::none(Kind::ValueNotNumber);
    }
    if let Some(shorter) = without(&rest, &cells.annual_words) {
        basis = Some(ValueBasis::AnnualEstimate);
        rest = shorter;
    }
    if let Some(shorter) = without(&rest, &cells.whole_words) {
        basis = basis.or(Some(ValueBasis::Total));
        rest = shorter;
    }
    for words in [&cells.vat_words, &cells.about_words] {
        rest = without(&rest, words).unwrap_or(rest);
    }
    let rest = rest.replace(' ', "");
    let negative = rest.starts_with("-#") || rest == "(#)" || rest == "#-";
    if rest.chars().any(char::is_alphabetic) {
        return Reading::none(Kind::ValueNotNumber);
    }
    if negative {
        return Reading::none(Kind::NegativeValue);
    }
    let factor = if figure.abbreviated { 1.0 } else { unit };
    let mut reading = of_number(figure.pounds * factor, 1.0);
    if figure.abbreviated {
        reading.kinds = vec![Kind::AbbreviatedNumber];
    }
    if figure.scientific {
        reading.kinds.push(Kind::ScientificNotation);
    }
    if basis.is_some() {
        reading.kinds.push(Kind::ValueBasisInCell);
    }
    reading.basis = basis;
    reading
}

/// "over four years" as "over 4 years": lengths of time stand in figures before the figures are counted.
fn lengths_in_figures(text: &str) -> String {
    const NUMBERS: [&str; 10] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    if !["year", "yr", "month"]
        .iter()
        .any(|unit| text.contains(unit))
    {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let is_length = words.get(at.saturating_add(1)).is_some_and(|next| {
            ["year", "yr", "month"]
                .iter()
                .any(|unit| next.starts_with(unit))
        });
        let number = NUMBERS.iter().position(|number| number == word);
        out.push(match number.filter(|_| is_length) {
            Some(number) => number.saturating_add(1).to_string(),
            None => (*word).to_owned(),
        });
    }
    out.join(" ")
}

/// The text without the first of the phrases that it holds as whole words, longest first; `None` if it holds none.
fn without(text: &str, phrases: &[String]) -> Option<String> {
    let phrase = phrases
        .iter()
        .filter(|phrase| {
            holds(text, phrase) || phrase.starts_with('/') && text.contains(phrase.as_str())
        })
        .max_by_key(|phrase| phrase.len())?;
    Some(text.replacen(phrase.as_str(), " ", 1))
}

/// The figures of a text, and the text with `#` for each; `None` if a run of digits is no figure.
fn figures(text: &str) -> Option<(Vec<Figure>, String)> {
    let mut figures = Vec::new();
    let mut rest = String::new();
    let mut left = text;
    while let Some(at) = left.find(|c: char| c.is_ascii_digit()) {
        rest.push_str(left.get(..at)?);
        left = left.get(at..)?;
        let end = left
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.'))
            .unwrap_or(left.len());
        let mut run = left.get(..end)?.to_owned();
        left = left.get(end..)?;
        // "1 234 567"
        let mut joined = run.len() <= 3 && run.bytes().all(|byte| byte.is_ascii_digit());
        while joined
            && let Some(group) = left.strip_prefix(' ')
            && let Some(digits) = group.get(..3)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !group
                .get(3..)
                .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        {
            joined = run.len() < 13;
            run.push_str(digits);
            left = group.get(3..).unwrap_or("");
        }
        let run = run.trim_end_matches([',', '.']);
        let mut pounds = plain_figure(run)?;
        let parts_thousands = run
            .split_once('.')
            .is_some_and(|(whole, part)| whole.len() <= 3 && whole != "0" && part.len() == 3);
        let mut scientific = false;
        if let Some(power) = left.strip_prefix('e') {
            let digits = power.trim_start_matches('+');
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(digits.len());
            if let Some(power) = digits
                .get(..end)
                .and_then(|digits| digits.parse::<i32>().ok())
            {
                pounds *= 10f64.powi(power.min(15));
                scientific = true;
                left = digits.get(end..)?;
            }
        }
        let word_end = |text: &str| {
            text.find(|c: char| !c.is_alphabetic())
                .unwrap_or(text.len())
        };
        let spaced = left.strip_prefix(' ').unwrap_or(left);
        let word = spaced.get(..word_end(spaced))?;
        let factor = match word {
            "k" | "thousand" => Some(1e3),
            "m" | "mn" | "mil" | "million" => Some(1e6),
            "bn" | "billion" => Some(1e9),
            _ => None,
        };
        if let Some(factor) = factor {
            pounds *= factor;
            left = spaced.get(word.len()..)?;
        }
        figures.push(Figure {
            pounds,
            abbreviated: factor.is_some(),
            scientific,
            is_doubtful: parts_thousands && factor.is_none() && !scientific,
        });
        rest.push('#');
        // "16,367pa"
        if left.starts_with(char::is_alphabetic) {
            rest.push(' ');
        }
    }
    rest.push_str(left);
    Some((figures, rest))
}

/// "1,234.50" as a number: commas only between groups of three, one point at most.
fn plain_figure(run: &str) -> Option<f64> {
    let (whole, part) = run.split_once('.').unwrap_or((run, ""));
    if part.contains([',', '.']) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut has_groups = false;
    for group in groups {
        has_groups = true;
        if group.len() != 3 {
            return None;
        }
    }
    if has_groups && (first.is_empty() || first.len() > 3) {
        return None;
    }
    run.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Layout;

    fn layout() -> Layout {
        Layout::parse(include_str!("../../../../data/register/layout.toml")).unwrap()
    }

    #[test]
    fn sums_in_every_form_that_registers_have() {
        let layout = layout();
        for (text, sum) in [
            ("£110,715.14", "110715.14"),
            (" £ 1,027,957.00 ", "1027957.00"),
            ("78,706.00", "78706.00"),
            ("1000000", "1000000.00"),
            ("43077.6", "43077.60"),
            ("803459.1899999999", "803459.19"),
            ("1 234 567", "1234567.00"),
            ("GBP 5,000", "5000.00"),
            ("circa £50,000", "50000.00"),
            ("c. £50,000", "50000.00"),
            ("£50,000 + VAT", "50000.00"),
            ("£50,000 (ex VAT)", "50000.00"),
            ("£9,999.", "9999.00"),
            ("£900,000 (estimate)", "900000.00"),
            ("0.125", "0.13"),
            ("45678.125", "45678.13"),
        ] {
            let read = read(text, &layout.cells, 1.0);
            assert_eq!(
                (
                    read.sum.map(|sum| sum.to_string()).as_deref(),
                    read.basis,
                    read.kinds
                ),
                (Some(sum), None, Vec::new()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_a_cell_says_beside_the_figure_is_heard() {
        use ValueBasis::{AnnualEstimate, Total};
        let layout = layout();
        let abbreviated = vec![Kind::AbbreviatedNumber];
        let basis = vec![Kind::ValueBasisInCell];
        for (text, sum, said, kinds) in [
            ("£658k", "658000.00", None, abbreviated.clone()),
            ("0.0m", "0.00", None, abbreviated.clone()),
            ("£1.2 million", "1200000.00", None, abbreviated),
            ("£16,367pa", "16367.00", Some(AnnualEstimate), basis.clone()),
            (
                "£18,492 per annum",
                "18492.00",
                Some(AnnualEstimate),
                basis.clone(),
            ),
            (
                "£12,930 p.a.",
                "12930.00",
                Some(AnnualEstimate),
                basis.clone(),
            ),
            (
                "£84,445 per year",
                "84445.00",
                Some(AnnualEstimate),
                basis.clone(),
            ),
            (
                "£45,000 over 3 years",
                "45000.00",
                Some(Total),
                basis.clone(),
            ),
            (
                "£45,000 over four years",
                "45000.00",
                Some(Total),
                basis.clone(),
            ),
            (
                "£25,000/annum",
                "25000.00",
                Some(AnnualEstimate),
                basis.clone(),
            ),
            ("£45,000 total", "45000.00", Some(Total), basis),
            ("9.30E+04", "93000.00", None, vec![Kind::ScientificNotation]),
            ("£0.00", "0.00", None, vec![Kind::ValueZero]),
        ] {
            let read = read(text, &layout.cells, 1.0);
            assert_eq!(
                (
                    read.sum.map(|sum| sum.to_string()).as_deref(),
                    read.basis,
                    read.kinds
                ),
                (Some(sum), said, kinds),
                "{text}"
            );
        }
    }

    #[test]
    fn no_figure_is_made_up() {
        let layout = layout();
        for (text, kind) in [
            ("£50k-£100k", Kind::ValueRange),
            ("£5,000 to £25,000", Kind::ValueRange),
            ("£50,000 - £100,000", Kind::ValueRange),
            ("Up to £40,000", Kind::ValueRange),
            ("< £10,000", Kind::ValueRange),
            ("£100k+", Kind::ValueRange),
            ("Band C", Kind::ValueRange),
            ("-12500", Kind::NegativeValue),
            ("-£250.50", Kind::NegativeValue),
            ("(£12,500.00)", Kind::NegativeValue),
            ("€ 14,000.00", Kind::NotSterling),
            ("14,000 EUR", Kind::NotSterling),
            ("Various", Kind::ValueNotNumber),
            ("Nil cost to council", Kind::ValueNotNumber),
            ("£1,000 per month", Kind::ValueNotNumber),
            ("12.500,00", Kind::ValueNotNumber),
            ("10,00", Kind::ValueNotNumber),
            ("£20,000 plus call-offs", Kind::ValueNotNumber),
            ("2 lots at £5,000", Kind::ValueNotNumber),
            ("£25.000", Kind::ValueNotNumber),
            ("1.250", Kind::ValueNotNumber),
            ("5%", Kind::ValueNotNumber),
            ("2.5% of spend", Kind::ValueNotNumber),
        ] {
            let read = read(text, &layout.cells, 1.0);
            assert_eq!((read.sum, read.kinds), (None, vec![kind]), "{text}");
        }
    }

    #[test]
    fn titles_say_the_unit() {
        for (title, expected) in [
            ("Value (£000)", 1e3),
            ("Value £'000", 1e3),
            ("Contract value (£k)", 1e3),
            ("Value in thousands", 1e3),
            ("Total £m", 1e6),
            ("Value (£m)", 1e6),
            ("Value (£)", 1.0),
            ("Estimated contract value", 1.0),
        ] {
            assert_eq!(unit(title), expected, "{title}");
        }
        assert_eq!(
            read("12.5", &layout().cells, 1000.0).sum,
            Some(Pence(1_250_000))
        );
        // In a column of thousands three places are single pounds.
        assert_eq!(
            read("120.525", &layout().cells, 1000.0).sum,
            Some(Pence(12_052_500))
        );
    }
}
