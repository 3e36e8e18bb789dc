-- The team's side of a conversation: who looks after it, what colleagues tell each other, and what waits.
--
-- Who speaks is `conversation.state`, and nothing else says so. What a team calls open, pending, snoozed and closed follows
-- from it and from `snoozed_until`: a column that is computed, never written.

ALTER TABLE conversation ADD COLUMN assignee TEXT;           -- acc_…: who looks after it
ALTER TABLE conversation ADD COLUMN person TEXT;             -- acc_…: who answers, while state is 'human'
ALTER TABLE conversation ADD COLUMN priority INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 3);
ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER;   -- put off until then
ALTER TABLE conversation ADD COLUMN is_spam INTEGER NOT NULL DEFAULT 0 CHECK (is_spam IN (0, 1));
ALTER TABLE conversation ADD COLUMN is_blocked INTEGER NOT NULL DEFAULT 0 CHECK (is_blocked IN (0, 1)); -- its visitor may not write
ALTER TABLE conversation ADD COLUMN visitor_sequence INTEGER NOT NULL DEFAULT 0;   -- place of the visitor's newest message
ALTER TABLE conversation ADD COLUMN human_sequence INTEGER NOT NULL DEFAULT 0;     -- place of a person's newest message
ALTER TABLE conversation ADD COLUMN delivered_sequence INTEGER NOT NULL DEFAULT 0; -- what reached the visitor's client
ALTER TABLE conversation ADD COLUMN seen_sequence INTEGER NOT NULL DEFAULT 0;      -- what was before the visitor's eyes
ALTER TABLE conversation ADD COLUMN present_at INTEGER NOT NULL DEFAULT 0;         -- when the visitor's client was last heard
ALTER TABLE conversation ADD COLUMN waiting_since INTEGER;   -- the visitor's oldest word that nobody has answered
ALTER TABLE conversation ADD COLUMN first_answer_at INTEGER; -- when a person first answered
ALTER TABLE conversation ADD COLUMN misses INTEGER NOT NULL DEFAULT 0; -- questions in a row to which nothing was found
ALTER TABLE conversation ADD COLUMN nobody_due_at INTEGER;   -- when the visitor is told that nobody has come
ALTER TABLE conversation ADD COLUMN mail_due_at INTEGER;     -- when a reply goes to the visitor by mail, unless they see it
ALTER TABLE conversation ADD COLUMN change INTEGER NOT NULL DEFAULT 0; -- the business's count at the last change
ALTER TABLE conversation ADD COLUMN work TEXT GENERATED ALWAYS AS (
    CASE
        WHEN state = 'closed' THEN 'closed'
        WHEN snoozed_until IS NOT NULL THEN 'snoozed'
        WHEN state = 'ai' THEN 'pending'
        ELSE 'open'
    END
) VIRTUAL;

-- A list opens as fast among 100,000 conversations as among 1,000.
CREATE INDEX conversation_work ON conversation (business, work, last_message_at);
CREATE INDEX conversation_assignee ON conversation (business, assignee, last_message_at) WHERE assignee IS NOT NULL;
CREATE INDEX conversation_change ON conversation (business, change);

-- Erasures tell a list what to take off.
CREATE INDEX erasure_condemned ON erasure (business, condemned_at);

ALTER TABLE message ADD COLUMN author TEXT; -- acc_…: which member wrote it

