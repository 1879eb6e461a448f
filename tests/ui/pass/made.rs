//! Structs and enums that a macro writes, in a function, with types in groups.

macro_rules! object {
    ($name:ident $prefix:literal { $($field:ident: $ty:ty = $default:literal),* }) => {
        #[derive(sobject_core::SObject)]
        #[sobject(key_prefix = $prefix)]
        struct $name {
            $(#[field(create, filter, default = $default)] $field: $ty,)*
        }
    };
}

macro_rules! list {
    ($name:ident: $($value:ident $text:literal),*) => {
        #[derive(sobject_core::Picklist, Clone, PartialEq, Debug)]
        enum $name { $(#[picklist(value = $text)] $value,)* Other(String) }
    };
}

list!(Outside: A "a");

fn main() {
    use sobject_core::{Picklist, SObject};
    list!(Origin: Web "The Web", Fax "By Fax");
    object!(Made "a05" { size: i32 = 7, origin: Origin = "By Fax" });
    assert_eq!(Made::OBJECT.fields.len(), 2);
    assert_eq!(Origin::from_value("By Fax"), Some(Origin::Fax));
    assert_eq!(Outside::A.as_str(), "a");
}
