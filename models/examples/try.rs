use std::sync::Arc;
use logon_core::Variant;
use logon_models::{checker::*, scenario::*};
fn main() {
    for v in Variant::ALL {
        println!("== {v}");
        for p in presets() {
            for pool in [None, Some(0), Some(1)] {
            let mut o = Overrides::default(); o.idle_pool = pool;
            let Ok(s) = p.scenario().with(&o) else { println!("x"); continue };
            let r = random(v, &Arc::new(s), &Effort { executions: 1000, ..Default::default() });
            match r {
                Err(e) => println!("{} {:?} FAULT {e}", p.name(), pool),
                Ok(o) => if o.finding.is_some() || pool.is_none() && *v == Variant::Fixed { println!("   {} {:?} {} {:?} {:.3}s steps {:?} {}", p.name(), pool, o.verdict, o.executions.unwrap(), o.cpu_seconds, o.steps, o.finding.map(|f| format!("{:?} {}", f.properties, f.sentence)).unwrap_or_default()) }
            }}
        }
    }
}
