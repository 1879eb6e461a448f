use sobject_core::{Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { New, Done }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, type = email)] count: i32,
    #[field(create, nillable, type = currency)] price: Option<String>,
    #[field(create, type = combobox, restricted)] phase: Phase,
    #[field(create, type = textarea)] size: u8,
    #[field(create, nillable, type = percent)] right: Option<f64>,
}

fn main() {}
