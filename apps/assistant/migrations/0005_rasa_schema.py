"""What Rasa remembers, in a schema of its own; and turns that nobody edits."""

from django.db import migrations

FORWARD = """
CREATE SCHEMA rasa;
CREATE TABLE rasa.tracker_event (
    session uuid NOT NULL,
    number integer NOT NULL,
    event jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session, number)
);
CREATE INDEX tracker_event_retention ON rasa.tracker_event USING brin (at);

CREATE FUNCTION assistant_keep_turns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The words may be forgotten, and the message they came in with; nothing else changes.
    IF (NEW.text = OLD.text OR NEW.text = '') AND (NEW.output IS NULL OR NEW.output = OLD.output)
       AND (NEW.event_id IS NULL OR NEW.event_id = OLD.event_id)
       AND (NEW.conversation_id, NEW.number, NEW.side, NEW.kind, NEW.intent, NEW.at, NEW.actor)
         = (OLD.conversation_id, OLD.number, OLD.side, OLD.kind, OLD.intent, OLD.at, OLD.actor) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'turns are appended, never edited'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER assistant_turns_are_appended BEFORE UPDATE ON assistant_turn
FOR EACH ROW EXECUTE FUNCTION assistant_keep_turns();
"""
BACK = """
DROP TRIGGER assistant_turns_are_appended ON assistant_turn;
DROP FUNCTION assistant_keep_turns();
DROP SCHEMA rasa CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("assistant", "0004_answers_on_their_way")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
