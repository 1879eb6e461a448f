//! The public interface as one writes who knows Salesforce and Rust: texts as `&str`, plain values
//! where a field is nillable, ids and references side by side, JSON as `json!` makes it.

mod connect;
mod find;
mod ids;
mod json;
mod newcomer;
mod views;
