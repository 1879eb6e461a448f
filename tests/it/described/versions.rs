//! Describes of all versions of the API: a key that is not there stays so, a null stays null, and what
//! tools wrap a describe in is taken off or answered with what to do.

use serde_json::{Map, Value as Json, json};
use sobject_core::{
    Caller, FieldRight, GlobalDescribe, ObjectDescribe, ObjectRight, ObjectSummary, Permissions,
    SObject, Store,
    standard::{User, UserCreate},
};

use super::{global, text};
use crate::desk::{map, verify};

/// The keys without which nothing is a describe.
const NEEDED: [&str; 4] = ["name", "fields", "type", "childSObject"];

fn real(name: &str) -> Json {
    serde_json::from_str(&text(name)).unwrap()
}

/// Changes every map in the JSON by `change`, except the maps of URLs.
fn change_maps(json: &mut Json, change: &dyn Fn(&mut Map<String, Json>)) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| change_maps(item, change)),
        Json::Object(map) => {
            change(map);
            let inner = map.iter_mut().filter(|(key, _)| *key != "urls");
            inner.for_each(|(_, it)| change_maps(it, change));
        }
        _ => (),
    }
}

/// Every key that is somewhere in the JSON, but for those of URLs.
fn all_keys(json: &Json) -> Vec<String> {
    let keys = std::cell::RefCell::new(Vec::new());
    change_maps(&mut json.clone(), &|map| keys.borrow_mut().extend(map.keys().cloned()));
    let mut keys = keys.into_inner();
    keys.sort();
    keys.dedup();
    keys
}

/// Takes maps out of a list that are like an earlier one, with values of the same JSON types under the
/// same keys.
fn keep_unlike(list: &mut Json) {
    let kind = |value: &Json| std::mem::discriminant(value);
    let mut seen: Vec<Vec<(String, std::mem::Discriminant<Json>)>> = Vec::new();
    list.as_array_mut().unwrap().retain(|map| {
        let map = map.as_object().unwrap();
        let shape: Vec<_> = map.iter().map(|(key, it)| (key.clone(), kind(it))).collect();
        let is_new = !seen.contains(&shape);
        seen.extend(is_new.then_some(shape));
        is_new
    });
}

#[test]
fn a_key_may_be_missing_or_null_and_stays_so() {
    let mut case = real("Case");
    let keys = all_keys(&case);
    assert!(keys.len() > 100, "{}", keys.len());
    // It is read once for each key, and of its many fields most are like others.
    keep_unlike(&mut case["fields"]);
    keep_unlike(&mut case["childRelationships"]);
    assert_eq!(all_keys(&case), keys);
    for key in keys.iter().filter(|key| !NEEDED.contains(&&***key)) {
        let mut without = case.clone();
        change_maps(&mut without, &|map| drop(map.shift_remove(key)));
        let mut null = case.clone();
        change_maps(&mut null, &|map| {
            if let Some(value) = map.get_mut(key) {
                *value = Json::Null;
            }
        });
        for version in [without, null] {
            let read: ObjectDescribe = serde_json::from_value(version.clone())
                .unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_eq!(serde_json::to_value(read).unwrap(), version, "{key}");
        }
    }
    let org = global();
    for key in all_keys(&org).iter().filter(|key| !["name", "sobjects"].contains(&&***key)) {
        let mut without = org.clone();
        change_maps(&mut without, &|map| drop(map.shift_remove(key)));
        let read: GlobalDescribe = serde_json::from_value(without.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), without, "{key}");
    }
}

#[test]
fn a_key_that_was_missing_is_written_once_it_has_a_value() {
    let mut json = real("Case");
    change_maps(&mut json, &|map| drop(map.shift_remove("permissionable")));
    json["searchLayoutable"] = Json::Null;
    let mut read: ObjectDescribe = serde_json::from_value(json.clone()).unwrap();
    assert!(!read.tells("searchLayoutable") && read.tells("label") && !read.tells("hologram"));
    assert!(!read.fields[3].tells("permissionable") && !read.fields[3].permissionable);
    read.fields[3].permissionable = true;
    read.search_layoutable = true;
    json["fields"][3]["permissionable"] = json!(true);
    json["searchLayoutable"] = json!(true);
    assert_eq!(serde_json::to_value(read).unwrap(), json);
}

