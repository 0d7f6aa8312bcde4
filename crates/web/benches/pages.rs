//! How fast pages come, how much memory a server takes, and how soon it answers, against a plain static answer in the
//! same run.
//!
//! `cargo bench -p web -- 100000` measures with so many requests in the database; without a number, with 5,000. A folder
//! named after the number keeps the database, and a second run uses what it finds there. The server is a process of its own,
//! as in an installation; routine work isn't done meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a bench reads the clock, and a failing one stops"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::Request;
use casework::role::Role;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use office::data::Data;
use office::{Extent, Office, Setup};
use store::desk::Account;
use web::words::Catalogue;
use web::{App, Settings};

/// Requests a second at which the times of pages are measured.
const RATE: u32 = 200;
/// For so long.
const MEASURED: Duration = Duration::from_secs(15);
/// Connections that ask as fast as they are answered.
const CONNECTIONS: usize = 16;

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    if let [command, folder] = &arguments[..]
        && command == "serve"
    {
        return runtime.block_on(serve(Path::new(folder)));
    }
    let requests = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(5_000);
    let passing = tempfile::tempdir().unwrap();
    let folder = arguments
        .iter()
        .skip_while(|argument| argument.parse::<u64>().is_err())
        .nth(1)
        .map_or_else(|| passing.path().to_owned(), PathBuf::from);
    runtime.block_on(measure(&folder, requests));
}

async fn app(folder: &Path) -> App {
    let office = Office::open(Setup {
        state: folder.to_owned(),
        database: None,
        attachments: None,
        passes: false,
        entropy: None,
        data: Data::new(None).ok().unwrap(),
        clock: Arc::new(jiff::Timestamp::now),
    })
    .await
    .ok()
    .unwrap();
    let settings = Settings {
        behind_proxy: true,
        ..Settings::default()
    };
    web::application(
        office,
        settings,
        web::demo::branding(),
        Catalogue::english(),
    )
    .await
    .unwrap()
}

