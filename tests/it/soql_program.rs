//! The program `soql`: the loader of an org's folder, batch mode, and the fixtures of queries.
//!
//! The modules are those of the example, which has no library.

#[path = "../../examples/soql/ask.rs"]
mod ask;
#[path = "../../examples/soql/batch.rs"]
mod batch;
#[path = "../../examples/soql/columns.rs"]
mod columns;
#[path = "../../examples/soql/complete.rs"]
mod complete;
#[expect(dead_code, unused_imports, reason = "the programs have more uses for it")]
#[path = "../../examples/org/folder.rs"]
mod folder;
#[expect(dead_code, reason = "the program looks at its own standard error")]
#[path = "../../examples/soql/mistake.rs"]
mod mistake;
#[path = "../../examples/soql/shown.rs"]
mod shown;

mod batches;
mod completion;
mod fixtures;
mod loader;
mod printed;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use self::folder::{Defaults, Org};

/// The folder of a small org: shops with branches, visits and guests, and chat sessions.
fn org_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/soql_org")
}

fn org() -> Org {
    Org::load(&org_dir(), None, None).expect("the folder is in order")
}

/// The answers of batch mode to these lines.
fn serve(org: &Org, lines: &[u8]) -> Vec<Json> {
    let mut out = Vec::new();
    batch::serve(org, Defaults::default(), lines, &mut out).expect("memory can be written");
    let out = String::from_utf8(out).expect("JSON is UTF-8");
    out.lines().map(|line| serde_json::from_str(line).expect("an answer is JSON")).collect()
}
