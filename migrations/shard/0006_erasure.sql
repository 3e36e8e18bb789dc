-- Erasure as a whole: who is meant, what was found, deleted and is left, the receipt; what keeps an erased visitor from
-- coming back; how a restored database is recognised; and what keeps a conversation from being purged.

ALTER TABLE erasure ADD COLUMN subjects TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(subjects)); -- ids by kind
ALTER TABLE erasure ADD COLUMN deleted TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(deleted)); -- rows by table
ALTER TABLE erasure ADD COLUMN remaining TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(remaining)); -- what the last look found
ALTER TABLE erasure ADD COLUMN slabs TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(slabs)); -- epochs as they were read back
ALTER TABLE erasure ADD COLUMN commitment TEXT;      -- SHA-256 of the holder's nonce and the id; the nonce stands nowhere
ALTER TABLE erasure ADD COLUMN waits TEXT;           -- why it does not go on, from a closed list
ALTER TABLE erasure ADD COLUMN receipted_at INTEGER;
ALTER TABLE erasure ADD COLUMN receipt TEXT;         -- the signed document

UPDATE erasure
SET subjects = json_object('scope', business, 'conversation', json_array(subject))
WHERE subject_kind = 'conversation';

DROP INDEX erasure_open;
CREATE INDEX erasure_open ON erasure (requested_at) WHERE state <> 'receipted';
CREATE INDEX erasure_age ON erasure (receipted_at) WHERE state = 'receipted';

-- Finding everything of a business.
CREATE INDEX key_slab_business ON key_slab (business);
CREATE INDEX seal_key_business ON seal_key (business);
CREATE INDEX visitor_address_business ON visitor_address (business);
CREATE INDEX conversation_token_business ON conversation_token (business);
CREATE INDEX member_read_business ON member_read (business);
CREATE INDEX contact_business ON contact (business);
CREATE INDEX return_link_business ON return_link (business);

-- Keys that are gone, and slabs without a living one.
CREATE INDEX seal_key_destroyed ON seal_key (destroyed_at) WHERE state = 2;
CREATE INDEX key_slab_closed ON key_slab (created_at) WHERE closed = 1;

-- Purges pass by what is restricted (Art. 18 GDPR) or held for a legal claim.
ALTER TABLE conversation ADD COLUMN restricted_at INTEGER;
ALTER TABLE conversation ADD COLUMN held_at INTEGER;

-- An erased visitor does not come back under the same id, whatever token is still in somebody's hand.
CREATE TRIGGER visitor_erased BEFORE INSERT ON visitor
WHEN EXISTS (
    SELECT 1 FROM erasure
    WHERE subject = NEW.id AND subject_kind = 'visitor' AND business = NEW.business AND state <> 'requested'
)
BEGIN
    SELECT RAISE(ABORT, 'subject_erased');
END;

CREATE TRIGGER conversation_erased BEFORE INSERT ON conversation
WHEN EXISTS (
    SELECT 1 FROM erasure
    WHERE subject IN (NEW.id, NEW.visitor) AND business = NEW.business AND state <> 'requested'
)
BEGIN
    SELECT RAISE(ABORT, 'subject_erased');
END;

CREATE TRIGGER consent_event_erased BEFORE INSERT ON consent_event
WHEN EXISTS (
    SELECT 1 FROM erasure
    WHERE subject = NEW.visitor AND subject_kind = 'visitor' AND business = NEW.business AND state <> 'requested'
)
BEGIN
    SELECT RAISE(ABORT, 'subject_erased');
END;

-- Counted here and in the bucket of keys: a database that is behind the bucket was restored.
CREATE TABLE tick (
    database        TEXT    NOT NULL PRIMARY KEY, -- 'directory', 'shard-0', …
    count           INTEGER NOT NULL,
    ticked_at       INTEGER NOT NULL,
    needs_replay    INTEGER NOT NULL DEFAULT 0 CHECK (needs_replay IN (0, 1)),
    replay_asked_at INTEGER
) STRICT, WITHOUT ROWID;
