-- What a team sets for its sites, and what names a site's visitors.

ALTER TABLE site ADD COLUMN side TEXT NOT NULL DEFAULT 'end' CHECK (side IN ('end', 'start'));
ALTER TABLE site ADD COLUMN tone TEXT NOT NULL DEFAULT 'plain' CHECK (tone IN ('plain', 'warm', 'formal'));
ALTER TABLE site ADD COLUMN keeps_path INTEGER NOT NULL DEFAULT 0 CHECK (keeps_path IN (0, 1)); -- the page's path (P2.4)

-- What tokens for `identify` are signed with. The one before the present one counts for a day more.
CREATE TABLE identity_secret (
    id         TEXT    NOT NULL PRIMARY KEY, -- ids_…
    business   TEXT    NOT NULL REFERENCES business (id),
    site       TEXT    NOT NULL REFERENCES site (id),
    slab       TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    secret     BLOB    NOT NULL,             -- sealed, column number 50
    created_at INTEGER NOT NULL,
    expires_at INTEGER                       -- NULL: the present one
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_secret_site ON identity_secret (site, created_at);
CREATE INDEX identity_secret_business ON identity_secret (business);

CREATE TRIGGER identity_secret_sealed_insert BEFORE INSERT ON identity_secret
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER identity_secret_sealed_update BEFORE UPDATE ON identity_secret
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- A business's own keys for AI providers; they replace the deployment's.
CREATE TABLE vendor_key (
    business   TEXT    NOT NULL REFERENCES business (id),
    vendor     TEXT    NOT NULL,             -- a name of the registry of providers
    slab       TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    secret     BLOB    NOT NULL,             -- sealed, column number 51
    model      TEXT,                         -- NULL: the deployment's usual one
    created_at INTEGER NOT NULL,
    tested_at  INTEGER,                      -- when it was last tried
    outcome    TEXT,                         -- what came of that, from a closed list
    PRIMARY KEY (business, vendor)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER vendor_key_sealed_insert BEFORE INSERT ON vendor_key
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER vendor_key_sealed_update BEFORE UPDATE ON vendor_key
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;
