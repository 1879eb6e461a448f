//! What `#[derive(SObject)]` makes of a struct: its definition, views and handles; also in scopes
//! whose names could get in the way of the generated code.

use serde_json::json;
use sobject_core::{
    Calls, Flags, Id, Patch, RecordId, Ref, SObject, Store, Target,
    chrono::{DateTime, NaiveDate, Utc},
    standard::{Group, User},
};

/// An object with a field of each kind.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a00", custom, plural = "Bills", since = 28, calls(create, query, update))]
pub(crate) struct Invoice {
    /// Who pays.
    #[field(create, update, filter, group, sort, custom, relationship = "Payer")]
    pub(crate) payer_id: Id<User>,
    /// When.
    #[field(create, filter, custom)]
    pub(crate) due: NaiveDate,
    /// How much.
    #[field(create, update, nillable, custom, label = "Amount Due", digits = 9)]
    pub(crate) amount: Option<i32>,
    /// Who looks after it.
    #[field(create, update, defaulted_on_create, relationship = "Keeper")]
    pub(crate) owner_id: Ref<(Group, User)>,
    /// Is it of the usual kind? Nobody may know.
    #[field(create, nillable, defaulted_on_create, name = "Usual", custom)]
    pub(crate) r#type: Option<bool>,
    /// Its number.
    #[field(autonumber = "INV-{0000}", defaulted_on_create, name_field, id_lookup)]
    pub(crate) name: String,
    /// What it is for; not to be changed.
    #[field(create, nillable, length = 80, name = "Kind__c")]
    pub(crate) kind: Option<String>,
    /// Is it paid?
    #[field(create, update, defaulted_on_create, custom)]
    pub(crate) paid: bool,
    /// When this caller looked last.
    #[field(nillable, per_caller)]
    pub(crate) last_viewed_date: Option<DateTime<Utc>>,
    /// From what; an alias is as good as the type.
    #[field(create, nillable, name = "Origin__c")]
    pub(crate) origin: Origin,
}

/// A custom object of a package, with standard fields and custom ones.
#[derive(SObject)]
#[sobject(key_prefix = "a07", name = "acme__Crate", custom)]
struct Crate {
    #[field(create, name_field)]
    name: String,
    #[field(create, defaulted_on_create)]
    owner_id: Id<User>,
    #[field(create, custom)]
    bottle_count: i32,
    #[field(create, nillable, name = "Best_Before", custom)]
    best_before: Option<NaiveDate>,
    #[field(create, nillable, custom)]
    packer: Option<Id<User>>,
    #[field(create, nillable, custom, relationship = "Outer")]
    put_into: Option<Id<Self>>,
    #[field(create, nillable, name = "acme__Checker__c")]
    checker: Option<Id<User>>,
    #[field(create, nillable, name = "Crane__c", custom, relationship = "By__r")]
    crane: Option<Id<User>>,
}

/// A nillable reference by another name.
pub(crate) type Origin = Option<Id<Invoice>>;

fn payer() -> Id<User> {
    "005000000000001".parse().expect("an id")
}

fn create() -> InvoiceCreate {
    InvoiceCreate::new(payer(), NaiveDate::MIN)
}

fn json_of(view: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(view).expect("a view serialises")
}

#[test]
fn the_definition_says_what_the_struct_says() {
    let object = Invoice::OBJECT;
    assert_eq!((Invoice::NAME, object.name), ("Invoice__c", "Invoice__c"));
    assert_eq!((object.label, object.plural), ("Invoice", "Bills"));
    assert_eq!((object.key_prefix, object.since), ("a00", 28));
    assert_eq!(object.calls, Calls::NONE.create().query().update());
    assert_eq!(Made::OBJECT.calls, Calls::ALL, "without a list it is every call but merge");
}

