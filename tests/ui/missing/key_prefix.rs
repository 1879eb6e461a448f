use sobject_core::SObject;

#[derive(SObject)]
struct Invoice {
    #[field(create)]
    amount: f64,
}

#[derive(SObject)]
#[sobject(label = "Bill")]
struct Receipt {}

fn main() {}
