-- That a visitor holds a conversation still, or lets it go on, is a change that lists hear of (promise P6.4).

CREATE TRIGGER conversation_held_still AFTER UPDATE OF restricted_at ON conversation
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business) WHERE id = NEW.id;
END;
