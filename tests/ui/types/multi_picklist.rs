use sobject_core::{MultiPicklist, SObject};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create)] tools: MultiPicklist<String>,
    #[field(create, nillable)] more: Option<MultiPicklist<Tool>>,
}

enum Tool { Axe }

fn main() {}
