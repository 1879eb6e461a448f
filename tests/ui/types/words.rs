use sobject_core::{SObject, chrono::{DateTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, length = 80)] count: i32,
    #[field(create, nillable, digits = 9)] amount: Option<f64>,
    #[field(create, relationship = "Payer")] payer: String,
    #[field(create, length = 18, digits = 9)] due: DateTime<Utc>,
}

fn main() {}
