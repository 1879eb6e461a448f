use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, was = "Amount")] amount: f64,
    #[field(create, was = "CODE")] key: String,
    #[field(create)] code: String,
    #[field(create, was = "Old")] first: i32,
    #[field(create, was = "old")] second: i32,
    #[field(create, was = "Old name")] third: i32,
}

fn main() {}
