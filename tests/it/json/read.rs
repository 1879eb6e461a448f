//! What the keys of a record's JSON mean, and what is answered to those that mean nothing.

use serde_json::{Value as Json, json};
use sobject_core::{
    Id, QueryPage, Record, RecordId, Ref, Reported, SObject, Strict,
    chrono::{DateTime, Utc},
    standard::{Group, User},
};

use crate::desk::{at, id};

/// A visit at a customer's.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(name = "Visit__c", key_prefix = "a0V")]
struct Visit {
    #[field(autonumber = "V-{0000}", name_field)]
    name: String,
    #[field(create, update, name = "At__c")]
    at: DateTime<Utc>,
    #[field(create, update, nillable, name = "Guests__c")]
    guests: Option<i32>,
    #[field(create, defaulted_on_create, update)]
    owner_id: Ref<(Group, User)>,
    #[field(create, nillable, name = "Guide__c")]
    guide: Option<Id<User>>,
}

/// An object with few system fields.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0hs", calls(create, query), system(created_date, created_by_id))]
struct VisitHistory {
    #[field(create)]
    field: String,
}

/// An object without any.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0hz", calls(query), system())]
struct Bare {
    #[field(create, nillable)]
    field: Option<String>,
}

const USER: &str = "005Hs00000A1b2cIAB";

/// A visit as an org sends it.
fn sent() -> Json {
    json!({
        "attributes": { "type": "Visit__c", "url": "/services/data/v65.0/sobjects/Visit__c/a0V" },
        "Id": "a0VHs00000A1b2cMAB",
        "IsDeleted": false,
        "CreatedDate": "2026-03-01T08:00:00.000+0000",
        "CreatedById": USER,
        "LastModifiedDate": "2026-03-02T08:00:00.000+0000",
        "LastModifiedById": USER,
        "SystemModstamp": "2026-03-03T08:00:00.000+0000",
        "Name": "V-0001",
        "At__c": "2026-03-04T08:00:00.000+0000",
        "Guests__c": 2,
        "OwnerId": USER,
        "Guide__c": null,
    })
}

/// [`sent`] with other keys.
fn sent_with(change: &Json) -> Json {
    Json::Object(crate::desk::record(&sent(), change))
}

/// [`sent`] without some keys.
fn sent_without(keys: &[&str]) -> Json {
    let mut record = crate::desk::map(&sent());
    record.retain(|key, _| !keys.contains(&key.as_str()));
    Json::Object(record)
}

fn visit() -> Visit {
    let owner_id = Ref::new(id(USER));
    let name = "V-0001".to_owned();
    Visit { name, at: at("2026-03-04T08:00:00Z"), guests: Some(2), owner_id, guide: None }
}

/// What reading the text of some JSON answers.
fn refused<R: serde::de::DeserializeOwned + std::fmt::Debug>(json: &Json) -> String {
    serde_json::from_str::<R>(&json.to_string()).expect_err("a refusal").to_string()
}

#[test]
fn a_record_has_its_system_fields_and_a_struct_passes_them_over() {
    let record: Record<Visit> = serde_json::from_value(sent()).unwrap();
    assert_eq!(record.fields, visit());
    assert_eq!(record.id.to_string(), "a0VHs00000A1b2cMAB");
    assert_eq!(record.created_date, at("2026-03-01T08:00:00Z"));
    assert_eq!(record.last_modified_date, at("2026-03-02T08:00:00Z"));
    assert_eq!(record.system_modstamp, at("2026-03-03T08:00:00Z"));
    assert_eq!([record.created_by_id, record.last_modified_by_id], [id(USER); 2]);
    assert_eq!(serde_json::from_value::<Visit>(sent()).unwrap(), visit());
    let deleted = sent_with(&json!({ "IsDeleted": true }));
    assert!(serde_json::from_value::<Record<Visit>>(deleted).unwrap().is_deleted);
}