/// The server: the pages, and beside them an answer of the same length as the log's that nothing has to be done for.
async fn serve(folder: &Path) {
    let app = app(folder).await;
    let static_text: &'static str = Box::leak("x".repeat(20_000).into_boxed_str());
    let pages = web::pages(app).route(
        "/static",
        axum::routing::get(move || async move { static_text }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, pages).await.unwrap();
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    /// The memory that it holds, in MB.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            / 1024
    }

    async fn connect(&self) -> SendRequest<Empty<Bytes>> {
        let stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        sender
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn ask(sender: &mut SendRequest<Empty<Bytes>>, path: &str, cookie: &str) -> (u16, usize) {
    // Each request from another place, so that none meets the limit of its place.
    static PLACE: AtomicU32 = AtomicU32::new(0);
    let place = std::net::Ipv4Addr::from(PLACE.fetch_add(1, Ordering::Relaxed));
    sender.ready().await.unwrap();
    let request = Request::get(path)
        .header("host", "bench")
        .header("cookie", cookie)
        .header("x-forwarded-for", place.to_string());
    let response = sender
        .send_request(request.body(Empty::new()).unwrap())
        .await
        .unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, body.len())
}

async fn measure(folder: &Path, requests: u64) {
    let (cookie, cases) = fill(folder, requests).await;

    let began = Instant::now();
    let server = Server::start(folder);
    let (status, _) = ask(&mut server.connect().await, "/", "").await;
    println!(
        "start to first page: {:?} (status {status})",
        began.elapsed()
    );
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!("memory when idle: {} MB", server.memory());

    // The first case that needs it waits until everything published is read; `serve` reads it in the background.
    let mut sender = server.connect().await;
    let mut longest = Duration::ZERO;
    for case in &cases {
        let began = Instant::now();
        let (status, _) = ask(&mut sender, &format!("/desk/cases/{case}"), &cookie).await;
        assert_eq!(status, 200);
        longest = longest.max(began.elapsed());
    }
    println!(
        "each of {} cases once, with everything published read: the longest {longest:?}, then {} MB",
        cases.len(),
        server.memory()
    );
    for (name, path) in [
        ("queue", "/desk?show=all".to_owned()),
        ("log", "/disclosure-log".to_owned()),
    ] {
        let (status, length) = ask(&mut server.connect().await, &path, &cookie).await;
        println!("{name}: status {status}, {length} bytes");
        assert_eq!(status, 200);
    }
    for name in ["static", "queue", "case", "log", "static"] {
        let paths: Vec<String> = match name {
            "queue" => vec![
                "/desk?show=all".to_owned(),
                "/desk?show=closed".to_owned(),
                "/desk?show=all&waiting=officer".to_owned(),
            ],
            "case" => cases
                .iter()
                .map(|case| format!("/desk/cases/{case}"))
                .collect(),
            "log" => vec!["/disclosure-log".to_owned()],
            _ => vec!["/static".to_owned()],
        };
        steady(&server, name, &paths, &cookie).await;
    }
    for (name, path) in [
        ("static", "/static"),
        ("log", "/disclosure-log"),
        ("static", "/static"),
    ] {
        flat_out(&server, name, path).await;
    }
    println!("memory after that: {} MB", server.memory());
}

/// Invents the requests: a tenth of them lives to its end, so that the log has entries; makes an auditor who is signed in.
async fn fill(folder: &Path, requests: u64) -> (String, Vec<String>) {
    let is_there = folder.join("candour.sqlite").exists();
    let app = app(folder).await;
    if !is_there {
        let began = Instant::now();
        app.office
            .seed(requests / 10, Extent::WholeLife)
            .await
            .unwrap();
        app.office.seed(requests, Extent::Receipt).await.unwrap();
        app.office.follow().await.ok().unwrap();
        println!("{requests} requests invented in {:?}", began.elapsed());
    }
    let account = Account {
        id: "ruth".to_owned(),
        name: "Ruth Adeyemi".to_owned(),
        email: "ruth@harrowmere.example".to_owned(),
        secret: String::new(),
        second_secret: None,
        second_step: 0,
        roles: vec![Role::Auditor],
        team: "audit".to_owned(),
        is_active: true,
        failures: 0,
        locked_until: None,
        recovery: String::new(),
        subject: None,
    };
    app.office.store().keep_account(&account).await.unwrap();
    let token = web::session::begin(&app, &account).await.unwrap();
    let rows = app
        .office
        .queue(&office::QueueFilter::All, true, None, 500)
        .await
        .unwrap();
    let closed = app
        .office
        .queue(&office::QueueFilter::All, false, None, 500)
        .await
        .unwrap();
    let cases = rows
        .into_iter()
        .chain(closed)
        .map(|row| row.reference)
        .collect();
    app.office.close().await;
    (format!("candour={token}"), cases)
}

/// Asks at a steady rate. A page that comes late makes the next ones late: each is timed from when it was due.
async fn steady(server: &Server, name: &str, paths: &[String], cookie: &str) {
    let lanes = 32_u32;
    let every = Duration::from_secs(1) / RATE;
    let began = Instant::now() + Duration::from_millis(100);
    let count = RATE * u32::try_from(MEASURED.as_secs()).unwrap();
    let mut tasks = Vec::new();
    for lane in 0..lanes {
        let mut sender = server.connect().await;
        let (paths, cookie) = (paths.to_vec(), cookie.to_owned());
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for number in (lane..count).step_by(lanes as usize) {
                let due = began + every * number;
                tokio::time::sleep_until(due.into()).await;
                let path = &paths[number as usize % paths.len()];
                let (status, _) = ask(&mut sender, path, &cookie).await;
                assert_eq!(status, 200, "{path}");
                times.push(due.elapsed());
            }
            times
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort();
    let at = |thousandths: usize| times[(times.len() - 1) * thousandths / 1000];
    println!(
        "{name} at {RATE} a second: median {:?}, 99th percentile {:?}, longest {:?}",
        at(500),
        at(990),
        at(1000)
    );
}

/// Asks as fast as answers come.
async fn flat_out(server: &Server, name: &str, path: &'static str) {
    let began = Instant::now();
    let end = began + Duration::from_secs(5);
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut sender = server.connect().await;
        tasks.push(tokio::spawn(async move {
            let mut count = 0_u32;
            while Instant::now() < end {
                let (status, _) = ask(&mut sender, path, "").await;
                count += u32::from(status == 200);
            }
            count
        }));
    }
    let mut count = 0;
    for task in tasks {
        count += task.await.unwrap();
    }
    println!(
        "{name} flat out: {:.0} a second",
        f64::from(count) / began.elapsed().as_secs_f64()
    );
}
