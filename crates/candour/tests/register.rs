//! The contracts register as its user runs it: six shared layouts and eight of our own, bad files, publication and matching.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation is the test's way to speak"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn candour(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn said(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/register")
}

fn shared(name: &str) -> Option<PathBuf> {
    let found = Some(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared")
            .join(name),
    )
    .filter(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: ../shared/{name} is not on this machine");
    }
    found
}

fn import(file: &Path) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let output = candour(&[
        "register",
        "import",
        text(file),
        "--format",
        "json",
        "--state",
        text(folder.path()),
    ]);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}: {}", file.display(), said(&output).1))
}

/// Every file of a folder that has an expectation beside it.
fn expectations(folder: &Path) -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(stem) = text(&path).strip_suffix(".expected.json") else {
            continue;
        };
        let expected: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let extension = ["csv", "xlsx", "txt"]
            .into_iter()
            .find(|extension| Path::new(&format!("{stem}.{extension}")).exists())
            .unwrap();
        found.push((PathBuf::from(format!("{stem}.{extension}")), expected));
    }
    found
}

const FIELDS: [&str; 14] = [
    "reference",
    "title",
    "department",
    "description",
    "supplier_name",
    "value",
    "value_basis",
    "start",
    "end",
    "review",
    "extension",
    "process",
    "is_sme",
    "is_vcse",
];

fn agrees(file: &Path, expected: &Value) {
    let read = import(file);
    let name = file.display();
    for key in ["format", "encoding", "delimiter", "sheets_read"] {
        let wanted = expected.get(key).filter(|value| !value.is_null());
        if let Some(wanted) =
            wanted.filter(|value| value.as_array().is_none_or(|list| !list.is_empty()))
        {
            assert_eq!(&read[key], wanted, "{name}: {key}");
        }
    }
    for (field, title) in expected["mapping"].as_object().unwrap() {
        assert_eq!(
            &read["mapping"][field], title,
            "{name}: the column of {field}"
        );
    }
    let rows = |value: &Value| value["rows"].as_array().unwrap().clone();
    let (found, wanted) = (rows(&read), rows(expected));
    assert_eq!(found.len(), wanted.len(), "{name}: rows");
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found["source"], wanted["source"], "{name}");
        for field in FIELDS {
            assert_eq!(
                found[field], wanted[field],
                "{name}: {} {field}",
                wanted["source"]
            );
        }
    }
    let problems = |value: &Value| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for problem in value["problems"].as_array().unwrap() {
            let place: Vec<String> = ["code", "severity", "sheet", "row", "line", "field", "text"]
                .iter()
                .map(|key| problem[*key].to_string())
                .collect();
            *counts.entry(place.join(" ")).or_insert(0) += 1;
        }
        counts
    };
    assert_eq!(problems(&read), problems(expected), "{name}: problems");
    assert!(
        read["problems"]
            .as_array()
            .unwrap()
            .iter()
            .all(|problem| problem["fix"].as_str().unwrap().len() > 10)
    );
}

#[test]
fn every_shared_layout_is_read_as_its_expectation_says() {
    let Some(folder) = shared("registers") else {
        return;
    };
    let all = expectations(&folder);
    assert!(all.len() >= 6);
    for (file, expected) in all {
        agrees(&file, &expected);
    }
}

#[test]
fn the_layouts_of_our_own_are_read_as_their_expectation_says() {
    let all = expectations(&own());
    assert_eq!(all.len(), 8);
    for (file, expected) in all {
        agrees(&file, &expected);
    }
}

