use sobject_core::{SObject, chrono::{DateTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, Nillable, group, lenght = 80)] due: DateTime<Utc>,
    #[field(create, group, restricted, digits = 12)] amount: f64,
    #[field(create, autonumber = "{0}", group)] code: i32,
    #[field(create, was = "Code", default = 1)] note: String,
    #[field(create, sort, unique, external_id)] size: u8,
}

fn main() {}
