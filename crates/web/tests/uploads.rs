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
            // What else was written is still there.
            assert!(
                refused
                    .text
                    .contains("How many ducks live on the town pond?"),
                "{words}"
            );
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

/// An open case of the demonstration with a question that the officer has answered: its reference and the question's number.
async fn with_an_answer(desk: &Desk, officer: &Visitor) -> (String, usize) {
    let rows = desk
        .app
        .office
        .queue(&office::QueueFilter::All, true, None, 200)
        .await
        .unwrap();
    for row in rows {
        let case = desk.app.office.case(&row.reference).await.unwrap().unwrap();
        if case.state != casework::procedure::State::Open || !case.questions_confirmed {
            continue;
        }
        for number in 1..=case.questions.len() {
            let path = format!("/desk/cases/{}/questions/{number}/answer", row.reference);
            let fields = [("answer", "There are 27."), ("departs", "Other")];
            let seq = case.seq.to_string();
            let fields: Vec<(&str, &str)> =
                fields.into_iter().chain([("seen", seq.as_str())]).collect();
            let answer = desk.post(&path, &fields, Some(officer)).await;
            // Where the policy covers it, something else is decided first.
            if answer.status == 303 && !answer.header("location").contains("confirm-or-deny") {
                return (row.reference, number);
            }
        }
    }
    panic!("no case of the demonstration can be answered");
}

#[test]
fn files_go_with_an_answer_and_tell_what_they_hide() {
    run(async {
        let desk = Desk::demo().await;
        let amina = desk.sign_in("amina").await;
        let (reference, number) = with_an_answer(&desk, &amina).await;
        let case = format!("/desk/cases/{reference}");
        let path = format!("{case}/questions/{number}/files");
        let token = [("form_token", amina.form_token.as_str())];
        let files: &[(&str, &[u8])] = &[
            ("figures.csv", b"Pond,Ducks\nTown,27\n"),
            ("staff.xlsx", b"PK\x03\x04 no workbook"),
        ];
        assert_eq!(desk.upload(&path, &amina, &token, files).await.status, 303);
        let page = desk.get(&path, Some(&amina)).await;
        assert_eq!((page.status, faults(&page.text)), (200, vec![]));
        assert!(
            page.text.contains("figures.csv") && page.text.contains("could not be looked into"),
            "{}",
            page.text
        );
        let one = desk.get(&format!("{path}/figures.csv"), Some(&amina)).await;
        assert_eq!(one.text, "Pond,Ducks\nTown,27\n");
        assert!(one.header("content-disposition").starts_with("attachment"));

        // The letter names them, and what one hides must be dealt with before it goes.
        let standing = desk.app.office.case(&reference).await.unwrap().unwrap();
        let letter = desk.app.office.letter(&standing.id).await.unwrap();
        assert!(
            letter.text.contains("figures.csv (19 bytes)"),
            "{}",
            letter.text
        );
        let codes: Vec<&str> = letter
            .findings
            .iter()
            .map(|finding| finding.code.as_str())
            .collect();
        assert!(codes.contains(&"file.not_read"), "{codes:?}");

        // What is approved is the letter with its files: other contents under the same name are another letter.
        let other: &[(&str, &[u8])] = &[("FIGURES.csv", b"Pond,Ducks\nTown,28\n")];
        assert_eq!(desk.upload(&path, &amina, &token, other).await.status, 303);
        let changed = desk.app.office.letter(&standing.id).await.unwrap();
        assert_ne!(changed.identity, letter.identity);
        let out = [
            ("form_token", amina.form_token.as_str()),
            ("out", "staff.xlsx"),
        ];
        assert_eq!(desk.upload(&path, &amina, &out, &[]).await.status, 303);
        let page = desk.get(&path, Some(&amina)).await;
        assert!(!page.text.contains("staff.xlsx") && page.text.contains("FIGURES.csv"));

        // Once the letter is approved, its files are as they are.
        let reference = desk.case_named("Allotments").await;
        let approved = format!("/desk/cases/{reference}/questions/1/files");
        let page = desk.get(&approved, Some(&amina)).await;
        assert!(page.text.contains("allotments.csv") && !page.text.contains("Take it out"));
        assert_eq!(
            desk.upload(&approved, &amina, &token, files).await.status,
            422
        );

        // No file takes the letter's own name, and none comes from who doesn't decide.
        let refused = desk
            .upload(&path, &amina, &token, &[("letter.pdf", b"%PDF-1.7")])
            .await;
        assert!(
            refused.text.contains("needs another name"),
            "{}",
            refused.text
        );
        let ruth = desk.sign_in("ruth").await;
        let theirs = [("form_token", ruth.form_token.as_str())];
        assert_eq!(desk.upload(&path, &ruth, &theirs, files).await.status, 404);
    });
}
