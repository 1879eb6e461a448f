use sobject_core::{SObject, chrono::{DateTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(nillable, per_caller)] last_viewed_date: Option<String>,
    #[field(nillable, per_caller)] last_referenced_date: DateTime<Utc>,
}

fn main() {}
