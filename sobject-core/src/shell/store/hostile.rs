//! Files whose entries were changed by someone who knows the format, so that every checksum is right:
//! opening, verifying, reading and writing them never panics, and what `verify` calls sound can be
//! read.

use std::{
    env,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use super::{Store, faults};
use crate::{
    definition::{DefaultValue, Definition, FieldDefinition, Target},
    engine::{Buffer, Disk, Engine, KeyWidth, RedbEngine, Scan, Space},
    error::{Error, Result},
    id::{KeyPrefix, RecordId},
    store::{CATALOGUE, OWN_SPACES},
    value::FieldType,
};

/// How many files are changed, unless the environment variable `SOBJECT_DAMAGES` says otherwise.
const CHANGES: u64 = 250;

/// The notes of [`faults`] in another form: fields came, went, were renamed and became unique.
const OTHER_NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("M-{0000}").name_field(),
    FieldDefinition::new("Key__c", FieldType::String)
        .was(&["Code__c"])
        .create()
        .update()
        .nillable()
        .unique()
        .case_sensitive(),
    FieldDefinition::new("Count__c", FieldType::Int)
        .create()
        .update()
        .default(DefaultValue::Int(7))
        .defaulted_on_create(),
    FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller(),
    FieldDefinition::new("LastReferencedDate", FieldType::DateTime).nillable().per_caller(),
]);

/// An object that notes do not know of.
const TOPIC: &Definition =
    &Definition::new("Topic__c").key_prefix("a0T").fields(&[FieldDefinition::new(
        "Note__c",
        FieldType::Reference,
    )
    .references(&[Target::new("Note__c", "a0N")])
    .create()
    .nillable()]);

/// Random numbers: `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn of<'t, T>(&mut self, these: &'t [T]) -> &'t T {
        &these[self.below(these.len())]
    }

    /// Changes bytes, which stay as many if they have a width.
    fn change(&mut self, bytes: &mut Vec<u8>, has_width: bool) {
        let at = self.below(bytes.len());
        match self.below(if has_width { 4 } else { 7 }) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            1 => bytes.fill(0xFF),
            2 => bytes.fill(0),
            // One of the numbers in it becomes the least or the greatest.
            3 if !bytes.is_empty() => {
                let (byte, end) = (*self.of(&[0, 0x7F, 0x80, 0xFF]), bytes.len().min(at + 8));
                bytes[at..end].fill(if byte < 0x80 { byte.min(1) * 0xFF } else { 0 });
                bytes[at] = byte;
            }
            4 => bytes.truncate(at),
            5 => bytes.extend_from_slice(&[0xFF; 9]),
            _ => bytes.clear(),
        }
    }

    /// Changes something in a JSON value.
    fn change_json(&mut self, json: &mut Json) {
        let n_inside = match json {
            Json::Array(items) => items.len(),
            Json::Object(map) => map.len(),
            _ => 0,
        };
        if n_inside > 0 && self.below(8) > 0 {
            let place = self.below(n_inside);
            return match json {
                Json::Array(items) => match self.below(6) {
                    0 => drop(items.remove(place)),
                    1 => items.push(items[place].clone()),
                    _ => self.change_json(&mut items[place]),
                },
                Json::Object(map) => {
                    let key = map.keys().nth(place).unwrap().clone();
                    match self.below(8) {
                        0 => drop(map.remove(&key)),
                        _ => self.change_json(&mut map[&key]),
                    }
                }
                _ => unreachable!("it has something inside"),
            };
        }
        let others = [
            json!(null),
            json!(0),
            json!(1),
            json!(5),
            json!(16),
            json!(65_535),
            json!(u64::MAX),
            json!(-1),
            json!(true),
            json!(""),
            json!("Name"),
            json!("string"),
            json!("{0}"),
            json!([]),
            json!({}),
            json!([0, 0, 65_535]),
        ];
        *json = self.of(&others).clone();
    }
}

/// The space, the key and the value.
type Entry = (Space, Vec<u8>, Vec<u8>);

/// A change of an index in the catalogue.
type Change<'c> = &'c dyn Fn(&mut Json);

