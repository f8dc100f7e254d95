//! Whether everybody can use it: axe looks at every page, light and dark.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::chromium::{Browser, skipped};
use crate::school::School;

/// The version that is fetched.
const AXE: &str = "axe-core@4.10.3";

/// axe's script, from npm; none where that cannot be had, which is told.
fn axe() -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("package/axe.min.js");
    if !script.is_file() {
        fs::create_dir_all(&folder).expect("a folder of the build's");
        // A package is an archive, and nothing of it is run here.
        let packed = Command::new("sh")
            .args([
                "-c",
                "npm pack --silent \"$1\" >/dev/null && tar -xzf axe-core-*.tgz",
                "sh",
                AXE,
            ])
            .current_dir(&folder)
            .status();
        if !packed.is_ok_and(|status| status.success()) {
            skipped(&format!("{AXE} cannot be had from npm on this machine"));
            return None;
        }
    }
    Some(fs::read_to_string(script).expect("a script"))
}

#[test]
fn axe_finds_nothing_serious() {
    let Some(mut school) = School::open("browser_axe") else { return };
    let Some(axe) = axe() else { return };
    for scheme in ["light", "dark"] {
        school.browser.prefer(scheme);
        for path in [
            "/",
            "/model/Student?f=level%3Aequals%3Aadvanced",
            "/model/Org?f=students%3Asome%3Aid%3Alt%3A8&within=0",
            "/model/Student/row?key=%5B%227%22%5D",
            "/model/Student/new",
            "/model/Student?f=id%3Aequals%3Ax",
            "/schema",
            "/migrations",
            "/rollouts",
            "/health",
            "/console",
        ] {
            school.go(path);
            let found = faults(&mut school.browser, &axe);
            assert_eq!(found, serde_json::json!([]), "{path}, {scheme}");
        }
    }
    // What scripts make: an editor with its picker, a filter with another.
    school.go("/model/Student");
    let browser = &mut school.browser;
    browser.choose("#filter-field", "updatedAt");
    browser.click("tr:nth-child(2) td[data-field=updatedAt]", 2);
    browser.wait_for("document.querySelectorAll('.picker').length === 2");
    assert_eq!(faults(browser, &axe), serde_json::json!([]), "an editor");
    school.browser.expect_no_errors();
}

#[test]
fn axe_finds_nothing_serious_in_links() {
    let Some(mut school) = School::open_workshop("browser_axe_links") else { return };
    let Some(axe) = axe() else { return };
    for scheme in ["light", "dark"] {
        school.browser.prefer(scheme);
        school.go("/model/Person/row?key=%5B%221%22%5D");
        let browser = &mut school.browser;
        browser.click("[data-links=skills] [data-other=park] button", 1);
        assert_eq!(faults(browser, &axe), serde_json::json!([]), "{scheme}");
    }
    school.browser.expect_no_errors();
}

/// What is serious of what axe finds on the page.
fn faults(browser: &mut Browser, axe: &str) -> serde_json::Value {
    browser.evaluate(&format!("{axe}; 0"));
    browser.evaluate(
        "axe.run().then(({violations}) => violations.filter(({impact}) => impact === 'serious' || impact === 'critical')\
         .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).slice(0, 3).join(' | ')}`))",
    )
}
