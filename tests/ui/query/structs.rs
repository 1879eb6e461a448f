use sobject_core::{Id, SObject, Select, standard::User};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, sort)] code: String,
    #[field(create, filter, nillable)] seats: Option<i32>,
    #[field(create, filter)] payer_id: Id<User>,
}

#[derive(Select)]
#[select(from = Invoice)]
struct Misspelt {
    cod: String,
}

#[derive(Select)]
#[select(from = Invoice)]
struct NeverNull {
    seats: i32,
    #[select(payer_id.to(User::FIELDS.name))]
    payer: String,
}

#[derive(Select)]
struct FromNowhere {
    code: String,
}

#[derive(Select)]
#[select(of = Invoice)]
struct Wrong {
    #[select]
    code: String,
}

fn main() {}
