//! Describe, and an object that is known at run time only.
//!
//! ```text
//! cargo run --example describe                          with the describe of an org's Account
//! cargo run --example describe -- Case.describe.json    with the describe in a file
//! ```
//!
//! It opens a store with an object from the JSON of an org's describe, beside derived objects. It
//! prints what the store says about the object. Then it creates a record of it as JSON, updates,
//! deletes and undeletes it, under the rules that the describe tells.

#[path = "live_agent_session/object.rs"]
mod object;
#[path = "live_agent_session/screen.rs"]
mod screen;

use std::{cmp::Reverse, env, fs, path::PathBuf, process::ExitCode};

use comfy_table::Table;
use serde_json::{Value as Json, json};
use sobject_core::{
    Error, FieldDescribe, FieldType, JsonRecord, ObjectDescribe, SObject, Store, Untyped,
    standard::{Group, User},
};

use crate::{
    object::LiveAgentSession,
    screen::{Outcome, counted},
};

/// The describe of a real org, which is among the tests' data.
const ACCOUNT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/describe/Account.describe.json");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("describe: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let path = env::args_os().nth(1).map_or_else(|| PathBuf::from(ACCOUNT), PathBuf::from);
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let text = fs::read_to_string(&path).map_err(|e| named(&e))?;
    let describe: ObjectDescribe = serde_json::from_str(&text).map_err(|e| named(&e))?;
    let name = describe.name.clone();

    let store = Store::builder().described(describe).in_memory(&[
        Group::OBJECT,
        User::OBJECT,
        LiveAgentSession::OBJECT,
    ])?;
    let db = store.system();

    let mut table = screen::table(3, ["Object", "Label", "Ids", "Fields", "Children"]);
    for object in db.describe_global().sobjects {
        let describe = db.describe_sobject(&object.name)?;
        table.add_row([
            object.name,
            object.label,
            object.key_prefix.unwrap_or_default(),
            counted(describe.fields.len()),
            counted(describe.child_relationships.len()),
        ]);
    }
    println!("{}\n", table.trim_fmt());

    let describe = db.describe_sobject(&name)?;
    println!("{}\n", fields(&describe).trim_fmt());
    let required: Vec<_> = describe
        .fields
        .iter()
        .filter(|field| is_required(field))
        .map(|field| field.name.as_str())
        .collect();
    println!("A create must give: {}", required.join(", "));
    let describe_only: Vec<_> = describe.describe_only().collect();
    if !describe_only.is_empty() {
        println!("Described, but not kept by the store: {}", describe_only.join(", "));
    }
    println!();
    live(&db.object(&name)?, &describe)
}

/// A table of the fields by type, the most frequent type first.
fn fields(describe: &ObjectDescribe) -> Table {
    let mut types: Vec<(&str, Vec<&str>)> = Vec::new();
    for field in &describe.fields {
        let (name, of) = (field.field_type.name(), field.name.as_str());
        match types.iter_mut().find(|(it, _)| *it == name) {
            Some((_, names)) => names.push(of),
            None => types.push((name, vec![of])),
        }
    }
    types.sort_by_key(|(_, names)| Reverse(names.len()));
    let header = format!("Fields of {}", describe.name);
    let mut table = screen::table(3, ["Type", "Number", &header]);
    for (name, names) in types {
        table.add_row([name.to_owned(), counted(names.len()), names.join(", ")]);
    }
    table
}

/// Must a create give the field?
fn is_required(field: &FieldDescribe) -> bool {
    field.createable && !field.nillable && !field.defaulted_on_create
}

/// Takes a record from create to undelete, with some calls that are refused.
fn live(object: &Untyped, describe: &ObjectDescribe) -> Outcome<()> {
    let mut table = screen::table(3, ["Call", "Answer"]);
    let mut line = |call: String, answer: String| {
        table.add_row([call, answer]);
    };
    line("create of nothing".to_owned(), answer(object.create(&JsonRecord::new())));
    let mut given = JsonRecord::new();
    for field in describe.fields.iter().filter(|field| is_required(field)) {
        given.insert(field.name.clone(), some_value(field));
    }
    let id = match object.create(&given) {
        Ok(id) => id,
        Err(error) => {
            line(format!("create of {}", Json::from(given)), answer::<()>(Err(error)));
            println!("{}", table.trim_fmt());
            return Ok(());
        }
    };
    line(format!("create of {}", Json::from(given)), format!("done: {id}"));

    let text =
        |it: &&FieldDescribe| it.updateable && it.nillable && it.field_type == FieldType::String;
    if let Some(field) = describe.fields.iter().find(text) {
        let length = usize::try_from(field.length)?;
        for value in ["short".to_owned(), "long ".repeat(length)] {
            let shown: String = value.chars().take(9).collect();
            let change = JsonRecord::from_iter([(field.name.clone(), value.into())]);
            line(
                format!("update of {} to `{shown}`", field.name),
                answer(object.update(id, &change)),
            );
        }
    }
    let read_only = json!({ "CreatedDate": "2004-02-29T12:00:00Z", "IsDeleted": true });
    let read_only = read_only.as_object().cloned().unwrap_or_default();
    line("update of read-only fields".to_owned(), answer(object.update(id, &read_only)));
    line("delete".to_owned(), answer(object.delete(id)));
    line("get".to_owned(), answer(object.get(id)));
    line("undelete".to_owned(), answer(object.undelete(id)));
    line("count".to_owned(), object.count()?.to_string());
    println!("{}", table.trim_fmt());
    Ok(())
}

/// A value that the field takes.
fn some_value(field: &FieldDescribe) -> Json {
    match field.field_type.known().unwrap_or(FieldType::String) {
        FieldType::Int | FieldType::Long => 1.into(),
        FieldType::Double | FieldType::Currency | FieldType::Percent => 1.5.into(),
        FieldType::Date => "2026-03-01".into(),
        FieldType::DateTime => "2026-03-01T08:00:00Z".into(),
        FieldType::Email => "ada@example.com".into(),
        FieldType::Picklist => {
            field.picklist_values.iter().find(|it| it.active).map_or("x", |it| &it.value).into()
        }
        // The store does not have the object that the reference names, so it checks only the form
        // of the id.
        FieldType::Reference => "0ZZxx0000000001".into(),
        _ => "Acme".into(),
    }
}

/// "done", or why the call was refused.
fn answer<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let message: String = error.message().chars().take(150).collect();
            format!("{}: {message}", error.status_code())
        }
    }
}
