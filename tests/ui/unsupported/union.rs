use sobject_core::SObject;

#[derive(SObject)]
union Either {
    a: i32,
    b: f64,
}

fn main() {}
