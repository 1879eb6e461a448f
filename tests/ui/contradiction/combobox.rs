use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, group, sort, type = combobox)] subject: String,
}

fn main() {}
