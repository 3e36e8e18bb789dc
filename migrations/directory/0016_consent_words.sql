-- A site's own words for the question about statistics, and which edition of them is in force: the ledger keeps its number.
ALTER TABLE site ADD COLUMN consent TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(consent)); -- {"en": {"question": "…", "detail": "…"}}
ALTER TABLE site ADD COLUMN consent_edition INTEGER NOT NULL DEFAULT 1;
