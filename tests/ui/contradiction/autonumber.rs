use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(autonumber = "{0000}", create, update)]
    name: String,
    #[field(autonumber = "{0000}", nillable)]
    number: Option<String>,
}

fn main() {}
