-- What people attach. The files lie sealed in the bucket FILES; here stands which there are and whose message they
-- belong to.

CREATE TABLE file (
    id           TEXT    NOT NULL PRIMARY KEY, -- fil_…
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    message      TEXT,                         -- NULL until it is sent
    origin       TEXT    NOT NULL CHECK (origin IN ('visitor', 'human')),
    gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)), -- taken back, or its message was deleted
    media_type   TEXT,                         -- by its content; NULL while it is uploaded
    bytes        INTEGER,
    width        INTEGER,
    height       INTEGER,
    created_at   INTEGER NOT NULL,
    slab         TEXT    NOT NULL,             -- the key of the file in the bucket and of its name
    slot         INTEGER NOT NULL,
    name         BLOB                          -- sealed, column number 70; NULL while it is uploaded
) STRICT, WITHOUT ROWID;

CREATE INDEX file_conversation ON file (conversation, created_at);
CREATE INDEX file_business ON file (business);
CREATE INDEX file_message ON file (message) WHERE message IS NOT NULL;
CREATE INDEX file_unsent ON file (created_at) WHERE message IS NULL;
CREATE INDEX file_gone ON file (gone, id) WHERE gone = 1;
CREATE INDEX file_key ON file (slab, slot);

-- I3: no sealed row commits under a key that is not live and the row owner's.
CREATE TRIGGER file_sealed_insert BEFORE INSERT ON file
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- Not for `gone`: files of an erased conversation are marked too.
CREATE TRIGGER file_sealed_update
BEFORE UPDATE OF id, business, conversation, message, origin, media_type, bytes, created_at, slab, slot, name ON file
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- A file belongs to one message, and to that one for good.
CREATE TRIGGER file_taken BEFORE UPDATE OF message ON file
WHEN OLD.message IS NOT NULL AND NEW.message IS NOT OLD.message
BEGIN
    SELECT RAISE(ABORT, 'file_taken');
END;

-- A file goes with its message, however that goes. The object in the bucket is deleted by a job, and the row after it.
CREATE TRIGGER file_message_gone AFTER DELETE ON message
BEGIN
    UPDATE file SET gone = 1 WHERE message = OLD.id;
END;
