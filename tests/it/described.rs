//! Describes of a real org: they are read, written again as the same JSON, and used as objects of a
//! store.

mod inputs;
mod rules;
mod versions;

use std::{fs, path::PathBuf};

use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, FieldType, GlobalDescribe, ObjectDescribe, SObject, Store, Target, standard::User,
};

use crate::desk::{map, refused, verify};

/// The real describes, by the names of their objects.
const REAL: [&str; 4] = ["Account", "Case", "Custom__c", "OpportunityContactRole"];

fn text(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/describe");
    fs::read_to_string(folder.join(format!("{name}.describe.json"))).unwrap()
}

fn describe(name: &str) -> ObjectDescribe {
    serde_json::from_str(&text(name)).unwrap()
}

fn store_of(names: &[&str]) -> Store {
    let builder = Store::builder();
    let builder = names.iter().fold(builder, |builder, name| builder.described(describe(name)));
    builder.in_memory(&[User::OBJECT]).unwrap()
}

#[test]
fn a_real_describe_comes_back_equal_from_the_reader_and_from_a_store() {
    let store = store_of(&REAL);
    for name in REAL {
        let real: Json = serde_json::from_str(&text(name)).unwrap();
        assert_eq!(serde_json::to_value(describe(name)).unwrap(), real, "{name}");
        let described = store.system().describe_sobject(name).unwrap();
        assert_eq!(serde_json::to_value(described).unwrap(), real, "{name} from the store");
    }
    verify(&store);
}

#[test]
fn a_describe_is_written_with_its_keys_in_the_order_of_an_org() {
    for name in REAL {
        let real: Json = serde_json::from_str(&text(name)).unwrap();
        let ours: Json = serde_json::to_value(describe(name)).unwrap();
        let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&ours), keys(&real), "{name}");
        let (ours, real) = (&ours["fields"][0], &real["fields"][0]);
        assert_eq!((keys(ours), keys(ours).len()), (keys(real), 57), "{name}");
    }
}

/// A describe as a later version may answer it: every map in it has a new key, except the maps of
/// URLs.
fn later(name: &str) -> Json {
    fn add_keys(json: &mut Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(add_keys),
            Json::Object(map) => {
                map.iter_mut().filter(|(key, _)| *key != "urls").for_each(|(_, it)| add_keys(it));
                map.insert("hologram".to_owned(), json!({ "depth": 3, "smell": ["rose"] }));
            }
            _ => (),
        }
    }
    let mut later: Json = serde_json::from_str(&text(name)).unwrap();
    add_keys(&mut later);
    later
}

#[test]
fn a_field_of_a_type_that_came_later_is_described_only() {
    let mut later: Json = serde_json::from_str(&text("Account")).unwrap();
    for field in later["fields"].as_array_mut().unwrap() {
        if field["name"] == "Site" {
            field["type"] = json!("hologram");
        }
    }
    let read: ObjectDescribe = serde_json::from_value(later.clone()).unwrap();
    let site = read.fields.iter().find(|field| field.name == "Site").unwrap();
    assert_eq!((site.field_type.name(), site.field_type.known()), ("hologram", None));
    assert!(read.describe_only().any(|name| name == "Site"));
    let store = Store::builder().described(read).in_memory(&[User::OBJECT]).unwrap();
    let described = store.system().describe_sobject("Account").unwrap();
    assert_eq!(serde_json::to_value(described).unwrap(), later);
    let accounts = store.system().object("Account").unwrap();
    let refused = refused(accounts.create(&map(&json!({ "Name": "Acme", "Site": "here" }))));
    assert_eq!(refused.code, "FUNCTIONALITY_NOT_ENABLED");
    let id = accounts.create(&map(&json!({ "Name": "Acme" }))).unwrap();
    assert_eq!(accounts.get(id).unwrap()["Site"], json!(null));
    verify(&store);
}

