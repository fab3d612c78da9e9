//! The handler of the signal that an overflow raises.

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use nix::libc::{self, siginfo_t, ucontext_t};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

use super::{Overflow, RUNNING};

static BEFORE: OnceLock<SigAction> = OnceLock::new();

unsafe extern "C" {
    /// Where the code of the program begins and ends: the linker says it.
    static __executable_start: u8;
    static etext: u8;
}

/// Puts the handler before the one it finds, once for the process.
pub(crate) fn install() {
    let flags = SaFlags::SA_SIGINFO | SaFlags::SA_ONSTACK;
    let action = SigAction::new(SigHandler::SigAction(on_fault), flags, SigSet::empty());
    // SAFETY: the handler does what a handler may: it reads a thread-local without a destructor, changes the
    // interrupted context, writes to a file descriptor, or passes on.
    if let Ok(before) = unsafe { sigaction(Signal::SIGSEGV, &action) } {
        let _ = BEFORE.set(before);
    }
}

extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the system hands over what it says it does with SA_SIGINFO.
    let (address, context) = unsafe {
        let address = (*info).si_addr() as usize;
        (address, &mut *context.cast::<ucontext_t>())
    };
    let running = RUNNING.get();
    // SAFETY: `running` puts the pointer there for as long as it borrows what it points to.
    let Some(trap) = (unsafe { running.as_ref() }) else {
        return pass_on(signal, info, context);
    };
    // All of a stack can be touched but its guard page.
    if !trap.stack_ptr_in_bounds(address) {
        return pass_on(signal, info, context);
    }
    let (at, stack) = interrupted(context);
    let code = (&raw const __executable_start) as usize..(&raw const etext) as usize;
    // A panic that is left behind would be counted for ever.
    let is_panicking = std::thread::panicking();
    if is_panicking || !code.contains(&at) || !trap.stack_ptr_in_bounds(stack) {
        give_up();
    }
    // SAFETY: the stack pointer was in the coroutine, which is running and so has not been dropped, and
    // the interrupted context is changed as asked. What the frames own is leaked: the coroutine writes outside of
    // itself, so that what it shares may be left half changed; nobody looks at it anymore, since an overflow ends
    // the execution. An allocator is not left half changed, for it is no code of the program.
    let registers = unsafe { trap.setup_trap_handler(|| Err(Box::new(Overflow))) };
    set(context, &registers);
}

#[cfg(target_arch = "x86_64")]
fn interrupted(context: &ucontext_t) -> (usize, usize) {
    let registers = &context.uc_mcontext.gregs;
    let of = |register: c_int| registers[register as usize] as usize;
    (of(libc::REG_RIP), of(libc::REG_RSP))
}

#[cfg(target_arch = "x86_64")]
fn set(context: &mut ucontext_t, registers: &corosensei::trap::TrapHandlerRegs) {
    let corosensei::trap::TrapHandlerRegs {
        rip,
        rsp,
        rbp,
        rdi,
        rsi,
    } = *registers;
    for (register, value) in [
        (libc::REG_RIP, rip),
        (libc::REG_RSP, rsp),
        (libc::REG_RBP, rbp),
        (libc::REG_RDI, rdi),
        (libc::REG_RSI, rsi),
    ] {
        context.uc_mcontext.gregs[register as usize] = value as i64;
    }
}

#[cfg(target_arch = "aarch64")]
fn interrupted(context: &ucontext_t) -> (usize, usize) {
    (
        context.uc_mcontext.pc as usize,
        context.uc_mcontext.sp as usize,
    )
}

#[cfg(target_arch = "aarch64")]
fn set(context: &mut ucontext_t, registers: &corosensei::trap::TrapHandlerRegs) {
    let corosensei::trap::TrapHandlerRegs {
        pc,
        sp,
        x0,
        x1,
        x29,
        lr,
    } = *registers;
    let machine = &mut context.uc_mcontext;
    (machine.pc, machine.sp) = (pc, sp);
    (machine.regs[0], machine.regs[1]) = (x0, x1);
    (machine.regs[29], machine.regs[30]) = (x29, lr);
}

/// Ends the process where nothing can be told of the state it is in.
fn give_up() -> ! {
    const SENTENCE: &[u8] =
        b"the program under test used more stack than there is; recurse less deeply\n";
    // SAFETY: both may be called in a handler, and the bytes are there.
    unsafe {
        libc::write(
            libc::STDERR_FILENO,
            SENTENCE.as_ptr().cast(),
            SENTENCE.len(),
        );
        libc::_exit(1)
    }
}

/// Somebody else's signal.
fn pass_on(signal: c_int, info: *mut siginfo_t, context: *mut ucontext_t) {
    match BEFORE.get().map(SigAction::handler) {
        Some(SigHandler::SigAction(handler)) => handler(signal, info, context.cast()),
        Some(SigHandler::Handler(handler)) => handler(signal),
        _ => {
            let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
            // SAFETY: the system's own way of dealing with it, as soon as the instruction is tried again.
            let _ = unsafe { sigaction(Signal::SIGSEGV, &default) };
        }
    }
}
