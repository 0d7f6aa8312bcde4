//! Each mistake that a data file can hold, with what is said about it and where.

use triage::{Problem, Vocabulary, check, silent};

const FILES: [(&str, &str); 4] = [
    (
        "subjects",
        include_str!("../../../data/triage/subjects.toml"),
    ),
    (
        "information",
        include_str!("../../../data/triage/information.toml"),
    ),
    (
        "exclusions",
        include_str!("../../../data/triage/exclusions.toml"),
    ),
    ("cues", include_str!("../../../data/triage/cues.toml")),
];

/// The shipped files with something added to one of them.
fn parse(file: &str, added: &str) -> Result<Vocabulary, Vec<Problem>> {
    let text = |name: &str, own: &str| {
        if name == file {
            format!("{own}\n{added}")
        } else {
            own.to_owned()
        }
    };
    let [subjects, information, exclusions, cues] = FILES.map(|(name, own)| text(name, own));
    Vocabulary::parse(&subjects, &information, &exclusions, &cues)
}

/// The code of the only problem, and whether it points into what was added.
fn only(file: &'static str, added: &str, problems: Vec<Problem>) -> (&'static str, bool) {
    let own = FILES
        .iter()
        .find(|(name, _)| *name == file)
        .map_or(0, |(_, own)| own.len());
    assert_eq!(problems.len(), 1, "{added}: {problems:#?}");
    let problem = &problems[0];
    assert_eq!(problem.file, file, "{added}");
    assert!(!problem.message.is_empty());
    (problem.code, problem.span.start > own)
}

#[test]
fn every_mistake_of_a_file_is_refused() {
    let subject = "label = \"inkwells\"\ngroup = \"hardware\"\n";
    let table = [
        ("subjects", "[[subject]]\nid = 3\n".to_owned(), "triage.malformed"),
        (
            "subjects",
            format!("[[subject]]\nid = \"inkwells\"\ncolour = \"blue\"\n{subject}"),
            "triage.malformed",
        ),
        (
            "subjects",
            format!("[[subject]]\nid = \"servers\"\n{subject}phrases = [\"inkwell\"]\n"),
            "triage.duplicate_id",
        ),
        (
            "subjects",
            "[[subject]]\nid = \"inkwells\"\nlabel = \"inkwells\"\ngroup = \"desks\"\nphrases = [\"inkwell\"]\n"
                .to_owned(),
            "triage.unknown_group",
        ),
        (
            "subjects",
            format!(
                "[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"inkwell\"]\nreads = {{ count = \"colour\" }}\n"
            ),
            "triage.unknown_information",
        ),
        (
            "subjects",
            format!("[[subject]]\nid = \"inkwells\"\n{subject}"),
            "triage.no_phrase",
        ),
        (
            "subjects",
            format!("[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"inkwell\", \" - \"]\n"),
            "triage.empty_phrase",
        ),
        (
            "subjects",
            format!("[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"ink well\", \"Ink-well\"]\n"),
            "triage.duplicate_phrase",
        ),
        (
            "information",
            "[[information]]\nid = \"colour\"\nasks = \"which colour\"\nphrases = [\"{hue} of\"]\n".to_owned(),
            "triage.unknown_class",
        ),
        (
            "information",
            "[[information]]\nid = \"colour\"\nasks = \"which colour\"\nphrases = [\"{what} hue\", \"{what} hue\"]\n"
                .to_owned(),
            "triage.duplicate_phrase",
        ),
        (
            "information",
            "[[information]]\nid = \"colour\"\nasks = \"which colour\"\notherwise = \"shade\"\nphrases = [\"hue\"]\n"
                .to_owned(),
            "triage.unknown_information",
        ),
        (
            "exclusions",
            "[[exclusion]]\nid = \"ink\"\nlabel = \"ink\"\nphrases = [\"inkwell\"]\ndisarms = [\"pens\"]\n".to_owned(),
            "triage.unknown_subject",
        ),
        (
            "cues",
            "[[cue]]\nid = \"sighs\"\nlabel = \"sighs\"\nphrases = [\"alas\"]\nexamples = []\n".to_owned(),
            "triage.unknown_cue",
        ),
        (
            "cues",
            "[[cue]]\nid = \"please\"\nlabel = \"more\"\nphrases = [\"prithee\"]\nexamples = []\n".to_owned(),
            "triage.duplicate_id",
        ),
    ];
    for (file, added, code) in table {
        let problems = parse(file, &added).expect_err(&added);
        assert_eq!(only(file, &added, problems), (code, true), "{added}");
    }
}

