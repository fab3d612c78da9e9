//! What was worked out, in sentences.

use super::chart::{self, Actor, Chart, Way};
use super::orders::Event;
use super::rule::{self, FEWEST, Found, Rule, Then};
use super::smallest::Longer;
use super::tally::Tally;
use super::work::GivenUp;
use crate::counted::{counted, grouped};
use crate::trace::{self, Order, OtherStep, Point, Trace};

/// How many of the failing executions a rule is about, if not all of them. It was compared with so many others.
fn covering(holding: Option<u128>, compared: Option<usize>) -> String {
    let holding = match holding {
        Some(holding) => format!("{} of those that fail", grouped(holding)),
        None => "not all of those that fail".to_owned(),
    };
    match compared {
        Some(compared) => {
            format!(" ({holding}, the most of the first {compared} such rules, and there are more)")
        }
        None => format!(" ({holding})"),
    }
}

/// How much was done before a search for a rule was given up.
fn given_up(found: &Found, given_up: GivenUp) -> String {
    format!(
        "given up after {} of work, with {} of orders tried",
        counted(given_up.after, "piece"),
        counted(found.sets, "set")
    )
}

/// What the sentences speak of.
pub(super) struct Words<'a> {
    pub(super) trace: &'a Trace,
    pub(super) chart: &'a Chart,
    /// The failing execution, as far as the chart has it.
    pub(super) failing: &'a Way,
    pub(super) tally: Option<Tally>,
}

