use sobject_core::{Picklist, SObject};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Visit {
    #[serde(rename = "howBig")]
    #[field(create)]
    size: i32,
}

#[derive(Clone, Picklist)]
enum Phase {
    Open,
    #[serde(alias = "done")]
    Done,
}

fn main() {}
