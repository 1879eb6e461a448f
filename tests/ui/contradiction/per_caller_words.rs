use sobject_core::{SObject, chrono::{DateTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(nillable, per_caller, unique, index, defaulted_on_create)]
    last_viewed_date: Option<DateTime<Utc>>,
    #[field(nillable, per_caller, default = "2026-03-01T08:00:00Z", create)]
    last_referenced_date: Option<DateTime<Utc>>,
}

fn main() {}
