-- Where on the host's site a conversation began: kept only where the business turns that on (P2.4), sealed, and gone with the
-- conversation.

CREATE TABLE visitor_page (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business     TEXT    NOT NULL,
    seen_at      INTEGER NOT NULL,             -- when the first message was written there
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    path         BLOB    NOT NULL              -- sealed, column number 60: no query, no fragment
) STRICT, WITHOUT ROWID;

CREATE INDEX visitor_page_business ON visitor_page (business);
CREATE INDEX visitor_page_key ON visitor_page (slab, slot);

CREATE TRIGGER visitor_page_sealed_insert BEFORE INSERT ON visitor_page
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER visitor_page_sealed_update BEFORE UPDATE ON visitor_page
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;
