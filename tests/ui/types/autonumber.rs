use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(autonumber = "{0000}")] number: i32,
    #[field(autonumber = "{0000}")] name: Option<String>,
}

fn main() {}
