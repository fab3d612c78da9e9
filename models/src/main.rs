//! The program `logon-check`: see [`logon_models`].

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn main() -> std::process::ExitCode {
    logon_models::cli::main()
}

/// The memory of the system. Where there is no more, the program ends with one sentence and the status of a fault; the
/// standard library would abort it, after a backtrace or a hint at one.
struct OrEnd;

#[global_allocator]
static MEMORY: OrEnd = OrEnd;

#[expect(
    unsafe_code,
    reason = "nothing but an allocator hears that memory is short before the standard library does"
)]
// SAFETY: each method does what the system's does, with the same arguments, and gives what it gives, unless it ends the
// process.
unsafe impl GlobalAlloc for OrEnd {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        or_end(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: likewise.
        or_end(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: likewise.
        or_end(unsafe { System.realloc(memory, layout, size) }, size)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: likewise.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn or_end(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        end(size);
    }
    memory
}

/// Ends the process without asking for memory.
#[cold]
fn end(size: usize) -> ! {
    static IS_ENDING: AtomicBool = AtomicBool::new(false);
    if IS_ENDING.swap(true, Ordering::SeqCst) {
        // Memory is short for several threads at once, and another one says so and ends the process. Should it be this
        // one, because writing asks for memory, nobody ends this sleep, and the process ends after it.
        #[expect(
            clippy::disallowed_methods,
            reason = "no verdict depends on it: the process is ending"
        )]
        std::thread::sleep(Duration::from_secs(1));
        logon_models::cli::end_as_fault();
    }
    // One write, so that nothing comes in between.
    let mut text = [0; 96];
    let mut rest = &mut text[..];
    let written = writeln!(
        rest,
        "logon-check: the system has no memory left for {size} bytes more"
    );
    let length = 96 - written.map_or(96, |()| rest.len());
    drop(std::io::stderr().write_all(&text[..length]));
    logon_models::cli::end_as_fault()
}
