use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, update)] count: u8,
    #[field(create, nillable, update, defaulted_on_create)] total: Option<u64>,
    #[field(create, nillable, update)] tags: Vec<String>,
    #[field(autonumber = "{0}")] number: u32,
}

fn main() {}
