//! Judges from the Python registry, each in a folder of its own under `target`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The Open Contracting Partnership's own validator, in the version that the tests were written against.
pub const OCDS: Judge = Judge {
    package: "libcoveocds==0.17.0",
    program: "libcoveocds",
};

/// A validator of OpenAPI descriptions.
pub const OPENAPI: Judge = Judge {
    package: "openapi-spec-validator==0.7.2",
    program: "openapi-spec-validator",
};

/// A server that speaks S3.
pub const MOTO: Judge = Judge {
    package: "moto[s3,server]==5.2.5",
    program: "moto_server",
};

/// A package of the registry and the program in it.
pub struct Judge {
    package: &'static str,
    program: &'static str,
}

impl Judge {
    /// The program, installed where it isn't there yet; `None` where that can't be done outside continuous integration.
    pub fn ready(&self) -> Result<Option<PathBuf>, String> {
        let folder = Path::new("target/judges").join(self.program);
        let program = folder.join("bin").join(self.program);
        if !program.exists()
            && let Err(why) = self.install(&folder)
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

    fn install(&self, folder: &Path) -> Result<(), String> {
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
            &[
                "install",
                "--quiet",
                "--disable-pip-version-check",
                self.package,
            ],
        )
    }
}
