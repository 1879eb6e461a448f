use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefx, calls = "query")]
struct Invoice {
    #[field(filter)] amount: f64, // right, if nobody creates one: `calls` cannot tell
}

fn main() {}
