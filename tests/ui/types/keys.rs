use sobject_core::{SObject, chrono::NaiveDate};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, unique)] scan: Vec<u8>,
    #[field(create, defaulted_on_create, external_id)] paid: bool,
    #[field(create, unique, case_sensitive)] count: i32,
    #[field(create, name_field)] number: i64,
    #[field(create, scale = 2)] size: i32,
    #[field(create, index, external_id, unique)] right: i64,
    #[field(create, index, unique)] day: NaiveDate,
}

fn main() {}
