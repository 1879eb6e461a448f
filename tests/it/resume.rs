//! An index that is built over many records, and a default that is put into them, by a process that is
//! killed: a later opening goes on with it, until it is whole.
//!
//! A test runs itself again as a child that opens the file with other definitions, and kills it with
//! SIGKILL, later each round.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::{Value as Json, json};
use sobject_core::{Calls, DefaultValue, Definition, Error, FieldDefinition, FieldType, Store};

use crate::{
    desk::map,
    types::{Archive, open, required},
};

/// Names the file to the child.
const FILE: &str = "SOBJECT_RESUME_FILE";
/// Records in one step of a build here.
const STEP: usize = 20;
/// Records, for which a build takes so many steps that one of them is cut.
const RECORDS: usize = 61 * STEP - 10;
/// How long the first child runs; each later one runs half as long again.
const FIRST: Duration = Duration::from_millis(20);

/// Longer than any build takes: by then the child fails for another reason.
const LONGEST: Duration = Duration::from_secs(120);

const TEXT: FieldDefinition = open("Text__c", FieldType::String).length(20);
const SIZE: FieldDefinition = open("Size__c", FieldType::Int);

/// The entries with these fields.
const fn entry(fields: &'static [FieldDefinition]) -> Definition {
    Definition::new("Entry__c").label("Entry", "Entries").key_prefix("a0E").fields(fields)
}

/// Entries before they have indexes, and after.
const PLAIN: &Definition = &entry(&[TEXT, SIZE]);
const INDEXED: &Definition = &entry(&[TEXT.unique(), SIZE.index()]);
/// Plain entries that cannot be searched.
const UNSEARCHED: &Definition =
    &entry(&[TEXT, SIZE]).calls(Calls::NONE.create().update().delete().query().retrieve());
/// Entries whose sizes are never null.
const FILLED: &Definition =
    &entry(&[TEXT, required("Size__c", FieldType::Int).default(DefaultValue::Int(7)).index()]);