-- Counts the changes of a business's conversations. The count is taken inside the transaction that changes something, so
-- that whoever asks for what follows a number misses nothing and gets nothing twice.
CREATE TABLE inbox_clock (
    business TEXT    NOT NULL PRIMARY KEY,
    change   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_label (
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    label        TEXT    NOT NULL,             -- lbl_…, in the directory
    business     TEXT    NOT NULL,
    PRIMARY KEY (conversation, label)
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_label_label ON conversation_label (business, label);

CREATE TABLE member_read (
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    account      TEXT    NOT NULL,             -- acc_…
    business     TEXT    NOT NULL,
    sequence     INTEGER NOT NULL,             -- the highest one that they had before their eyes
    read_at      INTEGER NOT NULL,
    PRIMARY KEY (conversation, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    id             TEXT    NOT NULL PRIMARY KEY, -- not_…
    business       TEXT    NOT NULL,
    conversation   TEXT    NOT NULL REFERENCES conversation (id),
    draft          TEXT    NOT NULL,             -- what the member's client called it
    author         TEXT    NOT NULL,             -- acc_…
    after_sequence INTEGER NOT NULL,             -- it stands behind this message
    created_at     INTEGER NOT NULL,
    slab           TEXT    NOT NULL,
    slot           INTEGER NOT NULL,
    body           BLOB    NOT NULL              -- sealed, column number 20
) STRICT, WITHOUT ROWID;

CREATE INDEX note_conversation ON note (conversation);
CREATE UNIQUE INDEX note_draft ON note (conversation, draft);
CREATE INDEX note_business ON note (business, created_at);
CREATE INDEX note_key ON note (slab, slot);

CREATE TABLE note_mention (
    note         TEXT    NOT NULL,             -- not_…
    account      TEXT    NOT NULL,             -- acc_…: who is mentioned
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (note, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_mention_conversation ON note_mention (conversation);
CREATE INDEX note_mention_account ON note_mention (business, account, created_at);

-- What lists show and a search opens: the newest words and each word that occurs, sealed. Nothing here can be searched
-- without the key.
CREATE TABLE conversation_card (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business     TEXT    NOT NULL,
    covers_from  INTEGER NOT NULL,             -- when the oldest message was written whose words are in it
    through      INTEGER NOT NULL,             -- the newest message whose words are in it: a card that lags is made anew
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    card         BLOB    NOT NULL              -- sealed, column number 21
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_card_age ON conversation_card (business, covers_from);
CREATE INDEX conversation_card_key ON conversation_card (slab, slot);

-- An address that a visitor left in one conversation, for the answers to that one: it lives and goes with its key.
CREATE TABLE contact (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    id           TEXT    NOT NULL UNIQUE,      -- con_…: another address is another contact
    business     TEXT    NOT NULL,
    locale       TEXT    NOT NULL,             -- the language of mails
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,                      -- when its link was opened
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    email        BLOB    NOT NULL              -- sealed, column number 22
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_key ON contact (slab, slot);

-- Links of mails that were used: each opens its conversation once.
CREATE TABLE return_link (
    mail         TEXT    NOT NULL PRIMARY KEY, -- mai_…
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    used_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX return_link_conversation ON return_link (conversation);

-- I3: no sealed row commits under a key that is not live and the conversation's.
CREATE TRIGGER note_sealed_insert BEFORE INSERT ON note
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER note_sealed_update BEFORE UPDATE ON note
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER conversation_card_sealed_insert BEFORE INSERT ON conversation_card
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER conversation_card_sealed_update BEFORE UPDATE ON conversation_card
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER contact_sealed_insert BEFORE INSERT ON contact
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER contact_sealed_update BEFORE UPDATE ON contact
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- What a message means for its conversation, whoever wrote it and by whichever statement.
CREATE TRIGGER message_noted AFTER INSERT ON message
BEGIN
    UPDATE conversation
    SET last_message_at = max(last_message_at, CASE NEW.origin WHEN 'system' THEN 0 ELSE NEW.created_at END)
      , visitor_sequence = CASE NEW.origin WHEN 'visitor' THEN NEW.sequence ELSE visitor_sequence END
      , human_sequence = CASE NEW.origin WHEN 'human' THEN NEW.sequence ELSE human_sequence END
      , waiting_since = CASE NEW.origin
            WHEN 'visitor' THEN coalesce(waiting_since, NEW.created_at)
            WHEN 'system' THEN waiting_since
        END
      , first_answer_at = CASE NEW.origin WHEN 'human' THEN coalesce(first_answer_at, NEW.created_at) ELSE first_answer_at END
      , snoozed_until = CASE NEW.origin WHEN 'visitor' THEN NULL ELSE snoozed_until END
    WHERE id = NEW.conversation;
END;

CREATE TRIGGER conversation_begun AFTER INSERT ON conversation
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business) WHERE id = NEW.id;
END;

CREATE TRIGGER conversation_changed AFTER UPDATE OF
    state, locale, assignee, person, priority, snoozed_until, is_spam, is_blocked, visitor_sequence, human_sequence
  , waiting_since, first_answer_at, requested_at, last_message_at
ON conversation
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business) WHERE id = NEW.id;
END;

CREATE TRIGGER conversation_labelled AFTER INSERT ON conversation_label
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business)
    WHERE id = NEW.conversation;
END;

CREATE TRIGGER conversation_unlabelled AFTER DELETE ON conversation_label
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (OLD.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = OLD.business)
    WHERE id = OLD.conversation;
END;
