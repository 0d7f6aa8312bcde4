//! Importing 100,000 rows: under 5 s and 300 MB. `cargo bench -p candour`.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::fmt::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROWS: u32 = 100_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.csv");
    let mut text = "Reference number,Title of agreement,Department,Description,Supplier name,Contract value,Start date,End date,Review date,Procurement route,SME,VCSE\n".to_owned();
    for row in 0..ROWS {
        let _ = writeln!(
            text,
            "HM/{row:06},\"Grass cutting, ward {}\",Place,Verges and cemeteries,Gritstone {} Ltd,\"£{},{:03}.50\",01/04/2026,31/03/2029,30/09/2028,Open tender,Yes,No",
            row % 977,
            row % 400,
            row % 900 + 5,
            row % 1000
        );
    }
    std::fs::write(&file, text).unwrap();
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["register", "import"])
        .arg(&file)
        .arg("--state")
        .arg(folder.path().join("state"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most: u64 = 0;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(5));
    }
    println!(
        "{ROWS} rows: {:?}, {} MB at most",
        begun.elapsed(),
        most / 1024
    );
}
