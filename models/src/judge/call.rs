//! On whose behalf a section runs: the call that a party of the scenario makes, as the harness made it.
//!
//! An allocator tells what becomes true, and not why. The why is the harness's to know: it makes the calls. So
//! each section runs [`within`] a call, on every tool, and the judge asks [`current`] for the cause of what it is
//! told. The two communicate through a thread-local variable that is set while the section runs and at no other
//! time. A section is one step on every tool, so nobody else runs meanwhile; and the call is captured with the
//! section, so an explorer that calls it on clones of the state finds the same call each time.

use std::cell::Cell;
use std::collections::BTreeSet;

use logon_core::observer::{Departure, Resetter};
use logon_core::{Claim, Ending, LogonId, OnBrokenLine, Refusal, SessionState, UserId, symmetric};

use super::moment::MomentOver;
use super::rest::Answer;

/// What somebody asks of the allocator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Call {
    /// Nobody's: the harness's own, and that of a spurious waker.
    #[default]
    Nobody,
    /// A client's `connect`; whether its line was found to be down in it.
    Connect(LogonId, Line),
    /// A client's `log_on`.
    LogOn(LogonId, Line),
    /// A client's `disconnect`.
    Disconnect(LogonId),
    /// A client's `log_off`.
    LogOff(LogonId),
    /// `hang_up`, by the client or by whoever cuts its line.
    HangUp(LogonId),
    /// An administrator's `enable_logons`.
    EnableLogons(bool),
    /// An administrator's `look_up`.
    LookUp(Wanted),
    /// An administrator's `reset` of the session that was looked up.
    Reset(Claim, Wanted),
    /// A timer's `await_disconnected`.
    AwaitDisconnected(UserId),
    /// A timer's `expire`, for a session of this user.
    Expire(Claim, UserId),
    /// A creation worker's `serve`; the session that was loaded last in this round.
    Serve(Option<Claim>),
}

/// What the harness answered when it was asked about a client's line in a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Line {
    /// It is up, or nobody asked.
    Up,
    /// It is down.
    Down,
}

/// Whose session an administrator wants: a user's, or that of a logon of one client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Wanted {
    /// The user.
    pub user: UserId,
    /// The client's logons, if a client is meant: the first, and the one after the last.
    pub logons: Option<(LogonId, LogonId)>,
}

impl Wanted {
    /// Whether a logon of the client that is meant is one of these.
    pub(super) fn is_logon_among(self, logons: &BTreeSet<LogonId>) -> bool {
        self.logons
            .is_some_and(|(first, end)| first < end && logons.range(first..end).next().is_some())
    }

    /// Whether it is a logon of the client that is meant.
    pub fn is_logon(self, logon: LogonId) -> bool {
        self.logons
            .is_some_and(|(first, end)| (first..end).contains(&logon))
    }
}

/// Something that was asked for. It may be done in another party's section than that in which it was asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Request {
    /// A client connects.
    Connect(LogonId),
    /// Its user logs on.
    LogOn(LogonId),
    /// A logon is to end, and, if it is complete, like this.
    Leave(LogonId, Departure),
    /// Logons are to be enabled, or disabled.
    EnableLogons(bool),
    /// This session is to be reset.
    Reset(Resetter, Claim),
    /// This session has been loaded, and is to be said to be.
    Load(Claim),
}
symmetric! {
    enum Request {
        Connect(logon),
        LogOn(logon),
        Leave(logon, departure),
        EnableLogons(enabled),
        Reset(by, claim),
        Load(claim),
    }
}

impl Request {
    /// All that are about one logon.
    pub(super) fn of(logon: LogonId) -> [Request; 5] {
        let leave = |departure| Request::Leave(logon, departure);
        [
            Request::Connect(logon),
            Request::LogOn(logon),
            leave(Departure::Disconnected),
            leave(Departure::LoggedOff),
            leave(Departure::Reset),
        ]
    }

    /// The logon it is about, if it is about one.
    pub(super) fn logon(self) -> Option<LogonId> {
        match self {
            Request::Connect(logon) | Request::LogOn(logon) | Request::Leave(logon, _) => {
                Some(logon)
            }
            Request::EnableLogons(_) | Request::Reset(..) | Request::Load(_) => None,
        }
    }
}

