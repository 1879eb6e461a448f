use sobject_core::{Id, Picklist, SObject, chrono::NaiveDate, standard::User};

#[derive(Picklist, Clone)]
enum Origin {
    #[picklist(default)]
    Web,
    Other(String),
}

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, default = 1)] paid: bool,
    #[field(create, default = "1")] count: i32,
    #[field(create, default = 1.5)] big: i64,
    #[field(create, default = 20300101)] due: NaiveDate,
    #[field(create, default = true)] code: String,
    #[field(create, default = "005000000000001")] agent_id: Id<User>,
    #[field(create, default = "Fair")] origin: Origin,
    #[field(create, default = 7)] right: f64,
}

fn main() {}
