//! The provisions that a notice cites: which it relies on, and which it merely mentions.

use std::ops::Range;

use law::{Act, Provision, Statute};

use super::cue::Cue;
use super::reading::{Reading, Voice};

/// What a cited provision does in the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It exempts the content of information, FOIA s.2(2), or excepts it, EIR reg.12(1).
    Content,
    /// It excludes the duty to confirm or deny, FOIA s.2(1).
    ConfirmOrDeny,
    /// It is the matter that such a provision protects: "31(3) by virtue of 31(1)(a)".
    Matter,
    /// It lets the authority refuse the request: FOIA s.12 or s.14.
    Refusal,
    /// It is mentioned, but not relied on.
    Mention,
}

impl Role {
    /// The word of the interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::ConfirmOrDeny => "confirm_or_deny",
            Self::Matter => "matter",
            Self::Refusal => "refusal",
            Self::Mention => "mention",
        }
    }
}

/// One place where a provision is cited.
#[derive(Clone, Debug)]
pub(super) struct Cited {
    pub provision: Provision,
    /// The bytes that cite it.
    pub span: Range<usize>,
    /// The sentence they stand in.
    pub sentence: usize,
    pub role: Role,
    /// A sentence about the Act says what it provides, without a claim.
    pub described: bool,
}

impl Cited {
    pub fn relied(&self) -> bool {
        self.role != Role::Mention
    }
}

/// Parts of sections that support an exemption and exempt nothing themselves.
const SUPPORTING: &[&str] = &[
    "FOIA s.12(3)",
    "FOIA s.12(4)",
    "FOIA s.21(2)",
    "FOIA s.21(3)",
    "FOIA s.23(2)",
    "FOIA s.23(3)",
    "FOIA s.24(3)",
    "FOIA s.31(2)",
    "FOIA s.36(4)",
    "FOIA s.36(5)",
    "FOIA s.36(6)",
    "FOIA s.36(7)",
    "FOIA s.40(6)",
    "FOIA s.40(7)",
    "FOIA s.40(8)",
    "FOIA s.35(2)",
    "FOIA s.35(4)",
    "FOIA s.35(5)",
    "FOIA s.27(3)",
    "FOIA s.27(5)",
    "FOIA s.30(4)",
    "FOIA s.30(5)",
    "FOIA s.26(2)",
    "FOIA s.34(3)",
    "FOIA s.22(1)(c)",
];

/// Every citation of the notice with its role.
pub(super) fn cited(reading: &Reading<'_>, statute: &Statute) -> Vec<Cited> {
    let supporting: Vec<Provision> = SUPPORTING
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let mut all: Vec<Cited> = Vec::new();
    for citation in law::find_bare_citations(reading.source) {
        if reading
            .text
            .gaps
            .iter()
            .any(|gap| gap.span.contains(&citation.span.start))
        {
            continue;
        }
        let at = reading
            .text
            .sentences
            .partition_point(|sentence| sentence.span.start <= citation.span.start);
        let Some(sentence) = at.checked_sub(1) else {
            continue;
        };
        all.push(Cited {
            provision: under_the_regulations(citation.provision),
            span: citation.span,
            sentence,
            role: Role::Mention,
            described: false,
        });
    }
    let roles: Vec<(Role, bool)> = (0..all.len())
        .map(|index| judge(reading, statute, &supporting, &all, index))
        .collect();
    for (cited, (role, described)) in all.iter_mut().zip(roles) {
        cited.role = role;
        cited.described = described;
    }
    settle(reading, statute, &mut all);
    all
}

/// "Section 12(5)(e)" is a slip for regulation 12(5)(e): section 12 of the Act has no such part.
fn under_the_regulations(provision: Provision) -> Provision {
    let parts: Vec<&str> = provision.parts().iter().map(String::as_str).collect();
    let exception = provision.act() == Act::Foia
        && provision.section() == "12"
        && matches!(parts.as_slice(), ["4" | "5", letter, ..] if letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase()));
    if exception {
        let spelled: String = parts.iter().map(|part| format!("({part})")).collect();
        format!("EIR reg.12{spelled}").parse().unwrap_or(provision)
    } else {
        provision
    }
}

/// Whether a provision is one that a refusal can rest on.
fn refusing(provision: &Provision, statute: &Statute) -> bool {
    match provision.act() {
        Act::Foia => {
            matches!(provision.section().as_str(), "12" | "14")
                || statute.exemption(provision).is_some()
        }
        Act::Foisa | Act::Instrument(..) => false,
        Act::Eir => {
            matches!(provision.section().as_str(), "12" | "13") && !provision.parts().is_empty()
        }
    }
}

