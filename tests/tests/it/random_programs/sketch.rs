//! Programs as data: what actors do, and how such programs are generated and shrunk.

use quickcheck::{Arbitrary, Gen};

/// What holds of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Always,
    Is(u64),
    AtLeast(u64),
    IsOdd,
}

/// A number that an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Is(u64),
    /// Depends on what was learned last.
    Last,
}

/// What a section does to a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Nothing,
    Set(Operand),
    Add(Operand),
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Enter(usize, Change),
    Update(usize, Change),
    Wait(usize, Test, Change),
    Sleep(usize),
    Load(usize),
    Store(usize, Operand),
    CompareExchange(usize, Operand, Operand),
    FetchAdd(usize, Operand),
    Swap(usize, Operand),
    Choose(u32),
    Change(usize, Change, Waking),
    WaitOn(usize, usize, Test, Change, Waking),
}

/// Whom a section wakes; conditions are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waking {
    Nobody,
    One(usize),
    All(usize),
    Everybody,
}

/// How many conditions each monitor has.
pub(crate) const CONDITIONS: usize = 2;

/// What an actor does next, if the test holds of what it learned last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) only_if: Test,
    pub(crate) action: Action,
}

/// An operation, or a loop of which each round begins with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Operation(Operation),
    /// Rounds until what a round learned last passes the test.
    Forever(Vec<Instruction>, Test),
}

/// A program: the actors of one script are of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) monitors: Vec<u64>,
    pub(crate) words: Vec<u64>,
    pub(crate) scripts: Vec<Vec<Instruction>>,
    /// Which script each actor follows.
    pub(crate) cast: Vec<usize>,
    /// The script whose actors have idle priority, if one has.
    pub(crate) idle: Option<usize>,
}

/// A program in which no two actors follow one script.
#[derive(Clone, Debug)]
pub(crate) struct Different(pub(crate) Sketch);

/// A program in which some actors follow one script.
#[derive(Clone, Debug)]
pub(crate) struct Alike(pub(crate) Sketch);

pub(crate) fn below(source: &mut Gen, limit: usize) -> usize {
    u32::arbitrary(source) as usize % limit
}

impl Test {
    pub(crate) fn holds(self, value: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Is(other) => value == other,
            Self::AtLeast(least) => value >= least,
            Self::IsOdd => value % 2 == 1,
        }
    }

    fn any(source: &mut Gen) -> Self {
        match below(source, 3) {
            0 => Self::Is(below(source, 4) as u64),
            1 => Self::AtLeast(1 + below(source, 3) as u64),
            _ => Self::IsOdd,
        }
    }
}

impl Operand {
    fn any(source: &mut Gen) -> Self {
        match below(source, 3) {
            0 => Self::Last,
            _ => Self::Is(below(source, 4) as u64),
        }
    }
}

impl Change {
    fn any(source: &mut Gen) -> Self {
        match below(source, 5) {
            0 => Self::Nothing,
            1 | 2 => Self::Set(Operand::any(source)),
            _ => Self::Add(Operand::any(source)),
        }
    }
}

impl Waking {
    fn any(source: &mut Gen) -> Self {
        let condition = below(source, CONDITIONS);
        match below(source, 6) {
            0 => Self::Nobody,
            1..=3 => Self::One(condition),
            4 => Self::All(condition),
            _ => Self::Everybody,
        }
    }
}

impl Operation {
    fn any(source: &mut Gen, monitors: usize, words: usize) -> Self {
        let monitor = below(source, monitors);
        match below(source, if words == 0 { 12 } else { 19 }) {
            0 => Self::Enter(monitor, Change::any(source)),
            1..=3 => Self::Update(monitor, Change::any(source)),
            4 | 5 => Self::Wait(monitor, Test::any(source), Change::any(source)),
            6 => Self::Sleep(monitor),
            7 => Self::Choose(1 + u32::from(bool::arbitrary(source))),
            8 | 9 => Self::Change(monitor, Change::any(source), Waking::any(source)),
            10 | 11 => {
                let (condition, test) = (below(source, CONDITIONS), Test::any(source));
                Self::WaitOn(
                    monitor,
                    condition,
                    test,
                    Change::any(source),
                    Waking::any(source),
                )
            }
            12 | 13 => Self::Load(below(source, words)),
            14 => Self::Store(below(source, words), Operand::any(source)),
            15 => Self::FetchAdd(below(source, words), Operand::any(source)),
            16 => Self::Swap(below(source, words), Operand::any(source)),
            _ => {
                let (current, new) = (Operand::any(source), Operand::any(source));
                Self::CompareExchange(below(source, words), current, new)
            }
        }
    }
}

