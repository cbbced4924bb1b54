-- Words of plain ASCII are found at once, whatever stands beside them: the triggers fold them in every row,
-- and leave other letters alone to the program. No row is written here.
--
-- May be run again and again, like every file here.

CREATE OR REPLACE FUNCTION storyloom_to_fold(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(words COLLATE "C")
$$;
