use sobject_core::SObject;

#[derive(SObject)]
struct Pair(i32, i32);

#[derive(SObject)]
struct Nothing;

fn main() {}
