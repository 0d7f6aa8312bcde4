//! A browser driven through ChromeDriver by the W3C's WebDriver protocol, as much of it as the stories need.

#![allow(dead_code, reason = "each file of tests uses some of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// The name under which the protocol gives elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running browser; it ends when this is dropped.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    axe: String,
    _profile: tempfile::TempDir,
}

/// The folder in which continuous integration keeps axe.
fn axe() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/judges/axe/node_modules/axe-core/axe.min.js")
}

#[allow(
    clippy::disallowed_methods,
    reason = "whether a missing browser is a failure depends on where the tests run"
)]
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

#[allow(clippy::disallowed_methods, reason = "axe is a file beside the tests")]
fn text_of(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

impl Browser {
    /// Starts one; `None`, with a word of why, where there is no browser, unless in continuous integration.
    pub fn start() -> Option<Self> {
        let missing = |what: &str| {
            assert!(
                !is_ci(),
                "{what} is missing; `cargo xtask check` installs it"
            );
            println!("skipped: {what} is missing; `cargo xtask check` says how to get it");
            None
        };
        let Some(axe) = text_of(&axe()) else {
            return missing("axe");
        };
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = driver else {
            return missing("chromedriver");
        };
        let mut port = None;
        for line in BufReader::new(driver.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some((_, rest)) = line.split_once("successfully on port ") {
                port = rest.trim_end_matches('.').parse().ok();
                break;
            }
        }
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            port: port.expect("chromedriver tells its port"),
            session: String::new(),
            axe,
            _profile: profile,
        };
        let data = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            data.as_str(),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}}});
        let made = browser.send("POST", "/session", Some(&wanted));
        browser.session = made["sessionId"]
            .as_str()
            .unwrap_or_else(|| panic!("no session: {made}"))
            .to_owned();
        Some(browser)
    }

    /// Sends a command of the protocol and gives its value.
    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let value = self.answer(method, path, body);
        assert!(value["error"].is_null(), "{method} {path}: {value}");
        value
    }

    fn answer(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let body = body.map_or_else(String::new, Value::to_string);
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).unwrap() > 0 && line != "\r\n" {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes).unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        answer["value"].clone()
    }

    fn command(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.send(method, &format!("/session/{}{path}", self.session), body)
    }

    pub fn go(&self, url: &str) {
        self.command("POST", "/url", Some(&json!({ "url": url })));
    }

    pub fn run(&self, script: &str) -> Value {
        self.command(
            "POST",
            "/execute/sync",
            Some(&json!({"script": script, "args": []})),
        )
    }

    fn element(&self, css: &str) -> String {
        let found = json!({"using": "css selector", "value": css});
        let found = self.command("POST", "/element", Some(&found));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Follows a link or presses a button, and waits for the page that it leads to.
    pub fn click(&self, css: &str) {
        self.run("window.isLeft = true;");
        self.press(css);
        self.come_to_next_page();
    }

    fn press(&self, css: &str) {
        let element = self.element(css);
        self.command(
            "POST",
            &format!("/element/{element}/click"),
            Some(&json!({})),
        );
    }

    /// Writes into a field in place of what stands in it, or ticks a box.
    pub fn fill(&self, name: &str, value: &str) {
        let choice = self.run(&format!(
            "const found = [...document.querySelectorAll('main input')].find((one) =>\
                ['radio', 'checkbox'].includes(one.type) && one.name === {} && one.value === {});\
             return found ? [found.id, found.checked] : null;",
            json!(name),
            json!(value)
        ));
        if let Some(id) = choice[0].as_str() {
            if choice[1] == false {
                self.press(&format!("#{id}"));
            }
            return;
        }
        let element = self.element(&format!("main [name='{name}']"));
        self.command(
            "POST",
            &format!("/element/{element}/clear"),
            Some(&json!({})),
        );
        self.command(
            "POST",
            &format!("/element/{element}/value"),
            Some(&json!({"text": value})),
        );
    }

    /// Writes into fields and presses the button: the first of the main part, or the one that does `button`.
    pub fn submit(&self, fields: &[(&str, &str)], button: Option<&str>) {
        for (name, value) in fields {
            self.fill(name, value);
        }
        let button = button.map_or_else(
            || "main form button".to_owned(),
            |value| format!("main form button[value='{value}']"),
        );
        self.click(&button);
    }

    /// Waits until the page that was left is replaced: a slow machine answers after the click is done.
    fn come_to_next_page(&self) {
        let script = "return window.isLeft !== true && document.readyState === 'complete';";
        let path = format!("/session/{}/execute/sync", self.session);
        let body = json!({"script": script, "args": []});
        for _ in 0..200 {
            // Between two pages there is nothing to ask.
            if self.answer("POST", &path, Some(&body)) == true {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }

    /// The words of the main part.
    pub fn words(&self) -> String {
        self.run("return document.querySelector('main').innerText;")
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn path(&self) -> String {
        self.run("return location.pathname;")
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Visits as somebody else from now on; nobody with an empty cookie. The browser must be on the site.
    pub fn become_visitor(&self, cookie: &str) {
        self.command("DELETE", "/cookie", None);
        if let Some((name, value)) = cookie.split_once('=') {
            let cookie =
                json!({"cookie": {"name": name, "value": value, "path": "/", "httpOnly": true}});
            self.command("POST", "/cookie", Some(&cookie));
        }
    }

    fn devtools(&self, name: &str, with: Value) -> Value {
        let command = json!({"cmd": name, "params": with});
        self.command("POST", "/goog/cdp/execute", Some(&command))
    }

    /// Shows pages in a window so wide, on light ground or dark.
    pub fn look(&self, width: u32, is_dark: bool) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        let scheme = if is_dark { "dark" } else { "light" };
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
    }

    /// Everything that axe finds on the page, each with the place, and whether it is wider than the window.
    pub fn faults(&self) -> Vec<String> {
        if self.run("return typeof axe === 'undefined';") == true {
            self.run(&self.axe);
        }
        let script = "const done = arguments[arguments.length - 1];\
            axe.run(document, {resultTypes: ['violations']}).then(\
                (found) => done(found.violations.flatMap((violation) => violation.nodes.map((node) =>\
                    violation.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary))),\
                (error) => done(['axe: ' + error]));";
        let found = self.command(
            "POST",
            "/execute/async",
            Some(&json!({"script": script, "args": []})),
        );
        let mut faults: Vec<String> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault.as_str().unwrap().replace('\n', " "))
            .collect();
        let wide = self.run(
            "const root = document.documentElement;\
             if (root.scrollWidth <= root.clientWidth) return null;\
             const wide = [...document.querySelectorAll('main *')].filter((one) =>\
                one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest('.scroll'));\
             return root.scrollWidth + ' pixels wide: ' + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | ');",
        );
        faults.extend(wide.as_str().map(str::to_owned));
        faults
    }

    /// A picture of the whole page.
    pub fn picture(&self, path: &Path) {
        let taken = self.devtools(
            "Page.captureScreenshot",
            json!({"format": "png", "captureBeyondViewport": true}),
        );
        let bytes = BASE64_STANDARD
            .decode(taken["data"].as_str().unwrap())
            .unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.command("DELETE", "", None);
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}
