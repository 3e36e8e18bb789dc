-- Whom a business says that a visitor is, and what leaves for a business's own systems.

CREATE TABLE visitor_identity (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business     TEXT    NOT NULL,
    proved_at    INTEGER NOT NULL,             -- when a token named them
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    subject      BLOB    NOT NULL              -- sealed, column number 53: what the business calls them
) STRICT, WITHOUT ROWID;

CREATE INDEX visitor_identity_business ON visitor_identity (business);
CREATE INDEX visitor_identity_key ON visitor_identity (slab, slot);

CREATE TRIGGER visitor_identity_sealed_insert BEFORE INSERT ON visitor_identity
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER visitor_identity_sealed_update BEFORE UPDATE ON visitor_identity
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- Doors of a business's own systems, and what was told to them.
CREATE TABLE webhook (
    id         TEXT    NOT NULL PRIMARY KEY, -- whk_…
    business   TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    events     TEXT    NOT NULL CHECK (json_valid(events)), -- ["conversation.opened", …]
    is_active  INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    slab       TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    secret     BLOB    NOT NULL,             -- sealed, column number 52: what deliveries are signed with
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_business ON webhook (business, id);

CREATE TRIGGER webhook_sealed_insert BEFORE INSERT ON webhook
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER webhook_sealed_update BEFORE UPDATE ON webhook
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'business' AND owner = NEW.business
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TABLE webhook_delivery (
    event        TEXT    NOT NULL, -- evt_…; the same for every door that it is told to
    webhook      TEXT    NOT NULL,
    business     TEXT    NOT NULL,
    conversation TEXT,             -- NULL for a test
    site         TEXT,
    kind         TEXT    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'delivered', 'given_up')),
    tries        INTEGER NOT NULL DEFAULT 0,
    due_at       INTEGER NOT NULL, -- when it may be tried; while a try holds it, when that hold ends
    status       INTEGER,          -- what the door answered last; NULL where it did not
    created_at   INTEGER NOT NULL,
    settled_at   INTEGER,
    PRIMARY KEY (event, webhook)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook, event);
CREATE INDEX webhook_delivery_business ON webhook_delivery (business);
CREATE INDEX webhook_delivery_conversation ON webhook_delivery (conversation);
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);

-- What happens in a conversation is told by the same commit that makes it happen, and once: the event's name follows from
-- what it is about. Ids only, never a word.
CREATE TRIGGER webhook_conversation_opened AFTER INSERT ON conversation
BEGIN
    INSERT OR IGNORE INTO webhook_delivery (event, webhook, business, conversation, site, kind, due_at, created_at)
    SELECT 'opened.' || NEW.id, id, NEW.business, NEW.id, NEW.site, 'conversation.opened', NEW.created_at, NEW.created_at
    FROM webhook
    WHERE business = NEW.business AND is_active = 1 AND instr(events, '"conversation.opened"') > 0;
END;

CREATE TRIGGER webhook_conversation_closed AFTER UPDATE OF state ON conversation
WHEN NEW.state = 'closed' AND OLD.state <> 'closed'
BEGIN
    INSERT OR IGNORE INTO webhook_delivery (event, webhook, business, conversation, site, kind, due_at, created_at)
    SELECT 'closed.' || NEW.id || '.' || COALESCE(NEW.closed_at, NEW.last_message_at), id, NEW.business, NEW.id, NEW.site
         , 'conversation.closed', COALESCE(NEW.closed_at, NEW.last_message_at), COALESCE(NEW.closed_at, NEW.last_message_at)
    FROM webhook
    WHERE business = NEW.business AND is_active = 1 AND instr(events, '"conversation.closed"') > 0;
END;

CREATE TRIGGER webhook_person_requested AFTER UPDATE OF state ON conversation
WHEN NEW.state = 'requested' AND OLD.state <> 'requested'
BEGIN
    INSERT OR IGNORE INTO webhook_delivery (event, webhook, business, conversation, site, kind, due_at, created_at)
    SELECT 'person.' || NEW.id || '.' || COALESCE(NEW.requested_at, NEW.last_message_at), id, NEW.business, NEW.id, NEW.site
         , 'person.requested', COALESCE(NEW.requested_at, NEW.last_message_at), COALESCE(NEW.requested_at, NEW.last_message_at)
    FROM webhook
    WHERE business = NEW.business AND is_active = 1 AND instr(events, '"person.requested"') > 0;
END;

CREATE TRIGGER webhook_message_received AFTER INSERT ON message
WHEN NEW.origin = 'visitor'
BEGIN
    INSERT OR IGNORE INTO webhook_delivery (event, webhook, business, conversation, site, kind, due_at, created_at)
    SELECT 'message.' || NEW.id, webhook.id, NEW.business, NEW.conversation, conversation.site, 'message.received'
         , NEW.created_at, NEW.created_at
    FROM webhook
    JOIN conversation ON conversation.id = NEW.conversation
    WHERE webhook.business = NEW.business AND webhook.is_active = 1 AND instr(webhook.events, '"message.received"') > 0;
END;
