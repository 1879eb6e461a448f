//! Describe in user mode: it shows what the caller may read, and the calls that the caller may
//! make.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Calls, Definition, FieldDefinition, FieldRight, FieldType, ObjectDescribe, ObjectRight,
    Permissions, SObject, Store, Target,
    standard::{User, UserCreate},
};

use super::{Office, PERMISSIONABLE, Ticket, hiding, locking, no_object, without_object};
use crate::desk::{LiveAgentSession, refused, verify};

fn names(describe: &ObjectDescribe) -> Vec<&str> {
    describe.fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn system_mode_and_every_right_see_the_same_describe() {
    let office = Office::new();
    let everything = office.connect(Permissions::all());
    for object in ["Group", "User", "LiveAgentSession", "Ticket", "Step", "Badge__c"] {
        let described = office.admin.describe_sobject(object).unwrap();
        assert_eq!(everything.describe_sobject(object).unwrap(), described, "{object}");
    }
    assert_eq!(everything.describe_global(), office.admin.describe_global());
    office.verify();
}

#[test]
fn hidden_fields_are_not_described() {
    let office = Office::new();
    let whole = office.admin.describe::<Ticket>().unwrap();
    for hidden in [&["Effort"][..], &["Subject", "Sealed"], &PERMISSIONABLE] {
        let mut expected = whole.clone();
        expected.fields.retain(|field| !hidden.contains(&field.name.as_str()));
        expected.child_relationships.retain(|it| !hidden.contains(&it.field.as_str()));
        let described = office.connect(hiding(hidden)).describe::<Ticket>().unwrap();
        assert_eq!(described, expected, "without {hidden:?}");
    }
    let fields: Vec<_> = whole.fields.iter().filter(|it| it.permissionable).collect();
    let fields: Vec<_> = fields.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(fields, PERMISSIONABLE, "describe says which fields have rights of their own");
    office.verify();
}

#[test]
fn a_field_that_may_not_be_edited_is_neither_createable_nor_updateable() {
    let office = Office::new();
    let whole = office.admin.describe::<Ticket>().unwrap();
    let described = office.connect(locking(&PERMISSIONABLE)).describe::<Ticket>().unwrap();
    let mut expected = whole;
    for field in expected.fields.iter_mut().filter(|field| field.permissionable) {
        (field.createable, field.updateable) = (false, false);
    }
    assert_eq!(described, expected);
    let open: Vec<_> =
        described.fields.iter().filter(|it| it.createable && it.updateable).collect();
    let open: Vec<_> = open.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(open, ["OwnerId", "Name", "Due"]);
    office.verify();
}

#[test]
fn what_is_left_has_every_key() {
    let office = Office::new();
    let db = office.connect(hiding(&["Effort"]));
    let json = serde_json::to_value(db.describe::<Ticket>().unwrap()).unwrap();
    let system = serde_json::to_value(office.admin.describe::<Ticket>().unwrap()).unwrap();
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&json), keys(&system));
    for field in json["fields"].as_array().unwrap() {
        assert_eq!(keys(field), keys(&system["fields"][0]));
        assert_eq!(keys(field).len(), 57);
    }
    office.verify();
}

#[test]
fn relationships_that_may_not_be_read_are_left_out() {
    let office = Office::new();
    let children = |permissions: Permissions, object: &str| {
        let described = office.connect(permissions).describe_sobject(object).unwrap();
        let children = described.child_relationships.into_iter();
        children.map(|it| format!("{}.{}", it.child_sobject, it.field)).collect::<Vec<_>>()
    };
    let both = ["Step.TicketId", "Ticket.ParentId"];
    assert_eq!(children(Permissions::all(), "Ticket"), both);
    assert_eq!(children(without_object("Step"), "Ticket"), both[1..]);
    assert_eq!(children(hiding(&["ParentId"]), "Ticket"), both[..1]);
    assert_eq!(children(without_object("Ticket"), "LiveAgentSession"), [""; 0]);
    assert_eq!(children(hiding(&["SessionId"]), "LiveAgentSession"), [""; 0]);
    let of_users = children(without_object("Ticket"), "User");
    assert!(of_users.contains(&"Step.CreatedById".to_owned()), "{of_users:?}");
    assert!(!of_users.iter().any(|it| it.starts_with("Ticket")), "{of_users:?}");
    office.verify();
}