#[test]
fn parents_and_children_and_keys_of_others_do_not_disturb() {
    let more = sent_with(&json!({
        "Owner": { "attributes": { "type": "User" }, "Name": "Ada", "Profile": { "Id": "00e" } },
        "guide__R": null,
        "CreatedBy": { "Name": "Ada" },
        "Stops__r": { "totalSize": 1, "done": true, "records": [{ "Id": "a0S" }] },
        "BillingAddress": { "city": "Bern" },
        "colour__c": ["any", { "thing": 1.5 }],
    }));
    assert_eq!(serde_json::from_value::<Record<Visit>>(more.clone()).unwrap().fields, visit());
    let reported: Reported<Record<Visit>> = serde_json::from_value(more.clone()).unwrap();
    assert_eq!(reported.value.fields, visit());
    assert_eq!(reported.passed_over, ["Stops__r", "BillingAddress", "colour__c"]);
    let error = refused::<Strict<Record<Visit>>>(&more);
    assert!(
        error.starts_with("Visit__c has no field Stops__r, BillingAddress, colour__c at line 1"),
        "{error}"
    );
    assert_eq!(serde_json::from_value::<Strict<Visit>>(sent()).unwrap(), Strict(visit()));
}

#[test]
fn what_a_query_did_not_select_is_none_or_named() {
    let lean = sent_without(&["Guests__c", "Guide__c", "IsDeleted", "attributes"]);
    let record: Record<Visit> = serde_json::from_value(lean.clone()).unwrap();
    assert_eq!((record.guests, record.is_deleted), (None, false));
    let leaner = sent_without(&["CreatedById", "At__c", "SystemModstamp", "OwnerId"]);
    assert!(refused::<Record<Visit>>(&leaner).starts_with(
        "the record of Visit__c lacks CreatedById, SystemModstamp, At__c, OwnerId; select them, or \
         read the record as JSON at line 1"
    ));
    assert!(refused::<Visit>(&leaner).starts_with("the record of Visit__c lacks At__c, OwnerId;"));
}

#[test]
fn stamps_that_the_object_lacks_are_those_that_it_has() {
    let sent = json!({
        "Id": "0hsHs00000A1b2cIAB", "CreatedDate": "2026-03-01T08:00:00.000+0000",
        "CreatedById": USER, "Field": "created",
    });
    let record: Record<VisitHistory> = serde_json::from_value(sent.clone()).unwrap();
    let then = at("2026-03-01T08:00:00Z");
    assert_eq!([record.last_modified_date, record.system_modstamp], [then; 2]);
    assert_eq!(record.last_modified_by_id, id(USER));
    let mut written = serde_json::to_value(&record).unwrap();
    written.as_object_mut().unwrap().shift_remove("attributes");
    assert_eq!(written, sent);
    let bare = json!({ "Id": "0hzHs00000A1b2cIAB" });
    assert_eq!(serde_json::from_value::<Bare>(bare.clone()).unwrap(), Bare { field: None });
    assert_eq!(
        refused::<Record<Bare>>(&bare),
        "Bare: REQUIRED_FIELD_MISSING: Required fields are missing: [CreatedById]"
    );
}

#[test]
fn the_keys_of_a_view_are_the_fields_that_its_call_sets() {
    let create = |json: Json| serde_json::from_value::<VisitCreate>(json);
    let update = |json: Json| serde_json::from_value::<VisitUpdate>(json);
    let least = VisitCreate::new(at("2026-03-04T08:00:00Z"));
    let read =
        create(json!({ "attributes": { "type": "visit__C" }, "AT__C": "2026-03-04T08:00:00Z" }));
    assert_eq!(read.unwrap(), least);
    assert_eq!(update(json!({ "attributes": null })).unwrap(), VisitUpdate::default());
    for (json, expected) in [
        (
            sent(),
            "a create of Visit__c does not set Id, IsDeleted, CreatedDate, CreatedById, \
                  LastModifiedDate, LastModifiedById, SystemModstamp, Name",
        ),
        (json!({}), "the create of Visit__c lacks At__c"),
        (json!({ "Nmae": 1, "Name": 2, "At__c": null }), "Visit__c.At__c: it cannot be null"),
        (json!({ "Nmae": 1, "Name": 2, "Foo": [] }), "Visit__c has no field Nmae, Foo"),
        (json!({ "Owner": { "Ext__c": "x" } }), "Visit__c has no field Owner"),
        (json!({ "OwnerId": null }), "Visit__c.OwnerId: it cannot be null"),
        (json!({ "At__c": "2026-03-04", "At__C": 1 }), "Visit__c.At__c: 2026-03-04 is no datetime"),
        (json!({ "Guests__c": 1, "guests__C": 1 }), "Visit__c.Guests__c is given twice"),
        (
            json!({ "attributes": { "type": "Account" } }),
            "this is a record of Account, and one of Visit__c was expected",
        ),
    ] {
        assert_eq!(create(json.clone()).unwrap_err().to_string(), expected, "{json}");
    }
    for (json, expected) in [
        (
            json!({ "Id": "a0V", "Guide__c": USER }),
            "an update of Visit__c does not set Id, Guide__c",
        ),
        (json!({ "At__c": null }), "Visit__c.At__c: it cannot be null"),
        (json!({ "AT": 1 }), "Visit__c has no field AT"),
    ] {
        assert_eq!(update(json.clone()).unwrap_err().to_string(), expected, "{json}");
    }
}

