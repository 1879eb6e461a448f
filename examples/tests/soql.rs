//! The program `soql` as it is run: exit statuses, and what goes to which output.

#[path = "program/run.rs"]
mod program;

use std::process::Output;

use self::program::{ORG, text};

fn run(arguments: &[&str], input: &str) -> Output {
    program::run("soql", arguments, input)
}

#[test]
fn the_status_tells_an_answer_from_a_mistake_in_the_query_or_in_the_options() {
    let query = "SELECT Name FROM Group";
    for (arguments, status, told) in [
        (&["--data", ORG, query][..], 0, ""),
        (&["--data", ORG, "--json", query], 0, ""),
        (&["--data", ORG, "--user", "bo@shop.example", query], 0, ""),
        (&["--data", ORG, "SELECT Nam FROM Group"], 1, "INVALID_FIELD: "),
        (&["--data", ORG, "--csv", "SELECT Name FROM"], 1, "MALFORMED_QUERY: "),
        (&["--data", ORG, "--explain", "SELECT Name FROM Grup"], 1, "INVALID_TYPE: "),
        (&["--data", ORG, ""], 1, "MALFORMED_QUERY: "),
        (&["--data", ORG, "--user", "no@shop.example", query], 2, "no@shop.example"),
        (&["--data", "/there/is/none", query], 2, "/there/is/none"),
        (&["--store", "/there/is/none.redb", query], 2, "/there/is/none.redb"),
        (&["--data", ORG, "--now", "yesterday", query], 2, "yesterday"),
        (&["--data", ORG, "--json", "--csv", query], 2, "--csv"),
        (&["--data", ORG, "--batch", query], 2, "--batch"),
        (&["--data", ORG, "--colour", query], 2, "--colour"),
    ] {
        let output = run(arguments, "");
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {error}");
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(output.stdout.is_empty(), status != 0, "{arguments:?}");
        assert_eq!(error.is_empty(), status == 0, "{arguments:?}: {error}");
        assert!(!error.contains('\u{1b}'), "this is no terminal: {error}");
    }
}

#[test]
fn options_hold_for_the_query_and_for_lines_that_do_not_say_otherwise() {
    let query = "SELECT COUNT() FROM Visit__c WHERE At__c = TODAY";
    let table = |arguments: &[&str]| text(&run(arguments, "").stdout).trim().to_owned();
    assert_eq!(table(&["--data", ORG, query]), "2");
    assert_eq!(table(&["--data", ORG, "--user", "hana@shop.example", query]), "0");
    assert_eq!(table(&["--data", ORG, "--now", "2025-12-31T12:00:00+0000", query]), "1");
    assert_eq!(table(&["--data", ORG, "--all", "SELECT COUNT() FROM Visit__c"]), "8");
    let lines =
        format!("{{\"q\": \"{query}\"}}\n{{\"q\": \"{query}\", \"user\": \"ada@shop.example\"}}\n");
    let output = run(&["--data", ORG, "--user", "hana@shop.example", "--batch"], &lines);
    assert_eq!(output.status.code(), Some(0));
    let body = |n| format!("\"body\":{{\"totalSize\":{n},\"done\":true,\"records\":[]}}}}\n");
    let answer = |n| format!("{{\"id\":null,\"status\":200,{}", body(n));
    assert_eq!(text(&output.stdout), answer(0) + &answer(2));
}

#[test]
fn without_a_query_the_lines_of_a_file_are_answered_in_turn() {
    let lines =
        "SELECT COUNT() FROM Group;\n\nSELECT COUNT() FROM Nowhere\nSELECT COUNT() FROM User\n";
    let output = run(&["--data", ORG], lines);
    assert_eq!(text(&output.stdout), "1\n3\n");
    assert!(text(&output.stderr).starts_with("INVALID_TYPE: "));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn without_a_folder_and_a_file_the_data_of_the_main_example_is_asked() {
    let output = run(&["SELECT COUNT() FROM LiveAgentSession WHERE Agent.Name != null"], "");
    let count: usize = text(&output.stdout).trim().parse().expect("a number");
    assert!(count > 5_000, "{count}");
}
