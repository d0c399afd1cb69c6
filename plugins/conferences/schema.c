#include "plugins/conferences/internal.h"

const char conferences_schema_1[] =
    "CREATE TABLE conferences_conference (\n"
    "  id TEXT PRIMARY KEY,               -- 'abschluss-2027'\n"
    "  title_de TEXT NOT NULL,\n"
    "  title_en TEXT NOT NULL,\n"
    "  day TEXT NOT NULL,\n"
    "  place TEXT NOT NULL,\n"
    "  answer_by TEXT NOT NULL,           -- answers are asked for until this day\n"
    "  created_utc INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE conferences_invitation (-- one an office\n"
    "  conference TEXT NOT NULL REFERENCES conferences_conference(id),\n"
    "  office TEXT NOT NULL,\n"
    "  name TEXT NOT NULL,                -- of the person written to\n"
    "  email TEXT NOT NULL,\n"
    "  mail TEXT NOT NULL,                -- its key\n"
    "  invited_utc INTEGER NOT NULL,\n"
    "  answer TEXT NOT NULL CHECK (answer IN ('open','yes','no')),\n"
    "  people INTEGER NOT NULL,           -- who come; 0 until 'yes'\n"
    "  note TEXT,\n"
    "  answered_utc INTEGER,\n"
    "  answered_by TEXT,                  -- who recorded it\n"
    "  PRIMARY KEY (conference, office)\n"
    ") STRICT, WITHOUT ROWID;\n";

/* Its time, so that it can stand in calendars; and what others may read. */
const char conferences_schema_time[] =
    "ALTER TABLE conferences_conference ADD COLUMN start_minute INTEGER; -- local; NULL: not said\n"
    "ALTER TABLE conferences_conference ADD COLUMN end_minute INTEGER;\n"
    "CREATE VIEW v_conferences_conference AS SELECT id, title_de, title_en, day, start_minute, "
    "end_minute, place, answer_by\n"
    "  FROM conferences_conference;\n"
    "CREATE VIEW v_conferences_invitation AS SELECT conference, office, name, email, answer, "
    "people, "
    "note, invited_utc,\n"
    "  answered_utc FROM conferences_invitation;\n";
