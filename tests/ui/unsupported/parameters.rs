use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice<T> { #[field(create)] amount: T }

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Grid<const N: usize> { #[field(create)] cell: i32 }

fn main() {}
