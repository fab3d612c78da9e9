//! Each call of the allocator, made by whoever has reason to: what happens in it happens on its behalf, and the judge is
//! asked about what it returns.

use logon_core::observer::{Departure, Observer};
use logon_core::primitives::{Monitor, Primitives};
use logon_core::server::Session;
use logon_core::{Allocator, Claim, Licenses, Line, LogonId, SessionManager, UserId};

use super::attributed;
use crate::judge::{self, Answer, Call, Errand, Wanted};

/// The label of the step in which the judge looks whether a call that has returned has done what it asks for.
pub(crate) const RETURN: &str = "return";

/// Makes a call. What happens in it happens on its behalf. `answer` is what its return says, if it says anything
/// that can be wrong; where it may be, the judge looks at the server in a step of its own, now that the call has
/// returned. A right allocator never causes that step.
fn make<P: Primitives, O: Observer, R>(
    allocator: &dyn Allocator<P, O>,
    call: Call,
    body: impl FnOnce() -> R,
    answer: impl FnOnce(&R) -> Option<Answer>,
) -> R {
    attributed::begin(Errand::of(call));
    let result = body();
    let (call, course) = attributed::end();
    if let Some(answer) = answer(&result)
        && !course.allows(answer)
    {
        attributed::begin(Errand::returned(call, answer, course));
        allocator.server().enter(RETURN, |_| ());
        attributed::end();
    }
    result
}

/// A client connects.
pub(crate) fn connect<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logon: LogonId,
    line: &dyn Line,
    licenses: &dyn Licenses,
) -> Answer {
    let body = || {
        let result = allocator.connect(logon, line, licenses);
        result.map_or_else(Answer::Ended, Answer::Prompt)
    };
    let call = Call::Connect(logon, judge::Line::Up);
    make(allocator, call, body, |&answer| Some(answer))
}

/// A user logs on; `None`: it cannot be authenticated.
pub(crate) fn log_on<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logon: LogonId,
    user: Option<UserId>,
    line: &dyn Line,
) -> Answer {
    let body = || {
        let result = allocator.log_on(logon, user, line);
        result.map_or_else(Answer::Ended, Answer::Home)
    };
    let call = Call::LogOn(logon, judge::Line::Up);
    make(allocator, call, body, |&answer| Some(answer))
}

/// A user disconnects.
pub(crate) fn disconnect<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logon: LogonId,
) -> Answer {
    let body = || {
        let departed = |()| Answer::Departed(Departure::Disconnected);
        allocator
            .disconnect(logon)
            .map_or_else(Answer::Ended, departed)
    };
    make(allocator, Call::Disconnect(logon), body, |&answer| {
        Some(answer)
    })
}

/// A user logs off.
pub(crate) fn log_off<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logon: LogonId,
) -> Answer {
    let body = || {
        let departed = |()| Answer::Departed(Departure::LoggedOff);
        allocator
            .log_off(logon)
            .map_or_else(Answer::Ended, departed)
    };
    make(allocator, Call::LogOff(logon), body, |&answer| Some(answer))
}

/// A client hangs up, or its line is cut.
pub(crate) fn hang_up<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    logon: LogonId,
) -> Answer {
    let body = || {
        allocator.hang_up(logon);
        Answer::HungUp
    };
    make(allocator, Call::HangUp(logon), body, |&answer| Some(answer))
}

/// An administrator enables logons, or disables them.
pub(crate) fn enable_logons<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    enabled: bool,
) {
    make(
        allocator,
        Call::EnableLogons(enabled),
        || allocator.enable_logons(enabled),
        |()| Some(Answer::Switched(enabled)),
    );
}

/// An administrator looks for a session and resets it if there is one: says whether the reset hit; `None`: there is none.
pub(crate) fn reset<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    wanted: Wanted,
) -> Option<bool> {
    let found = make(
        allocator,
        Call::LookUp(wanted),
        || allocator.look_up(&recognizer(wanted)),
        |&found| Some(Answer::LookedUp(found)),
    );
    found.map(|claim| {
        make(
            allocator,
            Call::Reset(claim, wanted),
            || allocator.reset(claim),
            |&hit| Some(Answer::WasReset(hit)),
        )
    })
}

/// How an administrator recognizes a session in the list: by its user, or by who is connected to it.
fn recognizer(wanted: Wanted) -> impl Fn(&Session) -> bool {
    move |session| {
        session.user == Some(wanted.user)
            || session.holder.is_some_and(|holder| wanted.is_logon(holder))
    }
}

/// Waits for a disconnected session of `user`. `may_find_none` says, when the call has returned, whether it may have found
/// none.
pub(crate) fn await_disconnected<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    user: UserId,
    may_find_none: impl FnOnce() -> bool,
) -> Option<Claim> {
    make(
        allocator,
        Call::AwaitDisconnected(user),
        || allocator.await_disconnected(user),
        |&found| (found.is_some() || !may_find_none()).then_some(Answer::Noticed(found)),
    )
}

/// The disconnected session of `user` has timed out; says whether it was reset.
pub(crate) fn expire<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    claim: Claim,
    user: UserId,
) -> bool {
    make(
        allocator,
        Call::Expire(claim, user),
        || allocator.expire(claim),
        |&hit| Some(Answer::WasReset(hit)),
    )
}

/// A creation worker serves until the server shuts down.
pub(crate) fn serve<P: Primitives, O: Observer>(
    allocator: &dyn Allocator<P, O>,
    manager: &dyn SessionManager,
) {
    make(
        allocator,
        Call::Serve(None),
        || allocator.serve(manager),
        |()| None,
    );
}
