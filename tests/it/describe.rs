//! Describe: the store answers it in the form in which an org does.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use sobject_core::{FieldDescribe, SObject};

use crate::desk::{Desk, LiveAgentSession, OBJECTS, Part, Sample};

/// The properties of a field as letters, in the order of the reference's table: Create, Update,
/// Nillable, Defaulted on create, Filter, Group, Sort, Aggregatable, idLookup, Permissionable,
/// auto-Number.
fn letters(field: &FieldDescribe) -> String {
    [
        ('C', field.createable),
        ('U', field.updateable),
        ('N', field.nillable),
        ('D', field.defaulted_on_create),
        ('F', field.filterable),
        ('G', field.groupable),
        ('S', field.sortable),
        ('A', field.aggregatable),
        ('L', field.id_lookup),
        ('P', field.permissionable),
        ('#', field.auto_number),
    ]
    .iter()
    .filter_map(|(letter, is_set)| is_set.then_some(letter))
    .collect()
}

#[test]
fn the_fields_of_live_agent_session_are_those_of_its_page() {
    let desk = Desk::new();
    let describe = desk.db.describe::<LiveAgentSession>().unwrap();
    let counts = "CUNFGSAP";
    let expected = [
        ("Id", "Chat Session ID", "id", "DFGSAL"),
        ("OwnerId", "Owner ID", "reference", "CUDFGSA"),
        ("IsDeleted", "Deleted", "boolean", "DFGS"),
        ("Name", "Chat Session Name", "string", "DFSAL#"),
        ("CreatedDate", "Created Date", "datetime", "DFSA"),
        ("CreatedById", "Created By ID", "reference", "DFGSA"),
        ("LastModifiedDate", "Last Modified Date", "datetime", "DFSA"),
        ("LastModifiedById", "Last Modified By ID", "reference", "DFGSA"),
        ("SystemModstamp", "System Modstamp", "datetime", "DFSA"),
        ("LastViewedDate", "Last Viewed Date", "datetime", "NFSA"),
        ("LastReferencedDate", "Last Referenced Date", "datetime", "NFSA"),
        ("AgentId", "User ID", "reference", "CUFGSA"),
        ("ChatReqAssigned", "Chat Requests Assigned", "int", counts),
        ("ChatReqDeclined", "Chat Requests Declined (Manually)", "int", counts),
        ("ChatReqEngaged", "Chat Requests Engaged", "int", counts),
        ("ChatReqTimedOut", "Chat Requests Declined (Push Timeout)", "int", counts),
        ("LoginTime", "Login Time", "datetime", "CUFSA"),
        ("LogoutTime", "Logout Time", "datetime", "CUFSA"),
        ("NumFlagLoweredAgent", "Assistance Flags Lowered (Agent)", "int", counts),
        ("NumFlagLoweredSupervisor", "Assistance Flags Lowered (Supervisor)", "int", counts),
        ("NumFlagRaised", "Assistance Flags Raised", "int", counts),
        ("TimeAtCapacity", "Time Spent at Capacity", "int", counts),
        ("TimeIdle", "Time Idle", "int", counts),
        ("TimeInAwayStatus", "Time Spent Away", "int", counts),
        ("TimeInChats", "Time Spent in Chats", "int", counts),
        ("TimeInOnlineStatus", "Time Spent Online", "int", counts),
    ];
    let described: Vec<_> = describe
        .fields
        .iter()
        .map(|field| {
            (field.name.as_str(), field.label.as_str(), field.field_type.name(), letters(field))
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, label, field_type, letters)| {
            (*name, *label, *field_type, (*letters).to_owned())
        })
        .collect();
    assert_eq!(described, expected);
}

/// The fields of the object's page as the public references print them, by column.
fn page() -> Vec<BTreeMap<&'static str, &'static str>> {
    let mut lines = include_str!("../data/live_agent_session.fields.tsv").lines();
    let head: Vec<_> = lines.next().unwrap().split('\t').collect();
    let row = |line: &'static str| {
        let cells: Vec<_> = line.split('\t').collect();
        assert_eq!(cells.len(), head.len(), "{line}");
        head.iter().copied().zip(cells).collect()
    };
    lines.map(row).collect()
}

#[test]
fn the_page_of_live_agent_session_is_described_flag_by_flag_and_label_by_label() {
    let desk = Desk::new();
    let describe = desk.db.describe::<LiveAgentSession>().unwrap();
    let page = page();
    assert_eq!(page.len(), 19);
    for row in &page {
        let name = row["name"];
        let field = describe.fields.iter().find(|field| field.name == name).unwrap();
        for (column, is_set) in [
            ("create", field.createable),
            ("update", field.updateable),
            ("nillable", field.nillable),
            ("filter", field.filterable),
            ("group", field.groupable),
            ("sort", field.sortable),
            ("defaultedOnCreate", field.defaulted_on_create),
            ("autonumber", field.auto_number),
            ("idLookup", field.id_lookup),
        ] {
            assert_eq!(is_set, row[column] == "1", "{name} {column}");
        }
        assert_eq!(field.label, row["label"], "{name}");
        assert_eq!(field.field_type.name(), row["type"], "{name}");
        assert_eq!(field.reference_to.join(","), row["referenceTo"], "{name}");
        let number = |column: &str| row[column].parse().unwrap_or(0);
        assert_eq!((u32::from(field.digits), field.length), (number("digits"), number("length")));
    }
    // The struct declares the fields of the page and no others.
    let declared = LiveAgentSession::OBJECT.fields.iter().map(|field| field.name);
    assert!(declared.eq(page.iter().map(|row| row["name"])));
    desk.verify();
}

