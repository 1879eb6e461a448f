//! A scope without a prelude, in which the names that an expansion could use mean other things.

#![no_implicit_prelude]
#![cfg_attr(known_compiler, deny(warnings))]
#![allow(non_camel_case_types)]
#![allow(dead_code)] // What an object offers, its program need not use.

type Text = ::std::string::String;
struct Result;
struct Option;
struct String;
struct Vec;
struct Some;
struct None;
struct Ok;
struct Default;
struct Clone;
struct Value;
struct Picklist;
struct SObject;
struct FieldValue;
mod core {}
mod std {}
mod alloc {}

#[derive(::sobject_core::Picklist, ::std::clone::Clone)]
enum Phase {
    #[picklist(default)]
    Some,
    None,
}

#[derive(::sobject_core::Picklist, ::std::clone::Clone)]
enum Origin {
    Ok,
    value(Text),
}

#[derive(::sobject_core::SObject)]
#[sobject(key_prefix = "a00", calls(query))]
struct Object {
    #[field(create, update, default = "x", filter, group, sort, length = 9)]
    row: Text,
    #[field(create, update, nillable, type = percent, scale = 2)]
    f: ::std::option::Option<f64>,
    #[field(create, defaulted_on_create, restricted)]
    r#type: Phase,
    #[field(create, nillable)]
    it: ::std::option::Option<::sobject_core::MultiPicklist<Origin>>,
    #[field(create)]
    other: i64,
    #[field(create, name = "Kept__c")]
    __so: ::std::vec::Vec<u8>,
    #[field(create, nillable)]
    s: ::std::option::Option<::sobject_core::Ref<::sobject_core::Any>>,
}

fn main() {
    let _ = (Result, Option, String, Vec, Some, None, Ok, Default, Clone, Value, Picklist);
    let _ = (SObject, FieldValue, Phase::None, Origin::Ok);
    let create = ObjectCreate::new(7, ::std::vec::Vec::new());
    let again = ObjectCreate::new(7, ::std::vec::Vec::new());
    ::std::assert!(create == again);
    ::std::assert_eq!(Object::FIELDS.__so.name(), "Kept__c");
}
