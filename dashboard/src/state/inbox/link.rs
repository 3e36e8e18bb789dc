//! A socket that is opened again when it goes: the list has one, and the thread that is open.
//!
//! Every try has a number. What a try of yesterday still says carries its number and is not listened to.

/// Between two signs of life of a socket.
const PING_MS: u32 = 25_000;
/// The first pause before trying again; it doubles up to [`PAUSE_LONGEST_MS`].
const PAUSE_MS: u32 = 500;
const PAUSE_LONGEST_MS: u32 = 30_000;
/// A link that failed this often in a row is away, and the reader is told; what it would have told is asked for instead.
const FAILURES_TOLD: u32 = 2;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The list's.
    List,
    /// The open thread's.
    Thread,
}

/// What an alarm is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Try again.
    Reconnect,
    /// Ask for a sign of life.
    Ping,
}

/// What a link wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A ticket, in the present attempt.
    Ticket,
    /// The socket closed.
    Disconnect,
    /// A sign of life asked for.
    Ping,
    /// An alarm, in the present attempt.
    Wake(Alarm, u32),
    /// What the socket would have told, by HTTPS.
    Poll,
}

/// One connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Link {
    attempt: u32,
    failures: u32,
    wanted: bool,
    heard: bool,
    live: bool,
}

impl Link {
    /// The number of the present try.
    pub const fn attempt(self) -> u32 {
        self.attempt
    }

    /// It is to be open.
    pub const fn is_wanted(self) -> bool {
        self.wanted
    }

    /// It failed so often that the reader is told.
    pub const fn is_lost(self) -> bool {
        self.wanted && !self.live && self.failures >= FAILURES_TOLD
    }

    /// Opens it, or opens it anew.
    pub fn open(&mut self, wants: &mut Vec<Want>) {
        self.wanted = true;
        self.next();
        wants.push(Want::Disconnect);
        wants.push(Want::Ticket);
    }

    /// Lets it go.
    pub fn close(&mut self, wants: &mut Vec<Want>) {
        if self.wanted {
            self.next();
            self.wanted = false;
            self.failures = 0;
            wants.push(Want::Disconnect);
        }
    }

    /// The socket is open; whoever holds it asks for what was missed.
    pub fn opened(&mut self, wants: &mut Vec<Want>) {
        self.heard = true;
        wants.push(Want::Wake(Alarm::Ping, PING_MS));
    }

    /// The socket said something.
    pub const fn heard(&mut self) {
        self.heard = true;
        self.live = true;
        self.failures = 0;
    }

    /// The socket is gone, or never came. `expected`: its hour was over, and a fresh one is to be had at once.
    pub fn failed(&mut self, expected: bool, dice: u32, wants: &mut Vec<Want>) {
        if !self.wanted {
            return;
        }
        if expected {
            return self.open(wants);
        }
        self.failures = self.failures.saturating_add(1);
        self.next();
        wants.push(Want::Disconnect);
        wants.push(Want::Wake(Alarm::Reconnect, pause_ms(self.failures, dice)));
    }

    /// An alarm of the present try rang.
    pub fn rang(&mut self, alarm: Alarm, dice: u32, wants: &mut Vec<Want>) {
        match alarm {
            Alarm::Reconnect => {
                if self.failures >= FAILURES_TOLD {
                    wants.push(Want::Poll);
                }
                self.open(wants);
            }
            // No answer to the last ping, nor anything else: the socket is dead and does not know it.
            Alarm::Ping if !self.heard => self.failed(false, dice, wants),
            Alarm::Ping => {
                self.heard = false;
                wants.push(Want::Ping);
                wants.push(Want::Wake(Alarm::Ping, PING_MS));
            }
        }
    }

    /// The network came back: whatever was open on the old one may be dead.
    pub fn renew(&mut self, wants: &mut Vec<Want>) {
        if self.wanted {
            self.failures = 0;
            self.open(wants);
        }
    }

    const fn next(&mut self) {
        self.attempt = self.attempt.wrapping_add(1);
        self.live = false;
        self.heard = false;
    }
}

/// Half of the pause is certain and half is diced, so that a whole team does not come back in one moment.
fn pause_ms(failures: u32, dice: u32) -> u32 {
    let doublings = failures.saturating_sub(1).min(6);
    let whole = PAUSE_MS.saturating_mul(2_u32.saturating_pow(doublings)).min(PAUSE_LONGEST_MS);
    let half = whole.checked_div(2).unwrap_or(whole);
    half.saturating_add(dice.checked_rem(half.saturating_add(1)).unwrap_or_default())
}