/// The role of one citation from its own sentence, and whether the sentence merely describes the provision.
fn judge(
    reading: &Reading<'_>,
    statute: &Statute,
    supporting: &[Provision],
    all: &[Cited],
    index: usize,
) -> (Role, bool) {
    let mention = (Role::Mention, false);
    let Some(this) = all.get(index) else {
        return mention;
    };
    if !refusing(&this.provision, statute)
        || supporting.iter().any(|part| this.provision.is_within(part))
    {
        return mention;
    }
    let words = words_of(reading, this);
    let i = this.sentence;
    if named_otherwise(reading, i, &words)
        || negated(reading, all, index, &words)
        || hypothetical(reading, i, &words)
        || of_guidance(reading, &words)
    {
        return mention;
    }
    let described = match reading.voices.get(i) {
        Some(Voice::Applicant | Voice::Tally | Voice::Earlier | Voice::Guidance) | None => {
            return mention;
        }
        // "Section 12 of the Act says that …": the provision described stands at the head; those inside are mentions.
        Some(Voice::Act) => {
            let head = reading
                .sentence(i)
                .is_some_and(|sentence| words.start.saturating_sub(sentence.words.start) <= 4);
            let first = !all.iter().take(index).any(|other| other.sentence == i);
            if !(head && first) {
                return mention;
            }
            true
        }
        Some(Voice::Authority) => false,
    };
    (role_of(reading, statute, all, index, &words), described)
}

fn role_of(
    reading: &Reading<'_>,
    statute: &Statute,
    all: &[Cited],
    index: usize,
    words: &Range<usize>,
) -> Role {
    let Some(this) = all.get(index) else {
        return Role::Mention;
    };
    if this.provision.act() == Act::Eir {
        let parts: Vec<&str> = this.provision.parts().iter().map(String::as_str).collect();
        return if matches!(parts.as_slice(), ["6"] | ["5A" | "5B", ..]) {
            Role::ConfirmOrDeny
        } else {
            Role::Content
        };
    }
    let Some(exemption) = statute.exemption(&this.provision) else {
        return Role::Refusal;
    };
    if exemption
        .confirm_or_deny
        .iter()
        .any(|part| this.provision.is_within(part))
    {
        return Role::ConfirmOrDeny;
    }
    // The subsection that 40(5A) and (5B) replaced in 2018 is still cited.
    if this.provision.to_string() == "FOIA s.40(5)" {
        return Role::ConfirmOrDeny;
    }
    // "31(3) by virtue of 31(1)(a)": the matter follows its confirm-or-deny provision in the sentence.
    let excluded_before = all.iter().take(index).any(|other| {
        other.sentence == this.sentence
            && exemption
                .confirm_or_deny
                .iter()
                .any(|part| other.provision.is_within(part))
    });
    let by_virtue = reading.hits(this.sentence, Cue::ByVirtueOf).any(|hit| {
        hit.words.end <= words.start.saturating_add(1)
            && words.start.saturating_sub(hit.words.end) <= 4
    });
    if excluded_before && by_virtue {
        Role::Matter
    } else {
        Role::Content
    }
}

/// The words of a citation, as indices.
fn words_of(reading: &Reading<'_>, cited: &Cited) -> Range<usize> {
    let words = &reading.text.words;
    let start = words.partition_point(|word| word.span.end <= cited.span.start);
    let end = words.partition_point(|word| word.span.start < cited.span.end);
    start..end.max(start)
}

/// "a section 21 notice", "section 42 enquiries": a section of another Act used as a name.
fn named_otherwise(reading: &Reading<'_>, sentence: usize, words: &Range<usize>) -> bool {
    let clause = |word: usize| reading.text.words.get(word).map(|word| word.clause);
    let follows = reading.hits(sentence, Cue::NamedOtherwise).any(|hit| {
        hit.words.start == words.end
            && clause(hit.words.start) == words.end.checked_sub(1).and_then(clause)
    });
    follows
        && !reading
            .hits(sentence, Cue::NamedExemption)
            .any(|hit| clause(hit.words.start) == clause(words.start))
}

