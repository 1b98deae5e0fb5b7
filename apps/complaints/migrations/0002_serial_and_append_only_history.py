"""The series of numbers, and a history that nobody edits."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE complaints_serial;

CREATE FUNCTION complaints_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Retention may empty the words; the move, its time and its actor stay.
    IF TG_OP = 'UPDATE' AND NEW.reason = '' AND NEW.public_note = '' AND NEW.media_url = ''
       AND (NEW.id, NEW.request_id, NEW.move, NEW.state, NEW.at)
         = (OLD.id, OLD.request_id, OLD.move, OLD.state, OLD.at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the history of a request is appended, never edited'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER complaints_history_is_appended BEFORE UPDATE OR DELETE ON complaints_statuschange
FOR EACH ROW EXECUTE FUNCTION complaints_keep_history();
"""
BACK = """
DROP TRIGGER complaints_history_is_appended ON complaints_statuschange;
DROP FUNCTION complaints_keep_history();
DROP SEQUENCE complaints_serial;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
