use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", lable = "Bill")]
struct Invoice {
    #[field(create, nillabel)] amount: Option<f64>,
    #[field(create, nillable)] code: String,
    #[field(create)] count: usize,
}

fn main() {}
