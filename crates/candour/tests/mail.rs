//! Mail to a server: what it is told, what its refusals come to, and that a password shows nowhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Takes,
    UnknownMailbox,
    ComeBackLater,
    /// It takes the mail and dies before it says so.
    HangsUpAfterData,
}

/// What a mail server was told: the sender, the recipients and the mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Taken {
    from: String,
    to: Vec<String>,
    data: String,
}

/// When a mail server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    Never,
    Begun,
    FromTheStart,
}

/// A mail server of the test's own.
struct Server {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Its certificate, as a file would hold it.
    certificate: String,
}

impl Server {
    fn new() -> Self {
        Self::speaking(Secrecy::Never)
    }

    fn speaking(secrecy: Secrecy) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(Mutex::new(Manner::Takes)),
            taken: Arc::default(),
            certificate: format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(own.cert.der())
            ),
        };
        let (manner, taken) = (Arc::clone(&server.manner), Arc::clone(&server.taken));
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key.into())
            .unwrap();
        let tls = Arc::new(tls);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let manner = *manner.lock().unwrap();
                let _ = serve(stream, secrecy, &tls, manner, &taken);
            }
        });
        server
    }

    fn is(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }
}

fn serve(
    mut stream: TcpStream,
    secrecy: Secrecy,
    tls: &Arc<rustls::ServerConfig>,
    manner: Manner,
    taken: &Mutex<Vec<Taken>>,
) -> std::io::Result<()> {
    if secrecy != Secrecy::FromTheStart {
        stream.write_all(b"220 mail.example\r\n")?;
        let offers_tls = secrecy == Secrecy::Begun;
        if !talk(&mut stream, offers_tls, manner, taken)? {
            return Ok(());
        }
    }
    let session = rustls::ServerConnection::new(Arc::clone(tls)).unwrap();
    let mut stream = rustls::StreamOwned::new(session, stream);
    if secrecy == Secrecy::FromTheStart {
        stream.write_all(b"220 mail.example\r\n")?;
    }
    talk(&mut stream, false, manner, taken).map(drop)
}

/// Answers until the client leaves, or wants TLS: then it is `true`.
fn talk(
    stream: &mut (impl Read + Write),
    offers_tls: bool,
    manner: Manner,
    taken: &Mutex<Vec<Taken>>,
) -> std::io::Result<bool> {
    let mut stream = BufReader::new(stream);
    let mut mail = Taken::default();
    while let Some(line) = next_line(&mut stream)? {
        let word = line.split([' ', ':']).next().unwrap().to_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" if offers_tls => b"250-mail.example\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
            "EHLO" => b"250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
            "STARTTLS" if offers_tls => {
                stream.get_mut().write_all(b"220 begin\r\n")?;
                return Ok(true);
            }
            // "\0foi\0hunter2".
            "AUTH" if line == "AUTH PLAIN AGZvaQBodW50ZXIy" => b"235 welcome\r\n",
            "AUTH" => b"535 who are you?\r\n",
            "MAIL" => {
                mail.from = line;
                b"250 ok\r\n"
            }
            "RCPT" if manner == Manner::UnknownMailbox => {
                b"550 5.1.1 <joy@example.org> no such mailbox\r\n"
            }
            "RCPT" if manner == Manner::ComeBackLater => b"451 4.7.1 come back later\r\n",
            "RCPT" => {
                mail.to.push(line);
                b"250 ok\r\n"
            }
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n")?;
                while let Some(line) = next_line(&mut stream)?.filter(|line| line != ".") {
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push_str("\r\n");
                }
                taken.lock().unwrap().push(std::mem::take(&mut mail));
                if manner == Manner::HangsUpAfterData {
                    return Ok(false);
                }
                b"250 taken\r\n"
            }
            "QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n")?;
                return Ok(false);
            }
            _ => b"500 what?\r\n",
        };
        stream.get_mut().write_all(answer)?;
    }
    Ok(false)
}

fn next_line(stream: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let shipped =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/office/authority.toml");
        let authority = std::fs::read_to_string(shipped).unwrap();
        std::fs::create_dir_all(place.path("data/office")).unwrap();
        std::fs::write(
            place.path("data/office/authority.toml"),
            authority.replace("# mailbox = ", "mailbox = "),
        )
        .unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn candour(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candour"));
        // The authorities that are trusted, in place of the machine's.
        let trusted = self.path("trusted.pem");
        if trusted.exists() {
            command
                .env("SSL_CERT_FILE", trusted)
                .env_remove("SSL_CERT_DIR");
        }
        command
            .args(arguments)
            .args(["--state", "state", "--data", "data"])
            .env_remove("CANDOUR_MAIL")
            .env_remove("CANDOUR_MAIL_PASSWORD")
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn said(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.candour(arguments);
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }

    fn request(&self) {
        // Just now, so that nothing is due yet.
        let now = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S +0000");
        std::fs::write(
            self.path("request.eml"),
            format!("From: Joy Adeyemi <joy@example.org>\r\nDate: {}\r\n\
             Message-ID: <m1@example.org>\r\nSubject: Laptops\r\n\r\nHow many laptops do you own?\r\n", now),
        )
        .unwrap();
        assert_eq!(self.said(&["import", "request.eml"]).0, 0);
    }
}

fn header<'m>(mail: &'m Taken, name: &str) -> Option<&'m str> {
    let (head, _) = mail.data.split_once("\r\n\r\n").unwrap();
    head.lines().find_map(|line| line.strip_prefix(name))
}

