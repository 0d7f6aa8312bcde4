//! The project's own checks: `cargo xtask check` is what continuous integration runs.

mod axe;
mod objects;
mod postgres;
mod python;
mod words;

use std::collections::BTreeSet;
use std::process::{Command, ExitCode};

use serde_json::Value;

/// Which crate of the workspace may depend on which: the arrows of ARCHITECTURE.md.
const ARROWS: &[(&str, &[&str])] = &[
    ("law", &[]),
    ("triage", &[]),
    ("casework", &["law", "triage"]),
    ("letters", &["law", "triage", "casework"]),
    ("store", &["law", "triage", "casework"]),
    ("search", &["casework"]),
    (
        "office",
        &["law", "triage", "casework", "letters", "store", "search"],
    ),
    (
        "web",
        &[
            "law", "triage", "casework", "letters", "store", "search", "office",
        ],
    ),
    (
        "candour",
        &[
            "law", "triage", "casework", "letters", "store", "search", "office", "web",
        ],
    ),
    ("xtask", &[]),
];

/// Outside programs that the tests judge letters and pages with, and the Debian package of each.
/// Debian keeps the programs of PostgreSQL's server off the path.
const JUDGES: &[(&str, &str)] = &[
    ("/usr/lib/postgresql/*/bin/initdb", "postgresql"),
    ("qpdf", "qpdf"),
    ("pdftotext", "poppler-utils"),
    ("pdfinfo", "poppler-utils"),
    ("python3", "python3-venv"),
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
];

/// Set where `cargo` calls this program in the place of `rustdoc`.
const AS_RUSTDOC: &str = "CANDOUR_AS_RUSTDOC";

fn main() -> ExitCode {
    if std::env::var_os(AS_RUSTDOC).is_some() {
        return rustdoc();
    }
    match std::env::args().nth(1).as_deref() {
        Some("check") => check(),
        Some("words") => match words::write() {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("usage: cargo xtask check | words");
            ExitCode::from(2)
        }
    }
}

type Outcome = Result<(), String>;
type Step = (&'static str, fn() -> Outcome);

fn check() -> ExitCode {
    let steps: &[Step] = &[
        ("outside judges", judges),
        ("format", || cargo(&["fmt", "--all", "--check"])),
        ("arrows", arrows),
        ("licences and sources", licences),
        ("advisories", advisories),
        ("architecture page", architecture),
        ("words of the pages", words::check),
        ("clippy", || {
            cargo(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--",
                "-D",
                "warnings",
            ])
        }),
        ("tests", tests),
        ("misuse of seals", misuse),
    ];
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("== {name}");
        if let Err(why) = step() {
            println!("{name}: {why}");
            failed.push(*name);
        }
    }
    if failed.is_empty() {
        println!("== all checks passed");
        ExitCode::SUCCESS
    } else {
        println!("== failed: {}", failed.join(", "));
        ExitCode::FAILURE
    }
}

/// All tests, with a PostgreSQL of their own where it is installed.
fn tests() -> Outcome {
    let cluster = postgres::Cluster::start()?;
    let mut command = Command::new("cargo");
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    match python::OCDS.ready()? {
        Some(program) => {
            command.env("LIBCOVEOCDS", program);
        }
        None => println!("skipped: the validator of contracting data could not be installed"),
    }
    if python::OPENAPI.ready()?.is_none() {
        println!("skipped: the validator of OpenAPI descriptions could not be installed");
    }
    axe::install()?;
    match &cluster {
        Some(cluster) => {
            command.env("TEST_DATABASE_URL", cluster.url());
        }
        None => println!("skipped: PostgreSQL is not on this machine"),
    }
    let objects = objects::Objects::start()?;
    match &objects {
        Some(objects) => {
            command.env("TEST_BUCKET_URL", objects.url());
        }
        None => println!("skipped: the object store for the tests could not be installed"),
    }
    finished("cargo test", command.status())
}

/// The examples that must not compile fail for the reason that they state. A stable `rustdoc` runs them but doesn't look at
/// the reason, so this program calls it as one that does.
fn misuse() -> Outcome {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new("cargo");
    command
        .args(["test", "--package", "casework", "--doc", "--locked"])
        .env("RUSTDOC", own)
        .env(AS_RUSTDOC, "1");
    finished("cargo test --doc", command.status())
}

