//! A sign of life while a checker works: a spinner on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::say;

/// How often the spinner moves.
const TICK: Duration = Duration::from_millis(200);

/// How often a plain line is written.
const EVERY: Duration = Duration::from_secs(10);

/// Does `work` and says meanwhile, on standard error, that it is `doing` something.
pub(super) fn busy<T>(doing: &str, work: impl FnOnce() -> T) -> T {
    busy_at(doing, &String::new, work)
}

/// The same, and says as well how far it has come: `reached` begins with a separator, or is empty.
pub(super) fn busy_at<T>(
    doing: &str,
    reached: &(dyn Fn() -> String + Sync),
    work: impl FnOnce() -> T,
) -> T {
    let (done, still_working) = mpsc::channel::<()>();
    let spins = std::io::stderr().is_terminal();
    let every = if spins { TICK } else { EVERY };
    std::thread::scope(|scope| {
        let tell = move || {
            let bar = spins.then(|| spinner(doing));
            let mut seconds = 0;
            while still_working.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                match &bar {
                    Some(bar) => {
                        bar.set_message(format!("{doing}{}", reached()));
                        bar.tick();
                    }
                    None => {
                        seconds += EVERY.as_secs();
                        say(&format!("{doing}, {seconds} s so far{}", reached()));
                    }
                }
            }
            bar.inspect(ProgressBar::finish_and_clear);
        };
        // Where the system gives no thread, the work goes on without a word.
        let telling = std::thread::Builder::new().spawn_scoped(scope, tell);
        let result = work();
        drop((done, telling));
        result
    })
}

fn spinner(doing: &str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("a fixed template");
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.with_message(doing.to_owned())
}
