//! The queries of `tests/query`, with the rows or the error that each is answered with.
//!
//! A file has a comment, which says what it shows; what is asked beside the query, each on a line;
//! the query; behind a line of dashes the answer; and where there is one, behind another such line how
//! it was found. `SOBJECT_WRITE_QUERIES=1` has answers and plans written anew.
//!
//! ```text
//! # Rows of a null group come first.
//! user: hana@shop.example
//! SELECT Kind__c, COUNT(Id) FROM Shop__c GROUP BY Kind__c
//! ---
//! {..}
//! ---
//! path      Shop__c whole
//! ..
//! ```

use std::{env, fs, path::Path};

use serde_json::{Map, Value as Json};

use sobject_core::Soql;

use super::{Defaults, Org, batch, folder, org};

/// The line between query and answer.
const DASHES: &str = "\n---\n";

/// What may stand in front of the query.
const KEYS: [&str; 3] = ["call", "user", "now"];

#[test]
fn queries_are_answered_as_their_files_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("query");
    let is_written = env::var_os("SOBJECT_WRITE_QUERIES").is_some();
    let org = org();
    let mut paths: Vec<_> = fs::read_dir(&dir)
        .expect("there are queries")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "soql"))
        .collect();
    paths.sort();
    assert!(paths.len() > 20, "only {} queries in {}", paths.len(), dir.display());
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).expect("a query can be read");
        let (asked, expected) = text.split_once(DASHES).unwrap_or((text.trim_end(), ""));
        assert!(asked.starts_with("# "), "{name} does not say what it shows");
        let answer = answer(&org, asked);
        if is_written {
            fs::write(path, format!("{asked}{DASHES}{answer}")).expect("a query can be written");
        } else if answer != expected {
            wrong.push(format!("{name}\n{asked}\n-- expected\n{expected}\n-- came\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    org.store.verify().expect("the store is consistent");
}

/// What a file asks, as a request of batch mode.
fn request(asked: &str) -> Map<String, Json> {
    let mut request = Map::new();
    let mut query = Vec::new();
    for line in asked.lines().filter(|line| !line.starts_with("# ")) {
        match line.split_once(": ").filter(|(key, _)| KEYS.contains(key)) {
            Some((key, value)) if query.is_empty() => {
                request.insert(key.to_owned(), value.into());
            }
            _ => query.push(line),
        }
    }
    request.insert("q".to_owned(), query.join("\n").into());
    request
}

/// How the answer of a request is found.
fn plan(org: &Org, asked: &str) -> String {
    let request = request(asked);
    let text = |key: &str| request.get(key).and_then(Json::as_str);
    let query = Soql::rest(text("q").unwrap_or_default());
    let query = if text("call") == Some("queryAll") { query.all_rows() } else { query };
    let now = text("now").map(|now| folder::instant(now).expect("a moment"));
    let told = org.clock.during(now, || {
        let db = org.connect(text("user")).unwrap_or_else(|_| panic!("no such user: {asked}"));
        db.explain(query)
    });
    told.unwrap_or_else(|error| panic!("{asked}: {error}")).to_string()
}

/// The body of the answer of a request, a record a line, and how it was found.
fn answer(org: &Org, asked: &str) -> String {
    let line = Json::Object(request(asked)).to_string();
    let mut out = Vec::new();
    batch::serve(org, Defaults::default(), line.as_bytes(), &mut out)
        .expect("memory can be written");
    // The text of the body is kept, since numbers that are read lose their form.
    let line = String::from_utf8(out).expect("JSON is UTF-8");
    let answer: Json = serde_json::from_str(&line).expect("an answer is JSON");
    if let Some(error) = answer["body"].get(0) {
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        return format!("{}: {}\n", text("errorCode"), text("message"));
    }
    let body = line.split_once("\"body\":").expect("there is a body").1;
    let body = body.trim_end().strip_suffix('}').unwrap_or(body);
    let body = body.replace("{\"attributes\"", "\n{\"attributes\"");
    format!("{body}{DASHES}{}\n", plan(org, asked))
}
