use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, start = 100)] number: i32,
    #[field(autonumber = "{0000}", default = "7", group, unique, type = email)] name: String,
}

fn main() {}
