-- What a team looks up: erasures that somebody asked for, newest first. What time alone erased is not among them.

CREATE INDEX erasure_asked ON erasure (business, id) WHERE reason <> 'retention';
