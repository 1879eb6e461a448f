use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create = true, update = false, filter("yes"))]
    amount: f64,
    #[field(create update sort)]
    code: String,
    #[field = "create"]
    note: String,
}

fn main() {}
