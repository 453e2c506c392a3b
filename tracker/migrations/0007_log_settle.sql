-- Closes the book up to a moment: from here on no event gets a time that is not later, whatever
-- the clocks of those who write say. So what was known at that moment is the same for ever.

-- False for a moment that has not come yet by the database's clock: the book stays as it is.
CREATE FUNCTION log_settle(moment timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF moment > clock_timestamp() THEN
        RETURN false;
    END IF;
    -- The head is locked, and its writer waited for, only for a moment after the last event.
    IF moment > (SELECT last_recorded_at FROM log_head) THEN
        UPDATE log_head SET last_recorded_at = moment WHERE last_recorded_at < moment;
    END IF;
    RETURN true;
END $$;
