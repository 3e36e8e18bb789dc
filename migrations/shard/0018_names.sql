-- A visitor whom the business names is found by that name, and lists hear of it when a visitor is called otherwise.

-- The keyed hash by which a name is found; it goes with the row. A name that was proved before this has none until a token
-- names its visitor again.
ALTER TABLE visitor_identity ADD COLUMN finder TEXT;
CREATE INDEX visitor_identity_finder ON visitor_identity (finder, business) WHERE finder IS NOT NULL;

CREATE TRIGGER visitor_named AFTER INSERT ON visitor_identity
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business)
    WHERE id = NEW.conversation;
END;

CREATE TRIGGER visitor_named_otherwise AFTER UPDATE OF finder ON visitor_identity
WHEN NEW.finder IS NOT OLD.finder
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business)
    WHERE id = NEW.conversation;
END;

-- Another address takes the place of one that was confirmed, or the one that is there is confirmed.
CREATE TRIGGER contact_confirmed AFTER UPDATE OF confirmed_at ON contact
WHEN NEW.confirmed_at IS NOT OLD.confirmed_at
BEGIN
    INSERT INTO inbox_clock (business, change) VALUES (NEW.business, 1)
    ON CONFLICT (business) DO UPDATE SET change = change + 1;
    UPDATE conversation SET change = (SELECT change FROM inbox_clock WHERE business = NEW.business)
    WHERE id = NEW.conversation;
END;
