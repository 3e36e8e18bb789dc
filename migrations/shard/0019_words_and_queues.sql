-- The exact words that choices of the ledger are about, by their hash: a site's own words may change, and proof must not end
-- with them (promise B8).
CREATE TABLE consent_words (
    business   TEXT    NOT NULL,
    hash       TEXT    NOT NULL, -- SHA-256 of `words`; `consent_event.text_hash` names it
    words      TEXT    NOT NULL, -- the question, a line feed, the detail
    created_at INTEGER NOT NULL, -- when somebody first chose by them
    PRIMARY KEY (business, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX consent_words_created ON consent_words (created_at);

-- Whether any choice is still about some words.
CREATE INDEX consent_event_words ON consent_event (business, text_hash);

-- The operator's page counts what was given up in a day.
CREATE INDEX webhook_delivery_given_up ON webhook_delivery (settled_at) WHERE state = 'given_up';
