//! Progress bars, on terminals only.

use crate::store::import::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;

/// Makes a bar on standard error; where that is no terminal, one that shows nothing.
pub fn bar(total: Option<u64>, what: &str) -> ProgressBar {
    let bar = match total {
        Some(total) => ProgressBar::new(total),
        None => ProgressBar::new_spinner(),
    };
    let shown = std::io::stderr().is_terminal();
    bar.set_draw_target(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
    let template = if total.is_some() { "{msg} {wide_bar} {pos}/{len} {eta}" } else { "{spinner} {msg} {pos}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// The progress of an import: one bar a step.
#[derive(Default)]
pub struct Bars {
    current: Mutex<Option<ProgressBar>>,
}

impl Bars {
    /// Does something, such as writing a line, with no bar in the way.
    #[cfg(feature = "fetch")]
    pub fn aside(&self, act: impl FnOnce()) {
        self.with(|current| match current {
            Some(bar) => bar.suspend(act),
            None => act(),
        });
    }

    fn with(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        if let Ok(mut current) = self.current.lock() {
            act(&mut current);
        }
    }
}

impl Progress for Bars {
    fn start(&self, total: Option<u64>, what: &str) {
        self.with(|current| *current = Some(bar(total, what)));
    }

    fn advance(&self, n: u64) {
        self.with(|current| {
            if let Some(bar) = current {
                bar.inc(n);
            }
        });
    }

    fn finish(&self) {
        self.with(|current| {
            if let Some(bar) = current.take() {
                bar.finish_and_clear();
            }
        });
    }
}
