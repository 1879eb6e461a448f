use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", nillable)]
#[field(create)]
struct Invoice {
    #[field(create, plural = "Amounts")]
    #[sobject(label = "Amount")]
    amount: f64,
}

fn main() {}
