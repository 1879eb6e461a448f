use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field] code: String,
    #[field()] note: Option<String>,
    #[field(filter)] count: u8,
    #[sobject(create)] amount: f64,
}

fn main() {}
