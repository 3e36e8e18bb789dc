-- Rights of people who sign in, for their own data: what was asked, by when it is answered, and what became of it. And the
-- register of sub-processors as each edition of the notice has it.

ALTER TABLE account ADD COLUMN restricted_at INTEGER; -- since when nothing optional processes it, at the person's own request

CREATE TABLE account_request (
    id         TEXT    NOT NULL PRIMARY KEY, -- req_…
    account    TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('rectification', 'restriction', 'objection', 'other')),
    state      TEXT    NOT NULL CHECK (state IN ('open', 'met', 'refused')),
    purpose    TEXT    CHECK (purpose IN ('statistics', 'digests')), -- what an objection is against, where a machine knows it
    asked_at   INTEGER NOT NULL,             -- the clock begins here
    due_at     INTEGER NOT NULL,
    extension  TEXT,                         -- why it takes longer, from a closed list; once
    settled_at INTEGER,
    refusal    TEXT,                         -- why it was refused, from a closed list
    reminded   INTEGER NOT NULL DEFAULT 0,   -- how many reminders went to whoever runs the deployment
    slab       TEXT,
    slot       INTEGER,
    words      BLOB,                         -- sealed, column number 7
    CHECK ((words IS NULL) = (slab IS NULL) AND (slab IS NULL) = (slot IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX account_request_account ON account_request (account, asked_at);
CREATE INDEX account_request_due ON account_request (due_at) WHERE state = 'open';
CREATE INDEX account_request_settled ON account_request (settled_at) WHERE state <> 'open';

-- I3: words stand under the key of the account, which lives.
CREATE TRIGGER account_request_sealed_insert BEFORE INSERT ON account_request
WHEN NEW.words IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.account
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER account_request_sealed_update BEFORE UPDATE OF words, slab, slot ON account_request
WHEN NEW.words IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.account
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- Who may be handed something by the deployment's own configuration, with what the register says of each, as an edition of the
-- notice announces it. NULL in editions of before.
ALTER TABLE notice_edition ADD COLUMN register TEXT CHECK (register IS NULL OR json_valid(register));
