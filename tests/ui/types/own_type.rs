enum Status {}

use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, update)] status: Status,
    #[field(create, defaulted_on_create)] origin: Status,
}

fn main() {}
