use sobject_core::{Picklist, SObject};

#[derive(Picklist, Clone)]
enum Phase { New, Done }

#[derive(SObject)]
#[sobject(key_prefix = a00, label("Bill"), calls("create", query(), describeLayout(), "fly"))]
struct Invoice {
    #[field(create, default = Phase::New, restricted)] phase: Phase,
    #[field(create, default = Open)] code: String,
    #[field(create, default = None, nillable)] note: Option<String>,
    #[field(create, default = False)] paid: bool,
    #[field(create, length(80))] key: String,
}

fn main() {}