#[test]
fn import_is_a_dry_run_first_and_idempotent_after() {
    let folder = tempfile::tempdir().unwrap();
    let state = text(folder.path());
    let file = own().join("harrowmere-unicode.txt");
    let run = |more: &[&str]| {
        let mut arguments = vec!["register", "import", text(&file), "--state", state];
        arguments.extend(more);
        let output = candour(&arguments);
        (output.status.code(), said(&output).0)
    };
    let (code, dry) = run(&[]);
    assert_eq!(code, Some(1), "it has errors: {dry}");
    assert!(
        dry.contains("7 contracts")
            && dry.contains("Dry run: nothing was kept")
            && dry.contains("7 new, 0 gone"),
        "{dry}"
    );
    assert!(
        dry.contains("error: E9: Money: Whole life value (£000) “£40k - £60k”: value-range: "),
        "{dry}"
    );
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    assert!(run(&["--apply"]).1.contains("7 new"));
    let kept = std::fs::read(folder.path().join("register/register.json")).unwrap();
    assert!(
        run(&["--apply"])
            .1
            .contains("0 new, 0 gone, 0 changed, 7 as before")
    );
    assert_eq!(
        std::fs::read(folder.path().join("register/register.json")).unwrap(),
        kept
    );
    // A changed cell is shown from and to.
    let bytes = std::fs::read(&file).unwrap();
    let wide: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let changed = String::from_utf16(&wide)
        .unwrap()
        .replace("30.04.2029", "30.04.2030");
    let next = folder.path().join("next.txt");
    std::fs::write(
        &next,
        changed
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    )
    .unwrap();
    let output = candour(&["register", "import", text(&next), "--state", state]);
    assert!(
        said(&output)
            .0
            .contains("changed: HM-002 Lift maintenance: end from 2029-04-30 to 2030-04-30"),
        "{}",
        said(&output).0
    );
}

#[test]
fn a_mapping_that_a_person_corrects_is_used_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.csv");
    std::fs::write(&file, "Ref,Contract,Winner of the day,Worth,Kick-off,Supplier notes\n1,Salt,Gritstone Ltd,5000.01,01/04/2026,x\n").unwrap();
    let mapping = folder.path().join("mapping.toml");
    std::fs::write(&mapping, "[fields]\nreference = \"Ref\"\ntitle = \"Contract\"\nsupplier_name = \"Winner of the day\"\nvalue = \"Worth\"\nstart = \"Kick-off\"\n").unwrap();
    let run = |mapping: &Path| {
        candour(&[
            "register",
            "import",
            text(&file),
            "--mapping",
            text(mapping),
            "--format",
            "json",
            "--state",
            text(folder.path()),
        ])
    };
    let read: Value = serde_json::from_slice(&run(&mapping).stdout).unwrap();
    assert_eq!(read["rows"][0]["supplier_name"], "Gritstone Ltd");
    assert_eq!(read["rows"][0]["start"], "2026-04-01");
    std::fs::write(&mapping, "[fields]\nrefrence = \"Ref\"\nsuplier = \"X\"\n").unwrap();
    let output = run(&mapping);
    assert_eq!(output.status.code(), Some(2));
    let lines = said(&output).1;
    assert!(
        lines.contains("mapping.toml:2:1: register.unknown_field")
            && lines.contains("mapping.toml:3:1: register.unknown_field"),
        "{lines}"
    );
    // A column that isn't there would lose its field without a word.
    std::fs::write(
        &mapping,
        "[fields]\ntitle = \"Contract\"\nsupplier_name = \"Winner of the day\"\nend = \"Final whistle\"\n",
    )
    .unwrap();
    let output = run(&mapping);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output)
            .1
            .contains("register.no_such_column: the mapping takes end from “Final whistle”"),
        "{}",
        said(&output).1
    );
}

#[test]
fn a_mapping_for_one_sheet_leaves_the_rows_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = own().join("exford-mixed-sheets.xlsx");
    let mapping = folder.path().join("mapping.toml");
    let state = text(folder.path());
    candour(&[
        "register",
        "import",
        text(&file),
        "--save-mapping",
        text(&mapping),
        "--state",
        state,
    ]);
    let corrected = std::fs::read_to_string(&mapping).unwrap().replace(
        "description = \"Contract Description\"",
        "description = \"Contract Manager\"",
    );
    std::fs::write(&mapping, corrected).unwrap();
    let output = candour(&[
        "register",
        "import",
        text(&file),
        "--mapping",
        text(&mapping),
        "--format",
        "json",
        "--state",
        state,
    ]);
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = read["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["description"], "Mr B");
    assert_eq!(rows[2]["reference"], "CH1");
    assert_eq!(rows[2]["supplier_name"], "Harbour Trust");
}

