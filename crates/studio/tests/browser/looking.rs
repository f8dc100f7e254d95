//! Looking at things: open, filter, follow a relation, page, export, the console, the diagram, light and dark, narrow.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::chromium::{Browser, quoted};
use crate::school::School;

#[test]
fn the_link_opens_and_leaves_no_key_in_the_address() {
    let Some(mut school) = School::open("browser_open") else { return };
    let browser = &mut school.browser;
    assert_eq!(browser.text("h1"), "Models");
    let address = browser.evaluate("location.href");
    assert!(!address.as_str().unwrap_or_default().contains("token"), "{address}");
    browser.press("/");
    browser.write("stud");
    browser.wait_for("document.querySelectorAll('#models a:not([hidden])').length === 1");
    browser.wait_for_page(|browser| browser.press("Enter"));
    assert_eq!(browser.text("h1"), "Student");
    browser.expect_no_errors();
}

#[test]
fn filters_fit_their_fields_and_relations_are_followed() {
    let Some(mut school) = School::open("browser_filter") else { return };
    school.go("/model/Student");
    let browser = &mut school.browser;
    browser.choose("#filter-field", "level");
    let operators = browser.evaluate(
        "[...document.getElementById('filter-operator').options].map((one) => one.value)",
    );
    assert_eq!(operators, serde_json::json!(["equals", "not", "in_vec", "not_in_vec"]));
    assert_eq!(browser.evaluate("document.getElementById('filter-operator').value"), "equals");
    browser.click("#filter-value", 1);
    browser.write("advanced");
    browser.wait_for_page(|browser| browser.press("Enter"));
    assert_eq!(browser.count("tbody tr"), 40);
    browser.click("#count", 1);
    browser.wait_for("document.getElementById('count').textContent === '40 rows'");
    // To the school, and back to its students.
    browser.wait_for_page(|browser| browser.click("td[data-field=orgId] a.follow", 1));
    assert_eq!(browser.text("h1"), "Org");
    assert_eq!(browser.count("tbody tr"), 1);
    browser.wait_for_page(|browser| browser.click("td.open a", 1));
    browser.wait_for_page(|browser| browser.click(".related a", 1));
    assert_eq!(browser.text("h1"), "Student");
    assert!(browser.text(".chip").contains("orgId equals"), "{}", browser.text(".chip"));
    browser.expect_no_errors();
}

#[test]
fn conditions_on_related_rows_are_chosen_one_by_one() {
    let Some(mut school) = School::open("browser_related") else { return };
    school.go("/model/Org");
    let browser = &mut school.browser;
    let add = |browser: &mut Browser, field: &str, operator: &str, value: &str| {
        browser.choose("#filter-field", field);
        browser.choose("#filter-operator", operator);
        if !value.is_empty() {
            browser.click("#filter-value", 1);
            browser.write(value);
        }
        browser.wait_for_page(|browser| browser.click(".add button", 1));
    };
    add(browser, "students", "some", "");
    assert_eq!(browser.text(".within"), "students has some with");
    add(browser, "nick", "is_null", "");
    assert_eq!(browser.count("tbody tr[data-key]"), 2);
    // A second one for the same student: only the northern are early.
    browser.wait_for_page(|browser| browser.click(".chip a.more", 1));
    browser.wait_for_page(|browser| browser.click("#within-end", 1));
    assert_eq!(browser.count(".within"), 0, "changed one's mind");
    browser.wait_for_page(|browser| browser.click(".chip a.more", 1));
    add(browser, "id", "lt", "8");
    let chip = browser.text(".chip");
    assert!(chip.contains("students has some with nick is null"), "{chip}");
    assert!(chip.contains("and id is less than 8"), "{chip}");
    assert_eq!(browser.count("tbody tr[data-key]"), 1);
    assert_eq!(browser.text("tbody td[data-field=id] .value"), "north");
    // The form is back at the schools' own fields, and one condition goes without the other.
    assert_eq!(browser.count(".within"), 0);
    browser.wait_for_page(|browser| browser.click(".chip .chip:nth-of-type(1) a", 1));
    assert_eq!(browser.count("tbody tr[data-key]"), 2);
    browser.expect_no_errors();
}

