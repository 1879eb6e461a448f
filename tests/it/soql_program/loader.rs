//! The loader of an org's folder: what it reads, and what it refuses.

use std::{fs, path::Path};

use serde_json::json;
use tempfile::TempDir;

use super::{Org, org, org_dir};

/// A copy of the folder, to be damaged.
fn copy() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    let copy_all = |from: &Path, to: &Path| {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.is_file() {
                fs::copy(&path, to.join(path.file_name().unwrap())).expect("a copy");
            }
        }
    };
    for part in ["", "describe", "records"] {
        copy_all(&org_dir().join(part), &dir.path().join(part));
    }
    dir
}

fn rows(org: &Org, query: &str) -> usize {
    org.connect(None).unwrap().soql(query).expect("a query").total_size
}

#[test]
fn records_refer_forward_and_across_files() {
    let org = org();
    // Shops come before the users and the queue that own them, and a branch before its parent.
    assert_eq!(rows(&org, "SELECT Id FROM Shop__c WHERE Owner.Name = 'Openings'"), 1);
    assert_eq!(rows(&org, "SELECT Id FROM Shop__c WHERE Parent__r.Name = 'Corner Café'"), 2);
    // One parent is nowhere in the folder.
    assert_eq!(rows(&org, "SELECT Id FROM Shop__c WHERE Parent__c != null"), 4);
    let verified = org.store.verify().expect("the store is consistent");
    assert_eq!(verified.unresolved, 1);
}

#[test]
fn keys_that_a_describe_leaves_out_have_their_usual_defaults() {
    let org = org();
    let describe = org.store.system().describe_sobject("Shop__c").unwrap();
    assert!(describe.queryable && describe.custom && !describe.mergeable);
    let field = |name: &str| describe.fields.iter().find(|it| it.name == name).unwrap();
    let flags = |name: &str| {
        let it = field(name);
        [
            it.filterable,
            it.groupable,
            it.sortable,
            it.createable,
            it.nillable,
            it.defaulted_on_create,
        ]
    };
    for (name, expected) in [
        ("Id", [true, true, true, false, false, true]),
        ("CreatedDate", [true, false, true, false, false, true]),
        ("Code__c", [true, true, true, true, true, false]),
        ("Kind__c", [true, true, true, true, true, false]),
        ("Services__c", [true, false, false, true, true, false]),
        ("Revenue__c", [true, false, true, true, true, false]),
        ("Active__c", [true, true, true, true, false, true]),
        ("Notes__c", [false, false, false, true, true, false]),
    ] {
        assert_eq!(flags(name), expected, "{name}");
    }
    assert_eq!(field("Code__c").length, 20);
    assert_eq!(field("Code__c").byte_length, 60);
    assert_eq!(field("CreatedById").reference_to, ["User"]);
    assert_eq!(field("Kind__c").picklist_values[1].label, "Café");
    assert!(field("OwnerId").name_pointing);
    // The delete rule of a reference is told by the describe of its parent.
    let children = &describe.child_relationships;
    let visits = children.iter().find(|it| it.child_sobject == "Visit__c").unwrap();
    assert!(visits.cascade_delete && !visits.restricted_delete);
    let db = org.store.system();
    let object = |name: &str| db.object(name).unwrap();
    let visit = object("Visit__c").walk_fields(&["Shop__c"]).all().unwrap().remove(0);
    let shop = visit["Shop__c"].as_str().unwrap().parse().unwrap();
    assert!(!object("Visit__c").find("Shop__c", visit["Shop__c"].clone()).unwrap().is_empty());
    object("Shop__c").delete(shop).unwrap();
    assert!(object("Visit__c").find("Shop__c", visit["Shop__c"].clone()).unwrap().is_empty());
}

#[test]
fn new_ids_have_the_instance_of_the_settings() {
    let org = org();
    let record = json!({ "Name": "New" });
    let created = org.store.system().object("Person__c").unwrap();
    let id = created.create(record.as_object().unwrap()).unwrap();
    assert!(id.to_string().starts_with("a12T70"), "{id}");
}

