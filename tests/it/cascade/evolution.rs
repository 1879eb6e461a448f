//! Rules that change between two openings of a file, and objects that come and go.

use std::path::PathBuf;

use serde_json::json;
use sobject_core::{Definition, FieldDefinition, OnDelete, SObject, Store, standard::User};

use super::{DETAIL, MASTER, MASTERS, OBJECTS, PIECE, Yard, name, reference};
use crate::desk::refused;

/// Details as they are with another rule.
const FREE: &Definition = &Definition::new("Detail__c").key_prefix("a0D").fields(&[
    name(),
    reference("Master__c", MASTERS).nillable(),
    reference("Other__c", MASTERS).nillable(),
    FieldDefinition::new("Code__c", sobject_core::FieldType::String)
        .create()
        .update()
        .nillable()
        .unique(),
]);

const HELD: &Definition = &Definition::new("Detail__c").key_prefix("a0D").fields(&[
    name(),
    reference("Master__c", MASTERS).nillable().on_delete(OnDelete::Restrict),
    reference("Other__c", MASTERS).nillable(),
    FieldDefinition::new("Code__c", sobject_core::FieldType::String)
        .create()
        .update()
        .nillable()
        .unique(),
]);

struct File {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

impl File {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("yard.redb");
        Self { _dir: dir, path }
    }

    fn open(&self, objects: &[&Definition]) -> Yard {
        Yard::with(|builder| builder.open(&self.path, objects))
    }
}

#[test]
fn a_rule_that_changed_holds_from_the_next_opening_on() {
    let file = File::new();
    let yard = file.open(&[User::OBJECT, MASTER, DETAIL]);
    let masters = ["One", "Two", "Three"].map(|name| yard.master(name));
    let details = masters.map(|master| yard.detail(master, "D"));
    yard.delete(masters[0]);
    assert!(!yard.is_live(details[0]));
    drop(yard);

    let yard = file.open(&[User::OBJECT, MASTER, FREE]);
    yard.verify();
    yard.delete(masters[1]);
    assert_eq!(yard.get(details[1])["Master__c"], json!(null));
    // What went along by the rule of its time comes back with its root.
    yard.undelete(masters[0]);
    assert!(yard.is_live(details[0]));
    yard.verify();
    drop(yard);

    let yard = file.open(&[User::OBJECT, MASTER, HELD]);
    assert_eq!(refused(yard.of(masters[2]).delete(masters[2])).code, "DELETE_FAILED");
    yard.undelete(masters[1]);
    assert_eq!(yard.get(details[1])["Master__c"], json!(masters[1]));
    yard.verify();
}

#[test]
fn a_detail_that_waited_by_an_old_rule_comes_back_by_the_new_one() {
    let file = File::new();
    let yard = file.open(&[User::OBJECT, MASTER, DETAIL]);
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    yard.delete(detail);
    drop(yard);
    let yard = file.open(&[User::OBJECT, MASTER, FREE]);
    yard.delete(master);
    yard.undelete(detail);
    assert_eq!(yard.get(detail)["Master__c"], json!(null));
    yard.verify();
}

#[test]
fn details_that_are_not_listed_go_along_and_come_back() {
    let file = File::new();
    let yard = file.open(&[User::OBJECT, MASTER, DETAIL, PIECE]);
    let [master, other] = ["M", "Other"].map(|name| yard.master(name));
    let detail = yard.detail(master, "D");
    let piece = yard.piece(detail, "P");
    let far = yard.create("Detail__c", &json!({ "Master__c": other, "Other__c": master }));
    drop(yard);
    let yard = file.open(&[User::OBJECT, MASTER]);
    yard.delete(master);
    yard.verify();
    drop(yard);
    let yard = file.open(&[User::OBJECT, MASTER, DETAIL, PIECE]);
    assert_eq!(yard.live(&[detail, piece, far]), [false, false, true]);
    assert_eq!(yard.get(far)["Other__c"], json!(null));
    drop(yard);
    let yard = file.open(&[User::OBJECT, MASTER]);
    yard.undelete(master);
    yard.verify();
    drop(yard);
    let yard = file.open(&[User::OBJECT, MASTER, DETAIL, PIECE]);
    assert_eq!(yard.live(&[detail, piece, far]), [true; 3]);
    assert_eq!(yard.get(far)["Other__c"], json!(master));
    yard.verify();
}

#[test]
fn the_rules_of_describes_hold_also_where_nothing_is_listed_but_the_file() {
    let file = File::new();
    let describe = |name: &str| {
        let mut describe = Yard::new().db.describe_sobject(name).unwrap();
        for child in &mut describe.child_relationships {
            child.cascade_delete = child.child_sobject == "Detail__c" && child.field == "Master__c";
        }
        describe
    };
    let names = ["Master__c", "Detail__c"];
    let yard = Yard::with(|builder| {
        let builder = names.iter().fold(builder, |builder, name| builder.described(describe(name)));
        builder.open(&file.path, &[User::OBJECT])
    });
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    drop(yard);
    let yard = Yard::with(|builder| builder.every_stored_object().open(&file.path, &[]));
    yard.delete(master);
    assert!(!yard.is_live(detail));
    let described = yard.db.describe_sobject("Master__c").unwrap();
    let children = &described.child_relationships;
    let child = children.iter().find(|it| it.field == "Master__c").unwrap();
    assert!(child.cascade_delete && !child.restricted_delete);
    assert_eq!(child.relationship_name.as_deref(), Some("Details__r"));
    yard.verify();
}

#[test]
fn dropping_a_root_leaves_what_went_along_to_itself() {
    let file = File::new();
    let yard = file.open(OBJECTS);
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let piece = yard.piece(detail, "P");
    let note = yard.create("Note__c", &json!({ "About__c": detail }));
    let holder = yard.create("Holder__c", &json!({ "Along__c": master }));
    yard.delete(detail);
    yard.delete(holder);
    drop(yard);
    let without: Vec<_> = OBJECTS.iter().copied().filter(|it| it.name != "Detail__c").collect();
    let open = |builder: sobject_core::StoreBuilder| {
        builder.drop_object("Detail__c").open(&file.path, &without)
    };
    let yard = Yard::with(open);
    yard.verify();
    for id in [note, holder] {
        yard.undelete(id);
        assert!(yard.is_live(id));
    }
    yard.undelete(piece);
    yard.verify();
    drop(yard);
    Store::builder().open(&file.path, &without).map(drop).unwrap();
}
