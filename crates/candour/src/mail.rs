//! Where mail goes: into files, or to the authority's mail server by SMTP.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use office::mail::{Carrier, Carrying, NotSent, Parcel};

use crate::fault::Stop;

/// How mail leaves.
#[derive(clap::Args, Clone)]
pub struct MailOptions {
    /// Where mail goes: `files` (into the folder `outbox` of the state), or the mail server, as
    /// smtp://user@mail.example.gov.uk (TLS is begun after connecting, port 587) or smtps://… (TLS from the start, port 465).
    /// The password stands in the address, or in CANDOUR_MAIL_PASSWORD, or in the file of --mail-password-file.
    #[arg(long, value_name = "URL", env = "CANDOUR_MAIL", hide_env_values = true)]
    pub mail: Option<String>,
    /// The file with the password of the mail server.
    #[arg(long, value_name = "FILE")]
    pub mail_password_file: Option<PathBuf>,
    /// The password itself.
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "CANDOUR_MAIL_PASSWORD",
        hide = true,
        hide_env_values = true
    )]
    pub mail_password: Option<String>,
}

/// No password gets into a log by habit.
impl std::fmt::Debug for MailOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailOptions(not shown)")
    }
}

/// A mail server may take so long over one step.
const PATIENCE: Duration = Duration::from_secs(20);

impl MailOptions {
    /// Who takes mail; `None` where nobody was named.
    ///
    /// # Errors
    /// The address isn't one, or the password's file can't be read.
    pub fn carrier(&self, state: &Path) -> Result<Option<Box<Carrier>>, Stop> {
        let outbox = state.join("outbox");
        match self.mail.as_deref() {
            None => Ok(None),
            Some("files") => Ok(Some(to_files(outbox))),
            Some(address) => {
                let server = Server::parse(address)?;
                let password = self.password()?.or_else(|| server.password.clone());
                Ok(Some(to_server(&server, password, outbox)?))
            }
        }
    }

    fn password(&self) -> Result<Option<String>, Stop> {
        let Some(path) = &self.mail_password_file else {
            return Ok(self.mail_password.clone());
        };
        std::fs::read_to_string(path)
            .map(|password| Some(password.trim_end_matches(['\r', '\n']).to_owned()))
            .map_err(|error| {
                Stop::input(format!(
                    "{}: mail.no_password: {error}; the file holds the password of the mail server",
                    path.display()
                ))
            })
    }
}

/// How the way to a mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    /// TLS is begun after connecting, and nothing is said without it.
    Begun,
    /// TLS from the start.
    FromTheStart,
    /// None: a relay on this machine or in a network that the authority trusts.
    Nothing,
}

/// A mail server as it was named.
#[derive(Clone, PartialEq, Eq)]
struct Server {
    host: String,
    port: u16,
    user: Option<String>,
    password: Option<String>,
    secrecy: Secrecy,
}

impl Server {
    /// Reads `smtp://user:password@host:port`. The message of what is wrong repeats nothing of it: a password stands there.
    fn parse(address: &str) -> Result<Self, Stop> {
        let wrong = |why: &str| {
            Stop::input(format!(
                "mail.bad_address: {why}; write `files`, smtp://user@host:port or smtps://user@host:port"
            ))
        };
        let (scheme, rest) = address
            .split_once("://")
            .ok_or_else(|| wrong("the address of the mail server has no smtp:// at its start"))?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let rest = rest.trim_end_matches('/');
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest),
        };
        let secrecy = match (scheme, options) {
            ("smtps", "") => Secrecy::FromTheStart,
            ("smtp", "") => Secrecy::Begun,
            ("smtp", "tls=none") => Secrecy::Nothing,
            ("smtp" | "smtps", _) => {
                return Err(wrong(
                    "the only thing to say after `?` is tls=none, with smtp://",
                ));
            }
            _ => {
                return Err(wrong(
                    "the address of the mail server begins with smtp:// or smtps://",
                ));
            }
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                let port = port
                    .parse()
                    .map_err(|_| wrong("the port of the mail server isn't a number"))?;
                (host, port)
            }
            _ => (
                place,
                match secrecy {
                    Secrecy::Begun => 587,
                    Secrecy::FromTheStart => 465,
                    Secrecy::Nothing => 25,
                },
            ),
        };
        if host.is_empty() {
            return Err(wrong("the address of the mail server names no host"));
        }
        let plain = |text: &str| {
            unescaped(text)
                .ok_or_else(|| wrong("a `%` in it isn't followed by two hexadecimal digits"))
        };
        let (user, password) = match login.map(|login| login.split_once(':')) {
            None => (None, None),
            Some(Some((user, password))) => (Some(plain(user)?), Some(plain(password)?)),
            Some(None) => (Some(plain(login.unwrap_or_default())?), None),
        };
        if secrecy == Secrecy::Nothing && password.is_some() {
            return Err(wrong(
                "a password doesn't travel without TLS: leave it or tls=none out",
            ));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            user,
            password,
            secrecy,
        })
    }
}

/// Text of an address with `%41` as the letter that it stands for.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Mails as files, for whoever takes them from there: `.eml` to send, `.txt` to print and post.
#[must_use]
pub fn to_files(outbox: PathBuf) -> Box<Carrier> {
    let outbox = Arc::new(outbox);
    Box::new(move |parcel: Parcel| -> Carrying {
        let outbox = Arc::clone(&outbox);
        Box::pin(async move { put_in(&outbox, &parcel) })
    })
}

