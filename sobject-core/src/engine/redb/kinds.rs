//! The kinds of tables that spaces come in, and how the store's bytes become what they hold.

use redb::{ReadOnlyTable, ReadTransaction, TableDefinition};

use crate::engine::{EngineError, KeyWidth, Space};

/// The name of the table of a space.
pub(super) fn table_name(space: Space) -> String {
    format!("s{}", space.id)
}

/// Writes the items that exist once per kind of table, from one list of the kinds.
macro_rules! tables {
    ($($kind:ident: $key:ty, $value:ty, $width:ident $values:literal;)+) => {
        /// A table of one of the kinds that spaces come in.
        pub(super) enum Table {
            $($kind(ReadOnlyTable<$key, $value>),)+
        }

        impl Table {
            pub(super) fn open(txn: &ReadTransaction, space: Space) -> Result<Self, EngineError> {
                let name = table_name(space);
                Ok(match (space.keys, space.values) {
                    $((KeyWidth::$width, $values) => {
                        Self::$kind(txn.open_table(TableDefinition::new(&name))?)
                    })+
                })
            }
        }

        /// Opens the table of a space to write it, and makes it if need be.
        macro_rules! on_space {
            ($txn:expr, $space:expr, $it:pat => $body:expr) => {{
                let name = crate::engine::redb::kinds::table_name($space);
                match ($space.keys, $space.values) {
                    $((crate::engine::KeyWidth::$width, $values) => {
                        let definition = redb::TableDefinition::<$key, $value>::new(&name);
                        let $it = $txn.open_table(definition)?;
                        $body
                    })+
                }
            }};
        }

        macro_rules! on_table {
            ($table:expr, $it:ident => $body:expr) => {
                match $table {
                    $(crate::engine::redb::kinds::Table::$kind($it) => $body,)+
                }
            };
        }
    };
}

tables! {
    U64: u64, &'static [u8], U64 true;
    U64Set: u64, (), U64 false;
    U128: u128, &'static [u8], U128 true;
    U128Set: u128, (), U128 false;
    Bytes: &'static [u8], &'static [u8], Bytes true;
    BytesSet: &'static [u8], (), Bytes false;
}

/// A redb key type that the store's key bytes turn into, and back.
pub(super) trait NativeKey: redb::Key + 'static {
    fn native(bytes: &[u8]) -> Result<Self::SelfType<'_>, EngineError>;
    fn visit<R>(key: &Self::SelfType<'_>, f: impl FnOnce(&[u8]) -> R) -> R;
}

/// [`NativeKey`] for the unsigned integers.
macro_rules! integer_key {
    ($($int:ty)+) => {$(
        impl NativeKey for $int {
            fn native(bytes: &[u8]) -> Result<Self, EngineError> {
                let bytes = bytes.try_into();
                bytes.map(Self::from_be_bytes).map_err(|_| EngineError::misused("a key of another width"))
            }

            fn visit<R>(key: &Self, f: impl FnOnce(&[u8]) -> R) -> R {
                f(&key.to_be_bytes())
            }
        }
    )+};
}

integer_key! { u64 u128 }

impl NativeKey for &'static [u8] {
    fn native(bytes: &[u8]) -> Result<&[u8], EngineError> {
        Ok(bytes)
    }

    fn visit<R>(key: &&[u8], f: impl FnOnce(&[u8]) -> R) -> R {
        f(key)
    }
}

/// A redb value type that the store's value bytes turn into, and back.
pub(super) trait NativeValue: redb::Value + 'static {
    fn native(bytes: &[u8]) -> Self::SelfType<'_>;
    fn visit<R>(value: &Self::SelfType<'_>, f: impl FnOnce(&[u8]) -> R) -> R;
}

impl NativeValue for &'static [u8] {
    fn native(bytes: &[u8]) -> &[u8] {
        bytes
    }

    fn visit<R>(value: &&[u8], f: impl FnOnce(&[u8]) -> R) -> R {
        f(value)
    }
}

impl NativeValue for () {
    fn native(_: &[u8]) {}

    fn visit<R>((): &(), f: impl FnOnce(&[u8]) -> R) -> R {
        f(&[])
    }
}
