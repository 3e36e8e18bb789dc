-- The address that a receipt goes to is needed for one letter. Whatever deletes its row, once the letter has gone or its time
-- is over, condemns its key in the same transaction; the next run of keys_destroy overwrites it.
CREATE TRIGGER erasure_contact_gone AFTER DELETE ON erasure_contact
BEGIN
    UPDATE seal_key SET state = 1 WHERE owner = OLD.erasure AND business = '_accounts' AND owner_kind = 'erasure' AND state = 0; -- keeps B5
END;
