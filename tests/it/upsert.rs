//! Upsert, by every kind of key; and parents that records name by a key.

mod batch;
mod keys;
mod parents;
mod rights;
mod typed;

use serde_json::{Value as Json, json};
use sobject_core::{
    Calls, Definition, Error, FieldDefinition, FieldType, RecordId, Result, Target, Upserted,
};

use crate::{
    desk::Refusal,
    types::{Shop, open, required},
};

/// A firm with a key of every kind: unique in any case, unique to the case, not unique, a number, an
/// e-mail address, and a name that only the store gives.
const FIRM: &Definition =
    &Definition::new("Firm__c").label("Firm", "Firms").key_prefix("a0F").fields(&[
        FieldDefinition::new("Name", FieldType::String)
            .autonumber("F-{000}")
            .id_lookup()
            .filter()
            .name_field(),
        required("Title__c", FieldType::String).label("Title").length(20),
        open("Any__c", FieldType::String).label("Any Case").length(8).external_id().unique(),
        open("Case__c", FieldType::String).external_id().unique().case_sensitive(),
        open("Tag__c", FieldType::String).label("Tag").external_id(),
        open("Number__c", FieldType::Double).external_id().unique(),
        open("Mail__c", FieldType::Email).label("Mail").id_lookup(),
        open("Plain__c", FieldType::String),
        open("Head__c", FieldType::Reference)
            .references(&[Target::new("Firm__c", "a0F")])
            .relationship("Head__r"),
    ]);

/// A branch of a firm, which is watched by a firm or another branch.
const BRANCH: &Definition =
    &Definition::new("Branch__c").label("Branch", "Branches").key_prefix("a0B").fields(&[
        FieldDefinition::new("Name", FieldType::String).autonumber("B-{000}").name_field(),
        required("Firm__c", FieldType::Reference)
            .label("Firm")
            .references(&[Target::new("Firm__c", "a0F")])
            .relationship("Firm__r"),
        open("Watch__c", FieldType::Reference)
            .references(&[Target::new("Firm__c", "a0F"), Target::new("Branch__c", "a0B")])
            .relationship("Watch__r"),
        open("Lost__c", FieldType::Reference)
            .references(&[Target::new("Lost__c", "a0L")])
            .relationship("Lost__r"),
        open("Code__c", FieldType::String).external_id().unique(),
    ]);

/// An object that lists no upsert.
const FIXED: &Definition = &Definition::new("Fixed__c")
    .label("Fixed Thing", "Fixed Things")
    .key_prefix("a0X")
    .calls(Calls::NONE.create().update().delete().query().retrieve().describe_sobjects())
    .fields(&[required("Key__c", FieldType::String).external_id().unique()]);

const OBJECTS: &[&Definition] = &[FIRM, BRANCH, FIXED];

/// A shop with these objects, and a firm.
fn shop() -> (Shop, RecordId) {
    let shop = Shop::of(OBJECTS);
    let firm = shop.create("Firm__c", &acme());
    (shop, firm)
}

fn acme() -> Json {
    json!({
        "Title__c": "Acme", "Any__c": "X1", "Case__c": "K1", "Tag__c": "T1", "Number__c": 7,
        "Mail__c": "wile@acme.example",
    })
}

/// What became of each record: whether it was created, or why it was refused.
fn fates(results: Vec<Result<Upserted>>) -> Vec<std::result::Result<bool, Refusal>> {
    let fate = |result: Result<Upserted>| match result {
        Ok(done) => Ok(done.created),
        Err(error) => Err(Refusal::from(&error)),
    };
    results.into_iter().map(fate).collect()
}

/// The refusal in a result that has one.
fn error_of(result: Result<Upserted>) -> Error {
    result.expect_err("a refusal")
}
