use sobject_core::{Id, SObject, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(filter, update)]
    amount: f64,
    #[field]
    code: String,
    #[field(filter, update)]
    owner_id: Id<User>,
    #[field(filter, group, sort)]
    status: String, // right: the platform fills it
}

#[derive(SObject)]
#[sobject(key_prefix = "a01", calls(query))]
struct Report {
    #[field(filter)]
    amount: f64, // right: nobody creates a Report
}

fn main() {}
