//! Attachments in an object store, judged by a server that isn't ours. `cargo xtask check` starts it and names it in
//! `TEST_BUCKET_URL`; it takes any key, so signatures are the signing library's own to test.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failed expectation is the test's way to speak"
)]

use std::io::{Read, Write};

use store::Fault;
use store::attachments::{Attachments, Bucket, Credentials};

fn store() -> Option<String> {
    let url = std::env::var("TEST_BUCKET_URL").ok();
    if url.is_none() {
        println!("skipped: no TEST_BUCKET_URL");
    }
    url
}

fn bucket(address: &str) -> Attachments {
    let credentials = Credentials {
        key: "a-key".to_owned(),
        secret: "a-secret".to_owned(),
    };
    Attachments::in_bucket(Bucket::at(address, credentials).unwrap())
}

#[tokio::test]
async fn a_bucket_keeps_what_a_folder_keeps() {
    let Some(url) = store() else {
        return;
    };
    let attachments = bucket(&format!("{url}/first/folder"));
    let other = bucket(&format!("{url}/first/other"));
    assert!(attachments.list().await.unwrap().is_empty());

    let first = attachments.put("a b.pdf", b"the same words").await.unwrap();
    let again = attachments.put("c.pdf", b"the same words").await.unwrap();
    assert_eq!(first.sha256, again.sha256);
    assert_eq!(first.bytes, 14);
    let empty = attachments.put("empty.txt", b"").await.unwrap();
    let large = vec![7; 6_000_000];
    let large_kept = attachments.put("large.bin", &large).await.unwrap();
    let mut all = vec![
        first.sha256.clone(),
        empty.sha256.clone(),
        large_kept.sha256.clone(),
    ];
    all.sort();
    assert_eq!(attachments.list().await.unwrap(), all);
    assert!(attachments.has(&first.sha256).await.unwrap());
    assert_eq!(
        attachments.get(&first.sha256).await.unwrap(),
        b"the same words"
    );
    assert_eq!(attachments.get(&empty.sha256).await.unwrap(), b"");
    assert_eq!(attachments.get(&large_kept.sha256).await.unwrap(), large);

    // Another authority's folder of the same bucket sees none of it.
    assert!(other.list().await.unwrap().is_empty());
    assert!(!other.has(&first.sha256).await.unwrap());
    assert!(matches!(
        other.get(&first.sha256).await.unwrap_err(),
        Fault::File { .. }
    ));

    attachments.remove(&first.sha256).await.unwrap();
    attachments.remove(&first.sha256).await.unwrap();
    assert!(!attachments.has(&first.sha256).await.unwrap());
}

#[tokio::test]
async fn a_list_of_more_than_one_page_is_whole() {
    let Some(url) = store() else {
        return;
    };
    let attachments = bucket(&format!("{url}/pages"));
    for some in 0..101_u32 {
        let puts = (0..10_u32).map(|number| {
            let attachments = attachments.clone();
            async move {
                let contents = format!("{some} {number}");
                attachments.put("n.txt", contents.as_bytes()).await.unwrap();
            }
        });
        futures_util::future::join_all(puts).await;
    }
    assert_eq!(attachments.list().await.unwrap().len(), 1_010);
}

/// A store that refuses whatever it is asked.
fn refusing() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // As much as the head of a request, then the refusal.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    format!("http://{address}/bucket")
}

#[tokio::test]
async fn a_refusal_and_a_silence_are_faults_that_keep_the_key() {
    let refused = bucket(&refusing())
        .put("a.txt", b"words")
        .await
        .unwrap_err();
    assert!(matches!(refused, Fault::ReadOnly(_)), "{refused}");
    let silence = bucket("http://127.0.0.1:9/bucket")
        .put("a.txt", b"words")
        .await
        .unwrap_err();
    assert!(matches!(silence, Fault::Gone(_)), "{silence}");
    for said in [refused, silence] {
        let said = format!("{said} {said:?}");
        assert!(!said.contains("Signature"), "{said}");
        assert!(!said.contains("a-secret"), "{said}");
    }
}

#[test]
fn an_address_that_cannot_be_says_how_to_write_it() {
    for (address, why) in [
        ("no address", "is no address"),
        ("http://objects.example.net/bucket", "in the clear"),
        ("ftp://objects.example.net/bucket", "in the clear"),
        ("https://objects.example.net/", "names no bucket"),
        ("https://objects.example.net/bucket?place=here", "unknown"),
    ] {
        let credentials = Credentials {
            key: "k".to_owned(),
            secret: "s".to_owned(),
        };
        let said = Bucket::at(address, credentials).unwrap_err();
        assert!(said.contains(why), "{said}");
        assert!(
            said.contains("https://objects.example.net/bucket/folder?region="),
            "{said}"
        );
    }
}
