//! S13, and the cause of what is told: what was asked for, by whom, and whether it was done.

use logon_core::observer::Resetter;
use logon_core::{Claim, Ending, LogonId, Refusal, SessionState, UserId};

use super::call::{self, Call, Course, Errand, Request, Standing, Wanted, is_ended, is_resettable};
use super::ghost::{GhostLogon, Stage};
use super::property::Property;
use super::rest::Answer;
use super::{Judge, Records};

impl<R: Records> Judge<R> {
    /// Whether this was asked for: in the call on whose behalf the section runs, or in an earlier section and not
    /// done since. Whoever feeds the judge by hand makes no calls, and nothing is said about causes.
    pub(super) fn asked(&self, request: Request) -> bool {
        !self.truth.calls
            || self.requests.contains(&request)
            || call::current()
                .call
                .requests(self.truth.on_broken_line)
                .any(|asked| asked == request)
    }

    /// Whether this logon's end was asked for in some way.
    pub(super) fn asked_to_leave(&self, logon: LogonId) -> bool {
        use logon_core::observer::Departure::{Disconnected, LoggedOff};
        let ways = [Disconnected, LoggedOff];
        ways.into_iter()
            .any(|way| self.asked(Request::Leave(logon, way)))
    }

    /// A section is over: what its call asks for is remembered unless it is done. A harness that says what the call
    /// returned asks whether it is so.
    pub(super) fn section_is_over(&mut self) {
        let Errand {
            call,
            returned,
            moment,
            ..
        } = call::current();
        if let Some(over) = moment {
            self.moment(over);
        }
        if returned.is_none() {
            self.aimed_at_whom_it_should(call);
        }
        for request in call.requests(self.truth.on_broken_line) {
            if self.is_open(request) {
                self.requests.insert(request);
            }
        }
        if let Some((answer, course)) = returned {
            self.returned(call, answer, course);
        }
    }

    /// S6, for whoever is to be reset: the situation says whose session that must be.
    fn aimed_at_whom_it_should(&mut self, call: Call) {
        let (claim, right, what) = match call {
            Call::Reset(claim, wanted) => {
                let what = "is shown to an administrator who looks for another";
                (claim, self.is_wanted(claim, wanted), what)
            }
            Call::Expire(claim, user) => {
                let what = "is shown to a timer that waits for another";
                (claim, self.user_on(claim) == Some(user), what)
            }
            _ => return,
        };
        // Each section of the call comes here, and the first says it.
        if !right && self.records.session(claim).is_some() && self.violations.is_empty() {
            self.violated(Property::Identity, None, Some(claim), what);
        }
    }

    /// Whether this can still be done, and is not.
    fn is_open(&self, request: Request) -> bool {
        let ghost = request.logon().and_then(|logon| self.records.logon(logon));
        match request {
            Request::Connect(_) => ghost.is_none(),
            Request::LogOn(_) => {
                ghost.is_some_and(|ghost| !ghost.is_over() && ghost.stage != Stage::LoggedOn)
            }
            // A logon that is not known yet may be ended as soon as it arrives.
            Request::Leave(..) => ghost.is_none_or(|ghost| !ghost.is_over()),
            Request::EnableLogons(enabled) => self.logons_enabled != enabled,
            Request::Reset(by, claim) => self.may_be_hit(by, claim),
            Request::Load(claim) => {
                let session = self.records.session(claim);
                session.is_some_and(|session| !session.loaded)
            }
        }
    }

    /// Whether there is something to reset: for a timer, a disconnected session.
    fn may_be_hit(&self, by: Resetter, claim: Claim) -> bool {
        let state = self.records.session(claim).map(|session| session.state);
        match by {
            Resetter::Administrator => state.is_some_and(is_resettable),
            Resetter::Timer => state == Some(SessionState::Disconnected),
        }
    }

