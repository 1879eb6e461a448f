use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00", create(derive(Clone, Hash, serde::Serialize)), update(derive(Default)))]
struct Invoice { #[field(create, update)] code: String }

fn main() {}
