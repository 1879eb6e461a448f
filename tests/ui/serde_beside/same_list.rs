use serde::{Deserialize, Serialize};
use sobject_core::{Picklist, SObject};

#[derive(SObject, Debug, Serialize, Deserialize)]
#[sobject(key_prefix = "a00")]
struct Visit {
    #[field(create)]
    size: i32,
}

#[derive(
    Clone,
    serde::Serialize, // by habit
    Picklist,
)]
#[serde(rename_all = "kebab-case")]
enum Phase {
    Open,
    InProgress,
}

fn main() {}
