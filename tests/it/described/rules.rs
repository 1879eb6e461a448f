//! Records of objects that are known by their describe alone, in a store that has derived objects
//! too: the rules for them, in system mode and in user mode.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Error, FieldRight, FieldType, Id, JsonRecord, ManualClock, ObjectRight, Permissions,
    RecordId, Result, SObject, Store, Untyped,
    standard::{Group, User, UserCreate},
};

use super::describe;
use crate::{
    desk::{
        LiveAgentSession, MORNING, Refusal, at, deleted_record, map, missing, no_such_record,
        not_writeable, nothing_changes, record, refusal, refused, verify,
    },
    types::{out_of_range, outcomes, unreadable_as, wrong_type},
};

/// A store with accounts and cases beside derived objects, a user, and an account.
struct Org {
    store: Store,
    ada: Id<User>,
    account: RecordId,
}

impl Org {
    fn new() -> Self {
        let objects = &[Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT];
        let builder = Store::builder().clock(ManualClock::at(at(MORNING)));
        let builder = builder.described(describe("Account")).described(describe("Case"));
        let store = builder.in_memory(objects).unwrap();
        let db = store.system();
        let ada = db.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
        let account = json!({ "Name": "Acme" });
        let account = db.object("Account").unwrap().create(&map(&account)).unwrap();
        Self { store, ada, account }
    }

    fn object(&self, name: &str) -> Untyped {
        self.store.system().object(name).unwrap()
    }

    /// An object as Ada sees it, who has these rights.
    fn seen_with(&self, permissions: Permissions, name: &str) -> Result<Untyped> {
        self.store.connect(Caller::user(self.ada, permissions)).object(name)
    }

    /// A record with the required fields only.
    fn base(name: &str) -> Json {
        if name == "Account" { json!({ "Name": "Acme" }) } else { json!({}) }
    }

    fn create(&self, name: &str, fields: &Json) -> RecordId {
        let created = self.object(name).create(&record(&Self::base(name), fields));
        created.unwrap_or_else(|error| panic!("{name} {fields}: {error}"))
    }

    fn get(&self, name: &str, id: RecordId) -> JsonRecord {
        self.object(name).get(id).unwrap()
    }
}

#[test]
fn values_are_kept_as_the_describe_has_them() {
    let org = Org::new();
    for (object, field, given, kept) in [
        ("Account", "Name", json!("  Acme & Sons "), json!("Acme & Sons")),
        ("Account", "Type", json!("prospect"), json!("Prospect")),
        ("Account", "Type", json!("Rival"), json!("Rival")),
        ("Account", "CleanStatus", json!("MATCHED"), json!("Matched")),
        ("Account", "NumberOfEmployees", json!("99999999"), json!(99_999_999)),
        ("Account", "AnnualRevenue", json!(1.99), json!(1.99)),
        ("Account", "BillingLatitude", json!(-89.123_456_789), json!(-89.123_456_789)),
        ("Account", "Description", json!("x".repeat(32_000)), json!("x".repeat(32_000))),
        ("Account", "ParentId", json!(org.account), json!(org.account)),
        ("Account", "ns__LinkedAccount__c", json!(org.account), json!(org.account)),
        ("Account", "OwnerId", json!(org.ada), json!(org.ada)),
        ("Account", "Phone", json!(""), json!(null)),
        ("Case", "SuppliedEmail", json!("ada@example.com"), json!("ada@example.com")),
        ("Case", "IsEscalated", json!("true"), json!(true)),
        ("Case", "Priority", json!("low"), json!("Low")),
        ("Case", "AccountId", json!(org.account), json!(org.account)),
        ("Case", "Comments", json!("x"), json!("x")),
        // A text whose byteLength is its length is limited in bytes.
        ("Case", "Comments", json!("é".repeat(2_000)), json!("é".repeat(2_000))),
        ("Case", "Description", json!("é".repeat(32_000)), json!("é".repeat(32_000))),
    ] {
        let made = org.create(object, &json!({ field: given }));
        assert_eq!(org.get(object, made)[field], kept, "{object} with {field} {given}");
        let changed = org.create(object, &json!({}));
        org.object(object).update(changed, &map(&json!({ field: given }))).unwrap();
        assert_eq!(org.get(object, changed)[field], kept, "{object} changed to {field} {given}");
    }
    verify(&org.store);
}

