use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Note<'a> {
    #[field(create)]
    text: &'a str,
}

fn main() {}