#[test]
fn every_bad_file_gives_its_message() {
    let folder = own().join("bad");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "message")
        {
            continue;
        }
        let expected = std::fs::read_to_string(format!("{}.message", path.display())).unwrap();
        let state = tempfile::tempdir().unwrap();
        let output = candour(&[
            "register",
            "import",
            text(&path),
            "--state",
            text(state.path()),
        ]);
        let (_, error) = said(&output);
        assert_eq!(output.status.code(), Some(2), "{}: {error}", path.display());
        assert!(
            error.contains(expected.trim()),
            "{}: {error}",
            path.display()
        );
        seen += 1;
    }
    assert!(seen >= 6);
}

/// An XLSX of the parts given, besides those that a workbook needs.
fn workbook(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">\
        <c r=\"A1\" t=\"inlineStr\"><is><t>Ref</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Title</t></is></c><c r=\"C1\" t=\"inlineStr\"><is><t>Supplier</t></is></c></row>\
        <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>1</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>Salt</t></is></c><c r=\"C2\" t=\"inlineStr\"><is><t>Gritstone Ltd</t></is></c></row></sheetData></worksheet>";
    let basic: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("_rels/.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", b"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Contracts\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, bytes) in basic
        .iter()
        .filter(|(name, _)| parts.iter().all(|(other, _)| other != name))
        .chain(parts)
    {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_hostile_workbook_is_refused_and_a_plain_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let run = |bytes: Vec<u8>| {
        let file = folder.path().join("book.xlsx");
        std::fs::write(&file, bytes).unwrap();
        let output = candour(&[
            "register",
            "import",
            text(&file),
            "--state",
            text(folder.path()),
        ]);
        (output.status.code(), said(&output))
    };
    let (code, (out, error)) = run(workbook(&[]));
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("1 contracts"), "{out}");
    let zeros = vec![b' '; 12 << 20];
    let external: &[u8] = b"<Relationships><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject\" Target=\"file:///server/share\" TargetMode=\"External\"/></Relationships>";
    let link: &[u8] = b"<Relationships><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"https://www.example.gov.uk\" TargetMode=\"External\"/></Relationships>";
    let far = b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>";
    for (parts, expected) in [
        (
            ("xl/media/picture.bin", zeros.as_slice()),
            "register.too_large",
        ),
        (
            (
                "xl/externalLinks/externalLink1.xml",
                b"<externalLink/>".as_slice(),
            ),
            "register.external_content",
        ),
        (
            ("xl/connections.xml", b"<connections/>".as_slice()),
            "register.external_content",
        ),
        (
            ("xl/vbaProject.bin", b"x".as_slice()),
            "register.external_content",
        ),
        (
            ("xl/worksheets/_rels/sheet1.xml.rels", external),
            "register.external_content",
        ),
        (
            ("xl/worksheets/sheet1.xml", far.as_slice()),
            "register.no_header",
        ),
        (
            (
                "xl/worksheets/sheet1.xml",
                b"<worksheet><sheetData><row".as_slice(),
            ),
            "register.",
        ),
        (
            (
                "xl/workbook.xml",
                b"<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook>&a;".as_slice(),
            ),
            "register.",
        ),
    ] {
        let (code, (_, error)) = run(workbook(&[parts]));
        assert_eq!(code, Some(2), "{expected}: {error}");
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let (code, (_, error)) = run(workbook(&[("xl/worksheets/_rels/sheet1.xml.rels", link)]));
    assert_eq!(
        code,
        Some(0),
        "a link that a reader could click is no harm: {error}"
    );
}

/// A register kept in a new folder.
fn kept(file: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = candour(&[
        "register",
        "import",
        text(file),
        "--apply",
        "--state",
        text(folder.path()),
    ]);
    assert!(output.status.code().unwrap() <= 1, "{}", said(&output).1);
    folder
}

fn publish(state: &Path, more: &[&str]) -> Output {
    let mut arguments = vec![
        "register",
        "publish",
        "2026-Q3",
        "--policy",
        "model-ict",
        "--on",
        "2026-10-20",
        "--ocid-prefix",
        "ocds-000000",
        "--state",
        text(state),
    ];
    arguments.extend(more);
    candour(&arguments)
}

fn content(rows: &Value) -> Vec<Value> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().remove("source");
            row
        })
        .collect()
}

