//! Pages for people who come from elsewhere, and for those who stay. They are docs alone, without code.

#[doc = include_str!("guide/from_a_client.md")]
pub mod from_a_client {}

#[doc = include_str!("guide/map.md")]
pub mod map {}
