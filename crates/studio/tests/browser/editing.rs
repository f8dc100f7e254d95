//! Changing things: edit, add, delete, a conflict with somebody else, what the database refuses.

use crate::chromium::Browser;
use crate::school::School;

#[test]
fn an_edit_is_shown_as_sql_and_saved() {
    let Some(mut school) = School::open("browser_edit") else { return };
    school.go("/model/Student");
    let browser = &mut school.browser;
    browser.click("tr:nth-child(2) td[data-field=name]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    browser.rewrite("Alex O'Neil");
    browser.press("Enter");
    browser.wait_for("document.getElementById('changes-count').textContent === '1 change'");
    // By keys alone: to the right, nothing instead of a nickname.
    browser.press("ArrowRight");
    browser.press("Enter");
    browser.click(".editor button[title^=Nothing]", 1);
    // A page is turned, and what was changed is still so.
    browser.wait_for_page(|browser| browser.click("#after", 1));
    browser.wait_for_page(|browser| browser.click("#before", 1));
    assert_eq!(browser.text("tr:nth-child(2) td[data-field=name].changed .value"), "Alex O'Neil");
    browser.click("#review", 1);
    browser.wait_for("document.getElementById('sql-preview') !== null");
    let sql = browser.text("#sql-preview");
    assert!(sql.contains("SET \"name\" = 'Alex O''Neil', \"nick\" = NULL"), "{sql}");
    browser.wait_for_page(|browser| browser.click("#save", 1));
    assert_eq!(browser.text("tr:nth-child(2) td[data-field=name] .value"), "Alex O'Neil");
    assert_eq!(browser.count("td[data-field].changed"), 0);
    browser.expect_no_errors();
    assert_eq!(
        school.value(
            "SELECT concat_ws('|', name, coalesce(nick, 'null')) FROM \"Student\" WHERE id = 2"
        ),
        "Alex O'Neil|null"
    );
}

#[test]
fn what_is_wrong_is_said_before_it_is_sent() {
    let Some(mut school) = School::open("browser_wrong") else { return };
    school.go("/model/Student/row?key=%5B%227%22%5D");
    let browser = &mut school.browser;
    browser.click("td[data-field=notes]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    browser.rewrite("{\"a\": ");
    browser.click(".editor button[title=Enter]", 1);
    browser.wait_for("document.querySelector('td[data-field=notes] .error') !== null");
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    // An enum has its values to choose from.
    browser.click("td[data-field=level]", 2);
    let values = browser
        .evaluate("[...document.querySelector('.editor select').options].map((one) => one.value)");
    assert_eq!(values, serde_json::json!(["beginner", "advanced"]));
    browser.press("Escape");
    browser.expect_no_errors();
}

#[test]
fn two_people_do_not_overwrite_each_other() {
    let Some(mut school) = School::open("browser_conflict") else { return };
    school.go("/model/Student/row?key=%5B%221%22%5D");
    let browser = &mut school.browser;
    browser.click("td[data-field=name]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    browser.rewrite("Mine");
    browser.press("Enter");
    school.meanwhile("UPDATE \"Student\" SET name = 'Hers' WHERE id = 1");
    let browser = &mut school.browser;
    browser.click("#review", 1);
    browser.click("#save", 1);
    browser.wait_for("document.getElementById('conflict') !== null");
    let told = browser.text("#conflict");
    assert!(told.contains("name was \"Student 1\" and is now \"Hers\""), "{told}");
    browser.wait_for_page(|browser| browser.click("#drop", 1));
    assert_eq!(browser.text("td[data-field=name] .value"), "Hers");
    browser.expect_no_errors();
    assert_eq!(school.value("SELECT name FROM \"Student\" WHERE id = 1"), "Hers");
}

#[test]
fn rows_are_added_and_deleted() {
    let Some(mut school) = School::open("browser_rows") else { return };
    school.go("/model/Org/new");
    let browser = &mut school.browser;
    browser.click("#insert", 1);
    browser.wait_for("document.querySelector('td[data-field=name] .error') !== null");
    browser.write("East");
    browser.press("Enter");
    browser.wait_for_page(|browser| browser.click("#insert", 1));
    browser.click("#review", 1);
    browser.wait_for_page(|browser| browser.click("#save", 1));
    let own = "document.body.innerText.includes('East')";
    assert_eq!(browser.evaluate(own), true);
    // One that others refer to stays, and it is said why.
    browser.evaluate("[...document.querySelectorAll('td[data-field=id]')].find((cell) => cell.innerText.includes('north')).focus()");
    browser.press("Delete");
    browser.wait_for("document.querySelector('tr.removed') !== null");
    browser.click("#review", 1);
    browser.click("#save", 1);
    browser.wait_for("document.querySelector('dialog .failure') !== null");
    assert!(browser.text("dialog").contains("23503"), "{}", browser.text("dialog"));
    assert_eq!(browser.take_errors().len(), 1, "the answer 400");
    browser.click("dialog .tools button:last-child", 1);
    browser.click("#discard", 1);
    // One that nobody refers to goes.
    browser.evaluate("[...document.querySelectorAll('td[data-field=name]')].find((cell) => cell.innerText.includes('East')).focus()");
    browser.press("Delete");
    browser.click("#review", 1);
    browser.wait_for_page(|browser| browser.click("#save", 1));
    assert_eq!(browser.evaluate(own), false);
    browser.expect_no_errors();
    assert_eq!(school.value("SELECT count(*)::text FROM \"Org\""), "2");
}

#[test]
fn the_empty_text_is_not_nothing() {
    let Some(mut school) = School::open("browser_empty") else { return };
    school.go("/model/Student/row?key=%5B%224%22%5D");
    let browser = &mut school.browser;
    assert_eq!(browser.text("td[data-field=nick]"), "null");
    browser.click("td[data-field=nick]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    // What nobody touched is no change.
    browser.press("Enter");
    assert_eq!(browser.text("td[data-field=nick]"), "null");
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    browser.click("td[data-field=nick]", 2);
    browser.press("Escape");
    assert_eq!(browser.text("td[data-field=nick]"), "null");
    browser.click("td[data-field=nick]", 2);
    browser.click(".editor button[title^='The empty']", 1);
    browser.click("#review", 1);
    browser.wait_for_page(|browser| browser.click("#save", 1));
    assert_eq!(browser.text("td[data-field=nick]"), "");
    browser.expect_no_errors();
    assert_eq!(school.value("SELECT (nick = '')::text FROM \"Student\" WHERE id = 4"), "true");
}

#[test]
fn an_editor_changes_nothing_by_itself() {
    let Some(mut school) = School::open("browser_exact") else { return };
    school.meanwhile(
        "UPDATE \"Student\" SET notes = '{\"b\": 1.10, \"id\": 12345678901234567890}', name = E'one\\r\\ntwo' WHERE id = 1",
    );
    school.go("/model/Student/row?key=%5B%221%22%5D");
    let browser = &mut school.browser;
    browser.click("td[data-field=notes]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    let shown = browser.evaluate("document.querySelector('.editor textarea').value");
    assert_eq!(shown, "{\n  \"b\": 1.10,\n  \"id\": 12345678901234567890\n}");
    browser.click(".editor button[title=Enter]", 1);
    browser.click("td[data-field=name]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    browser.click(".editor button[title=Enter]", 1);
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    browser.click("td[data-field=name]", 2);
    browser.wait_for("document.querySelector('.editor textarea') !== null");
    browser.rewrite("one\nthree");
    browser.press("Enter");
    browser.click("#review", 1);
    browser.wait_for_page(|browser| browser.click("#save", 1));
    browser.expect_no_errors();
    assert_eq!(school.value("SELECT name FROM \"Student\" WHERE id = 1"), "one\r\nthree");
    assert_eq!(
        school.value("SELECT notes::text FROM \"Student\" WHERE id = 1"),
        "{\"b\": 1.10, \"id\": 12345678901234567890}"
    );
}

#[test]
fn dates_are_picked_and_keep_what_no_picker_knows() {
    let Some(mut school) = School::open_workshop("browser_dates") else { return };
    school.meanwhile(
        "UPDATE work.\"Job\" SET \"startAt\" = '2026-01-05 07:00:00.123456+00' WHERE id = 1;
         UPDATE work.\"Job\" SET \"startAt\" = 'infinity' WHERE id = 2",
    );
    school.go("/model/Job");
    let browser = &mut school.browser;
    let text = "document.querySelector('.editor input:not(.picker)').value";
    let picked = "document.querySelector('.editor .picker').value";
    let open = |browser: &mut Browser, row: u32| {
        browser.click(&format!("tr:nth-child({row}) td[data-field=startAt]"), 2);
        browser.wait_for("document.querySelector('.editor .picker') !== null");
    };
    // By keys: Tab leads to the picker, and its arrows change one part of the date.
    open(browser, 1);
    assert_eq!(browser.evaluate(picked), "2026-01-05T07:00");
    browser.press("Tab");
    browser.press("ArrowDown");
    let now = browser.evaluate(text);
    let now = now.as_str().expect("a text");
    assert!(now.ends_with(" 07:00:00.123456+00") && !now.starts_with("2026-01-05"), "{now}");
    browser.press("Escape");
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    // Another time is another one whole; back to the first, nothing is lost of it.
    open(browser, 1);
    let pick = |browser: &mut Browser, value: &str| {
        browser.choose(".editor .picker", value);
    };
    pick(browser, "2026-03-04T10:11:12");
    assert_eq!(browser.evaluate(text), "2026-03-04 10:11:12+00");
    pick(browser, "2026-01-05T07:00:00");
    assert_eq!(browser.evaluate(text), "2026-01-05 07:00:00.123456+00");
    browser.press("Enter");
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    // What it cannot show it leaves alone, and what is typed it follows.
    open(browser, 2);
    assert_eq!(browser.evaluate(picked), "");
    browser.press("Enter");
    assert_eq!(browser.evaluate("document.querySelector('.changes').hidden"), true);
    open(browser, 2);
    browser.rewrite("2026-05-06 07:08:09.5+02");
    assert_eq!(browser.evaluate(picked), "2026-05-06T07:08:09");
    pick(browser, "2026-06-06T07:08:09");
    browser.press("Enter");
    browser.click("#review", 1);
    browser.wait_for_page(|browser| browser.click("#save", 1));
    browser.expect_no_errors();
    let saved =
        "SELECT (\"startAt\" = '2026-06-06 05:08:09.5+00')::text FROM work.\"Job\" WHERE id = 2";
    assert_eq!(school.value(saved), "true");
}

#[test]
fn a_filter_by_date_is_picked_too() {
    let Some(mut school) = School::open_workshop("browser_date_filter") else { return };
    school.go("/model/Job");
    let browser = &mut school.browser;
    browser.choose("#filter-field", "startAt");
    browser.choose("#filter-operator", "in_vec");
    assert_eq!(browser.count(".add .picker"), 0, "a list is typed");
    browser.choose("#filter-operator", "gte");
    browser.choose(".add .picker", "2026-02-01T00:00");
    browser.wait_for_page(|browser| browser.click(".add button", 1));
    assert!(browser.text(".chip").contains("2026-02-01 00:00:00+00"));
    assert_eq!(browser.count("tbody tr[data-key]"), 2);
    browser.expect_no_errors();
}

#[test]
fn rows_are_linked_and_parted() {
    let Some(mut school) = School::open_workshop("browser_links") else { return };
    school.go("/model/Person/row?key=%5B%221%22%5D");
    let browser = &mut school.browser;
    browser.click("[data-links=skills] [data-other=park] button", 1);
    assert_eq!(browser.count("[data-links=skills] .chip.removed"), 1);
    browser.click("[data-links=skills] input", 1);
    browser.write("sail");
    browser.press("Enter");
    browser.wait_for("document.querySelector('[data-links=skills] .chip.changed') !== null");
    // Changed one's mind, and changed it again.
    browser.click("[data-links=skills] .chip.changed button", 1);
    assert_eq!(browser.count(".chip.changed"), 0);
    browser.click("[data-links=skills] input", 1);
    browser.write("sail");
    browser.press("Enter");
    assert_eq!(browser.text("#changes-count"), "2 changes");
    browser.click("#review", 1);
    browser.wait_for("document.getElementById('sql-preview') !== null");
    let sql = browser.text("#sql-preview");
    assert!(sql.contains("DELETE FROM") && sql.contains("('1', 'sail')"), "{sql}");
    browser.wait_for_page(|browser| browser.click("#save", 1));
    assert_eq!(browser.count("[data-links=skills] [data-other=sail]"), 1);
    assert_eq!(browser.count("[data-links=skills] [data-other=park]"), 0);
    browser.expect_no_errors();
    let saved = "SELECT string_agg(\"B\", ' ' ORDER BY \"B\") FROM people.\"_PersonToSkill\" WHERE \"A\" = 1";
    assert_eq!(school.value(saved), "c:drive sail");
    // Somebody else parts them first.
    let browser = &mut school.browser;
    browser.click("[data-links=skills] [data-other=sail] button", 1);
    school.meanwhile("DELETE FROM people.\"_PersonToSkill\" WHERE \"B\" = 'sail'");
    let browser = &mut school.browser;
    browser.click("#review", 1);
    browser.click("#save", 1);
    browser.wait_for("document.getElementById('conflict') !== null");
    let told = browser.text("#conflict");
    assert!(told.contains("a link of Person.skills is gone meanwhile"), "{told}");
    browser.expect_no_errors();
}
