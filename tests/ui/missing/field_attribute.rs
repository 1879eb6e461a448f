use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    amount: Option<f64>,
    /// Doc comments are no properties.
    r#type: String,
    #[field(create)]
    code: u8,
}

fn main() {}
