use logon_core::primitives::{Monitor, Primitives};
use logon_core::{Allocator, Claim, Observer, Server};
use logon_models::{check::Check, checker::Checker, subject};

struct Mine<P: Primitives, O: Observer>(P::Monitor<Server<O>>, P::Monitor<Option<Claim>>);

impl<P: Primitives, O: Observer> Allocator<P, O> for Mine<P, O> {
    fn around(server: Server<O>) -> Self {
        Mine(Monitor::new("server", server), Monitor::new("last", None))
    }
    fn server(&self) -> &P::Monitor<Server<O>> {
        &self.0
    }
    fn publish(&self, claim: Claim) {
        self.1.enter("note", |last| *last = Some(claim));
        self.0.update("publish", |server| server.publish(claim));
    }
}

#[test]
fn mine_drops_no_logon() -> Result<(), Box<dyn std::error::Error>> {
    let report = Check::new(subject!(Mine))
        .in_preset("q238186-default")
        .under([Checker::Exhaustive, Checker::ShuttlePct, Checker::Loom])
        .run()?;
    report.write("out")?;
    report.assert_holds();
    Ok(())
}
