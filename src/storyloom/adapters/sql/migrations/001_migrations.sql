-- Which of these files have been applied. `storyloom migrate` keeps this table; whoever runs the
-- files by hand may leave it empty, since every file can be run again.

CREATE TABLE IF NOT EXISTS storyloom_migrations (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT storyloom_migrations_pkc PRIMARY KEY (version_num)
);

-- Supabase serves every table of this schema over HTTP; without a policy it serves no row.
ALTER TABLE storyloom_migrations ENABLE ROW LEVEL SECURITY;