#[test]
fn what_is_published_reads_back_as_the_same_rows() {
    let mut files: Vec<PathBuf> = expectations(&own())
        .into_iter()
        .map(|(file, _)| file)
        .collect();
    if let Some(folder) = shared("registers") {
        files.extend(expectations(&folder).into_iter().map(|(file, _)| file));
    }
    for file in files {
        let state = kept(&file);
        let output = publish(state.path(), &["--despite-findings"]);
        assert!(
            output.status.success(),
            "{}: {}",
            file.display(),
            said(&output).1
        );
        let folder = state.path().join("register/published/2026-Q3");
        let published: Value =
            serde_json::from_slice(&std::fs::read(folder.join("register.json")).unwrap()).unwrap();
        for name in ["register.csv", "register.xlsx"] {
            let again = import(&folder.join(name));
            let (again, before) = (content(&again["rows"]), content(&published["contracts"]));
            assert_eq!(again.len(), before.len(), "{} {name}", file.display());
            for (again, before) in again.iter().zip(&before) {
                assert_eq!(again, before, "{} {name}", file.display());
            }
        }
    }
}

#[test]
fn a_snapshot_is_published_once_and_a_correction_stands_beside_it() {
    let file = own().join("harrowmere-unicode.txt");
    let state = kept(&file);
    let early = candour(&[
        "register",
        "publish",
        "2026-Q4",
        "--on",
        "2026-10-20",
        "--state",
        text(state.path()),
    ]);
    assert!(said(&early).1.contains("register.quarter_not_over"));
    assert!(publish(state.path(), &[]).status.success());
    let folder = state.path().join("register/published");
    for name in [
        "register.csv",
        "register.json",
        "register.xlsx",
        "ocds.json",
        "index.html",
    ] {
        assert!(folder.join("2026-Q3").join(name).exists(), "{name}");
    }
    let csv = std::fs::read_to_string(folder.join("2026-Q3/register.csv")).unwrap();
    assert!(
        csv.contains(",'@Home equipment,"),
        "a cell that a spreadsheet would run is neutralised"
    );
    let page = std::fs::read_to_string(folder.join("2026-Q3/index.html")).unwrap();
    assert!(
        page.contains("<tr id=\"hm-001\">")
            && page.contains("<th scope=\"col\">Supplier</th>")
            && page.contains("lang=\"en-GB\"")
    );
    let first = std::fs::read(folder.join("2026-Q3/register.csv")).unwrap();
    assert!(
        said(&publish(state.path(), &[]))
            .0
            .contains("nothing to do")
    );
    // Another content needs a reason, and never touches the first.
    let other = own().join("thornby-national-portal.csv");
    assert!(
        candour(&[
            "register",
            "import",
            text(&other),
            "--apply",
            "--state",
            text(state.path())
        ])
        .status
        .code()
        .unwrap()
            <= 1
    );
    let refused = publish(state.path(), &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).1.contains("register.already_published"));
    let corrected = publish(state.path(), &["--correction", "wrong file <b>"]);
    assert!(corrected.status.success(), "{}", said(&corrected).1);
    assert_eq!(
        std::fs::read(folder.join("2026-Q3/register.csv")).unwrap(),
        first
    );
    let page = std::fs::read_to_string(folder.join("2026-Q3-2/index.html")).unwrap();
    assert!(page.contains("wrong file &lt;b&gt;") && page.contains("What changed since"));
    let feed = std::fs::read_to_string(folder.join("feed.atom")).unwrap();
    assert_eq!(feed.matches("<entry>").count(), 2);
    assert!(feed.contains("/2026-Q3-2/index.html"));
    let index = std::fs::read_to_string(folder.join("index.html")).unwrap();
    assert!(
        index.contains("2026-Q3/index.html")
            && index.contains("July to September 2026 (correction)")
    );
}

