use sobject_core::Picklist;

#[derive(Picklist)]
enum Status { Open, Shut }

fn main() {}
