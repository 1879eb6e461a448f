use serde::Serialize;
use sobject_core::SObject;

macro_rules! object {
    ($name:ident) => {
        #[derive(SObject, Serialize)]
        #[sobject(key_prefix = "a00")]
        struct $name {
            #[field(create)]
            size: i32,
        }
    };
}

object!(Visit);

fn main() {}
