use sobject_core::SObject;

type Count = Option<i32>;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, update)] code: Option<String>,
    #[field(create, filter, update)] count: Count,
    #[field(create, defaulted_on_create)] paid: Option<bool>,
}

fn main() {}
