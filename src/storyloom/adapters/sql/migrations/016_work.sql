-- What work of every kind is found by: titles, labels and the text that is searched, in narrow rows,
-- so that a hundred thousand jobs are looked through without reading their sources and pictures. The
-- database keeps it up by itself, whoever writes. And what the figures of days are counted from.
--
-- May be run again and again, like every file here.

CREATE TABLE IF NOT EXISTS storyloom_work (
    id UUID PRIMARY KEY,
    org_id TEXT NOT NULL,
    kept_in TEXT NOT NULL,                          -- the table of the whole row
    created_at TIMESTAMPTZ NOT NULL,
    title TEXT NOT NULL,                            -- empty where there is none
    labels JSONB NOT NULL,
    searched TEXT NOT NULL                          -- in lower case, a line for each part
);

CREATE INDEX IF NOT EXISTS idx_storyloom_work_org_created
    ON storyloom_work (org_id, kept_in, created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS idx_storyboard_jobs_org_ended
    ON storyboard_jobs (org_id, completed_at, status, execution_time_ms, error_code);
CREATE INDEX IF NOT EXISTS idx_storyloom_runs_org_ended ON storyloom_runs (org_id, completed_at);

-- Bodies are text, and may hold what a JSONB cannot: nothing is known of one that cannot be read.
CREATE OR REPLACE FUNCTION storyloom_json(body TEXT) RETURNS JSONB LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN replace(body, '\u0000', '\ufffd')::JSONB;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION storyloom_searched(labels JSONB, VARIADIC parts TEXT[]) RETURNS TEXT
LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(concat_ws(E'\n', array_to_string(parts, E'\n'),
        (SELECT string_agg(key || '=' || value, E'\n')
         FROM jsonb_each_text(CASE WHEN jsonb_typeof(labels) = 'object' THEN labels ELSE '{}' END))))
$$;

CREATE OR REPLACE FUNCTION storyloom_note_storyboard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    file_name TEXT := NEW.input_params ->> 'file_name';
    wished TEXT := NEW.input_params ->> 'custom_headline';
    headline TEXT := NEW.understanding ->> 'headline';
    labels JSONB := coalesce(NEW.input_params #> '{handling,labels}', '{}');
BEGIN
    INSERT INTO storyloom_work AS work (id, org_id, kept_in, created_at, title, labels, searched)
    VALUES (NEW.id, NEW.org_id, TG_TABLE_NAME, NEW.created_at, coalesce(file_name, wished, headline, ''), labels,
        storyloom_searched(labels, file_name, wished, headline))
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, searched = excluded.searched;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION storyloom_note_run() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    body JSONB := storyloom_json(NEW.body);
    title TEXT := coalesce(body ->> 'title', '');
    labels JSONB := coalesce(body #> '{handling,labels}', '{}');
BEGIN
    INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
    VALUES (NEW.id, NEW.org_id, TG_TABLE_NAME, NEW.created_at, title, labels, storyloom_searched(labels, title))
    ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION storyloom_note_export() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    title TEXT := coalesce(storyloom_json(NEW.body) ->> 'name', '');
BEGIN
    INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
    VALUES (NEW.id, NEW.org_id, TG_TABLE_NAME, NEW.created_at, title, '{}', lower(title))
    ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION storyloom_strike_work() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM storyloom_work WHERE id = OLD.id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER storyloom_noted AFTER INSERT ON storyboard_jobs
    FOR EACH ROW EXECUTE FUNCTION storyloom_note_storyboard();
CREATE OR REPLACE TRIGGER storyloom_understood AFTER UPDATE OF understanding ON storyboard_jobs
    FOR EACH ROW WHEN (NEW.understanding IS NOT NULL)
    EXECUTE FUNCTION storyloom_note_storyboard();
CREATE OR REPLACE TRIGGER storyloom_struck AFTER DELETE ON storyboard_jobs
    FOR EACH ROW EXECUTE FUNCTION storyloom_strike_work();
CREATE OR REPLACE TRIGGER storyloom_noted AFTER INSERT ON storyloom_runs
    FOR EACH ROW EXECUTE FUNCTION storyloom_note_run();
CREATE OR REPLACE TRIGGER storyloom_struck AFTER DELETE ON storyloom_runs
    FOR EACH ROW EXECUTE FUNCTION storyloom_strike_work();
CREATE OR REPLACE TRIGGER storyloom_noted AFTER INSERT ON storyloom_run_exports
    FOR EACH ROW EXECUTE FUNCTION storyloom_note_export();
CREATE OR REPLACE TRIGGER storyloom_struck AFTER DELETE ON storyloom_run_exports
    FOR EACH ROW EXECUTE FUNCTION storyloom_strike_work();

-- What was there before.
INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
SELECT id, org_id, 'storyboard_jobs', created_at,
    coalesce(input_params ->> 'file_name', input_params ->> 'custom_headline',
        understanding ->> 'headline', ''),
    coalesce(input_params #> '{handling,labels}', '{}'),
    storyloom_searched(coalesce(input_params #> '{handling,labels}', '{}'),
        input_params ->> 'file_name', input_params ->> 'custom_headline', understanding ->> 'headline')
FROM storyboard_jobs
ON CONFLICT (id) DO NOTHING;
INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
SELECT id, org_id, 'storyloom_runs', created_at, '', labels, storyloom_searched(labels, '')
FROM (
    SELECT id, org_id, created_at,
        coalesce(storyloom_json(body) #> '{handling,labels}', '{}') AS labels
    FROM storyloom_runs
) AS runs
ON CONFLICT (id) DO NOTHING;
INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
SELECT id, org_id, 'storyloom_run_exports', created_at, coalesce(storyloom_json(body) ->> 'name', ''), '{}',
    lower(coalesce(storyloom_json(body) ->> 'name', ''))
FROM storyloom_run_exports
ON CONFLICT (id) DO NOTHING;

ALTER TABLE storyloom_work ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    name TEXT;
BEGIN
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
        EXECUTE format('REVOKE ALL ON storyloom_work FROM %I', name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'service_role') THEN
        DROP POLICY IF EXISTS storyloom_work_service_role ON storyloom_work;
        CREATE POLICY storyloom_work_service_role ON storyloom_work
            TO service_role USING (true) WITH CHECK (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON storyloom_work TO service_role;
    END IF;
END
$$;
