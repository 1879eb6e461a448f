use sobject_core::{MultiPicklist, Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { New, Done }

#[derive(Picklist, Clone)]
enum Origin { Web, Other(String) }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, restricted)] code: String,
    #[field(create, restricted)] origin: Origin,
    #[field(create, nillable)] phase: Option<Phase>,
    #[field(create)] phases: MultiPicklist<Phase>,
    #[field(create, restricted)] right: Phase,
}

fn main() {}
