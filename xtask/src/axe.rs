//! axe, which the tests judge pages with in a browser, in a folder of its own under `target`.

use std::path::Path;
use std::process::Command;

/// The version that the pages were tested with.
const PACKAGE: &str = "axe-core@4.14.1";

/// Installs it from the npm registry where it isn't there yet; outside continuous integration it may stay away, and the
/// tests in a browser say that they were skipped.
pub fn install() -> Result<(), String> {
    let folder = Path::new("target/judges/axe");
    if folder.join("node_modules/axe-core/axe.min.js").exists() {
        return Ok(());
    }
    let outcome = Command::new("npm")
        .args([
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
        ])
        .arg(folder)
        .arg(PACKAGE)
        .output();
    let why = match outcome {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    let why = format!("npm install {PACKAGE}: {why}");
    if std::env::var_os("CI").is_some_and(|value| value == "true") {
        return Err(why);
    }
    println!("skipped: tests in a browser need axe ({why})");
    Ok(())
}