#[test]
fn fields_keep_their_order_and_names() {
    let names: Vec<_> = Invoice::OBJECT.fields.iter().map(|it| (it.name, it.label)).collect();
    let expected = [
        ("PayerId__c", "Payer ID"),
        ("Due__c", "Due"),
        ("Amount__c", "Amount Due"),
        ("OwnerId", "Owner ID"),
        ("Usual__c", "Usual"),
        ("Name", "Name"),
        ("Kind__c", "Kind"),
        ("Paid__c", "Paid"),
        ("LastViewedDate", "Last Viewed Date"),
        ("Origin__c", "Origin"),
    ];
    assert_eq!(names, expected);
}

#[test]
fn flags_are_those_that_are_written() {
    let flags: Vec<_> = Invoice::OBJECT.fields.iter().map(|field| field.flags).collect();
    let expected = [
        Flags::NONE.create().update().filter().group().sort(),
        Flags::NONE.create().filter(),
        Flags::NONE.create().update().nillable(),
        Flags::NONE.create().update().defaulted_on_create(),
        Flags::NONE.create().nillable().defaulted_on_create(),
        Flags::NONE.defaulted_on_create().name_field().id_lookup(),
        Flags::NONE.create().nillable(),
        Flags::NONE.create().update().defaulted_on_create(),
        Flags::NONE.nillable().per_caller(),
        Flags::NONE.create().nillable(),
    ];
    assert_eq!(flags, expected);
}

#[test]
fn numbers_and_formats_are_those_that_are_written() {
    let fields = Invoice::OBJECT.fields;
    assert_eq!((fields[2].digits, fields[2].length), (9, 0));
    assert_eq!((fields[6].digits, fields[6].length), (0, 80));
    let formats: Vec<_> = fields.iter().filter_map(|field| field.autonumber).collect();
    assert_eq!(formats, ["INV-{0000}"]);
}

fn names_of(targets: &[Target]) -> Vec<&'static str> {
    targets.iter().map(|target| target.name).collect()
}

#[test]
fn references_come_from_the_type_and_relationships_from_the_name() {
    let fields = Invoice::OBJECT.fields;
    let references: Vec<_> = fields
        .iter()
        .filter(|field| !field.references.is_empty() || field.relationship.is_some())
        .map(|field| (field.name, names_of(field.references), field.relationship))
        .collect();
    let expected = [
        ("PayerId__c", vec!["User"], Some("Payer__r")),
        ("OwnerId", vec!["Group", "User"], Some("Keeper")),
        ("Origin__c", vec!["Invoice__c"], Some("Origin__r")),
    ];
    // Kind__c has a name like a custom reference, but is not one.
    assert_eq!(references, expected);
}

#[test]
fn custom_objects_and_fields_are_described_as_such() {
    let store = Store::in_memory(&[User::OBJECT, Crate::OBJECT]).expect("a store");
    let describe = store.system().describe::<Crate>().expect("a describe");
    assert_eq!((describe.name.as_str(), describe.label.as_str()), ("acme__Crate__c", "Crate"));
    assert!(describe.custom);
    let (custom, standard): (Vec<_>, Vec<_>) = describe.fields.iter().partition(|it| it.custom);
    assert_eq!(standard.len(), 7 + 2, "the system fields, Name and OwnerId");
    let custom: Vec<_> =
        custom.iter().map(|it| (it.name.as_str(), it.relationship_name.as_deref())).collect();
    let expected = [
        ("BottleCount__c", None),
        ("Best_Before__c", None),
        ("Packer__c", Some("Packer__r")),
        ("PutInto__c", Some("Outer__r")),
        ("acme__Checker__c", Some("acme__Checker__r")),
        ("Crane__c", Some("By__r")),
    ];
    assert_eq!(custom, expected);
}

