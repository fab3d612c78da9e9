//! The symbolic store: the server's containers, of which a few entries are visible and the rest is a number.
//!
//! # What stands for what
//!
//! A state of the server is any number of clients, sessions and workers. The entries of those who take part in a
//! section are *visible*: the maps and lists hold them as they are. Everybody else's are *hidden*. Of them the store
//! knows three numbers: how many logons are in line, how many sessions are idle, and how many are being created,
//! visible ones included (see [`super::quantity`]). A section that compares a count goes both ways (see [`super::path`]).
//!
//! # Why that is enough
//!
//! Each operation gives every result that it may have in any state with these visible entries and numbers:
//!
//! - Taking the front of a list gives nothing, if the list may be empty; a visible entry, whichever; or a hidden one.
//!   In the last case the run is broken off and repeated with one more party made visible, once for each kind of party
//!   that may stand there. Lists are therefore in no order: what is shown holds for every order, and that the line is
//!   served in order rests on the queue's type.
//! - Looking up an identifier gives the visible entry. Identifiers are never given twice, and nobody mentions one of a
//!   hidden party unless it has seen it, so any other one is nobody's; each is noted ([`super::path::ask`]), and the extraction
//!   checks that it is.
//! - Counting sessions that are wanted is possible for those that are being created. Another wish is outside of what
//!   can be followed.
//!
//! `tests/containers` compares each operation with the standard containers, for all small contents.

pub(super) mod list;
mod number;
pub(super) mod records;

use logon_core::server::{Logon, Session};
use logon_core::store::Store;
use logon_core::{Claim, LogonId, SessionId};

pub(super) use list::Listed;
pub(super) use number::Number;
pub(super) use records::Records;

/// The symbolic store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Symbolic;

impl Store for Symbolic {
    type Count = Number;
    type Line = Listed<LogonId>;
    type Pool = Listed<Claim>;
    type Sessions = Records<SessionId, Session>;
    type Logons = Records<LogonId, Logon>;
}
