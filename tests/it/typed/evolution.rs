//! Structs that change between openings of a file: renamed fields, and picklists whose values come
//! and go.

use serde_json::json;
use sobject_core::{Definition, Error, MultiPicklist, Picklist, SObject};

use crate::types::{Archive, Shop};

/// One version of an object: a module with the struct and what it needs.
macro_rules! version {
    ($version:ident { $($item:item)* }) => {
        mod $version {
            use super::*;
            $($item)*
        }
    };
}

version! { first {
    #[derive(Picklist, Clone, Copy, Debug, PartialEq)]
    pub(super) enum Size { Small, Large }

    #[derive(SObject)]
    #[sobject(key_prefix = "a0T")]
    pub(super) struct Shirt {
        #[field(create, update, restricted)]
        pub(super) size: Size,
        #[field(create, update, nillable, restricted)]
        pub(super) sizes: Option<MultiPicklist<Size>>,
        #[field(create, update, nillable)]
        pub(super) amount: Option<i64>,
    }
} }

version! { longer {
    #[derive(Picklist, Clone, Copy, Debug, PartialEq)]
    pub(super) enum Size { Large, Medium, #[picklist(value = "SMALL")] Small }

    #[derive(SObject)]
    #[sobject(key_prefix = "a0T")]
    pub(super) struct Shirt {
        #[field(create, update, default = 1, was = "Amount")]
        pub(super) pieces: i64,
        #[field(create, update, nillable, restricted)]
        pub(super) sizes: Option<MultiPicklist<Size>>,
        #[field(create, update, restricted)]
        pub(super) size: Size,
    }
} }

version! { shorter {
    #[derive(Picklist, Clone, Copy, Debug, PartialEq)]
    pub(super) enum Size { Small }

    #[derive(SObject)]
    #[sobject(key_prefix = "a0T")]
    pub(super) struct Shirt {
        #[field(create, update, restricted)]
        pub(super) size: Size,
        #[field(create, update, nillable, restricted)]
        pub(super) sizes: Option<MultiPicklist<Size>>,
        #[field(create, update, nillable)]
        pub(super) amount: Option<i64>,
    }
} }

version! { open {
    #[derive(Picklist, Clone, Debug, PartialEq)]
    pub(super) enum Size { Small, Other(String) }

    #[derive(SObject)]
    #[sobject(key_prefix = "a0T")]
    pub(super) struct Shirt {
        #[field(create, update)]
        pub(super) size: Size,
        #[field(create, update, nillable)]
        pub(super) sizes: Option<MultiPicklist<Size>>,
        #[field(create, update, nillable)]
        pub(super) amount: Option<i64>,
    }
} }

/// A file that was written with the first version, and that has a record with these values.
fn file_with(record: &serde_json::Value) -> (Archive, sobject_core::RecordId) {
    let file = Archive::new();
    let id = file.open(&[first::Shirt::OBJECT]).create("Shirt", record);
    (file, id)
}

fn get<T: SObject>(shop: &Shop, id: sobject_core::RecordId) -> T {
    shop.db.get::<T>(sobject_core::Id::new(id)).expect("the record").fields
}

#[test]
fn a_renamed_field_keeps_its_values_and_others_move_about() {
    let (file, id) = file_with(&json!({ "Size": "Small", "Amount": 5, "Sizes": "Large;Small" }));
    let empty = file.open(&[first::Shirt::OBJECT]).create("Shirt", &json!({ "Size": "Large" }));
    let shop = file.open(&[longer::Shirt::OBJECT]);
    let shirt: longer::Shirt = get(&shop, id);
    assert_eq!((shirt.pieces, shirt.size), (5, longer::Size::Small), "in other letters");
    let sizes = shirt.sizes.expect("sizes");
    assert_eq!(sizes[..], [longer::Size::Small, longer::Size::Large], "in the order of the list");
    assert_eq!(get::<longer::Shirt>(&shop, empty).pieces, 1, "the default, where it was null");
}

/// The changes by which a file is refused.
fn refused(file: &Archive, object: &'static Definition) -> Vec<String> {
    match file.try_open(&[object]).map(drop) {
        Err(Error::DefinitionChanged { changes, .. }) => changes,
        other => panic!("{other:?}"),
    }
}

const LACKS: &str = "has no arm for other values, but records have values that it lacks";

#[test]
fn a_value_that_records_have_cannot_be_taken_out_of_an_enum_without_an_arm_for_others() {
    let (file, _) = file_with(&json!({ "Size": "Small" }));
    file.open(&[shorter::Shirt::OBJECT]);
    let (file, id) = file_with(&json!({ "Size": "Large" }));
    assert_eq!(refused(&file, shorter::Shirt::OBJECT), [format!("the enum of field Size {LACKS}")]);
    let (several, _) = file_with(&json!({ "Size": "Small", "Sizes": "Small;Large" }));
    let changes = refused(&several, shorter::Shirt::OBJECT);
    assert_eq!(changes, [format!("the enum of field Sizes {LACKS}")]);
    let shirt: open::Shirt = get(&file.open(&[open::Shirt::OBJECT]), id);
    assert_eq!(shirt.size, open::Size::Other("Large".into()));
    let changes = refused(&file, shorter::Shirt::OBJECT);
    assert_eq!(changes, [format!("the enum of field Size {LACKS}")], "it is asked again");
    let shirt: first::Shirt = get(&file.open(&[first::Shirt::OBJECT]), id);
    assert_eq!(shirt.size, first::Size::Large);
}
