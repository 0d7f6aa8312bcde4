//! Mail to a server: what it is told, what its refusals come to, and that a password shows nowhere.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

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

/// A mail server of the test's own.
struct Server {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(Mutex::new(Manner::Takes)),
            taken: Arc::default(),
        };
        let (manner, taken) = (Arc::clone(&server.manner), Arc::clone(&server.taken));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let manner = *manner.lock().unwrap();
                let _ = talk(stream, manner, &taken);
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

fn talk(stream: TcpStream, manner: Manner, taken: &Mutex<Vec<Taken>>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    let mut mail = Taken::default();
    out.write_all(b"220 mail.example\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let answer: &[u8] = match line
            .split([' ', ':'])
            .next()
            .unwrap()
            .to_uppercase()
            .as_str()
        {
            "EHLO" => b"250-mail.example\r\n250 8BITMIME\r\n",
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
                out.write_all(b"354 go on\r\n")?;
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push_str("\r\n");
                }
                taken.lock().unwrap().push(std::mem::take(&mut mail));
                if manner == Manner::HangsUpAfterData {
                    return Ok(());
                }
                b"250 taken\r\n"
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"500 what?\r\n",
        };
        out.write_all(answer)?;
    }
    Ok(())
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
        Command::new(env!("CARGO_BIN_EXE_candour"))
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
