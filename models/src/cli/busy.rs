//! A sign of life while a checker works: a spinner on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::say;

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(10);

/// Does `work` and says meanwhile, on standard error, that it is `doing` something.
pub(super) fn busy<T>(doing: &str, work: impl FnOnce() -> T) -> T {
    if std::io::stderr().is_terminal() {
        let style =
            ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("a fixed template");
        let bar = ProgressBar::new_spinner()
            .with_style(style)
            .with_message(doing.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        let result = work();
        bar.finish_and_clear();
        return result;
    }
    let (done, still_working) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut seconds = 0;
            while still_working.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                seconds += EVERY.as_secs();
                say(&format!("{doing}, {seconds} s so far"));
            }
        });
        let result = work();
        drop(done);
        result
    })
}
