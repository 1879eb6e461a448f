use sobject_core::{SObject, chrono::{DateTime, NaiveDate, NaiveTime, Utc}};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, default = "2026-02-29")] due: NaiveDate,
    #[field(create, nillable, default = "tomorrow")] sent: Option<NaiveDate>,
    #[field(create, default = "01.03.2026")] paid: NaiveDate,
    #[field(create, default = "2026-03-01")] at: DateTime<Utc>,
    #[field(create, default = "2026-03-01T25:00:00Z")] until: DateTime<Utc>,
    #[field(create, default = "8:15")] opens: NaiveTime,
    #[field(create, default = "2028-02-29")] right: NaiveDate,
    #[field(create, default = "2026-03-01T09:00:00.000+0100")] right_too: DateTime<Utc>,
    #[field(create, default = "2026-02-30")] text: String, // right
}

fn main() {}
