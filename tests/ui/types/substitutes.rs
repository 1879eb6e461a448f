use sobject_core::{SObject, chrono::{DateTime, Local, NaiveDateTime}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, sort)] count: u32,
    #[field(create, nillable)] note: Option<Box<str>>,
    #[field(create)] due: NaiveDateTime,
    #[field(create)] at: DateTime<Local>,
}

fn main() {}
