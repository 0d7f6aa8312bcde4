//! What the command line writes: lines to standard output, files to a folder.

use std::path::Path;

use crate::fault::Stop;

/// What came of writing to standard output.
///
/// # Errors
/// It couldn't be written.
pub fn printed(outcome: std::io::Result<()>) -> Result<(), Stop> {
    outcome.map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

/// Writes every file or none; a file that stands there already stays, unless `replace`.
///
/// # Errors
/// Every file that stands there; what can't be written.
pub fn write_all<N: AsRef<str>>(
    folder: &Path,
    files: &[(N, Vec<u8>)],
    replace: bool,
) -> Result<(), Stop> {
    let standing: Vec<String> = files
        .iter()
        .map(|(name, _)| folder.join(name.as_ref()))
        .filter(|path| !replace && path.exists())
        .map(|path| {
            format!(
                "{}: output.exists: won't overwrite this file; give --replace or another --out",
                path.display()
            )
        })
        .collect();
    if !standing.is_empty() {
        return Err(Stop::Input(standing));
    }
    let made_folder = !folder.exists();
    let unwritable = |path: &Path, error: std::io::Error| {
        Stop::input(format!("{}: output.unwritable: {error}", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
    let waiting: Vec<_> = files
        .iter()
        .map(|(name, _)| folder.join(format!(".{}.partial", name.as_ref())))
        .collect();
    let outcome = files
        .iter()
        .zip(&waiting)
        .try_for_each(|((_, bytes), path)| {
            std::fs::write(path, bytes).map_err(|error| unwritable(path, error))
        });
    if let Err(stop) = outcome {
        for path in &waiting {
            let _ = std::fs::remove_file(path);
        }
        if made_folder {
            let _ = std::fs::remove_dir(folder);
        }
        return Err(stop);
    }
    for ((name, _), path) in files.iter().zip(&waiting) {
        std::fs::rename(path, folder.join(name.as_ref()))
            .map_err(|error| unwritable(path, error))?;
    }
    Ok(())
}
