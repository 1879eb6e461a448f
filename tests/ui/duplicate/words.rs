use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", label = "Invoice", label = "Bill", calls(create, query, create))]
struct Invoice {
    #[field(create, filter, create)]
    #[field(filter)]
    amount: f64,
}

fn main() {}
