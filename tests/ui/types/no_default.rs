use sobject_core::{Id, SObject, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, defaulted_on_create)] code: String,
    #[field(create, nillable, defaulted_on_create)] amount: Option<f64>,
    #[field(create, defaulted_on_create)] agent_id: Id<User>,
    #[field(create, nillable, defaulted_on_create)] paid: Option<bool>, // right
}

fn main() {}
