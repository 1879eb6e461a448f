//! Objects that share a key prefix: an id resolves to the object that has the record.

use serde_json::json;
use sobject_core::{
    Caller, Definition, FieldDefinition, FieldType, Id, ObjectRight, Permissions, RecordId,
    SObject, Target,
    standard::{User, UserCreate},
};

use super::{of_source, there};
use crate::{
    desk::{map, no_such_record, refusal, refused},
    types::{Archive, Shop, open, required},
};

const TEXT: FieldDefinition = open("Text__c", FieldType::String);

const STATUS: &Definition = &Definition::new("LeadStatus")
    .label("Lead Status", "Lead Status Values")
    .key_prefix("01J")
    .shared_prefix()
    .fields(&[TEXT]);
const STAGE: &Definition =
    &Definition::new("OpportunityStage").key_prefix("01J").shared_prefix().fields(&[TEXT]);

/// An object with references to the one, to either, and to anything.
const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
    open("Status__c", FieldType::Reference).references(&[Target::new("LeadStatus", "01J")]),
    open("Either__c", FieldType::Reference)
        .references(&[Target::new("LeadStatus", "01J"), Target::new("OpportunityStage", "01J")]),
    open("Any__c", FieldType::Reference).references(&[Target::ANY]),
    required("Sure__c", FieldType::Boolean).defaulted_on_create(),
]);

const ALL: &[&Definition] = &[STATUS, STAGE, NOTE, User::OBJECT];

struct Org {
    shop: Shop,
    status: RecordId,
    stage: RecordId,
}

impl Org {
    fn new() -> Self {
        let shop = Shop::of(ALL);
        let status = shop.create("LeadStatus", &json!({ "Text__c": "Open" }));
        let stage = shop.create("OpportunityStage", &json!({ "Text__c": "Won" }));
        Self { shop, status, stage }
    }
}

#[test]
fn each_id_is_that_of_one_record_and_leads_to_its_object() {
    let Org { shop, status, stage } = Org::new();
    assert_ne!(status, stage);
    assert_eq!(status.key_prefix(), stage.key_prefix());
    assert_eq!(shop.value("LeadStatus", status, "Text__c"), "Open");
    assert_eq!(shop.value("OpportunityStage", stage, "Text__c"), "Won");
    let db = shop.store.system();
    assert_eq!(db.objects_of(status).unwrap(), ["LeadStatus"]);
    assert_eq!(db.objects_of(stage).unwrap(), ["OpportunityStage"]);
    // Without a record, nobody can tell.
    let nowhere = there("01J", 7);
    assert_eq!(db.objects_of(nowhere).unwrap(), ["LeadStatus", "OpportunityStage"]);
    assert_eq!(db.objects_of(there("a0N", 7)).unwrap(), ["Note__c"]);
    assert_eq!(db.objects_of(there("a0Z", 7)).unwrap(), [""; 0]);
    shop.object("OpportunityStage").delete(stage).unwrap();
    assert_eq!(db.objects_of(stage).unwrap(), ["OpportunityStage"], "in the bin too");
    shop.verify();
}

#[test]
fn the_id_of_the_other_objects_record_is_of_the_wrong_type() {
    let Org { shop, status, stage } = Org::new();
    let statuses = shop.object("LeadStatus");
    let message = format!("Lead Status ID: id value of incorrect type: {stage}");
    let wrong = refusal("MALFORMED_ID", message, &["Id"]);
    shop.nothing_changes(|| {
        assert_eq!(refused(statuses.get(stage)), wrong);
        assert_eq!(refused(statuses.update(stage, &map(&json!({ "Text__c": "x" })))), wrong);
        assert_eq!(refused(statuses.delete(stage)), wrong);
        assert_eq!(refused(statuses.get(there("01J", 7))), no_such_record());
    });
    let retrieved = statuses.retrieve(&["Text__c"], &[stage, status]).unwrap();
    assert!(retrieved[0].is_none() && retrieved[1].is_some());
    // Whoever may not read the other object does not learn of its records.
    let ada = UserCreate::new("Ada", "ada@example.com");
    let ada: Id<User> = shop.store.system().create(ada).unwrap();
    let rights = Permissions::none().grant("LeadStatus", [ObjectRight::Read]);
    let ada = shop.store.connect(Caller::user(ada, rights));
    assert_eq!(refused(ada.object("LeadStatus").unwrap().get(stage)), no_such_record());
    assert_eq!(ada.objects_of(stage).unwrap(), ["LeadStatus"]);
    shop.verify();
}

