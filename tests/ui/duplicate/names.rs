use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create)]
    amount: f64,
    #[field(create, name = "AMOUNT")]
    total: f64,
}

fn main() {}