#[test]
fn what_is_left_out_is_null_or_its_default() {
    let org = Org::new();
    let case = org.create("Case", &json!({}));
    let read = org.get("Case", case);
    for (field, value) in [
        ("CaseNumber", json!("00000001")),
        ("Status", json!("New")),
        ("Priority", json!("Medium")),
        ("IsClosed", json!(false)),
        ("IsEscalated", json!(false)),
        ("IsDeleted", json!(false)),
        ("Subject", json!(null)),
        ("ClosedDate", json!(null)),
        ("LastViewedDate", json!(null)),
        ("CreatedDate", json!("2026-03-01T08:00:00.000+0000")),
    ] {
        assert_eq!(read[field], value, "{field}");
    }
    assert_eq!(read["OwnerId"], read["CreatedById"]);
    let account = org.get("Account", org.account);
    for (field, value) in [
        ("IsPartner", json!(false)),
        ("BillingAddress", json!(null)),
        // An org fills this field in a way that a describe does not tell, so here it is null.
        ("ns__LinkedAccount__c", json!(null)),
    ] {
        assert_eq!(account[field], value, "{field}");
    }
    let described = describe("Account").fields.len();
    assert_eq!(account.len(), described, "every field that is described is read");
    verify(&org.store);
}

/// The refusal of a reference, by what is wrong with it.
fn wrong_id(code: &'static str, label: &str, id: impl std::fmt::Display, field: &str) -> Refusal {
    refusal(code, format!("{label}: id value of incorrect type: {id}"), &[field])
}

/// Asserts that a record with these values is refused with `expected`, on create and on update.
fn assert_refused(org: &Org, object: &str, id: RecordId, given: &Json, expected: &Refusal) {
    let objects = org.object(object);
    let before = objects.get(id).unwrap();
    nothing_changes(&org.store, || {
        let created = objects.create(&record(&Org::base(object), given));
        assert_eq!(&refused(created), expected, "{object} with {given}");
        let updated = objects.update(id, &map(given));
        assert_eq!(&refused(updated), expected, "{object} changed to {given}");
    });
    assert_eq!(objects.get(id).unwrap(), before, "{given}");
}

fn too_long(label: &str, value: &str, max: u32, field: &str) -> Refusal {
    let message = format!("{label}: data value too large: {value} (max length={max})");
    refusal("STRING_TOO_LONG", message, &[field])
}

#[test]
fn what_the_describe_of_accounts_forbids_is_refused() {
    let org = Org::new();
    let case = org.create("Case", &json!({}));
    let gone = org.create("Account", &json!({}));
    org.object("Account").delete(gone).unwrap();
    let unknown = "No such column 'Nonsense__c' on sobject of type Account";
    let odd = "Clean Status: bad value for restricted picklist field: Odd";
    let long = "x".repeat(256);
    for (given, expected) in [
        (json!({ "Name": null }), missing(&["Name"])),
        (json!({ "Name": " " }), missing(&["Name"])),
        (json!({ "Nonsense__c": 1 }), refusal("INVALID_FIELD", unknown, &[])),
        (json!({ "PhotoUrl": "x" }), not_writeable(&["PhotoUrl"])),
        (
            json!({ "BillingAddress": {}, "JigsawCompanyId": "x", "MasterRecordId": "x" }),
            not_writeable(&["MasterRecordId", "BillingAddress", "JigsawCompanyId"]),
        ),
        (json!({ "Name": long }), too_long("Account Name", &long, 255, "Name")),
        (
            json!({ "DunsNumber": "0123456789" }),
            too_long("D-U-N-S Number", "0123456789", 9, "DunsNumber"),
        ),
        (
            json!({ "CleanStatus": "Odd" }),
            refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", odd, &["CleanStatus"]),
        ),
        (
            json!({ "NumberOfEmployees": 100_000_000 }),
            out_of_range("Employees", "100000000", "NumberOfEmployees"),
        ),
        (
            json!({ "BillingLatitude": 1000 }),
            out_of_range("Billing Latitude", "1000.0", "BillingLatitude"),
        ),
        (json!({ "NumberOfEmployees": "many" }), unreadable_as(FieldType::Int, &json!("many"))),
        (
            json!({ "OwnerId": null }),
            refusal("INVALID_EMPTY_KEY_OWNER", "owner cannot be blank", &["OwnerId"]),
        ),
        (json!({ "ParentId": "001xx0000000099" }), no_such_record()),
        (json!({ "ParentId": gone }), deleted_record()),
        (
            json!({ "ParentId": case }),
            wrong_id("FIELD_INTEGRITY_EXCEPTION", "Parent Account ID", case, "ParentId"),
        ),
    ] {
        assert_refused(&org, "Account", org.account, &given, &expected);
    }
}

