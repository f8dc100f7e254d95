//! Pictures of a studio that runs, for the README.
//!
//! ```text
//! cargo xtask studio --port 5556                         prints a link
//! cargo run -p studio --example screenshots -- LINK crates/studio/pictures
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[path = "../tests/browser/chromium.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod chromium;

use chromium::Browser;

/// A file's name, the page, what the system likes, and the part of a script that shows something off.
const PICTURES: &[(&str, &str, &str, &str)] = &[
    ("studio-data", "/model/Booking?sort=-startAt", "light", ""),
    (
        "studio-schema",
        "/schema",
        "dark",
        "document.getElementById('search').value = 'Booking'; \
      document.getElementById('search').dispatchEvent(new Event('change'));",
    ),
    (
        "studio-changes",
        "/model/Service",
        "light",
        "document.querySelector('tr:nth-child(2) td[data-field=name]') \
      .dispatchEvent(new MouseEvent('dblclick', {bubbles: true})); \
      document.querySelector('.editor textarea').value = 'Evening lesson'; \
      document.querySelector('.editor button[title=Enter]').click(); document.getElementById('review').click();",
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [link, folder] = arguments.as_slice() else {
        eprintln!("usage: screenshots LINK FOLDER");
        return ExitCode::from(2);
    };
    let Some(mut browser) = Browser::start() else { return ExitCode::FAILURE };
    browser.go(link);
    let address = link.split("/?").next().unwrap_or_default();
    for (name, path, scheme, script) in PICTURES {
        browser.prefer(scheme);
        browser.go(&format!("{address}{path}"));
        browser.evaluate(&format!("{script}; 0"));
        browser.evaluate("new Promise((done) => setTimeout(done, 600))");
        let picture = PathBuf::from(folder).join(format!("{name}.png"));
        if let Err(error) = write(&mut browser, &picture) {
            eprintln!("{}: {error}", picture.display());
            return ExitCode::FAILURE;
        }
        println!("{}", picture.display());
    }
    ExitCode::SUCCESS
}

fn write(browser: &mut Browser, path: &Path) -> std::io::Result<()> {
    let answer = browser.call("Page.captureScreenshot", &serde_json::json!({"format": "png"}));
    let text = answer["data"].as_str().unwrap_or_default();
    // The one place that needs base64: the program of that name knows it.
    let encoded = path.with_extension("base64");
    fs::write(&encoded, text)?;
    let decoded = Command::new("base64").arg("-d").arg(&encoded).output()?;
    fs::remove_file(&encoded)?;
    fs::write(path, decoded.stdout)
}
