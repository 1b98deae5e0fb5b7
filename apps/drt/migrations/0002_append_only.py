from django.db import migrations

FORBID = """
CREATE FUNCTION drt_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The dispatch log is appended, never edited.';
END $$;
CREATE TRIGGER drt_log_is_appended BEFORE UPDATE ON drt_dispatchevent
    FOR EACH ROW EXECUTE FUNCTION drt_keep_log();
CREATE TRIGGER drt_visits_are_appended BEFORE UPDATE ON drt_stopvisit
    FOR EACH ROW EXECUTE FUNCTION drt_keep_log();
ALTER TABLE drt_vehicleplan SET (fillfactor = 70);
ALTER TABLE drt_vehicle SET (fillfactor = 70);
"""
ALLOW = """
DROP TRIGGER drt_visits_are_appended ON drt_stopvisit;
DROP TRIGGER drt_log_is_appended ON drt_dispatchevent;
DROP FUNCTION drt_keep_log();
"""


class Migration(migrations.Migration):
    dependencies = [("drt", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
