use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, name_field)]
    name: String,
    #[field(create, name_field)]
    title: String,
}

fn main() {}
