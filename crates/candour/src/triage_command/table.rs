//! Questions and proposals for a person to read.

use std::fmt::Write;

use casework::explanation::because;
use casework::proposal::{Kind, Proposal};
use triage::{Finding, Question, Scope};

use super::{Triage, shortened, words};
use crate::intake::Request;

/// Proposals stated below this are worth a look first.
const UNSURE: f32 = 0.75;

impl Triage<'_> {
    /// A readable table: a line a question, its words with the evidence marked, and why. The least sure are named first.
    pub(super) fn table(&self, request: &Request, found: &[(Question, Proposal)]) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = self.write(&mut text, request, found);
        text
    }

    fn write(
        &self,
        out: &mut String,
        request: &Request,
        found: &[(Question, Proposal)],
    ) -> std::fmt::Result {
        writeln!(
            out,
            "{}: {} question{}",
            request.id,
            found.len(),
            if found.len() == 1 { "" } else { "s" }
        )?;
        if found.is_empty() {
            writeln!(
                out,
                "  Nothing in this text reads as a question. If the applicant wants something, ask what (FOIA s.1(3), s.16)."
            )?;
        }
        let mut unsure: Vec<&(Question, Proposal)> = found
            .iter()
            .filter(|(_, proposal)| proposal.confidence < UNSURE)
            .collect();
        unsure.sort_by(|(_, one), (_, other)| one.confidence.total_cmp(&other.confidence));
        if !unsure.is_empty() {
            let labels: Vec<String> = unsure
                .iter()
                .map(|(question, proposal)| {
                    format!("{} ({})", question.label, percent(proposal.confidence))
                })
                .collect();
            writeln!(out, "  Look at these first: {}", labels.join(", "))?;
        }
        for (question, proposal) in found {
            writeln!(
                out,
                "  {:<6} {:<10} {:<9} {:>4}  {}",
                question.label,
                proposal.kind.as_str(),
                proposal.category.as_deref().unwrap_or("none"),
                percent(proposal.confidence),
                marked(&request.body, question, proposal, self.highlight),
            )?;
            let provisions = proposal
                .provisions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            let provisions = if provisions.is_empty() || proposal.kind == Kind::Open {
                String::new()
            } else {
                format!(" [{provisions}]")
            };
            writeln!(
                out,
                "         because it {}{provisions}",
                because(
                    &self.loaded.policy,
                    self.vocabulary,
                    words(request),
                    question,
                    proposal
                )
            )?;
            for suggestion in &proposal.suggestions {
                let words = request.body.get(suggestion.span.clone()).unwrap_or("");
                writeln!(
                    out,
                    "         look at {} as well: {} (‘{}’)",
                    suggestion.provision,
                    suggestion.because,
                    shortened(words)
                )?;
            }
            if self.explain {
                self.trace(out, request, question, proposal)?;
            }
        }
        writeln!(out)
    }

    /// Every rule that spoke, where its words stand, and what the confidence rests on.
    fn trace(
        &self,
        out: &mut String,
        request: &Request,
        question: &Question,
        proposal: &Proposal,
    ) -> std::fmt::Result {
        let slice =
            |span: &std::ops::Range<usize>| shortened(request.body.get(span.clone()).unwrap_or(""));
        let Question { span, .. } = question;
        writeln!(out, "           question {}..{}", span.start, span.end)?;
        if let Some(stem) = &question.stem {
            writeln!(
                out,
                "           completes {}..{} ‘{}’",
                stem.start,
                stem.end,
                slice(stem)
            )?;
        }
        if let Some(heading) = &question.heading {
            writeln!(
                out,
                "           heading {}..{} ‘{}’",
                heading.start,
                heading.end,
                slice(heading)
            )?;
        }
        for (what, findings) in [
            ("subject", &question.subjects),
            ("information", &question.information),
            ("against", &question.exclusions),
        ] {
            for found in findings {
                self.finding(out, request, what, found)?;
            }
        }
        let confidence = &self.loaded.policy.confidence;
        write!(
            out,
            "           {} rests on {:+.2}",
            percent(proposal.confidence),
            confidence.base()
        )?;
        for ground in &proposal.grounds {
            write!(out, " {:+.2} {}", confidence.weight(*ground), ground.id())?;
        }
        writeln!(out)
    }

    fn finding(
        &self,
        out: &mut String,
        request: &Request,
        what: &str,
        found: &Finding,
    ) -> std::fmt::Result {
        writeln!(
            out,
            "           {what} {:.2} {} {}..{} ‘{}’ [{}]",
            found.weight,
            place(found.scope),
            found.span.start,
            found.span.end,
            words(request).of(found),
            found.rule,
        )
    }
}

/// Where words stand, as one word.
pub(super) fn place(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "question",
        Scope::Stem => "stem",
        Scope::Heading => "heading",
        Scope::Previous => "previous-question",
        Scope::Request => "request",
        Scope::SubjectLine => "subject-line",
    }
}

fn percent(share: f32) -> String {
    format!("{:.0}%", f64::from(share) * 100.0)
}

fn marked(body: &str, question: &Question, proposal: &Proposal, highlight: bool) -> String {
    let words = body.get(question.span.clone()).unwrap_or("");
    if !highlight {
        return shortened(words);
    }
    let mut spans: Vec<_> = proposal
        .evidence
        .iter()
        .filter(|evidence| {
            evidence.span.start >= question.span.start && evidence.span.end <= question.span.end
        })
        .map(|evidence| evidence.span.clone())
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let (mut text, mut at) = (String::new(), question.span.start);
    for span in spans {
        if span.start < at {
            continue;
        }
        text.push_str(body.get(at..span.start).unwrap_or(""));
        text.push_str("\u{1b}[1;4m");
        text.push_str(body.get(span.clone()).unwrap_or(""));
        text.push_str("\u{1b}[0m");
        at = span.end;
    }
    text.push_str(body.get(at..question.span.end).unwrap_or(""));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
