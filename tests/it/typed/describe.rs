//! What describe says about the types and words of the derive.

use serde_json::{Value as Json, json};
use sobject_core::{FieldDescribe, SObject, standard::User};

use super::{Order, db};

fn fields() -> Vec<FieldDescribe> {
    db().describe::<Order>().expect("orders are described").fields
}

fn field(name: &str) -> Json {
    let field = fields().into_iter().find(|field| field.name == name);
    serde_json::to_value(field.expect("the field is described")).expect("JSON")
}

/// Asserts that the describe of a field has these keys with these values.
#[track_caller]
fn check(name: &str, wanted: &Json) {
    let field = field(name);
    for (key, value) in wanted.as_object().expect("a map") {
        assert_eq!(&field[key], value, "{key} of {name}");
    }
}

#[test]
fn each_type_is_described_by_its_name_and_numbers() {
    for (name, wanted) in [
        ("Sent", json!({ "type": "long", "soapType": "xsd:long", "digits": 18, "length": 0 })),
        ("After", json!({ "type": "time", "soapType": "xsd:time", "length": 0, "digits": 0 })),
        ("Scan", json!({ "type": "base64", "soapType": "xsd:base64Binary", "length": 0 })),
        ("Phase", json!({ "type": "picklist", "soapType": "xsd:string", "length": 255 })),
        ("Tools", json!({ "type": "multipicklist", "length": 4099, "byteLength": 12297 })),
        ("Subject", json!({ "type": "combobox", "length": 255, "byteLength": 765 })),
        ("Total", json!({ "type": "currency", "precision": 16, "scale": 2, "length": 0 })),
        ("Discount", json!({ "type": "percent", "precision": 18, "scale": 1 })),
        ("Email", json!({ "type": "email", "length": 80, "byteLength": 240 })),
        ("Phone", json!({ "type": "phone", "length": 40 })),
        ("Website", json!({ "type": "url", "length": 255 })),
        ("Note", json!({ "type": "textarea", "length": 32000, "byteLength": 96000 })),
        ("Parcels", json!({ "type": "int", "digits": 4 })),
    ] {
        check(name, &wanted);
    }
}

#[test]
fn the_words_are_described() {
    let on = json!(true);
    check("Code", &json!({ "externalId": on, "idLookup": on, "unique": on, "caseSensitive": on }));
    check("Origin", &json!({ "inlineHelpText": "Who brought it", "restrictedPicklist": false }));
    check("Phase", &json!({ "inlineHelpText": null, "restrictedPicklist": on }));
    check("Name", &json!({ "autoNumber": on, "nameField": on, "defaultedOnCreate": on }));
    for name in ["Big", "Before", "Seal", "Discount", "Parcels", "Open", "Due", "Tools", "Way__c"] {
        check(name, &json!({ "defaultedOnCreate": on }));
    }
    check("Way__c", &json!({ "nillable": on, "custom": on }));
    check("Open", &json!({ "defaultValue": true }));
}

#[test]
fn the_values_of_a_picklist_are_described_in_their_order() {
    let entry = |value: &str, label: &str, active: bool, default: bool| {
        json!({
            "value": value, "label": label, "active": active, "defaultValue": default,
            "validFor": null,
        })
    };
    let origin = json!([
        entry("Web", "Web", true, false),
        entry("By Phone", "Telephone", true, false),
        entry("Fax", "Fax", false, false),
    ]);
    for name in ["Origin", "Origins", "Way__c", "Subject"] {
        check(name, &json!({ "picklistValues": origin }));
    }
    let phase = json!([
        entry("New", "New", true, true),
        entry("In Progress", "In Progress", true, false),
        entry("Lost", "Lost", false, false),
    ]);
    check("Phase", &json!({ "picklistValues": phase, "defaultValue": "New" }));
    check("Sent", &json!({ "picklistValues": [] }));
}

#[test]
fn a_reference_to_any_object_is_described_by_those_of_the_store() {
    check(
        "About__c",
        &json!({
            "type": "reference", "referenceTo": ["Group", "Order", "User"],
            "relationshipName": "About__r", "polymorphicForeignKey": true, "namePointing": true,
        }),
    );
    let users = db().describe::<User>().expect("users are described");
    let children: Vec<_> = users
        .child_relationships
        .iter()
        .filter(|child| child.child_sobject == Order::NAME)
        .map(|child| child.field.as_str())
        .collect();
    assert_eq!(children, ["About__c", "CreatedById", "LastModifiedById"]);
}
