-- A third way to prove whose conversation it is: a code that goes to an address which the visitor confirmed in it.

-- The keyed hash by which a confirmed address is found; it goes with the row. An address that was only typed has none.
ALTER TABLE contact ADD COLUMN finder TEXT;
CREATE INDEX contact_finder ON contact (finder, business) WHERE finder IS NOT NULL;

-- A code may be mailed, too; SQLite can't widen a CHECK, so the table is written anew.
CREATE TABLE privacy_code_kept AS
SELECT hash, business, conversation, kind, created_at, expires_at, used_at FROM privacy_code;

DROP TABLE privacy_code;

CREATE TABLE privacy_code (
    hash         TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of 128 random bits, hex
    business     TEXT    NOT NULL,
    conversation TEXT    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('hand_over', 'mailed', 'resume')),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER                       -- a resume code opens as often as it is entered, any other once
) STRICT, WITHOUT ROWID;

INSERT INTO privacy_code (hash, business, conversation, kind, created_at, expires_at, used_at)
SELECT hash, business, conversation, kind, created_at, expires_at, used_at FROM privacy_code_kept;

DROP TABLE privacy_code_kept;

CREATE INDEX privacy_code_conversation ON privacy_code (conversation, kind);
CREATE INDEX privacy_code_business ON privacy_code (business);
CREATE INDEX privacy_code_expiry ON privacy_code (expires_at);
