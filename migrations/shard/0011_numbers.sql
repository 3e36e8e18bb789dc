-- What a business counts: a row of facts a conversation, what AI it used, questions to which nothing was found, how content
-- its visitor was. All that goes with the conversation. What stays is a day of a site as sums, which name nobody.

CREATE TABLE conversation_numbers (
    conversation   TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business       TEXT    NOT NULL,
    site           TEXT    NOT NULL,
    day            INTEGER NOT NULL,             -- UTC day on which it began
    began_at       INTEGER NOT NULL,
    is_counted     INTEGER NOT NULL DEFAULT 1 CHECK (is_counted IN (0, 1)), -- 0: held still, or objected to
    by_ai          INTEGER NOT NULL DEFAULT 0 CHECK (by_ai IN (0, 1)),      -- a machine answered
    handed_over    INTEGER NOT NULL DEFAULT 0 CHECK (handed_over IN (0, 1)), -- a person was asked for, or took over
    has_unanswered INTEGER NOT NULL DEFAULT 0 CHECK (has_unanswered IN (0, 1)),
    answer_ms      INTEGER,                      -- from the first message to the first answer
    person_ms      INTEGER,                      -- from asking for a person, else from the first message, to a person's word
    score          INTEGER CHECK (score BETWEEN 1 AND 5)
) STRICT, WITHOUT ROWID;

-- A period is read from this index alone: one entry a conversation that began in it, whatever else a business has.
CREATE INDEX conversation_numbers_day ON conversation_numbers (
    business, day, site, is_counted, by_ai, handed_over, has_unanswered, answer_ms, person_ms, score
);
CREATE INDEX conversation_numbers_age ON conversation_numbers (day);
CREATE INDEX conversation_numbers_uncounted ON conversation_numbers (business, conversation) WHERE is_counted = 0;

CREATE TABLE ai_use (
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    day          INTEGER NOT NULL,             -- UTC day of the calls
    provider     TEXT    NOT NULL,
    model        TEXT    NOT NULL,
    business     TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    calls        INTEGER NOT NULL,
    tokens_in    INTEGER NOT NULL,
    tokens_out   INTEGER NOT NULL,
    PRIMARY KEY (conversation, day, provider, model)
) STRICT, WITHOUT ROWID;

CREATE INDEX ai_use_day ON ai_use (business, day, site, provider, model, calls, tokens_in, tokens_out);

CREATE INDEX ai_use_age ON ai_use (day);

CREATE TABLE unanswered (
    message      TEXT    NOT NULL PRIMARY KEY, -- msg_…: the visitor's question; its words stand there, sealed, and nowhere else
    business     TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    conversation TEXT    NOT NULL REFERENCES conversation (id),
    created_at   INTEGER NOT NULL,
    settled_at   INTEGER                       -- when an answer was written into the knowledge, or it was put aside
) STRICT, WITHOUT ROWID;

CREATE INDEX unanswered_open ON unanswered (business, message) WHERE settled_at IS NULL;
CREATE INDEX unanswered_business ON unanswered (business);
CREATE INDEX unanswered_conversation ON unanswered (conversation);

CREATE TABLE satisfaction (
    conversation TEXT    NOT NULL PRIMARY KEY REFERENCES conversation (id),
    business     TEXT    NOT NULL,
    site         TEXT    NOT NULL,
    score        INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    given_at     INTEGER NOT NULL,
    slab         TEXT    NOT NULL,
    slot         INTEGER NOT NULL,
    comment      BLOB                          -- sealed, column number 80; NULL where nothing was said, or it is past its limit
) STRICT, WITHOUT ROWID;

CREATE INDEX satisfaction_comments ON satisfaction (business, given_at, conversation) WHERE comment IS NOT NULL;
CREATE INDEX satisfaction_business ON satisfaction (business);
CREATE INDEX satisfaction_key ON satisfaction (slab, slot);

-- I3: no sealed row commits under a key that is not live and the conversation's. A comment may always be taken away.
CREATE TRIGGER satisfaction_sealed_insert BEFORE INSERT ON satisfaction
WHEN NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

