//! The Open Contracting Partnership's own validator, in a folder of its own under `target`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that the tests were written against.
const PACKAGE: &str = "libcoveocds==0.17.0";

/// The validator's program, installed from the Python registry where it isn't there yet; `None` where that can't be done
/// outside continuous integration.
pub fn validator() -> Result<Option<PathBuf>, String> {
    let folder = Path::new("target/judges/libcoveocds");
    let program = folder.join("bin/libcoveocds");
    if !program.exists()
        && let Err(why) = install(folder)
    {
        if std::env::var_os("CI").is_some_and(|value| value == "true") {
            return Err(why);
        }
        println!("{why}");
        return Ok(None);
    }
    std::fs::canonicalize(&program)
        .map(Some)
        .map_err(|error| format!("{}: {error}", program.display()))
}

fn install(folder: &Path) -> Result<(), String> {
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program)
            .args(arguments)
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        if output.status.success() {
            Ok(())
        } else {
            Err(format!(
                "{} {}: {}",
                program.display(),
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            ))
        }
    };
    let place = folder.to_str().unwrap_or_default();
    run(Path::new("python3"), &["-m", "venv", place])?;
    run(
        &folder.join("bin/pip"),
        &["install", "--quiet", "--disable-pip-version-check", PACKAGE],
    )
}
