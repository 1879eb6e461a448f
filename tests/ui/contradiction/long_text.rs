use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, group, sort, type = textarea, length = 256)] body: String,
    #[field(create, unique, id_lookup, external_id, index, name_field, length = 131072)] key: String,
    #[field(create, filter, group, sort, length = 255)] right: String,
}

fn main() {}
