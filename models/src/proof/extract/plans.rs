//! Which scenes are set: for each type of party, and for everybody from outside.

use super::super::parties::Role;
use super::super::path::List;
use super::super::scene::{Act, Plan, Remembered, Target};
use super::{Extractor, Need};

impl Extractor {
    /// From now on, parties of this type take part.
    pub(super) fn follow(&mut self, place: usize) {
        if std::mem::replace(&mut self.is_followed[place], true) {
            return;
        }
        let (role, sessions) = (self.types[place].role, self.types[place].sessions.len());
        if role != Role::Nobody {
            self.plan(Act::Own(place));
        }
        if role == Role::Client {
            self.plan(Act::Cut(place));
        }
        for session in 0..sessions {
            for target in [
                Target::SessionOf(place, session),
                Target::EarlierThan(place, session),
            ] {
                self.plan(Act::Reset(target));
                self.plan(Act::Expire(target));
            }
            let target = Target::SessionOf(place, session);
            self.plan(Act::LookUp(target));
            self.plan(Act::AwaitDisconnected(target));
        }
        for (plan, need) in self.needs.clone() {
            self.meet(&plan, need, place);
        }
    }

    pub(super) fn plan(&mut self, act: Act) {
        self.add(Plan {
            act,
            remembered: None,
            shown: Vec::new(),
        });
    }

    fn add(&mut self, plan: Plan) {
        if self.planned.insert(plan.clone()) {
            self.plans.push(plan);
        }
    }

    /// Plans the scene again, with a party of this type to meet its need, if it can.
    fn meet(&mut self, plan: &Plan, need: Need, place: usize) {
        let bundle = &self.types[place];
        match need {
            Need::Front(list) => {
                let fits = match list {
                    List::Line => bundle.places > 0,
                    List::Pool => bundle.times_idle() > 0,
                };
                if fits {
                    let mut plan = plan.clone();
                    plan.shown.push(place);
                    self.add(plan);
                }
            }
            Need::Owner(number) => {
                for session in 0..bundle.sessions.len() {
                    self.add(Plan {
                        remembered: Some(Remembered {
                            number,
                            kind: Some(place),
                            place: session,
                        }),
                        ..plan.clone()
                    });
                }
            }
        }
    }

    pub(super) fn need(&mut self, plan: &Plan, need: Need) {
        if self
            .needs
            .iter()
            .any(|(other, old)| other == plan && *old == need)
        {
            return;
        }
        self.needs.push((plan.clone(), need));
        if let (Need::Owner(number), Some(actor)) = (need, plan.act.actor()) {
            // It was somebody else's when it was seen, and may have been taken or handed over since.
            for session in 0..self.types[actor].sessions.len() {
                self.add(Plan {
                    remembered: Some(Remembered {
                        number,
                        kind: None,
                        place: session,
                    }),
                    ..plan.clone()
                });
            }
        }
        for place in 0..self.types.len() {
            if self.is_followed[place] {
                self.meet(plan, need, place);
            }
        }
    }
}
