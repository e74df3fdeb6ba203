-- What became of fault drills, as whoever ran them has told.
CREATE TABLE drill (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at                  timestamptz NOT NULL,
  name                text        NOT NULL,
  passed              boolean     NOT NULL,
  back_seconds        double precision,
  longest_gap_seconds double precision,
  findings            text        NOT NULL
);
