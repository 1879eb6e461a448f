use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, case_sensitive)] code: String,
    #[field(create, case_sensitive, uniqe)] key: String,
}

fn main() {}
