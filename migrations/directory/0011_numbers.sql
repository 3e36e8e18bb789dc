-- How the dashboard is used, only by those who agreed to be counted (P2.3, P7.1): a day's sum of a page or a feature, with no
-- account, business, browser or order beside it.

CREATE TABLE use_day (
    day   INTEGER NOT NULL,                -- UTC day
    name  TEXT    NOT NULL,                -- from a closed list of the code
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;