impl Call {
    /// What this call asks for, on a server with this setting.
    pub(super) fn requests(self, on_broken_line: OnBrokenLine) -> impl Iterator<Item = Request> {
        let broken = |logon| Request::Leave(logon, broken_line(on_broken_line));
        let with_line = |request, logon, line| match line {
            Line::Up => [Some(request), None],
            Line::Down => [Some(request), Some(broken(logon))],
        };
        let only = |request| [Some(request), None];
        let requests = match self {
            Call::Nobody | Call::LookUp(_) | Call::AwaitDisconnected(_) | Call::Serve(None) => {
                [None, None]
            }
            Call::Serve(Some(claim)) => only(Request::Load(claim)),
            Call::Connect(logon, line) => with_line(Request::Connect(logon), logon, line),
            Call::LogOn(logon, line) => with_line(Request::LogOn(logon), logon, line),
            Call::Disconnect(logon) => only(Request::Leave(logon, Departure::Disconnected)),
            Call::LogOff(logon) => only(Request::Leave(logon, Departure::LoggedOff)),
            Call::HangUp(logon) => only(broken(logon)),
            Call::EnableLogons(enabled) => only(Request::EnableLogons(enabled)),
            Call::Reset(claim, _) => only(Request::Reset(Resetter::Administrator, claim)),
            Call::Expire(claim, _) => only(Request::Reset(Resetter::Timer, claim)),
        };
        requests.into_iter().flatten()
    }
}

/// How a complete logon ends whose line breaks (KB Q186566).
fn broken_line(setting: OnBrokenLine) -> Departure {
    match setting {
        OnBrokenLine::Disconnect => Departure::Disconnected,
        OnBrokenLine::Reset => Departure::LoggedOff,
    }
}

/// How things stand at the end of a section with what its call is about, by the judge's account. It says no more
/// than is needed to notice a wrong answer, for it is part of what an explorer takes for the result of the section.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Standing {
    /// What is to be ended is not there, or the call is about nothing.
    Nothing,
    /// What is to be ended is there.
    Living,
    /// The call did in this very section what it asks for: it reset the session, or its logon left.
    Done,
    /// The logon of the client that calls has not been admitted.
    Arrived,
    /// It is on its way to the prompt.
    Serving,
    /// It is at the prompt.
    AtPrompt,
    /// It is complete.
    LoggedOn,
    /// It is over, also if an administrator reset its session.
    Over,
    /// It was refused for another reason.
    Refused(Refusal),
    /// Logons are enabled, or not.
    Enabled(bool),
    /// Whether there is a session that the administrator, or the timer, must find; and whether it may find the one that
    /// the section says it has found.
    Found(bool, bool),
}
symmetric! {
    enum Standing {
        Nothing,
        Living,
        Done,
        Arrived,
        Serving,
        AtPrompt,
        LoggedOn,
        Over,
        Refused(refusal),
        Enabled(enabled),
        Found(any, right),
    }
}

/// What the sections of a call have shown by the time it returns.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Course {
    /// How things stood at the end of the last of them.
    pub last: Option<Standing>,
    /// One of them did what the call asks for; or at its end it was so.
    pub is_done: bool,
    /// At the end of one of them, what is to be ended was there.
    pub saw_living: bool,
    /// At the end of one of them, it was not.
    pub saw_none_living: bool,
    /// The session that one of them found, and rightly.
    pub found: Option<Claim>,
    /// One of them said which session it found, if any.
    pub says_which: bool,
    /// At the end of one of them, there was a session to be found.
    pub saw_one: bool,
    /// At the end of one of them, there was none.
    pub saw_none: bool,
}

impl Course {
    /// A call in which nothing has happened.
    pub const BEGINNING: Course = Course {
        last: None,
        is_done: false,
        saw_living: false,
        saw_none_living: false,
        found: None,
        says_which: false,
        saw_one: false,
        saw_none: false,
    };

    /// A section of this call is over, and has found this session, if it says so.
    #[must_use]
    pub fn after(self, call: Call, standing: Standing, says: Option<Option<Claim>>) -> Self {
        let is_switched = matches!(
            (call, standing),
            (Call::EnableLogons(wanted), Standing::Enabled(is)) if wanted == is
        );
        let right = matches!(standing, Standing::Found(_, true));
        Course {
            last: Some(standing),
            is_done: self.is_done || standing == Standing::Done || is_switched,
            saw_living: self.saw_living || standing == Standing::Living,
            saw_none_living: self.saw_none_living || standing == Standing::Nothing,
            found: says.flatten().filter(|_| right).or(self.found),
            says_which: self.says_which || says.is_some(),
            saw_one: self.saw_one || matches!(standing, Standing::Found(true, _)),
            saw_none: self.saw_none || matches!(standing, Standing::Found(false, _)),
        }
    }

