use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, nillable)] twice: Option<Option<i32>>,
}

fn main() {}