#[test]
fn a_whole_record_can_be_read_as_what_a_call_sets() {
    let read: Reported<VisitCreate> = serde_json::from_value(sent()).unwrap();
    let owner_id = Some(Ref::new(id(USER)));
    let expected =
        VisitCreate { guests: Some(2), owner_id, ..VisitCreate::new(at("2026-03-04T08:00:00Z")) };
    assert_eq!(read.value, expected);
    assert_eq!(read.passed_over.len(), 8, "{:?}", read.passed_over);
    let read: Reported<VisitUpdate> = serde_json::from_value(sent()).unwrap();
    assert_eq!(read.value.guests, Some(2).into());
    assert!(read.passed_over.contains(&"Guide__c".to_owned()));
}

#[test]
fn what_is_no_record_says_what_was_expected() {
    for (json, expected) in [
        (json!(null), "invalid type: null, expected a record of Visit__c"),
        (json!("x"), "invalid type: string \"x\", expected a record of Visit__c"),
        (json!([]), "invalid type: sequence, expected a record of Visit__c"),
    ] {
        assert_eq!(serde_json::from_value::<Visit>(json).unwrap_err().to_string(), expected);
    }
    assert_eq!(serde_json::from_str::<Option<Visit>>("null").unwrap(), None);
}

#[test]
fn the_place_of_what_is_wrong_is_told() {
    let text = "{\n  \"At__c\": 12\n}";
    let error = serde_json::from_str::<VisitCreate>(text).unwrap_err();
    assert_eq!(error.to_string(), "Visit__c.At__c: 12 is no datetime at line 2 column 13");
}

#[test]
fn a_page_of_a_query_is_read_and_written() {
    let sent = json!({
        "totalSize": 3, "done": false, "nextRecordsUrl": "/services/data/v65.0/query/01g-2",
        "records": [sent(), sent()],
    });
    let page: QueryPage<Record<Visit>> = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!((page.total_size, page.done, page.records.len()), (3, false, 2));
    let mut written = serde_json::to_value(&page).unwrap();
    for n in 0..2 {
        written["records"][n]["attributes"] = sent["records"][n]["attributes"].clone();
    }
    assert_eq!(written, sent);
    let ids: QueryPage<RecordId> =
        serde_json::from_str(r#"{"totalSize":0,"done":true,"records":[]}"#).unwrap();
    assert_eq!(ids.next_records_url, None);
}

#[test]
fn a_record_inside_of_another_structure_is_read() {
    #[derive(serde::Deserialize)]
    struct Envelope {
        #[serde(flatten)]
        record: Record<Visit>,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Either {
        Visit(Visit),
        Text(String),
    }
    let envelope: Envelope = serde_json::from_value(sent()).unwrap();
    assert_eq!(envelope.record.fields, visit());
    let either: Vec<Either> = serde_json::from_value(json!([sent(), "x"])).unwrap();
    assert!(
        matches!(&either[..], [Either::Visit(read), Either::Text(text)] if *read == visit() && text == "x")
    );
}
