//! A disk that is full or can't be written: a clear fault, and nothing half done.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a failing helper fails its test; the child is told its task by the environment"
)]

mod common;

use std::process::{Command, Output};

use common::*;
use store::{Engine, Fault, Stopped};

const TASK: &str = "CANDOUR_DISK";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// This test's program again, under `prelude` in a shell, as the child with a task in a folder.
fn child(prelude: &str, task: &str, folder: &std::path::Path) -> Output {
    Command::new("sh")
        .arg("-c")
        .arg(format!(
            "{prelude}\nexec \"$0\" --exact the_child --nocapture"
        ))
        .arg(std::env::current_exe().unwrap())
        .env(TASK, format!("{task}|{}", folder.display()))
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn the_child() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let (task, folder) = task.split_once('|').unwrap();
    runtime().block_on(async {
        let world = World::new();
        let home = Home::at(Engine::Sqlite, folder, "");
        match task {
            "fill" => {
                let store = home.store().await;
                for number in 0..100_000 {
                    match receive(&store, &world, number, &life(number)).await {
                        Ok(done) => println!("lasts {}", done.case.0),
                        Err(Stopped::Fault(Fault::Full(why))) => {
                            println!("full: {why}");
                            break;
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
                // The next is told the same, not something stranger.
                let again = receive(&store, &world, 200_000, &life(200_000)).await;
                println!(
                    "again: {}",
                    matches!(again, Err(Stopped::Fault(Fault::Full(_))))
                );
                let big = store
                    .attachments()
                    .put("big.pdf", &vec![7; 4_000_000])
                    .await;
                match big {
                    Err(Fault::Full(_)) => println!("attachment: full"),
                    Err(other) => println!("attachment: {other}"),
                    Ok(_) => println!("attachment: stored"),
                }
            }
            "write" => {
                let opened = store::Db::sqlite(&home.path().join("cases.sqlite")).await;
                let outcome = match opened {
                    Err(fault) => Err(Stopped::Fault(fault)),
                    Ok(db) => match home.store_on(db).await {
                        Err(fault) => Err(Stopped::Fault(fault)),
                        Ok(store) => receive(&store, &world, 500, &life(500)).await.map(drop),
                    },
                };
                match outcome {
                    Err(Stopped::Fault(fault @ Fault::ReadOnly(_))) => {
                        println!("read-only: {fault}")
                    }
                    Err(other) => println!("other: {other:?}"),
                    Ok(()) => println!("written"),
                }
            }
            other => panic!("{other}"),
        }
    });
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_written() {
    if std::env::var(TASK).is_ok() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // No file may grow beyond a megabyte (in blocks of 512 bytes), and a write beyond fails instead of killing.
    let output = child("trap '' XFSZ; ulimit -f 2048", "fill", folder.path());
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains("full: ") && text.contains("again: true"),
        "{text}"
    );
    assert!(text.contains("attachment: full"), "{text}");
    let acknowledged: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("lasts "))
        .collect();
    assert!(acknowledged.len() > 5, "{text}");
    runtime().block_on(async {
        let home = Home::at(Engine::Sqlite, folder.path().to_str().unwrap(), "");
        let store = home.store().await;
        for case in &acknowledged {
            assert_eq!(
                store
                    .events(&casework::event::CaseId((*case).to_owned()))
                    .await
                    .unwrap()
                    .len(),
                2
            );
        }
        let report = store.verify(&secrets().signing.public()).await.unwrap();
        assert_eq!(report.findings, Vec::new());
        assert_eq!(report.cases, acknowledged.len() as u64);
        // With room again, work goes on.
        let world = World::new();
        receive(&store, &world, 200_000, &life(200_000))
            .await
            .unwrap();
        let parts = walk(folder.path())
            .into_iter()
            .filter(|name| name.ends_with(".part"))
            .count();
        assert_eq!(parts, 0);
    });
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path.display().to_string()]
            }
        })
        .collect()
}

#[test]
fn a_disk_that_cannot_be_written_is_told() {
    if std::env::var(TASK).is_ok() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().display();
    runtime().block_on(async {
        let home = Home::at(Engine::Sqlite, folder.path().to_str().unwrap(), "");
        let store = home.store().await;
        receive(&store, &World::new(), 1, &life(1)).await.unwrap();
        store.db().close().await;
    });
    // Permissions don't bind root, so root sees the folder through a read-only mount of its own.
    let prelude = format!(
        "if [ \"$(id -u)\" = 0 ]; then exec unshare -m sh -c 'mount --bind {shown} {shown} && mount -o remount,ro,bind {shown} \
         && exec \"$0\" --exact the_child --nocapture' \"$0\"; else chmod -R a-w {shown}; fi"
    );
    let output = child(&prelude, "write", folder.path());
    Command::new("chmod")
        .args(["-R", "u+w"])
        .arg(folder.path())
        .status()
        .unwrap();
    let text = said(&output);
    assert!(text.contains("read-only: "), "{text}");
    assert!(text.contains("can't be opened for writing"), "{text}");
    runtime().block_on(async {
        let home = Home::at(Engine::Sqlite, folder.path().to_str().unwrap(), "");
        let store = home.store().await;
        let report = store.verify(&secrets().signing.public()).await.unwrap();
        assert_eq!((report.cases, report.findings.len()), (1, 0));
    });
}
