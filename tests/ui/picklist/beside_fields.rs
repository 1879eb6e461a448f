use sobject_core::{MultiPicklist, Picklist, SObject};

#[derive(Picklist, Clone)]
enum Status { Open { since: i32 }, Shut }

#[derive(Picklist, Clone)]
struct Phase { new: bool }

#[derive(Picklist, Clone)]
enum Nothing {}

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, restricted)] status: Status,
    #[field(create, nillable, restricted)] phases: Option<MultiPicklist<Phase>>,
    #[field(create, restricted)] nothing: Nothing,
}

fn main() {}