    /// Whether a call that returns `answer` is right to, by what its sections have shown. If not, the judge has to look
    /// again when the call has returned: others may have acted since.
    pub fn allows(self, answer: Answer) -> bool {
        let last = self.last;
        match answer {
            Answer::Prompt(_) => last == Some(Standing::AtPrompt),
            Answer::Home(_) => last == Some(Standing::LoggedOn),
            Answer::Departed(_) | Answer::WasReset(true) | Answer::Switched(_) => self.is_done,
            Answer::Ended(Ending::Refused(Refusal::SessionReset)) => last == Some(Standing::Over),
            Answer::Ended(Ending::Refused(refusal)) => last == Some(Standing::Refused(refusal)),
            Answer::Ended(Ending::Gone) => {
                !self.is_done && matches!(last, Some(Standing::Nothing | Standing::Over))
            }
            Answer::HungUp => self.saw_none_living,
            Answer::WasReset(false) => !self.is_done && self.saw_none_living,
            Answer::LookedUp(Some(claim)) | Answer::Noticed(Some(claim)) => {
                self.found == Some(claim) || !self.says_which && self.saw_one
            }
            Answer::LookedUp(None) => self.saw_none,
            // A timer that is told so while the harness does not shut down is told a lie.
            Answer::Noticed(None) => false,
        }
    }
}

/// Whether a client or a user has a session in this state, so that an administrator may reset it.
pub(super) fn is_resettable(state: SessionState) -> bool {
    use SessionState::{Active, ConnectQuery, Connected, Disconnected, Shadow};
    matches!(
        state,
        Active | ConnectQuery | Connected | Disconnected | Shadow
    )
}

/// Whether a session in this state is past its life, and only waits to be deleted.
pub(super) fn is_ended(state: SessionState) -> bool {
    matches!(state, SessionState::Reset | SessionState::Down)
}

thread_local! {
    static CURRENT: Cell<Errand> = const { Cell::new(Errand::NONE) };
}

/// A call under way, or one that has returned.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Errand {
    /// The call.
    pub call: Call,
    /// What it returned, if it has, and what was seen on the way.
    pub returned: Option<(Answer, Course)>,
    /// The moment to be judged, if one is.
    pub moment: Option<MomentOver>,
    /// Whether it did what it asks for since the errand began.
    is_done: bool,
}

impl Errand {
    const NONE: Errand = Errand::of(Call::Nobody);

    /// Whether the call did what it asks for since the errand began.
    pub(super) fn is_done(self) -> bool {
        self.is_done
    }

    /// The errand as it begins.
    pub(super) fn begun(self) -> Self {
        Errand {
            is_done: false,
            ..self
        }
    }

    /// A call under way.
    pub const fn of(call: Call) -> Self {
        Errand {
            call,
            returned: None,
            moment: None,
            is_done: false,
        }
    }

    /// Nobody can act before time passes.
    pub const fn moment(over: MomentOver) -> Self {
        Errand {
            moment: Some(over),
            ..Errand::NONE
        }
    }

    /// A call that has returned this, after such a course.
    pub const fn returned(call: Call, answer: Answer, course: Course) -> Self {
        Errand {
            call,
            returned: Some((answer, course)),
            moment: None,
            is_done: false,
        }
    }
}

/// Runs a section on this errand. Sections do not contain each other.
pub fn within<R>(errand: Errand, section: impl FnOnce() -> R) -> R {
    struct Back;
    impl Drop for Back {
        fn drop(&mut self) {
            CURRENT.set(Errand::NONE);
        }
    }
    CURRENT.set(errand);
    let _back = Back;
    section()
}

/// The errand on which the present section runs.
pub(super) fn current() -> Errand {
    CURRENT.get()
}

/// Whether the present section judges a moment.
pub(crate) fn is_moment() -> bool {
    current().moment.is_some()
}

/// Notes that the section has done what its call asks for.
pub(super) fn note_done() {
    CURRENT.set(Errand {
        is_done: true,
        ..CURRENT.get()
    });
}
