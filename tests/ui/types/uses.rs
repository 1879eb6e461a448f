use sobject_core::{MultiPicklist, Picklist, SObject, chrono::{DateTime, NaiveTime, Utc}};

#[derive(Picklist, Clone)]
enum Tool { Axe, Other(String) }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, group, sort)] due: DateTime<Utc>,
    #[field(create, nillable, filter, group, sort)] amount: Option<f64>,
    #[field(create, filter, group, sort)] scan: Vec<u8>,
    #[field(create, filter, group, sort)] tools: MultiPicklist<Tool>,
    #[field(create, filter, group, sort)] right: NaiveTime,
}

fn main() {}