#[test]
fn a_create_says_what_is_set() {
    let set = json!({"PayerId__c": "005000000000001AAA", "Due__c": NaiveDate::MIN.to_string()});
    assert_eq!(json_of(&create()), set);
    let full = InvoiceCreate {
        amount: Some(7),
        paid: Some(true),
        owner_id: Some(Ref::to(payer())),
        r#type: Patch::NULL,
        origin: None,
        ..create()
    };
    let mut expected = set;
    expected["Amount__c"] = json!(7);
    expected["OwnerId"] = json!("005000000000001AAA");
    // `Usual__c` has a default, which null keeps the store from supplying. A null for a field
    // without a default would change nothing, and is left out.
    expected["Usual__c"] = json!(null);
    expected["Paid__c"] = json!(true);
    assert_eq!(json_of(&full), expected);
}

#[test]
fn an_update_says_what_is_set() {
    assert_eq!(json_of(&InvoiceUpdate::default()), json!({}));
    let update = InvoiceUpdate { amount: Patch::NULL, ..InvoiceUpdate::default() };
    assert_eq!(json_of(&update), json!({"Amount__c": null}));
    let update = InvoiceUpdate { amount: 3.into(), payer_id: payer().into(), ..update };
    assert_eq!(json_of(&update), json!({"PayerId__c": "005000000000001AAA", "Amount__c": 3}));
}