CREATE TRIGGER satisfaction_sealed_update BEFORE UPDATE ON satisfaction
WHEN NEW.comment IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM seal_key
    WHERE slab = NEW.slab AND slot = NEW.slot AND state = 0 AND business = NEW.business
      AND owner_kind = 'conversation' AND owner = NEW.conversation
)
BEGIN
    SELECT RAISE(ABORT, 'seal_key_not_live');
END;

-- What outlives conversations: sums of a site's day. A cell counts only once no conversation of that day is left, and only
-- where five or more were in it; what is smaller is emptied by then, and 0 conversations stand for "fewer than 5".
CREATE TABLE numbers_day (
    business TEXT    NOT NULL,
    site     TEXT    NOT NULL,
    day      INTEGER NOT NULL,             -- UTC day
    measure  TEXT    NOT NULL,             -- 'conversations', 'by_ai', …, 'answer_07': how many took that step of time
    count    INTEGER NOT NULL,
    PRIMARY KEY (business, site, day, measure)
) STRICT, WITHOUT ROWID;

CREATE INDEX numbers_day_business ON numbers_day (business, day);
CREATE INDEX numbers_day_day ON numbers_day (day);
CREATE INDEX numbers_day_small ON numbers_day (count) WHERE measure = 'conversations';

CREATE TABLE numbers_ai_day (
    business      TEXT    NOT NULL,
    site          TEXT    NOT NULL,
    day           INTEGER NOT NULL,        -- UTC day
    provider      TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    conversations INTEGER NOT NULL,
    calls         INTEGER NOT NULL,
    tokens_in     INTEGER NOT NULL,
    tokens_out    INTEGER NOT NULL,
    PRIMARY KEY (business, site, day, provider, model)
) STRICT, WITHOUT ROWID;

CREATE INDEX numbers_ai_day_business ON numbers_ai_day (business, day);
CREATE INDEX numbers_ai_day_day ON numbers_ai_day (day);
CREATE INDEX numbers_ai_day_small ON numbers_ai_day (conversations);

-- Facts follow what happens, whoever makes it happen and by whichever statement.
CREATE TRIGGER conversation_numbers_begin AFTER INSERT ON conversation
BEGIN
    INSERT INTO conversation_numbers (conversation, business, site, day, began_at, handed_over)
    VALUES (NEW.id, NEW.business, NEW.site, NEW.created_at / 86400000, NEW.created_at, NEW.state IN ('requested', 'human'));
END;

CREATE TRIGGER conversation_numbers_hand_over AFTER UPDATE OF state ON conversation
WHEN NEW.state IN ('requested', 'human') AND NEW.state <> OLD.state
BEGIN
    UPDATE conversation_numbers SET handed_over = 1 WHERE conversation = NEW.id AND handed_over = 0;
END;

CREATE TRIGGER conversation_numbers_answer AFTER INSERT ON message
WHEN NEW.origin IN ('ai', 'human')
BEGIN
    UPDATE conversation_numbers
    SET answer_ms = coalesce(answer_ms, max(0, NEW.created_at - began_at))
      , by_ai = CASE NEW.origin WHEN 'ai' THEN 1 ELSE by_ai END
      , person_ms = CASE NEW.origin
            WHEN 'human' THEN coalesce(person_ms, max(0, NEW.created_at - coalesce(
                (SELECT requested_at FROM conversation WHERE id = NEW.conversation), began_at
            )))
            ELSE person_ms
        END
    WHERE conversation = NEW.conversation;
END;

-- What is held still (GDPR Art. 18) is in no number, until it is let go again.
CREATE TRIGGER conversation_numbers_restrict AFTER UPDATE OF restricted_at ON conversation
BEGIN
    UPDATE conversation_numbers SET is_counted = NEW.restricted_at IS NULL WHERE conversation = NEW.id;
END;

CREATE TRIGGER conversation_numbers_unanswered AFTER INSERT ON unanswered
BEGIN
    UPDATE conversation_numbers SET has_unanswered = 1 WHERE conversation = NEW.conversation;
END;

CREATE TRIGGER conversation_numbers_score AFTER INSERT ON satisfaction
BEGIN
    UPDATE conversation_numbers SET score = NEW.score WHERE conversation = NEW.conversation;
END;

