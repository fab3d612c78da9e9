//! Where a debugger is let in: in the thread of an actor, before its step, with the frames that led there above.

use std::backtrace::Backtrace;
use std::io::Write;

use super::step::GateStep;
use crate::program;
use crate::render::clean;

/// Says which step is next and stops for a debugger. No lock is held, so everything can be looked at.
pub(super) fn let_in(number: usize, step: &GateStep) {
    say(&format!("break before step {number}: {step}"));
    logon_check_break();
}

/// Called by the thread of an actor before the step that somebody wants to look at: a place for a breakpoint.
///
/// With a debugger attached it stops there, by a signal to this thread alone. Otherwise it says how to attach one,
/// and waits for a line of standard input or its end.
#[inline(never)]
pub extern "C" fn logon_check_break() {
    if stop_if_traced() {
        return;
    }
    say(&invitation());
    let mut line = String::new();
    // Without anybody to ask there is nothing to wait for.
    drop(std::io::stdin().read_line(&mut line));
    stop_if_traced();
}

/// Who waits where, and how to attach a debugger.
fn invitation() -> String {
    let thread = std::thread::current();
    let process = std::process::id();
    let mut text = format!(
        "process {process}, thread \"{}\"{}, waits without a debugger; its frames in the core are\n",
        thread.name().unwrap_or("without a name"),
        system_thread()
    );
    let frames = Backtrace::force_capture().to_string();
    for frame in core_frames(&frames) {
        text.push_str(&format!("    {frame}\n"));
    }
    text.push_str(&format!(
        "attach with\n    gdb -p {process}\n    lldb -p {process}\nlet it continue there, then press Enter here: it \
         stops in this thread"
    ));
    text
}

/// The frames of the core in a backtrace, the innermost first: without their generic arguments, each with its place
/// if that is known. An inlined frame is known by its place alone.
fn core_frames(backtrace: &str) -> Vec<String> {
    let mut lines = backtrace.lines().map(str::trim).peekable();
    let mut frames = Vec::new();
    while let Some(line) = lines.next() {
        let Some((_, name)) = line.split_once(": ") else {
            continue;
        };
        let place = lines.next_if(|next| next.starts_with("at "));
        let is_named = name.starts_with("logon_core::") || name.starts_with("<logon_core::");
        let is_placed = place.is_some_and(|place| {
            place.contains("core/src/") && !place.contains("library/core/src/")
        });
        if !is_named && !is_placed {
            continue;
        }
        let short = match name.find('<') {
            Some(end) if end > 0 => &name[..end],
            _ => name,
        };
        frames.push(place.map_or_else(|| short.to_owned(), |place| format!("{short} {place}")));
    }
    frames
}

/// Stops this thread if a debugger is attached to the process.
#[cfg(target_os = "linux")]
fn stop_if_traced() -> bool {
    let traced =
        std::fs::read_to_string("/proc/self/status").is_ok_and(|status| is_traced(&status));
    // Without a debugger the signal would end the process.
    traced && nix::sys::signal::raise(nix::sys::signal::Signal::SIGTRAP).is_ok()
}

/// Elsewhere nothing tells whether one is attached, and the signal would end the process.
#[cfg(not(target_os = "linux"))]
fn stop_if_traced() -> bool {
    false
}

/// Whether the status of a process names a tracer.
#[cfg(any(target_os = "linux", test))]
fn is_traced(status: &str) -> bool {
    let tracer = status
        .lines()
        .find_map(|line| line.strip_prefix("TracerPid:"));
    tracer.is_some_and(|tracer| tracer.trim().parse::<u32>().is_ok_and(|pid| pid != 0))
}

/// The number by which a debugger names this thread, where the system tells.
fn system_thread() -> String {
    let own = std::fs::read_link("/proc/thread-self").ok();
    let number = own.and_then(|own| Some(own.file_name()?.to_str()?.to_owned()));
    number.map_or_else(String::new, |number| format!(" (LWP {number})"))
}

/// Writes to standard error. If nobody reads it, that is no fault.
fn say(text: &str) {
    drop(writeln!(
        std::io::stderr(),
        "{}: {}",
        program::name(),
        clean(text)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_traced_if_its_status_names_a_tracer() {
        assert!(is_traced("Name:\tx\nTracerPid:\t4711\nUid:\t0\n"));
        assert!(!is_traced("Name:\tx\nTracerPid:\t0\nUid:\t0\n"));
        assert!(!is_traced("Name:\tx\n"));
    }

    #[test]
    fn the_frames_of_the_core_are_picked_with_their_places() {
        let backtrace = "   0: std::backtrace::capture\n             at /rustc/lib.rs:1\n   \
             7: admit<logon_models::Any>\n             at ./core/src/allocator.rs:3:5\n   \
             8: <logon_models::backend::Locked<logon_core::Server> as X>::enter\n   \
             9: call_once\n             at /rustc/1/library/core/src/ops/function.rs:1:1\n  \
             10: logon_core::serve\n";
        assert_eq!(
            core_frames(backtrace),
            ["admit at ./core/src/allocator.rs:3:5", "logon_core::serve"]
        );
    }
}
