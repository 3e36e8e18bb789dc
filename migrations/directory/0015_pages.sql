-- An answer that rests on entries which fit only loosely can count as a miss.
ALTER TABLE hand_off ADD COLUMN unsure_counts INTEGER NOT NULL DEFAULT 0 CHECK (unsure_counts IN (0, 1));

-- When a page was last looked at and the chat was found there as it must be: the first steps tell it.
ALTER TABLE site ADD COLUMN found_at INTEGER;

-- What changed by a deed: roles, days, origins, names of settings.
ALTER TABLE audit ADD COLUMN change TEXT;

-- The log of one deed.
CREATE INDEX audit_deed ON audit (business, action, id);