#[test]
fn a_correction_of_an_old_quarter_leaves_the_newest_register_and_names_what_it_corrects() {
    let file = own().join("harrowmere-unicode.txt");
    let state = kept(&file);
    let run = |quarter: &str, on: &str, more: &[&str]| {
        let mut arguments = vec![
            "register",
            "publish",
            quarter,
            "--on",
            on,
            "--state",
            text(state.path()),
        ];
        arguments.extend(more);
        candour(&arguments)
    };
    assert!(run("2026-Q2", "2026-07-20", &[]).status.success());
    let other = own().join("thornby-national-portal.csv");
    candour(&[
        "register",
        "import",
        text(&other),
        "--apply",
        "--state",
        text(state.path()),
    ]);
    assert!(run("2026-Q3", "2026-10-20", &[]).status.success());
    // The OCDS file that was missing comes with a snapshot of its own, once somebody says why.
    let prefix = ["--ocid-prefix", "ocds-abc123"];
    let refused = run("2026-Q3", "2026-10-21", &prefix);
    assert!(
        said(&refused).1.contains("register.published_without_ocds"),
        "{}",
        said(&refused).1
    );
    let with = run(
        "2026-Q3",
        "2026-10-21",
        &[prefix[0], prefix[1], "--correction", "OCDS added"],
    );
    assert!(with.status.success(), "{}", said(&with).1);
    let corrected = run("2026-Q2", "2026-10-22", &["--correction", "wrong file"]);
    assert!(corrected.status.success(), "{}", said(&corrected).1);
    assert!(
        said(&corrected).0.contains("7 gone"),
        "against the snapshot that it corrects: {}",
        said(&corrected).0
    );
    let folder = state.path().join("register/published");
    assert!(folder.join("2026-Q3-2/ocds.json").exists());
    let package: Value =
        serde_json::from_slice(&std::fs::read(folder.join("2026-Q3-2/ocds.json")).unwrap())
            .unwrap();
    assert_eq!(package["releases"][0]["contracts"][0]["id"], "TDC-101");
    let index = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let places: Vec<usize> = ["2026-Q3-2/", "2026-Q3/", "2026-Q2-2/", "2026-Q2/"]
        .iter()
        .map(|snapshot| index.find(snapshot).unwrap())
        .collect();
    assert!(places.is_sorted(), "the newest quarter first: {index}");
    // The feed tells what was published last first.
    let feed = std::fs::read_to_string(folder.join("feed.atom")).unwrap();
    assert!(feed.find("/2026-Q2-2/").unwrap() < feed.find("/2026-Q3-2/").unwrap());
}

#[test]
fn personal_data_holds_publication_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.csv");
    std::fs::write(&file, "Ref,Title,Supplier,Description\n1,Salt,Gritstone Ltd,Ask Ms Amina Yusuf on 01632 960 001\n").unwrap();
    let state = kept(&file);
    let output = publish(state.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output)
            .1
            .contains("register.personal_data: 1 Salt: a person's name, “Ms Amina Yusuf”"),
        "{}",
        said(&output).1
    );
    assert!(!state.path().join("register/published/2026-Q3").exists());
    let check = candour(&[
        "register",
        "check",
        "--as-at",
        "2026-11-27",
        "--state",
        text(state.path()),
    ]);
    assert_eq!(check.status.code(), Some(1));
    let (out, _) = said(&check);
    assert!(
        out.contains("error: stale-quarter")
            && out.contains("error: no-value")
            && out.contains("error: personal-data"),
        "{out}"
    );
}

/// The validator of the Open Contracting Partnership, where `cargo xtask check` has put it.
fn validator() -> Option<PathBuf> {
    let found = std::env::var_os("LIBCOVEOCDS")
        .map(PathBuf::from)
        .filter(|path| path.exists());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "LIBCOVEOCDS names no program; run `cargo xtask check`"
        );
        eprintln!("skipped: libcoveocds is not on this machine; `cargo xtask check` installs it");
    }
    found
}