#[test]
fn a_part_of_a_document_is_filtered_by() {
    let Some(mut school) = School::open("browser_document") else { return };
    school.meanwhile("UPDATE \"Student\" SET notes = '{\"a\": {\"b\": [9]}}' WHERE id IN (3, 4)");
    school.go("/model/Student");
    let browser = &mut school.browser;
    browser.choose("#filter-field", "name");
    assert_eq!(browser.evaluate("document.getElementById('filter-path').hidden"), true);
    browser.choose("#filter-field", "notes");
    browser.choose("#filter-operator", "gte");
    browser.click("#filter-path", 1);
    browser.write("a.b.0");
    browser.click("#filter-value", 1);
    browser.write("9");
    browser.wait_for_page(|browser| browser.press("Enter"));
    assert!(browser.text(".chip").contains("notes at a.b.0 is at least 9"));
    assert_eq!(browser.count("tbody tr[data-key]"), 2);
    browser.expect_no_errors();
}

#[test]
fn linked_rows_are_followed_and_lead_back() {
    let Some(mut school) = School::open_workshop("browser_linked") else { return };
    school.go("/model/Person/row?key=%5B%221%22%5D");
    let browser = &mut school.browser;
    browser.wait_for_page(|browser| browser.click(".related a[href*='/Skill?']", 1));
    assert_eq!(browser.text("h1"), "Skill");
    assert_eq!(browser.count("tbody tr[data-key]"), 2);
    assert!(browser.text(".chip").contains("people has some with id equals 1"));
    browser.wait_for_page(|browser| browser.click("tr:nth-child(2) td.open a", 1));
    browser.wait_for_page(|browser| browser.click(".related a[href*='/Person?']", 1));
    assert_eq!(browser.count("tbody tr[data-key]"), 2, "who can park");
    browser.expect_no_errors();
}

#[test]
fn pages_turn_and_the_back_button_works() {
    let Some(mut school) = School::open("browser_pages") else { return };
    school.go("/model/Student");
    let browser = &mut school.browser;
    browser.wait_for_page(|browser| browser.click("th[data-field=nick] a", 1));
    assert_eq!(
        browser.evaluate("document.querySelector('th[data-field=nick]').ariaSort"),
        "ascending"
    );
    let first = browser.text("td[data-field=id]");
    browser.wait_for_page(|browser| browser.click("#after", 1));
    assert_ne!(browser.text("td[data-field=id]"), first);
    browser.evaluate("history.back()");
    browser.wait_for(&format!(
        "document.querySelector('td[data-field=id]')?.innerText === {}",
        quoted(&first)
    ));
    browser.expect_no_errors();
}

