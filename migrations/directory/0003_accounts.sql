-- People who sign in, the businesses they belong to, and everything that lets somebody in. Names and addresses are
-- sealed; what opens a door is kept as a hash.

ALTER TABLE business ADD COLUMN kind TEXT NOT NULL DEFAULT 'other'
    CHECK (kind IN ('hotel', 'restaurant', 'clinic', 'shop', 'services', 'other'));

CREATE INDEX business_shard ON business (shard);

CREATE TABLE account (
    id           TEXT    NOT NULL PRIMARY KEY, -- acc_…
    state        TEXT    NOT NULL CHECK (state IN ('pending', 'active', 'deleting')),
    locale       TEXT    NOT NULL,             -- the language of mails and of the dashboard
    email_finder TEXT    NOT NULL,             -- keyed hash of the normalised address
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    name         BLOB    NOT NULL,             -- sealed, column number 3
    email        BLOB    NOT NULL,             -- sealed, column number 4
    analytics    INTEGER NOT NULL DEFAULT 0 CHECK (analytics IN (0, 1)), -- consent to usage statistics (P7.1, K7)
    analytics_at INTEGER,                      -- when that was last chosen
    created_at   INTEGER NOT NULL,
    verified_at  INTEGER                       -- when the address was proved
) STRICT, WITHOUT ROWID;

-- Whoever asks to sign up gets a pending account of their own; only one becomes active for an address.
CREATE UNIQUE INDEX account_email ON account (email_finder) WHERE state <> 'pending';
CREATE INDEX account_pending ON account (created_at) WHERE state = 'pending';

CREATE TRIGGER account_sealed_insert BEFORE INSERT ON account
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.id
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER account_sealed_update BEFORE UPDATE ON account
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.id
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE sign_up (
    account       TEXT    NOT NULL PRIMARY KEY REFERENCES account (id),
    business_name TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('hotel', 'restaurant', 'clinic', 'shop', 'services', 'other')),
    country       TEXT    NOT NULL,             -- ISO 3166-1 alpha-2
    terms_version TEXT    NOT NULL,
    terms_hash    TEXT    NOT NULL,             -- SHA-256 of the exact text
    dpa_version   TEXT    NOT NULL,
    dpa_hash      TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
    business   TEXT    NOT NULL REFERENCES business (id),
    account    TEXT    NOT NULL REFERENCES account (id),
    role       TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'viewer')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (business, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_account ON membership (account);

-- A business always has an owner: the last one neither leaves nor becomes less.
CREATE TRIGGER membership_owner_stays BEFORE DELETE ON membership
WHEN OLD.role = 'owner'
 AND NOT EXISTS (SELECT 1 FROM membership WHERE business = OLD.business AND role = 'owner' AND account <> OLD.account)
 AND EXISTS (SELECT 1 FROM business WHERE id = OLD.business AND state = 'active')
BEGIN
    SELECT RAISE(ABORT, 'last_owner');
END;

CREATE TRIGGER membership_owner_keeps BEFORE UPDATE ON membership
WHEN OLD.role = 'owner' AND NEW.role <> 'owner'
 AND NOT EXISTS (SELECT 1 FROM membership WHERE business = OLD.business AND role = 'owner' AND account <> OLD.account)
BEGIN
    SELECT RAISE(ABORT, 'last_owner');
END;

CREATE TABLE invitation (
    id           TEXT    NOT NULL PRIMARY KEY, -- inv_…
    business     TEXT    NOT NULL REFERENCES business (id),
    email_finder TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'viewer')),
    locale       TEXT    NOT NULL,             -- the language of the mail
    invited_by   TEXT    NOT NULL,             -- acc_…
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    email        BLOB    NOT NULL,             -- sealed, column number 5
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    accepted_at  INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX invitation_business ON invitation (business, created_at);
CREATE INDEX invitation_expiry ON invitation (expires_at);