impl Words<'_> {
    /// `bob's "look at the idle head" (step 6)`; steps are given from 0.
    pub(super) fn step(&self, index: usize) -> String {
        let step = &self.trace.steps[index];
        format!("{}'s \"{}\" (step {})", step.actor, step.label, index + 1)
    }

    /// `bob's "look at the idle head"`.
    pub(super) fn deed(&self, actor: Actor, deed: u16) -> String {
        let label = &self.chart.deeds[usize::from(deed)].label;
        format!("{}'s \"{label}\"", self.chart.name(actor))
    }

    fn other(&self, event: Event) -> OtherStep {
        let deed = &self.chart.deeds[usize::from(event.deed)];
        OtherStep {
            actor: self.chart.name(event.actor).to_owned(),
            label: deed.label.clone(),
            object: deed.object.clone(),
            nth: u32::from(event.nth),
        }
    }

    /// What all this was checked on.
    fn checked(&self) -> String {
        let sample = match self.chart.basis {
            chart::Basis::Exhausted => "all",
            chart::Basis::Sampled(_) => "a sample of",
        };
        match self.tally {
            Some(Tally { failing, passing }) => {
                let total = grouped(failing.saturating_add(passing));
                let (failing, passing) = (grouped(failing), grouped(passing));
                let total = match self.chart.basis {
                    chart::Basis::Exhausted => format!("{total} executions"),
                    chart::Basis::Sampled(run) => {
                        format!("{} executions, {total} of them different", grouped(run))
                    }
                };
                format!("{sample} {total}: {failing} fail, {passing} pass")
            }
            None => format!(
                "{sample} executions that come to an end, in {} states",
                self.chart.nodes.len()
            ),
        }
    }

    /// `most` is how many rules of a size are compared.
    pub(super) fn rule(&self, found: &Found, most: usize) -> trace::Rule {
        let (reach, steps, holding) = match &found.rule {
            Rule::Always => (trace::Reach::Always, Vec::new(), None),
            Rule::None => (trace::Reach::Nothing, Vec::new(), None),
            Rule::Orders {
                reach,
                steps,
                holding,
            } => {
                let reach = match reach {
                    rule::Reach::Exactly => trace::Reach::Exactly,
                    rule::Reach::LikeThis => trace::Reach::LikeThis,
                    rule::Reach::Whenever => trace::Reach::Whenever,
                };
                (reach, steps.clone(), *holding)
            }
        };
        let orders: Vec<Order> = steps
            .iter()
            .map(|&(first, then)| Order {
                first: first + 1,
                then: match then {
                    Then::Step(then) => Some(then + 1),
                    Then::Other(_) => None,
                },
                other: match then {
                    Then::Step(_) => None,
                    Then::Other(event) => Some(self.other(event)),
                },
            })
            .collect();
        let listed = orders.iter().map(|order| {
            let then = order.then.map(|then| then.to_string());
            let other = order.other.as_ref().map(OtherStep::to_string);
            let then = then.or(other).unwrap_or_default();
            format!("{} before {then}", order.first)
        });
        let listed = listed.collect::<Vec<String>>().join(" and ");
        let compared = found.are_more.then_some(most);
        let said = match reach {
            trace::Reach::Always => "every execution fails, whatever the order".to_owned(),
            trace::Reach::Exactly => format!("fails exactly when {listed}"),
            trace::Reach::LikeThis => {
                format!(
                    "fails like this exactly when {listed}{}",
                    covering(holding, None)
                )
            }
            trace::Reach::Whenever => {
                let apart = match found.exactly {
                    None => "no three orders tell all apart".to_owned(),
                    Some(after) => format!(
                        "whether some orders tell all apart was not found out ({})",
                        given_up(found, after)
                    ),
                };
                let others = match found.whenever {
                    None => String::new(),
                    Some(after) => {
                        format!(
                            "; the search for one that covers more was {}",
                            given_up(found, after)
                        )
                    }
                };
                format!(
                    "{apart}; fails whenever {listed}{}{others}",
                    covering(holding, compared)
                )
            }
            trace::Reach::Nothing => {
                let found_out = match found.exactly.or(found.whenever) {
                    None => String::new(),
                    Some(after) => format!("; the search was {}", given_up(found, after)),
                };
                let supported = match self.chart.basis {
                    chart::Basis::Exhausted => String::new(),
                    chart::Basis::Sampled(_) => {
                        format!(" and hold in at least {FEWEST} executions")
                    }
                };
                format!(
                    "no three orders were found that tell failing from passing{supported}{found_out}"
                )
            }
        };
        trace::Rule {
            reach,
            orders,
            sentence: format!("{said}; checked on {}", self.checked()),
        }
    }

    /// The same rule, unless it covers less than half of the failures like this one, of which there are so many: then
    /// that there is none which covers more.
    pub(super) fn unless_it_covers_little(
        &self,
        rule: trace::Rule,
        found: &Found,
        alike: Option<u128>,
    ) -> trace::Rule {
        let Rule::Orders {
            reach: rule::Reach::Whenever,
            holding,
            ..
        } = found.rule
        else {
            return rule;
        };
        let covers = holding.zip(alike);
        if covers.is_some_and(|(holding, alike)| holding.saturating_mul(2) >= alike) {
            return rule;
        }
        trace::Rule {
            reach: trace::Reach::Nothing,
            orders: Vec::new(),
            sentence: format!(
                "no three orders of its steps were found in which at least half of the failures like this one are; \
                 checked on {}",
                self.checked()
            ),
        }
    }

    /// `step` is the number of the first step after which every continuation fails, 0 for none; of a sample so many
    /// executions begin like that.
    pub(super) fn point(&self, step: usize, continuations: u64) -> Point {
        let every = match self.chart.basis {
            chart::Basis::Exhausted if self.tally.is_none() => {
                "every continuation that comes to an end fails".to_owned()
            }
            chart::Basis::Exhausted => "every continuation fails".to_owned(),
            chart::Basis::Sampled(_) => {
                format!("every continuation in the sample fails, {continuations} of them")
            }
        };
        let sentence = match step {
            0 => format!("the beginning: {every}"),
            _ if step == self.trace.steps.len() && self.chart.basis == chart::Basis::Exhausted => {
                format!("step {step}: until then an execution may still pass")
            }
            _ if step == self.trace.steps.len() => format!(
                "step {step}, the last: before it some execution of the sample passes, or fewer than {FEWEST} of \
                 the sample begin like this one"
            ),
            _ => format!("step {step}: from here {every}"),
        };
        Point { step, sentence }
    }

    /// That the order of steps does not matter, but what the step of this number reads.
    pub(super) fn no_order(&self, stale: usize) -> trace::Rule {
        trace::Rule {
            reach: trace::Reach::Nothing,
            orders: Vec::new(),
            sentence: format!(
                "no order of steps does it, but the old value that step {stale} reads; checked under \
                 sequential consistency on {}",
                self.checked()
            ),
        }
    }

    /// `likewise` is how many executions there are in which the same property is the first to fall; `longer` says for what
    /// it is not the shortest of them.
    pub(super) fn smallest(&self, likewise: Option<u128>, longer: Option<Longer>) -> String {
        let steps = counted(self.trace.steps.len() as u64, "step");
        let preemptions = counted(self.trace.preemptions.unwrap_or(0) as u64, "preemption");
        let of = match (self.chart.basis, self.tally) {
            (chart::Basis::Exhausted, Some(tally)) => {
                let likewise = likewise.unwrap_or(tally.failing);
                let of = match likewise == tally.failing {
                    true => "failing executions".to_owned(),
                    false => format!(
                        "of {} failing executions in which this property is the first to fall",
                        grouped(tally.failing)
                    ),
                };
                format!("the smallest of the {} {of}", grouped(likewise))
            }
            (chart::Basis::Exhausted, None) => {
                "the smallest of those that fail like this".to_owned()
            }
            (chart::Basis::Sampled(_), _) => "the smallest of those looked at".to_owned(),
        };
        let longer = longer.map_or_else(String::new, |longer| {
            format!(
                ": {} more than the shortest, for {} fewer",
                counted(longer.steps.into(), "step"),
                counted(longer.preemptions.into(), "preemption")
            )
        });
        format!("{steps}, {preemptions}, {of}{longer}")
    }
}
