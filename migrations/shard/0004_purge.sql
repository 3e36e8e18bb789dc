-- What the hourly purge looks for, and visits as counts.

-- A row a visit, numbered as it was written, could be laid beside the ledger of choices and lead back to a visitor.
-- A count can't.
CREATE TABLE visit_day (
    business TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    day      INTEGER NOT NULL, -- UTC day
    locale   TEXT    NOT NULL,
    browser  TEXT    NOT NULL,
    visits   INTEGER NOT NULL CHECK (visits > 0),
    PRIMARY KEY (business, site, day, locale, browser)
) STRICT, WITHOUT ROWID;

CREATE INDEX visit_day_day ON visit_day (day);

INSERT INTO visit_day (business, site, day, locale, browser, visits)
SELECT business, site, day, locale, browser, count(*)
FROM visit_statistic
GROUP BY business, site, day, locale, browser;

DROP TABLE visit_statistic;

-- Choices of visitors who never wrote have no conversation to go with.
CREATE INDEX consent_event_created ON consent_event (created_at);

-- Keys that were rolled: they go when the last row under them is gone.
CREATE INDEX seal_key_rolled ON seal_key (business, created_at) WHERE state = 0 AND owner_kind = 'conversation';
