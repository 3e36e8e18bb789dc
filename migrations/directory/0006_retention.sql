-- Erasing accounts and whole businesses, and what shows that it was done; the limits of the log of jobs; the directory's
-- own part of recognising a restore; billing records, detached from the business that they were written for.

-- The confirmation of an erasure: the one address that is still needed once its owner is erased. Its key is destroyed when
-- the letter has gone. Keys may have such an owner, and mails other readers; SQLite can't widen a CHECK, so both
-- tables are written anew.

CREATE TABLE seal_key_kept AS
SELECT slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at FROM seal_key;

DROP TABLE seal_key;

CREATE TABLE seal_key (
    slab         TEXT    NOT NULL REFERENCES key_slab (slab),
    slot         INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 511),
    business     TEXT    NOT NULL,                              -- biz_…, or '_accounts'
    owner_kind   TEXT    NOT NULL CHECK (owner_kind IN ('account', 'business', 'day', 'erasure')),
    owner        TEXT    NOT NULL,                              -- acc_…, biz_…, a UTC day number, or era_…
    commit16     BLOB    NOT NULL CHECK (length(commit16) = 16), -- proves that the loaded key is the right one
    created_at   INTEGER NOT NULL,
    state        INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)), -- live, condemned, destroyed
    destroyed_at INTEGER,
    PRIMARY KEY (slab, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at)
SELECT slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at FROM seal_key_kept;

DROP TABLE seal_key_kept;

CREATE INDEX seal_key_owner ON seal_key (owner, business);
CREATE INDEX seal_key_day ON seal_key (CAST(owner AS INTEGER)) WHERE owner_kind = 'day' AND state = 0;
CREATE INDEX seal_key_condemned ON seal_key (slab) WHERE state = 1;

CREATE TRIGGER seal_key_forward BEFORE UPDATE ON seal_key
WHEN NEW.state < OLD.state OR NEW.slab <> OLD.slab OR NEW.slot <> OLD.slot OR NEW.business <> OLD.business
  OR NEW.owner_kind <> OLD.owner_kind OR NEW.owner <> OLD.owner OR NEW.commit16 <> OLD.commit16
BEGIN
    SELECT RAISE(ABORT, 'seal_key_returns');
END;

CREATE TABLE mail_kept AS
SELECT id, kind, recipient_kind, recipient, business, about, state, tries, due_at, vendor_id, created_at, settled_at FROM mail;

DROP TABLE mail;

CREATE TABLE mail (
    id             TEXT    NOT NULL PRIMARY KEY, -- mai_…; also what the vendor knows a second try again by
    kind           TEXT    NOT NULL,
    recipient_kind TEXT    NOT NULL,             -- from a closed list of the code
    recipient      TEXT    NOT NULL,             -- acc_…, inv_…, cod_…, con_…, era_…
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

INSERT INTO mail (id, kind, recipient_kind, recipient, business, about, state, tries, due_at, vendor_id, created_at, settled_at)
SELECT id, kind, recipient_kind, recipient, business, about, state, tries, due_at, vendor_id, created_at, settled_at
FROM mail_kept;

DROP TABLE mail_kept;

CREATE INDEX mail_due ON mail (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_given_up ON mail (settled_at) WHERE state = 'given_up';
CREATE INDEX mail_age ON mail (created_at);

CREATE TABLE erasure_contact (
    erasure    TEXT    NOT NULL PRIMARY KEY, -- era_…
    account    TEXT    NOT NULL,             -- whose it was
    locale     TEXT    NOT NULL,
    slab       TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    contact    BLOB    NOT NULL,             -- sealed, column number 31: address, name and the holder's nonce
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX erasure_contact_account ON erasure_contact (account);
CREATE INDEX erasure_contact_age ON erasure_contact (created_at);

CREATE TRIGGER erasure_contact_sealed_insert BEFORE INSERT ON erasure_contact
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'erasure' AND owner = NEW.erasure
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER erasure_contact_sealed_update BEFORE UPDATE ON erasure_contact
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'erasure' AND owner = NEW.erasure
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE erasure (
    id           TEXT    NOT NULL PRIMARY KEY, -- era_…
    business     TEXT,                         -- NULL for an account
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('account', 'business')),
    subject      TEXT    NOT NULL,
    reason       TEXT    NOT NULL CHECK (reason IN ('request', 'retention', 'child', 'account')),
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'condemned', 'keyless', 'emptied', 'verified', 'receipted')),
    lease_until  INTEGER NOT NULL DEFAULT 0,
    subjects     TEXT    NOT NULL CHECK (json_valid(subjects)),               -- ids by kind
    counts       TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),    -- rows found by table, taken when condemned
    deleted      TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(deleted)),   -- rows deleted by table
    remaining    TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(remaining)), -- what the last look found
    slabs        TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(slabs)),     -- epochs as they were read back
    commitment   TEXT,                         -- SHA-256 of the holder's nonce and the id; the nonce stands nowhere
    waits        TEXT,                         -- why it does not go on, from a closed list
    requested_at INTEGER NOT NULL,
    condemned_at INTEGER,
    keyless_at   INTEGER,
    verified_at  INTEGER,
    receipted_at INTEGER,
    receipt_hash TEXT,
    receipt      TEXT                          -- the signed document
) STRICT, WITHOUT ROWID;

