-- How each job stands: whether it is on time, how far a run came that could not do everything, and how much it left.

ALTER TABLE job_run ADD COLUMN left_over INTEGER NOT NULL DEFAULT 0; -- what the run knows that it left to the next, at least

CREATE TABLE job_state (
    job     TEXT    NOT NULL PRIMARY KEY,
    outcome TEXT    NOT NULL CHECK (outcome IN ('done', 'more', 'failed', 'refused')), -- of the last run
    ran_at  INTEGER NOT NULL,
    good_at INTEGER,                  -- the last run without a fault; absent before the first
    done_at INTEGER,                  -- the last run that left nothing; absent before the first
    cursor  TEXT    NOT NULL DEFAULT '' -- where the next run goes on; empty where it begins
) STRICT, WITHOUT ROWID;

INSERT INTO job_state (job, outcome, ran_at, good_at, done_at)
SELECT job, 'done', max(started_at), max(started_at), max(started_at)
FROM job_run
WHERE class = ''
  AND outcome IN ('done', 'more')
GROUP BY job;
