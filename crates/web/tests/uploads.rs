//! Files from people: what is taken, what is refused, and how they leave again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;

use common::*;

const PATH: &str = "/desk/new/request";

async fn upload(
    desk: &Desk,
    who: &Visitor,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    desk.upload(PATH, who, fields, files).await
}

fn fields<'a>(token: &'a str, once: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("form_token", token),
        ("once", once),
        ("channel", "post"),
        ("received_on", "2026-11-20"),
        ("subject", "Ducks"),
        ("text", "How many ducks live on the town pond?"),
        ("name", "Sam Duckworth"),
        ("contact", "1 Pond Lane, Harrowmere"),
    ]
}

#[test]
fn a_request_by_post_comes_in_with_its_files_and_they_leave_as_files() {
    run(async {
        let desk = Desk::demo().await;
        let tess = desk.sign_in("tess").await;
        let page = desk.get(PATH, Some(&tess)).await;
        assert_eq!((page.status, faults(&page.text)), (200, vec![]));
        let files: &[(&str, &[u8])] = &[
            ("../letter é.pdf", b"%PDF-1.7 letter"),
            ("notes.txt", b"<script>alert(1)</script>"),
            ("", b""),
        ];
        let sent = upload(&desk, &tess, &fields(&tess.form_token, "one"), files).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let case = sent
            .header("location")
            .split('?')
            .next()
            .unwrap()
            .to_owned();
        let again = upload(&desk, &tess, &fields(&tess.form_token, "one"), files).await;
        assert_eq!(
            again.header("location"),
            sent.header("location"),
            "sent twice is one request"
        );
        let opened = desk.get(&case, Some(&tess)).await;
        assert!(opened.text.contains("ducks live") && !opened.text.contains("Duckworth"));
        assert!(
            opened.text.contains("Received Friday 20 November 2026")
                || opened.text.contains("20 Nov")
        );
        let list = desk.get(&format!("{case}/files"), Some(&tess)).await;
        assert!(
            list.text.contains("letter é.pdf") && list.text.contains("notes.txt"),
            "{}",
            list.text
        );
        assert!(!list.text.contains(".."), "no folders");
        for (number, kind, contents) in [
            (1, "application/pdf", "%PDF-1.7 letter"),
            (2, "text/plain; charset=utf-8", "<script>alert(1)</script>"),
        ] {
            let file = desk
                .get(&format!("{case}/files/{number}"), Some(&tess))
                .await;
            assert_eq!((file.status, file.text.as_str()), (200, contents));
            assert_eq!(file.header("content-type"), kind, "ours, not the sender's");
            assert!(
                file.header("content-disposition")
                    .starts_with("attachment; ")
            );
            assert_eq!(
                file.header("content-security-policy"),
                "default-src 'none'; sandbox"
            );
            assert_eq!(file.header("x-content-type-options"), "nosniff");
            assert_eq!(file.header("cache-control"), "no-store");
        }
        let first = desk.get(&format!("{case}/files/1"), Some(&tess)).await;
        assert_eq!(
            first.header("content-disposition"),
            "attachment; filename*=UTF-8''letter%20%C3%A9.pdf"
        );
        for number in ["0", "3", "x"] {
            let none = desk
                .get(&format!("{case}/files/{number}"), Some(&tess))
                .await;
            assert_eq!(none.status, 404, "{number}");
        }
        let history = desk.get(&format!("{case}/history"), Some(&tess)).await;
        assert!(history.text.contains(&format!("{case}/files")));
    });
}

#[test]
fn what_is_too_large_too_many_or_something_else_is_refused_and_nothing_is_kept() {
    run(async {
        let desk = Desk::demo().await;
        let tess = desk.sign_in("tess").await;
        let kept = async || {
            desk.app
                .office
                .store()
                .attachments()
                .list()
                .await
                .unwrap()
                .len()
        };
        let before = kept().await;
        let all = fields(&tess.form_token, "one");
        let large = vec![b'x'; 10 * 1024 * 1024 + 1];
        let nearly = vec![b'x'; 9 * 1024 * 1024];
        let many: Vec<(&str, &[u8])> = (0..11).map(|_| ("a.txt", &b"words"[..])).collect();
        for (files, words) in [
            (vec![("large.txt", &large[..])], "larger than 10 MB"),
            (
                vec![
                    ("a.txt", &nearly[..]),
                    ("b.txt", &nearly[..]),
                    ("c.txt", &nearly[..]),
                ],
                "larger than 25 MB together",
            ),
            (many, "At most 10 files"),
            (
                vec![("page.html", &b"<html>"[..])],
                "page.html isn&#39;t of a kind that is taken",
            ),
            (
                vec![("letter.pdf", &b"MZ"[..])],
                "letter.pdf isn&#39;t a .pdf file inside",
            ),
        ] {
            let refused = upload(&desk, &tess, &all, &files).await;
            assert_eq!(refused.status, 422, "{words}");
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        // Mistakes in the fields come back with what was written.
        let mut some = all.clone();
        some.retain(|(name, _)| *name != "channel");
        let refused = upload(&desk, &tess, &some, &[]).await;
        assert!(refused.status == 422 && refused.text.contains("Choose how it came"));
        assert!(
            refused
                .text
                .contains("How many ducks live on the town pond?")
        );
        let mut late = all.clone();
        late[3].1 = "2026-11-24";
        assert_eq!(
            upload(&desk, &tess, &late, &[]).await.status,
            422,
            "tomorrow"
        );

        // A form from elsewhere: the token isn't there, isn't ours, or comes after the files' turn.
        for token in [
            vec![],
            vec![("form_token", "0")],
            vec![("once", "x"), ("form_token", tess.form_token.as_str())],
        ] {
            let rest: Vec<(&str, &str)> =
                token.into_iter().chain(all[1..].iter().copied()).collect();
            let refused = upload(&desk, &tess, &rest, &[("a.txt", b"words")]).await;
            assert_eq!(refused.status, 404);
        }
        assert_eq!(kept().await, before);
        // Whoever isn't signed in, or has no such role, sends nothing.
        let nobody = Visitor {
            cookie: "none=1".to_owned(),
            form_token: String::new(),
        };
        assert_eq!(upload(&desk, &nobody, &all, &[]).await.status, 303);
        let ruth = desk.sign_in("ruth").await;
        let own = fields(&ruth.form_token, "two");
        assert_eq!(upload(&desk, &ruth, &own, &[]).await.status, 404);
    });
}
