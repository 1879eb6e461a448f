//! Searches: what SOSL finds in the texts of records, what it gives of them, and what it refuses.
//!
//! The index of words is compared with a searcher that reads every text and shares no code with it
//! (`naive`), over random records, changes and searches.

mod common;
mod differential;
mod evolution;
mod hostile;
mod naive;
mod refusals;
mod returning;
mod rights;
mod terms;
mod typed;
mod writes;

use serde_json::{Value as Json, json};
use sobject_core::{
    Calls, Connection, Definition, FieldDefinition, FieldType, JsonRecord, RecordId, Sosl, Target,
};

use crate::types::{Shop, open, required};

/// A company, with a text of each kind.
const COMPANY: &Definition =
    &Definition::new("Company__c").label("Company", "Companies").key_prefix("a0C").fields(&[
        required("Name", FieldType::String).name_field().filter().sort(),
        open("About__c", FieldType::TextArea).length(2_000),
        open("Mail__c", FieldType::Email).filter(),
        open("Phone__c", FieldType::Phone).filter(),
        open("Site__c", FieldType::Url).filter(),
        open("Trade__c", FieldType::Picklist).filter(),
        open("Size__c", FieldType::Int).filter().sort(),
        open("Since__c", FieldType::Date).filter().sort(),
        open("Parent__c", FieldType::Reference)
            .references(&[Target::new("Company__c", "a0C")])
            .relationship("Parent__r")
            .filter(),
    ]);

/// A person.
const PERSON: &Definition =
    &Definition::new("Person__c").label("Person", "People").key_prefix("a0P").fields(&[
        required("Name", FieldType::String).name_field().filter().sort(),
        open("Mail__c", FieldType::Email).filter(),
    ]);

/// A case, whose subject is a name though its number is that of the record.
const CASE: &Definition =
    &Definition::new("Case").label("Case", "Cases").key_prefix("500").fields(&[
        FieldDefinition::new("CaseNumber", FieldType::String).autonumber("{00000000}").name_field(),
        open("Subject", FieldType::String),
        open("Description", FieldType::TextArea),
    ]);

/// An object that cannot be searched.
const SECRET: &Definition = &Definition::new("Secret__c")
    .label("Secret", "Secrets")
    .key_prefix("a0S")
    .calls(Calls::NONE.create().query().retrieve().update().delete())
    .fields(&[required("Name", FieldType::String).name_field().filter()]);

/// An object without any text.
const NUMBER: &Definition = &Definition::new("Number__c")
    .label("Number", "Numbers")
    .key_prefix("a0N")
    .fields(&[open("Size__c", FieldType::Int)]);

/// Every object that is searched here.
const OBJECTS: &[&Definition] = &[COMPANY, PERSON, CASE, SECRET, NUMBER];

/// A store of companies with these names.
fn companies(names: &[&str]) -> (Shop, Vec<RecordId>) {
    let shop = Shop::of(OBJECTS);
    let ids =
        names.iter().map(|name| shop.create("Company__c", &json!({ "Name": name }))).collect();
    (shop, ids)
}

/// The records that a search finds.
#[track_caller]
fn found(db: &Connection, search: impl Into<Sosl>) -> Vec<JsonRecord> {
    db.search(search).unwrap_or_else(|error| panic!("{error}")).records
}

/// The names of the records that a search finds, whose `RETURNING` gives them.
#[track_caller]
fn names(db: &Connection, search: impl Into<Sosl>) -> Vec<String> {
    let name = |record: &JsonRecord| record["Name"].as_str().expect("a name").to_owned();
    found(db, search).iter().map(name).collect()
}

/// The names of the companies in which an expression finds something.
#[track_caller]
fn of_companies(db: &Connection, expr: &str) -> Vec<String> {
    names(db, format!("FIND {{{expr}}} RETURNING Company__c(Name)"))
}

/// A field of each record.
fn values(records: &[JsonRecord], field: &str) -> Vec<Json> {
    records.iter().map(|record| record[field].clone()).collect()
}
