//! Records of a folder: those that an org has sent are put as they are, those of tree files are
//! created.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sobject_core::{Connection, JsonRecord, Store};

use super::{Outcome, files, tree::Tree};

/// Records that are put in one call.
const CHUNK: usize = 2_000;

#[derive(Deserialize)]
struct Records {
    records: Vec<Json>,
}

/// A file of a plan of `sf data export tree`, as far as it says what there is to load.
#[derive(Deserialize)]
struct Planned {
    files: Vec<String>,
}

/// Puts the records of every file of a folder into a store, and creates those of tree files
/// for `creator`, whose record may be among the former.
pub(super) fn load(store: &Store, creator: impl FnOnce() -> Connection, dir: &Path) -> Outcome<()> {
    let system = store.system();
    let mut tree = Tree::default();
    for path in in_order(dir)? {
        let read: Records = super::read(&path)?
            .ok_or_else(|| format!("{}: there is no such file", path.display()))?;
        let mut by_object: BTreeMap<String, Vec<JsonRecord>> = BTreeMap::new();
        for (n, record) in read.records.into_iter().enumerate() {
            let place = || format!("{}: record {}", path.display(), n + 1);
            let Json::Object(record) = record else {
                return Err(format!("{} is no object", place()).into());
            };
            let object = attribute(&record, "type");
            let object = object.ok_or_else(|| format!("{} has no attributes.type", place()))?;
            if attribute(&record, "referenceId").is_some() {
                tree.add(&place(), object, &record, &system)?;
            } else {
                by_object.entry(object.to_owned()).or_default().push(record);
            }
        }
        for (object, records) in by_object {
            put(store, &path, &object, &records)?;
        }
    }
    tree.create(&creator())
}

/// An entry of the `attributes` of a record.
pub(super) fn attribute<'r>(record: &'r Map<String, Json>, key: &str) -> Option<&'r str> {
    record.get("attributes")?.get(key)?.as_str()
}

fn put(store: &Store, path: &Path, object: &str, records: &[JsonRecord]) -> Outcome<()> {
    for chunk in records.chunks(CHUNK) {
        let results = store
            .replica()
            .put_many(object, chunk)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        for (record, result) in chunk.iter().zip(results) {
            let id = record.get("Id").and_then(Json::as_str).unwrap_or("without Id");
            result.map_err(|error| format!("{}: {object} {id}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// The files of records in the order of their names; those that a plan names stand in its order, in
/// place of the plan.
fn in_order(dir: &Path) -> Outcome<Vec<PathBuf>> {
    let is_plan = |path: &Path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|it| it.ends_with("-plan.json"))
    };
    let mut planned = BTreeMap::new();
    let mut named = HashSet::new();
    let files = files(dir)?;
    for path in files.iter().filter(|path| is_plan(path)) {
        let plan: Vec<Planned> = super::read(path)?.unwrap_or_default();
        let of_plan: Vec<PathBuf> =
            plan.iter().flat_map(|it| &it.files).map(|name| dir.join(name)).collect();
        named.extend(of_plan.iter().cloned());
        planned.insert(path.clone(), of_plan);
    }
    let mut order = Vec::new();
    for path in files {
        match planned.remove(&path) {
            Some(of_plan) => order.extend(of_plan),
            None if named.contains(&path) => {}
            None => order.push(path),
        }
    }
    Ok(order)
}
