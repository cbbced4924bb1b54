-- Permit register for MEP jobs: which permits a job needs, when each runs out, who inspects it.

CREATE TABLE jobs (
    id          bigint PRIMARY KEY,
    site        text NOT NULL,
    trade       text NOT NULL CHECK (trade IN ('mechanical', 'electrical', 'plumbing')),
    starts_on   date NOT NULL
);

CREATE TABLE permits (
    id          bigint PRIMARY KEY,
    job_id      bigint NOT NULL REFERENCES jobs (id),
    authority   text NOT NULL,
    number      text UNIQUE,
    applied_on  date,
    granted_on  date,
    expires_on  date,
    CONSTRAINT granted_after_applied CHECK (granted_on >= applied_on),
    CONSTRAINT expires_after_granted CHECK (expires_on > granted_on)
);

CREATE TABLE inspections (
    id          bigint PRIMARY KEY,
    permit_id   bigint NOT NULL REFERENCES permits (id),
    inspector   text NOT NULL,
    visited_on  date NOT NULL,
    passed      boolean NOT NULL,
    remarks     text NOT NULL DEFAULT ''
);

CREATE INDEX permits_by_expiry ON permits (expires_on);

-- Permits that run out before the job's next thirty days are over.
CREATE VIEW expiring_permits AS
SELECT p.id, p.number, p.expires_on, j.site, j.trade
FROM permits AS p
JOIN jobs AS j ON j.id = p.job_id
WHERE p.expires_on < current_date + 30
ORDER BY p.expires_on;

-- Jobs that may not start: a permit is missing, or its last inspection failed.
CREATE VIEW blocked_jobs AS
SELECT j.id, j.site, j.starts_on
FROM jobs AS j
LEFT JOIN permits AS p ON p.job_id = j.id
LEFT JOIN inspections AS i ON i.permit_id = p.id
WHERE p.granted_on IS NULL OR i.passed = false;
