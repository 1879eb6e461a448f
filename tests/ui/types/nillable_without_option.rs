use sobject_core::{Id, SObject, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, nillable, update)] amount: f64,
    #[field(create, nillable)] agent: Id<User>,
    #[field(create, nillable, defaulted_on_create)] paid: bool,
}

fn main() {}
