use sobject_core::{Id, Ref, SObject};

struct Money;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter)] account: Id<Money>,
    #[field(create, update)] owner: Ref<String>,
}

fn main() {}
