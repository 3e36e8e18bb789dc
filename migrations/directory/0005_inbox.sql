-- What a team sets up for its inbox: business words, and how each member hears of things. Nothing about visitors.

CREATE TABLE canned_reply (
    id         TEXT    NOT NULL PRIMARY KEY, -- can_…
    business   TEXT    NOT NULL REFERENCES business (id),
    shortcut   TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    locale     TEXT,                         -- the language that it is written in; NULL is any
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX canned_reply_shortcut ON canned_reply (business, shortcut);

CREATE TABLE label (
    id         TEXT    NOT NULL PRIMARY KEY, -- lbl_…
    business   TEXT    NOT NULL REFERENCES business (id),
    name       TEXT    NOT NULL COLLATE NOCASE,
    color      TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX label_name ON label (business, name);

CREATE TABLE saved_view (
    id         TEXT    NOT NULL PRIMARY KEY, -- viw_…
    business   TEXT    NOT NULL REFERENCES business (id),
    owner      TEXT,                         -- acc_…; NULL is the whole team's
    name       TEXT    NOT NULL,
    filter     TEXT    NOT NULL CHECK (json_valid(filter)),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX saved_view_business ON saved_view (business, owner);

-- When the machine hands over. No row: the values that every business begins with.
CREATE TABLE hand_off (
    business          TEXT    NOT NULL PRIMARY KEY REFERENCES business (id),
    topics            TEXT    NOT NULL CHECK (json_valid(topics)), -- ["refund", …]
    after_misses      INTEGER NOT NULL CHECK (after_misses >= 0),
    at_ceiling        INTEGER NOT NULL CHECK (at_ceiling IN (0, 1)),
    answer_within_min INTEGER NOT NULL CHECK (answer_within_min > 0),
    updated_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How a member hears of things. No row: the values that everybody begins with.
CREATE TABLE notification_setting (
    business    TEXT    NOT NULL REFERENCES business (id),
    account     TEXT    NOT NULL,            -- acc_…
    hear        TEXT    NOT NULL CHECK (hear IN ('all', 'mine', 'none')),
    sound       INTEGER NOT NULL CHECK (sound IN (0, 1)),
    browser     INTEGER NOT NULL CHECK (browser IN (0, 1)),
    digest      TEXT    NOT NULL CHECK (digest IN ('never', 'hourly', 'daily')),
    digested_at INTEGER NOT NULL,            -- up to when the last mail summed up
    PRIMARY KEY (business, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX notification_setting_digest ON notification_setting (digest, digested_at) WHERE digest <> 'never';
CREATE INDEX notification_setting_account ON notification_setting (account);

-- Mails also go to visitors who left an address. SQLite changes a CHECK by making the table anew.
CREATE TABLE mail_next (
    id             TEXT    NOT NULL PRIMARY KEY, -- mai_…; also what the vendor knows a second try again by
    kind           TEXT    NOT NULL,
    recipient_kind TEXT    NOT NULL CHECK (recipient_kind IN (
        'account', 'invitation', 'email_change',
        'contact'                                -- a visitor, by the address that they left in a conversation
    )),
    recipient      TEXT    NOT NULL,             -- acc_…, inv_…, cod_… or con_…
    business       TEXT,
    about          TEXT,                         -- an id: a code, a session, an invitation, a conversation
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

INSERT INTO mail_next (id, kind, recipient_kind, recipient, business, about, state, tries, due_at, vendor_id, created_at
                     , settled_at)
SELECT id, kind, recipient_kind, recipient, business, about, state, tries, due_at, vendor_id, created_at, settled_at
FROM mail;

DROP TABLE mail;
ALTER TABLE mail_next RENAME TO mail;

CREATE INDEX mail_due ON mail (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_given_up ON mail (settled_at) WHERE state = 'given_up';
CREATE INDEX mail_age ON mail (created_at);