/// Lets this test, run as a child, open the file, and kills it after a while. Was it killed?
fn kill_after(test: &str, time: Duration, path: &Path) -> bool {
    let mut child = Command::new(env::current_exe().expect("the test's own path"))
        .args([&*format!("resume::{test}"), "--exact", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::null())
        .spawn()
        .expect("the child starts");
    sleep(time);
    child.kill().expect("the child is killed, or gone");
    !child.wait().expect("the child is gone").success()
}

/// Does the file's catalogue note work that is under way, by this key?
fn is_noted(path: &Path, key: &str) -> bool {
    let file = std::fs::read(path).expect("the file is read");
    file.windows(key.len()).any(|it| it == key.as_bytes())
}

/// Is this the child? Then it opens the file.
fn is_child(objects: &[&Definition]) -> bool {
    let Some(path) = env::var_os(FILE) else { return false };
    Store::builder().build_step(STEP).open(path, objects).expect("the file opens");
    true
}

/// Kills one child after the other, until one is done, and asserts that some were killed while they
/// were at it, as the key tells that the catalogue has then.
fn kill_until_done(test: &str, path: &Path, key: &str) {
    let (mut n_killed, mut n_cut, mut time) = (0, 0, FIRST);
    while kill_after(test, time, path) {
        n_killed += 1;
        n_cut += usize::from(is_noted(path, key));
        time = time * 3 / 2;
        assert!(time < LONGEST, "the file does not open");
    }
    assert!(n_cut > 0, "{n_killed} were killed, none of them at work");
}

/// A file with entries of these records.
fn archive_of(object: &Definition, records: impl Iterator<Item = Json>) -> Archive {
    let archive = Archive::new();
    let shop = archive.try_open(&[object]).unwrap();
    let records: Vec<_> = records.map(|record| map(&record)).collect();
    let written = shop.db.transaction(|tx| {
        let mut entries = tx.object("Entry__c")?;
        for call in records.chunks(200) {
            assert!(entries.create_many(call)?.iter().all(Result::is_ok));
        }
        Ok::<_, Error>(())
    });
    written.unwrap();
    archive
}

#[test]
fn a_build_that_is_killed_goes_on_where_it_was_cut() {
    if is_child(&[INDEXED]) {
        return;
    }
    let record = |n: usize| json!({ "Text__c": n.to_string(), "Size__c": n % 7 });
    let archive = archive_of(PLAIN, (0..RECORDS).map(record));
    let test = "a_build_that_is_killed_goes_on_where_it_was_cut";
    kill_until_done(test, archive.path(), r#""building":"#);

    let shop = archive.open(&[INDEXED]);
    let entries = shop.object("Entry__c");
    assert_eq!(entries.count().unwrap(), RECORDS as u64);
    assert_eq!(shop.verify().entries, 2 * RECORDS as u64, "one for each record and index");
    for n in 0..RECORDS {
        let again = entries.create(&map(&json!({ "Text__c": n.to_string() })));
        assert!(matches!(again, Err(Error::Duplicate { .. })), "{n}: {again:?}");
    }
}

#[test]
fn a_filling_that_is_killed_goes_on_where_it_was_cut() {
    if is_child(&[FILLED]) {
        return;
    }
    let size = |n: usize| if n.is_multiple_of(3) { Json::Null } else { json!(n % 1000) };
    let record = |n: usize| json!({ "Text__c": n.to_string(), "Size__c": size(n) });
    let archive = archive_of(PLAIN, (0..RECORDS).map(record));
    let id = |n: usize| crate::desk::id(&format!("a0Exx0{:0>9}", base62(n + 1)));
    {
        let shop = archive.open(&[PLAIN]);
        for n in (0..RECORDS).step_by(5) {
            shop.object("Entry__c").delete(id(n)).unwrap();
        }
    }
    let before = archive.open(&[PLAIN]).verify();
    let test = "a_filling_that_is_killed_goes_on_where_it_was_cut";
    kill_until_done(test, archive.path(), r#""filling":{"#);

    let shop = archive.open(&[FILLED]);
    let after = shop.verify();
    assert_eq!((after.live, after.deleted), (before.live, before.deleted));
    assert_eq!(after.changes, before.changes, "what the store fills in is no change of a record");
    for n in (0..RECORDS).step_by(5) {
        shop.object("Entry__c").undelete(id(n)).unwrap();
    }
    for n in 0..RECORDS {
        let expected = if size(n).is_null() { json!(7) } else { size(n) };
        assert_eq!(shop.value("Entry__c", id(n), "Size__c"), expected, "{n}");
    }
}

#[test]
fn an_index_of_words_whose_building_is_killed_goes_on_where_it_was_cut() {
    if is_child(&[PLAIN]) {
        return;
    }
    let record = |n: usize| json!({ "Text__c": format!("seven{} n{n}", n % 7) });
    let archive = archive_of(UNSEARCHED, (0..RECORDS).map(record));
    let test = "an_index_of_words_whose_building_is_killed_goes_on_where_it_was_cut";
    kill_until_done(test, archive.path(), r#""building":"#);

    let shop = archive.open(&[PLAIN]);
    assert_eq!(shop.verify().words, 2 * RECORDS as u64, "one for each record and word");
    let count = |expr: &str| {
        let search = format!("FIND {{{expr}}} RETURNING Entry__c(Id LIMIT 2000)");
        shop.db.search(search).unwrap().records.len()
    };
    assert_eq!(count("seven3"), (0..RECORDS).filter(|n| n % 7 == 3).count());
    for n in (0..RECORDS).step_by(7) {
        assert_eq!(count(&format!("n{n}")), 1, "{n}");
    }
}

/// A number in the digits of ids.
fn base62(mut n: usize) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = String::new();
    while n > 0 {
        digits.insert(0, char::from(DIGITS[n % 62]));
        n /= 62;
    }
    digits
}
