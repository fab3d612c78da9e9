//! The server of the example `loopback_server`, from the side of clients that ask for too much.

#[path = "../../examples/loopback_server/terminal.rs"]
#[expect(dead_code, reason = "the example plays a whole script on it")]
mod terminal;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use logon_core::primitives::Monitor;
use logon_core::{Allocator, SessionState, Settings, UserId};

use terminal::{Limits, Terminal};

/// No answer takes so long.
const LIMIT: Duration = Duration::from_secs(60);

/// What clients see of a server with these limits, whose works are open or not.
fn serving(limits: Limits, is_open: bool, play: impl FnOnce(&Terminal)) {
    let terminal = Terminal::new(Settings::default(), limits).expect("a loopback socket");
    if is_open {
        terminal.works.open();
    }
    thread::scope(|scope| {
        scope.spawn(|| terminal.allocator.serve(&terminal.works));
        scope.spawn(|| terminal.accept(scope));
        play(&terminal);
        terminal.works.open();
        terminal.shut_down().expect("a loopback socket");
    });
}

fn connected(terminal: &Terminal) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(terminal.address).expect("the server accepts");
    stream.set_read_timeout(Some(LIMIT)).expect("a socket");
    BufReader::new(stream)
}

fn say(client: &mut BufReader<TcpStream>, words: &str) {
    // Who is sent away may hear of it only after it has said more.
    let _ = client.get_mut().write_all(words.as_bytes());
}

fn answer(client: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    client.read_line(&mut line).expect("an answer");
    line.trim_end().to_owned()
}

/// Whether the server has cut the client off.
fn is_cut_off(client: &mut BufReader<TcpStream>) -> bool {
    match client.read(&mut [0; 1]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}

#[test]
fn a_second_logon_on_one_connection_is_refused_and_takes_nobody_s_session() {
    serving(Limits::default(), true, |terminal| {
        let mut client = connected(terminal);
        say(&mut client, "CONNECT\n");
        assert_eq!(answer(&mut client), "PROMPT");
        say(&mut client, "LOGON 1\n");
        assert_eq!(answer(&mut client), "WELCOME");
        say(&mut client, "LOGON 2\n");
        assert_eq!(answer(&mut client), "REFUSED this connection is logged on");
        assert!(is_cut_off(&mut client));
        // The session is that of the first user still, and waits for it.
        terminal
            .allocator
            .server()
            .wait_for("the line is down", |server| {
                let is_left = server.sessions().values().any(|session| {
                    session.state == SessionState::Disconnected && session.user == Some(UserId(1))
                });
                is_left.then_some(())
            });
    });
}

#[test]
fn a_line_without_end_is_refused_before_it_is_read() {
    serving(Limits::default(), true, |terminal| {
        let mut client = connected(terminal);
        say(&mut client, &"x".repeat(65));
        assert_eq!(
            answer(&mut client),
            "REFUSED the line is too long, or no text"
        );
        let mut client = connected(terminal);
        say(&mut client, "LOGON \u{7f}\n");
        assert_eq!(answer(&mut client), "GONE");
        let mut client = connected(terminal);
        let _ = client.get_mut().write_all(b"\xff\xfe\n");
        assert_eq!(
            answer(&mut client),
            "REFUSED the line is too long, or no text"
        );
    });
}

#[test]
fn a_client_that_does_not_wait_for_answers_is_refused() {
    serving(Limits::default(), false, |terminal| {
        let mut client = connected(terminal);
        // Nothing is answered yet: the first command waits for a session.
        say(&mut client, &"CONNECT\n".repeat(8));
        assert_eq!(
            answer(&mut client),
            "REFUSED too many commands wait for an answer"
        );
    });
}

#[test]
fn a_full_server_says_so_and_serves_again_when_somebody_has_left() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    serving(limits, true, |terminal| {
        let mut clients = [connected(terminal), connected(terminal)];
        for client in &mut clients {
            say(client, "CONNECT\n");
            assert_eq!(answer(client), "PROMPT");
        }
        assert_eq!(
            answer(&mut connected(terminal)),
            "REFUSED the server is full"
        );
        drop(clients);
        terminal.wait_until("both are gone", |log, _| log.over() == 2);
        // The threads end after the logon does.
        let served = (0..10_000).any(|_| {
            let mut client = connected(terminal);
            say(&mut client, "CONNECT\n");
            answer(&mut client) == "PROMPT"
        });
        assert!(served);
    });
}

#[test]
fn a_client_for_whom_there_is_no_thread_hears_so() {
    let limits = Limits {
        // No system has so much memory.
        stack: Some(1 << 60),
        ..Limits::default()
    };
    serving(limits, true, |terminal| {
        assert_eq!(
            answer(&mut connected(terminal)),
            "REFUSED the server has no thread left"
        );
    });
}
