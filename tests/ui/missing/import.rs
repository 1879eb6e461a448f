use sobject_core::{Id, SObject};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create)] account_id: Id<Account>,
    #[field(create, nillable)] due: Option<NaiveDate>,
}

fn main() {}
