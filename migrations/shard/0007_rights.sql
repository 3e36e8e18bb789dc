-- Rights of visitors: what was asked, what was corrected, what was objected to, and the codes that prove who asks.

CREATE TABLE privacy_request (
    id           TEXT    NOT NULL PRIMARY KEY, -- req_…
    business     TEXT    NOT NULL,
    site         TEXT,
    conversation TEXT,                         -- NULL where somebody wrote or called and no conversation was named
    kind         TEXT    NOT NULL CHECK (kind IN (
        'access', 'rectification', 'erasure', 'restriction', 'portability', 'objection', 'child'
    )),
    way          TEXT    NOT NULL CHECK (way IN ('page', 'mail', 'phone', 'letter', 'desk')),
    state        TEXT    NOT NULL CHECK (state IN ('open', 'met', 'refused')),
    purpose      TEXT,                         -- what an objection is against
    asked_at     INTEGER NOT NULL,             -- the clock begins here, also where it was entered later
    due_at       INTEGER NOT NULL,
    extension    TEXT,                         -- why it takes longer, from a closed list; once
    settled_at   INTEGER,
    refusal      TEXT,                         -- why it was refused, from a closed list
    erasure      TEXT,                         -- era_…, where it was met by one
    reminded     INTEGER NOT NULL DEFAULT 0,   -- how many reminders went to the business
    slab         TEXT,
    slot         INTEGER,
    words        BLOB,                         -- sealed, column number 41
    CHECK ((words IS NULL) = (slab IS NULL) AND (slab IS NULL) = (slot IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX privacy_request_business ON privacy_request (business, asked_at);
CREATE INDEX privacy_request_conversation ON privacy_request (conversation, asked_at);
CREATE INDEX privacy_request_due ON privacy_request (due_at) WHERE state = 'open';
CREATE INDEX privacy_request_key ON privacy_request (slab, slot);
CREATE INDEX privacy_request_settled ON privacy_request (settled_at) WHERE state <> 'open';

-- I3: words stand under a key that lives: the conversation's, or the business's own where no conversation was named.
CREATE TRIGGER privacy_request_sealed_insert BEFORE INSERT ON privacy_request
WHEN NEW.words IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner = coalesce(NEW.conversation, NEW.business)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER privacy_request_sealed_update BEFORE UPDATE OF words, slab, slot ON privacy_request
WHEN NEW.words IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner = coalesce(NEW.conversation, NEW.business)
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE privacy_code (
    hash         TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of 128 random bits, hex
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('hand_over', 'resume')),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER                       -- a hand-over opens once; a resume code as often as it is entered
) STRICT, WITHOUT ROWID;

CREATE INDEX privacy_code_conversation ON privacy_code (conversation, kind);
CREATE INDEX privacy_code_business ON privacy_code (business);
CREATE INDEX privacy_code_expiry ON privacy_code (expires_at);

CREATE TABLE rectification (
    id           TEXT    NOT NULL PRIMARY KEY, -- rct_…
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    message      TEXT    NOT NULL,             -- msg_…
    corrected_at INTEGER NOT NULL,
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    body         BLOB    NOT NULL              -- what stood there before; sealed, column number 40
) STRICT, WITHOUT ROWID;

CREATE INDEX rectification_conversation ON rectification (conversation, corrected_at);
CREATE INDEX rectification_business ON rectification (business);
CREATE INDEX rectification_message ON rectification (message);
CREATE INDEX rectification_key ON rectification (slab, slot);

-- What a message said before goes with the message: its clock is the message's own (promise P4.2).
CREATE TRIGGER rectification_goes AFTER DELETE ON message
BEGIN
    DELETE FROM rectification WHERE message = OLD.id;
END;

CREATE TRIGGER rectification_sealed_insert BEFORE INSERT ON rectification
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER rectification_sealed_update BEFORE UPDATE ON rectification
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE objection (
    conversation TEXT    NOT NULL,
    business     TEXT    NOT NULL,
    purpose      TEXT    NOT NULL CHECK (purpose IN ('statistics', 'address', 'follow_up', 'scoring')),
    objected_at  INTEGER NOT NULL,
    PRIMARY KEY (conversation, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX objection_business ON objection (business);

-- What is held still is kept as it is: nobody and nothing writes into it (GDPR Art. 18, promise P6.4).
CREATE TRIGGER message_restricted BEFORE INSERT ON message
WHEN EXISTS (SELECT 1 FROM conversation WHERE id = NEW.conversation AND restricted_at IS NOT NULL) -- keeps P6.4 | without: WHEN 1 = 0
BEGIN
    SELECT RAISE(ABORT, 'conversation_restricted');
END;

-- The address that somebody objected to is not kept again.
CREATE TRIGGER visitor_address_objected BEFORE INSERT ON visitor_address
WHEN EXISTS (SELECT 1 FROM objection WHERE conversation = NEW.conversation AND purpose = 'address')
BEGIN
    SELECT RAISE(IGNORE);
END;
