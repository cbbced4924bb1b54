-- What tells storyboards of the same file apart in a list: their headline, whom they are for, their shape.
-- Rows that are there are not written here: of older work, lists show what they did before.
--
-- May be run again and again, like every file here.

ALTER TABLE storyloom_work ADD COLUMN IF NOT EXISTS headline TEXT NOT NULL DEFAULT '';
ALTER TABLE storyloom_work ADD COLUMN IF NOT EXISTS audience TEXT NOT NULL DEFAULT '';
ALTER TABLE storyloom_work ADD COLUMN IF NOT EXISTS format TEXT NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION storyloom_note_storyboard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    file_name TEXT := NEW.input_params ->> 'file_name';
    wished TEXT := NEW.input_params ->> 'custom_headline';
    headline TEXT := NEW.understanding ->> 'headline';
    labels JSONB := coalesce(NEW.input_params #> '{handling,labels}', '{}');
BEGIN
    INSERT INTO storyloom_work AS work
        (id, org_id, kept_in, created_at, title, labels, searched, headline, audience, format)
    VALUES (NEW.id, NEW.org_id, TG_TABLE_NAME, NEW.created_at, coalesce(file_name, wished, headline, ''), labels,
        storyloom_searched(labels, file_name, wished, headline), coalesce(headline, wished, ''),
        coalesce(NEW.input_params ->> 'audience', ''), coalesce(NEW.input_params ->> 'format', ''))
    ON CONFLICT (id) DO UPDATE
        SET title = excluded.title, searched = excluded.searched, folded = FALSE,
            headline = excluded.headline;
    RETURN NULL;
END
$$;