fn put_in(outbox: &Path, parcel: &Parcel) -> Result<(), NotSent> {
    let kind = if parcel.to.is_some() { "eml" } else { "txt" };
    let name = format!("{}.{kind}", parcel.name);
    let part = outbox.join(format!(".{name}.part"));
    let written = || -> std::io::Result<()> {
        std::fs::create_dir_all(outbox)?;
        let mut file = std::fs::File::create(&part)?;
        std::io::Write::write_all(&mut file, &parcel.bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, outbox.join(&name))
    };
    written().map_err(|error| {
        NotSent::Unreachable(format!("{}: mail.unwritable: {error}", outbox.display()))
    })
}

fn to_server(
    server: &Server,
    password: Option<String>,
    outbox: PathBuf,
) -> Result<Box<Carrier>, Stop> {
    let tls = || {
        TlsParameters::new(server.host.clone()).map_err(|error| {
            Stop::input(format!(
                "mail.bad_address: {}: no host that TLS can be spoken with: {error}",
                server.host
            ))
        })
    };
    let mut transport =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.as_str())
            .port(server.port)
            .timeout(Some(PATIENCE))
            .tls(match server.secrecy {
                Secrecy::Begun => Tls::Required(tls()?),
                Secrecy::FromTheStart => Tls::Wrapper(tls()?),
                Secrecy::Nothing => Tls::None,
            });
    match (&server.user, password) {
        (Some(user), Some(password)) => {
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        (Some(user), None) => {
            return Err(Stop::input(format!(
                "mail.no_password: the mail server is to be entered as {user}, and no password is given; set \
                 CANDOUR_MAIL_PASSWORD or name its file with --mail-password-file"
            )));
        }
        (None, _) => {}
    }
    let place = format!("{}:{}", server.host, server.port);
    let transport = Arc::new((transport.build(), place, outbox));
    Ok(Box::new(move |parcel: Parcel| -> Carrying {
        let transport = Arc::clone(&transport);
        Box::pin(async move {
            let (transport, place, outbox) = &*transport;
            // What is to be posted goes to whoever prints it.
            if parcel.to.is_none() {
                return put_in(outbox, &parcel);
            }
            send(transport, place, &parcel).await
        })
    }))
}

async fn send(
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    place: &str,
    parcel: &Parcel,
) -> Result<(), NotSent> {
    let address = |text: &str| {
        text.parse::<Address>()
            .map_err(|error| NotSent::Refused(format!("not an address: {error}")))
    };
    let to = address(parcel.to.as_deref().unwrap_or_default())?;
    let envelope = Envelope::new(Some(address(&parcel.from)?), vec![to])
        .map_err(|error| NotSent::Refused(error.to_string()))?;
    match transport.send_raw(&envelope, &parcel.bytes).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let why = format!("the mail server {place} says: {}", cause(&error));
            // Being told "no" to our name and password is about us, not about the mail.
            let is_about_us = error.status().is_some_and(|code| {
                matches!(
                    u16::from(code),
                    421 | 454 | 500..=504 | 530 | 534 | 535 | 538
                )
            });
            Err(if is_about_us {
                NotSent::Unreachable(why)
            } else if error.is_permanent() {
                NotSent::Refused(why)
            } else if error.is_transient() {
                NotSent::Later(why)
            } else {
                NotSent::Unreachable(format!(
                    "the mail server {place} can't be reached: {}",
                    cause(&error)
                ))
            })
        }
    }
}

/// An error with what lies behind it.
fn cause(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        let more = error.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        behind = error.source();
    }
    said
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        let server = Server::parse("smtp://foi%40x:a%3Ab@mail.example:2525")
            .ok()
            .unwrap();
        assert_eq!(
            (server.host.as_str(), server.port, server.secrecy),
            ("mail.example", 2525, Secrecy::Begun)
        );
        assert_eq!(server.user.as_deref(), Some("foi@x"));
        assert_eq!(server.password.as_deref(), Some("a:b"));
        for (address, port, secrecy) in [
            ("smtp://mail.example", 587, Secrecy::Begun),
            ("smtps://foi@mail.example/", 465, Secrecy::FromTheStart),
            ("smtp://localhost?tls=none", 25, Secrecy::Nothing),
            ("smtp://[::1]:26?tls=none", 26, Secrecy::Nothing),
        ] {
            let server = Server::parse(address).ok().unwrap();
            assert_eq!((server.port, server.secrecy), (port, secrecy), "{address}");
        }
        for bad in [
            "mail.example",
            "http://u:secret@mail.example",
            "smtp://u:secret@:25",
            "smtp://u:secret@mail.example:many",
            "smtp://u:secret@mail.example?tls=none",
            "smtp://u:secret%zz@mail.example",
            "smtps://u:secret@mail.example?tls=none",
        ] {
            let Err(Stop::Input(problems)) = Server::parse(bad) else {
                panic!("{bad}");
            };
            assert!(problems[0].starts_with("mail.bad_address"), "{problems:?}");
            assert!(!problems[0].contains("secret"), "{problems:?}");
        }
        let options = MailOptions {
            mail: Some("smtp://u:secret@h".to_owned()),
            mail_password_file: None,
            mail_password: Some("secret".to_owned()),
        };
        assert!(!format!("{options:?}").contains("secret"));
    }
}
