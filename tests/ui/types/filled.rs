use sobject_core::{Picklist, SObject};

#[derive(Picklist, Clone)]
enum Status {
    #[picklist(default)]
    Assigned,
    Closed,
}

#[derive(SObject)]
#[sobject(key_prefix = "0Bz")]
struct Work {
    #[field(filter)] open: bool,
    #[field(filter)] size: Option<i32>,
    #[field(filter)] right: i32,
    #[field(filter, restricted)] also_right: Status,
}

fn main() {}
