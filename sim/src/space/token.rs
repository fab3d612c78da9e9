//! Descriptions as flat lists of tokens.

use logon_core::symmetry::{Family, Shape};

use super::interner::Interner;
use super::symmetry::{Rule, Symmetry};
use crate::value::Value;

/// One call of a description, with what the symmetry makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Token {
    /// What stays as it is.
    Plain(u64),
    /// An identifier of a family with a counter, by the family's place.
    Fresh { slot: u8, number: u32 },
    /// The newest identifier of such a family.
    Newest { slot: u8, number: u32 },
    /// The `which`-th number of an actor; 0 is the actor itself.
    Actor { actor: u32, which: u32 },
    /// A collection without order begins.
    Open,
    /// Its next entry begins.
    Entry,
    /// It is over.
    Close,
}

impl Token {
    /// Whether it is about the structure and not about a value.
    pub(super) fn is_structure(self) -> bool {
        matches!(self, Self::Open | Self::Entry | Self::Close)
    }
}

/// Writes tokens down.
struct Writer<'a> {
    symmetry: &'a Symmetry,
    tokens: &'a mut Vec<Token>,
    /// Whether some of the value describes itself no further.
    is_undescribed: bool,
}

impl Shape for Writer<'_> {
    fn plain(&mut self, value: u64) {
        self.tokens.push(Token::Plain(value));
    }

    fn identifier(&mut self, family: Family, number: u32) {
        let token = match self.symmetry.rule(family) {
            Some((slot, Rule::Fresh { pinned } | Rule::Ordered { pinned }, ahead))
                if number + ahead > *pinned =>
            {
                let number = number + ahead;
                Token::Fresh { slot, number }
            }
            Some((_, Rule::OfActor(owner), _)) => match owner(number) {
                Some((actor, which)) => Token::Actor {
                    actor: u32::try_from(actor).expect("fewer than 2^32 actors"),
                    which: which + 1,
                },
                // Told from an actor's number, which is below 2^32.
                None => Token::Plain(u64::from(number) | 1 << 40),
            },
            _ => Token::Plain(u64::from(number)),
        };
        self.tokens.push(token);
    }

    fn newest(&mut self, family: Family, number: u32) {
        let token = match self.symmetry.rule(family) {
            Some((slot, Rule::Fresh { .. } | Rule::Ordered { .. }, ahead)) => Token::Newest {
                slot,
                number: number + ahead,
            },
            _ => Token::Plain(u64::from(number)),
        };
        self.tokens.push(token);
    }

    fn unordered(&mut self) {
        self.tokens.push(Token::Open);
    }

    fn entry(&mut self) {
        self.tokens.push(Token::Entry);
    }

    fn end(&mut self) {
        self.tokens.push(Token::Close);
    }

    fn undescribed(&mut self) {
        self.is_undescribed = true;
    }
}

/// Appends the description of `value` to `tokens`. Where nothing is interchangeable, the number of a value that does
/// not describe itself, or not all of itself, is its description.
///
/// # Errors
///
/// The name of its type, if it does not describe itself and has to.
pub(super) fn describe(
    symmetry: &Symmetry,
    interner: &mut Interner,
    value: &dyn Value,
    tokens: &mut Vec<Token>,
) -> Result<(), &'static str> {
    let before = tokens.len();
    let mut writer = Writer {
        symmetry,
        tokens,
        is_undescribed: false,
    };
    let described = symmetry.describe(value, &mut writer);
    let described = match writer.is_undescribed {
        true => Err(value.type_name()),
        false => described,
    };
    if described.is_err() && !symmetry.exchanges() {
        tokens.truncate(before);
        tokens.push(Token::Plain(interner.number(value)));
        return Ok(());
    }
    described
}
