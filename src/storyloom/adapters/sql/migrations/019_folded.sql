-- What is searched is folded by the program alone, so that it is found whatever the database makes of
-- letters such as İ. The triggers fold plain ASCII, and leave all else as it is until the program has folded
-- it: at once where it writes the row itself, and otherwise later, some rows at a time. Rows that are there
-- are not written here, so that this takes no longer with a large archive than to read the narrow rows once.
--
-- May be run again and again, like every file here.

ALTER TABLE storyloom_work ADD COLUMN IF NOT EXISTS folded BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX IF NOT EXISTS idx_storyloom_work_unfolded ON storyloom_work (id)
    WHERE NOT folded AND octet_length(searched) <> length(searched);

CREATE OR REPLACE FUNCTION storyloom_to_fold(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN octet_length(words) = length(words) THEN lower(words COLLATE "C") ELSE words END
$$;

CREATE OR REPLACE FUNCTION storyloom_searched(labels JSONB, VARIADIC parts TEXT[]) RETURNS TEXT
LANGUAGE sql IMMUTABLE AS $$
    SELECT storyloom_to_fold(concat_ws(E'\n', array_to_string(parts, E'\n'),
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
    ON CONFLICT (id) DO UPDATE
        SET title = excluded.title, searched = excluded.searched, folded = FALSE;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION storyloom_note_export() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    title TEXT := coalesce(storyloom_json(NEW.body) ->> 'name', '');
BEGIN
    INSERT INTO storyloom_work (id, org_id, kept_in, created_at, title, labels, searched)
    VALUES (NEW.id, NEW.org_id, TG_TABLE_NAME, NEW.created_at, title, '{}', storyloom_to_fold(title))
    ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at;
    RETURN NULL;
END
$$;
