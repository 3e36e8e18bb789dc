-- The outbox of mails, and addresses that no mail goes to. Nothing here says who: address and words are put in when a
-- mail is sent, after a look whether what it tells of still holds.

CREATE TABLE mail (
    id             TEXT    NOT NULL PRIMARY KEY, -- mai_…; also what the vendor knows a second try again by
    kind           TEXT    NOT NULL,
    recipient_kind TEXT    NOT NULL CHECK (recipient_kind IN ('account', 'invitation', 'email_change')),
    recipient      TEXT    NOT NULL,             -- acc_…, inv_… or cod_…
    business       TEXT,
    about          TEXT,                         -- an id: a code, a session, an invitation
    state          TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued',     -- waits for its first or next try
        'sending',    -- a try holds it
        'sent',       -- the vendor took it
        'lapsed',     -- what it told of was over before it could be sent
        'suppressed', -- its address gets no mail
        'failed',     -- the vendor will never take it
        'given_up'    -- too many tries
    )),
    tries          INTEGER NOT NULL DEFAULT 0,
    due_at         INTEGER NOT NULL,             -- when it may be tried; while a try holds it, when that hold ends
    vendor_id      TEXT,
    created_at     INTEGER NOT NULL,
    settled_at     INTEGER                       -- when it was sent, or will not be any more
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_due ON mail (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_given_up ON mail (settled_at) WHERE state = 'given_up';
CREATE INDEX mail_age ON mail (created_at);

CREATE TABLE mail_suppression (
    finder    TEXT    NOT NULL PRIMARY KEY, -- keyed hash of the normalised address
    reason    TEXT    NOT NULL CHECK (reason IN ('bounce', 'complaint')),
    at        INTEGER NOT NULL,             -- when the vendor saw it: an older event changes nothing
    lifted_at INTEGER                       -- when somebody proved by a code that the address lives
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_suppression_age ON mail_suppression (at);
