use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, length_in_bytes)] amount: f64,
}

fn main() {}
