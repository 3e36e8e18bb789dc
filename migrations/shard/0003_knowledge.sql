-- What a business knows about itself, and how much AI a day may cost it.

CREATE TABLE knowledge (
    number     INTEGER PRIMARY KEY,            -- row of knowledge_terms
    id         TEXT    NOT NULL UNIQUE,        -- knw_…
    business   TEXT    NOT NULL,
    locale     TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    url        TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX knowledge_business ON knowledge (business, locale);

-- Folded and stemmed terms, written by the edge, so that every language is stemmed by its own rules. The
-- business stands in it as a term: another business's text can't come into a result.
CREATE VIRTUAL TABLE knowledge_terms USING fts5 (
    business,
    terms,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE ai_day (
    business TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    day      INTEGER NOT NULL,                 -- UTC day
    calls    INTEGER NOT NULL,
    tokens   INTEGER NOT NULL,                 -- used, and reserved by turns that run
    PRIMARY KEY (business, site, day)
) STRICT, WITHOUT ROWID;
