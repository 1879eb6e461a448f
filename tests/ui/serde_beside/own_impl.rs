use serde::{Serialize, Serializer};
use sobject_core::SObject;

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Visit {
    #[field(create)]
    size: i32,
}

impl Serialize for Visit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.size)
    }
}

fn main() {}