CREATE TRIGGER conversation_numbers_score_change AFTER UPDATE OF score ON satisfaction
BEGIN
    UPDATE conversation_numbers SET score = NEW.score WHERE conversation = NEW.conversation;
END;

-- A question goes with its message.
CREATE TRIGGER unanswered_gone AFTER DELETE ON message
BEGIN
    DELETE FROM unanswered WHERE message = OLD.id;
END;

-- A conversation that goes, by time or by wish, is added to its day in the transaction that takes it away. The bounds of
-- the steps of time are those of `rules::numbers`, in milliseconds. One list instead of a UNION: D1 takes five terms of one at most.
CREATE TRIGGER conversation_numbers_fold AFTER DELETE ON conversation_numbers
WHEN OLD.is_counted = 1
BEGIN
    INSERT INTO numbers_day (business, site, day, measure, count)
    SELECT OLD.business, OLD.site, OLD.day, folded.value, 1
    FROM json_each(json_array(
        'conversations'
      , CASE OLD.by_ai WHEN 1 THEN 'by_ai' END
      , CASE OLD.handed_over WHEN 1 THEN 'handed_over' END
      , CASE OLD.has_unanswered WHEN 1 THEN 'unanswered' END
      , 'score_' || OLD.score
      , CASE WHEN OLD.answer_ms IS NOT NULL THEN 'answer_' || substr('0' || (
            SELECT count(*)
            FROM json_each('[1000,2000,3000,5000,10000,20000,30000,60000,120000,300000,900000,3600000,14400000,86400000]')
            WHERE value <= OLD.answer_ms
        ), -2) END
      , CASE WHEN OLD.person_ms IS NOT NULL THEN 'person_' || substr('0' || (
            SELECT count(*)
            FROM json_each('[1000,2000,3000,5000,10000,20000,30000,60000,120000,300000,900000,3600000,14400000,86400000]')
            WHERE value <= OLD.person_ms
        ), -2) END
    )) AS folded
    WHERE folded.value IS NOT NULL
    ON CONFLICT (business, site, day, measure) DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER ai_use_fold AFTER DELETE ON ai_use
BEGIN
    INSERT INTO numbers_ai_day (business, site, day, provider, model, conversations, calls, tokens_in, tokens_out)
    VALUES (OLD.business, OLD.site, OLD.day, OLD.provider, OLD.model, 1, OLD.calls, OLD.tokens_in, OLD.tokens_out)
    ON CONFLICT (business, site, day, provider, model) DO UPDATE
    SET conversations = conversations + 1
      , calls = calls + excluded.calls
      , tokens_in = tokens_in + excluded.tokens_in
      , tokens_out = tokens_out + excluded.tokens_out;
END;

-- Conversations from before this was counted.
INSERT INTO conversation_numbers (
    conversation, business, site, day, began_at, is_counted, by_ai, handed_over, answer_ms, person_ms
)
SELECT conversation.id
     , conversation.business
     , conversation.site
     , conversation.created_at / 86400000
     , conversation.created_at
     , conversation.restricted_at IS NULL
     , EXISTS (SELECT 1 FROM message WHERE message.conversation = conversation.id AND origin = 'ai')
     , conversation.requested_at IS NOT NULL OR conversation.state IN ('requested', 'human')
     , max(0, (SELECT min(created_at) FROM message WHERE message.conversation = conversation.id AND origin IN ('ai', 'human'))
            - conversation.created_at)
     , max(0, (SELECT min(created_at) FROM message WHERE message.conversation = conversation.id AND origin = 'human')
            - coalesce(conversation.requested_at, conversation.created_at))
FROM conversation;

INSERT INTO ai_use (conversation, day, provider, model, business, site, calls, tokens_in, tokens_out)
SELECT message.conversation
     , message.created_at / 86400000
     , message.provider
     , message.model
     , message.business
     , conversation.site
     , count(*)
     , sum(message.tokens_in)
     , sum(message.tokens_out)
FROM message
JOIN conversation ON conversation.id = message.conversation
WHERE message.tokens_in > 0
  AND message.provider IS NOT NULL
  AND message.model IS NOT NULL
GROUP BY message.conversation, message.created_at / 86400000, message.provider, message.model;