    /// How things stand with what this call is about, at the end of a section that found this session, if it says.
    pub fn standing(&self, call: Call, found: Option<Claim>) -> Standing {
        let living = |living: bool| match living {
            true => Standing::Living,
            false => Standing::Nothing,
        };
        match call {
            _ if call::current().is_done() => Standing::Done,
            Call::Nobody | Call::Serve(_) => Standing::Nothing,
            Call::AwaitDisconnected(user) => {
                let any = self.records.has_disconnected(user);
                Standing::Found(
                    any,
                    found.is_some_and(|claim| self.is_disconnected(claim, user)),
                )
            }
            Call::HangUp(logon) => {
                // Before it is admitted, a hang-up may be lost: the server does not know the logon.
                let ghost = self.records.logon(logon);
                living(ghost.is_some_and(GhostLogon::is_held))
            }
            Call::Connect(logon, _)
            | Call::LogOn(logon, _)
            | Call::Disconnect(logon)
            | Call::LogOff(logon) => match self.records.logon(logon).map(|ghost| ghost.stage) {
                None => Standing::Nothing,
                Some(Stage::Arrived) => Standing::Arrived,
                Some(Stage::Serving) => Standing::Serving,
                Some(Stage::AtPrompt) => Standing::AtPrompt,
                Some(Stage::LoggedOn) => Standing::LoggedOn,
                Some(Stage::Over | Stage::Refused(Refusal::SessionReset)) => Standing::Over,
                Some(Stage::Refused(refusal)) => Standing::Refused(refusal),
            },
            Call::EnableLogons(_) => Standing::Enabled(self.logons_enabled),
            Call::LookUp(wanted) => Standing::Found(
                self.wanted_now(wanted).is_some(),
                found.is_some_and(|claim| self.is_wanted_now(claim, wanted)),
            ),
            Call::Reset(claim, _) => living(self.may_be_hit(Resetter::Administrator, claim)),
            Call::Expire(claim, _) => living(self.may_be_hit(Resetter::Timer, claim)),
        }
    }

    fn is_disconnected(&self, claim: Claim, user: UserId) -> bool {
        let session = self.records.session(claim);
        session.is_some_and(|session| session.is_disconnected(user))
    }

    /// The session that an administrator must find who looks for one now: one that may still be reset. The first, if there
    /// are several.
    fn wanted_now(&self, wanted: Wanted) -> Option<Claim> {
        let of_user = self.records.first_resettable(wanted.user);
        let (first, end) = wanted.logons.unwrap_or((LogonId(0), LogonId(0)));
        let of_client = self.records.living(first, end).flat_map(|logon| {
            let ghost = self.records.logon(logon);
            ghost.map_or([None; 2], |ghost| [ghost.claim, ghost.old_claim()])
        });
        let resettable = |claim: &Claim| {
            let session = self.records.session(*claim);
            session.is_some_and(|session| is_resettable(session.state))
        };
        let of_client = of_client.flatten().filter(resettable);
        of_client.chain(of_user).min()
    }

    /// Whether an administrator may find this session now: also one that was reset, and is not deleted yet.
    fn is_wanted_now(&self, claim: Claim, wanted: Wanted) -> bool {
        let Some(session) = self.records.session(claim) else {
            return false;
        };
        let of_client = || {
            let holders = self.records.holders(claim);
            let mut all = holders.chain(self.records.returning_to(claim));
            all.any(|logon| wanted.is_logon(logon))
        };
        session.user == Some(wanted.user) || of_client()
    }

    /// Whether a session is, or was when it was looked up, one that the administrator wants.
    pub(super) fn is_wanted(&self, claim: Claim, wanted: Wanted) -> bool {
        self.records.session(claim).is_some_and(|session| {
            session.user == Some(wanted.user) || wanted.is_logon_among(&session.held_by)
        })
    }

