-- Which keys of account users and businesses exist and whether they live, as in a shard. No key stands here: keys are
-- in R2, see `docs/sealing.md`. The column `business` names a scope: biz_… or _accounts.

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
    owner_kind   TEXT    NOT NULL CHECK (owner_kind IN ('account', 'business', 'day')),
    owner        TEXT    NOT NULL,                              -- acc_…, biz_…, or a UTC day number
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
