//! Whole stories in a real browser, and axe on every page: light at the width of a desk, dark at 320 pixels.
//!
//! Pictures of what was seen lie in the folder for temporary files of the target folder, under `pages`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing helper fails its test"
)]

mod common;
#[path = "common/webdriver.rs"]
mod webdriver;

use std::path::{Path, PathBuf};

use common::*;
use web::Settings;
use web::routes::{ROUTES, Who};
use webdriver::Browser;

/// The demonstration on a port of its own.
struct Site {
    desk: Desk,
    base: String,
}

async fn site() -> Site {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let desk = Desk::with(Settings {
        public_url: base.clone(),
        ..Settings::default()
    })
    .await;
    let app = desk.app.clone();
    tokio::spawn(async move { web::serve(app, listener, std::future::pending()).await });
    Site { desk, base }
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

/// Looks at the page both ways and keeps a picture of each; gives what is wrong with it.
fn look(browser: &Browser, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (width, is_dark, way) in [(1280, false, "light"), (320, true, "dark-320")] {
        browser.look(width, is_dark);
        let found = browser.faults();
        faults.extend(
            found
                .into_iter()
                .map(|fault| format!("{name}, {way}: {fault}")),
        );
        browser.picture(&pictures().join(format!("{name}-{way}.png")));
    }
    browser.look(1280, false);
    faults
}

/// The public asks with the keyboard of a phone, an officer decides, another approves, the answer goes, a publisher
/// publishes, the log shows it.
#[test]
fn a_request_goes_from_the_form_to_the_log_in_a_browser() {
    let Some(browser) = Browser::start() else {
        return;
    };
    run(async {
        let site = site().await;
        let at = |path: &str| format!("{}{path}", site.base);
        let mut wrong = Vec::new();
        let mut seen = |name: &str| wrong.extend(look(&browser, &format!("story-{name}")));
        browser.look(320, false);
        browser.go(&at("/"));
        browser.click("main a[href='/ask']");
        browser.click("main a[href='/ask/questions']");
        browser.submit(&[], None);
        assert!(browser.words().contains("Write your questions"));
        let focus = browser.run("return document.activeElement.className;");
        assert_eq!(focus, "mistakes", "what is wrong has the focus");
        seen("1-nothing-written");
        let questions =
            "1. How many ducks live on the town pond?\n2. What do the ducks eat in winter?";
        browser.submit(&[("questions", questions)], None);
        if browser.words().contains("Already published") {
            seen("2-already-published");
            browser.submit(&[], None);
        }
        seen("3-reply");
        browser.submit(&[("way", "email")], None);
        browser.submit(&[("email", "sam@example.org")], None);
        browser.submit(&[("name", "Sam Duckworth")], None);
        seen("3-form");
        browser.submit(&[], None);
        seen("4-check");
        browser.click("main .buttons button");
        let sent = browser.words();
        assert!(sent.contains("Request sent"), "{sent}");
        seen("5-sent");
        let reference = browser.run("return document.querySelector('.panel p').innerText;");
        let reference = reference.as_str().unwrap().to_owned();
        let follow =
            browser.run("return document.querySelector('main a[href*=\"/follow/\"]').href;");
        let follow = follow.as_str().unwrap().to_owned();
        // Something is added unasked.
        browser.go(&follow);
        browser.click("main a[href$='/add']");
        browser.submit(&[], None);
        seen("5-nothing-added");
        browser.submit(&[("text", "How much does the grain cost?")], None);
        assert!(browser.words().contains("We have what you added"));
        seen("5-added");
        browser.click("main a[href*='/follow/']");
        assert!(browser.words().contains("How much does the grain cost?"));
        seen("5-followed");
        // What is published already, and what can't be looked for.
        let published = "1. Who has the heating contract?\n2. Potholes\n3. List your ICT contracts";
        browser.go(&at("/ask/questions"));
        browser.submit(&[("questions", published)], None);
        assert!(browser.words().contains("Boiler servicing"));
        seen("5-already-published");
        browser.click("main button[name='enough']");
        seen("5-one-found");
        browser.go(&at(
            "/disclosure-log?from=31/02/2026&outcome=won&subject=none",
        ));
        seen("5-no-such-day");
        browser.go(&at("/contracts?as_at=1999-Q1"));
        seen("5-no-such-quarter");

        // The officer signs in as people do, and comes to the page that was asked for.
        let case = format!("/desk/cases/{reference}");
        browser.go(&at(&case));
        browser.submit(
            &[
                ("email", "ben@harrowmere.example"),
                ("password", "wrong-wrong-wrong"),
            ],
            None,
        );
        seen("6-wrong-password");
        browser.submit(
            &[
                ("email", "ben@harrowmere.example"),
                ("password", web::demo::PASSWORD),
            ],
            None,
        );
        assert_eq!(browser.path(), case);
        assert!(browser.words().contains("ducks live"));
        browser.go(&at(&format!("{case}/questions")));
        browser.submit(
            &[("regime", "foi"), ("keep_1", "keep"), ("keep_2", "keep")],
            None,
        );
        for (number, answer) in [
            ("1", "27 on the day of this letter."),
            ("2", "Volunteers of the Pond Society bring grain."),
        ] {
            browser.go(&at(&format!("{case}/questions/{number}/answer")));
            browser.submit(&[("answer", answer)], None);
        }
        browser.go(&at(&case));
        seen("7-decided");
        // What was added asks for something new: it becomes a request of its own.
        browser.click("#added a[href*='/added/']");
        seen("7-added");
        browser.submit(&[("outcome", "new")], None);
        assert!(browser.words().contains("How much does the grain cost?"));
        assert_ne!(browser.path(), case);
        seen("7-taken-in");
        browser.go(&at(&format!("{case}/letter")));
        assert!(browser.words().contains("27 on the day of this letter."));
        seen("8-letter");
        browser.submit(&[], Some("send"));

        let colin = site.desk.sign_in("colin").await;
        browser.become_visitor(&colin.cookie);
        browser.go(&at("/desk/approvals"));
        browser.go(&at(&format!("{case}/approval")));
        let judged = [("judged", "answer")];
        browser.submit(&[], Some("approve"));
        seen("9-not-judged");
        browser.submit(&judged, Some("approve"));

        let ben = site.desk.sign_in("ben").await;
        browser.become_visitor(&ben.cookie);
        browser.go(&at(&format!("{case}/issue")));
        assert!(browser.words().contains("sam@example.org"));
        browser.submit(&[], None);
        browser.become_visitor("");
        browser.go(&follow);
        assert!(browser.words().contains("Answered"), "{}", browser.words());
        assert!(browser.words().contains("Taken in as a request of its own"));
        seen("10-answered");

        let petra = site.desk.sign_in("petra").await;
        browser.become_visitor(&petra.cookie);
        browser.go(&at(&format!("{case}/publish")));
        browser.submit(
            &[
                ("when", "now"),
                ("title", "Ducks on the town pond"),
                ("address", "2026/ducks"),
                ("checked", "yes"),
            ],
            None,
        );
        site.desk.app.office.follow().await.unwrap();
        browser.become_visitor("");
        browser.go(&at("/disclosure-log?find=ducks"));
        browser.click("main a[href$='/disclosure-log/2026/ducks']");
        let entry = browser.words();
        assert!(entry.contains("27 on the day of this letter.") && !entry.contains("Duckworth"));
        seen("11-published");
        assert_eq!(wrong, Vec::<String>::new());
    });
}

/// Cases to try a page with, and what else stands in addresses.
fn filled(path: &str, reference: &str, number: &str) -> String {
    path.replace("{reference}", reference)
        .replace("{number}", number)
        .replace("{about}", "content")
        .replace("{id}", "new")
        .replace("{year}", "2026")
        .replace("{slug}", "library-opening-hours")
}

/// Every page of the table of routes, as somebody who may see it, on the first case that has it.
#[test]
fn axe_finds_nothing_on_any_page() {
    let Some(browser) = Browser::start() else {
        return;
    };
    run(async {
        let site = site().await;
        let mut references = Vec::new();
        for open in [true, false] {
            let rows = site
                .desk
                .app
                .office
                .queue(&office::QueueFilter::All, open, None, 200)
                .await
                .unwrap();
            references.extend(rows.into_iter().map(|row| row.reference));
        }
        let mut wrong = Vec::new();
        let mut pages = 0;
        browser.go(&site.base);
        // What is looked for is found where it is.
        browser.look(320, false);
        browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/none\"><input><canvas width=\"900\" height=\"5\"></canvas>');");
        let planted = browser.faults().join("\n");
        for fault in ["image-alt at", "label at", "pixels wide"] {
            assert!(planted.contains(fault), "{fault} isn't found: {planted}");
        }
        let mut visiting = String::new();
        for route in ROUTES.iter().filter(|route| route.method == "GET") {
            let visitor = match route.who {
                Who::Anyone => None,
                Who::Roles(roles) => Some(site.desk.sign_in_as(roles[0]).await),
                Who::Link | Who::Key | Who::Program(_) => continue,
            };
            // Not every page is there for every case.
            let mut found = None;
            'cases: for reference in &references {
                for number in ["1", "2"] {
                    let path = filled(route.path, reference, number);
                    let answer = site.desk.get(&path, visitor.as_ref()).await;
                    let is_page = answer.header("content-type").starts_with("text/html");
                    if answer.status == 200 && is_page {
                        found = Some(path);
                        break 'cases;
                    }
                    if !route.path.contains("{number}") {
                        break;
                    }
                }
                if !route.path.contains("{reference}") {
                    break;
                }
            }
            let Some(path) = found else {
                continue;
            };
            let cookie = visitor.map_or_else(String::new, |visitor| visitor.cookie);
            if cookie != visiting {
                browser.become_visitor(&cookie);
                visiting = cookie;
            }
            browser.go(&format!("{}{path}", site.base));
            pages += 1;
            let name = route.path.trim_matches('/').replace(['/', '{', '}'], "_");
            wrong.extend(look(&browser, if name.is_empty() { "home" } else { &name }));
        }
        assert!(pages > 60, "{pages} pages");
        assert_eq!(wrong, Vec::<String>::new());
    });
}
