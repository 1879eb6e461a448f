//! [`keys_of`]: structs whose fields are the keys of an org's JSON, of whatever API version.
//!
//! A key that came with a later version is not there, and one whose value came later may be null. The
//! field then has the default of its type, and [`Gaps`] notes which of the two it was, so that the
//! struct is written as it was read. Once the field is given another value, that is written.
//!
//! **Invariants:** what is read and written again is the same JSON. Keys that are not known are kept.

use serde::{Serialize, de::DeserializeOwned, ser::SerializeMap};
use serde_json::{Map, Value as Json};

/// Which keys of a struct were not there when it was read, and which were null although their field
/// cannot be: a bit for each key, by its place in the struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    missing: u64,
    null: u64,
}

impl Gaps {
    /// Was there a value for the key at this place?
    pub(super) fn tells(self, place: u32) -> bool {
        (self.missing | self.null) >> place & 1 == 0
    }

    /// Takes the value of a key out of the map, the default of its type if there is none.
    pub(super) fn take<T: DeserializeOwned + Default>(
        &mut self,
        place: u32,
        key: &str,
        map: &mut Map<String, Json>,
    ) -> Result<T, String> {
        let Some(value) = map.shift_remove(key) else {
            self.missing |= 1 << place;
            return Ok(T::default());
        };
        let is_null = value.is_null();
        match T::deserialize(value) {
            Err(_) if is_null => {
                self.null |= 1 << place;
                Ok(T::default())
            }
            read => read.map_err(|error| format!("{key}: {error}")),
        }
    }

    /// Writes the value of a key as it was read.
    pub(super) fn write<T: Serialize + Default + PartialEq, M: SerializeMap>(
        self,
        place: u32,
        key: &str,
        value: &T,
        map: &mut M,
    ) -> Result<(), M::Error> {
        if self.tells(place) || *value != T::default() {
            map.serialize_entry(key, value)
        } else if self.null >> place & 1 != 0 {
            map.serialize_entry(key, &())
        } else {
            Ok(())
        }
    }
}

/// Takes the value of a key out of the map that nothing can do without.
pub(super) fn take_needed<T: DeserializeOwned>(
    key: &str,
    map: &mut Map<String, Json>,
) -> Result<T, String> {
    let value = map.shift_remove(key).ok_or_else(|| format!("there is no key `{key}`"))?;
    T::deserialize(value).map_err(|error| format!("{key}: {error}"))
}

/// Writes a struct, a line for each key in the order of an org: the field, its key, whether the key
/// `has` a default or the struct `needs` it, and its type. `named` is the key by which messages name
/// what is read, and `from` takes off what the JSON may be wrapped in.
macro_rules! keys_of {
    (
        $(#[$meta:meta])*
        $name:ident named $named:literal $(from $unwrap:path)?;
        $($field:ident $key:literal $kind:ident $of:ty,)+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        // The keys are the platform's own terms.
        #[allow(missing_docs, clippy::struct_excessive_bools)]
        pub struct $name {
            $(pub $field: $of,)+
            /// Keys that this version does not know.
            pub extra: serde_json::Map<String, serde_json::Value>,
            pub(crate) gaps: $crate::describe::Gaps,
        }

        const _: () = {
            use serde_json::{Map, Value as Json};

            // The place of each key among the bits of the gaps.
            #[allow(non_camel_case_types)]
            #[derive(Clone, Copy)]
            enum Place { $($field,)+ End }
            const _: () = assert!(Place::End as u32 <= u64::BITS);

            impl $name {
                /// Was there a value for this key where this was read? A version that has not the key
                /// says nothing of it.
                pub fn tells(&self, key: &str) -> bool {
                    match key {
                        $($key => self.gaps.tells(Place::$field as u32),)+
                        key => self.extra.contains_key(key),
                    }
                }

                fn from_map(map: Map<String, Json>) -> Result<Self, String> {
                    $(let map = $unwrap(map)?;)?
                    let mut map = map;
                    let mut gaps = $crate::describe::Gaps::default();
                    let name = map.get($named).and_then(Json::as_str).unwrap_or_default();
                    let name = if name.is_empty() { stringify!($name) } else { name }.to_owned();
                    let of = |error: String| format!("{name}: {error}");
                    $(let $field = keys_of!(@take $kind, $field, $key, map, gaps).map_err(of)?;)+
                    Ok(Self { $($field,)+ extra: map, gaps })
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let map = Map::deserialize(deserializer)?;
                    Self::from_map(map).map_err(serde::de::Error::custom)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    use serde::ser::SerializeMap as _;
                    let mut map = serializer.serialize_map(None)?;
                    $(keys_of!(@write $kind, $field, $key, self, map);)+
                    for (key, value) in &self.extra {
                        map.serialize_entry(key, value)?;
                    }
                    map.end()
                }
            }
        };
    };
    (@take has, $field:ident, $key:literal, $map:ident, $gaps:ident) => {
        $gaps.take(Place::$field as u32, $key, &mut $map)
    };
    (@take needs, $field:ident, $key:literal, $map:ident, $gaps:ident) => {
        $crate::describe::keys::take_needed($key, &mut $map)
    };
    (@write has, $field:ident, $key:literal, $it:ident, $map:ident) => {
        $it.gaps.write(Place::$field as u32, $key, &$it.$field, &mut $map)?;
    };
    (@write needs, $field:ident, $key:literal, $it:ident, $map:ident) => {
        $map.serialize_entry($key, &$it.$field)?;
    };
}

pub(super) use keys_of;
