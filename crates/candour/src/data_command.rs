//! `candour data check`: what is wrong with the data files, all at once.

use std::io::Write;

use law::Problem;

use crate::data::Data;
use crate::fault::Stop;
use crate::intake;
use crate::output::printed;

/// Reads every data file, then looks at the phrases of triage more closely.
///
/// With requests at hand it also lists the phrases that speak in none of them, which is worth knowing but no mistake.
///
/// # Errors
/// Every file that can't be read; or [`Stop::Found`] when a phrase stands twice, is hidden by another, or fails its
/// example.
pub fn check(data: &Data, corpora: &[String], out: &mut dyn Write) -> Result<(), Stop> {
    let mut malformed = Vec::new();
    let mut keep = |outcome: Result<(), Stop>| {
        if let Err(Stop::Input(problems)) = outcome {
            malformed.extend(problems);
        }
    };
    let statute = data.statute();
    let vocabulary = data.vocabulary();
    keep(data.time_limits().map(drop));
    keep(data.calendar().map(drop));
    keep(data.decisions().map(drop));
    keep(data.wording().map(drop));
    keep(data.leak_guard().map(drop));
    keep(data.notice_phrases().map(drop));
    keep(data.confidence().map(drop));
    keep(data.personal_data().map(drop));
    keep(data.topics().map(drop));
    keep(data.register_layout().map(drop));
    keep(data.register_thesaurus().map(drop));
    if let (Ok(statute), Ok(vocabulary)) = (&statute, &vocabulary) {
        for id in Data::policy_ids() {
            keep(data.policy(id, statute, vocabulary).map(drop));
        }
        keep(
            data.lexicon(vocabulary)
                .and_then(|lexicon| data.excess(&lexicon).map(drop)),
        );
    }
    keep(statute.map(drop));
    let vocabulary = match vocabulary {
        Ok(vocabulary) if malformed.is_empty() => vocabulary,
        Ok(_) => return Err(Stop::Input(malformed)),
        Err(Stop::Input(problems)) => {
            malformed.extend(problems);
            malformed.sort();
            malformed.dedup();
            return Err(Stop::Input(malformed));
        }
        Err(stop) => return Err(stop),
    };
    let problems = triage::check(&vocabulary);
    let mut requests = Vec::new();
    for corpus in corpora {
        intake::read(corpus, &mut |request| {
            requests.push((request.subject.unwrap_or_default(), request.body));
            Ok(())
        })?;
    }
    let silent = if corpora.is_empty() {
        Vec::new()
    } else {
        triage::silent(
            &vocabulary,
            requests
                .iter()
                .map(|(subject, body)| (subject.as_str(), body.as_str())),
        )
    };
    for problem in problems.iter().chain(&silent) {
        let (text, name) = data.text(&format!("triage/{}.toml", problem.file))?;
        let line = Problem::at(problem.span.clone(), problem.code, problem.message.clone())
            .locate(&name, &text);
        printed(writeln!(out, "{line}"))?;
    }
    let phrases = vocabulary.phrases().count();
    printed(if corpora.is_empty() {
        writeln!(out, "{phrases} phrases: {} problems", problems.len())
    } else {
        writeln!(
            out,
            "{phrases} phrases: {} problems; {} phrases and patterns speak in none of {} requests",
            problems.len(),
            silent.len(),
            requests.len()
        )
    })?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Stop::Found)
    }
}
