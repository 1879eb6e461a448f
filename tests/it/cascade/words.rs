//! The words `on_delete` and `child_relationship`: what describe tells of them, queries by the name,
//! and contradictions.

use serde_json::json;
use sobject_core::{
    Definition, Error, FieldDefinition, FieldType, OnDelete, SObject, Store, Target, standard::User,
};

use super::{MASTER, MASTERS, Yard, reference};

#[test]
fn describe_tells_the_rules_and_the_names_of_child_relationships() {
    let yard = Yard::new();
    let described = yard.db.describe_sobject("Master__c").unwrap();
    let told: Vec<_> = described
        .child_relationships
        .iter()
        .map(|it| {
            let name = it.relationship_name.as_deref();
            (&*it.child_sobject, &*it.field, it.cascade_delete, it.restricted_delete, name)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Detail__c", "Master__c", true, false, Some("Details__r")),
            ("Detail__c", "Other__c", false, false, None),
            ("Holder__c", "Along__c", true, false, None),
            ("Holder__c", "Master__c", false, true, None),
            ("Junction__c", "Left__c", true, false, None),
            ("Junction__c", "Right__c", true, false, None),
            ("Master__c", "Favourite__c", false, false, None),
            ("Note__c", "About__c", true, false, None),
        ]
    );
    // The describe of the reference itself never says it, as in an org.
    let detail = yard.db.describe_sobject("Detail__c").unwrap();
    assert!(detail.fields.iter().all(|it| !it.cascade_delete && !it.restricted_delete));
    // Users cannot be deleted, so nothing is told of who would be held.
    let user = yard.db.describe_sobject("User").unwrap();
    assert!(user.child_relationships.iter().all(|it| !it.restricted_delete));
}

#[test]
fn a_required_reference_holds_unless_it_says_otherwise() {
    const PLAIN: &Definition =
        &Definition::new("Plain__c").key_prefix("a0P").fields(&[reference("Master__c", MASTERS)]);
    let store = Store::in_memory(&[User::OBJECT, MASTER, PLAIN]).unwrap();
    let described = store.system().describe_sobject("Master__c").unwrap();
    let children = &described.child_relationships;
    let child = children.iter().find(|it| it.child_sobject == "Plain__c").unwrap();
    assert!(child.restricted_delete && !child.cascade_delete);
}

#[test]
fn queries_find_children_by_the_name() {
    let yard = Yard::new();
    let master = yard.master("M");
    for name in ["A", "B"] {
        yard.detail(master, name);
    }
    let query = "SELECT Name, (SELECT Name FROM Details__r ORDER BY Name) FROM Master__c";
    let rows = serde_json::to_value(yard.db.soql(query).unwrap()).unwrap();
    let details = &rows["records"][0]["Details__r"];
    let names: Vec<_> =
        details["records"].as_array().unwrap().iter().map(|it| it["Name"].clone()).collect();
    assert_eq!(names, [json!("A"), json!("B")]);
    let error = yard.db.soql("SELECT (SELECT Id FROM Detail__r) FROM Master__c").unwrap_err();
    assert!(error.to_string().contains("Details__r"), "{error}");
}

#[test]
fn contradictions_are_refused_at_the_opening_each_in_words() {
    const OWN: &[Target] = &[Target::new("Wrong__c", "a0X")];
    let cases: Vec<(&str, FieldDefinition, &str)> = vec![
        (
            "set to null what may not be",
            reference("Master__c", MASTERS).on_delete(OnDelete::SetNull),
            "field Master__c: on delete it is set to null, but it is not nillable",
        ),
        (
            "a rule of no reference",
            FieldDefinition::new("Text__c", FieldType::String)
                .create()
                .on_delete(OnDelete::Cascade),
            "field Text__c: only a reference says what becomes of it on delete",
        ),
        (
            "children of no reference",
            FieldDefinition::new("Text__c", FieldType::String).create().child_relationship("Texts"),
            "field Text__c: only a reference has a child relationship",
        ),
        (
            "a name that is none",
            reference("Master__c", MASTERS).child_relationship("Not a name"),
            "field Master__c: the name of the child relationship is none that a relationship can have",
        ),
        (
            "a cascade to its own object",
            reference("Own__c", OWN).nillable().on_delete(OnDelete::Cascade),
            "field Own__c: a reference to records of its own object can only be set to null",
        ),
        (
            "holding its own object",
            reference("Own__c", OWN).nillable().on_delete(OnDelete::Restrict),
            "field Own__c: a reference to records of its own object can only be set to null",
        ),
    ];
    for (what, field, problem) in cases {
        let fields = Vec::leak(vec![field]);
        let definition = Definition::new("Wrong__c").key_prefix("a0X").fields(fields);
        let error = Store::in_memory(&[User::OBJECT, MASTER, Box::leak(Box::new(definition))]);
        let Err(Error::BadDefinition { object, problems }) = error else { panic!("{what}") };
        assert_eq!(object, "Wrong__c", "{what}");
        assert!(problems.iter().any(|it| it.starts_with(problem)), "{what}: {problems:?}");
    }
}

#[test]
fn two_fields_cannot_have_one_child_relationship() {
    const TWICE: &Definition = &Definition::new("Twice__c").key_prefix("a0X").fields(&[
        reference("One__c", MASTERS).child_relationship("Twins__r"),
        reference("Two__c", MASTERS).child_relationship("twins__r"),
    ]);
    let error = Store::in_memory(&[User::OBJECT, MASTER, TWICE]).unwrap_err();
    let Error::BadDefinition { problems, .. } = &error else { panic!("{error:?}") };
    assert_eq!(
        *problems,
        ["field Two__c: Master__c has the child relationship twins__r by Twice__c.One__c already"]
    );
}

#[test]
fn users_are_held_and_never_taken_along() {
    const USER: &Definition = &Definition::new("User")
        .key_prefix("005")
        .calls(sobject_core::Calls::NONE.create().query())
        .fields(&[reference("Master__c", MASTERS).nillable().on_delete(OnDelete::Cascade)]);
    let error = Store::in_memory(&[USER, MASTER]).unwrap_err();
    assert!(error.to_string().contains("users cannot be deleted"), "{error}");
}
