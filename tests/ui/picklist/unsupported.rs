use sobject_core::Picklist;

#[derive(Picklist, Clone)]
struct Status { open: bool }

#[derive(Picklist, Clone)]
struct Phase;

#[derive(Picklist, Clone)]
enum Origin<T> { Web, Other(T) }

#[derive(Picklist, Clone, Copy)]
union Either { a: i32, b: f32 }

#[derive(Picklist, Clone)]
enum Nothing {}

fn main() {}
