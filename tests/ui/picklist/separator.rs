use sobject_core::{MultiPicklist, Picklist, SObject};

#[derive(Picklist, Clone)]
enum Tool {
    Axe,
    #[picklist(value = "Saw; big")]
    Saw,
}

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Shed {
    #[field(create, restricted)] tool: Tool, // right
    #[field(create, restricted)] tools: MultiPicklist<Tool>,
    #[field(create, nillable, restricted)] more: Option<MultiPicklist<Tool>>,
}

fn main() {}
