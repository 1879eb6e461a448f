use serde::{Deserialize, Serialize};
use sobject_core::SObject;

/// A visit.
#[derive(Debug)]
#[derive(Serialize, Deserialize)]
// A comment, [with a bracket].
#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Above {
    #[field(create)]
    size: i32,
}

#[derive(SObject)]
#[derive(Debug, Deserialize)]
#[sobject(key_prefix = "a01")]
struct Below {
    #[field(create)]
    size: i32,
}

fn main() {}
