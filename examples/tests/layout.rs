//! The program `layout` as it is run: what is on the page, for whom.

#[path = "program/run.rs"]
mod program;

use std::process::Output;

use self::program::ORG;

fn run(arguments: &[&str]) -> Output {
    program::run("layout", arguments, "")
}

fn page(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program::text(&output.stdout).to_owned()
}

/// Are these on the page, in this order?
fn in_order(page: &str, texts: &[&str]) {
    let mut rest = page;
    for text in texts {
        let place = rest.find(text).unwrap_or_else(|| panic!("there is no {text} in {rest}"));
        rest = &rest[place + text.len()..];
    }
}

#[test]
fn a_session_is_drawn_as_its_page_is_laid_out() {
    let page = page(&[]);
    let form = page.split("</form>").next().unwrap_or_default();
    let detail = &page[form.len()..];
    let sections = ["Session", "Chats", "Flags", "Seconds", "System Information"];
    in_order(
        detail,
        &sections.map(|it| format!("<summary>{it}</summary>")).each_ref().map(|it| &**it),
    );
    in_order(detail, &["User</span>", "Aisha Rahman", "Login Time", "1 Mar 2026, 06:55"]);
    in_order(detail, &["Created By", "Data Loader", ", ", "2 Mar 2026, 07:00"]);
    // The form has inputs for what can be changed, and a star where there must be something.
    in_order(form, &["Chat Session Name", "<div class=\"value\">00000001</div>"]);
    in_order(form, &["User<b title=\"required\">*</b>", "required=\"required\"", "Aisha Rahman"]);
    in_order(form, &["id=\"TimeIdle\"", "type=\"number\" value=\"15418\""]);
    assert!(!form.contains("Created By"), "{form}");
    // The page needs nothing but itself.
    assert!(!page.contains("http"), "{page}");
}

#[test]
fn the_page_of_another_org_is_made_of_its_describe_with_lists_of_children() {
    let shop = ["--data", ORG, "--object", "Shop__c", "--id", "a10xx0000000001AAA"];
    let whole = page(&shop);
    in_order(&whole, &["<h1>Corner Café</h1>", "Shop Information", "Description Information"]);
    in_order(
        &whole,
        &["<h2>Shops <small>2 of 2", "corner bakery", "<h2>Visits <small>3 of 3", "Grace"],
    );
    assert!(whole.contains("Revenue__c"));
    // Bo may not see the revenue, nor persons, and may not change shops.
    let for_bo = page(&[&shop[..], &["--user", "bo@shop.example"]].concat());
    assert!(!for_bo.contains("Revenue__c") && !for_bo.contains("Grace"), "{for_bo}");
    assert!(!for_bo.contains("<form") && whole.contains("<form"));
}

#[test]
fn what_stands_in_a_record_is_text_and_no_html() {
    let page = page(&["--data", ORG, "--object", "Shop__c", "--id", "a10xx0000000004AAA"]);
    assert!(page.contains("<h1>O&#39;Neill&#39;s 100%</h1>"), "{page}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    for (arguments, told) in [
        (&["--object", "Nowhere"][..], "Nowhere"),
        (&["--id", "0HKxx0000000099"], "INVALID_CROSS_REFERENCE_KEY"),
        (&["--user", "nobody@desk.example"], "nobody@desk.example"),
        (&["--data", "/there/is/none"], "/there/is/none"),
    ] {
        let output = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(told) && output.stdout.is_empty(), "{arguments:?}: {error}");
    }
}