CREATE TRIGGER invitation_sealed_insert BEFORE INSERT ON invitation
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER invitation_sealed_update BEFORE UPDATE ON invitation
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE sign_in_code (
    id           TEXT    NOT NULL PRIMARY KEY, -- cod_…; the digits follow from it and a key, and stand nowhere
    purpose      TEXT    NOT NULL CHECK (purpose IN ('sign_up', 'sign_in', 'change_email')),
    account      TEXT,                         -- NULL where nobody has that address: such a code opens nothing
    email_finder TEXT    NOT NULL,
    nonce_hash   TEXT    NOT NULL,             -- of the cookie of the browser that asked
    asker        TEXT    NOT NULL,             -- keyed hash of the IP address that asked
    tries        INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_code_email ON sign_in_code (email_finder, created_at);
CREATE INDEX sign_in_code_asker ON sign_in_code (asker, created_at);
CREATE INDEX sign_in_code_age ON sign_in_code (created_at);
CREATE INDEX sign_in_code_account ON sign_in_code (account);

CREATE TABLE email_change (
    id           TEXT    NOT NULL PRIMARY KEY, -- cod_…: the code that proves the new address
    account      TEXT    NOT NULL REFERENCES account (id),
    email_finder TEXT    NOT NULL,             -- of the new address
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    email        BLOB    NOT NULL,             -- sealed, column number 6
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,                      -- when the new address was proved
    effective_at INTEGER,                      -- until then the old address can stop it
    stopped_at   INTEGER,
    done_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX email_change_account ON email_change (account, created_at);
CREATE INDEX email_change_due ON email_change (effective_at) WHERE stopped_at IS NULL AND done_at IS NULL;
CREATE INDEX email_change_age ON email_change (created_at);

CREATE TRIGGER email_change_sealed_insert BEFORE INSERT ON email_change
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.account
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER email_change_sealed_update BEFORE UPDATE ON email_change
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = '_accounts'
      AND owner_kind = 'account' AND owner = NEW.account
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE session (
    id           TEXT    NOT NULL PRIMARY KEY, -- ses_…
    hash         TEXT    NOT NULL,             -- of the cookie
    account      TEXT    NOT NULL REFERENCES account (id),
    device       TEXT    NOT NULL,             -- "Firefox on Linux", without a place
    browser_hash TEXT    NOT NULL,             -- of the cookie by which a browser is known again
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,             -- 90 days from its beginning at most
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_account ON session (account, created_at);
CREATE INDEX session_browser ON session (account, browser_hash);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE passkey (
    id            TEXT    NOT NULL PRIMARY KEY, -- pky_…
    account       TEXT    NOT NULL REFERENCES account (id),
    credential    TEXT    NOT NULL,             -- what the authenticator calls it, in base64url
    algorithm     INTEGER NOT NULL CHECK (algorithm IN (-7, -257)), -- ES256, RS256 (COSE)
    public_key    BLOB    NOT NULL,             -- SubjectPublicKeyInfo
    sign_count    INTEGER NOT NULL,
    device        TEXT    NOT NULL,             -- what it was made on
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX passkey_credential ON passkey (credential);
CREATE INDEX passkey_account ON passkey (account, created_at);

CREATE TABLE passkey_challenge (
    id         TEXT    NOT NULL PRIMARY KEY, -- cod_…; the challenge follows from it and a key
    account    TEXT,                         -- who adds a passkey; NULL for signing in with one
    nonce_hash TEXT    NOT NULL,             -- of the cookie of the browser that asked
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passkey_challenge_age ON passkey_challenge (created_at);

CREATE TABLE api_token (
    id           TEXT    NOT NULL PRIMARY KEY, -- tok_…
    business     TEXT    NOT NULL REFERENCES business (id),
    hash         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL CHECK (json_valid(scopes)), -- ["business_read", …]
    created_by   TEXT    NOT NULL,             -- acc_…; the token can do no more than they can
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_business ON api_token (business, created_at);
CREATE INDEX api_token_account ON api_token (created_by, business);

CREATE TABLE acceptance (
    business TEXT    NOT NULL,
    document TEXT    NOT NULL CHECK (document IN ('terms', 'dpa')),
    version  TEXT    NOT NULL,
    hash     TEXT    NOT NULL,                 -- SHA-256 of the exact text
    account  TEXT    NOT NULL,                 -- who agreed for the business
    at       INTEGER NOT NULL,
    PRIMARY KEY (business, document, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id           TEXT    NOT NULL PRIMARY KEY, -- aud_…
    business     TEXT,                         -- NULL for what concerns an account alone
    account      TEXT    NOT NULL,             -- who
    token        TEXT,                         -- the token that acted for them
    action       TEXT    NOT NULL,             -- what, from a closed list
    subject_kind TEXT    NOT NULL,
    subject      TEXT    NOT NULL,             -- an id
    reason       TEXT,                         -- why, from a closed list
    at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_business ON audit (business, id);
CREATE INDEX audit_account ON audit (account, id);
CREATE INDEX audit_age ON audit (at);
