//! What the fields of each type take, what they keep of it, and what they refuse; defaults, unique
//! fields and calls.

mod calls;
mod defaults;
mod numbers;
mod picklists;
mod references;
mod texts;
mod times;
mod unique;
