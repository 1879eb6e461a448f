//! The program `calls` as it is run: recorded conversations, exit statuses, and what is printed.
//!
//! A conversation is a file of `calls/conversations`. It says what it shows in a comment; then come
//! requests, one a line, and behind each its answer, as `< STATUS BODY`. The program replays such a
//! file. `SOBJECT_WRITE_CALLS=1` has the answers written anew.

#[path = "program/run.rs"]
mod program;

use std::{env, fs, process::Output};

use serde::Deserialize;
use serde_json::value::RawValue;

use self::program::{ORG, text};

/// The folder of the conversations.
const CONVERSATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/calls/conversations");

fn run(arguments: &[&str], input: &str) -> Output {
    program::run("calls", arguments, input)
}

#[derive(Deserialize)]
struct Answer<'a> {
    status: u16,
    #[serde(borrow)]
    body: &'a RawValue,
}

/// The answers to requests, as conversations have them.
fn answers(requests: &[&str]) -> Vec<String> {
    let output = run(&["--data", ORG, "--batch"], &requests.join("\n"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = text(&output.stdout).lines();
    lines
        .map(|line| {
            let Answer { status, body } = serde_json::from_str(line).expect("an answer is JSON");
            format!("< {status} {body}")
        })
        .collect()
}

#[test]
fn conversations_go_as_their_files_say() {
    let is_written = env::var_os("SOBJECT_WRITE_CALLS").is_some();
    let mut paths: Vec<_> = fs::read_dir(CONVERSATIONS)
        .expect("there are conversations")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "calls"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 5, "only {} conversations in {CONVERSATIONS}", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        let recorded = fs::read_to_string(path).expect("a conversation can be read");
        assert!(recorded.starts_with("# "), "{} does not say what it shows", path.display());
        let lines: Vec<_> = recorded.lines().filter(|it| !it.starts_with('<')).collect();
        let is_request = |line: &&str| !line.starts_with('#') && !line.is_empty();
        let requests: Vec<_> = lines.iter().copied().filter(is_request).collect();
        let mut answers = answers(&requests).into_iter();
        let mut replayed = String::new();
        for line in lines {
            replayed.extend([line, "\n"]);
            if is_request(&line) {
                let answer = answers.next().expect("each line is answered");
                replayed.extend([answer.as_str(), "\n"]);
            }
        }
        if is_written {
            fs::write(path, replayed).expect("a conversation can be written");
        } else if replayed != recorded {
            let differ = recorded.lines().zip(replayed.lines()).find(|(old, new)| old != new);
            wrong.push(format!("{}: {differ:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_conversation_is_replayed_with_its_answers_on_several_lines() {
    let script = format!("{CONVERSATIONS}/clock.calls");
    let output = run(&["--data", ORG, &script], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    let first = "{\n  \"id\": null,\n  \"status\": 200,\n  \"body\": {\n    \"now\": \
                 \"2026-03-09T06:00:00.000+0000\"\n  }\n}\n";
    assert!(shown.starts_with(first), "{shown}");
    assert_eq!(shown.matches("\"status\": 200").count(), 8, "{shown}");
    assert!(shown.contains("\"errors\": []"), "{shown}");
    // What stands in texts stays as it is, and so do numbers.
    let line = r#"{"q": "SELECT Name, Revenue__c FROM Shop__c WHERE Revenue__c > 10000000"}"#;
    let renamed = r#"{"call": "update", "object": "Shop__c", "records": [{"Id": "a10xx0000000003AAA", "Name": "a\\{\"b\":[1,2]}"}]}"#;
    let output = run(&["--data", ORG], &format!("{renamed}\n{line}\n"));
    let shown = text(&output.stdout);
    assert!(shown.contains(r#""Name": "a\\{\"b\":[1,2]}""#), "{shown}");
    assert!(shown.contains("\"Revenue__c\": 1.2345678E7"), "{shown}");
}

#[test]
fn the_status_tells_answers_from_refusals_and_wrong_options() {
    let mistakes = format!("{CONVERSATIONS}/mistakes.calls");
    for (arguments, input, status, told) in [
        (&["--data", ORG][..], "{\"call\": \"verify\"}\n", 0, ""),
        (&["--data", ORG], "# nothing\n\n", 0, ""),
        (&["--data", ORG], "{\"call\": \"dance\"}\n{\"call\": \"verify\"}\n", 1, ""),
        (&["--data", ORG, "--batch"], "{\"call\": \"dance\"}\n", 0, ""),
        (&["--data", ORG, &mistakes], "", 1, ""),
        (&["--data", ORG, "/there/is/none.calls"], "", 2, "/there/is/none.calls"),
        (&["--data", "/there/is/none"], "", 2, "/there/is/none"),
        (&["--data", ORG, "--user", "no@shop.example", "--batch"], "", 2, "no@shop.example"),
        (&["--data", ORG, "--now", "yesterday"], "", 2, "yesterday"),
        (&["--data", ORG, "--batch", &mistakes], "", 2, "--batch"),
    ] {
        let output = run(arguments, input);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {error}");
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(error.is_empty(), status != 2, "{arguments:?}: {error}");
    }
}

#[test]
fn a_key_that_a_call_does_not_know_is_named() {
    for (request, key) in [
        (r#"{"call": "create", "object": "Shop__c", "records": [], "ids": []}"#, "ids"),
        (r#"{"call": "query", "q": "SELECT Id FROM User", "object": "User"}"#, "object"),
        (r#"{"call": "verify", "deep": true}"#, "deep"),
        (r#"{"call": "clock", "advance": 1, "by": 2}"#, "by"),
    ] {
        let answer = answers(&[request]).remove(0);
        assert!(answer.starts_with("< 400 "), "{answer}");
        assert!(answer.contains(&format!("Unrecognized field \\\"{key}\\\"")), "{answer}");
    }
}

#[test]
fn the_help_lists_every_call_with_its_keys() {
    let output = run(&["--help"], "");
    let help = text(&output.stdout);
    for line in [
        "  query             q, next, batchSize",
        "  upsert            object, externalId, records, allOrNone",
        "  clock             set, advance",
        "  verify",
    ] {
        assert!(help.lines().any(|it| it == line), "{line}: {help}");
    }
}
