//! A process is killed while it builds an index over many records: the next opening goes on with
//! the build, until the index has all records.
//!
//! The test runs itself again as a child process, which opens the file with definitions that have
//! new indexes. It kills the child with SIGKILL, later in each round.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::json;
use sobject_core::{Definition, Error, FieldDefinition, FieldType, Store};

use crate::{
    desk::map,
    types::{Archive, open},
};

/// The environment variable that tells the child its file.
const FILE: &str = "SOBJECT_RESUME_FILE";
/// The name of the one test here, which the child is told to run.
const TEST: &str = "resume::a_build_that_is_killed_goes_on_where_it_was_cut";
/// How many records there are: a build needs several steps for them.
const RECORDS: usize = 61_000;
/// How long the first child runs. Each later one runs one and a half times as long as the one
/// before.
const FIRST: Duration = Duration::from_millis(20);

/// Longer than any build takes. A child that runs so long must have failed for another reason.
const LONGEST: Duration = Duration::from_secs(120);

const TEXT: FieldDefinition = open("Text__c", FieldType::String).length(20);
const SIZE: FieldDefinition = open("Size__c", FieldType::Int);

/// The object of entries, with these fields.
const fn entry(fields: &'static [FieldDefinition]) -> Definition {
    Definition::new("Entry__c").label("Entry", "Entries").key_prefix("a0E").fields(fields)
}

/// Entries without indexes, and with them.
const PLAIN: &Definition = &entry(&[TEXT, SIZE]);
const INDEXED: &Definition = &entry(&[TEXT.unique(), SIZE.index()]);

/// Lets a child open the file with indexes, and kills it after this time. True if it was killed,
/// false if it ended before.
fn kill_after(time: Duration, path: &Path) -> bool {
    let mut child = Command::new(env::current_exe().expect("the test's own path"))
        .args([TEST, "--exact", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::null())
        .spawn()
        .expect("the child starts");
    sleep(time);
    child.kill().expect("the child is killed, or gone");
    !child.wait().expect("the child is gone").success()
}

/// Does the file's catalogue note an index that is being built?
fn is_noted(path: &Path) -> bool {
    let noted = |bytes: &[u8]| bytes.windows(11).any(|it| it == br#""building":"#);
    noted(&std::fs::read(path).expect("the file is read"))
}

#[test]
fn a_build_that_is_killed_goes_on_where_it_was_cut() {
    if let Some(path) = env::var_os(FILE) {
        Store::open(path, &[INDEXED]).expect("the file opens");
        return;
    }
    let archive = Archive::new();
    {
        let shop = archive.try_open(&[PLAIN]).unwrap();
        let records: Vec<_> = (0..RECORDS)
            .map(|n| map(&json!({ "Text__c": n.to_string(), "Size__c": n % 7 })))
            .collect();
        let written = shop.db.transaction(|tx| {
            let mut entries = tx.object("Entry__c")?;
            for call in records.chunks(200) {
                assert!(entries.create_many(call)?.iter().all(Result::is_ok));
            }
            Ok::<_, Error>(())
        });
        written.unwrap();
    }
    let (mut n_killed, mut n_cut, mut time) = (0, 0, FIRST);
    while kill_after(time, archive.path()) {
        n_killed += 1;
        n_cut += usize::from(is_noted(archive.path()));
        time = time * 3 / 2;
        assert!(time < LONGEST, "the file does not open");
    }
    assert!(n_cut > 0, "{n_killed} were killed, none of them in mid-build");

    let shop = archive.open(&[INDEXED]);
    let entries = shop.object("Entry__c");
    assert_eq!(entries.count().unwrap(), RECORDS as u64);
    assert_eq!(shop.verify().entries, 2 * RECORDS as u64, "one for each record and index");
    for n in [0, 19_999, 20_000, 20_001, 40_000, 60_000, RECORDS - 1] {
        let again = entries.create(&map(&json!({ "Text__c": n.to_string() })));
        assert!(matches!(again, Err(Error::Duplicate { .. })), "{n}: {again:?}");
    }
}
