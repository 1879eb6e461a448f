//! Pages for people who come from elsewhere. They are docs alone, without code.

#[doc = include_str!("guide/from_a_client.md")]
pub mod from_a_client {}
