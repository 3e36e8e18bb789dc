-- Sign-ins and their devices are kept 90 days from the sign-in, and so are the lines that tell of them: each needs an index by
-- when it was written.

CREATE INDEX session_age ON session (created_at);
CREATE INDEX audit_sign_in ON audit (at) WHERE action = 'sign_in';
