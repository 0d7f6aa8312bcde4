//! A bucket of an object store that speaks S3. Requests are signed by `rusty-s3`; `ureq` carries them.

use std::collections::HashSet;
use std::io::{Error, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusty_s3::S3Action;
use rusty_s3::actions::{ListObjectsV2, ListObjectsV2Response};
use ureq::http::{Response, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};
use url::Url;

use crate::fault::Fault;

/// How long a signed request may be used.
const SIGNED_FOR: Duration = Duration::from_secs(300);
/// How long one request may take, contents included.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many hashes are remembered before all are forgotten.
const REMEMBERED: usize = 10_000;
/// The largest contents read back, in bytes.
const LARGEST: u64 = 1 << 30;

/// Who signs the requests.
pub struct Credentials {
    /// The key's id.
    pub key: String,
    /// The key.
    pub secret: String,
}

/// A bucket and the folder in it.
pub struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: rusty_s3::Credentials,
    prefix: String,
    agent: Agent,
    /// What this process has put, so that looking for it asks no network while a transaction is open.
    put: Mutex<HashSet<String>>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the key.
        write!(f, "Bucket({}, {})", self.bucket.base_url(), self.prefix)
    }
}

impl Bucket {
    /// The bucket at an address such as `https://objects.example.net/candour/attachments?region=eu-west-2`: the store, the
    /// bucket, a folder in it (may be left out) and the region (`us-east-1` when left out). Without encryption only on
    /// this machine.
    ///
    /// # Errors
    /// What is wrong with the address and how to write it.
    pub fn at(address: &str, credentials: Credentials) -> Result<Self, String> {
        const FORM: &str = "write it as https://objects.example.net/bucket/folder?region=eu-west-2";
        let mut url = Url::parse(address)
            .map_err(|error| format!("`{address}` is no address: {error}; {FORM}"))?;
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(format!(
                "`{address}` would send attachments in the clear; {FORM}"
            ));
        }
        let mut region = "us-east-1".to_owned();
        for (name, value) in url.query_pairs() {
            if name == "region" {
                region = value.into_owned();
            } else {
                return Err(format!("`{name}` of `{address}` is unknown; {FORM}"));
            }
        }
        let path = url.path().trim_matches('/').to_owned();
        let (name, folder) = path.split_once('/').unwrap_or((&path, ""));
        if name.is_empty() {
            return Err(format!("`{address}` names no bucket; {FORM}"));
        }
        url.set_path("/");
        url.set_query(None);
        let bucket = rusty_s3::Bucket::new(url, rusty_s3::UrlStyle::Path, name.to_owned(), region)
            .map_err(|error| format!("`{address}`: {error}; {FORM}"))?;
        Ok(Self {
            bucket,
            credentials: rusty_s3::Credentials::new(credentials.key, credentials.secret),
            prefix: if folder.is_empty() {
                String::new()
            } else {
                format!("{folder}/")
            },
            agent: Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(PATIENCE))
                .max_redirects(0)
                .tls_config(
                    TlsConfig::builder()
                        .root_certs(RootCerts::PlatformVerifier)
                        .build(),
                )
                .build()
                .into(),
            put: Mutex::default(),
        })
    }

    fn remembered(&self) -> MutexGuard<'_, HashSet<String>> {
        self.put.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, sha256: &str) {
        let mut put = self.remembered();
        if put.len() >= REMEMBERED {
            put.clear();
        }
        put.insert(sha256.to_owned());
    }

    fn key(&self, sha256: &str) -> String {
        let (start, _) = sha256.split_at_checked(2).unwrap_or(("__", ""));
        format!("{}{start}/{sha256}", self.prefix)
    }

    /// Stores contents unless they are there. Another node may have removed what this one remembers, so it looks.
    pub(super) fn put(&self, sha256: &str, contents: &[u8]) -> Result<(), Fault> {
        if self.there(sha256)? {
            return Ok(());
        }
        let key = self.key(sha256);
        let url = self
            .bucket
            .put_object(Some(&self.credentials), &key)
            .sign(SIGNED_FOR);
        answered(self.agent.put(url.as_str()).send(contents), &key)?;
        self.remember(sha256);
        Ok(())
    }

    pub(super) fn has(&self, sha256: &str) -> Result<bool, Fault> {
        let remembered = self.remembered().contains(sha256);
        Ok(remembered || self.there(sha256)?)
    }

    fn there(&self, sha256: &str) -> Result<bool, Fault> {
        let key = self.key(sha256);
        let url = self
            .bucket
            .head_object(Some(&self.credentials), &key)
            .sign(SIGNED_FOR);
        let there = unless_missing(answered(self.agent.head(url.as_str()).call(), &key))?;
        if there {
            self.remember(sha256);
        }
        Ok(there)
    }

    pub(super) fn get(&self, sha256: &str) -> Result<Vec<u8>, Fault> {
        let key = self.key(sha256);
        let url = self
            .bucket
            .get_object(Some(&self.credentials), &key)
            .sign(SIGNED_FOR);
        answered(self.agent.get(url.as_str()).call(), &key)?
            .body_mut()
            .with_config()
            .limit(LARGEST)
            .read_to_vec()
            .map_err(|error| Fault::Gone(Box::new(error)))
    }

    pub(super) fn remove(&self, sha256: &str) -> Result<(), Fault> {
        self.remembered().remove(sha256);
        let key = self.key(sha256);
        let url = self
            .bucket
            .delete_object(Some(&self.credentials), &key)
            .sign(SIGNED_FOR);
        unless_missing(answered(self.agent.delete(url.as_str()).call(), &key)).map(|_| ())
    }

    /// The hashes of everything in the folder, page by page.
    pub(super) fn list(&self) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut action = ListObjectsV2::new(&self.bucket, Some(&self.credentials));
            action.with_prefix(self.prefix.as_str());
            if let Some(token) = after.take() {
                action.with_continuation_token(token);
            }
            let page = answered(self.agent.get(action.sign(SIGNED_FOR).as_str()).call(), "")?
                .body_mut()
                .read_to_string()
                .map_err(|error| Fault::Gone(Box::new(error)))?;
            let page: ListObjectsV2Response = ListObjectsV2::parse_response(&page)
                .map_err(|error| Fault::Gone(Box::new(error)))?;
            names.extend(page.contents.iter().filter_map(|object| {
                let name = object.key.rsplit('/').next()?;
                (name.len() == 64).then(|| name.to_owned())
            }));
            after = page.next_continuation_token;
            if after.is_none() {
                return Ok(names);
            }
        }
    }
}

/// Whether there was something to answer about.
fn unless_missing(answer: Result<Response<Body>, Fault>) -> Result<bool, Fault> {
    match answer {
        Ok(_) => Ok(true),
        Err(Fault::File { .. }) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// The answer of the store, or the fault that it tells. Its words may hold the signed address, so they aren't passed on.
fn answered(
    answer: Result<Response<Body>, ureq::Error>,
    key: &str,
) -> Result<Response<Body>, Fault> {
    let answer = answer.map_err(|error| Fault::Gone(Box::new(error)))?;
    let status = answer.status();
    let told = |what: &str| -> Box<dyn std::error::Error + Send + Sync> {
        format!("the object store answers {} {what}", status.as_u16()).into()
    };
    match status {
        status if status.is_success() => Ok(answer),
        StatusCode::NOT_FOUND => Err(Fault::File {
            path: format!("object {key}"),
            error: Error::from(ErrorKind::NotFound),
        }),
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Err(Fault::ReadOnly(told(
            "(refused; check its address, region, key and rights)",
        ))),
        StatusCode::INSUFFICIENT_STORAGE => Err(Fault::Full(told("(full)"))),
        _ => Err(Fault::Gone(told(""))),
    }
}
