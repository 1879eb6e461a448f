//! Fields of each type: which values they accept, in which form they keep them, and which they
//! refuse. Also defaults, unique fields and calls.

mod calls;
mod defaults;
mod forms;
mod numbers;
mod picklists;
mod references;
mod spellings;
mod texts;
mod times;
mod unique;