#[test]
fn what_the_describe_of_cases_forbids_is_refused() {
    let org = Org::new();
    let case = org.create("Case", &json!({}));
    let long = "x".repeat(256);
    let email = "Email Address: invalid email address: nobody";
    let bytes = "é".repeat(2_001);
    let shown = format!("{}... (2001 characters)", "é".repeat(255));
    for (given, expected) in [
        (json!({ "CaseNumber": "1" }), not_writeable(&["CaseNumber"])),
        (
            json!({ "IsClosed": true, "ClosedDate": null, "ContactPhone": "1" }),
            not_writeable(&["IsClosed", "ClosedDate", "ContactPhone"]),
        ),
        (json!({ "IsEscalated": null }), wrong_type("Escalated", "", "IsEscalated")),
        (
            json!({ "SuppliedEmail": "nobody" }),
            refusal("INVALID_EMAIL_ADDRESS", email, &["SuppliedEmail"]),
        ),
        (
            json!({ "AccountId": "Acme" }),
            wrong_id("MALFORMED_ID", "Account ID", "Acme", "AccountId"),
        ),
        (json!({ "Subject": long }), too_long("Subject", &long, 255, "Subject")),
        (json!({ "Comments": bytes }), too_long("Internal Comments", &shown, 4000, "Comments")),
    ] {
        assert_refused(&org, "Case", case, &given, &expected);
    }
}

#[test]
fn what_one_call_takes_the_other_may_not() {
    let org = Org::new();
    let accounts = org.object("Account");
    let partner = json!({ "Name": "Acme", "IsPartner": true });
    nothing_changes(&org.store, || {
        assert_eq!(refused(accounts.create(&map(&partner))), not_writeable(&["IsPartner"]));
        assert_eq!(refused(accounts.create(&map(&json!({})))), missing(&["Name"]));
    });
    accounts.update(org.account, &map(&partner)).unwrap();
    assert_eq!(org.get("Account", org.account)["IsPartner"], true);
    verify(&org.store);
}

#[test]
fn a_reference_to_objects_that_the_store_lacks_goes_by_its_form() {
    let org = Org::new();
    let cases = org.object("Case");
    let case = org.create("Case", &json!({ "ContactId": "003xx000004TmiQ" }));
    let contact: RecordId = "003xx000004TmiQ".parse().unwrap();
    assert_eq!(org.get("Case", case)["ContactId"], json!(contact));
    let update = |id: &str| cases.update(case, &map(&json!({ "ContactId": id })));
    nothing_changes(&org.store, || {
        let malformed = wrong_id("MALFORMED_ID", "Contact ID", "003xx", "ContactId");
        assert_eq!(refused(update("003xx")), malformed);
        // Contacts are not in the store, but an id of an object that is in it cannot be a
        // contact's.
        for other in [org.account, org.ada.into(), case] {
            let expected = wrong_id("FIELD_INTEGRITY_EXCEPTION", "Contact ID", other, "ContactId");
            assert_eq!(refused(update(&other.to_string())), expected);
        }
    });
    // A describe does not tell the key prefix of contacts, so any that no object has is accepted.
    update("02ixx0000000001").unwrap();
    update("").unwrap();
    assert_eq!(org.get("Case", case)["ContactId"], json!(null));
    verify(&org.store);
}

