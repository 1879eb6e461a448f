use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, digits = 4, default = -12345)] count: i32,
    #[field(create, length = 3, default = "open")] phase: String,
    #[field(create, digits = 4, default = -1234, length = 80)] both: i32,
    #[field(create, length = 4, default = " open ")] right: String,
}

fn main() {}