#[test]
fn exports_are_files() {
    let Some(mut school) = School::open("browser_export") else { return };
    school.go("/model/Pair?f=a%3Aequals%3A3");
    let browser = &mut school.browser;
    browser.click("a[download][href*='export.csv']", 1);
    let file = browser.downloads().join("Pair.csv");
    let mut text = String::new();
    for _ in 0..500 {
        text = fs::read_to_string(&file).unwrap_or_default();
        if !text.is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(text.starts_with("a,b,c\r\n3,b103,1\r\n"), "{text}");
    assert_eq!(text.lines().count(), 16);
    browser.expect_no_errors();
}

#[test]
fn what_is_shown_is_copied() {
    let Some(mut school) = School::open("browser_copy") else { return };
    let permissions =
        serde_json::json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
    school.browser.call("Browser.grantPermissions", &permissions);
    school.go("/model/Pair?f=a%3Aequals%3A3&size=2");
    let browser = &mut school.browser;
    for (format, expected) in [
        ("csv", "a,b,c\r\n3,b103,1\r\n3,b113,5"),
        ("json", "[\n  {\n    \"a\": \"3\",\n    \"b\": \"b103\",\n    \"c\": \"1\"\n  },"),
    ] {
        browser.click(&format!("[data-copy={format}]"), 1);
        browser.wait_for(&format!(
            "document.querySelector('[data-copy={format}]').textContent === 'Copied 2 rows'"
        ));
        let copied = browser.evaluate("navigator.clipboard.readText()");
        assert!(copied.as_str().unwrap_or_default().starts_with(expected), "{copied}");
    }
    browser.expect_no_errors();
}

#[test]
fn the_console_runs_what_is_typed_and_remembers_it() {
    let Some(mut school) = School::open("browser_console") else { return };
    school.go("/console");
    let browser = &mut school.browser;
    browser.click("#sql", 1);
    browser.write("SELECT name FROM \"Org\" ORDER BY name");
    browser.click("#console button[type=submit]", 1);
    browser.wait_for("document.querySelectorAll('#results tbody tr').length === 2");
    assert!(browser.text("#results").contains("North <b>School</b>"));
    browser.click("#sql", 1);
    browser.rewrite("DELETE FROM \"Pair\"");
    browser.click("#console button[type=submit]", 1);
    browser.wait_for("document.querySelector('#results .failure') !== null");
    assert!(
        browser.text("#results").contains("read-only transaction"),
        "{}",
        browser.text("#results")
    );
    // The answer 400 is one that the browser notes.
    assert_eq!(browser.take_errors().len(), 1);
    school.go("/console");
    let browser = &mut school.browser;
    browser.click("details.history summary", 1);
    browser.click("#history li:nth-child(2) button", 1);
    assert_eq!(
        browser.evaluate("document.getElementById('sql').value"),
        "SELECT name FROM \"Org\" ORDER BY name"
    );
    browser.expect_no_errors();
}

#[test]
fn the_diagram_is_searched_focused_and_left_for_the_data() {
    let Some(mut school) = School::open("browser_diagram") else { return };
    school.go("/schema");
    let browser = &mut school.browser;
    let before = browser.evaluate("document.querySelector('#diagram svg').getAttribute('viewBox')");
    browser.click("#search", 1);
    browser.write("Student");
    browser.press("Tab");
    browser.wait_for("document.querySelector('.chosen')?.dataset.name === 'Student'");
    let after = browser.evaluate("document.querySelector('#diagram svg').getAttribute('viewBox')");
    assert_ne!(before, after);
    browser.click("#focus", 1);
    browser.wait_for("document.querySelector('[data-name=Pair]').classList.contains('far')");
    assert_eq!(
        browser.evaluate("document.querySelector('[data-name=Org]').classList.contains('far')"),
        false
    );
    browser.wait_for_page(|browser| browser.click("#about a", 1));
    assert_eq!(browser.text("h1"), "Student");
    browser.expect_no_errors();
}

#[test]
fn it_is_dark_where_that_is_liked_and_light_where_it_is_chosen() {
    let Some(mut school) = School::open("browser_dark") else { return };
    let paper = "getComputedStyle(document.body).backgroundColor";
    school.browser.prefer("light");
    let light = school.browser.evaluate(paper);
    school.browser.prefer("dark");
    let dark = school.browser.evaluate(paper);
    assert_ne!(light, dark);
    school.browser.click("#theme", 1);
    assert_eq!(school.browser.evaluate(paper), light);
    school.go("/model/Org");
    assert_eq!(school.browser.evaluate(paper), light, "it is remembered");
    school.browser.expect_no_errors();
}

#[test]
fn narrow_windows_do_not_scroll_sideways() {
    let Some(mut school) = School::open("browser_narrow") else { return };
    school.browser.resize(360, 640);
    for path in ["/", "/model/Student", "/model/Student/new", "/schema", "/console", "/migrations"]
    {
        school.go(path);
        let overflow = school.browser.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert!(overflow.as_i64().unwrap_or(1) <= 0, "{path}: {overflow} pixels too wide");
    }
    school.browser.expect_no_errors();
}
