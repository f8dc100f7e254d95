//! A headless Chromium, driven over its debugging pipe: JSON with a zero byte at its end, to and fro.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

/// How long anything may take. A busy machine is no reason to fail.
const PATIENCE: Duration = Duration::from_mins(2);

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome-headless-shell",
];

/// A browser with one page.
pub(crate) struct Browser {
    process: Child,
    to: ChildStdin,
    from: Receiver<Json>,
    session: String,
    next: u64,
    /// What its console has complained about.
    errors: Vec<String>,
    folder: PathBuf,
}

impl Browser {
    /// Starts one; none where the machine has none, which is told.
    pub(crate) fn start() -> Option<Self> {
        let Some(program) = find() else {
            skipped(
                "no Chromium on this machine (apt-get install chromium; or name one in CHROMIUM)",
            );
            return None;
        };
        let unique =
            format!("driveflow-browser-{}-{:?}", std::process::id(), thread::current().id());
        let folder = std::env::temp_dir().join(unique.replace(['(', ')'], ""));
        fs::create_dir_all(&folder).expect("a folder of its own");
        // The pipe is at descriptors 3 and 4, where a shell puts what we have at 0 and 1.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh"])
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args([
                "--no-first-run",
                "--disable-extensions",
                "--hide-scrollbars",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let to = process.stdin.take().expect("a pipe");
        let mut reader = BufReader::new(process.stdout.take().expect("a pipe"));
        let (send, from) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while reader.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                let Ok(json) = serde_json::from_slice(&message) else { break };
                if send.send(json).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let session = String::new();
        let mut browser = Self { process, to, from, session, next: 0, errors: Vec::new(), folder };
        browser.open();
        Some(browser)
    }

    fn open(&mut self) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attached = self.call(
            "Target.attachToTarget",
            &json!({"targetId": target["targetId"], "flatten": true}),
        );
        attached["sessionId"].as_str().expect("a session").clone_into(&mut self.session);
        for domain in ["Page", "Runtime", "Log"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
        self.resize(1280, 800);
        let downloads = self.downloads();
        fs::create_dir_all(&downloads).expect("a folder");
        let downloads = json!({"behavior": "allow", "downloadPath": downloads.to_str()});
        self.call("Browser.setDownloadBehavior", &downloads);
    }

    /// Where files go that a page has it load.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.folder.join("downloads")
    }

    /// A command of Chromium's protocol for developers' tools, and what it answers.
    pub(crate) fn call(&mut self, method: &str, parameters: &Json) -> Json {
        let answer = self.ask(method, parameters);
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// As [`Self::call`], with what the browser says where it refuses.
    fn ask(&mut self, method: &str, parameters: &Json) -> Result<Json, Json> {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if !self.session.is_empty() && !method.starts_with("Browser.") {
            message["sessionId"] = self.session.clone().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).and_then(|()| self.to.flush()).expect("the browser runs");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.from.recv_timeout(left).unwrap_or_else(|_| {
                panic!("the browser did not answer {method}");
            });
            self.listen(&message);
            if message["id"] == id {
                let error = &message["error"];
                return if error.is_null() {
                    Ok(message["result"].clone())
                } else {
                    Err(error.clone())
                };
            }
        }
    }

    fn listen(&mut self, message: &Json) {
        let parameters = &message["params"];
        let complaint = match message["method"].as_str() {
            Some("Runtime.exceptionThrown") => parameters["exceptionDetails"].to_string(),
            Some("Runtime.consoleAPICalled") if parameters["type"] == "error" => {
                parameters["args"].to_string()
            }
            Some("Log.entryAdded") if parameters["entry"]["level"] == "error" => {
                parameters["entry"].to_string()
            }
            _ => return,
        };
        self.errors.push(complaint);
    }

    /// Fails where the console has complained since this was asked last.
    pub(crate) fn expect_no_errors(&mut self) {
        self.evaluate("0");
        assert!(self.errors.is_empty(), "{:#?}", self.errors);
    }

    /// Takes complaints that a test has provoked.
    pub(crate) fn take_errors(&mut self) -> Vec<String> {
        self.evaluate("0");
        std::mem::take(&mut self.errors)
    }

    pub(crate) fn go(&mut self, url: &str) {
        // A mark on the page that is left, so that it is seen when another is there.
        self.evaluate("window.isLeft = true; 0");
        self.call("Page.navigate", &json!({"url": url}));
        self.wait_for("!window.isLeft && document.readyState === 'complete'");
    }

    /// Waits until a click or a script has led to another page, which is loaded.
    pub(crate) fn wait_for_page(&mut self, action: impl FnOnce(&mut Self)) {
        self.evaluate("window.isLeft = true; 0");
        action(self);
        self.wait_for("!window.isLeft && document.readyState === 'complete'");
    }

    /// The value of an expression, awaited where it is a promise.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Json {
        let parameters =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &parameters);
        let failed = &answer["exceptionDetails"];
        assert!(failed.is_null(), "{expression}: {failed}");
        answer["result"]["value"].clone()
    }

    pub(crate) fn wait_for(&mut self, condition: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let parameters = json!({"expression": condition, "returnByValue": true});
            // While pages change there may be nothing to ask.
            let answer = self.ask("Runtime.evaluate", &parameters);
            if answer.is_ok_and(|answer| answer["result"]["value"] == true) {
                return;
            }
            if Instant::now() > deadline {
                let body = self.evaluate("document.body?.innerText ?? ''");
                panic!("never came true: {condition}\n{}", body.as_str().unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn text(&mut self, selector: &str) -> String {
        let text = self
            .evaluate(&format!("document.querySelector({})?.innerText ?? ''", quoted(selector)));
        text.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn count(&mut self, selector: &str) -> u64 {
        let count =
            self.evaluate(&format!("document.querySelectorAll({}).length", quoted(selector)));
        count.as_u64().unwrap_or_default()
    }

    /// Clicks as a hand does: on what is there at that place, so many times.
    pub(crate) fn click(&mut self, selector: &str, times: u32) {
        self.wait_for(&format!("document.querySelector({}) !== null", quoted(selector)));
        let place = self.evaluate(&format!(
            "(() => {{ const element = document.querySelector({}); element.scrollIntoView({{block: 'center', inline: 'center'}}); \
             const {{x, y, width, height}} = element.getBoundingClientRect(); return [x + width / 2, y + height / 2]; }})()",
            quoted(selector)
        ));
        for count in 1..=times {
            for kind in ["mousePressed", "mouseReleased"] {
                self.call(
                    "Input.dispatchMouseEvent",
                    &json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": count}),
                );
            }
        }
    }

    /// Types into what has the focus.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Empties what has the focus, then types.
    pub(crate) fn rewrite(&mut self, text: &str) {
        self.evaluate("document.activeElement.select()");
        self.write(text);
    }

    pub(crate) fn press(&mut self, key: &str) {
        let (code, number, text) = match key {
            "Enter" => ("Enter", 13, "\r"),
            "Escape" => ("Escape", 27, ""),
            "ArrowDown" => ("ArrowDown", 40, ""),
            "ArrowRight" => ("ArrowRight", 39, ""),
            "Delete" => ("Delete", 46, ""),
            "Tab" => ("Tab", 9, ""),
            "/" => ("Slash", 191, "/"),
            _ => panic!("{key} is not known here"),
        };
        let mut event =
            json!({"type": "keyDown", "key": key, "code": code, "windowsVirtualKeyCode": number});
        if !text.is_empty() {
            event["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", &event);
        event["type"] = "keyUp".into();
        self.call("Input.dispatchKeyEvent", &event);
    }

    /// Chooses an option as a person would, with the events that follow.
    pub(crate) fn choose(&mut self, selector: &str, value: &str) {
        self.evaluate(&format!(
            "(() => {{ const select = document.querySelector({}); select.value = {}; \
             select.dispatchEvent(new Event('input', {{bubbles: true}})); \
             select.dispatchEvent(new Event('change', {{bubbles: true}})); }})()",
            quoted(selector),
            quoted(value)
        ));
    }

    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What the system is said to like: `light` or `dark`.
    pub(crate) fn prefer(&mut self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": features}));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It was started here and has nothing to keep.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Says so even though the test passes, whose own words nobody would see.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// As a constant of a script.
pub(crate) fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let is_there = |path: &Path| path.is_file();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| is_there(path))
}
