use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, rich_text)] title: String,
    #[field(create, filter, type = textarea, rich_text)] body: String,
    #[field(create, unique, length = 1000, type = textarea, rich_text)] notes: String,
    #[field(create, default = "&", length = 1, length_in_bytes)] mark: String,
    #[field(create, default = "é", length = 1, length_in_bytes)] letter: String,
}

fn main() {}