#[test]
fn a_field_whose_rights_a_describe_does_not_tell_can_be_hidden() {
    let mut json = real("Account");
    change_maps(&mut json, &|map| drop(map.shift_remove("permissionable")));
    let describe: ObjectDescribe = serde_json::from_value(json).unwrap();
    let store = Store::builder().described(describe).in_memory(&[User::OBJECT]).unwrap();
    let ada = UserCreate::new("Ada", "ada@example.com");
    let ada = store.system().create(ada).unwrap();
    let rights = Permissions::none()
        .grant("Account", [ObjectRight::Read])
        .grant_field(("Account", "Site"), FieldRight::Read);
    let accounts = store.connect(Caller::user(ada, rights)).object("Account").unwrap();
    let account = map(&json!({ "Name": "Acme", "Site": "here", "Phone": "123" }));
    let id = store.system().object("Account").unwrap().create(&account).unwrap();
    let read = accounts.get(id).unwrap();
    assert_eq!((&read["Name"], &read["Site"]), (&json!("Acme"), &json!("here")));
    assert!(!read.contains_key("Phone"));
    verify(&store);
}

#[test]
fn a_picklist_whose_values_have_no_labels_has_the_values_for_labels() {
    let mut json = real("Case");
    for field in json["fields"].as_array_mut().unwrap() {
        for value in field["picklistValues"].as_array_mut().unwrap() {
            value.as_object_mut().unwrap().shift_remove("label");
        }
    }
    let describe: ObjectDescribe = serde_json::from_value(json.clone()).unwrap();
    let store = Store::builder().described(describe).in_memory(&[User::OBJECT]).unwrap();
    let cases = store.system().object("Case").unwrap();
    let id = cases.create(&map(&json!({ "Priority": "low" }))).unwrap();
    assert_eq!(cases.get(id).unwrap()["Priority"], "Low");
    let described = store.system().describe_sobject("Case").unwrap();
    assert_eq!(serde_json::to_value(described).unwrap(), json);
    verify(&store);
}

#[test]
fn what_the_command_line_prints_is_read_as_the_describe_in_it() {
    let case = real("Case");
    let printed = json!({ "status": 0, "result": case, "warnings": [] });
    let read: ObjectDescribe = serde_json::from_value(printed).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), case);
    let org = global();
    let printed = json!({ "status": 0, "result": org });
    let read: GlobalDescribe = serde_json::from_value(printed).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), org);
}

#[test]
fn what_is_no_describe_is_answered_with_what_it_is_and_what_to_do() {
    let failed = json!({
        "status": 1, "name": "NOT_FOUND", "message": "The requested resource does not exist",
        "exitCode": 1
    });
    let mut wrong_type = real("Case");
    wrong_type["fields"][4]["length"] = json!("eighty");
    let mut nameless = real("Case");
    nameless["fields"][4].as_object_mut().unwrap().shift_remove("type");
    let field = real("Case")["fields"][4]["name"].as_str().unwrap().to_owned();
    for (json, parts) in [
        (failed, vec!["failed", "The requested resource does not exist"]),
        (global()["sobjects"][0].clone(), vec!["describeGlobal", "/describe"]),
        (global(), vec!["GlobalDescribe"]),
        (json!({ "name": "Case" }), vec!["Case", "`fields`"]),
        (json!({}), vec!["`"]),
        (wrong_type, vec!["Case", &*field, "length", "eighty"]),
        (nameless, vec!["Case", &*field, "`type`"]),
    ] {
        let error = serde_json::from_value::<ObjectDescribe>(json).unwrap_err().to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let names = json!({ "status": 0, "result": ["Account", "Case"] });
    let error = serde_json::from_value::<GlobalDescribe>(names).unwrap_err().to_string();
    assert!(error.contains("names") && error.contains("/sobjects"), "{error}");
    assert!(serde_json::from_value::<ObjectSummary>(json!([])).is_err());
}

#[test]
fn what_an_org_says_of_numbers_and_names_is_so() {
    let mut json = real("Account");
    json["name"] = json!("Weather__later");
    json["keyPrefix"] = json!("a9Z");
    for field in json["fields"].as_array_mut().unwrap() {
        match field["name"].as_str().unwrap() {
            "Description" => field["length"] = json!(100_000_000),
            "AnnualRevenue" => {
                field["precision"] = json!(19);
                field["scale"] = json!(19);
            }
            "NumberOfEmployees" => field["digits"] = json!(10),
            "Site" => field["name"] = json!("Site__soon"),
            "Jigsaw" => field["type"] = json!("id"),
            _ => (),
        }
    }
    let describe: ObjectDescribe = serde_json::from_value(json.clone()).unwrap();
    let store = Store::builder().described(describe).in_memory(&[User::OBJECT]).unwrap();
    let db = store.system();
    let described = db.describe_sobject("weather__LATER").unwrap();
    assert_eq!(serde_json::to_value(described).unwrap(), json);
    let long = "x".repeat(200_000);
    let record = json!({ "Name": "Acme", "Description": long, "Site__soon": "here" });
    let objects = db.object("Weather__later").unwrap();
    let id = objects.create(&map(&record)).unwrap();
    assert_eq!(objects.get(id).unwrap()["Description"], json!(long));
    verify(&store);
}