    /// S13 and S9, for a call that has returned, at this moment: what it asked for is done, and its answer is true.
    fn returned(&mut self, call: Call, answer: Answer, course: Course) {
        match (call, answer) {
            (_, Answer::HungUp) => {
                let (Call::HangUp(logon) | Call::Connect(logon, _) | Call::LogOn(logon, _)) = call
                else {
                    return;
                };
                if self.records.logon(logon).is_some_and(GhostLogon::is_held) {
                    self.as_asked(Some(logon), None, "is hung up, and lives on");
                }
            }
            (Call::EnableLogons(enabled), _) if self.logons_enabled != enabled => {
                let what = match enabled {
                    true => "does not enable logons when it is asked to",
                    false => "does not disable logons when it is asked to",
                };
                self.as_asked(None, None, what);
            }
            (Call::LookUp(wanted), Answer::LookedUp(None)) => {
                if let Some(missed) = self.wanted_now(wanted) {
                    let what = "is not found by the administrator who looks for it";
                    self.as_asked(None, Some(missed), what);
                }
            }
            (Call::LookUp(wanted), Answer::LookedUp(Some(claim)))
                if !self.is_wanted_now(claim, wanted) =>
            {
                let what = "is shown to an administrator who does not look for it";
                self.as_asked(None, Some(claim), what);
            }
            (Call::Reset(claim, _), Answer::WasReset(hit)) => {
                self.was_reset(Resetter::Administrator, claim, hit, course);
            }
            (Call::Expire(claim, _), Answer::WasReset(hit)) => {
                self.was_reset(Resetter::Timer, claim, hit, course);
            }
            (Call::AwaitDisconnected(_), Answer::Noticed(None)) => {
                let what = "tells a timer that it shuts down, and does not";
                self.as_asked(None, None, what);
            }
            (Call::AwaitDisconnected(user), Answer::Noticed(Some(claim)))
                if !self.is_disconnected(claim, user) =>
            {
                let what = "is shown to a timer as disconnected, and is not";
                self.as_asked(None, Some(claim), what);
            }
            (Call::Disconnect(logon) | Call::LogOff(logon), Answer::Ended(Ending::Gone))
                if course.is_done =>
            {
                let what = "is told that it was over, and was not until it left";
                self.violated(Property::OneOutcome, Some(logon), None, what);
            }
            (
                Call::Connect(logon, _)
                | Call::LogOn(logon, _)
                | Call::Disconnect(logon)
                | Call::LogOff(logon),
                answer,
            ) => self.told_what_is_so(logon, answer),
            _ => {}
        }
    }

    /// S13, for a reset that has returned and says whether it hit.
    fn was_reset(&mut self, by: Resetter, claim: Claim, hit: bool, course: Course) {
        let is_living = self.may_be_hit(by, claim);
        let what = match (by, hit) {
            (_, true) if !self.has_ended(claim) => "lives on although its reset says that it hit",
            (_, true) if !course.is_done && !course.saw_living => {
                "was ended before its reset, which says that it hit"
            }
            (_, false) if course.is_done => "is hit by a reset that says that it did not",
            (Resetter::Administrator, false) if is_living => {
                "is not reset although an administrator asks for it"
            }
            (Resetter::Timer, false) if is_living => {
                "is not reset although its time-out has passed"
            }
            _ => return,
        };
        self.as_asked(None, Some(claim), what);
    }

    fn has_ended(&self, claim: Claim) -> bool {
        self.records
            .session(claim)
            .is_none_or(|session| is_ended(session.state))
    }

    pub(super) fn as_asked(
        &mut self,
        logon: Option<LogonId>,
        session: Option<Claim>,
        what: &'static str,
    ) {
        self.violated(Property::AsAsked, logon, session, what);
    }

    /// S9, towards the client: what it is told is what became of it.
    pub(crate) fn told_what_is_so(&mut self, logon: LogonId, answer: Answer) {
        let ghost = self.records.logon(logon);
        let so = match answer {
            Answer::Prompt(claim) => ghost.and_then(|ghost| ghost.prompt) == Some(claim),
            Answer::Home(claim) => ghost.and_then(|ghost| ghost.home) == Some(claim),
            Answer::Departed(departure) => {
                ghost.and_then(|ghost| ghost.departed) == Some(departure)
            }
            Answer::Ended(Ending::Refused(refusal)) => {
                ghost.is_some_and(|ghost| ghost.stage == Stage::Refused(refusal))
            }
            // Who is refused is told so; but whose session was reset finds it gone. A client that leaves before
            // it arrives is unknown, and nobody else may be.
            Answer::Ended(Ending::Gone) => match ghost.map(|ghost| ghost.stage) {
                Some(Stage::Over | Stage::Refused(Refusal::SessionReset)) => true,
                Some(_) => false,
                None if self.truth.calls => self.asked_to_leave(logon),
                None => self.truth.leaves.contains_key(&logon),
            },
            Answer::HungUp
            | Answer::Switched(_)
            | Answer::LookedUp(_)
            | Answer::WasReset(_)
            | Answer::Noticed(_) => true,
        };
        if !so {
            let what = "is told something else than what became of it";
            self.violated(Property::OneOutcome, Some(logon), None, what);
        }
    }
}
