//! Typed queries: they find what the same query finds as a text, in connections, sessions and
//! transactions; and what callers may read of them.

mod ask;
mod batches;
mod by_id;
mod children;
mod differential;
mod groups;
mod rules;
mod structs;
