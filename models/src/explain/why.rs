//! Why an execution fails, in one sentence: a template for each class of failure, filled in from its steps.
//!
//! The class follows from what fell and from what the steps did; nothing is guessed from names of defects.

use crate::trace::{Order, Trace, TracedStep, Waiting};

/// The sentence, and the numbers of the steps it is about. `orders` are those of the rule, if there is one.
pub(super) fn why(trace: &Trace, orders: &[Order]) -> (String, Vec<usize>) {
    let what = match &trace.violation {
        Some(violation) => violation.sentence.clone(),
        None => return ("nothing falls".to_owned(), Vec::new()),
    };
    let page = Page { trace, orders };
    let reason = page
        .weak_read()
        .or_else(|| page.circle())
        .or_else(|| page.merged_signal())
        .or_else(|| page.missed_wake())
        .or_else(|| page.overtaken())
        .or_else(|| page.interposed())
        .or_else(|| page.unfinished())
        .or_else(|| page.preceded())
        .unwrap_or_else(|| page.alone());
    (format!("{what}, because {}", reason.words), reason.steps)
}

/// A reason, and the numbers of the steps it names.
struct Reason {
    words: String,
    steps: Vec<usize>,
}

struct Page<'a> {
    trace: &'a Trace,
    orders: &'a [Order],
}