#[test]
fn views_clone_compare_and_print_what_is_set() {
    let update = InvoiceUpdate { amount: Patch::NULL, ..InvoiceUpdate::default() };
    assert_eq!(update.clone(), update);
    assert_ne!(update, InvoiceUpdate::default());
    assert_eq!(format!("{update:?}"), "InvoiceUpdate { Amount__c: Null, .. }");
    let create = InvoiceCreate { r#type: Patch::Set(Some(true)), ..create() };
    assert_eq!(create.clone(), create);
    assert_ne!(create, InvoiceCreate { r#type: Patch::Keep, ..create.clone() });
}

#[test]
fn handles_name_their_fields_and_the_system_fields() {
    assert_eq!(Invoice::FIELDS.payer_id.name(), "PayerId__c");
    assert_eq!(Invoice::FIELDS.r#type.name(), "Usual__c");
    assert_eq!(Invoice::FIELDS.created_date.name(), "CreatedDate");
}

#[test]
fn system_fields_are_compared_with_values_of_their_own_types() {
    let store = Store::in_memory(&[Group::OBJECT, User::OBJECT, Invoice::OBJECT]).expect("a store");
    let db = store.system();
    let by: RecordId = payer().record_id();
    let id: Id<Invoice> = "a00000000000001".parse().expect("an id");
    let answers = [
        db.find(Invoice::FIELDS.created_by_id, by).map(drop),
        db.find(Invoice::FIELDS.last_modified_by_id, payer()).map(drop),
        db.find(Invoice::FIELDS.id, id).map(drop),
        db.find_range(Invoice::FIELDS.system_modstamp, DateTime::UNIX_EPOCH..).map(drop),
        db.transaction(|tx| tx.find(Invoice::FIELDS.created_by_id, by).map(drop)),
    ];
    for answer in answers {
        answer.expect("there are no invoices");
    }
}

/// A scope in which every name that an expansion uses means something else, without the prelude.
mod hostile {
    #![no_implicit_prelude]
    #![allow(non_camel_case_types)]
    #![deny(warnings)]

    type Text = ::std::string::String;

    pub(super) struct Result;
    pub(super) struct Option;
    pub(super) struct String;
    pub(super) struct Ok;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Patch;
    pub(super) struct Default;
    pub(super) struct Clone;
    pub(super) struct Field;
    pub(super) struct Yes;
    pub(super) struct str_;
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod sobject_core {}

    #[derive(::sobject_core::SObject)]
    #[sobject(key_prefix = "a01")]
    pub(super) struct Hostile {
        #[field(create, update, defaulted_on_create)]
        row: bool,
        #[field(create, update, nillable)]
        f: ::std::option::Option<i32>,
        #[field(create, update, length = 9)]
        r#type: Text,
        #[field(create, update, nillable, defaulted_on_create)]
        other: ::std::option::Option<bool>,
        #[field(create, update, defaulted_on_create, relationship = "Keeper")]
        owner_id: ::sobject_core::Id<::sobject_core::standard::User>,
        #[field(create, update)]
        serializer: f64,
        #[field(create, name = "Self__c")]
        __so: i32,
    }

    #[test]
    fn hostile_names_do_not_get_in_the_way() {
        use ::std::{assert_eq, default::Default as _, string::ToString as _};

        // Uses all names of the scope, so that the compiler does not call them dead code.
        let _ = (Result, Option, String, Ok, Some, None, Patch, Default, Clone, Field, Yes, str_);
        let create = HostileCreate::new("x".to_string(), 1.5, 7);
        assert_eq!(
            super::json_of(&create).to_string(),
            r#"{"Type":"x","Serializer":1.5,"Self__c":7}"#
        );
        assert_eq!(HostileUpdate::default(), HostileUpdate::default());
        assert_eq!(Hostile::FIELDS.r#type.name(), "Type");
    }
}

/// A private object, with all lints on.
mod private {
    #![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, clippy::pedantic)]

    use sobject_core::SObject;

    #[derive(SObject)]
    #[sobject(key_prefix = "a02")]
    struct Note {
        #[field(create, nillable, filter)]
        text: Option<String>,
    }

    #[derive(SObject)]
    #[sobject(key_prefix = "a03", calls(query))]
    struct Report {
        #[field(filter)]
        total: f64,
    }

    #[test]
    fn nothing_required_makes_a_default() {
        assert_eq!(NoteCreate::default(), NoteCreate::new());
        assert_eq!(NoteCreate { text: None }, NoteCreate::default());
        assert_eq!(Note::FIELDS.text.name(), "Text");
    }

    #[test]
    fn an_object_that_nobody_writes_has_empty_views() {
        assert_eq!(ReportCreate::default(), ReportCreate {});
        assert_eq!(ReportUpdate::default(), ReportUpdate {});
        assert_eq!(Report::FIELDS.total.name(), "Total");
    }
}

/// Core under another path, as if another crate re-exported it.
mod reexported {
    pub(crate) mod kit {
        pub(crate) use sobject_core as objects;
    }

    /// A struct that gives the path of the re-export.
    #[derive(kit::objects::SObject)]
    #[sobject(key_prefix = "a04", crate = crate::derive::reexported::kit::objects)]
    pub(crate) struct Renamed {
        #[field(create)]
        pub(crate) size: i32,
    }

    #[test]
    fn core_may_have_another_name() {
        use kit::objects::SObject;
        assert_eq!(Renamed::OBJECT.fields[0].name, "Size");
        assert_eq!(super::json_of(&RenamedCreate::new(1)).to_string(), r#"{"Size":1}"#);
    }
}

/// An object whose records refer to each other.
#[derive(SObject)]
#[sobject(key_prefix = "a06")]
struct Branch {
    #[field(create, update, nillable)]
    parent_id: Option<Id<Self>>,
}

#[test]
fn self_is_the_object_in_its_views_too() {
    assert_eq!(names_of(Branch::OBJECT.fields[0].references), ["Branch"]);
    let parent: Id<Branch> = "a06000000000001".parse().expect("an id");
    let create = BranchCreate { parent_id: Some(parent) };
    assert_eq!(json_of(&create), json!({"ParentId": "a06000000000001AAA"}));
    assert_ne!(BranchUpdate { parent_id: parent.into() }, BranchUpdate::default());
}

/// A struct that a macro writes.
macro_rules! object {
    ($name:ident { $($field:ident: $ty:ty),* }) => {
        #[derive(SObject)]
        #[sobject(key_prefix = "a05")]
        struct $name {
            $(#[field(create, filter)] $field: $ty,)*
        }
    };
}

object!(Made { size: i32, weight: f64 });

#[test]
fn a_macro_may_write_the_struct() {
    assert_eq!(json_of(&MadeCreate::new(1, 2.0)), json!({"Size": 1, "Weight": 2.0}));
    assert_eq!(Made::FIELDS.weight.name(), "Weight");
}
