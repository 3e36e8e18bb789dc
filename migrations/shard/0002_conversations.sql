-- Visitors, their threads and choices. Words and addresses are sealed: the columns hold ciphertext.

CREATE TABLE visitor (
    id           TEXT    NOT NULL PRIMARY KEY, -- vis_…
    business     TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    locale       TEXT    NOT NULL,             -- language preference, primary subtag (P2.2)
    browser      TEXT    NOT NULL,             -- coarse: "Firefox, phone" (P2.4)
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX visitor_business ON visitor (business, last_seen_at);

CREATE TABLE conversation (
    id              TEXT    NOT NULL PRIMARY KEY, -- cnv_…
    business        TEXT    NOT NULL,
    site            TEXT    NOT NULL,
    visitor         TEXT    NOT NULL REFERENCES visitor (id),
    state           TEXT    NOT NULL CHECK (state IN ('ai', 'requested', 'human', 'closed')),
    turn            TEXT,                         -- the AI turn that may write, if one runs
    locale          TEXT    NOT NULL,
    key_slab        TEXT    NOT NULL,             -- the key that seals new messages
    key_slot        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    last_message_at INTEGER NOT NULL,
    requested_at    INTEGER,                      -- when a person was asked for
    closed_at       INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_business ON conversation (business, last_message_at);
CREATE INDEX conversation_visitor ON conversation (visitor);

CREATE TABLE message (
    id           TEXT    NOT NULL PRIMARY KEY, -- msg_…
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    sequence     INTEGER NOT NULL CHECK (sequence > 0), -- allocated inside the INSERT
    draft        TEXT,                         -- what the visitor's client called it
    origin       TEXT    NOT NULL CHECK (origin IN ('visitor', 'ai', 'human', 'system')),
    turn         TEXT,                         -- the AI turn it came from: one outcome a turn
    created_at   INTEGER NOT NULL,
    provider     TEXT,                         -- who wrote an AI message (B11)
    model        TEXT,
    region       TEXT,
    tokens_in    INTEGER,
    tokens_out   INTEGER,
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    body         BLOB    NOT NULL              -- sealed, column number 1
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX message_sequence ON message (conversation, sequence);
CREATE UNIQUE INDEX message_draft ON message (conversation, draft) WHERE draft IS NOT NULL;
CREATE UNIQUE INDEX message_turn ON message (turn) WHERE turn IS NOT NULL;
CREATE INDEX message_business ON message (business, created_at);
CREATE INDEX message_key ON message (slab, slot);

-- I3: no sealed row commits under a key that is not live and the row owner's.
CREATE TRIGGER message_sealed_insert BEFORE INSERT ON message
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER message_sealed_update BEFORE UPDATE ON message
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE visitor_address (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business     TEXT    NOT NULL,
    visitor      TEXT    NOT NULL,
    day          INTEGER NOT NULL,             -- UTC day: one key a day, condemned on day 30 (P4.5)
    seen_at      INTEGER NOT NULL,
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    address      BLOB    NOT NULL              -- sealed, column number 2
) STRICT, WITHOUT ROWID;

CREATE INDEX visitor_address_day ON visitor_address (day);
CREATE INDEX visitor_address_visitor ON visitor_address (visitor);

CREATE TRIGGER visitor_address_sealed_insert BEFORE INSERT ON visitor_address
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'day' AND owner = CAST(NEW.day AS TEXT)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER visitor_address_sealed_update BEFORE UPDATE ON visitor_address
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'day' AND owner = CAST(NEW.day AS TEXT)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE conversation_token (
    hash         TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of the token, hex
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,             -- written every ten minutes at most
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_token_conversation ON conversation_token (conversation);
CREATE INDEX conversation_token_last_used ON conversation_token (last_used_at);

CREATE TABLE consent_event (
    id           TEXT    NOT NULL PRIMARY KEY, -- cns_…, minted by the client: recording twice is safe
    business     TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    visitor      TEXT    NOT NULL,             -- a pseudonym; no visitor row need exist
    purpose      TEXT    NOT NULL CHECK (purpose IN ('statistics')),
    choice       TEXT    NOT NULL CHECK (choice IN ('accepted', 'declined')),
    way          TEXT    NOT NULL CHECK (way IN ('strip', 'settings', 'signal')),
    version      INTEGER NOT NULL,
    text_hash    TEXT    NOT NULL,             -- SHA-256 of the exact words that were shown
    locale       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX consent_event_visitor ON consent_event (visitor, purpose, created_at);
CREATE INDEX consent_event_business ON consent_event (business, created_at);

-- What an accepted strip allows, and nothing without it. No column leads back to a person.
CREATE TABLE visit_statistic (
    id       INTEGER PRIMARY KEY,
    business TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    locale   TEXT    NOT NULL,
    browser  TEXT    NOT NULL
) STRICT;

CREATE INDEX visit_statistic_day ON visit_statistic (business, day);