/// A file with records of every kind, and every entry in it.
fn file() -> (Vec<u8>, Vec<Entry>) {
    let disk = Disk::default();
    let store = faults::on_disk(&disk, false).unwrap();
    let notes = store.system().object("Note__c").unwrap();
    let mut ids: Vec<RecordId> = Vec::new();
    for n in 0..6 {
        let about = ids.last().copied();
        let note = json!({ "Code__c": format!("code {n}"), "About__c": about });
        ids.push(notes.create(&faults::map(&note)).unwrap());
    }
    notes.update(ids[0], &faults::map(&json!({ "Code__c": null }))).unwrap();
    notes.delete(ids[5]).unwrap();
    for number in ["000000007", "zzzzzzzzz"] {
        let note = json!({
            "Id": format!("a0Nzz1{number}"), "Name": "N-900", "Code__c": number,
            "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": format!("005zz1{number}"),
            "LastModifiedDate": "2020-01-01T00:00:00Z", "LastModifiedById": format!("005zz1{number}"),
            "SystemModstamp": "2020-01-01T00:00:00Z", "About__c": "a0Nzz1zzzzzzzzy",
            "LastViewedDate": "2020-01-01T00:00:00Z",
        });
        store.replica().put("Note__c", &faults::map(&note)).unwrap();
    }
    for id in &ids[..3] {
        notes.mark_viewed(*id).unwrap();
    }
    let page = store.system().changes_from_start().page(3).unwrap();
    store.set_cursor("reader", &page.token).unwrap();
    store.verify().unwrap();
    let inner = &store.inner;
    let spaces = inner.schema.tables.iter().flat_map(|table| table.spaces()).chain(OWN_SPACES);
    let mut entries = Vec::new();
    let snapshot = inner.engine.snapshot().unwrap();
    for space in spaces {
        let mut visit = |key: &[u8], value: &[u8]| {
            entries.push((space, key.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        };
        snapshot.scan(space, Scan::ALL, &mut visit).unwrap();
    }
    drop((snapshot, notes, store));
    (disk.bytes(), entries)
}

/// Changes one entry of a file. What was changed is told in words.
fn change(disk: &Disk, entries: &[Entry], random: &mut Random) -> String {
    // Every space as often as any other, however few entries it has.
    let mut spaces: Vec<_> = entries.iter().map(|(space, ..)| *space).collect();
    spaces.dedup();
    let space = *random.of(&spaces);
    let of_space: Vec<_> = entries.iter().filter(|(it, ..)| *it == space).collect();
    let (_, key, value) = *random.of(&of_space);
    let (mut new_key, mut new_value) = (key.clone(), value.clone());
    let what = random.below(8);
    let mut buffer = Buffer::default();
    buffer.remove(space, key);
    match what {
        0 => (),
        1 => random.change(&mut new_key, space != CATALOGUE && space.keys != KeyWidth::Bytes),
        2 => new_value.clone_from(&random.of(&of_space).2),
        _ if space == CATALOGUE => {
            let mut json: Json = serde_json::from_slice(&new_value).unwrap();
            random.change_json(&mut json);
            new_value = serde_json::to_vec(&json).unwrap();
        }
        _ => random.change(&mut new_value, false),
    }
    if what > 0 {
        buffer.put(space, &new_key, if space.values { &new_value } else { &[] });
    }
    let engine = RedbEngine::on_disk(disk, false).unwrap();
    let mut buffer = Some(buffer);
    let written = engine.write(&mut |_| Ok(buffer.take().unwrap()));
    if written.is_err() {
        return "what was changed before".to_owned();
    }
    let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) if space == CATALOGUE => text.to_owned(),
        _ => format!("{bytes:02x?}"),
    };
    let [key, value, new_key, new_value] = [key, value, &new_key, &new_value].map(|it| text(it));
    format!("space {}, {what}: {key} = {value}\n becomes {new_key} = {new_value}", space.id)
}

/// Reads everything.
fn read(store: &Store) -> Result<()> {
    let db = store.system();
    let notes = db.object("Note__c")?;
    let mut ids = Vec::new();
    for note in notes.walk().all()? {
        let id: RecordId = note["Id"].as_str().unwrap().parse().unwrap();
        notes.get(id)?;
        ids.push(id);
    }
    notes.retrieve(&["Id", "Name", "LastViewedDate"], &ids)?;
    notes.count()?;
    store.replica().unresolved(10)?;
    let now = store.inner.now();
    let window = now - TimeDelta::hours(1)..now + TimeDelta::hours(1);
    notes.get_updated(window.clone())?;
    notes.get_deleted(window)?;
    for (_, token) in store.cursors()? {
        db.changes(&token).collect::<Result<Vec<_>>>()?;
    }
    db.changes_from_start().collect::<Result<Vec<_>>>()?;
    db.recently_viewed(10)?;
    db.describe_sobject("Note__c")?;
    serde_json::to_string(&db.describe_global()).unwrap();
    Ok(())
}

