-- What a key has to cover to see a call to a model: what became of its job is no longer asked, which may be
-- forgotten by then. Of older calls it is empty.
--
-- May be run again and again, like every file here.

ALTER TABLE storyloom_model_calls ADD COLUMN IF NOT EXISTS scope TEXT;