#[test]
fn the_release_package_passes_the_outside_validator() {
    let (Some(program), Some(schema)) = (validator(), shared("ocds/ocds-1.1.5-schema.zip")) else {
        return;
    };
    let mut files: Vec<PathBuf> = expectations(&own())
        .into_iter()
        .map(|(file, _)| file)
        .collect();
    files.extend(shared("registers").map(|folder| folder.join("wexcombe-code.csv")));
    for file in files {
        let state = kept(&file);
        assert!(
            publish(state.path(), &["--despite-findings"])
                .status
                .success()
        );
        let package = state.path().join("register/published/2026-Q3/ocds.json");
        let judge = |path: &Path| -> Value {
            let output = Command::new(&program)
                .arg("--standard-zip")
                .arg(&schema)
                .arg(path)
                .output()
                .unwrap();
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output).1))
        };
        let verdict = judge(&package);
        assert_eq!(
            verdict["validation_errors"].as_array().map(Vec::len),
            Some(0),
            "{}: {}",
            file.display(),
            verdict["validation_errors"]
        );
        // The judge can find fault.
        let broken = std::fs::read_to_string(&package).unwrap().replacen(
            "\"amount\": ",
            "\"amount\": \"x\", \"other\": ",
            1,
        );
        std::fs::write(state.path().join("broken.json"), broken).unwrap();
        assert_ne!(
            judge(&state.path().join("broken.json"))["validation_errors"]
                .as_array()
                .map(Vec::len),
            Some(0)
        );
    }
}

#[test]
fn the_letter_quotes_the_rows_that_answer_and_says_where_none_does() {
    let state = kept(&own().join("harrowmere-unicode.txt"));
    assert!(publish(state.path(), &[]).status.success());
    let register = state
        .path()
        .join("register/published/2026-Q3/register.json");
    let request = state.path().join("request.txt");
    std::fs::write(
        &request,
        "Dear Council,\n\n1. Who is the supplier of your VoIP telephony, and when does the contract expire?\n\n2. Who is the supplier of your document management system and when does the contract end?\n\nYours faithfully,\nJo Applicant\n",
    )
    .unwrap();
    let out = state.path().join("draft");
    let output = candour(&[
        "answer",
        text(&request),
        "--policy",
        "model-ict",
        "--received",
        "2026-11-02",
        "--register",
        text(&register),
        "--out",
        text(&out),
    ]);
    assert!(output.status.success(), "{}", said(&output).1);
    let letter = std::fs::read_to_string(out.join("letter.txt"))
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        letter.contains("Contracts Register, July to September 2026: "),
        "{letter}"
    );
    assert!(letter.contains("Reference HM-004; Telephony; Hosted voice, 600 handsets; supplier Farspeak Networks Ltd; Ringwell Ltd; value £95,000; from 1 June 2024; without an end date"), "{letter}");
    assert!(letter.contains("/2026-Q3/index.html#hm-004"), "{letter}");
    assert!(
        letter.contains("no row of the contracts register matches this question"),
        "{letter}"
    );
    assert!(letter.contains("section 21(1)"), "{letter}");
}

#[test]
fn a_draft_that_neither_confirms_nor_denies_is_owed_what_the_register_publishes() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register.csv");
    std::fs::write(
        &register,
        "Ref,Title,Description,Supplier,Start,End\nF1,Managed firewall service,Perimeter firewalls,Brackenhythe Networks Ltd,01/04/2026,31/03/2029\n",
    )
    .unwrap();
    let request = folder.path().join("request.txt");
    std::fs::write(
        &request,
        "1. Which make and model of firewall do you use?\n\n2. Have you suffered a ransomware attack?\n",
    )
    .unwrap();
    let out = folder.path().join("draft");
    let output = candour(&[
        "answer",
        text(&request),
        "--policy",
        "coventry-ict",
        "--received",
        "2026-11-02",
        "--register",
        text(&register),
        "--out",
        text(&out),
    ]);
    let (_, owed) = said(&output);
    assert!(
        owed.contains("the contracts register answers or confirms this, question 1: Managed firewall service (F1): it "),
        "{owed}"
    );
    assert!(!owed.contains("confirms this, question 2"), "{owed}");
}