#[test]
fn an_object_that_may_not_be_read_looks_exactly_like_one_that_is_not_there() {
    let office = Office::new();
    let db = office.connect(without_object("Ticket"));
    for name in ["Ticket", "tICKET", "Nonsense__c"] {
        assert_eq!(refused(db.describe_sobject(name)), no_object(name));
        assert_eq!(refused(db.describe_sobjects(&["User", name])), no_object(name));
    }
    assert_eq!(refused(db.describe::<Ticket>()), no_object("Ticket"));
    let listed = db.describe_global().sobjects;
    let listed: Vec<_> = listed.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(listed, ["Badge__c", "Group", "LiveAgentSession", "Step", "User"]);
    let nothing = office.connect(Permissions::none()).describe_global();
    assert!(nothing.sobjects.is_empty());
    office.verify();
}

#[test]
fn the_objects_own_flags_say_what_calls_it_has_whoever_asks() {
    let office = Office::new();
    let reader = Permissions::none().grant("Ticket", [ObjectRight::Read]);
    let db = office.connect(reader);
    let described = db.describe::<Ticket>().unwrap();
    assert!(described.createable && described.updateable && described.deletable);
    let global = db.describe_global();
    assert_eq!(global.sobjects.len(), 1);
    assert!(global.sobjects[0].createable && global.sobjects[0].undeletable);
    office.verify();
}

#[test]
fn a_call_describes_a_hundred_objects_and_no_more() {
    let office = Office::new();
    let db = office.connect(Permissions::all());
    let mut wanted = vec!["Ticket"; 99];
    wanted.push("LiveAgentSession");
    let described = db.describe_sobjects(&wanted).unwrap();
    assert_eq!(described.len(), 100);
    assert_eq!(described[99], db.describe::<LiveAgentSession>().unwrap());
    assert!(described[..99].iter().all(|it| it.name == "Ticket"));
    assert_eq!(db.describe_sobjects(&[]).unwrap(), []);
    // The number of objects is checked before their names.
    wanted.push("Nonsense__c");
    let refusal = refused(db.describe_sobjects(&wanted));
    assert_eq!((refusal.code, refusal.fields), ("EXCEEDED_MAX_TYPES_LIMIT", vec![]));
    assert!(refusal.message.contains("100"), "{}", refusal.message);
    office.verify();
}

#[test]
fn describes_come_in_the_order_of_the_names() {
    let office = Office::new();
    let wanted = ["User", "Ticket", "group"];
    let described = office.admin.describe_sobjects(&wanted).unwrap();
    let described: Vec<_> = described.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(described, ["User", "Ticket", "Group"]);
    office.verify();
}

#[test]
fn an_object_without_the_call_is_described_all_the_same() {
    const QUIET: &Definition = &Definition::new("Quiet__c")
        .label("Quiet", "Quiets")
        .key_prefix("a0Q")
        .calls(Calls::NONE.create().query().retrieve())
        .fields(&[FieldDefinition::new("Text__c", FieldType::String).create().nillable()]);
    let store = Store::in_memory(&[User::OBJECT, QUIET]).unwrap();
    let db = store.system();
    let described = db.describe_sobject("Quiet__c").unwrap();
    assert_eq!(
        (&*described.label, described.createable, described.updateable),
        ("Quiet", true, false)
    );
    assert_eq!(db.describe_sobjects(&["User", "Quiet__c"]).unwrap()[1], described);
    let global = db.describe_global();
    assert!(global.sobjects.iter().any(|it| it.name == "Quiet__c" && !it.updateable));
    verify(&store);
}

#[test]
fn describe_goes_by_the_rights_and_not_by_the_mode() {
    let office = Office::new();
    let described = office.connect(hiding(&["Subject"])).describe::<Ticket>().unwrap();
    let as_ada = office.store.connect(Caller::system_as(office.ada));
    let whole = as_ada.describe::<Ticket>().unwrap();
    assert_eq!(whole, office.admin.describe::<Ticket>().unwrap());
    assert_eq!(names(&whole).len(), names(&described).len() + 1);
    office.verify();
}

