//! A file that is opened with one version of its definitions after the other, and files that were
//! kept from each version.

use std::path::Path;

use serde_json::{Value as Json, json};
use sobject_core::{DefaultValue, Definition, FieldDefinition, FieldType, PicklistValue, Target};

use super::{id, texts};
use crate::{
    desk::{at, map, refused},
    types::{Archive, Shop, open, required},
};

/// The auto-number of each version.
const NAME: FieldDefinition =
    FieldDefinition::new("Name", FieldType::String).autonumber("A-{0000}").name_field();

/// The object that assets refer to.
const SITE: &Definition = &Definition::new("Site__c")
    .label("Site", "Sites")
    .key_prefix("a0I")
    .fields(&[open("Code__c", FieldType::String).length(8).unique()]);

/// The object whose definition changes, with these fields.
const fn asset(fields: &'static [FieldDefinition]) -> Definition {
    Definition::new("Asset__c").label("Asset", "Assets").key_prefix("a0A").fields(fields)
}

/// The values of [`state`].
const STATES: &[PicklistValue] = &[
    PicklistValue::new("New").default(),
    PicklistValue::new("Used"),
    PicklistValue::new("Broken"),
];

/// The objects that [`site`] may name.
const SITES: &[Target] = &[Target::new("Site__c", "a0I")];

const fn serial() -> FieldDefinition {
    required("Serial__c", FieldType::String).length(12)
}

const fn weight() -> FieldDefinition {
    open("Weight__c", FieldType::Double).precision(6, 2)
}

const fn state(name: &'static str) -> FieldDefinition {
    required(name, FieldType::Picklist).restricted().defaulted_on_create().picklist(STATES)
}

const fn site() -> FieldDefinition {
    open("Site__c", FieldType::Reference).references(SITES).relationship("Site__r")
}

/// The assets of each version:
/// 1. numbered, with a serial number, a weight and a remark,
/// 2. with a state that old records get, and a day,
/// 3. remarks dormant, serial numbers unique and longer, fields in another order,
/// 4. the state renamed, a site, weights found by,
/// 5. remarks back, the day never null, sites dormant,
/// 6. serial numbers may be null and are compared exactly, weights in fewer digits.
const VERSIONS: [&Definition; 6] = [
    &asset(&[NAME, serial(), weight(), open("Remark__c", FieldType::TextArea).length(400)]),
    &asset(&[
        NAME,
        serial(),
        weight(),
        open("Remark__c", FieldType::TextArea).length(400),
        state("State__c"),
        open("Bought__c", FieldType::Date),
    ]),
    &asset(&[
        open("Bought__c", FieldType::Date),
        state("State__c"),
        weight(),
        serial().length(20).unique(),
        NAME,
    ]),
    &asset(&[
        NAME,
        serial().length(20).unique(),
        state("Condition__c").was(&["State__c"]),
        site(),
        weight().index(),
        open("Bought__c", FieldType::Date),
    ]),
    &asset(&[
        NAME,
        serial().length(20).unique(),
        state("Condition__c").was(&["State__c"]),
        site(),
        weight().index(),
        required("Bought__c", FieldType::Date).default(texts("2026-01-01")),
        open("Remark__c", FieldType::TextArea).length(400),
    ]),
    &asset(&[
        NAME,
        open("Serial__c", FieldType::String).length(20).unique().case_sensitive(),
        state("Condition__c"),
        site(),
        open("Weight__c", FieldType::Double).precision(5, 2).default(DefaultValue::Int(1)),
        required("Bought__c", FieldType::Date).default(texts("2026-02-01")),
        open("Remark__c", FieldType::TextArea).length(400),
    ]),
];

/// The objects of a version, counted from 1.
fn objects(version: usize) -> Vec<&'static Definition> {
    let with_sites = version == 4 || version == 6;
    [VERSIONS[version - 1]].into_iter().chain(with_sites.then_some(SITE)).collect()
}

/// Writes what each version has: two assets, the second of which is deleted, and a change of the
/// first asset of the version before.
fn write(shop: &Shop, version: usize) {
    shop.clock.set(at(&format!("2026-03-0{version}T08:00:00Z")));
    let serial = |letter| format!("{letter}-{version}");
    let mut record = json!({ "Serial__c": serial("s"), "Weight__c": version });
    if version == 4 {
        let north = shop.create("Site__c", &json!({ "Code__c": "north" }));
        record["Site__c"] = json!(north);
    }
    if VERSIONS[version - 1].fields.iter().any(|field| field.name == "Remark__c") {
        record["Remark__c"] = format!("of version {version}").into();
    }
    let assets = shop.object("Asset__c");
    shop.create("Asset__c", &record);
    let gone = shop.create("Asset__c", &json!({ "Serial__c": serial("gone") }));
    assets.delete(gone).unwrap();
    if version > 1 {
        let before = asset_id(version - 1);
        shop.update("Asset__c", before, &json!({ "Weight__c": 0.5 }));
    }
}