#[test]
fn a_long_stem_does_not_drown_the_question_that_completes_it() {
    let state = kept(&own().join("harrowmere-unicode.txt"));
    let request = state.path().join("request.txt");
    std::fs::write(
        &request,
        "Dear Council,\n\nFor a study of procurement, resilience and best value across district and borough councils in the Midlands, please provide details of contracts for the following:\n\na) who supplies the VoIP telephony?\nb) when does the contract for VoIP telephony end?\n\nYours faithfully,\nJo Applicant\n",
    )
    .unwrap();
    let output = candour(&[
        "register",
        "match",
        text(&request),
        "--policy",
        "model-ict",
        "--state",
        text(state.path()),
        "--format",
        "json",
    ]);
    let (out, error) = said(&output);
    assert!(output.status.success(), "{error}");
    let matched: Value = serde_json::from_str(&out).unwrap();
    let questions = matched["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 2, "{matched:#}");
    for question in questions {
        assert!(
            question["text"].as_str().unwrap().contains("Midlands"),
            "the stem is part of it: {question:#}"
        );
        assert_eq!(
            question["rows"][0]["contract"]["reference"], "HM-004",
            "{question:#}"
        );
    }
}

#[derive(Debug, Default)]
struct Score {
    answerable: usize,
    first: usize,
    within_three: usize,
    unanswerable: usize,
    silent: usize,
}

impl Score {
    fn holds(&self, name: &str) {
        let share = |part: usize, whole: usize| part as f64 / whole as f64;
        println!("{name}: {self:?}");
        assert!(
            share(self.first, self.answerable) >= 0.90,
            "{name}: {self:?}"
        );
        assert!(
            share(self.within_three, self.answerable) >= 0.95,
            "{name}: {self:?}"
        );
        assert!(
            share(self.silent, self.unanswerable) >= 0.90,
            "{name}: {self:?}"
        );
    }
}

/// Asks every question of a file of one register in one run.
fn score(register: &Path, questions: &Path) -> Score {
    let questions: Vec<Value> = std::fs::read_to_string(questions)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let read = import(register);
    let contracts: Vec<casework::register::Contract> =
        serde_json::from_value(read["rows"].clone()).unwrap();
    let thesaurus = casework::register::Thesaurus::parse(
        include_str!("../../../data/register/thesaurus.toml"),
        include_str!("../../../data/register/questions.toml"),
    )
    .unwrap();
    let index = casework::register::Index::new(&contracts, thesaurus);
    let mut score = Score::default();
    for question in questions {
        let wanted: Vec<&str> = question["references"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reference| reference.as_str().unwrap())
            .collect();
        let found = index.find(question["question"].as_str().unwrap(), 3);
        let right = |found: &casework::register::Match| {
            contracts[found.row]
                .reference
                .as_deref()
                .is_some_and(|reference| wanted.contains(&reference))
        };
        if wanted.is_empty() {
            score.unanswerable += 1;
            score.silent += usize::from(found.is_empty());
        } else {
            score.answerable += 1;
            score.first += usize::from(found.first().is_some_and(right));
            score.within_three += usize::from(found.iter().any(right));
        }
    }
    score
}

#[test]
fn shared_questions_find_their_rows() {
    let Some(folder) = shared("registers") else {
        return;
    };
    score(
        &folder.join("wexcombe-code.csv"),
        &folder.join("questions-dev.jsonl"),
    )
    .holds("shared");
}

/// Questions of our own on two of the shared registers; most were written before anything was mended for them.
#[test]
fn questions_of_our_own_on_shared_registers_find_their_rows() {
    let Some(folder) = shared("registers") else {
        return;
    };
    for (register, questions) in [
        ("wexcombe-code.csv", "wexcombe-code.jsonl"),
        (
            "hartsmere-directorates.xlsx",
            "hartsmere-directorates.jsonl",
        ),
    ] {
        score(
            &folder.join(register),
            &own().join("questions").join(questions),
        )
        .holds(questions);
    }
}

#[test]
fn questions_of_our_own_find_their_rows() {
    score(
        &own().join("questions/register.csv"),
        &own().join("questions/questions.jsonl"),
    )
    .holds("own");
}
