//! A line on stderr that tells the stage, shown once the run has taken a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onefold::pipeline::{Observer, Stage};

/// Shows the stage of a run.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A line that begins with what is being worked on.
    pub(crate) fn new(what: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(Stage::ALL.len() as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix} {bar:20} {msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what.to_owned());
        Progress { bar }
    }

    /// Tells what is done after the run.
    pub(crate) fn message(&self, what: &'static str) {
        self.bar.set_position(Stage::ALL.len() as u64);
        self.bar.set_message(what);
    }

    /// Removes the line.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn stage(&self, stage: Stage) {
        let position = Stage::ALL.iter().position(|&known| known == stage).unwrap_or(0);
        self.bar.set_position(position as u64);
        self.bar.set_message(stage.as_str());
        self.bar.enable_steady_tick(Duration::from_secs(1));
    }
}
