use sobject_core::{SObject, chrono::NaiveDate};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update, defaulted_on_create, unique)] paid: bool,
    #[field(create, update, nillable, filter, unique)] sent: Option<bool>,
    #[field(create, update, unique)] scan: Vec<u8>,
    #[field(create, update, unique)] due: NaiveDate, // right
}

fn main() {}
