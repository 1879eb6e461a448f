use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] paid: bool,
    #[field(create)] sent: Option<bool>,
    #[field(create, nillable)] right: Option<bool>,
}

fn main() {}