/// Writes in every way; what fails does not keep the rest from being tried.
fn write(store: &Store, code: &str) -> Result<()> {
    let db = store.system();
    let notes = db.object("Note__c")?;
    let id = |number: u64| {
        RecordId::from_parts(KeyPrefix::new("a0N").unwrap(), *b"xx0", number).unwrap()
    };
    let note = faults::map(&json!({ code: "new" }));
    let _ = notes.create_many(&[note.clone(), faults::map(&json!({ code: "code 2" }))]);
    for number in 1..8 {
        let _ = notes.update(id(number), &faults::map(&json!({ code: format!("to {number}") })));
        let _ = notes.delete(id(number));
        let _ = notes.undelete(id(number));
    }
    let seen = notes.recently_viewed(10).unwrap_or_default();
    for seen in seen.iter().rev() {
        let _ = notes.mark_referenced(seen.id);
    }
    let _ = store.compact_feed(store.inner.now() + TimeDelta::days(100));
    let put = json!({
        "Id": "a0Nzz2zzzzzzzzz", "Name": "N-901", code: "put",
        "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": "005zz2zzzzzzzzz",
        "LastModifiedDate": "2020-01-01T00:00:00Z", "LastModifiedById": "005zz2zzzzzzzzz",
        "SystemModstamp": "2020-01-01T00:00:00Z", "LastViewedDate": "2020-01-01T00:00:00Z",
    });
    store.replica().put("Note__c", &faults::map(&put)).map(drop)
}

#[test]
fn a_file_that_somebody_changed_never_panics_and_is_read_if_it_is_sound() {
    let n_changes = env::var("SOBJECT_DAMAGES").map_or(CHANGES, |n| n.parse().unwrap());
    let (whole, entries) = file();
    let (mut n_refused, mut n_unsound, mut n_sound) = (0, 0, 0);
    for seed in 0..n_changes {
        let mut random = Random(seed);
        let disk = Disk::with(whole.clone());
        let mut what = change(&disk, &entries, &mut random);
        for _ in 0..random.below(2) {
            what = format!("{what}\n{}", change(&disk, &entries, &mut random));
        }
        let definitions: [(&[&Definition], &str); 2] =
            [(&[faults::NOTE], "Code__c"), (&[OTHER_NOTE, TOPIC], "Key__c")];
        for (objects, code) in definitions {
            let disk = Disk::with(disk.bytes());
            let tried = catch_unwind(AssertUnwindSafe(|| {
                let builder = Store::builder();
                let engine = RedbEngine::on_disk(&disk, false)?;
                let opened = builder.opened(engine, objects)?;
                let store = builder.store(opened);
                let verified = store.verify();
                let read = read(&store);
                let _ = write(&store, code);
                let _ = store.verify();
                Ok::<_, Error>((verified.is_ok(), read))
            }));
            match tried.unwrap_or_else(|_| panic!("{code} of seed {seed}, {what}")) {
                Err(_) => n_refused += 1,
                Ok((false, _)) => n_unsound += 1,
                Ok((true, read)) => {
                    n_sound += 1;
                    read.unwrap_or_else(|error| panic!("{error} at {code} of seed {seed}, {what}"));
                }
            }
        }
    }
    println!("{n_refused} did not open, {n_unsound} were found unsound, {n_sound} sound");
    assert!(n_refused > 0 && n_unsound > 0 && n_sound > 0);
}

#[test]
fn an_index_of_a_kind_or_a_form_that_a_later_version_made_is_not_supported() {
    let (whole, entries) = file();
    let key = b"object/00000";
    let (_, _, entry) = entries.iter().find(|(_, it, _)| it == key).unwrap();
    let entry: Json = serde_json::from_slice(entry).unwrap();
    let second = entry["indexes"][1]["keys"][0].clone();
    let changes: [(&str, Change<'_>); 3] = [
        ("column", &|index| index["kind"] = json!("column")),
        ("keys", &|index| index["keys"].as_array_mut().unwrap().push(second.clone())),
        ("include", &|index| index["include"] = json!([0])),
    ];
    for (what, change) in changes {
        let disk = Disk::with(whole.clone());
        let mut altered = entry.clone();
        change(&mut altered["indexes"][0]);
        let engine = RedbEngine::on_disk(&disk, false).unwrap();
        let written = engine.write(&mut |_| {
            let mut buffer = Buffer::default();
            buffer.put(CATALOGUE, key, &serde_json::to_vec(&altered).unwrap());
            Ok(buffer)
        });
        written.unwrap();
        drop(engine);
        let opened = faults::on_disk(&disk, false);
        let Err(Error::NotSupported { what: says, .. }) = opened else {
            panic!("{what}: {opened:?}");
        };
        assert!(says.starts_with("an index of the kind"), "{what}: {says}");
    }
}
