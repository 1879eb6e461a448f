//! Names that an expansion could stumble over, or a lint: they are the user's to choose, once.

#![cfg_attr(known_compiler, deny(warnings, unused, clippy::pedantic))]
#![deny(missing_docs, unreachable_pub)]
#![allow(dead_code)] // What an object offers, its program need not use.

use sobject_core::SObject;

mod private {
    /// Fields named as what is made, beside attributes that are not the derive's.
    #[derive(sobject_core::SObject, Debug)]
    #[sobject(key_prefix = "a00")]
    #[allow(non_snake_case, clippy::struct_field_names)]
    pub(crate) struct Named {
        #[field(create, default = 1)]
        pub(crate) new: i32,
        #[field(create)]
        pub(crate) default: i32,
        #[field(create)]
        pub(crate) each: i32,
        #[field(create)]
        pub(crate) FIELDS: i32,
        #[field(create)]
        pub(crate) derive: i32,
        #[field(create)]
        pub(crate) r#match: i32,
        #[field(create, name = "Identifier")]
        pub(crate) id: i32,
        #[field(create)]
        pub(crate) TotalAmount: i32,
        #[field(create, name = "Total__c")]
        pub(crate) Total__c: i32,
        #[deprecated]
        #[field(create)]
        #[field(nillable)]
        pub(crate) f: Option<i32>,
        #[cfg(not(any()))]
        #[field(create)]
        pub(crate) Created: i32,
        #[cfg(any())]
        #[field(create)]
        pub(crate) never: Never,
        #[cfg_attr(not(any()), field(nillable))]
        pub(super) seen: Option<String>,
        #[field(nillable)]
        hidden: Option<String>,
    }
}

/// The API name as the name of the struct.
#[derive(SObject, Debug)]
#[sobject(key_prefix = "a01")]
#[allow(non_camel_case_types)]
struct Invoice__c {
    #[field(create, nillable, name = "Size__c")]
    größe: Option<f64>,
}

fn main() {
    use private::{Named, NamedCreate};
    let create = NamedCreate::new(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assert_eq!((create.new, create.default, create.Created), (None, 1, 9));
    assert_eq!(Named::FIELDS.FIELDS.name(), "FIELDS");
    assert_eq!(Named::FIELDS.TotalAmount.name(), "TotalAmount");
    assert_eq!(Named::FIELDS.seen.name(), "Seen");
    assert_eq!(Invoice__cCreate::default(), Invoice__cCreate::new());
    assert_eq!(Invoice__c::NAME, "Invoice__c");
}