/// A list of instructions; `nested` more loops may lie in each other.
fn script(
    source: &mut Gen,
    most: usize,
    nested: usize,
    (monitors, words): (usize, usize),
) -> Vec<Instruction> {
    let mut script = Vec::new();
    for place in 0..1 + below(source, most) {
        let only_if = match below(source, 3) {
            0 if place > 0 => Test::any(source),
            _ => Test::Always,
        };
        let action = if nested > 0 && below(source, 8) == 0 {
            let body = self::script(source, 2, nested - 1, (monitors, words));
            Action::Forever(body, Test::any(source))
        } else {
            Action::Operation(Operation::any(source, monitors, words))
        };
        script.push(Instruction { only_if, action });
    }
    script
}

impl Sketch {
    fn any(source: &mut Gen, scripts: usize, cast: Vec<usize>) -> Self {
        let monitors: Vec<u64> = (0..1 + below(source, 3))
            .map(|_| below(source, 3) as u64)
            .collect();
        let words = vec![0; below(source, 3)];
        let most = if cast.len() == 2 { 5 } else { 3 };
        let sizes = (monitors.len(), words.len());
        let idle = match below(source, 3) {
            0 => Some(below(source, scripts)),
            _ => None,
        };
        let scripts = (0..scripts).map(|_| script(source, most, 2, sizes));
        Self {
            idle,
            scripts: scripts.collect(),
            monitors,
            words,
            cast,
        }
    }

    /// Smaller programs: without an actor, without an instruction, or with a loop's body in place of the loop.
    fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        if self.idle.is_some() {
            let mut sketch = self.clone();
            sketch.idle = None;
            smaller.push(sketch);
        }
        for actor in 0..self.cast.len() {
            let mut sketch = self.clone();
            sketch.cast.remove(actor);
            smaller.push(sketch);
        }
        for place in 0..self.scripts.len() {
            for script in shorter(&self.scripts[place], 0) {
                let mut sketch = self.clone();
                sketch.scripts[place] = script;
                smaller.push(sketch);
            }
        }
        smaller
    }
}

/// Shorter scripts, of which the first `kept` instructions stay.
fn shorter(script: &[Instruction], kept: usize) -> Vec<Vec<Instruction>> {
    let mut all = Vec::new();
    for place in 0..script.len() {
        let with = |instructions: &[Instruction]| {
            [&script[..place], instructions, &script[place + 1..]].concat()
        };
        let instruction = &script[place];
        if place >= kept {
            all.push(with(&[]));
        }
        if instruction.only_if != Test::Always {
            let always = Instruction {
                only_if: Test::Always,
                ..instruction.clone()
            };
            all.push(with(&[always]));
        }
        if let Action::Forever(body, until) = &instruction.action {
            all.push(with(body));
            for body in shorter(body, 1) {
                let action = Action::Forever(body, *until);
                let only_if = instruction.only_if;
                all.push(with(&[Instruction { only_if, action }]));
            }
        }
    }
    all
}

impl Arbitrary for Different {
    fn arbitrary(source: &mut Gen) -> Self {
        let actors = 2 + below(source, 2);
        Self(Sketch::any(source, actors, (0..actors).collect()))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.smaller().into_iter().map(Self))
    }
}

impl Arbitrary for Alike {
    fn arbitrary(source: &mut Gen) -> Self {
        let casts: [&[usize]; 5] = [&[0, 0], &[0, 0, 0], &[0, 1, 0], &[0, 0, 1], &[0, 0, 0]];
        let cast = casts[below(source, casts.len())].to_vec();
        Self(Sketch::any(source, 2, cast))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.smaller().into_iter().map(Self))
    }
}