#[test]
fn a_mail_server_gets_each_mail_once() {
    let (place, server) = (Place::new(), Server::new());
    place.request();
    let address = server.address();
    let jobs = ["jobs", "run", "--once", "--mail", &address];
    let (status, said) = place.said(&jobs);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("mail: received"), "{said}");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].from, "MAIL FROM:<foi@harrowmere.gov.uk>");
    assert_eq!(taken[0].to, ["RCPT TO:<joy@example.org>"]);
    assert_eq!(header(&taken[0], "Auto-Submitted: "), Some("auto-replied"));
    assert_eq!(place.said(&jobs), (0, String::new()));
    assert_eq!(server.taken(), []);
}

#[test]
fn a_mail_whose_server_dies_waits() {
    let (place, server) = (Place::new(), Server::new());
    place.request();
    let address = server.address();
    let jobs = ["jobs", "run", "--once", "--mail", &address];
    server.is(Manner::HangsUpAfterData);
    let (status, said) = place.said(&jobs);
    assert!(
        status == 1 && said.contains("mail waits: the mail server 127.0.0.1:"),
        "{said}"
    );
    let first = server.taken();
    assert_eq!(first.len(), 1);
    // It isn't tried again at once; that it leaves later as the same bytes is tested where the clock can be set.
    server.is(Manner::Takes);
    place.said(&jobs);
    assert_eq!(server.taken(), []);
}

#[test]
fn refusals_are_told_apart() {
    let (place, server) = (Place::new(), Server::new());
    place.request();
    let address = server.address();
    let jobs = ["jobs", "run", "--once", "--mail", &address];
    server.is(Manner::ComeBackLater);
    let (status, said) = place.said(&jobs);
    assert!(status == 1 && said.contains("come back later"), "{said}");
    let (place, server) = (Place::new(), Server::new());
    place.request();
    let address = server.address();
    let jobs = ["jobs", "run", "--once", "--mail", &address];
    server.is(Manner::UnknownMailbox);
    let (status, said) = place.said(&jobs);
    assert!(status == 1 && said.contains("no such mailbox"), "{said}");
    assert!(!said.contains("joy@example.org"), "{said}");
    // It is for a person now: the case waits, and no mail is tried.
    server.is(Manner::Takes);
    let (status, said) = place.said(&jobs);
    assert!(status == 1 && said.contains("hasn't left"), "{said}");
    assert_eq!(server.taken(), []);
}

#[test]
fn a_password_shows_nowhere_and_does_not_travel_in_the_clear() {
    let (place, server) = (Place::new(), Server::new());
    place.request();
    let address = format!("smtp://foi:hunter2@127.0.0.1:{}", server.port);
    // The server offers no TLS: nothing of the mail or the password is sent.
    let (status, said) = place.said(&["jobs", "run", "--once", "--mail", &address]);
    assert_eq!(status, 1, "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    assert_eq!(server.taken(), []);
    for bad in [
        "smtp://foi:hunter2@h?tls=none",
        "pigeon://foi:hunter2@h",
        "smtp://foi@h",
    ] {
        let (status, said) = place.said(&["jobs", "run", "--once", "--mail", bad]);
        assert!(status == 2 && said.contains("mail."), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn mail_and_password_travel_by_tls_to_a_server_whose_certificate_is_trusted() {
    for (secrecy, scheme) in [(Secrecy::Begun, "smtp"), (Secrecy::FromTheStart, "smtps")] {
        let (place, server) = (Place::new(), Server::speaking(secrecy));
        place.request();
        let address = format!("{scheme}://foi:hunter2@localhost:{}", server.port);
        let jobs = ["jobs", "run", "--once", "--mail", &address];
        std::fs::write(place.path("trusted.pem"), &server.certificate).unwrap();
        let (status, said) = place.said(&jobs);
        assert_eq!(status, 0, "{secrecy:?}: {said}");
        let taken = server.taken();
        assert_eq!(taken.len(), 1, "{secrecy:?}: {said}");
        assert_eq!(taken[0].to, ["RCPT TO:<joy@example.org>"]);
        // Another's certificate is not taken for it, and nothing is said to it.
        let (place, impostor) = (Place::new(), Server::speaking(secrecy));
        place.request();
        let address = format!("{scheme}://foi:hunter2@localhost:{}", impostor.port);
        let jobs = ["jobs", "run", "--once", "--mail", &address];
        std::fs::write(place.path("trusted.pem"), &server.certificate).unwrap();
        let (status, said) = place.said(&jobs);
        assert!(
            status == 1 && said.contains("can't be reached"),
            "{secrecy:?}: {said}"
        );
        assert_eq!(impostor.taken(), []);
    }
}
