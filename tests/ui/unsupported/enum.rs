use sobject_core::SObject;

#[derive(SObject)]
enum Status {
    Open,
}

fn main() {
    let _ = StatusCreate::default();
    let _ = StatusUpdate::default();
}