#[test]
fn a_formula_may_become_a_plain_field_and_not_the_reverse() {
    let with_formula = |is_formula: bool| {
        let mut describe = describe("Account");
        for field in describe.fields.iter_mut().filter(|field| field.name == "Site") {
            field.calculated = is_formula;
        }
        describe
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("formula.redb");
    let open = |is_formula| {
        Store::builder().described(with_formula(is_formula)).open(&path, &[User::OBJECT])
    };
    let accounts = |store: &Store| store.system().object("Account").unwrap();
    let store = open(true).unwrap();
    let id = accounts(&store).create(&map(&json!({ "Name": "Acme" }))).unwrap();
    drop(store);
    let store = open(false).unwrap();
    assert_eq!(accounts(&store).get(id).unwrap()["Site"], json!(null));
    accounts(&store).update(id, &map(&json!({ "Site": "here" }))).unwrap();
    verify(&store);
    drop(store);
    let reverse = refused(open(true).map(drop));
    assert!(reverse.message.contains("field Site was kept with the record"), "{}", reverse.message);
    let store = open(false).unwrap();
    assert_eq!(accounts(&store).get(id).unwrap()["Site"], "here");
    verify(&store);
    drop(store);
    // The type of a field that is described only may change.
    let mut other = with_formula(false);
    for field in other.fields.iter_mut().filter(|field| field.name == "BillingAddress") {
        field.field_type = FieldType::Location.into();
    }
    let store = Store::builder().described(other).open(&path, &[User::OBJECT]).unwrap();
    assert_eq!(accounts(&store).get(id).unwrap()["Site"], "here");
    verify(&store);
}

#[test]
fn a_describe_of_a_later_version_keeps_the_keys_that_are_new() {
    for name in REAL {
        let later = later(name);
        let read: ObjectDescribe = serde_json::from_value(later.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), later, "{name}");
        let store = Store::builder().described(read).in_memory(&[User::OBJECT]).unwrap();
        let described = store.system().describe_sobject(name).unwrap();
        assert_eq!(serde_json::to_value(described).unwrap(), later, "{name} from the store");
        // The summaries have none of the new keys, since it is not known whether they should.
        let global = serde_json::to_value(store.system().describe_global()).unwrap();
        for summary in global["sobjects"].as_array().unwrap() {
            assert_eq!(summary.as_object().unwrap().len(), 28, "{name}");
        }
        verify(&store);
    }
}

/// A real describe of a whole org.
fn global() -> Json {
    serde_json::from_str(include_str!("../data/describe/describeGlobal.json")).unwrap()
}

fn keys(json: &Json) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_real_describe_of_a_whole_org_comes_back_equal_with_its_keys_in_order() {
    let real = global();
    let parsed: GlobalDescribe = serde_json::from_value(real.clone()).unwrap();
    let ours = serde_json::to_value(&parsed).unwrap();
    assert_eq!(ours, real);
    assert_eq!(keys(&ours), keys(&real));
    let summaries = |json: &Json| json["sobjects"].as_array().unwrap().clone();
    for (ours, real) in summaries(&ours).iter().zip(&summaries(&real)) {
        assert_eq!((keys(ours), keys(ours).len()), (keys(real), 28), "{}", real["name"]);
    }
    assert_eq!(parsed.sobjects.len(), 110);
}

#[test]
fn a_describe_of_a_whole_org_of_a_later_version_keeps_the_keys_that_are_new() {
    let mut later = global();
    later["hologram"] = json!({ "depth": 3 });
    later["sobjects"][7]["smell"] = json!(["rose"]);
    let read: GlobalDescribe = serde_json::from_value(later.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), later);
}

#[test]
fn a_store_describes_itself_as_a_whole_org_does() {
    let store = store_of(&REAL);
    let (real, ours) = (global(), store.system().describe_global());
    let ours = serde_json::to_value(ours).unwrap();
    assert_eq!((&ours["encoding"], &ours["maxBatchSize"]), (&json!("UTF-8"), &json!(200)));
    assert_eq!(keys(&ours), keys(&real));
    let summaries = ours["sobjects"].as_array().unwrap();
    let names: Vec<_> = summaries.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Account", "Case", "Custom__c", "OpportunityContactRole", "User"]);
    for summary in summaries {
        assert_eq!(keys(summary), keys(&real["sobjects"][0]), "{}", summary["name"]);
        // The summary says what the describe says.
        let name = summary["name"].as_str().unwrap();
        let described = store.system().describe_sobject(name).unwrap();
        let described = serde_json::to_value(described).unwrap();
        for (key, value) in summary.as_object().unwrap().iter().filter(|(key, _)| *key != "urls") {
            assert_eq!(described.get(key).unwrap_or(&Json::Null), value, "{name} {key}");
        }
        let urls = summary["urls"].as_object().unwrap();
        assert!(urls.iter().all(|(key, url)| described["urls"][key] == *url), "{name}");
        for needed in ["describe", "rowTemplate", "sobject"] {
            assert_eq!(urls.get(needed), described["urls"].get(needed), "{name} {needed}");
        }
    }
    verify(&store);
}

