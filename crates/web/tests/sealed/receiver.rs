//! A program that is told what happens: one for the whole process, so that it has the same address in both runs.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use web::App;

struct Receiver {
    address: String,
    heard: Mutex<Vec<Vec<u8>>>,
    status: AtomicU16,
}

static RECEIVER: OnceLock<Arc<Receiver>> = OnceLock::new();
/// Whose messages come now: worlds live side by side.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn receiver() -> &'static Arc<Receiver> {
    RECEIVER.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Arc::new(Receiver {
            address: format!("http://{}/told", listener.local_addr().unwrap()),
            heard: Mutex::default(),
            status: AtomicU16::new(204),
        });
        let hears = Arc::clone(&receiver);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                hears.hear(stream.unwrap());
            }
        });
        receiver
    })
}

impl Receiver {
    /// Takes one message, every byte of it, and answers.
    fn hear(&self, mut stream: TcpStream) {
        let mut message = Vec::new();
        let mut part = [0; 4096];
        while !is_whole(&message) {
            match stream.read(&mut part).unwrap() {
                0 => break,
                count => message.extend(&part[..count]),
            }
        }
        self.heard.lock().unwrap().push(message);
        let status = self.status.load(Ordering::SeqCst);
        let answer =
            format!("HTTP/1.1 {status} Heard\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    }
}

fn is_whole(message: &[u8]) -> bool {
    let text = String::from_utf8_lossy(message);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// Its address.
pub fn address() -> String {
    receiver().address.clone()
}

/// One round of messages of a world, which are answered with this status: how many, and each as it came.
pub async fn told(app: &App, status: u16) -> (usize, Vec<Vec<u8>>) {
    let _turn = TURN.lock().await;
    let receiver = receiver();
    receiver.status.store(status, Ordering::SeqCst);
    let count = web::hooks::round(app).await.unwrap();
    let heard = std::mem::take(&mut *receiver.heard.lock().unwrap());
    (count, heard)
}
