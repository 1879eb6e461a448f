use sobject_core::{SObject, chrono::{DateTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(per_caller, nillable)]
    seen_at: Option<DateTime<Utc>>,
    #[field(per_caller, update)]
    last_viewed_date: Option<DateTime<Utc>>,
}

fn main() {}