#[test]
fn records_of_a_described_object_are_made_read_changed_and_removed_under_its_rules() {
    let store = store_of(&["Case", "Account"]);
    let db = store.system();
    let accounts = db.object("Account").unwrap();
    let account = accounts.create(&map(&json!({ "Name": "Acme" }))).unwrap();
    let cases = db.object("Case").unwrap();
    let case = json!({ "Subject": "It creaks", "AccountId": account, "Priority": "high" });
    let case = cases.create(&map(&case)).unwrap();
    let read = cases.get(case).unwrap();
    assert_eq!(read["CaseNumber"], "00000001");
    // The first is the default of its picklist, the second was given in another case.
    assert_eq!((&read["Status"], &read["Priority"]), (&json!("New"), &json!("High")));
    assert_eq!(read["IsClosed"], false);
    cases.update(case, &map(&json!({ "Subject": null }))).unwrap();
    assert_eq!(cases.get(case).unwrap()["Subject"], json!(null));
    let long = refused(cases.update(case, &map(&json!({ "Subject": "x".repeat(256) }))));
    assert_eq!(long.code, "STRING_TOO_LONG");
    cases.delete(case).unwrap();
    assert_eq!(refused(cases.get(case)).code, "ENTITY_IS_DELETED");
    cases.undelete(case).unwrap();
    assert_eq!(cases.count().unwrap(), 1);
    verify(&store);
}

#[test]
fn fields_that_are_described_only_are_listed_read_as_null_and_refused_by_name() {
    assert_eq!(
        describe("Account").describe_only().collect::<Vec<_>>(),
        ["BillingAddress", "ShippingAddress"]
    );
    // An org has no address that a create may set, so one is made up.
    let mut account: Json = serde_json::from_str(&text("Account")).unwrap();
    for field in account["fields"].as_array_mut().unwrap() {
        if field["name"] == "BillingAddress" {
            field["createable"] = json!(true);
        }
    }
    let account: ObjectDescribe = serde_json::from_value(account).unwrap();
    let store = Store::builder().described(account).in_memory(&[User::OBJECT]).unwrap();
    let accounts = store.system().object("Account").unwrap();
    let refusal =
        refused(accounts.create(&map(&json!({ "Name": "Acme", "BillingAddress": "here" }))));
    assert_eq!(refusal.code, "FUNCTIONALITY_NOT_ENABLED");
    assert!(refusal.message.contains("BillingAddress"), "{}", refusal.message);
    let id = accounts.create(&map(&json!({ "Name": "Acme" }))).unwrap();
    assert_eq!(accounts.get(id).unwrap()["BillingAddress"], json!(null));
    verify(&store);
}

#[test]
fn every_type_that_orgs_answer_is_read() {
    for name in [
        "location",
        "encryptedstring",
        "anyType",
        "complexvalue",
        "datacategorygroupreference",
        "junctionidlist",
        "masterrecord",
        "json",
    ] {
        let mut account: Json = serde_json::from_str(&text("Account")).unwrap();
        let fields = account["fields"].as_array_mut().unwrap();
        let field = fields.iter_mut().find(|field| field["name"] == "BillingAddress").unwrap();
        field["type"] = json!(name);
        let describe: ObjectDescribe = serde_json::from_value(account.clone()).unwrap();
        assert_eq!(serde_json::to_value(&describe).unwrap(), account, "{name}");
        let describe_only: Vec<_> = describe.describe_only().collect();
        assert_eq!(describe_only, ["BillingAddress", "ShippingAddress"], "{name}");
        let store = Store::builder().described(describe).in_memory(&[User::OBJECT]).unwrap();
        let accounts = store.system().object("Account").unwrap();
        let id = accounts.create(&map(&json!({ "Name": "Acme" }))).unwrap();
        assert_eq!(accounts.get(id).unwrap()["BillingAddress"], json!(null), "{name}");
        verify(&store);
    }
}

#[test]
fn a_described_object_stands_beside_defined_ones_and_in_a_file() {
    const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
        sobject_core::FieldDefinition::new("About__c", FieldType::Reference)
            .references(&[Target::new("Account", "001")])
            .create()
            .nillable(),
    ]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mixed.redb");
    let open =
        || Store::builder().described(describe("Account")).open(&path, &[User::OBJECT, NOTE]);
    let store = open().unwrap();
    let account = map(&json!({ "Name": "Acme" }));
    let account = store.system().object("Account").unwrap().create(&account).unwrap();
    let about = map(&json!({ "About__c": account }));
    let note = store.system().object("Note__c").unwrap().create(&about).unwrap();
    verify(&store);
    drop(store);
    // A describe may change between openings as a definition may.
    let mut longer = describe("Account");
    for field in longer.fields.iter_mut().filter(|field| field.name == "Name") {
        field.length += 10;
    }
    let store = Store::builder().described(longer).open(&path, &[User::OBJECT, NOTE]).unwrap();
    let note = store.system().object("Note__c").unwrap().get(note).unwrap();
    assert_eq!(note["About__c"], json!(account));
    assert_eq!(store.system().object("Account").unwrap().get(account).unwrap()["Name"], "Acme");
    verify(&store);
}