fn rustdoc() -> ExitCode {
    let status = Command::new("rustdoc")
        .args(std::env::args_os().skip(1))
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// A port of this machine that nobody listens on.
fn free_port() -> Result<u16, String> {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

fn cargo(arguments: &[&str]) -> Outcome {
    run("cargo", arguments)
}

fn run(program: &str, arguments: &[&str]) -> Outcome {
    finished(
        &format!("{program} {}", arguments.join(" ")),
        Command::new(program).args(arguments).status(),
    )
}

fn finished(what: &str, status: std::io::Result<std::process::ExitStatus>) -> Outcome {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} ended with {status}")),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

fn present(program: &str) -> bool {
    if program.contains('*') {
        return postgres::programs().is_some();
    }
    Command::new(program).arg("--version").output().is_ok()
}

/// Installs the outside judges where it can (as root on Debian); in continuous integration a missing one is a failure.
fn judges() -> Outcome {
    let missing: BTreeSet<&str> = JUDGES
        .iter()
        .filter(|(program, _)| !present(program))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    if ci && present("apt-get") {
        run("apt-get", &["update", "-qq"])?;
        let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
        arguments.extend(missing.iter());
        return run("apt-get", &arguments);
    }
    let list = missing.into_iter().collect::<Vec<_>>().join(", ");
    if ci {
        return Err(format!("missing: {list}"));
    }
    println!("skipped: tests that need {list}; install these packages to run them");
    Ok(())
}

fn metadata() -> Result<Value, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn arrows() -> Outcome {
    let metadata = metadata()?;
    let mut wrong = Vec::new();
    for package in
        packages(&metadata).filter(|package| package.get("source").is_none_or(Value::is_null))
    {
        let name = text(package, "name");
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!(
                "crate `{name}` is not on the map: add it to ARROWS and to ARCHITECTURE.md"
            ));
            continue;
        };
        for dependency in package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let to = text(dependency, "name");
            if dependency.get("path").is_some() && !allowed.contains(&to) {
                wrong.push(format!("`{name}` may not depend on `{to}`"));
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Every dependency has a licence that deny.toml allows, and comes from the registry.
fn licences() -> Outcome {
    let deny =
        std::fs::read_to_string("deny.toml").map_err(|error| format!("deny.toml: {error}"))?;
    let list = deny
        .split("allow = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .unwrap_or("");
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    let metadata = metadata()?;
    let mut wrong = Vec::new();
    for package in packages(&metadata) {
        let Some(source) = package.get("source").and_then(Value::as_str) else {
            continue;
        };
        if !source.starts_with("registry+") && !source.starts_with("sparse+") {
            wrong.push(format!("{} comes from {source}", text(package, "name")));
        }
        let licence = text(package, "license");
        if !permitted(licence, &allowed) {
            wrong.push(format!("{} has licence `{licence}`", text(package, "name")));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// One alternative of an `OR` suffices; every part of an `AND` must be allowed.
fn permitted(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let flat = licence.replace(['(', ')'], " ").replace('/', " OR ");
    flat.split(" AND ")
        .all(|part| part.split(" OR ").any(|one| allowed.contains(one.trim())))
}

/// Advisories need a database that is fetched from the network; without cargo-deny this step says so.
fn advisories() -> Outcome {
    if Command::new("cargo")
        .args(["deny", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return cargo(&["deny", "check", "advisories"]);
    }
    println!("not checked: cargo-deny and its advisory database aren't on this machine");
    Ok(())
}

/// Every path that ARCHITECTURE.md names in backquotes exists.
fn architecture() -> Outcome {
    let page = std::fs::read_to_string("ARCHITECTURE.md")
        .map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let missing: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|path| {
            path.contains('/')
                && !path.contains(' ')
                && !path.contains('*')
                && !std::path::Path::new(path).exists()
        })
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "names paths that don't exist: {}",
            missing.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_permitted_when_one_alternative_of_each_part_is() {
        let allowed = BTreeSet::from(["MIT", "Apache-2.0", "Unicode-3.0"]);
        assert!(permitted("MIT OR Apache-2.0", &allowed));
        assert!(permitted("(MIT OR GPL-3.0) AND Unicode-3.0", &allowed));
        assert!(permitted("MIT/Apache-2.0", &allowed));
        assert!(!permitted("GPL-3.0", &allowed));
        assert!(!permitted("MIT AND GPL-3.0", &allowed));
    }
}