impl Page<'_> {
    fn steps(&self) -> &[TracedStep] {
        &self.trace.steps
    }

    /// The step of this number, from 1.
    fn at(&self, number: usize) -> &TracedStep {
        &self.trace.steps[number - 1]
    }

    /// The numbers of the steps that `wanted` admits, the last first.
    fn backwards<'b>(
        &'b self,
        before: usize,
        wanted: impl Fn(&TracedStep) -> bool + 'b,
    ) -> impl Iterator<Item = usize> + 'b {
        (1..before)
            .rev()
            .filter(move |&number| wanted(self.at(number)))
    }

    /// What a step did, as a clause: the fact that concerns `about` if there is one, else its label.
    fn clause(&self, number: usize, about: &[String]) -> String {
        let step = self.at(number);
        let speaks = |fact: &&String| about.iter().any(|name| fact.contains(name.as_str()));
        let is_state = |fact: &&String| fact.contains(" → ");
        let facts = || step.facts.iter();
        let fact = facts()
            .find(|fact| speaks(fact) && !is_state(fact))
            .or_else(|| facts().find(speaks))
            .or_else(|| facts().find(|fact| !is_state(fact)))
            .or_else(|| facts().next());
        let fact = fact.map(|fact| told(fact));
        match fact {
            Some(fact) if fact.starts_with(&step.actor) => format!("{fact} (step {number})"),
            Some(fact) => {
                let (actor, label) = (&step.actor, quoted(&step.label));
                format!("{fact} ({actor}'s {label}, step {number})")
            }
            None => self.deed(number),
        }
    }

    /// `alice's "look" (step 3)`.
    fn deed(&self, number: usize) -> String {
        let step = self.at(number);
        format!("{}'s {} (step {number})", step.actor, quoted(&step.label))
    }

    /// Whoever the execution fails for: the actor that waits for ever, else that of the last step.
    fn victim(&self) -> Option<&str> {
        let sentence = &self.trace.violation.as_ref()?.sentence;
        let waiting = self.trace.waiting.iter();
        let mut waiting = waiting.filter(|wait| sentence.starts_with(wait.actor.as_str()));
        let last = self.steps().last().map(|step| step.actor.as_str());
        waiting.next().map(|wait| wait.actor.as_str()).or(last)
    }

    fn fails_at_rest(&self) -> bool {
        !self.trace.waiting.is_empty()
    }

    /// A load that read what is no longer there.
    fn weak_read(&self) -> Option<Reason> {
        if !self.trace.needs_weak_memory {
            return None;
        }
        let stale = self.steps().iter().position(|step| {
            let written = self.last_write(step);
            step.read.is_some() && step.read != written
        })? + 1;
        let read = self.at(stale);
        let write = self
            .backwards(stale, |step| {
                step.object == read.object && step.written.is_some()
            })
            .next()?;
        let written = self.at(write).written.unwrap_or_default();
        let words = format!(
            "{} reads {} although {} wrote {written} (step {write}), for nothing orders the two",
            self.deed(stale),
            read.read.unwrap_or_default(),
            self.at(write).actor,
        );
        Some(Reason {
            words,
            steps: vec![write, stale],
        })
    }

    /// What was last written to the word that `step` reads, before it.
    fn last_write(&self, step: &TracedStep) -> Option<u64> {
        let before = self
            .steps()
            .iter()
            .take_while(|other| !std::ptr::eq(*other, step));
        let written = before.filter(|other| other.object == step.object);
        written
            .filter_map(|other| other.written)
            .last()
            .or(step.read)
    }

    /// Actors that wait for each other, each for what the next one has.
    fn circle(&self) -> Option<Reason> {
        let mut links: Vec<(&Waiting, usize)> = Vec::new();
        for wait in &self.trace.waiting {
            let had = |step: &TracedStep| step.object == wait.object && !step.asleep;
            let holder = self.backwards(self.steps().len() + 1, had).next();
            if let Some(holder) = holder
                && self.at(holder).actor != wait.actor
                && self
                    .trace
                    .waiting
                    .iter()
                    .any(|other| other.actor == self.at(holder).actor)
                && self.is_lock(&wait.object)
            {
                links.push((wait, holder));
            }
        }
        if links.is_empty() {
            return None;
        }
        let mut steps = Vec::new();
        let mut clauses = Vec::new();
        for (wait, holder) in &links {
            let asleep = self.falls_asleep(&wait.actor)?;
            steps.extend([*holder, asleep]);
            clauses.push(format!(
                "{} waits for the {} (step {asleep}), which {} has (step {holder})",
                wait.actor,
                wait.object,
                self.at(*holder).actor
            ));
        }
        if let [(wait, holder)] = links.as_slice() {
            let other = &self.at(*holder).actor;
            let asleep = self.falls_asleep(other)?;
            steps.push(asleep);
            let label = &self.at(asleep).label;
            clauses.push(format!(
                "{other} in turn waits for {}, in {} (step {asleep})",
                wait.actor,
                quoted(label)
            ));
        }
        steps.sort_unstable();
        steps.dedup();
        Some(Reason {
            words: clauses.join("; "),
            steps,
        })
    }

    /// Whether what an object guards is nothing but itself: no step on it ever told anything.
    fn is_lock(&self, object: &str) -> bool {
        let mut steps = self.steps().iter().filter(|step| step.object == object);
        object != "server" && steps.all(|step| step.facts.is_empty() && step.read.is_none())
    }

    /// The number of the step in which an actor fell asleep for good.
    fn falls_asleep(&self, actor: &str) -> Option<usize> {
        let asleep = |step: &TracedStep| step.actor == actor && step.asleep;
        self.backwards(self.steps().len() + 1, asleep).next()
    }

    /// Two signals, one of which is lost in the other before anybody looks.
    fn merged_signal(&self) -> Option<Reason> {
        if !self.fails_at_rest() {
            return None;
        }
        let victim = self.victim()?;
        let signals = |step: &TracedStep| step.kind == "update" && step.facts.is_empty();
        let own = self
            .backwards(self.steps().len() + 1, |step| {
                step.actor == victim && signals(step)
            })
            .next()?;
        let (label, object) = (self.at(own).label.clone(), self.at(own).object.clone());
        let mut others = (1..=self.steps().len()).filter(|&number| {
            let step = self.at(number);
            step.label == label && step.object == object && step.actor != victim
        });
        let other = others.next()?;
        let (first, last) = (own.min(other), own.max(other));
        let looks = |number: &usize| {
            let step = self.at(*number);
            step.object == object && step.label != label && !step.asleep
        };
        if (first..last).any(|number| looks(&number)) {
            return None;
        }
        let looked = (last..=self.steps().len()).find(|number| looks(number))?;
        let words = format!(
            "{} and {} become one, for {} sees them together (step {looked})",
            self.deed(first),
            self.deed(last),
            self.at(looked).actor,
        );
        Some(Reason {
            words,
            steps: vec![first, last, looked],
        })
    }

    /// An actor that sleeps although what it waits for has come.
    fn missed_wake(&self) -> Option<Reason> {
        if !self.fails_at_rest() {
            return None;
        }
        let victim = self.victim()?;
        let asleep = self.falls_asleep(victim)?;
        let concerns = |step: &TracedStep| {
            step.actor != victim && step.about.iter().any(|name| is_of(name, victim))
        };
        let change = self.backwards(self.steps().len() + 1, concerns).next()?;
        let about = [victim.to_owned()];
        let has_left = |fact: &String| fact.ends_with("has left");
        let clause = match self.at(change).facts.iter().any(has_left) {
            true => format!("{} comes", self.deed(change)),
            false => self.clause(change, &about),
        };
        let object = &self.at(asleep).object;
        let looked = self
            .backwards(asleep, |step| {
                step.actor == victim && step.object == *object
            })
            .next();
        let (words, steps) = match looked.filter(|_| change < asleep) {
            Some(looked) if looked < change => (
                format!(
                    "{clause} after {} looked (step {looked}) and before it falls asleep (step \
                     {asleep}), and nothing wakes it again",
                    victim
                ),
                vec![looked, change, asleep],
            ),
            _ if change > asleep => (
                format!(
                    "{clause} while {victim} sleeps (since step {asleep}), and nobody wakes it"
                ),
                vec![asleep, change],
            ),
            _ => return None,
        };
        Some(Reason { words, steps })
    }

    /// Somebody who waits in line and is passed by.
    fn overtaken(&self) -> Option<Reason> {
        let violation = self.trace.violation.as_ref()?;
        if violation.property != "overtaking" || self.steps().is_empty() {
            return None;
        }
        let last = self.steps().len();
        let server = &self.at(last).actor;
        let waits = |step: &TracedStep| {
            step.facts
                .iter()
                .any(|fact| fact.ends_with("waits in line"))
                && step.actor != *server
        };
        let queued = self.backwards(last, waits).last()?;
        let about = self.at(last).about.clone();
        let words = format!(
            "{}, and {} has waited in line since step {queued}",
            self.clause(last, &about),
            self.at(queued).actor
        );
        Some(Reason {
            words,
            steps: vec![queued, last],
        })
    }

    /// What somebody else did between two steps of one actor that belong together.
    fn interposed(&self) -> Option<Reason> {
        if self.fails_at_rest() || self.steps().is_empty() {
            return None;
        }
        let last = self.steps().len();
        let actor = self.at(last).actor.clone();
        let about = self.subjects(last);
        // Not a step that is about something else.
        let looks = |step: &TracedStep| {
            let about = |name: &String| about.contains(name);
            step.actor == actor && (step.about.is_empty() || step.about.iter().any(about))
        };
        let looked = self.backwards(last, looks).next()?;
        let between = |number: &usize| *number > looked && *number < last;
        let in_rule = |number: &usize| {
            let mut orders = self.orders.iter();
            orders.any(|order| order.first == *number || order.then == Some(*number))
        };
        let concerns = |number: &usize| {
            let step = self.at(*number);
            step.about.iter().any(|name| about.contains(name))
        };
        let candidates: Vec<usize> = (1..last).rev().filter(between).collect();
        let of = |wanted: &dyn Fn(&usize) -> bool| candidates.iter().copied().find(|n| wanted(n));
        let interposed = of(&|n| in_rule(n) && concerns(n))
            .or_else(|| of(&concerns))
            .or_else(|| of(&in_rule))
            .or_else(|| of(&|n| !self.at(*n).facts.is_empty()))?;
        let words = format!(
            "{} between {} and its {} (step {last})",
            self.clause(interposed, &about),
            self.deed(looked),
            quoted(&self.at(last).label)
        );
        Some(Reason {
            words,
            steps: vec![looked, interposed, last],
        })
    }

    /// What the last step is about: its sessions, or all it is about if there are none.
    fn subjects(&self, number: usize) -> Vec<String> {
        let violation = self.trace.violation.iter();
        let sentence: String = violation.map(|v| v.sentence.as_str()).collect();
        let all = &self.at(number).about;
        let is_session = |name: &&String| name.starts_with("session ");
        let named = all
            .iter()
            .filter(|name| is_session(name) || sentence.contains(name.as_str()));
        named.cloned().collect()
    }

    /// What was begun and never finished.
    fn unfinished(&self) -> Option<Reason> {
        let violation = self.trace.violation.as_ref()?;
        if !self.fails_at_rest() {
            return None;
        }
        let subject = violation.sentence.split_whitespace();
        let subject: Vec<&str> = subject.take(2).collect();
        let subject = [subject.join(" ")];
        let touched = |step: &TracedStep| step.about.contains(&subject[0]);
        let last = self.backwards(self.steps().len() + 1, touched).next()?;
        let words = format!(
            "{}, and no later step changes it",
            self.clause(last, &subject)
        );
        Some(Reason {
            words,
            steps: vec![last],
        })
    }

    /// What somebody else did before.
    fn preceded(&self) -> Option<Reason> {
        if self.orders.is_empty() {
            // Whatever the order, it fails: no order is a reason.
            return None;
        }
        let last = Some(self.steps().len()).filter(|&last| last > 0)?;
        let actor = &self.at(last).actor;
        let tells = |step: &TracedStep| step.actor != *actor && !step.facts.is_empty();
        let before = self.backwards(last, tells).next()?;
        let clause = self.clause(before, &[]);
        let waits = |step: &TracedStep| {
            let mut facts = step.facts.iter();
            facts.any(|fact| match fact.strip_suffix(" waits in line") {
                Some(who) => self.at(before).facts.contains(&format!("{who} has left")),
                None => false,
            })
        };
        Some(match self.backwards(before, waits).next() {
            Some(queued) => Reason {
                words: format!(
                    "{clause} and still stands in line (since step {queued}) in {}",
                    self.deed(last)
                ),
                steps: vec![queued, before, last],
            },
            None => Reason {
                words: format!("{clause} before {}", self.deed(last)),
                steps: vec![before, last],
            },
        })
    }

    /// Nobody else is to blame.
    fn alone(&self) -> Reason {
        let last = self.steps().len();
        match last {
            0 => Reason {
                words: "at the beginning".to_owned(),
                steps: Vec::new(),
            },
            _ => Reason {
                words: format!(
                    "of {} alone: nobody else has to do anything",
                    self.deed(last)
                ),
                steps: vec![last],
            },
        }
    }
}

/// Whether `name` is this client or one of its connections.
fn is_of(name: &str, client: &str) -> bool {
    name.strip_prefix(client)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// A fact as a clause that can stand in a sentence.
fn told(fact: &str) -> String {
    if let Some((who, _)) = fact.split_once(": refused: ") {
        return format!("{who} is refused");
    }
    match fact
        .split_once(": ")
        .map(|(what, change)| (what, change.split_once(" → ")))
    {
        Some((what, Some(("-", _)))) => format!("{what} is created"),
        Some((what, Some((_, "-")))) => format!("{what} is deleted"),
        Some((what, Some((from, to)))) => format!("{what} goes from {from} to {to}"),
        _ => fact.to_owned(),
    }
}

fn quoted(label: &str) -> String {
    format!("\"{label}\"")
}