#[test]
fn described_and_derived_records_are_deleted_and_come_back_alike() {
    let org = Org::new();
    let cases = org.object("Case");
    let made = cases.create_many(&[map(&json!({})), map(&json!({ "AccountId": org.account }))]);
    let made: Vec<_> = made.unwrap().into_iter().map(|it| it.unwrap()).collect();
    assert_eq!(outcomes(cases.delete_many(&made).unwrap()), [None, None]);
    nothing_changes(&org.store, || {
        for id in &made {
            assert_eq!(refused(cases.get(*id)), deleted_record());
            assert_eq!(refused(cases.update(*id, &map(&json!({})))), deleted_record());
            assert_eq!(refused(cases.delete(*id)), deleted_record());
        }
    });
    org.object("Account").delete(org.account).unwrap();
    assert_eq!(outcomes(cases.undelete_many(&made).unwrap()), [None, None]);
    assert_eq!(cases.count().unwrap(), 2);
    assert_eq!(cases.get(made[1]).unwrap()["AccountId"], json!(null), "its account is gone");
    assert_eq!(cases.get(made[1]).unwrap()["CaseNumber"], "00000002");
    verify(&org.store);
}

#[test]
fn a_typed_call_on_a_described_object_is_refused() {
    /// A struct that was written for the same object.
    #[derive(SObject, Debug)]
    #[sobject(key_prefix = "001")]
    #[allow(dead_code, reason = "it is never read")]
    struct Account {
        #[field(create, update, name_field)]
        name: String,
    }
    let org = Org::new();
    let db = org.store.system();
    nothing_changes(&org.store, || {
        for error in [
            db.get(Id::<Account>::new(org.account)).unwrap_err(),
            db.create(AccountCreate::new("Acme")).unwrap_err(),
        ] {
            assert!(matches!(error, Error::BadDefinition { .. }), "{error}");
        }
    });
}

#[test]
fn rights_on_a_described_object_go_by_what_its_describe_calls_permissionable() {
    let org = Org::new();
    let bare = Permissions::none()
        .grant("Account", ObjectRight::ALL)
        .grant("Case", ObjectRight::ALL)
        .grant("User", [ObjectRight::Read]);
    for object in ["Account", "Case"] {
        let objects = org.seen_with(bare.clone(), object).unwrap();
        let id = org.create(object, &json!({}));
        let read = objects.get(id).unwrap();
        for field in &describe(object).fields {
            let what = format!("{object}.{}", field.name);
            assert_eq!(read.contains_key(&field.name), !field.permissionable, "{what}");
            let rights = bare.clone().grant_field((object, &*field.name), FieldRight::Read);
            let granted = org.seen_with(rights, object).and_then(|objects| objects.get(id));
            if field.permissionable {
                assert!(granted.unwrap().contains_key(&field.name), "{what}");
            } else {
                assert!(matches!(granted, Err(Error::BadPermissions { .. })), "{what}");
            }
        }
    }
    let cases = org.seen_with(bare, "Case").unwrap();
    // Status and Comments have no rights of their own in this org; Subject has.
    let open = json!({ "Status": "Working", "Comments": "x", "AccountId": null });
    let hidden = refusal(
        "INVALID_FIELD",
        "No such column 'AccountId', 'Subject' on sobject of type Case",
        &[],
    );
    let given = record(&open, &json!({ "Subject": "It creaks" }));
    assert_eq!(refused(cases.create(&given)), hidden);
    let id = cases.create(&map(&json!({ "Status": "Working", "Comments": "x" }))).unwrap();
    assert_eq!(org.get("Case", id)["Priority"], "Medium", "a hidden field has its default");
    verify(&org.store);
}

