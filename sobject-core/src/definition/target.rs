//! [`Target`]: an object that a reference may name.
//!
//! **Invariant:** a target is a name and no type, so that objects may refer to each other in a ring.

/// An object that a reference may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The object's API name.
    pub name: &'static str,
    /// The three characters that its ids start with; empty if they are not known. A store that does
    /// not have the object knows its ids by them.
    pub key_prefix: &'static str,
}

impl Target {
    /// An object by name and key prefix.
    pub const fn new(name: &'static str, key_prefix: &'static str) -> Self {
        Self { name, key_prefix }
    }

    /// Every object. A field that may name every object has this target and no other.
    pub const ANY: Self = Self::new("*", "");
}
