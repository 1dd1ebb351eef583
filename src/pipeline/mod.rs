//! The whole way from sources to entities, with defaults for every stage.
//!
//! A [`Pipeline`] is built in code or read from a spec file; both give the same thing. [`run`](Pipeline::run)
//! returns [`Unified`], which holds what each stage delivered. Whoever wants another order of stages calls them:
//! each is a free function on plain values.

mod builder;
mod event;
mod limits;
mod outputs;
mod run;
pub mod spec;
mod unified;

pub use builder::{Pipeline, PipelineBuilder};
pub use event::Event;
pub use limits::{Estimate, Limits};
pub use run::{Observer, Silent, Stage, Timings, Unified};
