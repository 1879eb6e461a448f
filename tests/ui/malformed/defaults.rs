use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, default)] a: bool,
    #[field(create, default = yes)] b: bool,
    #[field(create, default = 7u8)] c: i32,
    #[field(create, default(7))] d: i32,
    #[field(create, default = -"x")] e: String,
    #[field(create, default = 99999999999999999999)] f: i64,
    #[field(create, default = 'x')] g: String,
    #[field(create, default = -7)] right: i32,
}

fn main() {}
