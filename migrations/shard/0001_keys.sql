-- Which keys exist and whether they live. No key stands here: keys are in R2, see `docs/sealing.md`.

CREATE TABLE key_slab (
    slab       TEXT    NOT NULL PRIMARY KEY, -- slb_…
    business   TEXT    NOT NULL,
    family     TEXT    NOT NULL CHECK (family IN ('c', 'p', 'd', 'x', 'e', 'u', 'b')),
    next_slot  INTEGER NOT NULL DEFAULT 0 CHECK (next_slot BETWEEN 0 AND 512),
    closed     INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    epoch      INTEGER NOT NULL DEFAULT 0, -- how often keys of it were destroyed
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX key_slab_open ON key_slab (business, family) WHERE closed = 0;

CREATE TABLE seal_key (
    slab         TEXT    NOT NULL REFERENCES key_slab (slab),
    slot         INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 511),
    business     TEXT    NOT NULL,
    owner_kind   TEXT    NOT NULL CHECK (owner_kind IN ('conversation', 'day', 'business')),
    owner        TEXT    NOT NULL,                              -- cnv_…, a UTC day number, or biz_…
    commit16     BLOB    NOT NULL CHECK (length(commit16) = 16), -- proves that the loaded key is the right one
    created_at   INTEGER NOT NULL,
    state        INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)), -- live, condemned, destroyed
    destroyed_at INTEGER,
    PRIMARY KEY (slab, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX seal_key_owner ON seal_key (owner, business);
CREATE INDEX seal_key_day ON seal_key (CAST(owner AS INTEGER)) WHERE owner_kind = 'day' AND state = 0;
CREATE INDEX seal_key_condemned ON seal_key (slab) WHERE state = 1;

-- I1: a key disappears, it never changes and never returns.
CREATE TRIGGER seal_key_forward BEFORE UPDATE ON seal_key
WHEN NEW.state < OLD.state OR NEW.slab <> OLD.slab OR NEW.slot <> OLD.slot OR NEW.business <> OLD.business
  OR NEW.owner_kind <> OLD.owner_kind OR NEW.owner <> OLD.owner OR NEW.commit16 <> OLD.commit16
BEGIN
    SELECT RAISE(ABORT, 'seal_key_returns');
END;

CREATE TABLE erasure (
    id           TEXT    NOT NULL PRIMARY KEY, -- era_…
    business     TEXT    NOT NULL,
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('conversation', 'visitor')),
    subject      TEXT    NOT NULL,
    reason       TEXT    NOT NULL CHECK (reason IN ('request', 'retention', 'child', 'account')),
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'condemned', 'keyless', 'emptied', 'verified', 'receipted')),
    cursor       TEXT,
    lease_until  INTEGER NOT NULL DEFAULT 0,
    counts       TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(counts)), -- rows found by table, taken when condemned
    requested_at INTEGER NOT NULL,
    condemned_at INTEGER,
    keyless_at   INTEGER,
    verified_at  INTEGER,
    receipt_hash TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX erasure_open ON erasure (requested_at) WHERE state NOT IN ('verified', 'receipted');
CREATE INDEX erasure_subject ON erasure (subject);
