//! Fields as pages print them that the platform fills and nobody may give: neither create, nor
//! nillable, nor defaulted on create. And fields that mean something to the store by names in any case.

use serde_json::json;
use sobject_core::{
    Id, Picklist, Ref, SObject, Store,
    standard::{Group, User, UserCreate},
};

use crate::desk::{map, refusal, refused, verify};

/// The status of a piece of work, the first of which work has when it is routed.
#[derive(Picklist, Clone, Debug, PartialEq)]
enum WorkStatus {
    #[picklist(default)]
    Assigned,
    Opened,
    Closed,
}

/// Work as its page prints it, with a status that the platform fills.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "0Bz", calls(create, delete, query, retrieve, undelete, update))]
struct AgentWork {
    #[field(filter, group, restricted, sort)]
    status: WorkStatus,
    #[field(create, defaulted_on_create, filter, group, name = "OwnerID", sort, update)]
    owner_id: Ref<(Group, User)>,
    #[field(create, filter, group, name = "CaseID", nillable, sort, update)]
    case_id: Option<Id<AgentWork>>,
    #[field(filter, name = "LASTVIEWEDDATE", nillable, per_caller, sort)]
    seen: Option<chrono::DateTime<chrono::Utc>>,
}

use sobject_core::chrono;

/// Why a row is shared: the platform says.
#[derive(Picklist, Clone, Debug, PartialEq)]
enum RowCause {
    Owner,
    Manual,
}

#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(name = "Work__Share", key_prefix = "02c", shared_prefix)]
struct WorkShare {
    #[field(filter, group, restricted, sort)]
    row_cause: RowCause,
    #[field(create, filter, sort)]
    reason: String,
}

fn store() -> Store {
    Store::in_memory(&[AgentWork::OBJECT, WorkShare::OBJECT, User::OBJECT, Group::OBJECT]).unwrap()
}

#[test]
fn what_the_platform_fills_has_its_default_and_is_described_as_printed() {
    let store = store();
    let db = store.system();
    let id = db.create(AgentWorkCreate::new()).unwrap();
    assert_eq!(db.get(id).unwrap().status, WorkStatus::Assigned);
    let described = db.describe::<AgentWork>().unwrap();
    let status = described.fields.iter().find(|it| it.name == "Status").unwrap();
    assert!(!status.createable && !status.updateable && !status.nillable);
    assert!(!status.defaulted_on_create && status.groupable && status.restricted_picklist);
    let works = db.object("AgentWork").unwrap();
    for call in [
        works.create(&map(&json!({ "Status": "Opened" }))).map(drop),
        works.update(id.into(), &map(&json!({ "Status": "Opened" }))),
    ] {
        assert_eq!(refused(call).code, "INVALID_FIELD_FOR_INSERT_UPDATE");
    }
    verify(&store);
}

#[test]
fn where_the_store_has_no_default_a_replica_brings_the_records() {
    let store = store();
    let db = store.system();
    let message = "creating a record without a value for RowCause, which only the platform fills and \
                   for which the store has no default is not supported";
    let refused_so = refused(db.create(WorkShareCreate::new("because")));
    assert_eq!(refused_so.code, refusal("FUNCTIONALITY_NOT_ENABLED", message, &[]).code);
    assert!(refused_so.message.contains("RowCause"), "{}", refused_so.message);
    let missing = db.object("Work__Share").unwrap().create(&map(&json!({})));
    assert_eq!(refused(missing).code, "REQUIRED_FIELD_MISSING");
    let (at, by) = ("2016-01-05T09:30:00.000+0000", "005Hs0000000001");
    let record = json!({
        "Id": "02cHs0000000001", "IsDeleted": false, "CreatedDate": at, "CreatedById": by,
        "LastModifiedDate": at, "LastModifiedById": by, "SystemModstamp": at,
        "RowCause": "Manual", "Reason": "because",
    });
    let id = store.replica().put("Work__Share", &map(&record)).unwrap();
    assert_eq!(db.get(Id::<WorkShare>::new(id)).unwrap().row_cause, RowCause::Manual);
    verify(&store);
}

#[test]
fn names_that_mean_something_do_so_in_any_case() {
    let store = store();
    let ada = UserCreate::new("Ada", "ada@example.com");
    let ada: Id<User> = store.system().create(ada).unwrap();
    let db = store.connect(sobject_core::Caller::system_as(ada));
    let id = db.create(AgentWorkCreate::new()).unwrap();
    assert_eq!(db.get(id).unwrap().owner_id.record_id(), ada.record_id());
    let described = db.describe::<AgentWork>().unwrap();
    let field = |name: &str| described.fields.iter().find(|it| it.name == name).unwrap();
    assert_eq!(field("OwnerID").relationship_name.as_deref(), Some("Owner"));
    assert_eq!(field("CaseID").relationship_name.as_deref(), Some("Case"));
    assert_eq!(field("OwnerID").label, "Owner ID");
    assert!(!field("OwnerID").permissionable && described.mru_enabled);
    assert_eq!(described.fields[1].name, "OwnerID");
    assert_eq!(db.get(id).unwrap().seen, None);
    db.mark_viewed(id).unwrap();
    assert!(db.get(id).unwrap().seen.is_some());
    verify(&store);
}
