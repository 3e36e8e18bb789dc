-- Deletions of accounts and businesses on their way, and the editions of the notice that were in force.

CREATE TABLE deletion (
    id           TEXT    NOT NULL PRIMARY KEY, -- del_…
    account      TEXT    NOT NULL,             -- who asked, and who is told
    business     TEXT,                         -- the business that goes; NULL where it is the account itself
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,             -- until then it can be cancelled
    reminded     INTEGER NOT NULL DEFAULT 0,   -- how many reminders went out
    cancelled_at INTEGER,
    begun_at     INTEGER,                      -- from then on nothing opens any more
    done_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX deletion_account ON deletion (account)
    WHERE business IS NULL AND cancelled_at IS NULL AND done_at IS NULL;
CREATE UNIQUE INDEX deletion_business_open ON deletion (business)
    WHERE business IS NOT NULL AND cancelled_at IS NULL AND done_at IS NULL;
CREATE INDEX deletion_of ON deletion (account);
CREATE INDEX deletion_business ON deletion (business);
CREATE INDEX deletion_due ON deletion (due_at) WHERE cancelled_at IS NULL AND done_at IS NULL;
CREATE INDEX deletion_age ON deletion (asked_at);

CREATE TABLE notice_edition (
    id           TEXT    NOT NULL PRIMARY KEY, -- ntc_…
    hash         TEXT    NOT NULL,             -- SHA-256 of the facts
    texts        TEXT    NOT NULL CHECK (json_valid(texts)), -- the facts in words, by language
    material     INTEGER NOT NULL CHECK (material IN (0, 1)), -- it was announced before it took effect
    found_at     INTEGER NOT NULL,
    told_until   TEXT    NOT NULL DEFAULT '',  -- the account up to which mails were written
    told_at      INTEGER,                      -- when the last of them was written
    effective_at INTEGER                       -- NULL while it is being announced
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_edition_effective ON notice_edition (effective_at);
CREATE INDEX notice_edition_found ON notice_edition (found_at);

CREATE TABLE notice_site (
    site     TEXT    NOT NULL,
    business TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    hash     TEXT    NOT NULL,                 -- SHA-256 of the facts
    facts    TEXT    NOT NULL CHECK (json_valid(facts)), -- who is responsible, how long, who receives it
    PRIMARY KEY (site, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_site_business ON notice_site (business);
