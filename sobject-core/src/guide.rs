//! Pages beside the reference: for programs that come from a client of an org, and for those who work
//! on this crate. They are docs alone, without code.

#[doc = include_str!("guide/from_a_client.md")]
pub mod from_a_client {}

#[doc = include_str!("guide/map_of_the_code.md")]
pub mod map_of_the_code {}
