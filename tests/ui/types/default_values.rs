use sobject_core::{MultiPicklist, Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { New, #[picklist(value = "In Work")] InWork }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, default = "Open", restricted)] phase: Phase,
    #[field(create, default = "New;InWork", restricted)] phases: MultiPicklist<Phase>,
    #[field(create, default = 1234567890)] count: i32,
    #[field(create, default = "New; in work", restricted)] right: MultiPicklist<Phase>,
    #[field(create, default = " new ", restricted)] trimmed: Phase,
    #[field(create, default = 1234567890)] long: i64,
    #[field(create, default = "Open", restricted)] text: String,
    #[field(create, default = 1234567890)] short: u32,
}

fn main() {}