/// "section 40 does not apply", "we do not rely on section 40", "whether section 43(2) was engaged … it was not".
fn negated(reading: &Reading<'_>, all: &[Cited], index: usize, words: &Range<usize>) -> bool {
    let Some(this) = all.get(index) else {
        return false;
    };
    let form = |word: usize| reading.text.form(word);
    let others = |between: Range<usize>| {
        all.iter().enumerate().any(|(other, cited)| {
            other != index
                && cited.sentence == this.sentence
                && between.contains(&words_of(reading, cited).start)
                && cited.span != this.span
        })
    };
    reading.hits(this.sentence, Cue::NotRelied).any(|hit| {
        if hit.words.start >= words.end {
            let between = words.end..hit.words.start;
            let about_duty = between.clone().any(|word| {
                matches!(
                    form(word),
                    "duty" | "obligation" | "requirement" | "we" | "you" | "test"
                )
            });
            let weak = matches!(form(hit.words.start), "was" | "were");
            let questioned = (this.span.start > 0)
                && reading.sentence(this.sentence).is_some_and(|sentence| {
                    (sentence.words.start..words.start)
                        .any(|word| matches!(form(word), "whether" | "if" | "considered"))
                });
            between.len() <= 14 && !about_duty && !others(between) && (!weak || questioned)
        } else {
            // "not rely on section 40": right behind; but "does not apply by virtue of section 31(3)" excludes the duty.
            let between = hit.words.end..words.start;
            between.len() <= 4
                && !between.clone().any(|word| {
                    matches!(
                        form(word),
                        "by" | "because" | "under" | "as" | "since" | "virtue" | "of"
                    )
                })
                && (hit.words.start..hit.words.end).any(|word| {
                    form(word).starts_with("rel")
                        || form(word).starts_with("appl")
                        || form(word).starts_with("claim")
                        || form(word).starts_with("us")
                        || form(word).starts_with("against")
                })
        }
    })
}

/// "may be refused under section 14": what might be, in the clause of the citation.
fn hypothetical(reading: &Reading<'_>, sentence: usize, words: &Range<usize>) -> bool {
    let clause = |word: usize| reading.text.words.get(word).map_or(0, |word| word.clause);
    let own = clause(words.start);
    reading.hits(sentence, Cue::Hypothetical).any(|hit| {
        let distance = clause(hit.words.start).abs_diff(own);
        let before = hit.words.start < words.start && distance <= 3;
        let after = hit.words.start >= words.end && distance <= 2;
        before || after
    })
}

/// "guidance on section 36", "a case about section 42".
fn of_guidance(reading: &Reading<'_>, words: &Range<usize>) -> bool {
    let from = words.start.saturating_sub(6);
    let named = (from..words.start).any(|word| {
        matches!(
            reading.text.form(word),
            "guidance" | "case" | "cases" | "judgment" | "refers"
        )
    });
    let joined = (from..words.start).any(|word| {
        matches!(
            reading.text.form(word),
            "on" | "about" | "to" | "concerning" | "for" | "regarding"
        )
    });
    let claims = (from..words.start).any(|word| {
        let form = reading.text.form(word);
        ["exempt", "appl", "rel", "refus", "withh", "engag"]
            .iter()
            .any(|stem| form.starts_with(stem))
    });
    named && joined && !claims
}

/// What the whole notice shows of each: a described provision counts where nothing else is relied on for its section;
/// the bare section is dropped beside its own limb.
fn settle(reading: &Reading<'_>, statute: &Statute, all: &mut [Cited]) {
    let refuses = (0..reading.len()).any(|index| {
        reading.authority(index)
            && [
                Cue::Exempt,
                Cue::Withheld,
                Cue::Refused,
                Cue::Neither,
                Cue::DutyExcluded,
            ]
            .iter()
            .any(|cue| reading.affirmed(index, *cue).is_some())
    });
    let claimed: Vec<Provision> = all
        .iter()
        .filter(|cited| cited.relied() && !cited.described)
        .map(|cited| cited.provision.clone())
        .collect();
    let same_section =
        |a: &Provision, b: &Provision| a.act() == b.act() && a.section() == b.section();
    for cited in all.iter_mut().filter(|cited| cited.described) {
        if !refuses
            || claimed
                .iter()
                .any(|other| same_section(other, &cited.provision))
        {
            cited.role = Role::Mention;
        }
    }
    let relied: Vec<Provision> = all
        .iter()
        .filter(|cited| cited.relied())
        .map(|cited| cited.provision.clone())
        .collect();
    for cited in all.iter_mut().filter(|cited| cited.relied()) {
        if relied
            .iter()
            .any(|other| *other != cited.provision && other.is_within(&cited.provision))
        {
            cited.role = Role::Mention;
        }
    }
    let _ = statute;
}