#[test]
fn a_user_is_named_by_username_or_by_id() {
    let org = org();
    for name in ["bo@shop.example", "BO@SHOP.EXAMPLE", "005xx0000000003", "005xx0000000003AAA"] {
        let db = org.connect(Some(name)).expect(name);
        let refused = db.soql("SELECT Revenue__c FROM Shop__c").unwrap_err();
        assert_eq!(refused.status_code().as_str(), "INVALID_FIELD", "{name}");
    }
    for name in ["", "0", "bo", "005xx0000000009", "a10xx0000000001"] {
        let error = org.connect(Some(name)).unwrap_err().to_string();
        assert_eq!(error, format!("there is no user {name}"));
    }
}

#[test]
fn a_folder_that_is_not_in_order_is_refused_with_the_file_and_the_record_at_fault() {
    type Damage = (&'static str, &'static str, &'static [&'static str]);
    let damages: &[Damage] = &[
        ("org.json", "{", &["org.json", "EOF"]),
        ("org.json", r#"{"nwo": "2026-03-01T08:00:00Z"}"#, &["org.json", "nwo"]),
        ("org.json", r#"{"now": "2026-03-01"}"#, &["org.json", "now", "2026-03-01"]),
        ("org.json", r#"{"timeZone": "Mars/Base"}"#, &["org.json", "timeZone", "Mars/Base"]),
        ("org.json", r#"{"weekStart": "Someday"}"#, &["org.json", "weekStart", "Someday"]),
        ("org.json", r#"{"fiscalYearStartMonth": 13}"#, &["org.json", "fiscalYearStartMonth"]),
        ("org.json", r#"{"instance": "xx0"}"#, &["org.json", "instance", "xx0"]),
        ("org.json", r#"{"apiVersion": "20.0"}"#, &["org.json", "apiVersion", "20.0"]),
        ("org.json", r#"{"runAs": "no@shop.example"}"#, &["org.json", "runAs", "no@shop.example"]),
        ("permissions.json", r#"{"a": {"objects": {"Shp": {}}}}"#, &["permissions.json", "Shp"]),
        (
            "permissions.json",
            r#"{"a": {"fields": {"Shop__c.Nam": {}}}}"#,
            &["permissions.json", "Shop__c.Nam"],
        ),
        (
            "permissions.json",
            r#"{"a": {"objects": {"Shop__c": {"write": false}}}}"#,
            &["permissions.json", "Shop__c", "write"],
        ),
        ("describe/Zoo.json", "[]", &["Zoo.json"]),
        ("describe/Zoo.json", r#"{"label": "Zoo"}"#, &["Zoo.json", "no name"]),
        ("describe/Zoo.json", r#"{"name": "shop__c"}"#, &["Zoo.json", "Shop__c.json", "shop__c"]),
        (
            "describe/Zoo.json",
            r#"{"name": "Zoo__c", "keyPrefix": "a99", "fields": [{"name": "A", "length": "x"}]}"#,
            &["Zoo.json", "Zoo__c"],
        ),
        ("records/9.json", r#"{"records": [{"Id": "1"}]}"#, &["9.json", "record 1"]),
        ("records/9.json", r#"{"records": [7]}"#, &["9.json", "record 1"]),
        (
            "records/9.json",
            r#"{"records": [{"attributes": {"type": "Zoo__c"}, "Id": "a99xx0000000001"}]}"#,
            &["9.json", "Zoo__c"],
        ),
        (
            "records/9.json",
            r#"{"records": [{"attributes": {"type": "Group"}, "Id": "00Gxx0000000009"}]}"#,
            &["9.json", "Group 00Gxx0000000009", "REQUIRED_FIELD_MISSING", "CreatedDate"],
        ),
        (
            "records/9.json",
            r#"{"records": [{"attributes": {"type": "Shop__c"}, "Id": "a10xx0000000002", "Revenue__c": "much"}]}"#,
            &["9.json", "Shop__c a10xx0000000002", "Revenue__c", "much"],
        ),
    ];
    for (file, text, named) in damages {
        let dir = copy();
        fs::write(dir.path().join(file), text).unwrap();
        let error = Org::load(dir.path(), None, None).expect_err(text).to_string();
        for name in *named {
            assert!(error.contains(name), "{text}: {name} is not in: {error}");
        }
    }
    let nowhere = org_dir().join("nowhere");
    let error = Org::load(&nowhere, None, None).unwrap_err().to_string();
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn a_store_file_is_loaded_once_and_opened_without_the_folder() {
    let dir = copy();
    let file = dir.path().join("shops.redb");
    let query = "SELECT Name, (SELECT Name FROM Branches__r) FROM Shop__c ORDER BY Name";
    let org = Org::load(dir.path(), Some(&file), None).unwrap();
    let first = org.connect(None).unwrap().soql(query).unwrap();
    assert_eq!(first.total_size, 6);
    drop(org);
    // It has records, so that those of the folder are not looked at again.
    fs::remove_dir_all(dir.path().join("records")).unwrap();
    let org = Org::load(dir.path(), Some(&file), None).unwrap();
    assert_eq!(org.connect(None).unwrap().soql(query).unwrap(), first);
    drop(org);
    let org = Org::open(&file, None).unwrap();
    assert_eq!(org.connect(None).unwrap().soql(query).unwrap(), first);
    // The clock of the settings stands there, too.
    assert_eq!(rows(&org, "SELECT Id FROM Visit__c WHERE At__c = TODAY"), 2);
    drop(org);
    fs::remove_dir_all(dir.path().join("shops.redb.org")).unwrap();
    let org = Org::open(&file, None).unwrap();
    assert_eq!(rows(&org, "SELECT Parent__r.Name, Owner.Name FROM Shop__c"), 6);
    assert!(Org::open(&dir.path().join("none.redb"), None).is_err());
}

#[test]
fn tree_files_are_created_with_new_ids_in_whatever_order_they_refer_to_each_other() {
    let dir = copy();
    let records = dir.path().join("records");
    let write = |name: &str, text: &str| fs::write(records.join(name), text).unwrap();
    write(
        "tree-plan.json",
        r#"[{"sobject": "Visit__c", "files": ["Visits.json"]},
            {"sobject": "Shop__c", "saveRefs": true, "files": ["Shops.json"]}]"#,
    );
    write(
        "Visits.json",
        r#"{"records": [{"attributes": {"type": "Visit__c", "referenceId": "VisitRef1"},
            "Shop__c": "@ShopRef2", "At__c": "2026-03-08T12:00:00.000+0000"}]}"#,
    );
    write(
        "Shops.json",
        r#"{"records": [{"attributes": {"type": "Shop__c", "referenceId": "ShopRef1"},
            "Name": "Mother", "Branches__r": {"records": [
                {"attributes": {"type": "Shop__c", "referenceId": "ShopRef2"}, "Name": "Daughter"}
            ]}}]}"#,
    );
    let org = Org::load(dir.path(), None, None).unwrap();
    let query = "SELECT Name, Shop__r.Name, Shop__r.Parent__r.Name, CreatedBy.Username FROM Visit__c \
                 WHERE Shop__r.Name = 'Daughter'";
    let found = org.connect(None).unwrap().soql(query).unwrap();
    let visit = &found.records[0];
    assert_eq!(visit["Shop__r"]["Parent__r"]["Name"], "Mother");
    assert_eq!(visit["CreatedBy"]["Username"], "ada@shop.example");
    // Names go on behind those that were loaded.
    assert_eq!(visit["Name"], "00000009");
    org.store.verify().expect("the store is consistent");

    write(
        "Visits.json",
        r#"{"records": [{"attributes": {"type": "Visit__c", "referenceId": "VisitRef1"},
            "Shop__c": "@ShopRef7", "At__c": "2026-03-08T12:00:00.000+0000"}]}"#,
    );
    let error = Org::load(dir.path(), None, None).unwrap_err().to_string();
    for name in ["Visits.json: record 1", "Visit__c VisitRef1", "@ShopRef7"] {
        assert!(error.contains(name), "{name} is not in: {error}");
    }
}