#[test]
fn a_described_object_is_described_under_rights_with_all_its_keys() {
    let org = Org::new();
    let permissions = Permissions::all()
        .mute_field(("Account", "Phone"), FieldRight::Read)
        .mute_field(("Account", "Fax"), FieldRight::Edit)
        .mute_field(("Case", "AccountId"), FieldRight::Read);
    let db = org.store.connect(Caller::user(org.ada, permissions));
    let mut expected = serde_json::to_value(describe("Account")).unwrap();
    let fields = expected["fields"].as_array_mut().unwrap();
    fields.retain(|field| field["name"] != "Phone");
    for field in fields.iter_mut().filter(|field| field["name"] == "Fax") {
        field["createable"] = json!(false);
        field["updateable"] = json!(false);
    }
    // Only the child relationships of objects that the store has are left.
    let children = expected["childRelationships"].as_array_mut().unwrap();
    let own = [("Account", "MasterRecordId"), ("Account", "ParentId")];
    children.retain(|it| {
        own.iter().any(|(child, field)| it["childSObject"] == *child && it["field"] == *field)
    });
    let ours = serde_json::to_value(db.describe_sobject("Account").unwrap()).unwrap();
    let of = |json: &Json| json["childRelationships"].as_array().unwrap().clone();
    for child in of(&ours) {
        let name = child["childSObject"].as_str().unwrap();
        assert!(["Account", "Case"].contains(&name), "{child}");
        assert_ne!((name, &child["field"]), ("Case", &json!("AccountId")));
    }
    assert!(of(&expected).iter().all(|child| of(&ours).contains(child)));
    assert_eq!(ours["fields"], expected["fields"]);
    let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&ours), keys(&expected));
    verify(&org.store);
}

#[test]
fn a_described_object_takes_audit_fields_where_the_platform_does() {
    let org = Org::new();
    let past = json!({ "Name": "Acme", "CreatedDate": "2004-02-29T12:00:00Z" });
    let db = org.store.connect(Caller::system().with_audit_fields());
    let accounts = db.object("Account").unwrap();
    let id = accounts.create(&map(&past)).unwrap();
    assert_eq!(accounts.get(id).unwrap()["CreatedDate"], "2004-02-29T12:00:00.000+0000");
    nothing_changes(&org.store, || {
        let plain = org.object("Account").create(&map(&past));
        assert_eq!(refused(plain), not_writeable(&["CreatedDate"]));
    });
}

#[test]
fn a_field_that_may_not_be_read_is_not_named_by_others() {
    let org = Org::new();
    let hidden = Permissions::all()
        .mute_field(("Account", "BillingAddress"), FieldRight::Read)
        .mute_field(("Account", "ShippingCity"), FieldRight::Read);
    let db = org.store.connect(Caller::user(org.ada, hidden));
    let described = db.describe_sobject("Account").unwrap();
    let compound = |name: &str| {
        let field = described.fields.iter().find(|field| field.name == name);
        field.map(|field| field.compound_field_name.as_deref())
    };
    assert_eq!(compound("BillingCity"), Some(None));
    assert_eq!(compound("ShippingStreet"), Some(Some("ShippingAddress")));
    assert_eq!((compound("BillingAddress"), compound("ShippingCity")), (None, None));
}

#[test]
fn rich_text_is_known_by_its_describe() {
    let mut case: Json = serde_json::to_value(describe("Case")).unwrap();
    for field in case["fields"].as_array_mut().unwrap() {
        match field["name"].as_str() {
            Some("Description") => field["extraTypeInfo"] = json!("richtextarea"),
            // As describes of old API versions have it.
            Some("Comments") => {
                (field["extraTypeInfo"], field["htmlFormatted"]) = (json!(null), json!(true));
            }
            _ => (),
        }
    }
    let case = serde_json::from_value(case).unwrap();
    let builder = Store::builder().described(describe("Account")).described(case);
    let store = builder.in_memory(&[Group::OBJECT, User::OBJECT]).unwrap();
    let cases = store.system().object("Case").unwrap();
    let html = " <p>a &amp; b</p>\n";
    let given = json!({ "Description": html, "Comments": html, "Subject": html });
    let id = cases.create(&map(&given)).unwrap();
    let read = cases.get(id).unwrap();
    assert_eq!([&read["Description"], &read["Comments"]], [html; 2]);
    assert_eq!(read["Subject"], html.trim());
    verify(&store);
}