#[test]
fn a_reference_tells_only_objects_that_may_be_read() {
    const NOTE: &Definition =
        &Definition::new("Note__c").label("Note", "Notes").key_prefix("a0N").fields(&[
            FieldDefinition::new("About__c", FieldType::Reference)
                .references(&[Target::ANY])
                .create()
                .nillable(),
            FieldDefinition::new("Of__c", FieldType::Reference)
                .references(&[Target::new("Account", "001"), Target::new("User", "005")])
                .create()
                .nillable(),
        ]);
    let store = Store::in_memory(&[User::OBJECT, Ticket::OBJECT, NOTE]).unwrap();
    let ada = store.system().create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let told = |permissions: Permissions, field: &str| {
        let db = store.connect(Caller::user(ada, permissions));
        let describe = db.describe_sobject("Note__c").unwrap();
        describe.fields.into_iter().find(|it| it.name == field).unwrap().reference_to
    };
    let all = Permissions::all;
    assert_eq!(told(all(), "About__c"), ["Note__c", "Ticket", "User"]);
    assert_eq!(told(without_object("Ticket"), "About__c"), ["Note__c", "User"]);
    let own = || {
        let own = Permissions::none().grant("Note__c", [ObjectRight::Create]);
        own.grant_fields("Note__c", FieldRight::Read)
    };
    assert_eq!(told(own(), "About__c"), ["Note__c"]);
    // An object that the store does not have is told to those whose rights would let them read it.
    assert_eq!(told(all(), "Of__c"), ["Account", "User"]);
    assert_eq!(told(without_object("account"), "Of__c"), ["User"]);
    assert_eq!(told(own(), "Of__c"), [""; 0]);
    assert_eq!(told(own(), "CreatedById"), [""; 0]);
    assert_eq!(told(own().grant("User", [ObjectRight::Read]), "CreatedById"), ["User"]);
}

#[test]
fn what_a_described_field_says_of_others_is_told_with_them() {
    let text = include_str!("../../data/describe/Account.describe.json");
    let mut real: Json = serde_json::from_str(text).unwrap();
    for field in real["fields"].as_array_mut().unwrap() {
        if field["name"] == "Site" {
            field["calculated"] = json!(true);
            field["calculatedFormula"] = json!("IF(ISBLANK(phone), Ticket.Name, NULL)");
            field["controllerName"] = json!("Phone");
            field["filteredLookupInfo"] =
                json!({ "controllingFields": ["Phone", "Fax"], "dependent": true });
        }
    }
    real["associateParentEntity"] = json!("Ticket");
    real["implementedBy"] = json!("User,Ticket");
    real["networkScopeFieldName"] = json!("Phone");
    let describe: ObjectDescribe = serde_json::from_value(real).unwrap();
    let builder = Store::builder().described(describe);
    let store = builder.in_memory(&[User::OBJECT, Ticket::OBJECT]).unwrap();
    let ada = store.system().create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let told = |permissions: Permissions| {
        let db = store.connect(Caller::user(ada, permissions));
        let describe = serde_json::to_value(db.describe_sobject("Account").unwrap()).unwrap();
        let global = serde_json::to_value(db.describe_global()).unwrap();
        let site = describe["fields"].as_array().unwrap().iter().find(|it| it["name"] == "Site");
        (site.unwrap().clone(), describe.clone(), global["sobjects"][0].clone())
    };
    let (site, object, summary) = told(Permissions::all());
    assert!(site["calculatedFormula"].is_string() && site["controllerName"] == "Phone");
    assert_eq!(site["filteredLookupInfo"]["controllingFields"], json!(["Phone", "Fax"]));
    assert_eq!(object["associateParentEntity"], "Ticket");
    assert_eq!(summary["associateParentEntity"], "Ticket");
    assert_eq!(
        (&object["implementedBy"], &object["networkScopeFieldName"]),
        (&json!("User,Ticket"), &json!("Phone"))
    );

    let (site, object, _) =
        told(Permissions::all().mute_field(("Account", "Phone"), FieldRight::Read));
    assert_eq!((&site["calculatedFormula"], &site["controllerName"]), (&json!(null), &json!(null)));
    assert_eq!(site["filteredLookupInfo"]["controllingFields"], json!(["Fax"]));
    assert_eq!(object["networkScopeFieldName"], json!(null));

    let (site, object, summary) = told(without_object("Ticket"));
    assert_eq!(site["calculatedFormula"], json!(null));
    assert_eq!(object["associateParentEntity"], json!(null));
    assert_eq!(
        (&object["implementedBy"], &summary["associateParentEntity"]),
        (&json!(null), &json!(null))
    );
}
