use sobject_core::{Picklist, SObject};

#[derive(Picklist, Clone)]
enum Origin {
    #[picklist(default)]
    Web,
    Other(String),
}

#[derive(Picklist, Clone)]
enum Way { Road, Other(String) }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create)] origin: Origin,
    #[field(create, defaulted_on_create)] way: Way,
    #[field(create, defaulted_on_create)] right: Origin,
}

fn main() {}
