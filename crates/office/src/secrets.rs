//! What an installation keeps secret beside its database: made on first use, readable by its owner alone.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use casework::applicant::hex;
use casework::holding::SealingKey;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use store::checkpoint::SigningSecret;
use store::{Entropy, Secrets};

use crate::fault::Stop;

/// The file of secrets in the state folder.
pub(crate) const FILE: &str = "secrets.toml";

/// Where the public key lies that exports and checkpoints are checked with.
#[must_use]
pub fn public_key_file(state: &Path) -> PathBuf {
    state.join("public-key.txt")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    signing: String,
    sealing: String,
}

/// Reads the secrets of a state folder, or makes them.
///
/// # Errors
/// The file can't be read or made, others can read it, or it isn't one of secrets.
pub(crate) fn open(state: &Path, given: Option<Entropy>) -> Result<Secrets, Stop> {
    let path = state.join(FILE);
    if !path.exists() {
        make(&path)?;
    }
    private(&path)?;
    let shown = path.display();
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Stop::input(format!("{shown}: secrets.unreadable: {error}")))?;
    let malformed = || {
        Stop::input(format!(
            "{shown}: secrets.malformed: this isn't a file of secrets; put back the one that was made with this database"
        ))
    };
    let file: File = toml::from_str(&text).map_err(|_| malformed())?;
    let signing = SigningSecret::new(&key(&file.signing).ok_or_else(malformed)?);
    let public = public_key_file(state);
    if !public.exists() {
        let text = format!("{}\n", signing.public().to_hex());
        std::fs::write(&public, text).map_err(|error| {
            Stop::input(format!("{}: state.unwritable: {error}", public.display()))
        })?;
    }
    Ok(Secrets {
        signing,
        sealing: SealingKey::new(key(&file.sealing).ok_or_else(malformed)?),
        entropy: match given {
            Some(given) => given,
            None => entropy()?,
        },
    })
}

fn make(path: &Path) -> Result<(), Stop> {
    let unwritable = |error: std::io::Error| {
        Stop::input(format!("{}: secrets.unwritable: {error}", path.display()))
    };
    let text = format!(
        "# Secrets of this installation. Whoever has them can sign as this authority and open what is sealed.\n\
         # Keep a copy in a safe place, apart from backups: nothing that is sealed opens without it.\n\
         signing = \"{}\"\nsealing = \"{}\"\n",
        hex(&random()?),
        hex(&random()?)
    );
    // Two who start together: each writes its own, one wins, both read that one.
    let own = path.with_extension(format!("{}.part", hex(&random()?)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&own)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| match std::fs::hard_link(&own, path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        });
    std::fs::remove_file(&own).ok();
    written.map_err(unwritable)
}

#[cfg(unix)]
fn private(path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)
        .map_err(|error| Stop::input(format!("{}: secrets.unreadable: {error}", path.display())))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Stop::input(format!(
        "{0}: secrets.exposed: others on this machine can read the secrets; run `chmod 600 {0}`",
        path.display()
    )))
}

#[cfg(not(unix))]
fn private(_: &Path) -> Result<(), Stop> {
    Ok(())
}

fn key(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

fn random() -> Result<[u8; 32], Stop> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Stop::input(format!(
            "secrets.no_randomness: the system gives none: {error}"
        ))
    })?;
    Ok(bytes)
}

/// Randomness for salts, nonces and ids: the library's generator, seeded by the system.
pub(crate) fn entropy() -> Result<Entropy, Stop> {
    let generator = Mutex::new(StdRng::from_seed(random()?));
    Ok(Box::new(move || {
        let mut bytes = [0; 32];
        generator
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_kept_private_and_refused_when_others_can_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), None).ok().unwrap();
        let second = open(folder.path(), None).ok().unwrap();
        assert_eq!(
            first.signing.public().to_hex(),
            second.signing.public().to_hex()
        );
        assert_eq!(
            std::fs::read_to_string(public_key_file(folder.path()))
                .unwrap()
                .trim(),
            first.signing.public().to_hex()
        );
        assert_ne!((first.entropy)(), (first.entropy)());
        assert_ne!((first.entropy)(), (second.entropy)());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = folder.path().join(FILE);
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            let Err(Stop::Input(problems)) = open(folder.path(), None) else {
                panic!("read all the same")
            };
            assert!(
                problems[0].contains("secrets.exposed") && problems[0].contains("chmod 600"),
                "{problems:?}"
            );
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            2,
            "no part is left"
        );
    }
}
