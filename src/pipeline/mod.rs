//! pipeline
pub mod spec;
