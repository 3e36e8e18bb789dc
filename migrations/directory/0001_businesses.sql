-- Businesses, their sites and the log of jobs: what must be known before a shard can be chosen.
-- Times are epoch milliseconds (UTC). Every column is classified in `../inventory.toml`.

CREATE TABLE business (
    id         TEXT    NOT NULL PRIMARY KEY, -- biz_…
    name       TEXT    NOT NULL,             -- what visitors call it
    controller TEXT    NOT NULL,             -- legal entity and place, shown to every visitor (P1)
    contact    TEXT    NOT NULL,             -- published contact of the controller (P1)
    notice_url TEXT,                         -- its own privacy notice, where it has one
    officer    TEXT,                         -- published address of the data protection officer, where there is one
    country    TEXT    NOT NULL,             -- ISO 3166-1 alpha-2; says which authority supervises
    shard      INTEGER NOT NULL CHECK (shard >= 0),
    state      TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleting')),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
    id              TEXT    NOT NULL PRIMARY KEY, -- sit_…
    business        TEXT    NOT NULL REFERENCES business (id),
    name            TEXT    NOT NULL,
    allowed_origins TEXT    NOT NULL CHECK (json_valid(allowed_origins)), -- ["https://*.example.eu", …]
    languages       TEXT    NOT NULL CHECK (json_valid(languages)),       -- ["en", "fr"], first is the fallback
    greeting        TEXT    NOT NULL CHECK (json_valid(greeting)),        -- {"en": "…"}
    quick_questions TEXT    NOT NULL CHECK (json_valid(quick_questions)), -- {"en": ["…"]}
    color           TEXT    NOT NULL,                                     -- #rrggbb, as the business wants it
    opening         TEXT    NOT NULL CHECK (json_valid(opening)),         -- when people answer: zone, week, holidays
    instructions    TEXT    NOT NULL,                                     -- what the business tells the model
    answerers       TEXT    NOT NULL CHECK (json_valid(answerers)),       -- ["openai", "anthropic", "builtin"] in order
    daily_calls     INTEGER NOT NULL CHECK (daily_calls >= 0),            -- ceiling of AI calls a UTC day (B12)
    daily_tokens    INTEGER NOT NULL CHECK (daily_tokens >= 0),           -- ceiling of AI tokens a UTC day (B12)
    retention_days  INTEGER CHECK (retention_days BETWEEN 1 AND 365),     -- shorter than the promise; NULL is the promise
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX site_business ON site (business);

CREATE TABLE job_run (
    id          TEXT    NOT NULL PRIMARY KEY, -- run_…
    job         TEXT    NOT NULL,
    cut_off     INTEGER NOT NULL,             -- everything before this was due
    due_rows    INTEGER NOT NULL,             -- what the run touched; zero is logged too
    objects     INTEGER NOT NULL,             -- R2 objects touched
    outcome     TEXT    NOT NULL CHECK (outcome IN ('done', 'more', 'failed', 'refused')),
    started_at  INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX job_run_job ON job_run (job, started_at);