/// The id of the first asset that a version wrote. Each opening leases two hundred numbers, so they
/// are 1, 201 and so on.
fn asset_id(version: usize) -> sobject_core::RecordId {
    let before = u64::try_from(version - 1).unwrap();
    id(VERSIONS[0], before * 200 + 1)
}

/// Asserts that a store of version `now` shows what the versions up to `last` wrote.
fn assert_written(shop: &Shop, now: usize, last: usize) {
    for version in 1..=last {
        let asset = shop.get("Asset__c", asset_id(version));
        let value = |field: &str| asset.get(field).cloned();
        let number = format!("A-{:04}", (version - 1) * 200 + 1);
        assert_eq!(value("Name"), Some(json!(number)), "version {version} in {now}");
        assert_eq!(value("Serial__c"), Some(json!(format!("s-{version}"))));
        let weight = if version < last { 0.5 } else { json!(version).as_f64().unwrap() };
        assert_eq!(value("Weight__c"), Some(json!(weight)), "version {version} in {now}");
        let state = if now < 4 { "State__c" } else { "Condition__c" };
        assert_eq!(value(state), (now > 1).then(|| json!("New")), "version {version} in {now}");
        let bought = if now < 5 { Json::Null } else { json!("2026-01-01") };
        let bought = if version == 6 { json!("2026-02-01") } else { bought };
        assert_eq!(value("Bought__c"), (now > 1).then_some(bought), "version {version} in {now}");
        // Remarks are dormant in versions 3 and 4, and come back.
        let remark = match (now, version) {
            (3 | 4, _) => None,
            (_, 3 | 4) => Some(Json::Null),
            _ => Some(json!(format!("of version {version}"))),
        };
        assert_eq!(value("Remark__c"), remark, "version {version} in {now}");
        let north = id(SITE, 1).to_string();
        let site = if version == 4 { json!(north) } else { Json::Null };
        assert_eq!(value("Site__c"), (now > 3).then_some(site), "version {version} in {now}");
        let modified = format!("2026-03-0{}T08:00:00.000+0000", (version + 1).min(last));
        assert_eq!(value("SystemModstamp"), Some(json!(modified)), "version {version} in {now}");
    }
    let found = shop.verify();
    assert_eq!(found.deleted, u64::try_from(last).unwrap());
}

#[test]
fn one_file_lives_through_all_versions() {
    let archive = Archive::new();
    for version in 1..=VERSIONS.len() {
        let shop = archive.open(&objects(version));
        if version > 1 {
            assert_written(&shop, version, version - 1);
        }
        write(&shop, version);
        drop(shop);
        if let Some(folder) = std::env::var_os("KEEP_FILES") {
            let kept = Path::new(&folder).join(format!("version-{version}.redb"));
            std::fs::copy(archive.path(), kept).unwrap();
        }
        assert_written(&archive.open(&objects(version)), version, version);
    }
    assert_complete(&archive.open(&objects(6)), 6);
}

#[test]
fn versions_may_be_left_out() {
    for (first, last) in [(1, 6), (2, 4), (2, 5), (3, 6)] {
        let archive = Archive::new();
        let shop = archive.open(&[VERSIONS[first - 1]]);
        shop.create("Asset__c", &json!({ "Serial__c": "s", "Weight__c": 2.5 }));
        drop(shop);
        let shop = archive.open(&objects(last));
        let asset = shop.get("Asset__c", id(VERSIONS[0], 1));
        let values = ["Name", "Serial__c", "Weight__c"].map(|field| asset[field].clone());
        assert_eq!(values, [json!("A-0001"), json!("s"), json!(2.5)], "{first} to {last}");
    }
}

/// Asserts that a store of the last version can read and write assets of every version.
fn assert_complete(shop: &Shop, last: usize) {
    let assets = shop.object("Asset__c");
    for version in 1..=last {
        let gone = id(VERSIONS[0], u64::try_from(version - 1).unwrap() * 200 + 2);
        assets.undelete(gone).unwrap();
        assert_eq!(shop.value("Asset__c", gone, "Serial__c"), format!("gone-{version}"));
        shop.update("Asset__c", gone, &json!({ "Remark__c": "found" }));
        let taken = assets.create(&map(&json!({ "Serial__c": format!("s-{version}") })));
        assert_eq!(refused(taken).code, "DUPLICATE_VALUE");
    }
    let names: Vec<_> = (0..2)
        .map(|_| shop.create("Asset__c", &json!({})))
        .map(|id| shop.value("Asset__c", id, "Name"))
        .collect();
    assert!(names[0].as_str() < names[1].as_str(), "{names:?}");
    shop.verify();
}

/// `data/evolution` has a file of each version; see the README there.
#[test]
fn files_that_were_kept_open_with_every_later_version() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/evolution");
    for version in 1..=VERSIONS.len() {
        let file = folder.join(format!("version-{version}.redb"));
        let archive = Archive::copy_of(&file);
        for now in version..=VERSIONS.len() {
            assert_written(&archive.open(&objects(now)), now, version);
        }
        assert_complete(&archive.open(&objects(VERSIONS.len())), version);
        let archive = Archive::copy_of(&file);
        assert_complete(&archive.open(&objects(VERSIONS.len())), version);
    }
}
