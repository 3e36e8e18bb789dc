-- The outbox of mails: which kind goes to whom, by id. Address and words are put in at sending.

CREATE TABLE mail (
    id             TEXT    NOT NULL PRIMARY KEY, -- mai_…
    kind           TEXT    NOT NULL,
    recipient_kind TEXT    NOT NULL CHECK (recipient_kind IN ('account', 'invitation', 'email_change')),
    recipient      TEXT    NOT NULL,             -- acc_…, inv_… or cod_…
    business       TEXT,
    about          TEXT,                         -- an id: a code, a session, an invitation
    state          TEXT    NOT NULL DEFAULT 'waiting',
    tries          INTEGER NOT NULL DEFAULT 0,
    next_try_at    INTEGER NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