#[test]
fn a_reference_to_either_leads_to_whichever_has_the_record() {
    let Org { shop, status, stage } = Org::new();
    for to in [status, stage] {
        for field in ["Either__c", "Any__c"] {
            let note = shop.create("Note__c", &json!({ field: to }));
            assert_eq!(shop.value("Note__c", note, field), json!(to), "{field}");
            // What refers to it is found, whichever object it is of.
            let object = shop.object(if to == status { "LeadStatus" } else { "OpportunityStage" });
            object.delete(to).unwrap();
            assert_eq!(shop.value("Note__c", note, field), json!(null), "{field}");
            object.undelete(to).unwrap();
            assert_eq!(shop.value("Note__c", note, field), json!(to), "{field}");
            shop.update("Note__c", note, &json!({ field: null }));
        }
    }
    let notes = shop.object("Note__c");
    let create = |field: &str, id| refused(notes.create(&map(&json!({ field: id }))));
    shop.nothing_changes(|| {
        for field in ["Status__c", "Either__c", "Any__c"] {
            assert_eq!(create(field, there("01J", 7)), no_such_record(), "{field}");
        }
        let message = format!("Status__c: id value of incorrect type: {stage}");
        let wrong = refusal("FIELD_INTEGRITY_EXCEPTION", message, &["Status__c"]);
        assert_eq!(create("Status__c", stage), wrong);
    });
    shop.object("OpportunityStage").delete(stage).unwrap();
    assert_eq!(create("Either__c", stage).code, "ENTITY_IS_DELETED");
    let undone = shop.create("Note__c", &json!({ "Either__c": status, "Any__c": status }));
    notes.delete(undone).unwrap();
    shop.object("LeadStatus").delete(status).unwrap();
    notes.undelete(undone).unwrap();
    assert_eq!(shop.value("Note__c", undone, "Either__c"), json!(null));
    shop.verify();
}

#[test]
fn a_replica_gives_an_id_to_one_object_alone() {
    let shop = Shop::of(ALL);
    let id = there("01J", 1);
    let replica = shop.store.replica();
    let record = of_source(id, &json!({ "Text__c": "Open" }));
    let about = of_source(there("a0N", 1), &json!({ "Either__c": id, "Sure__c": true }));
    let only = of_source(there("a0N", 2), &json!({ "Status__c": id, "Sure__c": true }));
    for note in [about, only] {
        replica.put("Note__c", &map(&note)).unwrap();
    }
    // Two objects may have the record that is missing, as far as the first field goes.
    let lost = || -> Vec<_> {
        let lines = replica.unresolved(10).unwrap().into_iter().filter(|it| it.id == id);
        lines.map(|it| (it.field, it.target, it.others)).collect()
    };
    let line = |field: &str, others: &[&str]| {
        let others = others.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        (field.to_owned(), "LeadStatus".to_owned(), others)
    };
    assert_eq!(lost(), [line("Status__c", &[]), line("Either__c", &["OpportunityStage"])]);
    replica.put("LeadStatus", &map(&record)).unwrap();
    assert_eq!(lost(), []);
    shop.nothing_changes(|| {
        let refused = refused(replica.put("OpportunityStage", &map(&record)));
        assert_eq!(refused.code, "MALFORMED_ID");
    });
    replica.put("LeadStatus", &map(&record)).unwrap();
    shop.verify();
}

#[test]
fn who_is_dormant_keeps_its_records_and_the_numbers_of_ids_go_on() {
    let archive = Archive::new();
    let shop = archive.open(ALL);
    let stage = shop.create("OpportunityStage", &json!({}));
    let note = shop.create("Note__c", &json!({ "Either__c": stage, "Any__c": stage }));
    drop(shop);
    let shop = archive.open(&[STATUS, NOTE]);
    assert_eq!(shop.value("Note__c", note, "Either__c"), json!(stage));
    let made: Vec<_> = (0..300).map(|_| shop.create("LeadStatus", &json!({}))).collect();
    assert!(!made.contains(&stage));
    // What is not listed may have the record.
    shop.update("Note__c", note, &json!({ "Either__c": stage }));
    shop.object("Note__c").delete(note).unwrap();
    shop.object("Note__c").undelete(note).unwrap();
    assert_eq!(shop.value("Note__c", note, "Either__c"), json!(stage));
    shop.verify();
    drop(shop);
    // Who does not say that it shares the key prefix does not get it.
    let alone = Definition::new("LeadStatus").key_prefix("01J").fields(&[TEXT]);
    let error = archive.try_open(&[&alone, NOTE]).err().unwrap().to_string();
    assert!(error.contains("the file has the key prefix 01J for OpportunityStage"), "{error}");
    let shop = archive.open(ALL);
    assert_eq!(shop.value("Note__c", note, "Any__c"), json!(stage));
    shop.verify();
}

/// A derived object that says so.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "00a", shared_prefix)]
struct CaseComment {
    #[field(create, filter, nillable, sort, update)]
    body: Option<String>,
}

#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "00a", shared_prefix)]
struct IdeaComment {
    #[field(create, filter, nillable, sort, update)]
    body: Option<String>,
}

#[test]
fn derived_objects_say_that_they_share_a_key_prefix() {
    assert!(CaseComment::OBJECT.shared_prefix && !User::OBJECT.shared_prefix);
    let shop = Shop::of(&[CaseComment::OBJECT, IdeaComment::OBJECT]);
    let db = shop.store.system();
    let case = db.create(CaseCommentCreate { body: Some("case".into()) }).unwrap();
    let idea = db.create(IdeaCommentCreate { body: Some("idea".into()) }).unwrap();
    assert_eq!(db.get(case).unwrap().body.as_deref(), Some("case"));
    assert_eq!(db.get(idea).unwrap().body.as_deref(), Some("idea"));
    let wrong: Id<CaseComment> = Id::new(idea.record_id());
    assert_eq!(refused(db.get(wrong)).code, "MALFORMED_ID");
    shop.verify();
}
