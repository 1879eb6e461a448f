use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, precision = 16)] amount: f64,
    #[field(create, precision = 4, scale = 5)] share: f64,
    #[field(create, scale = 15)] right: f64,
}

fn main() {}
