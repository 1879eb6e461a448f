use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, type = string)] a: String,
    #[field(create, type = reference)] b: String,
    #[field(create, type = "email")] c: String,
    #[field(create, type = curency)] d: f64,
    #[field(create, type = colour)] e: String,
    #[field(create, type)] f: String,
    #[field(create, Type = dateTime)] g: String,
}

fn main() {}