#[test]
fn the_mistakes_of_a_cue_are_refused() {
    let (_, cues) = FILES[3];
    let with = |from: &str, to: &str| {
        assert!(cues.contains(from), "{from}");
        let cues = cues.replacen(from, to, 1);
        let [(_, subjects), (_, information), (_, exclusions), _] = FILES;
        let problems =
            Vocabulary::parse(subjects, information, exclusions, &cues).expect_err("a mistake");
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    let please = "phrases = [\"please\", ";
    assert_eq!(
        with(please, "phrases = [\"please\", \"\", "),
        ["triage.empty_phrase"]
    );
    assert_eq!(
        with(please, "phrases = [\"please\", \"PLEASE\", "),
        ["triage.duplicate_phrase"]
    );
    assert_eq!(
        with("examples = [\"Kindly supply", "examples = [\"Do supply"),
        ["triage.example_fails"]
    );
    assert_eq!(with("id = \"please\"", "id = \"imperative\"").len(), 2);
    assert_eq!(with("[[cue]]", "[[cue]"), ["triage.malformed"]);
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let [(_, subjects), (_, information), (_, exclusions), _] = FILES;
    let problems = Vocabulary::parse(
        &format!(
            "{subjects}\n[[subject]]\nid = \"servers\"\nlabel = \"again\"\ngroup = \"desks\"\nphrases = [\"inkwell\"]\n"
        ),
        information,
        &format!("{exclusions}\n[[exclusion]]\nid = \"ink\"\nlabel = \"ink\"\nphrases = []\ndisarms = [\"pens\"]\n"),
        "",
    )
    .expect_err("mistakes");
    let mut files: Vec<&str> = problems.iter().map(|problem| problem.file).collect();
    files.dedup();
    assert_eq!(files, ["subjects", "exclusions", "cues"], "{problems:#?}");
    assert!(
        problems.len() > 30,
        "every missing cue, and the four others"
    );
}

/// Mistakes that can only be seen when everything is loaded.
#[test]
fn phrases_that_can_not_count_are_found() {
    let subject = "label = \"inkwells\"\ngroup = \"hardware\"\n";
    let table = [
        (
            "subjects",
            format!(
                "[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"inkwell\", \"file server\"]\n"
            ),
            "triage.phrase_in_two_entries",
        ),
        (
            "subjects",
            format!(
                "[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"inkwell\", \"inkwells\"]\n"
            ),
            "triage.shadowed_phrase",
        ),
        (
            "subjects",
            format!(
                "[[subject]]\nid = \"inkwells\"\n{subject}phrases = [\"inkwell\"]\nexamples = [\"How many quills?\"]\n"
            ),
            "triage.example_fails",
        ),
    ];
    let known: Vec<Problem> = check(&parse("", "").expect("the data is sound"));
    for (file, added, code) in table {
        let problems: Vec<Problem> = check(&parse(file, &added).expect("it loads"))
            .into_iter()
            .filter(|problem| !known.contains(problem))
            .collect();
        assert_eq!(only(file, &added, problems), (code, true), "{added}");
    }
    let disarmed = "[[exclusion]]\nid = \"ink\"\nlabel = \"ink\"\nphrases = [\"file server\"]\ndisarms = [\"servers\"]\n";
    let vocabulary = parse("exclusions", disarmed).expect("it loads");
    assert!(check(&vocabulary).iter().any(|problem| {
        problem.code == "triage.shadowed_phrase" && problem.message.contains("exclusions.ink")
    }));
}

#[test]
fn phrases_that_never_speak_are_listed() {
    let added = "[[subject]]\nid = \"inkwells\"\nlabel = \"inkwells\"\ngroup = \"hardware\"\nphrases = [\"inkwell\"]\n";
    let vocabulary = parse("subjects", added).expect("it loads");
    let never = |body: &str| {
        silent(&vocabulary, std::iter::once(("", body)))
            .iter()
            .any(|problem| {
                problem.code == "triage.never_fires" && problem.message.contains("`inkwell`")
            })
    };
    assert!(never("How many servers are there?"));
    assert!(!never("How many inkwells are there?"));
}