CREATE INDEX erasure_open ON erasure (requested_at) WHERE state <> 'receipted';
CREATE INDEX erasure_age ON erasure (receipted_at) WHERE state = 'receipted';
CREATE INDEX erasure_subject ON erasure (subject);

-- Public keys that receipts were signed by: an old receipt is checked by an old key.
CREATE TABLE receipt_key (
    id         TEXT    NOT NULL PRIMARY KEY, -- the first 16 hex digits of the SHA-256 of the public key
    public_key TEXT    NOT NULL,             -- 32 bytes in base64
    first_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One run handles one class or several: each has a line of its own.
ALTER TABLE job_run ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE job_run ADD COLUMN spared INTEGER NOT NULL DEFAULT 0; -- due, but held or restricted
CREATE INDEX job_run_age ON job_run (started_at);

-- A shorter or longer limit of a site, until it takes effect: a day in which it can be undone.
CREATE TABLE limit_change (
    site           TEXT    NOT NULL PRIMARY KEY REFERENCES site (id),
    business       TEXT    NOT NULL,
    retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 365), -- NULL is the promise
    asked_by       TEXT    NOT NULL,                                 -- acc_…
    asked_at       INTEGER NOT NULL,
    effective_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX limit_change_due ON limit_change (effective_at);
CREATE INDEX limit_change_business ON limit_change (business);

-- Seven years by law, whatever becomes of the account (P4.4). Nothing refers to it and it refers to nothing: the
-- business is a text, the address is sealed under the key of its day in the root of all accounts, which the deletion of a
-- business does not touch.
CREATE TABLE billing_record (
    id           TEXT    NOT NULL PRIMARY KEY, -- bil_…
    business_ref TEXT    NOT NULL,             -- the id that the business had
    vendor       TEXT    NOT NULL CHECK (vendor IN ('stripe', 'paypal', 'none')),
    reference    TEXT    NOT NULL,             -- the vendor's transaction
    amount_cents INTEGER NOT NULL,
    currency     TEXT    NOT NULL CHECK (length(currency) = 3),
    day          INTEGER NOT NULL,             -- UTC day: its key seals the address
    at           INTEGER NOT NULL,
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    address      BLOB    NOT NULL              -- sealed, column number 30
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX billing_record_reference ON billing_record (vendor, reference);
CREATE INDEX billing_record_age ON billing_record (at);
CREATE INDEX billing_record_business ON billing_record (business_ref, at);
CREATE INDEX billing_record_key ON billing_record (slab, slot);

CREATE TRIGGER billing_record_sealed_insert BEFORE INSERT ON billing_record
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'day' AND owner = CAST(NEW.day AS TEXT)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER billing_record_sealed_update BEFORE UPDATE ON billing_record
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'day' AND owner = CAST(NEW.day AS TEXT)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- Finding everything of an account or a business.
CREATE INDEX key_slab_business ON key_slab (business);
CREATE INDEX seal_key_business ON seal_key (business);
CREATE INDEX passkey_challenge_account ON passkey_challenge (account);
CREATE INDEX saved_view_owner ON saved_view (owner);
CREATE INDEX mail_recipient ON mail (recipient);
CREATE INDEX mail_business ON mail (business);
CREATE INDEX seal_key_destroyed ON seal_key (destroyed_at) WHERE state = 2;
CREATE INDEX key_slab_closed ON key_slab (created_at) WHERE closed = 1;

-- One letter a day to whoever runs the deployment, when a job is late or fails.
CREATE TABLE alarm_day (
    day      INTEGER NOT NULL PRIMARY KEY, -- UTC day
    noted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tick (
    database        TEXT    NOT NULL PRIMARY KEY, -- 'directory', 'shard-0', …
    count           INTEGER NOT NULL,
    ticked_at       INTEGER NOT NULL,
    needs_replay    INTEGER NOT NULL DEFAULT 0 CHECK (needs_replay IN (0, 1)),
    replay_asked_at INTEGER
) STRICT, WITHOUT ROWID;
