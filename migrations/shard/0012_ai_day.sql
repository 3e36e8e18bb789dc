-- What the hourly purge looks for.

CREATE INDEX ai_day_day ON ai_day (day);
