-- Appending events in one round trip: the lock, and what is read and written under it.
--
-- May be run again and again, like every file here.

CREATE OR REPLACE FUNCTION storyloom_append_events(drafts JSONB)
RETURNS TABLE (new_seq BIGINT, new_id TEXT)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    -- Until the end of the transaction, so that numbers come to be seen in their order. What comes
    -- next sees all that was committed before the lock was had.
    PERFORM pg_advisory_xact_lock(1460207625);
    RETURN QUERY
    INSERT INTO storyloom_events
        (seq, id, type, at, org_id, subject_kind, subject_id, data)
    SELECT (SELECT coalesce(max(kept.seq), 0) FROM storyloom_events AS kept)
            + row_number() OVER (ORDER BY draft.place),
        draft.body ->> 'id', draft.body ->> 'type', (draft.body ->> 'at' || '+00')::TIMESTAMPTZ,
        draft.body ->> 'org_id', draft.body ->> 'subject_kind', draft.body ->> 'subject_id',
        draft.body ->> 'data'
    FROM jsonb_array_elements(drafts) WITH ORDINALITY AS draft (body, place)
    WHERE NOT EXISTS (
        SELECT FROM storyloom_events AS kept WHERE kept.id = draft.body ->> 'id')
    RETURNING storyloom_events.seq, storyloom_events.id;
END
$$;
