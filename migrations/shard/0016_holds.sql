-- Why a conversation is held: for a claim before a court, or because a law or an authority demands it.

ALTER TABLE conversation ADD COLUMN held_reason TEXT CHECK (held_reason IN ('claim', 'obligation')); -- absent where it is not held

-- Visits of a day that is over, where fewer than five were alike, are found without those that stay.
CREATE INDEX visit_day_small ON visit_day (day) WHERE visits < 5;