#[test]
fn numbers_follow_from_the_types() {
    let desk = Desk::new();
    let describe = desk.db.describe::<Sample>().unwrap();
    for (name, soap_type, numbers) in [
        ("Id", "tns:ID", [18, 18, 0, 0, 0]),
        ("Name", "xsd:string", [30, 90, 0, 0, 0]),
        ("Flag", "xsd:boolean", [0; 5]),
        ("Size", "xsd:int", [0, 0, 9, 0, 0]),
        ("MaybeSize", "xsd:int", [0, 0, 4, 0, 0]),
        ("Weight", "xsd:double", [0, 0, 0, 18, 0]),
        ("Text", "xsd:string", [10, 30, 0, 0, 0]),
        ("MaybeText", "xsd:string", [255, 765, 0, 0, 0]),
        ("Day", "xsd:date", [0; 5]),
        ("At", "xsd:dateTime", [0; 5]),
        ("UserId", "tns:ID", [18, 18, 0, 0, 0]),
    ] {
        let field = describe.fields.iter().find(|field| field.name == name).unwrap();
        let described = [
            field.length,
            field.byte_length,
            field.digits.into(),
            field.precision.into(),
            field.scale.into(),
        ];
        assert_eq!((field.soap_type.as_str(), described), (soap_type, numbers), "{name}");
    }
}

#[test]
fn what_holds_for_every_describe_of_an_org_holds_here() {
    let desk = Desk::new();
    for object in OBJECTS {
        let describe = desk.db.describe_sobject(object.name).unwrap();
        assert_eq!(describe.fields[0].name, "Id");
        assert!(describe.fields.iter().filter(|field| field.name_field).count() <= 1);
        for field in &describe.fields {
            let what = format!("{}.{}", describe.name, field.name);
            let is_polymorphic = field.reference_to.len() > 1;
            assert_eq!(field.name_pointing, is_polymorphic, "{what}");
            assert_eq!(field.polymorphic_foreign_key, is_polymorphic, "{what}");
            assert!(field.reference_to.is_sorted(), "{what}");
            assert_eq!(field.custom, field.name.ends_with("__c"), "{what}");
            if field.field_type == sobject_core::FieldType::Boolean {
                assert!(!field.aggregatable, "{what}");
                assert_eq!(field.default_value, Some(false.into()), "{what}");
            }
        }
    }
}

#[test]
fn the_object_says_what_calls_it_has_and_who_refers_to_it() {
    let desk = Desk::new();
    let part = desk.db.describe::<Part>().unwrap();
    assert_eq!((part.label.as_str(), part.label_plural.as_str()), ("Spare Part", "Spare Parts"));
    assert_eq!(part.key_prefix.as_deref(), Some("a0P"));
    assert!(
        !part.custom && part.createable && part.deletable && part.undeletable && part.updateable
    );
    assert!(!part.mergeable && !part.mru_enabled);
    let children: Vec<_> = part
        .child_relationships
        .iter()
        .map(|child| (child.child_sobject.as_str(), child.field.as_str()))
        .collect();
    let expected = [("Part", "TwinId"), ("Sample", "ParentId"), ("Screw", "PartId")];
    assert_eq!(children, expected);

    let user = desk.db.describe_sobject("uSER").unwrap();
    assert_eq!(user.name, "User");
    assert!(!user.custom && !user.deletable && !user.undeletable);
    assert!(user.fields.iter().all(|field| field.name != "IsDeleted"));
    let session = desk.db.describe::<LiveAgentSession>().unwrap();
    assert!(session.mru_enabled && session.layoutable && session.searchable);
    assert!(session.replicateable && session.retrieveable && session.queryable);
}

#[test]
fn the_json_has_the_keys_of_an_org() {
    let desk = Desk::new();
    let json = serde_json::to_value(desk.db.describe::<LiveAgentSession>().unwrap()).unwrap();
    let is_sorted = |value: &Json| value.as_object().unwrap().keys().is_sorted();
    assert!(is_sorted(&json));
    assert_eq!(json["keyPrefix"], "0HK");
    assert_eq!(json["labelPlural"], "Chat Sessions");
    assert_eq!(json["urls"]["rowTemplate"], "/services/data/v65.0/sobjects/LiveAgentSession/{ID}");
    let fields = json["fields"].as_array().unwrap();
    for field in fields {
        assert!(is_sorted(field), "{field}");
        assert_eq!(field.as_object().unwrap().len(), 57, "{field}");
    }
    let agent = fields.iter().find(|field| field["name"] == "AgentId").unwrap();
    for (key, value) in [
        ("type", json!("reference")),
        ("referenceTo", json!(["User"])),
        ("relationshipName", json!("Agent")),
        ("soapType", json!("tns:ID")),
        ("defaultValue", json!(null)),
    ] {
        assert_eq!(agent[key], value, "{key}");
    }
    assert_eq!(LiveAgentSession::OBJECT.since, 28);
}
